use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was asked of the source, and who waited for whom. Shared by the clones of a client.
#[derive(Debug, Default)]
pub struct Statistiques(Mutex<Etat>);

#[derive(Debug, Default)]
struct Etat {
    releve: Releve,
    en_vol: u64,
    occupee_depuis: Option<Instant>,
    premier: Option<Instant>,
    dernier: Option<Instant>,
}

/// The figures at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Releve {
    /// Calls answered, well or badly.
    pub appels: u64,
    /// Calls made again after a transient failure.
    pub reprises: u64,
    /// Bytes received.
    pub octets: u64,
    /// Sum over calls of the time spent waiting for the source.
    pub attente: Duration,
    /// Time during which at least one call was under way: the source was working for us.
    pub occupee: Duration,
    /// Time between the first call and the last answer during which no call was under way: the source waited for us.
    pub oisive: Duration,
    /// Most calls under way at once.
    pub simultanees: u64,
}

/// One call under way; counted when dropped, even if the caller gave up.
#[derive(Debug)]
pub(super) struct EnVol<'a> {
    statistiques: &'a Statistiques,
    debut: Instant,
}

impl Statistiques {
    fn etat(&self) -> std::sync::MutexGuard<'_, Etat> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn partir(&self) -> EnVol<'_> {
        let debut = Instant::now();
        let mut etat = self.etat();
        etat.premier.get_or_insert(debut);
        etat.en_vol += 1;
        etat.releve.simultanees = etat.releve.simultanees.max(etat.en_vol);
        etat.occupee_depuis.get_or_insert(debut);
        EnVol { statistiques: self, debut }
    }

    pub(super) fn reprendre(&self) {
        self.etat().releve.reprises += 1;
    }

    pub(super) fn recevoir(&self, octets: usize) {
        self.etat().releve.octets += octets as u64;
    }

    /// The figures now.
    #[must_use]
    pub fn releve(&self) -> Releve {
        let etat = self.etat();
        let mut releve = etat.releve;
        let fin = if etat.en_vol > 0 { Some(Instant::now()) } else { etat.dernier };
        if let (Some(depuis), Some(fin)) = (etat.occupee_depuis, fin) {
            releve.occupee += fin.saturating_duration_since(depuis);
        }
        if let (Some(premier), Some(fin)) = (etat.premier, fin) {
            releve.oisive = fin.saturating_duration_since(premier).saturating_sub(releve.occupee);
        }
        releve
    }
}

impl Drop for EnVol<'_> {
    fn drop(&mut self) {
        let fin = Instant::now();
        let mut etat = self.statistiques.etat();
        etat.releve.appels += 1;
        etat.releve.attente += fin.saturating_duration_since(self.debut);
        etat.en_vol = etat.en_vol.saturating_sub(1);
        etat.dernier = Some(fin);
        if etat.en_vol == 0
            && let Some(depuis) = etat.occupee_depuis.take()
        {
            etat.releve.occupee += fin.saturating_duration_since(depuis);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_calls_are_waited_for_twice_and_occupy_once() {
        let statistiques = Statistiques::default();
        let un = statistiques.partir();
        let deux = statistiques.partir();
        drop(un);
        assert_eq!(statistiques.releve().appels, 1);
        drop(deux);
        let releve = statistiques.releve();
        assert_eq!((releve.appels, releve.simultanees), (2, 2));
        assert!(releve.attente >= releve.occupee);
        assert_eq!(releve.oisive, Duration::ZERO, "one stretch of work has no hole");
        assert_eq!(Statistiques::default().releve(), Releve::default());
    }
}
