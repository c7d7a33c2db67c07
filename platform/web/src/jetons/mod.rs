//! Tokens of other applications: made by an administrator, shown once, kept as a hash, with scopes and quotas.
//!
//! A request costs no query: a token recognised is trusted for five seconds, its quotas and its usage are counted in memory, and the
//! usage is written every five seconds and when the process stops. What one process revokes is refused there at once, and by the
//! others five seconds later at most. Minute quotas are per process; a day's is shared through the written usage.

mod acces;
mod fault;
mod jeton;
mod layer;
mod memoire;
mod regles;
mod secret;
pub(crate) mod store;
mod usage;

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::journal::{self, Entry};
use db::sea_orm::Set;
use db::{Db, DbError};
use kernel::{Actor, Clock};
use serde_json::json;

pub use acces::{Acces, Porteur};
pub use fault::JetonFault;
use jeton::Releve;
pub use jeton::{EtatJeton, Jeton, NouveauJeton, Usage};
pub(crate) use layer::layer;
use memoire::Memoire;
pub use memoire::Refus;
use regles::{codes, debut_du_jour, echeance, lendemain, montrable, normalise, scopes, verifie};
pub use secret::Secret;

use crate::hex;

/// Largest quota: beyond, none is meant.
pub const QUOTA_MAX: i64 = 1_000_000_000;
/// How long a replaced secret may still serve: time to change the setting of the application.
pub const DELAI_DE_GRACE: Duration = Duration::hours(24);

/// The tokens, and what may be done with them. Cheap to clone; clones share one memory.
#[derive(Clone, Debug)]
pub struct Jetons {
    db: Db,
    clock: Arc<dyn Clock>,
    memoire: Arc<Memoire>,
}

