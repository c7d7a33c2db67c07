//! The pages of accounts, as an administrator's browser meets them, on both engines.
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use administration::Administration;
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use contracts::liens::{EtatDesSources, EtatSource};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Actor, FixedClock, Outage, Role, Source};
use testkit::{clock, db_test};
use tower::ServiceExt;
use web::comptes::{Entree, Modification, NouveauCompte, NouvelAcces};
use web::{Settings, Shell, Web};

const MOT_DE_PASSE: &str = "quatre chevaux bruns";

/// Nothing outside: accounts ask no source.
struct Aucune;

#[async_trait]
impl EtatDesSources for Aucune {
    async fn etats(&self) -> Vec<EtatSource> {
        Vec::new()
    }

    async fn constater(&self, _: Source, _: Option<&Outage>) {}
}

fn administration(db: Db, clock: &Arc<FixedClock>) -> Administration {
    let clock: Arc<dyn kernel::Clock> = Arc::<FixedClock>::clone(clock);
    let web = Web::new(db.clone(), Arc::clone(&clock), Settings::default(), Shell::default());
    Administration {
        queue: jobs::Queue::new(db.clone(), Arc::clone(&clock)),
        facteur: mail::Facteur::new(db.clone(), Arc::clone(&clock), Arc::new(mail::Reglages::default())),
        db,
        clock,
        web,
        sources: Arc::new(Aucune),
        parametres: Vec::new(),
        veilles: Vec::new(),
        planification: Vec::new(),
        routes: Arc::new(OnceLock::new()),
    }
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Answer {
    /// Value of the first hidden field of that name.
    fn hidden(&self, name: &str) -> String {
        let after = self.body.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a hidden field");
        after.split('"').next().unwrap_or_default().to_owned()
    }
}

struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    async fn signed_in(a: &Administration, role: Role) -> Self {
        let nouveau = NouveauCompte {
            identifiant: role.code().to_owned(),
            nom: role.libelle().to_owned(),
            role,
            mot_de_passe: MOT_DE_PASSE.to_owned(),
        };
        a.web.comptes().assurer(&Actor::Commande, nouveau).await.expect("account");
        let mut browser =
            Self { router: a.web.serve(administration::web::routes(a.clone())), cookies: BTreeMap::new() };
        let csrf = browser.get("/connexion").await.hidden("_csrf");
        let fields = [("_csrf", csrf.as_str()), ("identifiant", role.code()), ("mot_de_passe", MOT_DE_PASSE)];
        assert_eq!(browser.post("/connexion", &fields).await.status, StatusCode::SEE_OTHER);
        browser
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Answer {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, jar.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body)).expect("request");
        let response = self.router.clone().oneshot(request).await.expect("answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let (pair, rest) = cookie.to_str().expect("text").split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("name and value");
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("body").to_bytes();
        let location = parts.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Answer {
            status: parts.status,
            location: location.to_owned(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode =
            |text: &str| -> String {
                text.bytes()
                    .map(|b| {
                        if b.is_ascii_alphanumeric() {
                            char::from(b).to_string()
                        } else {
                            format!("%{b:02X}")
                        }
                    })
                    .collect()
            };
        let body: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", name.replace(' ', "+"), encode(value)))
            .collect();
        self.send(Method::POST, path, body.join("&")).await
    }
}

db_test!(an_account_is_made_handed_over_found_modified_and_closed, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    let mut browser = Browser::signed_in(&a, Role::Informatique).await;
    let form = browser.get("/administration/comptes/-/nouveau").await;
    let csrf = form.hidden("_csrf");
    let fields = [
        ("_csrf", csrf.as_str()),
        ("identifiant", "Anne.Martin"),
        ("nom", "Anne <b>Martin</b>"),
        ("role", "scolarite"),
        ("entree", "tous"),
    ];
    let made = browser.post("/administration/comptes/-/nouveau", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let secret = made
        .body
        .split("secret-montre\"")
        .nth(1)
        .and_then(|rest| rest.split('>').nth(1))
        .and_then(|rest| rest.split('<').next())
        .expect("the temporary password is shown");
    assert_eq!(secret.len(), 19, "{secret}");
    a.web.comptes().authentifier("anne.martin", secret.to_owned()).await.expect("it opens");
    let twice = browser.post("/administration/comptes/-/nouveau", &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "sent twice, made once");
    assert!(twice.body.contains("déjà pris") && twice.body.contains("value=\"Anne.Martin\""));

    let list = browser.get("/administration/comptes?recherche=martin&role=scolarite&etat=provisoire").await;
    assert!(list.body.contains("href=\"/administration/comptes/anne.martin\""), "{}", list.body);
    assert!(list.body.contains("Anne &#60;b&#62;Martin&#60;/b&#62;"));
    assert!(!list.body.contains("href=\"/administration/comptes/informatique\""), "narrowed");
    for odd in ["?page=1000000000", "?tri=empreinte", "?role=chef&etat=x", "?recherche=%25%27%3B--"] {
        assert_eq!(
            browser.get(&format!("/administration/comptes{odd}")).await.status,
            StatusCode::OK,
            "{odd}"
        );
    }

    let page = browser.get("/administration/comptes/anne.martin").await;
    let vu = page.hidden("vu");
    let fields = [
        ("_csrf", csrf.as_str()),
        ("vu", vu.as_str()),
        ("nom", "Anne Martin"),
        ("role", "direction"),
        ("entree", "cas"),
    ];
    let saved = browser.post("/administration/comptes/anne.martin/modifier", &fields).await;
    assert_eq!(saved.location, "/administration/comptes/anne.martin", "{}", saved.body);
    let page = browser.get("/administration/comptes/anne.martin").await;
    assert!(page.body.contains("Le compte est enregistré") && page.body.contains("CAS seulement"));
    assert!(
        page.body.contains("Scolarité</del>") && page.body.contains("Direction</ins>"),
        "its history: {}",
        page.body
    );
    let reset = browser.post("/administration/comptes/anne.martin/mot-de-passe", &[("_csrf", &csrf)]).await;
    assert_eq!(reset.status, StatusCode::CONFLICT, "an account of CAS has no password to reset");

    let closed = browser.post("/administration/comptes/anne.martin/desactiver", &[("_csrf", &csrf)]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER);
    browser.post("/administration/comptes/anne.martin/desactiver", &[("_csrf", &csrf)]).await;
    assert!(browser.get("/administration/comptes/anne.martin").await.body.contains("Réactiver"));
    browser.post("/administration/comptes/anne.martin/activer", &[("_csrf", &csrf)]).await;
    let held = a.web.comptes().lire("anne.martin").await.expect("read").expect("held");
    assert!(held.actif);
    let nobody = browser.get("/administration/comptes/personne").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
});

db_test!(the_second_of_two_administrators_is_told_what_changed, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    let nouvel = |identifiant: &str| NouvelAcces {
        identifiant: identifiant.into(),
        nom: "Anne".into(),
        role: Role::Scolarite,
        entree: Entree::Tous,
        etudiant: None,
    };
    a.web.comptes().ouvrir(&Actor::Commande, nouvel("anne")).await.expect("made");
    let mut mine = Browser::signed_in(&a, Role::Informatique).await;
    let page = mine.get("/administration/comptes/anne").await;
    let (csrf, vu) = (page.hidden("_csrf"), page.hidden("vu"));
    let other = Actor::Personne { identifiant: "collegue".into(), role: Role::Informatique };
    let theirs = Modification {
        nom: "Anne Martin".into(),
        role: Role::Direction,
        entree: Entree::Tous,
        etudiant: None,
    };
    a.web.comptes().modifier(&other, "anne", theirs, None).await.expect("first");

    let fields = [
        ("_csrf", csrf.as_str()),
        ("vu", vu.as_str()),
        ("nom", "Anne Durand"),
        ("role", "scolarite"),
        ("entree", "tous"),
    ];
    let told = mine.post("/administration/comptes/anne/modifier", &fields).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(
        told.body.contains("<strong>collegue</strong>, mardi 2 avril 2024"),
        "who and when: {}",
        told.body
    );
    assert!(
        told.body.contains("Anne</del>")
            && told.body.contains("Anne Martin</ins>")
            && told.body.contains("Direction</ins>")
    );
    assert!(told.body.contains("value=\"Anne Durand\""), "one's own values are kept");
    assert_eq!(
        a.web.comptes().lire("anne").await.expect("read").expect("held").nom,
        "Anne Martin",
        "nothing was written"
    );

    let vu = told.hidden("vu");
    let fields = [("_csrf", csrf.as_str()), ("vu", vu.as_str()), fields[2], fields[3], fields[4]];
    let knowingly = mine.post("/administration/comptes/anne/modifier", &fields).await;
    assert_eq!(knowingly.status, StatusCode::SEE_OTHER, "{}", knowingly.body);
    for forged in ["", "x", "0123456789abcdef.1", "'; DROP TABLE web_compte; --"] {
        let fields = [
            ("_csrf", csrf.as_str()),
            ("vu", forged),
            ("nom", "Z"),
            ("role", "scolarite"),
            ("entree", "tous"),
        ];
        let answer = mine.post("/administration/comptes/anne/modifier", &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{forged}");
    }
});

db_test!(one_s_own_account_and_the_last_administrator_stay, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    let mut browser = Browser::signed_in(&a, Role::Informatique).await;
    let page = browser.get("/administration/comptes/informatique").await;
    assert!(!page.body.contains("Désactiver…"), "it is not offered");
    let (csrf, vu) = (page.hidden("_csrf"), page.hidden("vu"));
    let fields = [
        ("_csrf", csrf.as_str()),
        ("vu", vu.as_str()),
        ("nom", "Moi"),
        ("role", "direction"),
        ("entree", "tous"),
    ];
    let demoted = browser.post("/administration/comptes/informatique/modifier", &fields).await;
    assert_eq!(demoted.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        demoted.body.contains("ni désactiver votre propre compte") && demoted.body.contains("value=\"Moi\"")
    );
    let closed = browser.post("/administration/comptes/informatique/desactiver", &[("_csrf", &csrf)]).await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    let renamed = [fields[0], fields[1], fields[2], ("role", "informatique"), fields[4]];
    assert_eq!(
        browser.post("/administration/comptes/informatique/modifier", &renamed).await.status,
        StatusCode::SEE_OTHER
    );
});

db_test!(sessions_are_listed_and_closed_and_a_lock_is_lifted, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    let mut clerk = Browser::signed_in(&a, Role::Scolarite).await;
    let mut phone = Browser::signed_in(&a, Role::Scolarite).await;
    let mut browser = Browser::signed_in(&a, Role::Informatique).await;
    for _ in 0..5 {
        a.web.comptes().authentifier("scolarite", "mauvais mot de passe".into()).await.expect_err("wrong");
    }
    let page = browser.get("/administration/comptes/scolarite").await;
    assert!(
        page.body.contains("Débloquer") && page.body.contains("Fermer toutes les sessions…"),
        "{}",
        page.body
    );
    let csrf = page.hidden("_csrf");
    browser.post("/administration/comptes/scolarite/debloquer", &[("_csrf", &csrf)]).await;
    a.web.comptes().authentifier("scolarite", MOT_DE_PASSE.into()).await.expect("unlocked");

    let one = page.hidden("session");
    let path = "/administration/comptes/scolarite/sessions/fermer";
    browser.post(path, &[("_csrf", &csrf), ("session", &one)]).await;
    let states = [clerk.get("/compte").await.status, phone.get("/compte").await.status];
    assert!(states.contains(&StatusCode::OK) && states.contains(&StatusCode::SEE_OTHER), "{states:?}");
    // A session of somebody else is not closed through this account's page.
    let mine = browser.get("/administration/comptes/informatique").await.hidden("session");
    browser.post(path, &[("_csrf", &csrf), ("session", &mine)]).await;
    assert_eq!(browser.get("/compte").await.status, StatusCode::OK);
    browser.post(path, &[("_csrf", &csrf)]).await;
    assert_eq!(clerk.get("/compte").await.status, StatusCode::SEE_OTHER);
    assert_eq!(phone.get("/compte").await.status, StatusCode::SEE_OTHER);
    let forged = browser.post("/administration/comptes/scolarite/desactiver", &[("_csrf", "0000")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
});

db_test!(nobody_but_the_it_service_reaches_accounts, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    for role in [Role::Scolarite, Role::Direction, Role::Etudiant] {
        let mut browser = Browser::signed_in(&a, role).await;
        let csrf = browser.get("/compte").await.hidden("_csrf");
        for path in [
            "/administration/comptes",
            "/administration/comptes/-/nouveau",
            "/administration/comptes/direction",
        ] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{role} {path}");
        }
        let fields = [("_csrf", csrf.as_str()), ("identifiant", "intrus"), ("role", "informatique")];
        assert_eq!(
            browser.post("/administration/comptes/-/nouveau", &fields).await.status,
            StatusCode::FORBIDDEN
        );
        for verb in ["modifier", "activer", "desactiver", "debloquer", "mot-de-passe", "sessions/fermer"] {
            let path = format!("/administration/comptes/scolarite/{verb}");
            assert_eq!(browser.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{role} {verb}");
        }
    }
    assert!(a.web.comptes().lire("intrus").await.expect("read").is_none());
});

db_test!(the_number_of_a_student_is_set_on_the_page_and_refused_by_name, web::MIGRATIONS, |db| async move {
    let a = administration(db, &clock());
    let mut browser = Browser::signed_in(&a, Role::Informatique).await;
    let csrf = browser.get("/administration/comptes/-/nouveau").await.hidden("_csrf");
    let mut creer = async |identifiant: &str, role: &str, numero: &str| {
        let fields = [
            ("_csrf", csrf.as_str()),
            ("identifiant", identifiant),
            ("role", role),
            ("entree", "tous"),
            ("etudiant", numero),
        ];
        browser.post("/administration/comptes/-/nouveau", &fields).await
    };
    assert_eq!(creer("anne", "etudiant", " 21000123 ").await.status, StatusCode::OK);
    let pris = creer("paul", "etudiant", "21000123").await;
    assert_eq!(pris.status, StatusCode::CONFLICT);
    assert!(
        pris.body.contains("déjà celui du compte «\u{a0}anne\u{a0}»") && pris.body.contains("value=\"paul\"")
    );
    let chef = creer("chef", "direction", "21000124").await;
    assert_eq!(chef.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(chef.body.contains("Seul un compte d’étudiant"));
    let faux = creer("rose", "etudiant", "2100").await.status;
    assert_eq!(faux, StatusCode::OK, "shorter numbers exist");
    assert!(creer("luc", "etudiant", "E2100").await.body.contains("huit au plus"));

    let page = browser.get("/administration/comptes/rose").await;
    assert!(page.body.contains("value=\"2100\"") && page.body.contains("Étudiant n° 2100"), "{}", page.body);
    let vu = page.hidden("vu");
    let mut modifier = async |role: &str, numero: &str, vu: &str| {
        let fields = [
            ("_csrf", csrf.as_str()),
            ("vu", vu),
            ("nom", "Rose"),
            ("role", role),
            ("entree", "tous"),
            ("etudiant", numero),
        ];
        browser.post("/administration/comptes/rose/modifier", &fields).await
    };
    let pris = modifier("etudiant", "21000123", &vu).await;
    assert_eq!(pris.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pris.body.contains("déjà celui du compte"));
    assert_eq!(modifier("etudiant", "21000125", &vu).await.status, StatusCode::SEE_OTHER);
    let tard = modifier("etudiant", "21000126", &vu).await;
    assert_eq!(tard.status, StatusCode::CONFLICT, "somebody has changed it since");
    assert!(tard.body.contains("Numéro d’étudiant"), "and the page says what: {}", tard.body);
});
