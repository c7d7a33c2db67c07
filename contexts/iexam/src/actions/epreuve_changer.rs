//! The verbs of épreuves, one or several: written, moved by days, given rooms, cancelled, restored.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::journal;
use kernel::{Actor, CodeElement};
use serde_json::json;

use super::epreuve_fault::EpreuveFault;
use super::epreuve_poser::{ComptesBouges, Fiche, Pose, fiches, ouvrir, poser};
use super::recompter::recompter;
use super::relever_conflits::conflits;
use crate::Iexam;
use crate::domain::conflits::{Ecart, comparer};
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::simultaneite::decaler;
use crate::store::candidat::{inscriptions_lues, inscriptions_touchees};
use crate::store::epreuve::{epreuve_read, epreuves_annuler, epreuves_tenues};
use crate::store::epreuve_salle::{retard_write, retards_de};
use crate::store::etat::sans_salle_recompute;
use crate::store::periode::periode_read;

/// Most épreuves changed at once.
pub const LOT_MAX: u64 = 1_000;
/// Shortest reason of a cancelling, in characters.
const MOTIF_MIN: usize = 5;

/// What a verb did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suites {
    /// What was written.
    pub pose: Pose,
    /// Conflicts that it made and solved.
    pub conflits: Ecart,
}

/// What a form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saisie {
    /// Label.
    pub libelle: String,
    /// How it is sat.
    pub nature: Nature,
    /// When it starts.
    pub debut: Option<DateTime<Utc>>,
    /// Minutes.
    pub duree_min: Option<i64>,
    /// What candidates may bring.
    pub documents: String,
    /// Who owns the subject.
    pub sujet_par: String,
    /// Whether its hours count as supervised.
    pub surveillee: bool,
    /// Rows of its rooms.
    pub salles: Vec<i64>,
}

impl Saisie {
    fn sur(&self, e: Epreuve) -> Fiche {
        let epreuve = Epreuve {
            libelle: self.libelle.trim().to_owned(),
            nature: self.nature,
            debut: self.debut,
            duree_min: self.duree_min,
            documents: self.documents.trim().to_owned(),
            sujet_par: self.sujet_par.trim().to_owned(),
            surveillee: self.surveillee,
            ..e
        };
        Fiche { epreuve, salles: self.salles.clone() }
    }
}

/// Runs a verb, and says which conflicts it made and solved.
async fn avec_conflits<F, Fut>(iexam: &Iexam, periode: i64, verbe: F) -> Result<Suites, EpreuveFault>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<Pose, EpreuveFault>>,
{
    let lire = |c: db::sea_orm::DatabaseConnection| async move { periode_read(&c, periode).await };
    let periode = iexam.db.read(lire).await?.ok_or(EpreuveFault::PeriodeInconnue)?;
    let avant = conflits(iexam, &periode).await?;
    let pose = verbe().await?;
    let apres = conflits(iexam, &periode).await?;
    Ok(Suites { pose, conflits: comparer(&avant.conflits, &apres.conflits) })
}

/// Adds the épreuve of an element that the offer knows.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn ajouter(
    iexam: &Iexam,
    periode: i64,
    (element, rang): (&CodeElement, i64),
    saisie: &Saisie,
    acteur: &Actor,
) -> Result<Suites, EpreuveFault> {
    let lire = |c: db::sea_orm::DatabaseConnection| async move { periode_read(&c, periode).await };
    let annee = iexam.db.read(lire).await?.ok_or(EpreuveFault::PeriodeInconnue)?.annee;
    if iexam.offre.elements(annee, std::slice::from_ref(element)).await?.is_empty() {
        let phrase = format!("L’élément «\u{a0}{element}\u{a0}» n’est pas dans l’offre {}.", annee.libelle());
        return Err(EpreuveFault::Champ("element", phrase));
    }
    let quand = iexam.clock.now();
    let nouvelle = &Epreuve {
        id: 0,
        periode,
        element: element.clone(),
        rang,
        libelle: String::new(),
        nature: saisie.nature,
        debut: None,
        duree_min: None,
        documents: String::new(),
        sujet_par: String::new(),
        surveillee: true,
        annulee: false,
    };
    let ecrire = || {
        iexam.db.write(|tx| async move {
            let p = ouvrir(&*tx, periode).await?;
            if epreuves_tenues(&*tx, periode).await?.contains_key(&(element.clone(), rang)) {
                return Err(EpreuveFault::Existe(element.clone(), rang));
            }
            poser(&*tx, &p, vec![saisie.sur(nouvelle.clone())], "epreuve.creer", quand, acteur).await
        })
    };
    avec_conflits(iexam, periode, ecrire).await
}

