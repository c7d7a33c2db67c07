//! The operations by name, with the parameters that the house gives them.

use std::sync::atomic::Ordering;

use kernel::{AnneeUniversitaire, CodeComposante, CodeEtape, NumeroEtudiant, Outage, VersionEtape};

use super::Client;
use super::transport::Echec;
use crate::wire::operations::{
    RecupererAdressesEtudiantV2, RecupererAnneesIPResultat, RecupererAnneesIa, RecupererComposanteV2,
    RecupererContratPedagogiqueResultatElpEprV6, RecupererContratPedagogiqueResultatVdiVetV2,
    RecupererEpreuves, RecupererIAAnnuellesV2, RecupererIAEtapesV3, RecupererIdentifiantsEtudiantV2,
    RecupererInfosAdmEtuV4, RecupererListeEtudiants, RecupererPeriodeExamen, RecupererRegimeInscription,
    RecupererSEV3, RecupererSEV4, RecupererSignataire,
};
use crate::wire::requests::{
    RecupererAdressesEtudiantV2Request, RecupererAnneesIPResultatRequest, RecupererAnneesIaRequest,
    RecupererComposanteV2Request, RecupererContratPedagogiqueResultatElpEprV6Request,
    RecupererContratPedagogiqueResultatVdiVetV2Request, RecupererEpreuvesRequest,
    RecupererIAAnnuellesV2Request, RecupererIAEtapesV3Request, RecupererIdentifiantsEtudiantV2Request,
    RecupererInfosAdmEtuV4Request, RecupererListeEtudiantsRequest, RecupererPeriodeExamenRequest,
    RecupererRegimeInscriptionRequest, RecupererSEV3Request, RecupererSEV4Request,
    RecupererSignataireRequest,
};
use crate::wire::types::administratif::{InsAdmAnuDTO2, InsAdmEtpDTO3};
use crate::wire::types::epreuves::EpreuvesDTO;
use crate::wire::types::etudiant::{
    CoordonneesDTO2, EtudiantCritereDTO, EtudiantCritereListeDTO, EtudiantDTO2, IdentifiantsEtudiantDTO2,
    InfoAdmEtuDTO4,
};
use crate::wire::types::offre::SECritereDTO2;
use crate::wire::types::offre_v3::DiplomeDTO3;
use crate::wire::types::offre_v4::DiplomeDTO4;
use crate::wire::types::pedagogique::{
    ContratPedagogiqueResultatElpEprDTO5, ContratPedagogiqueResultatVdiVetDTO2,
};
use crate::wire::types::referentiel::{
    ComposanteDTO3, PeriodeExaDTO, RegimeInscDTO, SignataireWSSignataireDTO,
};

/// Every state of a registration: en cours, annulée, résiliée.
const TOUS_ETATS: &str = "ARE";

/// The structure of the offer, in the version that the server speaks.
#[derive(Clone, Debug, PartialEq)]
pub enum Structures {
    /// 6.50 and later.
    V4(Vec<DiplomeDTO4>),
    /// Before.
    V3(Vec<DiplomeDTO3>),
}

impl Structures {
    /// How many diplomas came back.
    #[must_use]
    pub fn diplomes(&self) -> usize {
        match self {
            Self::V4(diplomes) => diplomes.len(),
            Self::V3(diplomes) => diplomes.len(),
        }
    }
}

fn un(texte: &str) -> Option<String> {
    Some(texte.to_owned())
}

impl Client {
    /// The structure that `criteres` select. A server that does not know version 4 is asked version 3, now and from then on.
    ///
    /// # Errors
    /// When the source does not answer, or misses a criterion.
    pub async fn structures(&self, criteres: SECritereDTO2) -> Result<Structures, Outage> {
        if !self.partage.sans_v4.load(Ordering::Relaxed) {
            let requete = RecupererSEV4Request { se_critere: criteres.clone() };
            match self.essayer::<RecupererSEV4>(&requete).await {
                Ok(diplomes) => return Ok(Structures::V4(diplomes.unwrap_or_default())),
                Err(Echec::OperationInconnue(_)) => {
                    tracing::info!("recupererSE_v4 est inconnue de ce serveur : recupererSE_v3 la remplace");
                    self.partage.sans_v4.store(true, Ordering::Relaxed);
                }
                Err(Echec::Panne(panne)) => return Err(panne),
            }
        }
        let requete = RecupererSEV3Request { se_critere: criteres };
        Ok(Structures::V3(self.appeler::<RecupererSEV3>(&requete).await?.unwrap_or_default()))
    }

