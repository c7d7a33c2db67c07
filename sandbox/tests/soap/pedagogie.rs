//! Contracts and results; reference tables; épreuves.

use std::collections::BTreeSet;

use apogee::wire::operations::*;
use apogee::wire::requests::*;
use sandbox::world::EtatIa;

use crate::{Banc, t};

fn contrat(
    numero: &str,
    annee: impl ToString,
    etape: &str,
    version: &str,
) -> RecupererContratPedagogiqueResultatElpEprV6Request {
    RecupererContratPedagogiqueResultatElpEprV6Request {
        cod_etu: t(numero),
        cod_anu: t(annee),
        cod_etp: t(etape),
        cod_vrs_vet: t(version),
        source_res: t("Aucun"),
        ..Default::default()
    }
}

#[tokio::test]
async fn un_contrat_est_l_arbre_des_inscriptions_pedagogiques() {
    let banc = Banc::new();
    let world = &banc.world;
    let (mut lus, mut sans, mut conserves) = (0, 0, 0);
    for ia in world.ia_etapes.iter().filter(|ia| ia.etat == EtatIa::EnCours) {
        let numero = world.etudiants[ia.etudiant as usize].numero.as_str();
        let vet = world.vet_position(ia.etape.as_str(), ia.version.as_str()).unwrap();
        let attendus: Vec<_> =
            world.ip_of(ia.etudiant).filter(|ip| ip.annee == ia.annee && ip.vet == vet).collect();
        let demande = contrat(numero, ia.annee, ia.etape.as_str(), ia.version.as_str());
        let lignes = match banc.appelle::<RecupererContratPedagogiqueResultatElpEprV6>(&demande).await {
            Ok(lignes) => lignes,
            Err(faute) => {
                assert!(attendus.is_empty() && faute.is_no_data(), "{faute:?}");
                sans += 1;
                continue;
            }
        };
        lus += 1;
        assert_eq!(lignes.len(), attendus.len());
        for (ligne, ip) in lignes.iter().zip(&attendus) {
            let element = &world.elements[ip.element as usize];
            let elp = ligne.elp.as_ref().unwrap();
            assert_eq!(elp.cod_elp.as_ref(), Some(&element.code.0));
            let parent = ip.element_sup.map(|p| &world.elements[p as usize].code.0);
            assert_eq!((ligne.cod_elp_sup.as_ref(), ligne.rng_elp), (parent, Some(i64::from(ip.rang))));
            assert!(
                ligne.resultats_elp.is_empty() && ligne.epreuves_elp.is_empty(),
                "Aucun : ni notes ni épreuves"
            );
        }
        if lus % 5 != 0 && attendus.iter().all(|ip| !ip.prc) {
            continue;
        }
        let avec = RecupererContratPedagogiqueResultatElpEprV6Request {
            source_res: t("Apogee"),
            etat_delib: t("AET"),
            cod_ses: t("toutes"),
            type_res: t("tous"),
            cod_eta_iae: t("E"),
            ..demande
        };
        let notees = banc.appelle::<RecupererContratPedagogiqueResultatElpEprV6>(&avec).await.unwrap();
        for (ligne, ip) in notees.iter().zip(&attendus) {
            for resultat in &ligne.resultats_elp {
                assert_eq!(
                    resultat.cod_anu.is_some(),
                    ip.prc,
                    "l'année n'est dite que si le résultat est conservé"
                );
                conserves += usize::from(ip.prc);
            }
        }
    }
    assert!(
        lus > 50 && sans > 0 && conserves > 0,
        "{lus} contrats, {sans} sans, {conserves} résultats conservés"
    );
}

