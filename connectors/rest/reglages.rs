use std::fmt;
use std::time::Duration;

/// How to reach the source, and how patiently.
#[derive(Clone, PartialEq, Eq)]
pub struct Reglages {
    /// Address of the application, with or without its `/api/v1`.
    pub url: String,
    /// Bearer token, never shown.
    pub jeton: Option<String>,
    /// Longest wait for one whole answer.
    pub delai: Duration,
    /// How many times a question is asked in all when failures are transient; at least one.
    pub tentatives: u32,
    /// Most requests in flight at once; at least one.
    pub simultanees: usize,
    /// First pause before asking again; it doubles each time, with jitter, up to [`Reglages::ATTENTE_MAX`].
    pub attente: Duration,
}

impl Reglages {
    /// The longest pause between two attempts; a source that asks for more with `Retry-After` is reported instead.
    pub const ATTENTE_MAX: Duration = Duration::from_secs(60);

    /// Usual patience (60 s, three attempts, four requests at once) for the source at `url`, without a token.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            jeton: None,
            delai: Duration::from_secs(60),
            tentatives: 3,
            simultanees: 4,
            attente: Duration::from_millis(500),
        }
    }
}

impl fmt::Debug for Reglages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reglages")
            .field("url", &self.url)
            .field("jeton", &self.jeton.as_ref().map(|_| "…"))
            .field("delai", &self.delai)
            .field("tentatives", &self.tentatives)
            .field("simultanees", &self.simultanees)
            .field("attente", &self.attente)
            .finish()
    }
}
