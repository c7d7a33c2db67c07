//! Signing in, being locked out, sessions and their end.

use crate::support::{Browser, MOT_DE_PASSE, compte, suite, suite_with};
use axum::http::StatusCode;
use chrono::Duration;
use kernel::{Actor, Role};
use testkit::{clock, db_test};
use web::{MIGRATIONS, Settings};

db_test!(a_person_signs_in_and_comes_back_where_they_wanted, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    compte(&web, Role::Scolarite).await;
    let mut browser = Browser::new(&web);
    let refused = browser.get("/essai/lire?page=2").await;
    assert_eq!(
        (refused.status, refused.location()),
        (StatusCode::SEE_OTHER, "/connexion?suite=%2Fessai%2Flire%3Fpage%3D2")
    );

    let answer = browser.sign_in(" Scolarite ", MOT_DE_PASSE, "/essai/lire?page=2").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/essai/lire?page=2"));
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .find_map(|v| v.to_str().ok().filter(|v| v.starts_with("telemaque_session")));
    let cookie = cookie.expect("session cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert_eq!(browser.get("/essai/lire").await.body, "lu");
    assert_eq!(browser.get("/connexion").await.status, StatusCode::SEE_OTHER, "already in");
});

db_test!(the_database_never_holds_the_token_of_a_session, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let browser = Browser::of(&web, Role::Scolarite).await;
    let token = browser.cookies.get("telemaque_session").expect("signed in").clone();
    assert_eq!(token.len(), 64);
    let held = strings(&db, "SELECT jeton FROM web_session").await;
    assert_eq!(held.len(), 1);
    assert_ne!(held, [token]);
    let hash = strings(&db, "SELECT empreinte FROM web_compte").await;
    assert!(hash.iter().all(|text| text.starts_with("$argon2id$")), "{hash:?}");
});

db_test!(the_password_is_refused_then_the_account_locked_longer_each_time, MIGRATIONS, |db| async move {
    let clock = clock();
    let web = suite(db.clone(), &clock);
    compte(&web, Role::Direction).await;
    let mut browser = Browser::new(&web);
    for essai in 1..=4 {
        let answer = browser.sign_in("direction", "mauvais mot de passe", "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("ne vont pas ensemble"), "essai {essai}");
        assert!(answer.body.contains("value=\"direction\""), "the login typed is kept");
        assert!(!answer.body.contains("mauvais mot de passe"), "a password is never sent back");
    }
    let locked = browser.sign_in("direction", "mauvais mot de passe", "").await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(locked.body.contains("Réessayez dans 30"), "{}", locked.body);

    let even_right = browser.sign_in("direction", MOT_DE_PASSE, "").await;
    assert_eq!(even_right.status, StatusCode::TOO_MANY_REQUESTS);
    clock.advance(Duration::seconds(31));
    let again = browser.sign_in("direction", "mauvais mot de passe", "").await;
    assert!(again.body.contains("Réessayez dans 1\u{a0}min\u{a0}00"), "{}", again.body);

    let journal = strings(&db, "SELECT action FROM journal ORDER BY id").await;
    assert_eq!(journal, ["compte.creer", "compte.bloquer", "compte.bloquer"]);
    clock.advance(Duration::seconds(61));
    assert_eq!(browser.sign_in("direction", MOT_DE_PASSE, "").await.status, StatusCode::SEE_OTHER);
    let counted = strings(&db, "SELECT CAST(echecs AS TEXT) FROM web_compte").await;
    assert_eq!(counted, ["0"], "a success forgets the failures");
});

db_test!(an_unknown_login_is_told_the_same_as_a_wrong_password, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    compte(&web, Role::Direction).await;
    let mut browser = Browser::new(&web);
    for identifiant in ["personne", "Éloïse", "", "a'; DROP TABLE web_compte; --"] {
        let answer = browser.sign_in(identifiant, "mauvais mot de passe", "").await;
        assert!(answer.body.contains("ne vont pas ensemble"), "{identifiant}: {}", answer.status);
    }
});

db_test!(a_session_ends_when_unused_and_at_the_latest_at_its_term, MIGRATIONS, |db| async move {
    let clock = clock();
    let settings = Settings {
        session_inactive: Duration::hours(4),
        session_max: Duration::hours(14),
        ..Settings::default()
    };
    let web = suite_with(db, &clock, settings);
    let mut browser = Browser::of(&web, Role::Scolarite).await;
    clock.advance(Duration::minutes(239));
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::OK);
    clock.advance(Duration::hours(14));
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    assert!(!browser.cookies.contains_key("telemaque_session"), "a dead cookie is taken back");
});

db_test!(signing_out_ends_the_session_on_the_server, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut browser = Browser::of(&web, Role::Scolarite).await;
    let kept = browser.cookies.clone();
    let csrf = browser.get("/compte").await.csrf();
    let answer = browser.post("/deconnexion", &[("_csrf", &csrf)]).await;
    assert_eq!(answer.location(), "/connexion?motif=sortie");
    browser.cookies = kept;
    assert_eq!(
        browser.get("/essai/lire").await.status,
        StatusCode::SEE_OTHER,
        "the old cookie opens nothing"
    );
});

