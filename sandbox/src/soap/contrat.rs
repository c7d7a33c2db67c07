//! Pedagogical contracts: what a student takes, and the results.

use apogee::wire::requests::{
    RecupererAnneesIPResultatRequest, RecupererContratPedagogiqueResultatElpEprV6Request,
    RecupererContratPedagogiqueResultatVdiVetV2Request,
};
use apogee::wire::types::pedagogique::{
    CentreInsPedDTO, ContratPedagogiqueResultatElpEprDTO5, ContratPedagogiqueResultatVdiVetDTO2, DiplomeDTO,
    ElementPedagogiDTO5, EpreuveDTO2, EpreuveElpDTO2, EtapeDTO2, EtapeResVdiVetDTO2, FormuleExamenDTO,
    NatureElpDTO, NatureEprDTO, TypEpreuveDTO,
};
use apogee::wire::{Decimal, Fault};

use super::demande::{Annees, Etats, annee, aucune, etudiant, o_n, requis, texte};
use super::referentiel::ou_aucune;
use super::resultats::Choix;
use crate::world::{Element, EtatIa, InscriptionEtape, InscriptionPedagogique, World};

/// No pedagogical registration for that question.
const SANS_IP: &str = "DossierEtudiantIP";

pub(super) fn annees(world: &World, d: &RecupererAnneesIPResultatRequest) -> Result<Vec<String>, Box<Fault>> {
    let (position, _) = etudiant(world, &d.cod_etu)?;
    let mut annees: Vec<_> = world
        .ip_of(position)
        .map(|ip| ip.annee)
        .chain(world.resultats_etapes_of(position).map(|r| r.annee))
        .collect();
    annees.sort_unstable();
    annees.dedup();
    ou_aucune(annees.into_iter().map(|a| a.to_string()).collect(), SANS_IP)
}

/// States of registration of a contract: `E` unless said otherwise.
fn etats(valeur: &Option<String>) -> Result<Etats, Box<Fault>> {
    Etats::lit(&Some(valeur.clone().unwrap_or_else(|| "E".into())), "codEtaIae")
}

pub(super) fn elements(
    world: &World,
    d: &RecupererContratPedagogiqueResultatElpEprV6Request,
) -> Result<Vec<ContratPedagogiqueResultatElpEprDTO5>, Box<Fault>> {
    let (position, _) = etudiant(world, &d.cod_etu)?;
    let annee = annee(requis(&d.cod_anu, "codAnu")?, "codAnu")?;
    let (etape, version) = (requis(&d.cod_etp, "codEtp")?, requis(&d.cod_vrs_vet, "codVrsVet")?);
    let choix = Choix::lit(&d.source_res, &d.etat_delib, &d.cod_ses)?;
    let etats = etats(&d.cod_eta_iae)?;
    let vet = world.vet_position(etape, version).ok_or_else(|| aucune(SANS_IP))?;
    let inscription = world
        .iae_of(position)
        .find(|ia| {
            ia.annee == annee
                && ia.etape.as_str() == etape
                && ia.version.as_str() == version
                && etats.contient(ia.etat)
        })
        .ok_or_else(|| aucune(SANS_IP))?;
    let de_l_annee = || world.ip_of(position).filter(|ip| ip.annee == annee);
    let lignes: Vec<_> = de_l_annee()
        .filter(|ip| ip.vet == vet)
        .filter_map(|ip| Some((ip, world.elements.get(ip.element as usize)?)))
        .map(|(ip, element)| ligne(world, &choix, inscription.etat, ip, element))
        .collect();
    // Registered to the étape and to no element, as against not registered pedagogically at all.
    let code = if de_l_annee().next().is_some() { "elp" } else { SANS_IP };
    ou_aucune(lignes, code)
}

