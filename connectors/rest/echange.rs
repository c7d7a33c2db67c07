use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use kernel::{Outage, OutageKind, Source};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, ETAG, HeaderMap, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use super::echec::{Echec, champ_absent};
use super::{Reglages, html};

/// Far above any honest answer, far below the memory of a small server.
const TAILLE_MAX: usize = 256 << 20;

/// Asks one source, politely: bounded concurrency, bounded patience, transient failures asked again.
#[derive(Clone, Debug)]
pub struct Echange {
    pub(super) source: Source,
    pub(super) base: Url,
    http: reqwest::Client,
    pub(super) reglages: Reglages,
    places: Arc<Semaphore>,
}

/// What is asked: the path after `/api/v1`, the parameters, the version already held.
pub struct Question<'a> {
    /// Segments of the path, encoded as needed.
    pub chemin: &'a [&'a str],
    /// Query parameters.
    pub parametres: Vec<(&'static str, String)>,
    /// ETag of the version already held.
    pub etag: Option<&'a str>,
    /// How many times to ask in all.
    pub tentatives: u32,
}

/// An answer, decoded.
pub enum Recu<T> {
    /// A document and its ETag.
    Document(T, Option<String>),
    /// 304: the version held is still the right one.
    Inchange,
}

impl Echange {
    /// An exchange with `source` over `http`, or over a client of its own.
    ///
    /// # Errors
    /// [`OutageKind::Demande`] when the address or the token cannot be used at all.
    pub fn new(source: Source, reglages: Reglages, http: Option<reqwest::Client>) -> Result<Self, Outage> {
        let fault = |detail: String, remede: &str| Outage {
            source_: source,
            quoi: "réglages".into(),
            kind: OutageKind::Demande,
            detail,
            remede: remede.into(),
        };
        let base = base(&reglages.url).ok_or_else(|| {
            fault(
                format!("L'adresse « {} » n'est pas une adresse http ou https.", reglages.url),
                "Corrigez l'adresse dans les réglages, par exemple « https://serveur.univ.fr ».",
            )
        })?;
        let http = match http {
            Some(http) => http,
            None => client(&base).map_err(|_| {
                fault(
                    "La connexion sécurisée n'a pas pu être préparée : les certificats du système sont illisibles."
                        .into(),
                    "Installez les certificats racine du système (paquet « ca-certificates »).",
                )
            })?,
        };
        let places = Arc::new(Semaphore::new(reglages.simultanees.max(1)));
        Ok(Self { source, base, http, reglages, places })
    }

    /// The settings in use.
    pub fn reglages(&self) -> &Reglages {
        &self.reglages
    }

    /// The source asked.
    pub fn source(&self) -> Source {
        self.source
    }

    /// An outage of this source at `quoi`.
    pub fn outage(
        &self,
        quoi: &str,
        kind: OutageKind,
        detail: impl Into<String>,
        remede: impl Into<String>,
    ) -> Outage {
        Outage { source_: self.source, quoi: quoi.into(), kind, detail: detail.into(), remede: remede.into() }
    }

    /// The name of a question, for outages and marks: `GET /maquettes/2024/formations`.
    pub fn nom(question: &Question<'_>) -> String {
        format!("GET /{}", question.chemin.join("/"))
    }

    /// Asks until an answer is read whole, a failure is not transient, or patience ends.
    pub async fn demander<T: DeserializeOwned>(&self, question: &Question<'_>) -> Result<Recu<T>, Outage> {
        let mut tentative = 1;
        loop {
            let echec = match self.essayer(question).await {
                Ok(recu) => return Ok(recu),
                Err(echec) => echec,
            };
            let pause = echec.patienter.unwrap_or_else(|| self.pause(tentative));
            let encore = tentative < question.tentatives && echec.kind.is_transient();
            if !encore || pause > Reglages::ATTENTE_MAX {
                let suite = if tentative > 1 { format!(" ({tentative} tentatives).") } else { ".".into() };
                return Err(self.outage(
                    &Self::nom(question),
                    echec.kind,
                    echec.constat + &suite,
                    echec.remede,
                ));
            }
            tracing::debug!(source = self.source.code(), tentative, kind = ?echec.kind, ?pause, "asking again");
            tokio::time::sleep(pause).await;
            tentative += 1;
        }
    }

