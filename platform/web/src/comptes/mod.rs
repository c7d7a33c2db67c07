//! Local accounts: made by the command line, entered at `/connexion`, kept at `/compte`.

mod empreinte;
mod fault;
mod pages;
pub(crate) mod store;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::Db;
use db::journal::{self, Entry};
use kernel::{Actor, Clock, Role};
use serde_json::json;

pub use fault::CompteFault;
pub(crate) use pages::routes;

/// Failures before an account is locked.
const ESSAIS: i64 = 5;
/// First lock; each further failure doubles it.
const BLOCAGE: Duration = Duration::seconds(30);
const BLOCAGE_MAX: Duration = Duration::hours(1);

/// An account to make.
#[derive(Clone, Debug)]
pub struct NouveauCompte {
    /// Login: lower-case letters, digits, `.`, `-`, `_`, `@`.
    pub identifiant: String,
    /// Displayed name.
    pub nom: String,
    /// Role.
    pub role: Role,
    /// Password in clear, at least twelve characters.
    pub mot_de_passe: String,
}

/// An account, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compte {
    /// Row.
    pub id: i64,
    /// Login.
    pub identifiant: String,
    /// Displayed name.
    pub nom: String,
    /// Role.
    pub role: Role,
    /// Whether it may be entered.
    pub actif: bool,
}

/// The accounts, and what may be done with them.
#[derive(Clone, Debug)]
pub struct Comptes {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Comptes {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// A login taken or impossible, a weak password.
    pub async fn creer(&self, acteur: &Actor, nouveau: NouveauCompte) -> Result<i64, CompteFault> {
        let identifiant = normalise(&nouveau.identifiant).ok_or(CompteFault::Identifiant)?;
        verifier_force(&identifiant, &nouveau.mot_de_passe)?;
        let empreinte = empreinte::make(nouveau.mot_de_passe.clone()).await?;
        let nouveau = NouveauCompte { identifiant, ..nouveau };
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (nouveau, empreinte, acteur) = (nouveau.clone(), empreinte.clone(), acteur.clone());
                async move {
                    if store::compte_read(&*tx, &nouveau.identifiant).await?.is_some() {
                        return Err(CompteFault::Existe(nouveau.identifiant));
                    }
                    let id = store::compte_insert(&*tx, &nouveau, &empreinte, now).await?;
                    let apres = json!({ "nom": nouveau.nom, "role": nouveau.role.code() });
                    let line = ligne(now, &acteur, "compte.creer", &nouveau.identifiant, None, Some(apres));
                    journal::write(&*tx, line).await?;
                    Ok(id)
                }
            })
            .await
    }

    /// Makes an account if there is none by that login: for a demonstration that starts again. Says whether it was made.
    ///
    /// # Errors
    /// As [`Comptes::creer`].
    pub async fn assurer(&self, acteur: &Actor, nouveau: NouveauCompte) -> Result<bool, CompteFault> {
        let identifiant = normalise(&nouveau.identifiant).ok_or(CompteFault::Identifiant)?;
        let held = self.db.read(|c| async move { store::compte_read(&c, &identifiant).await }).await?;
        if held.is_some() {
            return Ok(false);
        }
        match self.creer(acteur, nouveau).await {
            Ok(_) => Ok(true),
            Err(CompteFault::Existe(_)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Every account, by login.
    ///
    /// # Errors
    /// The database's.
    pub async fn lister(&self) -> Result<Vec<Compte>, CompteFault> {
        let rows = self.db.read(|c| async move { store::compte_list(&c).await }).await?;
        Ok(rows.into_iter().filter_map(compte).collect())
    }

    /// Gives an account another password, unlocks it and closes its sessions, except `garder`.
    ///
    /// # Errors
    /// An unknown login, a weak password.
    pub async fn changer_mot_de_passe(
        &self,
        acteur: &Actor,
        identifiant: &str,
        nouveau: String,
        garder: Option<i64>,
    ) -> Result<(), CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        verifier_force(&identifiant, &nouveau)?;
        let empreinte = empreinte::make(nouveau).await?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, empreinte, acteur) =
                    (identifiant.clone(), empreinte.clone(), acteur.clone());
                async move {
                    let Some(row) = store::compte_read(&*tx, &identifiant).await? else {
                        return Err(CompteFault::Inconnu(identifiant));
                    };
                    store::compte_empreinte(&*tx, row.id, &empreinte).await?;
                    store::session_close(&*tx, row.id, None, garder).await?;
                    journal::write(
                        &*tx,
                        ligne(now, &acteur, "compte.mot-de-passe", &identifiant, None, None),
                    )
                    .await?;
                    Ok(())
                }
            })
            .await
    }

    /// Opens or closes an account. Closing ends its sessions.
    ///
    /// # Errors
    /// An unknown login.
    pub async fn activer(&self, acteur: &Actor, identifiant: &str, actif: bool) -> Result<(), CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, acteur) = (identifiant.clone(), acteur.clone());
                async move {
                    let Some(row) = store::compte_read(&*tx, &identifiant).await? else {
                        return Err(CompteFault::Inconnu(identifiant));
                    };
                    store::compte_actif(&*tx, row.id, actif).await?;
                    if !actif {
                        store::session_close(&*tx, row.id, None, None).await?;
                    }
                    let (avant, apres) = (json!({ "actif": row.actif }), json!({ "actif": actif }));
                    let line = ligne(now, &acteur, "compte.activer", &identifiant, Some(avant), Some(apres));
                    journal::write(&*tx, line).await?;
                    Ok(())
                }
            })
            .await
    }

    /// Checks a login and its password. After a few failures the account is locked, longer each time.
    ///
    /// # Errors
    /// [`CompteFault::Refus`], [`CompteFault::Bloque`] or [`CompteFault::Desactive`].
    pub async fn authentifier(&self, identifiant: &str, mot_de_passe: String) -> Result<Compte, CompteFault> {
        let key = normalise(identifiant).unwrap_or_default();
        let held = self.db.read(|c| async move { store::compte_read(&c, &key).await }).await?;
        let now = self.clock.now();
        if let Some(fin) = held.as_ref().and_then(|row| row.bloque_jusqu_a).filter(|fin| *fin > now) {
            return Err(CompteFault::Bloque(fin - now));
        }
        if mot_de_passe.len() > fault::LONGUEUR_MAX {
            return Err(CompteFault::Refus);
        }
        let right = empreinte::verify(mot_de_passe, held.as_ref().map(|row| row.empreinte.clone())).await?;
        let Some(row) = held else { return Err(CompteFault::Refus) };
        if !right {
            return Err(self.echec(&row.identifiant, now).await?);
        }
        if !row.actif {
            return Err(CompteFault::Desactive);
        }
        if row.echecs > 0 {
            let id = row.id;
            self.db.write(|tx| async move { store::compte_echecs(&*tx, id, 0, None).await }).await?;
        }
        compte(row).ok_or(CompteFault::Desactive)
    }

    /// Counts a failure, on what the database holds now: several may come at once.
    async fn echec(&self, identifiant: &str, now: DateTime<Utc>) -> Result<CompteFault, CompteFault> {
        self.db
            .write(|tx| {
                let identifiant = identifiant.to_owned();
                async move {
                    let Some(row) = store::compte_read(&*tx, &identifiant).await? else {
                        return Ok(CompteFault::Refus);
                    };
                    let echecs = row.echecs.saturating_add(1);
                    let blocage = blocage(echecs);
                    store::compte_echecs(&*tx, row.id, echecs, blocage.map(|duree| now + duree)).await?;
                    let Some(duree) = blocage else { return Ok(CompteFault::Refus) };
                    let apres = json!({ "echecs": echecs, "secondes": duree.num_seconds() });
                    let line =
                        ligne(now, &Actor::Planification, "compte.bloquer", &identifiant, None, Some(apres));
                    journal::write(&*tx, line).await?;
                    Ok(CompteFault::Bloque(duree))
                }
            })
            .await
    }
}

