//! Reads one document, where the rest of the contract is lists.

use kernel::Outage;
use serde::de::DeserializeOwned;

use crate::rest::echange::Recu;
use crate::rest::{Echange, Lecture, Marque, Ressource};

impl Echange {
    /// One document.
    pub async fn document<T: DeserializeOwned>(
        &self,
        ressource: &Ressource<'_>,
        marque: Option<&Marque>,
    ) -> Result<Lecture<T>, Outage> {
        let empreinte = ressource.empreinte();
        let etag = marque.filter(|m| m.question == empreinte).and_then(|m| m.etags.first());
        let question = ressource.question(None, etag.map(String::as_str), self.reglages().tentatives);
        Ok(match self.demander(&question).await? {
            Recu::Inchange => Lecture::Inchangee,
            Recu::Document(contenu, etag) => Lecture::Nouvelle {
                contenu,
                marque: etag.map(|etag| Marque { question: empreinte, etags: vec![etag] }),
            },
        })
    }

    /// One document, asked once.
    pub async fn document_une_fois<T: DeserializeOwned>(
        &self,
        ressource: &Ressource<'_>,
    ) -> Result<T, Outage> {
        self.exiger(&ressource.question(None, None, 1)).await.map(|(document, _)| document)
    }
}
