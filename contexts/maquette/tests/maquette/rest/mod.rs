//! The REST interface as its consumers meet it: through the router, with tokens, on both engines.

mod client;
mod document;
mod fil;
mod offre;
mod personnes;
mod versions;
