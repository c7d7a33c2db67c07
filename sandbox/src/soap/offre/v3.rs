//! The same answer for callers of version 3: what version 4 added is left out.

use apogee::wire::types::offre_v3::{
    DiplomeDTO3, ElementPedagogiDTO2, EtapeDTO3, ListeElementPedagogiDTO2, OffreFormationDTO3,
    VersionDiplomeDTO3, VersionEtapeDTO3,
};
use apogee::wire::types::offre_v4::{
    DiplomeDTO4, ElementPedagogiDTO3, EtapeDTO4, ListeElementPedagogiDTO3, OffreFormationDTO4,
    VersionDiplomeDTO4, VersionEtapeDTO4,
};

pub(super) fn diplome(d: DiplomeDTO4) -> DiplomeDTO3 {
    DiplomeDTO3 {
        cod_dip: d.cod_dip,
        cycle: d.cycle,
        lib_dip: d.lib_dip,
        list_groupe_diplome: d.list_groupe_diplome,
        list_version_diplome: d.list_version_diplome.into_iter().map(version_diplome).collect(),
        nature_diplome: d.nature_diplome,
        niveau_interministeriel: d.niveau_interministeriel,
        secteur_disciplinaire: d.secteur_disciplinaire,
        tem_ouvert_recrutement: d.tem_ouvert_recrutement,
        etb_hab: d.etb_hab,
        cmp_acc: d.cmp_acc,
        tem_ouvert_validation: d.tem_ouvert_validation,
        type_diplome: d.type_diplome,
    }
}

fn version_diplome(v: VersionDiplomeDTO4) -> VersionDiplomeDTO3 {
    VersionDiplomeDTO3 {
        cod_cursus_lmd: v.cod_cursus_lmd,
        // Version 3 has one code where version 4 has a history.
        cod_rncprs: v.list_histo_rncp.into_iter().next_back().and_then(|h| h.cod_rncp_rs),
        cod_vrs_vdi: v.cod_vrs_vdi,
        credits: v.credits,
        ecole_doctorale: v.ecole_doctorale,
        lib_court_vdi: v.lib_court_vdi,
        lib_web_vdi: v.lib_web_vdi,
        resp_vdi: v.resp_vdi,
        comue: v.comue,
        tem_off_com: v.tem_off_com,
        offre_formation: v.offre_formation.map(offre),
    }
}

fn offre(o: OffreFormationDTO4) -> OffreFormationDTO3 {
    OffreFormationDTO3 {
        list_champ_disciplinaire: o.list_champ_disciplinaire,
        cod_finalite: o.cod_finalite,
        cod_mention: o.cod_mention,
        cod_parcours_type: o.cod_parcours_type,
        cod_specialite: o.cod_specialite,
        habilitation: o.habilitation,
        lib_finalite: o.lib_finalite,
        lib_mention: o.lib_mention,
        lib_parcours_type: o.lib_parcours_type,
        lib_specialite: o.lib_specialite,
        list_domaine_formation: o.list_domaine_formation,
        ref_sise: o.ref_sise,
        list_etape: o.list_etape.into_iter().map(etape).collect(),
        tem_en_sve_finalite: o.tem_en_sve_finalite,
        tem_en_sve_mention: o.tem_en_sve_mention,
        tem_en_sve_parcours_type: o.tem_en_sve_parcours_type,
        tem_en_sve_specialite: o.tem_en_sve_specialite,
    }
}

fn etape(e: EtapeDTO4) -> EtapeDTO3 {
    EtapeDTO3 {
        cod_etp: e.cod_etp,
        lib_court_etp: e.lib_court_etp,
        lib_etp: e.lib_etp,
        list_composante_centre_gestion: e.list_composante_centre_gestion,
        list_version_etape: e.list_version_etape.into_iter().map(version_etape).collect(),
        tem_ouvert_recrutement: e.tem_ouvert_recrutement,
        tem_ouvert_validation: e.tem_ouvert_validation,
    }
}

fn version_etape(v: VersionEtapeDTO4) -> VersionEtapeDTO3 {
    VersionEtapeDTO3 {
        centre_ins_ped_a_distance: v.centre_ins_ped_a_distance,
        cod_vrs_vet: v.cod_vrs_vet,
        commentaire_vrs_etp: v.commentaire_vrs_etp,
        composante: v.composante,
        convention: v.convention,
        credits: v.credits,
        duree: v.duree,
        cursus_amg: v.cursus_amg,
        lib_web_vet: v.lib_web_vet,
        list_centre_ins_pedagogi_vet: v.list_centre_ins_pedagogi_vet,
        list_liste_element_pedagogi: v.list_liste_element_pedagogi.into_iter().map(liste).collect(),
        tem_en_sve_duree: v.tem_en_sve_duree,
        tem_tele_ens: v.tem_tele_ens,
        volume: v.volume,
        cod_sis_daa_min: v.cod_sis_daa_min,
        cod_sis_daa_max: v.cod_sis_daa_max,
        tem_heb_vet: v.tem_heb_vet,
        cod_parcours_type: v.cod_parcours_type,
        lib_parcours_type: v.lib_parcours_type,
        tem_en_sve_parcours_type: v.tem_en_sve_parcours_type,
    }
}

fn liste(l: ListeElementPedagogiDTO3) -> ListeElementPedagogiDTO2 {
    ListeElementPedagogiDTO2 {
        cod_list_elp: l.cod_list_elp,
        lib_court_list_elp: l.lib_court_list_elp,
        lib_list_elp: l.lib_list_elp,
        list_element_pedagogi: l.list_element_pedagogi.into_iter().map(element).collect(),
        statut: l.statut,
        tem_traitement_prc: l.tem_traitement_prc,
        typ_list_elp: l.typ_list_elp,
    }
}

fn element(e: ElementPedagogiDTO3) -> ElementPedagogiDTO2 {
    ElementPedagogiDTO2 {
        capacite_elp: e.capacite_elp,
        cod_elp: e.cod_elp,
        cod_periode: e.cod_periode,
        composante: e.composante,
        credits: e.credits,
        date_creation: e.date_creation,
        date_debut_ip: e.date_debut_ip,
        date_fin_ip: e.date_fin_ip,
        date_modif: e.date_modif,
        desc_elp: e.desc_elp,
        lib_court_elp: e.lib_court_elp,
        lib_elp: e.lib_elp,
        lib_nature_elp: e.lib_nature_elp,
        lib_periode: e.lib_periode,
        lib_statut: e.lib_statut,
        lieu: e.lieu,
        list_centre_ins_pedagogi: e.list_centre_ins_pedagogi,
        list_composante: e.list_composante,
        list_element_prerequis: e.list_element_prerequis,
        list_type_population: e.list_type_population,
        list_version_etape_a_distance: e.list_version_etape_a_distance,
        motif_susp: e.motif_susp,
        tem_en_sve_nature: e.tem_en_sve_nature,
        tem_en_sve_periode: e.tem_en_sve_periode,
        tem_ens_a_distance: e.tem_ens_a_distance,
        tem_mcc: e.tem_mcc,
        tem_susp: e.tem_susp,
        unite_volume: e.unite_volume,
        volume: e.volume,
        tem_stage: e.tem_stage,
    }
}
