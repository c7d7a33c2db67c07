//! A period moves to its next state, or comes back to the one before.

use db::sea_orm::ConnectionTrait;
use db::{DbError, Tx, journal};
use kernel::{Actor, heure_de_besancon};
use serde_json::json;

use super::periode_dater::connue;
use super::regler_fault::ReglageFault;
use crate::Iexam;
use crate::domain::avancement::{
    Constat, Frein, Poids, avancer as freins_avancer, reculer as freins_reculer,
};
use crate::domain::horloge::{Aiguille, horloge};
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::caisse::caisse_lock;
use crate::store::constat::constat_read;
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::{periode_etat_write, periode_lock};

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pas {
    /// To the next state.
    Avant,
    /// To the state before.
    Arriere,
}

impl Pas {
    /// The state it leads to, if there is one.
    #[must_use]
    pub fn vers(self, etat: EtatPeriode) -> Option<EtatPeriode> {
        match self {
            Self::Avant => etat.suivant(),
            Self::Arriere => etat.precedent(),
        }
    }
}

/// A period, what it holds, and where it stands with the law.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The period.
    pub periode: Periode,
    /// What it holds.
    pub constat: Constat,
    /// The dates of the law.
    pub horloge: [Aiguille; 2],
}

impl Situation {
    /// What must be known before a step.
    #[must_use]
    pub fn freins(&self, pas: Pas, now: chrono::DateTime<chrono::Utc>) -> Vec<Frein> {
        match pas {
            Pas::Avant => freins_avancer(&self.periode, &self.constat, &self.horloge, now),
            Pas::Arriere => freins_reculer(&self.periode, &self.constat, now),
        }
    }
}

async fn situer<C: ConnectionTrait>(
    conn: &C,
    periode: Periode,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Situation, DbError> {
    let constat = constat_read(conn, &periode).await?;
    let aujourd_hui = heure_de_besancon(now).date();
    let horloge = horloge(&periode, constat.premier_jour(), &constat.derogations, aujourd_hui);
    Ok(Situation { periode, constat, horloge })
}

/// Where a period stands.
///
/// # Errors
/// Those of the database.
pub async fn situation(iexam: &Iexam, periode: Periode) -> Result<Situation, DbError> {
    let now = iexam.clock.now();
    let periode = &periode;
    iexam.db.read(|c| async move { situer(&c, periode.clone(), now).await }).await
}

/// Moves a period one step. `de` is the state that was looked at; `confirme` says that what must be confirmed was.
///
/// # Errors
/// [`ReglageFault`]: what stands in the way, what must be confirmed, a state that somebody changed meanwhile.
pub async fn avancer(
    iexam: &Iexam,
    id: i64,
    pas: Pas,
    de: EtatPeriode,
    confirme: bool,
    acteur: &Actor,
) -> Result<EtatPeriode, ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        // Money that arrives in the same instant comes before the step, or finds the period as the step left it.
        caisse_lock(&*tx).await?;
        periode_lock(&*tx, id).await?;
        let p = connue(periode_read(&*tx, id).await?, id)?;
        if p.etat != de {
            return Err(ReglageFault::Change("L’état de la période"));
        }
        let Some(vers) = pas.vers(p.etat) else {
            return Err(ReglageFault::empeche("La période est déjà au bout de son chemin."));
        };
        let situation = situer(&*tx, p, quand).await?;
        let freins = situation.freins(pas, quand);
        let de_poids =
            |poids| freins.iter().filter(|f| f.poids == poids).map(|f| f.phrase.clone()).collect::<Vec<_>>();
        let bloque = de_poids(Poids::Bloque);
        if !bloque.is_empty() {
            return Err(ReglageFault::Empeche(bloque));
        }
        let a_confirmer = de_poids(Poids::Confirme);
        if !confirme && !a_confirmer.is_empty() {
            return Err(ReglageFault::AConfirmer(a_confirmer));
        }
        let convoquee_le = match vers {
            EtatPeriode::Convocations if pas == Pas::Avant => Some(quand),
            etat if etat < EtatPeriode::Convocations => None,
            _ => situation.periode.convoquee_le,
        };
        if !periode_etat_write(&*tx, id, de, vers, convoquee_le).await? {
            return Err(ReglageFault::Change("L’état de la période"));
        }
        journal::write(
            &*tx,
            journal::Entry {
                quand,
                acteur,
                action: if pas == Pas::Avant { "periode_examen.avancer" } else { "periode_examen.reculer" },
                objet: "periode_examen",
                cle: &id.to_string(),
                avant: Some(json!({ "etat": de.code() })),
                apres: Some(json!({ "etat": vers.code(), "confirme": a_confirmer })),
            },
        )
        .await?;
        Ok(vers)
    };
    iexam.db.write(ecrire).await
}
