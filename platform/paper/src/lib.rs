//! PDF documents, set by Typst inside the process: no browser, no outside program, no network.
//!
//! # To add a document
//!
//! 1. A folder `documents/NAME/` in the context's crate: `template.typ`, and `sample.json` with the hardest case (long names, right-to-left
//!    script, several pages). The template reads its data and wears the house style:
//!    ```typst
//!    #import "/etablissement.typ": *
//!    #let d = json("/data.json")
//!    #show: feuille.with(titre: "Convocation", etablissement: d.etablissement, reference: d.reference)
//!    #entete(d.etablissement, destinataire: d.destinataire)
//!    = Convocation
//!    #a_faire[Présentez-vous avec cette convocation et une pièce d'identité.]
//!    #qr(0, alt: "Code de l'épreuve de droit civil")
//!    ```
//! 2. In the code: `const CONVOCATION: Template = Template { nom: "convocation", source: include_str!("../documents/convocation/template.typ") };`
//!    then `paper.render(&CONVOCATION, &data, &Pieces::du(le).qr(url))`, or [`Paper::rendre`] from async code.
//! 3. A test: [`essai::verifier`] (feature `essai`, in the dev-dependencies) renders the sample and compares its words with `expected.txt`
//!    and its look with `expected.png`; `TELEMAQUE_ACCEPTER_DOCUMENTS=1` writes both, to be looked at and committed.
//!
//! # What holds
//!
//! - **Data are data**: values arrive as JSON, and a `#` or a `*` typed by somebody stays a `#` or a `*`.
//! - **The same in, the same out**: the date is given ([`Pieces::du`]), nothing is drawn at random; two renderings are equal byte for byte.
//! - **No name fails a document**: what no font can draw is shown as « □ » and counted ([`Pdf::remplaces`]).
//! - Documents are PDF/A-2a (kept for years) and PDF/UA-1 (read aloud): images have an `alt`, tables a `table.header`. Should the words
//!   of one document prevent it, that document leaves as a plain PDF ([`Pdf::conforme`]) rather than not at all.
//! - Everything in a document is black, or a grey that survives a photocopier.

#[cfg(any(test, feature = "essai"))]
pub mod essai;
mod fault;
mod monde;
mod pieces;
mod polices;
mod rendu;
#[cfg(test)]
mod tests;
mod texte;

pub use fault::PaperFault;
pub use pieces::{Etablissement, Pieces};
pub use rendu::{Paper, Pdf, Template};
