//! What is kept in memory so that a request costs no query: tokens recognised a moment ago, what is left of their quotas, what they
//! have used since it was last written.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::heure_de_besancon;

use super::secret::Empreinte;
use super::{Porteur, Releve, debut_du_jour};

/// How long a token is trusted before the database is asked again: what another process revoked is refused here after that at most.
pub(super) const CONFIANCE: Duration = Duration::seconds(5);

/// A token as it was last read.
#[derive(Debug)]
pub(super) struct Tenu {
    pub(super) porteur: Porteur,
    /// When it stops being valid by itself.
    pub(super) fin: Option<DateTime<Utc>>,
    pub(super) revoque: bool,
    /// When the database was asked.
    pub(super) lu_le: DateTime<Utc>,
    pub(super) etat: Arc<Etat>,
}

/// What a token has left and has used, whichever of its secrets is sent. Lives as long as the process.
#[derive(Debug, Default)]
pub(super) struct Etat(Mutex<Comptes>);

#[derive(Debug, Default)]
struct Comptes {
    minute: Option<Seau>,
    jour: Option<Jour>,
    vu_le: Option<DateTime<Utc>>,
    releves: HashMap<NaiveDate, HashMap<String, Compte>>,
}

/// A bucket that fills continuously: a burst is served at once, then as many a minute as the quota says.
#[derive(Debug)]
struct Seau {
    quota: u64,
    reste: f64,
    rempli_le: DateTime<Utc>,
}

/// What is left of a day, in Besançon's time.
#[derive(Debug)]
struct Jour {
    quota: u64,
    jour: NaiveDate,
    fin: DateTime<Utc>,
    utilise: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Compte {
    requetes: i64,
    refusees: i64,
    octets: i64,
}

/// What is left of the quota that will end first, for the headers of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reste {
    pub(super) quota: u64,
    pub(super) reste: u64,
    /// Seconds until it is whole again.
    pub(super) attente_s: u64,
}

/// A quota is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epuise {
    pub(super) quota: u64,
    /// Whether it is the day's.
    pub(super) du_jour: bool,
    /// Seconds after which the next request is served.
    pub(super) attente_s: u64,
}

impl Etat {
    fn lock(&self) -> MutexGuard<'_, Comptes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the quotas as the database has them; `utilise` is what the day had used when it was asked.
    pub(super) fn quotas(&self, minute: Option<u64>, jour: Option<u64>, utilise: u64, now: DateTime<Utc>) {
        let mut comptes = self.lock();
        let today = heure_de_besancon(now).date();
        // What was counted here and is not written yet is not in what was read.
        let here = comptes.releves.get(&today).map_or(0, |familles| {
            familles.values().map(|compte| compte.requetes - compte.refusees).sum::<i64>()
        });
        comptes.minute = minute.map(|quota| match comptes.minute.take() {
            Some(held) if held.quota == quota => held,
            _ => Seau { quota, reste: quota as f64, rempli_le: now },
        });
        // Nor is what is being written just now: a day never goes back.
        let before = comptes.jour.as_ref().filter(|held| held.jour == today).map_or(0, |held| held.utilise);
        comptes.jour = jour.map(|quota| Jour {
            quota,
            jour: today,
            fin: today.succ_opt().map_or(now, debut_du_jour),
            utilise: before.max(utilise + here.unsigned_abs()),
        });
    }

    /// Takes one request out of what is left.
    pub(super) fn prendre(&self, now: DateTime<Utc>) -> Result<Option<Reste>, Epuise> {
        let mut comptes = self.lock();
        comptes.vu_le = Some(now);
        if let Some(jour) = comptes.jour.as_mut() {
            if now >= jour.fin {
                jour.jour = heure_de_besancon(now).date();
                jour.fin = jour.jour.succ_opt().map_or(now, debut_du_jour);
                jour.utilise = 0;
            }
            if jour.utilise >= jour.quota {
                let attente_s = seconds(jour.fin - now);
                return Err(Epuise { quota: jour.quota, du_jour: true, attente_s });
            }
        }
        if let Some(seau) = comptes.minute.as_mut() {
            seau.remplir(now);
            if seau.reste < 1.0 {
                let attente_s = seau.secondes_pour(1.0);
                return Err(Epuise { quota: seau.quota, du_jour: false, attente_s });
            }
            seau.reste -= 1.0;
        }
        if let Some(jour) = comptes.jour.as_mut() {
            jour.utilise += 1;
        }
        let minute = comptes.minute.as_ref().map(Seau::vu);
        let jour = comptes.jour.as_ref().map(|jour| jour.vu(now));
        Ok([minute, jour].into_iter().flatten().min_by_key(|reste| reste.reste))
    }

