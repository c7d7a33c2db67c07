//! Local corrections: a value put over a field that a source decides, for a reason and until a day.
//!
//! The source is neither changed nor silenced: what it says is kept beside what is shown, and comes back by itself when the
//! correction ends. A collection translates what the sources say as always, then [`recouvrir`] lays the corrections over the rows
//! received, before they are compared: every reader then sees the corrected value in the row itself.

use std::collections::HashMap;

use kernel::Centi;

pub use super::correction_saisie::{
    MOTIF_MAX, Refus, TEXTE_MAX, champ_corrigeable, champs_corrigeables, fin, jour, motif, saisie,
};

use super::anomalie::{Anomalie, Regle};
use super::diff::Changement;
use super::genre::{Colonne, Genre, SorteColonne};
use super::valeur::{Ligne, Valeur, cle_lisible};

/// A value as pages and messages write it: by its column, absence being nothing.
#[must_use]
pub fn ecrite(colonne: &Colonne, valeur: &Valeur) -> Option<String> {
    match (colonne.sorte, valeur) {
        (_, Valeur::Absent) => None,
        (SorteColonne::Centi, Valeur::Entier(n)) => Some(Centi(*n).to_string()),
        (_, autre) => Some(autre.to_string()),
    }
}

/// [`ecrite`], absence in words.
#[must_use]
pub fn dite(colonne: &Colonne, valeur: &Valeur) -> String {
    ecrite(colonne, valeur).unwrap_or_else(|| "aucune valeur".to_owned())
}

/// A value kept as JSON, read back as its column holds it; nothing when it is of another sort.
#[must_use]
pub fn de_json(sorte: SorteColonne, json: &serde_json::Value) -> Option<Valeur> {
    if json.is_null() {
        return Some(Valeur::Absent);
    }
    Some(match sorte {
        SorteColonne::Texte => json.as_str()?.into(),
        SorteColonne::Entier | SorteColonne::Centi => Valeur::Entier(json.as_i64()?),
        SorteColonne::Oui => Valeur::Oui(json.as_bool()?),
        SorteColonne::Jour => Valeur::Jour(json.as_str()?.parse().ok()?),
    })
}

/// A key kept as a JSON array, read back; nothing when it is not one of that kind.
#[must_use]
pub fn cle_de_json(genre: Genre, texte: &str) -> Option<Box<[Valeur]>> {
    let parts: Vec<serde_json::Value> = serde_json::from_str(texte).ok()?;
    cle_de_parts(genre, &parts)
}

fn cle_de_parts(genre: Genre, parts: &[serde_json::Value]) -> Option<Box<[Valeur]>> {
    let colonnes = genre.description().cle;
    if parts.len() != colonnes.len() {
        return None;
    }
    colonnes.iter().zip(parts).map(|(c, v)| de_json(c.sorte, v).filter(|v| *v != Valeur::Absent)).collect()
}

/// A correction that holds, as it is laid over rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Active {
    /// Its number.
    pub id: i64,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: Box<[Valeur]>,
    /// Place of the field.
    pub champ: usize,
    /// The value shown instead of the source's.
    pub valeur: Valeur,
    /// What the source said when it was set, for the year looked at; nothing when that year was never collected since.
    pub pose: Option<Valeur>,
    /// What the source last said.
    pub dite: Option<Valeur>,
}

/// What the source says of a corrected field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dite {
    /// Number of the correction.
    pub correction: i64,
    /// The source's value; nothing when the object is no longer there.
    pub valeur: Option<Valeur>,
    /// The object's label.
    pub libelle: String,
}

