//! A database copied to the other engine and back is the same, row for row.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use db::Db;
use db::sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query};
use db::sea_orm::{ConnectionTrait, Value};
use telemaque::copy::{Kind, Table, copy, tables};
use telemaque::{assembly, data};
use testkit::Base;

/// A value of each kind that a copy could spoil.
fn value(kind: Kind, n: i64) -> Value {
    match kind {
        Kind::Id | Kind::Integer => n.into(),
        Kind::Text => format!("« {n} » — Đặng, l'Œuvre ; \u{a0}\"\\ 例 \u{202e}x").into(),
        Kind::Truth => (n % 2 == 0).into(),
        Kind::Instant => chrono::DateTime::from_timestamp_micros(1_700_000_000_123_456 + n).unwrap().into(),
        Kind::Day => (chrono::NaiveDate::from_ymd_opt(2024, 2, 28).unwrap()
            + chrono::Days::new(n.unsigned_abs()))
        .into(),
        Kind::Bytes => vec![0_u8, 255, u8::try_from(n % 256).unwrap()].into(),
    }
}

/// Fills every table, those that refer to each other under the same numbers.
async fn fill(db: &Db, tables: &[Table]) {
    for table in tables {
        let columns: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
        // More than a page where pages are followed by a number, and where they are by several columns.
        let paged = table.name == "journal" || table.key.len() > 1;
        // These refer to a table of three rows by a part of their key.
        let bound = [
            "iexam_choix",
            "iexam_epreuve_salle",
            "iexam_modalite_centre",
            "maquette_correction_source",
            "maquette_lecture",
            "web_jeton_usage",
            "web_liste",
        ]
        .contains(&table.name.as_str());
        let rows = if paged && !bound { 1100 } else { 3 };
        let rows: Vec<Vec<Value>> =
            (1..=rows).map(|n| table.columns.iter().map(|c| value(c.kind, n)).collect()).collect();
        let done: Result<u64, db::DbError> = db
            .write(|tx| {
                let (columns, rows) = (columns.clone(), rows.clone());
                async move { db::insert_rows(&*tx, &table.name, &columns, rows).await }
            })
            .await;
        done.unwrap_or_else(|err| panic!("{}: {err}", table.name));
    }
}

async fn dump(db: &Db, table: &Table) -> Vec<String> {
    let mut q = Query::select();
    q.column(Asterisk).from(Alias::new(&table.name));
    let rows = db.read(|c| async move { Ok::<_, db::DbError>(c.query_all(&q).await?) }).await.unwrap();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = table.columns.iter().map(|c| match c.kind {
                Kind::Id | Kind::Integer => format!("{:?}", row.try_get::<Option<i64>>("", &c.name).unwrap()),
                Kind::Text => format!("{:?}", row.try_get::<Option<String>>("", &c.name).unwrap()),
                Kind::Truth => format!("{:?}", row.try_get::<Option<bool>>("", &c.name).unwrap()),
                Kind::Instant => {
                    format!(
                        "{:?}",
                        row.try_get::<Option<chrono::DateTime<chrono::Utc>>>("", &c.name).unwrap()
                    )
                }
                Kind::Day => format!("{:?}", row.try_get::<Option<chrono::NaiveDate>>("", &c.name).unwrap()),
                Kind::Bytes => format!("{:?}", row.try_get::<Option<Vec<u8>>>("", &c.name).unwrap()),
            });
            cells.collect::<Vec<_>>().join("|")
        })
        .collect();
    lines.sort();
    lines
}

/// The next generated key of a table whose numbers were given.
async fn next_journal_id(db: &Db) -> i64 {
    let acteur = kernel::Actor::Commande;
    let entry = db::journal::Entry {
        quand: chrono::DateTime::UNIX_EPOCH,
        acteur: &acteur,
        action: "test",
        objet: "test",
        cle: "1",
        avant: None,
        apres: None,
    };
    db.write(|tx| {
        let entry = entry.clone();
        async move {
            db::journal::write(&*tx, entry).await?;
            let mut q = Query::select();
            q.expr_as(Expr::col(Alias::new("id")).max(), Alias::new("n")).from(Alias::new("journal"));
            let row = tx.query_one(&q).await?.expect("row");
            Ok::<i64, db::DbError>(row.try_get("", "n")?)
        }
    })
    .await
    .unwrap()
}

async fn same(a: &Db, b: &Db, tables: &[Table]) {
    for table in tables {
        let (left, right) = (dump(a, table).await, dump(b, table).await);
        assert!(!left.is_empty(), "{}", table.name);
        assert_eq!(left, right, "{}", table.name);
    }
}

fn suite() -> Vec<db::Migration> {
    // The bench brings the journal itself.
    assembly::migrations().into_iter().filter(|m| m.context != "db").collect()
}

#[tokio::test]
async fn embedded_to_embedded() {
    let tables = tables(&assembly::migrations()).unwrap();
    let (from, to) = (Base::sqlite(&suite()).await, Base::sqlite(&suite()).await);
    fill(&from.db(), &tables).await;
    let copied = copy(&from.db(), &to.db()).await.unwrap();
    assert_eq!(copied.len(), tables.len());
    same(&from.db(), &to.db(), &tables).await;
    assert_eq!(next_journal_id(&to.db()).await, 1101);
    let refusal = copy(&from.db(), &to.db()).await.unwrap_err();
    assert!(refusal.message.contains("contient déjà des données"), "{refusal}");
    from.close().await;
    to.close().await;
}

#[tokio::test]
async fn to_postgres_and_back() {
    let tables = tables(&assembly::migrations()).unwrap();
    let Some(server) = Base::postgres(&suite()).await else { return };
    let (from, back) = (Base::sqlite(&suite()).await, Base::sqlite(&suite()).await);
    fill(&from.db(), &tables).await;
    copy(&from.db(), &server.db()).await.unwrap();
    same(&from.db(), &server.db(), &tables).await;
    copy(&server.db(), &back.db()).await.unwrap();
    same(&from.db(), &back.db(), &tables).await;
    assert_eq!(next_journal_id(&server.db()).await, 1101, "the generated keys go on after the copied ones");
    for base in [from, back, server] {
        base.close().await;
    }
}

#[tokio::test]
async fn a_source_behind_is_refused() {
    let (from, to) = (Base::sqlite(jobs::MIGRATIONS).await, Base::sqlite(&suite()).await);
    assert!(!data::pending(&from.db()).await.unwrap().is_empty());
    let refusal = copy(&from.db(), &to.db()).await.unwrap_err();
    assert!(refusal.message.contains("telemaque migrer"), "{refusal}");
    from.close().await;
    to.close().await;
}
