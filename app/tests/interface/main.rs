//! What other programs meet: the document of the REST interface, and the metrics. One program: linking is what test files cost.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

mod metrics;
mod openapi;

use std::sync::Arc;

use kernel::FixedClock;
use telemaque::assembly::{self, House};
use telemaque::health::Readiness;
use telemaque::settings::Settings;
use testkit::Base;

/// The suite on an empty database, its sources being nobody's.
struct Suite {
    house: House,
    clock: Arc<FixedClock>,
    base: Base,
    _folder: tempfile::TempDir,
}

impl Suite {
    async fn start() -> Self {
        let migrations: Vec<_> = assembly::migrations().into_iter().filter(|m| m.context != "db").collect();
        let base = Base::sqlite(&migrations).await;
        let folder = tempfile::tempdir().expect("folder");
        let mut settings = Settings::default();
        let nobody = "http://127.0.0.1:9";
        settings.apogee.url = nobody.into();
        settings.extraction.lieu = folder.path().join("absent").display().to_string();
        settings.extraction.copie = folder.path().join("extraction");
        for rest in [&mut settings.kofr, &mut settings.eve] {
            rest.url = nobody.into();
        }
        let clock = testkit::clock();
        let house =
            House::compose(base.db(), &settings, Arc::<FixedClock>::clone(&clock), Readiness::ready());
        Self { house: house.expect("house"), clock, base, _folder: folder }
    }

    async fn end(self) {
        drop(self.house);
        self.base.close().await;
    }
}
