//! Settings of the installation that a page may change: `app` describes them, this keeps what was set.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use contracts::liens::Verification;
use contracts::parametres::{
    Effet, Groupe, OBJET, Origine, Parametre, ParametreFault, Parametres, Pose, Sorte, etat_tenu,
};
use db::{Db, DbError, MaybeDb, journal};
use kernel::{Actor, Clock};
use serde_json::{Value, json};

use crate::store::reglage::{Reglage, reglage_all, reglage_forget, reglage_write};

/// A setting of the installation.
#[derive(Clone)]
pub struct Reglable {
    /// Its key in the settings file: `kofr.url`.
    pub cle: &'static str,
    /// Its name.
    pub libelle: &'static str,
    /// What it is for.
    pub aide: &'static str,
    /// What it holds.
    pub sorte: Sorte,
    /// When a change takes effect.
    pub effet: Effet,
    /// Whether a value can be tried before it is kept.
    pub essayable: bool,
    /// What a change does, a sentence each.
    pub consequences: &'static [&'static str],
    /// The value without any page: that of the file, of the environment, or the program's own.
    pub installation: String,
    /// Where that comes from.
    pub origine: String,
    /// The value that this process runs with.
    pub en_vigueur: String,
}

impl std::fmt::Debug for Reglable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the values: some are secrets.
        f.debug_struct("Reglable").field("cle", &self.cle).finish_non_exhaustive()
    }
}

/// Settings shown together.
#[derive(Clone, Debug)]
pub struct GroupeReglable {
    /// Stable name.
    pub code: &'static str,
    /// Title.
    pub titre: &'static str,
    /// A sentence under it.
    pub texte: &'static str,
    /// Its settings.
    pub reglables: Vec<Reglable>,
}

/// Who can try a value: given every value a page has set, the new one among them, says what the links answer.
#[async_trait]
pub trait Essayeur: Send + Sync {
    /// Whether the suite could start with these values: what keeps an unusable one from locking everybody out.
    ///
    /// # Errors
    /// Why not, as a French sentence.
    fn accepter(&self, poses: &BTreeMap<String, String>) -> Result<(), String>;

    /// Tries the links that `cle` decides.
    async fn essayer(&self, cle: &str, poses: BTreeMap<String, String>) -> Vec<Verification>;
}

/// The settings of the installation, as parameters.
#[derive(Clone)]
pub struct ReglagesInstallation {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// What can be set.
    pub groupes: Vec<GroupeReglable>,
    /// Who tries.
    pub essayeur: Arc<dyn Essayeur>,
}

impl std::fmt::Debug for ReglagesInstallation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReglagesInstallation").field("groupes", &self.groupes).finish_non_exhaustive()
    }
}

/// The values that pages have set, by key: what `app` puts over the settings file when a process starts.
///
/// # Errors
/// Those of the database.
pub async fn poses(db: &Db) -> Result<BTreeMap<String, String>, DbError> {
    let tenus = db.read(|c| async move { reglage_all(&c).await }).await?;
    Ok(tenus.into_iter().map(|(cle, reglage)| (cle, reglage.valeur)).collect())
}

impl Reglable {
    fn secret(&self) -> bool {
        self.sorte == Sorte::Secret
    }

    /// What may be shown of a value.
    fn montrable(&self, valeur: &str) -> String {
        if self.secret() { String::new() } else { valeur.to_owned() }
    }

    fn parametre(&self, tenu: Option<&Reglage>) -> Parametre {
        let valeur = tenu.map_or(self.installation.as_str(), |t| t.valeur.as_str());
        let mut faits = Vec::new();
        if self.effet == Effet::Demarrage && valeur != self.en_vigueur {
            faits.push(if self.secret() {
                "Une autre valeur est encore en vigueur : celle-ci le sera quand les services auront redémarré.".to_owned()
            } else {
                format!(
                    "Encore en vigueur : {}. La valeur enregistrée le sera quand les services auront redémarré.",
                    self.sorte.dire(&self.en_vigueur)
                )
            });
        }
        if self.secret() {
            faits.push(if valeur.is_empty() {
                "Aucune valeur n’est enregistrée.".to_owned()
            } else {
                "Une valeur est enregistrée ; elle ne s’affiche jamais.".to_owned()
            });
        }
        Parametre {
            cle: self.cle.to_owned(),
            libelle: self.libelle.to_owned(),
            aide: self.aide.to_owned(),
            sorte: self.sorte.clone(),
            valeur: self.montrable(valeur),
            sans_page: self.montrable(&self.installation),
            origine: match tenu {
                Some(t) => Origine::Page { par: t.par.clone(), le: t.le },
                None => Origine::Installation(self.origine.clone()),
            },
            origine_sans_page: self.origine.clone(),
            effet: self.effet,
            consequences: self.consequences.iter().map(|&c| c.to_owned()).collect(),
            faits,
            essayable: self.essayable,
            retirable: true,
        }
    }

