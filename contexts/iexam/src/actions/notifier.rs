//! What the bank's server says of an attempt to pay. It is the only thing that settles one.

use std::net::IpAddr;

use chrono::Duration;
use db::{DbError, Tx, journal};
use kernel::{Actor, Cents, FaultKind, heure_de_besancon};
use paybox::{Ipn, Issue};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::courrier::annoncer;
use super::recompter::suivre;
use crate::Iexam;
use crate::domain::ecriture::{Moyen, Nature};
use crate::domain::inscription::EtatInscription;
use crate::domain::paiement::{EtatPaiement, Verdict};
use crate::domain::sceau::{Ferme, Geste};
use crate::store::caisse::{caisse_lock, ecriture_tenir, jour_ouvert};
use crate::store::ecriture::Nouvelle;
use crate::store::inscription::{Inscription, inscription_lock, inscription_read};
use crate::store::paiement::{
    Notification, Paiement, notification_add, notifications_depuis, paiement_add, paiement_par_reference,
    paiement_write,
};
use crate::store::periode::{periode_list, periode_read};

/// Forged notifications kept in an hour: whoever sends more only fills the log.
const FAUSSES_PAR_HEURE: u64 = 60;

/// Takes a notification that was sent from that address, as [`notifier`] does, unless the settings name the addresses of the bank and it is
/// none of them: a notification that is signed all the same is kept as [`Verdict::Origine`], and settles nothing.
///
/// # Errors
/// Those of [`notifier`].
pub async fn notifier_depuis(iexam: &Iexam, brut: &str, de: Option<IpAddr>) -> Result<Verdict, DbError> {
    let ailleurs = iexam.paybox.as_ref().filter(|b| !b.notifie_depuis(de));
    let signee = ailleurs.and_then(|b| Ipn::verifier(brut, b.cle_publique()).ok());
    let Some(ipn) = signee else {
        // From the bank, or forged: whichever it is, what follows knows it.
        return notifier(iexam, brut).await;
    };
    let de = de.map_or_else(|| "une adresse inconnue".to_owned(), |ip| ip.to_canonical().to_string());
    let n = &Notification {
        id: 0,
        recue_le: iexam.clock.now(),
        empreinte: marque(brut),
        verdict: Verdict::Origine,
        reference: ipn.reference.chars().take(120).collect(),
        montant: Some(ipn.montant),
        detail: format!(
            "Signée par la banque, mais reçue de {de}, qui n’est pas dans « paybox.adresses_ipn ». Si c’est bien la banque, corrigez cette liste, \
             ou « web.mandataires » si un mandataire est devant Télémaque, puis demandez-lui de la renvoyer."
        ),
    };
    tracing::warn!(verdict = n.verdict.code(), "bank notification refused");
    garder(iexam, n).await?;
    Ok(n.verdict)
}

