//! The REST interface of exams as its callers meet it: through the router, with tokens, on both engines.

mod amenagements;
mod caisse;
mod client;
mod demandes;
mod droits;
mod ecritures;
mod horloge;
mod idempotence;
mod lectures;
mod lot;
mod monde;
mod reglages;