fn ligne(
    world: &World,
    choix: &Choix,
    etat: EtatIa,
    ip: &InscriptionPedagogique,
    element: &Element,
) -> ContratPedagogiqueResultatElpEprDTO5 {
    ContratPedagogiqueResultatElpEprDTO5 {
        cip: world
            .centres
            .get(usize::from(ip.centre))
            .map(|c| CentreInsPedDTO { cod_cip: texte(&c.code), lib_cip: texte(&c.libelle) }),
        cod_anu: Some(ip.annee.to_string()),
        cod_elp_sup: ip
            .element_sup
            .and_then(|p| world.elements.get(p as usize))
            .and_then(|e| texte(&e.code.0)),
        lib_etat_iae: texte(etat.libelle()),
        cod_typ_ipe: Some(ip.type_ipe.to_string()),
        elp: Some(elp(world, ip, element)),
        epreuves_elp: if choix.avec_notes() { epreuves(world, ip) } else { Vec::new() },
        fex: Some(FormuleExamenDTO { cod_fex: texte("T"), lib_fex: texte("Contrôle terminal") }),
        resultats_elp: choix.d_element(world, ip, element),
        groupes: Vec::new(),
        rng_elp: Some(ip.rang.into()),
    }
}

fn elp(world: &World, ip: &InscriptionPedagogique, element: &Element) -> ElementPedagogiDTO5 {
    let nature = world.natures.iter().find(|n| n.code == element.nature);
    let presences = world.ip_of(ip.etudiant).filter(|autre| {
        autre.element == ip.element && autre.annee <= ip.annee && !autre.prc && autre.dispense.is_none()
    });
    ElementPedagogiDTO5 {
        cod_elp: texte(&element.code.0),
        lib_elp: texte(&element.libelle),
        nature_elp: Some(NatureElpDTO {
            cod_nel: texte(&element.nature.0),
            lib_nel: nature.and_then(|n| texte(&n.libelle)),
            tem_fictif: o_n(nature.is_some_and(|n| n.fictif)),
            tem_semestre: o_n(nature.is_some_and(|n| n.semestre)),
            tem_ue: o_n(nature.is_some_and(|n| n.ue)),
        }),
        num_pre_elp: i64::try_from(presences.count()).ok(),
        tem_ctl_val_cad_elp: o_n(false),
        tem_elp_type_stage: o_n(element.nature.0.starts_with("STAG")),
        nbr_crd_elp: element.ects.map(Decimal::from),
        ..Default::default()
    }
}

fn epreuves(world: &World, ip: &InscriptionPedagogique) -> Vec<EpreuveElpDTO2> {
    let liens = world.epreuves_of(ip.element).filter(|lien| !lien.suspendue);
    let mut vues = Vec::new();
    liens
        .filter_map(|lien| world.epreuve(&lien.epreuve))
        // The same épreuve may serve both sessions.
        .filter(|e| {
            let nouvelle = !vues.contains(&e.code);
            if nouvelle {
                vues.push(e.code.clone());
            }
            nouvelle
        })
        .map(|e| EpreuveElpDTO2 {
            annee: Some(ip.annee.to_string()),
            epreuve: Some(EpreuveDTO2 {
                cod_epr: texte(&e.code),
                lib_epr: texte(&e.libelle),
                tem_ctl_val_cad_epr: o_n(false),
                nature_epr: Some(NatureEprDTO {
                    cod_nep: texte(&e.nature),
                    lib_nep: texte(if e.nature == "O" { "Oral" } else { "Écrit" }),
                }),
                typ_epreuve: Some(TypEpreuveDTO {
                    cod_tep: texte(&e.type_epreuve),
                    lib_tep: texte(if e.type_epreuve == "CC" {
                        "Contrôle continu"
                    } else {
                        "Contrôle terminal"
                    }),
                }),
                ..Default::default()
            }),
            ..Default::default()
        })
        .collect()
}

