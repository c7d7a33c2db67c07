//! What accounts there are, and who is in them now.

use kernel::{Actor, Role, heure_de_besancon, instant_francais};
use serde_json::json;
use web::comptes::{Compte, CompteFault, Comptes};

use super::open;
use crate::Failure;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Seulement les comptes de ce rôle
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,
    /// Écrit un objet JSON par compte
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: super::super::At,
}

#[derive(Debug, clap::Args)]
pub(super) struct Sessions {
    /// Identifiant du compte
    #[arg(value_name = "IDENTIFIANT")]
    identifiant: String,
    /// Ferme toutes ses sessions
    #[arg(long)]
    fermer: bool,
    #[command(flatten)]
    at: super::super::At,
}

/// The account of that login, or the sentence that says there is none.
pub(super) async fn connu(comptes: &Comptes, identifiant: &str) -> Result<Compte, Failure> {
    let held = comptes.lire(identifiant).await?;
    Ok(held.ok_or_else(|| CompteFault::Inconnu(identifiant.trim().to_owned()))?)
}

pub(super) async fn lister(args: Args) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let mut held = comptes.lister().await?;
    held.retain(|compte| args.role.is_none_or(|role| compte.role == role));
    if held.is_empty() && !args.json {
        println!("Aucun compte. Créez le premier : telemaque compte creer IDENTIFIANT --role informatique");
    }
    let now = super::super::clock().now();
    for c in held {
        let bloque = c.bloque_jusqu_a.filter(|fin| *fin > now);
        if args.json {
            println!(
                "{}",
                json!({
                    "identifiant": c.identifiant, "nom": c.nom, "role": c.role, "actif": c.actif,
                    "connexion": c.entree.code(), "provisoire": c.a_changer, "bloque_jusqu_a": bloque,
                    "connecte_le": c.connecte_le, "etudiant": c.etudiant,
                })
            );
            continue;
        }
        let mut said = Vec::new();
        said.extend((!c.actif).then(|| "désactivé".to_owned()));
        said.extend(
            bloque.map(|fin| format!("bloqué jusqu'au {}", instant_francais(heure_de_besancon(fin)))),
        );
        said.extend(c.a_changer.then(|| "mot de passe provisoire".to_owned()));
        said.extend((c.entree != web::comptes::Entree::Tous).then(|| c.entree.libelle().to_owned()));
        let said = if said.is_empty() { String::new() } else { format!("  ({})", said.join(", ")) };
        println!("{:<24} {:<22} {}{said}", c.identifiant, c.role.libelle(), c.nom);
    }
    db.close().await;
    Ok(())
}

pub(super) async fn sessions(args: Sessions) -> Result<(), Failure> {
    let (db, comptes) = open(&args.at).await?;
    let held = connu(&comptes, &args.identifiant).await?;
    if args.fermer {
        match comptes.fermer_sessions(&Actor::Commande, &held.identifiant, None).await? {
            0 => println!("Le compte « {} » n'avait pas de session ouverte.", held.identifiant),
            1 => println!("La session de « {} » est fermée.", held.identifiant),
            n => println!("Les {n} sessions de « {} » sont fermées.", held.identifiant),
        }
    } else {
        let seen = comptes.sessions(&held).await?;
        if seen.is_empty() {
            println!("Le compte « {} » n'a pas de session ouverte.", held.identifiant);
        }
        for session in seen {
            let cas = if session.par_cas { ", par le CAS" } else { "" };
            println!(
                "{:<26} ouverte le {}{cas} ; vue le {}",
                session.appareil,
                instant_francais(heure_de_besancon(session.creee_le)),
                instant_francais(heure_de_besancon(session.vue_le)),
            );
        }
    }
    db.close().await;
    Ok(())
}
