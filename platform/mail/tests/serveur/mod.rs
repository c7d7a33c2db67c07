//! A mail server in the process of the test: in clear, by STARTTLS or encrypted from the start, with a password or without.
//!
//! Its certificate is signed by `tls/autorite.pem`, that no machine knows; `tls/autre.pem` has signed nothing. All are for 100 years:
//! `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 …`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chiffrement {
    /// In clear, and it knows no better.
    Aucun,
    /// In clear until it is asked for better.
    Starttls,
    /// From the first byte.
    DesLeDebut,
}

/// What it saw.
#[derive(Debug, Default)]
pub struct Vu {
    /// Messages taken, as they came, and whether the connection was encrypted.
    pub messages: Vec<(Vec<u8>, bool)>,
    /// Passwords tried, and whether the connection was encrypted.
    pub essais: Vec<(String, bool)>,
}

/// It stops when it is dropped with its runtime.
pub struct Serveur {
    pub port: u16,
    pub vu: Arc<Mutex<Vu>>,
}

pub fn fichier(nom: &str) -> String {
    let dossier = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    dossier.join(nom).to_str().unwrap().to_owned()
}

#[derive(Clone)]
struct Reglage {
    chiffrement: Chiffrement,
    /// `\0name\0password` in base 64, when one must be said.
    identite: Option<&'static str>,
    tls: TlsAcceptor,
    vu: Arc<Mutex<Vu>>,
}

impl Serveur {
    pub async fn demarrer(chiffrement: Chiffrement, identite: Option<&'static str>) -> Self {
        let ecoute = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = ecoute.local_addr().unwrap().port();
        let chaine =
            CertificateDer::pem_file_iter(fichier("serveur.pem")).unwrap().map(Result::unwrap).collect();
        let cle = PrivateKeyDer::from_pem_file(fichier("serveur.cle.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chaine, cle)
            .unwrap();
        let vu = Arc::new(Mutex::new(Vu::default()));
        let reglage =
            Reglage { chiffrement, identite, tls: TlsAcceptor::from(Arc::new(config)), vu: Arc::clone(&vu) };
        tokio::spawn(async move {
            loop {
                let (flux, _) = ecoute.accept().await.unwrap();
                // A client that leaves, or that refuses the certificate, is one of the cases.
                tokio::spawn(accueillir(flux, reglage.clone()));
            }
        });
        Self { port, vu }
    }

    pub fn recus(&self) -> Vec<(Vec<u8>, bool)> {
        self.vu.lock().unwrap().messages.clone()
    }
}

async fn accueillir(flux: TcpStream, r: Reglage) -> std::io::Result<()> {
    if r.chiffrement == Chiffrement::DesLeDebut {
        let flux = r.tls.accept(flux).await?;
        dialogue(&mut BufReader::new(flux), &r, (true, true)).await?;
        return Ok(());
    }
    let mut flux = BufReader::new(flux);
    if dialogue(&mut flux, &r, (true, false)).await? {
        let flux = r.tls.accept(flux.into_inner()).await?;
        dialogue(&mut BufReader::new(flux), &r, (false, true)).await?;
    }
    Ok(())
}

/// Until the client leaves; true when it asks to be encrypted.
async fn dialogue<F: AsyncRead + AsyncWrite + Unpin>(
    flux: &mut BufReader<F>,
    r: &Reglage,
    (saluer, chiffree): (bool, bool),
) -> std::io::Result<bool> {
    if saluer {
        flux.write_all(b"220 essai\r\n").await?;
    }
    let mut ligne = String::new();
    loop {
        flux.flush().await?;
        ligne.clear();
        if flux.read_line(&mut ligne).await? == 0 {
            return Ok(false);
        }
        let mot = ligne.trim_end();
        let reponse: Vec<u8> = match mot.split(' ').next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => {
                let mut dit = b"250-essai\r\n".to_vec();
                if r.chiffrement == Chiffrement::Starttls && !chiffree {
                    dit.extend(b"250-STARTTLS\r\n");
                }
                if r.identite.is_some() {
                    dit.extend(b"250-AUTH PLAIN\r\n");
                }
                dit.extend(b"250 8BITMIME\r\n");
                dit
            }
            "STARTTLS" => {
                flux.write_all(b"220 allez\r\n").await?;
                flux.flush().await?;
                return Ok(true);
            }
            "AUTH" => {
                let dit = mot.split(' ').nth(2).unwrap_or_default().to_owned();
                r.vu.lock().unwrap().essais.push((dit.clone(), chiffree));
                if Some(dit.as_str()) == r.identite {
                    b"235 oui\r\n".to_vec()
                } else {
                    b"535 5.7.8 Bad credentials\r\n".to_vec()
                }
            }
            "DATA" => {
                flux.write_all(b"354 allez\r\n").await?;
                flux.flush().await?;
                let mut octets = Vec::new();
                while !octets.ends_with(b"\r\n.\r\n") {
                    if flux.read_until(b'\n', &mut octets).await? == 0 {
                        return Ok(false);
                    }
                }
                r.vu.lock().unwrap().messages.push((octets, chiffree));
                b"250 pris\r\n".to_vec()
            }
            "QUIT" => {
                flux.write_all(b"221 au revoir\r\n").await?;
                flux.flush().await?;
                return Ok(false);
            }
            _ => b"250 oui\r\n".to_vec(),
        };
        flux.write_all(&reponse).await?;
    }
}
