//! Setting, extending and ending local corrections: each is a small change set of its own, which histories, the feed and the page of
//! collections know like any other.

use std::collections::BTreeMap;

use ::web::Vu;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Tx, journal};
use kernel::{Actor, AnneeUniversitaire};
use serde_json::json;

use super::Outils;
use super::corriger_fault::CorrectionFault;
use super::corriger_jeu::Jeu;
use crate::domain::correction::{self, Refus, champ_corrigeable};
use crate::domain::genre::{Colonne, Genre};
use crate::domain::valeur::{Valeur, cle_lisible};
use crate::domain::{Changement, Sorte};
use crate::store::correction::{self as tenues, LigneTenue, Nouvelle};
use crate::store::correction_lue::{CorrectionVue, correction_read, correction_rivale};
use crate::store::objet;

/// A value to put over a source's.
#[derive(Clone, Debug)]
pub struct Pose {
    /// One year, or every year.
    pub annee: Option<AnneeUniversitaire>,
    /// Kind of row.
    pub genre: Genre,
    /// Key of the row.
    pub cle: Box<[Valeur]>,
    /// Field.
    pub champ: String,
    /// The value.
    pub valeur: Valeur,
    /// Why.
    pub motif: String,
    /// Last day.
    pub fin: NaiveDate,
}

/// The civil day of Besançon: ends of corrections are days.
#[must_use]
pub fn aujourd_hui(outils: &Outils) -> NaiveDate {
    kernel::heure_de_besancon(outils.clock.now()).date()
}

/// What a form of a new correction showed, for the next one to know whether it is still so.
#[must_use]
pub fn vu_de(presente: &Valeur) -> Vu {
    Vu::of([presente.json().to_string()])
}

