//! Where a request comes from: for the brake on guessing, that neither shows nor keeps it, and for what only a known server may send.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::Web;

/// The address of whoever asks; `None` when the server was not told (tests without a network).
#[derive(Clone, Copy, Debug)]
pub struct Adresse(pub Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Adresse {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let proxies =
            parts.extensions.get::<Web>().map(|web| web.settings().mandataires.clone()).unwrap_or_default();
        Ok(Self(peer.map(|peer| origin(peer, &parts.headers, &proxies))))
    }
}

/// A proxy of ours says whom it speaks for, last in the list; what anybody else says of it is a claim, and is not heard.
fn origin(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let mut at = peer.to_canonical();
    let lists = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let mut claimed: Vec<_> = lists.flat_map(|list| list.split(',')).collect();
    while proxies.contains(&at) {
        match claimed.pop().and_then(|text| text.trim().parse::<IpAddr>().ok()) {
            Some(before) => at = before.to_canonical(),
            None => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_proxies_are_believed() {
        let proxies = ["127.0.0.1".parse().unwrap(), "192.0.2.9".parse().unwrap()];
        let from = |peer: &str, forwarded: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            origin(peer.parse().unwrap(), &headers, &proxies).to_string()
        };
        assert_eq!(from("203.0.113.5", "198.51.100.1"), "203.0.113.5", "nobody's word");
        assert_eq!(from("127.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(from("::ffff:127.0.0.1", "10.9.9.9, 198.51.100.1, 192.0.2.9"), "198.51.100.1");
        assert_eq!(from("127.0.0.1", "n'importe quoi"), "127.0.0.1");
    }
}
