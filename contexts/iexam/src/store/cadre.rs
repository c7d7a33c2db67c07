//! What a period offers, read for the pages of its students and for their confirmations.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::select;
use db::{Db, DbError, Recent};
use kernel::{AnneeUniversitaire, Cents, CodeElement, NumeroEtudiant};

use super::calcul::amenagements_de;
use super::periode::{periode_list, periode_par_code};
use super::{inconnu, marques};
use crate::domain::amenagement::Amenagement;
use crate::domain::cadre::{Cadre, CentreOffert, ModaliteOfferte};
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::modalite::{Lieu, Modalite, Tarif};
use crate::domain::periode::{EtatPeriode, Periode};

fn epreuve(row: &QueryResult) -> Result<Epreuve, DbError> {
    let nature: String = row.try_get_by_index(5)?;
    let annulee: Option<DateTime<Utc>> = row.try_get_by_index(11)?;
    Ok(Epreuve {
        id: row.try_get_by_index(0)?,
        periode: row.try_get_by_index(1)?,
        element: CodeElement(row.try_get_by_index(2)?),
        rang: row.try_get_by_index(3)?,
        libelle: row.try_get_by_index(4)?,
        nature: Nature::ALL
            .into_iter()
            .find(|n| n.code() == nature)
            .ok_or_else(|| inconnu("iexam_epreuve.nature"))?,
        debut: row.try_get_by_index(6)?,
        duree_min: row.try_get_by_index(7)?,
        documents: row.try_get_by_index(8)?,
        sujet_par: row.try_get_by_index(9)?,
        surveillee: row.try_get_by_index(10)?,
        annulee: annulee.is_some(),
    })
}

async fn epreuves<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    elements: Option<&[CodeElement]>,
) -> Result<BTreeMap<CodeElement, Vec<Epreuve>>, DbError> {
    let mut lues: BTreeMap<CodeElement, Vec<Epreuve>> = BTreeMap::new();
    let colonnes = "SELECT id, periode, element, rang, libelle, nature, debut, duree_min, documents, sujet_par, surveillee, annulee_le
        FROM iexam_epreuve WHERE periode = ?";
    let rows = match elements {
        None => select(conn, &format!("{colonnes} ORDER BY element, rang"), [periode.into()]).await?,
        Some([]) => Vec::new(),
        Some(elements) => {
            let sql =
                format!("{colonnes} AND element IN ({}) ORDER BY element, rang", marques(elements.len()));
            let valeurs = elements.iter().map(|e| Value::from(e.as_str()));
            select(conn, &sql, std::iter::once(periode.into()).chain(valeurs)).await?
        }
    };
    for row in &rows {
        let lue = epreuve(row)?;
        lues.entry(lue.element.clone()).or_default().push(lue);
    }
    Ok(lues)
}

/// Modalities of a period with their tariff of its first day.
async fn modalites<C: ConnectionTrait>(conn: &C, p: &Periode) -> Result<Vec<ModaliteOfferte>, DbError> {
    let sql = "SELECT m.id, m.code, m.libelle, m.lieu, m.surveillee, m.consignes, m.pieces, m.rang, m.active,
            o.active, o.quota, o.prises, o.echeance, t.valide_du, t.fixe_cents, t.horaire_cents, t.majoration_facturee
         FROM iexam_offre o JOIN iexam_modalite m ON m.id = o.modalite
         LEFT JOIN iexam_tarif t ON t.modalite = m.id AND t.valide_du =
            (SELECT MAX(d.valide_du) FROM iexam_tarif d WHERE d.modalite = m.id AND d.valide_du <= ?)
         WHERE o.periode = ? ORDER BY m.rang, m.libelle, m.id";
    let valeurs = [Value::from(p.epreuves_debut), p.id.into()];
    let mut lues = Vec::new();
    for row in select(conn, sql, valeurs).await? {
        let lieu: String = row.try_get_by_index(3)?;
        let tarif = match row.try_get_by_index(13)? {
            Some(valide_du) => Some(Tarif {
                valide_du,
                fixe: Cents(row.try_get_by_index(14)?),
                horaire: Cents(row.try_get_by_index(15)?),
                majoration_facturee: row.try_get_by_index(16)?,
            }),
            None => None,
        };
        lues.push(ModaliteOfferte {
            modalite: Modalite {
                id: row.try_get_by_index(0)?,
                code: row.try_get_by_index(1)?,
                libelle: row.try_get_by_index(2)?,
                lieu: Lieu::of_code(&lieu).ok_or_else(|| inconnu("iexam_modalite.lieu"))?,
                surveillee: row.try_get_by_index(4)?,
                consignes: row.try_get_by_index(5)?,
                pieces: row.try_get_by_index(6)?,
                rang: row.try_get_by_index(7)?,
                active: row.try_get_by_index(8)?,
            },
            offerte: row.try_get_by_index(9)?,
            quota: row.try_get_by_index(10)?,
            prises: row.try_get_by_index(11)?,
            echeance: row.try_get_by_index(12)?,
            tarif,
            centres: Vec::new(),
        });
    }
    Ok(lues)
}

