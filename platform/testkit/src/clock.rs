use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::FixedClock;

/// A clock stopped on Tuesday 2 April 2024 at 9 h 00 in Besançon.
#[must_use]
pub fn clock() -> Arc<FixedClock> {
    clock_at("2024-04-02T07:00:00Z")
}

/// A clock stopped at an RFC 3339 instant.
///
/// # Panics
/// When `instant` is not one: a defect of the test.
#[must_use]
#[expect(clippy::expect_used, reason = "a test's own constant")]
pub fn clock_at(instant: &str) -> Arc<FixedClock> {
    let instant: DateTime<Utc> = instant.parse().expect("RFC 3339 instant");
    Arc::new(FixedClock::at(instant))
}
