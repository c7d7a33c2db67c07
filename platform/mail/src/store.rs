//! The tables of outgoing mail.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, like, select};
use db::{DbError, Migration, Page, Paging};
use sha2::{Digest as _, Sha256};

use crate::message::{MailFault, Piece};

/// The tables of outgoing mail.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "mail",
        name: "0001_courriel",
        sql: "CREATE TABLE mail_message (
        id {id},
        destinataire TEXT NOT NULL,
        nom TEXT NOT NULL,
        sujet TEXT NOT NULL,
        texte TEXT,
        html TEXT,
        objet TEXT NOT NULL,
        recherche TEXT NOT NULL,
        etat TEXT NOT NULL,
        essais BIGINT NOT NULL,
        relances BIGINT NOT NULL,
        prochain_essai {instant},
        erreur TEXT,
        cree_le {instant} NOT NULL,
        envoye_le {instant},
        efface_le {instant});
CREATE INDEX mail_message_attente ON mail_message (etat, prochain_essai);
CREATE INDEX mail_message_etat ON mail_message (etat, id);
CREATE INDEX mail_message_objet ON mail_message (objet, id);
CREATE INDEX mail_message_efface ON mail_message (efface_le, cree_le);
CREATE TABLE mail_piece (
        id {id},
        message BIGINT NOT NULL REFERENCES mail_message (id),
        nom TEXT NOT NULL,
        nature TEXT NOT NULL,
        taille BIGINT NOT NULL,
        octets {octets});
CREATE INDEX mail_piece_message ON mail_piece (message, id);
CREATE TABLE mail_essai (
        id {id},
        message BIGINT NOT NULL REFERENCES mail_message (id),
        quand {instant} NOT NULL,
        etat TEXT NOT NULL,
        erreur TEXT);
CREATE INDEX mail_essai_message ON mail_essai (message, id)",
    },
    // `origine`: of what the file is made when the message leaves. `empreinte`: SHA-256 of the bytes, once there are some.
    Migration {
        context: "mail",
        name: "0002_piece",
        sql: "ALTER TABLE mail_piece ADD COLUMN origine TEXT;
ALTER TABLE mail_piece ADD COLUMN empreinte TEXT",
    },
];

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Etat {
    /// It waits, for the worker or for its next attempt.
    AEnvoyer,
    /// The server has taken it.
    Envoye,
    /// Given up: the error says why.
    Echec,
}

impl Etat {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::AEnvoyer, Self::Envoye, Self::Echec];

    /// As the table holds it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AEnvoyer => "a_envoyer",
            Self::Envoye => "envoye",
            Self::Echec => "echec",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::AEnvoyer => "À envoyer",
            Self::Envoye => "Envoyé",
            Self::Echec => "Échec",
        }
    }

    pub(crate) fn lu(code: &str) -> Result<Self, DbError> {
        let trouve = Self::ALL.into_iter().find(|etat| etat.code() == code);
        trouve.ok_or_else(|| DbError::Value(format!("mail.etat : « {code} »")))
    }
}

/// A message as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    /// Number.
    pub id: i64,
    /// To whom.
    pub destinataire: String,
    /// Their name.
    pub nom: String,
    /// Subject.
    pub sujet: String,
    /// What it is about: `iexam.inscription/12`.
    pub objet: String,
    /// Where it is.
    pub etat: Etat,
    /// Attempts since it was last asked for.
    pub essais: i64,
    /// When it is tried next.
    pub prochain_essai: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub erreur: Option<String>,
    /// Since when.
    pub cree_le: DateTime<Utc>,
    /// When the server took it.
    pub envoye_le: Option<DateTime<Utc>>,
}

/// A whole message. Its text is `None` once its time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Courriel {
    /// What lists show.
    pub ligne: Ligne,
    /// Its text.
    pub texte: Option<String>,
    /// Since when text and attachments are no longer kept.
    pub efface_le: Option<DateTime<Utc>>,
    /// How many times somebody asked for it again.
    pub relances: i64,
    /// Its attachments, without their contents.
    pub pieces: Vec<PieceJointe>,
    /// The attempts, the first one first.
    pub essais: Vec<Essai>,
}

/// An attachment without its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceJointe {
    /// Number.
    pub id: i64,
    /// File name.
    pub nom: String,
    /// Bytes; 0 while it is not made.
    pub taille: u64,
    /// Whether its contents are kept.
    pub gardee: bool,
    /// Whether it is made when the message leaves, which it has not yet.
    pub a_faire: bool,
    /// SHA-256 of its contents, in hexadecimal; it stays when they are no longer kept.
    pub empreinte: Option<String>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Essai {
    /// When.
    pub quand: DateTime<Utc>,
    /// Where it left the message.
    pub etat: Etat,
    /// Why it failed.
    pub erreur: Option<String>,
}

/// Which messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Critere {
    /// In one of these states; any when there is none.
    pub etats: Vec<Etat>,
    /// Somewhere in address, name, subject or object.
    pub recherche: Option<String>,
}

