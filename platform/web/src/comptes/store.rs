//! Tables of accounts and sessions.

use chrono::{DateTime, Utc};
use db::DbError;
use db::sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set,
    sea_query::Expr,
};
use kernel::{NumeroEtudiant, Role};

use super::Entree;
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
        /// How one enters: `tous`, `cas`, `local`.
        pub(crate) entree: String,
        /// Whether the password must be changed at the next entry.
        pub(crate) a_changer: bool,
        /// Until when a password that must be changed opens.
        pub(crate) provisoire_jusqu_a: Option<DateTime<Utc>>,
        /// Last sign-in.
        pub(crate) connecte_le: Option<DateTime<Utc>>,
        /// Name, login and number, folded: what lists search and sort by.
        pub(crate) recherche: String,
        /// The student whose account it is: COD_ETU.
        pub(crate) etudiant: Option<String>,
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
        /// Hash of the CAS ticket that opened it, by which CAS closes it.
        pub(crate) ticket: Option<String>,
        /// Role as which the suite is looked at, when it is not the account's own.
        pub(crate) voir_comme: Option<String>,
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
    pub(crate) ticket: Option<String>,
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

/// An account about to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewCompte {
    pub(crate) identifiant: String,
    pub(crate) nom: String,
    pub(crate) role: Role,
    pub(crate) entree: Entree,
    /// The student whose account it is.
    pub(crate) etudiant: Option<NumeroEtudiant>,
    /// Empty when no password opens it.
    pub(crate) empreinte: String,
    /// Until when its first password opens, if that one must be changed.
    pub(crate) provisoire_jusqu_a: Option<DateTime<Utc>>,
}

pub(crate) async fn compte_insert<C: ConnectionTrait>(
    conn: &C,
    new: NewCompte,
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    let row = compte::ActiveModel {
        recherche: Set(recherche(
            &new.nom,
            &new.identifiant,
            new.etudiant.as_ref().map(NumeroEtudiant::as_str),
        )),
        etudiant: Set(new.etudiant.map(|numero| numero.0)),
        identifiant: Set(new.identifiant),
        nom: Set(new.nom),
        empreinte: Set(new.empreinte),
        role: Set(new.role.code().to_owned()),
        actif: Set(true),
        cree_le: Set(now),
        echecs: Set(0),
        bloque_jusqu_a: Set(None),
        entree: Set(new.entree.code().to_owned()),
        a_changer: Set(new.provisoire_jusqu_a.is_some()),
        provisoire_jusqu_a: Set(new.provisoire_jusqu_a),
        connecte_le: Set(None),
        ..Default::default()
    };
    Ok(row.insert(conn).await?.id)
}

/// What lists search and sort by: name first.
pub(crate) fn recherche(nom: &str, identifiant: &str, etudiant: Option<&str>) -> String {
    kernel::fold(format!("{nom} {identifiant} {}", etudiant.unwrap_or_default()).trim_end())
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

/// Gives an account another password and forgets its failures. With an end, it must be changed at the next entry.
pub(crate) async fn compte_empreinte<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    empreinte: &str,
    provisoire_jusqu_a: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    compte::Entity::update_many()
        .col_expr(compte::Column::Empreinte, Expr::value(empreinte))
        .col_expr(compte::Column::AChanger, Expr::value(provisoire_jusqu_a.is_some()))
        .col_expr(compte::Column::ProvisoireJusquA, Expr::value(provisoire_jusqu_a))
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
        ticket: Set(new.ticket),
        voir_comme: Set(None),
        ..Default::default()
    };
    row.insert(conn).await?;
    compte::Entity::update_many()
        .col_expr(compte::Column::ConnecteLe, Expr::value(new.now))
        .filter(compte::Column::Id.eq(new.compte))
        .exec(conn)
        .await?;
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

pub(crate) async fn sessions_touch<C: ConnectionTrait>(
    conn: &C,
    ids: &[i64],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for ids in ids.chunks(500) {
        session::Entity::update_many()
            .col_expr(session::Column::VueLe, Expr::value(now))
            .filter(session::Column::Id.is_in(ids.iter().copied()))
            .exec(conn)
            .await?;
    }
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
    let seen = |row: session::Model| Seen {
        id: row.id,
        appareil: row.appareil,
        creee_le: row.creee_le,
        vue_le: row.vue_le,
        par_cas: row.ticket.is_some(),
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Closes sessions of an account: `only` one, or all `but` one, or all. Says how many.
pub(crate) async fn session_close<C: ConnectionTrait>(
    conn: &C,
    compte: i64,
    only: Option<i64>,
    but: Option<i64>,
) -> Result<u64, DbError> {
    let mut delete = session::Entity::delete_many().filter(session::Column::Compte.eq(compte));
    if let Some(id) = only {
        delete = delete.filter(session::Column::Id.eq(id));
    }
    if let Some(id) = but {
        delete = delete.filter(session::Column::Id.ne(id));
    }
    Ok(delete.exec(conn).await?.rows_affected)
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

/// Closes the session that a CAS ticket opened, known by its hash.
pub(crate) async fn session_close_by_ticket<C: ConnectionTrait>(
    conn: &C,
    ticket: &str,
) -> Result<u64, DbError> {
    let closed = session::Entity::delete_many().filter(session::Column::Ticket.eq(ticket)).exec(conn).await?;
    Ok(closed.rows_affected)
}

/// Sets as which role a session looks at the suite.
pub(crate) async fn session_voir_comme<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    role: Option<&str>,
) -> Result<(), DbError> {
    session::Entity::update_many()
        .col_expr(session::Column::VoirComme, Expr::value(role.map(str::to_owned)))
        .filter(session::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}

/// Gives a session another token, so that whoever holds the old cookie holds nothing.
pub(crate) async fn session_renew<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    jeton: &str,
    csrf: &str,
) -> Result<(), DbError> {
    session::Entity::update_many()
        .col_expr(session::Column::Jeton, Expr::value(jeton))
        .col_expr(session::Column::Csrf, Expr::value(csrf))
        .filter(session::Column::Id.eq(id))
        .exec(conn)
        .await?;
    Ok(())
}
