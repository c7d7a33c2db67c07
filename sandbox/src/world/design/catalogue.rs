use super::super::vocab::{DISCIPLINES, Discipline};

/// A programme to design.
#[derive(Clone, Copy, Debug)]
pub(in crate::world) struct Programme {
    /// `Licence`, `Master`, `DAEU`, `Capacité`, `DU`.
    pub type_diplome: &'static str,
    /// What it is about.
    pub discipline: &'static Discipline,
    /// Which pathway: 0 is the programme itself.
    pub parcours: usize,
    /// Years.
    pub etapes: usize,
    /// Taught over the whole year, without ECTS.
    pub annuel: bool,
    /// Option of a DAEU: `A` or `B`.
    pub option: Option<char>,
}

impl Programme {
    /// « Licence Droit, parcours Droit privé ».
    pub(in crate::world) fn libelle(&self) -> String {
        let nom = self.discipline.nom;
        match (self.type_diplome, self.option) {
            ("DAEU", Some('A')) => String::from("DAEU A, option littéraire"),
            ("DAEU", _) => String::from("DAEU B, option scientifique"),
            ("Capacité", _) => String::from("Capacité en droit"),
            (t, _) => match self.nom_parcours() {
                Some(p) => format!("{t} {nom}, parcours {p}"),
                None => format!("{t} {nom}"),
            },
        }
    }

    /// Name of the pathway; beyond the list of the discipline, the pathways of the list return by site of partnership.
    pub(in crate::world) fn nom_parcours(&self) -> Option<String> {
        const PARTENAIRES: &[&str] = &[
            "Pontarlier",
            "Vesoul",
            "Belfort",
            "Dole",
            "Montbéliard",
            "Lons-le-Saunier",
            "Nevers",
            "Mâcon",
            "Neuchâtel",
            "Rabat",
            "Hanoï",
            "Beyrouth",
            "Nouméa",
            "Cayenne",
        ];
        let rang = self.parcours.checked_sub(1)?;
        let noms = self.discipline.parcours;
        let nom = noms.get(rang % noms.len().max(1)).copied().unwrap_or("Général");
        let tour = rang / noms.len().max(1);
        Some(match tour.checked_sub(1) {
            None => nom.to_owned(),
            Some(t) => {
                let lieu = PARTENAIRES.get(t % PARTENAIRES.len()).copied().unwrap_or_default();
                format!("{nom} ({lieu})")
            }
        })
    }
}

/// Programmes whose years add up to `etapes` exactly: the access diplomas, then licences and masters of every discipline, then their
/// pathways, as many turns as it takes.
pub(in crate::world) fn catalogue(etapes: usize) -> Vec<Programme> {
    let mut programmes = Vec::new();
    let mut reste = etapes;
    let Some(&droit) = DISCIPLINES.first() else { return programmes };
    let mut push = |p: Programme| {
        let annees = p.etapes.min(reste);
        if annees == 0 {
            return false;
        }
        reste -= annees;
        // Too few years left for a licence or a master: a university diploma of one or two years takes the place.
        let type_diplome = if annees < p.etapes { "DU" } else { p.type_diplome };
        programmes.push(Programme { etapes: annees, type_diplome, ..p });
        true
    };
    let acces = |type_diplome, option, etapes| Programme {
        type_diplome,
        discipline: droit,
        parcours: 0,
        etapes,
        annuel: true,
        option,
    };
    push(acces("DAEU", Some('A'), 1));
    push(acces("DAEU", Some('B'), 1));
    push(Programme { annuel: false, ..acces("Capacité", None, 2) });
    for parcours in 0.. {
        for (i, discipline) in DISCIPLINES.iter().enumerate() {
            let programme = |type_diplome, etapes| Programme {
                type_diplome,
                discipline,
                parcours,
                etapes,
                annuel: false,
                option: None,
            };
            if !push(programme("Licence", 3)) {
                return programmes;
            }
            // One discipline in two also has a master at first; all of them in later turns.
            if (parcours > 0 || i % 2 == 0) && !push(programme("Master", 2)) {
                return programmes;
            }
        }
    }
    programmes
}
