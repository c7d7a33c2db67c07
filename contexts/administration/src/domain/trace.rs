//! A line of the journal as a person reads it: what was done, to what, which values changed. The codes are those that each context
//! writes; one that is not in these tables is shown as it is written, never hidden.

use chrono::{DateTime, Utc};
use contracts::verbes;
use kernel::{heure_de_besancon, instant_francais, nombre_francais};
use serde_json::Value;

/// What each verb of the journal is called; those of exams are in `contracts::verbes`.
const ACTIONS: &[(&str, &str)] = &[
    ("anomalie.attribuer", "Anomalie attribuée"),
    ("anomalie.ignorer", "Anomalie ignorée pour un temps"),
    ("anomalie.regler", "Anomalie réglée"),
    ("anomalie.rouvrir", "Anomalie rouverte"),
    ("collecte.annulee", "Collecte annulée"),
    ("collecte.annuler", "Annulation demandée"),
    ("collecte.appliquer", "Collecte appliquée"),
    ("collecte.confirmer", "Collecte confirmée"),
    ("collecte.demander", "Collecte demandée"),
    ("collecte.renoncer", "Collecte abandonnée"),
    ("compte.activer", "Compte réactivé"),
    ("compte.bloquer", "Compte bloqué"),
    ("compte.creer", "Compte créé"),
    ("compte.debloquer", "Compte débloqué"),
    ("compte.desactiver", "Compte désactivé"),
    ("compte.fermer-sessions", "Sessions fermées"),
    ("compte.modifier", "Compte modifié"),
    ("compte.mot-de-passe", "Mot de passe changé"),
    ("compte.reinitialiser", "Mot de passe remplacé"),
    ("compte.voir-comme", "Vu comme un autre rôle"),
    ("correction.expirer", "Correction arrivée à sa fin"),
    ("correction.modifier", "Correction modifiée"),
    ("correction.poser", "Correction posée"),
    ("correction.retirer", "Correction levée"),
    ("courriel.essayer", "Courriel d’essai demandé"),
    ("courriel.renvoyer", "Courriel renvoyé"),
    ("courriels.effacer", "Courriels anciens effacés"),
    ("courriels.renvoyer", "Courriels en échec renvoyés"),
    ("export", "Liste exportée"),
    ("import.abandonner", "Fichier de corrections oublié"),
    ("import.appliquer", "Corrections importées d’un fichier"),
    ("import.deposer", "Fichier de corrections envoyé"),
    ("jeton.creer", "Jeton créé"),
    ("jeton.modifier", "Jeton modifié"),
    ("jeton.renouveler", "Secret du jeton remplacé"),
    ("jeton.revoquer", "Jeton révoqué"),
    ("liens.verifier", "Liens vérifiés"),
    ("parametre.modifier", "Paramètre modifié"),
    ("travail.arreter", "Travail arrêté"),
    ("travail.relancer", "Travail relancé"),
    ("travaux.purger", "Travaux anciens oubliés"),
    ("vue.enregistrer", "Vue enregistrée"),
    ("vue.renommer", "Vue renommée"),
    ("vue.retablir", "Vue rétablie"),
    ("vue.supprimer", "Vue supprimée"),
];

/// A kind of object: what it is called, and where one of them is shown (`{}` is its key).
const OBJETS: &[(&str, &str, Option<&str>)] = &[
    ("amenagement", "Aménagement", Some("/iexam/amenagements/{}")),
    ("anomalie", "Anomalie", None),
    ("centre_examen", "Centre d’examen", None),
    ("cloture_examen", "Journée de caisse", Some("/iexam/paiements?cloture={}")),
    ("collecte", "Collecte", Some("/maquette/collectes/{}")),
    ("compte", "Compte", Some("/administration/comptes/{}")),
    ("correction", "Correction", Some("/maquette/corrections/{}")),
    ("courriel", "Courriel", Some("/administration/courriels/{}")),
    ("courriels", "Courriels", Some("/administration/courriels")),
    ("diplome", "Diplôme", Some("/maquette/diplomes/{}")),
    ("element", "Élément", Some("/maquette/elements/{}")),
    ("enseignant", "Enseignant", Some("/maquette/enseignants/{}")),
    ("epreuve", "Épreuve", Some("/iexam/epreuves/{}")),
    ("etape", "Étape", Some("/maquette/etapes/{}")),
    ("etudiant", "Étudiant", Some("/maquette/etudiants/{}")),
    ("fichier", "Fichier", None),
    ("import", "Import de corrections", Some("/maquette/corrections/importer/{}")),
    ("import_epreuves", "Import d’épreuves", Some("/iexam/epreuves/importer/{}")),
    ("inscription_examen", "Inscription aux examens", Some("/iexam/inscriptions/{}")),
    ("jeton", "Jeton", Some("/administration/jetons/{}")),
    ("liens", "Liens", Some("/liens")),
    ("liste", "Liste", None),
    ("modalite_examen", "Modalité d’examen", None),
    ("paiement_examen", "Paiement en ligne", Some("/iexam/paiements/en-ligne")),
    ("parametre", "Paramètre", Some("/administration/parametres/{}")),
    ("periode_examen", "Période d’examens", None),
    ("salle_examen", "Salle d’examen", None),
    ("travail", "Travail", Some("/administration/travaux/{}")),
    ("travaux", "Travaux", Some("/administration/travaux")),
    ("version_etape", "Version d’étape", Some("/maquette/etapes/{}")),
    ("vue", "Vue", None),
];

