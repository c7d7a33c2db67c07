//! What deserves a look: a context counts what waits for somebody, and says where it is listed.

use async_trait::async_trait;

/// A count with the list it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What is counted: « Corrections qui prennent fin sous 30 jours ».
    pub libelle: String,
    /// How many.
    pub nombre: u64,
    /// The list.
    pub href: String,
    /// Whether it asks for somebody when it is not zero.
    pub presse: bool,
}

/// Who has something to signal.
#[async_trait]
pub trait Veille: Send + Sync {
    /// What there is now. What cannot be known is left out, never counted as zero.
    async fn signaux(&self) -> Vec<Signal>;
}
