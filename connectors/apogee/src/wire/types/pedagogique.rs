//! Pedagogical contracts and results.

use crate::wire::dto::dto;

dto! {
    /// One element of a pedagogical contract: `codElpSup` is its parent, `rngElp` its depth.
    ContratPedagogiqueResultatElpEprDTO5 ("pedagogique") {
        "cip" cip: One<CentreInsPedDTO>,
        "codAnu" cod_anu: Text,
        "codElpSup" cod_elp_sup: Text,
        "libEtatIae" lib_etat_iae: Text,
        "codTypIpe" cod_typ_ipe: Text,
        "elp" elp: One<ElementPedagogiDTO5>,
        "epreuvesElp" epreuves_elp: Items<EpreuveElpDTO2>("TableauEpreuveElpDto2"),
        "fex" fex: One<FormuleExamenDTO>,
        "resultatsElp" resultats_elp: Items<ResultatElpDTO3>("TableauResultatElpDto3"),
        "groupes" groupes: Items<GroupeVetElpDTO>("TableauGroupeEtpDto"),
        "rngElp" rng_elp: Int,
    }

    /// A centre of pedagogical registration.
    CentreInsPedDTO ("pedagogique") {
        "codCip" cod_cip: Text,
        "libCip" lib_cip: Text,
    }

    /// An element of a contract.
    ElementPedagogiDTO5 ("pedagogique") {
        "codElp" cod_elp: Text,
        "libElp" lib_elp: Text,
        "natureElp" nature_elp: One<NatureElpDTO>,
        "numPreElp" num_pre_elp: Int,
        "temCtlValCadElp" tem_ctl_val_cad_elp: Text,
        "temElpTypeStage" tem_elp_type_stage: Text,
        "nbrCrdElp" nbr_crd_elp: Dec,
        "durConElp" dur_con_elp: Int,
        "notMinConElp" not_min_con_elp: Dec,
        "barMinConElp" bar_min_con_elp: Int,
    }

    /// Nature of an element.
    NatureElpDTO ("pedagogique") {
        "codNel" cod_nel: Text,
        "libNel" lib_nel: Text,
        "temFictif" tem_fictif: Text,
        "temSemestre" tem_semestre: Text,
        "temUe" tem_ue: Text,
    }

    /// An épreuve of an element, with results.
    EpreuveElpDTO2 ("pedagogique") {
        "annee" annee: Text,
        "epreuve" epreuve: One<EpreuveDTO2>,
        "natureResultat" nature_resultat: One<NatureResDTO>,
        "resultatEpr" resultat_epr: Items<ResultatEprDTO>("TableauResultatEprDto2"),
    }

    /// An épreuve.
    EpreuveDTO2 ("pedagogique") {
        "codEpr" cod_epr: Text,
        "libEpr" lib_epr: Text,
        "temCtlValCadEpr" tem_ctl_val_cad_epr: Text,
        "natureEpr" nature_epr: One<NatureEprDTO>,
        "typEpreuve" typ_epreuve: One<TypEpreuveDTO>,
        "durConEpr" dur_con_epr: Int,
        "notMinConEpr" not_min_con_epr: Dec,
        "barMinConEpr" bar_min_con_epr: Int,
    }

    /// Nature of an épreuve.
    NatureEprDTO ("pedagogique") {
        "codNep" cod_nep: Text,
        "libNep" lib_nep: Text,
    }

    /// Type of an épreuve.
    TypEpreuveDTO ("pedagogique") {
        "codTep" cod_tep: Text,
        "libTep" lib_tep: Text,
    }

    /// Nature of a result: 1 admission, 0 admissibility.
    NatureResDTO ("pedagogique") {
        "codAdm" cod_adm: Text,
        "libAdm" lib_adm: Text,
    }

    /// A result at an épreuve.
    ResultatEprDTO ("pedagogique") {
        "barNotEpr" bar_not_epr: Int,
        "codAnu" cod_anu: Text,
        "etatDelib" etat_delib: One<EtatDelibDTO>,
        "notEpr" not_epr: Text,
        "codEtaNotEpr" cod_eta_not_epr: Text,
        "libEtaNotEpr" lib_eta_not_epr: Text,
        "session" session: One<SessionDTO>,
        "typResultat" typ_resultat: One<TypResultatDTO>,
        "codEtaResEpr" cod_eta_res_epr: Text,
        "libEtaResEpr" lib_eta_res_epr: Text,
    }

    /// How far the deliberation is: A, E, T.
    EtatDelibDTO ("pedagogique") {
        "codEtaAvc" cod_eta_avc: Text,
        "libEtaAvc" lib_eta_avc: Text,
    }

    /// A session: 0 single, 1, 2.
    SessionDTO ("pedagogique") {
        "codSes" cod_ses: Text,
        "libSes" lib_ses: Text,
    }

    /// A result: admitted, failed…
    TypResultatDTO ("pedagogique") {
        "codNegTre" cod_neg_tre: Text,
        "codTre" cod_tre: Text,
        "libTre" lib_tre: Text,
    }

    /// An exam formula.
    FormuleExamenDTO ("pedagogique") {
        "codFex" cod_fex: Text,
        "libFex" lib_fex: Text,
    }

    /// A result at an element; a filled `codAnu` means kept from that year.
    ResultatElpDTO3 ("pedagogique") {
        "barNotElp" bar_not_elp: Int,
        "codAnu" cod_anu: Text,
        "etatDelib" etat_delib: One<EtatDelibDTO>,
        "lcc" lcc: One<ElpCorrespondElpDTO>,
        "mention" mention: One<MentionDTO>,
        "codEtaMndElp" cod_eta_mnd_elp: Text,
        "libEtaMndElp" lib_eta_mnd_elp: Text,
        "natureResultat" nature_resultat: One<NatureResDTO>,
        "nbrCrdElp" nbr_crd_elp: Dec,
        "nbrRngEtuElp" nbr_rng_etu_elp: Int,
        "codEtaRngElp" cod_eta_rng_elp: Text,
        "libEtaRngElp" lib_eta_rng_elp: Text,
        "nbrRngEtuElpTot" nbr_rng_etu_elp_tot: Int,
        "notElp" not_elp: Text,
        "codEtaNotElp" cod_eta_not_elp: Text,
        "libEtaNotElp" lib_eta_not_elp: Text,
        "notPntJurElp" not_pnt_jur_elp: Dec,
        "session" session: One<SessionDTO>,
        "temResMeiNot" tem_res_mei_not: Text,
        "typResultat" typ_resultat: One<TypResultatDTO>,
        "codEtaResElp" cod_eta_res_elp: Text,
        "libEtaResElp" lib_eta_res_elp: Text,
        "temResEstComp" tem_res_est_comp: Text,
        "temResSerComp" tem_res_ser_comp: Text,
        "libRvn" lib_rvn: Text,
        "typRvn" typ_rvn: Text,
        "libCmtTrv" lib_cmt_trv: Text,
    }

    /// A correspondence by which a result came.
    ElpCorrespondElpDTO ("pedagogique") {
        "elpS1" elp_s1: One<ElpSourceDTO>,
        "notElpS1Lcc" not_elp_s1_lcc: Text,
        "typeResS1" type_res_s1: One<TypResultatDTO>,
        "elpS2" elp_s2: One<ElpSourceDTO>,
        "notElpS2Lcc" not_elp_s2_lcc: Text,
        "typeResS2" type_res_s2: One<TypResultatDTO>,
    }

    /// The element a correspondence came from.
    ElpSourceDTO ("pedagogique") {
        "codElp" cod_elp: Text,
        "libElp" lib_elp: Text,
    }

    /// Honours.
    MentionDTO ("pedagogique") {
        "codMen" cod_men: Text,
        "libMen" lib_men: Text,
    }

    /// A group.
    GroupeVetElpDTO ("pedagogique") {
        "codCol" cod_col: Text,
        "codGpe" cod_gpe: Text,
        "libDesOrgGpo" lib_des_org_gpo: Text,
        "libGpe" lib_gpe: Text,
    }

    /// Diploma of a student, with étapes and results.
    ContratPedagogiqueResultatVdiVetDTO2 ("pedagogique") {
        "annee" annee: Text,
        "datObtVdi" dat_obt_vdi: Text,
        "datValDip" dat_val_dip: Text,
        "diplome" diplome: One<DiplomeDTO>,
        "etapes" etapes: Items<EtapeResVdiVetDTO2>("TableauEtapeResVdiVetDto2"),
        "resultatVdi" resultat_vdi: Items<ResultatVdiDTO>("TableauResultatVdiDto"),
    }

    /// A diploma and its version.
    DiplomeDTO ("pedagogique") {
        "codDip" cod_dip: Text,
        "codVrsVdi" cod_vrs_vdi: Int,
        "libDip" lib_dip: Text,
        "libWebVdi" lib_web_vdi: Text,
        "licVdi" lic_vdi: Text,
    }

    /// An étape of a student, with results.
    EtapeResVdiVetDTO2 ("pedagogique") {
        "codAnu" cod_anu: Text,
        "codTypIpe" cod_typ_ipe: Text,
        "libTypIpe" lib_typ_ipe: Text,
        "etape" etape: One<EtapeDTO2>,
        "groupes" groupes: Items<GroupeVetElpDTO>("TableauGroupeEtpDto"),
        "resultatVet" resultat_vet: Items<ResultatVetDTO>("TableauResultatVetDto"),
    }

    /// An étape version.
    EtapeDTO2 ("pedagogique") {
        "codEtp" cod_etp: Text,
        "codVrsVet" cod_vrs_vet: Int,
        "libEtp" lib_etp: Text,
        "libWebVet" lib_web_vet: Text,
        "temDipVet" tem_dip_vet: Text,
        "libEtatIae" lib_etat_iae: Text,
    }

    /// A result at an étape version.
    ResultatVetDTO ("pedagogique") {
        "barNotVet" bar_not_vet: Int,
        "etatDelib" etat_delib: One<EtatDelibDTO>,
        "mention" mention: One<MentionDTO>,
        "natureResultat" nature_resultat: One<NatureResDTO>,
        "nbrCrdVet" nbr_crd_vet: Dec,
        "nbrRngEtuVet" nbr_rng_etu_vet: Int,
        "nbrRngEtuVetTot" nbr_rng_etu_vet_tot: Int,
        "notPntJurVet" not_pnt_jur_vet: Dec,
        "notVet" not_vet: Text,
        "session" session: One<SessionDTO>,
        "typResultat" typ_resultat: One<TypResultatDTO>,
    }

    /// A result at a diploma version.
    ResultatVdiDTO ("pedagogique") {
        "barNotVdi" bar_not_vdi: Int,
        "etatDelib" etat_delib: One<EtatDelibDTO>,
        "mention" mention: One<MentionDTO>,
        "natureResultat" nature_resultat: One<NatureResDTO>,
        "nbrCrdVdi" nbr_crd_vdi: Dec,
        "nbrRngEtuVdi" nbr_rng_etu_vdi: Int,
        "nbrRngEtuVdiTot" nbr_rng_etu_vdi_tot: Int,
        "notPntJurVdi" not_pnt_jur_vdi: Dec,
        "notVdi" not_vdi: Text,
        "session" session: One<SessionDTO>,
        "typResultat" typ_resultat: One<TypResultatDTO>,
    }
}