impl Jetons {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, memoire: Arc::default() }
    }

    /// Makes a token. Its secret is given here and never again.
    ///
    /// # Errors
    /// A name taken or impossible, no scope, a day past, a quota out of bounds.
    pub async fn creer(&self, acteur: &Actor, nouveau: NouveauJeton) -> Result<(Jeton, Secret), JetonFault> {
        let now = self.clock.now();
        let nouveau = verifie(nouveau, now)?;
        let secret = Secret::new()?;
        let row = self
            .db
            .write(|tx| {
                let (nouveau, secret, acteur) = (nouveau.clone(), secret.clone(), acteur.clone());
                async move {
                    if let Some(held) = store::jeton_read(&*tx, &nouveau.nom).await? {
                        return Err(JetonFault::Existe { nom: held.nom, revoque: held.revoque_le.is_some() });
                    }
                    let row = store::jeton::ActiveModel {
                        nom: Set(nouveau.nom.clone()),
                        objet: Set(nouveau.objet.clone()),
                        prefixe: Set(secret.prefixe()),
                        empreinte: Set(hex::encode(&secret.empreinte())),
                        droits: Set(codes(&nouveau.droits)),
                        quota_minute: Set(nouveau.quota_minute),
                        quota_jour: Set(nouveau.quota_jour),
                        expire_le: Set(nouveau.jusqu_au.and_then(lendemain)),
                        cree_le: Set(now),
                        cree_par: Set(acteur.to_string()),
                        ..Default::default()
                    };
                    let row = store::jeton_insert(&*tx, row).await?;
                    ligne(&*tx, now, &acteur, "jeton.creer", &row.nom, None, Some(valeurs(&row))).await?;
                    Ok(row)
                }
            })
            .await?;
        Ok((jeton(row), secret))
    }

    /// Gives a token another secret. The one before serves until `grace` has passed, or is refused at once. A token that was
    /// revoked serves again, by its new secret alone.
    ///
    /// # Errors
    /// An unknown name, a day past.
    pub async fn renouveler(
        &self,
        acteur: &Actor,
        nom: &str,
        jusqu_au: Option<NaiveDate>,
        grace: Option<Duration>,
    ) -> Result<(Jeton, Secret), JetonFault> {
        let now = self.clock.now();
        let fin = echeance(jusqu_au, now)?;
        let secret = Secret::new()?;
        let row = self
            .change(acteur, nom, "jeton.renouveler", |held| {
                let kept = grace.filter(|_| held.revoque_le.is_none());
                Ok(store::jeton::ActiveModel {
                    prefixe: Set(secret.prefixe()),
                    empreinte: Set(hex::encode(&secret.empreinte())),
                    ancienne: Set(kept.map(|_| held.empreinte.clone())),
                    ancienne_fin: Set(kept.map(|grace| now + grace)),
                    expire_le: Set(fin),
                    renouvele_le: Set(Some(now)),
                    revoque_le: Set(None),
                    revoque_par: Set(None),
                    ..Default::default()
                })
            })
            .await?;
        Ok((jeton(row), secret))
    }

    /// Changes what a token may do; its secret stays. `vu` is what the form sends of [`crate::Vu`], when there is a form.
    ///
    /// # Errors
    /// As [`Jetons::creer`]; [`JetonFault::Perime`] when somebody changed it meanwhile; [`JetonFault::Revoque`].
    pub async fn modifier(
        &self,
        acteur: &Actor,
        voulu: NouveauJeton,
        vu: Option<&str>,
    ) -> Result<Jeton, JetonFault> {
        let now = self.clock.now();
        // A day that is past already may stay: what is changed is something else.
        let held = self.lire(&voulu.nom).await?;
        let unchanged = voulu.jusqu_au == held.jusqu_au();
        let asked = NouveauJeton { jusqu_au: voulu.jusqu_au.filter(|_| !unchanged), ..voulu };
        let voulu = verifie(asked, now)?;
        let row = self
            .change(acteur, &voulu.nom, "jeton.modifier", |row| {
                let held = jeton(row.clone());
                if vu.is_some_and(|vu| !crate::Vu::of(held.valeurs()).is(vu)) {
                    return Err(JetonFault::Perime(held.nom));
                }
                if held.revoque_le.is_some() {
                    return Err(JetonFault::Revoque(held.nom));
                }
                let fin = if unchanged { row.expire_le } else { voulu.jusqu_au.and_then(lendemain) };
                Ok(store::jeton::ActiveModel {
                    objet: Set(voulu.objet.clone()),
                    droits: Set(codes(&voulu.droits)),
                    quota_minute: Set(voulu.quota_minute),
                    quota_jour: Set(voulu.quota_jour),
                    expire_le: Set(fin),
                    ..Default::default()
                })
            })
            .await?;
        Ok(jeton(row))
    }

    /// Ends a token: its secrets are refused, here at once.
    ///
    /// # Errors
    /// An unknown name; one that was revoked before.
    pub async fn revoquer(&self, acteur: &Actor, nom: &str) -> Result<Jeton, JetonFault> {
        let now = self.clock.now();
        let row = self
            .change(acteur, nom, "jeton.revoquer", |held| {
                if held.revoque_le.is_some() {
                    return Err(JetonFault::Revoque(held.nom.clone()));
                }
                Ok(store::jeton::ActiveModel {
                    ancienne: Set(None),
                    ancienne_fin: Set(None),
                    revoque_le: Set(Some(now)),
                    revoque_par: Set(Some(acteur.to_string())),
                    ..Default::default()
                })
            })
            .await?;
        Ok(jeton(row))
    }

    /// Reads, decides, writes and journals in one transaction; then forgets what memory held.
    async fn change(
        &self,
        acteur: &Actor,
        nom: &str,
        action: &str,
        decide: impl Fn(&store::jeton::Model) -> Result<store::jeton::ActiveModel, JetonFault>,
    ) -> Result<store::jeton::Model, JetonFault> {
        let now = self.clock.now();
        let nom = normalise(nom).ok_or_else(|| JetonFault::Inconnu(montrable(nom)))?;
        let (nom, decide) = (&nom, &decide);
        let row = self
            .db
            .write(|tx| async move {
                let held = store::jeton_read(&*tx, nom).await?;
                let held = held.ok_or_else(|| JetonFault::Inconnu(nom.clone()))?;
                let row = store::jeton_update(&*tx, held.id, decide(&held)?).await?;
                ligne(&*tx, now, acteur, action, nom, Some(valeurs(&held)), Some(valeurs(&row))).await?;
                Ok::<_, JetonFault>(row)
            })
            .await?;
        self.memoire.oublier();
        Ok(row)
    }

    /// Every token, by name, those revoked included.
    ///
    /// # Errors
    /// The database's.
    pub async fn lister(&self) -> Result<Vec<Jeton>, JetonFault> {
        let rows = self.db.read(|c| async move { store::jeton_list(&c).await }).await?;
        Ok(rows.into_iter().map(jeton).collect())
    }

    /// One token.
    ///
    /// # Errors
    /// An unknown name.
    pub async fn lire(&self, nom: &str) -> Result<Jeton, JetonFault> {
        let Some(key) = normalise(nom) else { return Err(JetonFault::Inconnu(montrable(nom))) };
        let row = self.db.read(|c| async move { store::jeton_read(&c, &key).await }).await?;
        row.map(jeton).ok_or_else(|| JetonFault::Inconnu(montrable(nom)))
    }
}

fn jeton(row: store::jeton::Model) -> Jeton {
    Jeton {
        id: row.id,
        droits: scopes(&row.droits),
        nom: row.nom,
        objet: row.objet,
        prefixe: row.prefixe,
        quota_minute: row.quota_minute,
        quota_jour: row.quota_jour,
        expire_le: row.expire_le,
        cree_le: row.cree_le,
        cree_par: row.cree_par,
        renouvele_le: row.renouvele_le,
        ancien_jusqu_a: row.ancienne_fin,
        revoque_le: row.revoque_le,
        revoque_par: row.revoque_par,
        vu_le: row.vu_le,
    }
}

/// What the journal keeps of a token: never its secret, nor the hash.
fn valeurs(row: &store::jeton::Model) -> serde_json::Value {
    json!({
        "objet": row.objet,
        "droits": row.droits,
        "quota_minute": row.quota_minute,
        "quota_jour": row.quota_jour,
        "expire_le": row.expire_le,
        "secret": format!("{}…", row.prefixe),
        "revoque": row.revoque_le.is_some(),
    })
}

async fn ligne<C: db::sea_orm::ConnectionTrait>(
    conn: &C,
    quand: DateTime<Utc>,
    acteur: &Actor,
    action: &str,
    cle: &str,
    avant: Option<serde_json::Value>,
    apres: Option<serde_json::Value>,
) -> Result<(), DbError> {
    journal::write(conn, Entry { quand, acteur, action, objet: "jeton", cle, avant, apres }).await
}
