use chrono::{DateTime, Utc};
use fast_qr::{ECL, QRBuilder};
use serde::Serialize;

/// At most this many of each in one document: Typst keeps every path that it met for the life of the process.
const MOST: usize = 4_000;

/// The establishment's block, top left of a document: part of the data of most templates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Etablissement {
    /// Its name.
    pub nom: String,
    /// Service, address, telephone: one line each.
    pub lignes: Vec<String>,
}

/// What a document is given besides its data: its date, its QR codes, its images.
#[derive(Clone, Debug)]
pub struct Pieces {
    pub(crate) le: DateTime<Utc>,
    pub(crate) codes: Vec<String>,
    pub(crate) images: Vec<Vec<u8>>,
}

impl Pieces {
    /// The date that the file bears, in its properties: that of the action, by its clock.
    #[must_use]
    pub const fn du(le: DateTime<Utc>) -> Self {
        Self { le, codes: Vec::new(), images: Vec::new() }
    }

    /// One more QR code, which the template shows by `#qr(n)`, numbered from 0.
    #[must_use]
    pub fn qr(mut self, texte: impl Into<String>) -> Self {
        self.codes.push(texte.into());
        self
    }

    /// One more image (PNG, JPEG, SVG), which the template shows by `#image("/image0", alt: …)`, numbered from 0.
    #[must_use]
    pub fn image(mut self, octets: Vec<u8>) -> Self {
        self.images.push(octets);
        self
    }

    pub(crate) fn trop(&self) -> bool {
        self.codes.len() > MOST || self.images.len() > MOST
    }
}

/// A QR code as a drawing: one path of black runs, sharp at any size. Its quiet zone is left by the template. `None` when the text is too
/// long for one.
pub(crate) fn dessin(texte: &str) -> Option<String> {
    use std::fmt::Write as _;
    // A quarter of the code may be hidden by a fold or a stain.
    let code = QRBuilder::new(texte).ecl(ECL::Q).build().ok()?;
    let cote = code.size;
    let noir = |x: usize, y: usize| code.data.get(y * cote + x).is_some_and(|module| module.value());
    let mut trace = String::new();
    for y in 0..cote {
        let mut x = 0;
        while x < cote {
            let debut = x;
            while x < cote && noir(x, y) {
                x += 1;
            }
            if x > debut {
                let n = x - debut;
                let _ = write!(trace, "M{debut} {y}h{n}v1h-{n}z");
            }
            x += 1;
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {cote} {cote}"><path d="{trace}" fill="#000"/></svg>"##
    ))
}