/// How long an account is locked at its n-th failure.
fn blocage(echecs: i64) -> Option<Duration> {
    let beyond = u32::try_from(echecs - ESSAIS).ok()?;
    let factor = 1_i32.checked_shl(beyond.min(20)).unwrap_or(i32::MAX);
    Some(BLOCAGE.checked_mul(factor).map_or(BLOCAGE_MAX, |duree| duree.min(BLOCAGE_MAX)))
}

fn ligne<'a>(
    quand: DateTime<Utc>,
    acteur: &'a Actor,
    action: &'a str,
    cle: &'a str,
    avant: Option<serde_json::Value>,
    apres: Option<serde_json::Value>,
) -> Entry<'a> {
    Entry { quand, acteur, action, objet: "compte", cle, avant, apres }
}

fn compte(row: store::compte::Model) -> Option<Compte> {
    let role = row.role.parse().ok()?;
    Some(Compte { id: row.id, identifiant: row.identifiant, nom: row.nom, role, actif: row.actif })
}

/// A login as it is stored: trimmed, lower case. `None` when it cannot be one.
fn normalise(identifiant: &str) -> Option<String> {
    let text = identifiant.trim().to_lowercase();
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@');
    (2..=64).contains(&text.len()).then_some(())?;
    text.bytes().all(known).then_some(text)
}

fn verifier_force(identifiant: &str, mot_de_passe: &str) -> Result<(), CompteFault> {
    let long_enough =
        mot_de_passe.chars().count() >= fault::LONGUEUR_MIN && mot_de_passe.len() <= fault::LONGUEUR_MAX;
    let varied = mot_de_passe.chars().collect::<std::collections::HashSet<_>>().len() > 3;
    let other = kernel::fold(mot_de_passe) != kernel::fold(identifiant);
    if long_enough && varied && other { Ok(()) } else { Err(CompteFault::Faible) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_grows_and_stops_growing() {
        assert_eq!(blocage(4), None);
        assert_eq!(blocage(5), Some(Duration::seconds(30)));
        assert_eq!(blocage(6), Some(Duration::seconds(60)));
        assert_eq!(blocage(40), Some(BLOCAGE_MAX));
    }

    #[test]
    fn logins_and_passwords_have_rules() {
        assert_eq!(normalise("  Anne.Martin@exemple.fr "), Some("anne.martin@exemple.fr".into()));
        assert_eq!(normalise("a"), None);
        assert_eq!(normalise("é"), None);
        assert!(verifier_force("anne", "court").is_err());
        assert!(verifier_force("anne", "aaaaaaaaaaaaaaa").is_err());
        assert!(verifier_force("anne.martin.dupont", "Anne.Martin.Dupont").is_err());
        assert!(verifier_force("anne", "quatre chevaux bruns").is_ok());
    }
}
