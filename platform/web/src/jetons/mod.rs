//! Tokens of other applications: made by an administrator, shown once, kept as a hash, with scopes and quotas.
//!
//! A request costs no query: a token recognised is trusted for five seconds, its quotas and its usage are counted in memory, and the
//! usage is written every five seconds and when the process stops. What one process revokes is refused there at once, and by the
//! others five seconds later at most. Minute quotas are per process; a day's is shared through the written usage.

mod acces;
mod fault;
mod layer;
mod memoire;
mod secret;
pub(crate) mod store;

use std::convert::Infallible;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use db::journal::{self, Entry};
use db::sea_orm::Set;
use db::{Db, DbError};
use kernel::{Actor, Clock, Scope, heure_de_besancon};
use serde_json::json;

pub use acces::{Acces, Porteur};
pub use fault::JetonFault;
pub(crate) use layer::layer;
pub use memoire::Refus;
use memoire::{Memoire, Tenu};
use secret::Empreinte;
pub use secret::Secret;

use crate::hex;

/// How often usage is written.
const RELEVE: std::time::Duration = std::time::Duration::from_secs(5);
/// Largest quota: beyond, none is meant.
pub const QUOTA_MAX: i64 = 1_000_000_000;
/// How long a replaced secret may still serve: time to change the setting of the application.
pub const DELAI_DE_GRACE: Duration = Duration::hours(24);

/// What a token is to be.
#[derive(Clone, Debug, Default)]
pub struct NouveauJeton {
    /// Its name: the application's, most often.
    pub nom: String,
    /// What it is for, whom to call.
    pub objet: String,
    /// What it may read.
    pub droits: Vec<Scope>,
    /// Last day it is valid, in Besançon's time.
    pub jusqu_au: Option<NaiveDate>,
    /// Requests a minute.
    pub quota_minute: Option<i64>,
    /// Requests a day.
    pub quota_jour: Option<i64>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jeton {
    /// Row.
    pub id: i64,
    /// Name.
    pub nom: String,
    /// What it is for.
    pub objet: String,
    /// Beginning of its secret.
    pub prefixe: String,
    /// What it may read.
    pub droits: Vec<Scope>,
    /// Requests a minute.
    pub quota_minute: Option<i64>,
    /// Requests a day.
    pub quota_jour: Option<i64>,
    /// When it stops being valid by itself.
    pub expire_le: Option<DateTime<Utc>>,
    /// When it was made.
    pub cree_le: DateTime<Utc>,
    /// By whom.
    pub cree_par: String,
    /// When its secret was last replaced.
    pub renouvele_le: Option<DateTime<Utc>>,
    /// Until when the secret before still serves.
    pub ancien_jusqu_a: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoque_le: Option<DateTime<Utc>>,
    /// By whom.
    pub revoque_par: Option<String>,
    /// When it was last used, to within a few seconds.
    pub vu_le: Option<DateTime<Utc>>,
}

/// Whether a token may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatJeton {
    /// It may.
    Actif,
    /// Its last day is past.
    Expire,
    /// It was revoked.
    Revoque,
}

impl EtatJeton {
    /// As JSON and filters write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Actif => "actif",
            Self::Expire => "expire",
            Self::Revoque => "revoque",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Actif => "Actif",
            Self::Expire => "Arrivé à échéance",
            Self::Revoque => "Révoqué",
        }
    }
}

impl Jeton {
    /// Whether it may be used at `now`.
    #[must_use]
    pub fn etat(&self, now: DateTime<Utc>) -> EtatJeton {
        match (self.revoque_le, self.expire_le) {
            (Some(_), _) => EtatJeton::Revoque,
            (_, Some(fin)) if fin <= now => EtatJeton::Expire,
            _ => EtatJeton::Actif,
        }
    }

    /// Its last day, in Besançon's time.
    #[must_use]
    pub fn jusqu_au(&self) -> Option<NaiveDate> {
        self.expire_le.and_then(|fin| heure_de_besancon(fin).date().pred_opt())
    }

    /// What a form about it shows: [`crate::Vu`] of it tells whether somebody changed it meanwhile.
    #[must_use]
    pub fn valeurs(&self) -> [String; 6] {
        let quota = |q: Option<i64>| q.map(|q| q.to_string()).unwrap_or_default();
        [
            self.objet.clone(),
            codes(&self.droits),
            quota(self.quota_minute),
            quota(self.quota_jour),
            self.expire_le.map(|fin| fin.to_rfc3339()).unwrap_or_default(),
            self.revoque_le.map(|quand| quand.to_rfc3339()).unwrap_or_default(),
        ]
    }
}

