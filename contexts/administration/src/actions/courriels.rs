//! A message written to try the mail server; messages asked for again; the text of old ones, erased.

use chrono::Duration;
use db::{Db, DbError, journal};
use kernel::{Actor, Clock};
use mail::{Etat, Facteur, MailFault, Message};
use serde_json::json;

/// Writes a message of trial; its number.
///
/// # Errors
/// An address that is not one; those of the database.
pub async fn essayer(db: &Db, clock: &dyn Clock, adresse: &str, acteur: &Actor) -> Result<i64, MailFault> {
    let quand = clock.now();
    let ecrit = kernel::instant_francais(kernel::heure_de_besancon(quand));
    let texte = format!(
        "Bonjour,\n\nCe courriel d’essai a été demandé depuis Télémaque le {ecrit}. S’il vous parvient, l’envoi des courriels \
         fonctionne.\n\nVous n’avez rien à faire.\n"
    );
    let message = &Message::new(adresse, "Essai d’envoi depuis Télémaque", texte)?;
    db.write(|tx| async move {
        let id = mail::enqueue(&*tx, message, quand).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "courriel.essayer",
            objet: "courriel",
            cle: &id.to_string(),
            avant: None,
            apres: Some(json!({ "etat": Etat::AEnvoyer.libelle() })),
        };
        journal::write(&*tx, entree).await?;
        Ok(id)
    })
    .await
}

/// Asks for a message again, sent or given up.
///
/// # Errors
/// Those of [`mail::courriel_resend`].
pub async fn renvoyer(db: &Db, clock: &dyn Clock, id: i64, acteur: &Actor) -> Result<(), MailFault> {
    let quand = clock.now();
    db.write(|tx| async move {
        let avant = mail::courriel_read(&*tx, id).await?.ok_or(MailFault::Inconnu(id))?.ligne.etat;
        mail::courriel_resend(&*tx, id, quand).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "courriel.renvoyer",
            objet: "courriel",
            cle: &id.to_string(),
            avant: Some(json!({ "etat": avant.libelle() })),
            apres: Some(json!({ "etat": Etat::AEnvoyer.libelle() })),
        };
        journal::write(&*tx, entree).await?;
        Ok(())
    })
    .await
}

/// Asks again for every message that was given up and whose text is still kept; says how many.
///
/// # Errors
/// Those of the database.
pub async fn renvoyer_echecs(db: &Db, clock: &dyn Clock, acteur: &Actor) -> Result<u64, DbError> {
    let quand = clock.now();
    db.write(|tx| async move {
        let n = mail::courriel_resend_failed(&*tx, quand).await?;
        if n > 0 {
            let entree = journal::Entry {
                quand,
                acteur,
                action: "courriels.renvoyer",
                objet: "courriels",
                cle: "echecs",
                avant: Some(json!({ "etat": Etat::Echec.libelle() })),
                apres: Some(json!({ "etat": Etat::AEnvoyer.libelle(), "nombre": n })),
            };
            journal::write(&*tx, entree).await?;
        }
        Ok(n)
    })
    .await
}

/// Erases the text and the attachments of messages older than the settings keep; says of how many. One that still waits is left.
///
/// # Errors
/// Those of the database.
pub async fn effacer(db: &Db, clock: &dyn Clock, facteur: &Facteur, acteur: &Actor) -> Result<u64, DbError> {
    let quand = clock.now();
    let avant = quand - Duration::days(facteur.reglages().await?.conserver_jours.max(1));
    db.write(|tx| async move {
        let n = mail::courriel_purge(&*tx, avant, quand).await?;
        if n > 0 {
            let entree = journal::Entry {
                quand,
                acteur,
                action: "courriels.effacer",
                objet: "courriels",
                cle: "tous",
                avant: None,
                apres: Some(json!({ "effaces": n, "ecrits_avant": avant })),
            };
            journal::write(&*tx, entree).await?;
        }
        Ok(n)
    })
    .await
}
