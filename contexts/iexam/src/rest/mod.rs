//! The same verbs as JSON, under `/api/v1/iexam/`.
//!
//! - **To add an address**: a handler here with its `#[utoipa::path]`, its JSON types documented in French as consumers read them, its
//!   route in [`routes`] and its name in the document below; what it reads in a `store/*_lu.rs`, what it does in `actions/`.
//! - Readings take a [`demande::Demande`]: filters mistyped are refused, what a token may not read is absent from the answer.
//! - Writes take an [`ecriture::Ecriture`], call the action that the page calls, and are made once per `Idempotency-Key`: see
//!   [`idempotence`]. What is left to say of each is its address, its words and its action. A token writes in its own name
//!   (`Actor::Machine`); somebody signed in, with the session's `X-CSRF-Token`, in theirs.
//! - Money is in cents, durations in minutes, instants in UTC; a period is named `2024-P1`.

mod accords_ecrits;
mod amenagements;
mod amenagements_ecrits;
mod centres;
mod centres_ecrits;
mod clotures;
mod colis;
mod demande;
mod demandes;
mod ecriture;
mod epreuves;
mod epreuves_ecrites;
mod horloge;
mod idempotence;
mod inscription;
mod inscriptions;
mod inscriptions_ecrites;
mod lot;
mod lot_fault;
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
    let (compter, payer) = (Right::Api(Scope::PaiementsLire), Right::Api(Scope::PaiementsEcrire));
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
        .get("/api/v1/iexam/periodes/{annee}/{code}/horloge", lire, horloge::horloge)
        .post("/api/v1/iexam/periodes/{annee}/{code}/derogations", ecrire, horloge::derogation)
        .delete(
            "/api/v1/iexam/periodes/{annee}/{code}/derogations/{echeance}",
            ecrire,
            horloge::derogation_retrait,
        )
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
        .get("/api/v1/iexam/colis", lire, colis::liste)
        .post("/api/v1/iexam/centres/{code}/colis", ecrire, colis::ajout)
        .put("/api/v1/iexam/centres/{code}/colis/{id}", ecrire, colis::modification)
        .get("/api/v1/iexam/epreuves", lire, epreuves::liste)
        .post("/api/v1/iexam/epreuves", ecrire, epreuves_ecrites::creation)
        .put("/api/v1/iexam/epreuves/{id}", ecrire, epreuves_ecrites::modification)
        .post("/api/v1/iexam/epreuves/{id}/annulation", ecrire, epreuves_ecrites::annulation)
        .post("/api/v1/iexam/epreuves/{id}/retablissement", ecrire, epreuves_ecrites::retablissement)
        .post("/api/v1/iexam/periodes/{annee}/{code}/epreuves", ecrire, epreuves_ecrites::d_une_etape)
        .get("/api/v1/iexam/amenagements", lire, amenagements::liste)
        .post("/api/v1/iexam/amenagements", ecrire, amenagements_ecrits::creation)
        .get("/api/v1/iexam/amenagements/{id}", lire, amenagements::un)
        .put("/api/v1/iexam/amenagements/{id}", ecrire, amenagements_ecrits::modification)
        .post("/api/v1/iexam/amenagements/{id}/retrait", ecrire, amenagements_ecrits::retrait)
        .post("/api/v1/iexam/amenagements/{id}/retablissement", ecrire, amenagements_ecrits::retablissement)
        .get("/api/v1/iexam/inscriptions", lire, inscriptions::liste)
        .post("/api/v1/iexam/inscriptions/lot/verification", ecrire, lot::verification)
        .post("/api/v1/iexam/inscriptions/lot/renvoi", ecrire, lot::renvoi)
        .post("/api/v1/iexam/inscriptions/lot/annulation", ecrire, lot::annulation)
        .post("/api/v1/iexam/inscriptions/lot/relance", ecrire, lot::relance)
        .post("/api/v1/iexam/inscriptions/lot/exoneration", payer, lot::exoneration)
        .get("/api/v1/iexam/inscriptions/{id}", lire, inscription::une)
        .post("/api/v1/iexam/inscriptions/{id}/verification", ecrire, inscriptions_ecrites::verification)
        .post("/api/v1/iexam/inscriptions/{id}/reprise", ecrire, inscriptions_ecrites::reprise)
        .post("/api/v1/iexam/inscriptions/{id}/renvoi", ecrire, inscriptions_ecrites::renvoi)
        .post("/api/v1/iexam/inscriptions/{id}/annulation", ecrire, inscriptions_ecrites::annulation)
        .post("/api/v1/iexam/inscriptions/{id}/retablissement", ecrire, inscriptions_ecrites::retablissement)
        .post("/api/v1/iexam/inscriptions/{id}/relance", ecrire, inscriptions_ecrites::relance)
        .get("/api/v1/iexam/demandes", lire, demandes::liste)
        .post("/api/v1/iexam/inscriptions/{id}/demandes", ecrire, demandes::ajout)
        .post("/api/v1/iexam/inscriptions/{id}/demandes/{demande}/acceptation", ecrire, demandes::acceptation)
        .post("/api/v1/iexam/inscriptions/{id}/demandes/{demande}/refus", ecrire, demandes::refus)
        .post("/api/v1/iexam/inscriptions/{id}/demandes/{demande}/retrait", ecrire, demandes::retrait)
        .get("/api/v1/iexam/paiements", compter, paiements::liste)
        .post("/api/v1/iexam/paiements", payer, paiements_ecrits::ecrire)
        .post("/api/v1/iexam/paiements/{id}/correction", payer, paiements_ecrits::correction)
        .get("/api/v1/iexam/journees", compter, clotures::journees)
        .get("/api/v1/iexam/clotures", compter, clotures::liste)
        .post("/api/v1/iexam/clotures", payer, clotures::cloture)
        .get("/api/v1/iexam/clotures/{id}", compter, clotures::une)
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
        horloge::horloge,
        horloge::derogation,
        horloge::derogation_retrait,
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
        colis::liste,
        colis::ajout,
        colis::modification,
        epreuves::liste,
        epreuves_ecrites::creation,
        epreuves_ecrites::modification,
        epreuves_ecrites::annulation,
        epreuves_ecrites::retablissement,
        epreuves_ecrites::d_une_etape,
        amenagements::liste,
        amenagements::un,
        amenagements_ecrits::creation,
        amenagements_ecrits::modification,
        amenagements_ecrits::retrait,
        amenagements_ecrits::retablissement,
        inscriptions::liste,
        inscription::une,
        inscriptions_ecrites::verification,
        inscriptions_ecrites::reprise,
        inscriptions_ecrites::renvoi,
        inscriptions_ecrites::annulation,
        inscriptions_ecrites::retablissement,
        inscriptions_ecrites::relance,
        lot::verification,
        lot::renvoi,
        lot::annulation,
        lot::relance,
        demandes::liste,
        demandes::ajout,
        demandes::acceptation,
        demandes::refus,
        demandes::retrait,
        paiements::liste,
        paiements_ecrits::ecrire,
        paiements_ecrits::correction,
        lot::exoneration,
        clotures::journees,
        clotures::liste,
        clotures::cloture,
        clotures::une
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
