//! One verb, one file, one transaction.

pub mod courriels;
pub mod purger;
pub mod regler;
pub mod relancer;
