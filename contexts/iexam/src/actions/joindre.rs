//! The receipt as a file: the same whether a page shows it or a letter carries it. It takes as long to make as all the rest of a
//! confirmation, so that letters only name it and it is made when they leave.

use ::paper::{PaperFault, Pdf};
use async_trait::async_trait;
use kernel::Fault as _;
use mail::{Empechement, Fabrique, Message};

use crate::Iexam;
use crate::paper::recu::rendre;
use crate::store::recu::{RecuTenu, recu_read};

/// The kind of attachment that a receipt is.
const GENRE: &str = "iexam.recu";

/// The name of the file of a receipt.
#[must_use]
pub fn nom_du_recu(numero: &str) -> String {
    format!("recu-{numero}.pdf")
}

/// The receipt, set from what was frozen on its day.
///
/// # Errors
/// Those of [`::paper::Paper::rendre`].
pub async fn recu_en_pdf(iexam: &Iexam, tenu: &RecuTenu) -> Result<Pdf, PaperFault> {
    rendre(&tenu.contenu, &iexam.etablissement, &iexam.publique, tenu.etabli_le).await
}

/// The letter, with its receipt to be made.
pub(super) fn joindre_recu(message: Message, numero: &str) -> Message {
    message.pdf_a_faire(&nom_du_recu(numero), GENRE, numero)
}

/// Makes the receipts that letters carry.
#[derive(Clone, Debug)]
pub struct RecusJoints(pub Iexam);

#[async_trait]
impl Fabrique for RecusJoints {
    fn genre(&self) -> &'static str {
        GENRE
    }

    async fn faire(&self, numero: &str) -> Result<Vec<u8>, Empechement> {
        let lu = self.0.db.read(|c| async move { recu_read(&c, numero).await }).await;
        let tenu = lu.map_err(|err| Empechement::Passager(err.message()))?;
        let tenu = tenu.ok_or_else(|| Empechement::Definitif(format!("le reçu {numero} n’existe pas.")))?;
        match recu_en_pdf(&self.0, &tenu).await {
            Ok(pdf) => Ok(pdf.octets),
            Err(fault) => {
                // Without what the fault says: it may quote the receipt.
                tracing::error!(slug = fault.slug(), "receipt not made");
                Err(Empechement::Passager(format!("{} {}", fault.message(), fault.way_out())))
            }
        }
    }
}
