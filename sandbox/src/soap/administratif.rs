//! Administrative registrations.

use apogee::wire::requests::{
    RecupererAnneesIaRequest, RecupererIAAnnuellesV2Request, RecupererIAEtapesV3Request,
};
use apogee::wire::types::administratif::{
    CgeDTO, ComposanteDTO, DiplomeDTO, EtapeDTO, EtatIAADTO, EtatIAEDTO, InsAdmAnuDTO2, InsAdmEtpDTO3,
    ProfilEtuDTO, RegimeInsDTO, SitSocialeDTO, StatutEtuDTO,
};
use apogee::wire::{DateHeure, Fault};
use chrono::NaiveDateTime;

use super::demande::{Annees, Etats, aucune, etudiant, o_n, oui_non, texte};
use super::referentiel::ou_aucune;
use crate::world::{EtatIa, InscriptionAnnuelle, InscriptionEtape, World};

pub(super) fn annees(world: &World, d: &RecupererAnneesIaRequest) -> Result<Vec<String>, Box<Fault>> {
    let (position, _) = etudiant(world, &d.cod_etu)?;
    let etats = Etats::lit(&d.etat_inscription_ia, "etatInscriptionIA")?;
    let mut annees: Vec<_> =
        world.iaa_of(position).filter(|ia| etats.contient(ia.etat)).map(|ia| ia.annee).collect();
    annees.sort_unstable();
    annees.dedup();
    ou_aucune(annees.into_iter().map(|a| a.to_string()).collect(), "findIAA")
}

pub(super) fn annuelles(
    world: &World,
    d: &RecupererIAAnnuellesV2Request,
) -> Result<Vec<InsAdmAnuDTO2>, Box<Fault>> {
    let (position, _) = etudiant(world, &d.cod_etu)?;
    let annees = Annees::lit(world, &d.annee, "annee")?;
    let etats = Etats::lit(&d.etat_iaa, "etatIAA")?;
    let lignes = world
        .iaa_of(position)
        .filter(|ia| annees.contient(ia.annee) && etats.contient(ia.etat))
        .map(|ia| annuelle(world, ia))
        .collect();
    ou_aucune(lignes, "findIAA")
}

pub(super) fn etapes(
    world: &World,
    d: &RecupererIAEtapesV3Request,
) -> Result<Vec<InsAdmEtpDTO3>, Box<Fault>> {
    let (position, etudiant) = etudiant(world, &d.cod_etu)?;
    let annees = Annees::lit(world, &d.annee, "annee")?;
    let etats_iaa = Etats::lit(&d.etat_iaa, "etatIAA")?;
    let etats_iae = Etats::lit(&d.etat_iae, "etatIAE")?;
    let annuelle = |ia: &InscriptionEtape| {
        world.iaa_of(position).find(|iaa| iaa.annee == ia.annee && etats_iaa.contient(iaa.etat))
    };
    if !world.iaa_of(position).any(|iaa| annees.contient(iaa.annee) && etats_iaa.contient(iaa.etat)) {
        return Err(aucune("findIAA"));
    }
    let lignes = world
        .iae_of(position)
        .filter(|ia| annees.contient(ia.annee) && etats_iae.contient(ia.etat))
        .filter_map(|ia| Some((ia, annuelle(ia)?)))
        .map(|(ia, iaa)| etape(world, ia, iaa, etudiant.numero_boursier.clone()))
        .collect();
    ou_aucune(lignes, "findIAE")
}

