//! What is typed about a token, and where to say what is wrong with it.

use ::web::components::{Checkbox, Field};
use ::web::jetons::{Jeton, JetonFault, NouveauJeton};
use chrono::NaiveDate;
use kernel::{Fault as _, Scope};

/// A form as it was sent: the scopes ticked come as many fields of one name.
#[derive(Clone, Debug, Default)]
pub(super) struct Saisie {
    pub(super) nom: String,
    pub(super) objet: String,
    pub(super) droits: Vec<String>,
    pub(super) jusqu_au: String,
    pub(super) quota_minute: String,
    pub(super) quota_jour: String,
    pub(super) vu: String,
}

/// What is wrong: field, sentence.
pub(super) type Erreur = (&'static str, String);

impl Saisie {
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut out = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "nom" => out.nom = value,
                "objet" => out.objet = value,
                "droits" => out.droits.push(value),
                "jusqu_au" => out.jusqu_au = value,
                "quota_minute" => out.quota_minute = value,
                "quota_jour" => out.quota_jour = value,
                "vu" => out.vu = value,
                _ => {}
            }
        }
        out
    }

    /// As a token is.
    pub(super) fn held(jeton: &Jeton) -> Self {
        let quota = |quota: Option<i64>| quota.map(|n| n.to_string()).unwrap_or_default();
        Self {
            nom: jeton.nom.clone(),
            objet: jeton.objet.clone(),
            droits: jeton.droits.iter().map(|scope| scope.code().to_owned()).collect(),
            jusqu_au: jeton.jusqu_au().map(|jour| jour.to_string()).unwrap_or_default(),
            quota_minute: quota(jeton.quota_minute),
            quota_jour: quota(jeton.quota_jour),
            vu: String::new(),
        }
    }

    /// What it asks for.
    pub(super) fn lue(&self) -> Result<NouveauJeton, Erreur> {
        let mut droits = Vec::new();
        for code in &self.droits {
            droits.push(code.parse::<Scope>().map_err(|phrase| ("droits", phrase))?);
        }
        Ok(NouveauJeton {
            nom: self.nom.clone(),
            objet: self.objet.clone(),
            droits,
            jusqu_au: jour(&self.jusqu_au)?,
            quota_minute: quota("quota_minute", &self.quota_minute)?,
            quota_jour: quota("quota_jour", &self.quota_jour)?,
        })
    }
}

/// A day as a browser sends it; none when it is empty.
pub(super) fn jour(text: &str) -> Result<Option<NaiveDate>, Erreur> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.parse().ok().or_else(|| NaiveDate::parse_from_str(text, "%d/%m/%Y").ok());
    let wrong = || ("jusqu_au", "Écrivez un jour, comme 31/08/2027, ou laissez vide.".to_owned());
    read.map(Some).ok_or_else(wrong)
}

fn quota(field: &'static str, text: &str) -> Result<Option<i64>, Erreur> {
    let figures: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if figures.is_empty() {
        return Ok(None);
    }
    let wrong = || (field, "Écrivez un nombre entier, ou laissez vide pour ne pas limiter.".to_owned());
    figures.parse().map(Some).map_err(|_| wrong())
}

/// The field that a refusal is about; none when it is about no field.
pub(super) fn champ(fault: &JetonFault) -> Option<Erreur> {
    let field = match fault {
        JetonFault::Existe { .. } | JetonFault::Nom => "nom",
        JetonFault::SansDroit => "droits",
        JetonFault::Echeance => "jusqu_au",
        JetonFault::Quota => "quota_minute",
        _ => return None,
    };
    Some((field, format!("{} {}", fault.message(), fault.way_out())))
}

/// The fields of a token, its name aside.
pub(super) struct Champs {
    pub(super) objet: Field,
    pub(super) droits: Vec<Checkbox>,
    pub(super) droits_faux: Option<String>,
    pub(super) jusqu_au: Field,
    pub(super) quota_minute: Field,
    pub(super) quota_jour: Field,
}

impl Champs {
    pub(super) fn new(sent: &Saisie, wrong: Option<&Erreur>) -> Self {
        let error = |field: &str| wrong.filter(|(name, _)| *name == field).map(|(_, text)| text.clone());
        let boxes = Scope::ALL.into_iter().map(|scope| {
            Checkbox::new("droits", format!("{} ({scope})", scope.libelle()))
                .value(scope.code())
                .checked(sent.droits.iter().any(|code| code == scope.code()))
        });
        Self {
            objet: Field::text("objet", "À quoi il sert")
                .value(&sent.objet)
                .maxlength(200)
                .autocomplete("off")
                .help("L’application, et qui appeler le jour où il faut le changer."),
            droits: boxes.collect(),
            droits_faux: error("droits"),
            jusqu_au: Field::text("jusqu_au", "Dernier jour")
                .kind("date")
                .value(&sent.jusqu_au)
                .help("Le jeton est accepté jusqu’à la fin de ce jour. Vide : sans échéance.")
                .error(error("jusqu_au")),
            quota_minute: Field::text("quota_minute", "Requêtes par minute")
                .kind("number")
                .value(&sent.quota_minute)
                .help("Au-delà, l’application attend. Vide : sans limite.")
                .error(error("quota_minute")),
            quota_jour: Field::text("quota_jour", "Requêtes par jour")
                .kind("number")
                .value(&sent.quota_jour)
                .help("Vide : sans limite.")
                .error(error("quota_jour")),
        }
    }
}
