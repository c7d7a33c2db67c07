//! Which rows come back, and where in the tree.

use std::collections::HashSet;

use apogee::wire::types::offre_v4::{
    DiplomeDTO4, EtapeDTO4, ListeElementPedagogiDTO3, VersionDiplomeDTO4, VersionEtapeDTO4,
};

use super::critere::{Critere, Niveau};
use super::dto;
use crate::world::{Diplome, Liste, VdiVet, VersionDiplomeRow, World};

/// The diplomas that hold something asked for.
pub(super) fn diplomes(world: &World, critere: &Critere) -> Vec<DiplomeDTO4> {
    let un = |diplome: &Diplome| {
        critere.retient_diplome(diplome).then(|| self::diplome(world, critere, diplome))?
    };
    if let Some(code) = critere.diplome.code() {
        return world.diplome(code).and_then(un).into_iter().collect();
    }
    // One étape among thousands: its own diplomas are known without looking at the others.
    if let Some(etape) = critere.etape.code() {
        let mut vus = HashSet::new();
        return world
            .vets_de(etape)
            .flat_map(|(vet, _)| world.vdi_vet_of_vet(vet))
            .filter(|lien| vus.insert(lien.diplome.as_str()))
            .filter_map(|lien| world.diplome(lien.diplome.as_str()).and_then(un))
            .collect();
    }
    world.diplomes.iter().filter_map(un).collect()
}

fn diplome(world: &World, critere: &Critere, diplome: &Diplome) -> Option<DiplomeDTO4> {
    let versions: Vec<_> =
        world.versions_de(diplome.code.as_str()).filter_map(|vdi| version(world, critere, vdi)).collect();
    if versions.is_empty() {
        return None;
    }
    let mut ligne = dto::diplome(world, critere, diplome);
    if critere.niveau >= Niveau::Vdi {
        ligne.list_version_diplome = versions;
    }
    Some(ligne)
}

fn version(world: &World, critere: &Critere, vdi: &VersionDiplomeRow) -> Option<VersionDiplomeDTO4> {
    if !critere.retient_vdi(vdi) {
        return None;
    }
    let mut ligne = dto::version_diplome(vdi);
    if critere.niveau < Niveau::Etape {
        return Some(ligne);
    }
    let etapes = etapes(world, critere, vdi);
    // A diploma version without étape answers a question about diplomas, never one about an étape or an element.
    let par_le_bas = critere.diplome == super::critere::Voulu::Aucun
        || critere.etape.code().is_some()
        || critere.vet.code().is_some()
        || critere.elements_choisis();
    if etapes.is_empty() && par_le_bas {
        return None;
    }
    ligne.offre_formation.get_or_insert_default().list_etape = etapes;
    Some(ligne)
}

fn etapes(world: &World, critere: &Critere, vdi: &VersionDiplomeRow) -> Vec<EtapeDTO4> {
    let liens = world
        .vdi_vet_of_diplome(vdi.diplome.as_str())
        .filter(|lien| lien.version_diplome == vdi.version && critere.retient_vet(lien));
    let mut lignes: Vec<EtapeDTO4> = Vec::new();
    for lien in liens {
        let Some(vet) = version_etape(world, critere, lien) else { continue };
        let place = lignes.iter().position(|e| e.cod_etp.as_deref() == Some(lien.etape.as_str()));
        let place = place.unwrap_or_else(|| {
            lignes.push(dto::etape(world, critere, lien));
            lignes.len() - 1
        });
        if let Some(etape) = lignes.get_mut(place)
            && critere.niveau >= Niveau::Vet
        {
            etape.list_version_etape.push(vet);
        }
    }
    lignes
}

fn version_etape(world: &World, critere: &Critere, lien: &VdiVet) -> Option<VersionEtapeDTO4> {
    let position = world.vet_position(lien.etape.as_str(), lien.version_etape.as_str())?;
    let mut ligne = dto::version_etape(world, world.versions_etape.get(position as usize)?, lien);
    if critere.niveau == Niveau::Element {
        ligne.list_liste_element_pedagogi = listes(world, critere, position);
        if ligne.list_liste_element_pedagogi.is_empty() && critere.elements_choisis() {
            return None;
        }
    }
    Some(ligne)
}

/// The lists below a VET, whatever their depth, each once: nothing says where they hang, so a second time would add nothing,
/// and loops end.
fn listes(world: &World, critere: &Critere, vet: u32) -> Vec<ListeElementPedagogiDTO3> {
    let vivant = |ferme_le: Option<chrono::NaiveDate>| ferme_le.is_none_or(|jour| jour > world.date);
    let mut lignes = Vec::new();
    let mut vues = HashSet::new();
    let mut a_voir: Vec<&str> =
        world.vet_lse_of(vet).filter(|l| vivant(l.ferme_le)).map(|l| l.liste.as_str()).collect();
    a_voir.reverse();
    while let Some(code) = a_voir.pop() {
        let Some((position, liste)) = world.liste(code) else { continue };
        if !vues.insert(position) {
            continue;
        }
        let debut = a_voir.len();
        for lien in world.lse_elp_of(position) {
            let Some((element, _)) = world.element(lien.element.as_str()) else { continue };
            a_voir.extend(world.elp_lse_of(element).filter(|l| vivant(l.ferme_le)).map(|l| l.liste.as_str()));
        }
        // Depth first, in the order of the tree.
        if let Some(ajoutees) = a_voir.get_mut(debut..) {
            ajoutees.reverse();
        }
        lignes.extend(self::liste(world, critere, position, liste));
    }
    lignes
}

fn liste(world: &World, critere: &Critere, position: u32, liste: &Liste) -> Option<ListeElementPedagogiDTO3> {
    let elements: Vec<_> = world
        .lse_elp_of(position)
        .filter_map(|lien| world.element(lien.element.as_str()))
        .filter(|(_, element)| critere.retient_element(element))
        .map(|(_, element)| dto::element(world, element))
        .collect();
    if elements.is_empty() && critere.elements_choisis() {
        return None;
    }
    Some(ListeElementPedagogiDTO3 { list_element_pedagogi: elements, ..dto::liste(liste) })
}
