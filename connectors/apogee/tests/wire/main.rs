//! The wire types against the published contract, its samples, and what real servers are known to bend.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what is wrong by failing"
)]

mod contrat;
mod echantillons;
mod fautes;
mod lecture;
mod proprietes;

use std::path::PathBuf;

use apogee::wire::{NilPolicy, Node, XmlWriter};

/// A file of the published contract, or nothing where it is not at hand: the test then says so and passes.
fn publie(chemin: &str) -> Option<Vec<u8>> {
    let racine = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/apogee").join(chemin);
    let lu = std::fs::read(&racine).ok();
    if lu.is_none() {
        println!("sauté : {chemin} n'est pas disponible");
    }
    lu
}

/// What a document says once nil, empty and absent are the same thing: `chemin=valeur` lines.
fn sens(node: &Node) -> Vec<String> {
    fn visite(node: &Node, chemin: &str, lignes: &mut Vec<String>) {
        let ici = format!("{chemin}/{}", node.name);
        if let Some(valeur) = node.value() {
            lignes.push(format!("{ici}={valeur}"));
        }
        for enfant in &node.children {
            visite(enfant, &ici, lignes);
        }
    }
    let mut lignes = Vec::new();
    visite(node, "", &mut lignes);
    lignes
}

fn ecrit(dto: &impl apogee::wire::Dto, policy: NilPolicy) -> String {
    let mut w = XmlWriter::new(policy);
    w.raw("<x xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    dto.write(&mut w);
    w.raw("</x>");
    w.finish()
}
