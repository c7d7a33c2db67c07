//! The journal read as one long list, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use chrono::{DateTime, Duration, Utc};
use db::journal::{self, Entry};
use db::journal_search::{COUNTED, Facet, Filter, WINDOW, counted, facet, page, search};
use db::sea_orm::{ConnectionTrait, Statement, Value};
use db::{Db, DbError, Engine, Paging};
use kernel::{Actor, Role};
use serde_json::json;

fn debut() -> DateTime<Utc> {
    "2025-01-13T08:00:00Z".parse().unwrap()
}

async fn ecrire(db: &Db, minutes: i64, acteur: &Actor, action: &str, cle: &str, apres: serde_json::Value) {
    let quand = debut() + Duration::minutes(minutes);
    let done: Result<(), DbError> = db
        .write(|tx| {
            let apres = Some(apres.clone());
            async move {
                let objet = action.split('.').next().unwrap_or_default();
                journal::write(&*tx, Entry { quand, acteur, action, objet, cle, avant: None, apres }).await
            }
        })
        .await;
    done.unwrap();
}

fn anne() -> Actor {
    Actor::Personne { identifiant: "anne".into(), role: Role::Informatique }
}

async fn cles(db: &Db, filter: &Filter) -> Vec<String> {
    let stretch = db.read(|c| async move { search(&c, filter, None, 50).await }).await.unwrap();
    stretch.lines.into_iter().map(|line| line.cle).collect()
}

testkit::db_test!(every_filter_narrows_and_the_latest_comes_first, &[], |db| async move {
    ecrire(&db, 0, &anne(), "compte.creer", "paul", json!({ "nom": "N'Guyen-Đặng" })).await;
    ecrire(&db, 1, &Actor::Commande, "compte.modifier", "paul", json!({ "nom": "50 %_!" })).await;
    ecrire(&db, 1, &anne(), "jeton.creer", "bi", json!({ "droits": "maquette:lire" })).await;

    let all = Filter::default();
    assert_eq!(cles(&db, &all).await, ["bi", "paul", "paul"]);
    let base = &db;
    let of = async move |filter: Filter| cles(base, &filter).await;
    let acteur = Filter { acteur: Some("anne".into()), ..Filter::default() };
    assert_eq!(cles(&db, &acteur).await, ["bi", "paul"]);
    assert_eq!(of(Filter { action: Some("compte.creer".into()), ..Filter::default() }).await, ["paul"]);
    assert_eq!(of(Filter { objet: Some("jeton".into()), ..Filter::default() }).await, ["bi"]);
    assert_eq!(of(Filter { cle: Some("paul".into()), ..Filter::default() }).await.len(), 2);
    let minute = debut() + Duration::minutes(1);
    assert_eq!(of(Filter { du: Some(minute), ..Filter::default() }).await.len(), 2);
    assert_eq!(of(Filter { au: Some(minute), ..Filter::default() }).await, ["paul"]);
    for (texte, found) in
        [("n'guyen", 1), ("50 %_!", 1), ("%", 1), ("_", 1), ("MAQUETTE:", 1), ("'; DROP", 0), ("\u{202e}", 0)]
    {
        let filter = Filter { texte: Some(texte.into()), ..Filter::default() };
        assert_eq!(of(filter).await.len(), found, "{texte}");
    }
    let (actors, kinds) = db
        .read(|c| async move {
            Ok::<_, DbError>((facet(&c, Facet::Acteur, 10).await?, facet(&c, Facet::Objet, 1).await?))
        })
        .await
        .unwrap();
    assert_eq!(actors, ["anne", "ligne de commande"]);
    assert_eq!(kinds, ["compte"], "no more than asked");
    assert_eq!(db.read(|c| async move { counted(&c, &Filter::default()).await }).await.unwrap(), 3);
});

testkit::db_test!(pages_by_key_show_each_line_once_while_others_write, &[], |db| async move {
    // Three lines a minute: the instant alone does not order them.
    for n in 0..30 {
        ecrire(&db, n / 3, &anne(), "compte.modifier", &format!("{n:02}"), json!({})).await;
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let filter = Filter::default();
        let filter = &filter;
        let stretch = db.read(|c| async move { search(&c, filter, before, 7).await }).await.unwrap();
        seen.extend(stretch.lines.iter().map(|line| line.cle.clone()));
        // A line written meanwhile is on no later page.
        ecrire(&db, 1_000, &anne(), "compte.modifier", "nouveau", json!({})).await;
        before = stretch.next;
        if before.is_none() {
            break;
        }
    }
    let wanted: Vec<_> = (0..30).rev().map(|n| format!("{n:02}")).collect();
    assert_eq!(seen, wanted);
});

/// So many lines at once, by the engine itself.
async fn remplir(db: &Db, n: u64) {
    let series = match db.engine() {
        Engine::Postgres => "SELECT g AS n FROM generate_series(1, ?) AS g".replace('?', &n.to_string()),
        Engine::Sqlite => {
            format!(
                "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {n}) SELECT n FROM s"
            )
        }
    };
    let mark = if db.engine() == Engine::Postgres { "$1" } else { "?" };
    let sql = format!(
        "INSERT INTO journal (quand, acteur, action, objet, cle, apres)
         SELECT {mark}, 'planification', 'essai.faire', 'essai', CAST(s.n AS TEXT), '{{}}' FROM ({series}) AS s"
    );
    let done: Result<(), DbError> = db
        .write(|tx| {
            let sql = sql.clone();
            async move {
                let backend = tx.get_database_backend();
                tx.execute_raw(Statement::from_sql_and_values(backend, sql, [Value::from(debut())])).await?;
                Ok(())
            }
        })
        .await;
    done.unwrap();
}

testkit::db_test!(a_search_that_finds_nothing_stops_and_says_where, &[], |db| async move {
    ecrire(&db, -10, &anne(), "compte.creer", "aiguille", json!({})).await;
    remplir(&db, WINDOW).await;
    let filter = Filter { texte: Some("aiguille".into()), ..Filter::default() };
    let filter = &filter;
    let first = db.read(|c| async move { search(&c, filter, None, 50).await }).await.unwrap();
    assert!(first.lines.is_empty() && first.bounded, "{first:?}");
    let next = first.next;
    let second = db.read(|c| async move { search(&c, filter, next, 50).await }).await.unwrap();
    assert_eq!((second.lines.len(), second.next, second.bounded), (1, None, false));
    assert_eq!(second.lines[0].cle, "aiguille");
    let n = db.read(|c| async move { counted(&c, &Filter::default()).await }).await.unwrap();
    assert_eq!(n, COUNTED + 1, "the count stops");
    let all = Filter::default();
    let all = &all;
    for (asked, rows) in [(1, 500), (20, 500), (21, 0), (1_000_000, 0)] {
        let found = db.read(|c| async move { page(&c, all, Paging::new(asked, 500)).await }).await.unwrap();
        assert_eq!((found.total, found.elements.len()), (COUNTED, rows), "page {asked}");
    }
});
