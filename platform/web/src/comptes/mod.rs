//! Accounts: made by the command line, at `/administration/comptes` or by CAS, entered at `/connexion`, kept at `/compte`.
//!
//! - this file: making an account, its password, checking one at the door;
//! - `etudiant`: whose file a student's account opens;
//! - `gerer`: what the IT service does to an account; `acces`: who is in it; `liste`: the list it looks at;
//! - `frein`: the brake on one address that tries many logins; `voir_comme`: looking as another role does;
//! - `connexion` and `pages`: the pages of the person themselves.

mod acces;
mod connexion;
mod empreinte;
mod etudiant;
mod fault;
mod frein;
mod gerer;
mod liste;
mod migration;
mod pages;
mod premier;
pub(crate) mod store;
mod voir_comme;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::Db;
use db::journal::{self, Entry};
use kernel::{Actor, Clock, NumeroEtudiant, Role};
use serde_json::json;

use crate::{RouteTable, Web};

pub use acces::{Passage, SessionVue};
pub(crate) use connexion::{Echoue, parameter, refuse};
pub use etudiant::numero_etudiant;
pub use fault::CompteFault;
pub(crate) use frein::Frein;
pub use gerer::{Modification, NouvelAcces, Ouvert};
pub use liste::{Entree, EtatCompte, FiltreComptes, TRIS};
pub(crate) use migration::{COMPTES_CAS, COMPTES_ETUDIANT};
pub(crate) use premier::a_changer_d_abord;
use store::NewCompte;
pub(crate) use voir_comme::refuse_ecriture;

/// Failures before an account is locked.
const ESSAIS: i64 = 5;
/// First lock; each further failure doubles it.
const BLOCAGE: Duration = Duration::seconds(30);
const BLOCAGE_MAX: Duration = Duration::hours(1);
/// Most characters of a displayed name.
const NOM_MAX: usize = 120;

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
    /// The student whose account it is.
    pub etudiant: Option<NumeroEtudiant>,
    /// Whether it may be entered.
    pub actif: bool,
    /// How it is entered.
    pub entree: Entree,
    /// Whether a password of its own opens it.
    pub mot_de_passe: bool,
    /// Whether its password is a temporary one, to be changed at the next entry.
    pub a_changer: bool,
    /// Until when that temporary password opens.
    pub provisoire_jusqu_a: Option<DateTime<Utc>>,
    /// Until when it is locked after failures; maybe in the past.
    pub bloque_jusqu_a: Option<DateTime<Utc>>,
    /// When it was made.
    pub cree_le: DateTime<Utc>,
    /// Last sign-in.
    pub connecte_le: Option<DateTime<Utc>>,
}

/// The accounts, and what may be done with them.
#[derive(Clone, Debug)]
pub struct Comptes {
    db: Db,
    clock: Arc<dyn Clock>,
    /// How long a session lives unused.
    inactive: Duration,
}

/// The routes of one's own account and of the sign-in page.
pub(crate) fn routes(web: &Web) -> RouteTable {
    connexion::routes(web.clone())
        .merge(pages::routes(web.clone()))
        .merge(premier::routes(web.clone()))
        .merge(voir_comme::routes(web.clone()))
}

impl Comptes {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, inactive: Duration) -> Self {
        Self { db, clock, inactive }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// A login taken or impossible, a weak password.
    pub async fn creer(&self, acteur: &Actor, nouveau: NouveauCompte) -> Result<i64, CompteFault> {
        self.creer_avec(acteur, nouveau, None).await
    }

    async fn creer_avec(
        &self,
        acteur: &Actor,
        nouveau: NouveauCompte,
        etudiant: Option<NumeroEtudiant>,
    ) -> Result<i64, CompteFault> {
        let identifiant = normalise(&nouveau.identifiant).ok_or(CompteFault::Identifiant)?;
        verifier_force(&identifiant, &nouveau.mot_de_passe)?;
        let empreinte = empreinte::make(nouveau.mot_de_passe.clone()).await?;
        let nouveau = NewCompte {
            nom: nom_affiche(&nouveau.nom, &identifiant)?,
            identifiant,
            role: nouveau.role,
            entree: Entree::Tous,
            etudiant,
            empreinte,
            provisoire_jusqu_a: None,
        };
        self.inserer(acteur, nouveau).await
    }

