//! A small load generator for `make bench`: keep-alive connections, one request at a time on each, no pipelining. One thread, so that on
//! two cores the server keeps most of them.
//!
//! ```text
//! charge --connexions 16 --secondes 5 --statut 200 [--entete "Authorization: Bearer …"]… [--revalider] URL…
//! charge --connexions 16 --statut 303 --fichier DEMANDES [--une-fois] URL
//! ```
//!
//! Addresses are asked in turn. `--revalider` asks each once, then sends its ETag back. `--fichier` gives the requests one a line, each with
//! its own headers: `METHODE CHEMIN<tab>en-tête<tab>…<tab>corps` (an empty body for a GET); the address then says the host alone.
//! `--une-fois` sends each exactly once, and the time of all is given. Prints one line of JSON.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on its terminal")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

type Erreur = Box<dyn std::error::Error + Send + Sync>;

struct Reglages {
    connexions: usize,
    secondes: f64,
    statut: u16,
    entetes: Vec<String>,
    revalider: bool,
    une_fois: bool,
    fichier: Vec<String>,
    hote: String,
    chemins: Vec<String>,
}

/// What is measured before counting begins: caches fill, connections open.
const CHAUFFE: Duration = Duration::from_millis(1000);

fn lire(mut args: impl Iterator<Item = String>) -> Result<Reglages, Erreur> {
    let mut r = Reglages {
        connexions: 16,
        secondes: 5.0,
        statut: 200,
        entetes: Vec::new(),
        revalider: false,
        une_fois: false,
        fichier: Vec::new(),
        hote: String::new(),
        chemins: Vec::new(),
    };
    while let Some(arg) = args.next() {
        let mut suivant = || args.next().ok_or_else(|| Erreur::from(format!("{arg} needs a value")));
        match arg.as_str() {
            "--connexions" => r.connexions = suivant()?.parse()?,
            "--secondes" => r.secondes = suivant()?.parse()?,
            "--statut" => r.statut = suivant()?.parse()?,
            "--entete" => r.entetes.push(suivant()?),
            "--revalider" => r.revalider = true,
            "--une-fois" => r.une_fois = true,
            "--fichier" => {
                r.fichier = std::fs::read_to_string(suivant()?)?.lines().map(str::to_owned).collect()
            }
            url => {
                let reste = url.strip_prefix("http://").ok_or("an address begins with http://")?;
                let (hote, chemin) = reste.split_once('/').unwrap_or((reste, ""));
                hote.clone_into(&mut r.hote);
                r.chemins.push(format!("/{chemin}"));
            }
        }
    }
    if r.chemins.is_empty() { Err("no address".into()) } else { Ok(r) }
}

/// One connection and what it has read ahead.
struct Connexion {
    prise: TcpStream,
    tampon: Vec<u8>,
}

struct Lue {
    statut: u16,
    etag: Option<String>,
}

impl Connexion {
    async fn ouvrir(hote: &str) -> Result<Self, Erreur> {
        let prise = TcpStream::connect(hote).await?;
        prise.set_nodelay(true)?;
        Ok(Self { prise, tampon: Vec::with_capacity(256 * 1024) })
    }

    /// Asks, and reads the whole answer.
    async fn demander(&mut self, demande: &[u8], avec_etag: bool) -> Result<Lue, Erreur> {
        self.prise.write_all(demande).await?;
        self.tampon.clear();
        let fin = loop {
            if let Some(fin) = fin_des_entetes(&self.tampon) {
                break fin;
            }
            self.suite().await?;
        };
        let tete = std::str::from_utf8(self.tampon.get(..fin).unwrap_or_default())?;
        let statut: u16 = tete.get(9..12).unwrap_or_default().parse()?;
        let (mut longueur, mut etag) = (None, None);
        for ligne in tete.split("\r\n").skip(1) {
            let Some((nom, valeur)) = ligne.split_once(':') else { continue };
            if nom.eq_ignore_ascii_case("content-length") {
                longueur = Some(valeur.trim().parse::<usize>()?);
            } else if avec_etag && nom.eq_ignore_ascii_case("etag") {
                etag = Some(valeur.trim().to_owned());
            }
        }
        let longueur = match (longueur, statut) {
            (_, 304 | 204) => 0,
            (Some(longueur), _) => longueur,
            (None, _) => return Err("an answer without its length".into()),
        };
        while self.tampon.len() < fin + 4 + longueur {
            self.suite().await?;
        }
        Ok(Lue { statut, etag })
    }

    async fn suite(&mut self) -> Result<(), Erreur> {
        if self.prise.read_buf(&mut self.tampon).await? == 0 {
            return Err("the server closed the connection".into());
        }
        Ok(())
    }
}

fn fin_des_entetes(octets: &[u8]) -> Option<usize> {
    octets.windows(4).position(|w| w == b"\r\n\r\n")
}

fn demande(r: &Reglages, chemin: &str, etag: Option<&str>) -> Vec<u8> {
    let mut texte = format!("GET {chemin} HTTP/1.1\r\nHost: {}\r\n", r.hote);
    for entete in &r.entetes {
        texte.push_str(entete);
        texte.push_str("\r\n");
    }
    if let Some(etag) = etag {
        texte.push_str(&format!("If-None-Match: {etag}\r\n"));
    }
    texte.push_str("\r\n");
    texte.into_bytes()
}

