//! The registry's work: dashboard, worklists, one registration, its account.

mod accueil;
mod compte;
mod corriger;
mod decision;
mod dire;
mod entete;
mod guichet;
mod liste;
mod lot;
mod une;
mod verbes;
mod vue;

use std::collections::BTreeMap;
use std::sync::Arc;

use ::web::components::{Badge, Tone};
use ::web::{ListQuery, PageError, RouteTable, Routes};
use db::{DbError, Recent};
use kernel::Right;

use crate::Iexam;
use crate::domain::file::File;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::{Periode, courante};
use crate::store::periode::periode_list;
use crate::store::registre::{Facettes, facettes, files_count};

/// Address of the list.
pub(super) const LISTE: &str = "/iexam/inscriptions";

/// Routes of the registry.
pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    let (lire, traiter, tenir) = (Right::ExamensLire, Right::InscriptionsTraiter, Right::PaiementsTenir);
    Routes::with_state(iexam.clone())
        .get("/iexam", lire, accueil::accueil)
        .get(LISTE, lire, liste::liste)
        .post("/iexam/inscriptions/lot/verifier", traiter, lot::verifier)
        .post("/iexam/inscriptions/lot/renvoyer", traiter, lot::renvoyer)
        .post("/iexam/inscriptions/lot/annuler", traiter, lot::annuler)
        .post("/iexam/inscriptions/lot/relancer", traiter, lot::relancer)
        .post("/iexam/inscriptions/lot/exonerer", tenir, lot::exonerer)
        .post("/iexam/inscriptions/lot/verifier/appliquer", traiter, lot::verifier_appliquer)
        .post("/iexam/inscriptions/lot/renvoyer/appliquer", traiter, lot::renvoyer_appliquer)
        .post("/iexam/inscriptions/lot/annuler/appliquer", traiter, lot::annuler_appliquer)
        .post("/iexam/inscriptions/lot/relancer/appliquer", traiter, lot::relancer_appliquer)
        .post("/iexam/inscriptions/lot/exonerer/appliquer", tenir, lot::exonerer_appliquer)
        .get("/iexam/inscriptions/{id}", lire, une::une)
        .post("/iexam/inscriptions/{id}/verifier", traiter, verbes::verifier)
        .post("/iexam/inscriptions/{id}/reprendre", traiter, verbes::reprendre)
        .post("/iexam/inscriptions/{id}/renvoyer", traiter, verbes::renvoyer)
        .post("/iexam/inscriptions/{id}/annuler", traiter, verbes::annuler)
        .post("/iexam/inscriptions/{id}/retablir", traiter, verbes::retablir)
        .post("/iexam/inscriptions/{id}/demandes/{demande}/accepter", traiter, verbes::accepter)
        .post("/iexam/inscriptions/{id}/demandes/{demande}/refuser", traiter, verbes::refuser)
        .post("/iexam/inscriptions/{id}/encaisser", tenir, compte::encaisser)
        .post("/iexam/inscriptions/{id}/rembourser", tenir, compte::rembourser)
        .post("/iexam/inscriptions/{id}/exonerer", tenir, compte::exonerer)
        .get("/iexam/inscriptions/{id}/ecritures/{ecriture}/corriger", tenir, corriger::demander)
        .post("/iexam/inscriptions/{id}/ecritures/{ecriture}/corriger", tenir, corriger::corriger)
        .build()
}

/// A registration, in the list that the address keeps.
pub(super) fn lien(id: i64, query: &ListQuery) -> String {
    let mut vers = query.a_la_page(query.page);
    vers.path = format!("{LISTE}/{id}");
    vers.url()
}

/// How a period is named in addresses: `2024-P1`.
pub(super) fn cle(p: &Periode) -> String {
    format!("{}-{}", p.annee.premiere(), p.code)
}

/// The periods, and the one that is looked at: the one that the address names, else the one at work.
pub(super) async fn periodes(
    iexam: &Iexam,
    query: &ListQuery,
) -> Result<(Vec<Periode>, Option<Periode>), PageError> {
    let periodes = iexam.db.read(|c| async move { periode_list(&c).await }).await?;
    let voulue = query.valeurs("periode").last().map(|v| (*v).to_owned());
    let nommee = voulue.and_then(|v| periodes.iter().find(|p| cle(p) == v));
    let choisie = nommee.or_else(|| courante(&periodes)).cloned();
    Ok((periodes, choisie))
}

/// Counts of a period, remembered as long as nothing is written.
type Comptes = Arc<(BTreeMap<File, u64>, u64, Facettes)>;

pub(super) async fn comptes(iexam: &Iexam, periode: i64) -> Result<Comptes, PageError> {
    let memoire = iexam.db.shared(|| Recent::<i64, Comptes>::new(50));
    let lire = || {
        iexam.db.read(|c| async move {
            let (files, total) = files_count(&c, periode).await?;
            Ok::<_, DbError>(Arc::new((files, total, facettes(&c, periode).await?)))
        })
    };
    Ok(memoire.get(&iexam.db, periode, lire).await?)
}

/// The state of a registration.
pub(super) fn badge(etat: EtatInscription) -> Badge {
    let tone = match etat {
        EtatInscription::Brouillon | EtatInscription::Annulee => Tone::Neutral,
        EtatInscription::Validee => Tone::Warning,
        EtatInscription::ACorriger => Tone::Danger,
        EtatInscription::Verifiee | EtatInscription::Payee => Tone::Info,
        EtatInscription::Finalisee => Tone::Success,
    };
    Badge::new(tone, etat.libelle())
}

/// « 1 inscription », « 12 inscriptions ».
pub(super) fn inscriptions(n: usize) -> String {
    let dit = kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    if n > 1 { format!("{dit} inscriptions") } else { format!("{dit} inscription") }
}
