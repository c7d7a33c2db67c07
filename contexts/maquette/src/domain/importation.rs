//! Corrections read from a spreadsheet: what each line asks for, in the words of the registry.

use chrono::NaiveDate;
use kernel::fold;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tableur::{Defaut, LigneLue};

use super::correction::{champs_corrigeables, cle_de_json, de_json};
use super::genre::{Colonne, GENRES, Genre};
use super::valeur::{Valeur, cle_json};

/// Most lines of one file: each is looked at by somebody before it is applied.
pub const LIGNES_MAX: usize = 2_000;

/// A correction that a line asks for.
#[derive(Clone, Debug)]
pub struct Voulue {
    /// One year, or every year.
    pub annee: Option<u16>,
    /// Kind of row.
    pub genre: Genre,
    /// Its key.
    pub cle: Box<[Valeur]>,
    /// Field.
    pub champ: &'static Colonne,
    /// The value to show.
    pub valeur: Valeur,
    /// Why.
    pub motif: String,
    /// Last day.
    pub fin: NaiveDate,
    /// Addresses of the code, the field, the value and the last day.
    pub adresses: [String; 4],
}

/// The kinds that may be corrected.
pub fn genres() -> impl Iterator<Item = Genre> {
    GENRES.iter().map(|d| d.genre).filter(|g| champs_corrigeables(*g).next().is_some())
}

/// A word without case, accents, nor the mark of the plural: « Éléments » is « element ».
fn plie(texte: &str) -> String {
    let mots = fold(texte).replace(|c: char| !c.is_alphanumeric(), " ");
    let mots = mots.split_whitespace().map(|mot| mot.strip_suffix('s').unwrap_or(mot));
    mots.collect::<Vec<_>>().join(" ")
}

/// The kind that a person names: « Éléments », « élément », « heures ».
#[must_use]
pub fn genre_dit(texte: &str) -> Option<Genre> {
    let dit = plie(texte);
    genres().find(|g| {
        let d = g.description();
        [d.code, d.pluriel, d.titre].iter().any(|nom| plie(nom) == dit)
    })
}

/// The field that a person names: « ECTS », « libellé court ».
#[must_use]
pub fn champ_dit(genre: Genre, texte: &str) -> Option<&'static Colonne> {
    let dit = plie(texte);
    champs_corrigeables(genre).map(|(_, c)| c).find(|c| plie(c.libelle) == dit || plie(c.nom) == dit)
}

/// The key that a person writes, as pages show it: « E000 », « L1DRO · 105 »; or as a JSON array, for a code that has a dot in it.
#[must_use]
pub fn cle_dite(genre: Genre, texte: &str) -> Option<Box<[Valeur]>> {
    if let Some(cle) = cle_de_json(genre, texte.trim()) {
        return Some(cle);
    }
    let n = genre.description().cle.len();
    // A code may begin or end by a space: only those around the dot are ours.
    let parts: Vec<&str> = match n {
        1 => vec![texte],
        _ if texte.contains(" · ") => texte.split(" · ").collect(),
        _ => texte.split('·').map(str::trim).collect(),
    };
    let complete = parts.len() == n && parts.iter().all(|p| !p.trim().is_empty());
    complete.then(|| parts.into_iter().map(Valeur::from).collect())
}

