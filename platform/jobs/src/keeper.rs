//! The one background task that writes progress, beats the heart, and hears what other processes ask.

use std::time::Duration;

use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sea_orm::sea_query::{Alias, ExprTrait, Query};
use tokio::time::{Instant, MissedTickBehavior};

use crate::live::Cell;
use crate::queue::col;
use crate::rows::{select, stored};
use crate::{Etat, Queue};

const FLUSH: Duration = Duration::from_millis(500);
const BEAT: Duration = Duration::from_secs(5);

fn ticks() -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

impl Queue {
    /// Keeps the table and memory close to each other until it is dropped. Writing may wait as long as it must for the writer; jobs
    /// never wait for it, and neither does hearing, which only reads.
    pub(crate) async fn keep(&self) {
        tokio::join!(self.hear_always(), self.write_always());
    }

    async fn hear_always(&self) {
        let mut ticks = ticks();
        loop {
            ticks.tick().await;
            let cells = self.0.live.all();
            if !cells.is_empty()
                && let Err(err) = self.hear(&cells).await
            {
                tracing::warn!(%err, "annulations demandées");
            }
        }
    }

    async fn write_always(&self) {
        let mut ticks = ticks();
        let mut beaten = Instant::now();
        loop {
            ticks.tick().await;
            let beat = beaten.elapsed() >= BEAT;
            if beat {
                beaten = Instant::now();
            }
            for cell in self.0.live.all() {
                if (cell.take_dirty() || beat)
                    && let Err(err) = self.flush(&cell).await
                {
                    cell.mark_dirty();
                    tracing::warn!(job = %cell.id, %err, "avancement");
                }
            }
        }
    }

    /// Stops the jobs that another process asked to stop, or took over because it believed us dead.
    async fn hear(&self, cells: &[std::sync::Arc<Cell>]) -> Result<(), DbError> {
        let mut q = select();
        q.and_where(col("id").is_in(cells.iter().map(|cell| cell.id.0)));
        let held = self.list(q).await?;
        for cell in cells {
            let ours = held.iter().find(|job| job.id == cell.id).is_some_and(|job| {
                job.etat == Etat::EnCours && job.tentatives == cell.tentatives && !job.annulation_demandee
            });
            if !ours {
                cell.cancel();
            }
        }
        Ok(())
    }

    async fn flush(&self, cell: &Cell) -> Result<(), DbError> {
        let a = cell.avancement();
        let mut q = Query::update();
        q.table(Alias::new("job"))
            .values([
                (Alias::new("avancement_texte"), a.texte.into()),
                (Alias::new("avancement_fait"), stored(a.fait).into()),
                (Alias::new("avancement_total"), stored(a.total).into()),
                (Alias::new("battement_le"), self.0.clock.now().into()),
            ])
            .and_where(col("id").eq(cell.id.0))
            .and_where(col("etat").eq(Etat::EnCours.code()))
            .and_where(col("tentatives").eq(cell.tentatives));
        if cell.unwanted() {
            q.value(Alias::new("annulation_demandee"), true);
        }
        self.0
            .db
            .write(|tx| {
                let q = q.clone();
                async move {
                    tx.execute(&q).await?;
                    Ok(())
                }
            })
            .await
    }
}
