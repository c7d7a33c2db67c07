//! Long work: a queue in the database, workers, progress that can be left and found again.
//!
//! **To add a kind of job**: implement [`Handler`] in your context's `jobs/` room (a nature, a payload, a call to the action), give
//! it to the [`Worker`] through the assembly, and [`Queue::enqueue`] it from a page, a command or an action's transaction.
//!
//! ```ignore
//! let id = queue.enqueue(NewJob { nature: "maquette.collecte".into(), charge, verrou: Some("collecte".into()), acteur }).await?;
//! queue.progress(id).await?;   // from any page of any process
//! queue.cancel(id).await?;     // asks; the handler stops at its next `progress.checkpoint()?`
//! ```
//!
//! Laws:
//! 1. One job is run by one worker at a time, and jobs of one `verrou` one after the other: a unique index holds it, not a convention.
//! 2. A job whose owner died is run again, at most [`ATTEMPTS`] times: a handler is therefore idempotent.
//! 3. Progress lives in memory first. Writing it to the table never blocks the job, even when the job itself holds the only SQLite
//!    writer: pages of the same process read memory.
//! 4. A handler that panics fails its job with a sentence; the worker lives on.

mod claim;
mod handler;
mod job;
mod keeper;
mod listing;
mod live;
mod owner;
mod queue;
mod rows;
mod worker;

pub use claim::ATTEMPTS;
pub use handler::{Handler, JobError};
pub use job::{Avancement, Charge, Etat, Job, JobId, NewJob};
pub use listing::Filter;
pub use live::Progress;
pub use queue::Queue;
pub use rows::MIGRATIONS;
pub use worker::Worker;