    /// The structure of one étape version: its lists, flattened, and their elements.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn structure_de_vet(
        &self,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Structures, Outage> {
        self.structures(SECritereDTO2 {
            cod_dip: un("aucun"),
            cod_vrs_vdi: un("aucun"),
            cod_etp: un(etape.as_str()),
            cod_vrs_vet: un(version.as_str()),
            cod_elp: un("tous"),
            ..SECritereDTO2::default()
        })
        .await
    }

    /// The numbers of a student; `None` when nobody has this one.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn identifiants(
        &self,
        numero: &NumeroEtudiant,
    ) -> Result<Option<IdentifiantsEtudiantDTO2>, Outage> {
        let requete = RecupererIdentifiantsEtudiantV2Request {
            cod_etu: un(numero.as_str()),
            temoin_recup_annu: un("N"),
            ..Default::default()
        };
        Ok(self.appeler::<RecupererIdentifiantsEtudiantV2>(&requete).await?.flatten())
    }

    /// The civil status of a student; `None` when nobody has this number.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn infos_adm(&self, numero: &NumeroEtudiant) -> Result<Option<InfoAdmEtuDTO4>, Outage> {
        let requete = RecupererInfosAdmEtuV4Request { cod_etu: un(numero.as_str()) };
        Ok(self.appeler::<RecupererInfosAdmEtuV4>(&requete).await?.flatten())
    }

    /// The addresses of a student, of a year or the latest ones; `None` when there are none.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn adresses(
        &self,
        numero: &NumeroEtudiant,
        annee: Option<AnneeUniversitaire>,
    ) -> Result<Option<CoordonneesDTO2>, Outage> {
        let requete = RecupererAdressesEtudiantV2Request {
            cod_etu: un(numero.as_str()),
            annee: annee.map(|a| a.to_string()),
            recup_annuaire: un("N"),
        };
        Ok(self.appeler::<RecupererAdressesEtudiantV2>(&requete).await?.flatten())
    }

    /// The students that `criteres` select; empty when there are none.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn liste_etudiants(&self, criteres: EtudiantCritereDTO) -> Result<Vec<EtudiantDTO2>, Outage> {
        let requete = RecupererListeEtudiantsRequest { parametres: criteres };
        Ok(self.appeler::<RecupererListeEtudiants>(&requete).await?.unwrap_or_default())
    }

    /// The students registered to an étape version in a year.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn etudiants_de_vet(
        &self,
        annee: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Vec<EtudiantDTO2>, Outage> {
        self.liste_etudiants(EtudiantCritereDTO {
            annee: Some(annee.to_string()),
            list_etapes: vec![EtudiantCritereListeDTO {
                code: un(etape.as_str()),
                list_version: vec![version.as_str().to_owned()],
            }],
            ..EtudiantCritereDTO::default()
        })
        .await
    }

    /// The years in which a student registered, whatever became of it.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn annees_ia(&self, numero: &NumeroEtudiant) -> Result<Vec<String>, Outage> {
        let requete =
            RecupererAnneesIaRequest { cod_etu: un(numero.as_str()), etat_inscription_ia: un(TOUS_ETATS) };
        Ok(self.appeler::<RecupererAnneesIa>(&requete).await?.unwrap_or_default())
    }

    /// The registrations of a student to étapes, whatever their state, in a year or in all.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn ia_etapes(
        &self,
        numero: &NumeroEtudiant,
        annee: Option<AnneeUniversitaire>,
    ) -> Result<Vec<InsAdmEtpDTO3>, Outage> {
        let requete = RecupererIAEtapesV3Request {
            cod_etu: un(numero.as_str()),
            annee: Some(annee_ou_toutes(annee)),
            etat_iaa: un(TOUS_ETATS),
            etat_iae: un(TOUS_ETATS),
        };
        Ok(self.appeler::<RecupererIAEtapesV3>(&requete).await?.unwrap_or_default())
    }

    /// The annual registrations of a student, whatever their state, in a year or in all.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn ia_annuelles(
        &self,
        numero: &NumeroEtudiant,
        annee: Option<AnneeUniversitaire>,
    ) -> Result<Vec<InsAdmAnuDTO2>, Outage> {
        let requete = RecupererIAAnnuellesV2Request {
            cod_etu: un(numero.as_str()),
            annee: Some(annee_ou_toutes(annee)),
            etat_iaa: un(TOUS_ETATS),
        };
        Ok(self.appeler::<RecupererIAAnnuellesV2>(&requete).await?.unwrap_or_default())
    }

    /// The pedagogical contract of a student in an étape version, without marks.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn contrat(
        &self,
        numero: &NumeroEtudiant,
        annee: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> Result<Vec<ContratPedagogiqueResultatElpEprDTO5>, Outage> {
        let requete = RecupererContratPedagogiqueResultatElpEprV6Request {
            cod_etu: un(numero.as_str()),
            cod_anu: Some(annee.to_string()),
            cod_etp: un(etape.as_str()),
            cod_vrs_vet: un(version.as_str()),
            source_res: un("Aucun"),
            ..Default::default()
        };
        Ok(self.appeler::<RecupererContratPedagogiqueResultatElpEprV6>(&requete).await?.unwrap_or_default())
    }

    /// The diplomas and étapes of a student, without marks.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn diplomes_et_etapes(
        &self,
        numero: &NumeroEtudiant,
        annee: Option<AnneeUniversitaire>,
    ) -> Result<Vec<ContratPedagogiqueResultatVdiVetDTO2>, Outage> {
        let requete = RecupererContratPedagogiqueResultatVdiVetV2Request {
            cod_etu: un(numero.as_str()),
            cod_anu: Some(annee_ou_toutes(annee)),
            source_res: un("Aucun"),
            ..Default::default()
        };
        Ok(self.appeler::<RecupererContratPedagogiqueResultatVdiVetV2>(&requete).await?.unwrap_or_default())
    }

    /// The years in which a student has a pedagogical registration.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn annees_ip(&self, numero: &NumeroEtudiant) -> Result<Vec<String>, Outage> {
        let requete = RecupererAnneesIPResultatRequest { cod_etu: un(numero.as_str()) };
        Ok(self.appeler::<RecupererAnneesIPResultat>(&requete).await?.unwrap_or_default())
    }

    /// The components of the university, or one of them.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn composantes(&self, code: Option<&CodeComposante>) -> Result<Vec<ComposanteDTO3>, Outage> {
        let requete =
            RecupererComposanteV2Request { cod_cmp: code.map(|c| c.as_str().to_owned()), sens: None };
        Ok(self.appeler::<RecupererComposanteV2>(&requete).await?.unwrap_or_default())
    }

    /// The registration regimes in service.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn regimes(&self) -> Result<Vec<RegimeInscDTO>, Outage> {
        let requete = RecupererRegimeInscriptionRequest { cod_reg_ins: None, temoin_en_service: un("O") };
        Ok(self.appeler::<RecupererRegimeInscription>(&requete).await?.unwrap_or_default())
    }

    /// Who signs.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn signataires(&self) -> Result<Vec<SignataireWSSignataireDTO>, Outage> {
        let requete = RecupererSignataireRequest { cod_sig: None, temoin_en_service: un("O") };
        Ok(self.appeler::<RecupererSignataire>(&requete).await?.unwrap_or_default())
    }

    /// The exam periods.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn periodes_examen(&self) -> Result<Vec<PeriodeExaDTO>, Outage> {
        let requete = RecupererPeriodeExamenRequest { temoin_en_service: un("O"), ..Default::default() };
        Ok(self.appeler::<RecupererPeriodeExamen>(&requete).await?.unwrap_or_default())
    }

    /// The planned épreuves of an exam period of a year.
    ///
    /// # Errors
    /// When the source does not answer.
    pub async fn epreuves(
        &self,
        annee: AnneeUniversitaire,
        periode: &str,
    ) -> Result<Option<EpreuvesDTO>, Outage> {
        let requete = RecupererEpreuvesRequest {
            cod_anu: Some(annee.to_string()),
            cod_pxa: un(periode),
            cod_cln: None,
        };
        Ok(self.appeler::<RecupererEpreuves>(&requete).await?.flatten())
    }
}

fn annee_ou_toutes(annee: Option<AnneeUniversitaire>) -> String {
    annee.map_or_else(|| "toutes".to_owned(), |a| a.to_string())
}
