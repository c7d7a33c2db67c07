//! Registrations as the registry lists and treats them: worklists, filters, several at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{count, execute, like, select};
use db::{DbError, Page, Paging};

use super::inscription::{COLONNES, Inscription, LARGEUR, lire};
use super::marques;
use crate::domain::file::File;
use crate::domain::inscription::EtatInscription;

/// What narrows the list of a period.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    /// Period.
    pub periode: i64,
    /// Worklist.
    pub file: Option<File>,
    /// States.
    pub etats: Vec<EtatInscription>,
    /// Modalities.
    pub modalites: Vec<i64>,
    /// Centres.
    pub centres: Vec<i64>,
    /// Words of the étape.
    pub etapes: Vec<String>,
    /// Folded words of a name or a number.
    pub recherche: String,
    /// Column sorted by.
    pub tri: &'static str,
    /// From large to small.
    pub decroissant: bool,
}

/// Condition of a worklist over `i`. Centres without an agreement are few: they are asked once, not once a row.
fn condition(file: File) -> &'static str {
    match file {
        File::AVerifier => "i.etat = 'validee'",
        File::Demandes => "i.demande_en_attente = TRUE AND i.etat <> 'annulee'",
        File::ACorriger => "i.etat = 'a_corriger'",
        File::APayer => "i.etat = 'verifiee' AND i.solde_cents > 0",
        File::TropPercu => "i.solde_cents < 0",
        File::SansAccord => {
            "i.etat IN ('validee', 'verifiee', 'payee', 'finalisee') AND i.centre IN (
                SELECT c.id FROM iexam_centre c LEFT JOIN iexam_accord a ON a.centre = c.id AND a.periode = ?
                WHERE c.accord_requis AND COALESCE(a.etat, '') <> 'accepte')"
        }
        File::SansSalle => "i.sans_salle = TRUE AND i.etat IN ('validee', 'verifiee', 'payee', 'finalisee')",
        File::TempsMajore => "i.majoration > 0 AND i.etat NOT IN ('brouillon', 'annulee')",
        File::AConvoquer => "i.etat = 'finalisee'",
        File::Brouillons => "i.etat = 'brouillon'",
        File::Annulees => "i.etat = 'annulee'",
    }
}

impl Filtre {
    fn ou(&self) -> (String, Vec<Value>) {
        let mut ou = vec!["i.periode = ?".to_owned()];
        let mut valeurs: Vec<Value> = vec![self.periode.into()];
        if let Some(file) = self.file {
            ou.push(format!("({})", condition(file)));
            if file == File::SansAccord {
                valeurs.push(self.periode.into());
            }
        }
        if !self.etats.is_empty() {
            ou.push(format!("i.etat IN ({})", marques(self.etats.len())));
            valeurs.extend(self.etats.iter().map(|e| Value::from(e.code())));
        }
        for (colonne, ids) in [("i.modalite", &self.modalites), ("i.centre", &self.centres)] {
            if !ids.is_empty() {
                ou.push(format!("{colonne} IN ({})", marques(ids.len())));
                valeurs.extend(ids.iter().map(|id| Value::from(*id)));
            }
        }
        if !self.etapes.is_empty() {
            let une = vec!["i.etapes LIKE ? ESCAPE '!'"; self.etapes.len()].join(" OR ");
            ou.push(format!("({une})"));
            valeurs.extend(self.etapes.iter().map(|e| Value::from(like(e))));
        }
        for mot in self.recherche.split_whitespace() {
            ou.push("i.recherche LIKE ? ESCAPE '!'".to_owned());
            valeurs.push(like(mot).into());
        }
        (ou.join(" AND "), valeurs)
    }

    fn cherche(&self) -> bool {
        !self.recherche.trim().is_empty() || !self.etapes.is_empty()
    }

    fn ordre(&self) -> String {
        let sens = if self.decroissant { "DESC" } else { "ASC" };
        let colonne = match self.tri {
            "numero" => "i.etudiant",
            "etat" => "i.etat",
            "solde" => "i.solde_cents",
            "du" => "i.du_cents",
            "validee" => "i.validee_le",
            "modifiee" => "i.modifiee_le",
            _ => "i.classement",
        };
        format!("{colonne} {sens}, i.id {sens}")
    }
}

