//! Everything a student's page and a student's verb start from: the period, what the student holds, the épreuves that concern them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::web::Vu;
use chrono::{DateTime, Utc};
use contracts::maquette::{Etudiant, Indisponible, InscriptionElement, InscriptionEtape};
use kernel::{AnneeUniversitaire, CodeElement, NumeroEtudiant};

use super::inscrire_fault::InscrireFault;
use crate::Iexam;
use crate::domain::amenagement::Amenagement;
use crate::domain::cadre::{Cadre, Fenetre};
use crate::domain::decompte::Decompte;
use crate::domain::demande::Voulu;
use crate::domain::dossier::{self, Ecarts, Sujet};
use crate::domain::inscription::{Decision, EtatInscription};
use crate::domain::periode::EtatPeriode;
use crate::domain::validation::{Obstacle, Place, obstacles};
use crate::store::brouillon::{ChoixTenu, Identite, brouillon_read, reportes_de};
use crate::store::cadre::cadre_recent;
use crate::store::inscription::Inscription;

/// What Maquette knows of a student in a year.
#[derive(Clone, Debug, Default)]
pub struct Personne {
    /// Who they are; nobody when the year does not know them.
    pub etudiant: Option<Etudiant>,
    /// Their étapes, the first registration first.
    pub etapes: Vec<InscriptionEtape>,
    /// What they may be examined on.
    pub elements: Vec<InscriptionElement>,
}

impl Personne {
    /// Asked of Maquette.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn lire(
        iexam: &Iexam,
        annee: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Result<Self, Indisponible> {
        let etudiant = iexam.offre.etudiants(annee, std::slice::from_ref(numero)).await?.pop();
        let etapes = iexam.offre.etapes_de(annee, numero).await?;
        let elements = iexam.offre.elements_de(annee, numero).await?;
        Ok(Self { etudiant, etapes, elements })
    }

    /// As a registration keeps it.
    #[must_use]
    pub fn identite(&self) -> Identite {
        let libelles: Vec<_> = self.etapes.iter().map(|e| e.libelle.as_str()).collect();
        let (nom, classe, courriel) = match &self.etudiant {
            Some(e) => (e.nom_complet(), e.nom_classe(), e.courriel.clone().unwrap_or_default()),
            None => Default::default(),
        };
        Identite { nom, classe, courriel, etapes: libelles.join(", ") }
    }

    /// The codes of their elements, each once.
    #[must_use]
    pub fn codes(&self) -> Vec<CodeElement> {
        let mut codes: Vec<_> = self.elements.iter().map(|e| e.element.clone()).collect();
        codes.sort();
        codes.dedup();
        codes
    }
}

/// A student in a period.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The period and what it offers.
    pub cadre: Arc<Cadre>,
    /// COD_ETU.
    pub numero: NumeroEtudiant,
    /// Who they are and what they are registered to.
    pub personne: Personne,
    /// Maquette's silence: what is shown then comes from the draft alone.
    pub muette: Option<Indisponible>,
    /// Their registration.
    pub inscription: Option<Inscription>,
    /// The page that last wrote it.
    pub onglet: String,
    /// What they decided.
    pub decidees: Vec<ChoixTenu>,
    /// The épreuves that concern them.
    pub sujets: Vec<Sujet>,
}

impl Dossier {
    /// Read for a page: what all students share comes from memory.
    ///
    /// # Errors
    /// A period that is not to be seen, the database.
    pub async fn lire(
        iexam: &Iexam,
        annee: AnneeUniversitaire,
        code: &str,
        numero: &NumeroEtudiant,
    ) -> Result<Self, InscrireFault> {
        let inconnue = || InscrireFault::PeriodeInconnue(format!("{code} {}", annee.libelle()));
        let cadre = cadre_recent(&iexam.db, annee, code).await?.ok_or_else(inconnue)?;
        if cadre.periode.etat == EtatPeriode::Preparation {
            return Err(inconnue());
        }
        let periode = cadre.periode.id;
        let tenu = iexam.db.read(|c| async move { brouillon_read(&c, periode, numero).await }).await?;
        let (inscription, onglet, decidees) = match tenu {
            Some((inscription, onglet, decidees)) => (Some(inscription), onglet, decidees),
            None => (None, String::new(), Vec::new()),
        };
        let reportes = match cadre.peut_reporter() {
            true => BTreeMap::new(),
            false => iexam.db.read(|c| async move { reportes_de(&c, annee, numero).await }).await?,
        };
        let (personne, muette) = match Personne::lire(iexam, annee, numero).await {
            Ok(personne) => (personne, None),
            Err(muette) => (Personne::default(), Some(muette)),
        };
        let tenus = cadre.amenagements.get(numero).map(Vec::as_slice).unwrap_or_default();
        let sujets = match &muette {
            None => dossier::sujets(&cadre, &personne.elements, tenus, &reportes),
            Some(_) => decides(&cadre, &decidees, tenus),
        };
        Ok(Self { numero: numero.clone(), personne, muette, inscription, onglet, decidees, sujets, cadre })
    }

