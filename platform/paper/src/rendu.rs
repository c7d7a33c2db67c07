use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst::syntax::Source;
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World as _, WorldExt as _};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::fault::PaperFault;
use crate::monde::{DONNEES, MAISON, MODELE, Monde, fichier};
use crate::pieces::{Pieces, dessin};
use crate::polices::Polices;
use crate::texte::{Rigueur, nettoyer};

/// A kind of document, embedded by the crate that makes it.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What messages call it: `convocation`.
    pub nom: &'static str,
    /// Its Typst source.
    pub source: &'static str,
}

/// A document, ready to be kept or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub octets: Vec<u8>,
    /// Its pages.
    pub pages: usize,
    /// Characters that no font draws, shown as « □ ».
    pub remplaces: usize,
    /// Whether it keeps to PDF/A-2a and PDF/UA-1.
    pub conforme: bool,
}

/// Renders documents. Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct Paper(Arc<Atelier>);

struct Atelier {
    bibliotheque: LazyHash<Library>,
    polices: Polices,
    maison: Source,
    faits: AtomicUsize,
    places: Semaphore,
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paper").field("faits", &self.0.faits).finish_non_exhaustive()
    }
}

/// Typst remembers what it has laid out; after this many documents what the last ones did not use is forgotten. Without it memory grows by
/// a megabyte a document.
const ENTRE_OUBLIS: usize = 8;

static ATELIER: OnceLock<Paper> = OnceLock::new();

impl Paper {
    /// The renderer of this process: its fonts are read once.
    #[must_use]
    pub fn get() -> Self {
        ATELIER.get_or_init(Self::ouvrir).clone()
    }

    fn ouvrir() -> Self {
        let maison = include_str!("../typst/etablissement.typ");
        let maison = match fichier(MAISON) {
            Some(id) => Source::new(id, maison.to_owned()),
            None => Source::detached(maison),
        };
        let coeurs = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        Self(Arc::new(Atelier {
            bibliotheque: LazyHash::new(Library::default()),
            polices: Polices::charger(),
            maison,
            faits: AtomicUsize::new(0),
            places: Semaphore::new(coeurs),
        }))
    }

    /// Renders `template` with `data`, some ten milliseconds of processor a page: async code calls [`Self::rendre`].
    ///
    /// # Errors
    /// A template that does not fit its data, a QR code that is too long.
    pub fn render(
        &self,
        template: &Template,
        data: &impl Serialize,
        pieces: &Pieces,
    ) -> Result<Pdf, PaperFault> {
        self.0.rendre(template, &valeur(template, data)?, pieces)
    }

    /// [`Self::render`] on a thread of its own; no more at once than there are processors.
    ///
    /// # Errors
    /// Those of [`Self::render`].
    pub async fn rendre(
        &self,
        template: &Template,
        data: &impl Serialize,
        pieces: Pieces,
    ) -> Result<Pdf, PaperFault> {
        let (nom, template) = (template.nom, *template);
        let valeur = valeur(&template, data)?;
        let _place = self.0.places.acquire().await.map_err(|_| PaperFault::Interrompu { nom })?;
        let atelier = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || atelier.rendre(&template, &valeur, &pieces))
            .await
            .map_err(|_| PaperFault::Interrompu { nom })?
    }
}

fn valeur(template: &Template, data: &impl Serialize) -> Result<Value, PaperFault> {
    serde_json::to_value(data)
        .map_err(|err| PaperFault::Donnees { nom: template.nom, detail: err.to_string() })
}

impl Atelier {
    fn rendre(&self, template: &Template, data: &Value, pieces: &Pieces) -> Result<Pdf, PaperFault> {
        let fait = self.essayer(template, data, pieces);
        let n = self.faits.fetch_add(1, Ordering::Relaxed) + 1;
        if fait.is_err() || n.is_multiple_of(ENTRE_OUBLIS) {
            typst::comemo::evict(0);
        }
        fait
    }

