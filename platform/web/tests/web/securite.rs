//! Tokens of forms, rights of routes, headers, and what is shown when something fails.

use crate::support::{Browser, MOT_DE_PASSE, compte, routes, suite, suite_with};
use axum::http::{Method, StatusCode};
use kernel::{Right, Role};
use testkit::{Base, clock, db_test};
use web::{MIGRATIONS, Settings};

const FORM: &str = "application/x-www-form-urlencoded";

db_test!(a_post_without_its_token_changes_nothing, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut browser = Browser::of(&web, Role::Scolarite).await;
    let csrf = browser.get("/compte").await.csrf();
    let mut other = Browser::of(&web, Role::Direction).await;
    let foreign = other.get("/compte").await.csrf();

    for fields in
        [vec![], vec![("_csrf", "")], vec![("_csrf", foreign.as_str())], vec![("csrf", csrf.as_str())]]
    {
        let answer = browser.post("/essai/ecrire", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
        assert!(answer.body.contains("rien n’a été enregistré"), "{}", answer.body);
        assert!(answer.body.contains("<h1>Accès refusé</h1>"), "a page of the frame");
    }
    let json = browser.send(Method::POST, "/essai/ecrire", "application/json", "{}").await;
    assert_eq!(json.status, StatusCode::FORBIDDEN);

    let done = browser.post("/essai/ecrire", &[("_csrf", &csrf)]).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/compte"));
    assert!(browser.get("/compte").await.body.contains("Écrit par scolarite."));

    browser.headers = vec![("x-csrf-token", csrf.clone())];
    assert_eq!(browser.send(Method::POST, "/essai/ecrire", "", "").await.status, StatusCode::SEE_OTHER);
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    assert_eq!(browser.send(Method::POST, "/essai/ecrire", "", "").await.status, StatusCode::FORBIDDEN);
});

db_test!(the_sign_in_form_has_a_token_before_there_is_a_session, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    compte(&web, Role::Scolarite).await;
    let mut browser = Browser::new(&web);
    let fields = [("identifiant", "scolarite"), ("mot_de_passe", MOT_DE_PASSE)];
    assert_eq!(
        browser.post("/connexion", &fields).await.status,
        StatusCode::FORBIDDEN,
        "no cookie, no token"
    );
    let csrf = browser.get("/connexion").await.csrf();
    assert_eq!(
        browser.post("/connexion", &fields).await.status,
        StatusCode::FORBIDDEN,
        "cookie without token"
    );
    browser.cookies.clear();
    let fields = [("_csrf", csrf.as_str()), fields[0], fields[1]];
    assert_eq!(
        browser.post("/connexion", &fields).await.status,
        StatusCode::FORBIDDEN,
        "token of another cookie"
    );
});

#[tokio::test]
async fn after_signing_in_one_stays_at_home() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    compte(&web, Role::Scolarite).await;
    for elsewhere in
        ["https://ailleurs.example", "//ailleurs.example", "/\\ailleurs.example", "javascript:alert(1)"]
    {
        let answer = Browser::new(&web).sign_in("scolarite", MOT_DE_PASSE, elsewhere).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{elsewhere}");
    }
    base.close().await;
}

#[tokio::test]
async fn each_route_is_opened_by_its_right_alone() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let mut nobody = Browser::new(&web);
    assert_eq!(nobody.get("/essai/public").await.body, "ouvert");
    let api = nobody.get("/api/essai").await;
    assert_eq!(
        (api.status, api.header("content-type")),
        (StatusCode::UNAUTHORIZED, "application/problem+json; charset=utf-8")
    );
    nobody.headers = vec![("hx-request", "true".to_owned())];
    let fragment = nobody.get("/essai/lire").await;
    assert_eq!(
        (fragment.status, fragment.header("hx-redirect")),
        (StatusCode::NO_CONTENT, "/connexion?suite=%2Fessai%2Flire")
    );

    for role in Role::ALL {
        let mut browser = Browser::of(&web, role).await;
        for (path, right) in [
            ("/essai/lire", Right::MaquetteLire),
            ("/essai/liens", Right::LiensVoir),
            ("/compte", Right::Connecte),
        ] {
            let answer = browser.get(path).await;
            let expected = if right.held_by(role) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(answer.status, expected, "{role} {path}");
            if expected == StatusCode::FORBIDDEN {
                assert!(answer.body.contains("Votre rôle ne donne pas accès à cette page."));
            }
        }
        let rail = browser.get("/compte").await.body;
        assert_eq!(
            rail.contains("href=\"/essai/liens\""),
            Right::LiensVoir.held_by(role),
            "{role}: the rail shows what opens"
        );
    }
    base.close().await;
}