/// Puts a value over a source's. `vu` is what the form showed, when there was one.
///
/// # Errors
/// [`CorrectionFault`]; nothing is then written.
pub async fn poser(
    outils: &Outils,
    pose: &Pose,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<i64, CorrectionFault> {
    let outils = &outils.a_jour().await?;
    outils.db.write(|tx| async move { poser_sur(outils, &tx, pose, vu, acteur).await }).await
}

/// [`poser`], in a transaction already open.
///
/// # Errors
/// [`CorrectionFault`].
pub async fn poser_sur(
    outils: &Outils,
    tx: &Tx,
    pose: &Pose,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<i64, CorrectionFault> {
    let quand = outils.clock.now();
    let mut jeu = Jeu::ouvrir(tx, quand, acteur).await?;
    let id = poser_dans(outils, &mut jeu, pose, vu).await?;
    jeu.fermer("Correction locale posée").await?;
    Ok(id)
}

/// One correction more in a change set.
pub(super) async fn poser_dans(
    outils: &Outils,
    jeu: &mut Jeu<'_>,
    pose: &Pose,
    vu: Option<&str>,
) -> Result<i64, CorrectionFault> {
    let jour = aujourd_hui(outils);
    let (place, colonne) = champ_corrigeable(pose.genre, &pose.champ)?;
    let motif = correction::motif(&pose.motif)?;
    let fin = correction::fin(pose.fin, jour, outils.reglages.correction_max_jours)?;
    let annee = pose.annee.map(AnneeUniversitaire::premiere);
    let (tx, quand, acteur) = (jeu.tx(), jeu.quand(), jeu.acteur());
    let rivale = correction_rivale(&**tx, annee, pose.genre, &pose.cle, colonne.nom).await?;
    if let Some(rivale) = rivale {
        return Err(deja_corrige(tx, rivale).await?);
    }
    let tenues_ici = tenues::objet_par_cle(&**tx, pose.genre, annee, &pose.cle).await?;
    let ouvertes: Vec<&LigneTenue> = tenues_ici.iter().filter(|l| !l.fermee).collect();
    let Some(derniere) = ouvertes.last() else {
        let cle = cle_lisible(&pose.cle);
        return Err(if tenues_ici.is_empty() {
            CorrectionFault::ObjetInconnu(pose.genre, cle)
        } else {
            CorrectionFault::ObjetFerme(pose.genre, cle)
        });
    };
    let presente = derniere.champs.get(place).cloned().unwrap_or(Valeur::Absent);
    if vu.is_some_and(|vu| !vu_de(&presente).is(vu)) {
        return Err(CorrectionFault::Change { champ: colonne, presente });
    }
    if ouvertes.iter().all(|l| l.champs.get(place) == Some(&pose.valeur)) {
        return Err(CorrectionFault::DejaCetteValeur(correction::dite(colonne, &pose.valeur)));
    }
    let libelle = pose.genre.description().libelle.and_then(|i| derniere.champs.get(i));
    let libelle = libelle.map(ToString::to_string).unwrap_or_default();
    let nouvelle = Nouvelle {
        annee,
        genre: pose.genre,
        cle: &pose.cle,
        champ: colonne.nom,
        libelle: &libelle,
        valeur: &pose.valeur,
        motif: &motif,
        debut: jour,
        fin,
    };
    let id = tenues::correction_create(&**tx, &nouvelle, acteur, quand).await?;
    let cle = id.to_string();
    journal::write(&**tx, entree_de_pose(&nouvelle, colonne, &presente, &cle, acteur, quand)).await?;
    for ligne in ouvertes {
        let dite = ligne.champs.get(place).cloned().unwrap_or(Valeur::Absent);
        let collecte =
            jeu.changer(ligne.annee, modification(pose.genre, &pose.cle, ligne, place, &pose.valeur)).await?;
        tenues::source_insert(&**jeu.tx(), id, collecte, quand, &[(ligne.annee, dite)]).await?;
    }
    Ok(id)
}

/// The line of the journal of a new correction.
pub(super) fn entree_de_pose<'a>(
    nouvelle: &Nouvelle<'_>,
    colonne: &Colonne,
    presente: &Valeur,
    cle: &'a str,
    acteur: &'a Actor,
    quand: DateTime<Utc>,
) -> journal::Entry<'a> {
    journal::Entry {
        quand,
        acteur,
        action: "correction.poser",
        objet: "correction",
        cle,
        avant: None,
        apres: Some(json!({
            "objet": format!("{} {}", nouvelle.genre.description().code, cle_lisible(nouvelle.cle)),
            "champ": colonne.libelle,
            "source": correction::dite(colonne, presente),
            "valeur": correction::dite(colonne, nouvelle.valeur),
            "fin": nouvelle.fin,
            "motif": nouvelle.motif,
        })),
    }
}

async fn deja_corrige(tx: &Tx, id: i64) -> Result<CorrectionFault, CorrectionFault> {
    let tenue = correction_read(&**tx, id, 0).await?;
    Ok(match tenue {
        Some(c) => CorrectionFault::DejaCorrige(Box::new(c)),
        None => CorrectionFault::Inconnue(id),
    })
}

pub(super) fn modification(
    genre: Genre,
    cle: &[Valeur],
    ligne: &LigneTenue,
    place: usize,
    valeur: &Valeur,
) -> Changement {
    let mut apres = ligne.champs.clone();
    if let Some(champ) = apres.get_mut(place) {
        champ.clone_from(valeur);
    }
    Changement {
        genre,
        sorte: Sorte::Modification,
        id: Some(ligne.id),
        cle: cle.into(),
        avant: ligne.champs.clone(),
        apres,
    }
}

/// Ends a correction: the source's value comes back at once.
///
/// # Errors
/// [`CorrectionFault`]; nothing is then written.
pub async fn lever(
    outils: &Outils,
    id: i64,
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), CorrectionFault> {
    let motif = &correction::motif(motif)?;
    outils.db.write(|tx| async move { lever_sur(outils, &tx, id, motif, vu, acteur).await }).await
}

