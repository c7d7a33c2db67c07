//! What a period offers to the students who register to it: modalities, centres, épreuves, and why one of them cannot be chosen.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{CodeElement, NumeroEtudiant, heure_de_besancon, instant_francais};

use super::amenagement::Amenagement;
use super::epreuve::Epreuve;
use super::inscription::EtatInscription;
use super::modalite::{Lieu, Modalite, Tarif};
use super::periode::{EtatPeriode, Periode};

/// A period and all that is offered in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadre {
    /// The period.
    pub periode: Periode,
    /// The resits of the same year, when they were opened: what is deferred is sat there.
    pub rattrapages: Option<Periode>,
    /// Its modalities, in the order of pages.
    pub modalites: Vec<ModaliteOfferte>,
    /// Its épreuves by element, those cancelled included.
    pub epreuves: BTreeMap<CodeElement, Vec<Epreuve>>,
    /// Arrangements that were not withdrawn.
    pub amenagements: BTreeMap<NumeroEtudiant, Vec<Amenagement>>,
}

/// A modality in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModaliteOfferte {
    /// The modality.
    pub modalite: Modalite,
    /// What it costs in this period; none when no tariff was ever set.
    pub tarif: Option<Tarif>,
    /// Whether the period still offers it.
    pub offerte: bool,
    /// Most registrations.
    pub quota: Option<i64>,
    /// Registrations that hold a place.
    pub prises: i64,
    /// Until when it may be chosen, not included.
    pub echeance: Option<DateTime<Utc>>,
    /// Its centres.
    pub centres: Vec<CentreOffert>,
}

/// A centre in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreOffert {
    /// Row.
    pub id: i64,
    /// Name.
    pub nom: String,
    /// Town.
    pub ville: String,
    /// Country.
    pub pays: String,
    /// IANA time zone.
    pub fuseau: String,
    /// Whether it may be used at all.
    pub actif: bool,
    /// Whether it must agree before anybody is sent there.
    pub accord_requis: bool,
    /// Its agreement in this period, as stored; empty when it was never asked.
    pub accord: String,
    /// Places that it gives.
    pub places: Option<i64>,
    /// Registrations that hold one.
    pub prises: i64,
}

/// Why something cannot be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refus {
    /// The period no longer offers it.
    Retiree,
    /// Nobody has said what it costs.
    SansTarif,
    /// Its deadline is past.
    Echeance(DateTime<Utc>),
    /// No place is left.
    Complet,
    /// The centre has refused.
    AccordRefuse,
    /// It is not used any more.
    Inactif,
}

impl Refus {
    /// « complet, il ne reste aucune place »: what follows a name and a colon.
    #[must_use]
    pub fn phrase(&self) -> String {
        match self {
            Self::Retiree => "n’est plus proposée pour cette période".to_owned(),
            Self::SansTarif => "son tarif n’est pas encore fixé : la scolarité le publiera".to_owned(),
            Self::Echeance(le) => {
                format!("date limite passée : c’était le {}", instant_francais(heure_de_besancon(*le)))
            }
            Self::Complet => "complet, il ne reste aucune place".to_owned(),
            Self::AccordRefuse => "ce centre ne peut pas accueillir de candidats cette fois".to_owned(),
            Self::Inactif => "ce centre n’accueille plus de candidats".to_owned(),
        }
    }
}

impl ModaliteOfferte {
    /// Why it cannot be chosen now. What is held already (`tenue`) stays, whatever its deadline and its quota.
    #[must_use]
    pub fn refus(&self, maintenant: DateTime<Utc>, tenue: bool) -> Option<Refus> {
        if !self.offerte || !self.modalite.active {
            return Some(Refus::Retiree);
        }
        if self.tarif.is_none() {
            return Some(Refus::SansTarif);
        }
        if tenue {
            return None;
        }
        match self.echeance {
            Some(le) if le <= maintenant => Some(Refus::Echeance(le)),
            _ => (self.restantes() == Some(0)).then_some(Refus::Complet),
        }
    }

    /// Places left, when they are counted.
    #[must_use]
    pub fn restantes(&self) -> Option<i64> {
        self.quota.map(|quota| quota.saturating_sub(self.prises).max(0))
    }

    /// Whether one of its centres must be chosen.
    #[must_use]
    pub fn a_centre(&self) -> bool {
        self.modalite.lieu == Lieu::Centre
    }

    /// One of its centres.
    #[must_use]
    pub fn centre(&self, id: i64) -> Option<&CentreOffert> {
        self.centres.iter().find(|c| c.id == id)
    }
}

impl CentreOffert {
    /// Why it cannot be chosen. A place that is held already stays, unless the centre has refused.
    #[must_use]
    pub fn refus(&self, tenu: bool) -> Option<Refus> {
        if !self.actif {
            return Some(Refus::Inactif);
        }
        if self.accord_requis && self.accord == "refuse" {
            return Some(Refus::AccordRefuse);
        }
        (!tenu && self.restantes() == Some(0)).then_some(Refus::Complet)
    }

    /// Places left, when they are counted.
    #[must_use]
    pub fn restantes(&self) -> Option<i64> {
        self.places.map(|places| places.saturating_sub(self.prises).max(0))
    }

    /// Whether its agreement is still waited for.
    #[must_use]
    pub fn en_attente(&self) -> bool {
        self.accord_requis && !matches!(self.accord.as_str(), "accepte" | "refuse")
    }
}

/// Whether a student may write in a registration, and if not why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fenetre {
    /// They may.
    Ouverte,
    /// Not yet: registrations open at that instant.
    PasEncore(DateTime<Utc>),
    /// Registrations closed at that instant.
    Passee(DateTime<Utc>),
    /// The period is being set up: nobody sees it.
    Preparation,
}

impl Cadre {
    /// A modality of the period.
    #[must_use]
    pub fn modalite(&self, id: i64) -> Option<&ModaliteOfferte> {
        self.modalites.iter().find(|m| m.modalite.id == id)
    }

    /// Whether épreuves may be deferred from here: the resits themselves are the last.
    #[must_use]
    pub fn peut_reporter(&self) -> bool {
        self.periode.session < 2
    }

    /// Whether a registration in `etat` may be written by its student at that instant. What was sent back is corrected until the
    /// registry has finished verifying.
    #[must_use]
    pub fn fenetre(&self, etat: EtatInscription, maintenant: DateTime<Utc>) -> Fenetre {
        let p = &self.periode;
        match p.etat {
            EtatPeriode::Preparation => Fenetre::Preparation,
            EtatPeriode::Inscriptions | EtatPeriode::Verification if etat == EtatInscription::ACorriger => {
                Fenetre::Ouverte
            }
            EtatPeriode::Inscriptions if maintenant < p.inscriptions_debut => {
                Fenetre::PasEncore(p.inscriptions_debut)
            }
            _ if p.ouverte(maintenant) => Fenetre::Ouverte,
            _ => Fenetre::Passee(p.inscriptions_fin.min(maintenant)),
        }
    }
}
