use kernel::{Fault, FaultKind};
use sea_orm::{DbErr, SqlErr};

/// The database refused or failed. No `DbErr` leaves a store room otherwise than as this.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A uniqueness rule was broken; the text names the constraint.
    #[error("unicité : {0}")]
    Unique(String),
    /// A reference points to nothing.
    #[error("référence : {0}")]
    Reference(String),
    /// The address is not one we know, or leads to no database.
    #[error("{0}")]
    Address(String),
    /// A migration that was applied has changed since: the text names it.
    #[error("{0}")]
    Migration(String),
    /// A stored value cannot be read back.
    #[error("valeur illisible en base : {0}")]
    Value(String),
    /// Everything else.
    #[error("base de données : {0}")]
    Engine(DbErr),
}

impl From<DbErr> for DbError {
    fn from(err: DbErr) -> Self {
        match err.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(detail)) => Self::Unique(detail),
            Some(SqlErr::ForeignKeyConstraintViolation(detail)) => Self::Reference(detail),
            _ => Self::Engine(err),
        }
    }
}

impl DbError {
    /// Whether the same transaction may succeed if run again: serialization failure or deadlock.
    pub(crate) fn is_retryable(&self) -> bool {
        let Self::Engine(err) = self else { return false };
        let text = err.to_string();
        text.contains("40001")
            || text.contains("40P01")
            || text.contains("could not serialize")
            || text.contains("deadlock")
    }
}

impl Fault for DbError {
    fn kind(&self) -> FaultKind {
        FaultKind::Internal
    }

    fn slug(&self) -> &'static str {
        "base-de-donnees"
    }

    fn message(&self) -> String {
        match self {
            Self::Address(phrase) | Self::Migration(phrase) => phrase.clone(),
            _ => "La base de données n'a pas pu répondre. Rien n'a été modifié.".to_owned(),
        }
    }

    fn way_out(&self) -> String {
        "Réessayez dans un instant ; si cela continue, prévenez le service informatique, qui lancera « telemaque doctor »."
            .to_owned()
    }
}