/// [`lever`], in a transaction already open.
///
/// # Errors
/// [`CorrectionFault`].
pub async fn lever_sur(
    outils: &Outils,
    tx: &Tx,
    id: i64,
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), CorrectionFault> {
    let mut jeu = Jeu::ouvrir(tx, outils.clock.now(), acteur).await?;
    let tenue = active(tx, id, vu).await?;
    retirer(&mut jeu, &tenue, motif, false).await?;
    jeu.fermer("Correction locale levée").await
}

/// Ends the corrections whose last day is past: on schedule, and before each collection. Returns how many.
///
/// # Errors
/// Those of the database.
pub async fn expirer(outils: &Outils) -> Result<usize, CorrectionFault> {
    let jour = aujourd_hui(outils);
    let dues = outils.db.read(|c| async move { tenues::correction_due(&c, jour).await }).await?;
    if dues.is_empty() {
        return Ok(0);
    }
    let acteur = &Actor::Planification;
    outils
        .db
        .write(|tx| async move {
            let mut jeu = Jeu::ouvrir(&tx, outils.clock.now(), acteur).await?;
            // Read again inside: somebody may have ended or extended one since.
            let dues = tenues::correction_due(&*tx, jour).await?;
            for id in &dues {
                let Some(tenue) = correction_read(&*tx, *id, 0).await? else { continue };
                let motif = format!("La correction courait jusqu’au {}.", tenue.fin.format("%d/%m/%Y"));
                retirer(&mut jeu, &tenue, &motif, true).await?;
            }
            jeu.fermer("Corrections locales arrivées à leur terme").await?;
            Ok(dues.len())
        })
        .await
}

/// The correction, if it still holds and is as the form showed it.
async fn active(tx: &Tx, id: i64, vu: Option<&str>) -> Result<CorrectionVue, CorrectionFault> {
    let tenue = correction_read(&**tx, id, 0).await?.ok_or(CorrectionFault::Inconnue(id))?;
    if tenue.retiree.is_some() {
        return Err(CorrectionFault::DejaRetiree(Box::new(tenue)));
    }
    if vu.is_some_and(|vu| !Vu::of(tenue.vues()).is(vu)) {
        return Err(CorrectionFault::Perime(id));
    }
    Ok(tenue)
}

/// Gives each year's row what its source last said, and closes what anomalies said of the correction.
async fn retirer(
    jeu: &mut Jeu<'_>,
    tenue: &CorrectionVue,
    motif: &str,
    expiree: bool,
) -> Result<(), CorrectionFault> {
    let (tx, quand, acteur) = (jeu.tx(), jeu.quand(), jeu.acteur());
    let place = tenue.genre.champs().iter().position(|c| c.nom == tenue.champ.nom).unwrap_or(usize::MAX);
    let lignes = tenues::objet_par_cle(&**tx, tenue.genre, tenue.annee, &tenue.cle).await?;
    let dites: BTreeMap<u16, Valeur> = dites(tx, tenue).await?;
    tenues::correction_retire(&**tx, tenue.id, acteur, quand, motif, expiree).await?;
    for ligne in &lignes {
        // A row gone from its source takes the source's values when it comes back.
        if let (false, Some(dite)) = (ligne.fermee, dites.get(&ligne.annee))
            && ligne.champs.get(place).is_some_and(|v| v != dite)
        {
            jeu.changer(ligne.annee, modification(tenue.genre, &tenue.cle, ligne, place, dite)).await?;
        }
        let cle = tenue.cle_lisible();
        let annee = ligne.annee;
        let anomalies =
            tenues::anomalies_de_correction(&**jeu.tx(), annee, tenue.genre, &cle, tenue.champ.nom).await?;
        let ids: Vec<i64> = anomalies.iter().map(|(id, _)| *id).collect();
        let mut champs = objet::objet_champs(&**jeu.tx(), Genre::Anomalie, &ids).await?;
        for (id, cle) in anomalies {
            let avant = champs.remove(&id).unwrap_or_default();
            let (genre, sorte) = (Genre::Anomalie, Sorte::Fermeture);
            jeu.changer(annee, Changement { genre, sorte, id: Some(id), cle, avant, apres: Box::default() })
                .await?;
        }
    }
    let source = dites.values().next_back().map(|v| correction::dite(tenue.champ, v));
    let entree = journal::Entry {
        quand,
        acteur,
        action: if expiree { "correction.expirer" } else { "correction.retirer" },
        objet: "correction",
        cle: &tenue.id.to_string(),
        avant: Some(json!({ "valeur": tenue.valeur_dite() })),
        apres: Some(json!({ "valeur": source, "motif_de_fin": motif })),
    };
    journal::write(&**tx, entree).await?;
    Ok(())
}

