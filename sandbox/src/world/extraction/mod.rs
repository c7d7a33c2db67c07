//! The structure extraction: Apogée's tables as CSV, and their manifest.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, TimeZone};
use sha2::{Digest, Sha256};

mod csv;
mod tables;

use super::World;
use tables::TABLES;

/// An extraction: each table's name and CSV, and the manifest that goes last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// Table name without `.csv`, and content.
    pub tables: Vec<(String, Vec<u8>)>,
    /// `manifest.json`.
    pub manifest: Vec<u8>,
}

/// The extraction of a world as it stands.
#[must_use]
pub fn extraction(world: &World) -> Extraction {
    let tables = tables(world);
    let manifest = manifest(world, &tables);
    Extraction { tables, manifest }
}

/// Every table, needed ones first, in UTF-8 with `;` and LF.
#[must_use]
pub fn tables(world: &World) -> Vec<(String, Vec<u8>)> {
    TABLES.iter().map(|(name, write)| ((*name).to_owned(), write(world))).collect()
}

/// The manifest of those tables: rows and SHA-256 of each, extracted at three in the morning of the world's day.
#[must_use]
pub fn manifest(world: &World, tables: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut rows = serde_json::Map::new();
    for (name, csv) in tables {
        let hash = Sha256::digest(csv).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        rows.insert(name.clone(), serde_json::json!({ "lignes": count(csv), "sha256": hash }));
    }
    let manifest = serde_json::json!({
        "etablissement": world.etablissement,
        "source": format!("bac à sable, graine {}", world.options.seed),
        "extrait_le": extracted_at(world.date).to_rfc3339(),
        "tables": rows,
    });
    let mut json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    json.push(b'\n');
    json
}

/// Records after the heading: line ends outside quotes, since a label may hold one.
fn count(csv: &[u8]) -> usize {
    let mut quoted = false;
    let ends = csv.iter().filter(|b| {
        quoted ^= **b == b'"';
        **b == b'\n' && !quoted
    });
    ends.count().saturating_sub(1)
}

/// Three in the morning in Besançon: summer time from the last Sunday of March to that of October.
fn extracted_at(day: NaiveDate) -> DateTime<FixedOffset> {
    let last_sunday = |month| {
        let end = NaiveDate::from_ymd_opt(day.year(), month, 31).unwrap_or(day);
        end - chrono::Duration::days(i64::from(end.weekday().num_days_from_sunday()))
    };
    let summer = (last_sunday(3)..last_sunday(10)).contains(&day);
    let three = day.and_time(NaiveTime::from_hms_opt(3, 0, 0).unwrap_or(NaiveTime::MIN));
    let offset = FixedOffset::east_opt(if summer { 7200 } else { 3600 });
    offset.and_then(|o| o.from_local_datetime(&three).single()).unwrap_or_default()
}
