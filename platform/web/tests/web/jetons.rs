//! Tokens of other applications, as an application meets them.
#![expect(clippy::indexing_slicing, reason = "a test that meets fewer lines than it wrote fails")]

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::Duration;
use db::{Db, journal};
use http_body_util::BodyExt;
use kernel::{Actor, FixedClock, Right, Role, Scope};
use tower::ServiceExt;
use web::jetons::{Acces, DELAI_DE_GRACE, Jeton, JetonFault, NouveauJeton, Refus, Secret};
use web::{MIGRATIONS, PageError, RouteTable, Routes, Vu, Web};

use crate::support::{Browser, suite};

fn routes() -> RouteTable {
    Routes::new()
        .get("/api/v1/maquette/etapes/{code}", Right::Api(Scope::MaquetteLire), async |acces: Acces| {
            match acces {
                Acces::Porteur(porteur) => format!("application {}", porteur.nom),
                Acces::Visiteur(visiteur) => format!("personne {}", visiteur.identifiant),
            }
        })
        .get("/api/v1/maquette/etudiants", Right::Api(Scope::EtudiantsLire), async || "étudiants")
        .post("/api/v1/essai", Right::Api(Scope::MaquetteLire), async || "écrit")
        .get("/api/v1/rien", Right::Public, async || PageError::nothing("L’étape X n’existe pas."))
        .get("/api/v1/connecte", Right::Connecte, async || "connecté")
        .get("/metrics", Right::Api(Scope::MetriquesLire), async || "mesures")
        .get("/page", Right::MaquetteLire, async || "page")
        .build()
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

async fn send(web: &Web, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("request");
    let response = web.serve(routes()).oneshot(request).await.expect("answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("body").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn get(web: &Web, path: &str, secret: &str) -> Answer {
    send(web, "GET", path, &[("authorization", &format!("Bearer {secret}"))]).await
}

fn nouveau(nom: &str, droits: &[Scope]) -> NouveauJeton {
    NouveauJeton { nom: nom.to_owned(), droits: droits.to_vec(), ..NouveauJeton::default() }
}

async fn creer(web: &Web, nouveau: NouveauJeton) -> (Jeton, Secret) {
    web.jetons().creer(&Actor::Commande, nouveau).await.expect("a token is made")
}

fn start(db: Db) -> (Web, Arc<FixedClock>) {
    let clock = testkit::clock();
    (suite(db, &clock), clock)
}

const ETAPE: &str = "/api/v1/maquette/etapes/L1DRO";

testkit::db_test!(a_token_reads_what_its_scopes_say, MIGRATIONS, |db| async move {
    let (web, _) = start(db);
    let (_, secret) = creer(&web, nouveau("charon", &[Scope::MaquetteLire])).await;
    let read = get(&web, ETAPE, secret.expose()).await;
    assert_eq!((read.status, read.body.as_str()), (StatusCode::OK, "application charon"));
    assert_eq!(read.header("x-content-type-options"), "nosniff");

    let other = get(&web, "/api/v1/maquette/etudiants", secret.expose()).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    assert_eq!(other.header("content-type"), "application/problem+json; charset=utf-8");
    assert!(other.body.contains("etudiants:lire"), "the sentence names the scope: {}", other.body);
    assert!(other.header("www-authenticate").contains("scope=\"etudiants:lire\""));
    assert_eq!(get(&web, "/metrics", secret.expose()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&web, "/api/v1/connecte", secret.expose()).await.status, StatusCode::FORBIDDEN);
    // A page never takes a token.
    let page = get(&web, "/page", secret.expose()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(web.jetons().refus()[Refus::Droit as usize], (Refus::Droit, 3));
});

testkit::db_test!(what_is_not_a_token_is_refused_with_a_reason, MIGRATIONS, |db| async move {
    let (web, clock) = start(db);
    let mut short = nouveau("court", &[Scope::MaquetteLire]);
    short.jusqu_au = Some("2024-04-02".parse().expect("day"));
    let (_, secret) = creer(&web, short).await;
    let text = secret.expose();

    for (sent, slug) in [
        ("", "jeton-inconnu"),
        ("tlm_", "jeton-inconnu"),
        ("tlm_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "jeton-inconnu"),
        (&text[..41], "jeton-inconnu"),
        ("' OR 1=1 --", "jeton-inconnu"),
        (&"x".repeat(5000), "jeton-inconnu"),
    ] {
        let answer = get(&web, ETAPE, sent).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{sent}");
        assert!(answer.body.contains(slug), "{sent}: {}", answer.body);
        assert!(answer.header("www-authenticate").contains("invalid_token"));
    }
    let none = send(&web, "GET", ETAPE, &[]).await;
    assert_eq!(
        (none.status, none.header("www-authenticate")),
        (StatusCode::UNAUTHORIZED, "Bearer realm=\"telemaque\"")
    );
    assert!(none.body.contains("jeton-requis"));
    let basic = send(&web, "GET", ETAPE, &[("authorization", "Basic eDp5")]).await;
    assert_eq!(basic.status, StatusCode::UNAUTHORIZED);

    assert_eq!(get(&web, ETAPE, text).await.status, StatusCode::OK, "until its last day ends in Besançon");
    clock.advance(Duration::hours(15));
    let late = get(&web, ETAPE, text).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    assert!(late.body.contains("jeton-expire"), "{}", late.body);
    // Even a public address refuses a token that is none.
    assert_eq!(get(&web, "/api/v1/rien", text).await.status, StatusCode::UNAUTHORIZED);
});

testkit::db_test!(a_revoked_token_is_refused_at_once_and_may_be_renewed, MIGRATIONS, |db| async move {
    let (web, clock) = start(db.clone());
    let (elsewhere, _) = (suite(db.clone(), &clock), ());
    let (_, secret) = creer(&web, nouveau("charon", &[Scope::MaquetteLire])).await;
    let first = secret.expose();
    assert_eq!(get(&web, ETAPE, first).await.status, StatusCode::OK);
    assert_eq!(get(&elsewhere, ETAPE, first).await.status, StatusCode::OK);

    web.jetons().revoquer(&Actor::Commande, "charon").await.expect("revoked");
    let refused = get(&web, ETAPE, first).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.body.contains("jeton-revoque"));
    // Another process trusts it for five seconds more, no longer.
    assert_eq!(get(&elsewhere, ETAPE, first).await.status, StatusCode::OK);
    clock.advance(Duration::seconds(5));
    assert_eq!(get(&elsewhere, ETAPE, first).await.status, StatusCode::UNAUTHORIZED);
    let twice = web.jetons().revoquer(&Actor::Commande, "charon").await;
    assert!(matches!(twice, Err(JetonFault::Revoque(_))));

    let (jeton, second) = web
        .jetons()
        .renouveler(&Actor::Commande, "charon", None, Some(DELAI_DE_GRACE))
        .await
        .expect("renewed");
    assert!(jeton.revoque_le.is_none());
    assert_eq!(get(&web, ETAPE, second.expose()).await.status, StatusCode::OK);
    assert_eq!(get(&web, ETAPE, first).await.status, StatusCode::UNAUTHORIZED, "what was revoked stays so");

    // Renewed while it serves: both secrets do, for a day.
    let (_, third) = web
        .jetons()
        .renouveler(&Actor::Commande, "charon", None, Some(DELAI_DE_GRACE))
        .await
        .expect("renewed");
    assert_eq!(get(&web, ETAPE, second.expose()).await.status, StatusCode::OK);
    clock.advance(DELAI_DE_GRACE);
    assert_eq!(get(&web, ETAPE, second.expose()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get(&web, ETAPE, third.expose()).await.status, StatusCode::OK);
    // And without a delay the one before ends at once.
    web.jetons().renouveler(&Actor::Commande, "charon", None, None).await.expect("renewed");
    assert_eq!(get(&web, ETAPE, third.expose()).await.status, StatusCode::UNAUTHORIZED);
});

testkit::db_test!(over_its_quota_a_token_waits, MIGRATIONS, |db| async move {
    let (web, clock) = start(db.clone());
    let mut new = nouveau("presse", &[Scope::MaquetteLire]);
    (new.quota_minute, new.quota_jour) = (Some(3), Some(5));
    let (_, secret) = creer(&web, new).await;
    let call = async || get(&web, ETAPE, secret.expose()).await;
    for left in ["2", "1", "0"] {
        let answer = call().await;
        assert_eq!(
            (answer.status, answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
            (StatusCode::OK, "3", left)
        );
    }
    let over = call().await;
    assert_eq!(over.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        (over.header("retry-after"), over.header("ratelimit-remaining"), over.header("ratelimit-reset")),
        ("20", "0", "20")
    );
    assert!(over.body.contains("3 requêtes par minute"), "{}", over.body);
    clock.advance(Duration::seconds(20));
    assert_eq!(call().await.status, StatusCode::OK, "what it was told to wait is enough");
    clock.advance(Duration::minutes(1));
    assert_eq!(call().await.status, StatusCode::OK);
    let day = call().await;
    assert_eq!(day.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(day.body.contains("5 requêtes par jour"), "{}", day.body);
    // Another process knows of what was written.
    web.jetons().relever().await.expect("written");
    let elsewhere = suite(db.clone(), &clock);
    assert_eq!(get(&elsewhere, ETAPE, secret.expose()).await.status, StatusCode::TOO_MANY_REQUESTS);
    clock.advance(Duration::days(1));
    assert_eq!(call().await.status, StatusCode::OK);
});

testkit::db_test!(usage_is_counted_and_written_in_one_go, MIGRATIONS, |db| async move {
    let (web, _) = start(db.clone());
    let (jeton, secret) = creer(&web, nouveau("charon", &[Scope::MaquetteLire])).await;
    let today = web.jetons().aujourd_hui();
    for path in [ETAPE, ETAPE, "/api/v1/maquette/etudiants", "/api/v1/nulle-part"] {
        get(&web, path, secret.expose()).await;
    }
    let written =
        db.read(|c| async move { db::sql::count(&c, "SELECT COUNT(*) FROM web_jeton_usage", []).await });
    assert_eq!(written.await.expect("count"), 0, "no request writes");
    let usage = web.jetons().usage(&jeton, today).await.expect("usage");
    let seen: Vec<_> = usage.iter().map(|u| (u.famille.as_str(), u.requetes, u.refusees)).collect();
    assert_eq!(seen, [("inconnue", 1, 0), ("maquette/etapes", 2, 0), ("maquette/etudiants", 1, 1)]);
    assert_eq!(usage[1].octets, 2 * "application charon".len() as i64);
    get(&web, ETAPE, secret.expose()).await;
    web.jetons().relever().await.expect("written");
    web.jetons().relever().await.expect("nothing more");
    let usage = web.jetons().usage(&jeton, today).await.expect("usage");
    assert_eq!(usage[1].requetes, 3, "added to what was held");
    assert_eq!(web.jetons().usage_totaux(today).await.expect("totals"), [(jeton.id, 5)]);
    assert!(web.jetons().lire("charon").await.expect("token").vu_le.is_some());
    let lines = db
        .read(|c| async move { journal::history(&c, "jeton", "charon", 0, 10).await })
        .await
        .expect("journal");
    assert_eq!(lines.len(), 1, "usage is no line of the journal");
});

testkit::db_test!(names_scopes_days_and_quotas_are_held_to_rules, MIGRATIONS, |db| async move {
    let (web, _) = start(db.clone());
    let jetons = web.jetons();
    let refused = async |new: NouveauJeton| jetons.creer(&Actor::Commande, new).await.expect_err("refused");
    let lire = [Scope::MaquetteLire];
    for nom in ["", "é", "'; DROP TABLE web_jeton; --", "<script>", "../x", "a\u{202e}b", &"x".repeat(65)] {
        assert!(matches!(refused(nouveau(nom, &lire)).await, JetonFault::Nom), "{nom:?}");
        assert!(matches!(jetons.lire(nom).await, Err(JetonFault::Inconnu(_))), "{nom:?}");
    }
    assert!(matches!(refused(nouveau("rien", &[])).await, JetonFault::SansDroit));
    let past = NouveauJeton { jusqu_au: "2024-04-01".parse().ok(), ..nouveau("passe", &lire) };
    assert!(matches!(refused(past).await, JetonFault::Echeance));
    for quota in [0, -1, i64::MAX] {
        let new = NouveauJeton { quota_jour: Some(quota), ..nouveau("quota", &lire) };
        assert!(matches!(refused(new).await, JetonFault::Quota), "{quota}");
    }
    let naughty = "<b>Œuvres</b>\u{0}\n=1+1".to_owned();
    let (made, secret) = creer(&web, NouveauJeton { objet: naughty, ..nouveau(" Charon ", &lire) }).await;
    assert_eq!((made.nom.as_str(), made.objet.as_str()), ("charon", "<b>Œuvres</b>=1+1"));
    assert!(matches!(refused(nouveau("CHARON", &lire)).await, JetonFault::Existe { revoque: false, .. }));

    // Only a hash is kept, and the journal holds neither.
    let lines = db
        .read(|c| async move { journal::history(&c, "jeton", "charon", 0, 10).await })
        .await
        .expect("journal");
    let kept = serde_json::to_string(&lines[0].apres).expect("JSON");
    assert!(kept.contains("maquette:lire") && !kept.contains(secret.expose()));
    let found = db.read(|c| async move {
        let rows = db::sql::select(&c, "SELECT empreinte FROM web_jeton", []).await?;
        Ok::<String, db::DbError>(rows[0].try_get("", "empreinte")?)
    });
    let found = found.await.expect("hash");
    assert!(!secret.expose().contains(&found) && found.len() == 64);
});

testkit::db_test!(the_second_to_change_a_token_is_told, MIGRATIONS, |db| async move {
    let (web, _) = start(db);
    let (made, secret) = creer(&web, nouveau("charon", &[Scope::MaquetteLire])).await;
    let seen = Vu::of(made.valeurs()).value();
    let wider = nouveau("charon", &[Scope::MaquetteLire, Scope::EtudiantsLire]);
    let changed = web.jetons().modifier(&Actor::Commande, wider.clone(), Some(&seen)).await.expect("changed");
    assert_eq!(changed.droits, [Scope::MaquetteLire, Scope::EtudiantsLire]);
    assert_eq!(
        get(&web, "/api/v1/maquette/etudiants", secret.expose()).await.status,
        StatusCode::OK,
        "at once"
    );
    let second = web.jetons().modifier(&Actor::Commande, wider.clone(), Some(&seen)).await;
    assert!(matches!(second, Err(JetonFault::Perime(_))));
    web.jetons().revoquer(&Actor::Commande, "charon").await.expect("revoked");
    assert!(matches!(
        web.jetons().modifier(&Actor::Commande, wider, None).await,
        Err(JetonFault::Revoque(_))
    ));
});

#[tokio::test]
async fn a_token_and_a_session_never_act_together() {
    let base = testkit::Base::sqlite(MIGRATIONS).await;
    let (web, _) = start(base.db());
    let person = Browser::of(&web, Role::Informatique).await;
    let jar: Vec<_> = person.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookie = jar.join("; ");
    let by_session = send(&web, "GET", ETAPE, &[("cookie", &cookie)]).await;
    assert_eq!((by_session.status, by_session.body.as_str()), (StatusCode::OK, "personne informatique"));
    let (_, secret) = creer(&web, nouveau("mesures", &[Scope::MetriquesLire])).await;
    let bearer = format!("Bearer {}", secret.expose());
    let both = send(&web, "GET", ETAPE, &[("cookie", &cookie), ("authorization", &bearer)]).await;
    assert_eq!(both.status, StatusCode::FORBIDDEN, "the token lacks the scope, whoever's browser sends it");
    let forged = send(&web, "GET", ETAPE, &[("cookie", &cookie), ("authorization", "Bearer tlm_x")]).await;
    assert_eq!(forged.status, StatusCode::UNAUTHORIZED);
    // By session, what writes still needs the session's own token.
    let write = send(&web, "POST", "/api/v1/essai", &[("cookie", &cookie)]).await;
    assert_eq!(
        (write.status, write.header("content-type")),
        (StatusCode::FORBIDDEN, "application/problem+json; charset=utf-8")
    );
    base.close().await;
}

#[tokio::test]
async fn every_refusal_of_the_interface_is_a_problem() {
    let base = testkit::Base::sqlite(MIGRATIONS).await;
    let (web, _) = start(base.db());
    let (_, secret) = creer(&web, nouveau("charon", &[Scope::MaquetteLire])).await;
    let bearer = format!("Bearer {}", secret.expose());
    for (method, path, status) in [
        ("GET", "/api/v1/rien", StatusCode::NOT_FOUND),
        ("GET", "/api/nulle/part", StatusCode::NOT_FOUND),
        ("POST", "/api/nulle/part", StatusCode::NOT_FOUND),
        ("DELETE", ETAPE, StatusCode::METHOD_NOT_ALLOWED),
        ("GET", "/api/v1/maquette/etapes/%FF", StatusCode::OK),
    ] {
        let answer = send(&web, method, path, &[("authorization", &bearer), ("accept", "text/html")]).await;
        assert_eq!(answer.status, status, "{method} {path}");
        if status != StatusCode::OK {
            assert_eq!(
                answer.header("content-type"),
                "application/problem+json; charset=utf-8",
                "{method} {path}"
            );
            let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
            assert_eq!((&body["status"], &body["instance"]), (&status.as_u16().into(), &path.into()));
            let length: usize =
                answer.header(header::CONTENT_LENGTH.as_str()).parse().unwrap_or(answer.body.len());
            assert_eq!(length, answer.body.len());
        }
    }
    let nobody = send(&web, "GET", "/api/", &[]).await;
    assert_eq!(
        (nobody.status, nobody.header("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json; charset=utf-8")
    );
    base.close().await;
}
