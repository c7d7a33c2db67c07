//! Where an element is used, and what Kofr writes of it.

use db::DbError;
use db::sea_orm::ConnectionTrait;
use db::sql::select;

/// An étape that leads to an element, by however many levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageVu {
    /// COD_ETP.
    pub etape: String,
    /// COD_VRS_VET.
    pub version: String,
    /// Label.
    pub libelle: String,
}

/// Étapes that lead to an element, found upwards; UNION keeps each list once, so that a cycle ends.
///
/// # Errors
/// Those of the database.
pub async fn element_etapes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<UsageVu>, DbError> {
    let sql = "WITH RECURSIVE haut(liste) AS (
            SELECT liste FROM maquette_lien_liste_element WHERE annee = ? AND element = ? AND ferme_le IS NULL
            UNION
            SELECT h.liste FROM haut a
            JOIN maquette_lien_element_liste b ON b.annee = ? AND b.liste = a.liste AND b.ferme_le IS NULL AND b.lien_ferme_le IS NULL
            JOIN maquette_lien_liste_element h ON h.annee = b.annee AND h.element = b.element AND h.ferme_le IS NULL)
        SELECT DISTINCT l.etape, l.version, COALESCE(v.libelle, e.libelle, '') FROM haut a
        JOIN maquette_lien_etape_liste l ON l.annee = ? AND l.liste = a.liste AND l.ferme_le IS NULL AND l.lien_ferme_le IS NULL
        LEFT JOIN maquette_version_etape v ON v.annee = l.annee AND v.etape = l.etape AND v.version = l.version
        LEFT JOIN maquette_etape e ON e.annee = l.annee AND e.code = l.etape
        ORDER BY 1, 2";
    let an = i64::from(annee);
    let rows = select(conn, sql, [an.into(), code.into(), an.into(), an.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(UsageVu {
                etape: row.try_get_by_index(0)?,
                version: row.try_get_by_index(1)?,
                libelle: row.try_get_by_index(2)?,
            })
        })
        .collect()
}

/// Texts that Kofr holds of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Textes {
    /// Language of teaching.
    pub langue: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// What must be known before.
    pub prerequis: Option<String>,
}

/// Texts of an element.
///
/// # Errors
/// Those of the database.
pub async fn element_textes<C: ConnectionTrait>(conn: &C, annee: u16, code: &str) -> Result<Textes, DbError> {
    let sql = "SELECT langue, description, prerequis FROM maquette_element WHERE annee = ? AND code = ?";
    let rows = select(conn, sql, [i64::from(annee).into(), code.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Textes::default()) };
    Ok(Textes {
        langue: row.try_get_by_index(0)?,
        description: row.try_get_by_index(1)?,
        prerequis: row.try_get_by_index(2)?,
    })
}

/// Lists that hold an element: code, label, type.
///
/// # Errors
/// Those of the database.
pub async fn element_listes<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Vec<(String, String, String)>, DbError> {
    let sql = "SELECT h.liste, COALESCE(l.libelle, ''), COALESCE(l.type_liste, '') FROM maquette_lien_liste_element h
        LEFT JOIN maquette_liste l ON l.annee = h.annee AND l.code = h.liste
        WHERE h.annee = ? AND h.element = ? AND h.ferme_le IS NULL ORDER BY 1";
    let rows = select(conn, sql, [i64::from(annee).into(), code.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)))
        .collect()
}