/// A registration and the labels that a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ligne {
    /// The registration.
    pub inscription: Inscription,
    /// Label of its modality.
    pub modalite: Option<String>,
    /// Its centre.
    pub centre: Option<String>,
}

/// A page of them.
///
/// # Errors
/// Those of the database.
pub async fn registre_list<C: ConnectionTrait>(
    conn: &C,
    filtre: &Filtre,
    paging: Paging,
) -> Result<Page<Ligne>, DbError> {
    let (ou, valeurs) = filtre.ou();
    let bornes = [paging.taille(), paging.offset()].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    // Text is found by looking at every row: once, and it is counted in passing. The rest is counted from indexes, without reading rows.
    let cherche = filtre.cherche();
    let compte = if cherche { "COUNT(*) OVER ()" } else { "0" };
    // Labels are joined to the rows of the page only.
    let sql = format!(
        "SELECT {COLONNES}, m.libelle, c.nom, i.total
         FROM (SELECT i.*, {compte} AS total FROM iexam_inscription i WHERE {ou} ORDER BY {ordre} LIMIT ? OFFSET ?) i
         LEFT JOIN iexam_modalite m ON m.id = i.modalite LEFT JOIN iexam_centre c ON c.id = i.centre ORDER BY {ordre}",
        ordre = filtre.ordre()
    );
    let rows = select(conn, &sql, valeurs.iter().cloned().chain(bornes.map(Value::from))).await?;
    let total = match rows.first() {
        Some(row) if cherche => row.try_get_by_index::<i64>(LARGEUR + 2)?.unsigned_abs(),
        _ => count(conn, &format!("SELECT COUNT(*) FROM iexam_inscription i WHERE {ou}"), valeurs).await?,
    };
    let lignes = rows.iter().map(|row| {
        Ok::<_, DbError>(Ligne {
            inscription: lire(row)?,
            modalite: row.try_get_by_index(LARGEUR)?,
            centre: row.try_get_by_index(LARGEUR + 1)?,
        })
    });
    Ok(Page::new(paging, total, lignes.collect::<Result<_, _>>()?))
}

/// Numbers of the registrations of a list, in its order, `max` at most.
///
/// # Errors
/// Those of the database.
pub async fn registre_ids<C: ConnectionTrait>(
    conn: &C,
    filtre: &Filtre,
    max: i64,
) -> Result<Vec<i64>, DbError> {
    let (ou, valeurs) = filtre.ou();
    let sql = format!("SELECT i.id FROM iexam_inscription i WHERE {ou} ORDER BY {} LIMIT ?", filtre.ordre());
    let rows = select(conn, &sql, valeurs.into_iter().chain([max.into()])).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// How many registrations each worklist of a period has, and how many there are in all: one query, whose every count is read from an index.
///
/// # Errors
/// Those of the database.
pub async fn files_count<C: ConnectionTrait>(
    conn: &C,
    periode: i64,
) -> Result<(BTreeMap<File, u64>, u64), DbError> {
    let mut valeurs: Vec<Value> = vec![periode.into()];
    let mut comptes = vec!["(SELECT COUNT(*) FROM iexam_inscription i WHERE i.periode = ?)".to_owned()];
    for file in File::ALL {
        let (ou, siennes) = Filtre { periode, file: Some(file), ..Filtre::default() }.ou();
        comptes.push(format!("(SELECT COUNT(*) FROM iexam_inscription i WHERE {ou})"));
        valeurs.extend(siennes);
    }
    let rows = select(conn, &format!("SELECT {}", comptes.join(", ")), valeurs).await?;
    let Some(row) = rows.first() else { return Ok((BTreeMap::new(), 0)) };
    let lu = |n: usize| row.try_get_by_index::<i64>(n).map(i64::unsigned_abs);
    let mut files = BTreeMap::new();
    for (n, file) in File::ALL.into_iter().enumerate() {
        files.insert(file, lu(n + 1)?);
    }
    Ok((files, lu(0)?))
}

/// What a period can be narrowed by, with how many of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facettes {
    /// By state.
    pub etats: BTreeMap<EtatInscription, u64>,
    /// By modality: row, label, count.
    pub modalites: Vec<(i64, String, u64)>,
    /// By centre.
    pub centres: Vec<(i64, String, u64)>,
    /// By étape.
    pub etapes: BTreeMap<String, u64>,
}

