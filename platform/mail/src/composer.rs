//! A stored message as what travels.

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message as Lettre};

use crate::Reglages;
use crate::message::{Piece, ligne};

/// What leaves of a stored message.
#[derive(Clone)]
pub(crate) struct Depart {
    pub(crate) id: i64,
    pub(crate) destinataire: String,
    pub(crate) nom: String,
    pub(crate) sujet: String,
    pub(crate) texte: String,
    pub(crate) html: Option<String>,
    pub(crate) cree_le: DateTime<Utc>,
    /// How many times it was asked again: each is another message for who receives it.
    pub(crate) relances: i64,
    pub(crate) essais: i64,
}

/// Composes it. An error is a sentence for the page of the message.
pub(crate) fn composer(
    depart: &Depart,
    pieces: Vec<Piece>,
    reglages: &Reglages,
    maintenant: DateTime<Utc>,
) -> Result<Lettre, String> {
    let boite = |quoi: &str, texte: &str| {
        texte.trim().parse::<Mailbox>().map_err(|_| format!("{quoi} n’est pas une adresse électronique."))
    };
    let de = boite("L’expéditeur des paramètres", &reglages.expediteur)?;
    let adresse: Address =
        depart.destinataire.parse().map_err(|_| "L’adresse du destinataire n’en est pas une.".to_owned())?;
    let nom = Some(ligne(&depart.nom)).filter(|nom| !nom.is_empty());
    let vers = Mailbox::new(nom, adresse);
    // The same for every attempt, so that a message that leaves twice is seen as one.
    let identite = format!(
        "<telemaque-{}-{}-{}@{}>",
        depart.id,
        depart.cree_le.timestamp_micros(),
        depart.relances,
        de.email.domain()
    );
    let mut lettre = Lettre::builder()
        .message_id(Some(identite))
        .date(maintenant.into())
        .from(de)
        .subject(ligne(&depart.sujet))
        .raw_header(brut("Auto-Submitted", "auto-generated"));
    if !reglages.repondre_a.trim().is_empty() {
        lettre = lettre.reply_to(boite("L’adresse de réponse des paramètres", &reglages.repondre_a)?);
    }
    let mut texte = depart.texte.clone();
    if reglages.redirection.trim().is_empty() {
        lettre = lettre.to(vers);
    } else {
        lettre = lettre
            .to(boite("L’adresse de redirection des paramètres", &reglages.redirection)?)
            .raw_header(brut("X-Telemaque-Destinataire", &depart.destinataire));
        texte = format!("[Essai : ce courriel était destiné à {}.]\n\n{texte}", depart.destinataire);
    }
    let clair = SinglePart::plain(texte);
    let pieces = pieces.into_iter().map(jointe).collect::<Result<Vec<_>, _>>()?;
    let faite = match (&depart.html, pieces.is_empty()) {
        (None, true) => lettre.singlepart(clair),
        (Some(html), true) => lettre
            .multipart(MultiPart::alternative().singlepart(clair).singlepart(SinglePart::html(html.clone()))),
        (html, false) => {
            let corps = match html {
                None => MultiPart::mixed().singlepart(clair),
                Some(html) => MultiPart::mixed().multipart(
                    MultiPart::alternative().singlepart(clair).singlepart(SinglePart::html(html.clone())),
                ),
            };
            lettre.multipart(pieces.into_iter().fold(corps, MultiPart::singlepart))
        }
    };
    faite.map_err(|err| format!("Le courriel n’a pas pu être composé : {err}."))
}

fn brut(nom: &'static str, valeur: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(nom), valeur.to_owned())
}

