use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use encoding_rs::Encoding;
use kernel::{Outage, OutageKind};
use tokio::io::AsyncWriteExt as _;

use super::contenu::{decompresser, empreinte, malforme};
use super::lieu::Lieu;
use super::manifeste::{Manifeste, TableAnnoncee};
use super::{copie, csv, panne};
use crate::http;
use crate::reprise::Reprise;

/// Gets files from where the site puts them, and checks them.
#[derive(Debug)]
pub(super) struct Recuperation {
    lieu: Lieu,
    client: Option<reqwest::Client>,
    reprise: Reprise,
    pub reprises: AtomicU64,
    pub octets: AtomicU64,
}

/// Where bytes go as they come.
enum Cible<'a> {
    Memoire(Vec<u8>),
    Fichier(&'a Path, Option<tokio::fs::File>),
}

impl Cible<'_> {
    async fn recevoir(&mut self, morceau: &[u8]) -> Result<(), Outage> {
        match self {
            Self::Memoire(octets) => octets.extend_from_slice(morceau),
            Self::Fichier(chemin, ouvert) => {
                let echec = |e: std::io::Error| copie::echec(chemin, &e);
                if ouvert.is_none() {
                    *ouvert = Some(tokio::fs::File::create(&*chemin).await.map_err(echec)?);
                }
                if let Some(fichier) = ouvert {
                    fichier.write_all(morceau).await.map_err(echec)?;
                }
            }
        }
        Ok(())
    }
}

impl Recuperation {
    pub fn new(lieu: &Lieu, reprise: Reprise, silence: Duration) -> Result<Self, Outage> {
        let client = match lieu {
            Lieu::Dossier(_) => None,
            Lieu::Url { url, .. } => {
                let choix = http::Choix { silence: Some(silence), suit_les_redirections: true };
                Some(http::client(url, choix).map_err(|e| transport(lieu, "extraction", &e))?)
            }
        };
        Ok(Self {
            lieu: lieu.clone(),
            client,
            reprise,
            reprises: AtomicU64::new(0),
            octets: AtomicU64::new(0),
        })
    }

    /// Reads the manifest; its bytes come too, to be kept as they are.
    pub async fn manifeste(&self) -> Result<(Manifeste, Vec<u8>), Outage> {
        let octets =
            self.reprise.tenter(|_| self.compter_reprise(), || self.en_memoire(Manifeste::FICHIER)).await?;
        let octets = octets.ok_or_else(|| {
            panne(
                Manifeste::FICHIER,
                OutageKind::Incoherente,
                format!("Le fichier {} n'existe pas.", self.lieu.de_montre(Manifeste::FICHIER)),
                "Vérifiez l'adresse ou le dossier de l'extraction ; manifest.json est écrit en dernier, quand elle est \
                 complète.",
            )
        })?;
        Ok((Manifeste::lire(&octets)?, octets))
    }

    /// Brings a table under `dossier` and checks it against the manifest. Gives the file it became and its rows.
    pub async fn table(
        &self,
        nom: &'static str,
        annoncee: &TableAnnoncee,
        encodage: &'static Encoding,
        dossier: &Path,
    ) -> Result<(PathBuf, u64), Outage> {
        for fichier in [format!("{nom}.csv"), format!("{nom}.csv.gz")] {
            let chemin = dossier.join(&fichier);
            let trouve =
                self.reprise.tenter(|_| self.compter_reprise(), || self.deposer(&fichier, &chemin)).await?;
            if !trouve {
                continue;
            }
            let (annoncee, pour) = (annoncee.clone(), chemin.clone());
            let lignes =
                tokio::task::spawn_blocking(move || verifier_fichier(nom, &pour, &annoncee, encodage))
                    .await
                    .map_err(|e| copie::echec(&chemin, &std::io::Error::other(e)))??;
            return Ok((chemin, lignes));
        }
        Err(panne(
            nom,
            OutageKind::Incoherente,
            format!(
                "Le manifeste annonce la table {nom} ({} lignes), mais ni {nom}.csv ni {nom}.csv.gz n'existent : le jeu \
                 entier est refusé.",
                annoncee.lignes
            ),
            "Relancez le script d'extraction et vérifiez qu'il se termine sans erreur.",
        ))
    }

    fn compter_reprise(&self) {
        self.reprises.fetch_add(1, Ordering::Relaxed);
    }

    async fn en_memoire(&self, fichier: &str) -> Result<Option<Vec<u8>>, Outage> {
        let mut cible = Cible::Memoire(Vec::new());
        let trouve = self.lire(fichier, &mut cible).await?;
        Ok(match cible {
            Cible::Memoire(octets) if trouve => Some(octets),
            _ => None,
        })
    }

    async fn deposer(&self, fichier: &str, chemin: &Path) -> Result<bool, Outage> {
        let echec = |e: std::io::Error| copie::echec(chemin, &e);
        let mut cible = Cible::Fichier(chemin, None);
        let trouve = self.lire(fichier, &mut cible).await?;
        match cible {
            Cible::Fichier(_, Some(mut fichier)) => fichier.flush().await.map_err(echec)?,
            _ if trouve => tokio::fs::write(chemin, b"").await.map_err(echec)?,
            _ => {}
        }
        Ok(trouve)
    }

