//! The structure of the offer.

use std::collections::BTreeSet;

use apogee::wire::operations::{RecupererSEV3, RecupererSEV4};
use apogee::wire::requests::{RecupererSEV3Request, RecupererSEV4Request};
use apogee::wire::types::offre::SECritereDTO2;
use apogee::wire::types::offre_v4::{DiplomeDTO4, ListeElementPedagogiDTO3};
use sandbox::world::World;

use crate::{Banc, t};

const SANS_OFFRE: &str = "technical.data.nullretrieve.recupererse";

fn critere([dip, vdi, etp, vet, elp]: [&str; 5]) -> SECritereDTO2 {
    SECritereDTO2 {
        cod_dip: t(dip),
        cod_vrs_vdi: t(vdi),
        cod_etp: t(etp),
        cod_vrs_vet: t(vet),
        cod_elp: t(elp),
        ..Default::default()
    }
}

async fn se(banc: &Banc, critere: SECritereDTO2) -> Vec<DiplomeDTO4> {
    banc.appelle::<RecupererSEV4>(&RecupererSEV4Request { se_critere: critere }).await.unwrap()
}

async fn refus(banc: &Banc, critere: SECritereDTO2) -> String {
    banc.refus::<RecupererSEV4>(&RecupererSEV4Request { se_critere: critere }).await
}

/// (diploma, version, étape, version), everywhere in an answer.
type Cle = (String, String, String, String);

fn vets(diplomes: &[DiplomeDTO4]) -> BTreeSet<Cle> {
    let mut cles = BTreeSet::new();
    for d in diplomes {
        for v in &d.list_version_diplome {
            for e in v.offre_formation.iter().flat_map(|o| &o.list_etape) {
                for ve in &e.list_version_etape {
                    let cle = [&d.cod_dip, &v.cod_vrs_vdi.map(|n| n.to_string()), &e.cod_etp]
                        .map(|c| c.clone().unwrap_or_default());
                    let [dip, vdi, etp] = cle;
                    let neuve = cles.insert((dip, vdi, etp, ve.cod_vrs_vet.unwrap().to_string()));
                    assert!(neuve, "une VET n'est qu'une fois sous une version de diplôme");
                }
            }
        }
    }
    cles
}

fn du_monde(world: &World) -> BTreeSet<Cle> {
    let liens = world.vdi_vet.iter();
    liens
        .filter(|l| world.vdi(l.diplome.as_str(), l.version_diplome.as_str()).is_some())
        .filter(|l| world.vet(l.etape.as_str(), l.version_etape.as_str()).is_some())
        .map(|l| {
            (l.diplome.0.clone(), l.version_diplome.0.clone(), l.etape.0.clone(), l.version_etape.0.clone())
        })
        .collect()
}

fn listes(diplomes: &[DiplomeDTO4]) -> Vec<&ListeElementPedagogiDTO3> {
    diplomes
        .iter()
        .flat_map(|d| &d.list_version_diplome)
        .flat_map(|v| &v.offre_formation.as_ref().unwrap().list_etape)
        .flat_map(|e| &e.list_version_etape)
        .flat_map(|v| &v.list_liste_element_pedagogi)
        .collect()
}

#[tokio::test]
async fn toute_l_offre_revient_chaque_vet_sous_chacun_de_ses_diplomes() {
    let banc = Banc::new();
    let attendues = du_monde(&banc.world);
    assert!(!attendues.is_empty());
    let partagees = |cles: &BTreeSet<Cle>| {
        let etapes: Vec<_> = cles.iter().map(|c| (c.2.clone(), c.3.clone())).collect();
        etapes.len() - etapes.iter().collect::<BTreeSet<_>>().len()
    };
    assert!(partagees(&attendues) > 0, "il faut une VET sous deux versions de diplôme");
    for niveaux in [["tous", "tous", "tous", "tous", "aucun"], ["aucun", "aucun", "tous", "tous", "aucun"]] {
        assert_eq!(vets(&se(&banc, critere(niveaux)).await), attendues, "{niveaux:?}");
    }
    // Case is not looked at in the two words.
    assert_eq!(vets(&se(&banc, critere(["TOUS", "Tous", "tous", "tous", "AUCUN"])).await), attendues);
}

#[tokio::test]
async fn on_ne_descend_pas_sous_le_niveau_demande() {
    let banc = Banc::new();
    let (dip, vdi, etp, _) = du_monde(&banc.world).into_iter().next().unwrap();
    let diplome = se(&banc, critere([&dip, "aucun", "aucun", "aucun", "aucun"])).await;
    assert!(diplome.len() == 1 && diplome[0].list_version_diplome.is_empty());
    let version = se(&banc, critere([&dip, &vdi, "aucun", "aucun", "aucun"])).await;
    assert_eq!(version[0].list_version_diplome.len(), 1);
    let offre = version[0].list_version_diplome[0].offre_formation.as_ref().unwrap();
    assert!(offre.list_etape.is_empty() && offre.habilitation.is_some());
    let etape = se(&banc, critere(["aucun", "aucun", &etp, "aucun", "aucun"])).await;
    let etapes = &etape[0].list_version_diplome[0].offre_formation.as_ref().unwrap().list_etape;
    assert!(etapes.iter().all(|e| e.cod_etp.as_deref() == Some(&etp) && e.list_version_etape.is_empty()));
    let vet = se(&banc, critere(["aucun", "aucun", &etp, "tous", "aucun"])).await;
    assert!(listes(&vet).is_empty() && !vets(&vet).is_empty());
}

