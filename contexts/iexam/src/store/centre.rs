//! Centres, their rooms, their closures.

use db::sea_orm::{ConnectionTrait, QueryResult, Value};
use db::sql::{count, execute, like, returning_id, select};
use db::{DbError, Page, Paging};

use super::marques;
use crate::domain::centre::{Centre, Fermeture, Salle};

const COLONNES: &str = "c.id, c.code, c.nom, c.adresse, c.code_postal, c.ville, c.pays, c.fuseau, c.contact_nom, c.contact_courriel,
    c.contact_telephone, c.surveillant, c.capacite, c.accord_requis, c.actif";

fn lire(row: &QueryResult) -> Result<Centre, DbError> {
    Ok(Centre {
        id: row.try_get_by_index(0)?,
        code: row.try_get_by_index(1)?,
        nom: row.try_get_by_index(2)?,
        adresse: row.try_get_by_index(3)?,
        code_postal: row.try_get_by_index(4)?,
        ville: row.try_get_by_index(5)?,
        pays: row.try_get_by_index(6)?,
        fuseau: row.try_get_by_index(7)?,
        contact_nom: row.try_get_by_index(8)?,
        contact_courriel: row.try_get_by_index(9)?,
        contact_telephone: row.try_get_by_index(10)?,
        surveillant: row.try_get_by_index(11)?,
        capacite: row.try_get_by_index(12)?,
        accord_requis: row.try_get_by_index(13)?,
        actif: row.try_get_by_index(14)?,
    })
}

/// The centre of that code.
///
/// # Errors
/// Those of the database.
pub async fn centre_par_code<C: ConnectionTrait>(conn: &C, code: &str) -> Result<Option<Centre>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_centre c WHERE c.code = ?");
    select(conn, &sql, [code.into()]).await?.first().map(lire).transpose()
}

/// The active centres, by country and town.
///
/// # Errors
/// Those of the database.
pub async fn centre_actifs<C: ConnectionTrait>(conn: &C) -> Result<Vec<Centre>, DbError> {
    let sql = format!("SELECT {COLONNES} FROM iexam_centre c WHERE c.actif ORDER BY c.pays, c.ville, c.id");
    select(conn, &sql, []).await?.iter().map(lire).collect()
}

fn valeurs(c: &Centre) -> Vec<Value> {
    let recherche = kernel::fold(
        &[&c.code, &c.nom, &c.ville, &c.pays, &c.surveillant, &c.contact_nom].map(String::as_str).join(" "),
    );
    vec![
        c.code.as_str().into(),
        c.nom.as_str().into(),
        c.adresse.as_str().into(),
        c.code_postal.as_str().into(),
        c.ville.as_str().into(),
        c.pays.as_str().into(),
        c.fuseau.as_str().into(),
        c.contact_nom.as_str().into(),
        c.contact_courriel.as_str().into(),
        c.contact_telephone.as_str().into(),
        c.surveillant.as_str().into(),
        c.capacite.into(),
        c.accord_requis.into(),
        c.actif.into(),
        recherche.into(),
    ]
}

/// Adds a centre.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the code is taken.
pub async fn centre_add<C: ConnectionTrait>(conn: &C, c: &Centre) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_centre (code, nom, adresse, code_postal, ville, pays, fuseau, contact_nom, contact_courriel,
        contact_telephone, surveillant, capacite, accord_requis, actif, recherche)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
    returning_id(conn, sql, valeurs(c)).await
}

/// Writes a centre.
///
/// # Errors
/// Those of the database.
pub async fn centre_write<C: ConnectionTrait>(conn: &C, c: &Centre) -> Result<(), DbError> {
    let sql = "UPDATE iexam_centre SET code = ?, nom = ?, adresse = ?, code_postal = ?, ville = ?, pays = ?, fuseau = ?,
        contact_nom = ?, contact_courriel = ?, contact_telephone = ?, surveillant = ?, capacite = ?, accord_requis = ?, actif = ?,
        recherche = ? WHERE id = ?";
    execute(conn, sql, valeurs(c).into_iter().chain([c.id.into()])).await?;
    Ok(())
}

/// What narrows the list of centres.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    /// Folded words.
    pub recherche: String,
    /// Codes of modalities.
    pub modalites: Vec<String>,
    /// Countries.
    pub pays: Vec<String>,
    /// Codes of agreement in the period looked at.
    pub accords: Vec<String>,
    /// Whether they are active.
    pub actif: Option<bool>,
    /// The period whose agreements are shown.
    pub periode: Option<i64>,
    /// Column sorted by.
    pub tri: String,
    /// The other way.
    pub decroissant: bool,
}

