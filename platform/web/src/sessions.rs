//! Sessions in the database, and the layer that recognises one, holds forms to its token and carries the message of the last action.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Duration, Utc};
use db::{Db, DbError, Recent, Tx};
use kernel::{Clock, Right, Role};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::components::Tone;
use crate::comptes::store::{self, NewSession};
use crate::frame::Flash;
use crate::listing::taille_choisie;
use crate::{
    PageError, Settings, Visitor, Web, cas, comptes, cookie, hex, last_use, premier_champ, routes, stack,
};

/// How often the last use of a session is written.
const TOUCH: Duration = Duration::seconds(60);
const FLASH: &str = "telemaque_message";

/// A session and its account, as the database has them.
type Tenue = (store::session::Model, store::compte::Model);

/// Sessions, on one database.
pub(crate) struct Sessions<'w> {
    db: &'w Db,
    clock: &'w dyn Clock,
    settings: &'w Settings,
}

/// A session of an account, as « Mon compte » lists it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) id: i64,
    pub(crate) appareil: String,
    pub(crate) creee_le: DateTime<Utc>,
    pub(crate) vue_le: DateTime<Utc>,
    pub(crate) par_cas: bool,
}

/// The secrets of a session given anew.
pub(crate) struct Renewed {
    pub(crate) jeton: String,
    pub(crate) csrf: String,
}

/// Travels beside a response whose session has another token of forms than the request had.
#[derive(Clone)]
pub(crate) struct NewCsrf(pub(crate) String);

impl<'w> Sessions<'w> {
    pub(crate) fn new(db: &'w Db, clock: &'w dyn Clock, settings: &'w Settings) -> Self {
        Self { db, clock, settings }
    }

    /// Opens a session and gives the token that its cookie carries; the database keeps only its hash.
    ///
    /// A token is always new: a cookie that was there before signing in is never taken over. `ticket` is the one of CAS, when it opens it.
    pub(crate) async fn open(
        &self,
        compte: i64,
        user_agent: &str,
        ticket: Option<&str>,
    ) -> Result<String, PageError> {
        let token = random::<32>()?;
        let now = self.clock.now();
        let session = NewSession {
            jeton: digest(&token),
            compte,
            now,
            expire_le: now + self.settings.session_max,
            appareil: appareil(user_agent),
            csrf: random::<16>()?,
            ticket: ticket.map(digest),
        };
        let inactive = now - self.settings.session_inactive;
        self.db
            .write(|tx| {
                let session = session.clone();
                async move {
                    store::session_purge(&*tx, now, inactive).await?;
                    store::session_insert(&*tx, session).await
                }
            })
            .await?;
        Ok(token)
    }

    /// Gives a session another token.
    pub(crate) async fn renew(&self, session: i64) -> Result<Renewed, PageError> {
        let new = Renewed { jeton: random::<32>()?, csrf: random::<16>()? };
        let (hash, csrf) = (digest(&new.jeton), new.csrf.clone());
        self.db
            .write(|tx| {
                let (hash, csrf) = (hash.clone(), csrf.clone());
                async move { store::session_renew(&*tx, session, &hash, &csrf).await }
            })
            .await?;
        Ok(new)
    }

    /// The person behind a token, if its session lives and its account is active.
    pub(crate) async fn visitor(&self, token: &str) -> Result<Option<Visitor>, DbError> {
        let jeton = digest(token);
        // A session that is closed here is refused at once: closing it is a commit. See `db::Recent`.
        let recent = self.db.shared(|| Recent::<String, Option<Tenue>>::new(10_000));
        let read = || {
            let jeton = jeton.clone();
            self.db.read(|c| async move { store::session_read(&c, &jeton).await })
        };
        let Some((session, compte)) = recent.get(self.db, jeton.clone(), read).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let dead = session.expire_le <= now || session.vue_le + self.settings.session_inactive <= now;
        let Some(role) = compte.role.parse().ok().filter(|_| compte.actif && !dead) else { return Ok(None) };
        if now - session.vue_le >= TOUCH {
            last_use::note(self.db, session.id, now);
        }
        // Only who administers looks as another role, whatever the row says.
        let comme: Option<Role> = session.voir_comme.as_deref().and_then(|code| code.parse().ok());
        let comme = comme.filter(|_| Right::Administrer.held_by(role));
        Ok(Some(Visitor {
            compte: compte.id,
            identifiant: compte.identifiant,
            nom: compte.nom,
            role: comme.unwrap_or(role),
            reel: comme.map(|_| role),
            etudiant: compte.etudiant.filter(|_| role == Role::Etudiant).map(Into::into),
            // Who comes by CAS did not type the temporary password.
            a_changer: compte.a_changer && session.ticket.is_none(),
            par_cas: session.ticket.is_some(),
            session: session.id,
            csrf: session.csrf,
            flash: None,
        }))
    }