impl Critere {
    fn sql(&self) -> (String, Vec<Value>) {
        let (mut sql, mut valeurs) = (String::from("1 = 1"), Vec::<Value>::new());
        if !self.etats.is_empty() {
            let marques = vec!["?"; self.etats.len()].join(", ");
            sql.push_str(&format!(" AND etat IN ({marques})"));
            valeurs.extend(self.etats.iter().map(|etat| Value::from(etat.code())));
        }
        let mots = self.recherche.as_deref().map(kernel::fold).unwrap_or_default();
        for mot in mots.split_whitespace() {
            sql.push_str(" AND recherche LIKE ? ESCAPE '!'");
            valeurs.push(like(mot).into());
        }
        (sql, valeurs)
    }
}

const LIGNE: &str =
    "id, destinataire, nom, sujet, objet, etat, essais, prochain_essai, erreur, cree_le, envoye_le";

fn ligne(row: &QueryResult) -> Result<Ligne, DbError> {
    Ok(Ligne {
        id: row.try_get("", "id")?,
        destinataire: row.try_get("", "destinataire")?,
        nom: row.try_get("", "nom")?,
        sujet: row.try_get("", "sujet")?,
        objet: row.try_get("", "objet")?,
        etat: Etat::lu(&row.try_get::<String>("", "etat")?)?,
        essais: row.try_get("", "essais")?,
        prochain_essai: row.try_get("", "prochain_essai")?,
        erreur: row.try_get("", "erreur")?,
        cree_le: row.try_get("", "cree_le")?,
        envoye_le: row.try_get("", "envoye_le")?,
    })
}

/// A page of the messages, the latest first.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_list<C: ConnectionTrait>(
    conn: &C,
    critere: &Critere,
    paging: Paging,
) -> Result<Page<Ligne>, DbError> {
    let (ou, valeurs) = critere.sql();
    let total = compte(conn, critere).await?;
    let sql = format!("SELECT {LIGNE} FROM mail_message WHERE {ou} ORDER BY id DESC LIMIT ? OFFSET ?");
    let bornes =
        [paging.taille(), paging.offset()].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    let rows = select(conn, &sql, valeurs.into_iter().chain(bornes)).await?;
    Ok(Page::new(paging, total, rows.iter().map(ligne).collect::<Result<_, _>>()?))
}

/// How many messages.
///
/// # Errors
/// When the database refuses.
pub async fn compte<C: ConnectionTrait>(conn: &C, critere: &Critere) -> Result<u64, DbError> {
    let (ou, valeurs) = critere.sql();
    count(conn, &format!("SELECT COUNT(*) FROM mail_message WHERE {ou}"), valeurs).await
}

/// How many messages are in each state.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_count_by_state<C: ConnectionTrait>(conn: &C) -> Result<Vec<(Etat, u64)>, DbError> {
    let rows = select(conn, "SELECT etat, COUNT(*) AS n FROM mail_message GROUP BY etat", []).await?;
    let mut comptes: Vec<(Etat, u64)> = Etat::ALL.into_iter().map(|etat| (etat, 0)).collect();
    for row in rows {
        let etat = Etat::lu(&row.try_get::<String>("", "etat")?)?;
        if let Some((_, n)) = comptes.iter_mut().find(|(e, _)| *e == etat) {
            *n = row.try_get::<i64>("", "n")?.unsigned_abs();
        }
    }
    Ok(comptes)
}

/// The messages about one object, the latest first: `iexam.inscription`, 12.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_of_objet<C: ConnectionTrait>(
    conn: &C,
    genre: &str,
    cle: impl std::fmt::Display,
) -> Result<Vec<Ligne>, DbError> {
    let sql = format!("SELECT {LIGNE} FROM mail_message WHERE objet = ? ORDER BY id DESC LIMIT 100");
    select(conn, &sql, [format!("{genre}/{cle}").into()]).await?.iter().map(ligne).collect()
}

