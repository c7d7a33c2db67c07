//! HTTP Basic before the extraction, when the sandbox was given a user name. The SOAP services ask for it themselves.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::state::Sandbox;

/// Lets in only whoever gives the user name and password, when there are some.
pub async fn basic(State(sandbox): State<Arc<Sandbox>>, requete: Request, next: Next) -> Response {
    let Some((nom, mot_de_passe)) = &sandbox.acces().basic else { return next.run(requete).await };
    let donne = requete.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let attendu = format!("{nom}:{mot_de_passe}");
    if donne.and_then(|v| v.strip_prefix("Basic ")) == Some(base64(attendu.as_bytes()).as_str()) {
        return next.run(requete).await;
    }
    let defi = [(header::WWW_AUTHENTICATE, "Basic realm=\"Apogee\", charset=\"UTF-8\"")];
    (StatusCode::UNAUTHORIZED, defi, "Identifiants refusés.").into_response()
}

/// Standard base 64 with padding: twelve lines here rather than a dependency for one header.
pub fn base64(octets: &[u8]) -> String {
    const LETTRES: [char; 64] = [
        'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T',
        'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',
        'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7',
        '8', '9', '+', '/',
    ];
    let mut texte = String::new();
    for groupe in octets.chunks(3) {
        let [a, b, c] = [0, 1, 2].map(|i| u32::from(groupe.get(i).copied().unwrap_or_default()));
        let mot = (a << 16) | (b << 8) | c;
        for rang in 0..4 {
            let lettre = LETTRES.get((mot >> (18 - 6 * rang)) as usize & 63);
            texte.push(lettre.copied().filter(|_| rang <= groupe.len()).unwrap_or('='));
        }
    }
    texte
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn encodes_as_rfc_4648() {
        for (clair, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(clair.as_bytes()), code);
        }
        assert_eq!(base64("apogée:é>?".as_bytes()), "YXBvZ8OpZTrDqT4/");
    }
}