#[tokio::test]
async fn les_notes_suivent_la_session_et_l_etat_de_deliberation() {
    let banc = Banc::new();
    let world = &banc.world;
    let r = world
        .resultats_elements
        .iter()
        .find(|r| {
            r.session == 2
                && world.ip_of(r.etudiant).any(|ip| ip.annee == r.annee && ip.element == r.element && !ip.prc)
        })
        .unwrap();
    let ip =
        world.ip_of(r.etudiant).find(|ip| ip.annee == r.annee && ip.element == r.element && !ip.prc).unwrap();
    let vet = &world.versions_etape[ip.vet as usize];
    let numero = world.etudiants[r.etudiant as usize].numero.as_str();
    let element = world.elements[r.element as usize].code.0.clone();
    let demande = |session: &str, etat: &str| RecupererContratPedagogiqueResultatElpEprV6Request {
        source_res: t("Apogee"),
        cod_ses: t(session),
        etat_delib: t(etat),
        cod_eta_iae: t("ARE"),
        ..contrat(numero, r.annee, vet.etape.as_str(), vet.version.as_str())
    };
    let sessions = async |session: &str, etat: &str| -> Vec<String> {
        let lignes = banc
            .appelle::<RecupererContratPedagogiqueResultatElpEprV6>(&demande(session, etat))
            .await
            .unwrap();
        let ligne =
            lignes.into_iter().find(|l| l.elp.as_ref().unwrap().cod_elp.as_ref() == Some(&element)).unwrap();
        ligne.resultats_elp.into_iter().map(|r| r.session.unwrap().cod_ses.unwrap()).collect()
    };
    assert_eq!(sessions("2", "T").await, ["2"]);
    assert_eq!(sessions("toutes", "T").await, ["1", "2"]);
    assert!(sessions("toutes", "A").await.is_empty());
    let code = banc.refus::<RecupererContratPedagogiqueResultatElpEprV6>(&demande("9", "T")).await;
    assert_eq!(code, "technical.parameter.noncoherentinput.codSes");
}

#[tokio::test]
async fn un_contrat_mal_demande_ou_absent() {
    let banc = Banc::new();
    let numero = banc.world.etudiants[0].numero.as_str();
    let code = async |d| banc.refus::<RecupererContratPedagogiqueResultatElpEprV6>(&d).await;
    let vide = "technical.data.nullretrieve.DossierEtudiantIP";
    assert_eq!(code(contrat(numero, 2024, "ABSENT", "1")).await, vide);
    let base = contrat(numero, 2024, "E", "1");
    for (demande, attendu) in [
        (
            RecupererContratPedagogiqueResultatElpEprV6Request { cod_anu: None, ..base.clone() },
            "nonpresentinput.codAnu",
        ),
        (
            RecupererContratPedagogiqueResultatElpEprV6Request { cod_etp: None, ..base.clone() },
            "nonpresentinput.codEtp",
        ),
        (
            RecupererContratPedagogiqueResultatElpEprV6Request { cod_vrs_vet: None, ..base.clone() },
            "nonpresentinput.codVrsVet",
        ),
        (
            RecupererContratPedagogiqueResultatElpEprV6Request { source_res: None, ..base.clone() },
            "nonpresentinput.sourceRes",
        ),
        (
            RecupererContratPedagogiqueResultatElpEprV6Request { source_res: t("x"), ..base.clone() },
            "noncoherentinput.sourceRes",
        ),
        (
            RecupererContratPedagogiqueResultatElpEprV6Request {
                source_res: t("Apogee-extraction"),
                etat_delib: t("T"),
                ..base
            },
            "noncoherentinput.etatDelib",
        ),
    ] {
        assert_eq!(code(demande).await, format!("technical.parameter.{attendu}"));
    }
}

#[tokio::test]
async fn les_diplomes_portent_l_annee_sur_leurs_etapes() {
    let banc = Banc::new();
    let (mut diplomes, mut resultats) = (0, 0);
    for e in &banc.world.etudiants {
        let demande = |annee: &str| RecupererContratPedagogiqueResultatVdiVetV2Request {
            cod_etu: t(&e.numero),
            cod_anu: t(annee),
            source_res: t("Apogee"),
            etat_delib: t("T"),
            cod_ses: t("toutes"),
            type_res: t("tous"),
            cod_eta_iae: t("E"),
        };
        let annees = banc
            .appelle::<RecupererAnneesIPResultat>(&RecupererAnneesIPResultatRequest { cod_etu: t(&e.numero) })
            .await;
        let Ok(lignes) =
            banc.appelle::<RecupererContratPedagogiqueResultatVdiVetV2>(&demande("toutes")).await
        else {
            continue;
        };
        let annees: BTreeSet<_> = annees.unwrap().into_iter().collect();
        for ligne in lignes {
            diplomes += 1;
            assert_eq!(ligne.annee, None);
            for etape in ligne.etapes {
                assert!(annees.contains(&etape.cod_anu.clone().unwrap()));
                resultats += etape.resultat_vet.len();
                let une = banc
                    .appelle::<RecupererContratPedagogiqueResultatVdiVetV2>(&demande(
                        etape.cod_anu.as_ref().unwrap(),
                    ))
                    .await;
                assert!(une.unwrap().iter().all(|l| l.annee == etape.cod_anu));
            }
        }
    }
    assert!(diplomes > 20 && resultats > 0, "{diplomes} diplômes, {resultats} résultats");
}