    /// Where the registration stands; a student who has not begun has a draft to begin.
    #[must_use]
    pub fn etat(&self) -> EtatInscription {
        self.inscription.as_ref().map_or(EtatInscription::Brouillon, |i| i.etat)
    }

    /// Whether the student may write now.
    #[must_use]
    pub fn fenetre(&self, maintenant: DateTime<Utc>) -> Fenetre {
        self.cadre.fenetre(self.etat(), maintenant)
    }

    /// What is stored.
    #[must_use]
    pub fn tenu(&self) -> Voulu {
        Voulu {
            modalite: self.inscription.as_ref().and_then(|i| i.modalite),
            centre: self.inscription.as_ref().and_then(|i| i.centre),
            choix: self.decidees.iter().map(|c| (c.epreuve, c.decision)).collect(),
        }
    }

    /// What is stored, laid over today's épreuves.
    #[must_use]
    pub fn complet(&self) -> Voulu {
        dossier::completer(&self.cadre, &self.sujets, &self.tenu())
    }

    /// The épreuves as they were decided, whatever the student is registered to today.
    #[must_use]
    pub fn sujets_decides(&self) -> Vec<Sujet> {
        let tenus = self.cadre.amenagements.get(&self.numero).map(Vec::as_slice).unwrap_or_default();
        decides(&self.cadre, &self.decidees, tenus)
    }

    /// What moved under the draft.
    #[must_use]
    pub fn ecarts(&self) -> Ecarts {
        let decidees: Vec<_> = self.decidees.iter().map(|c| (c.epreuve, c.libelle.clone())).collect();
        if self.muette.is_some() { Ecarts::default() } else { dossier::ecarts(&self.sujets, &decidees) }
    }

    /// The place that the registration holds.
    #[must_use]
    pub fn place(&self) -> Place {
        self.inscription.as_ref().map(place_de).unwrap_or_default()
    }

    /// What a choice costs.
    #[must_use]
    pub fn decompte(&self, voulu: &Voulu) -> Decompte {
        dossier::decompte(&self.cadre, &self.sujets, voulu)
    }

    /// What prevents a choice from being confirmed.
    #[must_use]
    pub fn obstacles(&self, voulu: &Voulu, tout_reporter: bool, maintenant: DateTime<Utc>) -> Vec<Obstacle> {
        obstacles(&self.cadre, &self.sujets, voulu, self.place(), tout_reporter, maintenant)
    }
}

/// The place that a registration holds.
#[must_use]
pub fn place_de(inscription: &Inscription) -> Place {
    match inscription.tient_place {
        true => Place { modalite: inscription.modalite, centre: inscription.centre },
        false => Place::default(),
    }
}

fn decides(cadre: &Cadre, decidees: &[ChoixTenu], tenus: &[Amenagement]) -> Vec<Sujet> {
    let rang: BTreeMap<i64, Decision> = decidees.iter().map(|c| (c.epreuve, c.decision)).collect();
    let retenues = cadre.epreuves.values().flatten().filter(|e| rang.contains_key(&e.id));
    let mut sujets: Vec<_> = retenues
        .map(|epreuve| Sujet {
            majoration: dossier::majoration(cadre, tenus, epreuve.debut),
            epreuve: epreuve.clone(),
            etapes: Vec::new(),
            reportee_de: None,
        })
        .collect();
    sujets.sort_by_key(|s| (s.epreuve.debut.is_none(), s.epreuve.debut, s.epreuve.id));
    sujets
}

/// A fingerprint of what a student reads over before confirming: épreuves, hours, lengths, decisions, place and price. What is confirmed
/// is what was read.
#[must_use]
pub fn relu(cadre: &Cadre, sujets: &[Sujet], voulu: &Voulu) -> Vu {
    let mut lignes = vec![format!("{:?} {:?}", voulu.modalite, voulu.centre)];
    for s in sujets.iter().filter(|s| !s.epreuve.annulee) {
        let (e, decision) = (&s.epreuve, voulu.choix.get(&s.epreuve.id));
        lignes.push(format!("{} {:?} {:?} {} {decision:?}", e.id, e.debut, e.duree_min, s.majoration));
    }
    let decompte = dossier::decompte(cadre, sujets, voulu);
    lignes.extend(decompte.lignes.iter().map(|l| format!("{} {}", l.poste, l.montant.0)));
    Vu::of(lignes)
}
