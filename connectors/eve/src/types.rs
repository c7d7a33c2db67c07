use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AnneeUniversitaire, Centi, CodeElement, CodeEtape, NumeroEnseignant, VersionEtape};
use serde::{Deserialize, Serialize};

use crate::champs::{decimal, jour_option};
use crate::rest::nombre::{decimal_option, entier_option, liste, texte};

/// A teacher, for one academic year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enseignant {
    /// Harpège or Eve number.
    pub numero: NumeroEnseignant,
    /// « M. », « Mme ».
    #[serde(default)]
    pub civilite: Option<String>,
    /// Surname.
    pub nom: String,
    /// Name of use, when it is not the surname.
    #[serde(default)]
    pub nom_usage: Option<String>,
    /// First name.
    #[serde(default)]
    pub prenom: Option<String>,
    /// Address at work.
    #[serde(default)]
    pub email: Option<String>,
    /// PR, MCF, PRAG…
    #[serde(default)]
    pub corps: Option<Corps>,
    /// Status in Eve's own words: « titulaire », « vacataire »…
    #[serde(default)]
    pub statut: Option<String>,
    /// Component they belong to.
    #[serde(default)]
    pub composante: Option<String>,
    /// Section of the CNU.
    #[serde(default)]
    pub section_cnu: Option<String>,
    /// Percentage of full time: 100 is a full post.
    #[serde(default, with = "decimal_option")]
    pub quotite: Option<Centi>,
    /// Hours due in the year, before discharges.
    #[serde(default, with = "decimal_option")]
    pub service_statutaire: Option<Centi>,
    /// Hours not due, and why.
    #[serde(default, deserialize_with = "liste")]
    pub decharges: Vec<Decharge>,
    /// First day, when they arrive within the year.
    #[serde(default, deserialize_with = "jour_option::deserialize")]
    pub date_debut: Option<NaiveDate>,
    /// Last day, when they leave within the year.
    #[serde(default, deserialize_with = "jour_option::deserialize")]
    pub date_fin: Option<NaiveDate>,
    /// Last change in Eve.
    #[serde(default)]
    pub modifie_le: Option<DateTime<Utc>>,
}

/// Body of teachers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corps {
    /// « PR », « MCF »…
    #[serde(deserialize_with = "texte::deserialize")]
    pub code: String,
    /// Label.
    #[serde(default)]
    pub libelle: Option<String>,
}

/// Hours that a teacher does not owe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decharge {
    /// Reason.
    #[serde(default)]
    pub motif: Option<String>,
    /// Hours.
    #[serde(with = "decimal")]
    pub heures: Centi,
}

/// A line of teaching, planned or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Eve's own key.
    #[serde(deserialize_with = "texte::deserialize")]
    pub id: String,
    /// Academic year.
    pub annee: AnneeUniversitaire,
    /// Who teaches.
    pub enseignant: NumeroEnseignant,
    /// What is taught; absent for a reference activity.
    #[serde(default)]
    pub code_elp: Option<CodeElement>,
    /// For which étape.
    #[serde(default)]
    pub code_etape: Option<CodeEtape>,
    /// For which version of it.
    #[serde(default)]
    pub version_etape: Option<VersionEtape>,
    /// Type of hours.
    #[serde(rename = "type")]
    pub type_heures: TypeHeures,
    /// Title, for a reference activity.
    #[serde(default)]
    pub intitule: Option<String>,
    /// Hours before one group.
    #[serde(with = "decimal")]
    pub heures: Centi,
    /// How many groups.
    #[serde(default, deserialize_with = "entier_option::deserialize")]
    pub groupes: Option<u32>,
    /// Planned or done.
    pub nature: NatureService,
    /// How far the declaration went.
    pub etat: EtatService,
    /// Day of payment.
    #[serde(default, deserialize_with = "jour_option::deserialize")]
    pub paye_le: Option<NaiveDate>,
    /// Last change in Eve.
    #[serde(default)]
    pub modifie_le: Option<DateTime<Utc>>,
}

/// Type of hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeHeures {
    /// Lectures.
    #[serde(rename = "CM")]
    Cm,
    /// Tutorials.
    #[serde(rename = "TD")]
    Td,
    /// Practical work.
    #[serde(rename = "TP")]
    Tp,
    /// Distance teaching.
    #[serde(rename = "EAD")]
    Ead,
    /// Reference activities (référentiel).
    #[serde(rename = "REF")]
    Referentiel,
    /// A word that the contract does not have: kept, so that it can be shown as an anomaly.
    #[serde(untagged)]
    Autre(String),
}

/// Whether hours are planned or done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NatureService {
    /// Planned.
    Previsionnel,
    /// Done.
    Realise,
    /// A word that the contract does not have.
    #[serde(untagged)]
    Autre(String),
}

/// How far a declaration went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EtatService {
    /// Declared.
    Saisi,
    /// Accepted.
    Valide,
    /// Refused.
    Refuse,
    /// Paid.
    Paye,
    /// A word that the contract does not have.
    #[serde(untagged)]
    Autre(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_teaching_is_read_as_the_contract_and_a_little_beyond() {
        let lu: Service = serde_json::from_value(serde_json::json!({
            "id": 7, "annee": 2024, "enseignant": "12345", "code_elp": null, "type": "REF", "intitule": "Tutorat",
            "heures": "10.50", "groupes": 1, "nature": "realise", "etat": "archive",
            "paye_le": "2025-01-31T00:30:00+01:00", "modifie_le": "2025-01-13T09:00:00+01:00", "autre": {}
        }))
        .unwrap();
        assert_eq!((lu.type_heures.clone(), lu.heures), (TypeHeures::Referentiel, Centi(1050)));
        assert_eq!(
            (lu.nature.clone(), lu.etat.clone()),
            (NatureService::Realise, EtatService::Autre("archive".into()))
        );
        assert_eq!(lu.paye_le, NaiveDate::from_ymd_opt(2025, 1, 31));

        let ecrit = serde_json::to_value(&lu).unwrap();
        assert_eq!(ecrit["heures"], "10.50");
        assert_eq!(ecrit["type"], "REF");
        assert_eq!(ecrit["etat"], "archive");
        assert_eq!(ecrit["modifie_le"], "2025-01-13T08:00:00Z");
        assert_eq!(serde_json::from_value::<Service>(ecrit).unwrap(), lu);
    }
}
