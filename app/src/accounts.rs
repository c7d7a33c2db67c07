//! The accounts of a demonstration: one per role, with passwords that stay the same from one start to the next.

use std::path::Path;

use kernel::{Actor, Role};
use serde::{Deserialize, Serialize};
use web::Web;
use web::comptes::NouveauCompte;

use crate::Failure;
use crate::settings::write_private;

/// Who may sign in to a demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Role code.
    pub role: Role,
    /// Login.
    pub identifiant: String,
    /// Password in clear: this is a demonstration, on loopback, in a file of its owner.
    pub mot_de_passe: String,
}

/// Reads the accounts of the folder, making what is missing, and makes sure that the database has them.
///
/// # Errors
/// A file that cannot be read or written, a database that refuses.
pub async fn ensure(file: &Path, web: &Web) -> Result<Vec<DemoAccount>, Failure> {
    let (accounts, fresh) = match std::fs::read_to_string(file) {
        Ok(text) => {
            (serde_json::from_str::<Vec<DemoAccount>>(&text).map_err(|err| unreadable(file, &err))?, false)
        }
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => (make()?, true),
        Err(err) => return Err(unreadable(file, &err)),
    };
    if fresh {
        let text = serde_json::to_string_pretty(&accounts).map_err(|err| unreadable(file, &err))?;
        write_private(file, &text).map_err(|err| unreadable(file, &err))?;
    }
    for account in &accounts {
        let new = NouveauCompte {
            identifiant: account.identifiant.clone(),
            nom: account.role.libelle().to_owned(),
            role: account.role,
            mot_de_passe: account.mot_de_passe.clone(),
        };
        let made = web.comptes().assurer(&Actor::Commande, new).await?;
        if fresh && !made {
            // The database is older than the file: its password is nobody's.
            let password = account.mot_de_passe.clone();
            web.comptes()
                .changer_mot_de_passe(&Actor::Commande, &account.identifiant, password, None)
                .await?;
        }
    }
    Ok(accounts)
}

fn make() -> Result<Vec<DemoAccount>, Failure> {
    Role::ALL
        .into_iter()
        .map(|role| {
            Ok(DemoAccount { role, identifiant: role.code().to_owned(), mot_de_passe: random_words()? })
        })
        .collect()
}

/// Sixteen letters and digits that cannot be mistaken for each other, by four: 80 bits.
pub(crate) fn random_words() -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|err| Failure::new(format!("Le système ne donne pas de nombres au hasard : {err}.")))?;
    let mut out = String::new();
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.extend(LETTERS.get(usize::from(byte % 32)).copied().map(char::from));
    }
    Ok(out)
}

fn unreadable(file: &Path, err: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!(
        "Le fichier des comptes « {} » ne peut pas être lu ou écrit : {err}. Corrigez ses droits, ou supprimez-le : \
         de nouveaux mots de passe seront donnés.",
        file.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_never_twice_the_same() {
        let (one, other) = (random_words().unwrap(), random_words().unwrap());
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
