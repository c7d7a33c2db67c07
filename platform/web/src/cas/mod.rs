//! Signing in through the university's CAS, protocol 3.0.
//!
//! The browser goes to CAS and comes back with a ticket; the ticket is then shown to CAS by this server, which learns whose it is. Nothing
//! that the browser carries is believed by itself:
//!
//! - the address that CAS sends back to is the one of the settings, never the `Host` of a request;
//! - a ticket counts only in the browser that asked for it: `etat` is the print of a cookie set at the departure;
//! - CAS answers within bounds of time and size, and says one thing ([`reponse`]).
//!
//! A session opened by CAS keeps the hash of its ticket, by which CAS closes it.

mod fault;
mod pages;
mod reponse;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use kernel::{NumeroEtudiant, Role};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::comptes::numero_etudiant;
pub(crate) use fault::CasFault;
pub(crate) use pages::{PATH, routes};
pub(crate) use reponse::Personne;
use reponse::Reponse;

/// Largest answer read.
const TAILLE_MAX: usize = 256 * 1024;

/// Section `[cas]` : le compte de l’université.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReglagesCas {
    /// Adresse du serveur CAS, sans « /login » : `https://cas.exemple.fr/cas`. Vide, il n’y a pas de CAS.
    pub url: String,
    /// Comment la page de connexion le nomme.
    pub libelle: String,
    /// Délai d’une réponse, en secondes.
    pub delai_s: u64,
    /// Vrai si une personne que Télémaque ne connaît pas reçoit un compte à sa première connexion, selon `role_par_attribut`.
    pub creer_comptes: bool,
    /// Attribut du CAS qui donne le rôle d’un compte créé : `eduPersonAffiliation`.
    pub attribut_role: String,
    /// Attribut du CAS qui donne le nom d’un compte créé.
    pub attribut_nom: String,
    /// Attribut du CAS qui donne le numéro d’étudiant ; plusieurs noms séparés par des virgules sont essayés dans l’ordre. Vide, aucun.
    pub attribut_etudiant: String,
    /// Rôle de chaque valeur de l’attribut ; une valeur absente ne donne pas de compte.
    pub role_par_attribut: BTreeMap<String, Role>,
}

impl Default for ReglagesCas {
    fn default() -> Self {
        Self {
            url: String::new(),
            libelle: "Se connecter avec le compte de l’université".to_owned(),
            delai_s: 10,
            creer_comptes: false,
            attribut_role: "eduPersonAffiliation".to_owned(),
            attribut_nom: "displayName".to_owned(),
            attribut_etudiant: "supannEtuId".to_owned(),
            role_par_attribut: BTreeMap::new(),
        }
    }
}

/// A CAS server that can be asked.
#[derive(Clone, Debug)]
pub struct Cas {
    http: reqwest::Client,
    base: Url,
    /// Our own address, as browsers and CAS reach it; without a slash at its end.
    publique: String,
    reglages: ReglagesCas,
}

impl Cas {
    /// Out of the settings and of our public address; `None` when there is no CAS.
    ///
    /// # Errors
    /// A French sentence on what must be corrected.
    pub fn new(reglages: &ReglagesCas, publique: &str) -> Result<Option<Self>, String> {
        if reglages.url.trim().is_empty() {
            return Ok(None);
        }
        let base = adresse(&reglages.url)
            .ok_or("« cas.url » doit être l’adresse http ou https du serveur CAS, par exemple https://cas.exemple.fr/cas.")?;
        let publique = adresse(publique).ok_or(
            "Le CAS renvoie les personnes vers l’adresse de Télémaque : écrivez-la dans « web.url_publique », par exemple https://telemaque.exemple.fr.",
        )?;
        if reglages.role_par_attribut.values().any(|role| *role == Role::Informatique) {
            return Err("« cas.role_par_attribut » ne peut pas donner le rôle « informatique » : ces comptes se créent un par un.".to_owned());
        }
        let http = client(&base, Duration::from_secs(reglages.delai_s.clamp(1, 120)))
            .map_err(|err| format!("Le CAS ne peut pas être interrogé depuis cette machine : {err}."))?;
        let publique = publique.as_str().trim_end_matches('/').to_owned();
        Ok(Some(Self { http, base, publique, reglages: reglages.clone() }))
    }

