//! What callers send, checked as Apogée does, and the faults that answer a wrong question.

use apogee::wire::Fault;
use chrono::NaiveDate;
use kernel::AnneeUniversitaire;

use crate::world::{EtatIa, Etudiant, World};

/// The question is right and nothing answers it.
pub(super) fn aucune(element: &str) -> Box<Fault> {
    Box::new(Fault::apogee(&format!("technical.data.nullretrieve.{element}")))
}

/// A parameter that makes no sense.
pub(super) fn incoherent(parametre: &str) -> Box<Fault> {
    Box::new(Fault::apogee(&format!("technical.parameter.noncoherentinput.{parametre}")))
}

/// A mandatory parameter that is missing.
pub(super) fn manquant(parametre: &str) -> Box<Fault> {
    Box::new(Fault::apogee(&format!("technical.parameter.nonpresentinput.{parametre}")))
}

/// A mandatory parameter.
pub(super) fn requis<'a>(valeur: &'a Option<String>, parametre: &str) -> Result<&'a str, Box<Fault>> {
    valeur.as_deref().ok_or_else(|| manquant(parametre))
}

/// The student of a `_codEtu`.
pub(super) fn etudiant<'w>(
    world: &'w World,
    cod_etu: &Option<String>,
) -> Result<(u32, &'w Etudiant), Box<Fault>> {
    let numero = requis(cod_etu, "codEtu")?;
    if numero.len() > 8 || !numero.bytes().all(|b| b.is_ascii_digit()) {
        return Err(incoherent("codEtu"));
    }
    world.etudiant(numero).ok_or_else(|| aucune("etudiant"))
}

/// Which years a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Annees {
    /// `toutes`
    Toutes,
    /// One of them.
    Une(AnneeUniversitaire),
}

impl Annees {
    /// Reads a year, `toutes`, or nothing, which is the current year.
    pub(super) fn lit(world: &World, valeur: &Option<String>, parametre: &str) -> Result<Self, Box<Fault>> {
        match valeur.as_deref() {
            None => world.annee_courante().map(Self::Une).ok_or_else(|| aucune("codAnu")),
            Some(t) if t.eq_ignore_ascii_case("toutes") => Ok(Self::Toutes),
            Some(t) => annee(t, parametre).map(Self::Une),
        }
    }

    pub(super) fn contient(self, annee: AnneeUniversitaire) -> bool {
        match self {
            Self::Toutes => true,
            Self::Une(une) => une == annee,
        }
    }
}

/// A year in four digits.
pub(super) fn annee(texte: &str, parametre: &str) -> Result<AnneeUniversitaire, Box<Fault>> {
    let chiffres = texte.len() == 4 && texte.bytes().all(|b| b.is_ascii_digit());
    let valeur = if chiffres { texte.parse().ok().and_then(AnneeUniversitaire::new) } else { None };
    valeur.ok_or_else(|| incoherent(parametre))
}

/// Which states of registration a question is about: any combination of A, R and E.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Etats {
    en_cours: bool,
    annulee: bool,
    resiliee: bool,
}

impl Etats {
    /// Reads `E`, `AR`, `ARE`…; nothing is every state.
    pub(super) fn lit(valeur: &Option<String>, parametre: &str) -> Result<Self, Box<Fault>> {
        let Some(texte) = valeur.as_deref() else {
            return Ok(Self { en_cours: true, annulee: true, resiliee: true });
        };
        if texte.len() > 3 || !texte.bytes().all(|b| matches!(b, b'A' | b'R' | b'E')) {
            return Err(incoherent(parametre));
        }
        Ok(Self {
            en_cours: texte.contains('E'),
            annulee: texte.contains('A'),
            resiliee: texte.contains('R'),
        })
    }

    pub(super) fn contient(self, etat: EtatIa) -> bool {
        match etat {
            EtatIa::EnCours => self.en_cours,
            EtatIa::Annulee => self.annulee,
            EtatIa::Resiliee => self.resiliee,
        }
    }
}

/// An in-service witness of the reference tables: `O`, `N`, or nothing, which is both.
pub(super) fn en_service(valeur: &Option<String>) -> Result<Option<bool>, Box<Fault>> {
    match valeur.as_deref() {
        None => Ok(None),
        Some("O") => Ok(Some(true)),
        Some("N") => Ok(Some(false)),
        Some(_) => Err(incoherent("temoinEnService")),
    }
}

/// `O` or `N`.
pub(super) fn o_n(oui: bool) -> Option<String> {
    Some(if oui { "O" } else { "N" }.into())
}

/// `oui` or `non`: the spelling of some witnesses of the registrations.
pub(super) fn oui_non(oui: bool) -> Option<String> {
    Some(if oui { "oui" } else { "non" }.into())
}

/// `dd/mm/yyyy`
pub(super) fn jour(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// Reads `dd/mm/yyyy`.
pub(super) fn lit_jour(texte: &str, parametre: &str) -> Result<NaiveDate, Box<Fault>> {
    NaiveDate::parse_from_str(texte, "%d/%m/%Y").map_err(|_| incoherent(parametre))
}

/// Some text, or nothing when it is empty.
pub(super) fn texte(valeur: &str) -> Option<String> {
    (!valeur.is_empty()).then(|| valeur.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_any_subset_of_are() {
        for (lu, attendu) in [("E", "E"), ("AR", "AR"), ("ERA", "ARE"), ("ARE", "ARE")] {
            let etats = Etats::lit(&Some(lu.into()), "etatIAE").unwrap();
            let tenus: String = [(EtatIa::Annulee, 'A'), (EtatIa::Resiliee, 'R'), (EtatIa::EnCours, 'E')]
                .into_iter()
                .filter(|(etat, _)| etats.contient(*etat))
                .map(|(_, lettre)| lettre)
                .collect();
            assert_eq!(tenus, attendu);
        }
        let faute = Etats::lit(&Some("X".into()), "etatIAE").unwrap_err();
        assert_eq!(faute.code(), "technical.parameter.noncoherentinput.etatIAE");
        assert!(Etats::lit(&None, "etatIAE").unwrap().contient(EtatIa::Annulee));
    }

    #[test]
    fn a_year_has_four_digits() {
        assert_eq!(annee("2024", "annee").unwrap().premiere(), 2024);
        for faux in ["24", "2024/2025", "deux", "9999", " 2024", "２０２４"] {
            assert_eq!(
                annee(faux, "annee").unwrap_err().code(),
                "technical.parameter.noncoherentinput.annee"
            );
        }
    }
}
