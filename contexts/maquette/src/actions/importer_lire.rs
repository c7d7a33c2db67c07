//! A spreadsheet of corrections, read line by line: each cell in error is named, and nothing is asked of the database yet.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::AnneeUniversitaire;
use tableur::{Association, Attendue, Cellule, Defaut, Lecteur, LigneLue, Tableau, montre};

use crate::domain::correction::{self, champs_corrigeables, motif, saisie};
use crate::domain::genre::{Colonne, Genre, SorteColonne};
use crate::domain::importation::{Voulue, champ_dit, cle_attendue, cle_dite, genre_dit, genres};
use crate::domain::valeur::{Valeur, cle_json};

/// The columns of the file, in the order of its model.
pub const COLONNES: [Attendue; 7] = [
    Attendue::requise("Genre", &["type", "type d’objet"]),
    Attendue::requise("Code", &["objet", "clé", "code apogée"]),
    Attendue::requise("Champ", &["champ corrigé"]),
    Attendue::requise("Nouvelle valeur", &["valeur", "valeur affichée", "valeur corrigée"]),
    Attendue::requise("Motif", &["raison"]),
    Attendue::facultative("Dernier jour", &["jusqu’au", "fin", "date de fin"]),
    Attendue::facultative("Année", &["année universitaire"]),
];
const GENRE: usize = 0;
const CODE: usize = 1;
const CHAMP: usize = 2;
const VALEUR: usize = 3;
const MOTIF: usize = 4;
const FIN: usize = 5;
const ANNEE: usize = 6;

/// What a line that says nothing of them takes.
#[derive(Clone, Copy, Debug)]
pub struct Defauts {
    /// The year looked at.
    pub annee: AnneeUniversitaire,
    /// The last day.
    pub fin: NaiveDate,
}

