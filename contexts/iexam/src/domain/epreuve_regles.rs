//! What an épreuve may be in its period.

use super::epreuve::{Epreuve, Nature};
use super::periode::Periode;

/// Longest épreuve, in minutes.
pub const DUREE_MAX: i64 = 12 * 60;
/// Most épreuves of one element in one period.
pub const RANG_MAX: i64 = 9;
/// Longest texts, in characters.
pub const TEXTE_MAX: usize = 300;

/// Every thing that is wrong with an épreuve: the field, and a French sentence.
#[must_use]
pub fn fautes(e: &Epreuve, salles: &[i64], p: &Periode) -> Vec<(&'static str, String)> {
    let mut fautes = Vec::new();
    let mut si = |faux: bool, champ: &'static str, phrase: &dyn Fn() -> String| {
        if faux {
            fautes.push((champ, phrase()));
        }
    };
    si(!(1..=RANG_MAX).contains(&e.rang), "rang", &|| format!("Le rang va de 1 à {RANG_MAX}."));
    si(e.libelle.trim().is_empty(), "libelle", &|| "Donnez un libellé à l’épreuve.".to_owned());
    for (champ, texte) in [("libelle", &e.libelle), ("documents", &e.documents), ("sujet_par", &e.sujet_par)]
    {
        si(texte.chars().count() > TEXTE_MAX, champ, &|| format!("{TEXTE_MAX} caractères au plus."));
    }
    si(e.duree_min.is_some_and(|d| !(0..=DUREE_MAX).contains(&d)), "duree", &|| {
        format!("La durée va de 0 à {DUREE_MAX} minutes.")
    });
    let dossier = e.nature == Nature::Dossier;
    si(dossier && e.debut.is_some(), "debut", &|| {
        "Personne n’est convoqué pour un dossier : laissez la date vide.".to_owned()
    });
    si(dossier && !salles.is_empty(), "salles", &|| {
        "Personne n’est convoqué pour un dossier : retirez ses salles.".to_owned()
    });
    if let Some(debut) = e.debut {
        let jour = kernel::heure_de_besancon(debut).date();
        si(jour < p.epreuves_debut || p.epreuves_fin < jour, "debut", &|| {
            format!(
                "Le {} est en dehors de la période {}, dont les épreuves vont du {} au {}.",
                kernel::date_francaise(jour),
                p.nom(),
                kernel::date_francaise(p.epreuves_debut),
                kernel::date_francaise(p.epreuves_fin)
            )
        });
    }
    fautes
}
