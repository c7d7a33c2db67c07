//! The same verbs as JSON, under `/api/v1/iexam/`.
//!
//! - **To add an address**: a handler here with its `#[utoipa::path]`, its JSON types documented in French as consumers read them, its
//!   route in [`routes`] and its name in the document below; what it reads in a `store/*_lu.rs`, what it does in `actions/`.
//! - Readings take a [`demande::Demande`]: filters mistyped are refused, what a token may not read is absent from the answer.
//! - Writes take an [`ecriture::Ecriture`], call the action that the page calls, and are made once per `Idempotency-Key`: see
//!   [`idempotence`]. A token writes in its own name (`Actor::Machine`); somebody signed in, with the session's `X-CSRF-Token`, in theirs.
//! - Money is in cents, durations in minutes, instants in UTC; a period is named `2024-P1`.

mod accords_ecrits;
mod centres;
mod centres_ecrits;
mod demande;
mod ecriture;
mod epreuves;
mod epreuves_ecrites;
mod idempotence;
mod inscription;
mod inscriptions;
mod inscriptions_ecrites;
mod modalites;
mod modalites_ecrites;
mod offre_ecrite;
mod paiements;
mod paiements_ecrits;
mod periodes;
mod periodes_ecrites;

use ::web::{RouteTable, Routes};
use db::{DbError, Tx};
use kernel::{Right, Scope};
use utoipa::OpenApi;

use crate::Iexam;
use crate::store::idempotence::idempotence_purger;

/// The routes, each with the scope it asks.
#[must_use]
pub fn routes(iexam: &Iexam) -> RouteTable {
    let lire = Right::Api(Scope::ExamensLire);
    let ecrire = Right::Api(Scope::ExamensEcrire);
    let payer = Right::Api(Scope::PaiementsEcrire);
    Routes::with_state(iexam.clone())
        .get("/api/v1/iexam/periodes", lire, periodes::liste)
        .post("/api/v1/iexam/periodes", ecrire, periodes_ecrites::ouverture)
        .get("/api/v1/iexam/periodes/{annee}/{code}", lire, periodes::une)
        .put("/api/v1/iexam/periodes/{annee}/{code}", ecrire, periodes_ecrites::dates)
        .post("/api/v1/iexam/periodes/{annee}/{code}/avance", ecrire, periodes_ecrites::avance)
        .post("/api/v1/iexam/periodes/{annee}/{code}/recul", ecrire, periodes_ecrites::recul)
        .post("/api/v1/iexam/periodes/{annee}/{code}/publication", ecrire, periodes_ecrites::publication)
        .put("/api/v1/iexam/periodes/{annee}/{code}/offre", ecrire, offre_ecrite::offre)
        .post("/api/v1/iexam/periodes/{annee}/{code}/centres", ecrire, accords_ecrits::ajout)
        .put("/api/v1/iexam/periodes/{annee}/{code}/centres/{centre}", ecrire, accords_ecrits::accord)
        .delete("/api/v1/iexam/periodes/{annee}/{code}/centres/{centre}", ecrire, accords_ecrits::retrait)
        .get("/api/v1/iexam/modalites", lire, modalites::liste)
        .post("/api/v1/iexam/modalites", ecrire, modalites_ecrites::creation)
        .put("/api/v1/iexam/modalites/{code}", ecrire, modalites_ecrites::modification)
        .put("/api/v1/iexam/modalites/{code}/centres", ecrire, modalites_ecrites::centres)
        .post("/api/v1/iexam/modalites/{code}/tarifs", ecrire, modalites_ecrites::tarif)
        .delete("/api/v1/iexam/modalites/{code}/tarifs/{jour}", ecrire, modalites_ecrites::tarif_retrait)
        .get("/api/v1/iexam/centres", lire, centres::liste)
        .post("/api/v1/iexam/centres", ecrire, centres_ecrits::creation)
        .put("/api/v1/iexam/centres/{code}", ecrire, centres_ecrits::modification)
        .post("/api/v1/iexam/centres/{code}/salles", ecrire, centres_ecrits::salle)
        .put("/api/v1/iexam/centres/{code}/salles/{id}", ecrire, centres_ecrits::salle_modifiee)
        .post("/api/v1/iexam/centres/{code}/fermetures", ecrire, centres_ecrits::fermeture)
        .delete("/api/v1/iexam/centres/{code}/fermetures/{id}", ecrire, centres_ecrits::fermeture_retrait)
        .get("/api/v1/iexam/epreuves", lire, epreuves::liste)
        .post("/api/v1/iexam/epreuves", ecrire, epreuves_ecrites::creation)
        .put("/api/v1/iexam/epreuves/{id}", ecrire, epreuves_ecrites::modification)
        .post("/api/v1/iexam/epreuves/{id}/annulation", ecrire, epreuves_ecrites::annulation)
        .post("/api/v1/iexam/epreuves/{id}/retablissement", ecrire, epreuves_ecrites::retablissement)
        .post("/api/v1/iexam/periodes/{annee}/{code}/epreuves", ecrire, epreuves_ecrites::d_une_etape)
        .get("/api/v1/iexam/inscriptions", lire, inscriptions::liste)
        .get("/api/v1/iexam/inscriptions/{id}", lire, inscription::une)
        .post("/api/v1/iexam/inscriptions/{id}/verification", ecrire, inscriptions_ecrites::verification)
        .post("/api/v1/iexam/inscriptions/{id}/reprise", ecrire, inscriptions_ecrites::reprise)
        .post("/api/v1/iexam/inscriptions/{id}/renvoi", ecrire, inscriptions_ecrites::renvoi)
        .post("/api/v1/iexam/inscriptions/{id}/annulation", ecrire, inscriptions_ecrites::annulation)
        .post("/api/v1/iexam/inscriptions/{id}/retablissement", ecrire, inscriptions_ecrites::retablissement)
        .post("/api/v1/iexam/inscriptions/{id}/relance", ecrire, inscriptions_ecrites::relance)
        .post(
            "/api/v1/iexam/inscriptions/{id}/demandes/{demande}/acceptation",
            ecrire,
            inscriptions_ecrites::acceptation,
        )
        .post("/api/v1/iexam/inscriptions/{id}/demandes/{demande}/refus", ecrire, inscriptions_ecrites::refus)
        .get("/api/v1/iexam/paiements", Right::Api(Scope::PaiementsLire), paiements::liste)
        .post("/api/v1/iexam/paiements", payer, paiements_ecrits::ecrire)
        .post("/api/v1/iexam/paiements/{id}/correction", payer, paiements_ecrits::correction)
        .build()
}