/// Lays the corrections of a kind over the rows received of it. Returns what the source said of each corrected field.
pub fn recouvrir(actives: &[Active], genre: Genre, lignes: &mut [Ligne]) -> Vec<Dite> {
    let mut par_cle: HashMap<&[Valeur], Vec<&Active>> = HashMap::new();
    for a in actives.iter().filter(|a| a.genre == genre) {
        par_cle.entry(&a.cle).or_default().push(a);
    }
    if par_cle.is_empty() {
        return Vec::new();
    }
    let nom = genre.description().libelle;
    let mut dites = Vec::new();
    for ligne in lignes {
        let Some(corrections) = par_cle.remove(&*ligne.cle) else { continue };
        let libelle = nom.and_then(|i| ligne.champs.get(i)).map(ToString::to_string).unwrap_or_default();
        for a in corrections {
            if let Some(champ) = ligne.champs.get_mut(a.champ) {
                let source = std::mem::replace(champ, a.valeur.clone());
                dites.push(Dite { correction: a.id, valeur: Some(source), libelle: libelle.clone() });
            }
        }
    }
    let absentes = par_cle.into_values().flatten();
    dites.extend(absentes.map(|a| Dite { correction: a.id, valeur: None, libelle: String::new() }));
    dites.sort_by_key(|d| d.correction);
    dites
}

/// Corrections were set or ended between the comparison and its application: the changes of a kind are put right, so that neither
/// overwrites the other. `avant` are those that were compared with, `maintenant` those that hold.
pub fn ajuster(
    changements: &mut [Changement],
    avant: &[Active],
    maintenant: &[Active],
    dites: &mut Vec<Dite>,
) {
    let absente = |a: &Active, la: &[Active]| !la.iter().any(|autre| autre.id == a.id);
    for c in changements.iter_mut().filter(|c| !c.apres.is_empty()) {
        let (genre, cle) = (c.genre, c.cle.clone());
        let celle_ci = |a: &&Active| a.genre == genre && a.cle == cle;
        for a in avant.iter().filter(celle_ci).filter(|a| absente(a, maintenant)) {
            let dite = dites.iter().find(|d| d.correction == a.id).and_then(|d| d.valeur.clone());
            if let (Some(champ), Some(dite)) = (c.apres.get_mut(a.champ), dite) {
                *champ = dite;
            }
        }
        for a in maintenant.iter().filter(celle_ci).filter(|a| absente(a, avant)) {
            if let Some(champ) = c.apres.get_mut(a.champ) {
                let source = std::mem::replace(champ, a.valeur.clone());
                dites.push(Dite { correction: a.id, valeur: Some(source), libelle: String::new() });
            }
        }
    }
    dites.retain(|d| maintenant.iter().any(|a| a.id == d.correction));
}

/// What somebody should look at again: the source moved under a correction, or came to say the same thing.
#[must_use]
pub fn ecart(active: &Active, dite: &Dite) -> Option<Anomalie> {
    let source = dite.valeur.as_ref()?;
    let d = active.genre.description();
    let colonne = d.champs.get(active.champ)?;
    let regle = if *source == active.valeur {
        Regle::CorrectionInutile
    } else if active.pose.as_ref().is_some_and(|pose| pose != source) {
        Regle::CorrectionDepassee
    } else {
        return None;
    };
    let valeur_a = match &active.pose {
        Some(pose) if pose != source => {
            format!("{} → {}", self::dite(colonne, pose), self::dite(colonne, source))
        }
        _ => self::dite(colonne, source),
    };
    Some(Anomalie {
        regle,
        objet: d.code,
        cle: cle_lisible(&active.cle),
        champ: colonne.nom.to_owned(),
        libelle: dite.libelle.clone(),
        source_a: "La source",
        valeur_a,
        source_b: "Correction locale",
        valeur_b: self::dite(colonne, &active.valeur),
    })
}

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatCorrection {
    /// It holds.
    Active,
    /// Its day has come.
    Expiree,
    /// Somebody ended it.
    Levee,
}

