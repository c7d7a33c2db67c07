//! The server that takes mail: as much of SMTP as a client needs, on loopback, with what makes a client's life hard.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::Boite;

/// The largest message taken, headers and attachments encoded.
const TAILLE: u64 = 32 * 1024 * 1024;

/// The longest line of a command.
const LIGNE: u64 = 4096;

/// Recipients of one message.
const DESTINATAIRES: usize = 100;

/// Connections at once.
const CONNEXIONS: usize = 32;

/// The longest silence of a client.
const SILENCE: Duration = Duration::from_secs(60);

/// Takes connections until the listener is dropped with its task.
pub(super) async fn ecouter(ecoute: TcpListener, boite: Boite) {
    let places = Arc::new(Semaphore::new(CONNEXIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match ecoute.accept().await {
            Ok((flux, pair)) => {
                let boite = boite.clone();
                tokio::spawn(async move {
                    let _place = place;
                    accueillir(flux, pair, &boite).await;
                });
            }
            // Out of descriptors, say: the next one may succeed.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn accueillir(flux: TcpStream, pair: SocketAddr, boite: &Boite) {
    if !crate::server::is_loopback(pair.ip()) {
        return;
    }
    boite.connexion();
    let (lecture, ecriture) = flux.into_split();
    // A client that leaves without a word is none of our affairs.
    let _ = dialogue(BufReader::new(lecture), ecriture, boite).await;
}

/// The envelope under way.
#[derive(Default)]
struct Enveloppe {
    de: Option<String>,
    vers: Vec<String>,
}

async fn dialogue(
    mut lecture: impl AsyncBufRead + Unpin,
    mut ecriture: impl AsyncWrite + Unpin,
    boite: &Boite,
) -> std::io::Result<()> {
    let mut enveloppe = Enveloppe::default();
    dire(&mut ecriture, "220 bac-a-sable ESMTP").await?;
    while let Some(ligne) = commande(&mut lecture).await? {
        let verbe = ligne.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reponse = match verbe.as_str() {
            "EHLO" => "250-bac-a-sable\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432",
            "HELO" => "250 bac-a-sable",
            "NOOP" => "250 2.0.0 Bien",
            "RSET" => {
                enveloppe = Enveloppe::default();
                "250 2.0.0 Bien"
            }
            "MAIL" => match adresse(&ligne, "FROM:") {
                Some(de) => {
                    enveloppe = Enveloppe { de: Some(de), vers: Vec::new() };
                    "250 2.1.0 Bien"
                }
                None => "501 5.5.4 Adresse incorrecte",
            },
            "RCPT" => destinataire(&ligne, &mut enveloppe),
            "DATA" if enveloppe.vers.is_empty() => "503 5.5.1 Aucun destinataire",
            "DATA" => {
                dire(&mut ecriture, "354 Finir par un point").await?;
                if enveloppe.vers.iter().any(|vers| vers.starts_with("coupe")) {
                    commande(&mut lecture).await?;
                    return Ok(());
                }
                match message(&mut lecture).await? {
                    Some(octets) => {
                        let Enveloppe { de, vers } = std::mem::take(&mut enveloppe);
                        boite.deposer(de.unwrap_or_default(), vers, octets);
                        "250 2.0.0 Reçu"
                    }
                    None => "552 5.3.4 Message trop grand",
                }
            }
            "QUIT" => return dire(&mut ecriture, "221 2.0.0 Au revoir").await,
            _ => "502 5.5.2 Commande inconnue",
        };
        dire(&mut ecriture, reponse).await?;
    }
    Ok(())
}

fn destinataire(ligne: &str, enveloppe: &mut Enveloppe) -> &'static str {
    if enveloppe.de.is_none() {
        return "503 5.5.1 MAIL d'abord";
    }
    match adresse(ligne, "TO:") {
        Some(vers) if vers.starts_with("refuse") => "550 5.1.1 Adresse inconnue",
        Some(vers) if vers.starts_with("plus-tard") => "451 4.2.0 Boîte occupée, réessayez plus tard",
        Some(_) if enveloppe.vers.len() >= DESTINATAIRES => "452 4.5.3 Trop de destinataires",
        Some(vers) => {
            enveloppe.vers.push(vers);
            "250 2.1.5 Bien"
        }
        None => "501 5.5.4 Adresse incorrecte",
    }
}

/// What stands between angle brackets after `FROM:` or `TO:`.
fn adresse(ligne: &str, mot: &str) -> Option<String> {
    let reste = ligne.split_once(' ')?.1.trim_start();
    let (tete, reste) = reste.split_at_checked(mot.len())?;
    let dedans = reste.trim_start().strip_prefix('<')?.split_once('>')?.0;
    (tete.eq_ignore_ascii_case(mot) && dedans.len() < 320).then(|| dedans.to_owned())
}

/// In one packet: a line sent in two waits for the other side's acknowledgement.
async fn dire(ecriture: &mut (impl AsyncWrite + Unpin), texte: &str) -> std::io::Result<()> {
    ecriture.write_all(format!("{texte}\r\n").as_bytes()).await?;
    ecriture.flush().await
}

async fn octets(lecture: &mut (impl AsyncBufRead + Unpin), most: u64) -> std::io::Result<Vec<u8>> {
    let mut ligne = Vec::new();
    let lue = async { lecture.take(most).read_until(b'\n', &mut ligne).await };
    tokio::time::timeout(SILENCE, lue).await.map_err(|_| std::io::ErrorKind::TimedOut)??;
    Ok(ligne)
}

/// A command, or `None` when the client has left or talks without end.
async fn commande(lecture: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let ligne = octets(lecture, LIGNE).await?;
    if !ligne.ends_with(b"\n") {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&ligne).trim_end().to_owned()))
}

