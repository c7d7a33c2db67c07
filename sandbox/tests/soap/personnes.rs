//! Students and their administrative registrations.

use std::collections::BTreeSet;

use apogee::wire::operations::*;
use apogee::wire::requests::*;
use apogee::wire::temoin;
use apogee::wire::types::etudiant::{EtudiantCritereDTO, EtudiantCritereListeDTO};
use sandbox::world::EtatIa;

use crate::{Banc, t};

const SANS_ETUDIANT: &str = "technical.data.nullretrieve.etudiant";

#[tokio::test]
async fn chaque_etudiant_est_le_meme_par_chacun_de_ses_numeros() {
    let banc = Banc::new();
    for e in &banc.world.etudiants {
        let vide = RecupererIdentifiantsEtudiantV2Request::default();
        let demande = RecupererIdentifiantsEtudiantV2Request { cod_etu: t(&e.numero), ..vide.clone() };
        let lu = banc.appelle::<RecupererIdentifiantsEtudiantV2>(&demande).await.unwrap().unwrap();
        assert_eq!(lu.cod_ind, Some(e.cod_ind.into()));
        assert_eq!(lu.numero_ine, e.ine.as_ref().map(|ine| ine.0.clone()));
        assert_eq!(lu.email_annuaire, None, "l'annuaire n'a pas été demandé");
        let mut autres =
            vec![RecupererIdentifiantsEtudiantV2Request { cod_ind: t(e.cod_ind), ..vide.clone() }];
        autres
            .extend(e.ine.as_ref().map(|i| RecupererIdentifiantsEtudiantV2Request { num_ine: t(i), ..vide }));
        for demande in autres {
            assert_eq!(
                banc.appelle::<RecupererIdentifiantsEtudiantV2>(&demande).await.unwrap(),
                Some(lu.clone())
            );
        }
        let avec = RecupererIdentifiantsEtudiantV2Request { temoin_recup_annu: t("O"), ..demande };
        let lu = banc.appelle::<RecupererIdentifiantsEtudiantV2>(&avec).await.unwrap().unwrap();
        assert_eq!((lu.email_annuaire, lu.login_annuaire), (e.email_annuaire.clone(), e.login.clone()));
    }
}

#[tokio::test]
async fn par_nom_prenom_et_naissance() {
    let banc = Banc::new();
    let e = banc.world.etudiants.iter().find(|e| e.nom_usuel.is_some()).unwrap();
    let demande = |nom: &str| RecupererIdentifiantsEtudiantV2Request {
        nom: t(nom),
        prenom: t(&e.prenom),
        date_naiss: t(e.naissance.format("%d/%m/%Y")),
        ..Default::default()
    };
    for nom in [&e.nom_patronymique, e.nom_usuel.as_ref().unwrap()] {
        let lu = banc.appelle::<RecupererIdentifiantsEtudiantV2>(&demande(nom)).await.unwrap().unwrap();
        assert_eq!(lu.cod_ind, Some(e.cod_ind.into()));
    }
    assert_eq!(banc.refus::<RecupererIdentifiantsEtudiantV2>(&demande("ABSENT")).await, SANS_ETUDIANT);
    let incomplete = RecupererIdentifiantsEtudiantV2Request { nom: t("A"), ..Default::default() };
    let code = banc.refus::<RecupererIdentifiantsEtudiantV2>(&incomplete).await;
    assert_eq!(code, "technical.parameter.nonpresentinput.etudiant");
}

#[tokio::test]
async fn un_numero_mal_forme_manquant_ou_inconnu_a_chacun_sa_faute() {
    let banc = Banc::new();
    for (numero, attendu) in [
        (t("ABC"), "technical.parameter.noncoherentinput.codEtu"),
        (t("123456789"), "technical.parameter.noncoherentinput.codEtu"),
        (t("-1"), "technical.parameter.noncoherentinput.codEtu"),
        (t("99999999"), SANS_ETUDIANT),
        (None, "technical.parameter.nonpresentinput.codEtu"),
    ] {
        let cod_etu = numero;
        let infos = RecupererInfosAdmEtuV4Request { cod_etu: cod_etu.clone() };
        assert_eq!(banc.refus::<RecupererInfosAdmEtuV4>(&infos).await, attendu);
        let annees = RecupererAnneesIaRequest { cod_etu: cod_etu.clone(), ..Default::default() };
        assert_eq!(banc.refus::<RecupererAnneesIa>(&annees).await, attendu);
        let ip = RecupererAnneesIPResultatRequest { cod_etu };
        assert_eq!(banc.refus::<RecupererAnneesIPResultat>(&ip).await, attendu);
    }
}