    /// Writes a new account, with its line of the journal.
    async fn inserer(&self, acteur: &Actor, nouveau: NewCompte) -> Result<i64, CompteFault> {
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (nouveau, acteur) = (nouveau.clone(), acteur.clone());
                async move {
                    if store::compte_read(&*tx, &nouveau.identifiant).await?.is_some() {
                        return Err(CompteFault::Existe(nouveau.identifiant));
                    }
                    let identifiant = nouveau.identifiant.clone();
                    etudiant::permis(&tx, &identifiant, nouveau.role, nouveau.etudiant.as_ref()).await?;
                    let mut apres = json!({
                        "nom": nouveau.nom, "role": nouveau.role.code(), "entree": nouveau.entree.code(), "actif": true,
                    });
                    if let (Some(numero), Some(apres)) = (&nouveau.etudiant, apres.as_object_mut()) {
                        apres.insert("etudiant".to_owned(), numero.as_str().into());
                    }
                    let id = store::compte_insert(&*tx, nouveau, now).await?;
                    let line = ligne(now, &acteur, "compte.creer", &identifiant, None, Some(apres));
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
                    if row.entree == Entree::Cas.code() {
                        return Err(CompteFault::CasSeulement);
                    }
                    store::compte_empreinte(&*tx, row.id, &empreinte, None).await?;
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

    /// Replaces the temporary password of somebody who has just entered with it, and closes the other sessions.
    ///
    /// # Errors
    /// A weak password, or the temporary one again.
    pub(crate) async fn remplacer_provisoire(
        &self,
        acteur: &Actor,
        identifiant: &str,
        nouveau: String,
        session: i64,
    ) -> Result<(), CompteFault> {
        let key = identifiant.to_owned();
        let held = self.db.read(|c| async move { store::compte_read(&c, &key).await }).await?;
        if empreinte::verify(nouveau.clone(), held.map(|row| row.empreinte)).await? {
            return Err(CompteFault::Meme);
        }
        self.changer_mot_de_passe(acteur, identifiant, nouveau, Some(session)).await
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
        // An account that only CAS opens has no password: the same work is done, and the same is said.
        let opened =
            held.as_ref().filter(|row| row.entree != Entree::Cas.code() && !row.empreinte.is_empty());
        let right = empreinte::verify(mot_de_passe, opened.map(|row| row.empreinte.clone())).await?;
        let Some(row) = held else { return Err(CompteFault::Refus) };
        if !right {
            return Err(self.echec(&row.identifiant, now).await?);
        }
        if !row.actif {
            return Err(CompteFault::Desactive);
        }
        if row.a_changer && row.provisoire_jusqu_a.is_some_and(|fin| fin <= now) {
            return Err(CompteFault::Perime);
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
    let entree = Entree::parse(&row.entree);
    Some(Compte {
        id: row.id,
        role: row.role.parse().ok()?,
        mot_de_passe: entree != Entree::Cas && !row.empreinte.is_empty(),
        identifiant: row.identifiant,
        nom: row.nom,
        etudiant: row.etudiant.map(NumeroEtudiant),
        actif: row.actif,
        entree,
        a_changer: row.a_changer,
        provisoire_jusqu_a: row.provisoire_jusqu_a,
        bloque_jusqu_a: row.bloque_jusqu_a,
        cree_le: row.cree_le,
        connecte_le: row.connecte_le,
    })
}

/// A login as it is stored: trimmed, lower case. `None` when it cannot be one.
pub(crate) fn normalise(identifiant: &str) -> Option<String> {
    let text = identifiant.trim().to_lowercase();
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@');
    (2..=64).contains(&text.len()).then_some(())?;
    text.bytes().all(known).then_some(text)
}

/// A displayed name as it is stored; the login when it is empty.
fn nom_affiche(nom: &str, identifiant: &str) -> Result<String, CompteFault> {
    let nom = nom.trim();
    if nom.is_empty() {
        return Ok(identifiant.to_owned());
    }
    let sound = nom.chars().count() <= NOM_MAX && !nom.chars().any(char::is_control);
    if sound { Ok(nom.to_owned()) } else { Err(CompteFault::Nom) }
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
