//! Every declared route × every role and nobody, then every route of the interface × a token of each scope and no other, by really
//! calling it, compared with the committed `rights.txt`.
//!
//! After a change that is wanted: `TELEMAQUE_ACCEPTER_DROITS=1 cargo nextest run -p telemaque --test rights`, and review the difference.
#![expect(clippy::expect_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use kernel::{Actor, Clock, Right, Role, Scope};
use telemaque::assembly::{self, House};
use telemaque::health::Readiness;
use telemaque::settings::Settings;
use testkit::Base;
use tower::ServiceExt as _;
use web::comptes::NouveauCompte;
use web::jetons::NouveauJeton;
use web::{Declared, Web};

const PASSWORD: &str = "quatre chevaux bruns";

/// Settings whose sources nobody answers for, at once: no page may depend on them to decide a right.
fn settings(folder: &Path) -> Settings {
    let mut settings = Settings::default();
    let nobody = "http://127.0.0.1:9";
    settings.apogee.url = nobody.into();
    settings.apogee.reprises = 0;
    settings.extraction.lieu = folder.join("absent").display().to_string();
    settings.extraction.copie = folder.join("extraction");
    settings.extraction.reprises = 0;
    for rest in [&mut settings.kofr, &mut settings.eve] {
        rest.url = nobody.into();
        rest.tentatives = 1;
    }
    settings
}

/// Somebody at a browser.
struct Browser {
    router: Router,
    who: Option<Role>,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Browser {
    async fn open(router: &Router, who: Option<Role>) -> Self {
        let mut browser = Self { router: router.clone(), who, cookies: BTreeMap::new(), csrf: String::new() };
        browser.enter().await;
        browser
    }

    /// Signs in, or only takes the token of the sign-in form.
    async fn enter(&mut self) {
        self.cookies.clear();
        let page = self.call("GET", "/connexion", None).await;
        self.csrf = token(&text(page).await);
        let Some(role) = self.who else { return };
        let form =
            format!("_csrf={}&identifiant={}&mot_de_passe=quatre+chevaux+bruns", self.csrf, role.code());
        let answer = self.call("POST", "/connexion", Some(form)).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{role} signs in");
        let page = self.call("GET", "/compte", None).await;
        self.csrf = token(&text(page).await);
    }

    async fn call(&mut self, method: &str, path: &str, form: Option<String>) -> Response<Body> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.unwrap_or_default()))
            .expect("request");
        let answer = self.router.clone().oneshot(request).await.expect("answer");
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().expect("cookie").split(';').next().expect("pair").to_owned();
            let (name, value) = pair.split_once('=').expect("pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Whether the route lets this person in. What it then answers to made-up parameters is its own affair.
    async fn enters(&mut self, method: &'static str, path: &str) -> bool {
        let form = (method != "GET").then(|| format!("_csrf={}", self.csrf));
        let answer = self.call(method, path, form).await;
        let status = answer.status();
        let location =
            answer.headers().get(header::LOCATION).map(|v| v.to_str().expect("location").to_owned());
        let to_sign_in = location.as_deref().is_some_and(|to| to.starts_with("/connexion"));
        let let_in = match status {
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => false,
            _ if to_sign_in => path == "/deconnexion" && self.who.is_some(),
            _ => true,
        };
        assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is declared");
        if self.who.is_some() && method != "GET" {
            // Leaving, or closing sessions, ends this one.
            let alive = self.call("GET", "/compte", None).await.status() == StatusCode::OK;
            if !alive {
                self.enter().await;
            }
        }
        let_in
    }
}