async fn dites(tx: &Tx, tenue: &CorrectionVue) -> Result<BTreeMap<u16, Valeur>, CorrectionFault> {
    let dites = tenues::source_read(&**tx, tenue.id).await?;
    let lire = |(annee, json): (u16, serde_json::Value)| {
        correction::de_json(tenue.champ.sorte, &json).map(|valeur| (annee, valeur))
    };
    Ok(dites.into_iter().filter_map(lire).collect())
}

/// Gives a correction another last day, and another reason when one is given.
///
/// # Errors
/// [`CorrectionFault`]; nothing is then written.
pub async fn prolonger(
    outils: &Outils,
    id: i64,
    fin: NaiveDate,
    motif: &str,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), CorrectionFault> {
    let outils = &outils.a_jour().await?;
    let fin = correction::fin(fin, aujourd_hui(outils), outils.reglages.correction_max_jours)?;
    let motif = &correction::motif(motif)?;
    let quand = outils.clock.now();
    outils
        .db
        .write(|tx| async move {
            tenues::correction_touch(&*tx, quand, acteur).await?;
            let tenue = active(&tx, id, vu).await?;
            if tenue.fin == fin && tenue.motif == *motif {
                return Ok(());
            }
            tenues::correction_update(&*tx, id, fin, motif).await?;
            let entree = journal::Entry {
                quand,
                acteur,
                action: "correction.modifier",
                objet: "correction",
                cle: &id.to_string(),
                avant: Some(json!({ "fin": tenue.fin, "motif": tenue.motif })),
                apres: Some(json!({ "fin": fin, "motif": motif })),
            };
            journal::write(&*tx, entree).await?;
            Ok(())
        })
        .await
}

/// What one would correct: the field, what is shown now, whether the row may be corrected.
///
/// # Errors
/// [`CorrectionFault`].
pub async fn presente(
    outils: &Outils,
    annee: AnneeUniversitaire,
    genre: Genre,
    cle: &[Valeur],
    champ: &str,
) -> Result<(&'static Colonne, LigneTenue, Valeur), CorrectionFault> {
    let (place, colonne) = champ_corrigeable(genre, champ)?;
    let a = annee.premiere();
    let lignes =
        outils.db.read(|c| async move { tenues::objet_par_cle(&c, genre, Some(a), cle).await }).await?;
    let ligne =
        lignes.into_iter().next().ok_or_else(|| CorrectionFault::ObjetInconnu(genre, cle_lisible(cle)))?;
    if ligne.fermee {
        return Err(CorrectionFault::ObjetFerme(genre, cle_lisible(cle)));
    }
    let valeur = ligne.champs.get(place).cloned().unwrap_or(Valeur::Absent);
    Ok((colonne, ligne, valeur))
}

/// What was typed in a form, or that there is no value.
///
/// # Errors
/// [`Refus`].
pub fn valeur_saisie(colonne: &Colonne, texte: &str, sans_valeur: bool) -> Result<Valeur, Refus> {
    if sans_valeur { Ok(Valeur::Absent) } else { correction::saisie(colonne, texte) }
}

/// When a correction that begins now would end, if nobody says: three months, or the longest allowed.
#[must_use]
pub fn fin_proposee(outils: &Outils) -> NaiveDate {
    let jours = outils.reglages.correction_max_jours.clamp(1, 90);
    aujourd_hui(outils) + chrono::Duration::days(jours)
}
