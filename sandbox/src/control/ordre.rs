use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{Centi, Source, date_francaise, nombre_francais};

use crate::origine::Origine;
use crate::rest::Probleme;
use crate::state::{NilPolicy, Panne, Sandbox, Switches};
use crate::world::World;

use super::etat::accreditation_versee;

/// What the control page can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ordre {
    /// Pours the new accreditation into Apogée.
    Accreditation,
    /// Advances the day of the sandbox.
    Date(NaiveDate),
    /// Makes a source ill, or well again.
    Panne(Source, Panne),
    /// Changes a share of the rows, in hundredths of a percent.
    Changements(Centi),
    /// Changes one element in Apogée: its label, its credits, or both.
    Element {
        /// COD_ELP.
        code: String,
        /// New label.
        libelle: Option<String>,
        /// New credits.
        ects: Option<Centi>,
    },
    /// How SOAP answers spell absence.
    Nil(NilPolicy),
    /// Starts again from the first world.
    Reinitialisation,
}

impl Ordre {
    /// Reads an order and its fields, from a form or a JSON object.
    ///
    /// # Errors
    /// [`Probleme`] that names the order or field.
    pub fn lire(nom: &str, champs: &HashMap<String, String>) -> Result<Self, Probleme> {
        let champ = |nom: &str| champs.get(nom).map(|v| v.trim()).filter(|v| !v.is_empty());
        match nom {
            "accreditation" => Ok(Self::Accreditation),
            "reinitialisation" => Ok(Self::Reinitialisation),
            "date" => {
                let date = champ("date").and_then(|texte| texte.parse().ok());
                date.map(Self::Date)
                    .ok_or_else(|| Probleme::demande("Indiquez une date, par exemple 2024-09-15."))
            }
            "nil" => match champ("politique") {
                Some("nil") => Ok(Self::Nil(NilPolicy::Nil)),
                Some("omit") => Ok(Self::Nil(NilPolicy::Omit)),
                _ => Err(Probleme::demande("Indiquez la politique : nil ou omit.")),
            },
            "changements" => {
                let part = champ("pourcentage").map_or(Ok(Centi::unites(2)), Centi::parse).ok();
                part.filter(|part| (Centi(10)..=Centi::unites(100)).contains(part))
                    .map(Self::Changements)
                    .ok_or_else(|| Probleme::demande("Indiquez un pourcentage, de 0,1 à 100."))
            }
            "element" => {
                let demande =
                    || Probleme::demande("Indiquez le code d'un élément, et son libellé ou ses ECTS.");
                let code = champ("code").ok_or_else(demande)?.to_owned();
                let libelle = champ("libelle").map(ToOwned::to_owned);
                let ects = champ("ects").map(Centi::parse).transpose().map_err(|_| demande())?;
                if libelle.is_none() && ects.is_none() {
                    return Err(demande());
                }
                Ok(Self::Element { code, libelle, ects })
            }
            "panne" => {
                let source = Source::ALL.into_iter().find(|s| Some(s.code()) == champ("source"));
                let source = source.ok_or_else(|| {
                    Probleme::demande("Indiquez la source : apogee, extraction, kofr ou eve.")
                })?;
                Ok(Self::Panne(source, panne(champ("panne"), champ("secondes"))?))
            }
            _ => Err(Probleme::inconnu(format!("« {nom} » n'est pas un ordre du bac à sable."))),
        }
    }

    /// Carries the order out and says what was done.
    ///
    /// # Errors
    /// [`Probleme`] when the present world does not allow it.
    pub fn execute(&self, sandbox: &Sandbox, origine: &Origine) -> Result<String, Probleme> {
        if origine.dossier().is_some()
            && matches!(self, Self::Accreditation | Self::Changements(_) | Self::Element { .. })
        {
            return Err(Probleme::conflit(
                "L'extraction est servie telle qu'elle est : son contenu ne change pas d'ici.",
            ));
        }
        match self {
            Self::Accreditation => {
                if accreditation_versee(&sandbox.world()) || !sandbox.change(World::pour_new_accreditation) {
                    return Err(Probleme::conflit("La nouvelle accréditation est déjà versée."));
                }
                Ok("La nouvelle accréditation est versée dans Apogée.".into())
            }
            Self::Date(date) => {
                if *date < sandbox.world().date {
                    return Err(Probleme::conflit("La date du bac à sable avance, elle ne recule pas."));
                }
                sandbox.change(|world| world.advance_to(*date));
                Ok(format!("Nous sommes maintenant le {}.", date_francaise(*date)))
            }
            Self::Changements(part) => {
                // Another seed each time: a second order changes other rows.
                let graine = sandbox.generation();
                let fait = sandbox.change(|world| world.change_share(graine, *part));
                let lignes = i64::try_from(fait.total()).unwrap_or(i64::MAX);
                let lignes = nombre_francais(lignes);
                Ok(format!("{lignes} lignes changées ({part}\u{a0}%) : {fait}."))
            }
            Self::Element { code, libelle, ects } => {
                if !sandbox.change(|world| world.change_element(code, libelle.as_deref(), *ects)) {
                    return Err(Probleme::inconnu(format!("Apogée n'a pas d'élément « {code} ».")));
                }
                Ok(format!("Élément {code} modifié dans Apogée."))
            }
            Self::Panne(source, panne) => {
                sandbox.switch(|switches| *switches.pannes.get_mut(*source) = *panne);
                Ok(format!("{source} {}.", libelle(*panne)))
            }
            Self::Nil(politique) => {
                sandbox.switch(|switches| switches.nil = *politique);
                Ok(match politique {
                    NilPolicy::Nil => "Apogée écrit xsi:nil pour un champ vide.".into(),
                    NilPolicy::Omit => "Apogée omet les champs vides.".into(),
                })
            }
            Self::Reinitialisation => {
                let world = origine.world().map_err(|erreur| Probleme::conflit(erreur.to_string()))?;
                sandbox.change(|present| *present = world);
                sandbox.switch(|switches| *switches = Switches::default());
                Ok("Bac à sable remis dans son état de départ, toutes les sources en marche.".into())
            }
        }
    }
}