#[tokio::test]
async fn l_etat_civil_est_celui_du_monde() {
    let banc = Banc::new();
    for e in &banc.world.etudiants {
        let demande = RecupererInfosAdmEtuV4Request { cod_etu: t(&e.numero) };
        let lu = banc.appelle::<RecupererInfosAdmEtuV4>(&demande).await.unwrap().unwrap();
        assert_eq!(lu.nom_patronymique.as_ref(), Some(&e.nom_patronymique));
        assert_eq!((lu.nom_usuel, lu.prenom_etat_civil), (e.nom_usuel.clone(), e.prenom_etat_civil.clone()));
        let naissance = lu.date_naissance.unwrap();
        assert_eq!(naissance.date_locale(), Some(e.naissance));
        assert!(naissance.0.contains("T00:00:00+0"), "{naissance:?}");
        assert_eq!(lu.pays_naissance.is_none(), e.pays_naissance.is_none(), "nil : né en France");
        assert_eq!(temoin(lu.temoin_date_naiss_estimee.as_deref()), e.naissance_estimee);
        assert_eq!(lu.liste_bacs.len(), usize::from(e.bac.is_some()));
    }
}

#[tokio::test]
async fn une_adresse_est_celle_d_une_annee_d_inscription() {
    let banc = Banc::new();
    let courante = banc.world.annee_courante().unwrap();
    let mut sans_annee = 0;
    for (position, e) in (0u32..).zip(&banc.world.etudiants) {
        let annees: BTreeSet<_> = banc.world.iaa_of(position).map(|ia| ia.annee).collect();
        let demande =
            |annee| RecupererAdressesEtudiantV2Request { cod_etu: t(&e.numero), annee, recup_annuaire: None };
        let lue = banc.appelle::<RecupererAdressesEtudiantV2>(&demande(None)).await;
        if annees.contains(&courante) {
            let lue = lue.unwrap().unwrap();
            assert_eq!(lue.annee, t(courante));
            let adresse = lue.adresse_annuelle.unwrap();
            assert_eq!(adresse.lib_ade.is_some(), e.adresse_annuelle.ville_etrangere.is_some());
            assert_eq!(adresse.pays.unwrap().cod_pay, t(&e.adresse_annuelle.pays));
        } else {
            sans_annee += 1;
            assert_eq!(lue.unwrap_err().code(), "technical.data.nullretrieve.findIAA");
            if let Some(derniere) = annees.last() {
                let lue = banc.appelle::<RecupererAdressesEtudiantV2>(&demande(t(derniere))).await;
                assert_eq!(lue.unwrap().unwrap().annee, t(derniere));
            }
        }
    }
    assert!(sans_annee > 0, "il faut des étudiants des années passées");
}

#[tokio::test]
async fn les_inscriptions_se_filtrent_par_annee_et_par_etat() {
    let banc = Banc::new();
    let mut annulees = 0;
    for (position, e) in (0u32..).zip(&banc.world.etudiants) {
        for etats in ["E", "A", "R", "AR", "RE", "ARE"] {
            let attendues = banc
                .world
                .iae_of(position)
                .filter(|ia| etats.contains(ia.etat.lettre()))
                .filter(|ia| banc.world.iaa_of(position).any(|iaa| iaa.annee == ia.annee))
                .count();
            let demande = RecupererIAEtapesV3Request {
                cod_etu: t(&e.numero),
                annee: t("toutes"),
                etat_iaa: t("ARE"),
                etat_iae: t(etats),
            };
            match banc.appelle::<RecupererIAEtapesV3>(&demande).await {
                Ok(lignes) => {
                    assert_eq!(lignes.len(), attendues, "{} {etats}", e.numero);
                    for ligne in lignes {
                        let etat = ligne.etat_iae.unwrap().code_etat_iae.unwrap();
                        assert!(etats.contains(&etat));
                        annulees += usize::from(etat == "A");
                        assert!(matches!(ligne.etape_premiere.as_deref(), Some("oui" | "non")));
                        assert!(ligne.etape.unwrap().code_etp.is_some());
                    }
                }
                Err(faute) => {
                    assert_eq!(attendues, 0, "{} {etats}", e.numero);
                    assert!(faute.is_no_data(), "{faute:?}");
                }
            }
        }
    }
    assert!(annulees > 0, "il faut une inscription annulée");
}