/// The lines that correct a field of an object: for which year, and where.
type Vues = HashMap<(Genre, String, &'static str), Vec<(Option<u16>, usize)>>;

/// Reads every line.
///
/// # Errors
/// Columns that are missing, or there twice.
pub fn lire(tableau: &Tableau, sinon: Defauts) -> Result<(Association, Vec<LigneLue<Voulue>>), Vec<Defaut>> {
    let colonnes = tableau.associer(&COLONNES)?;
    let mut vues = Vues::new();
    let lignes = tableau.lire_lignes(
        &colonnes,
        |ligne| une(ligne, sinon),
        |voulue, numero| {
            let champ = (voulue.genre, cle_json(&voulue.cle), voulue.champ.nom);
            let autres = vues.entry(champ).or_default();
            let meme =
                |annee: Option<u16>| annee.is_none() || voulue.annee.is_none() || annee == voulue.annee;
            if let Some((_, autre)) = autres.iter().find(|(annee, _)| meme(*annee)) {
                let phrase = format!("La ligne {autre} corrige déjà ce champ de cet objet : gardez-en une.");
                return Some((CHAMP, phrase));
            }
            autres.push((voulue.annee, numero));
            None
        },
    );
    Ok((colonnes, lignes))
}

/// One line. What the code, the field and the value may be depends on the kind: without it they are not read.
fn une(ligne: &mut Lecteur<'_>, sinon: Defauts) -> Option<Voulue> {
    let genre = ligne.lire(GENRE, le_genre);
    let cle = genre.and_then(|genre| ligne.lire(CODE, |c| la_cle(c, genre)));
    let champ = genre.and_then(|genre| ligne.lire(CHAMP, |c| le_champ(c, genre)));
    let valeur = champ.and_then(|champ| ligne.lire(VALEUR, |c| la_valeur(c, champ)));
    let motif = ligne.lire(MOTIF, le_motif);
    let fin = ligne.si_remplie(FIN, Cellule::date);
    let annee = ligne.si_remplie(ANNEE, l_annee);
    Some(Voulue {
        annee: annee?.unwrap_or(Some(sinon.annee.premiere())),
        genre: genre?,
        cle: cle?,
        champ: champ?,
        valeur: valeur?,
        motif: motif?,
        fin: fin?.unwrap_or(sinon.fin),
        adresses: [CODE, CHAMP, VALEUR, FIN].map(|colonne| ligne.cellule(colonne).adresse()),
    })
}

fn le_genre(cellule: &Cellule<'_>) -> Result<Genre, Defaut> {
    let texte = cellule.texte_requis()?;
    genre_dit(&texte).ok_or_else(|| {
        let connus: Vec<&str> = genres().map(|g| g.description().titre).collect();
        cellule.defaut(format!(
            "« {} » ne se corrige pas ici. Se corrigent : {}.",
            montre(&texte),
            connus.join(", ")
        ))
    })
}

fn la_cle(cellule: &Cellule<'_>, genre: Genre) -> Result<Box<[Valeur]>, Defaut> {
    let texte = cellule.texte_requis()?;
    cle_dite(genre, &texte).ok_or_else(|| {
        let attendue = cle_attendue(genre);
        cellule.defaut(format!(
            "« {} » ne suffit pas : écrivez « {attendue} », comme sur les pages.",
            montre(&texte)
        ))
    })
}

fn le_champ(cellule: &Cellule<'_>, genre: Genre) -> Result<&'static Colonne, Defaut> {
    let texte = cellule.texte_requis()?;
    champ_dit(genre, &texte).ok_or_else(|| {
        let connus: Vec<&str> = champs_corrigeables(genre).map(|(_, c)| c.libelle).collect();
        let titre = genre.description().titre;
        let connus = connus.join(", ");
        cellule.defaut(format!(
            "« {} » n’est pas un champ qui se corrige dans « {titre} » : {connus}.",
            montre(&texte)
        ))
    })
}

/// The value as its column holds it.
fn la_valeur(cellule: &Cellule<'_>, champ: &Colonne) -> Result<Valeur, Defaut> {
    if cellule.est_vide() {
        let phrase =
            "La cellule est vide : écrivez la nouvelle valeur, ou « aucune valeur » pour vider le champ.";
        return Err(cellule.defaut(phrase));
    }
    let texte = cellule.texte()?;
    if kernel::fold(texte.trim()) == "aucune valeur" {
        // A yes or no, like a label, is never « nothing » by choice.
        if champ.sorte == SorteColonne::Oui || champ.nom == "libelle" {
            return Err(cellule.defaut(format!("« {} » ne peut pas être vide.", champ.libelle)));
        }
        return Ok(Valeur::Absent);
    }
    let texte = match champ.sorte {
        SorteColonne::Texte => texte,
        SorteColonne::Entier => cellule.entier()?.to_string(),
        SorteColonne::Centi => cellule.decimal()?.to_string(),
        SorteColonne::Oui => if cellule.oui()? { "oui" } else { "non" }.to_owned(),
        SorteColonne::Jour => cellule.date()?.to_string(),
    };
    saisie(champ, &texte).map_err(|refus| cellule.defaut(refus.phrase()))
}

fn le_motif(cellule: &Cellule<'_>) -> Result<String, Defaut> {
    let texte = cellule.texte()?;
    motif(&texte).map_err(|refus| cellule.defaut(refus.phrase()))
}

fn l_annee(cellule: &Cellule<'_>) -> Result<Option<u16>, Defaut> {
    let texte = cellule.texte()?;
    if kernel::fold(texte.trim()) == "toutes" {
        return Ok(None);
    }
    let dite = texte.trim().replace('-', "/");
    // Written whole or by its first year: « 2024/2026 » is a slip.
    let entiere = |a: &AnneeUniversitaire| dite == a.premiere().to_string() || dite == a.libelle();
    let annee = dite.parse::<AnneeUniversitaire>().ok().filter(entiere);
    annee.map(|a| Some(a.premiere())).ok_or_else(|| {
        let lue = montre(texte.trim());
        cellule.defaut(format!(
            "« {lue} » n’est pas une année universitaire : écrivez 2024/2025, ou « toutes »."
        ))
    })
}

/// Whether a last day may still be.
pub(super) fn fin_tenable(
    voulue: &Voulue,
    aujourd_hui: NaiveDate,
    max: i64,
    numero: usize,
) -> Result<(), Defaut> {
    correction::fin(voulue.fin, aujourd_hui, max).map(|_| ()).map_err(|refus| {
        let [.., adresse] = &voulue.adresses;
        Defaut { ligne: numero, adresse: adresse.clone(), phrase: refus.phrase() }
    })
}
