//! What is done to accounts, the first entry, the brake, looking as another role, cookies that somebody copied.
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on stops")]

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Method, StatusCode};
use chrono::Duration;
use db::Paging;
use kernel::{Actor, Fault as _, Role};
use testkit::{Base, clock, db_test};
use web::MIGRATIONS;
use web::comptes::{Entree, EtatCompte, FiltreComptes, Modification, NouvelAcces};

use crate::support::{Browser, MOT_DE_PASSE, compte, suite};

fn nouvel(identifiant: &str, nom: &str, role: Role) -> NouvelAcces {
    NouvelAcces {
        identifiant: identifiant.into(),
        nom: nom.into(),
        role,
        entree: Entree::Tous,
        etudiant: None,
    }
}

fn personne(identifiant: &str) -> Actor {
    Actor::Personne { identifiant: identifiant.into(), role: Role::Informatique }
}

db_test!(a_temporary_password_opens_nothing_but_the_choice_of_another, MIGRATIONS, |db| async move {
    let clock = clock();
    let web = suite(db, &clock);
    let ouvert = web
        .comptes()
        .ouvrir(&Actor::Commande, nouvel("Anne", "Anne Martin", Role::Scolarite))
        .await
        .expect("made");
    let provisoire = ouvert.provisoire.expect("a temporary password");
    let mut browser = Browser::new(&web);
    assert_eq!(browser.sign_in("anne", &provisoire, "/essai/lire").await.status, StatusCode::SEE_OTHER);
    for path in ["/essai/lire", "/compte", "/"] {
        assert_eq!(browser.get(path).await.location(), "/compte/premier-mot-de-passe", "{path}");
    }
    let page = browser.get("/compte/premier-mot-de-passe").await;
    let csrf = page.csrf();
    assert_eq!(
        browser.post("/essai/ecrire", &[("_csrf", &csrf)]).await.location(),
        "/compte/premier-mot-de-passe"
    );
    let choose = async |browser: &mut Browser, nouveau: &str, encore: &str| {
        let fields = [("_csrf", csrf.as_str()), ("nouveau", nouveau), ("encore", encore)];
        browser.post("/compte/premier-mot-de-passe", &fields).await
    };
    assert!(
        choose(&mut browser, &provisoire, &provisoire).await.body.contains("quelqu’un d’autre le connaît")
    );
    assert!(choose(&mut browser, "court", "court").await.body.contains("au moins 12"));
    assert!(choose(&mut browser, "une phrase assez longue", "autre chose").await.body.contains("diffèrent"));
    let before = browser.cookies.clone();
    assert_eq!(
        choose(&mut browser, "une phrase assez longue", "une phrase assez longue").await.location(),
        "/"
    );
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::OK);
    let mut copied = Browser::new(&web);
    copied.cookies = before;
    assert_eq!(
        copied.get("/essai/lire").await.status,
        StatusCode::SEE_OTHER,
        "the cookie of before is worth nothing"
    );
    let after = Browser::new(&web).sign_in("anne", &provisoire, "").await;
    assert!(after.body.contains("ne vont pas ensemble"), "it has served");

    let again = web.comptes().reinitialiser(&Actor::Commande, "anne").await.expect("reset");
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::SEE_OTHER, "a reset closes sessions");
    clock.advance(Duration::days(8));
    let late = Browser::new(&web).sign_in("anne", &again.provisoire.expect("one"), "").await;
    assert!(late.body.contains("plus valable"), "{}", late.body);
});

db_test!(an_account_is_modified_by_who_saw_it_as_it_is, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let comptes = web.comptes();
    comptes.ouvrir(&Actor::Commande, nouvel("anne", "Anne", Role::Scolarite)).await.expect("made");
    let seen = comptes.lire("anne").await.expect("read").expect("held");
    let vu = seen.vu().value();
    let to = |nom: &str, role| Modification { nom: nom.into(), role, entree: Entree::Tous, etudiant: None };
    comptes
        .modifier(&personne("chef"), "anne", to("Anne Martin", Role::Scolarite), Some(&vu))
        .await
        .expect("first");
    let late = comptes.modifier(&personne("autre"), "anne", to("Anne", Role::Direction), Some(&vu)).await;
    assert_eq!(late.expect_err("second").slug(), "compte-change");
    let held = comptes.lire("anne").await.expect("read").expect("held");
    assert_eq!((held.nom.as_str(), held.role), ("Anne Martin", Role::Scolarite), "nothing was written");
    let lines = db
        .read(|c| async move { db::journal::history(&c, "compte", "anne", 0, 10).await })
        .await
        .expect("journal");
    let said: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.acteur.as_str())).collect();
    assert_eq!(said, [("compte.modifier", "chef"), ("compte.creer", "ligne de commande")]);
    let changes: Vec<_> = lines[0].changes().into_iter().map(|(field, ..)| field).collect();
    assert_eq!(changes, ["nom"]);
    let twice = comptes
        .modifier(&personne("chef"), "anne", to("Anne Martin", Role::Scolarite), Some(&held.vu().value()))
        .await;
    twice.expect("the same again is no change");
    for bad in ["x".repeat(121), "a\u{0}b".to_owned(), "a\nb".to_owned()] {
        let fault = comptes
            .modifier(&personne("chef"), "anne", to(&bad, Role::Scolarite), None)
            .await
            .expect_err("bad name");
        assert_eq!(fault.slug(), "nom-refuse");
    }
});

