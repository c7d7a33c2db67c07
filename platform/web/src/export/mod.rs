//! The whole of a list as a file. Rows are fetched by chunks and never held together: a chunk becomes values, values become bytes.
//!
//! - CSV goes out as it is made; a failure on the way breaks the download, so that a part is never taken for the whole.
//! - XLSX is made in a temporary file that has no name (it is gone when it is closed, whatever happens to the process), then sent.
//! - Nothing a cell holds is run by a spreadsheet: texts are texts in XLSX, and CSV disarms what begins like a formula.

mod csv;
mod nom;
mod source;
mod valeur;
mod xlsx;

use axum::http::{HeaderValue, header};
use axum::response::Response;

pub(crate) use nom::nom_de_fichier;
pub use source::Tranche;
pub(crate) use source::{Lignes, lignes};
pub(crate) use valeur::{Valeur, desarme};

/// What a list is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with semicolons, UTF-8 with its mark.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Format {
    /// Both, the one that a spreadsheet opens best first.
    pub const ALL: [Self; 2] = [Self::Xlsx, Self::Csv];

    /// As the address carries it; the ending of the file as well.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Reads the address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.code() == text)
    }

    /// As menus write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Csv => "Texte (CSV)",
            Self::Xlsx => "Classeur (XLSX)",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => xlsx::MEDIA_TYPE,
        }
    }
}

/// The type of a workbook, which is compressed already.
pub(crate) const XLSX: &str = xlsx::MEDIA_TYPE;

/// One exported list: what its file is called, and its heads.
#[derive(Clone, Debug)]
pub(crate) struct Feuille {
    pub(crate) fichier: String,
    pub(crate) titre: String,
    pub(crate) tetes: Vec<Tete>,
}

/// A head, and the width of its column in characters.
#[derive(Clone, Debug)]
pub(crate) struct Tete {
    pub(crate) libelle: String,
    pub(crate) nombre: bool,
}

/// Sends the list straight away.
pub(crate) fn stream(feuille: &Feuille, lignes: Lignes) -> Response {
    let body = axum::body::Body::from_stream(csv::octets(&feuille.tetes, lignes));
    attached(feuille, Format::Csv, body, None)
}

/// Makes the file first, then sends it: XLSX always, and CSV when what leaves must be counted before it leaves.
pub(crate) async fn file(
    feuille: &Feuille,
    format: Format,
    lignes: Lignes,
) -> Result<(Response, u64), source::ExportError> {
    let (file, count) = match format {
        Format::Xlsx => xlsx::write(feuille, lignes).await?,
        Format::Csv => csv::write(&feuille.tetes, lignes).await?,
    };
    let size = file.metadata().await?.len();
    let body = axum::body::Body::from_stream(source::read(file));
    Ok((attached(feuille, format, body, Some(size)), count))
}

fn attached(feuille: &Feuille, format: Format, body: axum::body::Body, size: Option<u64>) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    if let Some(size) = size {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    }
    let name = nom::disposition(&feuille.fichier, format.code());
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::source::ExportError;
    use super::*;

    fn feuille() -> Feuille {
        let tete = |libelle: &str, nombre| Tete { libelle: libelle.to_owned(), nombre };
        Feuille {
            fichier: "Essai".to_owned(),
            titre: "Essai".to_owned(),
            tetes: vec![tete("Code", false), tete("N", true)],
        }
    }

    /// `total` rows, and a failure instead of the chunk that begins at `fails`.
    fn rows(total: u64, fails: Option<u64>) -> Lignes {
        let fetch = move |tranche: Tranche| async move {
            if fails == Some(tranche.debut()) {
                return Err("la base ne répond plus");
            }
            let end = total.min(tranche.debut() + Tranche::TAILLE);
            Ok((tranche.debut()..end).collect::<Vec<u64>>())
        };
        lignes(fetch, |n| {
            vec![Valeur::texte(&format!("E{n}")), Valeur::Entier(i64::try_from(*n).unwrap_or_default())]
        })
    }

    #[tokio::test]
    async fn every_row_is_there_once_whatever_the_chunks() {
        for total in [0, 1, Tranche::TAILLE - 1, Tranche::TAILLE, Tranche::TAILLE + 1, 3 * Tranche::TAILLE] {
            let (_, count) = file(&feuille(), Format::Xlsx, rows(total, None)).await.expect("a workbook");
            assert_eq!(count, total);
            let (response, count) = file(&feuille(), Format::Csv, rows(total, None)).await.expect("a text");
            assert_eq!(count, total);
            let made = response.into_body().collect().await.expect("a body").to_bytes();
            let sent =
                stream(&feuille(), rows(total, None)).into_body().collect().await.expect("a body").to_bytes();
            assert_eq!(made, sent, "sent at once or made first, the text is the same");
            assert_eq!(sent.split(|b| *b == b'\n').count() as u64, total + 2);
        }
    }

    #[tokio::test]
    async fn a_failure_on_the_way_is_never_a_shorter_file() {
        let failing = || rows(10_000, Some(2 * Tranche::TAILLE));
        for format in Format::ALL {
            assert!(matches!(file(&feuille(), format, failing()).await, Err(ExportError::Lecture(_))));
        }
        assert!(stream(&feuille(), failing()).into_body().collect().await.is_err(), "the download breaks");
    }
}
