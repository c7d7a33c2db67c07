//! The envelope of every list, and what may be asked of one.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use db::Paging;
use kernel::AnneeUniversitaire;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::PageError;

/// One page of a list, with how many rows the whole has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(description = "Une page d’une liste, et combien de lignes la liste entière a.")]
pub struct Liste<T> {
    /// Nombre de lignes de la liste entière, recherche et filtres appliqués.
    #[schema(minimum = 0)]
    pub total: u64,
    /// Numéro de cette page, à partir de 1.
    #[schema(minimum = 1)]
    pub page: u64,
    /// Nombre de lignes par page.
    #[schema(minimum = 1, maximum = 500)]
    pub taille: u64,
    /// Les lignes de cette page ; aucune au-delà de la dernière.
    pub elements: Vec<T>,
}

impl<T> Liste<T> {
    /// The page that `query` asked.
    #[must_use]
    pub fn new(query: &ListeQuery, total: u64, elements: Vec<T>) -> Self {
        Self { total, page: query.page, taille: query.taille, elements }
    }

    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Liste<U> {
        Liste {
            total: self.total,
            page: self.page,
            taille: self.taille,
            elements: self.elements.into_iter().map(f).collect(),
        }
    }
}

/// What every list takes, for the document: `params(ParametresListe)`.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document only: ListeQuery reads the address itself")]
pub struct ParametresListe {
    /// Numéro de page, à partir de 1. Une page au-delà de la dernière est vide, sans erreur.
    #[param(minimum = 1, default = 1, example = 1)]
    page: Option<u64>,
    /// Lignes par page, de 1 à 500.
    #[param(minimum = 1, maximum = 500, default = 50, example = 50)]
    taille: Option<u64>,
    /// Texte cherché dans les codes et les libellés, sans égard à la casse ni aux accents.
    #[param(max_length = 200, example = "droit")]
    recherche: Option<String>,
    /// Année universitaire, par sa première année civile : 2024 pour 2024/2025. L’année courante par défaut.
    #[param(example = "2024")]
    annee: Option<String>,
    /// Maquette (accréditation), par sa première année : 2024 pour 2024–2029.
    #[param(example = "2024")]
    maquette: Option<String>,
}

/// What a list was asked, read from the address. As an extractor, refuses with 400 what cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListeQuery {
    /// Page number, from 1. May be far beyond the end.
    pub page: u64,
    /// Rows a page, 1 to [`ListeQuery::TAILLE_MAX`].
    pub taille: u64,
    /// What is searched, trimmed; empty when nothing is.
    pub recherche: String,
    /// The academic year asked.
    pub annee: Option<AnneeUniversitaire>,
    /// The maquette asked, by its first year.
    pub maquette: Option<AnneeUniversitaire>,
    /// Every other parameter, in the order of the address.
    pub autres: Vec<(String, String)>,
}

impl ListeQuery {
    /// Rows a page when none is asked.
    pub const TAILLE: u64 = 50;
    /// Most rows a page.
    pub const TAILLE_MAX: u64 = Paging::MAX;
    /// A number above is no page, it is a mistake; far below it, no product overflows.
    const PAGE_MAX: u64 = 1_000_000_000_000;
    const TEXTE_MAX: usize = 200;
    const AUTRES_MAX: usize = 20;

    /// Reads the query part of an address.
    ///
    /// # Errors
    /// A 400 that names the parameter and says what it takes.
    pub fn parse(query: &str) -> Result<Self, PageError> {
        let mut out = Self {
            page: 1,
            taille: Self::TAILLE,
            recherche: String::new(),
            annee: None,
            maquette: None,
            autres: Vec::new(),
        };
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            let own = matches!(name.as_ref(), "page" | "taille" | "recherche" | "annee" | "maquette");
            if own && seen.iter().any(|held| *held == name) {
                return Err(illisible(format!(
                    "Le paramètre « {name} » est donné deux fois : une seule est attendue."
                )));
            }
            match name.as_ref() {
                "page" => out.page = nombre("page", value, 1, Self::PAGE_MAX)?,
                "taille" => out.taille = nombre("taille", value, 1, Self::TAILLE_MAX)?,
                "recherche" => out.recherche = texte(value)?,
                "annee" => out.annee = annee("annee", value)?,
                "maquette" => out.maquette = annee("maquette", value)?,
                _ if out.autres.len() < Self::AUTRES_MAX => {
                    out.autres.push((name.clone().into_owned(), texte(value)?));
                }
                _ => return Err(illisible("L’adresse porte trop de paramètres.".to_owned())),
            }
            if own {
                seen.push(name.into_owned());
            }
        }
        Ok(out)
    }

    /// Refuses parameters other than those of every list and `connus`: one mistyped and ignored would answer another question.
    ///
    /// # Errors
    /// A 400 that names the parameter and those that are known.
    pub fn seulement(&self, connus: &[&str]) -> Result<(), PageError> {
        match self.autres.iter().find(|(name, _)| !connus.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
                let all: Vec<&str> = ["page", "taille", "recherche", "annee", "maquette"]
                    .into_iter()
                    .chain(connus.iter().copied())
                    .collect();
                Err(illisible(format!(
                    "« {shown} » n’est pas un paramètre de cette adresse. Paramètres connus : {}.",
                    all.join(", ")
                )))
            }
        }
    }

    /// First value of a parameter of this address; none when it is empty.
    #[must_use]
    pub fn autre(&self, name: &str) -> Option<&str> {
        let found = self.autres.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        found.filter(|value| !value.is_empty())
    }

    /// A parameter that is yes or no: `true`, `oui`, `1`, or `false`, `non`, `0`.
    ///
    /// # Errors
    /// A 400 for anything else.
    pub fn vrai(&self, name: &str) -> Result<Option<bool>, PageError> {
        match self.autre(name) {
            None => Ok(None),
            Some("true" | "oui" | "1") => Ok(Some(true)),
            Some("false" | "non" | "0") => Ok(Some(false)),
            Some(_) => Err(illisible(format!("Le paramètre « {name} » vaut « oui » ou « non »."))),
        }
    }

    /// Rows before this page.
    #[must_use]
    pub fn offset(&self) -> u64 {
        (self.page - 1).saturating_mul(self.taille)
    }

    /// Whether the page is beyond the end of a list of `total` rows: it is empty, and nothing needs to be asked of the database.
    #[must_use]
    pub fn au_dela(&self, total: u64) -> bool {
        self.offset() >= total
    }

    /// What a store function pages by. Ask [`Self::au_dela`] first: its page numbers stop at a million.
    #[must_use]
    pub fn paging(&self) -> Paging {
        Paging::new(self.page, self.taille)
    }
}