/// How the key of a kind is written: « Étape · Version ».
#[must_use]
pub fn cle_attendue(genre: Genre) -> String {
    genre.description().cle.iter().map(|c| c.libelle).collect::<Vec<_>>().join(" · ")
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Ecrite {
    numero: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    defauts: Vec<Defaut>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    voulue: Option<VoulueEcrite>,
}

#[derive(Serialize, Deserialize)]
struct VoulueEcrite {
    annee: Option<u16>,
    genre: String,
    cle: String,
    champ: String,
    valeur: Json,
    motif: String,
    fin: NaiveDate,
    adresses: [String; 4],
}

/// The file, as it is kept.
#[derive(Serialize, Deserialize)]
struct Contenu {
    avis: Vec<String>,
    lignes: Vec<Ecrite>,
}

/// Lines, and what to say of the file, as the database keeps them.
///
/// # Errors
/// None that is known: JSON writes all of it.
pub fn ecrire(avis: &[String], lignes: &[LigneLue<Voulue>]) -> Result<String, serde_json::Error> {
    let ecrite = |l: &LigneLue<Voulue>| match &l.lue {
        Ok(v) => Ecrite {
            numero: l.numero,
            defauts: Vec::new(),
            voulue: Some(VoulueEcrite {
                annee: v.annee,
                genre: v.genre.description().code.to_owned(),
                cle: cle_json(&v.cle),
                champ: v.champ.nom.to_owned(),
                valeur: v.valeur.json(),
                motif: v.motif.clone(),
                fin: v.fin,
                adresses: v.adresses.clone(),
            }),
        },
        Err(defauts) => Ecrite { numero: l.numero, defauts: defauts.clone(), voulue: None },
    };
    let lignes = lignes.iter().map(ecrite).collect();
    serde_json::to_string(&Contenu { avis: avis.to_vec(), lignes })
}

/// Lines read back. One whose field this version no longer knows is a line in error.
///
/// # Errors
/// A text that [`ecrire`] did not write.
pub fn relire(texte: &str) -> Result<(Vec<String>, Vec<LigneLue<Voulue>>), serde_json::Error> {
    let contenu: Contenu = serde_json::from_str(texte)?;
    let relue = |e: Ecrite| {
        let numero = e.numero;
        let lue = match e.voulue {
            Some(v) => voulue(v).ok_or_else(|| {
                let phrase = "Cette ligne ne se lit plus : envoyez le fichier de nouveau.".to_owned();
                vec![Defaut { ligne: numero, adresse: format!("ligne {numero}"), phrase }]
            }),
            None => Err(e.defauts),
        };
        LigneLue { numero, lue }
    };
    Ok((contenu.avis, contenu.lignes.into_iter().map(relue).collect()))
}

fn voulue(v: VoulueEcrite) -> Option<Voulue> {
    let genre = Genre::of_code(&v.genre)?;
    let champ = champs_corrigeables(genre).map(|(_, c)| c).find(|c| c.nom == v.champ)?;
    Some(Voulue {
        annee: v.annee,
        genre,
        cle: cle_de_json(genre, &v.cle)?,
        valeur: de_json(champ.sorte, &v.valeur)?,
        champ,
        motif: v.motif,
        fin: v.fin,
        adresses: v.adresses,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kinds_and_fields_are_named_as_people_do() {
        for dit in ["Éléments", "element", "ÉLÉMENT"] {
            assert_eq!(genre_dit(dit), Some(Genre::Element), "{dit}");
        }
        assert_eq!(genre_dit("Versions d’étape"), Some(Genre::VersionEtape));
        assert_eq!(genre_dit("heures"), Some(Genre::Heures));
        assert_eq!(genre_dit("Étudiants"), None, "people are not corrected here");
        assert_eq!(champ_dit(Genre::Element, "libellé  court").unwrap().nom, "libelle_court");
        assert!(champ_dit(Genre::Element, "ECTS selon Kofr").is_none());
        for genre in genres() {
            assert_eq!(genre_dit(genre.description().titre), Some(genre), "each has a name of its own");
            for (_, champ) in champs_corrigeables(genre) {
                assert_eq!(champ_dit(genre, champ.libelle).unwrap().nom, champ.nom);
            }
        }
    }

    #[test]
    fn keys_are_written_as_pages_show_them() {
        let cle = |genre, texte| {
            cle_dite(genre, texte).map(|c| c.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(cle(Genre::Element, " E1").unwrap(), [" E1"], "a space is part of a code");
        assert_eq!(cle(Genre::Heures, "E1 · CM").unwrap(), ["E1", "CM"]);
        assert_eq!(cle(Genre::Heures, "E1·CM").unwrap(), ["E1", "CM"]);
        assert_eq!(cle(Genre::Heures, "[\"E · 1\",\"CM\"]").unwrap(), ["E · 1", "CM"]);
        for faux in ["E1", "E1 · ", "E1 · CM · TD", ""] {
            assert_eq!(cle(Genre::Heures, faux), None, "{faux}");
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back(code in "\\PC{1,12}", valeur in "\\PC{0,40}", annee in proptest::option::of(2000_u16..2100)) {
            let voulue = Voulue {
                annee,
                genre: Genre::Element,
                cle: Box::new([code.as_str().into()]),
                champ: champ_dit(Genre::Element, "Libellé").unwrap(),
                valeur: valeur.as_str().into(),
                motif: valeur.clone(),
                fin: NaiveDate::from_ymd_opt(2024, 6, 30).unwrap(),
                adresses: ["B2", "C2", "D2", "F2"].map(str::to_owned),
            };
            let defaut = Defaut { ligne: 3, adresse: "B3".into(), phrase: valeur };
            let lignes = [LigneLue { numero: 2, lue: Ok(voulue) }, LigneLue { numero: 3, lue: Err(vec![defaut]) }];
            let (avis, relues) = relire(&ecrire(&["Un avis.".to_owned()], &lignes).unwrap()).unwrap();
            prop_assert_eq!(avis, ["Un avis."]);
            prop_assert_eq!(relues.len(), 2);
            prop_assert_eq!(relues[1].lue.as_ref().unwrap_err(), lignes[1].lue.as_ref().unwrap_err());
            let (a, b) = (relues[0].lue.as_ref().unwrap(), lignes[0].lue.as_ref().unwrap());
            prop_assert_eq!((&a.cle, &a.valeur, a.champ.nom, &a.adresses), (&b.cle, &b.valeur, b.champ.nom, &b.adresses));
        }
    }
}
