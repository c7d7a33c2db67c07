//! A spreadsheet that a person uploads, read cell by cell: XLSX, ODS, or CSV as Excel and LibreOffice write it.
//!
//! Every cell knows its address as the spreadsheet shows it (« B7 »), and every refusal is a French sentence that names the cell, what
//! was read and what is expected: the person goes to the cell and puts it right. What a cell means to a context is the context's.
//!
//! # To import something
//!
//! ```
//! use tableur::{Attendue, Defaut};
//!
//! const SALLE: usize = 0;
//! const JOUR: usize = 1;
//! const PLACES: usize = 2;
//! const COLONNES: &[Attendue] = &[
//!     Attendue::requise("Salle", &["code salle", "amphi"]),          // the name shown, and what else people write
//!     Attendue::requise("Jour", &["date"]),
//!     Attendue::facultative("Places", &["capacité"]),
//! ];
//!
//! let octets = "Amphi;Date;Places\nN101;13/01/2025;42\nN102;14 janvier;\n".as_bytes();
//! let tableau = tableur::lire(octets, "salles.csv")?;                // Err: a `kernel::Fault`, one sentence for the whole file
//! let colonnes = tableau.associer(COLONNES).expect("each column is there, once");   // Err: `Vec<Defaut>`, one per column
//! let lues = tableau.lire_lignes(&colonnes, |l| {
//!     let salle = l.lire(SALLE, |c| c.texte_requis());               // all cells are read before any `?`: all that is wrong is said
//!     let jour = l.lire(JOUR, |c| c.date());                         // an empty cell is a refusal…
//!     let places = l.si_remplie(PLACES, |c| c.entier());             // …unless it may be empty
//!     Some((salle?, jour?, places?))
//! }, |_, _| None);                                                   // no two rows are of the same thing
//! assert!(lues[0].lue.is_ok());
//! let defauts: &Vec<Defaut> = lues[1].lue.as_ref().unwrap_err();
//! assert_eq!(defauts[0].adresse, "B3");
//! assert!(defauts[0].phrase.starts_with("« 14 janvier » n’est pas une date"));
//! # Ok::<(), tableur::Illisible>(())
//! ```
//!
//! A rule of the context that refuses a cell speaks the same way: `colonnes.cellule(ligne, SALLE).defaut("La salle … n’existe pas.")`.
//!
//! [`lire`] reads up to [`TAILLE_MAX`] bytes, [`LIGNES_MAX`] rows and [`COLONNES_MAX`] columns, and never holds much more than
//! [`DEPLIE_MAX`]: a compressed file that would unfold beyond is refused before it is read. It takes some tenths of a second for the
//! largest: call it from `tokio::task::spawn_blocking`. The bytes come from `web::televersement`.
//!
//! Texts are given as they are: not trimmed, since codes of Apogée may begin or end by a space, and never interpreted (« =1+1 » is text).

mod adresse;
mod cellule;
mod classeur;
mod colonnes;
mod conversion;
mod illisible;
mod lecture;
mod ods;
mod separe;
mod xlsx;

pub use cellule::{Cellule, Contenu, Defaut, montre};
pub use colonnes::{Association, Attendue};
pub use illisible::Illisible;
pub use lecture::{Lecteur, LigneLue};

/// Largest file, in bytes.
pub const TAILLE_MAX: usize = 5 * 1024 * 1024;
/// Most rows under the headers.
pub const LIGNES_MAX: usize = 20_000;
/// Most columns.
pub const COLONNES_MAX: usize = 100;
/// What a compressed file may unfold to, in bytes.
pub const DEPLIE_MAX: usize = 40 * 1024 * 1024;
/// Longest text of one cell, in characters: what Excel holds.
pub const TEXTE_MAX: usize = 32_767;