/// Counts what a period holds, each from an index of its own.
///
/// # Errors
/// Those of the database.
pub async fn facettes<C: ConnectionTrait>(conn: &C, periode: i64) -> Result<Facettes, DbError> {
    let mut f = Facettes::default();
    let sql = "SELECT etat, COUNT(*) FROM iexam_inscription WHERE periode = ? GROUP BY etat";
    for row in select(conn, sql, [periode.into()]).await? {
        if let Some(etat) = EtatInscription::of_code(&row.try_get_by_index::<String>(0)?) {
            f.etats.insert(etat, row.try_get_by_index::<i64>(1)?.unsigned_abs());
        }
    }
    let sql = "SELECT m.id, m.libelle, g.n FROM (SELECT modalite, COUNT(*) AS n FROM iexam_inscription WHERE periode = ?
            GROUP BY modalite) g JOIN iexam_modalite m ON m.id = g.modalite ORDER BY m.rang, m.id";
    for row in select(conn, sql, [periode.into()]).await? {
        let n = row.try_get_by_index::<i64>(2)?.unsigned_abs();
        f.modalites.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?, n));
    }
    let sql =
        "SELECT c.id, c.nom, g.n FROM (SELECT centre, COUNT(*) AS n FROM iexam_inscription WHERE periode = ?
            GROUP BY centre) g JOIN iexam_centre c ON c.id = g.centre ORDER BY c.nom, c.id";
    for row in select(conn, sql, [periode.into()]).await? {
        let n = row.try_get_by_index::<i64>(2)?.unsigned_abs();
        f.centres.push((row.try_get_by_index(0)?, row.try_get_by_index(1)?, n));
    }
    let sql = "SELECT etapes, COUNT(*) FROM iexam_inscription WHERE periode = ? GROUP BY etapes";
    for row in select(conn, sql, [periode.into()]).await? {
        let n = row.try_get_by_index::<i64>(1)?.unsigned_abs();
        for etape in row.try_get_by_index::<String>(0)?.split(", ").filter(|e| !e.is_empty()) {
            *f.etapes.entry(etape.to_owned()).or_default() += n;
        }
    }
    Ok(f)
}

/// These registrations, in the order of their numbers.
///
/// # Errors
/// Those of the database.
pub async fn registre_lire<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<Vec<Inscription>, DbError> {
    let mut lues = Vec::new();
    for tranche in ids.chunks(500) {
        let sql = format!(
            "SELECT {COLONNES} FROM iexam_inscription i WHERE i.id IN ({}) ORDER BY i.id",
            marques(tranche.len())
        );
        for row in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            lues.push(lire(&row)?);
        }
    }
    Ok(lues)
}

/// Takes registrations out of the hands of the other writers until the end of the transaction: see
/// [`super::inscription::inscription_lock`].
///
/// # Errors
/// Those of the database.
pub async fn registre_lock<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<(), DbError> {
    for tranche in ids.chunks(500) {
        let sql = format!(
            "UPDATE iexam_inscription SET revision = revision WHERE id IN ({})",
            marques(tranche.len())
        );
        execute(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await?;
    }
    Ok(())
}

/// Puts these registrations in a state with its reason (empty: none), and says whether they hold a place.
///
/// # Errors
/// Those of the database.
pub async fn registre_etat<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
    etat: EtatInscription,
    motif: &str,
    quand: DateTime<Utc>,
) -> Result<(), DbError> {
    for tranche in ids.chunks(500) {
        let sql = format!(
            "UPDATE iexam_inscription SET etat = ?, motif = ?, tient_place = ?, modifiee_le = ? WHERE id IN ({})",
            marques(tranche.len())
        );
        let valeurs: [Value; 4] = [etat.code().into(), motif.into(), etat.tient_place().into(), quand.into()];
        execute(conn, &sql, valeurs.into_iter().chain(tranche.iter().map(|id| Value::from(*id)))).await?;
    }
    Ok(())
}