/// Writes an épreuve, unless somebody else has since the form was opened.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn modifier(
    iexam: &Iexam,
    id: i64,
    saisie: &Saisie,
    vu: &str,
    acteur: &Actor,
) -> Result<Suites, EpreuveFault> {
    let periode = periode_de(iexam, id).await?;
    let quand = iexam.clock.now();
    let ecrire = || {
        iexam.db.write(|tx| async move {
            let p = ouvrir(&*tx, periode).await?;
            let tenue = fiches(&*tx, &[id]).await?.pop().ok_or(EpreuveFault::Inconnue)?;
            if !tenue.vu().is(vu) {
                return Err(EpreuveFault::Perimee);
            }
            poser(&*tx, &p, vec![saisie.sur(tenue.epreuve)], "epreuve.modifier", quand, acteur).await
        })
    };
    avec_conflits(iexam, periode, ecrire).await
}

/// The period of an épreuve.
///
/// # Errors
/// [`EpreuveFault::Inconnue`], the database's.
pub async fn periode_de(iexam: &Iexam, id: i64) -> Result<i64, EpreuveFault> {
    let lire = |c: db::sea_orm::DatabaseConnection| async move { epreuve_read(&c, id).await };
    Ok(iexam.db.read(lire).await?.ok_or(EpreuveFault::Inconnue)?.periode)
}

/// Which rooms, and what of those that épreuves have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Salles {
    /// These only.
    Remplacer(Vec<i64>),
    /// These besides.
    Ajouter(Vec<i64>),
}

/// Gives rooms to épreuves.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn mettre_en_salle(
    iexam: &Iexam,
    periode: i64,
    ids: &[i64],
    salles: &Salles,
    acteur: &Actor,
) -> Result<Suites, EpreuveFault> {
    let donner = |fiche: &mut Fiche| {
        match salles {
            Salles::Remplacer(salles) => fiche.salles.clone_from(salles),
            Salles::Ajouter(salles) => {
                let deja = fiche.salles.clone();
                fiche.salles.extend(salles.iter().filter(|s| !deja.contains(s)));
            }
        }
        Ok(())
    };
    plusieurs(iexam, periode, ids, "epreuve.mettre-en-salle", acteur, &donner).await
}

/// Moves épreuves by so many days; their hour in Besançon stays. Those that have no day are left as they are.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn decaler_jours(
    iexam: &Iexam,
    periode: i64,
    ids: &[i64],
    jours: i64,
    acteur: &Actor,
) -> Result<Suites, EpreuveFault> {
    let bouger = |fiche: &mut Fiche| {
        if let Some(debut) = fiche.epreuve.debut {
            let refus = |r: crate::domain::simultaneite::HeureRefusee| {
                EpreuveFault::Une(fiche.epreuve.libelle.clone(), r.phrase())
            };
            fiche.epreuve.debut = Some(decaler(debut, jours).map_err(refus)?);
        }
        Ok(())
    };
    plusieurs(iexam, periode, ids, "epreuve.decaler", acteur, &bouger).await
}

async fn plusieurs(
    iexam: &Iexam,
    periode: i64,
    ids: &[i64],
    verbe: &'static str,
    acteur: &Actor,
    changer: &(dyn Fn(&mut Fiche) -> Result<(), EpreuveFault> + Sync),
) -> Result<Suites, EpreuveFault> {
    let quand = iexam.clock.now();
    let ecrire = || {
        iexam.db.write(|tx| async move {
            let p = ouvrir(&*tx, periode).await?;
            let mut voulues = fiches(&*tx, ids).await?;
            voulues.retain(|f| f.epreuve.periode == periode && !f.epreuve.annulee);
            for fiche in &mut voulues {
                changer(fiche)?;
            }
            let pose = poser(&*tx, &p, voulues, verbe, quand, acteur).await?;
            if pose == Pose::default() { Err(EpreuveFault::Rien) } else { Ok(pose) }
        })
    };
    avec_conflits(iexam, periode, ecrire).await
}