/// Fields whose name alone does not read well.
const CHAMPS: &[(&str, &str)] = &[
    ("accepter_chute", "Chute acceptée"),
    ("actif", "Actif"),
    ("ajoutes", "Ajoutés"),
    ("annee", "Année"),
    ("annees", "Années"),
    ("bascules", "Changements d’état"),
    ("bloque_jusqu_a", "Bloqué jusqu’à"),
    ("debut", "Début"),
    ("diplomes", "Diplômes"),
    ("droits", "Droits"),
    ("duree_ms", "Durée en millisecondes"),
    ("echecs", "Échecs"),
    ("ecriture", "Écriture"),
    ("elements", "Éléments"),
    ("encaisse_cents", "Encaissé en centimes"),
    ("entree", "Connexion"),
    ("etapes", "Étapes"),
    ("etat", "État"),
    ("etudiants", "Étudiants"),
    ("expire_le", "Expire le"),
    ("fermes", "Fermés"),
    ("fin_le", "Fin"),
    ("finis_avant", "Finis avant"),
    ("inchanges", "Inchangés"),
    ("liens_element_liste", "Liens élément → liste"),
    ("liens_etape_liste", "Liens étape → liste"),
    ("liens_liste_element", "Liens liste → élément"),
    ("libelle", "Libellé"),
    ("modifies", "Modifiés"),
    ("montant_cents", "Montant en centimes"),
    ("motif", "Motif"),
    ("oublies", "Travaux oubliés"),
    ("portee", "Contenu"),
    ("prenom", "Prénom"),
    ("quota_jour", "Quota par jour"),
    ("quota_minute", "Quota par minute"),
    ("rattachements", "Rattachements"),
    ("recherche", "Recherche"),
    ("regle", "Règle"),
    ("rembourse_cents", "Remboursé en centimes"),
    ("reponse", "Réponse"),
    ("role", "Rôle"),
    ("solde_cents", "Reste à payer en centimes"),
    ("versions_diplome", "Versions de diplôme"),
    ("versions_etape", "Versions d’étape"),
    ("duree_min", "Durée (min)"),
    ("sujet_par", "Responsable du sujet"),
    ("surveillee", "Surveillée"),
    ("salle_a_part", "Salle à part"),
    ("secretaire", "Secrétaire"),
    ("valide_du", "Premier jour"),
    ("valide_au", "Dernier jour"),
    ("majoration", "Minutes par heure"),
    ("etudiant", "Étudiant"),
    ("element", "Élément"),
    ("annulee", "Annulée"),
    ("retire", "Retiré"),
];

/// Parts of a field's name that make its value one that is not to be shown, should a context ever journal it by mistake.
const SECRETS: [&str; 6] = ["mot_de_passe", "motdepasse", "password", "secret", "empreinte", "csrf"];

/// One value that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Champ {
    /// Its name.
    pub libelle: String,
    /// What it was.
    pub avant: Option<String>,
    /// What it became.
    pub apres: Option<String>,
}

/// The verb as pages write it.
#[must_use]
pub fn action(code: &str) -> String {
    connue(ACTIONS, code).or_else(|| verbes::dit(code)).map_or_else(|| lisible(code), str::to_owned)
}

/// The kind of object as pages write it.
#[must_use]
pub fn objet(code: &str) -> String {
    OBJETS
        .iter()
        .find(|(c, ..)| *c == code)
        .map_or_else(|| lisible(code), |(_, libelle, _)| (*libelle).to_owned())
}

/// Where the object is shown, when it has a page.
#[must_use]
pub fn adresse(objet: &str, cle: &str) -> Option<String> {
    let (.., modele) = OBJETS.iter().find(|(c, ..)| *c == objet)?;
    let cle: Vec<String> = cle.split('/').map(encoder).collect();
    modele.map(|modele| modele.replace("{}", &cle.join("/")))
}

/// A segment of an address: whatever is not plainly harmless is written by its bytes.
fn encoder(segment: &str) -> String {
    let mut out = String::new();
    for octet in segment.bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(octet));
        } else {
            out.push_str(&format!("%{octet:02X}"));
        }
    }
    out
}

/// A field's name as pages write it.
#[must_use]
pub fn champ(nom: &str) -> String {
    connue(CHAMPS, nom).map_or_else(|| lisible(nom), str::to_owned)
}

fn connue<'t>(table: &[(&str, &'t str)], code: &str) -> Option<&'t str> {
    table.iter().find(|(c, _)| *c == code).map(|(_, mot)| *mot)
}