fn etape(
    world: &World,
    ia: &InscriptionEtape,
    iaa: &InscriptionAnnuelle,
    numero_boursier: Option<String>,
) -> InsAdmEtpDTO3 {
    let vet = world.vet(ia.etape.as_str(), ia.version.as_str());
    let composante = vet.map(|v| &v.composante);
    let vdi = world.vdi(ia.diplome.as_str(), ia.version_diplome.as_str());
    InsAdmEtpDTO3 {
        annee_iae: Some(ia.annee.to_string()),
        cge: Some(CgeDTO {
            code_cge: texte(&ia.centre_gestion),
            lib_cge: world
                .centres_gestion
                .iter()
                .find(|c| c.code == ia.centre_gestion)
                .and_then(|c| texte(&c.libelle)),
        }),
        composante: composante.map(|code| ComposanteDTO {
            cod_composante: texte(&code.0),
            lib_composante: world
                .composantes
                .iter()
                .find(|c| c.code == *code)
                .and_then(|c| texte(&c.libelle)),
        }),
        date_iae: Some(instant(ia.creee_le)),
        diplome: Some(DiplomeDTO {
            code_diplome: texte(&ia.diplome.0),
            lib_long_diplome: world.diplome(ia.diplome.as_str()).and_then(|d| texte(&d.libelle)),
            lib_vdi: vdi.and_then(|v| texte(&v.libelle_court)),
            lib_web_vdi: vdi.and_then(|v| texte(&v.libelle_web)),
            version_diplome: texte(&ia.version_diplome.0),
        }),
        etape: Some(EtapeDTO {
            code_etp: texte(&ia.etape.0),
            lib_long_etp: world.etape(ia.etape.as_str()).and_then(|e| texte(&e.libelle)),
            lib_web_vet: vet.and_then(|v| texte(&v.libelle_web)),
            version_etp: texte(&ia.version.0),
        }),
        etape_premiere: oui_non(ia.premiere),
        etat_iaa: Some(etat_iaa(iaa.etat)),
        etat_iae: Some(EtatIAEDTO {
            code_etat_iae: texte(ia.etat.lettre()),
            lib_etat_iae: texte(ia.etat.libelle()),
        }),
        regime_ins: Some(regime(world, &ia.regime)),
        code_inscription_payee: texte(if ia.payee { "P" } else { "A" }),
        inscription_payee: texte(if ia.payee { "Paiement effectué" } else { "Attente de paiement" }),
        inscription_tele_enseignement: oui_non(ia.tele_enseignement),
        nbr_inscription_cycle: Some(ia.nb_inscriptions_cycle.to_string()),
        nbr_inscription_diplome: Some(ia.nb_inscriptions_diplome.to_string()),
        nbr_inscription_etape: Some(ia.nb_inscriptions_etape.to_string()),
        num_boursier: numero_boursier,
        profil_etudiant: Some(profil(&ia.profil)),
        temoin_inscription_ia_web: oui_non(ia.par_le_web),
        temoin_pi: oui_non(false),
        temoin_ves: oui_non(false),
        temoin_vapp: oui_non(false),
        temoin_vae: oui_non(false),
        ..Default::default()
    }
}

fn annuelle(world: &World, ia: &InscriptionAnnuelle) -> InsAdmAnuDTO2 {
    InsAdmAnuDTO2 {
        annee_iaa: Some(ia.annee.to_string()),
        date_iaa: Some(instant(ia.creee_le)),
        etat_iaa: Some(etat_iaa(ia.etat)),
        profil: Some(profil(&ia.profil)),
        regime_ins: Some(regime(world, &ia.regime)),
        situation_sociale: Some(SitSocialeDTO {
            cod_sit_soc: texte(if ia.boursier { "BO" } else { "NO" }),
            lib_web_sit_soc: texte(if ia.boursier { "Boursier" } else { "Normale" }),
        }),
        statut: Some(StatutEtuDTO {
            code: texte(&ia.statut.0),
            libelle: texte(&ia.statut.1),
            libelle_web: texte(&ia.statut.1),
        }),
        tem_rgm_amg_etu_iaa: oui_non(ia.amenagement),
        ..Default::default()
    }
}

fn etat_iaa(etat: EtatIa) -> EtatIAADTO {
    EtatIAADTO {
        code_etat_iaa: texte(etat.lettre()),
        lib_etat_iaa: texte(etat.libelle()),
        tem_dos_iaa: o_n(etat == EtatIa::EnCours),
    }
}

fn regime(world: &World, code: &str) -> RegimeInsDTO {
    RegimeInsDTO {
        cod_rgi: texte(code),
        lib_rgi: world.regimes.iter().find(|r| r.code == code).and_then(|r| texte(&r.libelle)),
    }
}

fn profil((code, libelle): &(String, String)) -> ProfilEtuDTO {
    ProfilEtuDTO { code: texte(code), libelle: texte(libelle), libelle_web: texte(libelle) }
}

/// A time of day without offset, as `xsd:dateTime` allows and Apogée sends for registrations.
fn instant(quand: NaiveDateTime) -> DateHeure {
    DateHeure(quand.format("%Y-%m-%dT%H:%M:%S").to_string())
}