#[tokio::test]
async fn sans_inscription_la_faute_dit_a_quel_niveau() {
    let banc = Banc::new();
    let (position, e) = (0u32..)
        .zip(&banc.world.etudiants)
        .find(|(p, _)| banc.world.iae_of(*p).next().is_some_and(|ia| ia.etat == EtatIa::EnCours))
        .unwrap();
    let annee = banc.world.iae_of(position).next().unwrap().annee;
    let demande = |annee: &dyn ToString, etat_iaa: &str, etat_iae: &str| RecupererIAEtapesV3Request {
        cod_etu: t(&e.numero),
        annee: t(annee.to_string()),
        etat_iaa: t(etat_iaa),
        etat_iae: t(etat_iae),
    };
    let code = async |d| banc.refus::<RecupererIAEtapesV3>(&d).await;
    assert_eq!(code(demande(&1950, "ARE", "ARE")).await, "technical.data.nullretrieve.findIAA");
    assert_eq!(code(demande(&annee, "ARE", "R")).await, "technical.data.nullretrieve.findIAE");
    assert_eq!(code(demande(&annee, "X", "E")).await, "technical.parameter.noncoherentinput.etatIAA");
    assert_eq!(code(demande(&annee, "E", "EEEE")).await, "technical.parameter.noncoherentinput.etatIAE");
    assert_eq!(code(demande(&"24", "E", "E")).await, "technical.parameter.noncoherentinput.annee");
}

#[tokio::test]
async fn les_annees_et_les_inscriptions_annuelles_se_repondent() {
    let banc = Banc::new();
    for e in banc.world.etudiants.iter().take(40) {
        let demande = RecupererAnneesIaRequest { cod_etu: t(&e.numero), etat_inscription_ia: None };
        let Ok(annees) = banc.appelle::<RecupererAnneesIa>(&demande).await else { continue };
        assert!(annees.is_sorted());
        let demande =
            RecupererIAAnnuellesV2Request { cod_etu: t(&e.numero), annee: t("toutes"), etat_iaa: t("ARE") };
        let lignes = banc.appelle::<RecupererIAAnnuellesV2>(&demande).await.unwrap();
        let vues: BTreeSet<_> = lignes.iter().filter_map(|l| l.annee_iaa.clone()).collect();
        assert_eq!(vues, annees.into_iter().collect());
        assert!(lignes.iter().all(|l| l.regime_ins.as_ref().is_some_and(|r| r.lib_rgi.is_some())));
    }
}

fn liste(annee: impl ToString, critere: EtudiantCritereDTO) -> RecupererListeEtudiantsRequest {
    RecupererListeEtudiantsRequest { parametres: EtudiantCritereDTO { annee: t(annee), ..critere } }
}

