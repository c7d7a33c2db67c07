//! Apogée's web services on the wire: structures, requests, envelopes, faults. No network here, so that the client and
//! the sandbox speak exactly the same contract (6.70.00).
//!
//! - to call or serve an operation: [`Operation`], then [`encode_request`] and [`decode_response`] on one side,
//!   [`decode_body`], [`read_request`] and [`encode_response`] on the other;
//! - to add an operation: its structures in [`types`], its parameters in [`requests`], one line in [`operations`];
//! - to say why an answer is not a value: [`Fault::class`], [`XmlError`].

mod decode;
pub mod dto;
mod envelope;
mod fault;
mod node;
mod operation;
pub mod operations;
pub mod requests;
pub mod types;
mod value;
mod writer;

pub use decode::{charset, decode};
pub use dto::Dto;
pub use envelope::{
    Body, SoapError, decode_body, decode_response, encode_request, encode_response, envelope, read_request,
};
pub use fault::{Fault, FaultClass};
pub use node::{Node, XmlError};
pub use operation::{Answer, Description, Operation, Service, Shape};
pub use value::{DateHeure, Decimal, date_texte, temoin};
pub use writer::{NilPolicy, XmlWriter, escape};
