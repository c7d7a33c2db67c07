//! What Maquette holds, as others are told: ages, counts, and a file for the day when Apogée is closed.

use crate::banc::{Banc, annee, migrations, offre};
use contracts::apogee::{
    Adresse, CleEtape, Dossier, DossiersTenus as _, InscriptionAdministrative, InscriptionPedagogique,
};
use contracts::fraicheur::{JeuTenu, JeuxTenus as _};
use maquette::actions::verifier::DonneesCollectees;
use maquette::domain::Portee;

fn dossier() -> Dossier {
    let etape = CleEtape { etape: "L1DRO".into(), version: "1".into() };
    let ia = |occurrence, etat: &str| InscriptionAdministrative {
        etape: etape.clone(),
        occurrence,
        diplome: Some("DROIT".into()),
        version_diplome: Some("1".into()),
        etat: etat.into(),
        regime: Some("10".into()),
        premiere: true,
        payee: etat == "E",
        date: Some("2023-09-04".parse().unwrap()),
    };
    Dossier {
        numero: "21900001".into(),
        ine: Some(kernel::Ine("0123456789A".into())),
        nom: "N’GUYEN-ĐẶNG".into(),
        nom_usage: None,
        prenom: "Łukasz".into(),
        naissance: Some("2001-03-14".parse().unwrap()),
        nationalite: Some("FRANÇAISE".into()),
        handicap: true,
        email: Some("l@exemple.fr".into()),
        telephone: None,
        adresse: Some(Adresse {
            lignes: vec!["1 rue du Lac".into(), "Bât. B".into()],
            code_postal: Some("25000".into()),
            ville: Some("BESANÇON".into()),
            pays: None,
            code_pays: None,
        }),
        inscriptions: vec![ia(1, "A"), ia(2, "E")],
        contrats: vec![InscriptionPedagogique {
            etape: etape.clone(),
            element: "E000".into(),
            element_superieur: None,
            rang: 1,
            acquis: false,
        }],
    }
}

testkit::db_test!(a_file_comes_back_as_it_was_read, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(5);
        d.dossiers.insert("21900001".into(), dossier());
    });
    let tenues = DonneesCollectees(banc.collecteur.outils.clone());
    assert!(tenues.dossier(annee(2023), &"21900001".into()).await.is_none(), "nothing was collected");
    banc.collecter(Portee::Tout).await;
    let (tenu, quand) = tenues.dossier(annee(2023), &"21900001".into()).await.unwrap();
    assert_eq!(tenu, dossier());
    assert_eq!(quand, banc.collecteur.outils.clock.now());
    assert!(tenues.dossier(annee(2023), &"21900002".into()).await.is_none());
    assert!(tenues.dossier(annee(2022), &"21900001".into()).await.is_none());
});

testkit::db_test!(each_data_set_says_its_age_and_its_last_failure, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let tenues = DonneesCollectees(banc.collecteur.outils.clone());
    banc.dire(|d| {
        d.structure = offre(5);
        d.dossiers.insert("21900001".into(), dossier());
    });
    banc.collecter(Portee::Tout).await;
    let un = |jeux: &[JeuTenu], code: &str| jeux.iter().find(|j| j.code == code).cloned().unwrap();
    let jeux = tenues.jeux().await;
    let offre = un(&jeux, "offre");
    assert!(offre.lignes >= 6 && offre.obtenu_le.is_some() && offre.echec.is_none(), "{offre:?}");
    assert_eq!(un(&jeux, "etudiants").lignes, 1);
    assert_eq!(un(&jeux, "inscriptions").lignes, 3);

    banc.dire(|d| d.panne_structure = true);
    banc.essayer(Portee::Offre, false).await.unwrap_err();
    let jeux = tenues.jeux().await;
    let offre = un(&jeux, "offre");
    assert!(offre.obtenu_le.is_some(), "what is held keeps its age: {offre:?}");
    assert_eq!(offre.echec.as_deref(), Some("Pas de réponse en 30 secondes."));
    assert_eq!(un(&jeux, "etudiants").echec, None, "another source is not to blame");
});