#[tokio::test]
async fn le_contenu_d_une_vet_est_a_plat_sans_repetition_ni_lien_ferme() {
    let banc = Banc::new();
    let world = &banc.world;
    let (mut profondes, mut vides, mut suspendus, mut facultatives) = (0, 0, 0, 0);
    for (position, vet) in (0u32..).zip(&world.versions_etape) {
        if world.vdi_vet_of_vet(position).next().is_none() {
            let code =
                refus(&banc, critere(["aucun", "aucun", vet.etape.as_str(), vet.version.as_str(), "tous"]))
                    .await;
            assert_eq!(code, SANS_OFFRE, "une VET sans diplôme ne revient pas");
            continue;
        }
        let diplomes =
            se(&banc, critere(["aucun", "aucun", vet.etape.as_str(), vet.version.as_str(), "tous"])).await;
        let rendues = listes(&diplomes);
        // Reachable by open links, computed another way: until nothing is added.
        let ouvert = |ferme: Option<chrono::NaiveDate>| ferme.is_none_or(|d| d > world.date);
        let mut attendues: BTreeSet<&str> =
            world.vet_lse_of(position).filter(|l| ouvert(l.ferme_le)).map(|l| l.liste.as_str()).collect();
        let premieres = attendues.len();
        loop {
            let avant = attendues.len();
            for lien in world.elp_lse.iter().filter(|l| ouvert(l.ferme_le)) {
                let (parent, _) = world.element(lien.element.as_str()).unwrap();
                if world.lse_elp_of_element(parent).any(|l| attendues.contains(l.liste.as_str())) {
                    attendues.insert(lien.liste.as_str());
                }
            }
            if attendues.len() == avant {
                break;
            }
        }
        attendues.retain(|code| world.liste(code).is_some());
        let sous = world.vdi_vet_of_vet(position).count();
        assert_eq!(rendues.len(), attendues.len() * sous, "{}-{}", vet.etape, vet.version);
        let codes: BTreeSet<_> = rendues.iter().filter_map(|l| l.cod_list_elp.as_deref()).collect();
        assert_eq!(codes, attendues);
        profondes += usize::from(attendues.len() > premieres);
        for liste in rendues {
            let (at, ligne) = world.liste(liste.cod_list_elp.as_deref().unwrap()).unwrap();
            assert_eq!(liste.typ_list_elp.as_deref(), Some(ligne.type_liste.lettre()));
            let lus: Vec<_> =
                liste.list_element_pedagogi.iter().filter_map(|e| e.cod_elp.as_deref()).collect();
            let tenus: Vec<_> = world.lse_elp_of(at).map(|l| l.element.as_str()).collect();
            assert_eq!(lus, tenus, "codes tels quels, espaces compris");
            vides += usize::from(lus.is_empty());
            facultatives += usize::from(liste.typ_list_elp.as_deref() == Some("F"));
            for element in &liste.list_element_pedagogi {
                let (_, ligne) = world.element(element.cod_elp.as_deref().unwrap()).unwrap();
                let ects = element.credits.as_ref().map(|c| c.centi().unwrap());
                assert_eq!(ects, ligne.ects, "zéro n'est pas vide");
                assert_eq!(element.tem_susp.as_deref(), Some(if ligne.suspendu { "O" } else { "N" }));
                suspendus += usize::from(ligne.suspendu);
            }
        }
    }
    let vus = [profondes, vides, suspendus, facultatives];
    assert!(vus.iter().all(|n| *n > 0), "profondes, vides, suspendus, facultatives : {vus:?}");
}

#[tokio::test]
async fn un_element_se_cherche_par_son_code_dans_toutes_les_etapes() {
    let banc = Banc::new();
    let element = &banc.world.elements[banc.world.ip[0].element as usize].code.0;
    let diplomes = se(&banc, critere(["aucun", "aucun", "tous", "tous", element])).await;
    let trouvees = listes(&diplomes);
    assert!(!trouvees.is_empty());
    for liste in trouvees {
        let codes: Vec<_> = liste.list_element_pedagogi.iter().map(|e| e.cod_elp.as_ref()).collect();
        assert_eq!(codes, [Some(element)]);
    }
    assert_eq!(refus(&banc, critere(["aucun", "aucun", "tous", "tous", "ABSENT"])).await, SANS_OFFRE);
}

