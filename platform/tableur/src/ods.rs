//! The first sheet of an ODS. A cell or a row said to be repeated a million times is repeated when it says something, and counted only:
//! LibreOffice writes so the emptiness around a table.
//!
//! Read here rather than by calamine, which repeats them in memory before anything can be counted: a few words of XML would take it all.

use std::io::Cursor;

use chrono::NaiveTime;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use crate::classeur::fichier;
use crate::{Brut, COLONNES_MAX, Contenu, Illisible, LIGNES_MAX, xlsx};

/// Reads the first sheet.
pub(crate) fn lire(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Brut, Illisible> {
    let manifeste = fichier(archive, "META-INF/manifest.xml").unwrap_or_default();
    if manifeste.contains("encryption-data") {
        return Err(Illisible::Protege);
    }
    let contenu = fichier(archive, "content.xml")?;
    let mut feuille = Feuille::default();
    let mut xml = Reader::from_str(&contenu);
    loop {
        match xml.read_event().map_err(|_| Illisible::Abime)? {
            Event::Start(e) => feuille.ouvrir(&e, false)?,
            Event::Empty(e) => feuille.ouvrir(&e, true)?,
            Event::End(e) => feuille.fermer(e.name().as_ref())?,
            Event::Text(t) => feuille.ecrire(&t),
            Event::CData(t) => feuille.ecrire(&t),
            Event::GeneralRef(r) => feuille.ecrire(&entite(&r)),
            // Nothing of a spreadsheet needs one, and what they can hide is endless.
            Event::DocType(_) => return Err(Illisible::Abime),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if feuille.tables == 0 {
        // A text document is an ODF as well.
        return Err(Illisible::Abime);
    }
    feuille.brut.autres_feuilles = feuille.tables - 1;
    Ok(feuille.brut)
}

fn entite(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default().to_owned()
}

fn attribut(e: &BytesStart<'_>, nom: &str) -> Option<String> {
    let attribut = e.try_get_attribute(nom).ok().flatten()?;
    attribut.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn repete(e: &BytesStart<'_>, nom: &str) -> usize {
    attribut(e, nom).and_then(|n| n.parse().ok()).unwrap_or(1).max(1)
}

/// A cell being read.
#[derive(Default)]
struct Lue {
    contenu: Option<Contenu>,
    texte: String,
    paragraphes: usize,
    fois: usize,
}

#[derive(Default)]
struct Feuille {
    brut: Brut,
    tables: usize,
    /// Inside the first sheet.
    dedans: bool,
    ligne: usize,
    fois: usize,
    colonne: usize,
    rangee: Vec<(usize, usize, Contenu)>,
    lue: Option<Lue>,
    /// Inside a paragraph of the cell's own text.
    paragraphe: bool,
    /// How deep inside a note on a cell: not what the cell says.
    note: usize,
}

impl Feuille {
    fn ouvrir(&mut self, e: &BytesStart<'_>, vide: bool) -> Result<(), Illisible> {
        match e.name().as_ref() {
            "table:table" => {
                self.tables += 1;
                if self.tables == 1 {
                    self.dedans = !vide;
                    self.brut.feuille = attribut(e, "table:name");
                }
            }
            _ if !self.dedans => {}
            "table:table-row" => {
                (self.colonne, self.fois) = (0, repete(e, "table:number-rows-repeated"));
                if vide {
                    self.fermer_rangee()?;
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let fois = repete(e, "table:number-columns-repeated");
                self.lue = Some(Lue { contenu: valeur(e), fois, ..Lue::default() });
                if vide {
                    self.fermer_cellule();
                }
            }
            "office:annotation" if !vide => self.note += 1,
            _ if self.note > 0 => {}
            "text:p" => {
                if let Some(lue) = &mut self.lue {
                    if lue.paragraphes > 0 {
                        lue.texte.push('\n');
                    }
                    lue.paragraphes += 1;
                }
                self.paragraphe = !vide;
            }
            "text:s" => {
                let n = repete(e, "text:c").min(crate::TEXTE_MAX);
                self.ecrire(&" ".repeat(n));
            }
            "text:tab" => self.ecrire("\t"),
            "text:line-break" => self.ecrire("\n"),
            _ => {}
        }
        Ok(())
    }

    fn fermer(&mut self, nom: &str) -> Result<(), Illisible> {
        match nom {
            "table:table" => self.dedans = false,
            "table:table-row" if self.dedans => self.fermer_rangee()?,
            "table:table-cell" | "table:covered-table-cell" if self.dedans => self.fermer_cellule(),
            "office:annotation" => self.note = self.note.saturating_sub(1),
            "text:p" if self.note == 0 => self.paragraphe = false,
            _ => {}
        }
        Ok(())
    }

    fn ecrire(&mut self, texte: &str) {
        // One character more than a cell may hold is enough to refuse it.
        if let Some(lue) = self
            .lue
            .as_mut()
            .filter(|l| self.paragraphe && self.note == 0 && l.texte.len() <= 4 * crate::TEXTE_MAX)
        {
            lue.texte.push_str(texte);
        }
    }

    fn fermer_cellule(&mut self) {
        let Some(lue) = self.lue.take() else { return };
        self.paragraphe = false;
        let texte = |t: String| if t.is_empty() { Contenu::Vide } else { Contenu::Texte(t) };
        let contenu = match lue.contenu {
            // A formula in error is a text for LibreOffice, of which the value is nothing.
            Some(_) if erreur(&lue.texte) => Contenu::Erreur(lue.texte),
            Some(contenu) => contenu,
            None => texte(lue.texte),
        };
        if contenu != Contenu::Vide {
            self.rangee.push((self.colonne, lue.fois, contenu));
        }
        self.colonne = self.colonne.saturating_add(lue.fois);
    }

    fn fermer_rangee(&mut self) -> Result<(), Illisible> {
        let rangee = std::mem::take(&mut self.rangee);
        let fois = std::mem::take(&mut self.fois).max(1);
        if !rangee.is_empty() {
            // One more than allowed is enough to refuse.
            for i in 0..fois.min(LIGNES_MAX + 2) {
                for (colonne, repetee, contenu) in &rangee {
                    for j in 0..(*repetee).min(COLONNES_MAX + 1) {
                        self.brut.poser(
                            self.ligne.saturating_add(i),
                            colonne.saturating_add(j),
                            contenu.clone(),
                        )?;
                    }
                }
            }
        }
        self.ligne = self.ligne.saturating_add(fois);
        Ok(())
    }
}

fn erreur(texte: &str) -> bool {
    ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#NUM!", "#NULL!", "Err:"]
        .iter()
        .any(|e| texte.starts_with(e))
}

/// What the cell says that it holds; nothing for a text, which is in its paragraphs.
fn valeur(e: &BytesStart<'_>) -> Option<Contenu> {
    let nombre = || attribut(e, "office:value").and_then(|n| n.parse().ok()).map(Contenu::Nombre);
    match attribut(e, "office:value-type").as_deref() {
        Some("float" | "percentage" | "currency") => nombre(),
        Some("boolean") => attribut(e, "office:boolean-value").map(|b| Contenu::Oui(b == "true")),
        Some("date") => attribut(e, "office:date-value").map(|d| xlsx::iso(&d)),
        Some("time") => attribut(e, "office:time-value").and_then(|d| duree(&d)).map(Contenu::Heure),
        _ => None,
    }
}

/// « PT09H00M00S ».
fn duree(texte: &str) -> Option<NaiveTime> {
    let (heures, reste) = texte.strip_prefix("PT")?.split_once('H')?;
    let (minutes, reste) = reste.split_once('M')?;
    let secondes = reste.strip_suffix('S')?.split(['.', ',']).next()?;
    NaiveTime::from_hms_opt(heures.parse().ok()?, minutes.parse().ok()?, secondes.parse().ok()?)
}
