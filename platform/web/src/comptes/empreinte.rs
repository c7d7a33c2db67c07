//! Password hashes: argon2id with the parameters of OWASP (19 MiB, two passes), away from the threads that serve pages, and no more than
//! a few at once so that a crowd at the door does not take all the memory.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use super::CompteFault;

static AT_ONCE: Semaphore = Semaphore::const_new(4);

fn failed(err: impl std::fmt::Display) -> CompteFault {
    CompteFault::Empreinte(err.to_string())
}

fn hash(password: &str) -> Result<String, CompteFault> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(failed)
}

/// Hashes a password.
pub(crate) async fn make(password: String) -> Result<String, CompteFault> {
    let _turn = AT_ONCE.acquire().await.map_err(failed)?;
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(failed)?
}

/// Whether `password` is the one of `empreinte`. Without a hash, the same work is done for nothing: how long the answer takes does not
/// say whether the account exists.
pub(crate) async fn verify(password: String, empreinte: Option<String>) -> Result<bool, CompteFault> {
    let _turn = AT_ONCE.acquire().await.map_err(failed)?;
    let check = move || {
        static DECOY: OnceLock<String> = OnceLock::new();
        let real = empreinte.is_some();
        let text = match empreinte {
            Some(text) => text,
            None => match DECOY.get() {
                Some(text) => text.clone(),
                None => DECOY.get_or_init(|| hash("personne").unwrap_or_default()).clone(),
            },
        };
        let parsed = PasswordHash::new(&text).map_err(failed)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && real)
    };
    tokio::task::spawn_blocking(check).await.map_err(failed)?
}
