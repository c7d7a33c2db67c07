//! A spreadsheet of épreuves, read line by line: each cell in error is named, and nothing is asked of the database yet. An empty cell
//! leaves what is held; « aucun » empties.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use kernel::CodeElement;
use serde::{Deserialize, Serialize};
use tableur::{Association, Attendue, Cellule, Defaut, Lecteur, LigneLue, Tableau, montre};

use super::epreuve::Nature;
use super::epreuve_regles::{DUREE_MAX, RANG_MAX, TEXTE_MAX};

/// The columns of the file, in the order of its model.
pub const COLONNES: [Attendue; 11] = [
    Attendue::requise("Élément", &["code", "code élément", "elp", "code apogée"]),
    Attendue::facultative("Rang", &["n°"]),
    Attendue::facultative("Libellé", &["intitulé", "nom"]),
    Attendue::facultative("Nature", &["type"]),
    Attendue::facultative("Date", &["jour"]),
    Attendue::facultative("Début", &["heure", "heure de début"]),
    Attendue::facultative("Durée (min)", &["durée", "minutes"]),
    Attendue::facultative("Documents", &["documents autorisés"]),
    Attendue::facultative("Sujet", &["responsable du sujet", "auteur du sujet"]),
    Attendue::facultative("Surveillée", &["surveillance"]),
    Attendue::facultative("Salles", &["salle"]),
];
/// Column of each field.
pub const ELEMENT: usize = 0;
const RANG: usize = 1;
const LIBELLE: usize = 2;
const NATURE: usize = 3;
/// The day.
pub const DATE: usize = 4;
/// The hour.
pub const DEBUT: usize = 5;
const DUREE: usize = 6;
const DOCUMENTS: usize = 7;
const SUJET: usize = 8;
const SURVEILLEE: usize = 9;
/// The rooms.
pub const SALLES: usize = 10;

/// Most lines of one file.
pub const LIGNES_MAX: usize = 2_000;

/// What a cell asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Voulu<T> {
    /// Nothing: what is held stays.
    #[default]
    Laisse,
    /// That it be empty.
    Vide,
    /// This.
    Valeur(T),
}

