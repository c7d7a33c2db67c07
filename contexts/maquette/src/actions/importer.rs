//! Corrections out of a spreadsheet: kept when it is sent, looked at as often as one likes, applied in one transaction.
//!
//! What is kept is what the file says. What it would change is found again each time, in a fixed number of questions to the database
//! whatever the number of lines; the page carries a mark of each line, so that applying says which lines are no longer as they were shown.

use chrono::Duration;
use db::{DbError, journal};
use kernel::{Actor, AnneeUniversitaire};
use serde_json::json;
use tableur::{Defaut, Tableau};

use super::corriger::{aujourd_hui, entree_de_pose, fin_proposee, modification};
use super::corriger_jeu::Jeu;
use super::importer_constat::confronter;
pub use super::importer_constat::{Change, Constat};
use super::importer_lire::{Defauts, lire};
use super::{ImportFault, Outils};
use crate::domain::importation::{LIGNES_MAX, ecrire};
use crate::domain::valeur::Valeur;
use crate::store::correction::Nouvelle;
use crate::store::importation::{self as tenus, ImportTenu};

/// How long a file that nobody applied is kept.
const OUBLI: Duration = Duration::days(7);

/// Reads a table, keeps its lines and gives the number of the import.
///
/// # Errors
/// [`ImportFault::TropDeLignes`], the database's; `Ok(Err(…))` for columns that are missing or there twice.
pub async fn deposer(
    outils: &Outils,
    fichier: &str,
    tableau: &Tableau,
    annee: AnneeUniversitaire,
    acteur: &Actor,
) -> Result<Result<i64, Vec<Defaut>>, ImportFault> {
    if tableau.lignes.len() > LIGNES_MAX {
        return Err(ImportFault::TropDeLignes(tableau.lignes.len()));
    }
    let outils = outils.a_jour().await?;
    let (avis, lignes) = match lire(tableau, Defauts { annee, fin: fin_proposee(&outils) }) {
        Ok((colonnes, lignes)) => (tableau.avis(&colonnes), lignes),
        Err(defauts) => return Ok(Err(defauts)),
    };
    let contenu = ecrire(&avis, &lignes).map_err(|err| DbError::Value(err.to_string()))?;
    let (quand, contenu) = (outils.clock.now(), contenu.as_str());
    let n = lignes.len();
    let deposer = outils.db.write(|tx| async move {
        tenus::import_purge(&*tx, quand - OUBLI).await?;
        let id = tenus::import_create(&*tx, fichier, annee.premiere(), contenu, acteur, quand).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "import.deposer",
            objet: "import",
            cle: &id.to_string(),
            avant: None,
            apres: Some(json!({ "fichier": fichier, "lignes": n })),
        };
        journal::write(&*tx, entree).await?;
        Ok::<_, ImportFault>(id)
    });
    Ok(Ok(deposer.await?))
}

/// The import and what it would do now.
///
/// # Errors
/// [`ImportFault::Inconnu`], the database's.
pub async fn apercevoir(outils: &Outils, id: i64) -> Result<(ImportTenu, Constat), ImportFault> {
    let outils = &outils.a_jour().await?;
    let lire = outils.db.read(|c| async move {
        let tenu = tenus::import_read(&c, id).await?.ok_or(ImportFault::Inconnu(id))?;
        let constat = confronter(outils, &c, &tenu).await?;
        Ok::<_, ImportFault>((tenu, constat))
    });
    lire.await
}

