//! Structure of the offer: what versions 3 and 4 of `recupererSE` share.

use crate::wire::dto::dto;

dto! {
    /// A cycle.
    CycleDTO ("recupererse.offreformation") {
        "codCycle" cod_cycle: Text,
        "libCycle" lib_cycle: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// A group of diplomas.
    GroupeDiplomeDTO ("recupererse.offreformation") {
        "codGpeDip" cod_gpe_dip: Text,
        "libGpeDip" lib_gpe_dip: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// A doctoral school.
    EcoleDoctoraleDTO ("recupererse.offreformation") {
        "codEcole" cod_ecole: Text,
        "libEcole" lib_ecole: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// Who is responsible for a diploma version.
    ResponsableVdiDTO ("recupererse.offreformation") {
        "codPer" cod_per: Int,
        "libNomUsuPer" lib_nom_usu_per: Text,
        "libPr1Per" lib_pr1_per: Text,
    }

    /// A grouping of universities.
    ComueDTO ("recupererse.offreformation") {
        "codEtb" cod_etb: Text,
        "libEtb" lib_etb: Text,
    }

    /// A disciplinary field.
    ChampDisciplinaireDTO ("recupererse.offreformation") {
        "codChampDisc" cod_champ_disc: Text,
        "libChampDisc" lib_champ_disc: Text,
        "natureChampDisc" nature_champ_disc: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// Years of accreditation, recruitment and validation.
    HabilitationDTO ("recupererse.offreformation") {
        "anneeDebHabil" annee_deb_habil: Text,
        "anneeDebRecrut" annee_deb_recrut: Text,
        "anneeDebValidation" annee_deb_validation: Text,
        "anneeFinHabil" annee_fin_habil: Text,
        "anneeFinRecrut" annee_fin_recrut: Text,
        "anneeFinValidation" annee_fin_validation: Text,
        "caractere" caractere: Text,
        "codDossierHabil" cod_dossier_habil: Text,
    }

    /// A field of study.
    DomaineFormationDTO ("recupererse.offreformation") {
        "codDomForm" cod_dom_form: Text,
        "libDomForm" lib_dom_form: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// The ministry's reference of a diploma.
    ReferentielSiseDTO ("recupererse.offreformation") {
        "codSisVdi" cod_sis_vdi: Int,
        "libTypDis" lib_typ_dis: Text,
        "libInt1Dis" lib_int1_dis: Text,
        "libInt2Dis" lib_int2_dis: Text,
        "codSisVdiInt" cod_sis_vdi_int: Int,
        "libInt1DisInt" lib_int1_dis_int: Text,
        "libInt2DisInt" lib_int2_dis_int: Text,
        "libTypDisInt" lib_typ_dis_int: Text,
    }

    /// A component and management centre that receives the étape.
    ComposanteCentreGestionDTO ("recupererse.offreformation") {
        "capaciteAccueil" capacite_accueil: Int,
        "codCentreGestion" cod_centre_gestion: Text,
        "codComposante" cod_composante: Text,
        "libCentreGestion" lib_centre_gestion: Text,
        "libComposante" lib_composante: Text,
        "temEnSveCentreGestion" tem_en_sve_centre_gestion: Text,
        "temEnSveComposante" tem_en_sve_composante: Text,
    }

    /// The component that organises.
    ComposanteOrganisatriceDTO ("recupererse.offreformation") {
        "codComposante" cod_composante: Text,
        "libComposante" lib_composante: Text,
        "temEnSve" tem_en_sve: Text,
        "typComposante" typ_composante: Text,
    }

    /// An agreement.
    ConventionDTO ("recupererse.offreformation") {
        "codConvention" cod_convention: Text,
        "libConvention" lib_convention: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// A centre of pedagogical registration.
    CentreInsPedagogiVetDTO ("recupererse.offreformation") {
        "codCentreIns" cod_centre_ins: Text,
        "libCentreIns" lib_centre_ins: Text,
        "temEnSve" tem_en_sve: Text,
        "temIaAvantIp" tem_ia_avant_ip: Text,
        "temInscEnsObl" tem_insc_ens_obl: Text,
        "temAccesDistance" tem_acces_distance: Text,
    }

    /// Capacity of an element.
    CapaciteElpDTO ("recupererse.offreformation") {
        "capIntElp" cap_int_elp: Int,
        "capMaxElp" cap_max_elp: Int,
    }

    /// A component of the university.
    ComposanteDTO ("recupererse.offreformation") {
        "codComposante" cod_composante: Text,
        "libComposante" lib_composante: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// A centre of pedagogical registration.
    CentreInsPedagogiElpDTO ("recupererse.offreformation") {
        "codCentreIns" cod_centre_ins: Text,
        "libCentreIns" lib_centre_ins: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// An element that must be held before.
    ElementPrerequisDTO ("recupererse.offreformation") {
        "codElp" cod_elp: Text,
        "libElp" lib_elp: Text,
    }

    /// A population that an element is open to.
    TypePopulationDTO ("recupererse.offreformation") {
        "codTypPop" cod_typ_pop: Text,
        "libTypPop" lib_typ_pop: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// The key of an étape version.
    CodeVersionEtapeDTO ("recupererse.offreformation") {
        "codEtp" cod_etp: Text,
        "codVrsVet" cod_vrs_vet: Int,
    }

    /// A nature of diploma.
    NatureDiplomeDTO ("recupererse.offreformation") {
        "codNatureDip" cod_nature_dip: Text,
        "libNatureDip" lib_nature_dip: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// An inter-ministry level.
    NiveauInterministerielDTO ("recupererse.offreformation") {
        "codNivIntermini" cod_niv_intermini: Text,
        "libNivIntermini" lib_niv_intermini: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// A disciplinary sector.
    SecteurDisciplinaireDTO ("recupererse.offreformation") {
        "codSectDisc" cod_sect_disc: Text,
        "libDiscipline" lib_discipline: Text,
        "libSectDisc" lib_sect_disc: Text,
        "temEnSveSectDisc" tem_en_sve_sect_disc: Text,
    }

    /// The accredited institution.
    EtablissementHabiliteDTO ("recupererse.offreformation") {
        "codEtb" cod_etb: Text,
        "temEnSveEtb" tem_en_sve_etb: Text,
        "libEtbHab" lib_etb_hab: Text,
    }

    /// The accredited component.
    ComposanteHabiliteDTO ("recupererse.offreformation") {
        "codCmp" cod_cmp: Text,
        "libCmp" lib_cmp: Requis,
        "codRneCmp" cod_rne_cmp: Text,
        "temEnSveCmp" tem_en_sve_cmp: Requis,
    }

    /// A type of diploma.
    TypeDiplomeDTO ("recupererse.offreformation") {
        "codTypDip" cod_typ_dip: Text,
        "libTypDip" lib_typ_dip: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// What part of the offer to read: a code, `tous` or `aucun` at each level.
    SECritereDTO2 ("recupererse.offreformation") {
        "codAnu" cod_anu: Text,
        "codComposanteVdi" cod_composante_vdi: Text,
        "codDip" cod_dip: Text,
        "codElp" cod_elp: Text,
        "codEtp" cod_etp: Text,
        "codNatureDip" cod_nature_dip: Text,
        "codNatureElp" cod_nature_elp: Text,
        "codTypDip" cod_typ_dip: Text,
        "codVrsVdi" cod_vrs_vdi: Text,
        "codVrsVet" cod_vrs_vet: Text,
        "temOuvertRecrutement" tem_ouvert_recrutement: Text,
    }
}