#[tokio::test]
async fn annee_recrutement_composante_et_type_filtrent() {
    let banc = Banc::new();
    let tous = ["tous", "tous", "tous", "tous", "aucun"];
    let annee = banc.world.annee_courante().unwrap();
    let ouvertes: BTreeSet<_> = banc
        .world
        .vdi_vet
        .iter()
        .filter(|l| l.ouverte_en(annee))
        .map(|l| (l.etape.0.clone(), l.version_etape.0.clone()))
        .collect();
    let lues = |d: &[DiplomeDTO4]| vets(d).into_iter().map(|c| (c.2, c.3)).collect::<BTreeSet<_>>();
    let recrutement = SECritereDTO2 { tem_ouvert_recrutement: t("O"), ..critere(tous) };
    let courantes = lues(&se(&banc, recrutement.clone()).await);
    assert!(!courantes.is_empty() && courantes.is_subset(&ouvertes));
    let d_une_annee = SECritereDTO2 { cod_anu: t(annee), ..recrutement };
    assert_eq!(lues(&se(&banc, d_une_annee.clone()).await), courantes, "sans année, l'année courante");
    let jadis = SECritereDTO2 { cod_anu: t(1950), ..d_une_annee };
    assert_eq!(refus(&banc, jadis).await, SANS_OFFRE);
    let vdi = &banc.world.versions_diplome[0];
    let composante = SECritereDTO2 { cod_composante_vdi: t(&vdi.composante), ..critere(tous) };
    for diplome in se(&banc, composante).await {
        for version in diplome.list_version_diplome {
            let (dip, n) = (diplome.cod_dip.as_deref().unwrap(), version.cod_vrs_vdi.unwrap().to_string());
            assert_eq!(banc.world.vdi(dip, &n).unwrap().composante, vdi.composante);
        }
    }
    let type_diplome = &banc.world.diplomes[0].type_diplome;
    let par_type = SECritereDTO2 { cod_typ_dip: t(type_diplome), ..critere(tous) };
    for diplome in se(&banc, par_type).await {
        assert_eq!(diplome.type_diplome.unwrap().cod_typ_dip.as_ref(), Some(type_diplome));
    }
}

#[tokio::test]
async fn les_criteres_obligatoires_manquants_ont_leur_faute() {
    let banc = Banc::new();
    let complet = critere(["tous", "tous", "tous", "tous", "aucun"]);
    let cas = [
        (SECritereDTO2 { cod_dip: None, ..complet.clone() }, "coddiplomeobligatoire"),
        (SECritereDTO2 { cod_vrs_vdi: None, ..complet.clone() }, "codversiondiplomeobligatoire"),
        (SECritereDTO2 { cod_etp: None, ..complet.clone() }, "codetapeobligatoire"),
        (SECritereDTO2 { cod_vrs_vet: None, ..complet.clone() }, "codversionetapeobligatoire"),
        (SECritereDTO2 { cod_elp: None, ..complet.clone() }, "codelpobligatoire"),
        (SECritereDTO2 { cod_anu: t("an 2"), ..complet.clone() }, "codAnu"),
        (critere(["aucun"; 5]), "recupererse"),
    ];
    for (critere, attendu) in cas {
        assert_eq!(refus(&banc, critere).await, format!("technical.parameter.noncoherentinput.{attendu}"));
    }
    assert_eq!(refus(&banc, critere(["ABSENT", "tous", "aucun", "aucun", "aucun"])).await, SANS_OFFRE);
}

#[tokio::test]
async fn la_version_3_dit_la_meme_chose() {
    let banc = Banc::new();
    let vdi_vet = &banc.world.vdi_vet[0];
    let critere = critere(["aucun", "aucun", vdi_vet.etape.as_str(), vdi_vet.version_etape.as_str(), "tous"]);
    let v4 = se(&banc, critere.clone()).await;
    let v3 = banc.appelle::<RecupererSEV3>(&RecupererSEV3Request { se_critere: critere }).await.unwrap();
    let codes_v3: Vec<_> = v3
        .iter()
        .flat_map(|d| &d.list_version_diplome)
        .flat_map(|v| &v.offre_formation.as_ref().unwrap().list_etape)
        .flat_map(|e| &e.list_version_etape)
        .flat_map(|v| &v.list_liste_element_pedagogi)
        .flat_map(|l| {
            l.list_element_pedagogi
                .iter()
                .map(|e| (l.cod_list_elp.clone(), e.cod_elp.clone(), e.credits.clone()))
        })
        .collect();
    let codes_v4: Vec<_> = listes(&v4)
        .into_iter()
        .flat_map(|l| {
            l.list_element_pedagogi
                .iter()
                .map(|e| (l.cod_list_elp.clone(), e.cod_elp.clone(), e.credits.clone()))
        })
        .collect();
    assert!(!codes_v4.is_empty());
    assert_eq!(codes_v3, codes_v4);
}
