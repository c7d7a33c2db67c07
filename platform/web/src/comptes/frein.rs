//! The brake on one address that tries many logins.
//!
//! An account is locked after a few failures of its own; somebody who tries one password on a thousand accounts never meets that lock.
//! So the different logins that failed from one address are counted, and beyond a number that no family, office or classroom reaches, that
//! address waits. It is slower to stop than the lock of an account, because many honest people may share an address.
//!
//! The count is in memory: a write at each failure is what an attacker would like to cause, and a restart that forgets gives little.
//! Each process counts its own, which multiplies the limit by their number. CAS is not braked: passwords are not tried there.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// Different logins that may fail from one address within [`FENETRE`].
const LOGINS: usize = 30;
/// What is counted.
const FENETRE: Duration = Duration::minutes(10);
/// Addresses remembered: beyond, those that have been silent longest are forgotten.
const ADRESSES: usize = 10_000;

/// When each login failed first, the oldest at the front.
type Echecs = VecDeque<(DateTime<Utc>, String)>;

/// Failures by address.
#[derive(Debug, Default)]
pub(crate) struct Frein(Mutex<HashMap<IpAddr, Echecs>>);

impl Frein {
    /// How long the address must wait, if it must.
    pub(crate) fn attente(&self, adresse: IpAddr, now: DateTime<Utc>) -> Option<Duration> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = held.get_mut(&reseau(adresse))?;
        oublier(failures, now);
        if failures.len() < LOGINS {
            return None;
        }
        failures.front().map(|(quand, _)| *quand + FENETRE - now)
    }

    /// Counts a login that failed.
    pub(crate) fn echec(&self, adresse: IpAddr, identifiant: &str, now: DateTime<Utc>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= ADRESSES {
            held.retain(|_, failures| failures.back().is_some_and(|(quand, _)| *quand + FENETRE > now));
            if held.len() >= ADRESSES {
                // So many addresses at once are an attack that no count of ours stops.
                held.clear();
            }
        }
        let failures = held.entry(reseau(adresse)).or_default();
        oublier(failures, now);
        // Of what was typed, enough to tell two logins apart.
        let login: String = identifiant.trim().to_lowercase().chars().take(64).collect();
        if failures.len() < LOGINS && !failures.iter().any(|(_, known)| *known == login) {
            failures.push_back((now, login));
        }
    }
}

fn oublier(failures: &mut Echecs, now: DateTime<Utc>) {
    while failures.front().is_some_and(|(quand, _)| *quand + FENETRE <= now) {
        failures.pop_front();
    }
}

/// What one subscriber holds: an address of version 4, a network of 64 bits of version 6.
fn reseau(adresse: IpAddr) -> IpAddr {
    match adresse.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn many_logins_from_one_address_wait_and_others_do_not() {
        let (frein, one, other) =
            (Frein::default(), "192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        for n in 0..29 {
            frein.echec(one, &format!("login{n}"), at(n));
        }
        frein.echec(one, " LOGIN3 ", at(30));
        assert_eq!(frein.attente(one, at(30)), None, "the same login again is the lock's affair");
        frein.echec(one, "login29", at(31));
        assert_eq!(frein.attente(one, at(31)), Some(Duration::seconds(569)));
        assert_eq!(frein.attente(other, at(31)), None);
        assert_eq!(frein.attente(one, at(600)), None, "the first is forgotten after ten minutes");
    }

    #[test]
    fn one_subscriber_of_version_six_is_one_address() {
        let frein = Frein::default();
        for n in 0..30 {
            frein.echec(format!("2001:db8:1:2::{n:x}").parse().unwrap(), &format!("l{n}"), at(0));
        }
        assert!(frein.attente("2001:db8:1:2:ffff::1".parse().unwrap(), at(1)).is_some());
        assert!(frein.attente("2001:db8:1:3::1".parse().unwrap(), at(1)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let frein = Frein::default();
        for n in 0..20_000_u32 {
            frein.echec(IpAddr::V4((0x0a00_0000 + n).into()), "x", at(0));
        }
        assert!(frein.0.lock().unwrap().len() <= ADRESSES);
    }
}
