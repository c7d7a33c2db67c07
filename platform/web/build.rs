//! Lets the crate compile before the pages' assets were built: rust-embed wants its folder to exist.

use std::path::PathBuf;

fn main() {
    let dist = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist");
    if let Err(fault) = std::fs::create_dir_all(&dist) {
        println!("cargo::warning=frontend/dist cannot be created: {fault}");
    }
    println!("cargo::rerun-if-changed=../../frontend/dist");
    println!("cargo::rerun-if-changed=templates");
}