/// A table: its headers, and its rows that are not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Tableau {
    /// Name of the sheet that was read; nothing for a CSV.
    pub feuille: Option<String>,
    /// How many other sheets there are, which were not read.
    pub autres_feuilles: usize,
    /// Number of the row that holds the headers.
    pub ligne_des_entetes: usize,
    /// Headers, those left empty included.
    pub entetes: Vec<Entete>,
    /// Rows.
    pub lignes: Vec<Ligne>,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entete {
    /// What is written, spaces around put aside.
    pub texte: String,
    /// « C1 ».
    pub adresse: String,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Ligne {
    numero: usize,
    contenus: Vec<Contenu>,
}

impl Ligne {
    /// Its number, as the spreadsheet shows it.
    #[must_use]
    pub fn numero(&self) -> usize {
        self.numero
    }

    /// The cell of a column, the first being 0; beyond the last one, cells are empty.
    #[must_use]
    pub fn cellule(&self, colonne: usize) -> Cellule<'_> {
        Cellule::new(self.numero, Some(colonne), self.contenus.get(colonne).unwrap_or(&Contenu::Vide))
    }
}

/// Reads a file. `nom` is its name, for the sentences: what it holds decides how it is read.
///
/// # Errors
/// [`Illisible`]: too large, of another kind, protected, damaged, or without rows.
pub fn lire(octets: &[u8], nom: &str) -> Result<Tableau, Illisible> {
    if octets.len() > TAILLE_MAX {
        return Err(Illisible::TropGros);
    }
    if octets.is_empty() {
        return Err(Illisible::Vide);
    }
    if octets.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(classeur::ancien(octets));
    }
    let brut =
        if octets.starts_with(b"PK") { classeur::lire(octets, nom)? } else { separe::lire(octets, nom)? };
    brut.tableau()
}

/// Rows as they come, before the headers are told from the rest.
#[derive(Debug, Default)]
pub(crate) struct Brut {
    pub(crate) feuille: Option<String>,
    pub(crate) autres_feuilles: usize,
    lignes: Vec<Ligne>,
    poids: usize,
}

impl Brut {
    /// Puts a cell; rows come in order, `ligne` and `colonne` count from 0. What is empty takes no place.
    pub(crate) fn poser(&mut self, ligne: usize, colonne: usize, contenu: Contenu) -> Result<(), Illisible> {
        if contenu == Contenu::Vide {
            return Ok(());
        }
        if colonne >= COLONNES_MAX {
            return Err(Illisible::TropDeColonnes(adresse::ecrite(ligne + 1, colonne)));
        }
        if let Contenu::Texte(texte) = &contenu
            && texte.len() > TEXTE_MAX
            && texte.chars().count() > TEXTE_MAX
        {
            return Err(Illisible::TexteTropLong(adresse::ecrite(ligne + 1, colonne)));
        }
        // One long text may be shared by a million cells.
        if let Contenu::Texte(texte) = &contenu {
            self.poids += texte.len();
            if self.poids > DEPLIE_MAX {
                return Err(Illisible::TropDeplie);
            }
        }
        let numero = ligne + 1;
        if self.lignes.last().is_none_or(|derniere| derniere.numero < numero) {
            // The headers, and one row more than allowed: it is then known that there are too many.
            if self.lignes.len() > LIGNES_MAX {
                return Err(Illisible::TropDeLignes);
            }
            self.lignes.push(Ligne { numero, contenus: Vec::new() });
        }
        // A damaged file may go back: its rows would be anywhere.
        let derniere = self.lignes.last_mut().filter(|derniere| derniere.numero == numero);
        let contenus = &mut derniere.ok_or(Illisible::Abime)?.contenus;
        if contenus.len() <= colonne {
            contenus.resize(colonne + 1, Contenu::Vide);
        }
        if let Some(place) = contenus.get_mut(colonne) {
            *place = contenu;
        }
        Ok(())
    }

    /// The first row that says something holds the headers.
    fn tableau(mut self) -> Result<Tableau, Illisible> {
        self.lignes.retain(|ligne| ligne.contenus.iter().any(|c| !c.est_blanc()));
        if self.lignes.is_empty() {
            return Err(Illisible::Vide);
        }
        let premiere = self.lignes.remove(0);
        if self.lignes.is_empty() {
            return Err(Illisible::SansLigne);
        }
        let entetes = premiere.contenus.iter().enumerate().map(|(colonne, contenu)| Entete {
            texte: contenu.ecrit().trim().to_owned(),
            adresse: adresse::ecrite(premiere.numero, colonne),
        });
        Ok(Tableau {
            feuille: self.feuille,
            autres_feuilles: self.autres_feuilles,
            ligne_des_entetes: premiere.numero,
            entetes: entetes.collect(),
            lignes: self.lignes,
        })
    }
}
