//! What a student sees of exams, mostly on a phone: their periods, their registration, its confirmation, its receipts, a change.

mod compte;
mod confirmation;
mod fiche;
mod formulaire;
mod mes_examens;
mod modification;
mod recu;
mod saisie;
mod vue;

use ::web::{PageError, RouteTable, Routes, Visitor};
use kernel::{AnneeUniversitaire, NumeroEtudiant, Right};

use crate::Iexam;
use crate::actions::inscrire_fault::InscrireFault;

/// The list of the student's periods.
pub(super) const LISTE: &str = "/examens";

/// Where a registration is.
fn lien(annee: AnneeUniversitaire, code: &str) -> String {
    format!("{LISTE}/{annee}/{code}")
}

/// The student whose account it is.
fn etudiant(visitor: &Visitor) -> Result<NumeroEtudiant, InscrireFault> {
    visitor.etudiant().ok_or(InscrireFault::SansNumero)
}

/// The year of an address.
fn annee(texte: &str, code: &str) -> Result<AnneeUniversitaire, PageError> {
    let inconnue = || InscrireFault::PeriodeInconnue(format!("{code} {texte}"));
    Ok(texte.parse::<AnneeUniversitaire>().map_err(|_| inconnue())?)
}

/// The student's routes.
pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let droit = Right::ExamenPasser;
    Routes::with_state(iexam.clone())
        .get("/examens", droit, mes_examens::liste)
        .get("/examens/recus/{numero}", droit, recu::page)
        .get("/examens/recus/{numero}/pdf", droit, recu::pdf)
        .get("/examens/{annee}/{code}", droit, formulaire::montrer)
        .post("/examens/{annee}/{code}", droit, formulaire::enregistrer)
        .get("/examens/{annee}/{code}/relire", droit, confirmation::relire)
        .post("/examens/{annee}/{code}/valider", droit, confirmation::valider)
        .get("/examens/{annee}/{code}/modifier", droit, modification::montrer)
        .post("/examens/{annee}/{code}/modifier", droit, modification::demander)
        .post("/examens/{annee}/{code}/demande/retirer", droit, modification::retirer)
        .build()
}