#[tokio::test]
async fn la_liste_d_une_etape_est_celle_des_inscriptions_vives() {
    let banc = Banc::new();
    let annee = banc.world.annee_courante().unwrap();
    let mut trouves = 0;
    for vet in &banc.world.versions_etape {
        let attendus: BTreeSet<_> = banc
            .world
            .ia_etapes
            .iter()
            .filter(|ia| ia.annee == annee && ia.etat == EtatIa::EnCours)
            .filter(|ia| ia.etape == vet.etape && ia.version == vet.version)
            .map(|ia| banc.world.etudiants[ia.etudiant as usize].numero.0.clone())
            .collect();
        let critere =
            EtudiantCritereListeDTO { code: t(&vet.etape), list_version: vec![vet.version.0.clone()] };
        let demande = liste(annee, EtudiantCritereDTO { list_etapes: vec![critere], ..Default::default() });
        match banc.appelle::<RecupererListeEtudiants>(&demande).await {
            Ok(lignes) => {
                let lus: BTreeSet<_> = lignes.into_iter().filter_map(|l| l.cod_etu).collect();
                trouves += lus.len();
                assert_eq!(lus, attendus);
            }
            Err(faute) => assert!(attendus.is_empty() && faute.code() == SANS_ETUDIANT),
        }
    }
    assert!(trouves > 20, "{trouves} étudiants");
}

#[tokio::test]
async fn les_criteres_d_une_liste_se_cumulent() {
    let banc = Banc::new();
    let ip = banc.world.ip.iter().find(|ip| !ip.prc && ip.dispense.is_none()).unwrap();
    let element = banc.world.elements[ip.element as usize].code.0.clone();
    let numero = banc.world.etudiants[ip.etudiant as usize].numero.0.clone();
    let vet = &banc.world.versions_etape[ip.vet as usize];
    let par_element = EtudiantCritereDTO { list_elp: vec![element], ..Default::default() };
    let lus = banc.appelle::<RecupererListeEtudiants>(&liste(ip.annee, par_element.clone())).await.unwrap();
    assert!(lus.iter().any(|l| l.cod_etu.as_deref() == Some(&numero)));
    let voulue = EtudiantCritereListeDTO { code: t(&vet.etape), list_version: vec![] };
    let cumul = EtudiantCritereDTO { list_etapes: vec![voulue], ..par_element.clone() };
    let cumules = banc.appelle::<RecupererListeEtudiants>(&liste(ip.annee, cumul)).await.unwrap();
    assert!(cumules.len() <= lus.len() && cumules.iter().all(|l| lus.contains(l)));
    let contraire = EtudiantCritereDTO { list_composante: vec!["???".into()], ..par_element.clone() };
    assert_eq!(banc.refus::<RecupererListeEtudiants>(&liste(ip.annee, contraire)).await, SANS_ETUDIANT);
    // What the sandbox cannot answer is refused rather than left aside.
    let groupe = EtudiantCritereDTO { code_groupe_vet: t("G1"), ..par_element.clone() };
    let code = banc.refus::<RecupererListeEtudiants>(&liste(ip.annee, groupe)).await;
    assert_eq!(code, "technical.parameter.noncoherentinput.codeGroupeVET");
    let sans_annee = RecupererListeEtudiantsRequest { parametres: par_element };
    let code = banc.refus::<RecupererListeEtudiants>(&sans_annee).await;
    assert_eq!(code, "technical.parameter.nonpresentinput.annee");
}

#[tokio::test]
async fn la_liste_par_regime_composante_ou_diplome() {
    let banc = Banc::new();
    let ia = banc.world.ia_etapes.iter().find(|ia| ia.etat == EtatIa::EnCours).unwrap();
    let numero = banc.world.etudiants[ia.etudiant as usize].numero.0.clone();
    let composante = banc.world.vet(ia.etape.as_str(), ia.version.as_str()).unwrap().composante.0.clone();
    let diplome =
        EtudiantCritereListeDTO { code: t(&ia.diplome), list_version: vec![ia.version_diplome.0.clone()] };
    let vide = EtudiantCritereDTO::default();
    for critere in [
        EtudiantCritereDTO { code_regime_inscr_etp: t(&ia.regime), ..vide.clone() },
        EtudiantCritereDTO { list_composante: vec!["???".into(), composante], ..vide.clone() },
        EtudiantCritereDTO { list_diplomes: vec![diplome], ..vide.clone() },
        EtudiantCritereDTO { list_centre_gestion: vec![ia.centre_gestion.clone()], ..vide },
    ] {
        let lus = banc.appelle::<RecupererListeEtudiants>(&liste(ia.annee, critere)).await.unwrap();
        assert!(lus.iter().any(|l| l.cod_etu.as_deref() == Some(&numero)));
    }
}
