//! Reference tables.

use apogee::wire::Fault;
use apogee::wire::requests::{
    RecupererComposanteV2Request, RecupererRegimeInscriptionRequest, RecupererSignataireRequest,
};
use apogee::wire::types::referentiel::{
    AdresseComposanteDTO, ComposanteDTO3, RegimeInscDTO, SignataireWSSignataireDTO, TypeComposanteDTO,
};

use super::demande::{aucune, en_service, incoherent, o_n, texte};
use crate::world::{Composante, World};

/// Rows that match, or the fault that says that none does.
pub(super) fn ou_aucune<T>(lignes: Vec<T>, element: &str) -> Result<Vec<T>, Box<Fault>> {
    if lignes.is_empty() { Err(aucune(element)) } else { Ok(lignes) }
}

pub(super) fn regimes(
    world: &World,
    d: &RecupererRegimeInscriptionRequest,
) -> Result<Vec<RegimeInscDTO>, Box<Fault>> {
    let temoin = en_service(&d.temoin_en_service)?;
    let lignes = world
        .regimes
        .iter()
        .filter(|r| d.cod_reg_ins.as_ref().is_none_or(|code| *code == r.code))
        .filter(|r| temoin.is_none_or(|t| t == r.en_service))
        .map(|r| RegimeInscDTO {
            cod_reg_ins: texte(&r.code),
            lib_reg_ins: texte(&r.libelle),
            lic_reg_ins: texte(&r.libelle_court),
            tem_en_sve: o_n(r.en_service),
        })
        .collect();
    ou_aucune(lignes, "regimeInscription")
}

pub(super) fn signataires(
    world: &World,
    d: &RecupererSignataireRequest,
) -> Result<Vec<SignataireWSSignataireDTO>, Box<Fault>> {
    let temoin = en_service(&d.temoin_en_service)?;
    let lignes = world
        .signataires
        .iter()
        .filter(|s| d.cod_sig.as_ref().is_none_or(|code| *code == s.code))
        .filter(|s| temoin.is_none_or(|t| t == s.en_service))
        .map(|s| SignataireWSSignataireDTO {
            cod_sig: texte(&s.code),
            nom_sig: texte(&s.nom),
            qua_sig: texte(&s.qualite),
            tem_en_sve_sig: o_n(s.en_service),
        })
        .collect();
    ou_aucune(lignes, "signataire")
}

/// Which relatives of a component to show. No public file proves the values of `_sens`: released clients leave it empty,
/// which shows none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sens {
    Aucun,
    Fils,
    Pere,
}

impl Sens {
    fn lit(valeur: Option<&str>) -> Result<Self, Box<Fault>> {
        match valeur.map(str::to_lowercase).as_deref() {
            None => Ok(Self::Aucun),
            Some("f" | "fils") => Ok(Self::Fils),
            Some("p" | "pere" | "père") => Ok(Self::Pere),
            Some(_) => Err(incoherent("sens")),
        }
    }
}

/// Trees of components are shallow; a loop in the data must not become an endless answer.
const PROFONDEUR_MAX: usize = 10;

pub(super) fn composantes(
    world: &World,
    d: &RecupererComposanteV2Request,
) -> Result<Vec<ComposanteDTO3>, Box<Fault>> {
    let sens = Sens::lit(d.sens.as_deref())?;
    let lignes = world
        .composantes
        .iter()
        .filter(|c| d.cod_cmp.as_ref().is_none_or(|code| *code == c.code.0))
        .map(|c| composante(world, c, sens, PROFONDEUR_MAX))
        .collect();
    ou_aucune(lignes, "composante")
}

fn composante(world: &World, c: &Composante, sens: Sens, profondeur: usize) -> ComposanteDTO3 {
    let proches = |voulu: Sens, proche: &dyn Fn(&Composante) -> bool| -> Vec<ComposanteDTO3> {
        if sens != voulu || profondeur == 0 {
            return Vec::new();
        }
        let trouves = world.composantes.iter().filter(|autre| proche(autre));
        trouves.map(|autre| composante(world, autre, sens, profondeur - 1)).collect()
    };
    ComposanteDTO3 {
        cod_cmp: texte(&c.code.0),
        lib_cmp: texte(&c.libelle),
        lib_web_cmp: texte(&c.libelle_web),
        cod_sig: c.signataire.clone(),
        cod_nat_cmp: None,
        cod_rne_cmp: c.rne.clone(),
        tem_elc_cmp: o_n(false),
        tem_en_sve_cmp: o_n(c.en_service),
        adresse_composante: Some(AdresseComposanteDTO {
            lib_adr1_cmp: texte(&c.adresse),
            cod_pos_adr_cmp: texte(&c.code_postal),
            cod_com_adr_cmp: texte(&c.code_commune),
            ..Default::default()
        }),
        type_composante: Some(TypeComposanteDTO {
            cod_typ_cmp: texte(&c.type_code),
            lib_typ_cmp: texte(&c.type_libelle),
        }),
        liste_composante_fils: proches(Sens::Fils, &|autre| autre.parent.as_ref() == Some(&c.code)),
        liste_composante_pere: proches(Sens::Pere, &|autre| c.parent.as_ref() == Some(&autre.code)),
    }
}
