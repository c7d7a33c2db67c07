//! The student whose account it is: set by the IT service, refused when it is another's, read with the session.

use axum::http::StatusCode;
use db::Paging;
use kernel::{Actor, Fault as _, NumeroEtudiant, Role};
use testkit::{clock, db_test};
use web::MIGRATIONS;
use web::comptes::{Entree, FiltreComptes, Modification, NouveauCompte, NouvelAcces};

use crate::support::{Browser, MOT_DE_PASSE, compte, suite};

fn nouvel(identifiant: &str, role: Role, etudiant: Option<&str>) -> NouvelAcces {
    NouvelAcces {
        identifiant: identifiant.into(),
        nom: String::new(),
        role,
        entree: Entree::Tous,
        etudiant: etudiant.map(NumeroEtudiant::from),
    }
}

db_test!(a_number_is_one_students_and_nobody_elses, MIGRATIONS, |db| async move {
    let web = suite(db.clone(), &clock());
    let comptes = web.comptes();
    let acteur = Actor::Commande;
    comptes.ouvrir(&acteur, nouvel("anne", Role::Etudiant, Some("21000123"))).await.expect("made");
    let pris = comptes.ouvrir(&acteur, nouvel("paul", Role::Etudiant, Some("21000123"))).await;
    let fault = pris.expect_err("taken");
    assert_eq!(fault.slug(), "numero-pris");
    assert!(fault.message().contains("«\u{a0}anne\u{a0}»"), "by name: {}", fault.message());
    assert!(comptes.lire("paul").await.expect("read").is_none(), "nothing was made");
    let autre = comptes.ouvrir(&acteur, nouvel("chef", Role::Direction, Some("21000124"))).await;
    assert_eq!(autre.expect_err("not a student").slug(), "numero-sans-role");

    // Many accounts without a number stand beside one another.
    for identifiant in ["paul", "rose"] {
        comptes.ouvrir(&acteur, nouvel(identifiant, Role::Etudiant, None)).await.expect("made");
    }
    let vu = comptes.lire("paul").await.expect("read").expect("held").vu().value();
    let modification = |role, numero: Option<&str>| Modification {
        nom: "Paul".into(),
        role,
        entree: Entree::Tous,
        etudiant: numero.map(NumeroEtudiant::from),
    };
    let pris = comptes.modifier(&acteur, "paul", modification(Role::Etudiant, Some("21000123")), None).await;
    assert_eq!(pris.expect_err("taken").slug(), "numero-pris");
    assert!(comptes.rattacher(&acteur, "rose", Some("21000125".into())).await.expect("set"));
    assert!(!comptes.rattacher(&acteur, "rose", Some("21000125".into())).await.expect("same"));
    comptes
        .modifier(&acteur, "paul", modification(Role::Etudiant, Some("21000126")), Some(&vu))
        .await
        .expect("set");
    let tard = comptes.modifier(&acteur, "paul", modification(Role::Etudiant, None), Some(&vu)).await;
    assert_eq!(tard.expect_err("stale").slug(), "compte-change", "the number is part of what was seen");
    let garde =
        comptes.modifier(&acteur, "paul", modification(Role::Direction, Some("21000126")), None).await;
    assert_eq!(garde.expect_err("not a student any more").slug(), "numero-sans-role");
    comptes.modifier(&acteur, "paul", modification(Role::Direction, None), None).await.expect("set");
    comptes.rattacher(&acteur, "anne", None).await.expect("taken away");
    comptes.rattacher(&acteur, "rose", Some("21000123".into())).await.expect("it is free");

    let filtre = FiltreComptes { recherche: "21000123".into(), ..FiltreComptes::default() };
    let trouves = comptes.chercher(&filtre, Paging::new(1, 10)).await.expect("found").elements;
    assert_eq!(trouves.iter().map(|c| c.identifiant.as_str()).collect::<Vec<_>>(), ["rose"]);
    let lines = db
        .read(|c| async move { db::journal::history(&c, "compte", "rose", 0, 10).await })
        .await
        .expect("journal");
    let dites: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.apres.clone())).collect();
    assert_eq!(dites.len(), 3, "made, set, set: {dites:?}");
});

db_test!(the_session_knows_whose_file_it_opens, MIGRATIONS, |db| async move {
    let web = suite(db, &clock());
    let comptes = web.comptes();
    let new = NouveauCompte {
        identifiant: "anne".into(),
        nom: "Anne".into(),
        role: Role::Etudiant,
        mot_de_passe: MOT_DE_PASSE.into(),
    };
    comptes.creer_etudiant(&Actor::Commande, new, "21000123".into()).await.expect("made");
    compte(&web, Role::Informatique).await;
    let mut browser = Browser::new(&web);
    browser.sign_in("anne", MOT_DE_PASSE, "").await;
    assert_eq!(browser.get("/essai/etudiant").await.body, "21000123");
    comptes.rattacher(&Actor::Commande, "anne", Some("21000124".into())).await.expect("set");
    assert_eq!(browser.get("/essai/etudiant").await.body, "21000124", "at the next page");
    comptes.rattacher(&Actor::Commande, "anne", None).await.expect("taken away");
    assert_eq!(browser.get("/essai/etudiant").await.body, "personne");

    // Who looks as a student does is no student.
    let mut chef = Browser::new(&web);
    chef.sign_in("informatique", MOT_DE_PASSE, "").await;
    let csrf = chef.get("/compte").await.csrf();
    let fields = [("_csrf", csrf.as_str()), ("role", "etudiant")];
    assert_eq!(chef.post("/compte/voir-comme", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(chef.get("/essai/etudiant").await.body, "personne");
});
