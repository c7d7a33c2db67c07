//! What part of the offer is asked.

use apogee::wire::Fault;
use apogee::wire::types::offre::SECritereDTO2;
use kernel::AnneeUniversitaire;

use super::super::demande::{annee, aucune, incoherent};
use crate::world::{Element, VdiVet, VersionDiplomeRow, World};

/// What is asked of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Voulu {
    /// `aucun`: not asked about; crossed only to reach a deeper level.
    Aucun,
    /// `tous`
    Tous,
    /// A code.
    Code(String),
}

impl Voulu {
    fn lit(valeur: &Option<String>, parametre: &str) -> Result<Self, Box<Fault>> {
        match valeur.as_deref() {
            None => Err(incoherent(&format!("{parametre}obligatoire"))),
            Some(t) if t.eq_ignore_ascii_case("tous") => Ok(Self::Tous),
            Some(t) if t.eq_ignore_ascii_case("aucun") => Ok(Self::Aucun),
            Some(t) => Ok(Self::Code(t.to_owned())),
        }
    }

    pub(super) fn retient(&self, code: &str) -> bool {
        match self {
            Self::Aucun | Self::Tous => true,
            Self::Code(voulu) => voulu == code,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Aucun | Self::Tous => None,
        }
    }
}

/// Levels, from the root: the answer stops at the deepest one that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Niveau {
    Diplome,
    Vdi,
    Etape,
    Vet,
    Element,
}

/// The criteria, checked.
#[derive(Clone, Debug)]
pub(super) struct Critere {
    pub(super) diplome: Voulu,
    pub(super) vdi: Voulu,
    pub(super) etape: Voulu,
    pub(super) vet: Voulu,
    pub(super) element: Voulu,
    /// Deepest level asked about.
    pub(super) niveau: Niveau,
    /// The year asked about, or the current one.
    pub(super) annee: AnneeUniversitaire,
    annee_demandee: bool,
    ouvert: Option<bool>,
    composante: Option<String>,
    nature_diplome: Option<String>,
    nature_element: Option<String>,
    type_diplome: Option<String>,
}

impl Critere {
    pub(super) fn lit(world: &World, d: &SECritereDTO2) -> Result<Self, Box<Fault>> {
        let diplome = Voulu::lit(&d.cod_dip, "coddiplome")?;
        let vdi = Voulu::lit(&d.cod_vrs_vdi, "codversiondiplome")?;
        let etape = Voulu::lit(&d.cod_etp, "codetape")?;
        let vet = Voulu::lit(&d.cod_vrs_vet, "codversionetape")?;
        let element = Voulu::lit(&d.cod_elp, "codelp")?;
        let niveau = [
            (Niveau::Element, &element),
            (Niveau::Vet, &vet),
            (Niveau::Etape, &etape),
            (Niveau::Vdi, &vdi),
            (Niveau::Diplome, &diplome),
        ]
        .into_iter()
        .find(|(_, voulu)| **voulu != Voulu::Aucun)
        .map(|(niveau, _)| niveau)
        .ok_or_else(|| incoherent("recupererse"))?;
        let annee = match d.cod_anu.as_deref() {
            Some(texte) => annee(texte, "codAnu")?,
            None => world.annee_courante().ok_or_else(|| aucune("codAnu"))?,
        };
        let ouvert = match d.tem_ouvert_recrutement.as_deref() {
            None => None,
            Some("O") => Some(true),
            Some("N") => Some(false),
            Some(_) => return Err(incoherent("temOuvertRecrutement")),
        };
        Ok(Self {
            diplome,
            vdi,
            etape,
            vet,
            element,
            niveau,
            annee,
            annee_demandee: d.cod_anu.is_some(),
            ouvert,
            composante: d.cod_composante_vdi.clone(),
            nature_diplome: d.cod_nature_dip.clone(),
            nature_element: d.cod_nature_elp.clone(),
            type_diplome: d.cod_typ_dip.clone(),
        })
    }

    pub(super) fn retient_diplome(&self, diplome: &crate::world::Diplome) -> bool {
        self.diplome.retient(diplome.code.as_str())
            && self.nature_diplome.as_ref().is_none_or(|n| *n == diplome.nature)
            && self.type_diplome.as_ref().is_none_or(|t| *t == diplome.type_diplome)
    }

    pub(super) fn retient_vdi(&self, vdi: &VersionDiplomeRow) -> bool {
        self.vdi.retient(vdi.version.as_str())
            && self.composante.as_ref().is_none_or(|c| *c == vdi.composante.0)
            && self.retient_annees(vdi.recrutement_debut, vdi.recrutement_fin, vdi.validation_fin)
    }

    pub(super) fn retient_vet(&self, lien: &VdiVet) -> bool {
        self.etape.retient(lien.etape.as_str())
            && self.vet.retient(lien.version_etape.as_str())
            && self.retient_annees(lien.recrutement_debut, lien.recrutement_fin, lien.validation_fin)
    }

    pub(super) fn retient_element(&self, element: &Element) -> bool {
        self.element.retient(element.code.as_str())
            && self.nature_element.as_ref().is_none_or(|n| *n == element.nature.0)
    }

    /// Whether only some elements are asked for: lists and VETs that hold none of them do not come back.
    pub(super) fn elements_choisis(&self) -> bool {
        self.niveau == Niveau::Element && (self.element.code().is_some() || self.nature_element.is_some())
    }

    /// Whether one may register in the year asked about.
    pub(super) fn ouvert(&self, debut: u16, fin: u16) -> bool {
        (debut..=fin).contains(&self.annee.premiere())
    }

    /// A year alone keeps what exists in it, from the first recruitment to the last award; with a witness it is about
    /// recruitment.
    fn retient_annees(&self, debut: u16, fin: u16, validation_fin: u16) -> bool {
        match self.ouvert {
            Some(voulu) => self.ouvert(debut, fin) == voulu,
            None => {
                !self.annee_demandee || (debut..=validation_fin.max(fin)).contains(&self.annee.premiere())
            }
        }
    }
}
