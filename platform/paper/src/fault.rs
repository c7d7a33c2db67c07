use kernel::{Fault, FaultKind};

/// Why there is no document. Nothing is written when one of these is returned.
#[derive(Debug, thiserror::Error)]
pub enum PaperFault {
    /// The data cannot be made into JSON.
    #[error("document {nom} : données illisibles : {detail}")]
    Donnees {
        /// The document.
        nom: &'static str,
        /// What the serializer said.
        detail: String,
    },
    /// The template refuses the data: a field that is missing, say.
    #[error("document {nom} : {detail}")]
    Modele {
        /// The document.
        nom: &'static str,
        /// Each fault, with its file and line. May quote the data: not for a log.
        detail: String,
    },
    /// The text of a QR code is too long for one.
    #[error("document {nom} : le code QR n° {rang} est trop long")]
    Qr {
        /// The document.
        nom: &'static str,
        /// Which one, from 0.
        rang: usize,
    },
    /// More QR codes or images than one document may carry.
    #[error("document {nom} : trop de codes QR ou d’images")]
    Trop {
        /// The document.
        nom: &'static str,
    },
    /// The process is stopping, or the rendering itself broke.
    #[error("document {nom} : le rendu a été interrompu")]
    Interrompu {
        /// The document.
        nom: &'static str,
    },
}

impl PaperFault {
    /// The document that could not be made.
    #[must_use]
    pub const fn document(&self) -> &'static str {
        match self {
            Self::Donnees { nom, .. }
            | Self::Modele { nom, .. }
            | Self::Qr { nom, .. }
            | Self::Trop { nom }
            | Self::Interrompu { nom } => nom,
        }
    }
}

impl Fault for PaperFault {
    fn kind(&self) -> FaultKind {
        FaultKind::Internal
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Donnees { .. } | Self::Modele { .. } => "document-impossible",
            Self::Qr { .. } => "document-code-trop-long",
            Self::Trop { .. } => "document-trop-grand",
            Self::Interrompu { .. } => "document-interrompu",
        }
    }

    fn message(&self) -> String {
        let nom = self.document();
        let pourquoi = match self {
            Self::Donnees { .. } | Self::Modele { .. } => "son modèle ne convient pas à ces données",
            Self::Qr { .. } => "un de ses codes QR contiendrait trop de texte",
            Self::Trop { .. } => "il porterait trop de codes QR ou d’images",
            Self::Interrompu { .. } => "sa préparation a été interrompue",
        };
        format!(
            "Le document «\u{a0}{nom}\u{a0}» n’a pas pu être produit : {pourquoi}. Aucune donnée n’est perdue."
        )
    }

    fn way_out(&self) -> String {
        match self {
            Self::Interrompu { .. } => "Demandez-le de nouveau dans un instant.".to_owned(),
            Self::Trop { .. } => "Demandez moins de documents à la fois.".to_owned(),
            _ => {
                "Signalez-le au service informatique, avec l’heure : la cause est dans son modèle.".to_owned()
            }
        }
    }
}
