use std::sync::Arc;

use db::sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SimpleExpr};
use db::sea_orm::{ConnectionTrait, Value};
use db::{Db, DbError};
use kernel::Clock;
use tokio::sync::Notify;

use crate::live::Live;
use crate::owner::Owner;
use crate::rows::{job_list, job_of, select, stored};
use crate::{Avancement, Charge, Etat, Job, JobId, NewJob};

/// The jobs of the suite. Cheap to clone; one per process, so that its pages see its workers' live progress.
#[derive(Clone, Debug)]
pub struct Queue(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) owner: Owner,
    pub(crate) live: Live,
    notify: Notify,
}

pub(crate) fn col(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

impl Queue {
    /// The queue of a database.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        let owner = Owner::this_process();
        Self(Arc::new(Inner { db, clock, owner, live: Live::default(), notify: Notify::new() }))
    }

    /// Adds a job and wakes this process's worker.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enqueue(&self, new: NewJob) -> Result<JobId, DbError> {
        let id = self.0.db.write(|tx| {
            let new = new.clone();
            async move { self.enqueue_on(&*tx, &new).await }
        });
        let id = id.await?;
        self.wake();
        Ok(id)
    }

    /// Adds a job in the transaction of an action: both happen or neither. Call [`Queue::wake`] once it is committed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enqueue_on<C: ConnectionTrait>(&self, conn: &C, new: &NewJob) -> Result<JobId, DbError> {
        let acteur = serde_json::to_string(&new.acteur).map_err(|err| DbError::Value(err.to_string()))?;
        let cells: Vec<(&str, Value)> = vec![
            ("nature", new.nature.clone().into()),
            ("charge", new.charge.to_string().into()),
            ("verrou", new.verrou.clone().into()),
            ("etat", Etat::EnAttente.code().into()),
            ("acteur", acteur.into()),
            ("cree_le", self.0.clock.now().into()),
            ("tentatives", 0_i64.into()),
            ("avancement_texte", "".into()),
            ("avancement_fait", 0_i64.into()),
            ("avancement_total", 0_i64.into()),
            ("annulation_demandee", false.into()),
        ];
        let (columns, values): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
        let mut q = Query::insert();
        q.into_table(Alias::new("job"))
            .columns(columns.into_iter().map(Alias::new))
            .values(values.into_iter().map(SimpleExpr::from))
            .map_err(|err| DbError::Value(err.to_string()))?
            .returning_col(Alias::new("id"));
        let row =
            conn.query_one(&q).await?.ok_or_else(|| DbError::Value("job : aucun numéro rendu".into()))?;
        Ok(JobId(row.try_get("", "id")?))
    }

    /// Wakes a worker of this process that waits for something to do.
    pub fn wake(&self) {
        self.0.notify.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.0.notify.notified().await;
    }

    /// The job of that number, with its present progress.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(&self, id: JobId) -> Result<Option<Job>, DbError> {
        let mut q = select();
        q.and_where(col("id").eq(id.0));
        Ok(self.list(q).await?.pop())
    }

    /// The last `n` jobs of a nature, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn recent(&self, nature: &str, n: u64) -> Result<Vec<Job>, DbError> {
        let mut q = select();
        q.and_where(col("nature").eq(nature))
            .clear_order_by()
            .order_by(Alias::new("id"), Order::Desc)
            .limit(n);
        self.list(q).await
    }

    /// The job that holds a verrou, even when whoever ran it is gone: it will be run again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn running(&self, verrou: &str) -> Result<Option<Job>, DbError> {
        let mut q = select();
        q.and_where(col("verrou").eq(verrou)).and_where(col("etat").eq(Etat::EnCours.code()));
        Ok(self.list(q).await?.pop())
    }

    /// How far a job is: this process's memory first, then the table.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn progress(&self, id: JobId) -> Result<Option<Avancement>, DbError> {
        if let Some(cell) = self.0.live.get(id) {
            return Ok(Some(cell.avancement()));
        }
        Ok(self.read(id).await?.map(|job| job.avancement))
    }

    /// How many jobs run and wait.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn load(&self) -> Result<Charge, DbError> {
        let mut q = Query::select();
        q.column(Alias::new("etat"))
            .expr_as(Func::count(col("id")), Alias::new("n"))
            .from(Alias::new("job"))
            .and_where(col("etat").is_in([Etat::EnAttente.code(), Etat::EnCours.code()]))
            .group_by_col(Alias::new("etat"));
        let rows = self.0.db.read(|c| async move { Ok::<_, DbError>(c.query_all(&q).await?) }).await?;
        let mut load = Charge::default();
        for row in rows {
            let n = u64::try_from(row.try_get::<i64>("", "n")?).unwrap_or_default();
            if row.try_get::<String>("", "etat")? == Etat::EnCours.code() {
                load.en_cours = n;
            } else {
                load.en_attente = n;
            }
        }
        Ok(load)
    }

    /// Asks a job to stop. One that waits, or whose owner is gone, is annulled at once; one that runs stops at its next checkpoint. One
    /// that runs in this process hears it without waiting for the database. Says whether there was something to stop.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn cancel(&self, id: JobId) -> Result<bool, DbError> {
        if let Some(cell) = self.0.live.get(id) {
            cell.cancel();
            return Ok(true);
        }
        let Some(job) = self.read(id).await? else { return Ok(false) };
        if job.etat.is_final() {
            return Ok(false);
        }
        let now = self.0.clock.now();
        let idle = job.etat == Etat::EnAttente || self.0.owner.abandoned(&job, now);
        let annulled = idle && self.end_as(&job, Etat::Annule, None, None).await?;
        if annulled {
            return Ok(true);
        }
        let mut q = Query::update();
        q.table(Alias::new("job"))
            .value(Alias::new("annulation_demandee"), true)
            .and_where(col("id").eq(id.0))
            .and_where(col("etat").is_in([Etat::EnAttente.code(), Etat::EnCours.code()]));
        let touched = self
            .0
            .db
            .write(|tx| {
                let q = q.clone();
                async move { Ok::<_, DbError>(tx.execute(&q).await?.rows_affected()) }
            })
            .await?;
        Ok(touched > 0)
    }

    /// Records that a job is done.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish(&self, job: &Job, resultat: serde_json::Value) -> Result<bool, DbError> {
        self.end_as(job, Etat::Termine, Some(resultat), None).await
    }

    /// Records that a job could not be done, with a French sentence.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fail(&self, job: &Job, erreur: &str) -> Result<bool, DbError> {
        self.end_as(job, Etat::Echoue, None, Some(erreur)).await
    }

    /// Records that a job stopped on request.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn annul(&self, job: &Job) -> Result<bool, DbError> {
        self.end_as(job, Etat::Annule, None, None).await
    }

    /// Ends this very run of the job; says whether it was still the present one.
    async fn end_as(
        &self,
        job: &Job,
        etat: Etat,
        resultat: Option<serde_json::Value>,
        erreur: Option<&str>,
    ) -> Result<bool, DbError> {
        let now = self.0.clock.now();
        let mut cells: Vec<(&str, Value)> = vec![
            ("etat", etat.code().into()),
            ("fini_le", now.into()),
            ("resultat", resultat.map(|v| v.to_string()).into()),
            ("erreur", erreur.map(str::to_owned).into()),
        ];
        if let Some(cell) = self.0.live.get(job.id) {
            let a = cell.avancement();
            cells.push(("avancement_texte", a.texte.into()));
            cells.push(("avancement_fait", stored(a.fait).into()));
            cells.push(("avancement_total", stored(a.total).into()));
        }
        Ok(self.change(job, cells).await?.is_some())
    }

    /// Puts a job that this process can no longer run back in the queue, as if this run had not begun.
    pub(crate) async fn release(&self, job: &Job) -> Result<bool, DbError> {
        let cells: Vec<(&str, Value)> = vec![
            ("etat", Etat::EnAttente.code().into()),
            ("proprietaire", None::<String>.into()),
            ("tentatives", (job.tentatives - 1).into()),
        ];
        Ok(self.change(job, cells).await?.is_some())
    }

    /// Changes a job if it is still as `job` says (same state, same run); gives it as it is now.
    pub(crate) async fn change(&self, job: &Job, cells: Vec<(&str, Value)>) -> Result<Option<Job>, DbError> {
        let mut q = Query::update();
        q.table(Alias::new("job"))
            .values(cells.into_iter().map(|(column, value)| (Alias::new(column), value.into())))
            .and_where(col("id").eq(job.id.0))
            .and_where(col("etat").eq(job.etat.code()))
            .and_where(col("tentatives").eq(job.tentatives))
            .returning_all();
        self.0
            .db
            .write(|tx| {
                let q = q.clone();
                async move { tx.query_one(&q).await?.as_ref().map(job_of).transpose() }
            })
            .await
    }

    pub(crate) async fn list(&self, q: db::sea_orm::sea_query::SelectStatement) -> Result<Vec<Job>, DbError> {
        let jobs = self.0.db.read(|c| async move { job_list(&c, &q).await }).await?;
        Ok(jobs.into_iter().map(|job| self.0.live.overlay(job)).collect())
    }
}
