use chrono::{DateTime, SecondsFormat, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Outage, OutageKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Echange;
use super::echange::{Question, Recu};
use super::echec::champ_absent;

/// Which version of an answer is held: what makes the next reading answer « unchanged ». To be kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marque {
    pub(crate) question: String,
    pub(crate) etags: Vec<String>,
}

/// What narrows a reading.
#[derive(Clone, Debug, Default)]
pub struct Demande {
    /// Only what changed since that instant.
    pub modifie_depuis: Option<DateTime<Utc>>,
    /// The version already held.
    pub marque: Option<Marque>,
}

/// A reading that may find nothing new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lecture<T> {
    /// New content.
    Nouvelle {
        /// What was read, whole.
        contenu: T,
        /// Its version, when the source gives one.
        marque: Option<Marque>,
    },
    /// The version held is still the right one.
    Inchangee,
}

/// `{"total","page","taille","elements"}`.
#[derive(Deserialize)]
struct Page {
    total: u64,
    page: u64,
    taille: u64,
    elements: Vec<serde_json::Value>,
}

/// One list or document of the source.
pub struct Ressource<'a> {
    /// Segments of the path after `/api/v1`.
    pub chemin: &'a [&'a str],
    /// Query parameters, paging apart.
    pub parametres: Vec<(&'static str, String)>,
}

impl<'a> Ressource<'a> {
    /// A resource without parameters.
    pub fn new(chemin: &'a [&'a str]) -> Self {
        Self { chemin, parametres: Vec::new() }
    }

    /// The same narrowed by `nom`, when there is a value.
    #[must_use]
    pub fn avec(mut self, nom: &'static str, valeur: Option<String>) -> Self {
        self.parametres.extend(valeur.map(|valeur| (nom, valeur)));
        self
    }

    /// The same narrowed to what changed since `instant`.
    #[must_use]
    pub fn depuis(self, instant: Option<DateTime<Utc>>) -> Self {
        self.avec("modifie_depuis", instant.map(|i| i.to_rfc3339_opts(SecondsFormat::Micros, true)))
    }

    /// What a mark is compared with: an ETag of another question says nothing about this one.
    pub fn empreinte(&self) -> String {
        let parametres = self.parametres.iter().map(|(nom, valeur)| format!("&{nom}={valeur}"));
        std::iter::once(self.chemin.join("/")).chain(parametres).collect()
    }

    /// One request of this resource.
    pub fn question<'q>(&'q self, page: Option<u64>, etag: Option<&'q str>, tentatives: u32) -> Question<'q> {
        let mut parametres = self.parametres.clone();
        parametres.extend(page.map(|page| ("page", page.to_string())));
        Question { chemin: self.chemin, parametres, etag, tentatives }
    }
}

impl Echange {
    /// A whole list, unless every page of the version held is still the right one.
    pub async fn liste<T: DeserializeOwned>(
        &self,
        ressource: &Ressource<'_>,
        marque: Option<&Marque>,
    ) -> Result<Lecture<Vec<T>>, Outage> {
        if let Some(marque) = marque.filter(|m| m.question == ressource.empreinte() && !m.etags.is_empty())
            && self.inchangee(ressource, marque).await?
        {
            return Ok(Lecture::Inchangee);
        }
        let (contenu, marque) = self.tout(ressource).await?;
        Ok(Lecture::Nouvelle { contenu, marque })
    }

    /// The first page of a list, asked once: how many elements there are in all, and those of that page.
    pub async fn premiere_page<T: DeserializeOwned>(
        &self,
        ressource: &Ressource<'_>,
    ) -> Result<(u64, Vec<T>), Outage> {
        let question = ressource.question(Some(1), None, 1);
        let (page, _) = self.exiger::<Page>(&question).await?;
        let total = page.total;
        Ok((total, self.elements(&Self::nom(&question), page, 1)?))
    }

