//! The kinds of rows that a collection brings, each described once: its table, its key, its fields, and which source decides.
//!
//! To add a kind: one entry here, its table in `store/migrations`, its translation in [`super::traduction`]. The comparison, the
//! application, the change set and their pages follow.

use kernel::Source;

/// What a column holds, and so how it is stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SorteColonne {
    /// Text.
    Texte,
    /// An integer.
    Entier,
    /// Hundredths (ECTS, hours).
    Centi,
    /// Yes or no.
    Oui,
    /// A civil day.
    Jour,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Colonne {
    /// Name in the table.
    pub nom: &'static str,
    /// Name on pages.
    pub libelle: &'static str,
    /// What it holds.
    pub sorte: SorteColonne,
    /// Under which cause a change of it is grouped.
    pub cause: &'static str,
}

/// A kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is described in the table below")]
pub enum Genre {
    Maquette,
    Annee,
    Composante,
    Nature,
    Diplome,
    VersionDiplome,
    Etape,
    VersionEtape,
    Rattachement,
    Liste,
    Element,
    LienEtapeListe,
    LienListeElement,
    LienElementListe,
    Heures,
    Controle,
    Enseignant,
    Etudiant,
    InscriptionAdministrative,
    InscriptionPedagogique,
    Anomalie,
}

/// All that is known of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Description {
    /// The kind.
    pub genre: Genre,
    /// Table and code in change sets.
    pub code: &'static str,
    /// Key in reports: `elements`.
    pub pluriel: &'static str,
    /// Title on pages: « Éléments ».
    pub titre: &'static str,
    /// Key columns, after the year.
    pub cle: &'static [Colonne],
    /// Field columns.
    pub champs: &'static [Colonne],
    /// Which field is shown beside the key, if any.
    pub libelle: Option<usize>,
    /// Which source makes rows of this kind appear and disappear.
    pub source: Source,
}

const fn col(nom: &'static str, libelle: &'static str, sorte: SorteColonne, cause: &'static str) -> Colonne {
    Colonne { nom, libelle, sorte, cause }
}

const fn texte(nom: &'static str, libelle: &'static str, cause: &'static str) -> Colonne {
    col(nom, libelle, SorteColonne::Texte, cause)
}

const fn entier(nom: &'static str, libelle: &'static str, cause: &'static str) -> Colonne {
    col(nom, libelle, SorteColonne::Entier, cause)
}

const CODE: Colonne = texte("code", "Code", "");
const LIBELLE: Colonne = texte("libelle", "Libellé", "libelle");
const LIBELLE_COURT: Colonne = texte("libelle_court", "Libellé court", "libelle");
const COMPOSANTE: Colonne = texte("composante", "Composante", "rattachement");
const ETAPE: Colonne = texte("etape", "Étape", "");
const VERSION: Colonne = texte("version", "Version", "");
const LISTE: Colonne = texte("liste", "Liste", "");
const ELEMENT: Colonne = texte("element", "Élément", "");
const ETUDIANT: Colonne = texte("etudiant", "Étudiant", "");
const MIN: Colonne = entier("choix_min", "Minimum à choisir", "choix");
const MAX: Colonne = entier("choix_max", "Maximum à choisir", "choix");
const FERME_LE: Colonne = col("lien_ferme_le", "Lien fermé le", SorteColonne::Jour, "fermeture");
const RCT_DEBUT: Colonne = entier("recrutement_debut", "Recrutement depuis", "ouverture");
const RCT_FIN: Colonne = entier("recrutement_fin", "Recrutement jusqu'à", "ouverture");
const VAL_DEBUT: Colonne = entier("validation_debut", "Validation depuis", "ouverture");
const VAL_FIN: Colonne = entier("validation_fin", "Validation jusqu'à", "ouverture");

