//! What a registration costs, line by line: the fixed part of its modality, then each supervised épreuve sat.

use kernel::Cents;

use super::amenagement::duree_majoree;
use super::modalite::Tarif;

/// An épreuve sat now, as the account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passee {
    /// Row of the épreuve.
    pub epreuve: i64,
    /// Its label.
    pub libelle: String,
    /// Minutes, extra time aside; an épreuve whose length is not decided costs nothing yet.
    pub duree_min: Option<i64>,
    /// Whether its hours are supervised.
    pub surveillee: bool,
    /// The candidate's extra minutes per hour on its day.
    pub majoration: i64,
}

/// A line of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    /// What it is for, stable while the registration changes: `fixe`, `epreuve:12`.
    pub poste: String,
    /// « Présentiel Besançon, part fixe ».
    pub libelle: String,
    /// Minutes charged.
    pub minutes: Option<i64>,
    /// Amount.
    pub montant: Cents,
}

/// The account of a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decompte {
    /// Its lines: those of épreuves in the order given.
    pub lignes: Vec<Ligne>,
}

impl Decompte {
    /// The account. Somebody who sits nothing now owes nothing.
    #[must_use]
    pub fn calculer(modalite: &str, modalite_surveillee: bool, tarif: Tarif, passees: &[Passee]) -> Self {
        if passees.is_empty() {
            return Self::default();
        }
        let fixe = Ligne {
            poste: "fixe".to_owned(),
            libelle: format!("{modalite}, part fixe"),
            minutes: None,
            montant: tarif.fixe,
        };
        let epreuves = passees.iter().filter(|p| modalite_surveillee && p.surveillee).map(|p| {
            let facturee = if tarif.majoration_facturee { p.majoration } else { 0 };
            let minutes = duree_majoree(p.duree_min.unwrap_or(0), facturee);
            Ligne {
                poste: format!("epreuve:{}", p.epreuve),
                libelle: p.libelle.clone(),
                minutes: Some(minutes),
                montant: au_prorata(tarif.horaire, minutes),
            }
        });
        Self { lignes: std::iter::once(fixe).chain(epreuves).collect() }
    }

    /// What is due.
    #[must_use]
    pub fn total(&self) -> Cents {
        self.lignes.iter().map(|l| l.montant).sum()
    }
}

/// So many minutes at an hourly rate, to the nearest cent, a half going up. Each line is rounded on its own, so that their sum is what is
/// read.
fn au_prorata(horaire: Cents, minutes: i64) -> Cents {
    Cents(horaire.0.saturating_mul(minutes).saturating_add(30).div_euclid(60))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;

    fn tarif(fixe: i64, horaire: i64, majoration_facturee: bool) -> Tarif {
        Tarif {
            valide_du: NaiveDate::default(),
            fixe: Cents(fixe),
            horaire: Cents(horaire),
            majoration_facturee,
        }
    }

    fn passee(epreuve: i64, duree_min: i64) -> Passee {
        let libelle = format!("Épreuve {epreuve}");
        Passee { epreuve, libelle, duree_min: Some(duree_min), surveillee: true, majoration: 20 }
    }

    #[test]
    fn a_fixed_part_and_each_supervised_hour() {
        let d = Decompte::calculer(
            "Tele-examen",
            true,
            tarif(3000, 1250, false),
            &[passee(1, 180), passee(2, 90)],
        );
        let montants: Vec<_> = d.lignes.iter().map(|l| l.montant.0).collect();
        assert_eq!(montants, [3000, 3750, 1875], "extra time is not charged");
        assert_eq!(d.total(), Cents(8625));
        let d = Decompte::calculer("Tele-examen", true, tarif(3000, 1250, true), &[passee(1, 180)]);
        assert_eq!(d.total(), Cents(3000 + 5000), "unless the tariff says so");
    }

    #[test]
    fn sitting_nothing_costs_nothing_and_zero_is_a_fee() {
        assert_eq!(Decompte::calculer("m", true, tarif(3000, 1250, false), &[]).total(), Cents::ZERO);
        let gratuit = Decompte::calculer("m", true, tarif(0, 0, false), &[passee(1, 180)]);
        assert_eq!((gratuit.lignes.len(), gratuit.total()), (2, Cents::ZERO));
        let d = Decompte::calculer("m", false, tarif(3000, 1250, false), &[passee(1, 180)]);
        assert_eq!(d.total(), Cents(3000), "hours that nobody supervises are not charged");
    }

    proptest! {
        #[test]
        fn one_more_epreuve_never_costs_less(durees in prop::collection::vec(0i64..600, 1..12), fixe in 0i64..100_000, horaire in 0i64..10_000) {
            let toutes: Vec<_> = durees.iter().zip(1..).map(|(d, id)| passee(id, *d)).collect();
            let total = |n: usize| Decompte::calculer("m", true, tarif(fixe, horaire, false), toutes.get(..n).unwrap_or_default()).total();
            for n in 1..=toutes.len() {
                prop_assert!(total(n - 1) <= total(n));
            }
        }
    }
}
