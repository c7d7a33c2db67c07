//! The épreuves that an étape needs in a period, out of how its elements are examined (MCCC). Pure: what the offer says, what is there.

use std::collections::BTreeMap;

use contracts::maquette::ElementEvalue;
use kernel::CodeElement;

use super::epreuve::Nature;

/// An épreuve to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nouvelle {
    /// COD_ELP.
    pub element: CodeElement,
    /// Tells apart the épreuves of one element.
    pub rang: i64,
    /// Label of the element.
    pub libelle: String,
    /// How it is sat.
    pub nature: Nature,
    /// Minutes.
    pub duree_min: Option<i64>,
    /// Who owns the subject.
    pub sujet_par: String,
}

/// What becomes of an element, or of one of its controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// An épreuve is made.
    Ajoutee(Nouvelle),
    /// It is there.
    DejaLa {
        /// Row.
        epreuve: i64,
        /// Whether it was cancelled: it is left so.
        annulee: bool,
    },
    /// Its control is not one of these natures: « contrôle continu ».
    AutreControle(String),
    /// The offer says nothing of how it is examined in that session.
    SansControle,
}

/// A line of the preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposition {
    /// COD_ELP.
    pub element: CodeElement,
    /// Label.
    pub libelle: String,
    /// Students registered to it.
    pub inscrits: u64,
    /// What becomes of it.
    pub sort: Sort,
}

/// What an étape needs, in the order of its tree. `tenues` are the épreuves of the period: row and whether it is cancelled, by element
/// and rank. Elements that only gather others (no control in any session) are left out.
#[must_use]
pub fn proposer(
    elements: &[ElementEvalue],
    session: u8,
    tenues: &BTreeMap<(CodeElement, i64), (i64, bool)>,
) -> Vec<Proposition> {
    let mut propositions = Vec::new();
    for element in elements {
        let ligne = |sort| Proposition {
            element: element.code.clone(),
            libelle: element.libelle.clone(),
            inscrits: element.inscrits,
            sort,
        };
        let mut rang = 0;
        let mut controle = false;
        for c in element.controles.iter().filter(|c| c.session == session) {
            controle = true;
            let Some(nature) = Nature::lire(&c.nature) else {
                propositions.push(ligne(Sort::AutreControle(c.nature.clone())));
                continue;
            };
            rang += 1;
            if let Some((epreuve, annulee)) = tenues.get(&(element.code.clone(), rang)) {
                propositions.push(ligne(Sort::DejaLa { epreuve: *epreuve, annulee: *annulee }));
                continue;
            }
            // Nothing is timed when work is handed in.
            let duree = c.duree_min.map(i64::from).filter(|d| *d > 0 && nature != Nature::Dossier);
            propositions.push(ligne(Sort::Ajoutee(Nouvelle {
                element: element.code.clone(),
                rang,
                libelle: element.libelle.clone(),
                nature,
                duree_min: duree,
                sujet_par: element.responsable.clone().unwrap_or_default(),
            })));
        }
        if !controle {
            propositions.push(ligne(Sort::SansControle));
        }
    }
    propositions
}

#[cfg(test)]
mod tests {
    use contracts::maquette::Controle;

    use super::*;

    fn element(code: &str, controles: &[(u8, &str, Option<u32>)]) -> ElementEvalue {
        ElementEvalue {
            code: code.into(),
            libelle: format!("Élément {code}"),
            nature: "EC".into(),
            periode: None,
            ects: None,
            responsable: Some("C. Bernard".into()),
            inscrits: 3,
            controles: controles
                .iter()
                .map(|(session, nature, duree_min)| Controle {
                    session: *session,
                    nature: (*nature).into(),
                    duree_min: *duree_min,
                    coefficient: None,
                })
                .collect(),
        }
    }

    #[test]
    fn written_and_oral_are_two_and_only_the_session_counts() {
        let droit = element("DR1", &[(1, "écrit", Some(180)), (1, "Oral", Some(20)), (2, "oral", Some(30))]);
        let une = |session| proposer(std::slice::from_ref(&droit), session, &BTreeMap::new());
        let ajoutees = |session| -> Vec<_> {
            let ajoutee = |p: Proposition| match p.sort {
                Sort::Ajoutee(n) => Some((n.rang, n.nature, n.duree_min, n.sujet_par)),
                _ => None,
            };
            une(session).into_iter().filter_map(ajoutee).collect()
        };
        let par = "C. Bernard".to_owned();
        assert_eq!(
            ajoutees(1),
            [(1, Nature::Ecrit, Some(180), par.clone()), (2, Nature::Oral, Some(20), par.clone())]
        );
        assert_eq!(ajoutees(2), [(1, Nature::Oral, Some(30), par)]);
    }

    #[test]
    fn what_is_there_stays_and_what_is_not_an_exam_is_said() {
        let elements = [
            element("A", &[(1, "écrit", Some(120))]),
            element("B", &[(1, "contrôle continu", None), (1, "dossier", Some(60))]),
            element("C", &[]),
        ];
        let tenues = BTreeMap::from([((CodeElement::from("A"), 1), (7, true))]);
        let sorts: Vec<_> = proposer(&elements, 1, &tenues).into_iter().map(|p| p.sort).collect();
        assert_eq!(sorts.len(), 4);
        assert_eq!(sorts[0], Sort::DejaLa { epreuve: 7, annulee: true });
        assert_eq!(sorts[1], Sort::AutreControle("contrôle continu".into()));
        assert!(
            matches!(&sorts[2], Sort::Ajoutee(n) if n.rang == 1 && n.nature == Nature::Dossier && n.duree_min.is_none())
        );
        assert_eq!(sorts[3], Sort::SansControle);
    }
}
