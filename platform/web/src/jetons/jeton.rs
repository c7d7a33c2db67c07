//! A token as pages, commands and the journal see it, and what it did.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Scope, heure_de_besancon};

use super::regles::codes;

/// What a token is to be.
#[derive(Clone, Debug, Default)]
pub struct NouveauJeton {
    /// Its name: the application's, most often.
    pub nom: String,
    /// What it is for, whom to call.
    pub objet: String,
    /// What it may read.
    pub droits: Vec<Scope>,
    /// Last day it is valid, in Besançon's time.
    pub jusqu_au: Option<NaiveDate>,
    /// Requests a minute.
    pub quota_minute: Option<i64>,
    /// Requests a day.
    pub quota_jour: Option<i64>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jeton {
    /// Row.
    pub id: i64,
    /// Name.
    pub nom: String,
    /// What it is for.
    pub objet: String,
    /// Beginning of its secret.
    pub prefixe: String,
    /// What it may read.
    pub droits: Vec<Scope>,
    /// Requests a minute.
    pub quota_minute: Option<i64>,
    /// Requests a day.
    pub quota_jour: Option<i64>,
    /// When it stops being valid by itself.
    pub expire_le: Option<DateTime<Utc>>,
    /// When it was made.
    pub cree_le: DateTime<Utc>,
    /// By whom.
    pub cree_par: String,
    /// When its secret was last replaced.
    pub renouvele_le: Option<DateTime<Utc>>,
    /// Until when the secret before still serves.
    pub ancien_jusqu_a: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoque_le: Option<DateTime<Utc>>,
    /// By whom.
    pub revoque_par: Option<String>,
    /// When it was last used, to within a few seconds.
    pub vu_le: Option<DateTime<Utc>>,
}

/// Whether a token may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatJeton {
    /// It may.
    Actif,
    /// Its last day is past.
    Expire,
    /// It was revoked.
    Revoque,
}

impl EtatJeton {
    /// As JSON and filters write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Actif => "actif",
            Self::Expire => "expire",
            Self::Revoque => "revoque",
        }
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Actif => "Actif",
            Self::Expire => "Arrivé à échéance",
            Self::Revoque => "Révoqué",
        }
    }
}

impl Jeton {
    /// Whether it may be used at `now`.
    #[must_use]
    pub fn etat(&self, now: DateTime<Utc>) -> EtatJeton {
        match (self.revoque_le, self.expire_le) {
            (Some(_), _) => EtatJeton::Revoque,
            (_, Some(fin)) if fin <= now => EtatJeton::Expire,
            _ => EtatJeton::Actif,
        }
    }

    /// Its last day, in Besançon's time.
    #[must_use]
    pub fn jusqu_au(&self) -> Option<NaiveDate> {
        self.expire_le.and_then(|fin| heure_de_besancon(fin).date().pred_opt())
    }

    /// What a form about it shows: [`crate::Vu`] of it tells whether somebody changed it meanwhile.
    #[must_use]
    pub fn valeurs(&self) -> [String; 6] {
        let quota = |q: Option<i64>| q.map(|q| q.to_string()).unwrap_or_default();
        [
            self.objet.clone(),
            codes(&self.droits),
            quota(self.quota_minute),
            quota(self.quota_jour),
            self.expire_le.map(|fin| fin.to_rfc3339()).unwrap_or_default(),
            self.revoque_le.map(|quand| quand.to_rfc3339()).unwrap_or_default(),
        ]
    }
}

/// What a token did on a day in a family of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Day, in Besançon's time.
    pub jour: NaiveDate,
    /// Family: `maquette/etapes`.
    pub famille: String,
    /// Requests, those refused among them.
    pub requetes: i64,
    /// Requests refused: without the scope, over a quota, after its end.
    pub refusees: i64,
    /// Bytes answered, before compression.
    pub octets: i64,
}

/// Usage on its way to the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Releve {
    pub(super) jeton: i64,
    pub(super) jour: NaiveDate,
    pub(super) famille: String,
    pub(super) requetes: i64,
    pub(super) refusees: i64,
    pub(super) octets: i64,
}
