//! A collection: read, translate, compare, show, apply in one transaction, report.
//!
//! Nothing is written to the offer or to people before everything has been read and compared; a source that fails, a fall that is
//! not believable or a process that is killed leaves what was held as it was.

use std::time::Instant;

use ::jobs::Progress;
use contracts::apogee::CleEtape;
use db::journal;
use kernel::{Actor, AnneeUniversitaire};

use super::comparer::{self, Ecart};
use super::{CollecteFault, Outils, Sources, corriger_collecte, lire_offre, lire_personnes};
use crate::domain::genre::Genre;
use crate::domain::traduction::{self, Recu};
use crate::domain::{EtatCollecte, Rapport, Valeur};
use crate::store::collecte::{self as tenues, Collecte, Suite};
use crate::store::{changement, ecarte, generation, lecture, objet, parametre};

/// Does collections.
#[derive(Clone, Debug)]
pub struct Collecteur {
    /// Database, clock, settings.
    pub outils: Outils,
    /// Where it reads.
    pub sources: Sources,
}

impl Collecteur {
    /// Does the collection of that number, and reports. Run again after a kill, it goes on from what was read.
    ///
    /// # Errors
    /// A source that failed, a stop that was asked, the database; the collection then says so and nothing was applied.
    pub async fn executer(&self, id: i64, progress: &Progress) -> Result<Rapport, CollecteFault> {
        let outils = self.outils.a_jour().await?;
        Self { outils, sources: self.sources.clone() }.mener(id, progress).await
    }

    async fn mener(&self, id: i64, progress: &Progress) -> Result<Rapport, CollecteFault> {
        let debut = Instant::now();
        let tenue = self.commencer(id).await?;
        let mut rapport = Rapport {
            collecte: id,
            portee: tenue.portee.code().to_owned(),
            annee: Some(tenue.annee),
            simulation: tenue.simulation,
            ..Rapport::default()
        };
        if !tenue.simulation {
            rapport.avis.extend(corriger_collecte::expirer_avant(&self.outils).await?);
        }
        let outcome = self.lire_et_appliquer(&tenue, progress, &mut rapport).await;
        rapport.duree_ms = lire_offre::ms(debut.elapsed());
        match outcome {
            Ok(etat) => {
                // What was applied is already recorded in the same transaction; the total duration is known only now.
                rapport.etat = etat.code().to_owned();
                self.noter(id, etat, &rapport).await?;
                Ok(rapport)
            }
            Err(fault) => {
                let etat = match &fault {
                    CollecteFault::Annulee => EtatCollecte::Annulee,
                    _ => EtatCollecte::Interrompue,
                };
                if let CollecteFault::Panne(panne) = &fault {
                    rapport.panne = Some(panne.clone());
                } else {
                    rapport.avis.push(kernel::Fault::message(&fault));
                }
                rapport.etat = etat.code().to_owned();
                self.noter(id, etat, &rapport).await?;
                Err(fault)
            }
        }
    }

    /// Marks the collection begun, and gives it what an interrupted one of the same scope and year has read.
    async fn commencer(&self, id: i64) -> Result<Collecte, CollecteFault> {
        let quand = self.outils.clock.now();
        let fraicheur = chrono::Duration::hours(self.outils.reglages.reprise_heures);
        self.outils
            .db
            .write(|tx| async move {
                let tenue = tenues::collecte_read(&*tx, id).await?.ok_or(CollecteFault::Inconnue(id))?;
                let suite =
                    Suite { etat: Some(EtatCollecte::EnCours), debutee_le: Some(quand), ..Suite::default() };
                tenues::collecte_update(&*tx, id, suite).await?;
                for etat in [EtatCollecte::Interrompue, EtatCollecte::Annulee, EtatCollecte::AConfirmer] {
                    let annee = Some(tenue.annee);
                    if let Some(derniere) =
                        tenues::collecte_last(&*tx, Some(tenue.portee), annee, etat).await?
                        && quand - derniere.demandee_le < fraicheur
                    {
                        lecture::lecture_adopt(&*tx, derniere.id, id).await?;
                    }
                }
                Ok(tenue)
            })
            .await
    }

