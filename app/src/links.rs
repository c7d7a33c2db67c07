//! What joins contexts that do not know each other: Kofr's and Eve's links, and what API knows of the sources.

use api::{Api, ApiFault, Etat, Lien};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use contracts::liens::{EtatDesSources, EtatSource, Verifiable, Verification};
use kernel::{Actor, AnneeUniversitaire, Outage, Source};
use maquette::actions::demander::annee_courante;
use maquette::domain::{EtatCollecte, Portee};
use maquette::store::collecte::collecte_last;

/// The state of a source out of those of its links: down as soon as one is.
pub(crate) fn state_of(source: Source, liens: &[Lien]) -> EtatSource {
    let ours: Vec<_> = liens.iter().filter(|lien| lien.source == source).collect();
    let worst = [Etat::EnPanne, Etat::NonVerifie, Etat::Repond]
        .into_iter()
        .find(|etat| ours.iter().any(|lien| lien.etat == *etat));
    let in_it = || ours.iter().filter(|lien| Some(lien.etat) == worst);
    let first = in_it().min_by_key(|lien| (lien.depuis, lien.rang));
    let down = worst.is_some_and(|etat| etat != Etat::Repond);
    EtatSource {
        source,
        en_marche: worst.map(|etat| etat == Etat::Repond),
        depuis: first.map(|lien| lien.depuis),
        detail: first.filter(|_| down).map(|lien| lien.detail.clone()),
        remede: first.filter(|_| down).and_then(|lien| lien.remede.clone()),
        verifie_le: ours.iter().map(|lien| lien.verifie_le).max(),
    }
}

/// API's last verifications, as the other contexts ask for them.
#[derive(Clone, Debug)]
pub(crate) struct SourcesSeen(pub(crate) Api);

#[async_trait]
impl EtatDesSources for SourcesSeen {
    async fn etats(&self) -> Vec<EtatSource> {
        let liens = self.0.liens().await.unwrap_or_else(|err| {
            tracing::warn!(%err, "état des liens");
            Vec::new()
        });
        Source::ALL.into_iter().map(|source| state_of(source, &liens)).collect()
    }

    /// Somebody met a source in another state than the one held: every link is looked at again, without keeping them waiting.
    async fn constater(&self, source: Source, panne: Option<&Outage>) {
        let held = self.etats().await.into_iter().find(|etat| etat.source == source);
        if held.and_then(|etat| etat.en_marche) == Some(panne.is_none()) {
            return;
        }
        let api = self.0.clone();
        tokio::spawn(async move {
            match api.verifier_liens(&Actor::Planification).await {
                Ok(_) | Err(ApiFault::VerificationEnCours) => {}
                Err(err) => tracing::warn!(%err, "vérification des liens"),
            }
        });
    }
}

pub(crate) struct KofrLinks(pub(crate) kofr::Client);

#[async_trait]
impl Verifiable for KofrLinks {
    fn source(&self) -> Source {
        Source::Kofr
    }

    async fn verifier(&self) -> Vec<Verification> {
        let seen = self.0.verifier().await.into_iter();
        seen.map(|l| Verification { lien: l.nom, latence_ms: l.latence_ms, resultat: l.vu }).collect()
    }
}

/// Eve is asked about one year: the current one.
pub(crate) struct EveLinks(pub(crate) eve::Client, pub(crate) maquette::actions::Outils);

#[async_trait]
impl Verifiable for EveLinks {
    fn source(&self) -> Source {
        Source::Eve
    }

    async fn verifier(&self) -> Vec<Verification> {
        let today = AnneeUniversitaire::du_jour(self.1.clock.now().date_naive());
        let annee = annee_courante(&self.1).await.unwrap_or(today);
        let seen = self.0.verifier(annee).await.into_iter();
        seen.map(|l| Verification { lien: l.nom, latence_ms: l.latence_ms, resultat: l.vu }).collect()
    }
}

/// When what Maquette holds of a source was last collected.
pub(crate) struct CollectedCopies(pub(crate) maquette::Outils);

#[async_trait]
impl api::CopieTenue for CollectedCopies {
    async fn obtenue_le(&self, source: Source) -> Option<DateTime<Utc>> {
        let annee = annee_courante(&self.0).await.ok()?;
        let part = match source {
            Source::Extraction | Source::Kofr => Portee::Offre,
            Source::Apogee | Source::Eve => Portee::Personnes,
        };
        let read = self.0.db.read(|c| async move {
            let mut latest = None;
            for portee in [part, Portee::Tout] {
                let last = collecte_last(&c, Some(portee), Some(annee), EtatCollecte::Terminee).await?;
                latest = latest.max(last.filter(|last| !last.simulation).and_then(|last| last.finie_le));
            }
            Ok::<_, db::DbError>(latest)
        });
        read.await.ok().flatten()
    }
}
