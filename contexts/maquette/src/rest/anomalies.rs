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
use crate::domain::arbitrage::Situation;
use crate::domain::genre::GENRES;
use crate::domain::{Genre, Portee};
use crate::store::anomalie::{AnomalieVue, Filtre, anomalie_list};

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
    /// `a_traiter`, `attribuee`, `revenue` (réglée ou écartée, puis les sources ont bougé), `reglee` ou `ignoree`.
    #[schema(example = "a_traiter")]
    situation: &'static str,
    /// Comment elle a été réglée : `source_a`, `source_b`, `locale` ou `normal`.
    decision: Option<&'static str>,
    /// Dernier jour où elle est écartée.
    jusqu_au: Option<NaiveDate>,
}

impl From<AnomalieVue> for Anomalie {
    fn from(a: AnomalieVue) -> Self {
        let regle = Regle::of_code(&a.regle);
        let dit = |t: String| Some(t).filter(|t| !t.is_empty());
        Self {
            titre: regle.map_or("", Regle::libelle),
            gravite: regle.map_or("", |r| r.gravite().code()),
            regle: a.regle,
            objet: a.objet,
            cle: a.cle,
            champ: a.champ,
            libelle: dit(a.libelle),
            source_a: dit(a.a.0),
            valeur_a: dit(a.a.1),
            source_b: dit(a.b.0),
            valeur_b: dit(a.b.1),
            situation: a.situation.code(),
            decision: a.arbitrage.as_ref().and_then(|t| t.decision).map(|d| d.code()),
            jusqu_au: a.arbitrage.as_ref().and_then(|t| t.jusqu_au),
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

/// Kinds of objects whose anomalies may be told: a line that could not be read is of a file, not of a kind.
fn dicibles(demande: &Demande) -> Vec<&'static str> {
    let caches = caches(demande);
    GENRES.iter().map(|d| d.code).chain(["fichier"]).filter(|code| !caches.contains(code)).collect()
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
    /// Clé exacte de l’objet, dont « objet » dit alors le genre.
    cle: Option<String>,
    /// `a_traiter`, `attribuee`, `revenue`, `reglee` ou `ignoree` ; donnez-le plusieurs fois pour plusieurs situations.
    #[param(example = "a_traiter")]
    situation: Option<Vec<String>>,
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
    q.seulement(&["regle", "objet", "cle", "situation"])?;
    let recherche = kernel::fold(&q.recherche);
    let (regles, mut objets) = (demande.tous("regle"), dicibles(&demande));
    let situations = demande.tous("situation").into_iter().map(|dite| {
        Situation::of_code(dite).ok_or_else(|| {
            let connues = Situation::ALL.map(Situation::code).join(", ");
            PageError::unreadable(
                "Le paramètre « situation » ne prend pas cette valeur.",
                format!("Valeurs connues : {connues}."),
            )
        })
    });
    let situations = situations.collect::<Result<Vec<_>, _>>()?;
    if let Some(objet) = q.autre("objet") {
        objets.retain(|o| *o == objet);
    } else if q.autre("cle").is_some() {
        return Err(PageError::unreadable(
            "Une clé se demande avec le genre de son objet.",
            "Ajoutez le paramètre « objet », par exemple « objet=element ».",
        ));
    }
    let filtre = &Filtre {
        recherche: &recherche,
        regles: &regles,
        objet: q.autre("objet").zip(q.autre("cle")),
        objets: &objets,
        situations: &situations,
        ..Filtre::default()
    };
    // What people decide of an anomaly moves no generation: the version is that of the content.
    let situation = l.situer(q).await?;
    let provenance = situation.provenance(Portee::Offre, Source::Extraction);
    let (a, jour, paging) = (situation.a(), l.aujourd_hui(), q.paging());
    let page = if objets.is_empty() {
        db::Page::new(paging, 0, Vec::new())
    } else {
        l.db().read(|c| async move { anomalie_list(&c, a, filtre, jour, paging).await }).await?
    };
    let elements: Vec<Anomalie> = page.elements.into_iter().map(Anomalie::from).collect();
    let contenu = ecrire(&Liste::new(q, page.total, elements))?;
    let etag = Etag::de(&[&provenance.stable(), &contenu]);
    let reponse = if demande.conditions.tiennent(&etag) {
        rest::inchange(&etag)
    } else {
        rest::octets(&etag, provenance.preceder(&contenu))
    };
    Ok(dater(reponse, &provenance))
}
