//! Apogée asked one question at a time, with a memory: what the REST interface answers from.

use std::sync::Arc;

use contracts::apogee::{CleEtape, Dossier, DossiersTenus};
use contracts::liens::EtatDesSources as _;
use kernel::{AnneeUniversitaire, NumeroEtudiant, Source};

use crate::actions::lire::Memoire;
use crate::domain::copie::{Jeu, Lecture, Origine};
use crate::domain::reference::Reference;
use crate::{Api, ApiFault, Porte};

/// The door, the memory of what went through it, and who keeps files of their own for the day when it is closed.
#[derive(Clone)]
pub(crate) struct Lecteur {
    pub(crate) porte: Porte,
    pub(crate) memoire: Memoire,
    pub(crate) tenus: Option<Arc<dyn DossiersTenus>>,
}

impl Api {
    fn lecteur(&self) -> Result<&Lecteur, ApiFault> {
        self.lecteur.as_ref().ok_or(ApiFault::SansPorte)
    }

    /// The year that is current; that of today's date while nobody has said.
    pub(crate) async fn annee_courante(&self) -> AnneeUniversitaire {
        let dite = match self.lecteur.as_ref().and_then(|l| l.tenus.as_ref()) {
            Some(tenus) => tenus.annee_courante().await,
            None => None,
        };
        dite.unwrap_or_else(|| AnneeUniversitaire::du_jour(self.clock.now().date_naive()))
    }

    /// The file of a student for a year. While Apogée is closed: the last answer, else what the last collection read.
    ///
    /// # Errors
    /// [`ApiFault::EtudiantInconnu`]; the outage when nothing is held.
    pub async fn dossier(
        &self,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
        exigee: bool,
    ) -> Result<Lecture<Dossier>, ApiFault> {
        let lecteur = self.lecteur()?;
        let cle = format!("{annee}/{numero}");
        let lue =
            lecteur.memoire.lire(Jeu::Dossiers, &cle, exigee, || lecteur.porte.dossier(annee, numero)).await;
        self.constater_lecture(&lue).await;
        match lue {
            Ok(Lecture { valeur: Some(valeur), obtenue_le, origine, panne }) => {
                Ok(Lecture { valeur, obtenue_le, origine, panne })
            }
            Ok(Lecture { valeur: None, .. }) => Err(ApiFault::EtudiantInconnu),
            Err(ApiFault::Panne(panne)) => {
                let tenu = match &lecteur.tenus {
                    Some(tenus) => tenus.dossier(annee, numero).await,
                    None => None,
                };
                let (valeur, obtenue_le) = tenu.ok_or_else(|| ApiFault::Panne(panne.clone()))?;
                lecteur.memoire.secouru();
                Ok(Lecture { valeur, obtenue_le, origine: Origine::Secours, panne: Some(panne) })
            }
            Err(autre) => Err(autre),
        }
    }

    /// The years in which a student registered.
    ///
    /// # Errors
    /// The outage when nothing is held.
    pub async fn annees(&self, numero: &NumeroEtudiant, exigee: bool) -> Result<Lecture<Vec<u16>>, ApiFault> {
        let lecteur = self.lecteur()?;
        let lue =
            lecteur.memoire.lire(Jeu::Annees, numero.as_str(), exigee, || lecteur.porte.annees(numero)).await;
        self.constater_lecture(&lue).await;
        lue
    }

    /// The numbers of the students of an étape version.
    ///
    /// # Errors
    /// The outage when nothing is held.
    pub async fn inscrits(
        &self,
        annee: AnneeUniversitaire,
        etape: &CleEtape,
        exigee: bool,
    ) -> Result<Lecture<Vec<NumeroEtudiant>>, ApiFault> {
        let lecteur = self.lecteur()?;
        // A code may hold any separator.
        let cle = serde_json::json!([annee.premiere(), etape.etape, etape.version]).to_string();
        let lue =
            lecteur.memoire.lire(Jeu::Inscrits, &cle, exigee, || lecteur.porte.inscrits(annee, etape)).await;
        self.constater_lecture(&lue).await;
        lue
    }

    /// A reference list.
    ///
    /// # Errors
    /// The outage when nothing is held.
    pub async fn references(&self, jeu: Jeu, exigee: bool) -> Result<Lecture<Vec<Reference>>, ApiFault> {
        let lecteur = self.lecteur()?;
        let lue = lecteur.memoire.lire(jeu, "", exigee, || lecteur.porte.references(jeu)).await;
        self.constater_lecture(&lue).await;
        lue
    }

    /// Whoever meets a source in another state than the one held says so: the home page then knows.
    async fn constater_lecture<T>(&self, lue: &Result<Lecture<T>, ApiFault>) {
        match lue {
            Ok(Lecture { origine: Origine::Source, .. }) => self.constater(Source::Apogee, None).await,
            Ok(Lecture { panne: Some(panne), .. }) | Err(ApiFault::Panne(panne))
                if panne.kind != kernel::OutageKind::Demande =>
            {
                self.constater(Source::Apogee, Some(panne)).await;
            }
            _ => {}
        }
    }
}
