//! The last good copy: sets in folders of their own, and one small file that says which is the good one. Only that file is
//! ever replaced, by a rename, so that a reader finds the old set or the new one and never a mixture.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use kernel::{Outage, OutageKind};
use serde::{Deserialize, Serialize};

use super::manifeste::Manifeste;
use super::panne;

const COURANT: &str = "courant.json";
const EN_COURS: &str = ".en-cours";
const VERROU: &str = ".verrou";

/// A whole set, verified when it was brought.
#[derive(Clone, Debug)]
pub struct BonneCopie {
    /// Folder of its files.
    pub dossier: PathBuf,
    /// Its manifest.
    pub manifeste: Manifeste,
    /// When it was last found to be what the site offers.
    pub obtenue_le: DateTime<Utc>,
}

impl BonneCopie {
    /// The file of a table.
    pub(super) fn fichier(&self, table: &str) -> PathBuf {
        let simple = self.dossier.join(format!("{table}.csv"));
        if simple.exists() { simple } else { self.dossier.join(format!("{table}.csv.gz")) }
    }
}

#[derive(Serialize, Deserialize)]
struct Courant {
    jeu: String,
    obtenue_le: DateTime<Utc>,
}

/// The last good copy kept in `racine`, if there is one.
///
/// # Errors
/// When the folder cannot be read, or holds something else.
pub fn bonne_copie(racine: &Path) -> Result<Option<BonneCopie>, Outage> {
    let chemin = racine.join(COURANT);
    let texte = match fs::read(&chemin) {
        Ok(texte) => texte,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(echec(&chemin, &e)),
    };
    let courant: Courant =
        serde_json::from_slice(&texte).map_err(|e| echec(&chemin, &std::io::Error::other(e)))?;
    let dossier = racine.join(&courant.jeu);
    let chemin = dossier.join(Manifeste::FICHIER);
    let manifeste = Manifeste::lire(&fs::read(&chemin).map_err(|e| echec(&chemin, &e))?)?;
    Ok(Some(BonneCopie { dossier, manifeste, obtenue_le: courant.obtenue_le }))
}

/// A failure of our own disk.
pub(super) fn echec(chemin: &Path, erreur: &std::io::Error) -> Outage {
    use std::io::ErrorKind;
    let pourquoi = match erreur.kind() {
        ErrorKind::PermissionDenied => "l'accès est refusé".to_owned(),
        ErrorKind::NotFound => "il n'existe pas".to_owned(),
        ErrorKind::StorageFull => "le disque est plein".to_owned(),
        _ => erreur.to_string(),
    };
    panne(
        "copie locale",
        OutageKind::Demande,
        format!("Le fichier {} de la copie locale ne peut être lu ou écrit : {pourquoi}.", chemin.display()),
        "Vérifiez les droits et la place du dossier de copie de l'extraction.",
    )
}

/// A set being brought. Dropped before it is validated, it leaves nothing behind.
#[derive(Debug)]
pub(super) struct Chantier {
    racine: PathBuf,
    dossier: PathBuf,
    // Held open for as long as the work lasts: one process at a time brings a set into a folder.
    _verrou: fs::File,
}

impl Chantier {
    /// Takes the folder for itself, waiting for another process that is bringing a set, and clears what a killed one left.
    pub fn ouvrir(racine: &Path) -> Result<Self, Outage> {
        fs::create_dir_all(racine).map_err(|e| echec(racine, &e))?;
        let chemin = racine.join(VERROU);
        let verrou = fs::File::create(&chemin).map_err(|e| echec(&chemin, &e))?;
        verrou.lock().map_err(|e| echec(&chemin, &e))?;
        let dossier = racine.join(EN_COURS);
        if dossier.exists() {
            fs::remove_dir_all(&dossier).map_err(|e| echec(&dossier, &e))?;
        }
        fs::create_dir(&dossier).map_err(|e| echec(&dossier, &e))?;
        Ok(Self { racine: racine.to_owned(), dossier, _verrou: verrou })
    }

    /// Where a file of the new set goes.
    pub fn chemin(&self, fichier: &str) -> PathBuf {
        self.dossier.join(fichier)
    }