/// What follows DATA, its doubled dots made single; `None` when it is too large, though read to its end.
async fn message(lecture: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    let mut trop = false;
    loop {
        let ligne = octets(lecture, TAILLE).await?;
        if ligne.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if ligne == b".\r\n" {
            return Ok((!trop).then_some(message));
        }
        trop |= (message.len() + ligne.len()) as u64 > TAILLE;
        if !trop {
            message.extend_from_slice(ligne.strip_prefix(b".").unwrap_or(&ligne));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn dialogue_de(client: &str) -> (String, Boite) {
        let boite = Boite::default();
        let mut reponses = Vec::new();
        dialogue(client.as_bytes(), &mut reponses, &boite).await.unwrap();
        (String::from_utf8(reponses).unwrap(), boite)
    }

    fn codes(reponses: &str) -> Vec<&str> {
        reponses.lines().filter(|l| l.as_bytes()[3] == b' ').map(|l| &l[..3]).collect()
    }

    #[tokio::test]
    async fn a_message_is_taken_as_it_was_written() {
        let client = "EHLO moi\r\nMAIL FROM:<s@exemple.fr> SIZE=40\r\nRCPT TO:<a@exemple.fr>\r\nDATA\r\nSubject: Essai\r\n\r\nligne\r\n..point\r\n.\r\nQUIT\r\n";
        let (reponses, boite) = dialogue_de(client).await;
        assert_eq!(codes(&reponses), ["220", "250", "250", "250", "354", "250", "221"]);
        let recus = boite.recus();
        assert_eq!(
            (recus[0].expediteur.as_str(), recus[0].destinataires.as_slice()),
            ("s@exemple.fr", &["a@exemple.fr".to_owned()][..])
        );
        assert_eq!((recus[0].sujet.as_str(), recus[0].texte.as_str()), ("Essai", "ligne\n.point\n"));
    }

    #[tokio::test]
    async fn addresses_say_how_they_are_answered() {
        let client = "EHLO moi\r\nRCPT TO:<a@x.fr>\r\nMAIL FROM:<s@x.fr>\r\nRCPT TO:<refuse@x.fr>\r\nRCPT TO:<plus-tard@x.fr>\r\nDATA\r\nRCPT a@x.fr\r\nDANSER\r\nQUIT\r\n";
        let (reponses, boite) = dialogue_de(client).await;
        assert_eq!(codes(&reponses), ["220", "250", "503", "250", "550", "451", "503", "501", "502", "221"]);
        assert!(boite.recus().is_empty());
    }

    #[tokio::test]
    async fn a_cut_message_is_not_kept() {
        let debut =
            "EHLO moi\r\nMAIL FROM:<s@x.fr>\r\nRCPT TO:<coupe@x.fr>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";
        let (reponses, boite) = dialogue_de(debut).await;
        assert_eq!(codes(&reponses).last(), Some(&"354"));
        assert!(boite.recus().is_empty());
        let sans_fin = "MAIL FROM:<s@x.fr>\r\nRCPT TO:<a@x.fr>\r\nDATA\r\nSubject: x\r\n";
        let boite = Boite::default();
        assert!(dialogue(sans_fin.as_bytes(), Vec::new(), &boite).await.is_err());
        assert!(boite.recus().is_empty());
    }

    #[tokio::test]
    async fn a_client_that_talks_without_end_is_left() {
        let (reponses, _) = dialogue_de(&"x".repeat(10_000)).await;
        assert_eq!(codes(&reponses), ["220"]);
    }
}
