//! What the IT service does to an account. Each verb is one transaction with its line of the journal.

use chrono::{DateTime, Duration, Utc};
use db::journal;
use db::sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, sea_query::Expr,
};
use db::{DbError, Tx};
use kernel::{Actor, NumeroEtudiant, Role};
use serde_json::json;

use super::etudiant::permis as permis_etudiant;
use super::store::{self, NewCompte, compte as table};
use super::{Compte, CompteFault, Comptes, Entree, compte, empreinte, ligne, nom_affiche, normalise};
use crate::Vu;

/// How long a temporary password opens.
const PROVISOIRE: Duration = Duration::days(7);

/// An account to make without choosing its password.
#[derive(Clone, Debug)]
pub struct NouvelAcces {
    /// Login.
    pub identifiant: String,
    /// Displayed name; the login when empty.
    pub nom: String,
    /// Role.
    pub role: Role,
    /// How it is entered.
    pub entree: Entree,
    /// The student whose account it is; for that role alone.
    pub etudiant: Option<NumeroEtudiant>,
}

/// What making an account, or resetting its password, gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ouvert {
    /// Login, as stored.
    pub identifiant: String,
    /// A temporary password to be given to the person: it exists nowhere else. `None` for an account that only CAS opens.
    pub provisoire: Option<String>,
    /// Until when it opens.
    pub jusqu_a: DateTime<Utc>,
}

/// What a form gives an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modification {
    /// Displayed name.
    pub nom: String,
    /// Role.
    pub role: Role,
    /// How it is entered.
    pub entree: Entree,
    /// The student whose account it is; for that role alone.
    pub etudiant: Option<NumeroEtudiant>,
}

impl Compte {
    /// What a form about this account has seen.
    #[must_use]
    pub fn vu(&self) -> Vu {
        let etudiant = self.etudiant.as_ref().map(NumeroEtudiant::as_str).unwrap_or_default();
        Vu::of([&self.nom, self.role.code(), self.entree.code(), etudiant])
    }
}

impl Comptes {
    /// The account by that login, if there is one.
    ///
    /// # Errors
    /// The database's.
    pub async fn lire(&self, identifiant: &str) -> Result<Option<Compte>, CompteFault> {
        let Some(identifiant) = normalise(identifiant) else { return Ok(None) };
        let row = self.db.read(|c| async move { store::compte_read(&c, &identifiant).await }).await?;
        Ok(row.and_then(compte))
    }

    /// Makes an account, with a temporary password unless only CAS opens it.
    ///
    /// # Errors
    /// A login taken or impossible, a name that cannot be one, a number that this account may not carry.
    pub async fn ouvrir(&self, acteur: &Actor, nouvel: NouvelAcces) -> Result<Ouvert, CompteFault> {
        let identifiant = normalise(&nouvel.identifiant).ok_or(CompteFault::Identifiant)?;
        let nom = nom_affiche(&nouvel.nom, &identifiant)?;
        let jusqu_a = self.clock.now() + PROVISOIRE;
        let provisoire = if nouvel.entree == Entree::Cas { None } else { Some(mot_provisoire()?) };
        let empreinte = match &provisoire {
            Some(mot) => empreinte::make(mot.clone()).await?,
            None => String::new(),
        };
        let nouveau = NewCompte {
            identifiant: identifiant.clone(),
            nom,
            role: nouvel.role,
            entree: nouvel.entree,
            etudiant: nouvel.etudiant,
            empreinte,
            provisoire_jusqu_a: provisoire.is_some().then_some(jusqu_a),
        };
        self.inserer(acteur, nouveau).await?;
        Ok(Ouvert { identifiant, provisoire, jusqu_a })
    }

