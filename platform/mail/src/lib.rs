//! Outgoing mail: written down in the transaction of the action that sends it, delivered afterwards.
//!
//! # To send a message
//!
//! ```ignore
//! let message = Message::new(&etudiant.courriel, "Votre convocation", texte)?
//!     .nomme("Jeanne N'Guyen-Đặng")
//!     .objet("iexam.inscription", 12)
//!     .piece(Piece::pdf("convocation.pdf", pdf.octets));
//! db.write(|tx| async move {
//!     …                                              // the action itself
//!     mail::enqueue(&*tx, &message, quand).await     // leaves if, and only if, the action is kept
//! }).await?;
//! ```
//!
//! The worker delivers it within seconds ([`Facteur::tournee`]). A message that could not leave is tried again after 1, 5 and 30 minutes,
//! 2 and 12 hours, then given up and shown as such; while the server itself takes nothing from us (down, a wrong password, a certificate)
//! every message waits, however long, and is tried at least every half hour. One that the server refuses for good (an address that does not exist) is given up
//! at once. Nothing is lost meanwhile: it waits in the database.
//!
//! An attachment that takes long to make is left for later: [`Message::pdf_a_faire`] only names it, the [`Fabrique`] of its kind makes it
//! when the message leaves, and what is made is kept with its SHA-256: a second attempt, or a message asked again, carries the same file.
//!
//! **At least once**: when the process dies between the server's answer and the note that is made of it, the message leaves again half an
//! hour later, under the same `Message-ID`, by which most mail servers drop the second one. Nothing better can be promised.
//!
//! Addresses are personal data: nothing here logs one.

mod attente;
mod composer;
mod depot;
mod fabrique;
mod facteur;
mod message;
mod reglages;
mod store;
mod transport;

pub use depot::{enqueue, enqueue_all};
pub use fabrique::{Empechement, Fabrique};
pub use facteur::{Facteur, Tournee};
pub use message::{MailFault, Message, Piece};
pub use reglages::{MotDePasse, Reglages, ReglagesCourants};
pub use store::{
    Courriel, Critere, Essai, Etat, Ligne, MIGRATIONS, PieceJointe, compte, courriel_count_by_state,
    courriel_list, courriel_of_objet, courriel_purge, courriel_read, courriel_resend, courriel_resend_failed,
    piece_read,
};