/// What a token did on a day in a family of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Day, in Besançon's time.
    pub jour: NaiveDate,
    /// Family: `maquette/etapes`.
    pub famille: String,
    /// Requests, those refused among them.
    pub requetes: i64,
    /// Requests refused: without the scope, over a quota, after its end.
    pub refusees: i64,
    /// Bytes answered, before compression.
    pub octets: i64,
}

/// Usage on its way to the database.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Releve {
    jeton: i64,
    jour: NaiveDate,
    famille: String,
    requetes: i64,
    refusees: i64,
    octets: i64,
}

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
    async fn reconnaitre(
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

/// Scopes as they are stored: in the order of [`Scope::ALL`], one space between.
fn codes(droits: &[Scope]) -> String {
    let held = Scope::ALL.into_iter().filter(|scope| droits.contains(scope));
    held.map(Scope::code).collect::<Vec<_>>().join(" ")
}

/// One that this version does not know gives nothing.
fn scopes(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(|code| code.parse().ok()).collect()
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

fn verifie(nouveau: NouveauJeton, now: DateTime<Utc>) -> Result<NouveauJeton, JetonFault> {
    let nom = normalise(&nouveau.nom).ok_or(JetonFault::Nom)?;
    if nouveau.droits.is_empty() {
        return Err(JetonFault::SansDroit);
    }
    let quotas = [nouveau.quota_minute, nouveau.quota_jour];
    if quotas.into_iter().flatten().any(|quota| !(1..=QUOTA_MAX).contains(&quota)) {
        return Err(JetonFault::Quota);
    }
    echeance(nouveau.jusqu_au, now)?;
    let objet: String = nouveau.objet.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(NouveauJeton { nom, objet: objet.trim().to_owned(), ..nouveau })
}

fn echeance(jusqu_au: Option<NaiveDate>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, JetonFault> {
    match jusqu_au {
        None => Ok(None),
        Some(jour) => lendemain(jour).filter(|fin| *fin > now).map(Some).ok_or(JetonFault::Echeance),
    }
}

/// The end of a day of Besançon.
fn lendemain(jour: NaiveDate) -> Option<DateTime<Utc>> {
    jour.succ_opt().map(debut_du_jour)
}

/// The instant at which a day begins in Besançon. Its clock never changes at midnight.
fn debut_du_jour(jour: NaiveDate) -> DateTime<Utc> {
    let minuit = jour.and_time(NaiveTime::MIN);
    let ahead = [1, 2].map(|hours| minuit.and_utc() - Duration::hours(hours));
    ahead
        .into_iter()
        .find(|instant| heure_de_besancon(*instant) == minuit)
        .unwrap_or_else(|| minuit.and_utc())
}

/// A name as it is stored: trimmed, lower case. `None` when it cannot be one.
fn normalise(nom: &str) -> Option<String> {
    let text = nom.trim().to_lowercase();
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let first = text.bytes().next()?;
    ((2..=64).contains(&text.len()) && first.is_ascii_alphanumeric() && text.bytes().all(known))
        .then_some(text)
}

/// What was typed, for a sentence.
fn montrable(nom: &str) -> String {
    nom.chars().filter(|c| !c.is_control()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_rules() {
        assert_eq!(normalise(" Emploi-du-Temps "), Some("emploi-du-temps".into()));
        for naughty in
            ["", "a", "-x", ".ssh", "é", "a b", "a/b", "../etc", "a\0b", "<b>", "%2e", &"x".repeat(65)]
        {
            assert_eq!(normalise(naughty), None, "{naughty:?}");
        }
    }

    #[test]
    fn a_last_day_ends_at_midnight_in_besancon() {
        let day = |text: &str| lendemain(text.parse().unwrap()).unwrap().to_rfc3339();
        assert_eq!(day("2027-08-31"), "2027-08-31T22:00:00+00:00");
        assert_eq!(day("2027-12-31"), "2027-12-31T23:00:00+00:00");
        assert_eq!(day("2027-03-27"), "2027-03-27T23:00:00+00:00", "the night before the clock changes");
        assert_eq!(day("2027-03-28"), "2027-03-28T22:00:00+00:00", "the night after");
    }

    #[test]
    fn scopes_are_stored_in_one_order() {
        assert_eq!(
            codes(&[Scope::MetriquesLire, Scope::MaquetteLire, Scope::MaquetteLire]),
            "maquette:lire metriques:lire"
        );
        assert_eq!(
            scopes("maquette:lire inconnu metriques:lire"),
            [Scope::MaquetteLire, Scope::MetriquesLire]
        );
        assert!(scopes("").is_empty());
    }
}