    /// Doubles at each attempt; half of it is random so that several clients do not come back together.
    fn pause(&self, tentative: u32) -> Duration {
        let pleine =
            self.reglages.attente.saturating_mul(1 << (tentative - 1).min(16)).min(Reglages::ATTENTE_MAX);
        let hasard = RandomState::new().hash_one(tentative) % 1000;
        pleine / 2 + (pleine / 2).saturating_mul(u32::try_from(hasard).unwrap_or_default()) / 1000
    }

    async fn essayer<T: DeserializeOwned>(&self, question: &Question<'_>) -> Result<Recu<T>, Echec> {
        // The semaphore is never closed: an error here would only mean one request more than agreed.
        let _place = self.places.acquire().await.ok();
        let mut requete = self.http.get(self.url(question)).timeout(self.reglages.delai);
        requete = requete.header(ACCEPT, "application/json, application/problem+json");
        if let Some(jeton) = &self.reglages.jeton {
            requete = requete.bearer_auth(jeton);
        }
        if let Some(etag) = question.etag {
            requete = requete.header(IF_NONE_MATCH, etag);
        }
        let reponse = requete.send().await.map_err(|e| self.sans_reponse(&e))?;
        let statut = reponse.status();
        if statut == StatusCode::NOT_MODIFIED && question.etag.is_some() {
            return Ok(Recu::Inchange);
        }
        let etag = reponse.headers().get(ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let patienter = retry_after(reponse.headers());
        let content_type = texte_entete(reponse.headers());
        let corps = self.corps(reponse).await;
        if !statut.is_success() {
            return Err(Echec { patienter, ..self.refus(statut, &corps.unwrap_or_default()) });
        }
        self.decoder(&content_type, &corps?).map(|document| Recu::Document(document, etag))
    }

    fn url(&self, question: &Question<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(question.chemin);
        }
        if !question.parametres.is_empty() {
            url.query_pairs_mut().extend_pairs(&question.parametres);
        }
        url
    }

    async fn corps(&self, mut reponse: Response) -> Result<Vec<u8>, Echec> {
        let mut corps = Vec::new();
        loop {
            match reponse.chunk().await {
                Ok(Some(morceau)) if corps.len() + morceau.len() > TAILLE_MAX => {
                    let constat = format!("{} a envoyé plus de {} Mio", self.source, TAILLE_MAX >> 20);
                    return Err(Echec::new(OutageKind::Illisible, constat, "Vérifiez l'adresse réglée."));
                }
                Ok(Some(morceau)) => corps.extend_from_slice(&morceau),
                Ok(None) => return Ok(corps),
                Err(e) if e.is_timeout() => return Err(self.trop_lent()),
                Err(_) => return Err(self.tronquee()),
            }
        }
    }

    fn decoder<T: DeserializeOwned>(&self, content_type: &str, corps: &[u8]) -> Result<T, Echec> {
        let source = self.source;
        if html::is_page(content_type, corps) {
            let titre = html::titre(corps).map(|t| format!(" intitulée « {t} »")).unwrap_or_default();
            let constat = format!("{source} a répondu par une page web{titre} au lieu de données");
            let remede = "Vérifiez que l'adresse réglée est celle de l'API, et qu'aucune page de connexion ou de \
                          maintenance ne s'interpose.";
            return Err(Echec::new(OutageKind::Illisible, constat, remede));
        }
        let corps = corps.strip_prefix("\u{feff}".as_bytes()).unwrap_or(corps);
        serde_json::from_slice(corps).map_err(|e| {
            if e.is_eof() {
                return self.tronquee();
            }
            let constat = format!(
                "{source} a répondu par un document qui ne suit pas le contrat{}, ligne {}, colonne {}",
                champ_absent(&e),
                e.line(),
                e.column()
            );
            Echec::new(OutageKind::Illisible, constat, format!("Signalez-le au responsable de {source}."))
        })
    }
}

