//! The change set that a set or ended correction makes: one a year, like a collection that read nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Actor, AnneeUniversitaire};

use super::corriger_fault::CorrectionFault;
use crate::domain::collecte::Bilan;
use crate::domain::genre::Genre;
use crate::domain::{Changement, Demande, EtatCollecte, Portee, Rapport, Sorte};
use crate::store::collecte::{self, Suite};
use crate::store::{changement, correction, objet};

/// Cause under which the changes are grouped.
pub const CAUSE: &str = "correction";

/// Change sets being made, one a year.
pub(super) struct Jeu<'a> {
    tx: &'a Tx,
    quand: DateTime<Utc>,
    acteur: &'a Actor,
    annees: BTreeMap<u16, (i64, BTreeMap<Genre, Vec<Changement>>)>,
}

impl<'a> Jeu<'a> {
    /// Begins; every other change of corrections waits.
    pub(super) async fn ouvrir(
        tx: &'a Tx,
        quand: DateTime<Utc>,
        acteur: &'a Actor,
    ) -> Result<Self, CorrectionFault> {
        correction::correction_touch(&**tx, quand, acteur).await?;
        Ok(Self { tx, quand, acteur, annees: BTreeMap::new() })
    }

    pub(super) fn tx(&self) -> &'a Tx {
        self.tx
    }

    pub(super) fn quand(&self) -> DateTime<Utc> {
        self.quand
    }

    pub(super) fn acteur(&self) -> &'a Actor {
        self.acteur
    }

    /// Adds a change of a year, and gives the number of its change set.
    pub(super) async fn changer(&mut self, annee: u16, c: Changement) -> Result<i64, CorrectionFault> {
        let place = match self.annees.entry(annee) {
            Entry::Occupied(place) => place.into_mut(),
            Entry::Vacant(place) => {
                let universitaire =
                    AnneeUniversitaire::new(annee).ok_or_else(|| DbError::Value(format!("année {annee}")))?;
                let demande = Demande {
                    portee: Portee::Correction,
                    annee: Some(universitaire),
                    simulation: false,
                    accepter_chute: false,
                };
                let id =
                    collecte::collecte_create(&**self.tx, &demande, universitaire, self.acteur, self.quand)
                        .await?;
                place.insert((id, BTreeMap::new()))
            }
        };
        let changements = place.1.entry(c.genre).or_default();
        // Two fields of one row: the second change goes on from the first.
        match changements.iter_mut().find(|autre| autre.id == c.id && c.sorte == Sorte::Modification) {
            Some(autre) => {
                let differents: Vec<usize> = c.champs_changes().collect();
                for i in differents {
                    if let (Some(champ), Some(valeur)) = (autre.apres.get_mut(i), c.apres.get(i)) {
                        champ.clone_from(valeur);
                    }
                }
            }
            None => changements.push(c),
        }
        Ok(place.0)
    }

    /// Writes the rows and the change sets, and reports each.
    pub(super) async fn fermer(self, avis: &str) -> Result<(), CorrectionFault> {
        let (tx, quand) = (self.tx, self.quand);
        for (annee, (id, genres)) in self.annees {
            let mut rapport = Rapport {
                collecte: id,
                etat: EtatCollecte::Terminee.code().to_owned(),
                portee: Portee::Correction.code().to_owned(),
                annee: AnneeUniversitaire::new(annee),
                avis: vec![format!("{avis}.")],
                ..Rapport::default()
            };
            for (genre, changements) in genres {
                objet::objet_apply(&**tx, genre, annee, id, quand, &changements).await?;
                changement::changement_insert_as(&**tx, id, Some(CAUSE), &changements).await?;
                // The whole is no longer what the last collection left: the next one looks row by row.
                objet::ensemble_write(&**tx, genre, annee, "").await?;
                let compte = |s| changements.iter().filter(|c| c.sorte == s).count() as u64;
                let bilan = Bilan {
                    modifies: compte(Sorte::Modification),
                    fermes: compte(Sorte::Fermeture),
                    ..Bilan::default()
                };
                if genre != Genre::Anomalie {
                    rapport.modifies += bilan.modifies;
                }
                rapport.par_genre.insert(genre.description().pluriel.to_owned(), bilan);
            }
            rapport.anomalies = objet::objet_count(&**tx, Genre::Anomalie, annee).await?;
            let suite = Suite {
                etat: Some(EtatCollecte::Terminee),
                debutee_le: Some(quand),
                finie_le: Some(quand),
                rapport: Some(&rapport),
                ..Suite::default()
            };
            collecte::collecte_update(&**tx, id, suite).await?;
        }
        Ok(())
    }
}
