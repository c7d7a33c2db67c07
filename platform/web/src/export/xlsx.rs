//! A workbook of one sheet: head frozen and filtered, figures as figures, days as days, texts as texts.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use futures::stream::TryStreamExt;
use rust_xlsxwriter::{ExcelDateTime, Format as Style, FormatAlign, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;

use super::source::ExportError;
use super::{Feuille, Lignes, Valeur};

pub(super) const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Rows of a sheet, its head included.
const ROWS: u32 = 1_048_576;

type Chunk = Vec<Vec<Valeur>>;

/// Makes the workbook, and says how many rows it has. Rows go to a thread of its own through a short queue; when whoever asked
/// leaves, the queue closes without its end and the thread stops.
pub(super) async fn write(
    feuille: &Feuille,
    mut lignes: Lignes,
) -> Result<(tokio::fs::File, u64), ExportError> {
    let (send, receive) = mpsc::channel::<Option<Chunk>>(2);
    let feuille = feuille.clone();
    let work = tokio::task::spawn_blocking(move || make(&feuille, receive));
    while let Some(chunk) = lignes.try_next().await? {
        // Refused when the thread failed: its own error tells more.
        if send.send(Some(chunk)).await.is_err() {
            break;
        }
    }
    let _ = send.send(None).await;
    let (file, count) = work.await.map_err(|err| ExportError::Tache(err.to_string()))??;
    Ok((tokio::fs::File::from_std(file), count))
}

/// A temporary file without a name: closed, it is gone.
pub(super) async fn nameless() -> Result<File, ExportError> {
    let made = tokio::task::spawn_blocking(tempfile::tempfile).await;
    Ok(made.map_err(|err| ExportError::Tache(err.to_string()))??)
}

fn make(feuille: &Feuille, mut receive: mpsc::Receiver<Option<Chunk>>) -> Result<(File, u64), ExportError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    prepare(sheet, feuille, &styles)?;
    let (mut row, mut ended) = (0, false);
    while let Some(message) = receive.blocking_recv() {
        let Some(chunk) = message else {
            ended = true;
            break;
        };
        for values in chunk {
            row += 1;
            if row >= ROWS {
                return Err(XlsxError::RowColumnLimitError.into());
            }
            for (column, value) in values.iter().enumerate() {
                put(sheet, row, u16::try_from(column).unwrap_or(u16::MAX), value, &styles)?;
            }
        }
    }
    if !ended {
        return Err(ExportError::Tache("l’export a été abandonné".to_owned()));
    }
    let last = u16::try_from(feuille.tetes.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, row, last)?;
    let mut file = tempfile::tempfile()?;
    let mut buffer = BufWriter::new(&mut file);
    workbook.save_to_writer(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    file.rewind()?;
    Ok((file, u64::from(row)))
}

struct Styles {
    head: Style,
    head_number: Style,
    figure: Style,
    whole: Style,
    day: Style,
    instant: Style,
}

impl Styles {
    fn new() -> Self {
        let head = Style::new().set_bold();
        Self {
            head_number: head.clone().set_align(FormatAlign::Right),
            head,
            figure: Style::new().set_num_format("0.##"),
            whole: Style::new().set_num_format("0"),
            day: Style::new().set_num_format("dd/mm/yyyy"),
            instant: Style::new().set_num_format("dd/mm/yyyy hh:mm"),
        }
    }
}

fn prepare(sheet: &mut Worksheet, feuille: &Feuille, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&feuille.titre))?;
    for (column, tete) in feuille.tetes.iter().enumerate() {
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        let style = if tete.nombre { &styles.head_number } else { &styles.head };
        if let Valeur::Texte(label) = Valeur::texte(&tete.libelle) {
            sheet.write_string_with_format(0, column, label, style)?;
        }
        let length = u8::try_from(tete.libelle.chars().count()).unwrap_or(u8::MAX);
        let width = if tete.nombre { length.clamp(8, 20) + 3 } else { length.clamp(14, 40) + 6 };
        sheet.set_column_width(column, f64::from(width))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Valeur,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match value {
        // Never `write`, which would look into the text for a formula.
        Valeur::Texte(text) => sheet.write_string(row, column, text)?,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a cell holds a float; hundredths stay exact below 2^53"
        )]
        Valeur::Nombre(n) => {
            sheet.write_number_with_format(row, column, n.0 as f64 / 100.0, &styles.figure)?
        }
        #[expect(clippy::cast_precision_loss, reason = "a cell holds a float; counts stay exact below 2^53")]
        Valeur::Entier(n) => sheet.write_number_with_format(row, column, *n as f64, &styles.whole)?,
        Valeur::Jour(day) => match excel(*day, 0, 0, 0) {
            Some(at) => sheet.write_datetime_with_format(row, column, &at, &styles.day)?,
            None => sheet.write_string(row, column, day.to_string())?,
        },
        Valeur::Instant(at) => match instant(*at) {
            Some(at) => sheet.write_datetime_with_format(row, column, &at, &styles.instant)?,
            None => sheet.write_string(row, column, at.to_string())?,
        },
        Valeur::Vide => sheet,
    };
    Ok(())
}

/// A day that spreadsheets know: they begin in 1900, and their year 1900 is wrong until March.
fn excel(day: NaiveDate, hour: u16, minute: u8, second: u8) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok().filter(|year| (1901..=9999).contains(year))?;
    let date =
        ExcelDateTime::from_ymd(year, u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()?;
    date.and_hms(hour, minute, f64::from(second)).ok()
}

fn instant(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let part = |n: u32| u8::try_from(n).ok();
    excel(at.date(), u16::from(part(at.hour())?), part(at.minute())?, part(at.second())?)
}

/// At most 31 characters, none of those that sheets refuse.
fn sheet_name(titre: &str) -> String {
    let kept: String =
        titre.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let mut out = String::new();
    for c in kept.trim_matches(['\'', ' ']).chars() {
        if out.encode_utf16().count() + c.len_utf16() > 31 {
            break;
        }
        out.push(c);
    }
    let out = out.trim_matches(['\'', ' ']).to_owned();
    if out.is_empty() || out.eq_ignore_ascii_case("history") { "Liste".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_stops_the_work() {
        let feuille = Feuille { fichier: String::new(), titre: "Essai".to_owned(), tetes: Vec::new() };
        let (send, receive) = mpsc::channel(2);
        send.blocking_send(Some(vec![vec![Valeur::Entier(1)]])).expect("a chunk");
        drop(send);
        assert!(matches!(make(&feuille, receive), Err(ExportError::Tache(_))));
    }

    #[test]
    fn sheets_take_any_title() {
        assert_eq!(sheet_name("Éléments"), "Éléments");
        assert_eq!(sheet_name("'a/b:c[d]'"), "a b c d");
        assert_eq!(sheet_name("[]"), "Liste");
        assert_eq!(sheet_name("History"), "Liste");
        for title in
            ["🙂".repeat(40), "Étapes de la composante des sciences".to_owned(), "\0\u{7}x".to_owned()]
        {
            let mut workbook = Workbook::new();
            workbook.add_worksheet().set_name(sheet_name(&title)).expect("a legal name");
        }
    }
}
