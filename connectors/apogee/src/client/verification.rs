use std::time::{Duration, Instant};

use kernel::{AnneeUniversitaire, CodeEtape, NumeroEtudiant, Outage, VersionEtape};

use super::{Client, Structures};
use crate::reprise::Reprise;
use crate::wire::Operation;
use crate::wire::operations::{
    RecupererAdressesEtudiantV2, RecupererAnneesIPResultat, RecupererAnneesIa, RecupererComposanteV2,
    RecupererContratPedagogiqueResultatElpEprV6, RecupererContratPedagogiqueResultatVdiVetV2,
    RecupererEpreuves, RecupererIAAnnuellesV2, RecupererIAEtapesV3, RecupererIdentifiantsEtudiantV2,
    RecupererInfosAdmEtuV4, RecupererListeEtudiants, RecupererPeriodeExamen, RecupererRegimeInscription,
    RecupererSEV4, RecupererSignataire,
};

/// What to ask each operation about, so that a check costs the source little.
#[derive(Clone, Debug)]
pub struct Temoin {
    /// A year with registrations.
    pub annee: AnneeUniversitaire,
    /// An étape version that exists.
    pub etape: CodeEtape,
    /// Its version.
    pub version: VersionEtape,
}

/// What asking one operation gave. No personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Controle {
    /// Name of the operation.
    pub lien: &'static str,
    /// Time to the whole answer, in milliseconds.
    pub latence_ms: u64,
    /// What was seen.
    pub resultat: Result<String, Outage>,
}

/// Longest wait of a check, whatever the settings: somebody is looking at the page.
const DELAI: Duration = Duration::from_secs(30);

/// A number that nobody has: asking about it proves that the operation answers.
const PERSONNE: &str = "99999999";

impl Client {
    /// Tries every operation once, without trying again, and reports each in the order of the services. The answers "nobody" and
    /// "none" are answers: the link is up.
    pub async fn verifier(&self, temoin: &Temoin) -> Vec<Controle> {
        let reglages = self.reglages();
        let mut prudents = reglages.clone();
        prudents.reprise = Reprise { nombre: 0, ..reglages.reprise };
        prudents.delai = reglages.delai.min(DELAI);
        prudents.delai_structure = reglages.delai_structure.min(DELAI);
        let client = match Self::new(prudents) {
            Ok(client) => client,
            Err(panne) => {
                return vec![Controle {
                    lien: RecupererComposanteV2::NAME,
                    latence_ms: 0,
                    resultat: Err(panne),
                }];
            }
        };
        let Temoin { annee, etape, version } = temoin;
        let annee = *annee;

        let (structure, (liste, numero), referentiel) = tokio::join!(
            controler(RecupererSEV4::NAME, client.structure_de_vet(etape, version), |s| match s {
                Structures::V4(d) => format!("{} pour une étape", combien(d.len(), "diplôme")),
                Structures::V3(d) => {
                    format!("{} pour une étape, par recupererSE_v3", combien(d.len(), "diplôme"))
                }
            }),
            async {
                let mut numero = None;
                let controle = controler(
                    RecupererListeEtudiants::NAME,
                    client.etudiants_de_vet(annee, etape, version),
                    |liste| {
                        numero = liste.iter().find_map(|e| e.cod_etu.clone());
                        format!("{} dans une étape", combien(liste.len(), "étudiant"))
                    },
                )
                .await;
                (controle, NumeroEtudiant(numero.unwrap_or_else(|| PERSONNE.to_owned())))
            },
            client.verifier_referentiel(annee),
        );
        let (etudiant, administratif, pedagogique) = tokio::join!(
            client.verifier_etudiant(&numero, annee),
            client.verifier_administratif(&numero, annee),
            client.verifier_pedagogique(&numero, annee, etape, version),
        );
        let (epreuves, referentiel) = referentiel;
        let mut controles = vec![structure, epreuves, liste];
        controles.extend(etudiant);
        controles.extend(administratif);
        controles.extend(pedagogique);
        controles.extend(referentiel);
        controles
    }

