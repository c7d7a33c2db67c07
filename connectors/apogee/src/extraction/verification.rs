use std::time::Instant;

use kernel::{Outage, OutageKind};

use super::catalogue;
use super::panne;
use super::rapatriement::Reglages;
use super::recuperation::Recuperation;

/// What asking one file of the extraction gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controle {
    /// `manifest.json`, or the table.
    pub lien: String,
    /// Time to the whole answer, in milliseconds.
    pub latence_ms: u64,
    /// What was seen.
    pub resultat: Result<String, Outage>,
}

/// Tries the manifest, then every table that it announces, without touching the held copy.
pub async fn verifier(reglages: &Reglages) -> Vec<Controle> {
    let debut = Instant::now();
    let recuperation = match Recuperation::new(&reglages.lieu, reglages.reprise, reglages.silence) {
        Ok(recuperation) => recuperation,
        Err(refus) => return vec![controle("manifest.json", debut, Err(refus))],
    };
    let (manifeste, _) = match recuperation.manifeste().await {
        Ok(lu) => lu,
        Err(refus) => return vec![controle("manifest.json", debut, Err(refus))],
    };
    let a_lire = catalogue::a_lire(&manifeste);
    let vu = a_lire.clone().map(|tables| {
        let date = manifeste
            .extrait_le
            .map(|d| format!(", extrait le {}", kernel::instant_francais(d.naive_local())))
            .unwrap_or_default();
        format!("{} : {} tables{date}", manifeste.etablissement, tables.len())
    });
    let mut controles = vec![controle("manifest.json", debut, vu)];
    let (Ok(a_lire), Ok(encodage)) = (a_lire, manifeste.encodage()) else { return controles };
    let brouillon = match brouillon(reglages) {
        Ok(brouillon) => brouillon,
        Err(refus) => {
            controles.push(controle("copie locale", Instant::now(), Err(refus)));
            return controles;
        }
    };
    for nom in a_lire {
        let Some(annoncee) = manifeste.tables.get(nom) else { continue };
        let debut = Instant::now();
        let vu = recuperation
            .table(nom, annoncee, encodage, &brouillon.0)
            .await
            .map(|(_, lignes)| format!("{}, empreinte conforme", combien(lignes)));
        controles.push(controle(nom, debut, vu));
    }
    controles
}

fn combien(lignes: u64) -> String {
    let mot = if lignes < 2 { "ligne" } else { "lignes" };
    format!("{} {mot}", kernel::nombre_francais(i64::try_from(lignes).unwrap_or(i64::MAX)))
}

fn controle(lien: &str, debut: Instant, resultat: Result<String, Outage>) -> Controle {
    let latence_ms = u64::try_from(debut.elapsed().as_millis()).unwrap_or(u64::MAX);
    Controle { lien: lien.to_owned(), latence_ms, resultat }
}

/// A folder of its own, removed when the checks are done.
struct Brouillon(std::path::PathBuf);

impl Drop for Brouillon {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn brouillon(reglages: &Reglages) -> Result<Brouillon, Outage> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static RANG: AtomicU64 = AtomicU64::new(0);
    let rang = RANG.fetch_add(1, Ordering::Relaxed);
    let dossier = reglages.copie.join(format!(".verification-{}-{rang}", std::process::id()));
    std::fs::create_dir_all(&dossier).map_err(|e| {
        panne(
            "copie locale",
            OutageKind::Demande,
            format!("Le dossier {} ne peut pas être créé : {e}.", dossier.display()),
            "Vérifiez les droits et la place du dossier de copie de l'extraction.",
        )
    })?;
    Ok(Brouillon(dossier))
}
