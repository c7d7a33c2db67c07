//! Administrative registrations.

use crate::wire::dto::dto;

dto! {
    /// An adapted course of study.
    CursusAmgDTO ("administratif") {
        "codCurAmg" cod_cur_amg: Requis,
        "libCurAmg" lib_cur_amg: Requis,
    }

    /// A registration to an étape (IAE).
    InsAdmEtpDTO3 ("administratif") {
        "anneeIAE" annee_iae: Text,
        "bourse" bourse: One<BourseDTO>,
        "cge" cge: One<CgeDTO>,
        "composante" composante: One<ComposanteDTO>,
        "dateIAE" date_iae: Instant,
        "diplome" diplome: One<DiplomeDTO>,
        "etape" etape: One<EtapeDTO>,
        "etapePremiere" etape_premiere: Text,
        "etatIaa" etat_iaa: One<EtatIAADTO>,
        "etatIae" etat_iae: One<EtatIAEDTO>,
        "regimeIns" regime_ins: One<RegimeInsDTO>,
        "codeInscriptionPayee" code_inscription_payee: Text,
        "inscriptionPayee" inscription_payee: Text,
        "inscriptionTeleEnseignement" inscription_tele_enseignement: Text,
        "listeSpecialiteSISE" liste_specialite_sise: Items<SpecialitesDTO>("TableauSpecialitesDto"),
        "nbrInscriptionCycle" nbr_inscription_cycle: Text,
        "nbrInscriptionDiplome" nbr_inscription_diplome: Text,
        "nbrInscriptionEtape" nbr_inscription_etape: Text,
        "numBoursier" num_boursier: Text,
        "profilEtudiant" profil_etudiant: One<ProfilEtuDTO>,
        "temoinInscriptionIaWeb" temoin_inscription_ia_web: Text,
        "temoinPI" temoin_pi: Text,
        "temoinVes" temoin_ves: Text,
        "temoinVapp" temoin_vapp: Text,
        "temoinVae" temoin_vae: Text,
        "catOuiSi" cat_oui_si: One<CatOuiSiDTO2>,
        "cursusAmg" cursus_amg: One<CursusAmgDTO>,
    }

    /// A grant.
    BourseDTO ("administratif") {
        "codeBourse" code_bourse: Text,
        "libBourse" lib_bourse: Text,
    }

    /// A management centre.
    CgeDTO ("administratif") {
        "codeCGE" code_cge: Text,
        "libCGE" lib_cge: Text,
    }

    /// A component of the university.
    ComposanteDTO ("administratif") {
        "codComposante" cod_composante: Text,
        "libComposante" lib_composante: Text,
    }

    /// A diploma and its version.
    DiplomeDTO ("administratif") {
        "codeDiplome" code_diplome: Text,
        "libLongDiplome" lib_long_diplome: Text,
        "libVdi" lib_vdi: Text,
        "libWebVdi" lib_web_vdi: Text,
        "versionDiplome" version_diplome: Text,
    }

    /// An étape.
    EtapeDTO ("administratif") {
        "codeEtp" code_etp: Text,
        "libLongEtp" lib_long_etp: Text,
        "libWebVet" lib_web_vet: Text,
        "versionEtp" version_etp: Text,
    }

    /// State of an annual registration: E, A, R.
    EtatIAADTO ("administratif") {
        "codeEtatIAA" code_etat_iaa: Text,
        "libEtatIAA" lib_etat_iaa: Text,
        "temDosIAA" tem_dos_iaa: Text,
    }

    /// State of a registration to an étape: E, A, R.
    EtatIAEDTO ("administratif") {
        "codeEtatIAE" code_etat_iae: Text,
        "libEtatIAE" lib_etat_iae: Text,
    }

    /// A registration regime.
    RegimeInsDTO ("administratif") {
        "codRgi" cod_rgi: Text,
        "libRgi" lib_rgi: Text,
    }

    /// A speciality of the ministry's nomenclature.
    SpecialitesDTO ("administratif") {
        "codeSpecialite" code_specialite: Text,
        "libSpecialite" lib_specialite: Text,
        "libWebSpecialite" lib_web_specialite: Text,
    }

    /// A student profile.
    ProfilEtuDTO ("administratif") {
        "code" code: Text,
        "libelle" libelle: Text,
        "libelleWeb" libelle_web: Text,
    }

    /// A « oui, si » category.
    CatOuiSiDTO2 ("administratif") {
        "codCat" cod_cat: Requis,
        "libCat" lib_cat: Requis,
        "mtfCat" mtf_cat: Text,
    }

    /// An annual registration (IAA).
    InsAdmAnuDTO2 ("administratif") {
        "aideFinanciere" aide_financiere: One<AideFinanciereDTO>,
        "anneeDernierDiplome" annee_dernier_diplome: Text,
        "anneeDernierEtbFreq" annee_dernier_etb_freq: Text,
        "anneeIAA" annee_iaa: Text,
        "autreEtbAnneeEnCours" autre_etb_annee_en_cours: One<EtablissementDTO>,
        "maintienInscAnneeEnCours" maintien_insc_annee_en_cours: Text,
        "catSocProfChefFamille" cat_soc_prof_chef_famille: One<CatSocProfDTO>,
        "catSocProfEtu" cat_soc_prof_etu: One<CatSocProfDTO>,
        "codeTransfertDossier" code_transfert_dossier: Text,
        "dateIAA" date_iaa: Instant,
        "departementDernierDiplomeExt" departement_dernier_diplome_ext: One<DepartementDTO>,
        "departementDernierEtbFreq" departement_dernier_etb_freq: One<DepartementDTO>,
        "departementEtbAnneeEnCours" departement_etb_annee_en_cours: One<DepartementDTO>,
        "departementEtbAnneePrec" departement_etb_annee_prec: One<DepartementDTO>,
        "dernierEtbFreq" dernier_etb_freq: One<EtablissementDTO>,
        "domaineActiviteProf" domaine_activite_prof: One<DomaineActiviteProfDTO>,
        "etatIaa" etat_iaa: One<EtatIAADTO>,
        "etbAnneePrec" etb_annee_prec: One<EtablissementDTO>,
        "etbDernierDiplomeExt" etb_dernier_diplome_ext: One<EtablissementDTO>,
        "libTransfertDossier" lib_transfert_dossier: Text,
        "paysDernierDiplomeExt" pays_dernier_diplome_ext: One<PaysDTO>,
        "paysDernierEtbFreq" pays_dernier_etb_freq: One<PaysDTO>,
        "paysEtbAnneePrec" pays_etb_annee_prec: One<PaysDTO>,
        "prgEchange" prg_echange: One<PrgEchangeDTO>,
        "profil" profil: One<ProfilEtuDTO>,
        "quotiteTrav" quotite_trav: One<QuotiteTravDTO>,
        "regimeIns" regime_ins: One<RegimeInsDTO>,
        "situationSociale" situation_sociale: One<SitSocialeDTO>,
        "situationAnneePrec" situation_annee_prec: One<SituationSISEDTO>,
        "sportifHautNiveau" sportif_haut_niveau: One<SpoHautNivDTO>,
        "statut" statut: One<StatutEtuDTO>,
        "temRgmAmgEtuIAA" tem_rgm_amg_etu_iaa: Text,
        "temoinAffiliationSS" temoin_affiliation_ss: Text,
        "cpam" cpam: One<CpamDTO>,
        "temoinAyantDroitAuto" temoin_ayant_droit_auto: Text,
        "typeAutreEtbAnneeEnCours" type_autre_etb_annee_en_cours: One<TypeEtablissementDTO>,
        "typeDernierDiplomeExt" type_dernier_diplome_ext: One<TypDiplomeExtDTO>,
        "typeEtbDernierEtbFreq" type_etb_dernier_etb_freq: One<TypeEtablissementDTO>,
        "typeSISEDernierDiplomeExt" type_sise_dernier_diplome_ext: One<TypDiplomeSISEDTO>,
    }

    /// A financial aid.
    AideFinanciereDTO ("administratif") {
        "codeAide" code_aide: Text,
        "libAide" lib_aide: Text,
        "libWebAide" lib_web_aide: Text,
    }

    /// An institution.
    EtablissementDTO ("administratif") {
        "codeEtb" code_etb: Text,
        "libEtb" lib_etb: Text,
    }

    /// A socio-professional category.
    CatSocProfDTO ("administratif") {
        "codeCategorie" code_categorie: Text,
        "libPcs" lib_pcs: Text,
        "libWebPcs" lib_web_pcs: Text,
    }

    /// A département.
    DepartementDTO ("administratif") {
        "codeDept" code_dept: Text,
        "libDept" lib_dept: Text,
    }

    /// A field of professional activity.
    DomaineActiviteProfDTO ("administratif") {
        "codeDomaine" code_domaine: Text,
        "libDomaine" lib_domaine: Text,
        "libWebDomaine" lib_web_domaine: Text,
    }

    /// A country: 100 is France.
    PaysDTO ("administratif") {
        "codePays" code_pays: Text,
        "libPays" lib_pays: Text,
    }

    /// An exchange programme.
    PrgEchangeDTO ("administratif") {
        "codPrg" cod_prg: Text,
        "codSens" cod_sens: Text,
        "etablissement" etablissement: One<EtablissementEtrangerDTO>,
        "libLongPrg" lib_long_prg: Text,
        "libSens" lib_sens: Text,
        "libWebPrg" lib_web_prg: Text,
        "pays" pays: One<PaysDTO>,
    }

    /// A foreign institution.
    EtablissementEtrangerDTO ("administratif") {
        "codeEtb" code_etb: Text,
        "libEtb" lib_etb: Text,
        "libWebEtb" lib_web_etb: Text,
    }

    /// A share of working time.
    QuotiteTravDTO ("administratif") {
        "codeQuotite" code_quotite: Text,
        "libQuotite" lib_quotite: Text,
        "libWebQuotite" lib_web_quotite: Text,
    }

    /// A social situation: BO is a grant holder.
    SitSocialeDTO ("administratif") {
        "codSitSoc" cod_sit_soc: Text,
        "libWebSitSoc" lib_web_sit_soc: Text,
    }

    /// What the student did the year before.
    SituationSISEDTO ("administratif") {
        "codeSitSISE" code_sit_sise: Text,
        "libSitSISE" lib_sit_sise: Text,
        "libWebSitSISE" lib_web_sit_sise: Text,
    }

    /// A high-level athlete status.
    SpoHautNivDTO ("administratif") {
        "codSportif" cod_sportif: Text,
        "libelle" libelle: Text,
        "libelleWeb" libelle_web: Text,
    }

    /// A student status.
    StatutEtuDTO ("administratif") {
        "code" code: Text,
        "libelle" libelle: Text,
        "libelleWeb" libelle_web: Text,
    }

    /// A health insurance office.
    CpamDTO ("administratif") {
        "codCpam" cod_cpam: Text,
        "libCpam" lib_cpam: Text,
    }

    /// A type of institution.
    TypeEtablissementDTO ("administratif") {
        "codTypeEtb" cod_type_etb: Text,
        "libLongTpe" lib_long_tpe: Text,
        "libWebTpe" lib_web_tpe: Text,
    }

    /// A type of outside diploma.
    TypDiplomeExtDTO ("administratif") {
        "codeTypDiplomeExt" code_typ_diplome_ext: Text,
        "libTypDiplomeExt" lib_typ_diplome_ext: Text,
    }

    /// A type of diploma of the ministry's nomenclature.
    TypDiplomeSISEDTO ("administratif") {
        "codeTypDiplomeSise" code_typ_diplome_sise: Text,
        "libTypDiplomeSise" lib_typ_diplome_sise: Text,
    }
}
