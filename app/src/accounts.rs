//! The accounts of a demonstration: one per role and nine more students, with passwords that stay the same from one start to the next.

use std::path::Path;

use kernel::{Actor, NumeroEtudiant, Role};
use maquette::actions::demander::annee_courante;
use maquette::domain::illustre::choisir;
use maquette::store::illustre::illustre_list;
use serde::{Deserialize, Serialize};
use web::Web;
use web::comptes::{Modification, NouveauCompte};

use crate::Failure;
use crate::assembly::House;
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
    /// The student whose account it is, once a collection has brought some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etudiant: Option<NumeroEtudiant>,
    /// What that student shows: « redoublant ».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sorte: Option<String>,
}

impl DemoAccount {
    /// Whether it is the first of its role, the one that is named after it.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.identifiant == self.role.code()
    }
}

/// Accounts of students, the first included.
const STUDENTS: usize = 10;

/// Reads the accounts of the folder, making what is missing, and makes sure that the database has them.
///
/// # Errors
/// A file that cannot be read or written, a database that refuses.
pub async fn ensure(file: &Path, web: &Web) -> Result<Vec<DemoAccount>, Failure> {
    let mut accounts = match std::fs::read_to_string(file) {
        Ok(text) => serde_json::from_str::<Vec<DemoAccount>>(&text).map_err(|err| unreadable(file, &err))?,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(err) => return Err(unreadable(file, &err)),
    };
    let held = accounts.len();
    complete(&mut accounts)?;
    if accounts.len() > held {
        write(file, &accounts)?;
    }
    for (i, account) in accounts.iter().enumerate() {
        let fresh = i >= held;
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

fn write(file: &Path, accounts: &[DemoAccount]) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(accounts).map_err(|err| unreadable(file, &err))?;
    write_private(file, &text).map_err(|err| unreadable(file, &err))
}

/// Adds the accounts that are missing: one per role first, so that looking for a role finds its first.
fn complete(accounts: &mut Vec<DemoAccount>) -> Result<(), Failure> {
    let firsts = Role::ALL.into_iter().map(|role| (role, role.code().to_owned()));
    let students = (2..=STUDENTS).map(|n| (Role::Etudiant, format!("{}{n}", Role::Etudiant.code())));
    for (role, identifiant) in firsts.chain(students) {
        if accounts.iter().all(|account| account.identifiant != identifiant) {
            let mot_de_passe = random_words()?;
            accounts.push(DemoAccount { role, identifiant, mot_de_passe, etudiant: None, sorte: None });
        }
    }
    Ok(())
}

/// Gives each student's account a student of the year, of different sorts, and its name; those that have one keep it.
///
/// # Errors
/// A database that refuses, a file that cannot be written.
pub async fn assign(file: &Path, house: &House, accounts: &mut [DemoAccount]) -> Result<(), Failure> {
    let Ok(annee) = annee_courante(&house.outils).await else { return Ok(()) };
    let fiches = house.db.read(|c| async move { illustre_list(&c, annee.premiere()).await }).await?;
    let chosen = choisir(&fiches, STUDENTS);
    let mut changed = false;
    let mut taken: Vec<NumeroEtudiant> = Vec::new();
    let comptes = house.web.comptes();
    for account in accounts.iter_mut().filter(|account| account.role == Role::Etudiant) {
        // Whoever changed an account by hand is right.
        let held = comptes.lire(&account.identifiant).await?.and_then(|compte| compte.etudiant);
        changed |= held.is_some() && held != account.etudiant;
        account.etudiant = held;
        taken.extend(account.etudiant.clone());
    }
    for account in accounts.iter_mut().filter(|account| account.role == Role::Etudiant) {
        if account.etudiant.is_some() {
            continue;
        }
        let Some((sorte, fiche)) = chosen.iter().find(|(_, fiche)| !taken.contains(&fiche.numero)) else {
            break;
        };
        let Some(compte) = comptes.lire(&account.identifiant).await? else { continue };
        if compte.role != Role::Etudiant {
            continue;
        }
        let modification = Modification {
            nom: fiche.nom_complet.clone(),
            role: compte.role,
            entree: compte.entree,
            etudiant: Some(fiche.numero.clone()),
        };
        comptes.modifier(&Actor::Commande, &account.identifiant, modification, None).await?;
        taken.push(fiche.numero.clone());
        account.etudiant = Some(fiche.numero.clone());
        account.sorte = Some((*sorte).to_owned());
        changed = true;
    }
    if changed {
        write(file, accounts)?;
    }
    Ok(())
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
    fn the_first_of_each_role_comes_first_and_what_is_held_stays() {
        let mut accounts = Vec::new();
        complete(&mut accounts).unwrap();
        assert_eq!(accounts.len(), Role::ALL.len() + 9);
        for role in Role::ALL {
            assert!(accounts.iter().find(|account| account.role == role).unwrap().is_first());
        }
        assert_eq!(accounts.iter().filter(|account| !account.is_first()).count(), 9);
        let before = accounts.clone();
        complete(&mut accounts).unwrap();
        assert_eq!(accounts, before);
        // The file of an older demonstration has the roles alone.
        accounts.truncate(Role::ALL.len());
        complete(&mut accounts).unwrap();
        assert_eq!(accounts.len(), before.len());
        assert_eq!(accounts.first(), before.first());
        let old = r#"[{"role":"etudiant","identifiant":"etudiant","mot_de_passe":"x"}]"#;
        assert_eq!(serde_json::from_str::<Vec<DemoAccount>>(old).unwrap().len(), 1);
    }

    #[test]
    fn passwords_are_long_and_never_twice_the_same() {
        let (one, other) = (random_words().unwrap(), random_words().unwrap());
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
