//! Épreuves out of a spreadsheet: kept when it is sent, looked at as often as one likes, applied in one transaction. What it would change
//! is found again each time; the page carries a mark of it, so that applying refuses what was not shown.

use std::collections::BTreeMap;

use chrono::Duration;
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::{Actor, CodeElement, fold};
use serde_json::json;
use tableur::{Defaut, LigneLue, Tableau};
use web::Vu;

use super::epreuve_fault::EpreuveFault;
use super::epreuve_poser::{Fiche, Pose, ouvrir, poser};
use super::import_epreuves_fault::ImportFault;
use super::relever_conflits::conflits;
use crate::Iexam;
use crate::domain::conflits::{Ecart, comparer};
use crate::domain::epreuve_constat::{Constat, Etat, Tenu, confronter};
use crate::domain::epreuve_fichier::{Demande, LIGNES_MAX, lire};
use crate::domain::periode::Periode;
use crate::domain::sceau::Geste;
use crate::store::epreuve::epreuves_de;
use crate::store::epreuve_salle::{salles_connues, salles_de_periode};
use crate::store::import_epreuves::{ImportTenu, import_apply, import_create, import_forget, import_read};
use crate::store::periode::periode_read;

/// How long a file that nobody applied is kept.
const OUBLI: Duration = Duration::days(7);

/// Reads a table, keeps its lines and gives the number of the import.
///
/// # Errors
/// [`ImportFault`]; `Ok(Err(…))` for columns that are missing or there twice.
pub async fn deposer(
    iexam: &Iexam,
    periode: i64,
    fichier: &str,
    tableau: &Tableau,
    acteur: &Actor,
) -> Result<Result<i64, Vec<Defaut>>, ImportFault> {
    if tableau.lignes.len() > LIGNES_MAX {
        return Err(ImportFault::TropDeLignes(tableau.lignes.len()));
    }
    let (avis, lignes) = match lire(tableau) {
        Ok((colonnes, lignes)) => (tableau.avis(&colonnes), lignes),
        Err(defauts) => return Ok(Err(defauts)),
    };
    let contenu = &serde_json::to_string(&(avis, &lignes)).map_err(|err| DbError::Value(err.to_string()))?;
    let (quand, n) = (iexam.clock.now(), lignes.len());
    let deposer = iexam.db.write(|tx| async move {
        let p = periode_read(&*tx, periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
        p.permet(Geste::Epreuve).map_err(EpreuveFault::from)?;
        import_forget(&*tx, None, Some(quand - OUBLI)).await?;
        let id = import_create(&*tx, periode, fichier, contenu, quand, acteur).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "import_epreuves.deposer",
            objet: "import_epreuves",
            cle: &id.to_string(),
            avant: None,
            apres: Some(json!({ "fichier": fichier, "lignes": n })),
        };
        journal::write(&*tx, entree).await?;
        Ok::<_, ImportFault>(id)
    });
    Ok(Ok(deposer.await?))
}

/// What a file would do, and what to say of it.
#[derive(Clone, Debug)]
pub struct Apercu {
    /// The file.
    pub tenu: ImportTenu,
    /// Its period.
    pub periode: Periode,
    /// What to say of it as a whole.
    pub avis: Vec<String>,
    /// What it would do now.
    pub constat: Constat,
    /// Names of rooms.
    pub salles: BTreeMap<i64, String>,
}

impl Apercu {
    /// A mark of all that applying would do.
    #[must_use]
    pub fn vu(&self) -> Vu {
        Vu::of([format!("{:?}", self.constat)])
    }
}

/// The import and what it would do now.
///
/// # Errors
/// [`ImportFault`].
pub async fn apercevoir(iexam: &Iexam, id: i64) -> Result<Apercu, ImportFault> {
    let elements = &connus(iexam, id).await?;
    iexam.db.read(|c| async move { regarder(&c, id, elements).await }).await
}

/// Labels of the elements of the file that the offer knows.
async fn connus(iexam: &Iexam, id: i64) -> Result<BTreeMap<CodeElement, String>, ImportFault> {
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let tenu = import_read(&c, id).await?.ok_or(ImportFault::Inconnu(id))?;
        let periode = periode_read(&c, tenu.periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
        Ok::<_, ImportFault>((tenu, periode))
    };
    let (tenu, periode) = iexam.db.read(lire).await?;
    let (_, lignes) = relire(&tenu)?;
    let mut codes: Vec<CodeElement> =
        lignes.iter().filter_map(|l| l.lue.as_ref().ok()).map(|d| d.element.clone()).collect();
    codes.sort();
    codes.dedup();
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let elements = iexam.offre.elements(periode.annee, &codes).await?;
    Ok(elements.into_iter().map(|e| (e.code, e.libelle)).collect())
}

fn relire(tenu: &ImportTenu) -> Result<(Vec<String>, Vec<LigneLue<Demande>>), DbError> {
    if tenu.contenu.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    serde_json::from_str(&tenu.contenu).map_err(|err| DbError::Value(err.to_string()))
}

