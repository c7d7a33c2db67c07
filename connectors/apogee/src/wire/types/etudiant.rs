//! Students: numbers, civil status, addresses, lists.

use crate::wire::dto::dto;

dto! {
    /// The numbers of a student.
    IdentifiantsEtudiantDTO2 ("etudiant") {
        "codEtu" cod_etu: Int,
        "codInd" cod_ind: Int,
        "emailAnnuaire" email_annuaire: Text,
        "loginAnnuaire" login_annuaire: Text,
        "numBoursier" num_boursier: Text,
        "numeroINE" numero_ine: Text,
    }

    /// Civil status of a student.
    InfoAdmEtuDTO4 ("etudiant") {
        "anneePremiereInscEnsSup" annee_premiere_insc_ens_sup: Text,
        "anneePremiereInscEtb" annee_premiere_insc_etb: Text,
        "anneePremiereInscEtr" annee_premiere_insc_etr: Text,
        "anneePremiereInscUniv" annee_premiere_insc_univ: Text,
        "listeBacs" liste_bacs: Items<IndBacDTO2>("TableauIndBacDTO2"),
        "listeBlocages" liste_blocages: Items<BlocageDTO>("TableauBlocages"),
        "dateNaissance" date_naissance: Instant,
        "departementNaissance" departement_naissance: One<DepartementDTO>,
        "etbPremiereInscUniv" etb_premiere_insc_univ: One<EtablissementDTO>,
        "handicap" handicap: One<TypHandicapCourtDTO>,
        "libVilleNaissance" lib_ville_naissance: Text,
        "nationaliteDTO" nationalite: One<NationaliteDTO>,
        "nomPatronymique" nom_patronymique: Text,
        "nomUsuel" nom_usuel: Text,
        "numBoursier" num_boursier: Text,
        "numEtu" num_etu: Int,
        "numeroINE" numero_ine: Text,
        "paysNaissance" pays_naissance: One<PaysDTO>,
        "prenom1" prenom1: Text,
        "prenom2" prenom2: Text,
        "prenom3" prenom3: Text,
        "prenomEtatCivil" prenom_etat_civil: Text,
        "sexe" sexe: Text,
        "sexEtatCivil" sex_etat_civil: Text,
        "situationFamiliale" situation_familiale: One<SitFamCourtDTO>,
        "situationMilitaire" situation_militaire: One<SitMilCourtDTO>,
        "temoinDateNaissEstimee" temoin_date_naiss_estimee: Text,
        "temoinSitMilEnRegle" temoin_sit_mil_en_regle: Text,
    }

    /// A baccalauréat.
    IndBacDTO2 ("etudiant") {
        "libelleBac" libelle_bac: Text,
        "anneeObtentionBac" annee_obtention_bac: Text,
        "codBac" cod_bac: Text,
        "departementBac" departement_bac: One<DepartementCourtDTO>,
        "etbBac" etb_bac: One<EtablissementDTO>,
        "mentionBac" mention_bac: One<MentionNivBacDTO>,
        "typeEtbBac" type_etb_bac: One<TypeEtablissementDTO>,
        "codSpe1Bac" cod_spe1_bac: Text,
        "licSpe1Bac" lic_spe1_bac: Text,
        "liWebSpe1Bac" li_web_spe1_bac: Text,
        "codSpe2Bac" cod_spe2_bac: Text,
        "licSpe2Bac" lic_spe2_bac: Text,
        "liWebSpe2Bac" li_web_spe2_bac: Text,
        "codSpeBacPre" cod_spe_bac_pre: Text,
        "licSpeBacPre" lic_spe_bac_pre: Text,
        "liWebSpeBacPre" li_web_spe_bac_pre: Text,
        "codOpt1Bac" cod_opt1_bac: Text,
        "licOpt1Bac" lic_opt1_bac: Text,
        "liWebOpt1Bac" li_web_opt1_bac: Text,
        "codOpt2Bac" cod_opt2_bac: Text,
        "licOpt2Bac" lic_opt2_bac: Text,
        "liWebOpt2Bac" li_web_opt2_bac: Text,
        "codOpt3Bac" cod_opt3_bac: Text,
        "licOpt3Bac" lic_opt3_bac: Text,
        "liWebOpt3Bac" li_web_opt3_bac: Text,
        "codOpt4Bac" cod_opt4_bac: Text,
        "licOpt4Bac" lic_opt4_bac: Text,
        "liWebOpt4Bac" li_web_opt4_bac: Text,
    }

    /// A département.
    DepartementCourtDTO ("etudiant") {
        "codeDept" code_dept: Text,
        "libDept" lib_dept: Text,
    }

    /// An institution.
    EtablissementDTO ("etudiant") {
        "codeEtb" code_etb: Text,
        "libEtb" lib_etb: Text,
    }

    /// Honours of a baccalauréat.
    MentionNivBacDTO ("etudiant") {
        "codMention" cod_mention: Text,
        "libMention" lib_mention: Text,
    }

    /// A type of institution.
    TypeEtablissementDTO ("etudiant") {
        "codTypeEtb" cod_type_etb: Text,
        "libLongTpe" lib_long_tpe: Text,
        "libWebTpe" lib_web_tpe: Text,
    }

    /// A block on a student's registrations.
    BlocageDTO ("etudiant") {
        "codBlocage" cod_blocage: Text,
        "etapeBlocage" etape_blocage: One<EtapeDTO>,
        "libBlocage" lib_blocage: Text,
        "typBlocage" typ_blocage: One<TypeBlocageDTO>,
    }

    /// An étape.
    EtapeDTO ("etudiant") {
        "codEtp" cod_etp: Text,
        "libEtp" lib_etp: Text,
    }

    /// A type of block.
    TypeBlocageDTO ("etudiant") {
        "codTypBlocage" cod_typ_blocage: Text,
        "libTypBlocage" lib_typ_blocage: Text,
    }

    /// A département.
    DepartementDTO ("etudiant") {
        "codeDept" code_dept: Text,
        "libDept" lib_dept: Text,
        "temEnSveDept" tem_en_sve_dept: Text,
    }

    /// A type of disability.
    TypHandicapCourtDTO ("etudiant") {
        "codeHandicap" code_handicap: Text,
        "libHandicap" lib_handicap: Text,
        "libThp" lib_thp: Text,
    }

    /// A nationality: its code is the country's.
    NationaliteDTO ("etudiant") {
        "codeNationalite" code_nationalite: Text,
        "libNationalite" lib_nationalite: Text,
    }

    /// A country: 100 is France.
    PaysDTO ("etudiant") {
        "codPay" cod_pay: Text,
        "libPay" lib_pay: Text,
    }

    /// A family situation.
    SitFamCourtDTO ("etudiant") {
        "codeFam" code_fam: Text,
        "libFam" lib_fam: Text,
        "libLongFam" lib_long_fam: Text,
    }

    /// A military situation.
    SitMilCourtDTO ("etudiant") {
        "codeMil" code_mil: Text,
        "libMil" lib_mil: Text,
        "libSim" lib_sim: Text,
    }

    /// Addresses and telephone numbers of a student.
    CoordonneesDTO2 ("etudiant") {
        "typeHebergement" type_hebergement: One<TypeHebergementCourtDTO>,
        "adresseAnnuelle" adresse_annuelle: One<AdresseDTO2>,
        "adresseFixe" adresse_fixe: One<AdresseDTO2>,
        "email" email: Text,
        "emailAnnuaire" email_annuaire: Text,
        "loginAnnuaire" login_annuaire: Text,
        "numTelPortable" num_tel_portable: Text,
        "annee" annee: Text,
    }

    /// A type of housing.
    TypeHebergementCourtDTO ("etudiant") {
        "codTypeHebergement" cod_type_hebergement: Text,
        "libTypeHebergement" lib_type_hebergement: Text,
        "libWebTypeHebergement" lib_web_type_hebergement: Text,
    }

    /// An address; `libAde` is the foreign city line.
    AdresseDTO2 ("etudiant") {
        "commune" commune: One<CommuneDTO2>,
        "libAd1" lib_ad1: Text,
        "libAd2" lib_ad2: Text,
        "libAd3" lib_ad3: Text,
        "libAde" lib_ade: Text,
        "numTel" num_tel: Text,
        "pays" pays: One<PaysDTO>,
    }

    /// A French commune.
    CommuneDTO2 ("etudiant") {
        "codeInsee" code_insee: Text,
        "codePostal" code_postal: Text,
        "nomCommune" nom_commune: Text,
        "libAch" lib_ach: Text,
    }

    /// A student in a list.
    EtudiantDTO2 ("etudiant") {
        "codEtu" cod_etu: Text,
        "nom" nom: Text,
        "prenom" prenom: Text,
        "dateNaissance" date_naissance: Text,
        "numeroIne" numero_ine: Text,
    }

    /// What to list students by.
    EtudiantCritereDTO ("etudiant") {
        "annee" annee: Text,
        "listDiplomes" list_diplomes: Items<EtudiantCritereListeDTO>("TableauDiplomes"),
        "listEtapes" list_etapes: Items<EtudiantCritereListeDTO>("TableauEtapes"),
        "codeCollectionVET" code_collection_vet: Text,
        "codeGroupeVET" code_groupe_vet: Text,
        "listELP" list_elp: Repete,
        "codeCollectionELP" code_collection_elp: Text,
        "codeGroupeELP" code_groupe_elp: Text,
        "listEPR" list_epr: Repete,
        "listTypeHandicap" list_type_handicap: Repete,
        "listSportifHautNiv" list_sportif_haut_niv: Repete,
        "codeRegimeInscrETP" code_regime_inscr_etp: Text,
        "listSitSociale" list_sit_sociale: Repete,
        "sensEchInter" sens_ech_inter: Text,
        "codeEchInter" code_ech_inter: Text,
        "listPaysEchInter" list_pays_ech_inter: Repete,
        "listTypeEtabFreq" list_type_etab_freq: Repete,
        "maintienInscrAutreEtab" maintien_inscr_autre_etab: Text,
        "listCentreGestion" list_centre_gestion: Repete,
        "listComposante" list_composante: Repete,
        "listCIP" list_cip: Repete,
        "temValAcquisXP" tem_val_acquis_xp: Text,
        "temVesCii" tem_ves_cii: Text,
        "temVapp" tem_vapp: Text,
        "temPartInternational" tem_part_international: Text,
        "etatThese" etat_these: Text,
        "typeResultat" type_resultat: Text,
        "objetResultat" objet_resultat: Text,
    }

    /// A code and its versions.
    EtudiantCritereListeDTO ("etudiant") {
        "code" code: Text,
        "listVersion" list_version: Repete,
    }
}
