//! What a spreadsheet of épreuves would change over what is held. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kernel::{CodeElement, fold, heure_de_besancon};
use tableur::{Defaut, LigneLue};

use super::epreuve::{Epreuve, Nature};
use super::epreuve_fichier::{DATE, DEBUT, Demande, ELEMENT, SALLES, Voulu};
use super::epreuve_regles::fautes;
use super::periode::Periode;
use super::simultaneite::{Passage, instant_dit, passage};

/// An épreuve and its rooms, as they are or as they are wanted.
pub type Etat = (Epreuve, Vec<i64>);

/// What is held.
#[derive(Clone, Debug)]
pub struct Tenu {
    /// The period.
    pub periode: Periode,
    /// Its épreuves by element and rank.
    pub epreuves: BTreeMap<(CodeElement, i64), Etat>,
    /// Labels of the elements that the offer knows, among those of the file.
    pub offre: BTreeMap<CodeElement, String>,
    /// Rooms by their folded names: « n101 » in Besançon, « paris/a1 » elsewhere.
    pub salles: BTreeMap<String, i64>,
}

/// A line that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changement {
    /// Number of the line.
    pub numero: usize,
    /// What is held; none: it is made.
    pub avant: Option<Etat>,
    /// What is wanted.
    pub apres: Etat,
}

/// What the file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constat {
    /// Lines that change something.
    pub changements: Vec<Changement>,
    /// Lines that change nothing.
    pub inchangees: usize,
    /// Cells to put right.
    pub defauts: Vec<Defaut>,
}

impl Constat {
    /// Lines in error.
    #[must_use]
    pub fn en_erreur(&self) -> usize {
        self.defauts.iter().map(|d| d.ligne).collect::<BTreeSet<_>>().len()
    }
}

/// Compares each line with what is held.
#[must_use]
pub fn confronter(lignes: &[LigneLue<Demande>], tenu: &Tenu) -> Constat {
    let mut constat = Constat::default();
    for ligne in lignes {
        let demande = match &ligne.lue {
            Ok(demande) => demande,
            Err(defauts) => {
                constat.defauts.extend(defauts.iter().cloned());
                continue;
            }
        };
        let avant = tenu.epreuves.get(&(demande.element.clone(), demande.rang));
        match vouloir(ligne.numero, demande, avant, tenu) {
            Err(defauts) => constat.defauts.extend(defauts),
            Ok(apres) if avant == Some(&apres) => constat.inchangees += 1,
            Ok(apres) => {
                constat.changements.push(Changement { numero: ligne.numero, avant: avant.cloned(), apres })
            }
        }
    }
    constat
}

fn vouloir(numero: usize, d: &Demande, avant: Option<&Etat>, tenu: &Tenu) -> Result<Etat, Vec<Defaut>> {
    let mut defauts = Vec::new();
    let tenue = avant.map(|(e, _)| e);
    if tenue.is_some_and(|e| e.annulee) {
        let phrase = "Cette épreuve est annulée : rétablissez-la depuis sa page avant de la modifier.";
        return Err(vec![d.defaut(numero, ELEMENT, phrase)]);
    }
    let connu = tenu.offre.get(&d.element);
    if avant.is_none() && connu.is_none() {
        let phrase =
            format!("L’élément « {} » n’est pas dans l’offre {}.", d.element, tenu.periode.annee.libelle());
        return Err(vec![d.defaut(numero, ELEMENT, phrase)]);
    }
    let nature =
        d.nature.as_deref().and_then(Nature::of_code).or(tenue.map(|e| e.nature)).unwrap_or(Nature::Ecrit);
    let debut = match debut(numero, d, tenue) {
        Ok(debut) => debut,
        Err(defaut) => {
            defauts.push(defaut);
            None
        }
    };
    let salles = match salles(numero, d, avant, tenu) {
        Ok(salles) => salles,
        Err(inconnues) => {
            defauts.extend(inconnues);
            Vec::new()
        }
    };
    let libelle = d.libelle.clone().or_else(|| tenue.map(|e| e.libelle.clone())).or_else(|| connu.cloned());
    let texte = |v: &Voulu<String>, tenu: Option<&String>| v.sur(tenu.cloned()).unwrap_or_default();
    let epreuve = Epreuve {
        id: tenue.map_or(0, |e| e.id),
        periode: tenu.periode.id,
        element: d.element.clone(),
        rang: d.rang,
        libelle: libelle.unwrap_or_default(),
        nature,
        debut,
        duree_min: d.duree.sur(tenue.and_then(|e| e.duree_min)),
        documents: texte(&d.documents, tenue.map(|e| &e.documents)),
        sujet_par: texte(&d.sujet, tenue.map(|e| &e.sujet_par)),
        surveillee: d.surveillee.or(tenue.map(|e| e.surveillee)).unwrap_or(nature != Nature::Dossier),
        annulee: false,
    };
    if defauts.is_empty() {
        let colonne = |champ: &str| match champ {
            "debut" => DATE,
            "salles" => SALLES,
            _ => ELEMENT,
        };
        let refus = fautes(&epreuve, &salles, &tenu.periode).into_iter();
        defauts.extend(refus.map(|(champ, phrase)| d.defaut(numero, colonne(champ), phrase)));
    }
    if defauts.is_empty() { Ok((epreuve, salles)) } else { Err(defauts) }
}

