//! Fields of the journal and their values, as the pages of settings write them.

use chrono::NaiveDate;
use serde_json::Value;

const CHAMPS: &[(&str, &str)] = &[
    ("libelle", "Libellé"),
    ("etat", "État"),
    ("enseignement_debut", "Début des enseignements"),
    ("inscriptions_debut", "Début des inscriptions"),
    ("inscriptions_fin", "Fin des inscriptions"),
    ("verification_fin", "Fin de la vérification"),
    ("convocations_le", "Envoi des convocations"),
    ("epreuves_debut", "Première épreuve"),
    ("epreuves_fin", "Dernière épreuve"),
    ("fermeture_le", "Clôture"),
    ("ecart_min", "Écart minimal (minutes)"),
    ("modalites_publiees_le", "Modalités publiées le"),
    ("copiee_de", "Copiée de"),
    ("modalites", "Modalités copiées"),
    ("epreuves", "Épreuves copiées"),
    ("confirme", "Confirmé"),
    ("echeance", "Échéance"),
    ("motif", "Motif"),
    ("signee_par", "Signée par"),
    ("offerte", "Offerte"),
    ("quota", "Quota"),
    ("code", "Code"),
    ("lieu", "Lieu"),
    ("surveillee", "Surveillée"),
    ("consignes", "Consignes"),
    ("pieces", "Pièces demandées"),
    ("rang", "Rang"),
    ("active", "Active"),
    ("valide_du", "À partir du"),
    ("fixe_cents", "Part fixe"),
    ("horaire_cents", "Par heure"),
    ("majoration_facturee", "Tiers-temps facturé"),
    ("centres", "Centres"),
    ("nom", "Nom"),
    ("adresse", "Adresse"),
    ("code_postal", "Code postal"),
    ("ville", "Ville"),
    ("pays", "Pays"),
    ("fuseau", "Fuseau horaire"),
    ("contact_nom", "Contact"),
    ("contact_courriel", "Courriel"),
    ("contact_telephone", "Téléphone"),
    ("surveillant", "Surveillant désigné"),
    ("capacite", "Capacité"),
    ("accord_requis", "Accord requis"),
    ("actif", "Actif"),
    ("periode", "Période"),
    ("places", "Places"),
    ("demande_le", "Demandé le"),
    ("repondu_le", "Répondu le"),
    ("reponse", "Réponse"),
    ("du", "Du"),
    ("au", "Au"),
    ("sens", "Sens"),
    ("transporteur", "Transporteur"),
    ("suivi", "Suivi"),
    ("copies", "Copies envoyées"),
    ("copies_recues", "Copies reçues"),
    ("expedie_le", "Expédié le"),
    ("recu_le", "Reçu le"),
    ("note", "Note"),
    ("duree_min", "Durée (min)"),
    ("sujet_par", "Responsable du sujet"),
    ("salle_a_part", "Salle à part"),
    ("secretaire", "Secrétaire"),
    ("valide_au", "Dernier jour"),
    ("majoration", "Minutes par heure"),
    ("etudiant", "Étudiant"),
    ("element", "Élément"),
    ("annulee", "Annulée"),
    ("retire", "Retiré"),
    ("debut", "Début"),
    ("nature", "Nature"),
    ("documents", "Documents autorisés"),
    ("salles", "Salles"),
    ("etape", "Étape"),
    ("retards", "Retards (minutes)"),
    ("ordinateur", "Ordinateur"),
    ("autre", "Autre"),
    ("exception", "Exception motivée"),
];

/// A field of the journal and its value, as pages write them.
pub(in crate::web) fn dire(champ: &str, valeur: &Value) -> Option<(String, String)> {
    let libelle = CHAMPS.iter().find(|(c, _)| *c == champ).map_or(champ, |(_, l)| l).to_owned();
    Some((libelle, valeur_dite(champ, valeur)?))
}

fn valeur_dite(champ: &str, valeur: &Value) -> Option<String> {
    use crate::domain::centre::{EtatAccord, Sens};
    use crate::domain::horloge::Echeance;
    use crate::domain::periode::EtatPeriode;
    Some(match valeur {
        Value::Null => return None,
        Value::Bool(vrai) => if *vrai { "oui" } else { "non" }.to_owned(),
        Value::Number(n) if champ.ends_with("_cents") => kernel::Cents(n.as_i64()?).to_string(),
        Value::String(texte) => match champ {
            "etat" => EtatPeriode::of_code(texte)
                .map(EtatPeriode::libelle)
                .or_else(|| EtatAccord::of_code(texte).map(EtatAccord::libelle))
                .map_or_else(|| texte.clone(), str::to_owned),
            "echeance" if Echeance::of_code(texte).is_some() => {
                Echeance::of_code(texte).map(|e| e.libelle().to_owned())?
            }
            "sens" => Sens::of_code(texte).map_or_else(|| texte.clone(), |s| s.libelle().to_owned()),
            "lieu" => if texte == "domicile" { "chez soi" } else { "dans un centre" }.to_owned(),
            _ => match (texte.parse::<NaiveDate>(), texte.parse::<chrono::DateTime<chrono::Utc>>()) {
                (Ok(jour), _) => kernel::date_francaise(jour),
                (_, Ok(instant)) => crate::web::le(instant),
                _ => texte.clone(),
            },
        },
        Value::Array(lignes) => {
            let lignes: Vec<_> = lignes.iter().filter_map(|l| valeur_dite("", l)).collect();
            if lignes.is_empty() { return None } else { lignes.join(", ") }
        }
        Value::Object(champs) => {
            let dits: Vec<_> = champs
                .iter()
                .filter_map(|(nom, v)| dire(nom, v).map(|(l, t)| format!("{}\u{a0}: {t}", l.to_lowercase())))
                .collect();
            if dits.is_empty() { return None } else { dits.join(", ") }
        }
        autre => autre.to_string(),
    })
}
