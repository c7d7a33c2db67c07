use kernel::{Fault, FaultKind};
use lettre::Address;
use lettre::message::header::ContentType;

/// The largest sum of attachments: most servers refuse more once encoded.
const PIECES_MAX: usize = 15 * 1024 * 1024;

/// A file that goes with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// As the reader sees it: `convocation.pdf`.
    pub nom: String,
    /// `application/pdf`.
    pub nature: String,
    /// The file.
    pub octets: Vec<u8>,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Piece").field("nature", &self.nature).field("taille", &self.octets.len()).finish()
    }
}

impl Piece {
    /// A PDF file.
    #[must_use]
    pub fn pdf(nom: &str, octets: Vec<u8>) -> Self {
        Self { nom: ligne(nom), nature: "application/pdf".to_owned(), octets }
    }

    /// A file of another kind.
    #[must_use]
    pub fn new(nom: &str, nature: &str, octets: Vec<u8>) -> Self {
        Self { nom: ligne(nom), nature: nature.to_owned(), octets }
    }
}

/// A file that will go with a message and is not made yet: making it would hold the action that sends the message.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AFaire {
    pub(crate) nom: String,
    pub(crate) nature: String,
    pub(crate) origine: String,
}

/// A message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub(crate) destinataire: String,
    pub(crate) nom: String,
    pub(crate) sujet: String,
    pub(crate) texte: String,
    pub(crate) html: Option<String>,
    pub(crate) objet: String,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) a_faire: Vec<AFaire>,
}

/// Without what it says, nor to whom.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("objet", &self.objet)
            .field("pieces", &self.pieces)
            .field("a_faire", &self.a_faire.len())
            .finish_non_exhaustive()
    }
}

impl Message {
    /// A message in plain text, which every message has.
    ///
    /// # Errors
    /// [`MailFault::Adresse`] when nobody could be written to at this address.
    pub fn new(destinataire: &str, sujet: &str, texte: impl Into<String>) -> Result<Self, MailFault> {
        let destinataire = destinataire.trim();
        if destinataire.len() > 254 || destinataire.parse::<Address>().is_err() {
            return Err(MailFault::Adresse);
        }
        Ok(Self {
            destinataire: destinataire.to_owned(),
            nom: String::new(),
            sujet: ligne(sujet),
            texte: texte.into(),
            html: None,
            objet: String::new(),
            pieces: Vec::new(),
            a_faire: Vec::new(),
        })
    }

    /// The name of whom it is for.
    #[must_use]
    pub fn nomme(mut self, nom: &str) -> Self {
        self.nom = ligne(nom);
        self
    }

    /// What it is about: `iexam.inscription`, 12. The page of that object finds its messages by it.
    #[must_use]
    pub fn objet(mut self, genre: &str, cle: impl std::fmt::Display) -> Self {
        self.objet = ligne(&format!("{genre}/{cle}"));
        self
    }

    /// The same message, laid out, beside its plain text.
    #[must_use]
    pub fn html(mut self, html: impl Into<String>) -> Self {
        self.html = Some(html.into());
        self
    }

    /// One more attachment.
    #[must_use]
    pub fn piece(mut self, piece: Piece) -> Self {
        self.pieces.push(piece);
        self
    }

    /// A PDF that is made when the message leaves, by the [`crate::Fabrique`] of that `genre`, and kept from then on: `iexam.recu`,
    /// `2024-P1-000123-1`.
    #[must_use]
    pub fn pdf_a_faire(mut self, nom: &str, genre: &str, cle: impl std::fmt::Display) -> Self {
        self.a_faire.push(AFaire {
            nom: ligne(nom),
            nature: "application/pdf".to_owned(),
            origine: ligne(&format!("{genre}/{cle}")),
        });
        self
    }

    pub(crate) fn verifie(&self) -> Result<(), MailFault> {
        if self.pieces.iter().map(|piece| piece.octets.len()).sum::<usize>() > PIECES_MAX {
            return Err(MailFault::TropLourd);
        }
        if self.pieces.iter().any(|piece| ContentType::parse(&piece.nature).is_err()) {
            return Err(MailFault::Nature);
        }
        Ok(())
    }
}

