//! The two verbs and what is written in bulk, on both engines.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use db::sea_orm::sea_query::{Alias, Expr, Order, Query};
use db::sea_orm::{ConnectionTrait, ExprTrait, Value};
use db::{Db, DbError, Engine, Migration, Options, Upsert, insert_rows, upsert_rows};

const TABLES: &[Migration] = &[Migration {
    context: "test",
    name: "0001_chose",
    sql: "CREATE TABLE chose (id {id}, code TEXT NOT NULL UNIQUE, n BIGINT NOT NULL, quand {instant})",
}];

async fn codes(db: &Db) -> Vec<(String, i64)> {
    db.read(|c| async move {
        let mut q = Query::select();
        q.columns([Alias::new("code"), Alias::new("n")]).from(Alias::new("chose"));
        q.order_by_expr(Expr::col(Alias::new("code")), Order::Asc);
        let rows = c.query_all(&q).await?;
        rows.iter().map(|r| Ok((r.try_get("", "code")?, r.try_get("", "n")?))).collect::<Result<_, DbError>>()
    })
    .await
    .expect("list")
}

fn row(code: &str, n: i64) -> Vec<Value> {
    vec![code.into(), n.into()]
}

testkit::db_test!(a_failed_write_leaves_nothing, TABLES, |db| async move {
    let outcome: Result<(), DbError> = db
        .write(|tx| async move {
            insert_rows(&*tx, "chose", &["code", "n"], [row("a", 1)]).await?;
            insert_rows(&*tx, "chose", &["code", "n"], [row("a", 2)]).await?;
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Unique(_))), "{outcome:?}");
    assert_eq!(codes(&db).await, []);
});

testkit::db_test!(upsert_updates_what_it_is_told, TABLES, |db| async move {
    let target = Upsert { table: "chose", columns: &["code", "n"], key: &["code"], update: &["n"] };
    for n in [1, 2] {
        db.write(|tx| async move {
            upsert_rows(&*tx, target, (0..1200).map(|i| row(&format!("c{i:04}"), n))).await
        })
        .await
        .expect("upsert");
    }
    let all = codes(&db).await;
    assert_eq!(all.len(), 1200);
    assert!(all.iter().all(|(_, n)| *n == 2));
});

testkit::db_test!(concurrent_writers_all_succeed, TABLES, |db| async move {
    db.write(|tx| async move { insert_rows(&*tx, "chose", &["code", "n"], [row("compteur", 0)]).await })
        .await
        .expect("insert");
    let one = |db: Db| async move {
        db.write(|tx| async move {
            let mut q = Query::select();
            q.column(Alias::new("n")).from(Alias::new("chose"));
            if let Some(r) = tx.query_one(&q).await? {
                let n: i64 = r.try_get("", "n")?;
                let mut u = Query::update();
                u.table(Alias::new("chose")).value(Alias::new("n"), Expr::col(Alias::new("n")).add(1));
                tx.execute(&u).await?;
                return Ok::<i64, DbError>(n);
            }
            Ok(-1)
        })
        .await
    };
    let done: Vec<_> = (0..20).map(|_| tokio::spawn(one(db.clone()))).collect();
    for task in done {
        task.await.expect("task").expect("write");
    }
    assert_eq!(codes(&db).await, [("compteur".to_owned(), 20)]);
});

testkit::db_test!(migrations_apply_once_and_never_change, TABLES, |db| async move {
    let now = chrono::DateTime::UNIX_EPOCH;
    assert_eq!(db.migrate(TABLES, now).await.expect("again"), 0);
    let changed = [Migration { sql: "CREATE TABLE autre (id {id})", ..TABLES[0] }];
    let refusal = db.migrate(&changed, now).await;
    assert!(matches!(refusal, Err(DbError::Migration(_))), "{refusal:?}");
});

