//! Who a registration is of, where it stands, what was chosen: the top of its page.

use std::collections::BTreeMap;

use ::web::components::{Identity, Tone};

use super::badge;
use super::vue::{amenagement, le};
use crate::domain::periode::Periode;
use crate::store::inscription::Inscription;

pub(super) fn identite(i: &Inscription, p: &Periode) -> Identity {
    let mut identite =
        Identity::new("Inscription", i.etudiant.to_string()).badge(badge(i.etat)).fact(p.nom());
    if i.demande_en_attente {
        identite = identite.badge(::web::components::Badge::new(Tone::Warning, "Demande en attente"));
    }
    if i.solde.0 > 0 {
        identite = identite.fact(format!("reste {} à payer", i.solde));
    }
    if let Some(recu) = &i.recu {
        identite = identite.fact(format!("reçu {recu}"));
    }
    identite.source(format!("modifiée le {}", le(i.modifiee_le)))
}

pub(super) fn fiche(
    i: &Inscription,
    p: &Periode,
    modalite: Option<&str>,
    centre: Option<&crate::store::fiche::CentreChoisi>,
    amenagements: &BTreeMap<kernel::NumeroEtudiant, Vec<crate::domain::amenagement::Amenagement>>,
) -> Vec<(&'static str, String)> {
    let vide = "aucune adresse connue".to_owned();
    let mut lignes = vec![
        ("Étapes", if i.etapes.is_empty() { "aucune".to_owned() } else { i.etapes.clone() }),
        ("Courriel", if i.courriel.is_empty() { vide } else { i.courriel.clone() }),
        ("Modalité", modalite.unwrap_or("non choisie").to_owned()),
    ];
    if let Some(c) = centre {
        lignes.push(("Centre", format!("{}, {} ({})", c.nom, c.ville, c.pays)));
        let accord = match (c.accord_requis, c.accord.as_deref()) {
            (false, _) => "pas nécessaire",
            (true, Some("accepte")) => "accepté",
            (true, Some("refuse")) => "refusé",
            (true, Some("demande")) => "demandé, sans réponse",
            (true, _) => "à demander",
        };
        lignes.push(("Accord du centre", accord.to_owned()));
    }
    let tenus = amenagements.values().flatten();
    let tenus: Vec<_> = tenus
        .filter(|a| a.valide_du <= p.epreuves_fin && p.epreuves_debut <= a.valide_au)
        .map(amenagement)
        .collect();
    lignes.push(("Aménagements", if tenus.is_empty() { "aucun".to_owned() } else { tenus.join(" ; ") }));
    if let Some(quand) = i.validee_le {
        lignes.push(("Validée par l’étudiant", le(quand)));
    }
    lignes
}