fn jointe(piece: Piece) -> Result<SinglePart, String> {
    let nature = ContentType::parse(&piece.nature)
        .map_err(|_| format!("La nature de la pièce « {} » n’est pas connue.", piece.nom))?;
    Ok(Attachment::new(piece.nom).body(piece.octets, nature))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use mail_parser::{MessageParser, MimeHeaders as _};

    use super::*;

    fn depart() -> Depart {
        Depart {
            id: 12,
            destinataire: "jeanne@exemple.fr".into(),
            nom: "Jeanne N'Guyen-Đặng".into(),
            sujet: "Votre convocation à l’épreuve de janvier, « Droit des obligations », première session"
                .into(),
            texte: "Bonjour Jeanne,\n\nVoici votre convocation. Łukasz, محمد.\n".into(),
            html: None,
            cree_le: Utc.with_ymd_and_hms(2025, 1, 6, 8, 0, 0).unwrap(),
            relances: 0,
            essais: 1,
        }
    }

    fn reglages() -> Reglages {
        Reglages { expediteur: "Scolarité à distance <scolarite@exemple.fr>".into(), ..Reglages::default() }
    }

    fn parti(
        depart: &Depart,
        pieces: Vec<Piece>,
        reglages: &Reglages,
    ) -> (lettre::address::Envelope, Vec<u8>) {
        let le = Utc.with_ymd_and_hms(2025, 1, 6, 9, 30, 0).unwrap();
        let lettre = composer(depart, pieces, reglages, le).unwrap();
        (lettre.envelope().clone(), lettre.formatted())
    }

    #[test]
    fn what_leaves_says_what_was_meant_in_ascii_only() {
        let pieces = vec![Piece::pdf("Convocation d’É. N'Guyen.pdf", b"%PDF-1.7 \xff\x00".to_vec())];
        let (enveloppe, octets) = parti(&depart(), pieces, &reglages());
        assert!(octets.is_ascii());
        assert_eq!(enveloppe.to()[0].to_string(), "jeanne@exemple.fr");
        let lu = MessageParser::default().parse(&octets).unwrap();
        assert_eq!(lu.subject().unwrap(), depart().sujet);
        assert_eq!(lu.to().unwrap().first().unwrap().name(), Some("Jeanne N'Guyen-Đặng"));
        assert_eq!(lu.from().unwrap().first().unwrap().name(), Some("Scolarité à distance"));
        assert_eq!(lu.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), depart().texte.trim_end());
        assert_eq!(lu.date().unwrap().to_rfc3339(), "2025-01-06T09:30:00Z");
        assert_eq!(lu.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
        assert_eq!(lu.message_id().unwrap(), "telemaque-12-1736150400000000-0@exemple.fr");
        let piece = lu.attachment(0).unwrap();
        assert_eq!(piece.attachment_name(), Some("Convocation d’É. N'Guyen.pdf"));
        assert_eq!(piece.contents(), b"%PDF-1.7 \xff\x00");
    }

    #[test]
    fn plain_text_goes_with_what_is_laid_out() {
        let depart = Depart { html: Some("<p>Bonjour</p>".into()), ..depart() };
        for pieces in [vec![], vec![Piece::pdf("a.pdf", vec![1])]] {
            let n = pieces.len();
            let (_, octets) = parti(&depart, pieces, &reglages());
            let lu = MessageParser::default().parse(&octets).unwrap();
            assert!(lu.body_text(0).unwrap().starts_with("Bonjour Jeanne"));
            assert_eq!(lu.body_html(0).unwrap(), "<p>Bonjour</p>");
            assert_eq!(lu.attachment_count(), n);
        }
    }

    #[test]
    fn a_redirection_leaves_nobody_else_in_the_envelope() {
        let reglages = Reglages {
            redirection: "essai@exemple.fr".into(),
            repondre_a: "r@exemple.fr".into(),
            ..reglages()
        };
        let (enveloppe, octets) = parti(&depart(), vec![], &reglages);
        assert_eq!(enveloppe.to().iter().map(ToString::to_string).collect::<Vec<_>>(), ["essai@exemple.fr"]);
        let lu = MessageParser::default().parse(&octets).unwrap();
        assert_eq!(lu.header_raw("X-Telemaque-Destinataire").unwrap().trim(), "jeanne@exemple.fr");
        assert!(
            lu.body_text(0).unwrap().starts_with("[Essai : ce courriel était destiné à jeanne@exemple.fr.]")
        );
        assert_eq!(lu.reply_to().unwrap().first().unwrap().address(), Some("r@exemple.fr"));
    }

    #[test]
    fn no_text_makes_a_header() {
        // Rows are written by `enqueue`, which cleans them; should one not be, the header still holds.
        let depart =
            Depart { sujet: "a\r\nBcc: tous@exemple.fr".into(), nom: "b\r\nX-Faux: 1".into(), ..depart() };
        let (_, octets) = parti(&depart, vec![], &reglages());
        let lu = MessageParser::default().parse(&octets).unwrap();
        assert!(lu.bcc().is_none() && lu.header_raw("X-Faux").is_none());
    }

    #[test]
    fn asked_again_it_is_another_message() {
        let id = |d: &Depart| {
            let (_, octets) = parti(d, vec![], &reglages());
            MessageParser::default().parse(&octets).unwrap().message_id().unwrap().to_owned()
        };
        assert_eq!(id(&depart()), id(&Depart { essais: 3, ..depart() }));
        assert_ne!(id(&depart()), id(&Depart { relances: 1, ..depart() }));
    }
}
