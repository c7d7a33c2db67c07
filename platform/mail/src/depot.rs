//! How messages are written down, to leave once what sends them is committed.

use std::borrow::Borrow;

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, Value};
use db::{DbError, insert_numbered, insert_rows};

use crate::message::{MailFault, Message};
use crate::store::{Etat, empreinte};

/// Writes a message down in the transaction of the action that sends it: it leaves once that is committed. Its number.
///
/// # Errors
/// Attachments that no server takes; those of the database.
pub async fn enqueue<C: ConnectionTrait>(
    conn: &C,
    message: &Message,
    quand: DateTime<Utc>,
) -> Result<i64, MailFault> {
    let ids = enqueue_all(conn, &[(message, quand)]).await?;
    ids.first().copied().ok_or_else(|| DbError::Value("mail_message : pas de numéro".to_owned()).into())
}

/// [`enqueue`] for many messages, in as few statements as one needs. Their numbers, in their order.
///
/// # Errors
/// Attachments that no server takes, whatever the message: none is then written; those of the database.
pub async fn enqueue_all<M: Borrow<Message>, C: ConnectionTrait>(
    conn: &C,
    messages: &[(M, DateTime<Utc>)],
) -> Result<Vec<i64>, MailFault> {
    for (message, _) in messages {
        message.borrow().verifie()?;
    }
    let colonnes = [
        "destinataire",
        "nom",
        "sujet",
        "texte",
        "html",
        "objet",
        "recherche",
        "etat",
        "essais",
        "relances",
        "prochain_essai",
        "cree_le",
    ];
    let lignes = messages.iter().map(|(m, quand)| {
        let m: &Message = m.borrow();
        vec![
            m.destinataire.as_str().into(),
            m.nom.as_str().into(),
            m.sujet.as_str().into(),
            m.texte.as_str().into(),
            m.html.clone().into(),
            m.objet.as_str().into(),
            kernel::fold(&format!("{} {} {} {}", m.destinataire, m.nom, m.sujet, m.objet)).into(),
            Etat::AEnvoyer.code().into(),
            0_i64.into(),
            0_i64.into(),
            (*quand).into(),
            (*quand).into(),
        ]
    });
    let ids = insert_numbered(conn, "mail_message", &colonnes, lignes.collect::<Vec<_>>()).await?;
    let pieces = ids.iter().zip(messages).flat_map(|(id, (m, _))| pieces(*id, m.borrow()));
    let colonnes = ["message", "nom", "nature", "taille", "octets", "origine", "empreinte"];
    insert_rows(conn, "mail_piece", &colonnes, pieces.collect::<Vec<_>>()).await?;
    Ok(ids)
}

/// The attachments of a message, those that are still to be made after the others.
fn pieces(id: i64, message: &Message) -> impl Iterator<Item = Vec<Value>> {
    let faites = message.pieces.iter().map(move |piece| {
        let taille = i64::try_from(piece.octets.len()).unwrap_or(i64::MAX);
        vec![
            id.into(),
            piece.nom.as_str().into(),
            piece.nature.as_str().into(),
            taille.into(),
            Some(piece.octets.clone()).into(),
            None::<String>.into(),
            Some(empreinte(&piece.octets)).into(),
        ]
    });
    let a_faire = message.a_faire.iter().map(move |piece| {
        vec![
            id.into(),
            piece.nom.as_str().into(),
            piece.nature.as_str().into(),
            0_i64.into(),
            None::<Vec<u8>>.into(),
            Some(piece.origine.clone()).into(),
            None::<String>.into(),
        ]
    });
    faites.chain(a_faire)
}