#[tokio::test]
async fn les_composantes_montrent_leurs_proches_selon_le_sens() {
    let banc = Banc::new();
    let demande =
        |code: Option<String>, sens: Option<String>| RecupererComposanteV2Request { cod_cmp: code, sens };
    let toutes = banc.appelle::<RecupererComposanteV2>(&demande(None, None)).await.unwrap();
    assert_eq!(toutes.len(), banc.world.composantes.len());
    assert!(toutes.iter().all(|c| c.liste_composante_fils.is_empty() && c.liste_composante_pere.is_empty()));
    let enfant = banc.world.composantes.iter().find(|c| c.parent.is_some()).unwrap();
    let parent = enfant.parent.as_ref().unwrap();
    let vers_le_haut =
        banc.appelle::<RecupererComposanteV2>(&demande(t(&enfant.code), t("pere"))).await.unwrap();
    assert_eq!(vers_le_haut[0].liste_composante_pere[0].cod_cmp, t(parent));
    let vers_le_bas = banc.appelle::<RecupererComposanteV2>(&demande(t(parent), t("fils"))).await.unwrap();
    assert!(vers_le_bas[0].liste_composante_fils.iter().any(|c| c.cod_cmp == t(&enfant.code)));
    let code = banc.refus::<RecupererComposanteV2>(&demande(t("???"), None)).await;
    assert_eq!(code, "technical.data.nullretrieve.composante");
    let code = banc.refus::<RecupererComposanteV2>(&demande(None, t("diagonale"))).await;
    assert_eq!(code, "technical.parameter.noncoherentinput.sens");
}

#[tokio::test]
async fn les_nomenclatures_se_filtrent() {
    let banc = Banc::new();
    let demande = |temoin: Option<&str>| RecupererRegimeInscriptionRequest {
        cod_reg_ins: None,
        temoin_en_service: temoin.map(Into::into),
    };
    let tous = banc.appelle::<RecupererRegimeInscription>(&demande(None)).await.unwrap();
    assert_eq!(tous.len(), banc.world.regimes.len());
    let en_service = banc.appelle::<RecupererRegimeInscription>(&demande(Some("O"))).await.unwrap();
    assert!(en_service.iter().all(|r| r.tem_en_sve.as_deref() == Some("O")));
    let code = banc.refus::<RecupererRegimeInscription>(&demande(Some("X"))).await;
    assert_eq!(code, "technical.parameter.noncoherentinput.temoinEnService");
    let signataire = &banc.world.signataires[0];
    let un = RecupererSignataireRequest { cod_sig: t(&signataire.code), temoin_en_service: None };
    let lu = banc.appelle::<RecupererSignataire>(&un).await.unwrap();
    assert_eq!(lu[0].nom_sig.as_ref(), Some(&signataire.nom));
    let inconnu = RecupererSignataireRequest { cod_sig: t("???"), temoin_en_service: None };
    assert_eq!(banc.refus::<RecupererSignataire>(&inconnu).await, "technical.data.nullretrieve.signataire");
}

#[tokio::test]
async fn les_epreuves_sont_celles_de_leur_periode() {
    let banc = Banc::new();
    let annee = banc.world.annee_courante().unwrap();
    let periodes = banc.appelle::<RecupererPeriodeExamen>(&Default::default()).await.unwrap();
    assert_eq!(periodes.len(), banc.world.periodes_examen.len());
    let mut lues = BTreeSet::new();
    for periode in banc.world.periodes_examen.iter().filter(|p| p.annee == annee) {
        let demande =
            RecupererEpreuvesRequest { cod_anu: t(annee), cod_pxa: t(&periode.code), cod_cln: None };
        let Ok(Some(reponse)) = banc.appelle::<RecupererEpreuves>(&demande).await else { continue };
        let lue = reponse.periode_examen.unwrap();
        assert_eq!(lue.cod_periode.as_ref(), Some(&periode.code));
        lues.extend(
            lue.list_calendriers_examen
                .into_iter()
                .flat_map(|c| c.list_epreuves)
                .filter_map(|e| e.cod_epreuve),
        );
    }
    let planifiees = banc.world.epreuves.iter().filter(|e| e.periode.is_some());
    assert_eq!(lues, planifiees.map(|e| e.code.clone()).collect());
    assert!(!lues.is_empty());
    let demande = RecupererEpreuvesRequest { cod_anu: t(annee), cod_pxa: t("???"), cod_cln: None };
    assert_eq!(banc.refus::<RecupererEpreuves>(&demande).await, "technical.data.nullretrieve.periodeExamen");
}
