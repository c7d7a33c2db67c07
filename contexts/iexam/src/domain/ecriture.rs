//! The ledger of a registration: rows that are never changed, only corrected by another.

use std::collections::BTreeMap;

use kernel::Cents;

use super::decompte::{Decompte, Ligne};

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// What is owed: raises what is left to pay, or lowers it when a registration changes.
    Du,
    /// Somebody is not asked for it, with a reason.
    Exoneration,
    /// Money came in.
    Paiement,
    /// Money went back.
    Remboursement,
}

impl Nature {
    /// Every nature.
    pub const ALL: [Self; 4] = [Self::Du, Self::Exoneration, Self::Paiement, Self::Remboursement];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Du => "du",
            Self::Exoneration => "exoneration",
            Self::Paiement => "paiement",
            Self::Remboursement => "remboursement",
        }
    }

    /// The nature of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|n| n.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Du => "Dû",
            Self::Exoneration => "Exonération",
            Self::Paiement => "Paiement",
            Self::Remboursement => "Remboursement",
        }
    }

    /// The amount as the ledger keeps it, from the positive one that is typed: what it adds to what is left to pay.
    #[must_use]
    pub fn signe(self, montant: Cents) -> Cents {
        match self {
            Self::Du | Self::Remboursement => montant,
            Self::Exoneration | Self::Paiement => -montant,
        }
    }
}

/// How money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moyen {
    /// A cheque.
    Cheque,
    /// A bank transfer.
    Virement,
    /// A card at the desk.
    CarteGuichet,
    /// Cash at the desk.
    Especes,
    /// A card, online.
    EnLigne,
}

impl Moyen {
    /// Every means.
    pub const ALL: [Self; 5] =
        [Self::Cheque, Self::Virement, Self::CarteGuichet, Self::Especes, Self::EnLigne];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cheque => "cheque",
            Self::Virement => "virement",
            Self::CarteGuichet => "carte_guichet",
            Self::Especes => "especes",
            Self::EnLigne => "en_ligne",
        }
    }

    /// The means of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Cheque => "Chèque",
            Self::Virement => "Virement",
            Self::CarteGuichet => "Carte au guichet",
            Self::Especes => "Espèces",
            Self::EnLigne => "Carte en ligne",
        }
    }
}

/// The rows of « dû » that bring what was charged to what is now owed, item by item. `portes` is what the ledger already charges per
/// item. Nothing when nothing changed; an item that is no longer owed is taken back by a row of its own.
#[must_use]
pub fn differences(portes: &BTreeMap<String, (String, Cents)>, voulu: &Decompte) -> Vec<Ligne> {
    let mut lignes = Vec::new();
    for ligne in &voulu.lignes {
        let deja = portes.get(&ligne.poste).map_or(Cents::ZERO, |(_, montant)| *montant);
        // A line at zero that was never written is written once: zero is a value.
        if ligne.montant != deja || !portes.contains_key(&ligne.poste) {
            lignes.push(Ligne { montant: ligne.montant - deja, ..ligne.clone() });
        }
    }
    for (poste, (libelle, montant)) in portes {
        if *montant != Cents::ZERO && voulu.lignes.iter().all(|l| l.poste != *poste) {
            let ligne =
                Ligne { poste: poste.clone(), libelle: libelle.clone(), minutes: None, montant: -*montant };
            lignes.push(ligne);
        }
    }
    lignes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decompte(lignes: &[(u8, i64)]) -> Decompte {
        let ligne = |(poste, montant): &(u8, i64)| Ligne {
            poste: format!("epreuve:{poste}"),
            libelle: format!("Épreuve {poste}"),
            minutes: None,
            montant: Cents(*montant),
        };
        Decompte { lignes: lignes.iter().map(ligne).collect() }
    }

    fn porter(portes: &mut BTreeMap<String, (String, Cents)>, lignes: &[Ligne]) {
        for l in lignes {
            let tenu = portes.entry(l.poste.clone()).or_insert((l.libelle.clone(), Cents::ZERO));
            tenu.1 += l.montant;
        }
    }

    proptest! {
        /// Whatever was charged before, the ledger says what is owed now, and saying it twice adds nothing.
        #[test]
        fn the_ledger_always_comes_to_what_is_owed(etats in prop::collection::vec(prop::collection::btree_map(0u8..6, 0i64..10_000, 0..6), 1..6)) {
            let mut portes = BTreeMap::new();
            for etat in etats {
                let voulu = decompte(&etat.into_iter().collect::<Vec<_>>());
                let lignes = differences(&portes, &voulu);
                porter(&mut portes, &lignes);
                prop_assert_eq!(portes.values().map(|(_, m)| *m).sum::<Cents>(), voulu.total());
                prop_assert_eq!(differences(&portes, &voulu), Vec::new());
            }
        }
    }
}
