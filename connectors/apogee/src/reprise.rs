//! Asking again: on transient faults only, later each time, and never two clients at the same instant.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use kernel::Outage;

/// When and how often a call is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reprise {
    /// Calls made again at most, after the first.
    pub nombre: u32,
    /// Wait before the first of them; it doubles each time.
    pub base: Duration,
    /// Longest wait.
    pub plafond: Duration,
}

impl Default for Reprise {
    /// Three times, after about 0.5, 1 and 2 seconds.
    fn default() -> Self {
        Self { nombre: 3, base: Duration::from_millis(500), plafond: Duration::from_secs(20) }
    }
}

impl Reprise {
    /// The wait before the call made again for the `rang`-th time, from 0: half fixed, half drawn, so that many readers cut off
    /// together do not come back together.
    pub(crate) fn attente(&self, rang: u32) -> Duration {
        let pleine = self.base.saturating_mul(2_u32.saturating_pow(rang)).min(self.plafond);
        let millieme = u32::try_from(RandomState::new().build_hasher().finish() % 1001).unwrap_or(500);
        pleine / 2 + (pleine / 2).saturating_mul(millieme) / 1000
    }

    /// Calls `essai` until it succeeds, fails for good, or was made again `nombre` times. `avant` is told of each new try.
    ///
    /// # Errors
    /// The last failure; its sentence says how many tries were made.
    pub(crate) async fn tenter<T, F>(
        &self,
        mut avant: impl FnMut(&Outage),
        mut essai: impl FnMut() -> F,
    ) -> Result<T, Outage>
    where
        F: Future<Output = Result<T, Outage>>,
    {
        let mut rang = 0;
        loop {
            let panne = match essai().await {
                Ok(valeur) => return Ok(valeur),
                Err(panne) => panne,
            };
            if !panne.kind.is_transient() || rang >= self.nombre {
                return Err(if rang == 0 {
                    panne
                } else {
                    Outage { detail: format!("{} ({} essais.)", panne.detail, rang + 1), ..panne }
                });
            }
            avant(&panne);
            tokio::time::sleep(self.attente(rang)).await;
            rang += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{OutageKind, Source};
    use std::cell::Cell;

    fn panne(kind: OutageKind) -> Outage {
        Outage {
            source_: Source::Apogee,
            quoi: "x".into(),
            kind,
            detail: "Non.".into(),
            remede: "Rien.".into(),
        }
    }

    async fn essais(kind: OutageKind, reussit_au: u32) -> (u32, u32, Result<(), Outage>) {
        let politique = Reprise { nombre: 3, base: Duration::ZERO, plafond: Duration::ZERO };
        let (faits, avertis) = (Cell::new(0), Cell::new(0));
        let resultat = politique
            .tenter(
                |_| avertis.set(avertis.get() + 1),
                || {
                    faits.set(faits.get() + 1);
                    let resultat = if faits.get() >= reussit_au { Ok(()) } else { Err(panne(kind)) };
                    async { resultat }
                },
            )
            .await;
        (faits.get(), avertis.get(), resultat)
    }

    #[tokio::test]
    async fn transient_faults_only_are_tried_again() {
        assert_eq!(essais(OutageKind::Delai, 3).await, (3, 2, Ok(())));
        let (faits, _, resultat) = essais(OutageKind::EnPanne, 99).await;
        assert_eq!((faits, resultat.unwrap_err().detail.as_str()), (4, "Non. (4 essais.)"));
        let (faits, _, resultat) = essais(OutageKind::Refus, 99).await;
        assert_eq!((faits, resultat.unwrap_err().detail.as_str()), (1, "Non."));
    }

    #[test]
    fn waits_double_stay_under_the_ceiling_and_differ() {
        let politique =
            Reprise { nombre: 9, base: Duration::from_millis(100), plafond: Duration::from_secs(1) };
        for (rang, pleine) in [(0, 100), (1, 200), (2, 400), (8, 1000), (40, 1000)] {
            let attente = politique.attente(rang);
            assert!(attente >= Duration::from_millis(pleine / 2) && attente <= Duration::from_millis(pleine));
        }
        let tirages: std::collections::HashSet<_> = (0..32).map(|_| politique.attente(3)).collect();
        assert!(tirages.len() > 1);
    }
}
