/// What kind of refusal a fault is, so that a page, an API answer and a command can each show it in their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The request cannot be understood or breaks a rule: HTTP 422.
    Invalid,
    /// Nothing by that name: HTTP 404.
    NotFound,
    /// Not with this role: HTTP 403.
    Forbidden,
    /// The present state forbids it, another collection is running say: HTTP 409.
    Conflict,
    /// An outside system does not answer: HTTP 503.
    Outage,
    /// Our own failure: HTTP 500.
    Internal,
}

/// A refusal whose French sentence and way out are written once and serve page, REST and command line.
///
/// Each domain has one enum that implements it.
pub trait Fault: std::error::Error + Send + Sync {
    /// What kind it is.
    fn kind(&self) -> FaultKind;
    /// A short stable identifier, for `problem+json` and tests: `collecte-en-cours`.
    fn slug(&self) -> &'static str;
    /// What happened, and whether something was lost. A French sentence.
    fn message(&self) -> String;
    /// What to do next. A French sentence.
    fn way_out(&self) -> String;
}
