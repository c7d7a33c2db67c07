//! What a collection reads and does not keep, each with the exact rule that left it out: what « Pourquoi absent ? » answers from.

use contracts::apogee::{Conflit, Fenetre, Rejet};

use super::anomalie::{Anomalie, Regle};
use super::collecte::Portee;
use super::genre::Genre;

macro_rules! regles {
    ($($(#[$doc:meta])* $nom:ident = $code:literal, $libelle:literal, $conseil:literal;)+) => {
        /// Why something that was read is not kept.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RegleEcart {$(
            $(#[$doc])*
            $nom,
        )+}

        impl RegleEcart {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$nom),+];

            /// The spelling stored.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$nom => $code),+ }
            }

            /// What the rule says, as a French sentence.
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
    /// No attachment of the étape version recruits or delivers in the year.
    VersionEtapeHorsAnnee = "version_etape_hors_annee",
        "Aucun rattachement de cette version d’étape à une version de diplôme ne recrute ni ne délivre le diplôme cette année.",
        "Si l’étape doit être ouverte, corrigez dans Apogée les années de recrutement ou de validation de son rattachement, puis collectez l’offre.";
    /// All versions of the étape are out of the year.
    EtapeHorsAnnee = "etape_hors_annee",
        "Aucune version de cette étape n’appartient à l’année.",
        "Regardez ses versions une à une ; si l’une d’elles doit être ouverte, corrigez dans Apogée ses années de recrutement.";
    /// The years of the diploma version do not hold the year.
    VersionDiplomeHorsAnnee = "version_diplome_hors_annee",
        "Cette version de diplôme ne recrute pas et n’est plus validée cette année.",
        "Si elle doit être ouverte, corrigez dans Apogée ses années de recrutement ou de validation, puis collectez l’offre.";
    /// All versions of the diploma are out of the year.
    DiplomeHorsAnnee = "diplome_hors_annee",
        "Aucune version de ce diplôme n’appartient à l’année.",
        "Créez ou prolongez dans Apogée une version de ce diplôme pour l’année, ou regardez une autre année.";
    /// The list is only under étapes of other years.
    ListeHorsAnnee = "liste_hors_annee",
        "Seules des étapes d’autres années mènent à cette liste.",
        "Rattachez la liste à une étape ou à un élément de l’année, ou regardez une autre année.";
    /// The element is only under étapes of other years.
    ElementHorsAnnee = "element_hors_annee",
        "Seules des étapes d’autres années mènent à cet élément.",
        "Rattachez l’élément à une liste d’une étape de l’année, ou regardez une autre année.";
    /// A row that could not be read.
    LigneRejetee = "ligne_rejetee",
        "Une ligne de l’extraction qui porte ce code n’a pas pu être lue : elle est rejetée, le reste est gardé.",
        "Corrigez la valeur dans Apogée ; la ligne arrivera à la prochaine extraction.";
    /// A second row of one key.
    LigneContradictoire = "ligne_contradictoire",
        "Deux lignes de l’extraction portent cette clé et se contredisent : la première est gardée, la seconde est mise de côté.",
        "Corrigez la source pour n’en laisser qu’une.";
    /// Kofr gives a code that Apogée does not have.
    CodeInconnu = "code_inconnu",
        "Kofr décrit un élément sous ce code, mais Apogée ne connaît pas ce code : l’élément n’est pas créé.",
        "Vérifiez le code dans Kofr, ou créez l’élément dans Apogée.";
    /// Kofr has an object that has no Apogée code.
    SansCode = "sans_code",
        "Kofr décrit cet objet sans code Apogée : rien ne permet de le relier, il n’est pas créé.",
        "Versez l’objet dans Apogée, puis reportez son code dans Kofr.";
    /// Apogée lists a student whose file it does not know.
    DossierInconnu = "dossier_inconnu",
        "Apogée cite cet étudiant parmi les inscrits d’une étape, mais ne connaît pas son dossier.",
        "Vérifiez dans Apogée que l’individu existe encore : un doublon fusionné laisse parfois son ancien numéro.";
}

/// Something that was read and not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ecarte {
    /// Kind of row.
    pub genre: Genre,
    /// Its key, parts joined by ` · `; the first is its code.
    pub cle: String,
    /// Why.
    pub regle: RegleEcart,
    /// The values that made the rule apply, as a French phrase.
    pub detail: String,
}

impl Ecarte {
    /// In which part of a collection it is found.
    #[must_use]
    pub fn partie(&self) -> Portee {
        match self.genre {
            Genre::Etudiant | Genre::Enseignant => Portee::Personnes,
            _ => Portee::Offre,
        }
    }

    /// The rule with the values that made it apply, as one sentence.
    #[must_use]
    pub fn phrase(&self) -> String {
        let (regle, detail) = (self.regle.libelle().trim_end_matches('.'), self.detail.trim_end_matches('.'));
        if detail.is_empty() { format!("{regle}.") } else { format!("{regle} ({detail}).") }
    }

