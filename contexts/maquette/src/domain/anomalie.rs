//! What the sources say that cannot stand as it is: a list to work through.

use serde::{Deserialize, Serialize};

use super::valeur::Ligne;

/// One anomaly: a rule, the object it speaks of, and both values when two sources disagree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Anomalie {
    /// The rule.
    pub regle: Regle,
    /// Kind of object: the code of a genre.
    pub objet: &'static str,
    /// Its key, as a reader sees it.
    pub cle: String,
    /// The field, or what makes it unique.
    pub champ: String,
    /// The object's label, when it has one.
    pub libelle: String,
    /// First source.
    pub source_a: &'static str,
    /// What it says.
    pub valeur_a: String,
    /// Second source, or the rule.
    pub source_b: &'static str,
    /// What it says, or what is expected.
    pub valeur_b: String,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravite {
    /// Something will fail downstream.
    Bloquante,
    /// Somebody should decide.
    AArbitrer,
    /// Good to know.
    Remarque,
}

macro_rules! regles {
    ($($(#[$doc:meta])* $nom:ident = $code:literal, $gravite:ident, $libelle:literal, $conseil:literal;)+) => {
        /// The rules.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Regle {$(
            $(#[$doc])*
            $nom,
        )+}

        impl Regle {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$nom),+];

            /// The spelling stored.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$nom => $code),+ }
            }

            /// How much it matters.
            #[must_use]
            pub fn gravite(self) -> Gravite {
                match self { $(Self::$nom => Gravite::$gravite),+ }
            }

            /// As pages write it.
            #[must_use]
            pub fn libelle(self) -> &'static str {
                match self { $(Self::$nom => $libelle),+ }
            }

            /// What to do.
            #[must_use]
            pub fn conseil(self) -> &'static str {
                match self { $(Self::$nom => $conseil),+ }
            }

            /// The rule of that code.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$nom),)+ _ => None }
            }
        }
    };
}

regles! {
    /// A chain of elements comes back on itself.
    Boucle = "boucle", Bloquante, "Boucle dans l'arbre",
        "Fermez dans Apogée le lien qui ramène l'élément sous lui-même ; ici, la boucle n'est jamais suivie.";
    /// A link leads to a code that does not exist.
    LienRompu = "lien_rompu", Bloquante, "Lien vers un code inconnu",
        "Créez l'objet manquant dans Apogée ou fermez le lien.";
    /// A choice list asks for more than it holds.
    ChoixImpossible = "choix_impossible", Bloquante, "Choix impossible",
        "Abaissez le minimum sur le lien ou ajoutez des éléments à la liste.";
    /// An étape version belongs to no diploma version.
    EtapeSansDiplome = "etape_sans_diplome", AArbitrer, "Étape sans version de diplôme",
        "Rattachez la version d'étape à une version de diplôme dans Apogée.";
    /// An étape version has no list.
    EtapeSansContenu = "etape_sans_contenu", AArbitrer, "Étape sans contenu",
        "Rattachez au moins une liste à la version d'étape, ou fermez-la.";
    /// A list has no element.
    ListeVide = "liste_vide", AArbitrer, "Liste vide",
        "Ajoutez des éléments à la liste ou fermez-la.";
    /// A list is under nothing.
    ListeOrpheline = "liste_orpheline", Remarque, "Liste orpheline",
        "Rattachez la liste à une étape ou à un élément, ou fermez-la.";
    /// An element is in no list.
    ElementOrphelin = "element_orphelin", Remarque, "Élément orphelin",
        "Rattachez l'élément à une liste, ou fermez-le.";
    /// A semester does not make 30 ECTS.
    EctsSemestre = "ects_semestre", AArbitrer, "Semestre différent de 30 ECTS",
        "Corrigez les ECTS des éléments du semestre dans Kofr, puis relancez la collecte.";
    /// A year does not make 60 ECTS.
    EctsAnnee = "ects_annee", AArbitrer, "Année différente de 60 ECTS",
        "Vérifiez les semestres de l'étape et leurs ECTS dans Kofr.";
    /// A tree deeper than ten levels.
    TropProfond = "trop_profond", Remarque, "Arbre de plus de dix niveaux",
        "Simplifiez la structure dans Apogée : au-delà de dix niveaux, l'arbre n'est plus affiché.";
    /// A code with a space or a no-break space.
    CodeEspace = "code_espace", Remarque, "Espace dans un code",
        "Le code est gardé tel quel. Si l'espace est une faute de frappe, corrigez-la dans Apogée.";
    /// Apogée and Kofr give different ECTS.
    EctsDifferents = "ects_differents", AArbitrer, "ECTS différents",
        "Kofr fait foi pour les ECTS. Corrigez celle des deux sources qui se trompe.";
    /// Apogée and Kofr give different labels.
    LibellesDifferents = "libelles_differents", AArbitrer, "Libellés différents",
        "Apogée fait foi pour les libellés. Corrigez celle des deux sources qui se trompe.";
    /// Apogée and Kofr give different hours.
    HeuresDifferentes = "heures_differentes", AArbitrer, "Heures différentes",
        "Kofr fait foi pour les heures. Corrigez celle des deux sources qui se trompe.";
    /// Kofr gives a code that Apogée does not know.
    CodeInconnu = "code_inconnu", AArbitrer, "Code de Kofr inconnu d'Apogée",
        "Vérifiez le code dans Kofr, ou créez l'objet dans Apogée.";
    /// Kofr has an object that has no Apogée code yet.
    CodeManquant = "code_manquant", Remarque, "Sans code Apogée",
        "L'objet sera relié quand son code aura été versé dans Apogée et reporté dans Kofr.";
    /// Two rows of one key.
    Conflit = "conflit", AArbitrer, "Lignes contradictoires",
        "La première ligne est gardée. Corrigez la source pour n'en laisser qu'une.";
    /// A row that cannot be read.
    Rejet = "rejet", Bloquante, "Ligne rejetée",
        "Corrigez la valeur à la source ; la ligne arrivera à la prochaine collecte.";
    /// Eve has the same teacher twice.
    EnseignantDouble = "enseignant_double", AArbitrer, "Enseignant en double",
        "Fusionnez les deux fiches dans Eve.";
    /// A registration to an étape that the offer does not know.
    InscriptionSansEtape = "inscription_sans_etape", AArbitrer, "Inscription à une étape inconnue",
        "Collectez l'offre, ou vérifiez l'ouverture de l'étape dans Apogée pour cette année.";
    /// The source moved under a local correction.
    CorrectionDepassee = "correction_depassee", AArbitrer, "La source a changé sous une correction",
        "Ouvrez la correction : levez-la si la source a maintenant raison, ou gardez-la.";
    /// The source says the same as a local correction.
    CorrectionInutile = "correction_inutile", Remarque, "Correction devenue inutile",
        "La source dit maintenant la même chose que la correction : vous pouvez la lever.";
}

impl Gravite {
    /// The spelling stored and filtered by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bloquante => "bloquante",
            Self::AArbitrer => "a_arbitrer",
            Self::Remarque => "remarque",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Bloquante => "Bloquante",
            Self::AArbitrer => "À arbitrer",
            Self::Remarque => "Remarque",
        }
    }
}

impl From<Anomalie> for Ligne {
    fn from(a: Anomalie) -> Self {
        Self::new(
            [a.regle.code().into(), a.objet.into(), a.cle.into(), a.champ.into()],
            [a.libelle.into(), a.source_a.into(), a.valeur_a.into(), a.source_b.into(), a.valeur_b.into()],
        )
    }
}
