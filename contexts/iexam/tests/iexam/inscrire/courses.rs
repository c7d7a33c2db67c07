//! Two clicks, two tabs, the last place, the last minute: exactly one registration.

use iexam::actions::enregistrer::{Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, valider};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision::{Passe, Report};
use iexam::domain::inscription::EtatInscription;
use iexam::domain::validation::Obstacle;
use kernel::{Clock as _, Fault as _};

use crate::banc::{annee, banc, instant};
use crate::inscrire::decor::{ACTEUR, Decor, decor, migrations, voulu};

testkit::db_test!(two_clicks_are_one_registration_and_the_same_receipt, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
    let relecture = &b.relecture(&n, "P1").await;
    let clic = || valider(&b.iexam, &n, (annee(), "P1"), relecture, &ACTEUR);
    let (un, deux) = tokio::join!(clic(), clic());
    let (un, deux) = (un.unwrap(), deux.unwrap());
    assert_eq!(un.recu, deux.recu);
    assert_ne!(un.deja, deux.deja);
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_recu").await, 1);
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message").await, 1);
    assert_eq!(b.nombre("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
});

testkit::db_test!(a_second_tab_is_told_what_the_first_did_and_chooses, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    let envoi = |revision, onglet: &str, v: Voulu| Saisie { revision, onglet: onglet.into(), voulu: v };
    let ecrire = async |s: Saisie| enregistrer(&b.iexam, &n, (annee(), "P1"), &s, &ACTEUR).await;
    // Two pages opened on nothing; the first writes twice without waiting for its answer: it is not in conflict with itself.
    ecrire(envoi(0, "a", voulu(&[(e[0], Passe)], None, None))).await.unwrap();
    ecrire(envoi(0, "a", voulu(&[(e[0], Passe), (e[1], Passe)], None, None))).await.unwrap();
    let refus = ecrire(envoi(0, "b", voulu(&[(e[0], Report)], None, None))).await.unwrap_err();
    let InscrireFault::Conflit { revision, .. } = refus else { panic!("{refus:?}") };
    assert_eq!(revision, 2);
    assert_eq!(b.dossier(&n, "P1").await.tenu().choix[&e[0]], Passe, "nothing was written");
    // Told, the second goes on knowingly.
    ecrire(envoi(revision, "b", voulu(&[(e[0], Report), (e[1], Passe)], Some(m), None))).await.unwrap();
    // What the first then confirms is not what it read.
    let vieux = Relecture { revision: 2, ..b.relecture(&n, "P1").await };
    let refus = valider(&b.iexam, &n, (annee(), "P1"), &vieux, &ACTEUR).await.unwrap_err();
    assert!(matches!(refus, InscrireFault::Conflit { revision: 3, .. }), "{refus:?}");
    b.valider(&n, "P1").await.unwrap();
    // Confirmed: another tab comes too late, and is told of the receipt.
    let refus = ecrire(envoi(3, "c", voulu(&[(e[0], Passe)], Some(m), None))).await.unwrap_err();
    assert!(
        matches!(refus, InscrireFault::DejaValidee { .. }) && refus.message().contains("2024-P1-"),
        "{refus:?}"
    );
});

testkit::db_test!(
    a_deadline_that_falls_while_the_page_is_open_keeps_the_draft,
    &migrations(),
    |db| async move {
        let Decor { b, n, m, e, .. } = decor(&db).await;
        b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
        let relecture = b.relecture(&n, "P1").await;
        b.clock.advance(instant(2024, 12, 15, 12) - b.clock.now());
        let refus = valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await.unwrap_err();
        assert_eq!(refus.slug(), "inscriptions-fermees");
        assert!(
            refus.message().contains("15 décembre 2024 à 13\u{a0}h\u{a0}00")
                && refus.way_out().contains("scolarité"),
            "{}",
            refus.message()
        );
        let refus =
            b.brouillon(&n, voulu(&[(e[0], Report), (e[1], Passe)], Some(m), None)).await.unwrap_err();
        assert_eq!(refus.slug(), "inscriptions-fermees");
        let d = b.dossier(&n, "P1").await;
        assert_eq!(
            (d.etat(), d.tenu().choix[&e[0]]),
            (EtatInscription::Brouillon, Passe),
            "the draft is as it was"
        );
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_recu").await, 0);
    }
);

