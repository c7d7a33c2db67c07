//! The table, and how a row reads.

use db::sea_orm::sea_query::{Alias, Order, Query, SelectStatement};
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::{DbError, Migration};

use crate::{Avancement, Etat, Job, JobId};

/// The queue's table.
pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "jobs",
    name: "0001_job",
    sql: "CREATE TABLE job (
        id {id},
        nature TEXT NOT NULL,
        charge TEXT NOT NULL,
        verrou TEXT,
        etat TEXT NOT NULL,
        acteur TEXT NOT NULL,
        cree_le {instant} NOT NULL,
        demarre_le {instant},
        fini_le {instant},
        battement_le {instant},
        proprietaire TEXT,
        tentatives BIGINT NOT NULL,
        avancement_texte TEXT NOT NULL,
        avancement_fait BIGINT NOT NULL,
        avancement_total BIGINT NOT NULL,
        annulation_demandee BOOLEAN NOT NULL,
        resultat TEXT,
        erreur TEXT);
CREATE UNIQUE INDEX job_verrou ON job (verrou) WHERE etat = 'en_cours';
CREATE INDEX job_etat ON job (etat, id);
CREATE INDEX job_nature ON job (nature, id)",
}];

/// `SELECT * FROM job`, in order of creation.
pub(crate) fn select() -> SelectStatement {
    let mut q = Query::select();
    q.column(db::sea_orm::sea_query::Asterisk).from(Alias::new("job")).order_by(Alias::new("id"), Order::Asc);
    q
}

pub(crate) async fn job_list<C: ConnectionTrait>(conn: &C, q: &SelectStatement) -> Result<Vec<Job>, DbError> {
    conn.query_all(q).await?.iter().map(job_of).collect()
}

pub(crate) fn job_of(row: &QueryResult) -> Result<Job, DbError> {
    let json = |column: &str, text: &str| {
        serde_json::from_str(text).map_err(|err| DbError::Value(format!("job.{column} : {err}")))
    };
    let etat: String = row.try_get("", "etat")?;
    let etat = Etat::ALL
        .into_iter()
        .find(|e| e.code() == etat)
        .ok_or_else(|| DbError::Value(format!("job.etat : « {etat} »")))?;
    let acteur: String = row.try_get("", "acteur")?;
    let resultat: Option<String> = row.try_get("", "resultat")?;
    let count = |column: &str| -> Result<u64, DbError> {
        Ok(u64::try_from(row.try_get::<i64>("", column)?).unwrap_or_default())
    };
    Ok(Job {
        id: JobId(row.try_get("", "id")?),
        nature: row.try_get("", "nature")?,
        charge: json("charge", &row.try_get::<String>("", "charge")?)?,
        verrou: row.try_get("", "verrou")?,
        etat,
        acteur: serde_json::from_str(&acteur).map_err(|err| DbError::Value(format!("job.acteur : {err}")))?,
        cree_le: row.try_get("", "cree_le")?,
        demarre_le: row.try_get("", "demarre_le")?,
        fini_le: row.try_get("", "fini_le")?,
        battement_le: row.try_get("", "battement_le")?,
        proprietaire: row.try_get("", "proprietaire")?,
        tentatives: row.try_get("", "tentatives")?,
        avancement: Avancement {
            texte: row.try_get("", "avancement_texte")?,
            fait: count("avancement_fait")?,
            total: count("avancement_total")?,
        },
        annulation_demandee: row.try_get("", "annulation_demandee")?,
        resultat: resultat.map(|text| json("resultat", &text)).transpose()?,
        erreur: row.try_get("", "erreur")?,
    })
}

/// A count as the table holds it.
pub(crate) fn stored(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