    async fn lire_et_appliquer(
        &self,
        tenue: &Collecte,
        progress: &Progress,
        rapport: &mut Rapport,
    ) -> Result<EtatCollecte, CollecteFault> {
        let (recu, anomalies, annee) = self.lire(tenue, progress, rapport).await?;

        let debut = Instant::now();
        progress.step("Comparaison avec ce qui est connu");
        let seuil = self.outils.reglages.seuil_chute;
        let ecart = comparer::ecart(&self.outils.db, tenue.portee, annee, recu, anomalies, seuil).await?;
        compter(&ecart, rapport);
        rapport.avis.extend(corriger_collecte::avis(&ecart));
        rapport.etapes_ms.insert("comparaison".into(), lire_offre::ms(debut.elapsed()));
        if progress.cancelled() {
            return Err(CollecteFault::Annulee);
        }

        let etat = if !ecart.chutes.is_empty() && !tenue.accepter_chute && !tenue.simulation {
            EtatCollecte::AConfirmer
        } else {
            EtatCollecte::Terminee
        };
        let ecrire = etat == EtatCollecte::Terminee && !tenue.simulation;
        let debut = Instant::now();
        progress.step(if ecrire { "Application" } else { "Enregistrement de la comparaison" });
        self.appliquer(tenue, annee, &ecart, ecrire, etat, rapport, progress).await?;
        if ecart.nombre() > 0 {
            self.outils.db.settle().await?;
        }
        rapport.etapes_ms.insert("application".into(), lire_offre::ms(debut.elapsed()));
        Ok(etat)
    }

    async fn lire(
        &self,
        tenue: &Collecte,
        progress: &Progress,
        rapport: &mut Rapport,
    ) -> Result<(Recu, Vec<crate::domain::Anomalie>, AnneeUniversitaire), CollecteFault> {
        let debut = Instant::now();
        let mut recu = Recu::new();
        let mut anomalies = Vec::new();
        let mut annee = tenue.annee;
        if tenue.portee.offre() {
            let demandee = self.annee_demandee(tenue).await?;
            let (offre, trouvees) =
                lire_offre::lire(&self.outils, &self.sources, demandee, tenue.annee, progress, rapport)
                    .await?;
            annee = offre.annee;
            anomalies = trouvees;
            recu = traduction::offre(offre);
        }
        if tenue.portee.personnes() {
            let etapes = self.etapes(annee, recu.get(&Genre::VersionEtape).map(Vec::as_slice)).await?;
            let (personnes, trouvees) =
                lire_personnes::lire(&self.outils, &self.sources, tenue.id, annee, etapes, progress, rapport)
                    .await?;
            recu.extend(personnes);
            anomalies.extend(trouvees);
        }
        rapport.annee = Some(annee);
        rapport.etapes_ms.insert("lecture".into(), lire_offre::ms(debut.elapsed()));
        Ok((recu, anomalies, annee))
    }

    /// The year to read: the one asked, else the current one; before any collection said which, the one that Apogée has open.
    async fn annee_demandee(&self, tenue: &Collecte) -> Result<Option<AnneeUniversitaire>, CollecteFault> {
        if !tenue.annee_libre {
            return Ok(Some(tenue.annee));
        }
        let courante = self
            .outils
            .db
            .read(|c| async move { parametre::parametre_read(&c, "annee_courante").await })
            .await?;
        Ok(courante.and_then(|t| t.parse().ok()))
    }

    /// The étapes whose students are read: those just received, else those held.
    async fn etapes(
        &self,
        annee: AnneeUniversitaire,
        recues: Option<&[crate::domain::valeur::Ligne]>,
    ) -> Result<Vec<CleEtape>, CollecteFault> {
        let cle = |cle: &[Valeur]| {
            let texte = |i: usize| cle.get(i).and_then(Valeur::texte).unwrap_or_default().to_owned();
            CleEtape { etape: texte(0).into(), version: texte(1).into() }
        };
        let mut etapes: Vec<CleEtape> = match recues {
            Some(lignes) => lignes.iter().map(|l| cle(&l.cle)).collect(),
            None => {
                let premiere = annee.premiere();
                let tenues = self
                    .outils
                    .db
                    .read(|c| async move { objet::objet_load(&c, Genre::VersionEtape, premiere).await })
                    .await?;
                let ouvertes: Vec<_> = tenues.iter().filter(|(_, t)| !t.ferme).map(|(c, _)| cle(c)).collect();
                if ouvertes.is_empty() {
                    return Err(CollecteFault::OffreAbsente(annee));
                }
                ouvertes
            }
        };
        etapes.sort();
        etapes.dedup();
        Ok(etapes)
    }

