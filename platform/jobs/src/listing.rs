//! The jobs as a list that somebody looks at: counted, asked again, forgotten.

use chrono::{DateTime, Utc};
use db::sea_orm::sea_query::{Alias, ExprTrait, Func, Order, Query, SelectStatement};
use db::sea_orm::{ConnectionTrait, Value};
use db::{DbError, Page, Paging};

use crate::queue::col;
use crate::rows::{job_of, select};
use crate::{Etat, Job, JobId, Queue};

/// Which jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In one of these states; any when there is none.
    pub etats: Vec<Etat>,
    /// Of this kind.
    pub nature: Option<String>,
    /// Ended from this instant on.
    pub finis_depuis: Option<DateTime<Utc>>,
}

impl Filter {
    fn narrow(&self, q: &mut SelectStatement) {
        if !self.etats.is_empty() {
            q.and_where(col("etat").is_in(self.etats.iter().map(|etat| etat.code())));
        }
        if let Some(nature) = &self.nature {
            q.and_where(col("nature").eq(nature.as_str()));
        }
        if let Some(instant) = self.finis_depuis {
            q.and_where(col("fini_le").gte(instant));
        }
    }
}

const FINAL: [&str; 3] = ["termine", "echoue", "annule"];

impl Queue {
    /// A page of the jobs, the latest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn page(&self, filter: &Filter, paging: Paging) -> Result<Page<Job>, DbError> {
        let total = self.count(filter).await?;
        let mut q = select();
        filter.narrow(&mut q);
        q.clear_order_by()
            .order_by(Alias::new("id"), Order::Desc)
            .limit(paging.taille())
            .offset(paging.offset());
        Ok(Page::new(paging, total, self.list(q).await?))
    }

    /// How many jobs there are.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count(&self, filter: &Filter) -> Result<u64, DbError> {
        let mut q = Query::select();
        q.expr(Func::count(col("id"))).from(Alias::new("job"));
        filter.narrow(&mut q);
        let row = self.0.db.read(|c| async move { Ok::<_, DbError>(c.query_one(&q).await?) }).await?;
        let n: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        Ok(n.unsigned_abs())
    }

    /// How many jobs are in each state.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn count_by_state(&self) -> Result<Vec<(Etat, u64)>, DbError> {
        let mut q = Query::select();
        q.column(Alias::new("etat"))
            .expr(Func::count(col("id")))
            .from(Alias::new("job"))
            .group_by_col(Alias::new("etat"));
        let rows = self.0.db.read(|c| async move { Ok::<_, DbError>(c.query_all(&q).await?) }).await?;
        let mut out: Vec<(Etat, u64)> = Etat::ALL.into_iter().map(|etat| (etat, 0)).collect();
        for row in rows {
            let code: String = row.try_get_by_index(0)?;
            if let Some((_, n)) = out.iter_mut().find(|(etat, _)| etat.code() == code) {
                *n = row.try_get_by_index::<i64>(1)?.unsigned_abs();
            }
        }
        Ok(out)
    }

    /// Puts a job that failed or was stopped back in the queue, in the transaction of an action: same number, same payload, its
    /// runs counted anew. Says whether it was in such a state. Call [`Queue::wake`] once it is committed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn retry_on<C: ConnectionTrait>(&self, conn: &C, id: JobId) -> Result<bool, DbError> {
        let cells: [(&str, Value); 9] = [
            ("etat", Etat::EnAttente.code().into()),
            ("tentatives", 0_i64.into()),
            ("proprietaire", None::<String>.into()),
            ("annulation_demandee", false.into()),
            ("erreur", None::<String>.into()),
            ("fini_le", None::<DateTime<Utc>>.into()),
            ("avancement_texte", "".into()),
            ("avancement_fait", 0_i64.into()),
            ("avancement_total", 0_i64.into()),
        ];
        let mut q = Query::update();
        q.table(Alias::new("job"))
            .values(cells.into_iter().map(|(column, value)| (Alias::new(column), value.into())))
            .and_where(col("id").eq(id.0))
            .and_where(col("etat").is_in([Etat::Echoue.code(), Etat::Annule.code()]))
            .returning_all();
        Ok(conn.query_one(&q).await?.as_ref().map(job_of).transpose()?.is_some())
    }

    /// Forgets the jobs that ended before an instant, in the transaction of an action; says how many. Those that wait or run stay,
    /// however old.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_on<C: ConnectionTrait>(
        &self,
        conn: &C,
        before: DateTime<Utc>,
    ) -> Result<u64, DbError> {
        let mut q = Query::delete();
        q.from_table(Alias::new("job"))
            .and_where(col("etat").is_in(FINAL))
            .and_where(col("fini_le").lt(before));
        Ok(conn.execute(&q).await?.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_what_has_ended() {
        let ended: Vec<_> = Etat::ALL.into_iter().filter(|etat| etat.is_final()).map(Etat::code).collect();
        assert_eq!(ended, FINAL);
    }
}
