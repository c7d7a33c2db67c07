//! What a reading asks, and what whoever asks may read.

use ::web::PageError;
use ::web::jetons::Acces;
use ::web::rest::{self, Conditions, Liste, ListeQuery};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use chrono::NaiveDate;
use db::{Db, DbError};
use kernel::{AnneeUniversitaire, Scope};
use serde::Serialize;

use crate::domain::periode::Periode;
use crate::store::inscription_lue::{Objet, rang_de};
use crate::store::periode::{periode_list, periode_par_code};

/// A request to read.
#[derive(Clone, Debug)]
pub(super) struct Demande {
    /// Its parameters.
    pub query: ListeQuery,
    conditions: Conditions,
    acces: Acces,
    /// The parameters of every list that the address holds.
    presents: Vec<&'static str>,
}

/// Parameters that every list of the suite may take; those of exams take some of them.
const COMMUNS: [&str; 5] = ["page", "taille", "recherche", "annee", "maquette"];

impl Demande {
    /// Refuses any parameter but `page`, `taille` and those: one mistyped and ignored would answer another question.
    ///
    /// # Errors
    /// 400, with the parameters that are known.
    pub(super) fn seulement(&self, connus: &[&str]) -> Result<(), PageError> {
        let tous: Vec<&str> = ["page", "taille"].into_iter().chain(connus.iter().copied()).collect();
        let autres = self.query.autres.iter().map(|(nom, _)| nom.as_str());
        let faux = self.presents.iter().copied().chain(autres).find(|nom| !tous.contains(nom));
        faux.map_or(Ok(()), |faux| {
            let montre: String = faux.chars().filter(|c| !c.is_control()).take(40).collect();
            Err(PageError::unreadable(
                format!("« {montre} » n’est pas un paramètre de cette adresse."),
                format!("Paramètres connus : {}.", tous.join(", ")),
            ))
        })
    }

    /// The same for an address that is no list: it takes nothing but those.
    pub(super) fn seulement_un(&self, connus: &[&str]) -> Result<(), PageError> {
        let liste = self.presents.iter().find(|nom| matches!(**nom, "page" | "taille"));
        match liste {
            Some(nom) => Err(PageError::unreadable(
                format!("« {nom} » n’est pas un paramètre de cette adresse."),
                "Cette adresse répond un objet, pas une liste.",
            )),
            None => self.seulement(connus),
        }
    }

    /// Whether what `scope` opens may be read.
    pub(super) fn peut(&self, scope: Scope) -> bool {
        self.acces.may(scope)
    }

    /// Holds whoever reads to one scope more than the route asks.
    ///
    /// # Errors
    /// A 403 that names the scope.
    pub(super) fn exiger(&self, scope: Scope) -> Result<(), PageError> {
        self.acces.exiger(scope)
    }

    /// Folded words that are searched. Names are found by them: only who may read names searches.
    pub(super) fn noms_cherches(&self) -> Result<String, PageError> {
        if !self.query.recherche.is_empty() {
            self.exiger(Scope::EtudiantsLire)?;
        }
        Ok(kernel::fold(&self.query.recherche))
    }

