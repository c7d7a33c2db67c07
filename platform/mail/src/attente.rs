//! Messages that wait: taken by one worker at a time, and what became of each attempt.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use db::{DbError, insert_rows};

use crate::composer::Depart;
use crate::store::Etat;

/// Takes up to `most` messages whose time has come: until `jusqua` no other worker does, and their attempt is counted.
pub(crate) async fn prendre<C: ConnectionTrait>(
    conn: &C,
    maintenant: DateTime<Utc>,
    jusqua: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Depart>, DbError> {
    // The condition is said twice: PostgreSQL looks at it again on a row that another worker has just taken.
    let sql = "UPDATE mail_message SET prochain_essai = ?, essais = essais + 1
        WHERE etat = ? AND prochain_essai <= ? AND id IN (
            SELECT id FROM mail_message WHERE etat = ? AND prochain_essai <= ? ORDER BY prochain_essai, id LIMIT ?)
        RETURNING id, destinataire, nom, sujet, texte, html, cree_le, relances, essais";
    let etat = Etat::AEnvoyer.code();
    let valeurs: [Value; 6] =
        [jusqua.into(), etat.into(), maintenant.into(), etat.into(), maintenant.into(), most.into()];
    let depart = |row: &QueryResult| {
        Ok::<_, DbError>(Depart {
            id: row.try_get("", "id")?,
            destinataire: row.try_get("", "destinataire")?,
            nom: row.try_get("", "nom")?,
            sujet: row.try_get("", "sujet")?,
            texte: row.try_get::<Option<String>>("", "texte")?.unwrap_or_default(),
            html: row.try_get("", "html")?,
            cree_le: row.try_get("", "cree_le")?,
            relances: row.try_get("", "relances")?,
            essais: row.try_get("", "essais")?,
        })
    };
    let mut departs = select(conn, sql, valeurs).await?.iter().map(depart).collect::<Result<Vec<_>, _>>()?;
    departs.sort_by_key(|depart| depart.id);
    Ok(departs)
}

/// What became of an attempt.
pub(crate) struct Issue<'a> {
    pub(crate) depart: &'a Depart,
    pub(crate) etat: Etat,
    pub(crate) erreur: Option<&'a str>,
    pub(crate) prochain: Option<DateTime<Utc>>,
    pub(crate) quand: DateTime<Utc>,
}

/// Notes it, unless somebody asked for the message again meanwhile.
pub(crate) async fn noter<C: ConnectionTrait>(conn: &C, issue: &Issue<'_>) -> Result<(), DbError> {
    let envoye = (issue.etat == Etat::Envoye).then_some(issue.quand);
    let sql = "UPDATE mail_message SET etat = ?, erreur = ?, prochain_essai = ?, envoye_le = ?
        WHERE id = ? AND etat = ? AND essais = ? AND relances = ? RETURNING id";
    let valeurs: [Value; 8] = [
        issue.etat.code().into(),
        issue.erreur.map(str::to_owned).into(),
        issue.prochain.into(),
        envoye.into(),
        issue.depart.id.into(),
        Etat::AEnvoyer.code().into(),
        issue.depart.essais.into(),
        issue.depart.relances.into(),
    ];
    select(conn, sql, valeurs).await?;
    let essai = vec![
        issue.depart.id.into(),
        issue.quand.into(),
        issue.etat.code().into(),
        issue.erreur.map(str::to_owned).into(),
    ];
    insert_rows(conn, "mail_essai", &["message", "quand", "etat", "erreur"], [essai]).await?;
    Ok(())
}

/// Gives back messages that were taken until `jusqua` and not tried.
pub(crate) async fn rendre<C: ConnectionTrait>(
    conn: &C,
    departs: &[Depart],
    jusqua: DateTime<Utc>,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    if departs.is_empty() {
        return Ok(());
    }
    let marques = vec!["?"; departs.len()].join(", ");
    let sql = format!(
        "UPDATE mail_message SET prochain_essai = ?, essais = essais - 1
         WHERE etat = ? AND prochain_essai = ? AND id IN ({marques}) RETURNING id"
    );
    let valeurs: [Value; 3] = [quand.into(), Etat::AEnvoyer.code().into(), jusqua.into()];
    select(conn, &sql, valeurs.into_iter().chain(departs.iter().map(|d| d.id.into()))).await?;
    Ok(())
}
