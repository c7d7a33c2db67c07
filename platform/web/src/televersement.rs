//! A file that a person sends with a form.
//!
//! # To receive one
//!
//! ```ignore
//! // The page: the form carries the session's token as its first field, which is checked before the file is read.
//! let champ = FileField::new("fichier", "Fichier des épreuves").accept(".xlsx,.ods,.csv").help("XLSX, ODS ou CSV, 5 Mo au plus.");
//! let formulaire = UploadForm::new("/iexam/epreuves/importer", frame.csrf(), champ, Button::submit("Vérifier le fichier"))
//!     .sending("session", session.id.to_string());                       // hidden fields; `.with(field)` for those that are seen
//!
//! // The handler: the only thing that makes a route take more than the usual body. Last argument, as it reads the body.
//! async fn recevoir(frame: Frame, visitor: Visitor, State(m): State<Iexam>, envoi: Televersement) -> Result<Response, PageError> {
//!     let fichier = match envoi.fichier("fichier") {                     // absent, or too large: a fault with its sentence
//!         Ok(fichier) => fichier,
//!         Err(fault) => return page(frame, Some(&fault)),                // shown in the form: `FileField::error`
//!     };
//!     let (octets, nom) = (fichier.octets.clone(), fichier.nom.clone());
//!     let tableau = tokio::task::spawn_blocking(move || tableur::lire(&octets, &nom)).await…;
//!     let session = envoi.champ("session");
//! ```
//!
//! [`modele`] answers with the file to fill: its headers, and an example.
//!
//! `Televersement` takes 5 MiB for each file; `Televersement<{ 12 * 1024 * 1024 }>` takes more. What is larger is read to its end and
//! thrown away, up to a point: a browser that is cut while it sends shows its own error page instead of ours.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::response::Response;
use futures::{StreamExt, future, stream};
use kernel::{Fault, FaultKind};

use crate::PageError;
use crate::components::{Align, Cell};
use crate::export::{Feuille, Format, Tete, Valeur, file};

/// Largest file that a route takes, when it does not say otherwise: bytes.
pub const TAILLE_MAX: usize = 5 * 1024 * 1024;
/// How many times the largest is read to its end before the connection is cut.
const PATIENCE: usize = 6;
/// All other fields together, in bytes.
const CHAMPS_MAX: usize = 64 * 1024;
/// Most fields and files.
const PARTIES_MAX: usize = 100;

/// A file, as sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Fichier {
    /// Its name, without folders: for sentences, never for a path.
    pub nom: String,
    /// What it holds.
    pub octets: Bytes,
}

impl std::fmt::Debug for Fichier {
    /// Its size only: it may hold people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fichier").field("octets", &self.octets.len()).finish_non_exhaustive()
    }
}

/// Why there is no file to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FichierRefuse {
    /// None was chosen.
    #[error("aucun fichier")]
    Absent,
    /// Larger than so many bytes.
    #[error("fichier de plus de {0} octets")]
    TropGros(usize),
}

impl Fault for FichierRefuse {
    fn kind(&self) -> FaultKind {
        FaultKind::Invalid
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Absent => "fichier-absent",
            Self::TropGros(_) => "fichier-trop-gros",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Absent => "Aucun fichier n’a été choisi.".to_owned(),
            Self::TropGros(max) => {
                format!("Ce fichier dépasse {} Mo. Rien n’en a été lu.", max / 1024 / 1024)
            }
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Absent => "Choisissez un fichier, puis envoyez-le.".to_owned(),
            Self::TropGros(_) => "Partagez-le en plusieurs fichiers.".to_owned(),
        }
    }
}

/// A form with files, read. Each file has at most `MAX` bytes.
#[derive(Clone, Debug, Default)]
pub struct Televersement<const MAX: usize = TAILLE_MAX> {
    fichiers: Vec<(String, Result<Fichier, FichierRefuse>)>,
    champs: Vec<(String, String)>,
}