    async fn verifier_etudiant(&self, numero: &NumeroEtudiant, annee: AnneeUniversitaire) -> [Controle; 3] {
        let (un, deux, trois) = tokio::join!(
            controler(RecupererIdentifiantsEtudiantV2::NAME, self.identifiants(numero), |v| present(
                v.is_some()
            )),
            controler(RecupererInfosAdmEtuV4::NAME, self.infos_adm(numero), |v| present(v.is_some())),
            controler(RecupererAdressesEtudiantV2::NAME, self.adresses(numero, Some(annee)), |v| {
                present(v.is_some())
            }),
        );
        [un, deux, trois]
    }

    async fn verifier_administratif(
        &self,
        numero: &NumeroEtudiant,
        annee: AnneeUniversitaire,
    ) -> [Controle; 3] {
        let (un, deux, trois) = tokio::join!(
            controler(RecupererAnneesIa::NAME, self.annees_ia(numero), |v| combien(v.len(), "année")),
            controler(RecupererIAEtapesV3::NAME, self.ia_etapes(numero, Some(annee)), |v| {
                combien(v.len(), "inscription")
            }),
            controler(RecupererIAAnnuellesV2::NAME, self.ia_annuelles(numero, Some(annee)), |v| {
                combien(v.len(), "inscription")
            }),
        );
        [un, deux, trois]
    }

    async fn verifier_pedagogique(
        &self,
        numero: &NumeroEtudiant,
        annee: AnneeUniversitaire,
        etape: &CodeEtape,
        version: &VersionEtape,
    ) -> [Controle; 3] {
        let (un, deux, trois) = tokio::join!(
            controler(
                RecupererContratPedagogiqueResultatElpEprV6::NAME,
                self.contrat(numero, annee, etape, version),
                |v| combien(v.len(), "élément"),
            ),
            controler(
                RecupererContratPedagogiqueResultatVdiVetV2::NAME,
                self.diplomes_et_etapes(numero, Some(annee)),
                |v| combien(v.len(), "diplôme"),
            ),
            controler(RecupererAnneesIPResultat::NAME, self.annees_ip(numero), |v| combien(v.len(), "année")),
        );
        [un, deux, trois]
    }

    /// The reference tables, and the épreuves of the first exam period that they name.
    async fn verifier_referentiel(&self, annee: AnneeUniversitaire) -> (Controle, [Controle; 4]) {
        let mut periode = None;
        let (un, deux, trois, quatre) = tokio::join!(
            controler(RecupererComposanteV2::NAME, self.composantes(None), |v| {
                combien(v.len(), "composante")
            }),
            controler(RecupererRegimeInscription::NAME, self.regimes(), |v| combien(v.len(), "régime")),
            controler(RecupererSignataire::NAME, self.signataires(), |v| combien(v.len(), "signataire")),
            controler(RecupererPeriodeExamen::NAME, self.periodes_examen(), |v| {
                periode = v.iter().find_map(|p| p.cod_periode_exam.clone());
                combien(v.len(), "période")
            }),
        );
        let periode = periode.unwrap_or_else(|| "1".to_owned());
        let epreuves = controler(RecupererEpreuves::NAME, self.epreuves(annee, &periode), |v| {
            let nombre = v
                .and_then(|e| e.periode_examen)
                .map_or(0, |p| p.list_calendriers_examen.iter().map(|c| c.list_epreuves.len()).sum());
            combien(nombre, "épreuve")
        })
        .await;
        (epreuves, [un, deux, trois, quatre])
    }
}

async fn controler<T>(
    lien: &'static str,
    appel: impl Future<Output = Result<T, Outage>>,
    vu: impl FnOnce(T) -> String,
) -> Controle {
    let debut = Instant::now();
    let resultat = appel.await;
    let latence_ms = u64::try_from(debut.elapsed().as_millis()).unwrap_or(u64::MAX);
    Controle { lien, latence_ms, resultat: resultat.map(vu) }
}

fn combien(n: usize, nom: &str) -> String {
    match n {
        0 => "répond, aucune donnée pour l'essai".to_owned(),
        1 => format!("1 {nom}"),
        n => format!("{} {nom}s", kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))),
    }
}

fn present(oui: bool) -> String {
    if oui { "un étudiant lu".to_owned() } else { combien(0, "") }
}
