//! The parameters of each operation, in the order of the XSD. `None` is "not used".

use super::dto::dto;
use super::types::etudiant::EtudiantCritereDTO;
use super::types::offre::SECritereDTO2;

dto! {
    /// Parameters of `recupererSE_v4`.
    RecupererSEV4Request ("") {
        "_seCritere" se_critere: Critere<SECritereDTO2>,
    }

    /// Parameters of `recupererSE_v3`.
    RecupererSEV3Request ("") {
        "_seCritere" se_critere: Critere<SECritereDTO2>,
    }

    /// Parameters of `recupererEpreuves`.
    RecupererEpreuvesRequest ("") {
        "_codAnu" cod_anu: Param,
        "_codPxa" cod_pxa: Param,
        "_codCln" cod_cln: Param,
    }

    /// Parameters of `recupererIdentifiantsEtudiant_v2`.
    RecupererIdentifiantsEtudiantV2Request ("") {
        "_codEtu" cod_etu: Param,
        "_codInd" cod_ind: Param,
        "_numINE" num_ine: Param,
        "_numBoursier" num_boursier: Param,
        "_codOPI" cod_opi: Param,
        "_nom" nom: Param,
        "_prenom" prenom: Param,
        "_dateNaiss" date_naiss: Param,
        "_temoinRecupAnnu" temoin_recup_annu: Param,
    }

    /// Parameters of `recupererInfosAdmEtu_v4`.
    RecupererInfosAdmEtuV4Request ("") {
        "_codEtu" cod_etu: Param,
    }

    /// Parameters of `recupererAdressesEtudiant_v2`.
    RecupererAdressesEtudiantV2Request ("") {
        "_codEtu" cod_etu: Param,
        "_annee" annee: Param,
        "_recupAnnuaire" recup_annuaire: Param,
    }

    /// Parameters of `recupererListeEtudiants`.
    RecupererListeEtudiantsRequest ("") {
        "_parametres" parametres: Critere<EtudiantCritereDTO>,
    }

    /// Parameters of `recupererAnneesIa`.
    RecupererAnneesIaRequest ("") {
        "_codEtu" cod_etu: Param,
        "_etatInscriptionIA" etat_inscription_ia: Param,
    }

    /// Parameters of `recupererIAEtapes_v3`.
    RecupererIAEtapesV3Request ("") {
        "_codEtu" cod_etu: Param,
        "_annee" annee: Param,
        "_etatIAA" etat_iaa: Param,
        "_etatIAE" etat_iae: Param,
    }

    /// Parameters of `recupererIAAnnuelles_v2`.
    RecupererIAAnnuellesV2Request ("") {
        "_codEtu" cod_etu: Param,
        "_annee" annee: Param,
        "_etatIAA" etat_iaa: Param,
    }

    /// Parameters of `recupererContratPedagogiqueResultatElpEpr_v6`.
    RecupererContratPedagogiqueResultatElpEprV6Request ("") {
        "_codEtu" cod_etu: Param,
        "_codAnu" cod_anu: Param,
        "_codEtp" cod_etp: Param,
        "_codVrsVet" cod_vrs_vet: Param,
        "_sourceRes" source_res: Param,
        "_etatDelib" etat_delib: Param,
        "_codSes" cod_ses: Param,
        "_typeRes" type_res: Param,
        "_codEtaIae" cod_eta_iae: Param,
    }

    /// Parameters of `recupererContratPedagogiqueResultatVdiVet_v2`.
    RecupererContratPedagogiqueResultatVdiVetV2Request ("") {
        "_codEtu" cod_etu: Param,
        "_codAnu" cod_anu: Param,
        "_sourceRes" source_res: Param,
        "_etatDelib" etat_delib: Param,
        "_codSes" cod_ses: Param,
        "_typeRes" type_res: Param,
        "_codEtaIae" cod_eta_iae: Param,
    }

    /// Parameters of `recupererAnneesIPResultat`.
    RecupererAnneesIPResultatRequest ("") {
        "_codEtu" cod_etu: Param,
    }

    /// Parameters of `recupererComposante_v2`.
    RecupererComposanteV2Request ("") {
        "_codCmp" cod_cmp: Param,
        "_sens" sens: Param,
    }

    /// Parameters of `recupererRegimeInscription`.
    RecupererRegimeInscriptionRequest ("") {
        "_codRegIns" cod_reg_ins: Param,
        "_temoinEnService" temoin_en_service: Param,
    }

    /// Parameters of `recupererSignataire`.
    RecupererSignataireRequest ("") {
        "_codSig" cod_sig: Param,
        "_temoinEnService" temoin_en_service: Param,
    }

    /// Parameters of `recupererPeriodeExamen`.
    RecupererPeriodeExamenRequest ("") {
        "_codPeriodeExam" cod_periode_exam: Param,
        "_codCtreIncomp" cod_ctre_incomp: Param,
        "_date" date: Param,
        "_temoinEnService" temoin_en_service: Param,
    }
}
