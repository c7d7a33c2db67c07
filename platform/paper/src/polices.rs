//! The fonts, in the binary: Source Sans 3 for text, Source Serif 4 for titles, DejaVu for the scripts and letters that they lack.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

include!(concat!(env!("OUT_DIR"), "/polices.rs"));

/// Every font, and the book by which Typst chooses among them.
pub(crate) struct Polices {
    pub(crate) livre: LazyHash<FontBook>,
    pub(crate) fontes: Vec<Font>,
}

impl Polices {
    pub(crate) fn charger() -> Self {
        let repli = [dejavu::sans::regular(), dejavu::sans::bold()];
        let fontes: Vec<Font> = EMBARQUEES
            .iter()
            .copied()
            .chain(repli)
            .flat_map(|octets| Font::iter(Bytes::new(octets)))
            .collect();
        Self { livre: LazyHash::new(FontBook::from_fonts(&fontes)), fontes }
    }

    /// Whether some font draws it.
    pub(crate) fn dessine(&self, c: char) -> bool {
        self.fontes.iter().any(|fonte| fonte.info().coverage.contains(u32::from(c)))
    }
}
