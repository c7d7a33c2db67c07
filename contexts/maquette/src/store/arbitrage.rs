//! What people decided of anomalies: written here, read with them in [`super::anomalie`].

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;
use db::{DbError, Upsert, upsert_rows};
use kernel::Actor;

use super::anomalie::AnomalieVue;
use crate::domain::arbitrage::{Decision, EtatArbitrage};

/// A decision to keep.
#[derive(Clone, Debug, Default)]
pub struct Arbitrage<'a> {
    /// What.
    pub etat: Option<EtatArbitrage>,
    /// Login of who has it.
    pub attribuee_a: Option<&'a str>,
    /// How it is settled.
    pub decision: Option<Decision>,
    /// Why.
    pub motif: Option<&'a str>,
    /// The local value, in words.
    pub valeur_locale: Option<&'a str>,
    /// Last day of being set aside.
    pub jusqu_au: Option<NaiveDate>,
    /// The correction that settles it.
    pub correction: Option<i64>,
}

/// Keeps the same decision for several anomalies, each with its values of today. `attribue` says who has each.
///
/// # Errors
/// Those of the database.
pub async fn arbitrage_write<C: ConnectionTrait>(
    conn: &C,
    anomalies: &[AnomalieVue],
    decide: &Arbitrage<'_>,
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<u64, DbError> {
    let colonnes = [
        "annee",
        "regle",
        "objet",
        "cle_objet",
        "champ",
        "etat",
        "attribuee_a",
        "decision",
        "motif",
        "valeur_locale",
        "jusqu_au",
        "valeur_a",
        "valeur_b",
        "correction_id",
        "par",
        "le",
    ];
    let cible = Upsert {
        table: "maquette_arbitrage",
        columns: &colonnes,
        key: &["annee", "regle", "objet", "cle_objet", "champ"],
        update: &[
            "etat",
            "attribuee_a",
            "decision",
            "motif",
            "valeur_locale",
            "jusqu_au",
            "valeur_a",
            "valeur_b",
            "correction_id",
            "par",
            "le",
        ],
    };
    let texte = |t: Option<&str>| Value::from(t.map(ToOwned::to_owned));
    let lignes = anomalies.iter().map(|a| {
        // Who had it still has it: it comes back to the same person.
        let personne = decide.attribuee_a.or(a.attribuee_a()).filter(|p| !p.is_empty());
        vec![
            i64::from(a.annee).into(),
            a.regle.as_str().into(),
            a.objet.as_str().into(),
            a.cle.as_str().into(),
            a.champ.as_str().into(),
            decide.etat.unwrap_or(EtatArbitrage::ATraiter).code().into(),
            texte(personne),
            texte(decide.decision.map(Decision::code)),
            texte(decide.motif),
            texte(decide.valeur_locale),
            decide.jusqu_au.into(),
            a.a.1.as_str().into(),
            a.b.1.as_str().into(),
            decide.correction.into(),
            acteur.to_string().into(),
            quand.into(),
        ]
    });
    upsert_rows(conn, cible, lignes.collect::<Vec<_>>()).await
}

/// The anomaly that a correction settles.
///
/// # Errors
/// Those of the database.
pub async fn anomalie_de_correction<C: ConnectionTrait>(
    conn: &C,
    correction: i64,
) -> Result<Option<i64>, DbError> {
    let sql = "SELECT a.id FROM maquette_arbitrage t
        JOIN maquette_anomalie a ON a.annee = t.annee AND a.regle = t.regle AND a.objet = t.objet AND a.cle_objet = t.cle_objet
            AND a.champ = t.champ
        WHERE t.correction_id = ? ORDER BY a.id LIMIT 1";
    let rows = select(conn, sql, [correction.into()]).await?;
    Ok(match rows.first() {
        Some(row) => Some(row.try_get_by_index(0)?),
        None => None,
    })
}
