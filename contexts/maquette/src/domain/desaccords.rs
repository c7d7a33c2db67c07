//! Where Apogée and Kofr say different things of the same element. One is believed; the difference is work for somebody.

use std::collections::BTreeMap;

use kernel::Centi;

use super::anomalie::{Anomalie, Regle};
use super::genre::Genre;
use super::offre::Offre;

/// Compares both sources on every element that both know.
#[must_use]
pub fn comparer(offre: &Offre) -> Vec<Anomalie> {
    let mut trouvees = offre.ecarts_kofr.clone();
    let mut heures: BTreeMap<&str, BTreeMap<&str, Centi>> = BTreeMap::new();
    for h in &offre.structure.heures {
        heures.entry(h.element.as_str()).or_default().insert(&h.type_heure, h.heures);
    }
    for e in &offre.structure.elements {
        let Some(k) = offre.kofr.get(&e.code) else { continue };
        let ecart = |regle, champ: &str, apogee: String, kofr: String| Anomalie {
            regle,
            objet: Genre::Element.description().code,
            cle: e.code.0.clone(),
            champ: champ.to_owned(),
            libelle: e.libelle.clone(),
            source_a: "Apogée",
            valeur_a: apogee,
            source_b: "Kofr",
            valeur_b: kofr,
        };
        if let (Some(a), Some(b)) = (e.ects, k.ects)
            && a != b
        {
            trouvees.push(ecart(Regle::EctsDifferents, "ects", format!("{a} ECTS"), format!("{b} ECTS")));
        }
        if libelle_compare(&e.libelle) != libelle_compare(&k.libelle) && !k.libelle.is_empty() {
            trouvees.push(ecart(Regle::LibellesDifferents, "libelle", e.libelle.clone(), k.libelle.clone()));
        }
        let Some(apogee) = heures.get(e.code.as_str()) else { continue };
        for h in &k.heures {
            if let Some(a) = apogee.get(h.type_heure.as_str())
                && *a != h.heures
            {
                let quoi = |c: Centi| format!("{c} h {}", h.type_heure);
                trouvees.push(ecart(Regle::HeuresDifferentes, &h.type_heure, quoi(*a), quoi(h.heures)));
            }
        }
    }
    trouvees
}

/// Labels as compared: Apogée cuts at 60 characters and often writes in capitals without accents, which is no disagreement.
fn libelle_compare(libelle: &str) -> String {
    kernel::fold(libelle.trim()).chars().take(55).collect()
}
