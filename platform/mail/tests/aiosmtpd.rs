//! Delivery to a mail server that is not ours: Python's aiosmtpd, installed by `scripts/venv`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says when it was skipped"
)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use kernel::{Clock as _, FixedClock};
use mail::{Etat, Facteur, Message, Piece, Reglages};
use mail_parser::{MessageParser, MimeHeaders as _};

struct Serveur {
    processus: Child,
    port: u16,
}

impl Drop for Serveur {
    fn drop(&mut self) {
        let _ = self.processus.kill();
        let _ = self.processus.wait();
    }
}

fn aiosmtpd() -> Option<PathBuf> {
    let chemin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/venv/bin/aiosmtpd");
    if chemin.is_file() {
        return Some(chemin);
    }
    eprintln!("skipped: aiosmtpd is not installed (scripts/venv installs it)");
    None
}

/// Keeps what it receives in a Maildir.
fn demarrer(commande: &Path, boite: &Path) -> Serveur {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let processus = Command::new(commande)
        .args(["-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"])
        .arg(boite)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Serveur { processus, port }
}

testkit::db_test!(another_server_understands_what_leaves, mail::MIGRATIONS, |db| async move {
    let Some(commande) = aiosmtpd() else { return };
    let dossier = tempfile::tempdir().unwrap();
    let boite = dossier.path().join("boite");
    let serveur = demarrer(&commande, &boite);
    let clock: Arc<FixedClock> = testkit::clock();
    let reglages = Reglages {
        serveur: format!("smtp://127.0.0.1:{}", serveur.port),
        expediteur: "Scolarité à distance <scolarite@exemple.fr>".into(),
        ..Reglages::default()
    };
    let facteur = Facteur::new(db.clone(), clock.clone(), Arc::new(reglages));
    let message = &Message::new(
        "jeanne@exemple.fr",
        "Votre convocation, « première » session",
        "Bonjour,\n.\n..\nŁukasz\n",
    )
    .unwrap()
    .nomme("Jeanne N'Guyen-Đặng")
    .piece(Piece::pdf("convocation.pdf", (0..=255).cycle().take(100_000).collect()));
    let quand = clock.now();
    let id = db.write(|tx| async move { mail::enqueue(&*tx, message, quand).await }).await.unwrap();
    // Listening is all that is waited for: what is tried after that must leave at once.
    let debut = std::time::Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", serveur.port)).await.is_err() {
        assert!(debut.elapsed().as_secs() < 30, "aiosmtpd does not listen");
        tokio::task::yield_now().await;
    }
    assert_eq!(facteur.tournee().await.unwrap().envoyes, 1);
    let courriel = db.read(|c| async move { mail::courriel_read(&c, id).await }).await.unwrap().unwrap();
    assert_eq!(courriel.ligne.etat, Etat::Envoye);
    let fichier = std::fs::read_dir(boite.join("new")).unwrap().next().unwrap().unwrap().path();
    let octets = std::fs::read(fichier).unwrap();
    let lu = MessageParser::default().parse(&octets).unwrap();
    assert_eq!(lu.subject(), Some("Votre convocation, « première » session"));
    assert_eq!(lu.to().unwrap().first().unwrap().name(), Some("Jeanne N'Guyen-Đặng"));
    assert_eq!(lu.body_text(0).unwrap().replace("\r\n", "\n"), "Bonjour,\n.\n..\nŁukasz\n");
    let piece = lu.attachment(0).unwrap();
    assert_eq!(piece.attachment_name(), Some("convocation.pdf"));
    assert!(piece.contents().iter().copied().eq((0..=255).cycle().take(100_000)));
});
