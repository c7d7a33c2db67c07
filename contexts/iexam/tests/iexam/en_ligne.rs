//! Payment online: the attempt, and what the bank's server says of it, whole, forged, repeated, late.

use crate::banc::boutique::ACCEPTE;
use crate::banc::{Banc, annee, banc, migrations, scolarite};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use contracts::apogee::Adresse;
use iexam::actions::annuler::annuler;
use iexam::actions::en_ligne_fault::EnLigneFault;
use iexam::actions::encaisser::encaisser;
use iexam::actions::notifier::notifier;
use iexam::actions::payer_en_ligne::payer_en_ligne;
use iexam::actions::tenir::Saisie;
use iexam::domain::ecriture::Moyen;
use iexam::domain::inscription::EtatInscription as E;
use iexam::domain::paiement::{EtatPaiement, Verdict};
use iexam::store::paiement::{Paiement, paiements_de};
use kernel::{Cents, NumeroEtudiant};
use tower::ServiceExt as _;

// printf '%s' "$SIGNE" | openssl dgst -sha1 -sign prive.pem | base64 -w0, then URL-encoded
const SECOND_DEBIT: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Auto=654321&Erreur=00000&Trans=563000999&Appel=721000999&Sign=MR8fPib5DW9MDx4hq4lufyL7IsTZfGDeo4dbJdxNeWV4Zj6Sl3BUBn2M89KbziXd9VII06SoFeouJxUx%2F65ioveObQJGnS2X%2FS75nn%2Fi5zXc0O4IB5sI4xGMcS0YaC3gQrJoyu4fyLyQzc7ywmqiUoPsFdCMxYHrZ5KcYDvgWEAilIcZB8b%2BsLLwct%2B99h44kue8z6pmsCMShZiOofH8cFsmsqa61TMdTqgdGkZ5AWKHcJ2ynw43PhFwqWowoApvX8wo1SOGzrydAcuzpakCubV7KEtg3ZnPWEWf0ejzmSvdlkYyqK%2Bcrbpg8jFfdHcf8hPPF0NU4jPraviI%2FYdtrQ%3D%3D";
const AUTRE_MONTANT: &str = "Mt=5900&Ref=P1-2024-22000001-1-0A1B2C3D&Auto=123456&Erreur=00000&Trans=563000123&Appel=721000456&Sign=ooXP5bv232HRw7pKRlr1ex1zXvqW6R9gywuu40%2FSfH8ffTcXzWLy3OwcPm%2Fd3NLY70sMyQC%2ByzS42ciYftGJ4Bnn9kVBZM4NpGconjpivOPggB3CUlDI6xWiZ93rQtYR9yd4kgOeezznXz0URT19cSlSOrVL8L5j%2FwvSOlXShMN9sbBUsJJhQ3BB5R5UYDM8MVUELwftFtGDiltXmO1Bbmfd24gyW0Is2hgEN%2BXF6gaHFbhJabtnJ4Rx%2BVJ5DqHdVx25Yf1DjimmMmOO5PPdntS2bqNoTnkADVzUUQW8UGIkmqw%2B8puS9qIpRWBanO0PC8daHMhTPY9sK7knQYE6mg%3D%3D";
const INCONNUE: &str = "Mt=6000&Ref=P9-2024-1-1&Auto=123456&Erreur=00000&Trans=563000124&Appel=721000457&Sign=d13oAz14vKTU9WT7PnwHRjxnr1y9o1OQCf%2FHAMJ2VLNdYiaOg5jIrnZhrOeGh9OR0qjyDyq7Y9pyWI7UQPuUXyAtA2vhHvTVLe9NMfglZN7sxGGmA4W9Mhq1LaQB9v2sX%2BDpuYnqH7KTChYm6Kj8gvssLLoaRJZCJ1y9QhQrtNrgyek2FVn6KWmzPKW%2F1G%2Ftbb4TICzBJHMauTIBelvzgmbqUlNi3mphA%2BNriVdsHMUFrbOUi9ToxDMDOu8rf26TNMAWEpSuY%2FfnbNHDCdR3z3uXyPR3GIla1sYWi9LeAAiABJeKK%2BR2o5OCsTd4U0e%2BOoD4RtD5ZZC%2BbjEKcJqP9g%3D%3D";
const REFUSE: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Erreur=00151&Trans=0&Appel=721000458&Sign=egBnS1IV2Wt4rg%2Fg98oOv1WsNppPRYGLAgIeNreJBFfuwnVMas5sECGiZcjpKweB4NRcWVzVeW4FaF4ljHp1sBvQ7nnTx9fq0ddre6voqKmTFty4lQmiGzLZN2mUYscGMnuV5Nkb4k85cuqXJ724sb9NvGpJ3N6BHkMEijB3PpOUroxe0JET9zP0URJ4ti1ew%2FIpglK2g5ay5un4JkmlC5cEz%2F%2BoZv%2FZB%2FOYVhCIGlNnWGcCDHvVeOrlFe2itus94DLcvg5cLtqvUz3p8LjQ8%2FhbvCqYnw3bLN2XGBjzCkgQnck%2FKBhPzPc2%2B5L0uOm4xKkEMA1QRrKH51uQ49xoVg%3D%3D";
const EN_ATTENTE: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Erreur=99999&Trans=0&Appel=721000459&Sign=R9tzsbR6LH7FKbzOdSlQXSC%2FJIb2CbT9aVJXQGbdPQ0%2FmSAoC6f7wqrBcHTlJJ%2FB66G7tNNEw5lfi8Yo93cCUKOgXlqj26UjBQigGdcEOLSEVnXSzHRa95RuHpYB0bmUl6wTSWD%2B%2BtKGhqNUJcN2unjH0xlHiE2lCOyqXCdr%2BASftciR4PU3Vd6qtIbrn1jb%2B4J%2BKowLoQebvhQLizIO8gnXinC999HlkM2OorqeNf7SAwh%2BIhntRldQ6xR7nHAcXmes%2BxjjGwPOvwl%2BHnpPgXzS4XB0XPzRvg2KLX8PnHrM1%2FCpyXOTcMUfbrqTmdSMPRHIRlQnWVozy5T9dCctRg%3D%3D";
const ABANDON: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Erreur=00001&Trans=0&Appel=721000460&Sign=HmgRXqh8gAYkQunndXNzlMTPnPldL%2BO0TRvb57TqBubd0fk81fRdJi8YtPu0nuxfJH%2BJMD%2BCf5XamCmNzxUce8Tg4qt%2BSnlIDE7%2BxdwDCCari4riC3SqydQwI7jAEfyi8Yf09rCwkvueFpXUWFuSuhXUWa3N4qFu%2FkcQ0a9nIVbTHxyv7bi3lpPC2SVCdfwCSHX5Q4tON59l%2FdqLmbyzg8VKwzxXSfOONSYlXlf9gR0%2FZWS2NARyfAfhIgVXLWPshPI0sw7GQPUmKcrQCoWvNfm8%2FPq0QA1KFRWp2iZoDKAIG2rcBbtMVuxfnbBvJwoFE1RIEfZG1Z5UufiZGYDz6Q%3D%3D";

