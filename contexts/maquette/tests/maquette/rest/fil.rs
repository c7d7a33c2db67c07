//! The feed: every change once, in order, none skipped, none told to who may not read its object.

use std::time::Duration;

use axum::http::StatusCode;
use db::Db;
use kernel::{Actor, Scope};
use maquette::domain::{Changement, Demande, EtatCollecte, Genre, Portee, Sorte, Valeur};
use maquette::store::changement::changement_insert;
use maquette::store::collecte::{Suite, collecte_create, collecte_update};
use maquette::store::fil::fil_forget;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::banc::{Banc, annee, offre};
use crate::rest::client::{Guichet, migrations};

const FIL: &str = "/api/v1/changements";

async fn guichet(banc: &Banc) -> Guichet {
    let mut g = Guichet::new(banc);
    g.jeton("fil", &[Scope::ChangementsLire, Scope::MaquetteLire]).await;
    g.jeton("muet", &[Scope::ChangementsLire]).await;
    g
}

/// All that comes after a cursor, `taille` at a time, and the last cursor.
async fn suivre(g: &Guichet, mut depuis: i64, taille: u64) -> (Vec<Value>, i64) {
    let mut vus = Vec::new();
    loop {
        let r = g.bon("fil", &format!("{FIL}?depuis={depuis}&taille={taille}")).await.json();
        vus.extend(r["elements"].as_array().unwrap().iter().cloned());
        let suivant = r["curseur"].as_i64().unwrap();
        assert!(suivant >= depuis, "a cursor never goes back");
        depuis = suivant;
        if r["encore"] == json!(false) {
            return (vus, depuis);
        }
    }
}

testkit::db_test!(a_consumer_follows_what_changes, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    let g = guichet(&banc).await;
    banc.dire(|d| d.structure = offre(30));
    banc.collecter(Portee::Offre).await;
    let present = g.bon("fil", FIL).await.json();
    assert_eq!((&present["encore"], &present["elements"]), (&json!(false), &json!([])));
    let depart = present["curseur"].as_i64().unwrap();
    assert!(depart > 0);
    let rien = g.bon("fil", &format!("{FIL}?depuis={depart}")).await;
    assert_eq!(rien.json()["elements"], json!([]));
    let inchange = g.demander("fil", &format!("{FIL}?depuis={depart}"), &rien.etag()).await;
    assert_eq!(inchange.status, StatusCode::NOT_MODIFIED);

    banc.dire(|d| {
        d.structure.elements[1].libelle = "Un nouveau libellé".into();
        d.structure.elements.pop();
    });
    // A comparison that applies nothing is no event, nor is one that stops to be confirmed.
    banc.essayer(Portee::Offre, true).await.unwrap();
    assert_eq!(suivre(&g, depart, 50).await.0, Vec::<Value>::new());
    let tenue = banc.porte.dits.lock().unwrap().structure.clone();
    banc.dire(|d| d.structure.elements.truncate(10));
    assert_eq!(banc.collecter(Portee::Offre).await.etat, "a_confirmer");
    assert_eq!(suivre(&g, depart, 50).await.0, Vec::<Value>::new());

    banc.dire(|d| d.structure = tenue);
    banc.collecter(Portee::Offre).await;
    let (vus, fin) = suivre(&g, depart, 50).await;
    let dits: Vec<Value> = vus
        .iter()
        .filter(|e| e["genre"] == "element")
        .map(|e| json!([e["sorte"], e["cle"], e["lien"]]))
        .collect();
    assert_eq!(
        dits,
        [
            json!(["modification", ["E001"], "/api/v1/maquette/elements/E001?annee=2023"]),
            json!(["fermeture", ["E029"], "/api/v1/maquette/elements/E029?annee=2023"]),
        ]
    );
    assert!(!vus.iter().any(|e| e.to_string().contains("nouveau libellé")), "never the data");
    for taille in [1, 2, 3] {
        assert_eq!(suivre(&g, depart, taille).await, (vus.clone(), fin), "by {taille}");
    }
    let elements = g.bon("fil", &format!("{FIL}?depuis={depart}&genre=element")).await.json();
    assert_eq!(elements["elements"].as_array().unwrap().len(), 2);
    for e in &vus {
        if let Some(lien) = e["lien"].as_str().filter(|_| e["genre"] != "anomalie") {
            assert_eq!(g.bon("fil", lien).await.status, StatusCode::OK, "{lien}");
        }
    }
    // What may not be read is not told, and the cursor moves on all the same.
    let muet = g.bon("muet", &format!("{FIL}?depuis={depart}")).await.json();
    assert_eq!((&muet["elements"], &muet["curseur"]), (&json!([]), &json!(fin)));
});

