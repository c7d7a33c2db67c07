//! Tokens of other applications: `/administration/jetons`.

mod formulaire;
mod graphique;
mod liste;
mod nouveau;
mod un;

use ::web::components::{Badge, Tone};
use ::web::jetons::{EtatJeton, Jeton};
use ::web::{RouteTable, Routes};
use chrono::{DateTime, Utc};
use kernel::{Right, date_francaise, heure_de_besancon};
use serde_json::Value;

use crate::Administration;

const LISTE: &str = "/administration/jetons";
/// Beside the list rather than under it: « nouveau » may be a token's name.
const NOUVEAU: &str = "/administration/nouveau-jeton";

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    let right = Right::Administrer;
    Routes::with_state(a.clone())
        .get(LISTE, right, liste::liste)
        .get(NOUVEAU, right, nouveau::voir)
        .post(NOUVEAU, right, nouveau::creer)
        .get("/administration/jetons/{nom}", right, un::voir)
        .post("/administration/jetons/{nom}/modifier", right, un::modifier)
        .post("/administration/jetons/{nom}/renouveler", right, un::renouveler)
        .post("/administration/jetons/{nom}/revoquer", right, un::revoquer)
        .build()
}

/// A name is letters without accents, digits, `.`, `-` and `_`: an address as it is.
fn lien(nom: &str) -> String {
    format!("{LISTE}/{nom}")
}

fn etat(jeton: &Jeton, now: DateTime<Utc>) -> Badge {
    let etat = jeton.etat(now);
    let (tone, icon) = match etat {
        EtatJeton::Actif => (Tone::Success, "circle-check"),
        EtatJeton::Expire => (Tone::Warning, "hourglass"),
        EtatJeton::Revoque => (Tone::Neutral, "circle-x"),
    };
    Badge::new(tone, etat.libelle()).icon(icon)
}

/// A field of the journal about tokens, and its value, as pages write them.
fn dire(field: &str, value: &Value) -> Option<(String, String)> {
    let text = value.as_str().unwrap_or_default();
    let quota = |per: &str| match value.as_i64() {
        Some(n) => format!("{} par {per}", kernel::nombre_francais(n)),
        None => "aucun".to_owned(),
    };
    let (label, said) = match field {
        "objet" if text.is_empty() => return None,
        "objet" => ("Objet", text.to_owned()),
        "droits" => ("Droits", text.replace(' ', ", ")),
        "quota_minute" => ("Quota", quota("minute")),
        "quota_jour" => ("Quota", quota("jour")),
        "expire_le" => ("Dernier jour", dernier_jour(text)),
        "secret" => ("Secret", text.to_owned()),
        "revoque" => ("État", if value == true { "révoqué" } else { "en service" }.to_owned()),
        _ => return None,
    };
    Some((label.to_owned(), said))
}

/// The last day of a token, out of the instant at which it ends.
fn dernier_jour(fin: &str) -> String {
    let day = fin.parse::<DateTime<Utc>>().ok().and_then(|fin| heure_de_besancon(fin).date().pred_opt());
    day.map_or_else(|| fin.to_owned(), date_francaise)
}
