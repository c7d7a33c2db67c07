use kernel::{AnneeUniversitaire, NumeroEnseignant, Outage, Source, nombre_francais};

use crate::rest::{Demande, Echange, Lecture, Reglages, Ressource, VerificationLien, mesurer};
use crate::{Enseignant, Service};

/// Reads Eve.
#[derive(Clone, Debug)]
pub struct Client(Echange);

impl Client {
    /// A client with connections of its own.
    ///
    /// # Errors
    /// [`kernel::OutageKind::Demande`] when the address cannot be used.
    pub fn new(reglages: Reglages) -> Result<Self, Outage> {
        Echange::new(Source::Eve, reglages, None).map(Self)
    }

    /// A client over connections shared with others.
    ///
    /// # Errors
    /// [`kernel::OutageKind::Demande`] when the address cannot be used.
    pub fn over(reglages: Reglages, http: reqwest::Client) -> Result<Self, Outage> {
        Echange::new(Source::Eve, reglages, Some(http)).map(Self)
    }

    /// Every teacher of `annee`.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn enseignants(&self, annee: AnneeUniversitaire) -> Result<Vec<Enseignant>, Outage> {
        Ok(self.0.tout(&enseignants(annee)).await?.0)
    }

    /// The teachers of `annee`, narrowed by `demande`.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn lire_enseignants(
        &self,
        annee: AnneeUniversitaire,
        demande: &Demande,
    ) -> Result<Lecture<Vec<Enseignant>>, Outage> {
        self.0.liste(&enseignants(annee).depuis(demande.modifie_depuis), demande.marque.as_ref()).await
    }

    /// Every line of teaching of `annee`, of one teacher or of all.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn services(
        &self,
        annee: AnneeUniversitaire,
        enseignant: Option<&NumeroEnseignant>,
    ) -> Result<Vec<Service>, Outage> {
        Ok(self.0.tout(&services(annee, enseignant)).await?.0)
    }

    /// The lines of teaching of `annee`, narrowed by `demande`.
    ///
    /// # Errors
    /// An [`Outage`] when the list could not be read whole.
    pub async fn lire_services(
        &self,
        annee: AnneeUniversitaire,
        enseignant: Option<&NumeroEnseignant>,
        demande: &Demande,
    ) -> Result<Lecture<Vec<Service>>, Outage> {
        let ressource = services(annee, enseignant).depuis(demande.modifie_depuis);
        self.0.liste(&ressource, demande.marque.as_ref()).await
    }

    /// Asks each endpoint once, for `annee`, and says what it saw.
    pub async fn verifier(&self, annee: AnneeUniversitaire) -> Vec<VerificationLien> {
        let lus = mesurer("GET /enseignants", async {
            let (total, _) = self.0.premiere_page::<Enseignant>(&enseignants(annee)).await?;
            Ok(vu(total, "enseignant", annee))
        });
        let faits = mesurer("GET /services", async {
            let (total, _) = self.0.premiere_page::<Service>(&services(annee, None)).await?;
            Ok(vu(total, "service", annee))
        });
        vec![lus.await, faits.await]
    }
}

fn enseignants(annee: AnneeUniversitaire) -> Ressource<'static> {
    Ressource::new(&["enseignants"]).avec("annee", Some(annee.to_string()))
}

fn services(annee: AnneeUniversitaire, enseignant: Option<&NumeroEnseignant>) -> Ressource<'static> {
    Ressource::new(&["services"])
        .avec("annee", Some(annee.to_string()))
        .avec("enseignant", enseignant.map(NumeroEnseignant::to_string))
}

fn vu(n: u64, nom: &str, annee: AnneeUniversitaire) -> String {
    let nombre = nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    let pluriel = if n > 1 { "s" } else { "" };
    format!("{nombre} {nom}{pluriel} en {}", annee.libelle())
}
