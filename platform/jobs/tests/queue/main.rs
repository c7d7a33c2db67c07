//! The queue's laws, on both engines.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test says what is wrong by failing")]

mod cancel;
mod claim;
mod listing;
mod progress;
mod support;
mod worker;
