//! Tables of accounts and sessions.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set,
    sea_query::Expr,
};

use crate::sessions::Seen;

pub(crate) mod compte {
    use chrono::{DateTime, Utc};
    use db::sea_orm;
    use db::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "web_compte")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) identifiant: String,
        pub(crate) nom: String,
        pub(crate) empreinte: String,
        pub(crate) role: String,
        pub(crate) actif: bool,
        pub(crate) cree_le: DateTime<Utc>,
        pub(crate) echecs: i64,
        pub(crate) bloque_jusqu_a: Option<DateTime<Utc>>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod session {
    use chrono::{DateTime, Utc};
    use db::sea_orm;
    use db::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "web_session")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) jeton: String,
        pub(crate) compte: i64,
        pub(crate) creee_le: DateTime<Utc>,
        pub(crate) vue_le: DateTime<Utc>,
        pub(crate) expire_le: DateTime<Utc>,
        pub(crate) appareil: String,
        pub(crate) csrf: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {
        #[sea_orm(
            belongs_to = "super::compte::Entity",
            from = "Column::Compte",
            to = "super::compte::Column::Id"
        )]
        Compte,
    }

    impl Related<super::compte::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Compte.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A session about to be opened.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    pub(crate) jeton: String,
    pub(crate) compte: i64,
    pub(crate) now: DateTime<Utc>,
    pub(crate) expire_le: DateTime<Utc>,
    pub(crate) appareil: String,
    pub(crate) csrf: String,
}

pub(crate) async fn compte_read<C: ConnectionTrait>(
    conn: &C,
    identifiant: &str,
) -> Result<Option<compte::Model>, DbError> {
    Ok(compte::Entity::find().filter(compte::Column::Identifiant.eq(identifiant)).one(conn).await?)
}

pub(crate) async fn compte_list<C: ConnectionTrait>(conn: &C) -> Result<Vec<compte::Model>, DbError> {
    Ok(compte::Entity::find().order_by_asc(compte::Column::Identifiant).all(conn).await?)
}

pub(crate) async fn compte_insert<C: ConnectionTrait>(
    conn: &C,
    new: &super::NouveauCompte,
    empreinte: &str,
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    let row = compte::ActiveModel {
        identifiant: Set(new.identifiant.clone()),
        nom: Set(new.nom.clone()),
        empreinte: Set(empreinte.to_owned()),
        role: Set(new.role.code().to_owned()),
        actif: Set(true),
        cree_le: Set(now),
        echecs: Set(0),
        bloque_jusqu_a: Set(None),
        ..Default::default()
    };
    Ok(row.insert(conn).await?.id)
}

/// Sets the failures counted and until when the account is locked.
pub(crate) async fn compte_echecs<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    echecs: i64,
    bloque_jusqu_a: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    compte::Entity::update_many()
        .col_expr(compte::Column::Echecs, Expr::value(echecs))
        .col_expr(compte::Column::BloqueJusquA, Expr::value(bloque_jusqu_a))
        .filter(compte::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(crate) async fn compte_empreinte<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    empreinte: &str,
) -> Result<(), DbError> {
    compte::Entity::update_many()
        .col_expr(compte::Column::Empreinte, Expr::value(empreinte))
        .col_expr(compte::Column::Echecs, Expr::value(0_i64))
        .col_expr(compte::Column::BloqueJusquA, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(compte::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(crate) async fn compte_actif<C: ConnectionTrait>(conn: &C, id: i64, actif: bool) -> Result<(), DbError> {
    compte::Entity::update_many()
        .col_expr(compte::Column::Actif, Expr::value(actif))
        .filter(compte::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(crate) async fn session_insert<C: ConnectionTrait>(conn: &C, new: NewSession) -> Result<(), DbError> {
    let row = session::ActiveModel {
        jeton: Set(new.jeton),
        compte: Set(new.compte),
        creee_le: Set(new.now),
        vue_le: Set(new.now),
        expire_le: Set(new.expire_le),
        appareil: Set(new.appareil),
        csrf: Set(new.csrf),
        ..Default::default()
    };
    row.insert(conn).await?;
    Ok(())
}

pub(crate) async fn session_read<C: ConnectionTrait>(
    conn: &C,
    jeton: &str,
) -> Result<Option<(session::Model, compte::Model)>, DbError> {
    let found = session::Entity::find()
        .filter(session::Column::Jeton.eq(jeton))
        .find_also_related(compte::Entity)
        .one(conn)
        .await?;
    Ok(found.and_then(|(session, compte)| compte.map(|compte| (session, compte))))
}

pub(crate) async fn session_touch<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    session::Entity::update_many()
        .col_expr(session::Column::VueLe, Expr::value(now))
        .filter(session::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

pub(crate) async fn session_list<C: ConnectionTrait>(
    conn: &C,
    compte: i64,
    now: DateTime<Utc>,
    inactive: DateTime<Utc>,
) -> Result<Vec<Seen>, DbError> {
    let rows = session::Entity::find()
        .filter(session::Column::Compte.eq(compte))
        .filter(session::Column::ExpireLe.gt(now))
        .filter(session::Column::VueLe.gt(inactive))
        .order_by_desc(session::Column::VueLe)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| Seen { id: row.id, appareil: row.appareil, vue_le: row.vue_le }).collect())
}

/// Closes sessions of an account: `only` one, or all `but` one, or all.
pub(crate) async fn session_close<C: ConnectionTrait>(
    conn: &C,
    compte: i64,
    only: Option<i64>,
    but: Option<i64>,
) -> Result<(), DbError> {
    let mut delete = session::Entity::delete_many().filter(session::Column::Compte.eq(compte));
    if let Some(id) = only {
        delete = delete.filter(session::Column::Id.eq(id));
    }
    if let Some(id) = but {
        delete = delete.filter(session::Column::Id.ne(id));
    }
    delete.exec(conn).await?;
    Ok(())
}

/// Forgets the sessions that ended by themselves.
pub(crate) async fn session_purge<C: ConnectionTrait>(
    conn: &C,
    now: DateTime<Utc>,
    inactive: DateTime<Utc>,
) -> Result<(), DbError> {
    let ended = session::Column::ExpireLe.lte(now).or(session::Column::VueLe.lte(inactive));
    session::Entity::delete_many().filter(ended).exec(conn).await?;
    Ok(())
}