impl EtatCorrection {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Active, Self::Expiree, Self::Levee];

    /// The spelling filtered by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expiree => "expiree",
            Self::Levee => "levee",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Expiree => "Expirée",
            Self::Levee => "Levée",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn active(code: &str, valeur: i64, pose: i64) -> Active {
        Active {
            id: 1,
            genre: Genre::Heures,
            cle: Box::new([code.into(), "CM".into()]),
            champ: 0,
            valeur: Valeur::Entier(valeur),
            pose: Some(Valeur::Entier(pose)),
            dite: None,
        }
    }

    fn heures(code: &str, n: i64) -> Ligne {
        Ligne::new([code.into(), "CM".into()], [n.into(), n.into(), Valeur::Absent, Valeur::Absent])
    }

    #[test]
    fn keys_people_s_registrations_and_what_sources_say_are_not_corrected() {
        assert_eq!(champ_corrigeable(Genre::Element, "code").unwrap_err(), Refus::Champ("code".into()));
        assert!(champ_corrigeable(Genre::Element, "ects_kofr").is_err());
        assert!(champ_corrigeable(Genre::Heures, "heures_apogee").is_err());
        for genre in [Genre::Etudiant, Genre::Anomalie, Genre::InscriptionAdministrative, Genre::Maquette] {
            assert_eq!(champ_corrigeable(genre, "libelle").unwrap_err(), Refus::Genre);
        }
    }

    #[test]
    fn an_object_that_left_says_nothing_and_raises_nothing() {
        let a = active("E1", 900, 600);
        let dites = recouvrir(std::slice::from_ref(&a), Genre::Heures, &mut [heures("E2", 600)]);
        assert_eq!(dites.iter().map(|d| d.valeur.clone()).collect::<Vec<_>>(), [None]);
        assert_eq!(ecart(&a, &dites[0]), None);
    }

    #[test]
    fn what_changed_during_a_collection_is_put_right() {
        let change = |valeur: i64| Changement {
            genre: Genre::Heures,
            sorte: crate::domain::Sorte::Modification,
            id: Some(1),
            cle: Box::new(["E1".into(), "CM".into()]),
            avant: heures("E1", 1).champs,
            apres: Box::new([valeur.into(), 7_i64.into(), Valeur::Absent, Valeur::Absent]),
        };
        let a = active("E1", 900, 600);
        // Set meanwhile: the source's new value gives way, and is kept.
        let (mut c, mut dites) = ([change(700)], Vec::new());
        ajuster(&mut c, &[], std::slice::from_ref(&a), &mut dites);
        assert_eq!(c[0].apres[0], Valeur::Entier(900));
        assert_eq!(dites[0].valeur, Some(Valeur::Entier(700)));
        // Ended meanwhile: the source's value comes through.
        let mut c = [change(900)];
        ajuster(&mut c, std::slice::from_ref(&a), &[], &mut dites);
        assert_eq!(c[0].apres[0], Valeur::Entier(700));
        assert!(dites.is_empty());
    }

    proptest! {
        /// Whatever the source says: the row shows the correction, the source's word is kept, and something is said only when
        /// the source moved or came to agree.
        #[test]
        fn a_correction_hides_nothing(valeur in 0_i64..4, pose in 0_i64..4, source in 0_i64..4) {
            let a = active("E1", valeur, pose);
            let mut lignes = [heures("E0", 1), heures("E1", source), heures("E2", 2)];
            let dites = recouvrir(std::slice::from_ref(&a), Genre::Heures, &mut lignes);
            prop_assert_eq!(&lignes[1].champs[0], &Valeur::Entier(valeur));
            prop_assert_eq!(&lignes[1].champs[1], &Valeur::Entier(source), "the neighbours are left alone");
            prop_assert_eq!(&lignes[0], &heures("E0", 1));
            prop_assert_eq!(dites.len(), 1);
            prop_assert_eq!(&dites[0].valeur, &Some(Valeur::Entier(source)));
            let regle = ecart(&a, &dites[0]).map(|e| e.regle);
            let attendue = if source == valeur {
                Some(Regle::CorrectionInutile)
            } else {
                (source != pose).then_some(Regle::CorrectionDepassee)
            };
            prop_assert_eq!(regle, attendue);
        }

        #[test]
        fn a_value_and_a_key_come_back_from_their_json(code in "\\PC{1,12}", n in any::<i64>()) {
            let cle: [Valeur; 2] = [code.as_str().into(), "CM".into()];
            let json = crate::domain::valeur::cle_json(&cle);
            prop_assert_eq!(cle_de_json(Genre::Heures, &json), Some(Box::from(cle)));
            prop_assert_eq!(de_json(SorteColonne::Centi, &Valeur::Entier(n).json()), Some(Valeur::Entier(n)));
        }

    }
}