    /// Live sessions of an account, the most recent first.
    pub(crate) async fn list(&self, compte: i64) -> Result<Vec<Seen>, DbError> {
        let now = self.clock.now();
        let inactive = now - self.settings.session_inactive;
        self.db.read(|c| async move { store::session_list(&c, compte, now, inactive).await }).await
    }

    /// Closes one session of an account.
    pub(crate) async fn close(&self, compte: i64, session: i64) -> Result<(), DbError> {
        let close = |tx: Tx| async move { store::session_close(&*tx, compte, Some(session), None).await };
        self.db.write(close).await.map(|_| ())
    }

    /// Closes every session of an account but one.
    pub(crate) async fn close_others(&self, compte: i64, kept: i64) -> Result<(), DbError> {
        let close = |tx: Tx| async move { store::session_close(&*tx, compte, None, Some(kept)).await };
        self.db.write(close).await.map(|_| ())
    }
}

pub(crate) fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn random<const N: usize>() -> Result<String, PageError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|err| {
        let fault = PageError::internal("alea", None, None);
        tracing::error!(reference = fault.reference, %err, "no randomness");
        fault
    })?;
    Ok(hex::encode(&bytes))
}

/// « Firefox sur Linux »: enough to recognise one's own device, no more.
fn appareil(user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} sur {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Appareil inconnu".to_owned(),
    }
}

/// Recognises the session, refuses requests without its token, and keeps the message of an action for the next page.
pub(crate) async fn layer(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let https = web.settings().https;
    let token = cookie::read(request.headers(), cookie::session(https)).map(str::to_owned);
    let mut visitor = match &token {
        Some(token) => match web.sessions().visitor(token).await {
            Ok(visitor) => visitor,
            Err(err) => return PageError::from(err).into_response(),
        },
        None => None,
    };
    let stale = token.is_some() && visitor.is_none();
    let held = cookie::read(request.headers(), FLASH).map(str::to_owned);
    if let (Some(held), Some(visitor)) = (&held, visitor.as_mut()) {
        visitor.flash = read_flash(held, &visitor.csrf);
    }
    let csrf = visitor.as_ref().map(|visitor| visitor.csrf.clone());
    let taille = request.uri().query().and_then(taille_choisie);
    let fragment = request.headers().contains_key("hx-request");

    let first = visitor.as_ref().and_then(|visitor| comptes::a_changer_d_abord(visitor, &request));
    let only_looks = visitor.as_ref().and_then(|visitor| comptes::refuse_ecriture(visitor, &request));
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    let (parts, body) = request.into_parts();
    let head = (!parts.method.is_safe()).then(|| parts.clone());
    let vouched = hold_to_token(&web, Request::from_parts(parts, body), csrf.as_deref()).await;
    let vouched = vouched.and_then(|request| only_looks.map_or(Ok(request), Err));
    let mut response = match (vouched, head, first) {
        (Ok(_), _, Some(response)) => response,
        (Ok(request), _, None) => next.run(request).await,
        // Whoever has no session any more, and posts from a page of ours, signs in and comes back to that page.
        (Err(_), Some(head), _)
            if head.extensions.get::<Visitor>().is_none() && own_page(&head).is_some() =>
        {
            routes::sign_in_again(&head.headers, own_page(&head).as_deref())
        }
        // What is refused goes no farther: the page that says so is made here.
        (Err(fault), Some(head), _) => {
            let visitor = head.extensions.get::<Visitor>().cloned();
            stack::refusal(&web, &head.uri, &head.headers, visitor, fault).await
        }
        (Err(fault), None, _) => fault.into_response(),
    };

    let csrf = response.extensions_mut().remove::<NewCsrf>().map(|new| new.0).or(csrf);
    let flash = response.extensions_mut().remove::<Flash>();
    let page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"));
    match (flash, csrf) {
        (Some(flash), Some(csrf)) => {
            cookie::write(response.headers_mut(), FLASH, &write_flash(&flash, &csrf), Some(60), https);
        }
        _ if held.is_some() && page && !fragment => cookie::forget(response.headers_mut(), FLASH, https),
        _ => {}
    }
    if let Some(taille) = taille.filter(|_| page) {
        cookie::write(
            response.headers_mut(),
            cookie::TAILLE,
            &taille.to_string(),
            Some(365 * 24 * 3600),
            https,
        );
    }
    let reopened = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .any(|v| v.as_bytes().starts_with(cookie::session(https).as_bytes()));
    if stale && !reopened {
        cookie::forget(response.headers_mut(), cookie::session(https), https);
    }
    response
}