    /// Gives an account another name, role or way of entry. With `vu`, only if nobody changed it since.
    ///
    /// # Errors
    /// [`CompteFault::Conflit`], [`CompteFault::SoiMeme`], [`CompteFault::Dernier`], an unknown login, a bad name, a number that
    /// this account may not carry.
    pub async fn modifier(
        &self,
        acteur: &Actor,
        identifiant: &str,
        modification: Modification,
        vu: Option<&str>,
    ) -> Result<(), CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let Modification { nom, role, entree, etudiant } = modification;
        let nom = nom_affiche(&nom, &identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (acteur, identifiant, nom, vu) =
                    (acteur.clone(), identifiant.clone(), nom.clone(), vu.map(str::to_owned));
                let etudiant = etudiant.clone();
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    let held = compte(row.clone()).ok_or(CompteFault::Inconnu(identifiant.clone()))?;
                    if vu.is_some_and(|vu| !held.vu().is(&vu)) {
                        return Err(CompteFault::Conflit);
                    }
                    if (held.nom.as_str(), held.role, held.entree, &held.etudiant)
                        == (nom.as_str(), role, entree, &etudiant)
                    {
                        return Ok(());
                    }
                    permis_etudiant(&tx, &identifiant, role, etudiant.as_ref()).await?;
                    if held.role != role {
                        permis(&tx, &acteur, &held).await?;
                    }
                    let mut update = table::Entity::update_many()
                        .col_expr(table::Column::Nom, Expr::value(nom.clone()))
                        .col_expr(table::Column::Role, Expr::value(role.code()))
                        .col_expr(table::Column::Entree, Expr::value(entree.code()))
                        .col_expr(table::Column::Etudiant, Expr::value(etudiant.as_ref().map(|n| n.0.clone())))
                        .col_expr(table::Column::Recherche, {
                            let numero = etudiant.as_ref().map(NumeroEtudiant::as_str);
                            Expr::value(store::recherche(&nom, &identifiant, numero))
                        });
                    if entree == Entree::Cas {
                        // What nobody may type any more is not kept.
                        update = update
                            .col_expr(table::Column::Empreinte, Expr::value(""))
                            .col_expr(table::Column::AChanger, Expr::value(false))
                            .col_expr(table::Column::ProvisoireJusquA, Expr::value(Option::<DateTime<Utc>>::None));
                    }
                    update.filter(table::Column::Id.eq(row.id)).exec(&*tx).await.map_err(DbError::from)?;
                    let side = |nom: &str, role: Role, entree: Entree, etudiant: &Option<NumeroEtudiant>| {
                        json!({ "nom": nom, "role": role.code(), "entree": entree.code(), "etudiant": etudiant })
                    };
                    let avant = side(&held.nom, held.role, held.entree, &held.etudiant);
                    let apres = side(&nom, role, entree, &etudiant);
                    journaliser(&tx, now, &acteur, "compte.modifier", &identifiant, Some(avant), Some(apres)).await
                }
            })
            .await
    }

    /// Opens or closes an account. Closing ends its sessions.
    ///
    /// # Errors
    /// An unknown login, [`CompteFault::SoiMeme`], [`CompteFault::Dernier`].
    pub async fn activer(&self, acteur: &Actor, identifiant: &str, actif: bool) -> Result<(), CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, acteur) = (identifiant.clone(), acteur.clone());
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    if row.actif == actif {
                        return Ok(());
                    }
                    if !actif {
                        let held = compte(row.clone()).ok_or(CompteFault::Inconnu(identifiant.clone()))?;
                        permis(&tx, &acteur, &held).await?;
                        store::session_close(&*tx, row.id, None, None).await?;
                    }
                    store::compte_actif(&*tx, row.id, actif).await?;
                    let (avant, apres) = (json!({ "actif": row.actif }), json!({ "actif": actif }));
                    journaliser(&tx, now, &acteur, "compte.activer", &identifiant, Some(avant), Some(apres))
                        .await
                }
            })
            .await
    }

    /// Forgets the failures of an account, which may be entered at once. Says whether it was locked.
    ///
    /// # Errors
    /// An unknown login.
    pub async fn debloquer(&self, acteur: &Actor, identifiant: &str) -> Result<bool, CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let now = self.clock.now();
        self.db
            .write(|tx| {
                let (identifiant, acteur) = (identifiant.clone(), acteur.clone());
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    let locked = row.bloque_jusqu_a.is_some_and(|fin| fin > now);
                    if row.echecs == 0 {
                        return Ok(false);
                    }
                    store::compte_echecs(&*tx, row.id, 0, None).await?;
                    let avant = json!({ "echecs": row.echecs });
                    let apres = json!({ "echecs": 0 });
                    journaliser(
                        &tx,
                        now,
                        &acteur,
                        "compte.debloquer",
                        &identifiant,
                        Some(avant),
                        Some(apres),
                    )
                    .await?;
                    Ok(locked)
                }
            })
            .await
    }

    /// Gives an account a temporary password, unlocks it and closes its sessions.
    ///
    /// # Errors
    /// An unknown login, an account that only CAS opens.
    pub async fn reinitialiser(&self, acteur: &Actor, identifiant: &str) -> Result<Ouvert, CompteFault> {
        let identifiant = normalise(identifiant).ok_or(CompteFault::Identifiant)?;
        let mot = mot_provisoire()?;
        let empreinte = empreinte::make(mot.clone()).await?;
        let now = self.clock.now();
        let jusqu_a = now + PROVISOIRE;
        self.db
            .write(|tx| {
                let (identifiant, empreinte, acteur) =
                    (identifiant.clone(), empreinte.clone(), acteur.clone());
                async move {
                    let row = tenir(&tx, &identifiant).await?;
                    if row.entree == Entree::Cas.code() {
                        return Err(CompteFault::CasSeulement);
                    }
                    store::compte_empreinte(&*tx, row.id, &empreinte, Some(jusqu_a)).await?;
                    store::session_close(&*tx, row.id, None, None).await?;
                    journaliser(&tx, now, &acteur, "compte.reinitialiser", &identifiant, None, None).await
                }
            })
            .await?;
        Ok(Ouvert { identifiant, provisoire: Some(mot), jusqu_a })
    }
}

