use kernel::{Outage, OutageKind, Source};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};

use super::{Client, Porte};
use crate::http;
use crate::wire::{self, Fault, FaultClass, Operation, SoapError, XmlError};

/// Why a call gave no value, when that is not "none".
#[derive(Debug)]
pub(super) enum Echec {
    /// The server does not know the operation: another version may exist.
    OperationInconnue(Outage),
    /// Anything else.
    Panne(Outage),
}

impl From<Echec> for Outage {
    fn from(echec: Echec) -> Self {
        match echec {
            Echec::OperationInconnue(panne) | Echec::Panne(panne) => panne,
        }
    }
}

impl Client {
    /// Calls an operation. `None` when the source says that there is nothing, or that the number is nobody's.
    ///
    /// # Errors
    /// When the source does not give an answer that can be read, after the tries that the settings allow.
    pub async fn appeler<O: Operation>(&self, requete: &O::Request) -> Result<Option<O::Response>, Outage> {
        Ok(self.essayer::<O>(requete).await?)
    }

    pub(super) async fn essayer<O: Operation>(
        &self,
        requete: &O::Request,
    ) -> Result<Option<O::Response>, Echec> {
        let Some(porte) = self.porte(O::SERVICE) else {
            return Err(Echec::Panne(panne(
                O::NAME,
                OutageKind::Demande,
                "Aucune adresse n'est connue pour ce service.".into(),
                "Complétez la section [apogee] des paramètres.",
            )));
        };
        let enveloppe = wire::encode_request::<O>(requete, self.partage.reglages.vides);
        let statistiques = &self.partage.statistiques;
        let reponse = self
            .partage
            .reglages
            .reprise
            .tenter(
                |panne| {
                    tracing::warn!(operation = O::NAME, kind = ?panne.kind, "Apogée sera redemandé");
                    statistiques.reprendre();
                },
                || self.une_fois::<O>(porte, enveloppe.clone()),
            )
            .await
            .map_err(Echec::Panne)?;
        match reponse {
            Ok(valeur) => Ok(Some(valeur)),
            Err(faute) => match faute.class() {
                FaultClass::AucuneDonnee | FaultClass::Personne => Ok(None),
                FaultClass::OperationInconnue => Err(Echec::OperationInconnue(faute_definitive::<O>(&faute))),
                _ => Err(Echec::Panne(faute_definitive::<O>(&faute))),
            },
        }
    }

    /// One call. A fault that asking again cannot change is a value here; the others are outages.
    async fn une_fois<O: Operation>(
        &self,
        porte: &Porte,
        enveloppe: String,
    ) -> Result<Result<O::Response, Box<Fault>>, Outage> {
        // The semaphore is never closed.
        let _place = porte.places.acquire().await;
        let _en_vol = self.partage.statistiques.partir();
        let transport = |e: reqwest::Error| {
            let (kind, detail) = http::classer(&e);
            panne(
                O::NAME,
                kind,
                format!("{} — {detail}", http::sans_secret(&porte.url)),
                match kind {
                    OutageKind::Demande => {
                        "Corrigez l'adresse du service dans la section [apogee] des paramètres."
                    }
                    OutageKind::Delai => {
                        "Vérifiez la charge d'Apogée ; si ses réponses sont toujours longues, augmentez le délai dans la \
                         section [apogee] des paramètres."
                    }
                    _ => "Vérifiez que les services web d'Apogée sont démarrés et que le réseau y mène.",
                },
            )
        };
        let mut requete = porte
            .http
            .post(&porte.url)
            .timeout(self.partage.reglages.delai_de(O::SERVICE))
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"")
            .body(enveloppe);
        if let Some((nom, secret)) = &porte.acces.basic {
            requete = requete.basic_auth(nom, Some(secret));
        }
        let reponse = requete.send().await.map_err(transport)?;
        let statut = reponse.status();
        let entete = |nom| reponse.headers().get(nom).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let type_mime = entete(CONTENT_TYPE);
        if statut.is_redirection() {
            let vers =
                entete(LOCATION).map(|l| format!(" vers {}", http::sans_secret(&l))).unwrap_or_default();
            return Err(panne(
                O::NAME,
                OutageKind::Illisible,
                format!(
                    "L'appel est redirigé{vers} (HTTP {}) : ce n'est pas un service web.",
                    statut.as_u16()
                ),
                "Vérifiez l'adresse du service ; une page de connexion se trouve peut-être devant lui.",
            ));
        }
        let octets = reponse.bytes().await.map_err(transport)?;
        self.partage.statistiques.recevoir(octets.len());
        lire::<O>(statut, type_mime.as_deref(), &octets)
    }
}

