use std::fmt;

use kernel::Fault;

/// Why a command ends badly: a French sentence that says what happened and what to do, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What to say on the terminal; empty when everything was already said.
    pub message: String,
    /// Exit code: 1 for a refusal, 2 for a command that cannot be understood.
    pub code: u8,
}

impl Failure {
    /// A refusal.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// A refusal whose reasons were already printed.
    #[must_use]
    pub fn said() -> Self {
        Self::new("")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl<F: Fault> From<F> for Failure {
    fn from(fault: F) -> Self {
        Self::new(format!("{} {}", fault.message(), fault.way_out()))
    }
}
