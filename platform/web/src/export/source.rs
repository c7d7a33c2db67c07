//! Rows out of the database, chunk after chunk, as values.

use std::pin::Pin;

use axum::body::Bytes;
use db::Paging;
use futures::stream::{self, BoxStream, Stream, StreamExt};
use kernel::{Fault, FaultKind};

use super::Valeur;

/// Which rows are asked: the closure given to an export answers them in the order of the list, fewer than `taille` only at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tranche {
    numero: u64,
}

impl Tranche {
    /// Rows a chunk: enough that a query costs little beside its rows, and few enough to be held.
    pub const TAILLE: u64 = 2_000;

    /// For a store function that pages.
    #[must_use]
    pub fn paging(self) -> Paging {
        Paging::tranche(self.numero + 1, Self::TAILLE)
    }

    /// Rows before it.
    #[must_use]
    pub fn debut(self) -> u64 {
        self.numero * Self::TAILLE
    }

    /// The first row.
    #[must_use]
    pub fn premiere() -> Self {
        Self { numero: 0 }
    }
}

/// Chunks of rows as values.
pub(crate) type Lignes = BoxStream<'static, Result<Vec<Vec<Valeur>>, ExportError>>;

/// An export that stops on the way.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// Rows could not be read.
    #[error("{0}")]
    Lecture(String),
    /// The temporary file could not be written.
    #[error("fichier temporaire : {0}")]
    Fichier(#[from] std::io::Error),
    /// The workbook could not be made.
    #[error("classeur : {0}")]
    Classeur(#[from] rust_xlsxwriter::XlsxError),
    /// The task that made it stopped.
    #[error("{0}")]
    Tache(String),
}

impl Fault for ExportError {
    fn kind(&self) -> FaultKind {
        FaultKind::Internal
    }

    fn slug(&self) -> &'static str {
        "export"
    }

    fn message(&self) -> String {
        "L’export n’a pas pu être préparé. Rien n’a été modifié.".to_owned()
    }

    fn way_out(&self) -> String {
        "Réessayez dans un instant ; si cela continue, donnez la référence au service informatique."
            .to_owned()
    }
}

/// Asks `fetch` for chunk after chunk until one is not full, and makes values of each by `values`.
pub(crate) fn lignes<T, E, F, Fut, V>(fetch: F, values: V) -> Lignes
where
    T: Send + 'static,
    E: std::fmt::Display + Send + 'static,
    F: FnMut(Tranche) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Vec<T>, E>> + Send + 'static,
    V: Fn(&T) -> Vec<Valeur> + Send + Sync + 'static,
{
    struct State<F, V> {
        fetch: F,
        values: V,
        next: Option<Tranche>,
    }
    let start = State { fetch, values, next: Some(Tranche::premiere()) };
    stream::try_unfold(start, |mut state| async move {
        let Some(tranche) = state.next else { return Ok(None) };
        let rows = (state.fetch)(tranche).await.map_err(|err| ExportError::Lecture(err.to_string()))?;
        let full = rows.len() as u64 >= Tranche::TAILLE;
        state.next = full.then_some(Tranche { numero: tranche.numero + 1 });
        let values = rows.iter().map(&state.values).collect();
        Ok(Some((values, state)))
    })
    .boxed()
}

/// A file, piece by piece.
pub(super) fn read(file: tokio::fs::File) -> Pin<Box<dyn Stream<Item = std::io::Result<Bytes>> + Send>> {
    use tokio::io::AsyncReadExt;
    Box::pin(stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; 64 * 1024];
        let n = file.read(&mut piece).await?;
        piece.truncate(n);
        Ok((n > 0).then_some((Bytes::from(piece), file)))
    }))
}
