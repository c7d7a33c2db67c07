//! `recupererListeEtudiants`: who is registered, by criteria that all hold together.

use std::collections::{BTreeSet, HashSet};

use apogee::wire::Fault;
use apogee::wire::requests::RecupererListeEtudiantsRequest;
use apogee::wire::types::etudiant::{EtudiantCritereDTO, EtudiantCritereListeDTO, EtudiantDTO2};
use kernel::AnneeUniversitaire;

use super::demande::{annee, aucune, incoherent, jour, requis, texte};
use crate::world::{EtatIa, InscriptionEtape, InscriptionPedagogique, World};

/// A registration to a VET, as (student, VET): criteria on étapes and on elements must hold for the same one.
type Paire = (u32, u32);

pub(super) fn etudiants(
    world: &World,
    d: &RecupererListeEtudiantsRequest,
) -> Result<Vec<EtudiantDTO2>, Box<Fault>> {
    let criteres = &d.parametres;
    let annee = annee(requis(&criteres.annee, "annee")?, "annee")?;
    refuse_inconnus(criteres)?;
    let paires = match (par_inscription(criteres), par_element(criteres)) {
        (_, false) => inscriptions(world, criteres, annee),
        (false, true) => pedagogiques(world, criteres, annee),
        (true, true) => {
            let administratives: HashSet<_> = inscriptions(world, criteres, annee).into_iter().collect();
            let paires = pedagogiques(world, criteres, annee);
            paires.into_iter().filter(|p| administratives.contains(p)).collect()
        }
    };
    let trouves: BTreeSet<u32> = paires.into_iter().map(|(etudiant, _)| etudiant).collect();
    let lignes: Vec<_> = trouves
        .into_iter()
        .filter_map(|position| world.etudiants.get(position as usize))
        .filter(|e| {
            criteres.list_type_handicap.is_empty()
                || e.handicap.as_ref().is_some_and(|(code, _)| criteres.list_type_handicap.contains(code))
        })
        .map(|e| EtudiantDTO2 {
            cod_etu: texte(&e.numero.0),
            nom: texte(e.nom_usuel.as_ref().unwrap_or(&e.nom_patronymique)),
            prenom: texte(&e.prenom),
            date_naissance: Some(jour(e.naissance)),
            numero_ine: e.ine.as_ref().map(|ine| ine.0.clone()),
        })
        .collect();
    if lignes.is_empty() { Err(aucune("etudiant")) } else { Ok(lignes) }
}

/// Criteria that the world has no data for are refused by name: leaving one aside would return too many students.
fn refuse_inconnus(c: &EtudiantCritereDTO) -> Result<(), Box<Fault>> {
    let textes = [
        (&c.code_collection_vet, "codeCollectionVET"),
        (&c.code_groupe_vet, "codeGroupeVET"),
        (&c.code_collection_elp, "codeCollectionELP"),
        (&c.code_groupe_elp, "codeGroupeELP"),
        (&c.sens_ech_inter, "sensEchInter"),
        (&c.code_ech_inter, "codeEchInter"),
        (&c.maintien_inscr_autre_etab, "maintienInscrAutreEtab"),
        (&c.tem_val_acquis_xp, "temValAcquisXP"),
        (&c.tem_ves_cii, "temVesCii"),
        (&c.tem_vapp, "temVapp"),
        (&c.tem_part_international, "temPartInternational"),
        (&c.etat_these, "etatThese"),
        (&c.type_resultat, "typeResultat"),
        (&c.objet_resultat, "objetResultat"),
    ];
    let listes = [
        (&c.list_sportif_haut_niv, "listSportifHautNiv"),
        (&c.list_pays_ech_inter, "listPaysEchInter"),
        (&c.list_type_etab_freq, "listTypeEtabFreq"),
    ];
    let inconnu = textes.into_iter().find(|(v, _)| v.is_some()).map(|(_, nom)| nom);
    match inconnu.or_else(|| listes.into_iter().find(|(v, _)| !v.is_empty()).map(|(_, nom)| nom)) {
        Some(nom) => Err(incoherent(nom)),
        None => Ok(()),
    }
}

fn par_inscription(c: &EtudiantCritereDTO) -> bool {
    !(c.list_etapes.is_empty()
        && c.list_diplomes.is_empty()
        && c.code_regime_inscr_etp.is_none()
        && c.list_centre_gestion.is_empty()
        && c.list_composante.is_empty()
        && c.list_sit_sociale.is_empty())
}

