//! Who may give orders: this machine, under a name of this machine, and for a form only its own page.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, Method, header};

use crate::rest::Probleme;
use crate::server::is_loopback;

/// Refuses another machine, a page of another site, and a name that another site could have pointed here.
pub fn check(pair: Option<SocketAddr>, methode: &Method, entetes: &HeaderMap) -> Result<(), Probleme> {
    if !pair.is_some_and(|pair| is_loopback(pair.ip())) {
        return Err(Probleme::interdit("La page de contrôle ne répond qu'à cette machine."));
    }
    let texte = |nom| entetes.get(nom).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    let hote = texte(header::HOST).unwrap_or_default();
    if !is_local_name(hote) {
        return Err(Probleme::interdit(
            "La page de contrôle ne répond qu'à une adresse locale, comme 127.0.0.1.",
        ));
    }
    if methode.is_safe() {
        return Ok(());
    }
    let meme = match (texte(header::ORIGIN), texte(header::HeaderName::from_static("sec-fetch-site"))) {
        (Some(origine), _) => origine.strip_prefix("http://") == Some(hote),
        (None, Some(site)) => site == "same-origin",
        // No browser sends a cross-site POST without one or the other; a command line sends neither, and only as JSON,
        // which a page of another site cannot send unasked.
        (None, None) => {
            texte(header::CONTENT_TYPE).is_some_and(|nature| nature.starts_with("application/json"))
        }
    };
    if meme { Ok(()) } else { Err(Probleme::interdit("Cet ordre ne vient pas de la page de contrôle.")) }
}

fn is_local_name(hote: &str) -> bool {
    let sans_port = hote.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let nom = sans_port.map_or(hote, |(nom, _)| nom);
    let ip = nom.trim_matches(['[', ']']).parse::<IpAddr>();
    nom.eq_ignore_ascii_case("localhost") || ip.is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essai(pair: &str, methode: &Method, paires: &[(&'static str, &str)]) -> Result<(), Probleme> {
        let nom = axum::http::HeaderName::from_static;
        let entetes = paires.iter().map(|(n, v)| (nom(n), v.parse().unwrap())).collect();
        check(pair.parse().ok(), methode, &entetes)
    }

    #[test]
    fn another_machine_is_refused_whatever_it_says() {
        let hote = [("host", "127.0.0.1:8090")];
        assert!(essai("127.0.0.1:5000", &Method::GET, &hote).is_ok());
        assert!(essai("[::ffff:127.0.0.1]:5000", &Method::GET, &hote).is_ok());
        for pair in ["192.168.1.20:5000", "[2001:db8::1]:5000", "unknown"] {
            let refus = essai(pair, &Method::GET, &hote).unwrap_err();
            assert_eq!(refus.statut(), axum::http::StatusCode::FORBIDDEN);
        }
    }

    #[test]
    fn a_name_pointed_here_from_elsewhere_is_refused() {
        for hote in ["localhost", "localhost:8090", "127.0.0.1", "[::1]:8090", "[::1]"] {
            assert!(essai("127.0.0.1:5000", &Method::GET, &[("host", hote)]).is_ok(), "{hote}");
        }
        for hote in ["exemple.fr", "127.0.0.1.exemple.fr:80", "localhost.exemple.fr", "", "10.0.0.1:8090"] {
            assert!(essai("127.0.0.1:5000", &Method::GET, &[("host", hote)]).is_err(), "{hote}");
        }
    }

    #[test]
    fn an_order_comes_from_the_page_or_from_a_command_line() {
        let hote = ("host", "localhost:8090");
        let formulaire = ("content-type", "application/x-www-form-urlencoded");
        let poster = |paires: &[(&'static str, &str)]| essai("127.0.0.1:5000", &Method::POST, paires);
        assert!(poster(&[hote, formulaire, ("origin", "http://localhost:8090")]).is_ok());
        assert!(poster(&[hote, formulaire, ("sec-fetch-site", "same-origin")]).is_ok());
        assert!(poster(&[hote, ("content-type", "application/json")]).is_ok());

        assert!(poster(&[hote, formulaire]).is_err());
        assert!(poster(&[hote, formulaire, ("origin", "http://localhost:9000")]).is_err());
        assert!(poster(&[hote, formulaire, ("origin", "null")]).is_err());
        assert!(
            poster(&[hote, ("content-type", "application/json"), ("origin", "http://exemple.fr")]).is_err()
        );
        assert!(poster(&[hote, formulaire, ("sec-fetch-site", "cross-site")]).is_err());
    }
}