    async fn inchangee(&self, ressource: &Ressource<'_>, marque: &Marque) -> Result<bool, Outage> {
        let mut reponses = stream::iter((1..).zip(&marque.etags))
            .map(|(page, etag)| async move {
                let question =
                    ressource.question(Some(page), Some(etag.as_str()), self.reglages().tentatives);
                self.demander::<serde::de::IgnoredAny>(&question).await
            })
            .buffered(self.reglages().simultanees.max(1));
        while let Some(recu) = reponses.try_next().await? {
            if matches!(recu, Recu::Document(..)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Every page, and the proof that nothing is missing.
    pub async fn tout<T: DeserializeOwned>(
        &self,
        ressource: &Ressource<'_>,
    ) -> Result<(Vec<T>, Option<Marque>), Outage> {
        let question = |page| ressource.question(Some(page), None, self.reglages().tentatives);
        let nom = Self::nom(&question(1));
        let (premiere, etag) = self.exiger::<Page>(&question(1)).await?;
        let (total, taille) = (premiere.total, premiere.taille);
        if taille == 0 && total > 0 {
            return Err(self.hors_contrat(&nom, format!("annonce {total} éléments par pages de zéro")));
        }
        let mut etags: Vec<Option<String>> = vec![etag];
        let mut elements: Vec<T> = self.elements(&nom, premiere, 1)?;
        let derniere = if total == 0 { 1 } else { total.div_ceil(taille) };
        let mut suivantes = stream::iter(2..=derniere)
            .map(|numero| async move { Ok((numero, self.exiger::<Page>(&question(numero)).await?)) })
            .buffered(self.reglages().simultanees.max(1));
        while let Some((numero, (page, etag))) = suivantes.try_next().await? {
            if page.total != total {
                return Err(self.incomplete(
                    &nom,
                    format!("La liste a changé pendant sa lecture ({total} éléments, puis {}).", page.total),
                ));
            }
            elements.extend(self.elements::<T>(&nom, page, numero)?);
            etags.push(etag);
        }
        if elements.len() as u64 != total {
            return Err(self.incomplete(
                &nom,
                format!("{total} éléments étaient annoncés, {} ont été reçus.", elements.len()),
            ));
        }
        let etags: Option<Vec<String>> = etags.into_iter().collect();
        Ok((elements, etags.map(|etags| Marque { question: ressource.empreinte(), etags })))
    }

    /// A document asked without condition.
    pub async fn exiger<T: DeserializeOwned>(
        &self,
        question: &Question<'_>,
    ) -> Result<(T, Option<String>), Outage> {
        match self.demander(question).await? {
            Recu::Document(document, etag) => Ok((document, etag)),
            Recu::Inchange => {
                let nom = Self::nom(question);
                Err(self.hors_contrat(&nom, "répond « inchangé » à une question sans condition".into()))
            }
        }
    }

    fn elements<T: DeserializeOwned>(&self, nom: &str, page: Page, numero: u64) -> Result<Vec<T>, Outage> {
        if page.page != numero {
            return Err(self.hors_contrat(nom, format!("donne la page {} pour la page {numero}", page.page)));
        }
        let lire = |(rang, element)| {
            serde_json::from_value(element).map_err(|e| {
                let champ = champ_absent(&e);
                let rang = rang + 1;
                self.hors_contrat(
                    nom,
                    format!("donne à l'élément {rang} de la page {numero} une forme hors contrat{champ}"),
                )
            })
        };
        page.elements.into_iter().enumerate().map(lire).collect()
    }

    fn incomplete(&self, nom: &str, detail: String) -> Outage {
        self.outage(nom, OutageKind::Tronquee, detail, "Réessayez ; rien n'a été retenu de cette lecture.")
    }

    fn hors_contrat(&self, nom: &str, constat: String) -> Outage {
        let source = self.source();
        self.outage(
            nom,
            OutageKind::Illisible,
            format!("{source} {constat}."),
            format!("Signalez-le au responsable de {source}."),
        )
    }
}