    /// As it should be; if the words prevent it, simpler words; if they still do, a file that keeps to no standard.
    fn essayer(&self, template: &Template, data: &Value, pieces: &Pieces) -> Result<Pdf, PaperFault> {
        let mut dernier = None;
        for rigueur in [Rigueur::Fidele, Rigueur::SansMarques] {
            let mut data = data.clone();
            let remplaces = nettoyer(&mut data, &self.polices, rigueur);
            let json = data.to_string();
            let monde = self.monde(template, &json, pieces)?;
            let document = typst::compile::<PagedDocument>(&monde)
                .output
                .map_err(|fautes| modele(template, &monde, &fautes))?;
            let options = |standards| PdfOptions {
                ident: Smart::Custom(format!("{}\n{}\n{json}", template.nom, pieces.le)),
                creator: Smart::Custom(Some("Télémaque".to_owned())),
                timestamp: instant(pieces.le).map(Timestamp::new_utc),
                standards,
                ..PdfOptions::default()
            };
            let fini = |octets, conforme| Pdf { octets, pages: document.pages().len(), remplaces, conforme };
            let normes = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).unwrap_or_default();
            match typst_pdf::pdf(&document, &options(normes)) {
                Ok(octets) => return Ok(fini(octets, true)),
                Err(fautes) => dernier = Some(modele(template, &monde, &fautes)),
            }
            if rigueur == Rigueur::SansMarques
                && let Ok(octets) = typst_pdf::pdf(&document, &options(PdfStandards::default()))
            {
                tracing::warn!(document = template.nom, "document produit hors des normes PDF/A et PDF/UA");
                return Ok(fini(octets, false));
            }
        }
        Err(dernier.unwrap_or(PaperFault::Interrompu { nom: template.nom }))
    }

    fn monde(&self, template: &Template, json: &str, pieces: &Pieces) -> Result<Monde<'_>, PaperFault> {
        let nom = template.nom;
        let trop = || PaperFault::Trop { nom };
        if pieces.trop() {
            return Err(trop());
        }
        let mut fichiers = HashMap::new();
        fichiers.insert(fichier(DONNEES).ok_or_else(trop)?, Bytes::from_string(json.to_owned()));
        for (rang, texte) in pieces.codes.iter().enumerate() {
            let svg = dessin(texte).ok_or(PaperFault::Qr { nom, rang })?;
            fichiers.insert(fichier(&format!("/qr{rang}.svg")).ok_or_else(trop)?, Bytes::from_string(svg));
        }
        for (rang, octets) in pieces.images.iter().enumerate() {
            fichiers.insert(fichier(&format!("/image{rang}")).ok_or_else(trop)?, Bytes::new(octets.clone()));
        }
        let modele = Source::new(fichier(MODELE).ok_or_else(trop)?, template.source.to_owned());
        Ok(Monde {
            bibliotheque: &self.bibliotheque,
            polices: &self.polices,
            modele,
            maison: self.maison.clone(),
            fichiers,
            le: pieces.le,
        })
    }
}

fn instant(le: DateTime<Utc>) -> Option<Datetime> {
    let petit = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        le.year(),
        petit(le.month())?,
        petit(le.day())?,
        petit(le.hour())?,
        petit(le.minute())?,
        petit(le.second())?,
    )
}

/// Typst's own words, each with its file and line.
fn modele(template: &Template, monde: &Monde<'_>, fautes: &[SourceDiagnostic]) -> PaperFault {
    let mut detail = String::new();
    for faute in fautes {
        if !detail.is_empty() {
            detail.push_str(" ; ");
        }
        detail.push_str(&faute.message);
        let place = faute.span.id().and_then(|id| {
            let source = monde.source(id).ok()?;
            let ligne = source.lines().byte_to_line(monde.range(faute.span)?.start)?;
            Some((id.vpath().get_without_slash().to_owned(), ligne + 1))
        });
        if let Some((fichier, ligne)) = place {
            let _ = write!(detail, " ({fichier}, ligne {ligne})");
        }
    }
    PaperFault::Modele { nom: template.nom, detail }
}