    /// A parameter that is one of a few codes.
    ///
    /// # Errors
    /// 400 for another value, with those that are known.
    pub(super) fn parmi(
        &self,
        nom: &str,
        connus: impl IntoIterator<Item = &'static str>,
    ) -> Result<Option<&'static str>, PageError> {
        let Some(dit) = self.query.autre(nom) else { return Ok(None) };
        let connus: Vec<&'static str> = connus.into_iter().collect();
        connus.iter().find(|c| **c == dit).map(|c| Some(*c)).ok_or_else(|| {
            PageError::unreadable(
                format!("Le paramètre « {nom} » ne prend pas cette valeur."),
                format!("Valeurs connues : {}.", connus.join(", ")),
            )
        })
    }

    /// Every value of a parameter that may be given several times.
    pub(super) fn tous(&self, nom: &str) -> impl Iterator<Item = &str> {
        self.query.autres.iter().filter(move |(n, v)| n == nom && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// A parameter that is a day.
    ///
    /// # Errors
    /// 400 for anything else.
    pub(super) fn jour(&self, nom: &str) -> Result<Option<NaiveDate>, PageError> {
        let lire = |dit: &str| {
            dit.parse::<NaiveDate>().map_err(|_| {
                PageError::unreadable(
                    format!("Le paramètre « {nom} » est un jour."),
                    "Écrivez-le ainsi : 2025-01-13.",
                )
            })
        };
        self.query.autre(nom).map(lire).transpose()
    }

    /// A parameter that is a number.
    ///
    /// # Errors
    /// 400 for anything else.
    pub(super) fn nombre(&self, nom: &str) -> Result<Option<i64>, PageError> {
        let lire = |dit: &str| {
            dit.parse::<i64>().ok().filter(|n| *n > 0).ok_or_else(|| {
                PageError::unreadable(
                    format!("Le paramètre « {nom} » est un nombre entier."),
                    "Donnez le numéro tel qu’une réponse l’a donné.",
                )
            })
        };
        self.query.autre(nom).map(lire).transpose()
    }

    /// The period of a parameter « 2024-P1 ».
    ///
    /// # Errors
    /// 400 when it cannot be read or there is none, with those that there are.
    pub(super) async fn periode(&self, db: &Db) -> Result<Option<Periode>, PageError> {
        let Some(dit) = self.query.autre("periode") else { return Ok(None) };
        let lue = match couper(dit) {
            Some((annee, code)) => {
                db.read(|c| async move { periode_par_code(&c, annee, code).await }).await?
            }
            None => None,
        };
        if let Some(periode) = lue {
            return Ok(Some(periode));
        }
        let connues = db.read(|c| async move { periode_list(&c).await }).await?;
        let connues: Vec<_> = connues.iter().take(12).map(reference).collect();
        let montre: String = dit.chars().take(40).collect();
        Err(PageError::unreadable(
            format!("Il n’y a pas de période « {montre} »."),
            if connues.is_empty() {
                "Aucune période n’est encore préparée.".to_owned()
            } else {
                format!("Une période s’écrit « 2024-P1 ». Périodes connues : {}.", connues.join(", "))
            },
        ))
    }

    /// The row of what a parameter names by its code.
    ///
    /// # Errors
    /// 400 when there is none.
    pub(super) async fn rang(&self, db: &Db, nom: &str, objet: Objet) -> Result<Option<i64>, PageError> {
        let Some(code) = self.query.autre(nom) else { return Ok(None) };
        let rang = db.read(|c| async move { rang_de(&c, objet, code).await }).await?;
        rang.map(Some).ok_or_else(|| {
            PageError::unreadable(
                format!("Le paramètre « {nom} » ne nomme rien de connu."),
                match objet {
                    Objet::Modalite => "Donnez le code d’une modalité : /api/v1/iexam/modalites les liste.",
                    Objet::Centre => "Donnez le code d’un centre : /api/v1/iexam/centres les liste.",
                },
            )
        })
    }

    /// Rows before the page, and rows of it.
    pub(super) fn fenetre(&self) -> (u64, u64) {
        (self.query.offset(), self.query.taille)
    }

    /// Answers with one object.
    pub(super) fn repondre<T: Serialize>(&self, valeur: &T) -> Result<Response, PageError> {
        rest::json(&self.conditions, valeur)
    }

    /// Answers with one page of a list.
    pub(super) fn lister<T: Serialize>(&self, total: u64, elements: Vec<T>) -> Result<Response, PageError> {
        rest::json(&self.conditions, &Liste::new(&self.query, total, elements))
    }

    /// Answers with the page of a list that is short by nature, and was read whole.
    pub(super) fn lister_tout<T: Serialize>(&self, tous: Vec<T>) -> Result<Response, PageError> {
        let total = u64::try_from(tous.len()).unwrap_or(u64::MAX);
        let borne = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let (offset, taille) = self.fenetre();
        self.lister(total, tous.into_iter().skip(borne(offset)).take(borne(taille)).collect())
    }
}

/// « 2024-P1 » as year and code.
pub(super) fn couper(dit: &str) -> Option<(AnneeUniversitaire, &str)> {
    let (annee, code) = dit.split_once('-')?;
    Some((annee.parse::<u16>().ok().and_then(AnneeUniversitaire::new)?, code))
}

/// « 2024-P1 ».
pub(super) fn reference(p: &Periode) -> String {
    referer(i64::from(p.annee.premiere()), &p.code)
}

/// The same, of a year and a code.
pub(super) fn referer(annee: i64, code: &str) -> String {
    format!("{annee}-{code}")
}

/// What is not there.
pub(super) fn absente<T>(
    lu: Result<Option<T>, DbError>,
    message: impl FnOnce() -> String,
) -> Result<T, PageError> {
    lu?.ok_or_else(|| PageError::nothing(message()))
}

impl<S: Send + Sync> FromRequestParts<S> for Demande {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let query = ListeQuery::from_request_parts(parts, state).await?;
        let adresse = parts.uri.query().unwrap_or_default();
        let noms: Vec<_> = adresse.split('&').filter_map(|p| p.split('=').next()).collect();
        Ok(Self {
            presents: COMMUNS.into_iter().filter(|c| noms.contains(c)).collect(),
            query,
            conditions: Conditions::of(&parts.headers),
            acces: Acces::from_request_parts(parts, state).await?,
        })
    }
}