impl<const MAX: usize> Televersement<MAX> {
    /// The file of a field.
    ///
    /// # Errors
    /// None was chosen, or it is too large.
    pub fn fichier(&self, nom: &str) -> Result<&Fichier, FichierRefuse> {
        let trouve = self.fichiers.iter().find(|(champ, _)| champ == nom);
        trouve.map_or(Err(FichierRefuse::Absent), |(_, fichier)| fichier.as_ref().map_err(|refus| *refus))
    }

    /// Another field; empty when it was not sent.
    #[must_use]
    pub fn champ(&self, nom: &str) -> &str {
        self.champs.iter().find(|(champ, _)| champ == nom).map_or("", |(_, valeur)| valeur)
    }
}

/// A workbook to fill: `titre` names the file and its sheet; `exemples` are rows that show how to write each column.
///
/// # Errors
/// When the file cannot be made.
pub async fn modele(
    titre: &str,
    colonnes: impl IntoIterator<Item = &str>,
    exemples: &[Vec<Cell>],
) -> Result<Response, PageError> {
    let tetes = colonnes.into_iter().map(|libelle| Tete { libelle: libelle.to_owned(), nombre: false });
    let feuille = Feuille { fichier: titre.to_owned(), titre: titre.to_owned(), tetes: tetes.collect() };
    let ligne = |cells: &Vec<Cell>| cells.iter().map(|cell| Valeur::of(cell, Align::Left)).collect();
    let lignes: Vec<Vec<Valeur>> = exemples.iter().map(ligne).collect();
    let lignes = stream::once(future::ready(Ok(lignes))).boxed();
    Ok(file(&feuille, Format::Xlsx, lignes).await?.0)
}

fn interrompu() -> PageError {
    PageError::unreadable(
        "L’envoi du fichier s’est interrompu, ou n’a pas pu être compris. Rien n’a été enregistré.",
        "Revenez à la page précédente, choisissez le fichier de nouveau, puis envoyez-le.",
    )
}

/// The name without folders (some systems send the whole path), nor what would upset a sentence.
fn nom_de_fichier(nom: &str) -> String {
    let nom = nom.rsplit(['/', '\\']).next().unwrap_or_default();
    nom.chars().filter(|c| !c.is_control()).take(120).collect()
}

impl<const MAX: usize, S: Send + Sync> FromRequest<S> for Televersement<MAX> {
    type Rejection = PageError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, PageError> {
        DefaultBodyLimit::max(MAX.saturating_mul(PATIENCE)).apply(&mut request);
        let mut envoi = Multipart::from_request(request, state).await.map_err(|_| interrompu())?;
        let (mut lu, mut places) = (Self { fichiers: Vec::new(), champs: Vec::new() }, CHAMPS_MAX);
        while let Some(mut partie) = envoi.next_field().await.map_err(|_| interrompu())? {
            if lu.fichiers.len() + lu.champs.len() >= PARTIES_MAX {
                return Err(interrompu());
            }
            let champ = partie.name().unwrap_or_default().to_owned();
            let fichier = partie.file_name().map(nom_de_fichier);
            let max = if fichier.is_some() { MAX } else { places };
            let (mut octets, mut deborde) = (Vec::new(), false);
            while let Some(morceau) = partie.chunk().await.map_err(|_| interrompu())? {
                deborde = deborde || octets.len() + morceau.len() > max;
                if deborde {
                    octets = Vec::new();
                } else {
                    octets.extend_from_slice(&morceau);
                }
            }
            match fichier {
                // What a browser sends for a field left alone.
                Some(nom) if nom.is_empty() && octets.is_empty() && !deborde => {
                    lu.fichiers.push((champ, Err(FichierRefuse::Absent)));
                }
                Some(_) if deborde => lu.fichiers.push((champ, Err(FichierRefuse::TropGros(MAX)))),
                Some(nom) => lu.fichiers.push((champ, Ok(Fichier { nom, octets: octets.into() }))),
                None if deborde => return Err(interrompu()),
                None => {
                    places -= octets.len();
                    lu.champs.push((champ, String::from_utf8(octets).map_err(|_| interrompu())?));
                }
            }
        }
        Ok(lu)
    }
}