impl<T: Clone> Voulu<T> {
    /// What is wanted over what is held.
    #[must_use]
    pub fn sur(&self, tenu: Option<T>) -> Option<T> {
        match self {
            Self::Laisse => tenu,
            Self::Vide => None,
            Self::Valeur(v) => Some(v.clone()),
        }
    }
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demande {
    /// COD_ELP.
    pub element: CodeElement,
    /// Rank.
    pub rang: i64,
    /// Label.
    pub libelle: Option<String>,
    /// Code of its nature.
    pub nature: Option<String>,
    /// Day.
    pub date: Voulu<NaiveDate>,
    /// Hour of Besançon.
    pub debut: Option<NaiveTime>,
    /// Minutes.
    pub duree: Voulu<i64>,
    /// Documents.
    pub documents: Voulu<String>,
    /// Who owns the subject.
    pub sujet: Voulu<String>,
    /// Supervised.
    pub surveillee: Option<bool>,
    /// Names of rooms.
    pub salles: Voulu<Vec<String>>,
    /// Addresses of the cells, column by column.
    pub adresses: Vec<String>,
}

impl Demande {
    /// A refusal of one of its cells.
    #[must_use]
    pub fn defaut(&self, ligne: usize, colonne: usize, phrase: impl Into<String>) -> Defaut {
        let adresse = self.adresses.get(colonne).cloned().unwrap_or_else(|| format!("ligne {ligne}"));
        Defaut { ligne, adresse, phrase: phrase.into() }
    }
}

/// Reads every line.
///
/// # Errors
/// Columns that are missing, or there twice.
pub fn lire(tableau: &Tableau) -> Result<(Association, Vec<LigneLue<Demande>>), Vec<Defaut>> {
    let colonnes = tableau.associer(&COLONNES)?;
    let mut vues: HashMap<(CodeElement, i64), usize> = HashMap::new();
    let lignes = tableau.lire_lignes(&colonnes, une, |demande, numero| {
        let premiere = *vues.entry((demande.element.clone(), demande.rang)).or_insert(numero);
        (premiere != numero).then(|| {
            (ELEMENT, format!("La ligne {premiere} est déjà celle de cette épreuve : gardez-en une, ou donnez un autre rang."))
        })
    });
    Ok((colonnes, lignes))
}

fn une(ligne: &mut Lecteur<'_>) -> Option<Demande> {
    let element = ligne.lire(ELEMENT, Cellule::texte_requis);
    let rang = ligne.si_remplie(RANG, le_rang);
    let libelle = ligne.si_remplie(LIBELLE, un_texte);
    let nature = ligne.si_remplie(NATURE, la_nature);
    let date = ligne.lire(DATE, |c| voulue(c, |c| c.date()));
    let debut = ligne.si_remplie(DEBUT, Cellule::heure);
    let duree = ligne.lire(DUREE, |c| voulue(c, la_duree));
    let documents = ligne.lire(DOCUMENTS, |c| voulue(c, un_texte));
    let sujet = ligne.lire(SUJET, |c| voulue(c, un_texte));
    let surveillee = ligne.si_remplie(SURVEILLEE, Cellule::oui);
    let salles = ligne.lire(SALLES, |c| voulue(c, les_salles));
    Some(Demande {
        element: CodeElement(element?),
        rang: rang?.unwrap_or(1),
        libelle: libelle?,
        nature: nature?,
        date: date?,
        debut: debut?,
        duree: duree?,
        documents: documents?,
        sujet: sujet?,
        surveillee: surveillee?,
        salles: salles?,
        adresses: (0..COLONNES.len()).map(|c| ligne.cellule(c).adresse()).collect(),
    })
}

fn voulue<T>(
    cellule: &Cellule<'_>,
    lire: impl FnOnce(&Cellule<'_>) -> Result<T, Defaut>,
) -> Result<Voulu<T>, Defaut> {
    if cellule.est_vide() {
        return Ok(Voulu::Laisse);
    }
    if let Ok(texte) = cellule.texte()
        && matches!(kernel::fold(texte.trim()).as_str(), "aucun" | "aucune" | "aucune valeur")
    {
        return Ok(Voulu::Vide);
    }
    lire(cellule).map(Voulu::Valeur)
}

fn un_texte(cellule: &Cellule<'_>) -> Result<String, Defaut> {
    let texte = cellule.texte()?;
    let texte = texte.trim();
    if texte.chars().count() > TEXTE_MAX {
        return Err(cellule.defaut(format!("Ce texte est trop long : {TEXTE_MAX} caractères au plus.")));
    }
    Ok(texte.to_owned())
}

fn le_rang(cellule: &Cellule<'_>) -> Result<i64, Defaut> {
    let rang = cellule.entier()?;
    if (1..=RANG_MAX).contains(&rang) {
        Ok(rang)
    } else {
        Err(cellule.defaut(format!("Le rang va de 1 à {RANG_MAX}.")))
    }
}

fn la_duree(cellule: &Cellule<'_>) -> Result<i64, Defaut> {
    let duree = cellule.entier()?;
    if (0..=DUREE_MAX).contains(&duree) {
        Ok(duree)
    } else {
        Err(cellule.defaut(format!("La durée va de 0 à {DUREE_MAX} minutes.")))
    }
}

fn la_nature(cellule: &Cellule<'_>) -> Result<String, Defaut> {
    let texte = cellule.texte()?;
    Nature::lire(&texte).map(|n| n.code().to_owned()).ok_or_else(|| {
        let connues: Vec<_> = Nature::ALL.iter().map(|n| n.libelle().to_lowercase()).collect();
        cellule.defaut(format!(
            "« {} » n’est pas une nature d’épreuve : {}.",
            montre(&texte),
            connues.join(", ")
        ))
    })
}

fn les_salles(cellule: &Cellule<'_>) -> Result<Vec<String>, Defaut> {
    let texte = cellule.texte()?;
    Ok(texte.split([',', ';', '\n']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lignes(csv: &str) -> Vec<LigneLue<Demande>> {
        lire(&tableur::lire(csv.as_bytes(), "epreuves.csv").unwrap()).unwrap().1
    }

    #[test]
    fn an_empty_cell_leaves_and_a_word_empties() {
        let lues = lignes(
            "Élément;Date;Début;Durée (min);Salles\nDR1;13/01/2025;9h00;180;N101, paris/A1\nDR2;;;aucune;aucune\n",
        );
        let une = lues[0].lue.as_ref().unwrap();
        assert_eq!(
            (une.rang, une.date.clone()),
            (1, Voulu::Valeur(NaiveDate::from_ymd_opt(2025, 1, 13).unwrap()))
        );
        assert_eq!(une.salles, Voulu::Valeur(vec!["N101".into(), "paris/A1".into()]));
        let autre = lues[1].lue.as_ref().unwrap();
        assert_eq!((&autre.date, &autre.duree, &autre.salles), (&Voulu::Laisse, &Voulu::Vide, &Voulu::Vide));
        assert_eq!(autre.duree.sur(Some(3)), None);
        assert_eq!(autre.date.sur(une.date.sur(None)), une.date.sur(None));
    }

    #[test]
    fn each_bad_cell_is_named_and_all_are_said_at_once() {
        let lues = lignes(
            "Élément;Nature;Date;Début;Durée (min)\nDR1;dictée;32/01/2025;9h75;-3\nDR1;;;;\nDR1;;;;\n",
        );
        let adresses: Vec<_> = lues[0].lue.as_ref().unwrap_err().iter().map(|d| d.adresse.clone()).collect();
        assert_eq!(adresses, ["B2", "C2", "D2", "E2"]);
        let double = lues[2].lue.as_ref().unwrap_err();
        assert!(double[0].phrase.starts_with("La ligne 3 est déjà"), "{}", double[0].phrase);
    }

    #[test]
    fn headers_that_are_missing_are_said_for_the_whole_file() {
        let tableau = tableur::lire("Nom;Jour\nDroit;13/01/2025\n".as_bytes(), "autre.csv").unwrap();
        let defauts = lire(&tableau).unwrap_err();
        assert!(defauts[0].phrase.contains("Élément"), "{}", defauts[0].phrase);
    }
}
