//! What tokens do: recognised, counted, written, read back.

use std::convert::Infallible;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use kernel::heure_de_besancon;

use super::memoire::{Refus, Tenu};
use super::regles::scopes;
use super::secret::Empreinte;
use super::{Jeton, JetonFault, Jetons, Porteur, Usage, store};
use crate::hex;

/// How often usage is written.
const RELEVE: std::time::Duration = std::time::Duration::from_secs(5);

impl Jetons {
    /// What a token did from a day on, by day and family. What this process has counted is written first.
    ///
    /// # Errors
    /// The database's.
    pub async fn usage(&self, jeton: &Jeton, depuis: NaiveDate) -> Result<Vec<Usage>, JetonFault> {
        self.relever().await?;
        let id = jeton.id;
        Ok(self.db.read(|c| async move { store::usage_list(&c, id, depuis).await }).await?)
    }

    /// Requests of each token from a day on, by row of the token.
    ///
    /// # Errors
    /// The database's.
    pub async fn usage_totaux(&self, depuis: NaiveDate) -> Result<Vec<(i64, i64)>, JetonFault> {
        self.relever().await?;
        Ok(self.db.read(|c| async move { store::usage_totals(&c, depuis).await }).await?)
    }

    /// Requests refused since the process started, by reason.
    #[must_use]
    pub fn refus(&self) -> Vec<(Refus, u64)> {
        self.memoire.refus()
    }

    /// Today, in Besançon's time: the day that usage is counted under.
    #[must_use]
    pub fn aujourd_hui(&self) -> NaiveDate {
        heure_de_besancon(self.clock.now()).date()
    }

    /// Writes what was counted in memory. What cannot be written is counted again next time.
    ///
    /// # Errors
    /// The database's.
    pub async fn relever(&self) -> Result<(), DbError> {
        let (lines, vus) = self.memoire.relever();
        if lines.is_empty() && vus.is_empty() {
            return Ok(());
        }
        let (held, seen) = (&lines, &vus);
        let done = self
            .db
            .write(|tx| async move {
                store::usage_add(&*tx, held).await?;
                for (id, quand) in seen {
                    store::jeton_vu(&*tx, *id, *quand).await?;
                }
                Ok::<_, DbError>(())
            })
            .await;
        if done.is_err() {
            self.memoire.rendre(lines);
        }
        done
    }

    /// Writes usage every few seconds, for as long as it is awaited. Call [`Self::relever`] once more when the last request is answered.
    pub async fn tenir(&self) -> Infallible {
        loop {
            tokio::time::sleep(RELEVE).await;
            if let Err(err) = self.relever().await {
                tracing::warn!(%err, "usage des jetons : sera écrit au prochain relevé");
            }
        }
    }

    /// The token whose secret has this hash, from memory or from the database; none when there is none.
    pub(super) async fn reconnaitre(
        &self,
        empreinte: &Empreinte,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Tenu>>, DbError> {
        if let Some(tenu) = self.memoire.tenu(empreinte, now) {
            return Ok(Some(tenu));
        }
        let instant = self.memoire.instant();
        let text = hex::encode(empreinte);
        let jour = heure_de_besancon(now).date();
        let found = self
            .db
            .read(|c| {
                let text = &text;
                async move {
                    let Some(row) = store::jeton_of(&c, text).await? else { return Ok::<_, DbError>(None) };
                    let used = match row.quota_jour {
                        Some(_) => store::usage_du_jour(&c, row.id, jour).await?,
                        None => 0,
                    };
                    Ok(Some((row, used)))
                }
            })
            .await?;
        let Some((row, used)) = found else { return Ok(None) };
        let etat = self.memoire.etat(row.id);
        let quota = |q: Option<i64>| q.map(i64::unsigned_abs);
        etat.quotas(quota(row.quota_minute), quota(row.quota_jour), used, now);
        // A secret that was replaced serves until its delay has passed; it then is as good as revoked.
        let replaced = row.empreinte != text;
        let over = replaced && row.ancienne_fin.is_none_or(|fin| fin <= now);
        let fin =
            if replaced { row.ancienne_fin.into_iter().chain(row.expire_le).min() } else { row.expire_le };
        let tenu = Arc::new(Tenu {
            fin,
            revoque: row.revoque_le.is_some() || over,
            porteur: Porteur { jeton: row.id, nom: row.nom, droits: scopes(&row.droits) },
            lu_le: now,
            etat,
        });
        self.memoire.tenir(*empreinte, &tenu, instant);
        Ok(Some(tenu))
    }
}