/// Applies what `vu` showed: all lines, or those that are right when `partiel` was chosen. Gives how many corrections were set.
///
/// # Errors
/// [`ImportFault`]; nothing is then written.
pub async fn appliquer(
    outils: &Outils,
    id: i64,
    vu: &str,
    partiel: bool,
    acteur: &Actor,
) -> Result<usize, ImportFault> {
    let outils = &outils.a_jour().await?;
    outils
        .db
        .write(|tx| async move {
            let quand = outils.clock.now();
            // First the writers' turn: what is looked at then is what is written over.
            let mut jeu = Jeu::ouvrir(&tx, quand, acteur).await?;
            let tenu = tenus::import_read(&*tx, id).await?.ok_or(ImportFault::Inconnu(id))?;
            if let Some((par, ..)) = &tenu.applique {
                return Err(ImportFault::DejaApplique(id, par.clone()));
            }
            let constat = confronter(outils, &*tx, &tenu).await?;
            let bouges = constat.bouges(vu);
            if !bouges.is_empty() {
                return Err(ImportFault::Bouge(bouges));
            }
            if !partiel && !constat.defauts.is_empty() {
                return Err(ImportFault::EnErreur(constat.en_erreur()));
            }
            if constat.changements.is_empty() {
                return Err(ImportFault::Rien);
            }
            poser_tout(outils, &mut jeu, &constat.changements).await?;
            jeu.fermer("Corrections locales importées d’un fichier").await?;
            let posees = constat.changements.len();
            tenus::import_apply(&*tx, id, posees, acteur, quand).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "import.appliquer",
                objet: "import",
                cle: &id.to_string(),
                avant: None,
                apres: Some(json!({
                    "fichier": tenu.fichier,
                    "posees": posees,
                    "inchangees": constat.inchangees.len(),
                    "laissees": constat.en_erreur(),
                })),
            };
            journal::write(&*tx, entree).await?;
            Ok(posees)
        })
        .await
}

/// Sets every correction: their rows, their journal and what their sources say are each written at once.
async fn poser_tout(outils: &Outils, jeu: &mut Jeu<'_>, changements: &[Change]) -> Result<(), ImportFault> {
    let (tx, quand, acteur, jour) = (jeu.tx(), jeu.quand(), jeu.acteur(), aujourd_hui(outils));
    let nouvelles: Vec<Nouvelle<'_>> = changements
        .iter()
        .map(|c| Nouvelle {
            annee: c.voulue.annee,
            genre: c.voulue.genre,
            cle: &c.voulue.cle,
            champ: c.voulue.champ.nom,
            libelle: &c.libelle,
            valeur: &c.voulue.valeur,
            motif: &c.voulue.motif,
            debut: jour,
            fin: c.voulue.fin,
        })
        .collect();
    let numeros = tenus::correction_create_all(&**tx, &nouvelles, acteur, quand).await?;
    let cles: Vec<String> = numeros.iter().map(i64::to_string).collect();
    let entrees = nouvelles.iter().zip(changements).zip(&cles).map(|((nouvelle, c), cle)| {
        entree_de_pose(nouvelle, c.voulue.champ, &c.presente, cle, acteur, quand)
    });
    journal::write_all(&**tx, entrees).await?;
    let mut dites = Vec::new();
    for (change, id) in changements.iter().zip(numeros) {
        let v = &change.voulue;
        for ligne in &change.ouvertes {
            let dite = ligne.champs.get(change.place).cloned().unwrap_or(Valeur::Absent);
            let modifiee = modification(v.genre, &v.cle, ligne, change.place, &v.valeur);
            dites.push((id, jeu.changer(ligne.annee, modifiee).await?, ligne.annee, dite));
        }
    }
    tenus::source_insert_all(&**tx, quand, &dites).await?;
    Ok(())
}

/// Forgets a file that was not applied.
///
/// # Errors
/// [`ImportFault::Inconnu`], [`ImportFault::DejaApplique`], the database's.
pub async fn abandonner(outils: &Outils, id: i64, acteur: &Actor) -> Result<(), ImportFault> {
    let quand = outils.clock.now();
    outils
        .db
        .write(|tx| async move {
            let tenu = tenus::import_read(&*tx, id).await?.ok_or(ImportFault::Inconnu(id))?;
            if let Some((par, ..)) = tenu.applique {
                return Err(ImportFault::DejaApplique(id, par));
            }
            tenus::import_delete(&*tx, id).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "import.abandonner",
                objet: "import",
                cle: &id.to_string(),
                avant: Some(json!({ "fichier": tenu.fichier })),
                apres: None,
            };
            journal::write(&*tx, entree).await?;
            Ok(())
        })
        .await
}