/// The address of `/api/v1` itself.
fn base(url: &str) -> Option<Url> {
    let mut base: Url = url.trim().parse().ok()?;
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
        return None;
    }
    base.set_query(None);
    base.set_fragment(None);
    let complete = base.path().trim_end_matches('/').ends_with("/api/v1");
    let mut segments = base.path_segments_mut().ok()?;
    segments.pop_if_empty();
    if !complete {
        segments.extend(["api", "v1"]);
    }
    drop(segments);
    Some(base)
}

/// A client of our own. Loopback is never asked through the proxy of the environment.
fn client(base: &Url) -> Result<reqwest::Client, reqwest::Error> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread installed one meanwhile: either serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let builder = reqwest::Client::builder().user_agent(concat!("telemaque/", env!("CARGO_PKG_VERSION")));
    let hote = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = hote == "localhost" || hote.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if loopback { builder.no_proxy().build() } else { builder.build() }
}

fn texte_entete(entetes: &HeaderMap) -> String {
    entetes.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// Seconds, or a date counted from the answer's own `Date`: the source's clock is the only one that matters.
fn retry_after(entetes: &HeaderMap) -> Option<Duration> {
    let texte = |nom| entetes.get(nom).and_then(|v| v.to_str().ok()).map(str::trim);
    let valeur = texte(RETRY_AFTER)?;
    if let Ok(secondes) = valeur.parse() {
        return Some(Duration::from_secs(secondes));
    }
    let jusqua = DateTime::parse_from_rfc2822(valeur).ok()?;
    let depuis = DateTime::parse_from_rfc2822(texte(DATE)?).ok()?;
    (jusqua - depuis).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_completed_once() {
        let vers = |url: &str| base(url).map(|u| u.to_string());
        assert_eq!(vers("http://h/kofr"), Some("http://h/kofr/api/v1".into()));
        assert_eq!(vers("https://h/api/v1/?x=1"), Some("https://h/api/v1".into()));
        assert_eq!(vers("http://h:81"), Some("http://h:81/api/v1".into()));
        assert_eq!(vers("ftp://h"), None);
        assert_eq!(vers("kofr.univ.fr"), None);
    }

    #[test]
    fn retry_after_reads_seconds_and_dates() {
        let lire = |paires: &[(reqwest::header::HeaderName, &str)]| {
            let entetes = paires.iter().map(|(n, v)| (n.clone(), v.parse().unwrap())).collect();
            retry_after(&entetes)
        };
        assert_eq!(lire(&[(RETRY_AFTER, "7")]), Some(Duration::from_secs(7)));
        let date = (DATE, "Wed, 21 Oct 2015 07:28:00 GMT");
        let fixe = (RETRY_AFTER, "Wed, 21 Oct 2015 07:28:30 GMT");
        assert_eq!(lire(&[date, fixe.clone()]), Some(Duration::from_secs(30)));
        assert_eq!(lire(&[fixe]), None);
        assert_eq!(lire(&[(RETRY_AFTER, "demain")]), None);
    }

    #[test]
    fn pauses_double_stay_bounded_and_differ() {
        let reglages =
            Reglages { attente: Duration::from_millis(100), ..Reglages::new("http://127.0.0.1:1") };
        let echange = Echange::new(Source::Kofr, reglages, None).unwrap();
        for (tentative, pleine) in [(1, 100), (2, 200), (3, 400), (40, 60_000)] {
            let pause = echange.pause(tentative);
            assert!(pause >= Duration::from_millis(pleine / 2) && pause <= Duration::from_millis(pleine));
        }
        assert!((0..50).map(|_| echange.pause(5)).any(|pause| pause != echange.pause(5)));
    }
}
