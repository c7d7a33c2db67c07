//! The account of registrations brought to what they now cost, whatever moved it: a choice, a modality, a duration, an arrangement, a
//! cancelling. Then the state of each, by what is left to pay. Inside the transaction of the action that moved it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::Actor;
use serde_json::json;

use crate::domain::ecriture::differences;
use crate::domain::inscription::EtatInscription;
use crate::store::calcul::{a_compter, comptes_write};
use crate::store::ecriture::{NouveauDu, dus_add, postes_portes, solde_recompute};
use crate::store::etat::{etat_write, suivi_list};

/// Writes the differences in the ledger, sums again, and moves states. Drafts owe nothing: only their counts are kept.
///
/// # Errors
/// Those of the database.
pub async fn recompter<C: ConnectionTrait>(
    tx: &C,
    inscriptions: &[i64],
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let comptes = a_compter(tx, inscriptions).await?;
    let portes = postes_portes(tx, inscriptions).await?;
    let aucun = BTreeMap::new();
    let mut lignes = Vec::new();
    for compte in comptes.iter().filter(|c| c.etat != EtatInscription::Brouillon) {
        let deja = portes.get(&compte.id).unwrap_or(&aucun);
        lignes.extend(differences(deja, &compte.decompte()).into_iter().map(|l| (compte.id, l)));
    }
    let dus: Vec<_> = lignes
        .iter()
        .map(|(inscription, ligne)| NouveauDu { inscription: *inscription, ligne, quand, acteur })
        .collect();
    dus_add(tx, &dus).await?;
    solde_recompute(tx, inscriptions).await?;
    comptes_write(tx, &comptes).await?;
    suivre(tx, inscriptions, quand, acteur).await
}

/// Moves verified registrations to where their payment and their centre put them: paid in full, or nothing to pay, finalises by itself;
/// something to pay again takes back.
///
/// # Errors
/// Those of the database.
pub async fn suivre<C: ConnectionTrait>(
    tx: &C,
    inscriptions: &[i64],
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let mut vers: BTreeMap<EtatInscription, Vec<i64>> = BTreeMap::new();
    let mut lignes = Vec::new();
    for suivi in suivi_list(tx, inscriptions).await? {
        let etat = EtatInscription::apres_verification(suivi.solde_cents, suivi.centre_pret);
        if etat != suivi.etat {
            vers.entry(etat).or_default().push(suivi.id);
            lignes.push((suivi.id.to_string(), suivi.etat, etat));
        }
    }
    for (etat, ids) in &vers {
        etat_write(tx, ids, *etat, quand).await?;
    }
    let entrees = lignes.iter().map(|(cle, avant, apres)| journal::Entry {
        quand,
        acteur,
        action: "inscription_examen.suivre",
        objet: "inscription_examen",
        cle,
        avant: Some(json!({ "etat": avant.code() })),
        apres: Some(json!({ "etat": apres.code() })),
    });
    journal::write_all(tx, entrees).await
}