    /// Gives the file's bytes to `cible` as they come; `false` when there is no such file.
    async fn lire(&self, fichier: &str, cible: &mut Cible<'_>) -> Result<bool, Outage> {
        match (&self.lieu, &self.client) {
            (Lieu::Url { url: _, basic }, Some(client)) => {
                let mut requete = client.get(self.lieu.de(fichier));
                if let Some((nom, secret)) = basic {
                    requete = requete.basic_auth(nom, Some(secret));
                }
                let mut reponse = requete.send().await.map_err(|e| transport(&self.lieu, fichier, &e))?;
                match reponse.status().as_u16() {
                    200 => {}
                    404 | 410 => return Ok(false),
                    code => return Err(statut(&self.lieu, fichier, code)),
                }
                while let Some(morceau) =
                    reponse.chunk().await.map_err(|e| transport(&self.lieu, fichier, &e))?
                {
                    self.octets.fetch_add(morceau.len() as u64, Ordering::Relaxed);
                    cible.recevoir(&morceau).await?;
                }
                Ok(true)
            }
            _ => {
                let chemin = PathBuf::from(self.lieu.de(fichier));
                let octets = match tokio::fs::read(&chemin).await {
                    Ok(octets) => octets,
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
                    Err(e) => return Err(dossier_illisible(&chemin, &e)),
                };
                self.octets.fetch_add(octets.len() as u64, Ordering::Relaxed);
                cible.recevoir(&octets).await?;
                Ok(true)
            }
        }
    }
}

fn dossier_illisible(chemin: &Path, erreur: &std::io::Error) -> Outage {
    panne(
        chemin.file_name().unwrap_or_default().to_string_lossy(),
        OutageKind::Refus,
        format!("Le fichier {} ne peut pas être lu : {erreur}.", chemin.display()),
        "Vérifiez que le compte qui fait tourner Télémaque peut lire le dossier de l'extraction.",
    )
}

fn transport(lieu: &Lieu, fichier: &str, erreur: &reqwest::Error) -> Outage {
    let (kind, detail) = http::classer(erreur);
    let remede = match kind {
        OutageKind::Demande => "Corrigez l'adresse de l'extraction dans les paramètres.",
        _ => "Vérifiez que le serveur de l'extraction répond, et que le réseau y mène.",
    };
    panne(fichier, kind, format!("{} : {}", lieu.de_montre(fichier), minuscule(&detail)), remede)
}

fn statut(lieu: &Lieu, fichier: &str, code: u16) -> Outage {
    let (kind, remede) = match code {
        401 | 403 => (
            OutageKind::Refus,
            "Vérifiez l'identifiant et le mot de passe de l'extraction dans les paramètres.",
        ),
        408 | 429 | 500..=599 => {
            (OutageKind::EnPanne, "Le serveur de l'extraction est en panne : prévenez son exploitant.")
        }
        _ => (OutageKind::Demande, "Vérifiez l'adresse de l'extraction dans les paramètres."),
    };
    panne(fichier, kind, format!("{} : le serveur répond HTTP {code}.", lieu.de_montre(fichier)), remede)
}

fn minuscule(phrase: &str) -> String {
    let mut lettres = phrase.chars();
    lettres.next().map(|c| c.to_lowercase().chain(lettres).collect()).unwrap_or_default()
}

/// Compares a file with what the manifest announces: SHA-256, then rows. A refusal gives both figures of both.
pub(super) fn verifier_fichier(
    table: &str,
    chemin: &Path,
    annoncee: &TableAnnoncee,
    encodage: &'static Encoding,
) -> Result<u64, Outage> {
    let bruts = std::fs::read(chemin).map_err(|e| copie::echec(chemin, &e))?;
    if bruts.trim_ascii_start().starts_with(b"<") {
        return Err(panne(
            table,
            OutageKind::Illisible,
            format!("La table {table} est une page HTML, et non un fichier CSV."),
            "Vérifiez l'adresse de l'extraction : une page de connexion ou d'erreur répond à sa place.",
        ));
    }
    let brute = empreinte(&bruts);
    let (clairs, compression) = match decompresser(bruts) {
        Ok(clairs) => (clairs, None),
        Err(e) => (Vec::new(), Some(e)),
    };
    let conforme =
        [&brute, &empreinte(&clairs)].into_iter().any(|e| e.eq_ignore_ascii_case(&annoncee.sha256));
    let fichier = format!("{table}.csv");
    let (lignes, malformation) = match csv::decoder(&fichier, &clairs, encodage) {
        Ok(texte) => csv::compter(&fichier, &texte),
        Err(malformation) => (0, Some(malformation)),
    };
    if conforme {
        if let Some(malformation) = malformation {
            return Err(malforme(table, &malformation));
        }
        if lignes == annoncee.lignes {
            return Ok(lignes);
        }
    }
    let tronquee = compression.is_some() || lignes < annoncee.lignes;
    let mut detail = format!(
        "La table {table} ne correspond pas au manifeste : {} lignes attendues, {lignes} trouvées ; empreinte attendue \
         {}, trouvée {brute}.",
        annoncee.lignes, annoncee.sha256
    );
    if let Some(malformation) = malformation.filter(|_| compression.is_none()) {
        detail.push_str(&format!(" Le fichier est malformé : {malformation}."));
    }
    if let Some(e) = compression {
        detail.push_str(&format!(" Le fichier compressé est incomplet ({e})."));
    }
    detail.push_str(" Le jeu entier est refusé, la dernière bonne copie reste en service.");
    Err(panne(
        table,
        if tronquee { OutageKind::Tronquee } else { OutageKind::Incoherente },
        detail,
        "Si l'extraction est en cours d'écriture, recommencez dans quelques minutes ; sinon relancez le script \
         d'extraction.",
    ))
}
