//! Collections: what was asked, where each stands, what it reported.

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::{DbError, Page, Paging};
use kernel::{Actor, AnneeUniversitaire};
use serde::Serialize;

use super::nom;
use crate::domain::{Demande, EtatCollecte, Portee, Rapport};

/// A collection as it is held.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collecte {
    /// Its number.
    pub id: i64,
    /// What.
    pub portee: Portee,
    /// Which year.
    pub annee: AnneeUniversitaire,
    /// Nobody said which: it is the one that is current when it begins.
    pub annee_libre: bool,
    /// Writes nothing.
    pub simulation: bool,
    /// The fall was seen and accepted.
    pub accepter_chute: bool,
    /// Where it stands.
    pub etat: EtatCollecte,
    /// Who asked.
    pub acteur: String,
    /// When it was asked.
    pub demandee_le: DateTime<Utc>,
    /// When it began.
    pub debutee_le: Option<DateTime<Utc>>,
    /// When it ended.
    pub finie_le: Option<DateTime<Utc>>,
    /// The job that carries it.
    pub job_id: Option<i64>,
    /// What it reported.
    pub rapport: Option<Rapport>,
    /// The collection that it undoes, when it is an undo.
    pub annule: Option<i64>,
}

const COLONNES: [&str; 14] = [
    "id",
    "portee",
    "annee",
    "annee_libre",
    "simulation",
    "accepter_chute",
    "etat",
    "acteur",
    "demandee_le",
    "debutee_le",
    "finie_le",
    "job_id",
    "rapport",
    "annule_id",
];

fn lire(row: &QueryResult) -> Result<Collecte, DbError> {
    let illisible = |quoi: &str| DbError::Value(format!("maquette_collecte.{quoi}"));
    let portee: String = row.try_get("", "portee")?;
    let annee: i64 = row.try_get("", "annee")?;
    let etat: String = row.try_get("", "etat")?;
    let rapport: Option<String> = row.try_get("", "rapport")?;
    Ok(Collecte {
        id: row.try_get("", "id")?,
        portee: Portee::of_code(&portee).ok_or_else(|| illisible("portee"))?,
        annee: u16::try_from(annee)
            .ok()
            .and_then(AnneeUniversitaire::new)
            .ok_or_else(|| illisible("annee"))?,
        annee_libre: row.try_get("", "annee_libre")?,
        simulation: row.try_get("", "simulation")?,
        accepter_chute: row.try_get("", "accepter_chute")?,
        etat: EtatCollecte::of_code(&etat).ok_or_else(|| illisible("etat"))?,
        acteur: row.try_get("", "acteur")?,
        demandee_le: row.try_get("", "demandee_le")?,
        debutee_le: row.try_get("", "debutee_le")?,
        finie_le: row.try_get("", "finie_le")?,
        job_id: row.try_get("", "job_id")?,
        rapport: rapport.and_then(|r| serde_json::from_str(&r).ok()),
        annule: row.try_get("", "annule_id")?,
    })
}

fn select() -> SelectStatement {
    let mut q = Query::select();
    q.columns(COLONNES.map(nom)).from(nom("maquette_collecte"));
    q
}

/// Adds a collection that is asked.
///
/// # Errors
/// Those of the database.
pub async fn collecte_create<C: ConnectionTrait>(
    conn: &C,
    demande: &Demande,
    annee: AnneeUniversitaire,
    acteur: &Actor,
    quand: DateTime<Utc>,
) -> Result<i64, DbError> {
    let mut i = Query::insert();
    i.into_table(nom("maquette_collecte"));
    i.columns(
        ["portee", "annee", "annee_libre", "simulation", "accepter_chute", "etat", "acteur", "demandee_le"]
            .map(nom),
    );
    i.values([
        demande.portee.code().into(),
        i64::from(annee.premiere()).into(),
        demande.annee.is_none().into(),
        demande.simulation.into(),
        demande.accepter_chute.into(),
        EtatCollecte::EnAttente.code().into(),
        acteur.to_string().into(),
        quand.into(),
    ])
    .map_err(|err| DbError::Value(err.to_string()))?;
    i.returning_col(nom("id"));
    let row = conn.query_one(&i).await?.ok_or_else(|| DbError::Value("maquette_collecte.id".into()))?;
    Ok(row.try_get_by_index(0)?)
}