testkit::db_test!(
    sixteen_submissions_for_three_places_are_three_registrations,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "inscriptions").await;
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), Some(3)).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let mut envois = Vec::new();
        for i in 0..16 {
            let n = b.etudiant(&format!("220001{i:02}"), &["DROI1"]);
            b.brouillon(&n, voulu(&[(e, Passe)], Some(m), None)).await.unwrap();
            let (iexam, relecture) = (b.iexam.clone(), b.relecture(&n, "P1").await);
            envois.push(tokio::spawn(async move {
                valider(&iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await
            }));
        }
        let (mut faits, mut pleins) = (0, 0);
        for envoi in envois {
            match envoi.await.unwrap() {
                Ok(_) => faits += 1,
                Err(InscrireFault::Complet(nom)) if nom == "Modalité tele_examen" => pleins += 1,
                // Read when the three had gone: refused by the count rather than by the last place.
                Err(InscrireFault::Obstacles(o)) if matches!(o[0], Obstacle::Modalite(..)) => pleins += 1,
                Err(autre) => panic!("{autre:?}"),
            }
        }
        assert_eq!((faits, pleins), (3, 13));
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription WHERE tient_place").await, 3);
        assert_eq!(b.nombre("SELECT prises FROM iexam_offre").await, 3);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_recu").await, 3);
    }
);

testkit::db_test!(
    those_who_confirm_together_are_refused_one_by_one_and_written_whole,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "inscriptions").await;
        let domicile = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
        let ailleurs = b.modalite(p, "centre_etranger", "centre", (6000, 0), None).await;
        let noumea = b.centre(p, ailleurs, "NOUMEA", "Pacific/Noumea", "accepte", Some(2)).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let mut demandes = Vec::new();
        for i in 0..12 {
            let n = b.etudiant(&format!("220002{i:02}"), &["DROI1"]);
            let (m, c) = if i % 3 == 0 { (ailleurs, Some(noumea)) } else { (domicile, None) };
            b.brouillon(&n, voulu(&[(e, Passe)], Some(m), c)).await.unwrap();
            let relecture = b.relecture(&n, "P1").await;
            // One has read over something else; another clicks twice.
            let relecture = Relecture { revision: if i == 1 { 7 } else { relecture.revision }, ..relecture };
            demandes.extend(std::iter::repeat_n((i, n, relecture), if i == 2 { 2 } else { 1 }));
        }
        let periode = (annee(), "P1");
        let envois = demandes.iter().map(|(_, n, r)| valider(&b.iexam, n, periode, r, &ACTEUR));
        let issues = futures::future::join_all(envois).await;
        let mut recus = Vec::new();
        let (mut complets, mut deja) = (0, 0);
        for ((i, ..), issue) in demandes.iter().zip(issues) {
            match issue {
                Ok(validee) if validee.deja => deja += 1,
                Ok(validee) => recus.push(validee.recu),
                Err(InscrireFault::Conflit { .. }) => assert_eq!(*i, 1),
                Err(InscrireFault::Complet(_) | InscrireFault::Obstacles(_)) => complets += 1,
                Err(autre) => panic!("{autre:?}"),
            }
        }
        recus.sort();
        recus.dedup();
        assert_eq!(
            (recus.len(), complets, deja),
            (9, 2, 1),
            "eight at home but one, two of the four in Nouméa"
        );
        assert_eq!(b.nombre("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 9);
        assert_eq!(b.nombre("SELECT prises FROM iexam_accord").await, 2);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription WHERE etat = 'validee'").await, 9);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_recu").await, 9);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message").await, 9);
        let faites = "SELECT COUNT(*) FROM journal WHERE action = 'inscription_examen.valider'";
        assert_eq!(b.nombre(faites).await, 9);
        let dus = "SELECT CAST(SUM(montant_cents) AS BIGINT) FROM iexam_ecriture";
        assert_eq!(b.nombre(dus).await, 7 * 6000 + 2 * 6000);
    }
);
