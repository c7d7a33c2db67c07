use kernel::{Fault, FaultKind};

use crate::{COLONNES_MAX, LIGNES_MAX, TAILLE_MAX, TEXTE_MAX};

/// Why a file was not read. Nothing was kept of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illisible {
    /// More bytes than taken.
    #[error("fichier trop gros")]
    TropGros,
    /// A compressed file that unfolds to much more than it weighs.
    #[error("fichier qui se déplie trop")]
    TropDeplie,
    /// More rows than taken.
    #[error("trop de lignes")]
    TropDeLignes,
    /// A cell beyond the last column taken.
    #[error("trop de colonnes : {0}")]
    TropDeColonnes(String),
    /// A text too long, in that cell.
    #[error("texte trop long en {0}")]
    TexteTropLong(String),
    /// Nothing in it.
    #[error("fichier vide")]
    Vide,
    /// Headers and nothing under.
    #[error("aucune ligne")]
    SansLigne,
    /// Closed by a password.
    #[error("fichier protégé")]
    Protege,
    /// The workbook of before 2007.
    #[error("ancien format .xls")]
    AncienXls,
    /// A spreadsheet that cannot be read to its end.
    #[error("fichier abîmé")]
    Abime,
    /// A quote opened on that row is never closed.
    #[error("guillemet jamais fermé, ligne {0}")]
    Guillemet(usize),
    /// Something else: an image, a PDF, a page.
    #[error("pas un tableur : {0}")]
    Autre(String),
}

impl Fault for Illisible {
    fn kind(&self) -> FaultKind {
        FaultKind::Invalid
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::TropGros | Self::TropDeplie => "fichier-trop-gros",
            Self::TropDeLignes | Self::TropDeColonnes(_) | Self::TexteTropLong(_) => "tableau-trop-grand",
            Self::Vide | Self::SansLigne => "fichier-vide",
            Self::Protege => "fichier-protege",
            Self::AncienXls | Self::Autre(_) => "fichier-d-un-autre-type",
            Self::Abime | Self::Guillemet(_) => "fichier-abime",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::TropGros => {
                format!("Ce fichier dépasse {} Mo. Rien n’en a été lu.", TAILLE_MAX / 1024 / 1024)
            }
            Self::TropDeplie => {
                "Ce fichier est compressé et contient bien plus que ce qu’il pèse. Par prudence, rien n’en a été lu."
                    .to_owned()
            }
            Self::TropDeLignes => {
                format!("Ce fichier a plus de {} lignes. Rien n’en a été lu.", francais(LIGNES_MAX))
            }
            Self::TropDeColonnes(adresse) => format!(
                "Ce fichier a plus de {COLONNES_MAX} colonnes : la cellule {adresse} est remplie. Rien n’en a été lu."
            ),
            Self::TexteTropLong(adresse) => format!(
                "{adresse} contient plus de {} caractères. Rien n’a été lu du fichier.",
                francais(TEXTE_MAX)
            ),
            Self::Vide => "Ce fichier est vide : aucune cellule n’y est remplie.".to_owned(),
            Self::SansLigne => "Ce fichier n’a qu’une ligne : les en-têtes, et rien dessous.".to_owned(),
            Self::Protege => "Ce fichier est protégé par un mot de passe et ne peut pas être ouvert.".to_owned(),
            Self::AncienXls => "Ce fichier est un classeur Excel d’avant 2007 (.xls), qui n’est pas lu.".to_owned(),
            Self::Abime => {
                "Ce fichier est abîmé, ou n’est pas un classeur XLSX ou ODS. Rien n’en a été lu.".to_owned()
            }
            Self::Guillemet(ligne) => {
                format!("Ligne {ligne} : un guillemet est ouvert et jamais fermé. Rien n’a été lu du fichier.")
            }
            Self::Autre(nom) => format!("« {nom} » n’est ni un classeur XLSX ou ODS, ni un fichier CSV."),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::TropGros | Self::TropDeLignes => "Partagez-le en plusieurs fichiers.",
            Self::TropDeColonnes(_) => {
                "Gardez les colonnes utiles, et effacez ce qui est écrit à leur droite."
            }
            Self::TropDeplie => {
                "Copiez les cellules utiles dans un classeur neuf, enregistrez-le, puis envoyez-le."
            }
            Self::TexteTropLong(_) => "Raccourcissez ce texte, puis envoyez le fichier de nouveau.",
            Self::Vide | Self::SansLigne => {
                "Vérifiez que les données sont sur la première feuille, sous une ligne d’en-têtes."
            }
            Self::Protege => {
                "Retirez le mot de passe dans votre tableur, enregistrez, puis envoyez-le de nouveau."
            }
            Self::AncienXls | Self::Autre(_) => {
                "Dans votre tableur, enregistrez-le au format XLSX, ODS ou CSV, puis envoyez-le de nouveau."
            }
            Self::Abime => {
                "Ouvrez-le dans votre tableur, enregistrez-le sous un autre nom, puis envoyez-le de nouveau."
            }
            Self::Guillemet(_) => "Fermez le guillemet ou retirez-le, puis envoyez le fichier de nouveau.",
        }
        .to_owned()
    }
}

fn francais(n: usize) -> String {
    kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}
