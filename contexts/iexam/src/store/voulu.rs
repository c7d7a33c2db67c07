//! What a request of change would come to: whether it can still be applied, and its account.

use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::select;

use super::calcul::{amenagements_de, tarif_list};
use super::inscription::Inscription;
use super::marques;
use crate::domain::amenagement::amenagement_du;
use crate::domain::decompte::{Decompte, Passee};
use crate::domain::demande::Voulu;
use crate::domain::inscription::Decision;
use crate::domain::modalite::tarif_du;

/// What is wanted, with its labels, its account, and why it can no longer be applied, if it cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examine {
    /// Label of the modality wanted.
    pub modalite: Option<String>,
    /// Name of the centre wanted.
    pub centre: Option<String>,
    /// What it would cost.
    pub decompte: Decompte,
    /// Why not: « la modalité n’est plus proposée ».
    pub empechement: Option<&'static str>,
}

/// An épreuve of the period of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpreuveBreve {
    /// Row.
    pub id: i64,
    /// COD_ELP.
    pub element: String,
    /// Label.
    pub libelle: String,
    /// When.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes.
    pub duree_min: Option<i64>,
    /// Whether its hours are supervised.
    pub surveillee: bool,
    /// Whether it was cancelled.
    pub annulee: bool,
}

/// These épreuves, those of the period only, in the order of time.
///
/// # Errors
/// Those of the database.
pub async fn epreuves_breves<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    ids: &[i64],
) -> Result<Vec<EpreuveBreve>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT id, element, libelle, debut, duree_min, surveillee, annulee_le IS NOT NULL FROM iexam_epreuve
         WHERE periode = ? AND id IN ({}) ORDER BY debut, libelle, id",
        marques(ids.len())
    );
    let valeurs = std::iter::once(periode).chain(ids.iter().copied()).map(Value::from);
    let mut epreuves = Vec::new();
    for row in select(conn, &sql, valeurs).await? {
        epreuves.push(EpreuveBreve {
            id: row.try_get_by_index(0)?,
            element: row.try_get_by_index(1)?,
            libelle: row.try_get_by_index(2)?,
            debut: row.try_get_by_index(3)?,
            duree_min: row.try_get_by_index(4)?,
            surveillee: row.try_get_by_index(5)?,
            annulee: row.try_get_by_index(6)?,
        });
    }
    Ok(epreuves)
}

struct Offerte {
    libelle: String,
    lieu: String,
    surveillee: bool,
    active: bool,
}

async fn offerte<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalite: i64,
) -> Result<Option<Offerte>, DbError> {
    let sql = "SELECT m.libelle, m.lieu, m.surveillee, COALESCE(o.active, FALSE) AND m.active
        FROM iexam_modalite m LEFT JOIN iexam_offre o ON o.modalite = m.id AND o.periode = ? WHERE m.id = ?";
    match select(conn, sql, [periode.into(), modalite.into()]).await?.first() {
        Some(row) => Ok(Some(Offerte {
            libelle: row.try_get_by_index(0)?,
            lieu: row.try_get_by_index(1)?,
            surveillee: row.try_get_by_index(2)?,
            active: row.try_get_by_index(3)?,
        })),
        None => Ok(None),
    }
}

/// Name of a centre, and whether a modality may be sat there in a period.
async fn ouvert<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalite: Option<i64>,
    centre: i64,
) -> Result<Option<(String, bool)>, DbError> {
    let sql = "SELECT c.nom, c.actif AND COALESCE(a.etat, '') <> 'refuse' AND mc.centre IS NOT NULL FROM iexam_centre c
        LEFT JOIN iexam_accord a ON a.centre = c.id AND a.periode = ?
        LEFT JOIN iexam_modalite_centre mc ON mc.centre = c.id AND mc.modalite = ? WHERE c.id = ?";
    match select(conn, sql, [periode.into(), modalite.into(), centre.into()]).await?.first() {
        Some(row) => Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?))),
        None => Ok(None),
    }
}

/// What a request comes to, as things stand. `premier` is the first day of the period: its tariff is that of the registration.
///
/// # Errors
/// Those of the database.
pub async fn examiner<C: ConnectionTrait>(
    conn: &C,
    i: &Inscription,
    premier: NaiveDate,
    voulu: &Voulu,
) -> Result<Examine, DbError> {
    let ids: Vec<_> = voulu.choix.keys().copied().collect();
    let epreuves = epreuves_breves(conn, i.periode, &ids).await?;
    let mut empechement =
        (epreuves.len() != ids.len()).then_some("une épreuve n’est plus dans cette période");
    let amenagements = amenagements_de(conn, std::slice::from_ref(&i.etudiant)).await?;
    let tenus = amenagements.get(&i.etudiant).map(Vec::as_slice).unwrap_or_default();
    let passees: Vec<_> = epreuves
        .iter()
        .filter(|e| !e.annulee && voulu.choix.get(&e.id) == Some(&Decision::Passe))
        .map(|e| {
            let jour = e.debut.map_or(premier, |d| kernel::heure_de_besancon(d).date());
            Passee {
                epreuve: e.id,
                libelle: e.libelle.clone(),
                duree_min: e.duree_min,
                surveillee: e.surveillee,
                majoration: amenagement_du(tenus, jour).map_or(0, |a| a.majoration),
            }
        })
        .collect();
    let mut decompte = Decompte::default();
    let (mut modalite, mut centre) = (None, None);
    let mut lieu = String::new();
    if let Some(id) = voulu.modalite {
        match offerte(conn, i.periode, id).await? {
            Some(o) => {
                if !o.active && i.modalite != Some(id) {
                    empechement = empechement.or(Some("la modalité n’est plus proposée"));
                }
                let tarifs = tarif_list(conn).await?;
                match tarifs.get(&id).and_then(|t| tarif_du(t, premier)) {
                    Some(tarif) => {
                        decompte = Decompte::calculer(&o.libelle, o.surveillee, tarif, &passees);
                    }
                    None => empechement = empechement.or(Some("la modalité n’a pas de tarif")),
                }
                modalite = Some(o.libelle);
                lieu = o.lieu;
            }
            None => empechement = empechement.or(Some("la modalité n’existe plus")),
        }
    } else if !passees.is_empty() {
        empechement = empechement.or(Some("aucune modalité n’est choisie"));
    }
    if let Some(id) = voulu.centre {
        match ouvert(conn, i.periode, voulu.modalite, id).await? {
            Some((nom, permis)) => {
                if !permis && i.centre != Some(id) {
                    empechement = empechement.or(Some("le centre ne reçoit plus de candidats"));
                }
                centre = Some(nom);
            }
            None => empechement = empechement.or(Some("le centre n’existe plus")),
        }
    } else if lieu == "centre" && !passees.is_empty() {
        empechement = empechement.or(Some("aucun centre n’est choisi"));
    }
    Ok(Examine { modalite, centre, decompte, empechement })
}
