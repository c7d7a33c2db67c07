//! The operations spoken, with the names that the contract gives them: wrapper of the call, wrapper of the answer, element
//! of each returned value. Several are irregular, and none can be derived from the others.

use super::operation::{Description, Operation, Service};
use super::requests::{
    RecupererAdressesEtudiantV2Request, RecupererAnneesIPResultatRequest, RecupererAnneesIaRequest,
    RecupererComposanteV2Request, RecupererContratPedagogiqueResultatElpEprV6Request,
    RecupererContratPedagogiqueResultatVdiVetV2Request, RecupererEpreuvesRequest,
    RecupererIAAnnuellesV2Request, RecupererIAEtapesV3Request, RecupererIdentifiantsEtudiantV2Request,
    RecupererInfosAdmEtuV4Request, RecupererListeEtudiantsRequest, RecupererPeriodeExamenRequest,
    RecupererRegimeInscriptionRequest, RecupererSEV3Request, RecupererSEV4Request,
    RecupererSignataireRequest,
};
use super::types::administratif::{InsAdmAnuDTO2, InsAdmEtpDTO3};
use super::types::epreuves::EpreuvesDTO;
use super::types::etudiant::{CoordonneesDTO2, EtudiantDTO2, IdentifiantsEtudiantDTO2, InfoAdmEtuDTO4};
use super::types::offre_v3::DiplomeDTO3;
use super::types::offre_v4::DiplomeDTO4;
use super::types::pedagogique::{ContratPedagogiqueResultatElpEprDTO5, ContratPedagogiqueResultatVdiVetDTO2};
use super::types::referentiel::{ComposanteDTO3, PeriodeExaDTO, RegimeInscDTO, SignataireWSSignataireDTO};

macro_rules! operations {
    ($(
        $(#[$doc:meta])*
        $name:ident($request:ident) -> $response:ty, $service:ident: $wire:literal / $wrapper:literal / $element:literal;
    )+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
            pub struct $name;

            impl Operation for $name {
                const NAME: &'static str = $wire;
                const SERVICE: Service = Service::$service;
                const RESPONSE_WRAPPER: &'static str = $wrapper;
                const RETURN_ELEMENT: &'static str = $element;
                type Request = $request;
                type Response = $response;
            }
        )+

        /// Every operation, as data.
        pub const ALL: &[Description] = &[$(Description::of::<$name>()),+];
    };
}

operations! {
    /// Structure of the offer (v4).
    RecupererSEV4(RecupererSEV4Request) -> Vec<DiplomeDTO4>,
        OffreFormation: "recupererSE_v4" / "recupererSE_v4Response" / "recupererSE_v4Return";

    /// Structure of the offer, for servers that do not know v4.
    RecupererSEV3(RecupererSEV3Request) -> Vec<DiplomeDTO3>,
        OffreFormation: "recupererSE_v3" / "recupererSE_v3Response" / "recupererSE_v3Return";

    /// Planned épreuves of an exam period.
    RecupererEpreuves(RecupererEpreuvesRequest) -> Option<EpreuvesDTO>,
        OffreFormation: "recupererEpreuves" / "recupererEpreuvesResponse" / "recupererEpreuvesReturn";

    /// Numbers of one student.
    RecupererIdentifiantsEtudiantV2(RecupererIdentifiantsEtudiantV2Request) -> Option<IdentifiantsEtudiantDTO2>,
        Etudiant: "recupererIdentifiantsEtudiant_v2" / "recupererIdentifiantsEtudiant_v2Response" / "recupererIdentifiantsEtudiant_v2Return";

    /// Civil status of one student.
    RecupererInfosAdmEtuV4(RecupererInfosAdmEtuV4Request) -> Option<InfoAdmEtuDTO4>,
        Etudiant: "recupererInfosAdmEtu_v4" / "recupererInfosAdmEtu_v4Response" / "recupererInfosAdmEtu_v4Return";

    /// Addresses of one student; without year, the latest.
    RecupererAdressesEtudiantV2(RecupererAdressesEtudiantV2Request) -> Option<CoordonneesDTO2>,
        Etudiant: "recupererAdressesEtudiant_v2" / "recupererAdressesEtudiant_v2Response" / "recupererAdressesEtudiantReturn";

    /// Students by étape, diploma, element, component or regime.
    RecupererListeEtudiants(RecupererListeEtudiantsRequest) -> Vec<EtudiantDTO2>,
        Etudiant: "recupererListeEtudiants" / "recupererListeEtudiantsResponse" / "etudiant";

    /// Years in which a student registered.
    RecupererAnneesIa(RecupererAnneesIaRequest) -> Vec<String>,
        Administratif: "recupererAnneesIa" / "recupererAnneesIaResponse" / "recupererAnneesIaReturn";

    /// Registrations to étapes.
    RecupererIAEtapesV3(RecupererIAEtapesV3Request) -> Vec<InsAdmEtpDTO3>,
        Administratif: "recupererIAEtapes_v3" / "recupererIAEtapes_v3Response" / "recupererIAEtapes_v3Return";

    /// Annual registrations.
    RecupererIAAnnuellesV2(RecupererIAAnnuellesV2Request) -> Vec<InsAdmAnuDTO2>,
        Administratif: "recupererIAAnnuelles_v2" / "recupererIAAnnuellesResponse_v2" / "recupererIAAnnuellesReturn_v2";

    /// Pedagogical contract of one étape.
    RecupererContratPedagogiqueResultatElpEprV6(RecupererContratPedagogiqueResultatElpEprV6Request) -> Vec<ContratPedagogiqueResultatElpEprDTO5>,
        Pedagogique: "recupererContratPedagogiqueResultatElpEpr_v6" / "recupererContratPedagogiqueResultatElpEpr_v6Response" / "recupererContratPedagogiqueResultatElpEpr_v6Return";

    /// Diplomas and étapes of a student, with results.
    RecupererContratPedagogiqueResultatVdiVetV2(RecupererContratPedagogiqueResultatVdiVetV2Request) -> Vec<ContratPedagogiqueResultatVdiVetDTO2>,
        Pedagogique: "recupererContratPedagogiqueResultatVdiVet_v2" / "recupererContratPedagogiqueResultatVdiVet_v2Response" / "recupererContratPedagogiqueResultatVdiVet_v2Return";

    /// Years in which a student has a pedagogical registration.
    RecupererAnneesIPResultat(RecupererAnneesIPResultatRequest) -> Vec<String>,
        Pedagogique: "recupererAnneesIPResultat" / "recupererAnneesIPResultatResponse" / "recupererAnneesIPResultatReturn";

    /// Components of the university, with those below and above.
    RecupererComposanteV2(RecupererComposanteV2Request) -> Vec<ComposanteDTO3>,
        Referentiel: "recupererComposante_v2" / "recupererComposante_v2Response" / "recupererComposante_v2Return";

    /// Registration regimes.
    RecupererRegimeInscription(RecupererRegimeInscriptionRequest) -> Vec<RegimeInscDTO>,
        Referentiel: "recupererRegimeInscription" / "recupererRegimeInscriptionResponse" / "recupererRegimeInscriptionReturn";

    /// Who signs.
    RecupererSignataire(RecupererSignataireRequest) -> Vec<SignataireWSSignataireDTO>,
        Referentiel: "recupererSignataire" / "recupererSignataireResponse" / "recupererSignataireReturn";

    /// Exam periods.
    RecupererPeriodeExamen(RecupererPeriodeExamenRequest) -> Vec<PeriodeExaDTO>,
        Referentiel: "recupererPeriodeExamen" / "recupererPeriodeExamenResponse" / "recupererPeriodeExamenReturn";
}