/// A line of the list of centres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreVu {
    /// The centre.
    pub centre: Centre,
    /// Its active rooms.
    pub salles: i64,
    /// Their seats.
    pub sieges: i64,
    /// Agreement in the period looked at: its code, places, places held.
    pub accord: Option<(String, Option<i64>, i64)>,
}

/// A page of the centres.
///
/// # Errors
/// Those of the database.
pub async fn centre_list<C: ConnectionTrait>(
    conn: &C,
    f: &Filtre,
    paging: Paging,
) -> Result<Page<CentreVu>, DbError> {
    let mut ou = String::from("1 = 1");
    let mut conditions: Vec<Value> = Vec::new();
    for mot in f.recherche.split_whitespace() {
        ou.push_str(" AND c.recherche LIKE ? ESCAPE '!'");
        conditions.push(like(mot).into());
    }
    let parmi = |ou: &mut String, conditions: &mut Vec<Value>, debut: &str, choix: &[String], fin: &str| {
        if !choix.is_empty() {
            ou.push_str(&format!(" AND {debut} ({}){fin}", marques(choix.len())));
            conditions.extend(choix.iter().map(|c| Value::from(c.as_str())));
        }
    };
    parmi(
        &mut ou,
        &mut conditions,
        "EXISTS (SELECT 1 FROM iexam_modalite_centre mc JOIN iexam_modalite m ON m.id = mc.modalite WHERE mc.centre = c.id AND m.code IN",
        &f.modalites,
        ")",
    );
    parmi(&mut ou, &mut conditions, "c.pays IN", &f.pays, "");
    parmi(&mut ou, &mut conditions, "COALESCE(a.etat, 'hors_periode') IN", &f.accords, "");
    if let Some(actif) = f.actif {
        ou.push_str(if actif { " AND c.actif" } else { " AND NOT c.actif" });
    }
    let depuis = format!(
        "FROM iexam_centre c LEFT JOIN iexam_accord a ON a.centre = c.id AND a.periode = ? WHERE {ou}"
    );
    let liees = || std::iter::once(Value::from(f.periode.unwrap_or(0))).chain(conditions.iter().cloned());
    let sens = if f.decroissant { "DESC" } else { "ASC" };
    let tri = match f.tri.as_str() {
        "ville" => "c.ville",
        "pays" => "c.pays",
        "code" => "c.code",
        _ => "c.nom",
    };
    let sql = format!(
        "SELECT {COLONNES},
            (SELECT COUNT(*) FROM iexam_salle s WHERE s.centre = c.id AND s.active),
            (SELECT CAST(COALESCE(SUM(s.capacite), 0) AS BIGINT) FROM iexam_salle s WHERE s.centre = c.id AND s.active),
            a.etat, a.places, a.prises
         {depuis} ORDER BY {tri} {sens}, c.id LIMIT {} OFFSET {}",
        paging.taille(),
        paging.offset()
    );
    let mut vus = Vec::new();
    for row in select(conn, &sql, liees()).await? {
        let etat: Option<String> = row.try_get_by_index(17)?;
        let accord = match etat {
            Some(etat) => Some((etat, row.try_get_by_index(18)?, row.try_get_by_index(19)?)),
            None => None,
        };
        let (salles, sieges) = (row.try_get_by_index(15)?, row.try_get_by_index(16)?);
        vus.push(CentreVu { centre: lire(&row)?, salles, sieges, accord });
    }
    let total = count(conn, &format!("SELECT COUNT(*) {depuis}"), liees()).await?;
    Ok(Page::new(paging, total, vus))
}

/// Countries of centres, with how many each has.
///
/// # Errors
/// Those of the database.
pub async fn centre_pays<C: ConnectionTrait>(conn: &C) -> Result<Vec<(String, u64)>, DbError> {
    let sql = "SELECT pays, COUNT(*) FROM iexam_centre GROUP BY pays ORDER BY pays";
    let rows = select(conn, sql, []).await?;
    let lire =
        |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i64>(1)?.unsigned_abs()));
    rows.iter().map(lire).collect()
}

/// Registrations of periods that are not closed, placed in a centre.
///
/// # Errors
/// Those of the database.
pub async fn centre_inscriptions<C: ConnectionTrait>(conn: &C, centre: i64) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
        WHERE i.centre = ? AND i.tient_place AND p.etat NOT IN ('cloturee', 'archivee')";
    count(conn, sql, [centre.into()]).await
}