    pub(crate) fn libelle(&self) -> &str {
        &self.reglages.libelle
    }

    /// The address that CAS sends the person back to, for the departure of print `etat` towards `suite`. Written the same way at
    /// departure and at validation: CAS compares.
    fn service(&self, etat: &str, suite: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("etat", etat);
        if suite != "/" {
            query.append_pair("suite", suite);
        }
        format!("{}{PATH}?{}", self.publique, query.finish())
    }

    /// Our sign-in page, where one lands after leaving CAS.
    fn sortie(&self) -> String {
        format!("{}/connexion?motif=sortie", self.publique)
    }

    fn at(&self, path: &[&str], pairs: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.query_pairs_mut().extend_pairs(pairs);
        url
    }

    /// Where the browser is sent to sign in.
    pub(crate) fn depart(&self, etat: &str, suite: &str) -> String {
        self.at(&["login"], &[("service", &self.service(etat, suite))]).into()
    }

    /// Where the browser is sent to leave CAS as well.
    pub(crate) fn deconnexion(&self) -> String {
        let sortie = self.sortie();
        // `service` is the protocol's word, `url` that of its second version.
        self.at(&["logout"], &[("service", &sortie), ("url", &sortie)]).into()
    }

    /// Whether CAS can be reached: somebody sent to a server that is down would find a page of the browser's, without a way out.
    pub(crate) async fn repond(&self) -> Result<(), CasFault> {
        let mut url = self.at(&["login"], &[]);
        url.set_query(None);
        let answer = self.http.head(url).send().await.map_err(|err| muet(&err))?;
        if answer.status().is_server_error() {
            return Err(CasFault::Muet(format!("HTTP {}", answer.status().as_u16())));
        }
        Ok(())
    }

