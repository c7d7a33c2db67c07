//! What may still be written in a period, by where it stands: the one rule that every action asks, whatever else it looks at.

use super::periode::{EtatPeriode, Periode};

/// What a write is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Geste {
    /// Dates, offer, publication, overrides, agreements of centres.
    Reglage,
    /// Épreuves and their rooms.
    Epreuve,
    /// What a student chooses, confirms, asks.
    Inscription,
    /// What the registry decides of a registration.
    Registre,
    /// A parcel of papers or copies: the last ones come back after the exams.
    Colis,
    /// A row of the ledger.
    Argent,
}

impl Geste {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Reglage, Self::Epreuve, Self::Inscription, Self::Registre, Self::Colis, Self::Argent];

    /// Whether a period in that state takes it. An archived one takes nothing; a closed one, what comes in late.
    #[must_use]
    pub fn permis(self, etat: EtatPeriode) -> bool {
        match etat {
            EtatPeriode::Archivee => false,
            EtatPeriode::Cloturee => matches!(self, Self::Argent | Self::Colis),
            _ => true,
        }
    }
}

/// A period that does not take a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ferme {
    /// « P1 2024/2025 ».
    pub nom: String,
    /// Whether it is archived, and not only closed.
    pub archivee: bool,
}

impl Ferme {
    /// Why, in a sentence.
    #[must_use]
    pub fn phrase(&self) -> String {
        let nom = &self.nom;
        if self.archivee {
            format!("La période {nom} est archivée\u{a0}: plus rien n’y change.")
        } else {
            format!(
                "La période {nom} est clôturée\u{a0}: seuls les paiements, les remboursements et les colis s’y enregistrent encore."
            )
        }
    }
}

impl Periode {
    /// Whether it takes a write.
    ///
    /// # Errors
    /// Why not.
    pub fn permet(&self, geste: Geste) -> Result<(), Ferme> {
        if geste.permis(self.etat) {
            return Ok(());
        }
        Err(Ferme { nom: self.nom(), archivee: self.etat == EtatPeriode::Archivee })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archived_period_takes_nothing_and_a_closed_one_money_and_parcels() {
        for geste in Geste::ALL {
            assert!(!geste.permis(EtatPeriode::Archivee), "{geste:?}");
            let tardif = matches!(geste, Geste::Argent | Geste::Colis);
            assert_eq!(geste.permis(EtatPeriode::Cloturee), tardif, "{geste:?}");
            for etat in EtatPeriode::ALL.into_iter().filter(|e| *e < EtatPeriode::Cloturee) {
                assert!(geste.permis(etat), "{geste:?} {etat:?}");
            }
        }
    }
}