pub(super) fn diplomes(
    world: &World,
    d: &RecupererContratPedagogiqueResultatVdiVetV2Request,
) -> Result<Vec<ContratPedagogiqueResultatVdiVetDTO2>, Box<Fault>> {
    let (position, _) = etudiant(world, &d.cod_etu)?;
    let annees = Annees::lit(world, &d.cod_anu, "codAnu")?;
    let choix = Choix::lit(&d.source_res, &d.etat_delib, &d.cod_ses)?;
    let etats = etats(&d.cod_eta_iae)?;
    let mut lignes: Vec<ContratPedagogiqueResultatVdiVetDTO2> = Vec::new();
    let mut cles: Vec<(&str, &str)> = Vec::new();
    for ia in world.iae_of(position).filter(|ia| annees.contient(ia.annee) && etats.contient(ia.etat)) {
        let Some(vet) = world.vet_position(ia.etape.as_str(), ia.version.as_str()) else { continue };
        let inscrit = world.ip_of(position).any(|ip| ip.annee == ia.annee && ip.vet == vet)
            || world.resultats_etapes_of(position).any(|r| r.annee == ia.annee && r.vet == vet);
        if !inscrit {
            continue;
        }
        let cle = (ia.diplome.as_str(), ia.version_diplome.as_str());
        let place = cles.iter().position(|c| *c == cle).unwrap_or_else(|| {
            cles.push(cle);
            lignes.push(diplome(world, &choix, ia, annees));
            lignes.len() - 1
        });
        if let Some(ligne) = lignes.get_mut(place) {
            ligne.etapes.push(etape(world, &choix, ia, vet));
        }
    }
    ou_aucune(lignes, SANS_IP)
}

fn diplome(
    world: &World,
    choix: &Choix,
    ia: &InscriptionEtape,
    annees: Annees,
) -> ContratPedagogiqueResultatVdiVetDTO2 {
    let diplome = world.diplome(ia.diplome.as_str());
    let vdi = world.vdi(ia.diplome.as_str(), ia.version_diplome.as_str());
    ContratPedagogiqueResultatVdiVetDTO2 {
        // Nil when every year is asked: each étape says its own.
        annee: match annees {
            Annees::Une(annee) => Some(annee.to_string()),
            Annees::Toutes => None,
        },
        diplome: Some(DiplomeDTO {
            cod_dip: texte(&ia.diplome.0),
            cod_vrs_vdi: ia.version_diplome.0.parse().ok(),
            lib_dip: diplome.and_then(|d| texte(&d.libelle)),
            lib_web_vdi: vdi.and_then(|v| texte(&v.libelle_web)),
            lic_vdi: vdi.and_then(|v| texte(&v.libelle_court)),
        }),
        resultat_vdi: world
            .resultats_vdi_of(ia.etudiant)
            .filter(|r| {
                r.diplome == ia.diplome && r.version == ia.version_diplome && annees.contient(r.annee)
            })
            .filter_map(|r| choix.de_diplome(r, vdi.and_then(|v| v.ects)))
            .collect(),
        ..Default::default()
    }
}

fn etape(world: &World, choix: &Choix, ia: &InscriptionEtape, vet: u32) -> EtapeResVdiVetDTO2 {
    let ligne = world.versions_etape.get(vet as usize);
    EtapeResVdiVetDTO2 {
        cod_anu: Some(ia.annee.to_string()),
        cod_typ_ipe: texte("N"),
        lib_typ_ipe: texte("Normale"),
        etape: Some(EtapeDTO2 {
            cod_etp: texte(&ia.etape.0),
            cod_vrs_vet: ia.version.0.parse().ok(),
            lib_etp: world.etape(ia.etape.as_str()).and_then(|e| texte(&e.libelle)),
            lib_web_vet: ligne.and_then(|v| texte(&v.libelle_web)),
            tem_dip_vet: o_n(false),
            lib_etat_iae: texte(ia.etat.libelle()),
        }),
        groupes: Vec::new(),
        resultat_vet: world
            .resultats_etapes_of(ia.etudiant)
            .filter(|r| r.annee == ia.annee && r.vet == vet)
            .filter_map(|r| choix.d_etape(r, ligne.and_then(|v| v.ects)))
            .collect(),
    }
}