#[tokio::test]
async fn every_route_is_declared_with_its_right() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let table = web.complete(routes()).declared();
    let of = |path: &str, method: &str| {
        table.iter().find(|d| d.path == path && d.method == method).map(|d| d.right)
    };
    assert_eq!(of("/essai/liens", "GET"), Some(Right::LiensVoir));
    assert_eq!(of("/connexion", "POST"), Some(Right::Public));
    assert_eq!(of("/compte", "GET"), Some(Right::Connecte));
    assert_eq!(of("/composants", "GET"), Some(Right::LiensVoir));
    assert!(table.is_sorted());
    base.close().await;
}

#[tokio::test]
async fn every_answer_forbids_what_we_never_do() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let mut browser = Browser::new(&web);
    for path in ["/connexion", "/essai/public", "/introuvable"] {
        let answer = browser.get(path).await;
        let csp = answer.header("content-security-policy");
        assert!(
            csp.contains("default-src 'none'")
                && csp.contains("frame-ancestors 'none'")
                && !csp.contains("unsafe"),
            "{csp}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("strict-transport-security"), "", "not over http");
    }
    assert_eq!(browser.get("/connexion").await.header("cache-control"), "no-store");

    let secure = suite_with(base.db(), &clock(), Settings { https: true, ..Settings::default() });
    let answer = Browser::new(&secure).get("/connexion").await;
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    assert!(
        answer.header("set-cookie").starts_with("__Host-")
            && answer.header("set-cookie").contains("; Secure")
    );
    base.close().await;
}

#[tokio::test]
async fn what_fails_is_said_in_french_with_a_way_out_and_no_secret() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let mut browser = Browser::new(&web);
    let lost = browser.get("/introuvable").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("<h1>Page introuvable</h1>") && lost.body.contains("Revenir à l’accueil"));

    let nothing = browser.get("/essai/rien").await;
    assert!(nothing.body.contains("L’étape « &#60;b&#62;X&#60;/b&#62; » n’existe pas."), "{}", nothing.body);

    let panic = browser.get("/essai/panique").await;
    assert_eq!(panic.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!panic.body.contains("sesame") && panic.body.contains("Référence à donner"));

    let method = browser.send(Method::DELETE, "/essai/public", "", "").await;
    assert_eq!(method.status, StatusCode::FORBIDDEN, "no token");
    browser.headers = vec![("accept", "application/json".to_owned())];
    let json: serde_json::Value =
        serde_json::from_str(&browser.get("/introuvable").await.body).expect("JSON");
    assert_eq!(
        (json["status"].as_u64(), json["type"].as_str()),
        (Some(404), Some("urn:telemaque:introuvable"))
    );
    base.close().await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite_with(base.db(), &clock(), Settings { body_limit: 1000, ..Settings::default() });
    let mut browser = Browser::new(&web);
    browser.get("/connexion").await;
    let answer = browser.send(Method::POST, "/connexion", FORM, &format!("_csrf={}", "x".repeat(2000))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("trop volumineux"));
    base.close().await;
}

#[tokio::test]
async fn without_a_session_the_interface_of_machines_needs_no_token() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = suite(base.db(), &clock());
    let mut machine = Browser::new(&web);
    assert_eq!(machine.send(Method::POST, "/api/essai", "application/json", "{}").await.body, "reçu");
    let mut person = Browser::of(&web, Role::Scolarite).await;
    let answer = person.send(Method::POST, "/api/essai", "application/json", "{}").await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "a session's cookie comes by itself: its token must too"
    );
    base.close().await;
}