async fn regarder<C: ConnectionTrait>(
    conn: &C,
    id: i64,
    elements: &BTreeMap<CodeElement, String>,
) -> Result<Apercu, ImportFault> {
    let tenu = import_read(conn, id).await?.ok_or(ImportFault::Inconnu(id))?;
    let periode = periode_read(conn, tenu.periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
    let (avis, lignes) = relire(&tenu)?;
    let mut donnees = salles_de_periode(conn, periode.id).await?;
    let epreuves = epreuves_de(conn, periode.id).await?.into_iter().map(|e| {
        let salles = donnees.remove(&e.id).unwrap_or_default();
        ((e.element.clone(), e.rang), (e, salles))
    });
    let epreuves: BTreeMap<(CodeElement, i64), Etat> = epreuves.collect();
    let connues = salles_connues(conn).await?;
    let salles = connues.iter().map(|s| (s.salle.id, s.designation())).collect();
    let mut par_nom = BTreeMap::new();
    for s in &connues {
        par_nom.insert(format!("{}/{}", fold(&s.centre_code), fold(&s.salle.nom)), s.salle.id);
        par_nom.insert(fold(&s.designation()), s.salle.id);
    }
    let quoi = Tenu { periode, epreuves, offre: elements.clone(), salles: par_nom };
    let constat = confronter(&lignes, &quoi);
    Ok(Apercu { tenu, periode: quoi.periode, avis, constat, salles })
}

/// Applies what `vu` showed: all lines, or those that are right when `partiel` was chosen.
///
/// # Errors
/// [`ImportFault`]; nothing is then written.
pub async fn appliquer(
    iexam: &Iexam,
    id: i64,
    vu: &str,
    partiel: bool,
    acteur: &Actor,
) -> Result<(Pose, Ecart, i64), ImportFault> {
    let elements = &connus(iexam, id).await?;
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let tenu = import_read(&c, id).await?.ok_or(ImportFault::Inconnu(id))?;
        Ok::<_, ImportFault>(periode_read(&c, tenu.periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?)
    };
    let periode = iexam.db.read(lire).await?;
    let avant = conflits(iexam, &periode).await?;
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        // First the writers' turn: what is looked at then is what is written over.
        let tenu = import_read(&*tx, id).await?.ok_or(ImportFault::Inconnu(id))?;
        let periode = ouvrir(&*tx, tenu.periode).await?;
        let apercu = regarder(&*tx, id, elements).await?;
        if let Some((par, _)) = &apercu.tenu.applique {
            return Err(ImportFault::DejaApplique(id, par.clone()));
        }
        if !apercu.vu().is(vu) {
            return Err(ImportFault::Bouge);
        }
        let constat = apercu.constat;
        if !partiel && !constat.defauts.is_empty() {
            return Err(ImportFault::EnErreur(constat.en_erreur()));
        }
        if constat.changements.is_empty() {
            return Err(ImportFault::Rien);
        }
        let laissees = constat.en_erreur();
        let voulues =
            constat.changements.into_iter().map(|c| Fiche { epreuve: c.apres.0, salles: c.apres.1 });
        let pose = poser(&*tx, &periode, voulues.collect(), "epreuve.modifier", quand, acteur).await?;
        import_apply(&*tx, id, quand, acteur).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "import_epreuves.appliquer",
            objet: "import_epreuves",
            cle: &id.to_string(),
            avant: None,
            apres: Some(json!({
                "fichier": tenu.fichier, "creees": pose.creees.len(), "changees": pose.changees.len(),
                "inchangees": constat.inchangees, "laissees": laissees,
            })),
        };
        journal::write(&*tx, entree).await?;
        Ok::<_, ImportFault>(pose)
    });
    let pose = ecrire.await?;
    let apres = conflits(iexam, &periode).await?;
    Ok((pose, comparer(&avant.conflits, &apres.conflits), periode.id))
}

/// Forgets a file that was not applied; gives its period.
///
/// # Errors
/// [`ImportFault::Inconnu`], [`ImportFault::DejaApplique`], the database's.
pub async fn abandonner(iexam: &Iexam, id: i64, acteur: &Actor) -> Result<i64, ImportFault> {
    let quand = iexam.clock.now();
    let oublier = iexam.db.write(|tx| async move {
        let tenu = import_read(&*tx, id).await?.ok_or(ImportFault::Inconnu(id))?;
        if let Some((par, _)) = tenu.applique {
            return Err(ImportFault::DejaApplique(id, par));
        }
        let p = periode_read(&*tx, tenu.periode).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
        p.permet(Geste::Epreuve).map_err(EpreuveFault::from)?;
        import_forget(&*tx, Some(id), None).await?;
        let entree = journal::Entry {
            quand,
            acteur,
            action: "import_epreuves.abandonner",
            objet: "import_epreuves",
            cle: &id.to_string(),
            avant: Some(json!({ "fichier": tenu.fichier })),
            apres: None,
        };
        journal::write(&*tx, entree).await?;
        Ok(tenu.periode)
    });
    oublier.await
}
