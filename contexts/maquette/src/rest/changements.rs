//! `/api/v1/changements`: the feed of what changed, without the data.
//!
//! A consumer keeps the cursor of the last answer and asks what came after it. No event is skipped: see [`crate::store::fil`] for why the
//! numbers of changes are committed in their order, on PostgreSQL too. Corrections, undos and parameters go the same way as collections.

use ::web::PageError;
use ::web::rest::{self, ListeQuery, Probleme};
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use kernel::Scope;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::anomalies;
use super::demande::Demande;
use super::etapes::lien_rest;
use super::lecteur::Lecteur;
use super::oubli::oublie;
use crate::domain::Genre;
use crate::domain::genre::GENRES;
use crate::store::fil::{Evenement, fil_list, fil_present};
use crate::web::segment;

/// Une page du fil.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Fil {
    /// Curseur à donner dans « depuis » la prochaine fois. Toujours croissant.
    #[schema(example = 48213)]
    curseur: i64,
    /// D’autres événements attendent déjà : redemandez tout de suite.
    encore: bool,
    /// Les événements, dans l’ordre où ils ont été enregistrés.
    elements: Vec<Changement>,
}

/// Un événement : ce qui a changé, sans les données. Relisez l’objet par son lien.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changement {
    /// Sa place dans le fil.
    #[schema(example = 48213)]
    curseur: i64,
    /// Quand il a été enregistré.
    quand: DateTime<Utc>,
    /// Année universitaire, par sa première année civile.
    #[schema(example = 2024)]
    annee: i64,
    /// Genre de l’objet : `element`, `version_etape`, `lien_liste_element`, `etudiant`…
    #[schema(example = "element")]
    genre: String,
    /// `ajout`, `modification`, `fermeture`, `reouverture`.
    #[schema(example = "modification")]
    sorte: String,
    /// Les parties de sa clé, telles que la source les écrit.
    #[schema(value_type = Vec<Object>, example = json!(["DRO101"]))]
    cle: Value,
    /// Où le relire ; `null` quand l’objet n’a pas d’adresse à lui.
    #[schema(example = "/api/v1/maquette/elements/DRO101?annee=2024")]
    lien: Option<String>,
}

/// Where the object of an event is read again.
fn lien(genre: &str, cle: &Value, annee: i64) -> Option<String> {
    let parts: Vec<String> =
        cle.as_array()?.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), ToOwned::to_owned)).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let element = |code: &str| format!("/api/v1/maquette/elements/{}", segment(code));
    let etudiant = |numero: &str| format!("/api/v1/maquette/etudiants/{}", segment(numero));
    let arbre = |code: &str, version: &str| {
        let version = (!version.is_empty()).then_some(version);
        format!("{}/arbre", lien_rest(code, version))
    };
    let chemin = match (Genre::of_code(genre)?, parts.as_slice()) {
        (Genre::Diplome, [code]) | (Genre::VersionDiplome, [code, _]) => {
            return Some(format!("/api/v1/maquette/diplomes?code={}&annee={annee}", segment(code)));
        }
        (Genre::Etape, [code]) => {
            return Some(format!("/api/v1/maquette/etapes?code={}&annee={annee}", segment(code)));
        }
        (Genre::VersionEtape, [code, version]) | (Genre::Rattachement, [_, _, code, version]) => {
            lien_rest(code, Some(version))
        }
        (Genre::LienEtapeListe, [code, version, _]) => arbre(code, version),
        (Genre::Element, [code])
        | (Genre::LienListeElement, [_, code])
        | (Genre::LienElementListe | Genre::Heures, [code, _])
        | (Genre::Controle, [code, _, _]) => element(code),
        (Genre::Enseignant, [numero]) => {
            return Some(format!("/api/v1/maquette/enseignants?numero={}&annee={annee}", segment(numero)));
        }
        (Genre::Etudiant, [numero])
        | (Genre::InscriptionAdministrative | Genre::InscriptionPedagogique, [numero, ..]) => {
            etudiant(numero)
        }
        (Genre::Anomalie, [regle, objet, cle, _]) => {
            return Some(format!(
                "/api/v1/maquette/anomalies?regle={}&objet={}&cle={}&annee={annee}",
                segment(regle),
                segment(objet),
                segment(cle)
            ));
        }
        _ => return None,
    };
    Some(format!("{chemin}?annee={annee}"))
}

/// Kinds of which who asks may learn that something changed: those whose objects they may read.
fn genres(demande: &Demande) -> Vec<&'static str> {
    let lisible = |g: Genre| {
        demande.peut(match g {
            Genre::Enseignant => Scope::EnseignantsLire,
            Genre::Etudiant | Genre::InscriptionAdministrative | Genre::InscriptionPedagogique => {
                Scope::EtudiantsLire
            }
            Genre::Anomalie => Scope::CollectesLire,
            _ => Scope::MaquetteLire,
        })
    };
    GENRES.iter().filter(|d| lisible(d.genre)).map(|d| d.code).collect()
}