/// One collection.
///
/// # Errors
/// Those of the database.
pub async fn collecte_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Collecte>, DbError> {
    let q = select().and_where(Expr::col(nom("id")).eq(id)).take();
    conn.query_one(&q).await?.as_ref().map(lire).transpose()
}

/// Collections, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn collecte_list<C: ConnectionTrait>(conn: &C, paging: Paging) -> Result<Page<Collecte>, DbError> {
    let mut compte = Query::select();
    compte.expr(Func::count(Expr::col(nom("id")))).from(nom("maquette_collecte"));
    let total: i64 = match conn.query_one(&compte).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let q = select().order_by(nom("id"), Order::Desc).limit(paging.taille()).offset(paging.offset()).take();
    let lignes = conn.query_all(&q).await?.iter().map(lire).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::new(paging, total.unsigned_abs(), lignes))
}

/// The last collection of a scope and year that ended in `etat`.
///
/// # Errors
/// Those of the database.
pub async fn collecte_last<C: ConnectionTrait>(
    conn: &C,
    portee: Option<Portee>,
    annee: Option<AnneeUniversitaire>,
    etat: EtatCollecte,
) -> Result<Option<Collecte>, DbError> {
    let mut q = select();
    q.and_where(Expr::col(nom("etat")).eq(etat.code()));
    if let Some(portee) = portee {
        // An undo reads nothing: it is no collection of that scope.
        q.and_where(Expr::col(nom("portee")).eq(portee.code()))
            .and_where(Expr::col(nom("annule_id")).is_null());
    }
    if let Some(annee) = annee {
        q.and_where(Expr::col(nom("annee")).eq(i64::from(annee.premiere())));
    }
    q.order_by(nom("id"), Order::Desc).limit(1);
    conn.query_one(&q).await?.as_ref().map(lire).transpose()
}

/// When `partie` of a year was last collected with success, alone or with the rest.
///
/// # Errors
/// Those of the database.
pub async fn collecte_fin<C: ConnectionTrait>(
    conn: &C,
    partie: Portee,
    annee: AnneeUniversitaire,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let sql = "SELECT finie_le FROM maquette_collecte
        WHERE etat = ? AND NOT simulation AND annule_id IS NULL AND annee = ? AND portee IN (?, ?) ORDER BY id DESC LIMIT 1";
    let valeurs = [
        EtatCollecte::Terminee.code().into(),
        i64::from(annee.premiere()).into(),
        partie.code().into(),
        Portee::Tout.code().into(),
    ];
    let rows = db::sql::select(conn, sql, valeurs).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    })
}

/// What changes in a collection.
#[derive(Clone, Debug, Default)]
pub struct Suite<'a> {
    /// New state.
    pub etat: Option<EtatCollecte>,
    /// Began.
    pub debutee_le: Option<DateTime<Utc>>,
    /// Ended.
    pub finie_le: Option<DateTime<Utc>>,
    /// The job that carries it.
    pub job_id: Option<i64>,
    /// The year really collected, when nobody had said which.
    pub annee: Option<AnneeUniversitaire>,
    /// The fall was accepted.
    pub accepter_chute: Option<bool>,
    /// Its report.
    pub rapport: Option<&'a Rapport>,
}

/// Updates a collection.
///
/// # Errors
/// Those of the database.
pub async fn collecte_update<C: ConnectionTrait>(conn: &C, id: i64, suite: Suite<'_>) -> Result<(), DbError> {
    let mut u = Query::update();
    u.table(nom("maquette_collecte")).value(nom("id"), id).and_where(Expr::col(nom("id")).eq(id));
    if let Some(etat) = suite.etat {
        u.value(nom("etat"), etat.code());
    }
    if let Some(quand) = suite.debutee_le {
        u.value(nom("debutee_le"), quand);
    }
    if let Some(quand) = suite.finie_le {
        u.value(nom("finie_le"), quand);
    }
    if let Some(job) = suite.job_id {
        u.value(nom("job_id"), job);
    }
    if let Some(annee) = suite.annee {
        u.value(nom("annee"), i64::from(annee.premiere()));
    }
    if let Some(accepter) = suite.accepter_chute {
        u.value(nom("accepter_chute"), accepter);
    }
    if let Some(rapport) = suite.rapport {
        let texte = serde_json::to_string(rapport).map_err(|err| DbError::Value(err.to_string()))?;
        u.value(nom("rapport"), texte);
    }
    conn.execute(&u).await?;
    Ok(())
}
