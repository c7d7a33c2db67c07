use std::future::Future;
use std::time::Instant;

use kernel::Outage;

/// One endpoint, asked once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationLien {
    /// The endpoint: `GET /maquettes`.
    pub nom: String,
    /// Time until the answer was read or given up, in milliseconds.
    pub latence_ms: u64,
    /// What was seen, « 2 maquettes », or what is wrong.
    pub vu: Result<String, Outage>,
}

/// Times one verification.
pub async fn mesurer(nom: &str, essai: impl Future<Output = Result<String, Outage>>) -> VerificationLien {
    let debut = Instant::now();
    let vu = essai.await;
    let latence_ms = u64::try_from(debut.elapsed().as_millis()).unwrap_or(u64::MAX);
    VerificationLien { nom: nom.to_owned(), latence_ms, vu }
}
