//! Finds the fonts among the packages of the front end. Without them the crate still compiles: documents are then set in DejaVu, and the
//! build says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const POLICES: [&str; 4] = [
    "source-sans-3/400Regular/SourceSans3_400Regular.ttf",
    "source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf",
    "source-sans-3/700Bold/SourceSans3_700Bold.ttf",
    "source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf",
];

fn main() -> std::io::Result<()> {
    let sortie = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let paquets =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/node_modules/@expo-google-fonts");
    let mut code = String::from("static EMBARQUEES: &[&[u8]] = &[\n");
    for police in POLICES {
        let fichier = paquets.join(police);
        println!("cargo::rerun-if-changed={}", fichier.display());
        if fichier.is_file() {
            let _ = writeln!(code, "    include_bytes!({:?}),", fichier.display().to_string());
        } else {
            println!(
                "cargo::warning={police} is missing (scripts/frontend installs it): documents fall back to DejaVu"
            );
        }
    }
    code.push_str("];\n");
    std::fs::write(sortie.join("polices.rs"), code)
}
