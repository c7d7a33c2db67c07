//! A day of the ledger, closed: its totals, and a fingerprint that shows any later change.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Cents;
use sha2::{Digest, Sha256};

use super::ecriture::{Moyen, Nature};

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecriture {
    /// Row.
    pub id: i64,
    /// Registration.
    pub inscription: i64,
    /// What it is.
    pub nature: Nature,
    /// How money moved, when it did.
    pub moyen: Option<Moyen>,
    /// What it adds to what is left to pay.
    pub montant: Cents,
    /// As the account shows it.
    pub libelle: String,
    /// What a due is for.
    pub poste: Option<String>,
    /// Number of a cheque, of a transaction.
    pub reference: String,
    /// The day it counts for.
    pub jour: NaiveDate,
    /// When it was written.
    pub ecrite_le: DateTime<Utc>,
    /// By whom.
    pub ecrite_par: String,
    /// The row that it corrects.
    pub corrige: Option<i64>,
    /// The closing that holds it.
    pub cloture: Option<i64>,
}

impl Ecriture {
    /// What came in (positive) or went out: the opposite of what it adds to what is left to pay. Nothing when no money moved.
    #[must_use]
    pub fn mouvement(&self) -> Cents {
        if self.moyen.is_some() { -self.montant } else { Cents::ZERO }
    }
}

/// What a day comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totaux {
    /// Rows.
    pub ecritures: i64,
    /// What came in, corrections of payments taken off.
    pub encaisse: Cents,
    /// What went out, corrections of refunds taken off; positive.
    pub rembourse: Cents,
    /// What was not asked, corrections taken off; positive.
    pub exonere: Cents,
    /// Net movement of each means.
    pub par_moyen: BTreeMap<Moyen, Cents>,
}

impl Totaux {
    /// Adds them up.
    #[must_use]
    pub fn de(ecritures: &[Ecriture]) -> Self {
        let mut t = Self { ecritures: i64::try_from(ecritures.len()).unwrap_or(i64::MAX), ..Self::default() };
        for e in ecritures {
            match e.nature {
                Nature::Paiement => t.encaisse += -e.montant,
                Nature::Remboursement => t.rembourse += e.montant,
                Nature::Exoneration => t.exonere += -e.montant,
                Nature::Du => {}
            }
            if let Some(moyen) = e.moyen {
                *t.par_moyen.entry(moyen).or_default() += e.mouvement();
            }
        }
        t
    }
}

/// Fingerprint of a closing: over the one before, the day, and every field of every row in order. Each field is preceded by its length, so
/// that nothing slides from one to the next.
#[must_use]
pub fn empreinte(precedente: &str, jour: NaiveDate, ecritures: &[Ecriture]) -> String {
    let mut hash = Sha256::new();
    let mut champ = |texte: &str| {
        hash.update((texte.len() as u64).to_be_bytes());
        hash.update(texte.as_bytes());
    };
    champ(precedente);
    champ(&jour.to_string());
    for e in ecritures {
        champ(&e.id.to_string());
        champ(&e.inscription.to_string());
        champ(e.nature.code());
        champ(e.moyen.map_or("", Moyen::code));
        champ(&e.montant.0.to_string());
        champ(&e.libelle);
        champ(&e.reference);
        champ(&e.jour.to_string());
        champ(&e.ecrite_le.timestamp_micros().to_string());
        champ(&e.ecrite_par);
        champ(&e.corrige.map(|id| id.to_string()).unwrap_or_default());
    }
    hash.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jour() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 12, 2).unwrap_or_default()
    }

    fn ecriture(id: i64, nature: Nature, moyen: Option<Moyen>, montant: i64) -> Ecriture {
        Ecriture {
            id,
            inscription: 1,
            nature,
            moyen,
            montant: Cents(montant),
            libelle: "Paiement".into(),
            poste: None,
            reference: "12".into(),
            jour: jour(),
            ecrite_le: DateTime::UNIX_EPOCH,
            ecrite_par: "anne".into(),
            corrige: None,
            cloture: None,
        }
    }

    fn ecritures() -> impl Strategy<Value = Vec<Ecriture>> {
        let une = (0usize..3, 0usize..5, -50_000i64..50_000);
        prop::collection::vec(une, 0..20).prop_map(|lues| {
            let une = |(n, (nature, moyen, montant)): (usize, (usize, usize, i64))| {
                let nature = [Nature::Paiement, Nature::Remboursement, Nature::Exoneration][nature];
                let moyen = (nature != Nature::Exoneration).then(|| Moyen::ALL[moyen]);
                ecriture(i64::try_from(n).unwrap_or(0), nature, moyen, montant)
            };
            lues.into_iter().enumerate().map(une).collect()
        })
    }

    proptest! {
        #[test]
        fn what_came_in_less_what_went_out_is_the_sum_of_the_means(lues in ecritures()) {
            let t = Totaux::de(&lues);
            prop_assert_eq!(t.encaisse - t.rembourse, t.par_moyen.values().copied().sum::<Cents>());
            prop_assert_eq!(lues.iter().map(Ecriture::mouvement).sum::<Cents>(), t.encaisse - t.rembourse);
        }

        #[test]
        fn any_change_of_any_row_shows(lues in ecritures(), n in 0usize..20, quoi in 0usize..6) {
            prop_assume!(!lues.is_empty());
            let juste = empreinte("avant", jour(), &lues);
            let mut autres = lues.clone();
            let touchee = &mut autres[n % lues.len()];
            match quoi {
                0 => touchee.montant.0 += 1,
                1 => touchee.libelle.push('x'),
                2 => touchee.reference = String::new(),
                3 => touchee.ecrite_par.push('e'),
                4 => touchee.inscription += 1,
                _ => touchee.corrige = Some(9),
            }
            prop_assert_ne!(&juste, &empreinte("avant", jour(), &autres));
            prop_assert_ne!(&juste, &empreinte("apres", jour(), &lues));
            autres = lues.clone();
            autres.pop();
            prop_assert_ne!(juste, empreinte("avant", jour(), &autres));
        }
    }

    #[test]
    fn a_correction_takes_off_what_it_corrects() {
        let juste = ecriture(1, Nature::Paiement, Some(Moyen::Especes), -5000);
        let opposee =
            Ecriture { corrige: Some(1), ..ecriture(2, Nature::Paiement, Some(Moyen::Especes), 5000) };
        let t = Totaux::de(&[juste, opposee]);
        assert_eq!((t.encaisse, t.par_moyen[&Moyen::Especes], t.ecritures), (Cents::ZERO, Cents::ZERO, 2));
    }
}
