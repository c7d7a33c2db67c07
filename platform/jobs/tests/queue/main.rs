//! The queue's laws, on both engines.

mod cancel;
mod claim;
mod progress;
mod support;
mod worker;
