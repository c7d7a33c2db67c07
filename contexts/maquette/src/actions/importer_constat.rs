//! What a file of corrections would change now: its lines against what is held, in a fixed number of questions to the database whatever
//! the number of lines.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::DbError;
use db::sea_orm::ConnectionTrait;
use kernel::AnneeUniversitaire;
use sha2::{Digest, Sha256};
use tableur::{Defaut, LigneLue};

use super::corriger::aujourd_hui;
use super::importer_lire::fin_tenable;
use super::{ImportFault, Outils};
use crate::domain::correction::dite;
use crate::domain::genre::Genre;
use crate::domain::importation::{Voulue, relire};
use crate::domain::valeur::{Valeur, cle_json, cle_lisible};
use crate::store::correction::LigneTenue;
use crate::store::importation::{self as tenus, ImportTenu, Tenue};

/// A line that changes something.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its number.
    pub numero: usize,
    /// What it asks for.
    pub voulue: Voulue,
    /// The object's label.
    pub libelle: String,
    /// What is shown now.
    pub presente: Valeur,
    pub(super) place: usize,
    pub(super) ouvertes: Vec<LigneTenue>,
}

/// What a file would do now.
#[derive(Clone, Debug, Default)]
pub struct Constat {
    /// Lines that change something, in their order.
    pub changements: Vec<Change>,
    /// Lines whose value is shown already: their numbers.
    pub inchangees: Vec<usize>,
    /// Cells in error.
    pub defauts: Vec<Defaut>,
    /// What was left aside of the file, in sentences.
    pub avis: Vec<String>,
    marques: BTreeMap<usize, String>,
}

impl Constat {
    /// How many lines are in error.
    #[must_use]
    pub fn en_erreur(&self) -> usize {
        self.defauts.iter().map(|d| d.ligne).collect::<BTreeSet<_>>().len()
    }

    /// What the page shows of each line, for [`appliquer`].
    #[must_use]
    pub fn vu(&self) -> String {
        let marques = self.marques.iter().map(|(numero, marque)| format!("{numero}:{marque}"));
        marques.collect::<Vec<_>>().join(",")
    }

    fn noter(&mut self, numero: usize, etat: &str, valeurs: &[String]) {
        let mut hash = Sha256::new();
        for texte in std::iter::once(etat).chain(valeurs.iter().map(String::as_str)) {
            hash.update((texte.len() as u64).to_be_bytes());
            hash.update(texte.as_bytes());
        }
        let marque = hash.finalize().iter().take(5).map(|octet| format!("{octet:02x}")).collect();
        self.marques.insert(numero, marque);
    }

    fn refuser(&mut self, defauts: impl IntoIterator<Item = Defaut>) {
        for defaut in defauts {
            self.noter(defaut.ligne, "erreur", std::slice::from_ref(&defaut.phrase));
            self.defauts.push(defaut);
        }
    }

    /// The lines that are no longer as the page showed them, each in a sentence.
    pub(super) fn bouges(&self, vu: &str) -> Vec<String> {
        let vues: HashMap<&str, &str> = vu.split(',').filter_map(|m| m.split_once(':')).collect();
        let bouge = |numero: &usize, marque: &String| {
            vues.get(numero.to_string().as_str()).is_none_or(|vue| *vue != marque.as_str())
        };
        let numeros = self.marques.iter().filter(|(n, m)| bouge(n, m)).map(|(n, _)| *n);
        numeros.map(|numero| self.dire(numero)).collect()
    }

    fn dire(&self, numero: usize) -> String {
        if let Some(c) = self.changements.iter().find(|c| c.numero == numero) {
            let (cle, champ) = (cle_lisible(&c.voulue.cle), c.voulue.champ);
            let presente = dite(champ, &c.presente);
            return format!(
                "Ligne {numero} ({cle}, {}) : la valeur affichée est maintenant « {presente} ».",
                champ.libelle
            );
        }
        match self.defauts.iter().find(|d| d.ligne == numero) {
            Some(defaut) => format!("Ligne {numero}, {} : {}", defaut.adresse, defaut.phrase),
            None => format!("Ligne {numero} : la valeur affichée est maintenant celle du fichier."),
        }
    }
}