db_test!(nobody_closes_the_door_behind_themselves, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let comptes = web.comptes();
    compte(&web, Role::Informatique).await;
    let demote =
        Modification { nom: "X".into(), role: Role::Direction, entree: Entree::Tous, etudiant: None };
    let slug = |done: Result<(), web::comptes::CompteFault>| done.expect_err("refused").slug();
    assert_eq!(
        slug(comptes.activer(&personne("informatique"), "informatique", false).await),
        "son-propre-compte"
    );
    assert_eq!(
        slug(comptes.modifier(&personne("informatique"), "informatique", demote.clone(), None).await),
        "son-propre-compte"
    );
    assert_eq!(slug(comptes.activer(&Actor::Commande, "informatique", false).await), "dernier-compte");
    assert_eq!(
        slug(comptes.modifier(&Actor::Commande, "informatique", demote.clone(), None).await),
        "dernier-compte"
    );

    comptes.ouvrir(&Actor::Commande, nouvel("second", "", Role::Informatique)).await.expect("made");
    comptes.activer(&Actor::Commande, "second", false).await.expect("not the last");
    assert_eq!(
        slug(comptes.activer(&Actor::Commande, "informatique", false).await),
        "dernier-compte",
        "a closed one does not count"
    );
    comptes.activer(&Actor::Commande, "second", true).await.expect("open again");
    // Each closes the other at the same instant: one of them stays.
    let (one, other) = (personne("second"), personne("informatique"));
    let (a, b) =
        tokio::join!(comptes.activer(&one, "informatique", false), comptes.activer(&other, "second", false),);
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
});

db_test!(the_list_is_searched_narrowed_sorted_and_paged_in_the_database, MIGRATIONS, |db| async move {
    let clock = clock();
    let web = suite(db, &clock);
    let comptes = web.comptes();
    for (identifiant, nom, role) in [
        ("lukasz", "Łukasz N’Guyen-Đặng", Role::Enseignant),
        ("anne.m", "Anne Martin", Role::Scolarite),
        ("d.epinay", "D’Épinay 100 %", Role::Direction),
        ("zoe_", "_%Zoé", Role::Scolarite),
    ] {
        comptes.ouvrir(&Actor::Commande, nouvel(identifiant, nom, role)).await.expect("made");
    }
    comptes.activer(&Actor::Commande, "anne.m", false).await.expect("closed");
    let found = async |filtre: FiltreComptes, page: u64, taille: u64| {
        let page = comptes.chercher(&filtre, Paging::new(page, taille)).await.expect("page");
        (page.total, page.elements.into_iter().map(|c| c.identifiant).collect::<Vec<_>>())
    };
    let f = FiltreComptes::default;
    let search = |text: &str| FiltreComptes { recherche: text.into(), ..f() };
    assert_eq!(found(search("EPINAY"), 1, 10).await.1, ["d.epinay"]);
    assert_eq!(found(search("martin anne"), 1, 10).await.1, ["anne.m"], "words in any order");
    assert_eq!(found(search("_%"), 1, 10).await.1, ["zoe_"], "wildcards are letters");
    assert_eq!(found(search("' OR 1=1 --"), 1, 10).await.0, 0);
    let roles = FiltreComptes { roles: vec![Role::Scolarite, Role::Direction], ..f() };
    assert_eq!(found(roles, 1, 10).await.1, ["zoe_", "anne.m", "d.epinay"]);
    assert_eq!(found(FiltreComptes { etats: vec![EtatCompte::Desactive], ..f() }, 1, 10).await.1, ["anne.m"]);
    assert_eq!(
        found(
            FiltreComptes { etats: vec![EtatCompte::Provisoire], roles: vec![Role::Enseignant], ..f() },
            1,
            10
        )
        .await
        .1,
        ["lukasz"]
    );
    let sorted = FiltreComptes { tri: "identifiant".into(), decroissant: true, ..f() };
    assert_eq!(found(sorted.clone(), 2, 3).await, (4, vec!["anne.m".to_owned()]));
    assert_eq!(found(sorted, 1_000_000_000, 3).await, (4, vec![]));
    let ouvert = comptes.reinitialiser(&Actor::Commande, "lukasz").await.expect("reset");
    Browser::new(&web).sign_in("lukasz", &ouvert.provisoire.expect("one"), "").await;
    let recent = FiltreComptes { tri: "connexion".into(), decroissant: true, ..f() };
    assert_eq!(found(recent, 1, 1).await.1, ["lukasz"], "who never came is last");
});

