//! Épreuves: the list of a period, the page of one, how several come from an étape or a spreadsheet, and what conflicts.

mod ajouter;
mod apercu;
mod conflits;
mod dire;
mod etape;
mod formulaire;
mod importer;
mod liste;
mod lot;
mod simultaneite;
mod une;

use ::web::{Frame, ListQuery, PageError, RouteTable, Routes};
use kernel::{AnneeUniversitaire, Right};

use crate::Iexam;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::periode::{periode_list, periode_read};

pub(super) const LISTE: &str = "/iexam/epreuves";

/// « 2024-P1 »: a period in an address.
pub(super) fn code(p: &Periode) -> String {
    format!("{}-{}", p.annee.premiere(), p.code)
}

/// The list of a period.
pub(super) fn lien(p: &Periode) -> String {
    format!("{LISTE}?periode={}", code(p))
}

/// A page beside the list: `/iexam/epreuves/conflits?periode=2024-P1`.
fn voisin(page: &str, p: &Periode) -> String {
    format!("{LISTE}/{page}?periode={}", code(p))
}

/// The period that an address asks for, among all; else the first of the latest year that is still alive, else the latest.
async fn periodes(iexam: &Iexam, voulue: Option<&str>) -> Result<(Periode, Vec<Periode>), PageError> {
    let toutes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let trouvee = match voulue {
        Some(texte) => {
            let (annee, nom) = texte.split_once('-').unwrap_or((texte, ""));
            let annee = annee.parse::<AnneeUniversitaire>().ok();
            toutes.iter().find(|p| Some(p.annee) == annee && p.code == nom)
        }
        None => {
            let vive = |p: &&Periode| p.etat < EtatPeriode::Cloturee;
            toutes.iter().find(vive).or(toutes.first())
        }
    };
    match trouvee {
        Some(p) => Ok((p.clone(), toutes)),
        None if toutes.is_empty() => Err(PageError::nothing(
            "Aucune période d’examens n’existe encore : ouvrez-en une d’abord, puis créez ses épreuves.",
        )),
        None => Err(PageError::nothing("Cette période d’examens n’existe pas.")),
    }
}

/// The period of a query.
async fn periode(iexam: &Iexam, query: &ListQuery) -> Result<Periode, PageError> {
    Ok(periodes(iexam, query.filtre("periode")).await?.0)
}

/// The period of a row.
async fn periode_de(iexam: &Iexam, id: i64) -> Result<Periode, PageError> {
    let lue = iexam.db.read(|c| async move { periode_read(&c, id).await }).await?;
    lue.ok_or_else(|| PageError::nothing("Cette période d’examens n’existe pas."))
}

/// Whether who looks may change épreuves of that period.
fn peut(frame: &Frame, p: &Periode) -> bool {
    frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler))
        && crate::domain::sceau::Geste::Epreuve.permis(p.etat)
}

pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let (lire, regler) = (Right::ExamensLire, Right::ExamensRegler);
    Routes::with_state(iexam.clone())
        .get(LISTE, lire, liste::liste)
        .get("/iexam/epreuves/conflits", lire, conflits::voir)
        .get("/iexam/epreuves/nouvelle", regler, ajouter::nouvelle)
        .post("/iexam/epreuves/nouvelle", regler, ajouter::ajouter)
        .get("/iexam/epreuves/etape", regler, etape::choisir)
        .post("/iexam/epreuves/etape", regler, etape::creer)
        .get("/iexam/epreuves/importer", regler, importer::voir)
        .get("/iexam/epreuves/importer/modele", regler, importer::modele)
        .post("/iexam/epreuves/importer", regler, importer::recevoir)
        .get("/iexam/epreuves/importer/{id}", regler, apercu::voir)
        .post("/iexam/epreuves/importer/{id}", regler, apercu::appliquer)
        .post("/iexam/epreuves/importer/{id}/abandonner", regler, apercu::abandonner)
        .post("/iexam/epreuves/lot/salles", regler, lot::salles)
        .post("/iexam/epreuves/lot/salles/appliquer", regler, lot::salles_appliquer)
        .post("/iexam/epreuves/lot/decaler", regler, lot::decaler)
        .post("/iexam/epreuves/lot/decaler/appliquer", regler, lot::decaler_appliquer)
        .post("/iexam/epreuves/lot/annuler", regler, lot::annuler)
        .post("/iexam/epreuves/lot/annuler/appliquer", regler, lot::annuler_appliquer)
        .get("/iexam/epreuves/{id}", lire, une::voir)
        .post("/iexam/epreuves/{id}", regler, une::modifier)
        .post("/iexam/epreuves/{id}/annuler", regler, une::annuler)
        .post("/iexam/epreuves/{id}/retablir", regler, une::retablir)
        .post("/iexam/epreuves/{id}/retards", regler, une::retards)
        .build()
}