/// When it starts: a day alone keeps the hour that is held, an hour alone the day.
fn debut(numero: usize, d: &Demande, tenue: Option<&Epreuve>) -> Result<Option<DateTime<Utc>>, Defaut> {
    let tenu = tenue.and_then(|e| e.debut);
    let local = tenu.map(heure_de_besancon);
    let jour = match (&d.date, d.debut) {
        (Voulu::Laisse, None) => return Ok(tenu),
        (Voulu::Vide, None) => return Ok(None),
        (Voulu::Vide, Some(_)) => {
            return Err(d.defaut(numero, DEBUT, "La date est vidée : laissez aussi l’heure vide."));
        }
        (Voulu::Valeur(jour), _) => Some(*jour),
        (Voulu::Laisse, Some(_)) => local.map(|l| l.date()),
    };
    let Some(jour) = jour else {
        return Err(d.defaut(
            numero,
            DATE,
            "Une heure est donnée sans date, et l’épreuve n’en a pas encore : écrivez la date.",
        ));
    };
    let Some(heure) = d.debut.or(local.map(|l| l.time())) else {
        let phrase =
            "Une date est donnée sans heure, et l’épreuve n’en a pas encore : écrivez l’heure de début.";
        return Err(d.defaut(numero, DEBUT, phrase));
    };
    let voulue = jour.and_time(heure);
    if local == Some(voulue) {
        return Ok(tenu);
    }
    let lequel = tenu.map_or(Passage::NonDit, passage);
    instant_dit(voulue, lequel).map(Some).map_err(|refus| d.defaut(numero, DEBUT, refus.phrase()))
}

fn salles(numero: usize, d: &Demande, avant: Option<&Etat>, tenu: &Tenu) -> Result<Vec<i64>, Vec<Defaut>> {
    let tenues = avant.map(|(_, s)| s.clone()).unwrap_or_default();
    let noms = match &d.salles {
        Voulu::Laisse => return Ok(tenues),
        Voulu::Vide => return Ok(Vec::new()),
        Voulu::Valeur(noms) => noms,
    };
    let (mut salles, mut defauts) = (Vec::new(), Vec::new());
    for nom in noms {
        let cle = nom.split('/').map(|p| fold(p.trim())).collect::<Vec<_>>().join("/");
        match tenu.salles.get(&cle) {
            Some(id) if !salles.contains(id) => salles.push(*id),
            Some(_) => {}
            None => {
                let phrase = format!(
                    "La salle « {nom} » n’existe pas. Écrivez le nom d’une salle de Besançon, ou « centre/salle » avec le code du centre."
                );
                defauts.push(d.defaut(numero, SALLES, phrase));
            }
        }
    }
    if !defauts.is_empty() {
        return Err(defauts);
    }
    // The same rooms in another order are the same rooms.
    let memes = salles.iter().collect::<BTreeSet<_>>() == tenues.iter().collect::<BTreeSet<_>>();
    Ok(if memes { tenues } else { salles })
}
