//! One row of the world as one structure of the contract, without what hangs below it.

use apogee::wire::Decimal;
use apogee::wire::types::offre::{
    ComposanteCentreGestionDTO, ComposanteDTO, ComposanteHabiliteDTO, ComposanteOrganisatriceDTO, CycleDTO,
    EtablissementHabiliteDTO, HabilitationDTO, NatureDiplomeDTO, TypeDiplomeDTO,
};
use apogee::wire::types::offre_v4::{
    DiplomeDTO4, ElementPedagogiDTO3, EtapeDTO4, ListeElementPedagogiDTO3, OffreFormationDTO4, RegimeDTO,
    VersionDiplomeDTO4, VersionEtapeDTO4,
};
use kernel::CodeComposante;

use super::super::demande::{jour, o_n, texte};
use super::critere::Critere;
use crate::world::{Composante, Diplome, Element, Liste, VdiVet, VersionDiplomeRow, VersionEtapeRow, World};

fn composante<'w>(world: &'w World, code: &CodeComposante) -> Option<&'w Composante> {
    world.composantes.iter().find(|c| c.code == *code)
}

pub(super) fn diplome(world: &World, critere: &Critere, d: &Diplome) -> DiplomeDTO4 {
    let versions = || world.versions_de(d.code.as_str());
    let ouvert = versions().any(|v| critere.ouvert(v.recrutement_debut, v.recrutement_fin));
    let valide = versions().any(|v| critere.ouvert(v.validation_debut, v.validation_fin));
    let habilitee = versions().next().and_then(|v| composante(world, &v.composante));
    DiplomeDTO4 {
        cod_dip: texte(&d.code.0),
        cycle: Some(CycleDTO {
            cod_cycle: Some(d.cycle.to_string()),
            lib_cycle: texte(match d.cycle {
                1 => "Premier cycle",
                2 => "Deuxième cycle",
                _ => "Troisième cycle",
            }),
            tem_en_sve: o_n(true),
        }),
        lib_dip: texte(&d.libelle),
        nature_diplome: Some(NatureDiplomeDTO {
            cod_nature_dip: texte(&d.nature),
            lib_nature_dip: None,
            tem_en_sve: o_n(true),
        }),
        tem_ouvert_recrutement: o_n(ouvert),
        etb_hab: Some(EtablissementHabiliteDTO {
            cod_etb: habilitee.and_then(|c| c.rne.clone()),
            tem_en_sve_etb: o_n(true),
            lib_etb_hab: texte(&world.etablissement),
        }),
        cmp_acc: habilitee.map(|c| ComposanteHabiliteDTO {
            cod_cmp: texte(&c.code.0),
            lib_cmp: c.libelle.clone(),
            cod_rne_cmp: c.rne.clone(),
            tem_en_sve_cmp: if c.en_service { "O" } else { "N" }.into(),
        }),
        tem_ouvert_validation: o_n(valide),
        type_diplome: Some(TypeDiplomeDTO {
            cod_typ_dip: texte(&d.type_diplome),
            lib_typ_dip: world
                .types_diplome
                .iter()
                .find(|t| t.code == d.type_diplome)
                .and_then(|t| texte(&t.libelle)),
            tem_en_sve: o_n(true),
        }),
        ..Default::default()
    }
}

pub(super) fn version_diplome(v: &VersionDiplomeRow) -> VersionDiplomeDTO4 {
    VersionDiplomeDTO4 {
        cod_vrs_vdi: v.version.0.parse().ok(),
        credits: v.ects.map(Decimal::from),
        lib_court_vdi: texte(&v.libelle_court),
        lib_web_vdi: texte(&v.libelle_web),
        tem_off_com: o_n(false),
        tem_off_deloc: o_n(false),
        offre_formation: Some(OffreFormationDTO4 {
            habilitation: Some(HabilitationDTO {
                annee_deb_recrut: Some(v.recrutement_debut.to_string()),
                annee_deb_validation: Some(v.validation_debut.to_string()),
                annee_fin_recrut: Some(v.recrutement_fin.to_string()),
                annee_fin_validation: Some(v.validation_fin.to_string()),
                ..Default::default()
            }),
            lib_mention: texte(&v.mention),
            tem_en_sve_mention: o_n(true),
            ..Default::default()
        }),
        ..Default::default()
    }
}