/// Forgets the answers of writes that were kept long enough; says how many. A write forgets them too: this is for quiet days.
///
/// # Errors
/// Those of the database.
pub async fn oublier(iexam: &Iexam) -> Result<u64, DbError> {
    let quand = iexam.clock.now();
    iexam.db.write(|tx: Tx| async move { idempotence_purger(&*tx, quand).await }).await
}

#[derive(OpenApi)]
#[openapi(
    paths(
        periodes::liste,
        periodes::une,
        periodes_ecrites::ouverture,
        periodes_ecrites::dates,
        periodes_ecrites::avance,
        periodes_ecrites::recul,
        periodes_ecrites::publication,
        offre_ecrite::offre,
        accords_ecrits::ajout,
        accords_ecrits::accord,
        accords_ecrits::retrait,
        modalites::liste,
        modalites_ecrites::creation,
        modalites_ecrites::modification,
        modalites_ecrites::centres,
        modalites_ecrites::tarif,
        modalites_ecrites::tarif_retrait,
        centres::liste,
        centres_ecrits::creation,
        centres_ecrits::modification,
        centres_ecrits::salle,
        centres_ecrits::salle_modifiee,
        centres_ecrits::fermeture,
        centres_ecrits::fermeture_retrait,
        epreuves::liste,
        epreuves_ecrites::creation,
        epreuves_ecrites::modification,
        epreuves_ecrites::annulation,
        epreuves_ecrites::retablissement,
        epreuves_ecrites::d_une_etape,
        inscriptions::liste,
        inscription::une,
        inscriptions_ecrites::verification,
        inscriptions_ecrites::reprise,
        inscriptions_ecrites::renvoi,
        inscriptions_ecrites::annulation,
        inscriptions_ecrites::retablissement,
        inscriptions_ecrites::relance,
        inscriptions_ecrites::acceptation,
        inscriptions_ecrites::refus,
        paiements::liste,
        paiements_ecrits::ecrire,
        paiements_ecrits::correction
    ),
    tags(
        (name = "Examens", description = "Périodes, modalités, centres, épreuves et inscriptions. Toute écriture porte une clé, l’en-tête `Idempotency-Key` : la même demande envoyée deux fois est faite une fois, et la seconde réponse est la première, avec l’en-tête `Idempotency-Replayed`. Une clé est gardée vingt-quatre heures."),
        (name = "Paiements des examens", description = "Le registre des paiements, en centimes : une écriture ne change jamais, elle est corrigée par une autre.")
    )
)]
struct Document;

/// This part of the document of the interface.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
