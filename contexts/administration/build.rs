//! The handbook is embedded: the crate is built again when one of its files changes.

fn main() {
    println!("cargo::rerun-if-changed=../../docs/manuel");
    println!("cargo::rerun-if-changed=templates");
}
