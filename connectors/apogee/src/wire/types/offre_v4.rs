//! Structure of the offer as `recupererSE_v4` returns it.

use super::administratif::CursusAmgDTO;
use super::offre::{
    CapaciteElpDTO, CentreInsPedagogiElpDTO, CentreInsPedagogiVetDTO, ChampDisciplinaireDTO,
    CodeVersionEtapeDTO, ComposanteCentreGestionDTO, ComposanteDTO, ComposanteHabiliteDTO,
    ComposanteOrganisatriceDTO, ComueDTO, ConventionDTO, CycleDTO, DomaineFormationDTO, EcoleDoctoraleDTO,
    ElementPrerequisDTO, EtablissementHabiliteDTO, GroupeDiplomeDTO, HabilitationDTO, NatureDiplomeDTO,
    NiveauInterministerielDTO, ReferentielSiseDTO, ResponsableVdiDTO, SecteurDisciplinaireDTO,
    TypeDiplomeDTO, TypePopulationDTO,
};
use crate::wire::dto::dto;

dto! {
    /// A diploma (v4).
    DiplomeDTO4 ("recupererse.offreformation") {
        "codDip" cod_dip: Text,
        "cycle" cycle: One<CycleDTO>,
        "libDip" lib_dip: Text,
        "listGroupeDiplome" list_groupe_diplome: Items<GroupeDiplomeDTO>("TableauGroupeDiplomeDTO"),
        "listVersionDiplome" list_version_diplome: Items<VersionDiplomeDTO4>("TableauVersionDiplomeDTO4"),
        "natureDiplome" nature_diplome: One<NatureDiplomeDTO>,
        "niveauInterministeriel" niveau_interministeriel: One<NiveauInterministerielDTO>,
        "secteurDisciplinaire" secteur_disciplinaire: One<SecteurDisciplinaireDTO>,
        "temOuvertRecrutement" tem_ouvert_recrutement: Text,
        "etbHab" etb_hab: One<EtablissementHabiliteDTO>,
        "cmpAcc" cmp_acc: One<ComposanteHabiliteDTO>,
        "temOuvertValidation" tem_ouvert_validation: Text,
        "typeDiplome" type_diplome: One<TypeDiplomeDTO>,
    }

    /// A diploma version (v4).
    VersionDiplomeDTO4 ("recupererse.offreformation") {
        "codCursusLmd" cod_cursus_lmd: Text,
        "listHistoRncp" list_histo_rncp: Items<VersionDiplomeHistoRncpDTO>("TableauVersionDiplomeHistoRncpDTO"),
        "codVrsVdi" cod_vrs_vdi: Int,
        "credits" credits: Dec,
        "ecoleDoctorale" ecole_doctorale: One<EcoleDoctoraleDTO>,
        "libCourtVdi" lib_court_vdi: Text,
        "libWebVdi" lib_web_vdi: Text,
        "respVdi" resp_vdi: One<ResponsableVdiDTO>,
        "comue" comue: One<ComueDTO>,
        "temOffCom" tem_off_com: Text,
        "temOffDeloc" tem_off_deloc: Text,
        "offreFormation" offre_formation: One<OffreFormationDTO4>,
    }

    /// Years of an entry in the national register.
    VersionDiplomeHistoRncpDTO ("recupererse.offreformation") {
        "daaDebVhr" daa_deb_vhr: Text,
        "daaFinVhr" daa_fin_vhr: Text,
        "codRncpRs" cod_rncp_rs: Text,
    }

    /// What a diploma version offers (v4).
    OffreFormationDTO4 ("recupererse.offreformation") {
        "listChampDisciplinaire" list_champ_disciplinaire: Items<ChampDisciplinaireDTO>("TableauChampDisciplinaireDTO"),
        "codFinalite" cod_finalite: Text,
        "codMention" cod_mention: Text,
        "codParcoursType" cod_parcours_type: Text,
        "codSpecialite" cod_specialite: Text,
        "habilitation" habilitation: One<HabilitationDTO>,
        "libFinalite" lib_finalite: Text,
        "libMention" lib_mention: Text,
        "libParcoursType" lib_parcours_type: Text,
        "libSpecialite" lib_specialite: Text,
        "listDomaineFormation" list_domaine_formation: Items<DomaineFormationDTO>("TableauDomaineFormationDTO"),
        "refSise" ref_sise: One<ReferentielSiseDTO>,
        "listEtape" list_etape: Items<EtapeDTO4>("TableauEtapeDTO"),
        "temEnSveFinalite" tem_en_sve_finalite: Text,
        "temEnSveMention" tem_en_sve_mention: Text,
        "temEnSveParcoursType" tem_en_sve_parcours_type: Text,
        "temEnSveSpecialite" tem_en_sve_specialite: Text,
    }

    /// An étape (v4).
    EtapeDTO4 ("recupererse.offreformation") {
        "codEtp" cod_etp: Text,
        "libCourtEtp" lib_court_etp: Text,
        "libEtp" lib_etp: Text,
        "actionLolf" action_lolf: One<ActionLolfDTO>,
        "listComposanteCentreGestion" list_composante_centre_gestion: Items<ComposanteCentreGestionDTO>("TableauComposanteCentreGestionDTO"),
        "listVersionEtape" list_version_etape: Items<VersionEtapeDTO4>("TableauVersionEtapeDTO"),
        "temOuvertRecrutement" tem_ouvert_recrutement: Text,
        "temOuvertValidation" tem_ouvert_validation: Text,
        "temOuvertDrtBrs" tem_ouvert_drt_brs: Text,
        "temOuvDrtBrs" tem_ouv_drt_brs: Text,
    }

    /// A budget action.
    ActionLolfDTO ("recupererse.offreformation") {
        "codAct" cod_act: Text,
        "libAct" lib_act: Text,
        "codDes" cod_des: Text,
        "temEnSveAct" tem_en_sve_act: Text,
    }

    /// An étape version (v4).
    VersionEtapeDTO4 ("recupererse.offreformation") {
        "centreInsPedADistance" centre_ins_ped_a_distance: Text,
        "codVrsVet" cod_vrs_vet: Int,
        "commentaireVrsEtp" commentaire_vrs_etp: Text,
        "composante" composante: One<ComposanteOrganisatriceDTO>,
        "convention" convention: One<ConventionDTO>,
        "credits" credits: Dec,
        "duree" duree: Text,
        "cursusAmg" cursus_amg: One<CursusAmgDTO>,
        "libWebVet" lib_web_vet: Text,
        "listRegime" list_regime: Items<RegimeDTO>("TableauListeRegimeDTO"),
        "listCentreInsPedagogiVet" list_centre_ins_pedagogi_vet: Items<CentreInsPedagogiVetDTO>("TableauCentreInsPedagogiVetDTO"),
        "listListeElementPedagogi" list_liste_element_pedagogi: Items<ListeElementPedagogiDTO3>("TableauListeElementPedagogiDTO"),
        "temEnSveDuree" tem_en_sve_duree: Text,
        "temTeleEns" tem_tele_ens: Text,
        "volume" volume: Int,
        "codSisDaaMin" cod_sis_daa_min: Int,
        "codSisDaaMax" cod_sis_daa_max: Int,
        "temHebVet" tem_heb_vet: Text,
        "codParcoursType" cod_parcours_type: Text,
        "libParcoursType" lib_parcours_type: Text,
        "temEnSveParcoursType" tem_en_sve_parcours_type: Text,
    }

    /// A regime that an étape version is open to.
    RegimeDTO ("recupererse.offreformation") {
        "codRgi" cod_rgi: Text,
        "libRgi" lib_rgi: Text,
        "codSisRgi" cod_sis_rgi: Text,
        "ctrNumCve" ctr_num_cve: Text,
        "temEnSveRve" tem_en_sve_rve: Text,
    }

    /// A list of elements (v4): `statut` O or F, `typListElp` O, X or F.
    ListeElementPedagogiDTO3 ("recupererse.offreformation") {
        "codListElp" cod_list_elp: Text,
        "libCourtListElp" lib_court_list_elp: Text,
        "libListElp" lib_list_elp: Text,
        "listElementPedagogi" list_element_pedagogi: Items<ElementPedagogiDTO3>("TableauElementPedagogiDTO"),
        "statut" statut: Text,
        "temTraitementPRC" tem_traitement_prc: Text,
        "typListElp" typ_list_elp: Text,
    }

    /// An element (v4).
    ElementPedagogiDTO3 ("recupererse.offreformation") {
        "capaciteElp" capacite_elp: One<CapaciteElpDTO>,
        "codElp" cod_elp: Text,
        "codPeriode" cod_periode: Text,
        "composante" composante: One<ComposanteDTO>,
        "credits" credits: Dec,
        "dateCreation" date_creation: Text,
        "dateDebutIP" date_debut_ip: Text,
        "dateFinIP" date_fin_ip: Text,
        "dateModif" date_modif: Text,
        "descElp" desc_elp: Text,
        "libCourtElp" lib_court_elp: Text,
        "libElp" lib_elp: Text,
        "codNatureElp" cod_nature_elp: Text,
        "libNatureElp" lib_nature_elp: Text,
        "libPeriode" lib_periode: Text,
        "libStatut" lib_statut: Text,
        "lieu" lieu: Text,
        "listRespElp" list_resp_elp: Items<ResponsableElpDTO>("TableauResponsableElpDTO"),
        "listCentreInsPedagogi" list_centre_ins_pedagogi: Items<CentreInsPedagogiElpDTO>("TableauCentreInsPedagogiElpDTO"),
        "listComposante" list_composante: Items<ComposanteDTO>("TableauComposanteDTO"),
        "listElementPrerequis" list_element_prerequis: Items<ElementPrerequisDTO>("TableauElementPrerequisDTO"),
        "listTypePopulation" list_type_population: Items<TypePopulationDTO>("TableauTypePopulationDTO"),
        "listVersionEtapeADistance" list_version_etape_a_distance: Items<CodeVersionEtapeDTO>("TableauCodeVersionEtapeDTO"),
        "motifSusp" motif_susp: Text,
        "temEnSveNature" tem_en_sve_nature: Text,
        "temEnSvePeriode" tem_en_sve_periode: Text,
        "temEnsADistance" tem_ens_a_distance: Text,
        "temHorsEtb" tem_hors_etb: Text,
        "temMcc" tem_mcc: Text,
        "temSusp" tem_susp: Text,
        "uniteVolume" unite_volume: Text,
        "volume" volume: Dec,
        "temStage" tem_stage: Text,
    }

    /// Who is responsible for an element.
    ResponsableElpDTO ("recupererse.offreformation") {
        "codPerElp" cod_per_elp: Text,
        "codCivPerElp" cod_civ_per_elp: Text,
        "libNomUsuPerElp" lib_nom_usu_per_elp: Text,
        "libPr1PerElp" lib_pr1_per_elp: Text,
    }
}