/// One message.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Courriel>, DbError> {
    let sql = format!("SELECT {LIGNE}, texte, relances, efface_le FROM mail_message WHERE id = ?");
    let rows = select(conn, &sql, [id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let sql = "SELECT id, nom, taille, CASE WHEN octets IS NULL THEN 0 ELSE 1 END AS gardee,
        CASE WHEN octets IS NULL AND origine IS NOT NULL THEN 1 ELSE 0 END AS a_faire, empreinte
        FROM mail_piece WHERE message = ? ORDER BY id";
    let pieces = select(conn, sql, [id.into()]).await?;
    let piece = |row: &QueryResult| {
        Ok::<_, DbError>(PieceJointe {
            id: row.try_get("", "id")?,
            nom: row.try_get("", "nom")?,
            taille: row.try_get::<i64>("", "taille")?.unsigned_abs(),
            gardee: row.try_get::<i32>("", "gardee")? == 1,
            a_faire: row.try_get::<i32>("", "a_faire")? == 1,
            empreinte: row.try_get("", "empreinte")?,
        })
    };
    let sql = "SELECT quand, etat, erreur FROM mail_essai WHERE message = ? ORDER BY id LIMIT 200";
    let essais = select(conn, sql, [id.into()]).await?;
    let essai = |row: &QueryResult| {
        Ok::<_, DbError>(Essai {
            quand: row.try_get("", "quand")?,
            etat: Etat::lu(&row.try_get::<String>("", "etat")?)?,
            erreur: row.try_get("", "erreur")?,
        })
    };
    Ok(Some(Courriel {
        ligne: ligne(row)?,
        texte: row.try_get("", "texte")?,
        relances: row.try_get("", "relances")?,
        efface_le: row.try_get("", "efface_le")?,
        pieces: pieces.iter().map(piece).collect::<Result<_, _>>()?,
        essais: essais.iter().map(essai).collect::<Result<_, _>>()?,
    }))
}

/// An attachment of a message, if it is still kept.
///
/// # Errors
/// When the database refuses.
pub async fn piece_read<C: ConnectionTrait>(
    conn: &C,
    message: i64,
    id: i64,
) -> Result<Option<Piece>, DbError> {
    let sql =
        "SELECT nom, nature, octets FROM mail_piece WHERE message = ? AND id = ? AND octets IS NOT NULL";
    select(conn, sql, [message.into(), id.into()]).await?.first().map(piece_of).transpose()
}

fn piece_of(row: &QueryResult) -> Result<Piece, DbError> {
    Ok(Piece {
        nom: row.try_get("", "nom")?,
        nature: row.try_get("", "nature")?,
        octets: row.try_get("", "octets")?,
    })
}

/// SHA-256, in hexadecimal.
pub(crate) fn empreinte(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Asks for a message again, sent or given up, in the transaction of an action.
///
/// # Errors
/// A message that is not there, whose text is no longer kept, or that waits already; those of the database.
pub async fn courriel_resend<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    quand: DateTime<Utc>,
) -> Result<(), MailFault> {
    let sql = "UPDATE mail_message SET etat = ?, essais = 0, relances = relances + 1, prochain_essai = ?, erreur = NULL,
        envoye_le = NULL WHERE id = ? AND etat <> ? AND texte IS NOT NULL RETURNING id";
    let attente = Etat::AEnvoyer.code();
    let valeurs = [attente.into(), quand.into(), id.into(), attente.into()];
    if !select(conn, sql, valeurs).await?.is_empty() {
        return Ok(());
    }
    let rows = select(conn, "SELECT etat FROM mail_message WHERE id = ?", [id.into()]).await?;
    let Some(row) = rows.first() else { return Err(MailFault::Inconnu(id)) };
    let etat: String = row.try_get_by_index(0).map_err(DbError::from)?;
    Err(if etat == attente { MailFault::DejaEnAttente(id) } else { MailFault::Efface(id) })
}

/// Asks again for every message that was given up and whose text is still kept, in the transaction of an action; says how many.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_resend_failed<C: ConnectionTrait>(
    conn: &C,
    quand: DateTime<Utc>,
) -> Result<u64, DbError> {
    let sql = "UPDATE mail_message SET etat = ?, essais = 0, relances = relances + 1, prochain_essai = ?, erreur = NULL
        WHERE etat = ? AND texte IS NOT NULL RETURNING id";
    let valeurs = [Etat::AEnvoyer.code().into(), quand.into(), Etat::Echec.code().into()];
    Ok(u64::try_from(select(conn, sql, valeurs).await?.len()).unwrap_or(u64::MAX))
}

/// Forgets the text and the attachments of messages written before an instant and that no longer wait; says of how many.
///
/// # Errors
/// When the database refuses.
pub async fn courriel_purge<C: ConnectionTrait>(
    conn: &C,
    avant: DateTime<Utc>,
    quand: DateTime<Utc>,
) -> Result<u64, DbError> {
    let sql = "UPDATE mail_message SET texte = NULL, html = NULL, efface_le = ?
        WHERE efface_le IS NULL AND cree_le < ? AND etat <> ? RETURNING id";
    let valeurs = [quand.into(), avant.into(), Etat::AEnvoyer.code().into()];
    let effaces = select(conn, sql, valeurs).await?.len();
    if effaces > 0 {
        let sql = "UPDATE mail_piece SET octets = NULL, origine = NULL
            WHERE (octets IS NOT NULL OR origine IS NOT NULL) AND message IN (SELECT id FROM mail_message WHERE efface_le = ?) RETURNING id";
        select(conn, sql, [quand.into()]).await?;
    }
    Ok(u64::try_from(effaces).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_back() {
        for etat in Etat::ALL {
            assert_eq!(Etat::lu(etat.code()).unwrap(), etat);
        }
        assert!(Etat::lu("autre").is_err());
    }
}
