//! Paybox System (Verifone e-Transactions): payment by card on the bank's own page.
//!
//! Three things travel, none of them by a call that we make:
//!
//! 1. [`Requete`]: a form that the buyer's browser posts to the bank, its fields under an HMAC that only the shop can make;
//! 2. [`Ipn`]: the bank's server then asks for our address of notification, with the outcome under an RSA signature;
//! 3. the browser comes back to one of four addresses with the same signed fields: [`Ipn::verifier`] reads it as well, to word the page.
//!    It proves nothing more, and may never come: only the notification settles a payment.
//!
//! [`Boutique`] is the shop as the settings describe it ([`Reglages`]); everything starts from it.
//!
//! Cryptography is ring's, that TLS already brings: RSA with SHA-1 and keys of 1024 bits are what the bank signs with, ring checks them
//! under a name that says what they are worth; the `rsa` crate would be one more dependency, with an open advisory.
//!
//! To ask for one more returned field: a line in `RETOUR`, a field in [`Ipn`]. To word one more code: [`Issue::phrase`].

mod cle;
mod facturation;
mod ipn;
mod issue;
mod pays;
mod reglages;
mod requete;

pub use cle::{ClePublique, ErreurCle};
pub use facturation::{Facturation, PAYS_FRANCE};
pub use ipn::{Ipn, RefusIpn};
pub use issue::Issue;
pub use pays::pays_iso;
pub use reglages::{Boutique, CleHmac, ErreurReglages, PemOuChemin, Reglages};
pub use requete::{Commande, RETOUR, RefusCommande, Requete};