/// One line, whatever was typed: what follows a line break in a header would be another header.
pub(crate) fn ligne(texte: &str) -> String {
    let propre: String = texte.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    propre.split(' ').filter(|mot| !mot.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Why a message is not taken, or not sent again.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// Not an address.
    #[error("adresse électronique invalide")]
    Adresse,
    /// Attachments beyond what mail servers take.
    #[error("pièces jointes trop lourdes")]
    TropLourd,
    /// An attachment of no known kind.
    #[error("nature de pièce jointe inconnue")]
    Nature,
    /// No such message.
    #[error("courriel {0} inconnu")]
    Inconnu(i64),
    /// Its text is no longer kept.
    #[error("courriel {0} effacé")]
    Efface(i64),
    /// It is waiting already.
    #[error("courriel {0} déjà en attente")]
    DejaEnAttente(i64),
    /// The database.
    #[error(transparent)]
    Base(#[from] db::DbError),
}

impl db::MaybeDb for MailFault {
    fn as_db(&self) -> Option<&db::DbError> {
        match self {
            Self::Base(err) => Some(err),
            _ => None,
        }
    }
}

impl Fault for MailFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Adresse | Self::TropLourd | Self::Nature => FaultKind::Invalid,
            Self::Inconnu(_) => FaultKind::NotFound,
            Self::Efface(_) | Self::DejaEnAttente(_) => FaultKind::Conflict,
            Self::Base(err) => err.kind(),
        }
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Adresse => "courriel-adresse",
            Self::TropLourd => "courriel-trop-lourd",
            Self::Nature => "courriel-nature",
            Self::Inconnu(_) => "courriel-inconnu",
            Self::Efface(_) => "courriel-efface",
            Self::DejaEnAttente(_) => "courriel-deja-en-attente",
            Self::Base(err) => err.slug(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Adresse => "L’adresse électronique n’en est pas une. Rien n’a été envoyé.".to_owned(),
            Self::TropLourd => "Les pièces jointes dépassent 15 Mo. Rien n’a été envoyé.".to_owned(),
            Self::Nature => "Une pièce jointe n’a pas de nature connue. Rien n’a été envoyé.".to_owned(),
            Self::Inconnu(id) => format!("Le courriel n° {id} n’existe pas."),
            Self::Efface(id) => {
                format!("Le texte du courriel n° {id} n’est plus gardé : il ne peut plus être renvoyé.")
            }
            Self::DejaEnAttente(id) => format!("Le courriel n° {id} attend déjà de partir. Rien n’a changé."),
            Self::Base(err) => err.message(),
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::Adresse => "Corrigez l’adresse, puis recommencez.".to_owned(),
            Self::TropLourd => "Joignez moins de fichiers, ou de plus petits.".to_owned(),
            Self::Nature => "Signalez-le au service informatique.".to_owned(),
            Self::Inconnu(_) => "Revenez à la liste des courriels.".to_owned(),
            Self::Efface(_) => "Refaites l’envoi depuis la page de ce qu’il concerne.".to_owned(),
            Self::DejaEnAttente(_) => "Rechargez la page pour voir où il en est.".to_owned(),
            Self::Base(err) => err.way_out(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_on_its_line() {
        let m = Message::new(" a@exemple.fr ", "Sujet\r\nBcc: tous@exemple.fr", "x")
            .unwrap()
            .nomme("Ane\nX: 1\u{0}");
        assert_eq!(
            (m.destinataire.as_str(), m.sujet.as_str()),
            ("a@exemple.fr", "Sujet Bcc: tous@exemple.fr")
        );
        assert_eq!(m.nom, "Ane X: 1");
        assert_eq!(Piece::pdf("a\r\nb.pdf", vec![]).nom, "a b.pdf");
    }

    #[test]
    fn an_address_is_one_address() {
        for refus in [
            "",
            "moi",
            "a@b@c",
            "a@exemple.fr\r\nRCPT TO:<b@exemple.fr>",
            "a@exemple.fr, b@exemple.fr",
            "a b@x.fr",
        ] {
            assert!(matches!(Message::new(refus, "s", "t"), Err(MailFault::Adresse)), "{refus}");
        }
    }

    #[test]
    fn nothing_personal_is_printed() {
        let m = Message::new("jeanne@exemple.fr", "Convocation de Jeanne", "Bonjour Jeanne").unwrap();
        let m = m.nomme("Jeanne").piece(Piece::pdf("jeanne.pdf", vec![1, 2]));
        assert!(!format!("{m:?}").to_lowercase().contains("jeanne"));
    }

    #[test]
    fn what_no_server_takes_is_refused_at_once() {
        let lourd = Message::new("a@exemple.fr", "s", "t")
            .unwrap()
            .piece(Piece::pdf("a.pdf", vec![0; PIECES_MAX + 1]));
        assert!(matches!(lourd.verifie(), Err(MailFault::TropLourd)));
        let etrange =
            Message::new("a@exemple.fr", "s", "t").unwrap().piece(Piece::new("a", "n'importe quoi", vec![]));
        assert!(matches!(etrange.verifie(), Err(MailFault::Nature)));
    }
}