    /// Counts a request that was answered, or refused.
    pub(super) fn compter(&self, famille: &str, refusee: bool, octets: u64, now: DateTime<Utc>) {
        let mut comptes = self.lock();
        let jour = match comptes.jour.as_ref() {
            Some(jour) if now < jour.fin => jour.jour,
            _ => heure_de_besancon(now).date(),
        };
        let familles = comptes.releves.entry(jour).or_default();
        let compte = match familles.get_mut(famille) {
            Some(compte) => compte,
            None => familles.entry(famille.to_owned()).or_default(),
        };
        compte.requetes += 1;
        compte.refusees += i64::from(refusee);
        compte.octets = compte.octets.saturating_add(i64::try_from(octets).unwrap_or(i64::MAX));
    }

    /// Takes away what was counted since it was last taken.
    fn relever(&self, jeton: i64) -> (Vec<Releve>, Option<DateTime<Utc>>) {
        let mut comptes = self.lock();
        let vu_le = comptes.vu_le.take();
        let lines = std::mem::take(&mut comptes.releves).into_iter().flat_map(|(jour, familles)| {
            familles.into_iter().map(move |(famille, compte)| Releve {
                jeton,
                jour,
                famille,
                requetes: compte.requetes,
                refusees: compte.refusees,
                octets: compte.octets,
            })
        });
        (lines.collect(), vu_le)
    }

    /// Puts back what could not be written.
    fn rendre(&self, line: Releve) {
        let mut comptes = self.lock();
        let compte = comptes.releves.entry(line.jour).or_default().entry(line.famille).or_default();
        compte.requetes += line.requetes;
        compte.refusees += line.refusees;
        compte.octets = compte.octets.saturating_add(line.octets);
    }
}

impl Seau {
    fn remplir(&mut self, now: DateTime<Utc>) {
        let passe = (now - self.rempli_le).num_milliseconds().max(0) as f64;
        self.reste = (self.reste + passe * self.quota as f64 / 60_000.0).min(self.quota as f64);
        self.rempli_le = now;
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few seconds, never negative"
    )]
    fn secondes_pour(&self, voulu: f64) -> u64 {
        ((voulu - self.reste).max(0.0) * 60.0 / self.quota.max(1) as f64).ceil() as u64
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between zero and the quota")]
    fn vu(&self) -> Reste {
        let reste = self.reste.max(0.0) as u64;
        Reste { quota: self.quota, reste, attente_s: self.secondes_pour(self.quota as f64) }
    }
}

impl Jour {
    fn vu(&self, now: DateTime<Utc>) -> Reste {
        let reste = self.quota.saturating_sub(self.utilise);
        Reste { quota: self.quota, reste, attente_s: seconds(self.fin - now) }
    }
}

fn seconds(duree: Duration) -> u64 {
    duree.num_seconds().max(0).unsigned_abs() + u64::from(duree.subsec_nanos() > 0)
}

/// Why a token was refused, for the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refus {
    /// Not one of ours, or cut, or mistyped.
    Inconnu,
    /// Past its date.
    Expire,
    /// Revoked, or replaced.
    Revoque,
    /// Without the scope asked.
    Droit,
    /// Over its quota.
    Quota,
}

impl Refus {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Inconnu, Self::Expire, Self::Revoque, Self::Droit, Self::Quota];

    /// As metrics name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Inconnu => "inconnu",
            Self::Expire => "expire",
            Self::Revoque => "revoque",
            Self::Droit => "droit",
            Self::Quota => "quota",
        }
    }
}

/// The memory of one process.
#[derive(Debug, Default)]
pub(super) struct Memoire {
    tenus: RwLock<HashMap<Empreinte, Arc<Tenu>>>,
    etats: Mutex<HashMap<i64, Arc<Etat>>>,
    /// Moves at each change: what was read before one is not kept after it.
    changements: AtomicU64,
    refus: [AtomicU64; Refus::ALL.len()],
}

impl Memoire {
    /// A token recognised a moment ago.
    pub(super) fn tenu(&self, empreinte: &Empreinte, now: DateTime<Utc>) -> Option<Arc<Tenu>> {
        let tenus = self.tenus.read().unwrap_or_else(PoisonError::into_inner);
        tenus.get(empreinte).filter(|tenu| now - tenu.lu_le < CONFIANCE && now >= tenu.lu_le).cloned()
    }

    /// To be noted before the database is asked, and given back to [`Self::tenir`].
    pub(super) fn instant(&self) -> u64 {
        self.changements.load(Ordering::Acquire)
    }

    /// Keeps a token as it was read, unless one has changed since `instant`.
    pub(super) fn tenir(&self, empreinte: Empreinte, tenu: &Arc<Tenu>, instant: u64) {
        let mut tenus = self.tenus.write().unwrap_or_else(PoisonError::into_inner);
        if self.changements.load(Ordering::Acquire) == instant {
            tenus.insert(empreinte, Arc::clone(tenu));
        }
    }

    /// Forgets every token: one has changed.
    pub(super) fn oublier(&self) {
        let mut tenus = self.tenus.write().unwrap_or_else(PoisonError::into_inner);
        self.changements.fetch_add(1, Ordering::Release);
        tenus.clear();
    }

