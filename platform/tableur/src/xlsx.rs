//! The first sheet of an XLSX, read cell after cell: a cell at the bottom right of the sheet must not make a billion empty ones.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::{Brut, Contenu, Illisible};

/// Reads the first visible sheet.
pub(crate) fn lire(octets: &[u8]) -> Result<Brut, Illisible> {
    let mut classeur: Xlsx<Cursor<&[u8]>> = Xlsx::new(Cursor::new(octets)).map_err(refus)?;
    let feuilles: Vec<(String, bool)> = classeur
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet)
        .map(|s| (s.name.clone(), s.visible == SheetVisible::Visible))
        .collect();
    let visible = feuilles.iter().find(|(_, visible)| *visible).or(feuilles.first());
    let (nom, _) = visible.ok_or(Illisible::Vide)?;
    let mut brut = Brut {
        feuille: Some(nom.clone()),
        autres_feuilles: feuilles.iter().filter(|(autre, visible)| *visible && autre != nom).count(),
        ..Brut::default()
    };
    let mut cellules = classeur.worksheet_cells_reader(nom).map_err(refus)?;
    while let Some(cellule) = cellules.next_cell().map_err(refus)? {
        let (ligne, colonne) = cellule.get_position();
        brut.poser(ligne as usize, colonne as usize, contenu(cellule.get_value()))?;
    }
    Ok(brut)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err asks for")]
fn refus(err: XlsxError) -> Illisible {
    match err {
        XlsxError::Password => Illisible::Protege,
        _ => Illisible::Abime,
    }
}

fn contenu(valeur: &DataRef<'_>) -> Contenu {
    let texte = |t: &str| if t.is_empty() { Contenu::Vide } else { Contenu::Texte(t.to_owned()) };
    match valeur {
        DataRef::Empty => Contenu::Vide,
        DataRef::Int(n) => n.to_string().parse().map_or(Contenu::Vide, Contenu::Nombre),
        DataRef::Float(n) => Contenu::Nombre(*n),
        DataRef::String(t) => texte(t),
        DataRef::SharedString(t) => texte(t),
        DataRef::Bool(oui) => Contenu::Oui(*oui),
        DataRef::DateTime(quand) => instant(quand),
        DataRef::DateTimeIso(t) => iso(t),
        DataRef::DurationIso(t) => texte(t),
        DataRef::Error(erreur) => Contenu::Erreur(erreur.to_string()),
    }
}

/// A date is a count of days; a time of day is less than one.
fn instant(quand: &ExcelDateTime) -> Contenu {
    let n = quand.as_f64();
    if !n.is_finite() || n < 0.0 {
        return Contenu::Nombre(n);
    }
    let (annee, mois, jour, h, m, s, milli) = quand.to_ymd_hms_milli();
    let lu = NaiveTime::from_hms_opt(h.into(), m.into(), s.into()).and_then(|heure| {
        // 08:59:59.999 is nine o'clock, written in binary.
        let heure =
            if milli >= 500 { heure.overflowing_add_signed(chrono::TimeDelta::seconds(1)).0 } else { heure };
        if n < 1.0 {
            return Some(Contenu::Heure(heure));
        }
        let jour = NaiveDate::from_ymd_opt(annee.into(), mois.into(), jour.into())?;
        Some(Contenu::Instant(NaiveDateTime::new(jour, heure)))
    });
    lu.unwrap_or(Contenu::Nombre(n))
}

/// A day as ODS and newer XLSX write it; anything else stays a text.
pub(crate) fn iso(texte: &str) -> Contenu {
    let t = texte.trim_end_matches('Z');
    let jour = NaiveDate::parse_from_str(t, "%Y-%m-%d").map(|j| j.and_time(NaiveTime::MIN));
    let lu = jour.or_else(|_| NaiveDateTime::parse_from_str(t, "%Y-%m-%dT%H:%M:%S%.f"));
    lu.or_else(|_| NaiveDateTime::parse_from_str(t, "%Y-%m-%dT%H:%M"))
        .map_or_else(|_| Contenu::Texte(texte.to_owned()), Contenu::Instant)
}
