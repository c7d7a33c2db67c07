//! CSV: semicolons, UTF-8 with its mark, lines ended by CR LF, as the spreadsheets of French desks open it.

use axum::body::Bytes;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::source::ExportError;
use super::{Lignes, Tete, Valeur};

/// The file as it is made.
pub(super) fn octets(
    tetes: &[Tete],
    lignes: Lignes,
) -> impl Stream<Item = Result<Bytes, ExportError>> + Send + 'static {
    let head = head(tetes);
    let rows = lignes.map(|chunk| match chunk {
        Ok(rows) => {
            Ok(Bytes::from(rows.iter().map(|row| line(row.iter().map(Valeur::csv))).collect::<String>()))
        }
        Err(err) => {
            tracing::error!(%err, "an export stopped on the way");
            Err(err)
        }
    });
    stream::once(async move { Ok(Bytes::from(head)) }).chain(rows)
}

/// The file made before it is sent, and how many rows it has.
pub(super) async fn write(tetes: &[Tete], mut lignes: Lignes) -> Result<(tokio::fs::File, u64), ExportError> {
    let mut file = tokio::fs::File::from_std(super::xlsx::nameless().await?);
    file.write_all(head(tetes).as_bytes()).await?;
    let mut count = 0;
    while let Some(rows) = lignes.try_next().await? {
        count += rows.len() as u64;
        let text: String = rows.iter().map(|row| line(row.iter().map(Valeur::csv))).collect();
        file.write_all(text.as_bytes()).await?;
    }
    file.flush().await?;
    file.rewind().await?;
    Ok((file, count))
}

fn head(tetes: &[Tete]) -> String {
    let labels = tetes.iter().map(|tete| Valeur::texte(&tete.libelle).csv());
    format!("\u{feff}{}", line(labels))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(';');
        }
        if cell.contains(['"', ';', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
    out
}
