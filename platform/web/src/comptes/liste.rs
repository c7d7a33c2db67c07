//! The accounts as the IT service looks for them: searched, narrowed, sorted and paged in the database.

use db::sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr, sea_query::LikeExpr,
};
use db::{DbError, Page, Paging};
use kernel::Role;

use super::store::compte as table;
use super::{Compte, CompteFault, Comptes, compte};

/// How an account is entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entree {
    /// By its password, or by CAS where there is one.
    #[default]
    Tous,
    /// By CAS alone: it has no password here.
    Cas,
    /// By its password alone: an account of emergency, which CAS must not open.
    Local,
}

impl Entree {
    /// Every way, in the order shown.
    pub const ALL: [Self; 3] = [Self::Tous, Self::Cas, Self::Local];

    /// The spelling stored and sent by forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tous => "tous",
            Self::Cas => "cas",
            Self::Local => "local",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Tous => "CAS ou mot de passe",
            Self::Cas => "CAS seulement",
            Self::Local => "Mot de passe seulement",
        }
    }

    /// Reads a code; anything else is the usual way.
    #[must_use]
    pub fn parse(code: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.code() == code).unwrap_or_default()
    }
}

/// What an account may be in, for narrowing the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatCompte {
    /// May be entered.
    Actif,
    /// Closed by the IT service.
    Desactive,
    /// Locked for now, after failures.
    Bloque,
    /// With a temporary password that nobody has changed yet.
    Provisoire,
    /// Nobody has ever signed in to it.
    Jamais,
}

impl EtatCompte {
    /// Every state, in the order shown.
    pub const ALL: [Self; 5] = [Self::Actif, Self::Desactive, Self::Bloque, Self::Provisoire, Self::Jamais];

    /// As the address carries it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Actif => "actif",
            Self::Desactive => "desactive",
            Self::Bloque => "bloque",
            Self::Provisoire => "provisoire",
            Self::Jamais => "jamais",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Actif => "Actif",
            Self::Desactive => "Désactivé",
            Self::Bloque => "Bloqué pour l’instant",
            Self::Provisoire => "Mot de passe provisoire",
            Self::Jamais => "Jamais connecté",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Columns that sort, the usual one first.
pub const TRIS: [&str; 4] = ["nom", "identifiant", "role", "connexion"];

/// Which accounts.
#[derive(Clone, Debug, Default)]
pub struct FiltreComptes {
    /// Part of a name or login.
    pub recherche: String,
    /// Any of these roles; all when empty.
    pub roles: Vec<Role>,
    /// Any of these states; all when empty.
    pub etats: Vec<EtatCompte>,
    /// Any of these ways of entry; all when empty.
    pub entrees: Vec<Entree>,
    /// One of [`TRIS`]; the first otherwise.
    pub tri: String,
    /// From large to small.
    pub decroissant: bool,
}

impl Comptes {
    /// One page of the accounts.
    ///
    /// # Errors
    /// The database's.
    pub async fn chercher(
        &self,
        filtre: &FiltreComptes,
        paging: Paging,
    ) -> Result<Page<Compte>, CompteFault> {
        let now = self.clock.now();
        let condition = condition(filtre, now);
        let (tri, decroissant) = (filtre.tri.clone(), filtre.decroissant);
        let (total, rows) =
            self.db.read(|c| async move { lire(&c, condition, &tri, decroissant, paging).await }).await?;
        Ok(Page::new(paging, total, rows.into_iter().filter_map(compte).collect()))
    }
}

async fn lire<C: ConnectionTrait>(
    conn: &C,
    condition: Condition,
    tri: &str,
    decroissant: bool,
    paging: Paging,
) -> Result<(u64, Vec<table::Model>), DbError> {
    use db::sea_orm::Order::{Asc, Desc};
    let sens = if decroissant { Desc } else { Asc };
    let query = table::Entity::find().filter(condition);
    let total = query.clone().count(conn).await?;
    let query = match tri {
        "identifiant" => query.order_by(table::Column::Identifiant, sens),
        "role" => query.order_by(table::Column::Role, sens).order_by_asc(table::Column::Recherche),
        // Those who never came are last, whichever way.
        "connexion" => query
            .order_by_asc(Expr::cust("CASE WHEN connecte_le IS NULL THEN 1 ELSE 0 END"))
            .order_by(table::Column::ConnecteLe, sens)
            .order_by_asc(table::Column::Recherche),
        _ => query.order_by(table::Column::Recherche, sens),
    };
    let query = query.order_by_asc(table::Column::Id).offset(paging.offset()).limit(paging.taille());
    Ok((total, query.all(conn).await?))
}

fn condition(filtre: &FiltreComptes, now: chrono::DateTime<chrono::Utc>) -> Condition {
    let mut all = Condition::all();
    for word in kernel::fold(&filtre.recherche).split_whitespace() {
        let like = LikeExpr::new(db::sql::like(word)).escape('!');
        all = all.add(Expr::col(table::Column::Recherche).like(like));
    }
    if !filtre.roles.is_empty() {
        all = all.add(table::Column::Role.is_in(filtre.roles.iter().map(|role| role.code())));
    }
    if !filtre.entrees.is_empty() {
        all = all.add(table::Column::Entree.is_in(filtre.entrees.iter().map(|entree| entree.code())));
    }
    if !filtre.etats.is_empty() {
        let any = filtre.etats.iter().fold(Condition::any(), |any, etat| any.add(dans(*etat, now)));
        all = all.add(any);
    }
    all
}

fn dans(etat: EtatCompte, now: chrono::DateTime<chrono::Utc>) -> Condition {
    let all = Condition::all();
    match etat {
        EtatCompte::Actif => all.add(table::Column::Actif.eq(true)),
        EtatCompte::Desactive => all.add(table::Column::Actif.eq(false)),
        EtatCompte::Bloque => all.add(table::Column::BloqueJusquA.gt(now)),
        EtatCompte::Provisoire => all.add(table::Column::AChanger.eq(true)),
        EtatCompte::Jamais => all.add(table::Column::ConnecteLe.is_null()),
    }
}