fn par_element(c: &EtudiantCritereDTO) -> bool {
    !(c.list_elp.is_empty() && c.list_epr.is_empty() && c.list_cip.is_empty())
}

/// Whether a code and its version are among the criteria; a code without version takes them all.
fn retient(criteres: &[EtudiantCritereListeDTO], code: &str, version: &str) -> bool {
    criteres.is_empty()
        || criteres.iter().any(|c| {
            c.code.as_deref() == Some(code)
                && (c.list_version.is_empty() || c.list_version.iter().any(|v| v == version))
        })
}

/// Live registrations (état E) of the year.
fn inscriptions(world: &World, c: &EtudiantCritereDTO, annee: AnneeUniversitaire) -> Vec<Paire> {
    let retenue = |ia: &&InscriptionEtape| {
        ia.annee == annee
            && ia.etat == EtatIa::EnCours
            && retient(&c.list_etapes, ia.etape.as_str(), ia.version.as_str())
            && retient(&c.list_diplomes, ia.diplome.as_str(), ia.version_diplome.as_str())
            && c.code_regime_inscr_etp.as_ref().is_none_or(|r| *r == ia.regime)
            && (c.list_centre_gestion.is_empty() || c.list_centre_gestion.contains(&ia.centre_gestion))
            && (c.list_composante.is_empty()
                || world
                    .vet(ia.etape.as_str(), ia.version.as_str())
                    .is_some_and(|v| c.list_composante.contains(&v.composante.0)))
            && (c.list_sit_sociale.is_empty() || situation(world, ia, &c.list_sit_sociale))
    };
    let paire = |ia: &InscriptionEtape| {
        Some((ia.etudiant, world.vet_position(ia.etape.as_str(), ia.version.as_str())?))
    };
    if c.list_etapes.is_empty() {
        return world.ia_etapes.iter().filter(retenue).filter_map(paire).collect();
    }
    let codes: BTreeSet<&str> = c.list_etapes.iter().filter_map(|e| e.code.as_deref()).collect();
    let vets = codes.into_iter().flat_map(|code| world.vets_de(code)).map(|(position, _)| position);
    vets.flat_map(|vet| world.iae_of_vet(vet).filter(retenue).map(move |ia| (ia.etudiant, vet))).collect()
}

fn situation(world: &World, ia: &InscriptionEtape, voulues: &[String]) -> bool {
    let annuelle = world.iaa_of(ia.etudiant).find(|iaa| iaa.annee == ia.annee);
    let code = if annuelle.is_some_and(|iaa| iaa.boursier) { "BO" } else { "NO" };
    voulues.iter().any(|v| v == code)
}

/// Who takes one of the elements this year: what is kept from an earlier year or exempted is not taken.
fn pedagogiques(world: &World, c: &EtudiantCritereDTO, annee: AnneeUniversitaire) -> Vec<Paire> {
    let prise = |ip: &&InscriptionPedagogique| {
        ip.annee == annee
            && !ip.prc
            && ip.dispense.is_none()
            && (c.list_cip.is_empty()
                || world
                    .centres
                    .get(usize::from(ip.centre))
                    .is_some_and(|centre| c.list_cip.contains(&centre.code)))
    };
    let paire = |ip: &InscriptionPedagogique| (ip.etudiant, ip.vet);
    if c.list_elp.is_empty() && c.list_epr.is_empty() {
        return world.ip.iter().filter(prise).map(paire).collect();
    }
    let mut elements: BTreeSet<u32> =
        c.list_elp.iter().filter_map(|code| world.element(code)).map(|(position, _)| position).collect();
    if !c.list_epr.is_empty() {
        let sanctionnes: BTreeSet<u32> = world
            .epreuves_elements
            .iter()
            .filter(|lien| c.list_epr.contains(&lien.epreuve))
            .filter_map(|lien| world.element(lien.element.as_str()))
            .map(|(position, _)| position)
            .collect();
        elements = if c.list_elp.is_empty() { sanctionnes } else { &elements & &sanctionnes };
    }
    elements.into_iter().flat_map(|element| world.ip_of_element(element).filter(prise).map(paire)).collect()
}