impl Banc {
    async fn essais(&self, id: i64) -> Vec<Paiement> {
        self.db.read(|c| async move { paiements_de(&c, id).await }).await.unwrap()
    }

    async fn paye(&self) -> u64 {
        self.nombre("SELECT COALESCE(CAST(SUM(-montant_cents) AS BIGINT), 0) FROM iexam_ecriture WHERE moyen = 'en_ligne'").await
    }
}

testkit::db_test!(the_bank_settles_once_and_finalises, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Accepte);
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Finalisee, Cents::ZERO));
    let p = &b.essais(id).await[0];
    assert_eq!((p.etat, p.transaction.as_deref()), (EtatPaiement::Accepte, Some("563000123")));
    assert!(p.ecriture.is_some());
    for _ in 0..3 {
        assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Rejoue);
    }
    assert_eq!(b.paye().await, 6000, "replayed, nothing twice");
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_notification").await, 4);
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message WHERE sujet LIKE '%définitive%'").await, 1);
    // A refusal that arrives after the payment takes nothing back.
    assert_eq!(notifier(&b.iexam, REFUSE).await.unwrap(), Verdict::RefusBanque);
    assert_eq!((b.essais(id).await[0].etat, b.lue(id).await.etat), (EtatPaiement::Accepte, E::Finalisee));
});

