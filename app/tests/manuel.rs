//! The handbook covers every page, and the rail leads to pages that exist.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use kernel::{Clock, Right};
use telemaque::assembly::{self, House};
use telemaque::health::Readiness;
use telemaque::settings::Settings;
use testkit::Base;
use web::Declared;

/// What is not a page: the REST interface, what browsers and watchers fetch.
const AUTRES: [&str; 5] = ["/api", "/assets", "/metrics", "/openapi", "/sante"];

async fn declared() -> Vec<Declared> {
    let migrations: Vec<_> = assembly::migrations().into_iter().filter(|m| m.context != "db").collect();
    let base = Base::sqlite(&migrations).await;
    let folder = tempfile::tempdir().expect("folder");
    let mut settings = Settings::default();
    settings.extraction.copie = folder.path().join("extraction");
    for url in [&mut settings.apogee.url, &mut settings.kofr.url, &mut settings.eve.url] {
        "http://127.0.0.1:9".clone_into(url);
    }
    let clock: Arc<dyn Clock> = testkit::clock();
    let house = House::compose(base.db(), &settings, clock, Readiness::ready()).expect("house");
    let declared = house.web.complete(house.routes.clone()).declared();
    base.close().await;
    declared
}

#[tokio::test]
async fn every_page_has_its_section_in_the_handbook() {
    let missing: Vec<_> = declared()
        .await
        .into_iter()
        .filter(|route| route.method == "GET" && !AUTRES.iter().any(|prefix| route.path.starts_with(prefix)))
        .map(|route| route.path)
        .filter(|path| administration::aide(path).is_none())
        .collect();
    assert!(
        missing.is_empty(),
        "no section of docs/manuel explains these pages (domain/manuel.rs): {missing:#?}"
    );
}

#[tokio::test]
async fn the_rail_leads_to_pages_with_the_right_that_they_ask() {
    let declared = declared().await;
    let wrong: Vec<_> = assembly::navigation()
        .into_iter()
        .flat_map(|group| group.entries)
        .filter(|entry| {
            // A page that anybody may open can be in the rail of a few.
            let right = |d: &Declared| d.right == entry.right || d.right == Right::Public;
            !declared.iter().any(|d| d.method == "GET" && d.path == entry.href && right(d))
        })
        .map(|entry| entry.href)
        .collect();
    assert!(wrong.is_empty(), "these entries lead nowhere, or not with that right: {wrong:#?}");
}