db_test!(an_account_is_unlocked_and_its_sessions_are_seen_and_closed, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let comptes = web.comptes();
    let mut browser = Browser::of(&web, Role::Direction).await;
    let mut other = Browser::new(&web);
    for _ in 0..5 {
        other.sign_in("direction", "mauvais mot de passe", "").await;
    }
    assert!(comptes.debloquer(&Actor::Commande, "direction").await.expect("unlocked"));
    assert!(!comptes.debloquer(&Actor::Commande, "direction").await.expect("nothing to do"));
    assert_eq!(other.sign_in("direction", MOT_DE_PASSE, "").await.status, StatusCode::SEE_OTHER);
    let held = comptes.lire("direction").await.expect("read").expect("held");
    let seen = comptes.sessions(&held).await.expect("sessions");
    assert_eq!(seen.len(), 2);
    assert_eq!(
        comptes.fermer_sessions(&Actor::Commande, "direction", Some(seen[0].id)).await.expect("one"),
        1
    );
    assert_eq!(
        comptes.fermer_sessions(&Actor::Commande, "direction", Some(seen[0].id)).await.expect("again"),
        0
    );
    assert_eq!(comptes.fermer_sessions(&Actor::Commande, "direction", None).await.expect("all"), 1);
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
});

db_test!(looking_as_another_role_shows_what_it_sees_and_changes_nothing, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let mut browser = Browser::of(&web, Role::Informatique).await;
    let csrf = browser.get("/compte/voir-comme").await.csrf();
    let begun = browser.post("/compte/voir-comme", &[("_csrf", &csrf), ("role", "etudiant")]).await;
    assert_eq!(begun.location(), "/");
    assert_eq!(browser.get("/essai/lire").await.status, StatusCode::FORBIDDEN, "as a student");
    assert!(
        browser.get("/essai/lire").await.body.contains("comme le rôle «\u{a0}Étudiant\u{a0}»"),
        "on error pages too"
    );
    let page = browser.get("/compte").await;
    assert!(
        page.body.contains("Reprendre le rôle «\u{a0}Service informatique\u{a0}»")
            && !page.body.contains("href=\"/essai/liens\"")
    );
    for (path, fields) in [
        ("/compte/theme", vec![("theme", "sombre")]),
        ("/compte/voir-comme", vec![("role", "direction")]),
        ("/compte/sessions/fermer-les-autres", vec![]),
        ("/essai/ecrire", vec![]),
    ] {
        let fields: Vec<_> = [("_csrf", csrf.as_str())].into_iter().chain(fields).collect();
        let answer = browser.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains("rien ne peut être modifié") && answer.body.contains("<h1>"), "{path}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        browser.headers = vec![("x-csrf-token", csrf.clone())];
        assert_eq!(browser.send(method, "/essai/ecrire", "", "").await.status, StatusCode::FORBIDDEN);
    }
    browser.headers.clear();
    assert_eq!(
        browser.post("/compte/voir-comme/quitter", &[]).await.status,
        StatusCode::FORBIDDEN,
        "leaving needs its token"
    );
    assert_eq!(browser.post("/compte/voir-comme/quitter", &[("_csrf", &csrf)]).await.location(), "/");
    assert_eq!(browser.get("/essai/liens").await.status, StatusCode::OK);
    let lines = db
        .read(|c| async move { db::journal::history(&c, "compte", "informatique", 0, 10).await })
        .await
        .expect("journal");
    let looked: Vec<_> = lines
        .iter()
        .filter(|line| line.action == "compte.voir-comme")
        .map(|line| line.apres.clone().expect("after")["voir_comme"].clone())
        .collect();
    assert_eq!(looked, [serde_json::Value::Null, "etudiant".into()]);

    // It ends with the session.
    browser.post("/compte/voir-comme", &[("_csrf", &csrf), ("role", "etudiant")]).await;
    browser.post("/deconnexion", &[("_csrf", &csrf)]).await;
    browser.sign_in("informatique", MOT_DE_PASSE, "").await;
    assert_eq!(browser.get("/essai/liens").await.status, StatusCode::OK);
    // Who does not administer does not look.
    let mut clerk = Browser::of(&web, Role::Scolarite).await;
    let csrf = clerk.get("/compte").await.csrf();
    assert_eq!(
        clerk.post("/compte/voir-comme", &[("_csrf", &csrf), ("role", "direction")]).await.status,
        StatusCode::FORBIDDEN
    );
});

