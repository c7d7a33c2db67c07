//! What went wrong in one attempt, in sentences: what was seen, and what to do.

use std::time::Duration;

use kernel::OutageKind;
use reqwest::StatusCode;
use serde::Deserialize;

use super::Echange;

const EXTRAIT_MAX: usize = 200;

/// A failed attempt, and how long the source asks to be left alone.
pub struct Echec {
    /// What kind of failure.
    pub kind: OutageKind,
    /// A French sentence, without its full stop.
    pub constat: String,
    /// A French sentence, with its full stop.
    pub remede: String,
    /// What `Retry-After` asks.
    pub patienter: Option<Duration>,
}

impl Echec {
    /// A failure that says nothing of when to come back.
    pub fn new(kind: OutageKind, constat: impl Into<String>, remede: impl Into<String>) -> Self {
        Self { kind, constat: constat.into(), remede: remede.into(), patienter: None }
    }
}

/// RFC 9457, the fields that are read.
#[derive(Deserialize)]
struct Probleme {
    title: Option<String>,
    detail: Option<String>,
}

impl Echange {
    /// What a status means.
    pub fn refus(&self, statut: StatusCode, corps: &[u8]) -> Echec {
        let source = self.source;
        let dit = explication(corps).map(|t| format!(" : « {t} »")).unwrap_or_default();
        let code = statut.as_u16();
        match code {
            401 | 403 => Echec::new(
                OutageKind::Refus,
                format!("{source} refuse l'accès (HTTP {code}){dit}"),
                "Vérifiez le jeton réglé, ou demandez-en un nouveau.",
            ),
            404 | 410 => Echec::new(
                OutageKind::Demande,
                format!("{source} ne connaît pas cette adresse (HTTP {code}){dit}"),
                "Vérifiez l'adresse réglée et la version de l'application.",
            ),
            408 => self.trop_lent(),
            429 => Echec::new(
                OutageKind::EnPanne,
                format!("{source} demande de ralentir (HTTP 429){dit}"),
                "Réessayez plus tard, ou réduisez le nombre de demandes simultanées.",
            ),
            500.. => Echec::new(
                OutageKind::EnPanne,
                format!("{source} est en panne (HTTP {code}){dit}"),
                format!("Réessayez plus tard ; si la panne dure, prévenez le responsable de {source}."),
            ),
            400..500 => Echec::new(
                OutageKind::Demande,
                format!("{source} refuse la demande (HTTP {code}){dit}"),
                "Vérifiez les réglages et la version de l'application.",
            ),
            _ => Echec::new(
                OutageKind::Illisible,
                format!("{source} a répondu de façon inattendue (HTTP {code})"),
                "Vérifiez l'adresse réglée.",
            ),
        }
    }

    /// Why no answer came.
    pub fn sans_reponse(&self, erreur: &reqwest::Error) -> Echec {
        let source = self.source;
        if erreur.is_timeout() {
            return self.trop_lent();
        }
        if erreur.is_redirect() {
            let constat = format!("{source} redirige sans fin");
            return Echec::new(OutageKind::Illisible, constat, "Vérifiez l'adresse réglée.");
        }
        let remede = "Vérifiez que l'application est démarrée, que l'adresse réglée est la bonne et que le réseau \
                      laisse passer.";
        let serveur = self.base.origin().ascii_serialization();
        if !erreur.is_connect() {
            let constat = format!("{source} ({serveur}) a fermé la connexion sans répondre");
            return Echec::new(OutageKind::Injoignable, constat, remede);
        }
        if erreur.is_dns() {
            let constat = format!("Le nom du serveur de {source} ({serveur}) est inconnu");
            return Echec::new(OutageKind::Injoignable, constat, "Vérifiez l'adresse réglée.");
        }
        if mentions_certificate(erreur) {
            let constat = format!("Le certificat de {source} ({serveur}) n'est pas accepté");
            let remede =
                "Faites renouveler le certificat du serveur, ou ajoutez son autorité à celles du système.";
            return Echec::new(OutageKind::Injoignable, constat, remede);
        }
        Echec::new(OutageKind::Injoignable, format!("{source} ne répond pas à l'adresse {serveur}"), remede)
    }

    /// No whole answer within the delay.
    pub fn trop_lent(&self) -> Echec {
        let delai = chrono::Duration::from_std(self.reglages.delai).unwrap_or_default();
        let constat = format!("{} n'a pas répondu en {}", self.source, kernel::duree_francaise(delai));
        Echec::new(OutageKind::Delai, constat, "Réessayez plus tard, ou augmentez le délai réglé.")
    }

    /// The end is missing.
    pub fn tronquee(&self) -> Echec {
        let constat = format!("{} a coupé sa réponse avant la fin", self.source);
        Echec::new(OutageKind::Tronquee, constat, "Réessayez ; rien n'a été retenu de cette réponse.")
    }
}

/// What a `problem+json` says, on one line. Other bodies say nothing that a person should read.
fn explication(corps: &[u8]) -> Option<String> {
    let probleme: Probleme = serde_json::from_slice(corps).ok()?;
    let texte = probleme.detail.or(probleme.title)?;
    let mots: Vec<&str> = texte.split_whitespace().collect();
    let texte: String = mots.join(" ").trim_end_matches('.').chars().take(EXTRAIT_MAX).collect();
    (!texte.is_empty()).then_some(texte)
}

/// Names the missing field. Nothing else of the error is repeated: it could quote somebody's data.
pub fn champ_absent(erreur: &serde_json::Error) -> String {
    let message = erreur.to_string();
    let champ = message.strip_prefix("missing field `").and_then(|reste| reste.split('`').next());
    champ.map(|champ| format!(" (champ « {champ} » absent)")).unwrap_or_default()
}

fn mentions_certificate(erreur: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(erreur);
    while let Some(e) = cause {
        if e.to_string().contains("certificate") {
            return true;
        }
        cause = e.source();
    }
    false
}