fn panne(nom: Option<&str>, secondes: Option<&str>) -> Result<Panne, Probleme> {
    Ok(match nom {
        Some("aucune") => Panne::Aucune,
        Some("coupee") => Panne::Coupee,
        Some("html") => Panne::Html,
        Some("connexion") => Panne::ConnexionApogee,
        Some("absente") => Panne::Absente,
        Some("lente") => {
            let max = Panne::LENTEUR_MAX.as_secs();
            let lues = secondes.and_then(|texte| texte.parse().ok()).filter(|n| *n <= max);
            let fault =
                || Probleme::demande(format!("Indiquez un délai en secondes entières, de 0 à {max}."));
            Panne::lente(lues.ok_or_else(fault)?)
        }
        _ => {
            return Err(Probleme::demande(
                "Indiquez la panne : aucune, lente, coupee, html, connexion ou absente.",
            ));
        }
    })
}

/// What a source does under this fault, after its name.
pub fn libelle(panne: Panne) -> String {
    match panne {
        Panne::Aucune => "est en marche".into(),
        Panne::Lente(delai) => format!("attend {}\u{a0}s avant chaque réponse", delai.as_secs()),
        Panne::Coupee => "coupe ses réponses au milieu".into(),
        Panne::Html => "répond par une page HTML".into(),
        Panne::ConnexionApogee => "a perdu sa base (technical.data.transaction.connexion)".into(),
        Panne::Absente => "ferme la connexion sans répondre".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn lire(nom: &str, champs: &[(&str, &str)]) -> Result<Ordre, Probleme> {
        Ordre::lire(nom, &champs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn orders_are_read_within_their_bounds() {
        let lente =
            |secondes| lire("panne", &[("source", "kofr"), ("panne", "lente"), ("secondes", secondes)]);
        let attendue = Ordre::Panne(Source::Kofr, Panne::Lente(Duration::from_secs(90)));
        assert_eq!(lente("90"), Ok(attendue));
        assert_eq!(lente("0"), Ok(Ordre::Panne(Source::Kofr, Panne::Aucune)));
        assert!(lente("91").is_err() && lente("").is_err() && lente("-1").is_err());
        assert!(lire("panne", &[("source", "harpege"), ("panne", "html")]).is_err());
        assert!(lire("panne", &[("source", "eve"), ("panne", "feu")]).is_err());

        assert_eq!(lire("changements", &[]), Ok(Ordre::Changements(Centi::unites(2))));
        assert!(lire("element", &[("code", "E1")]).is_err() && lire("element", &[("ects", "3")]).is_err());
        assert!(lire("element", &[("code", "E1"), ("ects", "trois")]).is_err());
        assert!(lire("element", &[("code", "E1"), ("ects", "4,5")]).is_ok());
        assert_eq!(lire("changements", &[("pourcentage", "0,5")]), Ok(Ordre::Changements(Centi(50))));
        assert!(lire("changements", &[("pourcentage", "0")]).is_err());
        assert!(lire("changements", &[("pourcentage", "101")]).is_err());

        assert_eq!(lire("date", &[("date", "2024-09-15")]).ok(), "2024-09-15".parse().ok().map(Ordre::Date));
        assert!(lire("date", &[("date", "15/09/2024")]).is_err());
        assert_eq!(lire("nil", &[("politique", "omit")]), Ok(Ordre::Nil(NilPolicy::Omit)));
        assert_eq!(lire("incendie", &[]).unwrap_err().statut(), axum::http::StatusCode::NOT_FOUND);
    }
}
