//! Students worth showing: one of each sort that a registration meets, for a demonstration.

use kernel::NumeroEtudiant;

/// What is known of a student, as far as choosing goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fiche {
    /// COD_ETU.
    pub numero: NumeroEtudiant,
    /// Name of birth.
    pub nom: String,
    /// First name, then the name of use or of birth.
    pub nom_complet: String,
    /// Elements that they may be examined on in writing, in the first session.
    pub ecrits: u64,
    /// Elements earned in an earlier year.
    pub acquis: u64,
    /// Has one semester of an étape of which others have two.
    pub mi_vitesse: bool,
    /// Étapes that they are registered to now.
    pub etapes: u64,
    /// Has a cancelled registration.
    pub annulee: bool,
    /// Was registered to one of their étapes the year before.
    pub redoublant: bool,
    /// Has arrangements.
    pub amenagement: bool,
    /// Lives abroad.
    pub etranger: bool,
}

impl Fiche {
    /// A name that forms, documents and sorts get wrong: beyond Western letters, an apostrophe, one letter alone.
    fn nom_difficile(&self) -> bool {
        let rare = |c: char| c > '\u{ff}' || c == '\'';
        self.nom_complet.chars().any(rare) || self.nom.chars().count() == 1
    }

    fn ordinaire(&self) -> bool {
        let sort =
            self.annulee || self.redoublant || self.amenagement || self.etranger || self.nom_difficile();
        self.ecrits >= ECRITS && self.etapes == 1 && self.acquis == 0 && !sort
    }
}

/// Written tests that make a registration worth showing.
const ECRITS: u64 = 6;

type Sorte = (&'static str, fn(&Fiche) -> bool);

/// What is shown, in the order in which it is looked for.
const SORTES: [Sorte; 11] = [
    ("inscription ordinaire", Fiche::ordinaire),
    ("redoublant", |f| f.redoublant && f.ecrits > 0),
    ("inscrit à trois étapes", |f| f.etapes >= 3),
    ("nom difficile", |f| f.nom_difficile() && f.ecrits > 0),
    ("inscription annulée à côté d’une autre", |f| f.annulee && f.etapes > 0),
    ("aménagement signalé", |f| f.amenagement && f.ecrits > 0),
    ("vit à l’étranger", |f| f.etranger && f.ecrits > 0),
    ("à mi-vitesse, un semestre sur l’année", |f| f.mi_vitesse && f.ecrits > 0),
    ("peu d’éléments", |f| (1..=3).contains(&f.ecrits)),
    ("aucune inscription en cours", |f| f.etapes == 0),
    ("éléments déjà acquis", |f| f.acquis > 0 && f.ecrits > 0),
];

/// At most `n` students, one of each sort and each once. A sort that nobody is of is replaced by whoever has most written tests; the
/// first is always somebody who may be examined, if anybody may.
#[must_use]
pub fn choisir(fiches: &[Fiche], n: usize) -> Vec<(&'static str, &Fiche)> {
    let mut choisis: Vec<(&'static str, &Fiche)> = Vec::new();
    for i in 0..n {
        let libre = |f: &&Fiche| choisis.iter().all(|(_, autre)| autre.numero != f.numero);
        let voulu = SORTES
            .get(i)
            .and_then(|(sorte, est)| Some((*sorte, fiches.iter().filter(libre).find(|f| est(f))?)));
        let repli = || {
            let autres = fiches.iter().filter(libre).filter(|f| f.ecrits > 0);
            Some(("inscription ordinaire", autres.max_by_key(|f| (f.ecrits, std::cmp::Reverse(&f.numero)))?))
        };
        choisis.extend(voulu.or_else(repli));
    }
    choisis
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fiche(numero: &str, ecrits: u64) -> Fiche {
        let nom_complet = format!("Anne Martin {numero}");
        Fiche {
            numero: numero.into(),
            nom: "Martin".into(),
            nom_complet,
            ecrits,
            etapes: 1,
            ..Fiche::default()
        }
    }

    #[test]
    fn one_of_each_sort_and_nobody_twice() {
        let fiches = [
            Fiche { redoublant: true, etapes: 3, ..fiche("1", 9) },
            fiche("2", 2),
            fiche("3", 6),
            Fiche { etapes: 3, ..fiche("4", 0) },
            Fiche { nom_complet: "Łukasz D’Épinay".into(), ..fiche("5", 1) },
            Fiche { annulee: true, ..fiche("6", 0) },
            Fiche { etapes: 0, annulee: true, ..fiche("7", 0) },
        ];
        let choisis = choisir(&fiches, 10);
        let lus: Vec<_> = choisis.iter().map(|(sorte, f)| (f.numero.as_str(), *sorte)).collect();
        assert_eq!(
            lus,
            [
                ("3", "inscription ordinaire"),
                ("1", "redoublant"),
                ("4", "inscrit à trois étapes"),
                ("5", "nom difficile"),
                ("6", "inscription annulée à côté d’une autre"),
                ("2", "inscription ordinaire"),
                ("7", "aucune inscription en cours"),
            ]
        );
    }

    #[test]
    fn without_the_usual_sort_the_first_is_who_sits_most() {
        let fiches = [Fiche { amenagement: true, ..fiche("1", 3) }, Fiche { acquis: 1, ..fiche("2", 5) }];
        assert_eq!(choisir(&fiches, 1)[0].1.numero.as_str(), "2");
        assert!(choisir(&[], 3).is_empty());
        assert!(choisir(&fiches, 0).is_empty());
    }
}
