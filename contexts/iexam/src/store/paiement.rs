//! Attempts to pay online, and the notifications of the bank.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, execute, like, returning_id, select};
use db::{DbError, Page, Paging};
use kernel::Cents;

use super::inconnu;
use crate::domain::paiement::{EtatPaiement, Verdict};

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paiement {
    /// Row.
    pub id: i64,
    /// Registration.
    pub inscription: i64,
    /// What travels.
    pub reference: String,
    /// What was asked.
    pub montant: Cents,
    /// Where it stands.
    pub etat: EtatPaiement,
    /// When it began.
    pub commence_le: DateTime<Utc>,
    /// When the bank said how it ended.
    pub regle_le: Option<DateTime<Utc>>,
    /// What the bank said.
    pub detail: String,
    /// Number of authorisation.
    pub autorisation: String,
    /// Number of the transaction at the bank.
    pub transaction: Option<String>,
    /// The row of the ledger that it wrote.
    pub ecriture: Option<i64>,
}

const COLONNES: &str = "p.id, p.inscription, p.reference, p.montant_cents, p.etat, p.commence_le, p.regle_le, p.detail, p.autorisation,
    p.transaction_banque, p.ecriture";

fn lire(row: &QueryResult) -> Result<Paiement, DbError> {
    let etat = EtatPaiement::of_code(&row.try_get_by_index::<String>(4)?);
    Ok(Paiement {
        id: row.try_get_by_index(0)?,
        inscription: row.try_get_by_index(1)?,
        reference: row.try_get_by_index(2)?,
        montant: Cents(row.try_get_by_index(3)?),
        etat: etat.ok_or_else(|| inconnu("iexam_paiement.etat"))?,
        commence_le: row.try_get_by_index(5)?,
        regle_le: row.try_get_by_index(6)?,
        detail: row.try_get_by_index(7)?,
        autorisation: row.try_get_by_index(8)?,
        transaction: row.try_get_by_index(9)?,
        ecriture: row.try_get_by_index(10)?,
    })
}

/// Begins an attempt.
///
/// # Errors
/// Those of the database.
pub async fn paiement_add<C: ConnectionTrait>(
    conn: &C,
    inscription: i64,
    reference: &str,
    montant: Cents,
    quand: DateTime<Utc>,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_paiement (inscription, reference, montant_cents, etat, commence_le) VALUES (?, ?, ?, ?, ?) RETURNING id";
    let valeurs: [Value; 5] = [
        inscription.into(),
        reference.into(),
        montant.0.into(),
        EtatPaiement::Commence.code().into(),
        quand.into(),
    ];
    returning_id(conn, sql, valeurs).await
}

/// The attempt of that reference.
///
/// # Errors
/// Those of the database.
pub async fn paiement_par_reference<C: ConnectionTrait>(
    conn: &C,
    reference: &str,
) -> Result<Option<Paiement>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_paiement p WHERE p.reference = ?");
    select(conn, &sql, [reference.into()]).await?.first().map(lire).transpose()
}

/// The attempts of a registration, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn paiements_de<C: ConnectionTrait>(conn: &C, inscription: i64) -> Result<Vec<Paiement>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_paiement p WHERE p.inscription = ? ORDER BY p.id DESC");
    select(conn, &sql, [inscription.into()]).await?.iter().map(lire).collect()
}

/// Writes how an attempt stands.
///
/// # Errors
/// Those of the database.
pub async fn paiement_write<C: ConnectionTrait>(conn: &C, p: &Paiement) -> Result<(), DbError> {
    let sql = "UPDATE iexam_paiement SET etat = ?, regle_le = ?, detail = ?, autorisation = ?, transaction_banque = ?, ecriture = ?
        WHERE id = ?";
    let valeurs: [Value; 7] = [
        p.etat.code().into(),
        p.regle_le.into(),
        p.detail.as_str().into(),
        p.autorisation.as_str().into(),
        p.transaction.clone().into(),
        p.ecriture.into(),
        p.id.into(),
    ];
    execute(conn, sql, valeurs).await?;
    Ok(())
}

/// An attempt with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaiementVu {
    /// The attempt.
    pub paiement: Paiement,
    /// « Prénom Nom ».
    pub nom: String,
    /// COD_ETU.
    pub etudiant: String,
}

