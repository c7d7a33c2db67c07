//! The conflicts of a period as it stands: what is read for them, at a fixed number of questions whatever its size.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::{DbError, Recent};
use kernel::{CodeElement, NumeroEtudiant, heure_de_besancon};

use crate::Iexam;
use crate::domain::amenagement::{Amenagement, amenagement_du};
use crate::domain::conflits::{Candidat, Conflit, Faits, Planifiee, Sorte, relever};
use crate::domain::epreuve::Epreuve;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::domain::placement::SalleDonnee;
use crate::store::amenagement::arranges;
use crate::store::candidat::{Choisi, choisis, reportes};
use crate::store::epreuve::epreuves_de;
use crate::store::epreuve_salle::{lieux, salles_connues, salles_de_periode};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releve {
    /// The conflicts, the gravest first.
    pub conflits: Vec<Conflit>,
    /// Students counted who have not registered yet: they are expected by their pedagogical registration.
    pub attendus: usize,
    /// The offer did not answer: only registrations are counted.
    pub muette: bool,
}

impl Releve {
    /// How many of a sort.
    #[must_use]
    pub fn combien(&self, sorte: Sorte) -> u64 {
        self.conflits.iter().filter(|c| c.cle.sorte == sorte).count() as u64
    }

    /// Épreuves that a conflict names.
    #[must_use]
    pub fn epreuves(&self) -> BTreeSet<i64> {
        self.conflits.iter().flat_map(|c| c.cle.epreuves.iter().copied()).collect()
    }

    /// Conflicts that name an épreuve.
    pub fn de(&self, epreuve: i64) -> impl Iterator<Item = &Conflit> {
        self.conflits.iter().filter(move |c| c.cle.epreuves.contains(&epreuve))
    }
}

/// Periods looked at in the same quarter of a second.
const PLACES: usize = 8;

/// The conflicts of a period, from memory while nothing was written.
///
/// # Errors
/// Those of the database. An offer that does not answer is said in the answer.
pub async fn conflits(iexam: &Iexam, periode: &Periode) -> Result<Arc<Releve>, DbError> {
    let tenus: Arc<Tenus> = iexam.db.shared(|| Tenus(Recent::new(PLACES)));
    tenus.0.get(&iexam.db, periode.id, || async { Ok(Arc::new(calculer(iexam, periode).await?)) }).await
}

#[derive(Debug)]
struct Tenus(Recent<i64, Arc<Releve>>);

async fn calculer(iexam: &Iexam, periode: &Periode) -> Result<Releve, DbError> {
    let (id, annee) = (periode.id, periode.annee);
    let attendre = matches!(periode.etat, EtatPeriode::Preparation | EtatPeriode::Inscriptions);
    let rattrapages = periode.session >= 2;
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let reportes = if attendre && rattrapages { reportes(&c, annee).await? } else { BTreeSet::new() };
        Ok::<_, DbError>(Lu {
            epreuves: epreuves_de(&c, id).await?,
            salles: salles_connues(&c).await?.into_iter().map(|s| (s.salle.id, s.salle)).collect(),
            donnees: salles_de_periode(&c, id).await?,
            choisis: choisis(&c, id).await?,
            arranges: arranges(&c).await?,
            lieux: lieux(&c).await?.into_iter().map(|(l, ..)| l).collect(),
            reportes,
        })
    };
    let lu = iexam.db.read(lire).await?;
    let elements: BTreeSet<CodeElement> = lu.planifiees().map(|e| e.element.clone()).collect();
    let elements: Vec<CodeElement> = elements.into_iter().collect();
    let (inscrits, muette) = match attendre && !elements.is_empty() {
        false => (BTreeSet::new(), false),
        true if rattrapages => (lu.reportes.clone(), false),
        true => match iexam.offre.inscrits(annee, &elements).await {
            Ok(inscrits) => (inscrits.into_iter().map(|i| (i.etudiant, i.element)).collect(), false),
            Err(err) => {
                tracing::warn!(%err, "conflicts are told from registrations only");
                (BTreeSet::new(), true)
            }
        },
    };
    let faits = lu.faits(periode.ecart_min, &inscrits);
    let attendus = faits.candidats.iter().filter(|c| !lu.choisis.contains_key(&c.etudiant)).count();
    // Some milliseconds for the largest period: more than the threads that answer everybody should spend.
    let conflits = tokio::task::spawn_blocking(move || relever(&faits)).await;
    Ok(Releve { conflits: conflits.map_err(|err| DbError::Value(err.to_string()))?, attendus, muette })
}

struct Lu {
    epreuves: Vec<Epreuve>,
    salles: BTreeMap<i64, SalleDonnee>,
    donnees: BTreeMap<i64, Vec<i64>>,
    choisis: BTreeMap<NumeroEtudiant, Choisi>,
    arranges: BTreeMap<NumeroEtudiant, Vec<Amenagement>>,
    lieux: Vec<crate::domain::conflits::Lieu>,
    reportes: BTreeSet<(NumeroEtudiant, CodeElement)>,
}

impl Lu {
    fn planifiees(&self) -> impl Iterator<Item = &Epreuve> {
        self.epreuves.iter().filter(|e| !e.annulee && e.debut.is_some())
    }

    fn faits(&self, ecart_min: i64, inscrits: &BTreeSet<(NumeroEtudiant, CodeElement)>) -> Faits {
        let mut par_element: BTreeMap<&CodeElement, Vec<i64>> = BTreeMap::new();
        let mut jours = BTreeMap::new();
        let mut epreuves = Vec::new();
        for e in self.planifiees() {
            let Some(debut) = e.debut else { continue };
            par_element.entry(&e.element).or_default().push(e.id);
            jours.insert(e.id, heure_de_besancon(debut).date());
            let donnees = self.donnees.get(&e.id).into_iter().flatten();
            epreuves.push(Planifiee {
                id: e.id,
                debut,
                duree_min: e.duree_min,
                salles: donnees.filter_map(|s| self.salles.get(s)).cloned().collect(),
            });
        }
        let mut passees: BTreeMap<&NumeroEtudiant, (Option<i64>, Vec<i64>)> = BTreeMap::new();
        for (etudiant, choisi) in &self.choisis {
            passees.insert(etudiant, (choisi.centre, choisi.passees.clone()));
        }
        for (etudiant, element) in inscrits.iter().filter(|(e, _)| !self.choisis.contains_key(e)) {
            let siennes = par_element.get(element).into_iter().flatten();
            passees.entry(etudiant).or_default().1.extend(siennes);
        }
        let candidat = |(etudiant, (centre, siennes)): (&NumeroEtudiant, (Option<i64>, Vec<i64>))| {
            let tenus = self.arranges.get(etudiant).map(Vec::as_slice).unwrap_or_default();
            let epreuves = siennes.into_iter().filter_map(|id| {
                let arrange = amenagement_du(tenus, *jours.get(&id)?);
                Some((id, arrange.map_or(0, |a| a.majoration), arrange.is_some_and(|a| a.salle_a_part)))
            });
            Candidat { etudiant: etudiant.clone(), centre, epreuves: epreuves.collect() }
        };
        Faits {
            ecart_min,
            epreuves,
            candidats: passees.into_iter().map(candidat).filter(|c| !c.epreuves.is_empty()).collect(),
            lieux: self.lieux.clone(),
        }
    }
}