/// The cursor asked, or 400.
fn depuis(query: &ListeQuery) -> Result<Option<i64>, PageError> {
    let Some(dit) = query.autre("depuis") else { return Ok(None) };
    dit.parse().ok().filter(|n| *n >= 0).map(Some).ok_or_else(|| {
        PageError::unreadable(
            "Le paramètre « depuis » est un curseur : un nombre donné par une réponse précédente.",
            "Sans lui, la réponse donne le curseur présent.",
        )
    })
}

/// Ce qui a changé depuis un curseur, sans les données.
///
/// Un premier appel sans `depuis` donne le curseur présent, sans événement : lisez alors ce dont vous avez besoin, puis redemandez le fil
/// avec ce curseur, aussi souvent que vous voulez. Chaque événement dit quoi relire ; relire deux fois est sans effet. Seuls sont dits les
/// changements d’objets que le jeton peut lire ; le curseur avance aussi sur les autres. Sans changement, la réponse est un 304 si vous
/// renvoyez l’ETag.
///
/// Un curseur trop ancien, ou que ce fil n’a jamais donné, reçoit 410 : relisez tout, puis repartez du curseur présent.
#[utoipa::path(
    get,
    path = "/api/v1/changements",
    tag = "Suivi",
    params(
        ("depuis" = Option<i64>, Query, description = "Curseur donné par une réponse précédente.", example = 48210),
        ("taille" = Option<u64>, Query, description = "Événements au plus, de 1 à 500.", example = 100),
        ("annee" = Option<String>, Query, description = "Seulement ceux de cette année universitaire.", example = "2024"),
        ("genre" = Option<Vec<String>>, Query, description = "Seulement ceux de ces genres ; donnez-le plusieurs fois."),
    ),
    responses(
        (status = 200, description = "Les événements suivants.", body = Fil),
        (status = 410, description = "Le fil ne remonte pas jusque-là, ou ce curseur n’est pas le sien : relisez tout, puis repartez du curseur présent.", body = Probleme, content_type = "application/problem+json")
    ),
    security(("jeton" = ["changements:lire"]))
)]
pub(super) async fn fil(State(l): State<Lecteur>, demande: Demande) -> Result<Response, PageError> {
    let q = &demande.query;
    q.seulement(&["depuis", "genre"])?;
    if q.page != 1 || q.maquette.is_some() || !q.recherche.is_empty() {
        return Err(PageError::unreadable(
            "Le fil ne se pagine ni ne se cherche : il se lit depuis un curseur.",
            "Paramètres connus : depuis, taille, annee, genre.",
        ));
    }
    let etat = l.etat().await?;
    let present = l.db().read(|c| async move { fil_present(&c).await }).await?;
    let Some(depuis) = depuis(q)? else {
        return rest::json(
            &demande.conditions,
            &Fil { curseur: present, encore: false, elements: Vec::new() },
        );
    };
    if depuis < etat.generations.oubli || depuis > present {
        return Ok(oublie(depuis, present, &demande.chemin));
    }
    let mut genres = genres(&demande);
    let voulus = demande.tous("genre");
    if let Some(inconnu) = voulus.iter().find(|v| Genre::of_code(v).is_none()) {
        return Err(PageError::unreadable(
            format!("« {inconnu} » n’est pas un genre."),
            format!("Genres connus : {}.", GENRES.iter().map(|d| d.code).collect::<Vec<_>>().join(", ")),
        ));
    }
    if !voulus.is_empty() {
        genres.retain(|g| voulus.contains(g));
    }
    let (genres, annee, taille) =
        (genres.as_slice(), q.annee.map(kernel::AnneeUniversitaire::premiere), q.taille);
    let lus =
        l.db().read(|c| async move { fil_list(&c, depuis, present, genres, annee, taille).await }).await?;
    let encore = lus.len() as u64 == taille;
    // A page that is not full has seen everything up to `present`, what was not for the caller included.
    let curseur = if encore { lus.last().map_or(present, |e| e.curseur) } else { present };
    let caches = anomalies::caches(&demande);
    let elements = lus.into_iter().filter(|e| !parle_de(e, &caches)).map(dire).collect();
    rest::json(&demande.conditions, &Fil { curseur, encore, elements })
}

/// Whether an event is about an anomaly of these kinds of objects.
fn parle_de(e: &Evenement, caches: &[&str]) -> bool {
    e.genre == Genre::Anomalie.description().code
        && e.cle.get(1).and_then(Value::as_str).is_none_or(|objet| caches.contains(&objet))
}

fn dire(e: Evenement) -> Changement {
    Changement {
        lien: lien(&e.genre, &e.cle, e.annee),
        curseur: e.curseur,
        quand: e.quand,
        annee: e.annee,
        genre: e.genre,
        sorte: e.sorte,
        cle: e.cle,
    }
}
