//! PostgreSQL: databases lent to one test after another.
//!
//! Applying all migrations and dropping them costs a third of a second of work, copying a template database a twentieth, emptying what a
//! test has written a few milliseconds. The server therefore keeps a database for each set of migrations, and one more for each test that
//! runs at the same time on the same set, whatever process runs it. Who takes one holds a lock of the server on its name, that ends with
//! its connection even when its process is killed, and empties it first. One whose tables are no longer those that its migrations made is
//! made again.

use chrono::DateTime;
use db::sea_orm::ConnectionTrait as _;
use db::sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, PgConnection};
use db::{Db, DbError, Engine, Migration, Options, fingerprint};

const PREFIX: &str = "telemaque_test_";

/// What its tables are: those that a test added or altered, and the migrations that it applied, make it another.
const SEAL: &str = "SELECT md5(concat(
    (SELECT string_agg(concat_ws(' ', oid, relname, relnatts, reloptions), ';' ORDER BY oid)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_'),
    (SELECT string_agg(concat_ws(' ', context, name, empreinte), ';' ORDER BY context, name) FROM migration)))";

/// Empties it, in whatever order tables refer to each other. A table is emptied fast when it is small, and made small when it is not.
const EMPTY: &str = "DO $$ DECLARE t record; filled boolean; BEGIN
    PERFORM set_config('session_replication_role', 'replica', TRUE);
    FOR t IN SELECT oid::regclass AS name, pg_relation_size(oid) AS size FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migration' LOOP
        IF t.size > 524288 THEN
            EXECUTE format('TRUNCATE %s CASCADE', t.name);
        ELSIF t.size > 0 THEN
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', t.name) INTO filled;
            IF filled THEN
                EXECUTE format('DELETE FROM %s', t.name);
            END IF;
        END IF;
    END LOOP;
    PERFORM setval(seqrelid, 1, FALSE) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END $$";

/// A database that nobody else has until it is given back.
#[derive(Debug)]
pub(crate) struct Lent {
    pub(crate) db: Db,
    lock: PgConnection,
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
impl Lent {
    /// An empty database that carries these migrations, on the server of `url`.
    pub(crate) async fn take(url: &str, migrations: &[Migration]) -> Self {
        let mut lock = PgConnection::connect(url).await.expect("PostgreSQL answers");
        let mark = fingerprint(Engine::Postgres, migrations);
        let mut rank = 0;
        let name = loop {
            let name = format!("{PREFIX}{mark}_{rank}");
            if hold(&mut lock, &name).await {
                break name;
            }
            rank += 1;
        };
        let options = Options { connections: 2, ..Options::new(address(url, &name)) };
        let db = match held(&mut lock, &name, &options).await {
            Some(db) => db,
            None => make(&mut lock, &name, &options, migrations).await,
        };
        Self { db, lock }
    }

    /// Somebody else may take it.
    pub(crate) async fn give_back(self) {
        self.db.close().await;
        self.lock.close().await.expect("the lock is let go");
    }
}

/// Whether nobody else holds the database of that name.
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn hold(lock: &mut PgConnection, name: &str) -> bool {
    let sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";
    sqlx::query_scalar(sql).bind(name).fetch_one(lock).await.expect("a lock of the server")
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn run(lock: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(lock).await.expect("a statement of the server");
}

/// The database as the last test left it, emptied; nothing when there is none, or when it is no longer what it was.
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn held(lock: &mut PgConnection, name: &str, options: &Options) -> Option<Db> {
    // Those of the last test are ending; what a killed process was doing must have ended.
    let sql = "SELECT datname, (SELECT COUNT(pg_terminate_backend(pid, CASE state WHEN 'idle' THEN 0 ELSE 10000 END)) FROM pg_stat_activity a
            WHERE a.datname = d.datname AND backend_type = 'client backend')
        FROM pg_database d WHERE datname = $1";
    sqlx::query(sql).bind(name).fetch_optional(lock).await.expect("the list of databases")?;
    let db = Db::open(options).await.expect("the database opens");
    let same =
        format!("SELECT COALESCE(obj_description('public'::regnamespace, 'pg_namespace') = ({SEAL}), FALSE)");
    let emptied = db.read(|c| async move {
        let rows = db::sql::select(&c, &same, []).await?;
        let intact = rows.first().is_some_and(|row| row.try_get_by_index(0).unwrap_or(false));
        if intact {
            c.execute_unprepared(EMPTY).await?;
        }
        Ok::<_, DbError>(intact)
    });
    match emptied.await {
        Ok(true) => Some(db),
        // Half made by a process that was killed, or altered by a test.
        Ok(false) | Err(_) => {
            db.close().await;
            None
        }
    }
}

#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn make(lock: &mut PgConnection, name: &str, options: &Options, migrations: &[Migration]) -> Db {
    run(lock, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    sweep(lock).await;
    // Of template0, that nobody is ever connected to.
    run(lock, format!("CREATE DATABASE {name} TEMPLATE template0")).await;
    let db = Db::open(options).await.expect("the database opens");
    db.migrate(migrations, DateTime::UNIX_EPOCH).await.expect("migrations apply");
    let seal = format!("DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA public IS %L', ({SEAL})); END $$");
    let sealed = db.read(|c| async move {
        c.execute_unprepared(&seal).await?;
        Ok::<_, DbError>(())
    });
    sealed.await.expect("the database is sealed");
    db
}

/// Drops databases made more than a day ago that nobody holds: those of migrations that have changed since, above all.
#[expect(clippy::expect_used, reason = "a test that has no database cannot go on")]
async fn sweep(lock: &mut PgConnection) {
    let sql = "SELECT CAST(datname AS TEXT) FROM pg_database WHERE starts_with(datname, $1)
        AND (pg_stat_file('base/' || oid || '/PG_VERSION', TRUE)).modification < now() - interval '1 day'";
    let old: Vec<String> =
        sqlx::query_scalar(sql).bind(PREFIX).fetch_all(&mut *lock).await.expect("the list of databases");
    for name in old {
        if hold(lock, &name).await {
            run(lock, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            let sql = "SELECT pg_advisory_unlock(hashtextextended($1, 0))";
            sqlx::query(sql).bind(&name).execute(&mut *lock).await.expect("the lock is let go");
        }
    }
}

/// The address of another database of the same server.
fn address(url: &str, name: &str) -> String {
    let (before, after) = url.split_once('?').map_or((url, ""), |(before, after)| (before, after));
    let host = before.find("://").map_or(0, |at| at + 3);
    let server = before.get(host..).and_then(|rest| rest.find('/')).and_then(|at| before.get(..host + at));
    let asked = if after.is_empty() { String::new() } else { format!("?{after}") };
    format!("{}/{name}{asked}", server.unwrap_or(before))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_the_name_of_the_database_changes() {
        assert_eq!(
            address("postgres://u@localhost/postgres?host=/tmp/pg", "a"),
            "postgres://u@localhost/a?host=/tmp/pg"
        );
        assert_eq!(address("postgres://u:p@h:5432/x", "a"), "postgres://u:p@h:5432/a");
        assert_eq!(address("postgres://h", "a"), "postgres://h/a");
    }
}
