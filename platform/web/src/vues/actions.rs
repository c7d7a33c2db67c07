//! The verbs of views: each one transaction, journaled.

use db::journal::{self, Entry};
use db::{DbError, MaybeDb, Tx};
use kernel::{Fault, FaultKind, Role};

use super::Vue;
use super::store::{garde_read, garde_write, vue_count, vue_insert, vue_named, vue_read, vue_update};
use crate::{Visitor, Web};

/// Longest name, in characters.
pub(super) const NOM_MAX: usize = 60;
/// Views a person may keep of one list.
const VUES_MAX: u64 = 50;

/// Why a view is not kept as asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum VueError {
    #[error("une vue a besoin d’un nom")]
    SansNom,
    #[error("nom déjà pris : {0}")]
    Nom(String),
    #[error("trop de vues")]
    Trop,
    #[error("vue introuvable")]
    Introuvable,
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for VueError {
    fn as_db(&self) -> Option<&DbError> {
        if let Self::Base(err) = self { Some(err) } else { None }
    }
}

impl Fault for VueError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::SansNom | Self::Trop => FaultKind::Invalid,
            Self::Nom(_) => FaultKind::Conflict,
            Self::Introuvable => FaultKind::NotFound,
            Self::Base(_) => FaultKind::Internal,
        }
    }

    fn slug(&self) -> &'static str {
        "vue"
    }

    fn message(&self) -> String {
        match self {
            Self::SansNom => "Une vue a besoin d’un nom. Rien n’a été enregistré.".to_owned(),
            Self::Nom(nom) => {
                format!("Vous avez déjà une vue nommée « {nom} » pour cette liste. Rien n’a été enregistré.")
            }
            Self::Trop => format!("Vous avez déjà {VUES_MAX} vues de cette liste. Rien n’a été enregistré."),
            Self::Introuvable => "Cette vue n’existe plus, ou n’est plus partagée avec vous.".to_owned(),
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::SansNom => "Donnez-lui un nom, par exemple « Étapes sans ECTS ».".to_owned(),
            Self::Nom(_) => "Choisissez un autre nom, ou supprimez d’abord l’ancienne vue.".to_owned(),
            Self::Trop => "Supprimez celles qui ne servent plus.".to_owned(),
            Self::Introuvable => "Rechargez la liste pour voir celles qui existent.".to_owned(),
            Self::Base(err) => err.way_out(),
        }
    }
}

/// Spaces made plain, control characters dropped, not too long.
pub(super) fn nom_propre(nom: &str) -> String {
    let plain: String = nom.chars().filter(|c| !c.is_control()).collect();
    let words: Vec<_> = plain.split_whitespace().collect();
    words.join(" ").chars().take(NOM_MAX).collect::<String>().trim_end().to_owned()
}

async fn write_journal(
    tx: &Tx,
    web: &Web,
    visitor: &Visitor,
    action: &str,
    id: i64,
    avant: Option<&Vue>,
    apres: Option<&Vue>,
) -> Result<(), DbError> {
    let entry = Entry {
        quand: web.clock().now(),
        acteur: &visitor.actor(),
        action,
        objet: "vue",
        cle: &id.to_string(),
        avant: avant.map(Vue::journal),
        apres: apres.map(Vue::journal),
    };
    journal::write(&**tx, entry).await
}

/// Names the state `parametres` of `liste`.
pub(super) async fn enregistrer(
    web: &Web,
    visitor: &Visitor,
    liste: &str,
    nom: &str,
    parametres: &str,
    role: Option<Role>,
) -> Result<i64, VueError> {
    let vue = Vue {
        id: 0,
        liste: liste.to_owned(),
        compte: visitor.compte,
        proprietaire: visitor.nom.clone(),
        nom: nom_propre(nom),
        parametres: parametres.to_owned(),
        role,
        supprimee: false,
    };
    if vue.nom.is_empty() {
        return Err(VueError::SansNom);
    }
    let vue = &vue;
    web.db()
        .write(|tx| async move {
            if vue_named(&*tx, &vue.liste, vue.compte, &vue.nom, 0).await? {
                return Err(VueError::Nom(vue.nom.clone()));
            }
            if vue_count(&*tx, &vue.liste, vue.compte).await? >= VUES_MAX {
                return Err(VueError::Trop);
            }
            let id = vue_insert(&*tx, vue, web.clock().now()).await?;
            write_journal(&tx, web, visitor, "vue.enregistrer", id, None, Some(vue)).await?;
            Ok(id)
        })
        .await
}

/// What may be done to a view.
#[derive(Clone, Debug)]
pub(super) enum Geste {
    Renommer(String),
    Partager(Option<Role>),
    Supprimer,
    Retablir,
}

impl Geste {
    fn code(&self) -> &'static str {
        match self {
            Self::Renommer(_) => "vue.renommer",
            Self::Partager(_) => "vue.partager",
            Self::Supprimer => "vue.supprimer",
            Self::Retablir => "vue.retablir",
        }
    }
}

/// Changes a view, and gives it as it now is.
pub(super) async fn changer(web: &Web, visitor: &Visitor, id: i64, geste: &Geste) -> Result<Vue, VueError> {
    web.db()
        .write(|tx| async move {
            let avant = vue_read(&*tx, id).await?.filter(|vue| vue.editable_by(visitor));
            let avant = avant.ok_or(VueError::Introuvable)?;
            let mut apres = avant.clone();
            match geste {
                Geste::Renommer(nom) => apres.nom = nom_propre(nom),
                Geste::Partager(role) => apres.role = *role,
                Geste::Supprimer => apres.supprimee = true,
                Geste::Retablir => apres.supprimee = false,
            }
            if apres.nom.is_empty() {
                return Err(VueError::SansNom);
            }
            if !apres.supprimee && vue_named(&*tx, &apres.liste, apres.compte, &apres.nom, id).await? {
                return Err(VueError::Nom(apres.nom));
            }
            if apres != avant {
                vue_update(&*tx, &apres, web.clock().now()).await?;
                write_journal(&tx, web, visitor, geste.code(), id, Some(&avant), Some(&apres)).await?;
            }
            Ok(apres)
        })
        .await
}

/// Shows `vue` first on its list, or nothing in particular. A preference of one's own: not a line of the journal.
pub(super) async fn choisir(
    web: &Web,
    visitor: &Visitor,
    liste: &str,
    vue: Option<i64>,
) -> Result<(), VueError> {
    web.db()
        .write(|tx| async move {
            if let Some(id) = vue {
                let known = vue_read(&*tx, id).await?;
                known
                    .filter(|v| v.liste == liste && !v.supprimee && v.usable_by(visitor))
                    .ok_or(VueError::Introuvable)?;
            }
            let mut garde = garde_read(&*tx, liste, visitor.compte).await?;
            garde.vue = vue;
            garde_write(&*tx, liste, visitor.compte, &garde).await?;
            Ok(())
        })
        .await
}

/// Keeps the columns that a person wants of a list; none gives the list's own back.
pub(super) async fn garder_colonnes(
    web: &Web,
    visitor: &Visitor,
    liste: &str,
    colonnes: &[String],
) -> Result<(), DbError> {
    web.db()
        .write(|tx| async move {
            let mut garde = garde_read(&*tx, liste, visitor.compte).await?;
            garde.colonnes = colonnes.to_vec();
            garde_write(&*tx, liste, visitor.compte, &garde).await
        })
        .await
}
