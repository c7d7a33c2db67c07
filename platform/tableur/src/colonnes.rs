//! Which column is which: headers are matched by what they say, not by how they are typed.

use kernel::fold;

use crate::cellule::{Cellule, Contenu, Defaut};
use crate::{Entete, Ligne, Tableau};

/// A column that an import reads.
#[derive(Clone, Copy, Debug)]
pub struct Attendue {
    nom: &'static str,
    synonymes: &'static [&'static str],
    requise: bool,
}

impl Attendue {
    /// A column without which nothing can be read.
    #[must_use]
    pub const fn requise(nom: &'static str, synonymes: &'static [&'static str]) -> Self {
        Self { nom, synonymes, requise: true }
    }

    /// A column that may be missing: its cells are then empty.
    #[must_use]
    pub const fn facultative(nom: &'static str, synonymes: &'static [&'static str]) -> Self {
        Self { nom, synonymes, requise: false }
    }

    /// The name shown, and written in the model of the file.
    #[must_use]
    pub const fn nom(&self) -> &'static str {
        self.nom
    }

    fn est(&self, entete: &str) -> bool {
        let entete = plie(entete);
        std::iter::once(&self.nom).chain(self.synonymes).any(|nom| plie(nom) == entete)
    }
}

/// Without case, accents, marks nor double spaces: « Dernier  jour * » is « dernier jour ».
fn plie(texte: &str) -> String {
    let mots = fold(texte).replace(|c: char| !c.is_alphanumeric(), " ");
    mots.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where each expected column was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    places: Vec<Option<usize>>,
    inconnues: Vec<Entete>,
}

impl Association {
    /// The cell of the expected column number `attendue`, in the order of the list given to [`Tableau::associer`].
    #[must_use]
    pub fn cellule<'t>(&self, ligne: &'t Ligne, attendue: usize) -> Cellule<'t> {
        match self.places.get(attendue).copied().flatten() {
            Some(place) => ligne.cellule(place),
            None => Cellule::new(ligne.numero(), None, &Contenu::Vide),
        }
    }

    /// Whether the file has that column.
    #[must_use]
    pub fn a(&self, attendue: usize) -> bool {
        self.places.get(attendue).copied().flatten().is_some()
    }

    /// Columns of the file that mean nothing here: they are left aside, and the page says so.
    #[must_use]
    pub fn inconnues(&self) -> &[Entete] {
        &self.inconnues
    }
}

impl Tableau {
    /// Finds the expected columns.
    ///
    /// # Errors
    /// A required column that is missing, and any expected column that is there twice: one sentence for each.
    pub fn associer(&self, attendues: &[Attendue]) -> Result<Association, Vec<Defaut>> {
        let mut defauts = Vec::new();
        let mut places = Vec::with_capacity(attendues.len());
        let ligne = self.ligne_des_entetes;
        for attendue in attendues {
            let trouvees: Vec<(usize, &Entete)> =
                self.entetes.iter().enumerate().filter(|(_, e)| attendue.est(&e.texte)).collect();
            if let [(_, une), (_, autre), ..] = trouvees[..] {
                let phrase = format!(
                    "La colonne « {} » est là deux fois, en {} (« {} ») et en {} (« {} ») : gardez-en une.",
                    attendue.nom, une.adresse, une.texte, autre.adresse, autre.texte
                );
                defauts.push(Defaut { ligne, adresse: autre.adresse.clone(), phrase });
            }
            if trouvees.is_empty() && attendue.requise {
                defauts.push(Defaut {
                    ligne,
                    adresse: format!("ligne {ligne}"),
                    phrase: self.manque(attendue),
                });
            }
            places.push(trouvees.first().map(|(place, _)| *place));
        }
        if !defauts.is_empty() {
            return Err(defauts);
        }
        let inconnues = self.entetes.iter().enumerate();
        let inconnues = inconnues.filter(|(i, e)| !e.texte.is_empty() && !places.contains(&Some(*i)));
        let inconnues = inconnues.map(|(_, e)| e.clone()).collect();
        Ok(Association { places, inconnues })
    }

    fn manque(&self, attendue: &Attendue) -> String {
        let lus: Vec<String> = self
            .entetes
            .iter()
            .filter(|e| !e.texte.is_empty())
            .take(12)
            .map(|e| format!("« {} »", e.texte))
            .collect();
        format!("La colonne « {} » manque. En-têtes lus : {}.", attendue.nom, lus.join(", "))
    }
}