#[tokio::test]
async fn one_address_that_tries_many_logins_waits_and_another_does_not() {
    let base = Base::sqlite(MIGRATIONS).await;
    let clock = clock();
    let web = suite(base.db(), &clock);
    compte(&web, Role::Scolarite).await;
    let from = |address: &str| {
        let address: SocketAddr = address.parse().expect("address");
        Browser::over(web.serve(crate::support::routes()).layer(axum::Extension(ConnectInfo(address))))
    };
    let mut guesser = from("203.0.113.5:4000");
    for n in 0..30 {
        let answer = guesser.sign_in(&format!("personne{n}"), "123456", "").await;
        assert_eq!(answer.status, StatusCode::OK, "{n}");
    }
    let braked = guesser.sign_in("scolarite", MOT_DE_PASSE, "").await;
    assert_eq!(braked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        braked.body.contains("depuis votre réseau") && braked.body.contains("10\u{a0}min"),
        "{}",
        braked.body
    );
    let honest = from("203.0.113.6:4000").sign_in("scolarite", MOT_DE_PASSE, "").await;
    assert_eq!(honest.status, StatusCode::SEE_OTHER);
    clock.advance(Duration::minutes(11));
    assert_eq!(guesser.sign_in("scolarite", MOT_DE_PASSE, "").await.status, StatusCode::SEE_OTHER);
    base.close().await;
}

db_test!(a_session_is_never_taken_from_a_cookie_that_was_there_before, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let mut attacker = Browser::of(&web, Role::Etudiant).await;
    let planted = attacker.cookies.get("telemaque_session").expect("session").clone();
    compte(&web, Role::Scolarite).await;
    // A cookie of the attacker's, or one of their invention, is in the victim's browser when it signs in.
    for cookie in [planted.clone(), "a".repeat(64), "'; DROP TABLE web_session; --".to_owned()] {
        let mut victim = Browser::new(&web);
        victim.get("/connexion").await;
        victim.cookies.insert("telemaque_session".to_owned(), cookie.clone());
        if cookie == planted {
            assert_eq!(victim.get("/connexion").await.status, StatusCode::SEE_OTHER);
            let csrf = victim.get("/compte").await.csrf();
            victim.post("/deconnexion", &[("_csrf", &csrf)]).await;
        }
        victim.sign_in("scolarite", MOT_DE_PASSE, "").await;
        let given = victim.cookies.get("telemaque_session").expect("session").clone();
        assert_ne!(given, cookie);
        attacker.cookies.insert("telemaque_session".to_owned(), cookie);
        assert_eq!(attacker.get("/essai/lire").await.status, StatusCode::SEE_OTHER);
    }
});

db_test!(strange_passwords_are_passwords, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let words = [
        "𝓜𝓸𝓽 𝓭𝓮 𝓹𝓪𝓼𝓼𝓮 🔑🔑",
        "' OR 1=1; -- <b>x</b>",
        "  espaces au bord  ",
        "مرور كلمة طويلة",
        "a\tb\nc 'é\" %00 long",
    ];
    for (n, word) in words.into_iter().enumerate() {
        let login = format!("p{n}x");
        let new = web::comptes::NouveauCompte {
            identifiant: login.clone(),
            nom: String::new(),
            role: Role::Scolarite,
            mot_de_passe: word.into(),
        };
        web.comptes().creer(&Actor::Commande, new).await.expect(word);
        let mut browser = Browser::new(&web);
        assert_eq!(browser.sign_in(&login, word, "").await.status, StatusCode::SEE_OTHER, "{word:?}");
        let near = Browser::new(&web).sign_in(&login, word.trim(), "").await;
        assert_eq!(near.status == StatusCode::SEE_OTHER, word.trim() == word, "nothing is trimmed: {word:?}");
    }
    let huge = Browser::new(&web).sign_in("p0x", &"é".repeat(100_000), "").await;
    assert_eq!(huge.status, StatusCode::OK);
});