/// A parameter that cannot be read: 400.
pub(super) fn illisible(message: String) -> PageError {
    PageError::unreadable(
        message,
        "Corrigez l’adresse, puis recommencez : /api décrit ce que chaque adresse prend.",
    )
}

fn nombre(name: &str, value: &str, min: u64, max: u64) -> Result<u64, PageError> {
    let read = value.parse().ok().filter(|n| (min..=max).contains(n));
    read.ok_or_else(|| {
        illisible(if name == "page" {
            "Le paramètre « page » est un nombre entier, à partir de 1.".to_owned()
        } else {
            format!("Le paramètre « {name} » est un nombre entier de {min} à {max}.")
        })
    })
}

fn texte(value: &str) -> Result<String, PageError> {
    if value.chars().count() > ListeQuery::TEXTE_MAX {
        let most = ListeQuery::TEXTE_MAX;
        return Err(illisible(format!("Un paramètre de l’adresse dépasse {most} caractères.")));
    }
    Ok(value.chars().filter(|c| !c.is_control()).collect())
}

/// `2024`, `2024/2025`, and for a maquette `2024-2029` as pages write it; empty is as good as absent.
fn annee(name: &str, value: &str) -> Result<Option<AnneeUniversitaire>, PageError> {
    if value.is_empty() {
        return Ok(None);
    }
    let first = value.split(['/', '-', '–']).next().unwrap_or_default().trim();
    let read = first.parse::<u16>().ok().and_then(AnneeUniversitaire::new);
    read.map(Some).ok_or_else(|| {
        illisible(if name == "maquette" {
            "Le paramètre « maquette » est la première année d’une accréditation : 2024 pour 2024–2029."
                .to_owned()
        } else {
            "Le paramètre « annee » est une année universitaire : 2024 pour 2024/2025.".to_owned()
        })
    })
}

impl<S: Send + Sync> FromRequestParts<S> for ListeQuery {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_every_list_takes() {
        let q = ListeQuery::parse(
            "page=3&taille=20&recherche=+Droit%20&annee=2024/2025&maquette=2024–2029&composante=UFR1",
        )
        .unwrap();
        assert_eq!((q.page, q.taille, q.offset(), q.recherche.as_str()), (3, 20, 40, "Droit"));
        assert_eq!(q.annee.map(AnneeUniversitaire::premiere), Some(2024));
        assert_eq!(q.maquette.map(AnneeUniversitaire::premiere), Some(2024));
        assert_eq!(q.autre("composante"), Some("UFR1"));
        assert!(q.seulement(&["composante"]).is_ok());
        let refused = q.seulement(&[]).unwrap_err();
        assert!(refused.message.contains("composante") && refused.message.contains("recherche"));
        assert_eq!(ListeQuery::parse("annee=").unwrap().annee, None);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_a_sentence() {
        for (query, word) in [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=deux", "page"),
            ("page=1e9", "page"),
            ("page=99999999999999999999999", "page"),
            ("taille=0", "500"),
            ("taille=1000000000", "500"),
            ("annee=24", "2024/2025"),
            ("annee=hier", "2024/2025"),
            ("maquette=x", "2024–2029"),
            ("page=1&page=2", "deux fois"),
        ] {
            let refused = ListeQuery::parse(query).unwrap_err();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
            assert!(refused.message.contains(word), "{query}: {}", refused.message);
        }
        let long = format!("recherche={}", "é".repeat(201));
        assert!(ListeQuery::parse(&long).is_err());
    }

    #[test]
    fn a_page_of_a_thousand_million_is_empty_without_asking() {
        let q = ListeQuery::parse("page=1000000000&taille=500").unwrap();
        assert!(q.au_dela(60_000) && q.au_dela(0));
        assert!(!ListeQuery::parse("page=2&taille=50").unwrap().au_dela(51));
        assert!(ListeQuery::parse("page=2&taille=50").unwrap().au_dela(50));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_within_bounds_or_refused(query in "\\PC{0,300}") {
            if let Ok(q) = ListeQuery::parse(&query) {
                prop_assert!(q.page >= 1 && (1..=ListeQuery::TAILLE_MAX).contains(&q.taille));
                prop_assert!(i64::try_from(q.offset()).is_ok());
                prop_assert!(!q.recherche.chars().any(char::is_control));
            }
        }
    }
}
