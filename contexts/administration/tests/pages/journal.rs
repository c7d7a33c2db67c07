//! Filters, search, pages, files.

use axum::http::StatusCode;
use chrono::Duration;
use db::journal::{self, Entry};
use db::{Db, DbError};
use kernel::{Actor, Clock, Role};
use serde_json::json;

use crate::banc::{Banc, Navigateur, banc, migrations};

async fn lignes(banc: &Banc, n: i64, acteur: &Actor, cle: &str) {
    let db: &Db = &banc.db;
    let quand = banc.clock.now();
    let done: Result<(), DbError> = db
        .write(|tx| async move {
            for i in 0..n {
                let entry = Entry {
                    quand: quand - Duration::minutes(i),
                    acteur,
                    action: "compte.modifier",
                    objet: "compte",
                    cle,
                    avant: Some(json!({ "nom": format!("=cmd|{i}"), "empreinte": "$argon2id$abc" })),
                    apres: Some(json!({ "nom": format!("<b>Łukasz {i}</b>"), "empreinte": "$argon2id$def" })),
                };
                journal::write(&*tx, entry).await?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
}

testkit::db_test!(the_journal_is_narrowed_searched_and_taken_away, &migrations(), |db| async move {
    let banc = banc(&db).await;
    let paul = Actor::Personne { identifiant: "paul".into(), role: Role::Informatique };
    lignes(&banc, 120, &paul, "n'guyen-đặng").await;
    let mut anne = Navigateur::entrer(&banc, "informatique").await;
    let (status, page) = anne.voir("/administration/journal?acteur=paul&taille=50").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("1 à 50 sur 120") && page.contains("&#60;b&#62;Łukasz 0"), "{page}");
    assert!(
        !page.contains("argon2id") && page.contains("/administration/comptes/n%27guyen-%C4%91%E1%BA%B7ng"),
        "{page}"
    );

    let (_, page) = anne.voir("/administration/journal?recherche=ukasz+119").await;
    assert!(page.contains("Łukasz 119") && !page.contains("Łukasz 118"), "{page}");
    for (chemin, attendu) in [
        ("acteur=personne", "Aucun résultat"),
        ("quand_du=2024-04-02&quand_au=2024-04-02", "Łukasz 0"),
        ("quand_du=2030-01-01", "Aucun résultat"),
        ("quand_du=hier", "Łukasz 0"),
        ("page=1000000000", "Quand"),
        ("recherche=%27%3B+DROP+TABLE+journal%3B--", "Aucun résultat"),
        ("recherche=%25", "Aucun résultat"),
        ("avant=x-y&recherche=ukasz", "Łukasz 0"),
    ] {
        let (status, page) = anne.voir(&format!("/administration/journal?{chemin}")).await;
        assert_eq!(status, StatusCode::OK, "{chemin}");
        assert!(page.contains(attendu), "{chemin}: {page}");
    }
    let (status, csv) = anne.octets("/administration/journal?acteur=paul&export=csv").await;
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!((status, csv.lines().count()), (StatusCode::OK, 121), "{csv}");
    assert!(csv.contains("Nom : =cmd|0 → <b>Łukasz 0</b>") && !csv.contains("argon2id"), "{csv}");
    assert!(
        !csv.lines().any(|l| l.split(';').any(|c| c.trim_start_matches('"').starts_with('='))),
        "no formula runs"
    );
    let (status, xlsx) = anne.octets("/administration/journal?acteur=paul&export=xlsx").await;
    assert!(status == StatusCode::OK && xlsx.starts_with(b"PK"));
});
