//! What the journal says of a registration, in words.

use kernel::{Cents, date_francaise, heure_de_besancon, instant_francais};
use serde_json::Value;

use crate::domain::ecriture::{Moyen, Nature};
use crate::domain::inscription::EtatInscription;

/// A field and its value; nothing for one that says nothing to the registry.
pub(super) fn dire(champ: &str, valeur: &Value) -> Option<(String, String)> {
    let texte = || valeur.as_str().map_or_else(|| valeur.to_string(), str::to_owned);
    let montant = || valeur.as_i64().map(|n| Cents(n).to_string());
    let (libelle, dit) = match champ {
        "etat" => ("État", EtatInscription::of_code(&texte()).map_or_else(texte, |e| e.libelle().to_owned())),
        "motif" => ("Motif", texte()),
        "reponse" => ("Réponse", texte()),
        "solde_cents" => ("Reste à payer", montant()?),
        "montant_cents" => ("Montant", montant()?),
        "du_cents" => ("Dû", montant()?),
        "nature" => ("Nature", Nature::of_code(&texte()).map_or_else(texte, |n| n.libelle().to_owned())),
        "moyen" => ("Moyen", Moyen::of_code(&texte()).map_or_else(texte, |m| m.libelle().to_owned())),
        "jour" => ("Journée", texte().parse().map_or_else(|_| texte(), date_francaise)),
        "ecriture" => ("Écriture n°", texte()),
        "corrige" => ("Corrige l’écriture n°", texte()),
        "revision" => ("Révision", texte()),
        "passees" => ("Épreuves passées", texte()),
        "reportees" => ("Épreuves reportées", texte()),
        "recu" => ("Récépissé", texte()),
        "validee_le" => (
            "Validée le",
            texte().parse().map_or_else(|_| texte(), |t| instant_francais(heure_de_besancon(t))),
        ),
        "relance" => ("Courriel de relance", "envoyé".to_owned()),
        "demande" => (
            "Demande",
            crate::domain::demande::EtatDemande::of_code(&texte())
                .map_or_else(texte, |e| e.libelle().to_owned()),
        ),
        _ => return None,
    };
    if dit.is_empty() { None } else { Some((libelle.to_owned(), dit)) }
}

/// The verb of a line, as the history writes it.
pub(super) fn action(code: &str) -> String {
    let dit = match code {
        "inscription_examen.enregistrer" => "Brouillon enregistré",
        "inscription_examen.valider" => "Validée par l’étudiant",
        "inscription_examen.demander" => "Changement demandé",
        "inscription_examen.retirer_demande" => "Demande retirée",
        "inscription_examen.verifier" => "Vérifiée",
        "inscription_examen.reprendre" => "Vérification reprise",
        "inscription_examen.renvoyer" => "Renvoyée pour correction",
        "inscription_examen.annuler" => "Annulée",
        "inscription_examen.retablir" => "Rétablie",
        "inscription_examen.accepter" => "Demande acceptée",
        "inscription_examen.refuser" => "Demande refusée",
        "inscription_examen.relancer" => "Étudiant relancé",
        "inscription_examen.suivre" => "État mis à jour par le paiement",
        "paiement_examen.commencer" => "Paiement en ligne commencé",
        "paiement_examen.encaisser" => "Paiement enregistré",
        "paiement_examen.rembourser" => "Remboursement enregistré",
        "paiement_examen.exonerer" => "Exonération",
        "paiement_examen.corriger" => "Écriture corrigée",
        "paiement_examen.notifier" => "Paiement notifié par la banque",
        autre => return autre.rsplit('.').next().unwrap_or(autre).replace(['_', '-'], " "),
    };
    dit.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_that_the_actions_write_is_said_in_words() {
        let dossier = concat!(env!("CARGO_MANIFEST_DIR"), "/src/actions");
        let mut vus = 0;
        for fichier in std::fs::read_dir(dossier).expect("actions") {
            let source = std::fs::read_to_string(fichier.expect("entry").path()).expect("text");
            for verbe in source.split('"').filter(|mot| {
                ["inscription_examen.", "paiement_examen."].iter().any(|objet| mot.starts_with(objet))
            }) {
                vus += 1;
                let dit = action(verbe);
                assert!(dit.chars().next().is_some_and(char::is_uppercase), "{verbe}: {dit}");
            }
        }
        assert!(vus > 10, "the actions are where this test looks");
    }
}
