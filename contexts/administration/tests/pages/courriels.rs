//! Mail, written down in a transaction, delivered to the sandbox's mail server, looked at, asked for again, erased.

use axum::http::StatusCode;
use chrono::Duration;
use db::{Db, Paging};
use kernel::{Actor, Clock as _};
use mail::{Critere, Etat, Facteur, MailFault, Message, Piece, Reglages, Tournee};
use sandbox::courriels::Serveur;

use crate::banc::{Banc, Navigateur, banc, banc_avec, migrations};

async fn vers(serveur: &Serveur) -> Reglages {
    Reglages {
        serveur: serveur.url(),
        expediteur: "Scolarité à distance <scolarite@exemple.fr>".into(),
        ..Reglages::default()
    }
}

fn message(adresse: &str) -> Message {
    Message::new(adresse, "Votre convocation à l’épreuve", "Bonjour,\nvoici votre convocation.\n")
        .unwrap()
        .nomme("Jeanne N'Guyen-Đặng")
        .objet("iexam.inscription", 12)
        .piece(Piece::pdf("convocation é.pdf", b"%PDF-1.7 \xff".to_vec()))
}

async fn ecrire(banc: &Banc, adresse: &str) -> i64 {
    let (message, quand) = (&message(adresse), banc.clock.now());
    banc.db.write(|tx| async move { mail::enqueue(&*tx, message, quand).await }).await.unwrap()
}

async fn lu(db: &Db, id: i64) -> mail::Courriel {
    db.read(|c| async move { mail::courriel_read(&c, id).await }).await.unwrap().unwrap()
}

fn tournee(envoyes: u64, reportes: u64, echecs: u64) -> Tournee {
    Tournee { envoyes, reportes, echecs }
}

testkit::db_test!(what_is_committed_leaves_once_through_one_connection, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, vers(&serveur).await).await;
    // An action that is undone sends nothing.
    let (message, quand) = (&message("perdu@exemple.fr"), banc.clock.now());
    let annule: Result<i64, MailFault> = db
        .write(|tx| async move {
            mail::enqueue(&*tx, message, quand).await?;
            Err(MailFault::Nature)
        })
        .await;
    assert!(annule.is_err());

    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(ecrire(&banc, &format!("etudiant{n}@exemple.fr")).await);
    }
    assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(5, 0, 0));
    assert_eq!(banc.facteur.tournee().await.unwrap(), Tournee::default());
    let recus = serveur.boite.recus();
    let adresses: Vec<_> = recus.iter().rev().flat_map(|r| r.destinataires.clone()).collect();
    assert_eq!(adresses, (0..5).map(|n| format!("etudiant{n}@exemple.fr")).collect::<Vec<_>>());
    assert_eq!(serveur.boite.connexions(), 1);
    let recu = &recus[4];
    assert_eq!(recu.de, "Scolarité à distance <scolarite@exemple.fr>");
    assert_eq!(recu.a, "Jeanne N'Guyen-Đặng <etudiant0@exemple.fr>");
    assert_eq!(
        (recu.sujet.as_str(), recu.automatique.as_str()),
        ("Votre convocation à l’épreuve", "auto-generated")
    );
    assert_eq!(recu.texte, "Bonjour,\nvoici votre convocation.\n");
    assert_eq!(recu.pieces[0].nom, "convocation é.pdf");
    assert_eq!(recu.pieces[0].octets(), b"%PDF-1.7 \xff");
    let courriel = lu(&db, ids[0]).await;
    assert_eq!((courriel.ligne.etat, courriel.ligne.essais), (Etat::Envoye, 1));
    assert_eq!(courriel.ligne.envoye_le, Some(banc.clock.now()));
    let objet =
        db.read(|c| async move { mail::courriel_of_objet(&c, "iexam.inscription", 12).await }).await.unwrap();
    assert_eq!(objet.len(), 5);
});

