use std::fmt;
use std::path::PathBuf;

/// Where the extraction is put by the site.
#[derive(Clone, PartialEq, Eq)]
pub enum Lieu {
    /// A folder of this machine, or mounted on it.
    Dossier(PathBuf),
    /// An HTTP(S) address under which `manifest.json` and the tables are found.
    Url {
        /// Base address, with or without its last slash.
        url: String,
        /// Login and password of HTTP Basic, when the site asks for them.
        basic: Option<(String, String)>,
    },
}

impl Lieu {
    /// The address or path of one file of the set.
    pub(super) fn de(&self, fichier: &str) -> String {
        match self {
            Self::Dossier(dossier) => dossier.join(fichier).display().to_string(),
            Self::Url { url, .. } => format!("{}/{fichier}", url.trim_end_matches('/')),
        }
    }

    /// As [`Lieu::de`], fit to be shown.
    pub(super) fn de_montre(&self, fichier: &str) -> String {
        match self {
            Self::Dossier(_) => self.de(fichier),
            Self::Url { .. } => crate::http::sans_secret(&self.de(fichier)),
        }
    }
}

impl fmt::Display for Lieu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier(dossier) => write!(f, "{}", dossier.display()),
            Self::Url { url, .. } => f.write_str(&crate::http::sans_secret(url)),
        }
    }
}

/// The password never reaches a log.
impl fmt::Debug for Lieu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dossier(dossier) => f.debug_tuple("Dossier").field(dossier).finish(),
            Self::Url { url, basic } => f
                .debug_struct("Url")
                .field("url", &crate::http::sans_secret(url))
                .field("basic", &basic.as_ref().map(|(nom, _)| format!("{nom}:•••")))
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_out_of_debug_and_display() {
        let lieu = Lieu::Url {
            url: "https://moi:motdepasse@apogee.example/jeu".into(),
            basic: Some(("moi".into(), "motdepasse".into())),
        };
        assert!(!format!("{lieu:?} {lieu}").contains("motdepasse"));
        assert_eq!(lieu.to_string(), "https://apogee.example/jeu");
    }
}
