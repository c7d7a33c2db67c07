//! `recupererSE`: the structure of the offer, from diploma to element.
//!
//! The service descends from diplomas whatever is asked, so a VET shared by several diploma versions comes back under
//! each, and a VET that has none never comes back. Lists of every depth hang flat under their VET: which element a list
//! belongs to is not said.

mod arbre;
mod critere;
mod dto;
mod v3;

use apogee::wire::Fault;
use apogee::wire::requests::{RecupererSEV3Request, RecupererSEV4Request};
use apogee::wire::types::offre_v3::DiplomeDTO3;
use apogee::wire::types::offre_v4::DiplomeDTO4;

use critere::Critere;

use super::referentiel::ou_aucune;
use crate::world::World;

pub(super) fn se_v4(world: &World, d: &RecupererSEV4Request) -> Result<Vec<DiplomeDTO4>, Box<Fault>> {
    let critere = Critere::lit(world, &d.se_critere)?;
    ou_aucune(arbre::diplomes(world, &critere), "recupererse")
}

pub(super) fn se_v3(world: &World, d: &RecupererSEV3Request) -> Result<Vec<DiplomeDTO3>, Box<Fault>> {
    let critere = Critere::lit(world, &d.se_critere)?;
    let diplomes = ou_aucune(arbre::diplomes(world, &critere), "recupererse")?;
    Ok(diplomes.into_iter().map(v3::diplome).collect())
}
