//! Saved views, and what each person keeps of each list.

use chrono::{DateTime, Utc};
use db::sea_orm::{ConnectionTrait, QueryResult};
use db::{DbError, Upsert, sql, upsert_rows};
use kernel::Role;

use super::Vue;

/// What a person keeps of a list: its columns, and the view shown first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Garde {
    pub(crate) colonnes: Vec<String>,
    pub(crate) vue: Option<i64>,
}

const COLONNES: &str =
    "v.id, v.liste, v.compte, v.nom, v.parametres, v.role, v.supprimee_le, c.nom AS proprietaire";

fn vue(row: &QueryResult) -> Result<Vue, DbError> {
    let role: Option<String> = row.try_get("", "role")?;
    Ok(Vue {
        id: row.try_get("", "id")?,
        liste: row.try_get("", "liste")?,
        compte: row.try_get("", "compte")?,
        proprietaire: row.try_get("", "proprietaire")?,
        nom: row.try_get("", "nom")?,
        parametres: row.try_get("", "parametres")?,
        role: role.and_then(|role| role.parse().ok()),
        supprimee: row.try_get::<Option<DateTime<Utc>>>("", "supprimee_le")?.is_some(),
    })
}

/// The views of `liste` that `compte` may use: its own, and those shared with its role. Deleted ones are told apart.
pub(crate) async fn vue_list<C: ConnectionTrait>(
    conn: &C,
    liste: &str,
    compte: i64,
    role: Role,
) -> Result<Vec<Vue>, DbError> {
    let text = format!(
        "SELECT {COLONNES} FROM web_vue v JOIN web_compte c ON c.id = v.compte
         WHERE v.liste = ? AND (v.compte = ? OR (v.role = ? AND v.supprimee_le IS NULL)) ORDER BY v.cle, v.id"
    );
    let rows = sql::select(conn, &text, [liste.into(), compte.into(), role.code().into()]).await?;
    rows.iter().map(vue).collect()
}

pub(crate) async fn vue_read<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Option<Vue>, DbError> {
    let text =
        format!("SELECT {COLONNES} FROM web_vue v JOIN web_compte c ON c.id = v.compte WHERE v.id = ?");
    sql::select(conn, &text, [id.into()]).await?.first().map(vue).transpose()
}

/// Whether the person has another view of that name.
pub(crate) async fn vue_named<C: ConnectionTrait>(
    conn: &C,
    liste: &str,
    compte: i64,
    nom: &str,
    other_than: i64,
) -> Result<bool, DbError> {
    let text = "SELECT COUNT(*) FROM web_vue WHERE liste = ? AND compte = ? AND cle = ? AND id <> ? AND supprimee_le IS NULL";
    let values = [liste.into(), compte.into(), kernel::fold(nom).into(), other_than.into()];
    Ok(sql::count(conn, text, values).await? > 0)
}

pub(crate) async fn vue_count<C: ConnectionTrait>(
    conn: &C,
    liste: &str,
    compte: i64,
) -> Result<u64, DbError> {
    let text = "SELECT COUNT(*) FROM web_vue WHERE liste = ? AND compte = ? AND supprimee_le IS NULL";
    sql::count(conn, text, [liste.into(), compte.into()]).await
}

/// Adds a view, and gives its number.
pub(crate) async fn vue_insert<C: ConnectionTrait>(
    conn: &C,
    new: &Vue,
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    let text = "INSERT INTO web_vue (liste, compte, nom, cle, parametres, role, modifiee_le) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id";
    let values = [
        new.liste.clone().into(),
        new.compte.into(),
        new.nom.clone().into(),
        kernel::fold(&new.nom).into(),
        new.parametres.clone().into(),
        new.role.map(|role| role.code().to_owned()).into(),
        now.into(),
    ];
    let rows = sql::select(conn, text, values).await?;
    let row = rows.first().ok_or_else(|| DbError::Value("une vue enregistrée n'a pas de numéro".into()))?;
    Ok(row.try_get("", "id")?)
}

/// Writes what may change of a view.
pub(crate) async fn vue_update<C: ConnectionTrait>(
    conn: &C,
    vue: &Vue,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let text = "UPDATE web_vue SET nom = ?, cle = ?, parametres = ?, role = ?, modifiee_le = ?, supprimee_le = ? WHERE id = ? RETURNING id";
    let values = [
        vue.nom.clone().into(),
        kernel::fold(&vue.nom).into(),
        vue.parametres.clone().into(),
        vue.role.map(|role| role.code().to_owned()).into(),
        now.into(),
        vue.supprimee.then_some(now).into(),
        vue.id.into(),
    ];
    sql::select(conn, text, values).await?;
    Ok(())
}

pub(crate) async fn garde_read<C: ConnectionTrait>(
    conn: &C,
    liste: &str,
    compte: i64,
) -> Result<Garde, DbError> {
    let text = "SELECT colonnes, vue FROM web_liste WHERE compte = ? AND liste = ?";
    let rows = sql::select(conn, text, [compte.into(), liste.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Garde::default()) };
    let colonnes: String = row.try_get("", "colonnes")?;
    Ok(Garde {
        colonnes: colonnes.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect(),
        vue: row.try_get("", "vue")?,
    })
}

pub(crate) async fn garde_write<C: ConnectionTrait>(
    conn: &C,
    liste: &str,
    compte: i64,
    garde: &Garde,
) -> Result<(), DbError> {
    let target = Upsert {
        table: "web_liste",
        columns: &["compte", "liste", "colonnes", "vue"],
        key: &["compte", "liste"],
        update: &["colonnes", "vue"],
    };
    let row = vec![compte.into(), liste.into(), garde.colonnes.join(",").into(), garde.vue.into()];
    upsert_rows(conn, target, [row]).await?;
    Ok(())
}