/// Every kind, in the order in which they are compared, applied and shown.
pub static GENRES: [Description; 21] = [
    Description {
        genre: Genre::Maquette,
        code: "maquette",
        pluriel: "maquettes",
        titre: "Maquettes",
        cle: &[entier("annee_debut", "Première année", "")],
        champs: &[entier("annee_fin", "Dernière année", "ouverture"), LIBELLE, texte("etat", "État", "etat")],
        libelle: Some(1),
        source: Source::Kofr,
    },
    Description {
        genre: Genre::Annee,
        code: "annee_universitaire",
        pluriel: "annees",
        titre: "Années universitaires",
        cle: &[entier("code", "Année", "")],
        champs: &[LIBELLE, texte("etat", "État des inscriptions", "etat")],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Composante,
        code: "composante",
        pluriel: "composantes",
        titre: "Composantes",
        cle: &[CODE],
        champs: &[LIBELLE, col("en_service", "En service", SorteColonne::Oui, "etat")],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Nature,
        code: "nature",
        pluriel: "natures",
        titre: "Natures d'éléments",
        cle: &[CODE],
        champs: &[LIBELLE, col("fictive", "Fictive", SorteColonne::Oui, "etat")],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Diplome,
        code: "diplome",
        pluriel: "diplomes",
        titre: "Diplômes",
        cle: &[CODE],
        champs: &[
            LIBELLE,
            LIBELLE_COURT,
            texte("cycle", "Cycle", "rattachement"),
            texte("type_diplome", "Type de diplôme", "rattachement"),
        ],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::VersionDiplome,
        code: "version_diplome",
        pluriel: "versions_diplome",
        titre: "Versions de diplôme",
        cle: &[texte("diplome", "Diplôme", ""), VERSION],
        champs: &[LIBELLE, RCT_DEBUT, RCT_FIN, VAL_DEBUT, VAL_FIN, COMPOSANTE],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Etape,
        code: "etape",
        pluriel: "etapes",
        titre: "Étapes",
        cle: &[CODE],
        champs: &[LIBELLE, LIBELLE_COURT, texte("cycle", "Cycle", "rattachement")],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::VersionEtape,
        code: "version_etape",
        pluriel: "versions_etape",
        titre: "Versions d'étape",
        cle: &[ETAPE, VERSION],
        champs: &[
            LIBELLE,
            COMPOSANTE,
            col("a_distance", "À distance", SorteColonne::Oui, "etat"),
            col("ouverte", "Ouverte au recrutement", SorteColonne::Oui, "ouverture"),
        ],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Rattachement,
        code: "rattachement",
        pluriel: "rattachements",
        titre: "Rattachements étape–diplôme",
        cle: &[
            texte("diplome", "Diplôme", ""),
            texte("version_diplome", "Version de diplôme", ""),
            ETAPE,
            texte("version_etape", "Version d'étape", ""),
        ],
        champs: &[
            RCT_DEBUT,
            RCT_FIN,
            VAL_DEBUT,
            VAL_FIN,
            entier("rang", "Année dans le diplôme", "rattachement"),
        ],
        libelle: None,
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Liste,
        code: "liste",
        pluriel: "listes",
        titre: "Listes",
        cle: &[CODE],
        champs: &[
            texte("type_liste", "Type", "choix"),
            col("fermee", "Fermée", SorteColonne::Oui, "fermeture"),
            LIBELLE,
        ],
        libelle: Some(2),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Element,
        code: "element",
        pluriel: "elements",
        titre: "Éléments",
        cle: &[CODE],
        champs: &[
            LIBELLE,
            LIBELLE_COURT,
            texte("nature", "Nature", "rattachement"),
            COMPOSANTE,
            texte("periode", "Période", "rattachement"),
            col("ects", "ECTS", SorteColonne::Centi, "ects"),
            col("ects_apogee", "ECTS selon Apogée", SorteColonne::Centi, "ects"),
            col("ects_kofr", "ECTS selon Kofr", SorteColonne::Centi, "ects"),
            col("volume", "Volume", SorteColonne::Centi, "heures"),
            texte("unite_volume", "Unité du volume", "heures"),
            col("ferme", "Fermé à la source", SorteColonne::Oui, "fermeture"),
            col("suspendu", "Suspendu", SorteColonne::Oui, "fermeture"),
            texte("motif_suspension", "Motif de suspension", "fermeture"),
            texte("langue", "Langue", "texte"),
            texte("responsable", "Responsable", "texte"),
            texte("description", "Description", "texte"),
            texte("prerequis", "Prérequis", "texte"),
        ],
        libelle: Some(0),
        source: Source::Extraction,
    },
    Description {
        genre: Genre::LienEtapeListe,
        code: "lien_etape_liste",
        pluriel: "liens_etape_liste",
        titre: "Liens étape → liste",
        cle: &[ETAPE, VERSION, LISTE],
        champs: &[MIN, MAX, FERME_LE],
        libelle: None,
        source: Source::Extraction,
    },
    Description {
        genre: Genre::LienListeElement,
        code: "lien_liste_element",
        pluriel: "liens_liste_element",
        titre: "Liens liste → élément",
        cle: &[LISTE, ELEMENT],
        champs: &[],
        libelle: None,
        source: Source::Extraction,
    },
    Description {
        genre: Genre::LienElementListe,
        code: "lien_element_liste",
        pluriel: "liens_element_liste",
        titre: "Liens élément → liste",
        cle: &[ELEMENT, LISTE],
        champs: &[MIN, MAX, entier("ordre", "Ordre", "rattachement"), FERME_LE],
        libelle: None,
        source: Source::Extraction,
    },
    Description {
        genre: Genre::Heures,
        code: "heures",
        pluriel: "heures",
        titre: "Heures d'enseignement",
        cle: &[ELEMENT, texte("type_heure", "Type", "")],
        champs: &[
            col("heures", "Heures", SorteColonne::Centi, "heures"),
            col("heures_apogee", "Heures selon Apogée", SorteColonne::Centi, "heures"),
            col("heures_kofr", "Heures selon Kofr", SorteColonne::Centi, "heures"),
            entier("groupes", "Groupes", "heures"),
        ],
        libelle: None,
        source: Source::Kofr,
    },
    Description {
        genre: Genre::Controle,
        code: "controle",
        pluriel: "controles",
        titre: "Modalités de contrôle",
        cle: &[ELEMENT, entier("session", "Session", ""), entier("rang", "Rang", "")],
        champs: &[
            texte("nature", "Nature", "controle"),
            entier("duree", "Durée en minutes", "controle"),
            col("coefficient", "Coefficient", SorteColonne::Centi, "controle"),
        ],
        libelle: None,
        source: Source::Kofr,
    },
    Description {
        genre: Genre::Enseignant,
        code: "enseignant",
        pluriel: "enseignants",
        titre: "Enseignants",
        cle: &[texte("numero", "Numéro", "")],
        champs: &[
            texte("nom", "Nom", "identite"),
            texte("nom_usage", "Nom d'usage", "identite"),
            texte("prenom", "Prénom", "identite"),
            texte("civilite", "Civilité", "identite"),
            texte("email", "Courriel", "coordonnees"),
            texte("corps", "Corps", "rattachement"),
            texte("statut", "Statut", "rattachement"),
            COMPOSANTE,
            texte("section_cnu", "Section CNU", "rattachement"),
            col("service_statutaire", "Service statutaire", SorteColonne::Centi, "heures"),
        ],
        libelle: Some(0),
        source: Source::Eve,
    },
    Description {
        genre: Genre::Etudiant,
        code: "etudiant",
        pluriel: "etudiants",
        titre: "Étudiants",
        cle: &[texte("numero", "Numéro", "")],
        champs: &[
            texte("nom", "Nom", "identite"),
            texte("nom_usage", "Nom d'usage", "identite"),
            texte("prenom", "Prénom", "identite"),
            texte("ine", "INE", "identite"),
            col("naissance", "Date de naissance", SorteColonne::Jour, "identite"),
            texte("nationalite", "Nationalité", "identite"),
            col("handicap", "Aménagement", SorteColonne::Oui, "identite"),
            texte("email", "Courriel", "coordonnees"),
            texte("telephone", "Téléphone", "coordonnees"),
            texte("adresse", "Adresse", "coordonnees"),
            texte("code_postal", "Code postal", "coordonnees"),
            texte("ville", "Ville", "coordonnees"),
            texte("pays", "Pays", "coordonnees"),
            texte("code_pays", "Code du pays", "coordonnees"),
        ],
        libelle: Some(0),
        source: Source::Apogee,
    },
    Description {
        genre: Genre::InscriptionAdministrative,
        code: "inscription_administrative",
        pluriel: "inscriptions_administratives",
        titre: "Inscriptions administratives",
        cle: &[ETUDIANT, ETAPE, VERSION, entier("occurrence", "Occurrence", "")],
        champs: &[
            texte("diplome", "Diplôme", "rattachement"),
            texte("version_diplome", "Version de diplôme", "rattachement"),
            texte("etat", "État", "etat"),
            texte("regime", "Régime", "rattachement"),
            col("premiere", "Étape première", SorteColonne::Oui, "etat"),
            col("payee", "Payée", SorteColonne::Oui, "etat"),
            col("date_inscription", "Date", SorteColonne::Jour, "etat"),
        ],
        libelle: None,
        source: Source::Apogee,
    },
    Description {
        genre: Genre::InscriptionPedagogique,
        code: "inscription_pedagogique",
        pluriel: "inscriptions_pedagogiques",
        titre: "Inscriptions pédagogiques",
        cle: &[ETUDIANT, ETAPE, VERSION, ELEMENT],
        champs: &[
            texte("element_superieur", "Élément supérieur", "rattachement"),
            entier("rang", "Niveau", "rattachement"),
            col("acquis", "Acquis d'une année antérieure", SorteColonne::Oui, "etat"),
        ],
        libelle: None,
        source: Source::Apogee,
    },
    Description {
        genre: Genre::Anomalie,
        code: "anomalie",
        pluriel: "anomalies",
        titre: "Anomalies",
        cle: &[
            texte("regle", "Règle", ""),
            texte("objet", "Objet", ""),
            texte("cle_objet", "Clé", ""),
            texte("champ", "Champ", ""),
        ],
        champs: &[
            LIBELLE,
            texte("source_a", "Source", "valeur"),
            texte("valeur_a", "Valeur", "valeur"),
            texte("source_b", "Autre source", "valeur"),
            texte("valeur_b", "Autre valeur", "valeur"),
        ],
        libelle: Some(0),
        source: Source::Extraction,
    },
];

impl Genre {
    /// Its description.
    #[must_use]
    pub fn description(self) -> &'static Description {
        // The table is in the order of the enum; a test holds it.
        let [premier, ..] = &GENRES;
        GENRES.get(self as usize).unwrap_or(premier)
    }

    /// The kind of that code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        GENRES.iter().find(|d| d.code == code).map(|d| d.genre)
    }

    /// Field columns.
    #[must_use]
    pub fn champs(self) -> &'static [Colonne] {
        self.description().champs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_described_at_its_place() {
        for (i, d) in GENRES.iter().enumerate() {
            assert_eq!(d.genre as usize, i, "{}", d.code);
            assert_eq!(Genre::of_code(d.code), Some(d.genre));
        }
    }
}
