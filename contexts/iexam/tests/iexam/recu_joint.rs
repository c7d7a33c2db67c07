//! The letter of a confirmation carries the receipt: made when it leaves, never while the student waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::banc::{annee, banc, instant, migrations};
use iexam::actions::dossier::{Dossier, relu};
use iexam::actions::enregistrer::{Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, valider};
use iexam::actions::joindre::{RecusJoints, nom_du_recu, recu_en_pdf};
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision;
use iexam::store::recu::recu_read;
use kernel::{Actor, Clock as _};
use mail::{Empechement, Etat, Fabrique as _, Facteur, Reglages};

testkit::db_test!(the_letter_carries_the_receipt_that_the_page_gives, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let n = b.etudiant("22000001", &["DROI1"]);
    let choix = BTreeMap::from([(e, Decision::Passe)]);
    let saisie =
        Saisie { revision: 0, onglet: "a".into(), voulu: Voulu { choix, modalite: Some(m), centre: None } };
    let acteur = Actor::Planification;
    enregistrer(&b.iexam, &n, (annee(), "P1"), &saisie, &acteur).await.unwrap();
    let d = Dossier::lire(&b.iexam, annee(), "P1", &n).await.unwrap();
    let vu = relu(&d.cadre, &d.sujets, &d.complet()).value();
    let relecture = Relecture { revision: 1, vu, tout_reporter: false };
    let numero = &valider(&b.iexam, &n, (annee(), "P1"), &relecture, &acteur).await.unwrap().recu;

    let lu =
        async |id: i64| db.read(|c| async move { mail::courriel_read(&c, id).await }).await.unwrap().unwrap();
    let critere = mail::Critere::default();
    let paging = db::Paging::new(1, 10);
    let liste = db.read(|c| async move { mail::courriel_list(&c, &critere, paging).await }).await.unwrap();
    let id = liste.elements[0].id;
    let courriel = lu(id).await;
    assert!(courriel.texte.unwrap().contains("Votre reçu est joint à ce courriel"));
    assert_eq!(courriel.pieces.len(), 1);
    assert_eq!(courriel.pieces[0].nom, nom_du_recu(numero));
    assert!(courriel.pieces[0].a_faire, "the confirmation makes no document");
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_piece WHERE octets IS NULL AND taille = 0").await, 1);

    let serveur = sandbox::courriels::Serveur::demarrer().await.unwrap();
    let reglages =
        Reglages { serveur: serveur.url(), expediteur: "scolarite@exemple.fr".into(), ..Reglages::default() };
    let facteur = Facteur::new(db.clone(), b.clock.clone(), Arc::new(reglages))
        .avec_fabrique(Arc::new(RecusJoints(b.iexam.clone())));
    assert_eq!(facteur.tournee().await.unwrap().envoyes, 1, "{:?}", lu(id).await.ligne.erreur);
    let courriel = lu(id).await;
    assert_eq!(courriel.ligne.etat, Etat::Envoye);
    let piece = courriel.pieces[0].id;
    let gardee = db.read(|c| async move { mail::piece_read(&c, id, piece).await }).await.unwrap().unwrap();
    let tenu = db.read(|c| async move { recu_read(&c, numero).await }).await.unwrap().unwrap();
    let page = recu_en_pdf(&b.iexam, &tenu).await.unwrap();
    assert_eq!(gardee.octets, page.octets, "byte for byte what the page gives");
    let mots = paper::essai::texte(&gardee.octets).unwrap();
    assert!(mots.contains(numero.as_str()) && mots.contains("60,00"), "{mots}");

    // Sent again years later, under another name of the service: the receipt that was sent, not another.
    let mut ailleurs = b.iexam.clone();
    ailleurs.etablissement.nom = "Autre service".into();
    let quand = b.clock.now();
    db.write(|tx| async move { mail::courriel_resend(&*tx, id, quand).await }).await.unwrap();
    let reglages = facteur.reglages().await.unwrap();
    let autre = Facteur::new(db.clone(), b.clock.clone(), Arc::new(reglages))
        .avec_fabrique(Arc::new(RecusJoints(ailleurs)));
    assert_eq!(autre.tournee().await.unwrap().envoyes, 1);
    let encore = db.read(|c| async move { mail::piece_read(&c, id, piece).await }).await.unwrap().unwrap();
    assert_eq!(encore.octets, gardee.octets);
    assert_eq!(serveur.boite.recus().len(), 2);
});

testkit::db_test!(a_receipt_that_does_not_exist_is_never_made, &migrations(), |db| async move {
    let recus = RecusJoints(banc(&db).iexam);
    let refus = recus.faire("2024-P1-000009-9").await.unwrap_err();
    assert_eq!(refus, Empechement::Definitif("le reçu 2024-P1-000009-9 n’existe pas.".into()));
});