testkit::db_test!(a_cursor_that_cannot_be_followed_is_told, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    let g = guichet(&banc).await;
    banc.dire(|d| d.structure = offre(3));
    banc.collecter(Portee::Offre).await;
    let present = g.bon("fil", FIL).await.json()["curseur"].as_i64().unwrap();
    db.write(|tx| async move { fil_forget(&*tx, 5).await }).await.unwrap();
    for (depuis, attendu) in [(4, StatusCode::GONE), (5, StatusCode::OK), (present + 1, StatusCode::GONE)] {
        let r = g.lire("fil", &format!("{FIL}?depuis={depuis}")).await;
        assert_eq!(r.status, attendu, "{depuis}");
        if attendu == StatusCode::GONE {
            let dit = r.json();
            assert_eq!(dit["type"], json!("urn:telemaque:fil-oublie"));
            assert!(dit["detail"].as_str().unwrap().contains(&present.to_string()));
        }
    }
    for faux in ["depuis=-1", "depuis=x", "page=2", "recherche=x", "depuis=5&genre=rien", "taille=501"] {
        let r = g.lire("fil", &format!("{FIL}?{faux}")).await.status;
        assert_eq!(r, StatusCode::BAD_REQUEST, "{faux}");
    }
});

/// One transaction that adds an applied set of `n` changes; between its insertion and its commit it says that it is there, and waits.
async fn ecrire(
    db: Db,
    nom: &'static str,
    n: u32,
    la: Option<oneshot::Sender<()>>,
    attend: Option<oneshot::Receiver<()>>,
) {
    let (la, attend) = (std::sync::Mutex::new(la), tokio::sync::Mutex::new(attend));
    let (la, attend) = (&la, &attend);
    db.write(|tx| async move {
        let demande = Demande {
            portee: Portee::Offre,
            annee: Some(annee(2023)),
            simulation: false,
            accepter_chute: false,
        };
        let quand = kernel::Clock::now(&*testkit::clock());
        let id = collecte_create(&*tx, &demande, annee(2023), &Actor::Commande, quand).await?;
        let suite = Suite { etat: Some(EtatCollecte::Terminee), finie_le: Some(quand), ..Suite::default() };
        collecte_update(&*tx, id, suite).await?;
        let changements: Vec<Changement> = (0..n)
            .map(|i| Changement {
                genre: Genre::Element,
                sorte: Sorte::Fermeture,
                id: None,
                cle: [Valeur::from(format!("{nom}{i}"))].into(),
                avant: Box::default(),
                apres: Box::default(),
            })
            .collect();
        changement_insert(&*tx, id, &changements).await?;
        if let Some(la) = la.lock().unwrap().take() {
            let _ = la.send(());
        }
        if let Some(attend) = attend.lock().await.take() {
            let _ = attend.await;
        }
        Ok::<_, db::DbError>(())
    })
    .await
    .unwrap();
}

testkit::db_test!(a_slow_commit_is_never_skipped, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    let g = guichet(&banc).await;
    let (la, y_est) = oneshot::channel();
    let (libere, attend) = oneshot::channel();
    let lent = tokio::spawn(ecrire(db.clone(), "LENT", 3, Some(la), Some(attend)));
    y_est.await.unwrap();
    // The quick one has every reason to commit first. If it could, what it wrote would be read and the slow one's numbers passed over.
    let mut rapide = tokio::spawn(ecrire(db.clone(), "RAPIDE", 3, None, None));
    let premier = tokio::time::timeout(Duration::from_millis(150), &mut rapide).await;
    let (avant, curseur) = suivre(&g, 0, 2).await;
    libere.send(()).unwrap();
    lent.await.unwrap();
    if premier.is_err() {
        rapide.await.unwrap();
    }
    let (apres, _) = suivre(&g, curseur, 2).await;
    let mut cles: Vec<String> =
        avant.iter().chain(&apres).map(|e| e["cle"][0].as_str().unwrap().to_owned()).collect();
    cles.sort();
    assert_eq!(cles, ["LENT0", "LENT1", "LENT2", "RAPIDE0", "RAPIDE1", "RAPIDE2"]);
});

testkit::db_test!(many_writers_and_a_reader_who_never_stops, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    let g = guichet(&banc).await;
    let noms = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let ecrivains: Vec<_> = noms
        .iter()
        .enumerate()
        .map(|(i, nom)| tokio::spawn(ecrire(db.clone(), nom, 5 + 37 * i as u32, None, None)))
        .collect();
    let (mut vus, mut curseur) = (Vec::new(), 0);
    while !ecrivains.iter().all(tokio::task::JoinHandle::is_finished) {
        let (suite, fin) = suivre(&g, curseur, 7).await;
        vus.extend(suite);
        curseur = fin;
    }
    for ecrivain in ecrivains {
        ecrivain.await.unwrap();
    }
    vus.extend(suivre(&g, curseur, 100).await.0);
    let curseurs: Vec<i64> = vus.iter().map(|e| e["curseur"].as_i64().unwrap()).collect();
    assert!(curseurs.is_sorted_by(|a, b| a < b), "in order, each once");
    let attendus: u32 = (0..noms.len() as u32).map(|i| 5 + 37 * i).sum();
    assert_eq!(vus.len() as u32, attendus, "none skipped");
});