/// A page of the attempts, the latest first; those in these states, when there are any.
///
/// # Errors
/// Those of the database.
pub async fn paiement_list<C: ConnectionTrait>(
    conn: &C,
    etats: &[EtatPaiement],
    recherche: &str,
    paging: Paging,
) -> Result<Page<PaiementVu>, DbError> {
    let mut ou = vec!["1 = 1".to_owned()];
    let mut valeurs: Vec<Value> = Vec::new();
    if !etats.is_empty() {
        ou.push(format!("p.etat IN ({})", super::marques(etats.len())));
        valeurs.extend(etats.iter().map(|e| Value::from(e.code())));
    }
    for mot in recherche.split_whitespace() {
        ou.push("(i.recherche LIKE ? ESCAPE '!' OR LOWER(p.reference) LIKE ? ESCAPE '!')".to_owned());
        valeurs.extend([like(mot), like(mot)].map(Value::from));
    }
    let de = format!(
        "FROM iexam_paiement p JOIN iexam_inscription i ON i.id = p.inscription WHERE {}",
        ou.join(" AND ")
    );
    let total = count(conn, &format!("SELECT COUNT(*) {de}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT {COLONNES}, i.nom, i.etudiant {de} ORDER BY p.commence_le DESC, p.id DESC LIMIT ? OFFSET ?"
    );
    let bornes = [paging.taille(), paging.offset()].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let rows = select(conn, &sql, valeurs.into_iter().chain(bornes.map(Value::from))).await?;
    let vus = rows.iter().map(|row| {
        Ok::<_, DbError>(PaiementVu {
            paiement: lire(row)?,
            nom: row.try_get_by_index(11)?,
            etudiant: row.try_get_by_index(12)?,
        })
    });
    Ok(Page::new(paging, total, vus.collect::<Result<_, _>>()?))
}

/// A notification, as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Row; 0 before it is written.
    pub id: i64,
    /// When.
    pub recue_le: DateTime<Utc>,
    /// Of its text.
    pub empreinte: String,
    /// What was thought of it.
    pub verdict: Verdict,
    /// What it says it settles.
    pub reference: String,
    /// Amount that it says.
    pub montant: Option<Cents>,
    /// In words.
    pub detail: String,
}

/// Keeps a notification.
///
/// # Errors
/// Those of the database.
pub async fn notification_add<C: ConnectionTrait>(conn: &C, n: &Notification) -> Result<(), DbError> {
    let sql = "INSERT INTO iexam_notification (recue_le, empreinte, verdict, reference, montant_cents, detail) VALUES (?, ?, ?, ?, ?, ?)";
    let valeurs: [Value; 6] = [
        n.recue_le.into(),
        n.empreinte.as_str().into(),
        n.verdict.code().into(),
        n.reference.as_str().into(),
        n.montant.map(|m| m.0).into(),
        n.detail.as_str().into(),
    ];
    execute(conn, sql, valeurs).await?;
    Ok(())
}

/// How many notifications of a verdict came since an instant.
///
/// # Errors
/// Those of the database.
pub async fn notifications_depuis<C: ConnectionTrait>(
    conn: &C,
    verdict: Verdict,
    depuis: DateTime<Utc>,
) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_notification WHERE recue_le >= ? AND verdict = ?";
    count(conn, sql, [depuis.into(), verdict.code().into()]).await
}

/// A page of the notifications, the latest first; those of these verdicts, when there are any.
///
/// # Errors
/// Those of the database.
pub async fn notification_list<C: ConnectionTrait>(
    conn: &C,
    verdicts: &[Verdict],
    paging: Paging,
) -> Result<Page<Notification>, DbError> {
    let ou = match verdicts.len() {
        0 => String::new(),
        n => format!("WHERE verdict IN ({})", super::marques(n)),
    };
    let valeurs: Vec<Value> = verdicts.iter().map(|v| Value::from(v.code())).collect();
    let total =
        count(conn, &format!("SELECT COUNT(*) FROM iexam_notification {ou}"), valeurs.clone()).await?;
    let sql = format!(
        "SELECT id, recue_le, empreinte, verdict, reference, montant_cents, detail FROM iexam_notification {ou}
         ORDER BY recue_le DESC, id DESC LIMIT ? OFFSET ?"
    );
    let bornes = [paging.taille(), paging.offset()].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let rows = select(conn, &sql, valeurs.into_iter().chain(bornes.map(Value::from))).await?;
    let lire = |row: &QueryResult| {
        let verdict = Verdict::of_code(&row.try_get_by_index::<String>(3)?);
        let montant: Option<i64> = row.try_get_by_index(5)?;
        Ok::<_, DbError>(Notification {
            id: row.try_get_by_index(0)?,
            recue_le: row.try_get_by_index(1)?,
            empreinte: row.try_get_by_index(2)?,
            verdict: verdict.ok_or_else(|| inconnu("iexam_notification.verdict"))?,
            reference: row.try_get_by_index(4)?,
            montant: montant.map(Cents),
            detail: row.try_get_by_index(6)?,
        })
    };
    Ok(Page::new(paging, total, rows.iter().map(lire).collect::<Result<_, _>>()?))
}
