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
        "modalite" => ("Modalité", texte()),
        "centre" => ("Centre", texte()),
        "passees" => ("Épreuves passées", texte()),
        "reportees" => ("Épreuves reportées", texte()),
        "recu" => ("Reçu", texte()),
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