    /// One transaction: rows, change set, report, journal; or, when nothing is to be applied, change set and report.
    #[expect(clippy::too_many_arguments, reason = "everything that one transaction writes")]
    async fn appliquer(
        &self,
        tenue: &Collecte,
        annee: AnneeUniversitaire,
        ecart: &Ecart,
        ecrire: bool,
        etat: EtatCollecte,
        rapport: &mut Rapport,
        progress: &Progress,
    ) -> Result<(), CollecteFault> {
        let quand = self.outils.clock.now();
        let total = ecart.nombre() as u64;
        rapport.etat = etat.code().to_owned();
        let base = &*rapport;
        let anomalies = self
            .outils
            .db
            .write(|tx| async move {
                let id = tenue.id;
                let mut faits = 0;
                let mut reprise = None;
                if ecrire && total > 0 {
                    generation::fil_advance(&*tx).await?;
                    reprise = corriger_collecte::reprendre(&tx, ecart, annee.premiere()).await?;
                }
                for (genre, compares) in &ecart.changements {
                    let changements =
                        reprise.as_ref().map_or(compares.as_slice(), |r| r.changements(*genre, compares));
                    for lot in changements.chunks(5_000) {
                        if ecrire {
                            objet::objet_apply(&*tx, *genre, annee.premiere(), id, quand, lot).await?;
                        }
                        changement::changement_insert(&*tx, id, lot).await?;
                        faits += lot.len() as u64;
                        progress.advance(faits, total);
                        if progress.cancelled() {
                            return Err(CollecteFault::Annulee);
                        }
                    }
                }
                let anomalies = objet::objet_count(&*tx, Genre::Anomalie, annee.premiere()).await?;
                if ecrire {
                    let reprise = reprise.as_ref();
                    corriger_collecte::retenir(&tx, ecart, reprise, annee.premiere(), id, quand).await?;
                    let ensembles =
                        ecart.ensembles.iter().filter(|(g, _)| reprise.is_none_or(|r| r.tient(*g)));
                    for (genre, empreinte) in ensembles {
                        objet::ensemble_write(&*tx, *genre, annee.premiere(), empreinte).await?;
                    }
                    ecarte::ecarte_write(&*tx, annee.premiere(), tenue.portee, id, &base.ecartes).await?;
                    premiers_parametres(&tx, tenue, annee, quand).await?;
                    let acteur = Actor::Planification;
                    let entree = journal::Entry {
                        quand,
                        acteur: &acteur,
                        action: "collecte.appliquer",
                        objet: "collecte",
                        cle: &id.to_string(),
                        avant: None,
                        apres: serde_json::to_value(&base.par_genre).ok(),
                    };
                    journal::write(&*tx, entree).await?;
                    lecture::lecture_forget(&*tx, id).await?;
                }
                let rapport = Rapport { anomalies, ..base.clone() };
                let suite = Suite {
                    etat: Some(etat),
                    annee: Some(annee),
                    finie_le: Some(quand),
                    rapport: Some(&rapport),
                    ..Suite::default()
                };
                tenues::collecte_update(&*tx, id, suite).await?;
                Ok::<_, CollecteFault>(anomalies)
            })
            .await?;
        rapport.anomalies = anomalies;
        Ok(())
    }

    async fn noter(&self, id: i64, etat: EtatCollecte, rapport: &Rapport) -> Result<(), CollecteFault> {
        let quand = self.outils.clock.now();
        self.outils
            .db
            .write(|tx| async move {
                let suite = Suite {
                    etat: Some(etat),
                    finie_le: Some(quand),
                    rapport: Some(rapport),
                    ..Suite::default()
                };
                tenues::collecte_update(&*tx, id, suite).await
            })
            .await?;
        Ok(())
    }
}

/// The first collection of an offer says which year is current; later ones leave it to whoever changes the year.
async fn premiers_parametres(
    tx: &db::Tx,
    tenue: &Collecte,
    annee: AnneeUniversitaire,
    quand: chrono::DateTime<chrono::Utc>,
) -> Result<(), CollecteFault> {
    if tenue.portee.offre() && parametre::parametre_read(&**tx, "annee_courante").await?.is_none() {
        let valeur = annee.premiere().to_string();
        parametre::parametre_write(&**tx, "annee_courante", &valeur, quand, &Actor::Planification).await?;
    }
    Ok(())
}

fn compter(ecart: &Ecart, rapport: &mut Rapport) {
    let anomalies = Genre::Anomalie.description().pluriel;
    for (_, b) in ecart.bilans.iter().filter(|(genre, _)| *genre != anomalies) {
        rapport.ajoutes += b.ajoutes;
        rapport.modifies += b.modifies;
        rapport.fermes += b.fermes;
        rapport.rouverts += b.rouverts;
        rapport.inchanges += b.inchanges;
    }
    rapport.par_genre.clone_from(&ecart.bilans);
    rapport.chutes.clone_from(&ecart.chutes);
}
