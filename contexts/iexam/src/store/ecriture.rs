//! The ledger: rows are added, never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, select};
use db::{DbError, insert_numbered, insert_rows};
use kernel::{Actor, Cents, heure_de_besancon};

use crate::domain::decompte::Ligne;
use crate::domain::ecriture::{Moyen, Nature};

/// A row to add. The amount is signed as [`Nature::signe`] says.
#[derive(Clone, Debug)]
pub struct Nouvelle<'a> {
    /// Registration.
    pub inscription: i64,
    /// What it is.
    pub nature: Nature,
    /// How money moved, when it did.
    pub moyen: Option<Moyen>,
    /// What it adds to what is left to pay.
    pub montant: Cents,
    /// As the account shows it.
    pub libelle: &'a str,
    /// Number of a cheque, of a transaction.
    pub reference: &'a str,
    /// The day it counts for.
    pub jour: NaiveDate,
    /// The row that it corrects.
    pub corrige: Option<i64>,
}

/// What a row is written in.
pub(super) const COLONNES: [&str; 10] = [
    "inscription",
    "nature",
    "moyen",
    "montant_cents",
    "libelle",
    "reference",
    "jour",
    "ecrite_le",
    "ecrite_par",
    "corrige",
];

impl Nouvelle<'_> {
    /// In the order of [`COLONNES`].
    pub(super) fn valeurs(&self, quand: DateTime<Utc>, acteur: &Actor) -> Vec<Value> {
        vec![
            self.inscription.into(),
            self.nature.code().into(),
            self.moyen.map(Moyen::code).into(),
            self.montant.0.into(),
            self.libelle.into(),
            self.reference.into(),
            self.jour.into(),
            quand.into(),
            acteur.to_string().into(),
            self.corrige.into(),
        ]
    }
}

/// Adds rows, and moves what is left to pay of their registrations. Their numbers, in their order.
///
/// # Errors
/// Those of the database.
pub async fn ecritures_add<C: ConnectionTrait>(
    conn: &C,
    ecritures: &[Nouvelle<'_>],
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<Vec<i64>, DbError> {
    let rows: Vec<_> = ecritures.iter().map(|e| e.valeurs(quand, acteur)).collect();
    let ids = insert_numbered(conn, "iexam_ecriture", &COLONNES, rows).await?;
    let inscriptions: Vec<_> = ecritures.iter().map(|e| e.inscription).collect();
    solde_recompute(conn, &inscriptions).await?;
    Ok(ids)
}

/// What the ledger charges, per item, of each of these registrations.
///
/// # Errors
/// Those of the database.
pub async fn postes_portes<C: ConnectionTrait>(
    conn: &C,
    inscriptions: &[i64],
) -> Result<BTreeMap<i64, BTreeMap<String, (String, Cents)>>, DbError> {
    let mut portes: BTreeMap<i64, BTreeMap<String, (String, Cents)>> = BTreeMap::new();
    for tranche in inscriptions.chunks(500) {
        // The latest label of an item is the one to take it back with. The sum of a BIGINT is a NUMERIC on PostgreSQL.
        let sql = format!(
            "SELECT t.inscription, t.poste, t.total, d.libelle FROM (
                SELECT inscription, poste, CAST(SUM(montant_cents) AS BIGINT) AS total, MAX(id) AS dernier
                FROM iexam_ecriture WHERE poste IS NOT NULL AND inscription IN ({})
                GROUP BY inscription, poste) t
             JOIN iexam_ecriture d ON d.id = t.dernier",
            super::marques(tranche.len())
        );
        for row in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            let (id, poste, montant): (i64, String, i64) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let libelle: String = row.try_get_by_index(3)?;
            portes.entry(id).or_default().insert(poste, (libelle, Cents(montant)));
        }
    }
    Ok(portes)
}

/// A row of « dû » to add: it counts for the day on which it is written, in Besançon.
#[derive(Clone, Copy, Debug)]
pub struct NouveauDu<'a> {
    /// Registration.
    pub inscription: i64,
    /// Item, label and amount.
    pub ligne: &'a Ligne,
    /// The instant.
    pub quand: DateTime<Utc>,
    /// Who moved it.
    pub acteur: &'a Actor,
}

/// Adds rows of « dû », a registration after the other. What is left to pay is then to be summed again: [`solde_recompute`].
///
/// # Errors
/// Those of the database.
pub async fn dus_add<C: ConnectionTrait>(conn: &C, dus: &[NouveauDu<'_>]) -> Result<(), DbError> {
    let colonnes =
        ["inscription", "nature", "montant_cents", "libelle", "poste", "jour", "ecrite_le", "ecrite_par"];
    let rows = dus.iter().map(|du| {
        vec![
            du.inscription.into(),
            Nature::Du.code().into(),
            du.ligne.montant.0.into(),
            du.ligne.libelle.as_str().into(),
            du.ligne.poste.as_str().into(),
            heure_de_besancon(du.quand).date().into(),
            du.quand.into(),
            du.acteur.to_string().into(),
        ]
    });
    insert_rows(conn, "iexam_ecriture", &colonnes, rows.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Sums the ledger of these registrations again.
///
/// # Errors
/// Those of the database.
pub async fn solde_recompute<C: ConnectionTrait>(conn: &C, inscriptions: &[i64]) -> Result<(), DbError> {
    for tranche in inscriptions.chunks(500) {
        let sql = format!(
            "UPDATE iexam_inscription SET
                solde_cents = (SELECT CAST(COALESCE(SUM(e.montant_cents), 0) AS BIGINT) FROM iexam_ecriture e
                    WHERE e.inscription = iexam_inscription.id),
                du_cents = (SELECT CAST(COALESCE(SUM(e.montant_cents), 0) AS BIGINT) FROM iexam_ecriture e
                    WHERE e.inscription = iexam_inscription.id AND e.nature = 'du')
             WHERE id IN ({})",
            super::marques(tranche.len())
        );
        execute(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await?;
    }
    Ok(())
}
