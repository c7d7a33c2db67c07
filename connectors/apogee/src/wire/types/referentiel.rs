//! Reference tables.

use crate::wire::dto::dto;

dto! {
    /// A component, with those below and above it.
    ComposanteDTO3 ("pedagogique") {
        "codCmp" cod_cmp: Text,
        "libCmp" lib_cmp: Text,
        "libWebCmp" lib_web_cmp: Text,
        "codSig" cod_sig: Text,
        "codNatCmp" cod_nat_cmp: Text,
        "codRneCmp" cod_rne_cmp: Text,
        "temElcCmp" tem_elc_cmp: Text,
        "temEnSveCmp" tem_en_sve_cmp: Text,
        "adresseComposante" adresse_composante: One<AdresseComposanteDTO>,
        "typeComposante" type_composante: One<TypeComposanteDTO>,
        "listeComposanteFils" liste_composante_fils: Items<ComposanteDTO3>("TableauComposanteDTO3", "composante"),
        "listeComposantePere" liste_composante_pere: Items<ComposanteDTO3>("TableauComposanteDTO3", "composante"),
    }

    /// Address of a component.
    AdresseComposanteDTO ("pedagogique") {
        "libAdr1Cmp" lib_adr1_cmp: Text,
        "libAdr2Cmp" lib_adr2_cmp: Text,
        "libAdr3Cmp" lib_adr3_cmp: Text,
        "codPosAdrCmp" cod_pos_adr_cmp: Text,
        "codComAdrCmp" cod_com_adr_cmp: Text,
    }

    /// A type of component.
    TypeComposanteDTO ("pedagogique") {
        "codTypCmp" cod_typ_cmp: Text,
        "libTypCmp" lib_typ_cmp: Text,
    }

    /// A registration regime.
    RegimeInscDTO ("pedagogique") {
        "codRegIns" cod_reg_ins: Text,
        "libRegIns" lib_reg_ins: Text,
        "licRegIns" lic_reg_ins: Text,
        "temEnSve" tem_en_sve: Text,
    }

    /// Who signs: name and title.
    SignataireWSSignataireDTO ("recupererSignataire.WSReferentiel") {
        "codSig" cod_sig: Text,
        "nomSig" nom_sig: Text,
        "quaSig" qua_sig: Text,
        "temEnSveSig" tem_en_sve_sig: Text,
    }

    /// An exam period.
    PeriodeExaDTO ("pedagogique") {
        "codCtreIncomp" cod_ctre_incomp: Text,
        "codPeriodeExam" cod_periode_exam: Text,
        "datDebPeriodeExam" dat_deb_periode_exam: Text,
        "datFinPeriodeExam" dat_fin_periode_exam: Text,
        "libPeriodeExam" lib_periode_exam: Text,
    }
}
