//! Two hundred documents in a row: time and memory. `cargo run --release -p paper --example deux_cents`
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measure prints what it finds")]

use std::time::Instant;

use chrono::DateTime;
use paper::{Paper, Pieces, Template};

const EXEMPLE: Template =
    Template { nom: "exemple", source: include_str!("../documents/exemple/template.typ") };

/// Memory held by the process, in MiB, where the system tells it.
fn memoire() -> u64 {
    let statut = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ligne = statut.lines().find(|ligne| ligne.starts_with("VmRSS:")).unwrap_or_default();
    ligne.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

fn main() {
    let mut data: serde_json::Value =
        serde_json::from_str(include_str!("../documents/exemple/sample.json")).unwrap();
    let paper = Paper::get();
    let (debut, mut octets) = (Instant::now(), 0);
    for n in 1..=200_u32 {
        if let Some(champs) = data.as_object_mut() {
            champs.insert("reference".to_owned(), format!("IEX-2024-P1-{n:06}").into());
        }
        let pieces = (0..6).fold(Pieces::du(DateTime::UNIX_EPOCH), |pieces, code| {
            pieces.qr(format!("https://telemaque.exemple.fr/e/{n:06}-{code}"))
        });
        octets += paper.render(&EXEMPLE, &data, &pieces).unwrap().octets.len();
        if n == 1 || n.is_multiple_of(50) {
            println!("{n:>4} documents · {:>6} ms · {} Mio", debut.elapsed().as_millis(), memoire());
        }
    }
    println!("{} Kio par document", octets / 200 / 1024);
}