/// The account, held against others until the transaction ends.
pub(super) async fn tenir(tx: &Tx, identifiant: &str) -> Result<table::Model, CompteFault> {
    let held = table::Entity::find()
        .filter(table::Column::Identifiant.eq(identifiant))
        .lock_exclusive()
        .one(&**tx)
        .await
        .map_err(DbError::from)?;
    held.ok_or_else(|| CompteFault::Inconnu(identifiant.to_owned()))
}

/// Whether `acteur` may close `held` or take its role: not one's own account, and never the last that may administer.
async fn permis(tx: &Tx, acteur: &Actor, held: &Compte) -> Result<(), CompteFault> {
    if matches!(acteur, Actor::Personne { identifiant, .. } if *identifiant == held.identifiant) {
        return Err(CompteFault::SoiMeme);
    }
    if held.role == Role::Informatique && held.actif && autres_administrateurs(&**tx, held.id).await? == 0 {
        return Err(CompteFault::Dernier);
    }
    Ok(())
}

/// Active accounts of the IT service but one. They are held until the end: of two people who close each other's, one waits and is told.
async fn autres_administrateurs<C: ConnectionTrait>(conn: &C, but: i64) -> Result<usize, DbError> {
    let rows = table::Entity::find()
        .filter(table::Column::Role.eq(Role::Informatique.code()).and(table::Column::Actif.eq(true)))
        .filter(table::Column::Id.ne(but))
        .lock_exclusive()
        .all(conn)
        .await?;
    Ok(rows.len())
}

pub(super) async fn journaliser(
    tx: &Tx,
    now: DateTime<Utc>,
    acteur: &Actor,
    action: &str,
    identifiant: &str,
    avant: Option<serde_json::Value>,
    apres: Option<serde_json::Value>,
) -> Result<(), CompteFault> {
    journal::write(&**tx, ligne(now, acteur, action, identifiant, avant, apres)).await?;
    Ok(())
}

/// Sixteen letters and digits that cannot be mistaken for each other, by four: 80 bits, and easy to dictate.
fn mot_provisoire() -> Result<String, CompteFault> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|err| CompteFault::Empreinte(err.to_string()))?;
    let mut out = String::new();
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.extend(LETTERS.get(usize::from(byte % 32)).copied().map(char::from));
    }
    Ok(out)
}