testkit::db_test!(a_refused_address_is_given_up_and_a_busy_one_tried_again, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, vers(&serveur).await).await;
    let refuse = ecrire(&banc, "refuse@exemple.fr").await;
    let occupe = ecrire(&banc, "plus-tard@exemple.fr").await;
    let coupe = ecrire(&banc, "coupe@exemple.fr").await;
    let bon = ecrire(&banc, "jeanne@exemple.fr").await;
    // Neither a refusal nor a cut connection keeps the next message from leaving.
    assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(1, 2, 1));
    let courriel = lu(&db, refuse).await;
    assert_eq!(courriel.ligne.etat, Etat::Echec);
    assert!(courriel.ligne.erreur.unwrap().contains("550"));
    for (id, mot) in [(occupe, "451"), (coupe, "connexion")] {
        let courriel = lu(&db, id).await;
        assert_eq!(courriel.ligne.etat, Etat::AEnvoyer);
        assert_eq!(courriel.ligne.prochain_essai, Some(banc.clock.now() + Duration::minutes(1)));
        let erreur = courriel.ligne.erreur.unwrap();
        assert!(erreur.contains(mot), "{erreur}");
    }
    assert_eq!(lu(&db, bon).await.ligne.etat, Etat::Envoye);
    // Each new attempt waits longer; the sixth is the last.
    for (minutes, attente) in [(1, Some(5)), (5, Some(30)), (30, Some(120)), (120, Some(720)), (720, None)] {
        banc.clock.advance(Duration::minutes(minutes) - Duration::seconds(1));
        assert_eq!(banc.facteur.tournee().await.unwrap(), Tournee::default());
        banc.clock.advance(Duration::seconds(1));
        assert_eq!(banc.facteur.tournee().await.unwrap().total(), 2, "{minutes}");
        let courriel = lu(&db, occupe).await;
        assert_eq!(courriel.ligne.prochain_essai, attente.map(|m| banc.clock.now() + Duration::minutes(m)));
    }
    let courriel = lu(&db, occupe).await;
    assert_eq!((courriel.ligne.etat, courriel.essais.len()), (Etat::Echec, 6));
    assert!(courriel.ligne.erreur.unwrap().contains("Abandonné après 6 essais"));
});

testkit::db_test!(a_server_that_is_down_is_waited_for, &migrations(), |db| async move {
    let reglages = {
        let serveur = Serveur::demarrer().await.unwrap();
        vers(&serveur).await
    };
    let banc = banc_avec(&db, reglages).await;
    let id = ecrire(&banc, "jeanne@exemple.fr").await;
    assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(0, 1, 0));
    let courriel = lu(&db, id).await;
    assert!(courriel.ligne.erreur.unwrap().contains("connexion avec le serveur d’envoi"));
    // The server is back.
    let serveur = Serveur::demarrer().await.unwrap();
    let facteur = Facteur::new(db.clone(), banc.clock.clone(), std::sync::Arc::new(vers(&serveur).await));
    banc.clock.advance(Duration::minutes(1));
    assert_eq!(facteur.tournee().await.unwrap(), tournee(1, 0, 0));
    assert_eq!(serveur.boite.recus().len(), 1);
});

testkit::db_test!(without_a_server_nothing_is_tried_and_the_page_says_so, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let id = ecrire(&banc, "jeanne@exemple.fr").await;
    assert_eq!(banc.facteur.tournee().await.unwrap(), Tournee::default());
    assert_eq!(lu(&db, id).await.ligne.essais, 0);
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir("/administration/courriels").await;
    assert!(page.contains("Aucun serveur d’envoi") && page.contains("Un courriel attend"), "{page}");
});

testkit::db_test!(a_test_site_writes_to_one_address_alone, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let reglages = Reglages { redirection: "essai@exemple.fr".into(), ..vers(&serveur).await };
    let banc = banc_avec(&db, reglages).await;
    ecrire(&banc, "jeanne@exemple.fr").await;
    assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(1, 0, 0));
    let recu = serveur.boite.recus().remove(0);
    assert_eq!(recu.destinataires, ["essai@exemple.fr"]);
    assert!(recu.texte.contains("destiné à jeanne@exemple.fr"));
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir("/administration/courriels").await;
    assert!(page.contains("tous les courriels partent à essai@exemple.fr"), "{page}");
});