/// Looks at what each line would change.
pub(super) async fn confronter<C: ConnectionTrait>(
    outils: &Outils,
    conn: &C,
    tenu: &ImportTenu,
) -> Result<Constat, ImportFault> {
    let mut constat = Constat::default();
    if tenu.applique.is_some() {
        return Ok(constat);
    }
    let (avis, lignes) = relire(&tenu.contenu).map_err(|err| DbError::Value(err.to_string()))?;
    constat.avis = avis;
    let mut groupes: BTreeMap<(Genre, Option<u16>), Vec<&[Valeur]>> = BTreeMap::new();
    for voulue in lignes.iter().filter_map(|l| l.lue.as_ref().ok()) {
        groupes.entry((voulue.genre, voulue.annee)).or_default().push(&voulue.cle);
    }
    let mut objets = HashMap::new();
    let mut corrections = HashMap::new();
    for ((genre, annee), cles) in groupes {
        objets.insert((genre, annee), tenus::objets_par_cles(conn, genre, annee, &cles).await?);
        if let Entry::Vacant(place) = corrections.entry(genre) {
            place.insert(tenus::corrections_du_genre(conn, genre).await?);
        }
    }
    let (jour, max) = (aujourd_hui(outils), outils.reglages.correction_max_jours);
    for LigneLue { numero, lue } in lignes {
        let voulue = match lue {
            Ok(voulue) => voulue,
            Err(defauts) => {
                constat.refuser(defauts);
                continue;
            }
        };
        if let Err(defaut) = fin_tenable(&voulue, jour, max, numero) {
            constat.refuser([defaut]);
            continue;
        }
        let lignes = objets.get(&(voulue.genre, voulue.annee)).and_then(|par_cle| par_cle.get(&voulue.cle));
        let cle = (cle_json(&voulue.cle), voulue.champ.nom.to_owned());
        let tenues = corrections.get(&voulue.genre).and_then(|par_champ| par_champ.get(&cle));
        match juger(numero, voulue, lignes.map_or(&[], Vec::as_slice), tenues.map_or(&[], Vec::as_slice)) {
            Jugee::Change(change) => {
                let v = &change.voulue;
                let valeurs =
                    [change.presente.json().to_string(), v.valeur.json().to_string(), v.fin.to_string()];
                constat.noter(numero, "change", &valeurs);
                constat.changements.push(*change);
            }
            Jugee::Inchangee => {
                constat.noter(numero, "pareil", &[]);
                constat.inchangees.push(numero);
            }
            Jugee::Refusee(defaut) => constat.refuser([defaut]),
        }
    }
    Ok(constat)
}

enum Jugee {
    Change(Box<Change>),
    Inchangee,
    Refusee(Defaut),
}

/// What a line would change, given the rows of its object and the corrections of its field.
fn juger(numero: usize, voulue: Voulue, lignes: &[LigneTenue], tenues: &[Tenue]) -> Jugee {
    let [code, champ, ..] = &voulue.adresses;
    let refus = |adresse: &String, phrase: String| {
        Jugee::Refusee(Defaut { ligne: numero, adresse: adresse.clone(), phrase })
    };
    let cle = cle_lisible(&voulue.cle);
    let ouvertes: Vec<LigneTenue> = lignes.iter().filter(|l| !l.fermee).cloned().collect();
    let Some(derniere) = ouvertes.last() else {
        let titre = voulue.genre.description().titre;
        let quand = voulue
            .annee
            .and_then(AnneeUniversitaire::new)
            .map_or_else(String::new, |a| format!(" en {}", a.libelle()));
        return if lignes.is_empty() {
            let espace = if cle.trim() == cle { "" } else { " Il commence ou finit par une espace." };
            refus(code, format!("« {cle} » n’existe pas dans « {titre} »{quand}.{espace}"))
        } else {
            refus(code, format!("« {cle} » a disparu de sa source{quand} et ne se corrige plus."))
        };
    };
    let place = voulue.genre.champs().iter().position(|c| c.nom == voulue.champ.nom);
    let Some(place) = place else { return Jugee::Inchangee };
    if ouvertes.iter().all(|l| l.champs.get(place) == Some(&voulue.valeur)) {
        return Jugee::Inchangee;
    }
    let rivale = |t: &&Tenue| t.annee.is_none() || voulue.annee.is_none() || t.annee == voulue.annee;
    if let Some(t) = tenues.iter().find(rivale) {
        let fin = t.fin.format("%d/%m/%Y");
        let phrase = format!(
            "Ce champ porte déjà la correction n° {} : « {} », posée par {} jusqu’au {fin}. Levez-la d’abord, ou retirez cette ligne.",
            t.id, t.valeur, t.par
        );
        return refus(champ, phrase);
    }
    let presente = derniere.champs.get(place).cloned().unwrap_or(Valeur::Absent);
    let libelle = voulue.genre.description().libelle.and_then(|i| derniere.champs.get(i));
    let libelle = libelle.map(ToString::to_string).unwrap_or_default();
    Jugee::Change(Box::new(Change { numero, libelle, presente, place, ouvertes, voulue }))
}
