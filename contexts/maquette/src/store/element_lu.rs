//! Elements as the REST interface reads them.

use db::DbError;
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::sql::select;
use kernel::Centi;

use super::condition::Condition;
use super::page_lue::{Fenetre, page_lue};

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementLu {
    /// COD_ELP.
    pub code: String,
    /// Label.
    pub libelle: Option<String>,
    /// Short label.
    pub libelle_court: Option<String>,
    /// COD_NEL.
    pub nature: Option<String>,
    /// Its label.
    pub nature_libelle: Option<String>,
    /// Code of the component.
    pub composante: Option<String>,
    /// S1, S2, AN…
    pub periode: Option<String>,
    /// ECTS decided, and what Apogée and Kofr say.
    pub ects: [Option<Centi>; 3],
    /// Volume, and its unit.
    pub volume: (Option<Centi>, Option<String>),
    /// Closed at the source.
    pub ferme: bool,
    /// Suspended at the source.
    pub suspendu: bool,
    /// Why.
    pub motif_suspension: Option<String>,
    /// Gone from the source.
    pub disparu: bool,
    /// Language.
    pub langue: Option<String>,
    /// Who answers for it: a person's name.
    pub responsable: Option<String>,
    /// Text.
    pub description: Option<String>,
    /// Text.
    pub prerequis: Option<String>,
    /// Open lists that it is in.
    pub usages: u64,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreElement<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// What was found of it in memory: the numbers of the rows, when they are few.
    pub trouves: Option<&'a [i64]>,
    /// Codes of natures.
    pub natures: &'a [&'a str],
    /// Code of a component.
    pub composante: Option<&'a str>,
    /// Period.
    pub periode: Option<&'a str>,
    /// `ouvert`, `suspendu`, `ferme`, `disparu`, `partage`, `tous`; absent: all that the source has open, suspended or not.
    pub etat: Option<&'a str>,
}

/// Columns of the page alone: what is joined or counted is so for the rows shown, never for those skipped.
fn colonnes(depuis: &str) -> String {
    format!(
        "SELECT e.code, e.libelle, e.libelle_court, e.nature, n.libelle, e.composante, e.periode, e.ects, e.ects_apogee, e.ects_kofr,
            e.volume, e.unite_volume, COALESCE(e.ferme, FALSE), COALESCE(e.suspendu, FALSE), e.motif_suspension,
            (e.ferme_le IS NOT NULL), e.langue, e.responsable, e.description, e.prerequis,
            (SELECT COUNT(*) FROM maquette_lien_liste_element u
             JOIN maquette_liste l ON l.annee = u.annee AND l.code = u.liste AND l.ferme_le IS NULL AND NOT COALESCE(l.fermee, FALSE)
             WHERE u.annee = e.annee AND u.element = e.code AND u.ferme_le IS NULL)
         FROM {depuis} e LEFT JOIN maquette_nature n ON n.annee = e.annee AND n.code = e.nature"
    )
}

fn lire(r: &QueryResult) -> Result<ElementLu, DbError> {
    let centi =
        |i| -> Result<Option<Centi>, DbError> { Ok(r.try_get_by_index::<Option<i64>>(i)?.map(Centi)) };
    Ok(ElementLu {
        code: r.try_get_by_index(0)?,
        libelle: r.try_get_by_index(1)?,
        libelle_court: r.try_get_by_index(2)?,
        nature: r.try_get_by_index(3)?,
        nature_libelle: r.try_get_by_index(4)?,
        composante: r.try_get_by_index(5)?,
        periode: r.try_get_by_index(6)?,
        ects: [centi(7)?, centi(8)?, centi(9)?],
        volume: (centi(10)?, r.try_get_by_index(11)?),
        ferme: r.try_get_by_index(12)?,
        suspendu: r.try_get_by_index(13)?,
        motif_suspension: r.try_get_by_index(14)?,
        disparu: r.try_get_by_index(15)?,
        langue: r.try_get_by_index(16)?,
        responsable: r.try_get_by_index(17)?,
        description: r.try_get_by_index(18)?,
        prerequis: r.try_get_by_index(19)?,
        usages: r.try_get_by_index::<i64>(20)?.unsigned_abs(),
    })
}

/// One page of elements, by code.
///
/// # Errors
/// Those of the database.
pub async fn element_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreElement<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<ElementLu>), DbError> {
    let mut ou = Condition::new("e.annee = ?", [i64::from(annee).into()]);
    match f.etat {
        Some("tous") => {}
        Some("disparu") => ou.et("e.ferme_le IS NOT NULL"),
        Some("ferme") => ou.et("e.ferme_le IS NULL AND e.ferme"),
        Some("suspendu") => ou.et("e.ferme_le IS NULL AND e.suspendu"),
        Some("ouvert") => {
            ou.et("e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE) AND NOT COALESCE(e.suspendu, FALSE)");
        }
        Some("partage") => ou.et_avec(
            "e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE) AND e.code IN (
                SELECT element FROM maquette_lien_liste_element WHERE annee = ? AND ferme_le IS NULL
                GROUP BY element HAVING COUNT(*) > 1)",
            [i64::from(annee).into()],
        ),
        _ => ou.et("e.ferme_le IS NULL AND NOT COALESCE(e.ferme, FALSE)"),
    }
    match f.trouves {
        Some(ids) => ou.numeros("e.id", ids),
        None => ou.mots(f.recherche, &["e.recherche"]),
    }
    ou.parmi("e.nature", f.natures);
    ou.parmi("e.composante", f.composante.as_slice());
    ou.parmi("e.periode", f.periode.as_slice());
    let depuis = format!("FROM maquette_element e WHERE {}", ou.sql());
    let tranche = format!("(SELECT e.* {depuis} ORDER BY e.code {})", fenetre.limite());
    let page = format!("{} ORDER BY e.code", colonnes(&tranche));
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    Ok((total, rows.iter().map(lire).collect::<Result<_, _>>()?))
}

/// One element.
///
/// # Errors
/// Those of the database.
pub async fn element_lu_read<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    code: &str,
) -> Result<Option<ElementLu>, DbError> {
    let sql = format!("{} WHERE e.annee = ? AND e.code = ?", colonnes("maquette_element"));
    select(conn, &sql, [i64::from(annee).into(), code.into()]).await?.first().map(lire).transpose()
}