testkit::db_test!(
    a_message_whose_worker_died_leaves_later_under_the_same_name,
    &migrations(),
    |db| async move {
        let serveur = Serveur::demarrer().await.unwrap();
        let banc = banc_avec(&db, vers(&serveur).await).await;
        let id = ecrire(&banc, "jeanne@exemple.fr").await;
        assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(1, 0, 0));
        // What is left when the process dies after the server's answer and before its own note.
        let sql = "UPDATE mail_message SET etat = 'a_envoyer', prochain_essai = ?, envoye_le = NULL WHERE id = ? RETURNING id";
        let reserve = banc.clock.now() + Duration::minutes(30);
        db.write(|tx| async move { db::sql::select(&*tx, sql, [reserve.into(), id.into()]).await })
            .await
            .unwrap();
        assert_eq!(banc.facteur.tournee().await.unwrap(), Tournee::default());
        banc.clock.advance(Duration::minutes(30));
        assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(1, 0, 0));
        let recus = serveur.boite.recus();
        assert_eq!(recus[0].identite, recus[1].identite);
    }
);

testkit::db_test!(two_workers_never_take_the_same_message, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, vers(&serveur).await).await;
    for n in 0..30 {
        ecrire(&banc, &format!("etudiant{n}@exemple.fr")).await;
    }
    let (une, deux) = tokio::join!(banc.facteur.tournee(), banc.facteur.tournee());
    let reste = banc.facteur.tournee().await.unwrap().envoyes + banc.facteur.tournee().await.unwrap().envoyes;
    assert_eq!(une.unwrap().envoyes + deux.unwrap().envoyes + reste, 30);
    let mut vus: Vec<_> = serveur.boite.recus().into_iter().flat_map(|r| r.destinataires).collect();
    vus.sort();
    vus.dedup();
    assert_eq!((vus.len(), serveur.boite.recus().len()), (30, 30));
});