db_test!(a_closed_account_loses_its_sessions_and_cannot_come_back, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut browser = Browser::of(&web, Role::Scolarite).await;
    web.comptes().activer(&Actor::Commande, "scolarite", false).await.expect("closed");
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    assert!(browser.sign_in("scolarite", MOT_DE_PASSE, "").await.body.contains("Ce compte est désactivé."));
});

db_test!(one_changes_a_password_and_the_other_sessions_end, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut here = Browser::of(&web, Role::Scolarite).await;
    let mut elsewhere = Browser::new(&web);
    elsewhere.sign_in("scolarite", MOT_DE_PASSE, "").await;
    assert_eq!(elsewhere.get("/essai/lire").await.status, StatusCode::OK);

    let csrf = here.get("/compte").await.csrf();
    let change = async |browser: &mut Browser, actuel: &str, nouveau: &str, encore: &str| {
        let fields = [("_csrf", csrf.as_str()), ("actuel", actuel), ("nouveau", nouveau), ("encore", encore)];
        browser.post("/compte/mot-de-passe", &fields).await
    };
    let short = change(&mut here, MOT_DE_PASSE, "court", "court").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("aria-invalid=\"true\"") && short.body.contains("au moins 12 caractères"));
    let differ = change(&mut here, MOT_DE_PASSE, "une phrase assez longue", "une autre phrase longue").await;
    assert!(differ.body.contains("Les deux saisies diffèrent"));
    let wrong =
        change(&mut here, "pas le bon du tout", "une phrase assez longue", "une phrase assez longue").await;
    assert!(wrong.body.contains("pas votre mot de passe actuel"));

    let done = change(&mut here, MOT_DE_PASSE, "une phrase assez longue", "une phrase assez longue").await;
    assert_eq!(done.location(), "/compte");
    assert!(here.get("/compte").await.body.contains("Votre mot de passe est changé"));
    assert!(!here.get("/compte").await.body.contains("Votre mot de passe est changé"), "said once");
    assert_eq!(elsewhere.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        elsewhere.sign_in("scolarite", "une phrase assez longue", "").await.status,
        StatusCode::SEE_OTHER
    );
});

db_test!(one_closes_one_s_other_sessions_but_nobody_else_s, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let mut mine = Browser::of(&web, Role::Scolarite).await;
    let mut other = Browser::of(&web, Role::Direction).await;
    let sessions = strings(&db, "SELECT CAST(id AS TEXT) FROM web_session ORDER BY id").await;
    let theirs = sessions.last().expect("two sessions");
    let csrf = mine.get("/compte").await.csrf();
    mine.post(&format!("/compte/sessions/{theirs}/fermer"), &[("_csrf", &csrf)]).await;
    assert_eq!(other.get("/essai/lire").await.status, StatusCode::OK, "another's session stays");

    let mut phone = Browser::new(&web);
    phone.sign_in("scolarite", MOT_DE_PASSE, "").await;
    let page = mine.get("/compte").await;
    assert!(page.body.contains("Fermer les autres sessions"));
    mine.post("/compte/sessions/fermer-les-autres", &[("_csrf", &csrf)]).await;
    assert_eq!(phone.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    assert_eq!(mine.get("/essai/lire").await.status, StatusCode::OK);
});

db_test!(the_theme_is_kept_on_the_device, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut browser = Browser::of(&web, Role::Scolarite).await;
    let page = browser.get("/compte").await;
    assert!(!page.body.contains("data-bs-theme"));
    browser.post("/compte/theme", &[("_csrf", &page.csrf()), ("theme", "sombre")]).await;
    assert!(browser.get("/compte").await.body.contains("<html lang=\"fr\" data-bs-theme=\"dark\">"));
});

db_test!(accounts_are_made_once, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    compte(&web, Role::Scolarite).await;
    let again = web::comptes::NouveauCompte {
        identifiant: "SCOLARITE".into(),
        nom: "Autre".into(),
        role: Role::Informatique,
        mot_de_passe: MOT_DE_PASSE.into(),
    };
    let fault = web.comptes().creer(&Actor::Commande, again.clone()).await.expect_err("taken");
    assert_eq!(kernel::Fault::slug(&fault), "compte-existe");
    assert!(!web.comptes().assurer(&Actor::Commande, again).await.expect("held"));
    let comptes = web.comptes().lister().await.expect("list");
    assert_eq!(
        comptes.iter().map(|c| (c.identifiant.as_str(), c.role)).collect::<Vec<_>>(),
        [("scolarite", Role::Scolarite)]
    );
});

/// First column of each row, as text.
async fn strings(db: &db::Db, sql: &str) -> Vec<String> {
    use db::sea_orm::{ConnectionTrait, Statement};
    let rows: Result<Vec<String>, db::DbError> = db
        .read(|c| async move {
            let rows = c.query_all_raw(Statement::from_string(c.get_database_backend(), sql)).await?;
            rows.iter().map(|row| row.try_get_by_index(0).map_err(db::DbError::from)).collect()
        })
        .await;
    rows.expect("rows")
}
