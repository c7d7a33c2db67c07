//! Keys given by the sources. Opaque: compared as they came, never trimmed, never case-folded.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The key as the source spells it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }
    )+};
}

codes! {
    /// COD_CMP, at most 3 characters.
    CodeComposante;
    /// COD_DIP, at most 7 characters.
    CodeDiplome;
    /// COD_VRS_VDI, 1 to 3 digits, kept as text because Pégase joins code and version.
    VersionDiplome;
    /// COD_ETP, at most 6 characters.
    CodeEtape;
    /// COD_VRS_VET, 1 to 3 digits, kept as text.
    VersionEtape;
    /// COD_LSE, at most 8 characters.
    CodeListe;
    /// COD_ELP, at most 8 characters; spaces and no-break spaces occur.
    CodeElement;
    /// COD_NEL, at most 4 characters; the list is local to each university.
    CodeNature;
    /// COD_ETU, 8 digits.
    NumeroEtudiant;
    /// Harpège or Eve number.
    NumeroEnseignant;
    /// National student identifier, 11 characters.
    Ine;
}