async fn text(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.expect("body");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The token that the forms of a page carry.
fn token(page: &str) -> String {
    let after = page.split("name=\"_csrf\"").nth(1).expect("a form with its token");
    after.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("token").to_owned()
}

/// A path with something in place of each parameter.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part {
            "{id}" => "1",
            part if part.starts_with('{') => "X",
            part => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

async fn house(base: &Base, folder: &Path) -> House {
    let clock: Arc<dyn Clock> = testkit::clock();
    let house = House::compose(base.db(), &settings(folder), clock, Readiness::ready()).expect("house");
    for role in Role::ALL {
        let new = NouveauCompte {
            identifiant: role.code().into(),
            nom: role.libelle().into(),
            role,
            mot_de_passe: PASSWORD.into(),
        };
        house.web.comptes().creer(&Actor::Commande, new).await.expect("account");
    }
    // What a student may open is shown to whoever the sources know by a number.
    let numero = Some("21000001".into());
    house.web.comptes().rattacher(&Actor::Commande, Role::Etudiant.code(), numero).await.expect("linked");
    house
}

/// A line a route, a column a caller.
fn grid(names: &[&str], routes: &[Declared], columns: &[Vec<bool>]) -> String {
    let mut table = format!("{:<58} {}\n", "", names.join(" "));
    for (n, route) in routes.iter().enumerate() {
        let marks = columns.iter().zip(names).map(|(column, name)| {
            format!("{:<width$}", if column.get(n) == Some(&true) { "oui" } else { "·" }, width = name.len())
        });
        let line = format!(
            "{:<58} {}",
            format!("{:<6} {}", route.method, route.path),
            marks.collect::<Vec<_>>().join(" ")
        );
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

/// Whether a route lets in whoever sends this token, and nothing else.
async fn takes(router: &Router, route: &Declared, secret: &str) -> bool {
    let request = Request::builder()
        .method(route.method)
        .uri(filled(&route.path))
        .header(header::AUTHORIZATION, format!("Bearer {secret}"))
        .body(Body::empty())
        .expect("request");
    let answer = router.clone().oneshot(request).await.expect("answer");
    let to_sign_in =
        answer.headers().get(header::LOCATION).is_some_and(|to| to.as_bytes().starts_with(b"/connexion"));
    !to_sign_in && !matches!(answer.status(), StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED)
}

/// A token of each scope and no other, on the interface; and one of all of them on the pages, that no token opens.
async fn machines(web: &Web, router: &Router, declared: &[Declared]) -> String {
    let secret = async |nom: &str, droits: &[Scope]| {
        let new = NouveauJeton { nom: nom.into(), droits: droits.to_vec(), ..NouveauJeton::default() };
        let (_, secret) = web.jetons().creer(&Actor::Commande, new).await.expect("token");
        secret.expose().to_owned()
    };
    let interface = |route: &&Declared| route.path.starts_with("/api/") || route.path == "/metrics";
    let (routes, pages): (Vec<&Declared>, Vec<&Declared>) = declared.iter().partition(interface);
    let everything = secret("tout", &Scope::ALL).await;
    for route in pages.into_iter().filter(|route| route.method == "GET") {
        let let_in = takes(router, route, &everything).await;
        assert_eq!(let_in, route.right == Right::Public, "{} {} and a token", route.method, route.path);
    }
    let document = serde_json::to_value(telemaque::openapi::document(declared)).expect("JSON");
    // Some addresses ask for a second scope: the document says which.
    let asked = |route: &Declared| -> Vec<String> {
        let said = document.pointer(&format!(
            "/paths/{}/{}/security/0/jeton",
            route.path.replace('~', "~0").replace('/', "~1"),
            route.method.to_lowercase()
        ));
        let said = said.and_then(|scopes| serde_json::from_value(scopes.clone()).ok());
        said.unwrap_or_else(|| match route.right {
            Right::Api(scope) => vec![scope.code().to_owned()],
            _ => Vec::new(),
        })
    };
    for route in &routes {
        assert!(takes(router, route, &everything).await, "{} {} and every scope", route.method, route.path);
        if let Right::Api(scope) = route.right {
            assert!(asked(route).iter().any(|code| code == scope.code()), "{} declares {scope}", route.path);
        }
    }
    let mut columns = Vec::new();
    for scope in Scope::ALL {
        let secret = secret(&scope.code().replace(':', "-"), &[scope]).await;
        let mut column = Vec::new();
        for route in &routes {
            let let_in = takes(router, route, &secret).await;
            let should = asked(route).iter().all(|code| code == scope.code());
            assert_eq!(
                let_in,
                should,
                "{} {} asks for {:?}; {scope}",
                route.method,
                route.path,
                asked(route)
            );
            column.push(let_in);
        }
        columns.push(column);
    }
    let routes: Vec<Declared> = routes.into_iter().cloned().collect();
    grid(&Scope::ALL.map(Scope::code), &routes, &columns)
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_says() {
    let migrations: Vec<_> = assembly::migrations().into_iter().filter(|m| m.context != "db").collect();
    let base = Base::sqlite(&migrations).await;
    let folder = tempfile::tempdir().expect("folder");
    let house = house(&base, folder.path()).await;
    let declared = house.web.complete(house.routes.clone()).declared();
    let router = house.web.serve(house.routes.clone());

    let people: Vec<Option<Role>> = std::iter::once(None).chain(Role::ALL.map(Some)).collect();
    let mut columns: Vec<Vec<bool>> = Vec::new();
    for who in &people {
        let mut browser = Browser::open(&router, *who).await;
        let mut column = Vec::new();
        for route in &declared {
            let let_in = browser.enters(route.method, &filled(&route.path)).await;
            let should = who.map_or(route.right == Right::Public, |role| route.right.held_by(role));
            assert_eq!(let_in, should, "{} {} declares {:?}; {who:?}", route.method, route.path, route.right);
            column.push(let_in);
        }
        columns.push(column);
    }

    let names: Vec<&str> = people.iter().map(|who| who.map_or("anonyme", Role::code)).collect();
    let mut table = grid(&names, &declared, &columns);
    table.push('\n');
    table.push_str(&machines(&house.web, &router, &declared).await);
    base.close().await;

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rights.txt");
    if std::env::vars_os().any(|(name, _)| name == "TELEMAQUE_ACCEPTER_DROITS") {
        std::fs::write(&file, &table).expect("rights.txt");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        table == committed,
        "the rights differ from tests/rights.txt. If this is wanted, run again with TELEMAQUE_ACCEPTER_DROITS=1 and review:\n{table}"
    );
}
