//! What the registry's verbs write to students. A message goes with the transaction of the verb; a student without an address is left out,
//! and the page says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::ConnectionTrait;
use mail::{MailFault, Message};

use super::lot::Lot;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::store::inscription::Inscription;
use crate::store::registre::registre_lire;

/// A letter: its subject, and what it says between « Bonjour » and the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lettre {
    /// Subject.
    pub sujet: String,
    /// Paragraphs.
    pub corps: String,
}

fn lettre(sujet: String, corps: impl Into<String>) -> Lettre {
    Lettre { sujet, corps: corps.into() }
}

/// Sent back.
pub(super) fn renvoyee(periode: &Periode, motif: &str) -> Lettre {
    lettre(
        format!("Votre inscription aux examens ({}) est à corriger", periode.nom()),
        format!(
            "La scolarité a relu votre inscription et vous la renvoie pour correction.\n\nMotif : {motif}\n\n\
             Votre place reste gardée. Corrigez votre inscription puis validez-la de nouveau : sans cela, vous ne serez pas convoqué."
        ),
    )
}

/// Cancelled.
pub(super) fn annulee(periode: &Periode, motif: &str) -> Lettre {
    lettre(
        format!("Votre inscription aux examens ({}) est annulée", periode.nom()),
        format!(
            "La scolarité a annulé votre inscription.\n\nMotif : {motif}\n\n\
             Ce que vous aviez payé vous sera remboursé. Si vous pensez qu’il s’agit d’une erreur, répondez à ce courriel."
        ),
    )
}

/// Restored.
pub(super) fn retablie(periode: &Periode) -> Lettre {
    lettre(
        format!("Votre inscription aux examens ({}) est rétablie", periode.nom()),
        "La scolarité a rétabli votre inscription, qui était annulée. Elle va être vérifiée de nouveau ; vous n’avez rien à faire.",
    )
}

/// A request accepted.
pub(super) fn acceptee(periode: &Periode, reponse: &str) -> Lettre {
    let plus = if reponse.is_empty() { String::new() } else { format!("\n\nRéponse : {reponse}") };
    lettre(
        format!("Votre demande de changement ({}) est acceptée", periode.nom()),
        format!(
            "La scolarité a accepté le changement que vous aviez demandé : votre inscription est à jour.{plus}\n\n\
             Le décompte a été refait ; regardez s’il reste quelque chose à payer."
        ),
    )
}

/// A request refused.
pub(super) fn refusee(periode: &Periode, motif: &str) -> Lettre {
    lettre(
        format!("Votre demande de changement ({}) est refusée", periode.nom()),
        format!(
            "La scolarité n’a pas pu accepter le changement que vous aviez demandé.\n\nMotif : {motif}\n\n\
             Votre inscription reste comme elle était."
        ),
    )
}

/// A draft left alone.
pub(super) fn relance(periode: &Periode, etat: EtatInscription) -> Lettre {
    let fin = kernel::instant_francais(kernel::heure_de_besancon(periode.inscriptions_fin));
    let corps = if etat == EtatInscription::ACorriger {
        "Votre inscription aux examens vous a été renvoyée pour correction, et attend que vous la validiez de nouveau.".to_owned()
    } else {
        format!(
            "Vous avez commencé votre inscription aux examens sans la valider : vous n’êtes pas encore inscrit.\n\n\
             Les inscriptions ferment le {fin} (heure de Besançon)."
        )
    };
    lettre(format!("Votre inscription aux examens ({}) n’est pas terminée", periode.nom()), corps)
}

/// Verified, and something is left to pay.
fn verifiee(periode: &Periode, reste: kernel::Cents) -> Lettre {
    lettre(
        format!("Votre inscription aux examens ({}) est vérifiée", periode.nom()),
        format!(
            "La scolarité a vérifié votre inscription. Il reste {reste} à payer : elle sera définitive une fois cette somme reçue."
        ),
    )
}

/// Final.
fn finalisee(periode: &Periode) -> Lettre {
    lettre(
        format!("Votre inscription aux examens ({}) est définitive", periode.nom()),
        "Votre inscription est vérifiée et rien ne reste à payer : elle est définitive. Votre convocation vous sera envoyée par courriel.",
    )
}

/// Writes to students, all at once. Those who have no address that can be written to are left out; the others are returned, by the number
/// of their registration.
///
/// # Errors
/// Those of the database.
pub(super) async fn ecrire_a<C: ConnectionTrait>(
    conn: &C,
    lettres: &[(&Inscription, &Periode, Lettre)],
    publique: &str,
    quand: DateTime<Utc>,
) -> Result<BTreeSet<i64>, DbError> {
    let adresser = |(i, periode, lettre): &(&Inscription, &Periode, Lettre)| {
        let texte = format!(
            "Bonjour {},\n\n{}\n\nVotre inscription : {publique}/examens/{}/{}\n\nLe service de scolarité\n",
            i.nom,
            lettre.corps,
            periode.annee.premiere(),
            periode.code
        );
        let message = Message::new(&i.courriel, &lettre.sujet, texte).ok()?;
        Some((i.id, (message.nomme(&i.nom).objet("iexam.inscription", i.id), quand)))
    };
    let (ecrites, messages): (BTreeSet<i64>, Vec<_>) = lettres.iter().filter_map(adresser).unzip();
    match mail::enqueue_all(conn, &messages).await {
        Ok(_) => Ok(ecrites),
        Err(MailFault::Base(err)) => Err(err),
        // Of an attachment, and these have none.
        Err(_) => Ok(BTreeSet::new()),
    }
}

/// Writes the same letter to the students of a lot, or to one. How many could not be written to.
///
/// # Errors
/// Those of the database.
pub(super) async fn ecrire_au_lot<C: ConnectionTrait>(
    conn: &C,
    lot: &Lot,
    lettre: impl Fn(&Periode) -> Lettre,
    publique: &str,
    quand: DateTime<Utc>,
) -> Result<usize, DbError> {
    let lettres: Vec<_> = lot
        .faites
        .iter()
        .filter_map(|i| {
            let periode = lot.periodes.get(&i.periode)?;
            Some((i, periode, lettre(periode)))
        })
        .collect();
    let ecrites = ecrire_a(conn, &lettres, publique, quand).await?;
    Ok(lot.faites.len() - ecrites.len())
}

/// Tells those whose registration has become final, or verified with something to pay, what that means for them. `avant` is what they
/// were before the verb.
///
/// # Errors
/// Those of the database.
pub(super) async fn annoncer<C: ConnectionTrait>(
    conn: &C,
    avant: &[Inscription],
    periodes: &BTreeMap<i64, Periode>,
    publique: &str,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    let etaient: BTreeMap<_, _> = avant.iter().map(|i| (i.id, i.etat)).collect();
    let ids: Vec<_> = etaient.keys().copied().collect();
    let sont = registre_lire(conn, &ids).await?;
    let lettres = sont.iter().filter_map(|i| {
        let etait = etaient.get(&i.id).copied();
        let periode = periodes.get(&i.periode).filter(|_| etait != Some(i.etat))?;
        let lettre = match (etait, i.etat) {
            (_, EtatInscription::Finalisee) => finalisee(periode),
            (Some(EtatInscription::Validee), EtatInscription::Verifiee) => verifiee(periode, i.solde),
            _ => return None,
        };
        Some((i, periode, lettre))
    });
    ecrire_a(conn, &lettres.collect::<Vec<_>>(), publique, quand).await?;
    Ok(())
}