/// A request of the file: its first line, its headers, its body.
fn demande_lue(r: &Reglages, ligne: &str) -> Vec<u8> {
    let mut champs: Vec<&str> = ligne.split('\t').collect();
    let corps = champs.pop().unwrap_or_default();
    let mut champs = champs.into_iter();
    let mut texte = format!("{} HTTP/1.1\r\nHost: {}\r\n", champs.next().unwrap_or_default(), r.hote);
    for entete in champs {
        texte.push_str(entete);
        texte.push_str("\r\n");
    }
    if !corps.is_empty() {
        texte.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
        texte.push_str(&format!("Content-Length: {}\r\n", corps.len()));
    }
    texte.push_str("\r\n");
    texte.push_str(corps);
    texte.into_bytes()
}

/// Each request once, shared between the connections as they are free.
async fn une_fois(r: &'static Reglages, demandes: &'static [Vec<u8>]) -> Result<String, Erreur> {
    let suivante: &'static AtomicUsize = Box::leak(Box::default());
    let debut = Instant::now();
    let mut taches = Vec::new();
    for _ in 0..r.connexions {
        taches.push(tokio::spawn(async move {
            let mut connexion = Connexion::ouvrir(&r.hote).await?;
            let mut durees: Vec<u32> = Vec::new();
            while let Some(demande) = demandes.get(suivante.fetch_add(1, Ordering::Relaxed)) {
                let parti = Instant::now();
                let lue = connexion.demander(demande, false).await?;
                if lue.statut != r.statut {
                    return Err(Erreur::from(format!("{} instead of {}", lue.statut, r.statut)));
                }
                durees.push(u32::try_from(parti.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
            Ok(durees)
        }));
    }
    let mut durees = Vec::new();
    for tache in taches {
        durees.extend(tache.await??);
    }
    Ok(resultat(durees, debut.elapsed().as_secs_f64()))
}

async fn mesurer(r: &'static Reglages) -> Result<String, Erreur> {
    let mut demandes: Vec<Vec<u8>> = r.fichier.iter().map(|ligne| demande_lue(r, ligne)).collect();
    if r.une_fois {
        return une_fois(r, demandes.leak()).await;
    }
    let mut premiere = Connexion::ouvrir(&r.hote).await?;
    let chemins = if r.fichier.is_empty() { r.chemins.as_slice() } else { &[] };
    for chemin in chemins {
        let etag =
            if r.revalider { premiere.demander(&demande(r, chemin, None), true).await?.etag } else { None };
        demandes.push(demande(r, chemin, etag.as_deref()));
    }
    let demandes: &'static [Vec<u8>] = demandes.leak();
    let debut = Instant::now() + CHAUFFE;
    let fin = debut + Duration::from_secs_f64(r.secondes);
    let mut taches = Vec::new();
    for i in 0..r.connexions {
        taches.push(tokio::spawn(async move {
            let mut connexion = Connexion::ouvrir(&r.hote).await?;
            let mut durees: Vec<u32> = Vec::new();
            for demande in demandes.iter().cycle().skip(i * demandes.len() / r.connexions.max(1)) {
                let parti = Instant::now();
                if parti >= fin {
                    break;
                }
                let lue = connexion.demander(demande, false).await?;
                if lue.statut != r.statut {
                    return Err(Erreur::from(format!("{} instead of {}", lue.statut, r.statut)));
                }
                if parti >= debut {
                    durees.push(u32::try_from(parti.elapsed().as_micros()).unwrap_or(u32::MAX));
                }
            }
            Ok(durees)
        }));
    }
    let mut durees = Vec::new();
    for tache in taches {
        durees.extend(tache.await??);
    }
    Ok(resultat(durees, r.secondes))
}

/// One line of JSON.
fn resultat(mut durees: Vec<u32>, secondes: f64) -> String {
    durees.sort_unstable();
    let rang = |pour_mille: usize| {
        let place = (durees.len() * pour_mille / 1000).min(durees.len().saturating_sub(1));
        f64::from(durees.get(place).copied().unwrap_or_default()) / 1000.0
    };
    #[expect(clippy::cast_precision_loss, reason = "counts of some seconds")]
    let debit = durees.len() as f64 / secondes;
    format!(
        r#"{{"requetes":{},"secondes":{secondes:.3},"par_seconde":{debit:.0},"p50_ms":{:.2},"p99_ms":{:.2},"max_ms":{:.2}}}"#,
        durees.len(),
        rang(500),
        rang(990),
        rang(1000)
    )
}

fn main() -> ExitCode {
    let reglages: &'static Reglages = match lire(std::env::args().skip(1)) {
        Ok(reglages) => Box::leak(Box::new(reglages)),
        Err(err) => {
            eprintln!("{err}");
            return ExitCode::FAILURE;
        }
    };
    let mesure = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Erreur::from)
        .and_then(|runtime| runtime.block_on(mesurer(reglages)));
    match mesure {
        Ok(ligne) => {
            println!("{ligne}");
            ExitCode::SUCCESS
        }
        Err(err) => {
            eprintln!("{err}");
            ExitCode::FAILURE
        }
    }
}
