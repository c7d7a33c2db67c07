//! Where the bank notifies from, and what comes once a period is archived.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crate::banc::boutique::ACCEPTE;
use crate::banc::{Banc, banc};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use db::{Db, Migration, Paging};
use iexam::actions::notifier::{notifier, notifier_depuis};
use iexam::domain::inscription::EtatInscription as E;
use iexam::domain::paiement::Verdict;
use iexam::store::paiement::{Notification, notification_list};
use kernel::{Cents, FixedClock};
use tower::ServiceExt as _;
use web::{Shell, Web};

const FAUSSE: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Sign=AAAA";

fn migrations() -> Vec<Migration> {
    [jobs::MIGRATIONS, mail::MIGRATIONS, web::MIGRATIONS, iexam::MIGRATIONS].concat()
}

/// A registration that owes 60 €, an attempt to pay it, and a shop whose bank is said to notify from there.
async fn decor(db: &Db, adresses: &[&str]) -> (Banc, i64) {
    let b = banc(db).avec_boutique(adresses);
    let id = b.tentative().await;
    (b, id)
}

async fn recues(b: &Banc) -> Vec<Notification> {
    let page = Paging::new(1, 50);
    b.db.read(|c| async move { notification_list(&c, &[], page).await }).await.unwrap().elements
}

fn ip(texte: &str) -> Option<IpAddr> {
    Some(texte.parse().unwrap())
}

testkit::db_test!(an_empty_list_lets_the_signature_decide_alone, &migrations(), |db| async move {
    let (b, id) = decor(&db, &[]).await;
    assert_eq!(notifier_depuis(&b.iexam, ACCEPTE, None).await.unwrap(), Verdict::Accepte);
    assert_eq!(b.lue(id).await.etat, E::Finalisee);
});

testkit::db_test!(a_notification_from_elsewhere_is_refused_and_recorded, &migrations(), |db| async move {
    let (b, id) = decor(&db, &["195.101.99.76", "2001:db8::7"]).await;
    for de in [ip("203.0.113.9"), ip("::ffff:203.0.113.9"), None] {
        assert_eq!(notifier_depuis(&b.iexam, ACCEPTE, de).await.unwrap(), Verdict::Origine, "{de:?}");
    }
    assert_eq!(notifier_depuis(&b.iexam, FAUSSE, ip("203.0.113.9")).await.unwrap(), Verdict::Signature);
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Verifiee, Cents(6000)), "nothing is settled");
    let recues = recues(&b).await;
    assert_eq!(recues.len(), 4);
    let origine: Vec<_> = recues.iter().filter(|n| n.verdict == Verdict::Origine).collect();
    assert!(origine.iter().all(|n| n.montant == Some(Cents(6000)) && n.reference.starts_with("P1-2024")));
    assert_eq!(origine.iter().filter(|n| n.detail.contains("203.0.113.9")).count(), 2);
    assert!(origine.iter().any(|n| n.detail.contains("une adresse inconnue")));
    assert!(Verdict::Origine.inquiete(), "somebody is told to look");
    // From the bank itself, the same one still settles, once.
    for (de, verdict) in [("195.101.99.76", Verdict::Accepte), ("2001:db8::7", Verdict::Rejoue)] {
        assert_eq!(notifier_depuis(&b.iexam, ACCEPTE, ip(de)).await.unwrap(), verdict);
    }
    assert_eq!(b.lue(id).await.etat, E::Finalisee);
});

testkit::db_test!(
    the_address_is_the_bank_s_behind_our_proxy_and_nobody_s_word,
    &migrations(),
    |db| async move {
        let (b, id) = decor(&db, &["195.101.99.76"]).await;
        let settings =
            web::Settings { mandataires: vec!["10.0.0.2".parse().unwrap()], ..web::Settings::default() };
        let web = Web::new(b.db.clone(), Arc::<FixedClock>::clone(&b.clock), settings, Shell::default());
        let pages = web.serve(iexam::web::routes(&b.iexam));
        let demander = async |pair: &str, pour: Option<&str>| {
            let mut demande = Request::get(format!("/iexam/paybox/ipn?{ACCEPTE}"));
            if let Some(pour) = pour {
                demande = demande.header("x-forwarded-for", pour);
            }
            let mut demande = demande.body(Body::empty()).unwrap();
            let pair: SocketAddr = format!("{pair}:40000").parse().unwrap();
            demande.extensions_mut().insert(ConnectInfo(pair));
            pages.clone().oneshot(demande).await.unwrap().status()
        };
        assert_eq!(demander("203.0.113.9", None).await, StatusCode::FORBIDDEN);
        // Whoever is not our proxy may say what they like.
        assert_eq!(demander("203.0.113.9", Some("195.101.99.76")).await, StatusCode::FORBIDDEN);
        assert_eq!(demander("10.0.0.2", Some("195.101.99.76, 203.0.113.9")).await, StatusCode::FORBIDDEN);
        assert_eq!(b.lue(id).await.etat, E::Verifiee);
        assert_eq!(demander("10.0.0.2", Some("195.101.99.76")).await, StatusCode::OK);
        assert_eq!(b.lue(id).await.etat, E::Finalisee);
    }
);

testkit::db_test!(
    a_notification_for_an_archived_period_is_kept_and_writes_no_money,
    &migrations(),
    |db| async move {
        let (b, id) = decor(&db, &[]).await;
        b.executer("UPDATE iexam_periode SET etat = 'archivee'", vec![]).await;
        let avant = b.lue(id).await;
        assert_eq!(notifier(&b.iexam, ACCEPTE).await.unwrap(), Verdict::Scellee);
        assert_eq!(b.lue(id).await, avant);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_ecriture WHERE moyen = 'en_ligne'").await, 0);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_paiement WHERE etat <> 'commence'").await, 0);
        let recue = &recues(&b).await[0];
        assert!(recue.detail.contains("archivée") && recue.detail.contains("remboursez"), "{}", recue.detail);
        assert!(Verdict::Scellee.inquiete());
    }
);
