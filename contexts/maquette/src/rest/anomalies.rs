//! `/api/v1/maquette/anomalies`. Those that speak of people are only told to who may read those people: their key and their values are
//! personal data.

use ::web::PageError;
use ::web::rest::{self, Etag, Liste, ParametresListe};
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use kernel::{Scope, Source};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::demande::Demande;
use super::lecteur::{Lecteur, dater};
use super::provenance::{Reponse, ecrire};
use crate::domain::anomalie::Regle;
use crate::domain::{Genre, Portee};
use crate::store::anomalie_lu::{AnomalieLue, FiltreAnomalie, anomalie_lu_list};

/// Une anomalie ouverte.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Anomalie {
    /// Code de la règle.
    #[schema(example = "ects_differents")]
    regle: String,
    /// La règle, en français.
    #[schema(example = "ECTS différents")]
    titre: &'static str,
    /// `bloquante`, `a_arbitrer` ou `remarque`.
    #[schema(example = "a_arbitrer")]
    gravite: &'static str,
    /// Genre de l’objet.
    #[schema(example = "element")]
    objet: String,
    /// Clé de l’objet, ses parties séparées par « · ».
    #[schema(example = "DRO101")]
    cle: String,
    /// Champ en cause, ou ce qui la distingue d’une autre.
    champ: String,
    /// Libellé de l’objet.
    libelle: Option<String>,
    /// Première source, et ce qu’elle dit.
    source_a: Option<String>,
    /// Ce qu’elle dit.
    valeur_a: Option<String>,
    /// Autre source, ou la règle.
    source_b: Option<String>,
    /// Ce qu’elle dit, ou ce qui est attendu.
    valeur_b: Option<String>,
    /// Ce qui en a été décidé ; `null` tant que personne ne s’en est saisi.
    etat: Option<String>,
    /// La décision.
    decision: Option<String>,
    /// Jusqu’à quel jour.
    jusqu_au: Option<NaiveDate>,
}

impl From<AnomalieLue> for Anomalie {
    fn from(a: AnomalieLue) -> Self {
        let regle = Regle::of_code(&a.regle);
        Self {
            titre: regle.map_or("", Regle::libelle),
            gravite: regle.map_or("", |r| r.gravite().code()),
            regle: a.regle,
            objet: a.objet,
            cle: a.cle,
            champ: a.champ,
            libelle: a.libelle.filter(|t| !t.is_empty()),
            source_a: a.a.0,
            valeur_a: a.a.1,
            source_b: a.b.0,
            valeur_b: a.b.1,
            etat: a.etat,
            decision: a.decision,
            jusqu_au: a.jusqu_au,
        }
    }
}

/// Kinds of objects whose anomalies are hidden from who asks.
pub(super) fn caches(demande: &Demande) -> Vec<&'static str> {
    let code = |g: Genre| g.description().code;
    let mut caches = Vec::new();
    // A value may be any field of a student, their birth date included.
    if !demande.peut(Scope::EtudiantsLire) || !demande.peut(Scope::EtudiantsIdentite) {
        caches.push(code(Genre::Etudiant));
    }
    if !demande.peut(Scope::EtudiantsLire) {
        caches.extend([code(Genre::InscriptionAdministrative), code(Genre::InscriptionPedagogique)]);
    }
    if !demande.peut(Scope::EnseignantsLire) {
        caches.push(code(Genre::Enseignant));
    }
    caches
}

/// What narrows the list, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only")]
pub(super) struct Filtres {
    /// Code d’une règle ; donnez-le plusieurs fois pour plusieurs règles.
    regle: Option<Vec<String>>,
    /// Genre de l’objet : `element`, `version_etape`…
    objet: Option<String>,
    /// Clé exacte de l’objet.
    cle: Option<String>,
}

/// Les anomalies ouvertes d’une année, par règle puis par clé.
///
/// Celles qui portent sur des personnes ne sont dites qu’à un jeton qui peut lire ces personnes.
#[utoipa::path(
    get,
    path = "/api/v1/maquette/anomalies",
    tag = "Suivi",
    params(ParametresListe, Filtres),
    responses((status = 200, description = "Une page de la liste.", body = Reponse<Liste<Anomalie>>)),
    security(("jeton" = ["collectes:lire"]))
)]
pub(super) async fn liste(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["regle", "objet", "cle"])?;
    let recherche = kernel::fold(&q.recherche);
    let (regles, caches) = (demande.tous("regle"), caches(&demande));
    let filtre = &FiltreAnomalie {
        recherche: &recherche,
        regles: &regles,
        caches: &caches,
        objet: q.autre("objet"),
        cle: q.autre("cle"),
    };
    // What people decide of an anomaly moves no generation: the version is that of the content.
    let situation = l.situer(q).await?;
    let provenance = situation.provenance(Portee::Offre, Source::Extraction);
    let (a, fenetre) = (situation.a(), situation.fenetre(q));
    let lues = l.db().read(|c| async move { anomalie_lu_list(&c, a, filtre, fenetre).await }).await?;
    let elements: Vec<Anomalie> = lues.1.into_iter().map(Anomalie::from).collect();
    let contenu = ecrire(&Liste::new(q, lues.0, elements))?;
    let etag = Etag::de(&[&provenance.stable(), &contenu]);
    let reponse = if demande.conditions.tiennent(&etag) {
        rest::inchange(&etag)
    } else {
        rest::octets(&etag, provenance.preceder(&contenu))
    };
    Ok(dater(reponse, &provenance))
}