fn lire<O: Operation>(
    statut: StatusCode,
    type_mime: Option<&str>,
    octets: &[u8],
) -> Result<Result<O::Response, Box<Fault>>, Outage> {
    if matches!(
        statut,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::PROXY_AUTHENTICATION_REQUIRED
    ) {
        return Err(panne(
            O::NAME,
            OutageKind::Refus,
            format!("L'accès est refusé (HTTP {}).", statut.as_u16()),
            "Vérifiez l'identifiant et le mot de passe du service dans la section [apogee] des paramètres.",
        ));
    }
    let erreur = match wire::decode_response::<O>(octets, type_mime.and_then(wire::charset)) {
        Ok(valeur) if statut.is_success() => return Ok(Ok(valeur)),
        Ok(_) => XmlError::Inattendu(format!("HTTP {}", statut.as_u16())),
        Err(SoapError::Fault(faute)) if faute.class() == FaultClass::Indisponible => {
            return Err(panne(
                O::NAME,
                OutageKind::EnPanne,
                format!("Apogée se dit hors service (faute « {} »).", extrait(faute.code())),
                "La base ou les services d'Apogée sont arrêtés : prévenez leur exploitant, puis recommencez.",
            ));
        }
        Err(SoapError::Fault(faute)) => return Ok(Err(faute)),
        Err(SoapError::Xml(erreur)) => erreur,
    };
    if matches!(
        statut,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    ) {
        return Err(panne(
            O::NAME,
            OutageKind::EnPanne,
            format!(
                "Le serveur d'Apogée, ou le relais devant lui, est hors service (HTTP {}).",
                statut.as_u16()
            ),
            "Prévenez l'exploitant d'Apogée, puis recommencez.",
        ));
    }
    let (kind, detail, remede) = match erreur {
        XmlError::Tronque if statut.is_success() && !octets.is_empty() => (
            OutageKind::Tronquee,
            "La réponse s'arrête avant sa fin.".to_owned(),
            "Recommencez ; si cela dure, prévenez l'exploitant d'Apogée.",
        ),
        _ if statut == StatusCode::NOT_FOUND => (
            OutageKind::Demande,
            "Aucun service n'est servi à cette adresse (HTTP 404).".to_owned(),
            "Corrigez l'adresse du service dans la section [apogee] des paramètres.",
        ),
        _ if est_html(type_mime, octets) => (
            OutageKind::Illisible,
            format!("La réponse est une page HTML, et non du SOAP (HTTP {}).", statut.as_u16()),
            "Vérifiez l'adresse du service : une page de connexion, d'erreur ou d'accueil répond à sa place.",
        ),
        autre => (
            OutageKind::Illisible,
            format!("La réponse n'est pas celle du contrat (HTTP {}) : {autre}.", statut.as_u16()),
            "Vérifiez l'adresse du service et la version d'Apogée, et transmettez cette phrase au support.",
        ),
    };
    Err(panne(O::NAME, kind, detail, remede))
}

fn est_html(type_mime: Option<&str>, octets: &[u8]) -> bool {
    let debut = octets.trim_ascii_start();
    let debut = debut.get(..debut.len().min(14)).unwrap_or_default().to_ascii_lowercase();
    type_mime.is_some_and(|t| t.to_ascii_lowercase().starts_with("text/html"))
        || debut.starts_with(b"<!doctype html")
        || debut.starts_with(b"<html")
}

/// The outage of a fault that means neither "none" nor "later".
fn faute_definitive<O: Operation>(faute: &Fault) -> Outage {
    let code = extrait(faute.code());
    let (kind, detail, remede) = match faute.class() {
        FaultClass::Demande => (
            OutageKind::Demande,
            format!("Apogée juge la question mal posée (faute « {code} »)."),
            "C'est un défaut de Télémaque ou de ses paramètres : transmettez cette phrase au support.",
        ),
        FaultClass::Refus => (
            OutageKind::Refus,
            format!("Apogée refuse de répondre (faute « {code} »)."),
            "Vérifiez les droits du compte que Télémaque utilise auprès d'Apogée.",
        ),
        FaultClass::OperationInconnue => (
            OutageKind::Demande,
            format!("Ce serveur ne connaît pas l'opération {} (faute « {code} »).", O::NAME),
            "Vérifiez la version des services web d'Apogée : 6.50 au moins est attendue.",
        ),
        _ => (
            OutageKind::EnPanne,
            format!("Apogée répond par une erreur qui n'est pas au contrat (faute « {code} »)."),
            "Recommencez ; si cela dure, transmettez cette phrase à l'exploitant d'Apogée.",
        ),
    };
    panne(O::NAME, kind, detail, remede)
}

/// A fault may carry a stack trace; its beginning is enough.
fn extrait(code: &str) -> String {
    let ligne = code.lines().next().unwrap_or_default();
    if ligne.chars().count() <= 160 {
        return ligne.to_owned();
    }
    ligne.chars().take(160).chain(['…']).collect()
}

fn panne(quoi: &str, kind: OutageKind, detail: String, remede: &str) -> Outage {
    Outage { source_: Source::Apogee, quoi: quoi.to_owned(), kind, detail, remede: remede.to_owned() }
}
