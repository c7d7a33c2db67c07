use chrono::{DateTime, Utc};
use kernel::{
    AnneeUniversitaire, Centi, CodeDiplome, CodeElement, CodeEtape, CodeListe, NumeroEnseignant,
    VersionDiplome, VersionEtape,
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::rest::nombre::{decimal_option, entier_option, liste, texte};

/// An accreditation: five years of the offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maquette {
    /// First year.
    pub annee_debut: AnneeUniversitaire,
    /// Last year, by its first civil year: 2028 for an accreditation 2024–2029.
    pub annee_fin: AnneeUniversitaire,
    /// « Accréditation 2024–2029 ».
    pub libelle: String,
    /// State in Kofr's own words.
    #[serde(default)]
    pub etat: Option<String>,
}

/// A programme: a diploma as Kofr designs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// Kofr's own key.
    #[serde(deserialize_with = "texte::deserialize")]
    pub id: String,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub code_diplome: Option<CodeDiplome>,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub version_diplome: Option<VersionDiplome>,
    /// Label.
    pub libelle: String,
    /// Mention of the national diploma.
    #[serde(default)]
    pub mention: Option<String>,
    /// Field: « Droit, économie, gestion ».
    #[serde(default)]
    pub domaine: Option<String>,
    /// « Licence », « Master »…
    #[serde(default)]
    pub type_diplome: Option<String>,
    /// Component that carries it.
    #[serde(default)]
    pub composante: Option<String>,
    /// Teacher in charge.
    #[serde(default)]
    pub responsable: Option<Responsable>,
    /// « FI », « FC », « FA »…
    #[serde(default, deserialize_with = "liste")]
    pub regimes: Vec<String>,
    /// Aims, as a text for students.
    #[serde(default)]
    pub objectifs: Option<String>,
    /// Openings, as a text for students.
    #[serde(default)]
    pub debouches: Option<String>,
    /// Last change in Kofr.
    #[serde(default)]
    pub modifie_le: Option<DateTime<Utc>>,
    /// Years of study, without their content.
    pub etapes: Vec<Etape>,
}

/// A year of study, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Etape {
    /// Kofr's own key.
    #[serde(deserialize_with = "texte::deserialize")]
    pub id: String,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub code_etape: Option<CodeEtape>,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub version_etape: Option<VersionEtape>,
    /// Label.
    pub libelle: String,
    /// Rank in the programme, from 1.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub rang: Option<u32>,
    /// Credits; zero is a value.
    #[serde(default, with = "decimal_option")]
    pub ects: Option<Centi>,
}

/// A year of study with its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EtapeDetaillee {
    /// The same fields as in the list.
    #[serde(flatten)]
    pub etape: Etape,
    /// Top of the tree.
    pub blocs: Vec<Bloc>,
}

/// A list of elements: Apogée's LSE.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bloc {
    /// Kofr's own key.
    #[serde(deserialize_with = "texte::deserialize")]
    pub id: String,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub code_liste: Option<CodeListe>,
    /// Label.
    pub libelle: String,
    /// What must be taken in it.
    #[serde(rename = "type")]
    pub type_bloc: TypeBloc,
    /// Fewest elements to take.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub min: Option<u32>,
    /// Most elements to take.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub max: Option<u32>,
    /// Its elements, in order.
    pub elements: Vec<Element>,
}

/// What must be taken in a [`Bloc`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeBloc {
    /// Obligatoire: all.
    #[serde(rename = "O")]
    Obligatoire,
    /// Obligatoire à choix: from min to max.
    #[serde(rename = "X")]
    AChoix,
    /// Facultatif: from none to max.
    #[serde(rename = "F")]
    Facultatif,
    /// A word that the contract does not have: kept, so that it can be shown as an anomaly.
    #[serde(untagged)]
    Autre(String),
}

/// A node of the tree: Apogée's ELP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Kofr's own key. A shared element has the same key everywhere.
    #[serde(deserialize_with = "texte::deserialize")]
    pub id: String,
    /// Null until the programme is poured into Apogée.
    #[serde(default)]
    pub code_elp: Option<CodeElement>,
    /// « SEM », « UE », « EC »…
    #[serde(default)]
    pub nature: Option<String>,
    /// Label.
    pub libelle: String,
    /// Short label.
    #[serde(default)]
    pub libelle_court: Option<String>,
    /// Rank in its list, from 1.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub rang: Option<u32>,
    /// Credits; zero is a value.
    #[serde(default, with = "decimal_option")]
    pub ects: Option<Centi>,
    /// Hours of a student.
    #[serde(default, deserialize_with = "groupe")]
    pub heures: Heures,
    /// Groups opened.
    #[serde(default, deserialize_with = "groupe")]
    pub groupes: Groupes,
    /// Language of teaching.
    #[serde(default)]
    pub langue: Option<String>,
    /// Teacher in charge.
    #[serde(default)]
    pub responsable: Option<Responsable>,
    /// How knowledge is checked.
    #[serde(default, deserialize_with = "liste")]
    pub mccc: Vec<Mccc>,
    /// Text for students.
    #[serde(default)]
    pub description: Option<String>,
    /// Text for students.
    #[serde(default)]
    pub prerequis: Option<String>,
    /// Text for students.
    #[serde(default)]
    pub bibliographie: Option<String>,
    /// Lists below it.
    #[serde(default, deserialize_with = "liste")]
    pub blocs: Vec<Bloc>,
}