/// `mot_a_mot.fait` as « Mot a mot : fait ».
fn lisible(code: &str) -> String {
    let texte = code.replace('_', " ").replace('.', " : ");
    let mut lettres = texte.chars();
    lettres.next().map(|c| c.to_uppercase().chain(lettres).collect()).unwrap_or_default()
}

/// The values that a line changed, each with its two sides.
#[must_use]
pub fn champs(avant: Option<&Value>, apres: Option<&Value>) -> Vec<Champ> {
    let objet = |v: Option<&Value>| v.is_none_or(|v| v.is_object() || v.is_null());
    if !objet(avant) || !objet(apres) {
        let texte = |v: Option<&Value>| v.filter(|v| !v.is_null()).map(|v| dire("", v));
        return vec![Champ { libelle: "Valeur".to_owned(), avant: texte(avant), apres: texte(apres) }];
    }
    let cote = |v: Option<&Value>| v.and_then(Value::as_object).cloned().unwrap_or_default();
    let (avant, apres) = (cote(avant), cote(apres));
    let mut noms: Vec<&String> = avant.keys().chain(apres.keys()).collect();
    noms.sort();
    noms.dedup();
    let present = |v: Option<&Value>| v.filter(|v| !v.is_null()).cloned();
    noms.into_iter()
        .map(|nom| (nom, present(avant.get(nom)), present(apres.get(nom))))
        .filter(|(_, avant, apres)| avant != apres)
        .map(|(nom, avant, apres)| Champ {
            libelle: champ(nom),
            avant: avant.map(|v| dire(nom, &v)),
            apres: apres.map(|v| dire(nom, &v)),
        })
        .collect()
}

/// A value in words; a secret is never one of them.
fn dire(nom: &str, valeur: &Value) -> String {
    if SECRETS.iter().any(|secret| nom.contains(secret)) {
        return "•••".to_owned();
    }
    match valeur {
        Value::Null => "sans valeur".to_owned(),
        Value::Bool(true) => "oui".to_owned(),
        Value::Bool(false) => "non".to_owned(),
        // A year is not a count: only numbers beyond it are grouped by thousands.
        Value::Number(n) => match n.as_i64() {
            Some(n) if n.abs() >= 10_000 => nombre_francais(n),
            _ => n.to_string().replace('.', ","),
        },
        Value::String(texte) => instant(texte).unwrap_or_else(|| texte.clone()),
        Value::Array(valeurs) => valeurs.iter().map(|v| dire(nom, v)).collect::<Vec<_>>().join(", "),
        Value::Object(champs) => {
            // Of a set of counts, those that are nothing say nothing.
            let vide = |v: &Value| v.is_null() || v.as_i64() == Some(0);
            let dits = champs
                .iter()
                .filter(|(_, v)| !vide(v))
                .map(|(nom, v)| format!("{} {}", champ(nom).to_lowercase(), dire(nom, v)));
            let dits: Vec<_> = dits.collect();
            if dits.is_empty() { "rien".to_owned() } else { dits.join(", ") }
        }
    }
}

fn instant(texte: &str) -> Option<String> {
    if texte.len() < 20 || !texte.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let lu: DateTime<Utc> = texte.parse().ok()?;
    Some(instant_francais(heure_de_besancon(lu)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_changed_is_said_in_words() {
        let avant = json!({ "nom": "Anne", "role": "direction", "actif": true, "fin_le": null });
        let apres =
            json!({ "nom": "Anne", "role": "scolarite", "actif": false, "fin_le": "2025-01-13T08:00:00Z" });
        let dits = champs(Some(&avant), Some(&apres));
        let lignes: Vec<_> = dits
            .iter()
            .map(|c| {
                format!(
                    "{} {} {}",
                    c.libelle,
                    c.avant.as_deref().unwrap_or("-"),
                    c.apres.as_deref().unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(
            lignes,
            ["Actif oui non", "Fin - lundi 13 janvier 2025 à 9 h 00", "Rôle direction scolarite"]
                .map(|l| l.replace(" h 00", "\u{a0}h\u{a0}00")),
            "{lignes:?}"
        );
        assert_eq!(champs(Some(&json!("a")), Some(&json!("b"))).len(), 1);
        assert_eq!(champs(None, None), []);
    }

    #[test]
    fn a_secret_that_somebody_journaled_is_not_shown() {
        let dits = champs(
            None,
            Some(&json!({ "mot_de_passe": "azerty", "ailleurs": { "empreinte": "$argon2id$x" } })),
        );
        let dits = format!("{dits:?}");
        assert!(!dits.contains("azerty") && !dits.contains("argon2id") && dits.contains("•••"), "{dits}");
    }

    #[test]
    fn objects_lead_to_their_page_and_keys_cannot_leave_it() {
        assert_eq!(adresse("etape", "L1DRO/911").as_deref(), Some("/maquette/etapes/L1DRO/911"));
        assert_eq!(
            adresse("compte", "a?b#c\"é").as_deref(),
            Some("/administration/comptes/a%3Fb%23c%22%C3%A9")
        );
        assert_eq!(adresse("inconnu", "x"), None);
        assert_eq!(action("chose.faire_vite"), "Chose : faire vite");
    }
}
