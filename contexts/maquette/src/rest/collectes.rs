//! `/api/v1/maquette/collectes`: what each collection, undo or local correction did.

use ::web::PageError;
use ::web::rest::{self, Liste, ParametresListe};
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::Lecteur;
use crate::domain::{EtatCollecte, Portee, Rapport};
use crate::store::collecte_lu::{CollecteLue, FiltreCollecte, collecte_lu_list};
use crate::store::page_lue::Fenetre;

/// Une collecte, une annulation ou une correction locale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Collecte {
    /// Son numéro.
    #[schema(example = 12)]
    numero: i64,
    /// `offre`, `personnes`, `tout`, `correction`.
    #[schema(example = "offre")]
    portee: String,
    /// Année universitaire, par sa première année civile.
    #[schema(example = 2024)]
    annee: i64,
    /// N’a rien écrit, à dessein.
    simulation: bool,
    /// `en_attente`, `en_cours`, `terminee`, `a_confirmer`, `interrompue`, `annulee`.
    #[schema(example = "terminee")]
    etat: String,
    /// Numéro de la collecte que celle-ci annule.
    annule: Option<i64>,
    /// Demandée le.
    demandee_le: DateTime<Utc>,
    /// Commencée le.
    debutee_le: Option<DateTime<Utc>>,
    /// Finie le.
    finie_le: Option<DateTime<Utc>>,
    /// Ce qu’elle a fait ; `null` tant qu’elle n’a rien à dire.
    bilan: Option<Bilan>,
}

/// Ce qu’une collecte a fait, en lignes de tous genres.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bilan {
    /// Nouvelles à la source.
    ajoutes: u64,
    /// Différentes.
    modifies: u64,
    /// Disparues de la source.
    fermes: u64,
    /// Revenues à la source.
    rouverts: u64,
    /// Égales : rien n’a été écrit.
    inchanges: u64,
    /// Anomalies ouvertes après elle.
    anomalies: u64,
    /// Lignes de la source qui n’ont pas pu être lues.
    rejets: u64,
    /// Du début à la fin, en millisecondes.
    duree_ms: u64,
    /// La panne qui l’a interrompue, en une phrase.
    panne: Option<String>,
    /// Ce qu’il faut savoir d’autre : sources remplacées par leur dernière copie, par exemple.
    avis: Vec<String>,
}

impl From<Rapport> for Bilan {
    fn from(r: Rapport) -> Self {
        Self {
            ajoutes: r.ajoutes,
            modifies: r.modifies,
            fermes: r.fermes,
            rouverts: r.rouverts,
            inchanges: r.inchanges,
            anomalies: r.anomalies,
            rejets: r.rejets,
            duree_ms: r.duree_ms,
            panne: r.panne.map(|p| format!("{} : {}", p.source_, p.detail)),
            avis: r.avis,
        }
    }
}

impl From<CollecteLue> for Collecte {
    fn from(c: CollecteLue) -> Self {
        Self {
            numero: c.numero,
            portee: c.portee,
            annee: c.annee,
            simulation: c.simulation,
            etat: c.etat,
            annule: c.annule,
            demandee_le: c.demandee_le,
            debutee_le: c.debutee_le,
            finie_le: c.finie_le,
            bilan: c.rapport.map(Bilan::from),
        }
    }
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// `offre`, `personnes`, `tout` ou `correction`.
    portee: Option<String>,
    /// `en_attente`, `en_cours`, `terminee`, `a_confirmer`, `interrompue` ou `annulee`.
    etat: Option<String>,
}

/// Les collectes, la plus récente d’abord. Sans `annee` ni `maquette`, celles de toutes les années.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/collectes",
    tag = "Suivi",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Liste<Collecte>)),
    security(("jeton" = ["collectes:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["portee", "etat"])?;
    if !q.recherche.is_empty() {
        return Err(PageError::unreadable(
            "Les collectes ne se cherchent pas par un texte.",
            "Filtrez-les par « annee », « portee » ou « etat ».",
        ));
    }
    let portees = [Portee::Offre, Portee::Personnes, Portee::Tout, Portee::Correction].map(Portee::code);
    let etats = [
        EtatCollecte::EnAttente,
        EtatCollecte::EnCours,
        EtatCollecte::Terminee,
        EtatCollecte::AConfirmer,
        EtatCollecte::Interrompue,
        EtatCollecte::Annulee,
    ]
    .map(EtatCollecte::code);
    let annee = match (q.annee, q.maquette) {
        (None, None) => None,
        _ => Some(l.situer(q).await?.a()),
    };
    let filtre = FiltreCollecte {
        annee,
        portee: demande.parmi("portee", &portees)?,
        etat: demande.parmi("etat", &etats)?,
    };
    let fenetre = Fenetre { offset: q.offset(), taille: q.taille, total: None };
    let (total, lues) = l.db().read(|c| async move { collecte_lu_list(&c, filtre, fenetre).await }).await?;
    let elements: Vec<Collecte> = lues.into_iter().map(Collecte::from).collect();
    rest::json(&demande.conditions, &Liste::new(q, total, elements))
}
