//! What the REST servers share: bearer token, numbered pages, ETag and 304, `application/problem+json`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::state::Sandbox;

/// A refusal, as RFC 9457 spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probleme {
    statut: StatusCode,
    titre: &'static str,
    detail: String,
}

impl Probleme {
    /// The question cannot be understood.
    pub fn demande(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::BAD_REQUEST, titre: "Demande incorrecte", detail: detail.into() }
    }

    /// Nothing by that name.
    pub fn inconnu(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::NOT_FOUND, titre: "Introuvable", detail: detail.into() }
    }

    /// Not without the right token.
    pub fn refus(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::UNAUTHORIZED, titre: "Accès refusé", detail: detail.into() }
    }

    /// Not from there.
    pub fn interdit(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::FORBIDDEN, titre: "Accès interdit", detail: detail.into() }
    }

    /// The present state forbids it.
    pub fn conflit(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::CONFLICT, titre: "Impossible pour le moment", detail: detail.into() }
    }

    /// Out of order.
    pub fn panne(detail: impl Into<String>) -> Self {
        Self { statut: StatusCode::SERVICE_UNAVAILABLE, titre: "Service indisponible", detail: detail.into() }
    }

    /// What happened, as a sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The HTTP status.
    pub fn statut(&self) -> StatusCode {
        self.statut
    }
}

impl IntoResponse for Probleme {
    fn into_response(self) -> Response {
        let corps = json!({
            "type": "about:blank", "title": self.titre, "status": self.statut.as_u16(), "detail": self.detail
        });
        let mut reponse = (self.statut, Json(corps)).into_response();
        let nature = header::HeaderValue::from_static("application/problem+json");
        reponse.headers_mut().insert(header::CONTENT_TYPE, nature);
        if self.statut == StatusCode::UNAUTHORIZED {
            let schema = header::HeaderValue::from_static("Bearer");
            reponse.headers_mut().insert(header::WWW_AUTHENTICATE, schema);
        }
        reponse
    }
}

/// The parameters that lists take.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Parametres {
    page: Option<String>,
    modifie_depuis: Option<String>,
    annee: Option<String>,
    /// Number of a teacher.
    pub enseignant: Option<String>,
}

impl Parametres {
    /// The page asked, from 1.
    pub fn page(&self) -> Result<usize, Probleme> {
        let Some(texte) = &self.page else { return Ok(1) };
        texte.parse().ok().filter(|page| *page > 0).ok_or_else(|| {
            Probleme::demande(format!("« {texte} » n'est pas un numéro de page : les pages vont de 1 à n."))
        })
    }

    /// The instant since which changes are asked.
    pub fn modifie_depuis(&self) -> Result<Option<DateTime<Utc>>, Probleme> {
        let lire = |texte: &String| {
            let lu = DateTime::parse_from_rfc3339(texte).map(|instant| instant.to_utc());
            lu.map_err(|_| {
                Probleme::demande(format!(
                    "« {texte} » n'est pas un instant. Écrivez « modifie_depuis » comme 2025-01-13T08:00:00Z."
                ))
            })
        };
        self.modifie_depuis.as_ref().map(lire).transpose()
    }

    /// The academic year, which is required.
    pub fn annee(&self) -> Result<u16, Probleme> {
        let Some(texte) = &self.annee else {
            return Err(Probleme::demande("Le paramètre « annee » est obligatoire, par exemple annee=2024."));
        };
        let lue = texte.parse::<kernel::AnneeUniversitaire>().map_err(Probleme::demande);
        lue.map(kernel::AnneeUniversitaire::premiere)
    }
}

/// One page of `rows`, each translated by `traduire`, with its ETag; or 304.
pub fn page<T, R: Serialize>(
    entetes: &HeaderMap,
    parametres: &Parametres,
    taille: usize,
    rows: &[T],
    traduire: impl Fn(&T) -> R,
) -> Result<Response, Probleme> {
    let numero = parametres.page()?;
    let debut = (numero - 1).saturating_mul(taille);
    let elements: Vec<R> = rows.iter().skip(debut).take(taille).map(traduire).collect();
    document(entetes, &json!({ "total": rows.len(), "page": numero, "taille": taille, "elements": elements }))
}

/// A JSON document with its ETag; or 304.
pub fn document(entetes: &HeaderMap, document: &impl Serialize) -> Result<Response, Probleme> {
    let corps = serde_json::to_vec(document).map_err(|erreur| {
        Probleme::panne(format!("Le bac à sable n'a pas pu écrire sa réponse : {erreur}."))
    })?;
    Ok(octets(entetes, "application/json", corps))
}

/// Any content with the ETag of its bytes; or 304.
pub fn octets(entetes: &HeaderMap, nature: &'static str, corps: impl Into<axum::body::Bytes>) -> Response {
    let corps = corps.into();
    let etag = format!("\"{}\"", hexadecimal(&Sha256::digest(&corps)).get(..32).unwrap_or_default());
    let connus = entetes.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let connu = connus.split(',').map(|e| e.trim().trim_start_matches("W/")).any(|e| e == etag || e == "*");
    let statut = if connu { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let corps = if connu { Body::empty() } else { Body::from(corps) };
    (statut, [(header::ETAG, etag), (header::CONTENT_TYPE, nature.to_owned())], corps).into_response()
}

/// Lower-case hexadecimal, as hashes are written.
pub fn hexadecimal(octets: &[u8]) -> String {
    use std::fmt::Write;
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut texte, octet| {
        // Writing to a String cannot fail.
        let _ = write!(texte, "{octet:02x}");
        texte
    })
}

/// Lets in only the holder of the token, when there is one.
pub async fn jeton(State(sandbox): State<Arc<Sandbox>>, requete: Request, next: Next) -> Response {
    let Some(attendu) = &sandbox.acces().jeton else { return next.run(requete).await };
    let donne = requete.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    match donne.and_then(|v| v.strip_prefix("Bearer ")) {
        Some(jeton) if jeton == attendu => next.run(requete).await,
        Some(_) => Probleme::refus("Le jeton présenté n'est pas reconnu.").into_response(),
        None => Probleme::refus("Un jeton est nécessaire (Authorization: Bearer).").into_response(),
    }
}

/// What any other path answers.
pub async fn inconnu() -> Probleme {
    Probleme::inconnu("Il n'y a rien à cette adresse.")
}