testkit::db_test!(the_pages_find_show_and_send_again, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, vers(&serveur).await).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, vide) = anne.voir("/administration/courriels").await;
    assert!(vide.contains("Aucun courriel") && !vide.contains("Renvoyer les échecs"), "{vide}");
    let refuse = ecrire(&banc, "refuse@exemple.fr").await;
    let bon = ecrire(&banc, "jeanne@exemple.fr").await;
    banc.facteur.tournee().await.unwrap();
    let (_, liste) = anne.voir("/administration/courriels?recherche=JEANNE%40+convocation").await;
    assert!(liste.contains("jeanne@exemple.fr") && !liste.contains("refuse@exemple.fr"), "{liste}");
    let (_, liste) = anne.voir("/administration/courriels?etat=echec").await;
    assert!(liste.contains("refuse@exemple.fr") && !liste.contains("jeanne@exemple.fr"), "{liste}");
    let (_, liste) = anne.voir("/administration/courriels?recherche=iexam.inscription/12").await;
    assert!(liste.contains("refuse@exemple.fr") && liste.contains("jeanne@exemple.fr"), "{liste}");

    let (status, page) = anne.voir(&format!("/administration/courriels/{bon}")).await;
    assert_eq!(status, StatusCode::OK);
    for mot in [
        "voici votre convocation.",
        "convocation é.pdf",
        "Jeanne N&#39;Guyen-Đặng",
        "iexam.inscription/12",
        "Renvoyer",
    ] {
        assert!(page.contains(mot), "{mot}\n{page}");
    }
    let href =
        page.split("href=\"").find(|h| h.contains("/pieces/")).unwrap().split('"').next().unwrap().to_owned();
    let (status, octets) = anne.octets(&href).await;
    assert_eq!((status, octets.as_slice()), (StatusCode::OK, &b"%PDF-1.7 \xff"[..]));
    // An attachment is only found under its own message.
    let autre = href.replace(&format!("/courriels/{bon}/"), &format!("/courriels/{refuse}/"));
    assert_ne!(anne.octets(&autre).await.0, StatusCode::OK);

    let (status, _) = anne.poster(&format!("/administration/courriels/{bon}/renvoyer"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (status, page) = anne.poster(&format!("/administration/courriels/{bon}/renvoyer"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("attend déjà"), "{page}");
    banc.facteur.tournee().await.unwrap();
    let recus = serveur.boite.recus();
    assert_eq!(recus.len(), 2);
    // Asked for by somebody, it is a message of its own for who receives it.
    assert_ne!(recus[0].identite, recus[1].identite);

    let (_, page) = anne.voir(&format!("/administration/courriels/{refuse}")).await;
    assert!(page.contains("Adresse inconnue") && page.contains("Abandonné"), "{page}");
    let (status, _) = anne.poster("/administration/courriels/renvoyer-echecs", &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(lu(&db, refuse).await.ligne.etat, Etat::AEnvoyer);
    let lignes = db
        .read(|c| async move { db::journal::history(&c, "courriel", &bon.to_string(), 0, 9).await })
        .await
        .unwrap();
    assert_eq!(lignes[0].action, "courriel.renvoyer");
    let (status, _) = anne.voir("/administration/courriels/9999").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let mut luc = Navigateur::entrer(&banc, "scolarite").await;
    assert_eq!(luc.voir("/administration/courriels").await.0, StatusCode::FORBIDDEN);
});

testkit::db_test!(a_trial_is_written_to_an_address_and_nothing_else, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, vers(&serveur).await).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (status, page) =
        anne.poster("/administration/courriels/essai", &[("adresse", "a@exemple.fr, b@exemple.fr")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("n’en est pas une") && page.contains("a@exemple.fr, b@exemple.fr"), "{page}");
    let (status, _) = anne.poster("/administration/courriels/essai", &[("adresse", "anne@exemple.fr")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(banc.facteur.tournee().await.unwrap(), tournee(1, 0, 0));
    let recus = serveur.boite.recus();
    assert_eq!(recus[0].destinataires, ["anne@exemple.fr"]);
    assert!(recus[0].texte.contains("l’envoi des courriels fonctionne"), "{}", recus[0].texte);
});

testkit::db_test!(old_texts_are_erased_and_lines_kept, &migrations(), |db| async move {
    let serveur = Serveur::demarrer().await.unwrap();
    let banc = banc_avec(&db, Reglages { conserver_jours: 30, ..vers(&serveur).await }).await;
    let vieux = ecrire(&banc, "jeanne@exemple.fr").await;
    banc.facteur.tournee().await.unwrap();
    banc.clock.advance(Duration::days(20));
    let recent = ecrire(&banc, "paul@exemple.fr").await;
    banc.facteur.tournee().await.unwrap();
    banc.clock.advance(Duration::days(11));
    let attente = ecrire(&banc, "rose@exemple.fr").await;
    let effacer = || {
        administration::actions::courriels::effacer(
            &db,
            banc.clock.as_ref(),
            &banc.facteur,
            &Actor::Planification,
        )
    };
    assert_eq!(effacer().await.unwrap(), 1);
    assert_eq!(effacer().await.unwrap(), 0);
    let courriel = lu(&db, vieux).await;
    assert_eq!((courriel.texte, courriel.pieces[0].gardee), (None, false));
    assert!(lu(&db, recent).await.texte.is_some() && lu(&db, attente).await.texte.is_some());
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, page) = anne.voir(&format!("/administration/courriels/{vieux}")).await;
    assert!(page.contains("n’est plus gardé") && !page.contains("/pieces/"), "{page}");
    let (status, page) = anne.poster(&format!("/administration/courriels/{vieux}/renvoyer"), &[]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("ne peut plus être renvoyé"), "{page}");
    let tous = db
        .read(|c| async move { mail::courriel_list(&c, &Critere::default(), Paging::new(1, 2)).await })
        .await
        .unwrap();
    assert_eq!((tous.total, tous.elements.len()), (3, 2));
});