testkit::db_test!(settling_looks_at_what_grew_and_at_nothing_of_a_neighbour, TABLES, |db| async move {
    let insert = |from: usize, to: usize| {
        db.write(move |tx| async move {
            let rows: Vec<_> = (from..to).map(|i| row(&format!("c{i:04}"), 1)).collect();
            insert_rows(&*tx, "chose", &["code", "n"], rows).await
        })
    };
    let run = |sql: String| {
        db.write(move |tx| {
            let sql = sql.clone();
            async move { tx.execute_unprepared(&sql).await.map_err(DbError::from) }
        })
    };
    if db.engine() == Engine::Postgres {
        // What the engine knows of a table outlives its rows: an earlier test may have left the size of its own.
        run("TRUNCATE TABLE chose".into()).await.expect("truncate");
    }
    insert(0, 2000).await.expect("insert");
    db.settle().await.expect("settle");
    if db.engine() == Engine::Sqlite {
        return;
    }
    let known = |table: String| {
        db.read(move |c| async move {
            let sql = "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = CAST(? AS regclass)";
            let rows = db::sql::select(&c, sql, [table.into()]).await?;
            Ok::<i64, DbError>(rows[0].try_get_by_index(0)?)
        })
    };
    assert_eq!(known("chose".into()).await.expect("known"), 2000);

    // The engine looks at tables by itself now and then, which would say nothing of what settling does.
    run("ALTER TABLE chose SET (autovacuum_enabled = FALSE)".into()).await.expect("alter");
    let schema: String = db
        .read(|c| async move {
            let rows = db::sql::select(&c, "SELECT CAST(current_schema() AS TEXT)", []).await?;
            Ok::<_, DbError>(rows[0].try_get_by_index(0)?)
        })
        .await
        .expect("schema");
    let neighbour = format!("{schema}_voisin");
    run(format!(
        "CREATE SCHEMA {neighbour}; CREATE TABLE {neighbour}.chose WITH (autovacuum_enabled = FALSE)
         AS SELECT code, n FROM chose"
    ))
    .await
    .expect("neighbour");
    insert(2000, 2010).await.expect("a few");
    db.settle().await.expect("settle");
    let (few, other) = (known("chose".into()).await, known(format!("{neighbour}.chose")).await);
    insert(2010, 4000).await.expect("many");
    db.settle().await.expect("settle");
    let many = known("chose".into()).await;
    run(format!("DROP SCHEMA {neighbour} CASCADE")).await.expect("drop");
    assert_eq!(few.expect("known"), 2000);
    assert_eq!(other.expect("known"), -1);
    assert_eq!(many.expect("known"), 4000);
});

#[tokio::test]
async fn an_address_that_leads_nowhere_is_refused_not_made() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("absente.db");
    let refusal = Db::open(&Options::new(format!("sqlite:{}", file.display()))).await;
    assert!(matches!(refusal, Err(DbError::Address(_))));
    assert!(!file.exists());
    let refusal = Db::open(&Options::new("mysql://h/base")).await;
    assert!(matches!(refusal, Err(DbError::Address(phrase)) if phrase.contains("postgres://")));
}

testkit::db_test!(
    a_handle_set_apart_counts_the_commits_of_all_and_tells_nobody_of_its_own,
    TABLES,
    |db| async move {
        let apart = db.apart("examens");
        let same = db.apart("examens");
        let other = db.apart("autre");
        let write = |db: Db, code: &'static str| async move {
            let written = db
                .write(|tx| async move { insert_rows(&*tx, "chose", &["code", "n"], [row(code, 1)]).await });
            written.await.expect("insert");
        };
        let counts = || [&db, &apart, &same, &other].map(Db::commits);
        let [whole, a, s, o] = counts();
        write(apart.clone(), "à part").await;
        assert_eq!(counts(), [whole, a + 1, s + 1, o], "its own are its own");
        write(db.clone(), "de tous").await;
        assert_eq!(counts(), [whole + 1, a + 2, s + 2, o + 1], "those of the others are everybody's");
        let kept = apart.shared(|| 1_u8);
        assert_eq!(
            (*kept, *same.shared(|| 2_u8), *db.shared(|| 3_u8)),
            (1, 1, 3),
            "what is kept goes with what is counted"
        );
    }
);