/// Puts in each modality its centres.
async fn centres<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
    modalites: &mut [ModaliteOfferte],
) -> Result<(), DbError> {
    let sql = "SELECT mc.modalite, c.id, c.nom, c.ville, c.pays, c.fuseau, c.actif, c.accord_requis, COALESCE(a.etat, ''), a.places,
            COALESCE(a.prises, 0)
         FROM iexam_modalite_centre mc JOIN iexam_centre c ON c.id = mc.centre
         LEFT JOIN iexam_accord a ON a.periode = ? AND a.centre = c.id
         WHERE (c.actif OR a.prises > 0) ORDER BY c.pays, c.ville, c.nom, c.id";
    for row in select(conn, sql, [periode.into()]).await? {
        let modalite: i64 = row.try_get_by_index(0)?;
        let Some(modalite) = modalites.iter_mut().find(|m| m.modalite.id == modalite) else { continue };
        modalite.centres.push(CentreOffert {
            id: row.try_get_by_index(1)?,
            nom: row.try_get_by_index(2)?,
            ville: row.try_get_by_index(3)?,
            pays: row.try_get_by_index(4)?,
            fuseau: row.try_get_by_index(5)?,
            actif: row.try_get_by_index(6)?,
            accord_requis: row.try_get_by_index(7)?,
            accord: row.try_get_by_index(8)?,
            places: row.try_get_by_index(9)?,
            prises: row.try_get_by_index(10)?,
        });
    }
    Ok(())
}

async fn rattrapages<C: ConnectionTrait>(conn: &C, p: &Periode) -> Result<Option<Periode>, DbError> {
    if p.session >= 2 {
        return Ok(None);
    }
    let annee = periode_list(conn).await?.into_iter().filter(|autre| autre.annee == p.annee);
    Ok(annee.into_iter().find(|autre| autre.session >= 2))
}

/// All that a period offers, to whoever registers.
///
/// # Errors
/// Those of the database.
pub async fn cadre_read<C: ConnectionTrait>(conn: &C, periode: Periode) -> Result<Cadre, DbError> {
    let mut modalites = modalites(conn, &periode).await?;
    centres(conn, periode.id, &mut modalites).await?;
    Ok(Cadre {
        rattrapages: rattrapages(conn, &periode).await?,
        epreuves: epreuves(conn, periode.id, None).await?,
        amenagements: amenagements_tous(conn).await?,
        modalites,
        periode,
    })
}

/// What a period offers, narrowed to what the confirmations of these students depend on: read in their transaction.
///
/// # Errors
/// Those of the database.
pub async fn cadre_de_validation<C: ConnectionTrait>(
    conn: &C,
    periode: Periode,
    etudiants: &[NumeroEtudiant],
    elements: &[CodeElement],
) -> Result<Cadre, DbError> {
    let mut lues = modalites(conn, &periode).await?;
    centres(conn, periode.id, &mut lues).await?;
    Ok(Cadre {
        rattrapages: None,
        epreuves: epreuves(conn, periode.id, Some(elements)).await?,
        amenagements: amenagements_de(conn, etudiants).await?,
        modalites: lues,
        periode,
    })
}

async fn amenagements_tous<C: ConnectionTrait>(
    conn: &C,
) -> Result<BTreeMap<NumeroEtudiant, Vec<Amenagement>>, DbError> {
    let sql = "SELECT DISTINCT etudiant FROM iexam_amenagement WHERE retire_le IS NULL";
    let mut arranges = Vec::new();
    for row in select(conn, sql, []).await? {
        arranges.push(NumeroEtudiant(row.try_get_by_index(0)?));
    }
    amenagements_de(conn, &arranges).await
}

/// What is the same for every student: read again when anything was written, and every quarter of a second at least.
#[derive(Debug)]
struct Tenus {
    cadres: Recent<(u16, String), Option<Arc<Cadre>>>,
    periodes: Recent<(), Arc<[Periode]>>,
}

/// Periods looked at in the same quarter of a second.
const PLACES: usize = 16;

fn tenus(db: &Db) -> Arc<Tenus> {
    db.shared(|| Tenus { cadres: Recent::new(PLACES), periodes: Recent::new(1) })
}

/// The period of that code with all that it offers, from memory while nothing was written.
///
/// # Errors
/// Those of the database.
pub async fn cadre_recent(
    db: &Db,
    annee: AnneeUniversitaire,
    code: &str,
) -> Result<Option<Arc<Cadre>>, DbError> {
    let lire = || {
        db.read(|c| async move {
            match periode_par_code(&c, annee, code).await? {
                Some(periode) => Ok(Some(Arc::new(cadre_read(&c, periode).await?))),
                None => Ok(None),
            }
        })
    };
    tenus(db).cadres.get(db, (annee.premiere(), code.to_owned()), lire).await
}

/// Every period that students may see, the latest year first.
///
/// # Errors
/// Those of the database.
pub async fn periodes_recentes(db: &Db) -> Result<Arc<[Periode]>, DbError> {
    let lire = || {
        db.read(|c| async move {
            let toutes = periode_list(&c).await?.into_iter();
            Ok(toutes.filter(|p| p.etat != EtatPeriode::Preparation).collect())
        })
    };
    tenus(db).periodes.get(db, (), lire).await
}
