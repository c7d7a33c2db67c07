//! The session's token at the head of a form with files: read without the files, which are not taken before it is known to be right.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use futures::{StreamExt, future, stream};

/// Most bytes read in search of the first field.
const TETE_MAX: usize = 8 * 1024;

/// The boundary of a form with files, if it is one.
pub(crate) fn limite(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, rest) = kind.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let limite = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let limite = limite.trim_matches('"');
    (!limite.is_empty() && limite.len() <= 70).then(|| limite.to_owned())
}

/// The value of the field `_csrf`, which must come first, and the request as it was.
pub(crate) async fn jeton(request: Request, limite: &str) -> Option<(String, Request)> {
    let (parts, body) = request.into_parts();
    let mut suite = body.into_data_stream();
    let mut tete: Vec<u8> = Vec::new();
    let jeton = loop {
        match lire(&tete, limite) {
            Lu::Jeton(jeton) => break jeton,
            Lu::Incomplet if tete.len() <= TETE_MAX => tete.extend_from_slice(&suite.next().await?.ok()?),
            Lu::Incomplet | Lu::Autre => return None,
        }
    };
    let tete = stream::once(future::ready(Ok::<_, axum::Error>(Bytes::from(tete))));
    Some((jeton, Request::from_parts(parts, Body::from_stream(tete.chain(suite)))))
}

#[derive(Debug, PartialEq, Eq)]
enum Lu {
    Jeton(String),
    Incomplet,
    Autre,
}

fn lire(tete: &[u8], limite: &str) -> Lu {
    let ouverture = format!("--{limite}\r\n");
    let Some(reste) = tete.strip_prefix(ouverture.as_bytes()) else {
        return if ouverture.as_bytes().starts_with(tete) { Lu::Incomplet } else { Lu::Autre };
    };
    let Some((entetes, reste)) = couper(reste, b"\r\n\r\n") else { return Lu::Incomplet };
    let nomme = std::str::from_utf8(entetes).is_ok_and(|entetes| {
        let entetes = entetes.to_ascii_lowercase();
        entetes.lines().any(|l| {
            l.starts_with("content-disposition:") && l.contains("name=\"_csrf\"") && !l.contains("filename")
        })
    });
    if !nomme {
        return Lu::Autre;
    }
    match couper(reste, format!("\r\n--{limite}").as_bytes()) {
        Some((valeur, _)) => {
            std::str::from_utf8(valeur).map_or(Lu::Autre, |valeur| Lu::Jeton(valeur.to_owned()))
        }
        None => Lu::Incomplet,
    }
}

fn couper<'a>(octets: &'a [u8], marque: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = octets.windows(marque.len()).position(|fenetre| fenetre == marque)?;
    Some((octets.get(..place)?, octets.get(place + marque.len()..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "--xyz\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\nabc\r\n--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n\0\r\n--xyz--\r\n";

    #[test]
    fn the_token_is_read_at_the_head_only() {
        assert_eq!(lire(FORM.as_bytes(), "xyz"), Lu::Jeton("abc".to_owned()));
        let elsewhere = FORM.replacen("_csrf", "autre", 1);
        assert_eq!(lire(elsewhere.as_bytes(), "xyz"), Lu::Autre);
        let as_file = FORM.replacen("name=\"_csrf\"", "name=\"_csrf\"; filename=\"x\"", 1);
        assert_eq!(lire(as_file.as_bytes(), "xyz"), Lu::Autre);
        assert_eq!(lire(FORM.as_bytes(), "other"), Lu::Autre);
    }

    #[test]
    fn a_boundary_is_that_of_a_form() {
        let of = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            limite(&headers)
        };
        assert_eq!(of("multipart/form-data; boundary=abc").as_deref(), Some("abc"));
        assert_eq!(of("multipart/form-data; charset=utf-8; boundary=\"a b\"").as_deref(), Some("a b"));
        for other in [
            "multipart/mixed; boundary=abc",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "text/plain",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    proptest! {
        /// However the network cuts it, the token is found, and never another one.
        #[test]
        fn a_head_that_is_cut_is_waited_for(cut in 0..FORM.len()) {
            let lu = lire(&FORM.as_bytes()[..cut], "xyz");
            prop_assert!(lu == Lu::Incomplet || lu == Lu::Jeton("abc".to_owned()));
        }
    }
}