fn marque(brut: &str) -> String {
    Sha256::digest(brut.as_bytes()).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Keeps one that settles nothing, unless too many came already.
async fn garder(iexam: &Iexam, n: &Notification) -> Result<(), DbError> {
    iexam
        .db
        .write(|tx: Tx| async move {
            let depuis = n.recue_le - Duration::hours(1);
            if notifications_depuis(&*tx, n.verdict, depuis).await? < FAUSSES_PAR_HEURE {
                notification_add(&*tx, n).await?;
            }
            Ok::<_, DbError>(())
        })
        .await
}

/// Takes a notification: `brut` is the query of its address, byte for byte. Whatever is thought of it is kept.
///
/// # Errors
/// Those of the database: nothing is then written, and the bank will send it again.
pub async fn notifier(iexam: &Iexam, brut: &str) -> Result<Verdict, DbError> {
    let quand = iexam.clock.now();
    let empreinte = marque(brut);
    let recue = &|verdict: Verdict, ipn: Option<&Ipn>, detail: String| Notification {
        id: 0,
        recue_le: quand,
        empreinte: empreinte.clone(),
        verdict,
        reference: ipn.map(|i| i.reference.chars().take(120).collect()).unwrap_or_default(),
        montant: ipn.map(|i| i.montant),
        detail,
    };
    let lue = match &iexam.paybox {
        Some(boutique) => Ipn::verifier(brut, boutique.cle_publique()).map_err(|refus| {
            use kernel::Fault as _;
            let fausse = refus.kind() == FaultKind::Forbidden;
            (if fausse { Verdict::Signature } else { Verdict::Illisible }, refus.to_string())
        }),
        None => Err((Verdict::Signature, "Le paiement en ligne n’est pas ouvert.".to_owned())),
    };
    let ipn = match lue {
        Ok(ipn) => ipn,
        Err((verdict, detail)) => {
            let n = &recue(verdict, None, detail);
            tracing::warn!(verdict = verdict.code(), "bank notification refused");
            garder(iexam, n).await?;
            return Ok(verdict);
        }
    };
    let ipn = &ipn;
    let verdict = iexam
        .db
        .write(|tx: Tx| async move {
            caisse_lock(&*tx).await?;
            let (verdict, detail) = regler(iexam, &tx, ipn).await?;
            notification_add(&*tx, &recue(verdict, Some(ipn), detail)).await?;
            Ok::<_, DbError>(verdict)
        })
        .await?;
    if verdict.inquiete() {
        tracing::warn!(verdict = verdict.code(), "bank notification to look at");
    }
    Ok(verdict)
}

/// Settles an attempt, with the till held: two notifications at once come one after the other.
async fn regler(iexam: &Iexam, tx: &Tx, ipn: &Ipn) -> Result<(Verdict, String), DbError> {
    let quand = iexam.clock.now();
    let Some(paiement) = paiement_par_reference(&**tx, &ipn.reference).await? else {
        return Ok((Verdict::Reference, ipn.issue.to_string()));
    };
    if let Some(ferme) = scellee(tx, paiement.inscription).await? {
        let debite = if ipn.issue.est_acceptee() {
            format!(
                "La banque a débité {} : remboursez depuis son back-office, la somme n’est pas au compte.",
                ipn.montant
            )
        } else {
            ipn.issue.to_string()
        };
        return Ok((Verdict::Scellee, format!("{} {debite}", ferme.phrase())));
    }
    if !ipn.issue.est_acceptee() {
        return refuser(tx, paiement, ipn, quand).await;
    }
    let transaction = ipn.transaction.clone().unwrap_or_default();
    let settled = paiement.etat == EtatPaiement::Accepte;
    if settled && paiement.transaction.as_deref() == Some(transaction.as_str()) {
        return Ok((Verdict::Rejoue, format!("Transaction {transaction} déjà enregistrée.")));
    }
    if ipn.montant != paiement.montant {
        return Ok((Verdict::Montant, format!("{} au lieu de {}.", ipn.montant, paiement.montant)));
    }
    inscription_lock(&**tx, paiement.inscription).await?;
    let Some(i) = inscription_read(&**tx, paiement.inscription).await? else {
        return Ok((Verdict::Reference, "L’inscription n’existe plus.".to_owned()));
    };
    // A second debit under the same reference is money all the same: it has an attempt of its own, and never disappears.
    let paiement = if settled {
        let reference = format!("{}-{transaction}", paiement.reference);
        match paiement_par_reference(&**tx, &reference).await? {
            Some(_) => return Ok((Verdict::Rejoue, format!("Transaction {transaction} déjà enregistrée."))),
            None => {
                let id = paiement_add(&**tx, i.id, &reference, ipn.montant, quand).await?;
                Paiement { id, reference, transaction: None, ecriture: None, ..paiement }
            }
        }
    } else {
        paiement
    };
    encaisser(iexam, tx, &i, paiement, ipn, settled, &transaction).await
}

/// Why the period of a registration takes no money any more, if it does not.
async fn scellee(tx: &Tx, inscription: i64) -> Result<Option<Ferme>, DbError> {
    let Some(i) = inscription_read(&**tx, inscription).await? else { return Ok(None) };
    Ok(periode_read(&**tx, i.periode).await?.and_then(|p| p.permet(Geste::Argent).err()))
}

async fn refuser(
    tx: &Tx,
    paiement: Paiement,
    ipn: &Ipn,
    quand: chrono::DateTime<chrono::Utc>,
) -> Result<(Verdict, String), DbError> {
    let detail = ipn.issue.to_string();
    if paiement.etat != EtatPaiement::Accepte {
        let etat = match ipn.issue {
            Issue::EnAttente => EtatPaiement::EnAttente,
            Issue::Abandonnee | Issue::Expiree => EtatPaiement::Abandonne,
            _ => EtatPaiement::Refuse,
        };
        let regle_le = (etat != EtatPaiement::EnAttente).then_some(quand);
        let change = Paiement { etat, regle_le, detail: detail.clone(), ..paiement };
        paiement_write(&**tx, &change).await?;
    }
    Ok((Verdict::RefusBanque, detail))
}

async fn encaisser(
    iexam: &Iexam,
    tx: &Tx,
    i: &Inscription,
    paiement: Paiement,
    ipn: &Ipn,
    deux_fois: bool,
    transaction: &str,
) -> Result<(Verdict, String), DbError> {
    let quand = iexam.clock.now();
    let acteur = &Actor::Planification;
    let cle = format!("paybox:{transaction}");
    let nouvelle = Nouvelle {
        inscription: i.id,
        nature: Nature::Paiement,
        moyen: Some(Moyen::EnLigne),
        montant: Nature::Paiement.signe(ipn.montant),
        libelle: Moyen::EnLigne.libelle(),
        reference: transaction,
        jour: jour_ouvert(&**tx, heure_de_besancon(quand).date()).await?,
        corrige: None,
    };
    let Ok(ecriture) = ecriture_tenir(&**tx, &nouvelle, Some(&cle), quand, acteur).await? else {
        return Ok((Verdict::Rejoue, format!("Transaction {transaction} déjà enregistrée.")));
    };
    let detail = if ipn.est_un_essai() { "plate-forme d’essai de la banque" } else { "" };
    let regle = Paiement {
        etat: EtatPaiement::Accepte,
        regle_le: Some(quand),
        detail: detail.to_owned(),
        autorisation: ipn.autorisation.clone().unwrap_or_default(),
        transaction: Some(transaction.to_owned()),
        ecriture: Some(ecriture),
        ..paiement
    };
    paiement_write(&**tx, &regle).await?;
    let solde = i.solde - ipn.montant;
    let (cle, numero) = (i.id.to_string(), regle.id.to_string());
    let lignes = [
        journal::Entry {
            quand,
            acteur,
            action: "paiement_examen.notifier",
            objet: "inscription_examen",
            cle: &cle,
            avant: Some(json!({ "solde_cents": i.solde.0 })),
            apres: Some(json!({
                "solde_cents": solde.0, "ecriture": ecriture, "nature": Nature::Paiement.code(),
                "moyen": Moyen::EnLigne.code(), "montant_cents": ipn.montant.0,
            })),
        },
        journal::Entry {
            quand,
            acteur,
            action: "paiement_examen.notifier",
            objet: "paiement_examen",
            cle: &numero,
            avant: Some(json!({ "etat": paiement.etat.code() })),
            apres: Some(json!({ "etat": EtatPaiement::Accepte.code(), "ecriture": ecriture })),
        },
    ];
    journal::write_all(&**tx, lignes).await?;
    suivre(&**tx, &[i.id], quand, acteur).await?;
    let periodes = periode_list(&**tx).await?.into_iter().map(|p| (p.id, p)).collect();
    annoncer(&**tx, std::slice::from_ref(i), &periodes, &iexam.publique, quand).await?;
    let pourquoi = if deux_fois {
        Some("débit une seconde fois sous la même référence")
    } else if i.etat == EtatInscription::Annulee {
        Some("l’inscription a été annulée entre-temps")
    } else if solde < Cents::ZERO {
        Some("l’inscription a changé entre-temps : trop perçu")
    } else if i.etat != EtatInscription::Verifiee {
        Some("l’inscription a changé entre-temps")
    } else {
        None
    };
    Ok(match pourquoi {
        Some(pourquoi) => (Verdict::Tardif, format!("Somme enregistrée ; {pourquoi}.")),
        None => (Verdict::Accepte, detail.to_owned()),
    })
}
