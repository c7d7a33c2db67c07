//! Taking a job. Candidates are read without the writer (an idle worker must not wait behind a long SQLite transaction), then taken
//! one by one by comparing and setting: whoever comes second changes no row, or breaks the unique index of the verrou.

use db::DbError;
use db::sea_orm::Value;
use db::sea_orm::sea_query::{Alias, Cond, ExprTrait, Query};

use crate::queue::col;
use crate::rows::select;
use crate::{Etat, Job, JobId, Queue};

/// Runs of one job, at most: one that kills its process each time must not kill it for ever.
pub const ATTEMPTS: i64 = 5;

/// Candidates looked at in one round.
const CANDIDATES: u64 = 100;

impl Queue {
    /// Takes the oldest job of these natures that may run: one that waits and whose verrou is free, or one whose owner is gone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim(&self, natures: &[&str]) -> Result<Option<Job>, DbError> {
        let mut q = select();
        q.and_where(col("nature").is_in(natures.iter().copied()))
            .cond_where(Cond::any().add(col("etat").eq(Etat::EnCours.code())).add(free()))
            .limit(CANDIDATES);
        for job in self.list(q).await? {
            if let Some(taken) = self.take(&job).await? {
                return Ok(Some(taken));
            }
        }
        Ok(None)
    }

    /// Takes that very job, if it may run now.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_one(&self, id: JobId) -> Result<Option<Job>, DbError> {
        match self.read(id).await? {
            Some(job) => self.take(&job).await,
            None => Ok(None),
        }
    }

    /// Whether a job claims to run though whoever ran it is gone.
    #[must_use]
    pub fn abandoned(&self, job: &Job) -> bool {
        self.0.owner.abandoned(job, self.0.clock.now())
    }

    async fn take(&self, job: &Job) -> Result<Option<Job>, DbError> {
        let abandoned = self.abandoned(job);
        if job.etat != Etat::EnAttente && !abandoned {
            return Ok(None);
        }
        if abandoned && self.retire(job).await? {
            return Ok(None);
        }
        if job.etat == Etat::EnAttente && self.held(job).await? {
            return Ok(None);
        }
        let now = self.0.clock.now();
        let cells: Vec<(&str, Value)> = vec![
            ("etat", Etat::EnCours.code().into()),
            ("demarre_le", now.into()),
            ("battement_le", now.into()),
            ("proprietaire", self.0.owner.to_string().into()),
            ("tentatives", (job.tentatives + 1).into()),
        ];
        match self.change(job, cells).await {
            // Another job of the same verrou was taken between the reading and the setting.
            Err(DbError::Unique(_)) => Ok(None),
            taken => taken,
        }
    }

    /// Spares the writer an attempt that the unique index would refuse.
    async fn held(&self, job: &Job) -> Result<bool, DbError> {
        match &job.verrou {
            Some(verrou) => Ok(self.running(verrou).await?.is_some()),
            None => Ok(false),
        }
    }

    /// Ends an abandoned job that must not run again.
    async fn retire(&self, job: &Job) -> Result<bool, DbError> {
        if job.annulation_demandee {
            return self.annul(job).await;
        }
        if job.tentatives < ATTEMPTS {
            return Ok(false);
        }
        let sentence = format!(
            "Le travail a été interrompu {ATTEMPTS} fois avant sa fin et n'est plus repris. Rien n'a été appliqué à moitié. \
             Consultez le journal du serveur, puis relancez-le."
        );
        self.fail(job, &sentence).await
    }
}

/// Waits, and no running job holds its verrou: a hundred jobs behind one verrou must not hide the next.
fn free() -> Cond {
    let mut held = Query::select();
    held.column(Alias::new("verrou"))
        .from(Alias::new("job"))
        .and_where(col("etat").eq(Etat::EnCours.code()))
        .and_where(col("verrou").is_not_null());
    Cond::all()
        .add(col("etat").eq(Etat::EnAttente.code()))
        .add(Cond::any().add(col("verrou").is_null()).add(col("verrou").not_in_subquery(held)))
}
