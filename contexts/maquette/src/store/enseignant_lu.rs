//! Teachers as the REST interface reads them.

use db::DbError;
use db::sea_orm::ConnectionTrait;
use kernel::Centi;

use super::condition::Condition;
use super::page_lue::{Fenetre, page_lue};

/// One teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnseignantLu {
    /// Harpège or Eve number.
    pub numero: String,
    /// Name, name of use, first name, civility.
    pub noms: [Option<String>; 4],
    /// E-mail of work.
    pub email: Option<String>,
    /// Body.
    pub corps: Option<String>,
    /// Statute.
    pub statut: Option<String>,
    /// Code of the component.
    pub composante: Option<String>,
    /// CNU section.
    pub section_cnu: Option<String>,
    /// Service due, in hours.
    pub service_statutaire: Option<Centi>,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct FiltreEnseignant<'a> {
    /// Folded text.
    pub recherche: &'a str,
    /// Exact number.
    pub numero: Option<&'a str>,
    /// Body.
    pub corps: Option<&'a str>,
    /// Statute.
    pub statut: Option<&'a str>,
    /// Code of the component.
    pub composante: Option<&'a str>,
}

/// One page of teachers, by number.
///
/// # Errors
/// Those of the database.
pub async fn enseignant_lu_list<C: ConnectionTrait>(
    conn: &C,
    annee: u16,
    f: &FiltreEnseignant<'_>,
    fenetre: Fenetre,
) -> Result<(u64, Vec<EnseignantLu>), DbError> {
    let mut ou = Condition::new("annee = ? AND ferme_le IS NULL", [i64::from(annee).into()]);
    ou.mots(f.recherche, &["recherche"]);
    for (colonne, valeur) in
        [("numero", f.numero), ("corps", f.corps), ("statut", f.statut), ("composante", f.composante)]
    {
        ou.parmi(colonne, valeur.as_slice());
    }
    let depuis = format!("FROM maquette_enseignant WHERE {}", ou.sql());
    let page = format!(
        "SELECT numero, nom, nom_usage, prenom, civilite, email, corps, statut, composante, section_cnu, service_statutaire
         {depuis} ORDER BY numero {}",
        fenetre.limite()
    );
    let (total, rows) = page_lue(conn, &page, &depuis, ou.valeurs(), fenetre).await?;
    let rows = rows.iter().map(|r| {
        let texte = |i| -> Result<Option<String>, DbError> { Ok(r.try_get_by_index(i)?) };
        Ok(EnseignantLu {
            numero: r.try_get_by_index(0)?,
            noms: [texte(1)?, texte(2)?, texte(3)?, texte(4)?],
            email: texte(5)?,
            corps: texte(6)?,
            statut: texte(7)?,
            composante: texte(8)?,
            section_cnu: texte(9)?,
            service_statutaire: r.try_get_by_index::<Option<i64>>(10)?.map(Centi),
        })
    });
    Ok((total, rows.collect::<Result<_, DbError>>()?))
}
