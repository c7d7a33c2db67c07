//! Accounts and their sessions: `/administration/comptes`.

mod gerer;
mod liste;
mod nouveau;
mod un;

use ::web::comptes::{Compte, CompteFault};
use ::web::{PageError, RouteTable, Routes};
use kernel::{Right, Role};
use serde_json::Value;

use crate::Administration;

const LISTE: &str = "/administration/comptes";
/// Under a name that no login can be, « - » being too short: « nouveau » may be somebody's.
const NOUVEAU: &str = "/administration/comptes/-/nouveau";

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    let right = Right::Administrer;
    Routes::with_state(a.clone())
        .get(LISTE, right, liste::liste)
        .get(NOUVEAU, right, nouveau::voir)
        .post(NOUVEAU, right, nouveau::creer)
        .get("/administration/comptes/{identifiant}", right, un::voir)
        .post("/administration/comptes/{identifiant}/modifier", right, un::modifier)
        .post("/administration/comptes/{identifiant}/activer", right, gerer::activer)
        .post("/administration/comptes/{identifiant}/desactiver", right, gerer::desactiver)
        .post("/administration/comptes/{identifiant}/debloquer", right, gerer::debloquer)
        .post("/administration/comptes/{identifiant}/mot-de-passe", right, gerer::reinitialiser)
        .post("/administration/comptes/{identifiant}/sessions/fermer", right, gerer::fermer_sessions)
        .build()
}

/// A login is letters without accents, digits, `.`, `-`, `_` and `@`: an address as it is.
fn lien(identifiant: &str) -> String {
    format!("{LISTE}/{identifiant}")
}

async fn lire(a: &Administration, identifiant: &str) -> Result<Compte, PageError> {
    let held = a.web.comptes().lire(identifiant).await?;
    held.ok_or_else(|| CompteFault::Inconnu(identifiant.to_owned()).into())
}

/// A field of the journal about accounts, and its value, as pages write them.
fn dire(field: &str, value: &Value) -> Option<(String, String)> {
    let text = value.as_str().unwrap_or_default();
    let role =
        |code: &str| code.parse::<Role>().map_or_else(|_| code.to_owned(), |role| role.libelle().to_owned());
    let said = match field {
        "nom" => ("Nom", text.to_owned()),
        "role" => ("Rôle", role(text)),
        "entree" => ("Connexion", ::web::comptes::Entree::parse(text).libelle().to_owned()),
        "etudiant" => {
            ("Numéro d’étudiant", if value.is_null() { "aucun".to_owned() } else { text.to_owned() })
        }
        "actif" => ("État", if value == true { "actif" } else { "désactivé" }.to_owned()),
        "echecs" => ("Essais manqués", value.to_string()),
        "secondes" => {
            ("Blocage", kernel::duree_francaise(chrono::Duration::seconds(value.as_i64().unwrap_or(0))))
        }
        "sessions_fermees" => ("Sessions fermées", value.to_string()),
        "voir_comme" => ("Vu comme", role(text)),
        _ => return None,
    };
    Some((said.0.to_owned(), said.1))
}