    /// Asks CAS whose ticket this is.
    pub(crate) async fn valider(&self, ticket: &str, etat: &str, suite: &str) -> Result<Personne, CasFault> {
        if !ticket_plausible(ticket) {
            return Err(CasFault::Ticket);
        }
        let service = self.service(etat, suite);
        let url = self.at(&["p3", "serviceValidate"], &[("service", &service), ("ticket", ticket)]);
        let mut answer = self.http.get(url).send().await.map_err(|err| muet(&err))?;
        let status = answer.status();
        if status.is_server_error() {
            return Err(CasFault::Muet(format!("HTTP {}", status.as_u16())));
        }
        if !status.is_success() {
            return Err(CasFault::Illisible(format!("HTTP {}", status.as_u16())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|err| muet(&err))? {
            if body.len() + chunk.len() > TAILLE_MAX {
                return Err(CasFault::Illisible("réponse trop longue".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(body).map_err(|_| CasFault::Illisible("pas de l'UTF-8".to_owned()))?;
        match reponse::lire(&text).map_err(CasFault::Illisible)? {
            Reponse::Succes(personne) => Ok(personne),
            Reponse::Refus { code, texte } => Err(CasFault::de_code(&code, texte, self.publique.clone())),
        }
    }

    /// The student that CAS says this person is: the first value that can be a number.
    pub(crate) fn numero_etudiant(&self, personne: &Personne) -> Option<NumeroEtudiant> {
        let noms = self.reglages.attribut_etudiant.split(',').map(str::trim);
        let mut valeurs = noms.filter_map(|nom| personne.attributs.get(nom)).flatten();
        valeurs.find_map(|valeur| numero_etudiant(valeur).ok().flatten())
    }

    /// The role and name of the account that somebody unknown receives, if the settings give one.
    pub(crate) fn compte_a_creer(&self, personne: &Personne) -> Option<(Role, String)> {
        if !self.reglages.creer_comptes {
            return None;
        }
        let valeurs = personne.attributs.get(&self.reglages.attribut_role)?;
        // Somebody who studies and teaches is received as who teaches: roles are in that order.
        let role = valeurs.iter().filter_map(|valeur| self.reglages.role_par_attribut.get(valeur)).max()?;
        let nom = personne.attributs.get(&self.reglages.attribut_nom).and_then(|noms| noms.first());
        let nom = nom.map(|nom| nom.chars().filter(|c| !c.is_control()).take(120).collect());
        Some((*role, nom.unwrap_or_default()))
    }
}

/// Service tickets begin so, and hold nothing else: section 3.7 of the protocol.
pub(crate) fn ticket_plausible(ticket: &str) -> bool {
    ticket.strip_prefix("ST-").is_some_and(|rest| {
        (4..=300).contains(&rest.len())
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
    })
}

fn adresse(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let sound = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    sound.then_some(url)
}

/// Redirections are not followed: a validation that is redirected has met a sign-in page.
fn client(base: &Url, delai: Duration) -> Result<reqwest::Client, reqwest::Error> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread installed one meanwhile: either serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let build = || {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("telemaque/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(delai.min(Duration::from_secs(5)))
            .timeout(delai);
        if loopback { builder.no_proxy() } else { builder }
    };
    // On a machine without any certificate authority, plain HTTP still works and HTTPS says what is missing at the first call.
    build().build().or_else(|_| build().tls_certs_only([]).build())
}

/// The address holds the ticket: only the cause is kept.
fn muet(err: &reqwest::Error) -> CasFault {
    use std::error::Error as _;
    if err.is_timeout() {
        return CasFault::Muet("délai dépassé".to_owned());
    }
    let mut cause: &dyn std::error::Error = err;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let text = if err.source().is_some() { cause.to_string() } else { "échange interrompu".to_owned() };
    CasFault::Muet(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cas(url: &str, publique: &str) -> Result<Option<Cas>, String> {
        Cas::new(&ReglagesCas { url: url.to_owned(), ..ReglagesCas::default() }, publique)
    }

    #[test]
    fn addresses_are_written_once_and_completely() {
        let cas = cas("https://cas.exemple.fr/cas/", "https://telemaque.exemple.fr/").unwrap().unwrap();
        assert_eq!(
            cas.depart("e", "/maquette/etapes?page=2"),
            "https://cas.exemple.fr/cas/login?service=https%3A%2F%2Ftelemaque.exemple.fr%2Fconnexion%2Fcas%3Fetat%3De%26suite%3D%252Fmaquette%252Fetapes%253Fpage%253D2"
        );
        assert_eq!(cas.service("e", "/"), "https://telemaque.exemple.fr/connexion/cas?etat=e");
        assert!(
            cas.deconnexion()
                .starts_with("https://cas.exemple.fr/cas/logout?service=https%3A%2F%2Ftelemaque")
        );
    }

    #[test]
    fn settings_that_cannot_work_say_what_to_write() {
        assert!(cas("", "").unwrap().is_none());
        for bad in
            ["cas.exemple.fr", "ftp://cas.exemple.fr", "https://u:p@cas.exemple.fr", "https://cas/?x=1"]
        {
            assert!(cas(bad, "https://t.exemple.fr").unwrap_err().contains("cas.url"), "{bad}");
        }
        assert!(cas("https://cas.exemple.fr", "").unwrap_err().contains("web.url_publique"));
        let chef = ReglagesCas {
            url: "https://cas.exemple.fr".to_owned(),
            role_par_attribut: BTreeMap::from([("staff".to_owned(), Role::Informatique)]),
            ..ReglagesCas::default()
        };
        assert!(Cas::new(&chef, "https://t.exemple.fr").unwrap_err().contains("informatique"));
    }

    #[test]
    fn tickets_have_a_shape() {
        assert!(ticket_plausible("ST-1856339-aA5Yuvrxzpv8Tau1cYQ7"));
        for bad in ["", "ST-", "PT-1856339-aA5Yuvrxzpv8Tau1cYQ7", "ST-a b c d", "ST-é12345", "ST-1&service=x"]
        {
            assert!(!ticket_plausible(bad), "{bad}");
        }
        assert!(!ticket_plausible(&format!("ST-{}", "a".repeat(301))));
    }
}