    /// Makes the new set the good one, in one rename.
    pub fn valider(self, manifeste: &[u8], instant: DateTime<Utc>) -> Result<BonneCopie, Outage> {
        ecrire(&self.dossier.join(Manifeste::FICHIER), manifeste)?;
        let souche = format!("jeu-{}", instant.format("%Y%m%dT%H%M%S%6f"));
        let jeu = (0..)
            .map(|n| if n == 0 { souche.clone() } else { format!("{souche}-{n}") })
            .find(|nom| !self.racine.join(nom).exists())
            .unwrap_or(souche);
        let definitif = self.racine.join(&jeu);
        fs::rename(&self.dossier, &definitif).map_err(|e| echec(&definitif, &e))?;
        let ancien = bonne_copie(&self.racine).ok().flatten();
        designer(&self.racine, &jeu, instant)?;
        // The set before stays: another process may be reading it.
        self.nettoyer(&[Some(definitif.as_path()), ancien.as_ref().map(|a| a.dossier.as_path())]);
        Ok(BonneCopie { dossier: definitif, manifeste: Manifeste::lire(manifeste)?, obtenue_le: instant })
    }

    /// Says that the held set is still what the site offers.
    pub fn confirmer(self, held: BonneCopie, instant: DateTime<Utc>) -> Result<BonneCopie, Outage> {
        let jeu = held.dossier.file_name().unwrap_or_default().to_string_lossy().into_owned();
        designer(&self.racine, &jeu, instant)?;
        Ok(BonneCopie { obtenue_le: instant, ..held })
    }

    fn nettoyer(&self, gardes: &[Option<&Path>]) {
        let Ok(entrees) = fs::read_dir(&self.racine) else { return };
        for entree in entrees.flatten() {
            let chemin = entree.path();
            let est_un_jeu = entree.file_name().to_string_lossy().starts_with("jeu-");
            if est_un_jeu && !gardes.contains(&Some(chemin.as_path())) {
                // An old set that cannot be removed costs disk, nothing else.
                let _ = fs::remove_dir_all(&chemin);
            }
        }
    }
}

impl Drop for Chantier {
    fn drop(&mut self) {
        // A download given up may still create its file while the folder empties; it cannot once the folder is gone.
        for _ in 0..16 {
            match fs::remove_dir_all(&self.dossier) {
                Err(e) if e.kind() == std::io::ErrorKind::DirectoryNotEmpty => {}
                _ => break,
            }
        }
    }
}

fn designer(racine: &Path, jeu: &str, obtenue_le: DateTime<Utc>) -> Result<(), Outage> {
    let courant = racine.join(COURANT);
    let neuf = racine.join(".courant.neuf");
    let texte = serde_json::to_vec(&Courant { jeu: jeu.to_owned(), obtenue_le })
        .map_err(|e| echec(&courant, &std::io::Error::other(e)))?;
    ecrire(&neuf, &texte)?;
    fs::rename(&neuf, &courant).map_err(|e| echec(&courant, &e))
}

fn ecrire(chemin: &Path, octets: &[u8]) -> Result<(), Outage> {
    let mut fichier = fs::File::create(chemin).map_err(|e| echec(chemin, &e))?;
    fichier.write_all(octets).and_then(|()| fichier.sync_all()).map_err(|e| echec(chemin, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFESTE: &[u8] = br#"{"etablissement":"U","tables":{}}"#;

    fn instant(seconde: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconde, 0).unwrap()
    }

    #[test]
    fn nothing_is_held_at_first_and_an_abandoned_set_leaves_nothing() {
        let racine = tempfile::tempdir().unwrap();
        assert!(bonne_copie(racine.path()).unwrap().is_none());
        let chantier = Chantier::ouvrir(racine.path()).unwrap();
        ecrire(&chantier.chemin("ETAPE.csv"), b"COD_ETP").unwrap();
        drop(chantier);
        assert!(bonne_copie(racine.path()).unwrap().is_none());
        assert!(!racine.path().join(EN_COURS).exists());
    }

    #[test]
    fn a_killed_process_does_not_stop_the_next_and_two_sets_are_kept() {
        let racine = tempfile::tempdir().unwrap();
        fs::create_dir_all(racine.path().join(EN_COURS).join("reste")).unwrap();
        for seconde in 1..=4 {
            let bonne =
                Chantier::ouvrir(racine.path()).unwrap().valider(MANIFESTE, instant(seconde)).unwrap();
            assert_eq!(bonne_copie(racine.path()).unwrap().unwrap().dossier, bonne.dossier);
        }
        let jeux = fs::read_dir(racine.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with("jeu-"))
            .count();
        assert_eq!(jeux, 2);
    }

    #[test]
    fn two_sets_of_one_instant_do_not_collide() {
        let racine = tempfile::tempdir().unwrap();
        let un = Chantier::ouvrir(racine.path()).unwrap().valider(MANIFESTE, instant(1)).unwrap();
        let deux = Chantier::ouvrir(racine.path()).unwrap().valider(MANIFESTE, instant(1)).unwrap();
        assert_ne!(un.dossier, deux.dossier);
    }
}