testkit::db_test!(two_notifications_at_once_make_one_row, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    b.tentative().await;
    let verdicts = futures::future::join_all((0..6).map(|_| notifier(&b.iexam, ACCEPTE))).await;
    let acceptes = verdicts.into_iter().map(Result::unwrap).filter(|v| *v == Verdict::Accepte).count();
    assert_eq!((acceptes, b.paye().await), (1, 6000));
});

testkit::db_test!(what_is_forged_or_not_ours_settles_nothing, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    let gonflee = ACCEPTE.replacen("Mt=6000", "Mt=9000", 1);
    let autre = ACCEPTE.replacen("&Erreur", "&erreur", 1);
    let nue = ACCEPTE.split("&Sign=").next().unwrap();
    for fausse in [gonflee.as_str(), autre.as_str(), nue, "", "&Sign=", "Mt=1"] {
        assert_eq!(notifier(&b.iexam, fausse).await.unwrap(), Verdict::Signature, "{fausse}");
    }
    assert_eq!(notifier(&b.iexam, AUTRE_MONTANT).await.unwrap(), Verdict::Montant);
    assert_eq!(notifier(&b.iexam, INCONNUE).await.unwrap(), Verdict::Reference);
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde, b.paye().await), (E::Verifiee, Cents(6000), 0));
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_notification").await, 8, "each is kept");
    assert_eq!(
        b.nombre("SELECT COUNT(*) FROM iexam_notification WHERE verdict = 'signature' AND reference <> ''")
            .await,
        0
    );
    assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Accepte, "the true one still settles");
});

testkit::db_test!(a_late_payment_is_kept_and_shows_as_overpaid, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    annuler(&b.iexam, &[id], "Abandon de l’étudiant", None, &scolarite()).await.unwrap();
    assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Tardif);
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Annulee, Cents(-6000)), "never lost: to be given back");
});

testkit::db_test!(paid_at_the_desk_meanwhile_is_late_too, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    let saisie = Saisie { inscription: id, montant: Cents(6000), vu: None, cle: None };
    encaisser(&b.iexam, saisie, Moyen::Cheque, "1", false, &scolarite()).await.unwrap();
    assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Tardif);
    assert_eq!(b.lue(id).await.solde, Cents(-6000));
});

testkit::db_test!(a_second_debit_of_one_reference_is_money_all_the_same, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    notifier(&b.iexam, ACCEPTE).await.unwrap();
    assert_eq!(notifier(&b.iexam, SECOND_DEBIT).await.unwrap(), Verdict::Tardif);
    assert_eq!(notifier(&b.iexam, SECOND_DEBIT).await.unwrap(), Verdict::Rejoue);
    assert_eq!((b.lue(id).await.solde, b.paye().await), (Cents(-6000), 12_000));
    assert_eq!(b.essais(id).await.len(), 2);
});

testkit::db_test!(refused_waiting_and_given_up_are_told_apart, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.tentative().await;
    for (brut, etat) in [
        (EN_ATTENTE, EtatPaiement::EnAttente),
        (REFUSE, EtatPaiement::Refuse),
        (ABANDON, EtatPaiement::Abandonne),
    ] {
        assert_eq!(notifier(&b.iexam, brut).await.unwrap(), Verdict::RefusBanque);
        assert_eq!((b.essais(id).await[0].etat, b.lue(id).await.solde), (etat, Cents(6000)));
    }
    assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Accepte, "the bank made up its mind");
});

