//! A day of the ledger closed for good, and all closings checked again.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::sea_orm::ConnectionTrait;
use db::{DbError, Tx, journal};
use kernel::{Actor, date_francaise, heure_de_besancon};
use serde_json::json;

use super::caisse_fault::CaisseFault;
use crate::Iexam;
use crate::domain::cloture::{Ecriture, Totaux, empreinte};
use crate::store::caisse::{
    Cloture, caisse_lock, cloture_add, cloture_list, ecritures_closes, ecritures_du_jour, jours_a_clore,
};

/// Closes a day: its rows take nothing more. `ecritures` is how many the page showed. Returns the number of the closing.
///
/// # Errors
/// [`CaisseFault`]; nothing is then written.
pub async fn clore(
    iexam: &Iexam,
    jour: NaiveDate,
    ecritures: Option<i64>,
    acteur: &Actor,
) -> Result<i64, CaisseFault> {
    let quand = iexam.clock.now();
    if jour > heure_de_besancon(quand).date() {
        return Err(CaisseFault::JourFutur(jour));
    }
    iexam
        .db
        .write(|tx: Tx| async move {
            caisse_lock(&*tx).await?;
            let closes = cloture_list(&*tx).await?;
            let derniere = closes.last();
            if derniere.is_some_and(|c| c.jour >= jour) {
                return Err(CaisseFault::JourClos(jour));
            }
            if let Some((avant, _)) = jours_a_clore(&*tx).await?.into_iter().find(|(j, _)| *j < jour) {
                return Err(CaisseFault::JourAnterieur(avant));
            }
            let lignes = ecritures_du_jour(&*tx, jour).await?;
            let totaux = Totaux::de(&lignes);
            if lignes.is_empty() {
                return Err(CaisseFault::JourVide(jour));
            }
            if ecritures.is_some_and(|vues| vues != totaux.ecritures) {
                return Err(CaisseFault::JourChange(jour));
            }
            let mark = empreinte(derniere.map_or("", |c| c.empreinte.as_str()), jour, &lignes);
            let id = cloture_add(&*tx, jour, &totaux, &mark, quand, acteur).await?;
            let cle = id.to_string();
            let entree = journal::Entry {
                quand,
                acteur,
                action: "cloture_examen.clore",
                objet: "cloture_examen",
                cle: &cle,
                avant: None,
                apres: Some(json!({
                    "jour": jour, "ecritures": totaux.ecritures, "encaisse_cents": totaux.encaisse.0,
                    "rembourse_cents": totaux.rembourse.0, "empreinte": mark,
                })),
            };
            journal::write(&*tx, entree).await?;
            Ok(id)
        })
        .await
}

/// A closing and whether it still is what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controle {
    /// The closing.
    pub cloture: Cloture,
    /// What is no longer as it was closed; nothing when all is well.
    pub ecart: Option<String>,
}

/// Checks every closing over its rows and the closing before.
///
/// # Errors
/// Those of the database.
pub async fn controler<C: ConnectionTrait>(conn: &C) -> Result<Vec<Controle>, DbError> {
    let mut par_cloture: BTreeMap<i64, Vec<Ecriture>> = BTreeMap::new();
    for e in ecritures_closes(conn).await? {
        par_cloture.entry(e.cloture.unwrap_or_default()).or_default().push(e);
    }
    let dehors: BTreeMap<_, _> = jours_a_clore(conn).await?.into_iter().collect();
    let mut precedente = String::new();
    let mut controles = Vec::new();
    for cloture in cloture_list(conn).await? {
        let lignes = par_cloture.remove(&cloture.id).unwrap_or_default();
        let totaux = Totaux::de(&lignes);
        let jour = date_francaise(cloture.jour);
        let ecart = if totaux.ecritures != cloture.ecritures {
            Some(format!(
                "La journée du {jour} a été close sur {} : elle en compte {}.",
                ecritures(cloture.ecritures),
                totaux.ecritures
            ))
        } else if let Some(nombre) = dehors.get(&cloture.jour) {
            Some(format!(
                "Après la clôture du {jour}, {} se sont ajoutées à cette journée.",
                ecritures(*nombre)
            ))
        } else if (totaux.encaisse, totaux.rembourse) != (cloture.encaisse, cloture.rembourse) {
            Some(format!("Les totaux de la journée du {jour} ne sont plus ceux de sa clôture."))
        } else if empreinte(&precedente, cloture.jour, &lignes) != cloture.empreinte {
            Some(format!(
                "Une écriture de la journée du {jour}, ou d’une clôture avant elle, a été modifiée."
            ))
        } else {
            None
        };
        precedente.clone_from(&cloture.empreinte);
        controles.push(Controle { cloture, ecart });
    }
    Ok(controles)
}

fn ecritures(n: i64) -> String {
    if n > 1 { format!("{n} écritures") } else { format!("{n} écriture") }
}
