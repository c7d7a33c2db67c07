//! From a wrapper to the operation that it names.

use apogee::wire::operations::*;
use apogee::wire::{Fault, NilPolicy, Node, Operation, Service, encode_response, read_request};

use super::{administratif, contrat, epreuves, etudiant, liste, offre, referentiel};
use crate::world::World;

fn execute<O: Operation>(
    world: &World,
    appel: &Node,
    policy: NilPolicy,
    action: impl FnOnce(&World, &O::Request) -> Result<O::Response, Box<Fault>>,
) -> Result<String, Box<Fault>> {
    action(world, &read_request::<O>(appel)).map(|reponse| encode_response::<O>(&reponse, policy))
}

macro_rules! operations {
    ($world:ident, $service:ident, $appel:ident, $policy:ident; $($operation:ident => $action:expr,)+) => {
        match $appel.name.as_str() {
            $(
                $operation::NAME
                    if $service == $operation::SERVICE && $appel.namespace == $operation::NAMESPACE =>
                {
                    execute::<$operation>($world, $appel, $policy, $action)
                }
            )+
            // Axis's own words; the code is what clients that fall back to an older version look at.
            inconnue => {
                let message = format!("No such operation '{inconnue}'");
                Err(Box::new(Fault::moteur("soapenv:Client", &message)))
            }
        }
    };
}

/// The answer to a call, as a document.
pub(super) fn run(
    world: &World,
    service: Service,
    appel: &Node,
    policy: NilPolicy,
) -> Result<String, Box<Fault>> {
    operations! { world, service, appel, policy;
        RecupererSEV4 => offre::se_v4,
        RecupererSEV3 => offre::se_v3,
        RecupererEpreuves => epreuves::epreuves,
        RecupererIdentifiantsEtudiantV2 => etudiant::identifiants,
        RecupererInfosAdmEtuV4 => etudiant::infos,
        RecupererAdressesEtudiantV2 => etudiant::adresses,
        RecupererListeEtudiants => liste::etudiants,
        RecupererAnneesIa => administratif::annees,
        RecupererIAEtapesV3 => administratif::etapes,
        RecupererIAAnnuellesV2 => administratif::annuelles,
        RecupererContratPedagogiqueResultatElpEprV6 => contrat::elements,
        RecupererContratPedagogiqueResultatVdiVetV2 => contrat::diplomes,
        RecupererAnneesIPResultat => contrat::annees,
        RecupererComposanteV2 => referentiel::composantes,
        RecupererRegimeInscription => referentiel::regimes,
        RecupererSignataire => referentiel::signataires,
        RecupererPeriodeExamen => epreuves::periodes,
    }
}