/// Every request that may change something carries the session's token, in the field `_csrf` or the header `X-CSRF-Token`. What
/// carries no session can change nothing in its name: under `/api/` such requests answer to their own credentials.
async fn hold_to_token(web: &Web, request: Request, csrf: Option<&str>) -> Result<Request, PageError> {
    let path = request.uri().path();
    // CAS has no session here: what it posts is known by the ticket in it.
    let machine = path.starts_with("/api/") || path == cas::PATH;
    if request.method().is_safe() || (csrf.is_none() && machine) {
        return Ok(request);
    }
    // Browsers say where a request was born; another site has no business here.
    let site = request.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(PageError::stale_form());
    }
    let expected = match csrf {
        Some(csrf) => csrf.to_owned(),
        None => {
            let before = cookie::read(request.headers(), cookie::before(web.settings().https));
            before.map(before_token).ok_or_else(PageError::stale_form)?
        }
    };
    let same = |given: &str| bool::from(given.as_bytes().ct_eq(expected.as_bytes()));
    if let Some(given) = request.headers().get("x-csrf-token").and_then(|v| v.to_str().ok()) {
        return if same(given) { Ok(request) } else { Err(PageError::stale_form()) };
    }
    if let Some(limite) = premier_champ::limite(request.headers()) {
        let (given, request) =
            premier_champ::jeton(request, &limite).await.ok_or_else(PageError::stale_form)?;
        return if same(&given) { Ok(request) } else { Err(PageError::stale_form()) };
    }
    if !is_form(request.headers()) {
        return Err(PageError::stale_form());
    }
    let (parts, body) = request.into_parts();
    let too_large = |_| PageError::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let bytes = to_bytes(body, web.settings().body_limit).await.map_err(too_large)?;
    let given =
        form_urlencoded::parse(&bytes).find(|(name, _)| name == "_csrf").map(|(_, value)| value.into_owned());
    if given.is_some_and(|given| same(&given)) {
        Ok(Request::from_parts(parts, Body::from(bytes)))
    } else {
        Err(PageError::stale_form())
    }
}

/// The page of ours that a request comes from, as browsers say it: never the sign-in page, whose form has a token of its own.
fn own_page(head: &axum::http::request::Parts) -> Option<String> {
    let header = |nom: &str| head.headers.get(nom).and_then(|v| v.to_str().ok());
    if header("sec-fetch-site") != Some("same-origin") || head.uri.path().starts_with("/connexion") {
        return None;
    }
    let from: axum::http::Uri = header("referer")?.parse().ok()?;
    let page = from.path_and_query()?.as_str();
    (!page.starts_with("/connexion")).then(|| page.to_owned())
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|v| v.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// The token of a form shown before there is a session, out of the cookie set with it.
pub(crate) fn before_token(cookie: &str) -> String {
    digest(&format!("avant-session:{cookie}")).chars().take(32).collect()
}

/// The message travels in a cookie bound to the session: no writing at each action, and nobody else can make us say something.
fn write_flash(flash: &Flash, csrf: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(flash.text.as_bytes()).collect();
    let tone = flash.tone.class();
    format!("{tone}.{}.{text}", flash_mark(tone, &text, csrf))
}

fn read_flash(value: &str, csrf: &str) -> Option<Flash> {
    let (tone, rest) = value.split_once('.')?;
    let (mark, text) = rest.split_once('.')?;
    let (decoded, _) = form_urlencoded::parse(text.as_bytes()).next()?;
    let ours = bool::from(mark.as_bytes().ct_eq(flash_mark(tone, text, csrf).as_bytes()));
    ours.then(|| Flash { tone: Tone::parse(tone), text: decoded.into_owned() })
}

fn flash_mark(tone: &str, text: &str, csrf: &str) -> String {
    digest(&format!("message:{csrf}:{tone}:{text}")).chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_only_to_its_session() {
        let flash =
            Flash { tone: Tone::Success, text: "La collecte « offre » est lancée ; 3 = 3 & 1.".into() };
        let value = write_flash(&flash, "jeton");
        assert!(value.is_ascii() && !value.contains([';', ' ', ',']));
        assert_eq!(read_flash(&value, "jeton"), Some(flash));
        assert_eq!(read_flash(&value, "autre"), None);
        assert_eq!(read_flash("succes.x", "jeton"), None);
    }

    #[test]
    fn devices_are_told_apart_without_being_identified() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/148.0 Safari/537.36 Edg/148.0";
        assert_eq!(appareil(edge), "Edge sur Windows");
        assert_eq!(
            appareil("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox sur Linux"
        );
        assert_eq!(appareil("curl/8"), "Appareil inconnu");
    }
}