pub(super) fn etape(world: &World, critere: &Critere, lien: &VdiVet) -> EtapeDTO4 {
    let etape = world.etape(lien.etape.as_str());
    let versions = || world.vets_de(lien.etape.as_str()).flat_map(|(vet, _)| world.vdi_vet_of_vet(vet));
    let ouverte = versions().any(|l| critere.ouvert(l.recrutement_debut, l.recrutement_fin));
    let validee = versions().any(|l| critere.ouvert(l.validation_debut, l.validation_fin));
    let organisatrice = world.vet(lien.etape.as_str(), lien.version_etape.as_str()).map(|v| &v.composante);
    EtapeDTO4 {
        cod_etp: texte(&lien.etape.0),
        lib_court_etp: etape.and_then(|e| texte(&e.libelle_court)),
        lib_etp: etape.and_then(|e| texte(&e.libelle)),
        list_composante_centre_gestion: organisatrice
            .and_then(|code| composante(world, code))
            .map(|c| ComposanteCentreGestionDTO {
                cod_composante: texte(&c.code.0),
                lib_composante: texte(&c.libelle),
                tem_en_sve_composante: o_n(c.en_service),
                ..Default::default()
            })
            .into_iter()
            .collect(),
        tem_ouvert_recrutement: o_n(ouverte),
        tem_ouvert_validation: o_n(validee),
        tem_ouvert_drt_brs: o_n(true),
        tem_ouv_drt_brs: o_n(true),
        ..Default::default()
    }
}

pub(super) fn version_etape(world: &World, v: &VersionEtapeRow, lien: &VdiVet) -> VersionEtapeDTO4 {
    let organisatrice = composante(world, &v.composante);
    let regime = |code: &String| RegimeDTO {
        cod_rgi: texte(code),
        lib_rgi: world.regimes.iter().find(|r| r.code == *code).and_then(|r| texte(&r.libelle)),
        cod_sis_rgi: None,
        ctr_num_cve: None,
        tem_en_sve_rve: o_n(true),
    };
    VersionEtapeDTO4 {
        centre_ins_ped_a_distance: o_n(v.tele_enseignement),
        cod_vrs_vet: v.version.0.parse().ok(),
        commentaire_vrs_etp: v.commentaire.clone(),
        composante: Some(ComposanteOrganisatriceDTO {
            cod_composante: texte(&v.composante.0),
            lib_composante: organisatrice.and_then(|c| texte(&c.libelle)),
            tem_en_sve: organisatrice.and_then(|c| o_n(c.en_service)),
            typ_composante: organisatrice.and_then(|c| texte(&c.type_code)),
        }),
        credits: v.ects.map(Decimal::from),
        duree: texte(&v.duree),
        lib_web_vet: texte(&v.libelle_web),
        list_regime: v.regimes.iter().map(regime).collect(),
        tem_en_sve_duree: o_n(true),
        tem_tele_ens: o_n(v.tele_enseignement),
        cod_sis_daa_min: Some(lien.rang.into()),
        cod_sis_daa_max: Some(lien.rang.into()),
        tem_heb_vet: o_n(false),
        ..Default::default()
    }
}

pub(super) fn liste(l: &Liste) -> ListeElementPedagogiDTO3 {
    ListeElementPedagogiDTO3 {
        cod_list_elp: texte(&l.code.0),
        lib_court_list_elp: texte(&l.libelle_court),
        lib_list_elp: texte(&l.libelle),
        list_element_pedagogi: Vec::new(),
        statut: texte(if l.ouverte { "O" } else { "F" }),
        tem_traitement_prc: o_n(true),
        typ_list_elp: texte(l.type_liste.lettre()),
    }
}

pub(super) fn element(world: &World, e: &Element) -> ElementPedagogiDTO3 {
    let nature = world.natures.iter().find(|n| n.code == e.nature);
    let periode = e.periode.as_ref().and_then(|code| world.periodes.iter().find(|p| p.code == *code));
    let porteuse = composante(world, &e.composante);
    ElementPedagogiDTO3 {
        cod_elp: texte(&e.code.0),
        cod_periode: e.periode.clone(),
        composante: Some(ComposanteDTO {
            cod_composante: texte(&e.composante.0),
            lib_composante: porteuse.and_then(|c| texte(&c.libelle)),
            tem_en_sve: porteuse.and_then(|c| o_n(c.en_service)),
        }),
        credits: e.ects.map(Decimal::from),
        date_creation: Some(jour(e.cree_le)),
        date_modif: e.modifie_le.map(jour),
        lib_court_elp: texte(&e.libelle_court),
        lib_elp: texte(&e.libelle),
        cod_nature_elp: texte(&e.nature.0),
        lib_nature_elp: nature.and_then(|n| texte(&n.libelle)),
        lib_periode: periode.and_then(|p| texte(&p.libelle)),
        lib_statut: texte(if e.ouvert { "Ouvert" } else { "Fermé" }),
        motif_susp: e.motif_suspension.clone(),
        tem_en_sve_nature: nature.and_then(|n| o_n(n.en_service)),
        tem_en_sve_periode: periode.and_then(|p| o_n(p.en_service)),
        tem_ens_a_distance: o_n(e.a_distance),
        tem_hors_etb: o_n(false),
        tem_mcc: o_n(false),
        tem_susp: o_n(e.suspendu),
        unite_volume: e.unite_volume.clone(),
        volume: e.volume.map(Decimal::from),
        tem_stage: o_n(e.nature.0.starts_with("STAG")),
        ..Default::default()
    }
}