testkit::db_test!(forged_notifications_do_not_fill_the_base, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    for n in 0..70 {
        let fausse = format!("Mt={n}&Sign=AAAA");
        assert_eq!(notifier(&b.iexam, &fausse).await.unwrap(), Verdict::Signature);
    }
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_notification").await, 60);
});

testkit::db_test!(an_attempt_is_written_before_the_student_leaves, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    let id = b.dette().await;
    let qui = NumeroEtudiant::from("22000001");
    let acteur = scolarite();
    let partir = || payer_en_ligne(&b.iexam, annee(), "P1", &qui, &acteur);
    let (requete, montant) = partir().await.unwrap();
    let essai = &b.essais(id).await[0];
    assert_eq!((montant, essai.montant, essai.etat), (Cents(6000), Cents(6000), EtatPaiement::Commence));
    let champ = |nom: &str| requete.champs().iter().find(|(n, _)| *n == nom).unwrap().1.clone();
    assert_eq!((champ("PBX_TOTAL"), champ("PBX_CMD")), ("6000".into(), essai.reference.clone()));
    assert_eq!(champ("PBX_REPONDRE_A"), "https://telemaque.exemple.fr/iexam/paybox/ipn");
    assert!(champ("PBX_BILLING").contains("<CountryCode>250</CountryCode>"), "France, when nothing is known");
    let noumea = Adresse {
        lignes: vec!["12 rue de l’Alma".into(), "Appt 4".into()],
        ville: Some("NOUMÉA".into()),
        code_pays: Some("988".into()),
        ..Adresse::default()
    };
    b.offre.0.lock().unwrap().domiciles.push((qui.clone(), noumea));
    let (requete, _) = partir().await.unwrap();
    let billing = &requete.champs().iter().find(|(n, _)| *n == "PBX_BILLING").unwrap().1;
    let la_bas = "<Address1>12 RUE DE L ALMA APPT 4</Address1><ZipCode>INCONNU</ZipCode><City>NOUMEA</City><CountryCode>540";
    assert!(billing.contains(la_bas), "{billing}");
    let references: std::collections::BTreeSet<_> =
        b.essais(id).await.into_iter().map(|p| p.reference).collect();
    assert_eq!(references.len(), 2, "each attempt has its own reference");

    b.executer("UPDATE iexam_inscription SET etat = 'validee'", vec![]).await;
    assert!(matches!(partir().await, Err(EnLigneFault::PasVerifiee)));
    b.executer("UPDATE iexam_inscription SET etat = 'finalisee', solde_cents = 0", vec![]).await;
    assert!(matches!(partir().await, Err(EnLigneFault::RienADevoir)));
    let autre = NumeroEtudiant::from("22000002");
    let inconnu = payer_en_ligne(&b.iexam, annee(), "P1", &autre, &scolarite()).await;
    assert!(matches!(inconnu, Err(EnLigneFault::Inconnue)), "somebody else's registration is not one's own");
});

testkit::db_test!(the_bank_is_answered_by_a_status_alone, &migrations(), |db| async move {
    let b = banc(&db).avec_boutique(&[]);
    b.tentative().await;
    let pages = iexam::web::routes(&b.iexam).into_router();
    for (brut, statut) in [
        (ACCEPTE, StatusCode::OK),
        (ACCEPTE, StatusCode::OK),
        (INCONNUE, StatusCode::OK),
        ("Mt=6000&Ref=A1&Sign=AAAA", StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
    ] {
        let demande = Request::get(format!("/iexam/paybox/ipn?{brut}")).body(Body::empty()).unwrap();
        let reponse = pages.clone().oneshot(demande).await.unwrap();
        assert_eq!(reponse.status(), statut, "{brut}");
        let corps = axum::body::to_bytes(reponse.into_body(), 100).await.unwrap();
        assert!(corps.is_empty());
    }
    assert_eq!(b.paye().await, 6000);
});