    /// What the journal says of a value: of a secret, only that there is one.
    fn au_journal(&self, tenu: Option<&str>) -> Value {
        let (valeur, origine) = match tenu {
            Some(valeur) => (valeur, "page"),
            None => (self.installation.as_str(), self.origine.as_str()),
        };
        let valeur = match (self.secret(), valeur.is_empty()) {
            (true, true) => "aucune",
            (true, false) => "•••",
            (false, _) => valeur,
        };
        json!({ "valeur": valeur, "origine": origine })
    }
}

impl ReglagesInstallation {
    fn un(&self, cle: &str) -> Result<&Reglable, ParametreFault> {
        let mut tous = self.groupes.iter().flat_map(|groupe| &groupe.reglables);
        tous.find(|r| r.cle == cle).ok_or_else(|| ParametreFault::Inconnu(cle.to_owned()))
    }
}

#[async_trait]
impl Parametres for ReglagesInstallation {
    async fn groupes(&self) -> Result<Vec<Groupe>, ParametreFault> {
        let tenus =
            self.db.read(|c| async move { reglage_all(&c).await }).await.map_err(ParametreFault::autre)?;
        let groupe = |g: &GroupeReglable| Groupe {
            code: g.code,
            titre: g.titre,
            texte: g.texte.to_owned(),
            parametres: g.reglables.iter().map(|r| r.parametre(tenus.get(r.cle))).collect(),
        };
        Ok(self.groupes.iter().map(groupe).collect())
    }

    async fn poser(&self, pose: Pose<'_>, acteur: &Actor) -> Result<(), ParametreFault> {
        let reglable = self.un(pose.cle)?;
        let nouvelle =
            pose.valeur.map(|v| reglable.sorte.lire(v)).transpose().map_err(ParametreFault::Invalide)?;
        let nouvelle = nouvelle.as_deref();
        let quand = self.clock.now();
        let mut tous = poses(&self.db).await.map_err(ParametreFault::autre)?;
        match nouvelle {
            Some(valeur) => tous.insert(pose.cle.to_owned(), valeur.to_owned()),
            None => tous.remove(pose.cle),
        };
        self.essayeur.accepter(&tous).map_err(ParametreFault::Invalide)?;
        let ecrite = self.db.write(|tx| async move {
            let tenu = reglage_all(&*tx).await?.remove(reglable.cle);
            let etat =
                tenu.as_ref().map(|t| etat_tenu(t.le, &reglable.montrable(&t.valeur))).unwrap_or_default();
            if !(pose.inchange)(&etat) {
                return Err(Refus::Perime);
            }
            match nouvelle {
                Some(valeur) => reglage_write(&*tx, reglable.cle, valeur, quand, acteur).await?,
                None => reglage_forget(&*tx, reglable.cle).await?,
            }
            let entree = journal::Entry {
                quand,
                acteur,
                action: "parametre.modifier",
                objet: OBJET,
                cle: reglable.cle,
                avant: Some(reglable.au_journal(tenu.as_ref().map(|t| t.valeur.as_str()))),
                apres: Some(reglable.au_journal(nouvelle)),
            };
            journal::write(&*tx, entree).await?;
            Ok(())
        });
        ecrite.await.map_err(|refus| match refus {
            Refus::Perime => ParametreFault::Perime,
            Refus::Base(err) => ParametreFault::autre(err),
        })
    }

    async fn essayer(&self, cle: &str, valeur: &str) -> Result<Vec<Verification>, ParametreFault> {
        let reglable = self.un(cle)?;
        if !reglable.essayable {
            return Err(ParametreFault::Inconnu(cle.to_owned()));
        }
        let valeur = reglable.sorte.lire(valeur).map_err(ParametreFault::Invalide)?;
        let mut poses = poses(&self.db).await.map_err(ParametreFault::autre)?;
        poses.insert(cle.to_owned(), valeur);
        Ok(self.essayeur.essayer(cle, poses).await)
    }
}

/// Why the transaction wrote nothing.
#[derive(Debug, thiserror::Error)]
enum Refus {
    #[error("périmé")]
    Perime,
    #[error(transparent)]
    Base(#[from] DbError),
}

impl MaybeDb for Refus {
    fn as_db(&self) -> Option<&DbError> {
        match self {
            Self::Base(err) => Some(err),
            Self::Perime => None,
        }
    }
}
