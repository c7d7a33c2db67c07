//! Jobs listed, asked to stop, asked again, forgotten.

use axum::http::StatusCode;
use chrono::Duration;
use jobs::{Etat, NewJob};
use kernel::{Actor, Clock};
use serde_json::json;

use crate::banc::{Banc, Navigateur, banc, migrations};

async fn demander(banc: &Banc) -> i64 {
    let new = NewJob {
        nature: "essai.faire".into(),
        charge: json!({ "nom": "<i>x</i>" }),
        verrou: None,
        acteur: Actor::Commande,
    };
    banc.queue.enqueue(new).await.unwrap().0
}

testkit::db_test!(a_job_is_followed_stopped_and_asked_again, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (_, vide) = anne.voir("/administration/travaux").await;
    assert!(vide.contains("Aucun travail") && vide.contains("toutes les 5 minutes"), "{vide}");

    let id = demander(&banc).await;
    let job = banc.queue.claim(&["essai.faire"]).await.unwrap().unwrap();
    banc.queue.fail(&job, "La source <Kofr> ne répond pas. Relancez plus tard.").await.unwrap();
    let (_, liste) = anne.voir("/administration/travaux?etat=echoue").await;
    assert!(
        liste.contains("Essai : faire") && liste.contains("La source &#60;Kofr&#62; ne répond pas"),
        "{liste}"
    );
    let (_, accueil) = anne.voir("/administration").await;
    assert!(
        accueil.contains("Travaux échoués")
            && accueil.contains("href=\"/administration/travaux?etat=echoue\""),
        "{accueil}"
    );
    assert!(accueil.contains("corrections &#60;prennent&#62; fin"), "{accueil}");

    let page = format!("/administration/travaux/{id}");
    let (_, un) = anne.voir(&page).await;
    assert!(un.contains("Ce travail a échoué") && un.contains(&format!("{page}/relancer")), "{un}");
    assert_eq!(anne.poster(&format!("{page}/relancer"), &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(banc.queue.read(jobs::JobId(id)).await.unwrap().unwrap().etat, Etat::EnAttente);
    assert_eq!(
        anne.poster(&format!("{page}/relancer"), &[]).await.0,
        StatusCode::CONFLICT,
        "it is not asked twice"
    );
    assert_eq!(anne.poster(&format!("{page}/arreter"), &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(banc.queue.read(jobs::JobId(id)).await.unwrap().unwrap().etat, Etat::Annule);
    assert_eq!(anne.poster(&format!("{page}/arreter"), &[]).await.0, StatusCode::CONFLICT);
    let (_, journal) = anne.voir("/administration/journal?objet=travail").await;
    assert!(journal.contains("Travail relancé") && journal.contains("Travail arrêté"), "{journal}");
    for inconnu in ["0", "-1", "999999999"] {
        assert_eq!(
            anne.voir(&format!("/administration/travaux/{inconnu}")).await.0,
            StatusCode::NOT_FOUND,
            "{inconnu}"
        );
    }
});

testkit::db_test!(old_jobs_are_forgotten_by_rule_and_it_is_said, &migrations(), |db| async move {
    let banc = banc(&db).await;
    demander(&banc).await;
    let reste = demander(&banc).await;
    let job = banc.queue.claim(&["essai.faire"]).await.unwrap().unwrap();
    banc.queue.finish(&job, json!({})).await.unwrap();
    banc.clock.advance(Duration::days(91));
    let purger = async || {
        let acteur = Actor::Planification;
        administration::actions::purger::purger(&banc.db, banc.clock.as_ref(), &banc.queue, 90, &acteur)
            .await
            .unwrap()
    };
    assert_eq!((purger().await, purger().await), (1, 0));
    assert!(banc.queue.read(jobs::JobId(reste)).await.unwrap().is_some(), "what waits stays");
    let cle = "tous";
    let lignes =
        banc.db.read(|c| async move { db::journal::history(&c, "travaux", cle, 0, 9).await }).await.unwrap();
    assert_eq!(lignes.len(), 1, "a purge that finds nothing writes nothing");
    assert_eq!(banc.clock.now().date_naive().to_string(), "2024-07-02");
});
