//! Who is in an account now: its sessions, those who come to it by CAS, and those who look as another role.

use chrono::{DateTime, Utc};
use kernel::{Actor, Role};
use serde_json::json;

use super::gerer::{journaliser, tenir};
use super::{Compte, CompteFault, Comptes, Entree, normalise, store};

/// Who has come by CAS.
#[derive(Clone, Debug)]
pub enum Passage {
    /// To this account.
    Entre(Compte),
    /// To none: nothing by that login.
    Inconnu,
    /// To one that is closed.
    Desactive,
    /// To one that only its password opens.
    LocalSeulement,
}

/// A live session of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionVue {
    /// Row.
    pub id: i64,
    /// « Firefox sur Linux ».
    pub appareil: String,
    /// When it was opened.
    pub creee_le: DateTime<Utc>,
    /// Last use, to the minute.
    pub vue_le: DateTime<Utc>,
    /// Whether CAS opened it.
    pub par_cas: bool,
}

impl Comptes {
    /// Live sessions of an account, the most recent first.
    ///
    /// # Errors
    /// The database's.
    pub async fn sessions(&self, compte: &Compte) -> Result<Vec<SessionVue>, CompteFault> {
        let now = self.clock.now();
        let (id, inactive) = (compte.id, now - self.inactive);
        let seen = self.db.read(|c| async move { store::session_list(&c, id, now, inactive).await }).await?;
        let seen = seen.into_iter().map(|s| SessionVue {
            id: s.id,
            appareil: s.appareil,
            creee_le: s.creee_le,
            vue_le: s.vue_le,
            par_cas: s.par_cas,
        });
        Ok(seen.collect())
    }

    /// Closes one session of an account, or all. Says how many were closed.
    ///
    /// # Errors
    /// An unknown login.
    pub async fn fermer_sessions(
        &self,
        acteur: &Actor,
        identifiant: &str,
        seule: Option<i64>,
    ) -> Result<u64, CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, acteur) = (identifiant.clone(), acteur.clone());
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    let closed = store::session_close(&*tx, row.id, seule, None).await?;
                    if closed > 0 {
                        let apres = json!({ "sessions_fermees": closed });
                        journaliser(
                            &tx,
                            now,
                            &acteur,
                            "compte.fermer-sessions",
                            &identifiant,
                            None,
                            Some(apres),
                        )
                        .await?;
                    }
                    Ok(closed)
                }
            })
            .await
    }

    /// Closes the session that a CAS ticket opened. Says whether there was one.
    pub(crate) async fn fermer_par_ticket(&self, ticket: &str) -> Result<bool, CompteFault> {
        let hash = crate::sessions::digest(ticket);
        let closed = self
            .db
            .write(|tx| {
                let hash = hash.clone();
                async move { store::session_close_by_ticket(&*tx, &hash).await }
            })
            .await?;
        Ok(closed > 0)
    }

    /// The account that somebody vouched for by CAS opens.
    pub(crate) async fn passer(&self, identifiant: &str) -> Result<Passage, CompteFault> {
        let Some(compte) = self.lire(identifiant).await? else { return Ok(Passage::Inconnu) };
        Ok(match compte {
            compte if !compte.actif => Passage::Desactive,
            compte if compte.entree == Entree::Local => Passage::LocalSeulement,
            compte => Passage::Entre(compte),
        })
    }

    /// Writes that somebody begins or ends looking at the suite as another role.
    pub(crate) async fn voir_comme(
        &self,
        acteur: &Actor,
        identifiant: &str,
        session: i64,
        role: Option<Role>,
    ) -> Result<(), CompteFault> {
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, acteur) = (identifiant.to_owned(), acteur.clone());
                async move {
                    store::session_voir_comme(&*tx, session, role.map(Role::code)).await?;
                    let apres = json!({ "voir_comme": role.map(Role::code) });
                    journaliser(&tx, now, &acteur, "compte.voir-comme", &identifiant, None, Some(apres)).await
                }
            })
            .await
    }
}
