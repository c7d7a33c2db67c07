//! The account of a choice, line by line, as the form, the confirmation and the registration show it.

use askama::Template;
use askama::filters::HtmlSafe;
use kernel::Cents;

use crate::domain::cadre::Cadre;
use crate::domain::decompte::Decompte;
use crate::domain::demande::Voulu;
use crate::domain::recu::{LigneDite, lignes_dites};

/// Ten lines of nothing say less than this.
const GRATUIT: &str = "Cette manière de passer vos épreuves est gratuite : rien n’est dû.";

/// Lines and total.
#[derive(Clone, Debug, Template)]
#[template(path = "etudiant/compte.html")]
pub(super) struct Compte {
    lignes: Vec<LigneDite>,
    pub(super) total: String,
    pourquoi: String,
}

impl HtmlSafe for Compte {}

impl Compte {
    pub(super) fn de(cadre: &Cadre, voulu: &Voulu, decompte: &Decompte, passees: usize) -> Self {
        let tarif = voulu.modalite.and_then(|id| cadre.modalite(id)).and_then(|m| m.tarif);
        let pourquoi: &str = match (passees, tarif) {
            (0, _) => "Vous ne passez aucune épreuve pour l’instant : rien n’est dû.",
            (_, Some(t)) if t.fixe == Cents::ZERO && t.horaire == Cents::ZERO => GRATUIT,
            (_, None) => "Choisissez comment vous passez vos épreuves pour voir le détail.",
            _ => "",
        };
        Self {
            lignes: if pourquoi == GRATUIT {
                Vec::new()
            } else {
                lignes_dites(decompte, tarif.map(|t| t.horaire))
            },
            // Nothing can be said of a price before a modality: zero would be a lie.
            total: if passees > 0 && tarif.is_none() {
                "à venir".to_owned()
            } else {
                decompte.total().to_string()
            },
            pourquoi: pourquoi.to_owned(),
        }
    }

    pub(super) fn lu(lignes: Vec<LigneDite>, total: Cents) -> Self {
        let zero = Cents::ZERO.to_string();
        let gratuit = !lignes.is_empty() && lignes.iter().all(|l| l.montant == zero);
        let pourquoi = match (gratuit, lignes.is_empty()) {
            (true, _) => GRATUIT,
            (_, true) => "Rien n’est dû.",
            _ => "",
        };
        Self {
            lignes: if gratuit { Vec::new() } else { lignes },
            total: total.to_string(),
            pourquoi: pourquoi.to_owned(),
        }
    }
}
