//! Attachments that are made when their message leaves: once, kept with their mark, the same ever after.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what a test stands on fails as the test does"
)]

mod serveur;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use chrono::Duration;
use kernel::{Clock as _, FixedClock};
use mail::{Empechement, Etat, Fabrique, Facteur, Message, Piece, Reglages};
use mail_parser::{MessageParser, MimeHeaders as _};
use serveur::{Chiffrement, Serveur};
use sha2::{Digest as _, Sha256};

/// Makes another file each time: what is sent twice must not be made twice.
#[derive(Default)]
struct Imprimerie {
    faits: AtomicU32,
    panne: std::sync::Mutex<Option<Empechement>>,
}

#[async_trait]
impl Fabrique for Imprimerie {
    fn genre(&self) -> &'static str {
        "essai.recu"
    }

    async fn faire(&self, cle: &str) -> Result<Vec<u8>, Empechement> {
        if let Some(panne) = self.panne.lock().unwrap().clone() {
            return Err(panne);
        }
        let n = self.faits.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(format!("%PDF-1.7 {cle} n° {n}").into_bytes())
    }
}

fn marque(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|o| format!("{o:02x}")).collect()
}

testkit::db_test!(
    a_file_is_made_when_its_message_leaves_and_kept_as_it_was,
    mail::MIGRATIONS,
    |db| async move {
        let serveur = Serveur::demarrer(Chiffrement::Aucun, None).await;
        let clock: Arc<FixedClock> = testkit::clock();
        let imprimerie = Arc::new(Imprimerie::default());
        let reglages = Reglages {
            serveur: format!("smtp://127.0.0.1:{}", serveur.port),
            expediteur: "scolarite@exemple.fr".into(),
            ..Reglages::default()
        };
        let sans = Facteur::new(db.clone(), clock.clone(), Arc::new(reglages));
        let facteur = sans.clone().avec_fabrique(imprimerie.clone());
        let message = &Message::new("jeanne@exemple.fr", "Votre reçu", "Bonjour,\n")
            .unwrap()
            .piece(Piece::pdf("plan.pdf", b"%PDF plan".to_vec()))
            .pdf_a_faire("recu-2024-P1-000001-1.pdf", "essai.recu", "2024-P1-000001-1");
        let quand = clock.now();
        let id = db.write(|tx| async move { mail::enqueue(&*tx, message, quand).await }).await.unwrap();
        let lu =
            async || db.read(|c| async move { mail::courriel_read(&c, id).await }).await.unwrap().unwrap();

        let pieces = lu().await.pieces;
        assert_eq!(imprimerie.faits.load(Ordering::SeqCst), 0, "writing the message down makes nothing");
        assert_eq!(
            (pieces[0].gardee, pieces[0].a_faire, pieces[0].empreinte.clone()),
            (true, false, Some(marque(b"%PDF plan")))
        );
        assert_eq!((pieces[1].gardee, pieces[1].a_faire, pieces[1].taille), (false, true, 0));
        assert_eq!(pieces[1].nom, "recu-2024-P1-000001-1.pdf");

        // Where nothing knows how to make it, and while what makes it is broken, the message waits with the reason.
        assert_eq!(sans.tournee().await.unwrap().reportes, 1);
        assert!(lu().await.ligne.erreur.unwrap().contains("recu-2024-P1-000001-1.pdf"));
        *imprimerie.panne.lock().unwrap() = Some(Empechement::Passager("la presse est bloquée.".into()));
        clock.advance(Duration::minutes(1));
        assert_eq!(facteur.tournee().await.unwrap().reportes, 1);
        let courriel = lu().await;
        assert_eq!(courriel.ligne.etat, Etat::AEnvoyer);
        assert!(courriel.ligne.erreur.unwrap().contains("la presse est bloquée"));
        assert_eq!(serveur.recus().len(), 0, "a message never leaves without its attachment");

        *imprimerie.panne.lock().unwrap() = None;
        clock.advance(Duration::minutes(5));
        assert_eq!(facteur.tournee().await.unwrap().envoyes, 1);
        let fait = b"%PDF-1.7 2024-P1-000001-1 n\xc2\xb0 1".to_vec();
        let piece = lu().await.pieces[1].clone();
        assert_eq!((piece.gardee, piece.a_faire, piece.taille), (true, false, fait.len() as u64));
        assert_eq!(piece.empreinte, Some(marque(&fait)));

        // Asked again: the same file, not another one.
        let plus_tard = clock.now();
        db.write(|tx| async move { mail::courriel_resend(&*tx, id, plus_tard).await }).await.unwrap();
        assert_eq!(facteur.tournee().await.unwrap().envoyes, 1);
        assert_eq!(imprimerie.faits.load(Ordering::SeqCst), 1);
        for (octets, _) in serveur.recus() {
            let recu = MessageParser::default().parse(&octets).unwrap();
            assert_eq!(recu.attachment_count(), 2);
            assert_eq!(recu.attachment(1).unwrap().attachment_name(), Some("recu-2024-P1-000001-1.pdf"));
            assert_eq!(recu.attachment(1).unwrap().contents(), fait);
        }
        let numero = piece.id;
        let gardee =
            db.read(|c| async move { mail::piece_read(&c, id, numero).await }).await.unwrap().unwrap();
        assert_eq!(gardee.octets, fait);

        // Spoilt where it is kept, it does not leave.
        db.write(|tx| async move {
            db::sql::execute(
                &*tx,
                "UPDATE mail_piece SET octets = ? WHERE id = ?",
                [b"%PDF autre".to_vec().into(), numero.into()],
            )
            .await?;
            mail::courriel_resend(&*tx, id, plus_tard).await
        })
        .await
        .unwrap();
        assert_eq!(facteur.tournee().await.unwrap().echecs, 1);
        assert!(lu().await.ligne.erreur.unwrap().contains("n’est plus celle qui avait été gardée"));

        // Its time over, neither bytes nor what they were made of are kept; the mark is.
        let avant = clock.now() + Duration::days(1);
        db.write(|tx| async move { mail::courriel_purge(&*tx, avant, avant).await }).await.unwrap();
        let piece = lu().await.pieces[1].clone();
        assert_eq!((piece.gardee, piece.a_faire, piece.empreinte), (false, false, Some(marque(&fait))));
    }
);

testkit::db_test!(what_can_never_be_made_is_given_up_at_once, mail::MIGRATIONS, |db| async move {
    let serveur = Serveur::demarrer(Chiffrement::Aucun, None).await;
    let clock: Arc<FixedClock> = testkit::clock();
    let imprimerie = Arc::new(Imprimerie::default());
    *imprimerie.panne.lock().unwrap() = Some(Empechement::Definitif("le reçu n’existe pas.".into()));
    let reglages = Reglages {
        serveur: format!("smtp://127.0.0.1:{}", serveur.port),
        expediteur: "scolarite@exemple.fr".into(),
        ..Reglages::default()
    };
    let facteur = Facteur::new(db.clone(), clock.clone(), Arc::new(reglages)).avec_fabrique(imprimerie);
    let avec = &Message::new("a@exemple.fr", "Reçu", "x").unwrap().pdf_a_faire("recu.pdf", "essai.recu", "z");
    let seul = &Message::new("b@exemple.fr", "Mot", "x").unwrap();
    let quand = clock.now();
    db.write(|tx| async move {
        mail::enqueue(&*tx, avec, quand).await?;
        mail::enqueue(&*tx, seul, quand).await
    })
    .await
    .unwrap();
    let tournee = facteur.tournee().await.unwrap();
    assert_eq!((tournee.echecs, tournee.envoyes), (1, 1), "the others leave");
});
