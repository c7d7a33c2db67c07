//! A student leaves for the bank's page: the attempt is written down first, so that whatever the bank says later finds it.

use contracts::apogee::Adresse;
use db::{Tx, journal};
use kernel::{Actor, AnneeUniversitaire, Cents, NumeroEtudiant};
use paybox::{Boutique, Commande, Facturation, PAYS_FRANCE, Requete, pays_iso};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::en_ligne_fault::EnLigneFault;
use crate::Iexam;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::domain::sceau::Geste;
use crate::store::inscription::{Inscription, inscription_de, inscription_lock, inscription_read};
use crate::store::paiement::{paiement_add, paiements_de};
use crate::store::periode::{periode_par_code, periode_read};

/// Attempts that one registration may begin in an hour.
const ESSAIS_PAR_HEURE: usize = 20;

/// The student's registration in a period, and the period.
///
/// # Errors
/// [`EnLigneFault::Inconnue`] when there is none.
pub async fn inscription(
    iexam: &Iexam,
    annee: AnneeUniversitaire,
    code: &str,
    etudiant: &NumeroEtudiant,
) -> Result<(Periode, Inscription), EnLigneFault> {
    iexam
        .db
        .read(|c| async move {
            let periode = periode_par_code(&c, annee, code).await?.ok_or(EnLigneFault::Inconnue)?;
            let i = inscription_de(&c, periode.id, etudiant).await?.ok_or(EnLigneFault::Inconnue)?;
            Ok((periode, i))
        })
        .await
}

/// Whether it may be paid online now, and how much.
///
/// # Errors
/// Why not.
pub fn a_payer(iexam: &Iexam, periode: &Periode, i: &Inscription) -> Result<Cents, EnLigneFault> {
    if i.solde.0 <= 0 && i.etat != EtatInscription::Validee {
        return Err(EnLigneFault::RienADevoir);
    }
    if i.etat != EtatInscription::Verifiee {
        return Err(EnLigneFault::PasVerifiee);
    }
    if periode.permet(Geste::Argent).is_err() {
        return Err(EnLigneFault::PeriodeClose);
    }
    if iexam.paybox.is_none() {
        return Err(EnLigneFault::Ferme);
    }
    Ok(i.solde)
}

/// `P1-2024-22000001-1-9F3A61C2`: period, student, attempt, and something that nobody guesses from the rest.
fn reference(periode: &Periode, i: &Inscription, rang: usize, nanos: i64) -> String {
    let base = format!("{}-{}-{}-{rang}", periode.code, periode.annee.premiere(), i.etudiant);
    let propre: String = base.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut hash = Sha256::new();
    hash.update(format!("{propre}/{}/{nanos}/{}", i.id, i.creee_le.timestamp_micros()).as_bytes());
    let suite: String = hash.finalize().iter().take(4).map(|octet| format!("{octet:02X}")).collect();
    format!("{propre}-{suite}")
}

/// Who pays, from where, as the bank wants it. A country that it does not number is said to be France: the field cannot be left empty, and
/// the student's bank decides with the name and the town.
fn facturer((prenom, nom): (String, String), domicile: Adresse) -> Facturation {
    Facturation {
        prenom,
        nom,
        adresse: domicile.lignes.join(" "),
        code_postal: domicile.code_postal.unwrap_or_default(),
        ville: domicile.ville.unwrap_or_default(),
        pays: domicile.code_pays.and_then(|code| pays_iso(&code)).unwrap_or(PAYS_FRANCE),
    }
}

/// Begins an attempt for all that is left to pay. Returns the request to be posted to the bank by the student's browser.
///
/// # Errors
/// [`EnLigneFault`]; nothing is then written.
pub async fn payer_en_ligne(
    iexam: &Iexam,
    annee: AnneeUniversitaire,
    code: &str,
    etudiant: &NumeroEtudiant,
    acteur: &Actor,
) -> Result<(Requete, Cents), EnLigneFault> {
    let boutique: &Boutique = iexam.paybox.as_deref().ok_or(EnLigneFault::Ferme)?;
    let (_, i) = inscription(iexam, annee, code, etudiant).await?;
    let connu = iexam.offre.etudiants(annee, std::slice::from_ref(etudiant)).await?.into_iter().next();
    let (prenom, nom) = match &connu {
        Some(e) => (e.prenom.clone(), e.nom_usage.clone().unwrap_or_else(|| e.nom.clone())),
        None => (String::new(), i.nom.clone()),
    };
    let domicile = iexam.offre.domicile(annee, etudiant).await?.unwrap_or_default();
    let facturation = &facturer((prenom, nom), domicile);
    let quand = iexam.clock.now();
    let id = i.id;
    iexam
        .db
        .write(|tx: Tx| async move {
            inscription_lock(&*tx, id).await?;
            let i = inscription_read(&*tx, id).await?.ok_or(EnLigneFault::Inconnue)?;
            let periode = &periode_read(&*tx, i.periode).await?.ok_or(EnLigneFault::Inconnue)?;
            let montant = a_payer(iexam, periode, &i)?;
            let essais = paiements_de(&*tx, id).await?;
            let recents = essais.iter().filter(|p| p.commence_le > quand - chrono::Duration::hours(1));
            if recents.count() >= ESSAIS_PAR_HEURE {
                return Err(EnLigneFault::TropDEssais);
            }
            let nanos = quand.timestamp_nanos_opt().unwrap_or_default();
            let reference = reference(periode, &i, essais.len() + 1, nanos);
            let retour = |issue: &str| format!("{}/iexam/paybox/{issue}", iexam.publique);
            let commande = Commande {
                reference: reference.clone(),
                montant,
                courriel: i.courriel.clone(),
                articles: usize::try_from(i.passees).unwrap_or(1),
                facturation: facturation.clone(),
                effectue: retour("effectue"),
                refuse: retour("refuse"),
                annule: retour("annule"),
                attente: retour("attente"),
                notification: retour("ipn"),
            };
            let requete = Requete::new(boutique, &commande, quand)?;
            let paiement = paiement_add(&*tx, id, &reference, montant, quand).await?;
            let cle = paiement.to_string();
            let entree = journal::Entry {
                quand,
                acteur,
                action: "paiement_examen.commencer",
                objet: "paiement_examen",
                cle: &cle,
                avant: None,
                apres: Some(json!({ "inscription": id, "montant_cents": montant.0, "etat": "commence" })),
            };
            journal::write(&*tx, entree).await?;
            Ok((requete, montant))
        })
        .await
}