/// Hours of a student by type of teaching. Zero is a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heures {
    /// Lectures.
    #[serde(default, with = "decimal_option")]
    pub cm: Option<Centi>,
    /// Tutorials.
    #[serde(default, with = "decimal_option")]
    pub td: Option<Centi>,
    /// Practical work.
    #[serde(default, with = "decimal_option")]
    pub tp: Option<Centi>,
    /// Distance teaching.
    #[serde(default, with = "decimal_option")]
    pub ead: Option<Centi>,
    /// Personal work expected.
    #[serde(default, with = "decimal_option")]
    pub travail_personnel: Option<Centi>,
}

/// Groups opened by type of teaching.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groupes {
    /// Lectures.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub cm: Option<u32>,
    /// Tutorials.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub td: Option<u32>,
    /// Practical work.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub tp: Option<u32>,
}

/// A teacher in charge, as Kofr knows them. Eve decides who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsable {
    /// Harpège or Eve number.
    #[serde(default)]
    pub numero: Option<NumeroEnseignant>,
    /// Surname.
    #[serde(default)]
    pub nom: Option<String>,
    /// First name.
    #[serde(default)]
    pub prenom: Option<String>,
}

/// One test of an element (modalité de contrôle des connaissances et des compétences).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mccc {
    /// « 1 » or « 2 ».
    #[serde(deserialize_with = "texte::deserialize")]
    pub session: String,
    /// « écrit », « oral », « dossier »…
    #[serde(default)]
    pub nature: Option<String>,
    /// Duration in minutes.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub duree_minutes: Option<u32>,
    /// Weight in the element's mark.
    #[serde(default, with = "decimal_option")]
    pub coefficient: Option<Centi>,
}

impl Bloc {
    /// How many elements hang under this list, at every depth.
    pub(crate) fn compte(&self) -> usize {
        self.elements.iter().map(|e| 1 + e.blocs.iter().map(Self::compte).sum::<usize>()).sum()
    }
}

/// A group of fields that a source may write `null`.
fn groupe<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_read_in_every_spelling_and_written_in_one() {
        let lu: Element = serde_json::from_value(serde_json::json!({
            "id": 12, "code_elp": null, "libelle": "Droit", "rang": "3", "ects": 1.5, "inconnu": [1],
            "heures": { "cm": "10.50", "td": 0, "tp": null }, "groupes": null, "mccc": null,
            "blocs": [{ "id": "b", "libelle": "Choix", "type": "Z", "min": 1, "elements": [] }],
        }))
        .unwrap();
        assert_eq!(
            (lu.id.as_str(), &lu.code_elp, lu.rang, lu.ects),
            ("12", &None, Some(3), Some(Centi(150)))
        );
        assert_eq!(lu.heures, Heures { cm: Some(Centi(1050)), td: Some(Centi(0)), ..Heures::default() });
        assert_eq!(lu.blocs[0].type_bloc, TypeBloc::Autre("Z".into()));

        let ecrit = serde_json::to_value(&lu).unwrap();
        assert_eq!(ecrit["ects"], "1.50");
        assert_eq!(ecrit["heures"]["td"], "0.00");
        assert_eq!(ecrit["heures"]["tp"], serde_json::Value::Null);
        assert_eq!(ecrit["blocs"][0]["type"], "Z");
        assert_eq!(serde_json::from_value::<Element>(ecrit).unwrap(), lu);
    }

    #[test]
    fn what_would_be_rounded_or_guessed_is_refused() {
        let etape = |ects: serde_json::Value| {
            serde_json::from_value::<Etape>(serde_json::json!({ "id": "e", "libelle": "L1", "ects": ects }))
        };
        assert!(etape("6.005".into()).is_err());
        assert!(etape("six".into()).is_err());
        assert!(etape(true.into()).is_err());
        assert_eq!(etape(serde_json::Value::Null).unwrap().ects, None);
        assert!(serde_json::from_str::<EtapeDetaillee>(r#"{"id":"e","libelle":"L1"}"#).is_err());
    }
}