/// The rooms of a centre, in the order of pages.
///
/// # Errors
/// Those of the database.
pub async fn salle_list<C: ConnectionTrait>(conn: &C, centre: i64) -> Result<Vec<Salle>, DbError> {
    let sql = "SELECT id, nom, capacite, equipement, a_part, rang, active FROM iexam_salle WHERE centre = ?
        ORDER BY active DESC, rang, nom, id";
    let rows = select(conn, sql, [centre.into()]).await?;
    let lire = |row: &QueryResult| {
        Ok(Salle {
            id: row.try_get_by_index(0)?,
            nom: row.try_get_by_index(1)?,
            capacite: row.try_get_by_index(2)?,
            equipement: row.try_get_by_index(3)?,
            a_part: row.try_get_by_index(4)?,
            rang: row.try_get_by_index(5)?,
            active: row.try_get_by_index(6)?,
        })
    };
    rows.iter().map(lire).collect()
}

/// Writes a room, or adds it when its row is 0; gives its row.
///
/// # Errors
/// Those of the database; [`DbError::Unique`] when the centre has a room of that name.
pub async fn salle_write<C: ConnectionTrait>(conn: &C, centre: i64, s: &Salle) -> Result<i64, DbError> {
    let valeurs: [Value; 7] = [
        s.nom.as_str().into(),
        s.capacite.into(),
        s.equipement.as_str().into(),
        s.a_part.into(),
        s.rang.into(),
        s.active.into(),
        centre.into(),
    ];
    if s.id == 0 {
        let sql = "INSERT INTO iexam_salle (nom, capacite, equipement, a_part, rang, active, centre) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id";
        return returning_id(conn, sql, valeurs).await;
    }
    let sql = "UPDATE iexam_salle SET nom = ?, capacite = ?, equipement = ?, a_part = ?, rang = ?, active = ? WHERE centre = ? AND id = ?";
    execute(conn, sql, valeurs.into_iter().chain([s.id.into()])).await?;
    Ok(s.id)
}

/// Épreuves of periods that are not closed, held in a room.
///
/// # Errors
/// Those of the database.
pub async fn salle_epreuves<C: ConnectionTrait>(conn: &C, salle: i64) -> Result<u64, DbError> {
    let sql = "SELECT COUNT(*) FROM iexam_epreuve_salle es JOIN iexam_epreuve e ON e.id = es.epreuve JOIN iexam_periode p ON p.id = e.periode
        WHERE es.salle = ? AND e.annulee_le IS NULL AND p.etat NOT IN ('cloturee', 'archivee')";
    count(conn, sql, [salle.into()]).await
}

/// Periods that are not closed.
///
/// # Errors
/// Those of the database.
pub async fn periodes_vivantes<C: ConnectionTrait>(conn: &C) -> Result<Vec<i64>, DbError> {
    let rows = select(
        conn,
        "SELECT id FROM iexam_periode WHERE etat NOT IN ('cloturee', 'archivee') ORDER BY id",
        [],
    );
    rows.await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The closures of a centre, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn fermeture_list<C: ConnectionTrait>(conn: &C, centre: i64) -> Result<Vec<Fermeture>, DbError> {
    let sql = "SELECT id, du, au, motif FROM iexam_fermeture WHERE centre = ? ORDER BY du DESC, id DESC";
    let rows = select(conn, sql, [centre.into()]).await?;
    let lire = |row: &QueryResult| {
        Ok(Fermeture {
            id: row.try_get_by_index(0)?,
            du: row.try_get_by_index(1)?,
            au: row.try_get_by_index(2)?,
            motif: row.try_get_by_index(3)?,
        })
    };
    rows.iter().map(lire).collect()
}

/// Adds a closure.
///
/// # Errors
/// Those of the database.
pub async fn fermeture_add<C: ConnectionTrait>(conn: &C, centre: i64, f: &Fermeture) -> Result<i64, DbError> {
    let sql = "INSERT INTO iexam_fermeture (centre, du, au, motif) VALUES (?, ?, ?, ?) RETURNING id";
    returning_id(conn, sql, [centre.into(), f.du.into(), f.au.into(), f.motif.as_str().into()]).await
}

/// Takes a closure away.
///
/// # Errors
/// Those of the database.
pub async fn fermeture_remove<C: ConnectionTrait>(conn: &C, centre: i64, id: i64) -> Result<(), DbError> {
    execute(conn, "DELETE FROM iexam_fermeture WHERE centre = ? AND id = ?", [centre.into(), id.into()])
        .await?;
    Ok(())
}
