//! What Typst may see: the template, the house style, the data, the drawings. No disk, no network, no package, no clock of the machine.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::polices::Polices;

/// Paths are interned for the life of the process, 65,535 of them at most: documents share these.
pub(crate) const MODELE: &str = "/template.typ";
pub(crate) const MAISON: &str = "/etablissement.typ";
pub(crate) const DONNEES: &str = "/data.json";

/// The identity of a fixed path.
pub(crate) fn fichier(chemin: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(chemin).ok()?).intern())
}

/// One document's world.
pub(crate) struct Monde<'a> {
    pub(crate) bibliotheque: &'a LazyHash<Library>,
    pub(crate) polices: &'a Polices,
    pub(crate) modele: Source,
    pub(crate) maison: Source,
    pub(crate) fichiers: HashMap<FileId, Bytes>,
    pub(crate) le: DateTime<Utc>,
}

impl Monde<'_> {
    fn texte(&self, id: FileId) -> Option<&Source> {
        [&self.modele, &self.maison].into_iter().find(|source| source.id() == id)
    }
}

impl World for Monde<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.bibliotheque
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.polices.livre
    }

    fn main(&self) -> FileId {
        self.modele.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.texte(id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let source = || self.texte(id).map(|source| Bytes::from_string(source.text().to_owned()));
        self.fichiers.get(&id).cloned().or_else(source).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.polices.fontes.get(index).cloned()
    }

    /// The day of the document, in Besançon.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        let jour = kernel::heure_de_besancon(self.le).date();
        Datetime::from_ymd(jour.year(), u8::try_from(jour.month()).ok()?, u8::try_from(jour.day()).ok()?)
    }
}