    /// What a token has left and has used.
    pub(super) fn etat(&self, jeton: i64) -> Arc<Etat> {
        let mut etats = self.etats.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(etats.entry(jeton).or_default())
    }

    /// Takes away what was counted: lines to write, and when each token was last seen.
    pub(super) fn relever(&self) -> (Vec<Releve>, Vec<(i64, DateTime<Utc>)>) {
        let etats: Vec<(i64, Arc<Etat>)> = {
            let etats = self.etats.lock().unwrap_or_else(PoisonError::into_inner);
            etats.iter().map(|(id, etat)| (*id, Arc::clone(etat))).collect()
        };
        let (mut lines, mut vus) = (Vec::new(), Vec::new());
        for (id, etat) in etats {
            let (of_one, vu_le) = etat.relever(id);
            lines.extend(of_one);
            vus.extend(vu_le.map(|vu_le| (id, vu_le)));
        }
        // One order for all processes: two that write at once wait for each other instead of refusing.
        lines.sort_by(|a, b| (a.jeton, a.jour, &a.famille).cmp(&(b.jeton, b.jour, &b.famille)));
        vus.sort_unstable();
        (lines, vus)
    }

    /// Puts back what could not be written.
    pub(super) fn rendre(&self, lines: Vec<Releve>) {
        for line in lines {
            self.etat(line.jeton).rendre(line);
        }
    }

    pub(super) fn refuser(&self, refus: Refus) {
        if let Some(count) = self.refus.get(refus as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn refus(&self) -> Vec<(Refus, u64)> {
        Refus::ALL.into_iter().zip(&self.refus).map(|(refus, n)| (refus, n.load(Ordering::Relaxed))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_minute_serves_a_burst_then_its_pace() {
        let etat = Etat::default();
        let start = at("2024-04-02T07:00:00Z");
        etat.quotas(Some(60), None, 0, start);
        for left in (0..60).rev() {
            assert_eq!(etat.prendre(start).unwrap().unwrap().reste, left);
        }
        assert_eq!(etat.prendre(start), Err(Epuise { quota: 60, du_jour: false, attente_s: 1 }));
        assert!(etat.prendre(start + Duration::milliseconds(999)).is_err());
        assert!(etat.prendre(start + Duration::seconds(1)).is_ok());
        assert!(etat.prendre(start + Duration::seconds(1)).is_err());
        assert_eq!(
            etat.prendre(start + Duration::hours(1)).unwrap().unwrap().reste,
            59,
            "never more than the quota"
        );
    }

    #[test]
    fn a_day_ends_at_midnight_in_besancon() {
        let etat = Etat::default();
        let evening = at("2024-04-02T21:59:30Z");
        etat.quotas(None, Some(10), 8, evening);
        assert_eq!(etat.prendre(evening).unwrap(), Some(Reste { quota: 10, reste: 1, attente_s: 30 }));
        assert!(etat.prendre(evening).is_ok());
        assert_eq!(etat.prendre(evening), Err(Epuise { quota: 10, du_jour: true, attente_s: 30 }));
        assert!(etat.prendre(at("2024-04-02T22:00:00Z")).is_ok(), "the next day");
    }

    #[test]
    fn the_day_adds_what_is_written_and_what_is_not_yet() {
        let etat = Etat::default();
        let now = at("2024-04-02T07:00:00Z");
        etat.quotas(None, Some(10), 0, now);
        for _ in 0..4 {
            etat.prendre(now).unwrap();
            etat.compter("maquette", false, 10, now);
        }
        // Asked again a moment later: another process has written three.
        etat.quotas(None, Some(10), 3, now);
        assert_eq!(etat.prendre(now).unwrap().unwrap().reste, 2);
        let (lines, vu_le) = etat.relever(7);
        assert_eq!((lines.len(), lines[0].requetes, lines[0].octets, vu_le), (1, 4, 40, Some(now)));
        assert!(etat.relever(7).0.is_empty());
        etat.rendre(lines[0].clone());
        assert_eq!(etat.relever(7).0, lines);
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let memoire = Memoire::default();
        let now = at("2024-04-02T07:00:00Z");
        let tenu = Arc::new(Tenu {
            porteur: Porteur { jeton: 1, nom: "un".into(), droits: Vec::new() },
            fin: None,
            revoque: false,
            lu_le: now,
            etat: memoire.etat(1),
        });
        let before = memoire.instant();
        memoire.oublier();
        memoire.tenir([0; 32], &tenu, before);
        assert!(memoire.tenu(&[0; 32], now).is_none());
        memoire.tenir([0; 32], &tenu, memoire.instant());
        assert!(memoire.tenu(&[0; 32], now).is_some());
        assert!(memoire.tenu(&[0; 32], now + CONFIANCE).is_none(), "asked again after a while");
    }
}
