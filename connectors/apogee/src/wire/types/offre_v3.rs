//! Structure of the offer as `recupererSE_v3` returns it.

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
    /// A diploma (v3).
    DiplomeDTO3 ("recupererse.offreformation") {
        "codDip" cod_dip: Text,
        "cycle" cycle: One<CycleDTO>,
        "libDip" lib_dip: Text,
        "listGroupeDiplome" list_groupe_diplome: Items<GroupeDiplomeDTO>("TableauGroupeDiplomeDTO"),
        "listVersionDiplome" list_version_diplome: Items<VersionDiplomeDTO3>("TableauVersionDiplomeDTO"),
        "natureDiplome" nature_diplome: One<NatureDiplomeDTO>,
        "niveauInterministeriel" niveau_interministeriel: One<NiveauInterministerielDTO>,
        "secteurDisciplinaire" secteur_disciplinaire: One<SecteurDisciplinaireDTO>,
        "temOuvertRecrutement" tem_ouvert_recrutement: Text,
        "etbHab" etb_hab: One<EtablissementHabiliteDTO>,
        "cmpAcc" cmp_acc: One<ComposanteHabiliteDTO>,
        "temOuvertValidation" tem_ouvert_validation: Text,
        "typeDiplome" type_diplome: One<TypeDiplomeDTO>,
    }

    /// A diploma version (v3).
    VersionDiplomeDTO3 ("recupererse.offreformation") {
        "codCursusLmd" cod_cursus_lmd: Text,
        "codRNCPRS" cod_rncprs: Text,
        "codVrsVdi" cod_vrs_vdi: Int,
        "credits" credits: Dec,
        "ecoleDoctorale" ecole_doctorale: One<EcoleDoctoraleDTO>,
        "libCourtVdi" lib_court_vdi: Text,
        "libWebVdi" lib_web_vdi: Text,
        "respVdi" resp_vdi: One<ResponsableVdiDTO>,
        "comue" comue: One<ComueDTO>,
        "temOffCom" tem_off_com: Text,
        "offreFormation" offre_formation: One<OffreFormationDTO3>,
    }

    /// What a diploma version offers (v3).
    OffreFormationDTO3 ("recupererse.offreformation") {
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
        "listEtape" list_etape: Items<EtapeDTO3>("TableauEtapeDTO"),
        "temEnSveFinalite" tem_en_sve_finalite: Text,
        "temEnSveMention" tem_en_sve_mention: Text,
        "temEnSveParcoursType" tem_en_sve_parcours_type: Text,
        "temEnSveSpecialite" tem_en_sve_specialite: Text,
    }

    /// An étape (v3).
    EtapeDTO3 ("recupererse.offreformation") {
        "codEtp" cod_etp: Text,
        "libCourtEtp" lib_court_etp: Text,
        "libEtp" lib_etp: Text,
        "listComposanteCentreGestion" list_composante_centre_gestion: Items<ComposanteCentreGestionDTO>("TableauComposanteCentreGestionDTO"),
        "listVersionEtape" list_version_etape: Items<VersionEtapeDTO3>("TableauVersionEtapeDTO3"),
        "temOuvertRecrutement" tem_ouvert_recrutement: Text,
        "temOuvertValidation" tem_ouvert_validation: Text,
    }

    /// An étape version (v3).
    VersionEtapeDTO3 ("recupererse.offreformation") {
        "centreInsPedADistance" centre_ins_ped_a_distance: Text,
        "codVrsVet" cod_vrs_vet: Int,
        "commentaireVrsEtp" commentaire_vrs_etp: Text,
        "composante" composante: One<ComposanteOrganisatriceDTO>,
        "convention" convention: One<ConventionDTO>,
        "credits" credits: Dec,
        "duree" duree: Text,
        "cursusAmg" cursus_amg: One<CursusAmgDTO>,
        "libWebVet" lib_web_vet: Text,
        "listCentreInsPedagogiVet" list_centre_ins_pedagogi_vet: Items<CentreInsPedagogiVetDTO>("TableauCentreInsPedagogiVetDTO"),
        "listListeElementPedagogi" list_liste_element_pedagogi: Items<ListeElementPedagogiDTO2>("TableauListeElementPedagogiDTO"),
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

    /// A list of elements (v3): `statut` O or F, `typListElp` O, X or F.
    ListeElementPedagogiDTO2 ("recupererse.offreformation") {
        "codListElp" cod_list_elp: Text,
        "libCourtListElp" lib_court_list_elp: Text,
        "libListElp" lib_list_elp: Text,
        "listElementPedagogi" list_element_pedagogi: Items<ElementPedagogiDTO2>("TableauElementPedagogiDTO"),
        "statut" statut: Text,
        "temTraitementPRC" tem_traitement_prc: Text,
        "typListElp" typ_list_elp: Text,
    }

    /// An element (v3).
    ElementPedagogiDTO2 ("recupererse.offreformation") {
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
        "libNatureElp" lib_nature_elp: Text,
        "libPeriode" lib_periode: Text,
        "libStatut" lib_statut: Text,
        "lieu" lieu: Text,
        "listCentreInsPedagogi" list_centre_ins_pedagogi: Items<CentreInsPedagogiElpDTO>("TableauCentreInsPedagogiElpDTO"),
        "listComposante" list_composante: Items<ComposanteDTO>("TableauComposanteDTO"),
        "listElementPrerequis" list_element_prerequis: Items<ElementPrerequisDTO>("TableauElementPrerequisDTO"),
        "listTypePopulation" list_type_population: Items<TypePopulationDTO>("TableauTypePopulationDTO"),
        "listVersionEtapeADistance" list_version_etape_a_distance: Items<CodeVersionEtapeDTO>("TableauCodeVersionEtapeDTO"),
        "motifSusp" motif_susp: Text,
        "temEnSveNature" tem_en_sve_nature: Text,
        "temEnSvePeriode" tem_en_sve_periode: Text,
        "temEnsADistance" tem_ens_a_distance: Text,
        "temMcc" tem_mcc: Text,
        "temSusp" tem_susp: Text,
        "uniteVolume" unite_volume: Text,
        "volume" volume: Dec,
        "temStage" tem_stage: Text,
    }
}
