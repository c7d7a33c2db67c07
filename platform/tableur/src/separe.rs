//! Cells parted by semicolons, tabs or commas, in the encodings that French spreadsheets write.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::{Brut, Contenu, Illisible};

/// Reads a CSV.
pub(crate) fn lire(octets: &[u8], nom: &str) -> Result<Brut, Illisible> {
    let autre = || Illisible::Autre(nom.chars().take(80).collect());
    let texte = decode(octets).ok_or_else(autre)?;
    // Pages saved under the name of a spreadsheet, and PDF.
    let debut = texte.trim_start();
    if debut.starts_with("<!")
        || debut.starts_with("<html")
        || debut.starts_with("<?xml")
        || debut.starts_with("%PDF")
    {
        return Err(autre());
    }
    let (annonce, texte) = separateur_annonce(&texte);
    let separateur = annonce.unwrap_or_else(|| separateur(texte));
    decouper(texte, separateur)
}

/// The text; nothing when it is not one.
fn decode(octets: &[u8]) -> Option<Cow<'_, str>> {
    let texte = match Encoding::for_bom(octets) {
        Some((encodage, longueur)) => {
            encodage.decode_without_bom_handling(octets.get(longueur..).unwrap_or_default()).0
        }
        None => match std::str::from_utf8(octets) {
            Ok(texte) => Cow::Borrowed(texte),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(octets).0,
        },
    };
    // A text has no null character, and few other control characters: an image does.
    let etrange = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{80}'..='\u{9f}');
    if texte.contains('\0') || texte.chars().filter(etrange).count() * 50 > texte.len() {
        None
    } else {
        Some(texte)
    }
}

/// « sep=; », that Excel reads and does not show.
fn separateur_annonce(texte: &str) -> (Option<char>, &str) {
    let annonce = texte.strip_prefix("sep=").and_then(|reste| {
        let separateur = reste.chars().next().filter(|c| matches!(c, ';' | ',' | '\t'))?;
        let reste = reste.get(1..)?;
        let reste = reste.strip_prefix("\r\n").or_else(|| reste.strip_prefix('\n'))?;
        Some((separateur, reste))
    });
    annonce.map_or((None, texte), |(separateur, reste)| (Some(separateur), reste))
}

/// The one most seen in the first line that has something, outside quotes.
fn separateur(texte: &str) -> char {
    let ligne = texte.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let mut entre_guillemets = false;
    let [mut points, mut tabulations, mut virgules] = [0_usize; 3];
    for c in ligne.chars() {
        match c {
            '"' => entre_guillemets = !entre_guillemets,
            ';' if !entre_guillemets => points += 1,
            '\t' if !entre_guillemets => tabulations += 1,
            ',' if !entre_guillemets => virgules += 1,
            _ => {}
        }
    }
    // French spreadsheets write semicolons, because the comma is in numbers.
    if points > 0 && points >= tabulations.max(virgules) {
        ';'
    } else if tabulations > 0 && tabulations >= virgules {
        '\t'
    } else if virgules > 0 {
        ','
    } else {
        ';'
    }
}

/// Where the reader is in a cell.
#[derive(Clone, Copy, PartialEq)]
enum Etat {
    Debut,
    Nu,
    Guillemets,
    /// A quote was just closed, or is one of two.
    Ferme,
}

/// A row counts as the spreadsheet counts it: a line break within quotes does not begin another.
fn decouper(texte: &str, separateur: char) -> Result<Brut, Illisible> {
    let mut brut = Brut::default();
    let (mut ligne, mut colonne, mut ouverte) = (0, 0, 0);
    let mut cellule = String::new();
    let mut etat = Etat::Debut;
    let mut signes = texte.chars().peekable();
    while let Some(c) = signes.next() {
        match (etat, c) {
            (Etat::Guillemets, '"') => etat = Etat::Ferme,
            (Etat::Guillemets, c) => cellule.push(c),
            (Etat::Ferme, '"') => {
                cellule.push('"');
                etat = Etat::Guillemets;
            }
            (Etat::Debut, '"') => {
                ouverte = ligne;
                etat = Etat::Guillemets;
            }
            (_, c) if c == separateur => {
                brut.poser(ligne, colonne, contenu(&mut cellule))?;
                colonne += 1;
                etat = Etat::Debut;
            }
            (_, '\r' | '\n') => {
                if c == '\r' {
                    signes.next_if_eq(&'\n');
                }
                brut.poser(ligne, colonne, contenu(&mut cellule))?;
                (ligne, colonne) = (ligne + 1, 0);
                etat = Etat::Debut;
            }
            (_, c) => {
                cellule.push(c);
                etat = Etat::Nu;
            }
        }
    }
    if etat == Etat::Guillemets {
        return Err(Illisible::Guillemet(ouverte + 1));
    }
    brut.poser(ligne, colonne, contenu(&mut cellule))?;
    Ok(brut)
}

fn contenu(cellule: &mut String) -> Contenu {
    let texte = std::mem::take(cellule);
    if texte.is_empty() { Contenu::Vide } else { Contenu::Texte(texte) }
}
