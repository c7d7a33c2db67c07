use kernel::Centi;

use super::super::index::position;
use super::super::vocab::{LANGUES, NUMERIQUE, PROJET, discipline};
use super::super::{Maquette, TypeListe};
use super::Atelier;

/// UEs that every étape of a level shares: languages, digital skills, career guidance.
#[derive(Clone, Debug, Default)]
pub(in crate::world) struct Shared {
    /// The UE of each semester, worth 6 ECTS; semesters 1 to 6 of a licence, 7 to 10 of a master.
    by_semester: Vec<u32>,
}

impl Shared {
    /// Designs them: six elements for each of ten semesters.
    pub(in crate::world) fn design(atelier: &mut Atelier<'_>) -> Self {
        let mut by_semester = Vec::new();
        let Some(langue) = discipline("ANG") else { return Self::default() };
        let Some(transversal) = discipline("EDU") else { return Self::default() };
        for semestre in 1..=10_u8 {
            let annee = semestre.div_ceil(2);
            let place = |rang| (transversal, annee, Some(semestre), rang);
            let ue = atelier.element(
                "UE",
                format!("Compétences transversales {semestre}"),
                Some(Centi::unites(6)),
                place(9),
            );
            let mut langues = Vec::new();
            for (i, nom) in (1..).zip(LANGUES) {
                let lv = atelier.element(
                    "EC",
                    format!("{nom} {semestre}"),
                    Some(Centi::unites(3)),
                    (langue, annee, Some(semestre), i),
                );
                atelier.teach(lv, langue);
                langues.push(lv);
            }
            let at = usize::from(semestre - 1);
            let numerique = NUMERIQUE.get(at).copied().unwrap_or_default();
            let numerique = atelier.element("EC", numerique, Some(Centi(150)), place(4));
            atelier.teach(numerique, transversal);
            let projet = PROJET.get(at).copied().unwrap_or_default();
            let projet = atelier.element("EC", projet, Some(Centi(150)), place(5));
            atelier.teach(projet, transversal);
            let choix = atelier.bloc(
                TypeListe::AuChoix,
                format!("Langue vivante au choix {semestre}"),
                Some((1, 1)),
                langues,
            );
            atelier.attach(ue, choix);
            let communs = atelier.bloc(
                TypeListe::Obligatoire,
                format!("Outils et projet {semestre}"),
                None,
                vec![numerique, projet],
            );
            atelier.attach(ue, communs);
            by_semester.push(ue);
        }
        Self { by_semester }
    }

    /// Those of a design that exists.
    pub(in crate::world) fn find(maquette: &Maquette) -> Self {
        let named = |semestre: u8| {
            let libelle = format!("Compétences transversales {semestre}");
            maquette.elements.iter().position(|e| e.libelle == libelle).map(position)
        };
        Self { by_semester: (1..=10).filter_map(named).collect() }
    }

    /// The UE of a semester.
    pub(in crate::world) fn of(&self, semestre: u8) -> Option<u32> {
        self.by_semester.get(usize::from(semestre).checked_sub(1)?).copied()
    }
}