    /// The first part of its key.
    #[must_use]
    pub fn code(&self) -> &str {
        self.cle.split(" · ").next().unwrap_or(&self.cle)
    }
}

/// A code as look-alikes are compared: blind to case, spaces of every width, and the letters taken for figures.
#[must_use]
pub fn repli(code: &str) -> String {
    let garde = code.chars().filter(|c| !c.is_whitespace());
    garde
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

/// The kind of row that a table of the extraction holds.
fn genre(table: &str) -> Genre {
    match table {
        "ANNEE_UNI" => Genre::Annee,
        "COMPOSANTE" => Genre::Composante,
        "NATURE_ELP" => Genre::Nature,
        "DIPLOME" => Genre::Diplome,
        "VERSION_DIPLOME" => Genre::VersionDiplome,
        "ETAPE" => Genre::Etape,
        "VERSION_ETAPE" => Genre::VersionEtape,
        "VDI_FRACTIONNER_VET" => Genre::Rattachement,
        "LISTE_ELP" => Genre::Liste,
        "VET_REGROUPE_LSE" => Genre::LienEtapeListe,
        "LSE_REGROUPE_ELP" => Genre::LienListeElement,
        "ELP_REGROUPE_LSE" => Genre::LienElementListe,
        "ELP_CHG_TYP_HEU" => Genre::Heures,
        _ => Genre::Element,
    }
}

/// « recrutement 2019–2021 », « recrutement jusqu’en 2021 », « recrutement sans années ».
#[must_use]
pub fn fenetre(nom: &str, f: Fenetre) -> String {
    match (f.debut, f.fin.filter(|fin| *fin < 9_000)) {
        (Some(d), Some(f)) => format!("{nom} {d}–{f}"),
        (Some(d), None) => format!("{nom} depuis {d}"),
        (None, Some(f)) => format!("{nom} jusqu’en {f}"),
        (None, None) => format!("{nom} sans années"),
    }
}

impl From<&Rejet> for Ecarte {
    fn from(r: &Rejet) -> Self {
        let ligne = if r.ligne > 0 { format!("{}, ligne {}", r.table, r.ligne) } else { r.table.clone() };
        let detail = format!("{ligne}, colonne {} : « {} ». {}", r.colonne, r.valeur, r.raison);
        Self { genre: genre(&r.table), cle: r.cle.clone(), regle: RegleEcart::LigneRejetee, detail }
    }
}

impl From<&Conflit> for Ecarte {
    fn from(c: &Conflit) -> Self {
        let detail = format!(
            "{}, lignes {} et {}, colonne {} : « {} » est gardé, « {} » est mis de côté.",
            c.table, c.lignes.0, c.lignes.1, c.colonne, c.gardee, c.ecartee
        );
        let cle = c.cle.split(';').collect::<Vec<_>>().join(" · ");
        Self { genre: genre(&c.table), cle, regle: RegleEcart::LigneContradictoire, detail }
    }
}

/// What reading Kofr met that leads to nothing of Apogée.
#[must_use]
pub fn de_kofr(a: &Anomalie) -> Option<Ecarte> {
    let regle = match a.regle {
        Regle::CodeInconnu => RegleEcart::CodeInconnu,
        Regle::CodeManquant => RegleEcart::SansCode,
        _ => return None,
    };
    let genre = Genre::of_code(a.objet)?;
    // « Kofr 123 » is its own number there: that is what one would look for.
    let cle = a.cle.strip_prefix("Kofr ").unwrap_or(&a.cle).to_owned();
    Some(Ecarte { genre, cle, regle, detail: format!("« {} », {}", a.libelle, a.valeur_a) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_apart_and_say_what_to_do() {
        for regle in RegleEcart::ALL {
            assert_eq!(RegleEcart::of_code(regle.code()), Some(*regle));
            assert!(regle.libelle().ends_with('.') && regle.conseil().ends_with('.'), "{regle:?}");
        }
    }

    #[test]
    fn look_alikes_meet() {
        assert_eq!(repli("IFD\u{a0}E01"), repli("ifd e01"));
        assert_eq!(repli("IFDE01"), repli("IFD E0l"));
        assert_ne!(repli("IFDE01"), repli("IFDE02"));
    }

    #[test]
    fn years_are_said_as_they_are() {
        let f = |debut, fin| fenetre("recrutement", Fenetre { debut, fin });
        assert_eq!(f(Some(2019), Some(2021)), "recrutement 2019–2021");
        assert_eq!(f(Some(2019), Some(9999)), "recrutement depuis 2019");
        assert_eq!(f(None, Some(2021)), "recrutement jusqu’en 2021");
    }
}