/// Cancels épreuves, or restores them. What was charged for them is taken back, or charged again.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn annuler(
    iexam: &Iexam,
    periode: i64,
    ids: &[i64],
    motif: Option<&str>,
    acteur: &Actor,
) -> Result<Suites, EpreuveFault> {
    let motif = motif.map(str::trim);
    if motif.is_some_and(|m| m.chars().count() < MOTIF_MIN) {
        let phrase =
            "Dites pourquoi en quelques mots : les étudiants inscrits doivent pouvoir le comprendre.";
        return Err(EpreuveFault::Champ("motif", phrase.to_owned()));
    }
    let quand = iexam.clock.now();
    let ecrire = || {
        iexam.db.write(|tx| async move {
            let p = ouvrir(&*tx, periode).await?;
            let mut tenues = fiches(&*tx, ids).await?;
            tenues.retain(|f| f.epreuve.periode == p.id && f.epreuve.annulee == motif.is_none());
            let ids: Vec<i64> = tenues.iter().map(|f| f.epreuve.id).collect();
            if ids.is_empty() {
                return Err(EpreuveFault::Rien);
            }
            let inscriptions = inscriptions_touchees(&*tx, &ids).await?;
            let avant = inscriptions_lues(&*tx, &inscriptions).await?;
            epreuves_annuler(&*tx, &ids, motif.map(|_| quand)).await?;
            let cles: Vec<String> = ids.iter().map(i64::to_string).collect();
            let entrees = tenues.iter().zip(&cles).map(|(f, cle)| journal::Entry {
                quand,
                acteur,
                action: if motif.is_some() { "epreuve.annuler" } else { "epreuve.retablir" },
                objet: "epreuve",
                cle,
                avant: Some(json!({ "libelle": f.epreuve.libelle, "annulee": f.epreuve.annulee })),
                apres: Some(
                    json!({ "libelle": f.epreuve.libelle, "annulee": motif.is_some(), "motif": motif }),
                ),
            });
            journal::write_all(&*tx, entrees).await?;
            recompter(&*tx, &inscriptions, quand, acteur).await?;
            sans_salle_recompute(&*tx, p.id, None).await?;
            let comptes = ComptesBouges::comparer(&avant, &inscriptions_lues(&*tx, &inscriptions).await?);
            Ok(Pose { creees: Vec::new(), changees: ids, comptes })
        })
    };
    avec_conflits(iexam, periode, ecrire).await
}

/// Says by how many minutes centres start an épreuve late; zero takes it back.
///
/// # Errors
/// [`EpreuveFault`].
pub async fn retarder(
    iexam: &Iexam,
    id: i64,
    retards: &BTreeMap<i64, i64>,
    acteur: &Actor,
) -> Result<(), EpreuveFault> {
    if retards.values().any(|m| !(0..=240).contains(m)) {
        let phrase = "Un retard va de 0 à 240 minutes.";
        return Err(EpreuveFault::Champ("retard", phrase.to_owned()));
    }
    let periode = periode_de(iexam, id).await?;
    let quand = iexam.clock.now();
    let ecrire = iexam.db.write(|tx| async move {
        ouvrir(&*tx, periode).await?;
        let avant = retards_de(&*tx, id).await?;
        for (centre, minutes) in retards.iter().filter(|(c, m)| avant.get(c).copied().unwrap_or(0) != **m) {
            retard_write(&*tx, id, *centre, *minutes).await?;
        }
        let apres = retards_de(&*tx, id).await?;
        if apres == avant {
            return Ok(());
        }
        let dit = |r: &BTreeMap<i64, i64>| json!({ "retards": r.iter().map(|(c, m)| (c.to_string(), *m)).collect::<BTreeMap<_, _>>() });
        let entree = journal::Entry {
            quand,
            acteur,
            action: "epreuve.retarder",
            objet: "epreuve",
            cle: &id.to_string(),
            avant: Some(dit(&avant)),
            apres: Some(dit(&apres)),
        };
        journal::write(&*tx, entree).await?;
        Ok::<(), EpreuveFault>(())
    });
    ecrire.await
}
