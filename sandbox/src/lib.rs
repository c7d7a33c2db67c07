//! The bac à sable: plays Apogée (SOAP services and structure extraction), Kofr, Eve and the payment page of Paybox on loopback, so that the
//! suite runs whole on a laptop.
//!
//! - [`world`] is the university: a deterministic generator, the accreditations, the named hard cases;
//! - [`soap`] answers as Apogée's web services do; [`extraction`], [`kofr`] and [`eve`] play the other sources, [`paybox`] the bank;
//! - [`state`] is what every server shares while the sandbox runs, [`faults`] what makes a source ill;
//! - [`courriels`] is a mail server that delivers to nobody;
//! - [`control`] is the control page; [`server`] starts it all.
//!
//! To play one more endpoint of Kofr or Eve: a type in its connector, a route and a translation in the file of its
//! name. To add a fault: a variant of [`state::Panne`], an arm in [`faults`], a button in `templates/control.html`.

mod acces;
mod catalogue;
pub mod control;
pub mod courriels;
pub mod eve;
pub mod extraction;
pub mod faults;
mod index;
pub mod kofr;
mod origine;
pub mod paybox;
mod rest;
pub mod server;
pub mod soap;
pub mod state;
pub mod world;
