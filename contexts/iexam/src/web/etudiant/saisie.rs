//! What the forms of a registration send.

use std::collections::BTreeMap;

use crate::domain::demande::Voulu;
use crate::domain::dossier::Sujet;
use crate::domain::inscription::Decision;

/// The fields of a form, as they were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Saisi(BTreeMap<String, String>);

impl Saisi {
    pub(super) fn lire(paires: Vec<(String, String)>) -> Self {
        Self(paires.into_iter().collect())
    }

    pub(super) fn champ(&self, nom: &str) -> &str {
        self.0.get(nom).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn entier(&self, nom: &str) -> Option<i64> {
        self.champ(nom).parse().ok()
    }

    /// What is chosen. `sujets` are the épreuves that the page may have shown; in the resits (`peut_reporter` false) a box that is not
    /// ticked sends nothing, which is a choice. With the button « Je passe tout » what was undecided is sat.
    pub(super) fn voulu(&self, sujets: &[Sujet], peut_reporter: bool) -> Voulu {
        let tout = self.champ("suite") == "tout";
        let decision = |s: &Sujet| {
            let envoyee = Decision::of_code(self.champ(&format!("e-{}", s.epreuve.id)));
            match (envoyee, peut_reporter) {
                (None | Some(Decision::Indecis), true) if tout => Some(Decision::Passe),
                (Some(d), _) => Some(d),
                // Only what the page showed may be unticked: an épreuve added meanwhile keeps its default.
                (None, false) => {
                    self.0.contains_key(&format!("vue-{}", s.epreuve.id)).then_some(Decision::Report)
                }
                (None, true) => None,
            }
        };
        Voulu {
            modalite: self.entier("modalite"),
            centre: self.entier("centre"),
            choix: sujets.iter().filter_map(|s| Some((s.epreuve.id, decision(s)?))).collect(),
        }
    }
}
