//! The test bench.
//!
//! [`db_test!`] runs one test body on both engines:
//!
//! ```ignore
//! testkit::db_test!(a_closed_row_comes_back, maquette::MIGRATIONS, |db| async move {
//!     …
//! });
//! ```
//!
//! It makes two tests, `a_closed_row_comes_back::sqlite` and `::postgres`. The second needs `TELEMAQUE_TEST_POSTGRES`, the address
//! of a server with its superuser, who makes databases there; `make test` starts a throwaway one. Without it the test says that it is
//! skipped. Migrations are applied once for many tests: the file is copied (`modele.rs`), the database emptied (`serveur.rs`).
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod base;
mod clock;
mod modele;
mod serveur;

pub use base::Base;
pub use clock::{clock, clock_at};

/// One test on SQLite and on PostgreSQL, each with its own empty database carrying the given migrations.
#[macro_export]
macro_rules! db_test {
    ($name:ident, $migrations:expr, |$db:ident| $body:expr) => {
        mod $name {
            #[allow(
                unused_imports,
                clippy::allow_attributes,
                reason = "a body may use nothing of its module"
            )]
            use super::*;

            async fn body($db: ::db::Db) {
                $body.await
            }

            #[tokio::test]
            async fn sqlite() {
                let base = $crate::Base::sqlite($migrations).await;
                body(base.db()).await;
                base.close().await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(base) = $crate::Base::postgres($migrations).await {
                    body(base.db()).await;
                    base.close().await;
                }
            }
        }
    };
}
