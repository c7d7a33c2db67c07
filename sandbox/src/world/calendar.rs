use chrono::{Datelike, NaiveDate};
use kernel::AnneeUniversitaire;

use super::{EtatAnnee, World, exams, referentiels};

impl World {
    /// Moves the day. September closes a year and opens the next; from March on, the year to come is open to registrations; results of a
    /// year may still be entered until December.
    pub fn advance_to(&mut self, date: NaiveDate) {
        self.set_date(date);
        self.touch();
    }

    pub(super) fn set_date(&mut self, date: NaiveDate) {
        self.date = date;
        let courante = AnneeUniversitaire::du_jour(date);
        let last = self.annees.last().map_or(2019, |a| a.annee.premiere());
        for annee in last + 1..=courante.premiere() + 1 {
            self.annees.extend(referentiels::annees(annee, annee));
        }
        let held = self.periodes_examen.iter().any(|p| p.annee == courante);
        if !held && courante.premiere() > 2023 {
            self.periodes_examen.extend(exams::periods(courante.premiere()));
        }
        let campaign = (3..9).contains(&date.month());
        let autumn = date.month() >= 9;
        for annee in &mut self.annees {
            let a = annee.annee;
            let state = if a == courante {
                EtatAnnee::Ouverte
            } else if a == courante.suivante() && campaign {
                EtatAnnee::Inscriptions
            } else {
                EtatAnnee::Fermee
            };
            annee.etat_iae = state;
            annee.etat_ipe = state;
            let open = a == courante || (a == courante.precedente() && autumn);
            annee.etat_res = if open { EtatAnnee::Ouverte } else { EtatAnnee::Fermee };
        }
    }
}
