//! One HTTP client for the two doors of Apogée, and the words for what goes wrong on a network.

use std::error::Error as _;
use std::time::Duration;

use kernel::OutageKind;

/// Delays and redirections of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choix {
    /// Longest silence while a body arrives.
    pub silence: Option<Duration>,
    /// Whether a redirection is followed; a SOAP call that is redirected has met a login page.
    pub suit_les_redirections: bool,
}

/// A client for `url`. The ring provider is installed when the process has none; on a machine without any certificate
/// authority, plain HTTP still works and HTTPS says what is missing at the first call.
pub(crate) fn client(url: &str, choix: Choix) -> Result<reqwest::Client, reqwest::Error> {
    // An error means that another provider is there already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let base = || {
        let mut constructeur = reqwest::Client::builder()
            .user_agent(concat!("telemaque/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10));
        if let Some(silence) = choix.silence {
            constructeur = constructeur.read_timeout(silence);
        }
        if !choix.suit_les_redirections {
            constructeur = constructeur.redirect(reqwest::redirect::Policy::none());
        }
        // A proxy of the environment is for the outside; the sandbox answers on loopback.
        if boucle_locale(url) { constructeur.no_proxy() } else { constructeur }
    };
    base().build().or_else(|_| base().tls_certs_only([]).build())
}

fn boucle_locale(url: &str) -> bool {
    reqwest::Url::parse(url).ok().is_some_and(|u| {
        u.host_str().is_some_and(|h| h == "localhost" || h.starts_with("127.") || h == "[::1]")
    })
}

/// The address without login, password or query, as logs and pages may show it.
pub(crate) fn sans_secret(url: &str) -> String {
    let Ok(mut propre) = reqwest::Url::parse(url) else { return "adresse illisible".to_owned() };
    // These fail only on addresses that cannot carry a login.
    let _ = propre.set_username("");
    let _ = propre.set_password(None);
    propre.set_query(None);
    propre.to_string()
}

/// The kind of a transport failure, and a French sentence for it.
pub(crate) fn classer(erreur: &reqwest::Error) -> (OutageKind, String) {
    if erreur.is_timeout() {
        return (OutageKind::Delai, "La source n'a pas répondu dans le délai.".into());
    }
    let cause = cause_premiere(erreur);
    if erreur.is_builder() || erreur.is_redirect() {
        return (OutageKind::Demande, format!("L'appel n'a pas pu être fait : {cause}."));
    }
    if erreur.is_connect() {
        let minuscules = cause.to_lowercase();
        let detail = if minuscules.contains("refused") {
            "La connexion est refusée : rien n'écoute à cette adresse.".to_owned()
        } else if minuscules.contains("dns")
            || minuscules.contains("name or service")
            || minuscules.contains("lookup")
        {
            "Le nom de la machine est inconnu.".to_owned()
        } else if minuscules.contains("certificate") || minuscules.contains("issuer") {
            format!("Le certificat présenté n'est pas accepté ({cause}).")
        } else {
            format!("La connexion ne s'établit pas ({cause}).")
        };
        return (OutageKind::Injoignable, detail);
    }
    // What the library says of it, in English, adds nothing to act upon.
    let moment =
        if erreur.is_body() || erreur.is_decode() { "avant la fin de la réponse" } else { "sans réponse" };
    (OutageKind::Tronquee, format!("La connexion a été coupée {moment}."))
}

fn cause_premiere(erreur: &reqwest::Error) -> String {
    let Some(mut cause) = erreur.source() else { return erreur.to_string() };
    while let Some(suivante) = cause.source() {
        cause = suivante;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_avoids_the_proxy() {
        assert!(boucle_locale("http://127.0.0.1:8080/x") && boucle_locale("http://[::1]/"));
        assert!(!boucle_locale("https://apogee.example/127.0.0.1"));
    }

    #[test]
    fn addresses_lose_their_secrets() {
        assert_eq!(sans_secret("http://a:b@h.example/x?jeton=1"), "http://h.example/x");
        assert_eq!(sans_secret("pas une adresse"), "adresse illisible");
    }
}
