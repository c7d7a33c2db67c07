//! Collections, on both engines: what they write, and above all what they do not.

use std::sync::atomic::Ordering;

use crate::banc::{Banc, annee, element, liste, migrations, offre, panne};
use contracts::apogee::{CleEtape, Dossier, InscriptionAdministrative};
use jobs::Progress;
use kernel::{Actor, Centi, Fault, Source};
use maquette::actions::CollecteFault;
use maquette::actions::demander::{confirmer, renoncer};
use maquette::domain::Portee;
use serde_json::json;

const OUVERTS: &str = "SELECT COUNT(*) FROM maquette_element WHERE ferme_le IS NULL";

testkit::db_test!(a_second_run_writes_nothing, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(20));
    let premiere = banc.collecter(Portee::Offre).await;
    assert_eq!(premiere.lus.get("elements"), Some(&20));
    assert_eq!(premiere.ajoutes, 48, "{premiere:?}");
    let lignes = banc.compter("SELECT COUNT(*) FROM maquette_changement").await;

    let seconde = banc.collecter(Portee::Offre).await;
    assert_eq!((seconde.ajoutes, seconde.modifies, seconde.fermes, seconde.rouverts), (0, 0, 0, 0));
    assert_eq!(seconde.inchanges, 48);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_changement").await, lignes);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_element WHERE collecte_id <> 1").await, 0);
});

testkit::db_test!(a_column_more_changes_nobody, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    banc.dire(|d| d.structure = offre(20));
    banc.collecter(Portee::Offre).await;
    // As a table is found the day after it has grown: identities were taken over fewer fields.
    let vieillir = |tx: db::Tx| async move {
        db::sql::execute(&*tx, "UPDATE maquette_element SET empreinte = empreinte - 1", []).await?;
        db::sql::execute(&*tx, "UPDATE maquette_ensemble SET empreinte = 'ancienne'", []).await
    };
    db.write(vieillir).await.unwrap();
    banc.dire(|d| d.structure.elements[0].libelle = "Autre libellé".into());
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes, r.inchanges), (0, 1, 0, 47), "{r:?}");
    assert_eq!(
        banc.compter("SELECT COUNT(*) FROM maquette_changement WHERE sorte = 'modification'").await,
        1
    );
});

testkit::db_test!(what_disappears_is_closed_and_comes_back, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(30));
    banc.collecter(Portee::Offre).await;
    let parti = banc.porte.dits.lock().unwrap().structure.elements.pop().unwrap();
    banc.dire(|d| d.structure.elements[0].libelle = "Autre libellé".into());
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes), (0, 1, 1));
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_element").await, 30, "nothing is deleted");
    assert_eq!(banc.compter(OUVERTS).await, 29);

    banc.dire(|d| d.structure.elements.push(parti));
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes, r.rouverts), (0, 0, 0, 1));
    assert_eq!(banc.compter(OUVERTS).await, 30);
    let sql =
        "SELECT COUNT(*) FROM maquette_changement WHERE sorte = 'modification' AND avant LIKE '%lément n° 0%'
        AND apres LIKE '%Autre libellé%'";
    assert_eq!(banc.compter(sql).await, 1, "a change keeps old and new");
});

testkit::db_test!(a_fall_stops_and_asks, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(20));
    banc.collecter(Portee::Offre).await;
    banc.dire(|d| {
        d.structure.elements.truncate(10);
        d.structure.liens_liste.truncate(10);
    });
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!(r.etat, "a_confirmer");
    assert!(r.chutes.iter().any(|c| c.genre == "element" && c.fermetures == 10));
    assert_eq!(banc.compter(OUVERTS).await, 20, "nothing was closed");

    let outils = &banc.collecteur.outils;
    let (suivante, _) = confirmer(outils, &banc.queue, r.collecte, &Actor::Commande).await.unwrap();
    let refus = renoncer(outils, r.collecte, &Actor::Commande).await;
    assert!(matches!(refus, Err(CollecteFault::RienAConfirmer(_))));
    let r = banc.collecteur.executer(suivante, &Progress::unwatched()).await.unwrap();
    assert_eq!((r.etat.as_str(), r.fermes), ("terminee", 20));
    assert_eq!(banc.compter(OUVERTS).await, 10);
});

testkit::db_test!(an_outage_changes_nothing, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(5));
    banc.collecter(Portee::Offre).await;
    banc.dire(|d| d.panne_structure = true);
    let err = banc.essayer(Portee::Offre, false).await.unwrap_err();
    assert!(matches!(&err, CollecteFault::Panne(p) if *p == panne(Source::Extraction)));
    assert!(err.message().contains("Rien n'a été modifié"), "{}", err.message());
    assert_eq!(banc.compter(OUVERTS).await, 5);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_collecte WHERE etat = 'interrompue'").await, 1);
});

testkit::db_test!(a_simulation_shows_and_writes_nothing, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(5));
    let r = banc.essayer(Portee::Offre, true).await.unwrap();
    assert_eq!((r.etat.as_str(), r.ajoutes), ("terminee", 18));
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_element").await, 0);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_parametre").await, 0);
    assert!(
        banc.compter("SELECT COUNT(*) FROM maquette_changement").await >= 18,
        "the change set can be read"
    );
});

fn kofr(banc: &Banc, ects: &str) {
    let etape =
        json!({ "id": "k1", "code_etape": "L1DRO", "version_etape": "1", "libelle": "L1 Droit", "rang": 1 });
    let mut detail = etape.clone();
    detail["blocs"] = json!([{ "id": "b1", "libelle": "UE", "type": "O", "elements": [
        { "id": "e1", "code_elp": "E000", "nature": "UE", "libelle": "Élément n° 0", "rang": 1, "ects": ects,
          "heures": { "cm": "12.00", "td": "0.00" }, "groupes": { "td": 2 }, "langue": "fr", "mccc": [], "blocs": [] },
        { "id": "e2", "code_elp": "ZZZ", "nature": "UE", "libelle": "Inconnu", "rang": 2,
          "heures": {}, "groupes": {}, "mccc": [], "blocs": [] },
        { "id": "e3", "nature": "UE", "libelle": "Pas encore versé", "rang": 3,
          "heures": {}, "groupes": {}, "mccc": [], "blocs": [] },
    ] }]);
    let maquettes =
        json!([{ "annee_debut": 2019, "annee_fin": 2023, "libelle": "2019–2024", "etat": "active" }]);
    let formations = json!([{ "id": "f1", "libelle": "Licence Droit", "regimes": [], "etapes": [etape] }]);
    banc.rest.lock().unwrap().extend([
        ("api/v1/maquettes".to_owned(), liste(maquettes)),
        ("api/v1/maquettes/2019/formations".to_owned(), liste(formations)),
        ("api/v1/maquettes/2019/etapes/k1".to_owned(), Some(detail)),
    ]);
}

testkit::db_test!(
    kofr_decides_ects_and_hours_and_differences_are_anomalies,
    &migrations(),
    |db| async move {
        let banc = Banc::new(db).await;
        banc.dire(|d| d.structure = offre(3));
        kofr(&banc, "3.00");
        let r = banc.collecter(Portee::Offre).await;
        let decide = "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 300 AND ects_apogee = 600 AND ects_kofr = 300";
        assert_eq!(banc.compter(decide).await, 1);
        assert_eq!(
            banc.compter("SELECT COUNT(*) FROM maquette_heures WHERE type_heure = 'TD' AND heures = 0").await,
            1,
            "zero is a value"
        );
        for regle in ["ects_differents", "code_inconnu", "code_manquant"] {
            let sql = format!(
                "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = '{regle}' AND ferme_le IS NULL"
            );
            assert_eq!(banc.compter(&sql).await, 1, "{regle}");
        }
        assert_eq!(
            r.anomalies,
            banc.compter("SELECT COUNT(*) FROM maquette_anomalie WHERE ferme_le IS NULL").await
        );

        // Kofr falls silent: its last copy stands, and says so.
        banc.rest.lock().unwrap().insert("api/v1/maquettes".to_owned(), None);
        let r = banc.collecter(Portee::Offre).await;
        assert_eq!((r.ajoutes, r.modifies, r.fermes), (0, 0, 0), "{:?}", r.avis);
        assert!(r.avis.iter().any(|a| a.contains("dernière copie")), "{:?}", r.avis);

        // It comes back, corrected: the anomaly closes by itself.
        kofr(&banc, "6.00");
        let r = banc.collecter(Portee::Offre).await;
        assert_eq!(r.modifies, 1);
        let sql =
            "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'ects_differents' AND ferme_le IS NULL";
        assert_eq!(banc.compter(sql).await, 0);
    }
);

fn dossier(numero: usize, etat: &str) -> Dossier {
    Dossier {
        numero: format!("{numero:08}").into(),
        ine: None,
        nom: "N'Guyen-Đặng".into(),
        nom_usage: None,
        prenom: "Łukasz".into(),
        naissance: None,
        nationalite: None,
        handicap: false,
        email: None,
        telephone: None,
        adresse: None,
        inscriptions: vec![InscriptionAdministrative {
            etape: CleEtape { etape: "L1DRO".into(), version: "1".into() },
            occurrence: 1,
            diplome: None,
            version_diplome: None,
            etat: etat.into(),
            regime: Some("1".into()),
            premiere: true,
            payee: false,
            date: None,
        }],
        contrats: Vec::new(),
    }
}

testkit::db_test!(an_interrupted_reading_of_people_goes_on_from_there, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(3);
        d.dossiers = (0..50).map(|i| dossier(i, "E")).map(|d| (d.numero.0.clone(), d)).collect();
        d.panne_apres = Some(30);
    });
    banc.collecter(Portee::Offre).await;
    assert!(banc.essayer(Portee::Personnes, false).await.is_err());
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_etudiant").await, 0, "nothing half-applied");
    assert_eq!(banc.porte.lus.load(Ordering::Relaxed), 30);

    banc.dire(|d| d.panne_apres = None);
    let r = banc.collecter(Portee::Personnes).await;
    assert_eq!(r.repris, 30);
    assert_eq!(banc.porte.lus.load(Ordering::Relaxed), 50, "no file was asked twice");
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_etudiant WHERE ferme_le IS NULL").await, 50);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_lecture").await, 0);
});

testkit::db_test!(people_need_an_offer_and_keep_every_state, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let err = banc.essayer(Portee::Personnes, false).await.unwrap_err();
    assert!(matches!(err, CollecteFault::OffreAbsente(a) if a == annee(2023)));

    banc.dire(|d| {
        d.structure = offre(3);
        let mut annule = dossier(1, "A");
        let mut vivante = annule.inscriptions[0].clone();
        (vivante.occurrence, vivante.etat) = (2, "E".into());
        annule.inscriptions.push(vivante);
        d.dossiers.insert(annule.numero.0.clone(), annule);
    });
    banc.collecter(Portee::Tout).await;
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_inscription_administrative").await, 2);
});

testkit::db_test!(naughty_labels_come_back_as_they_came, &migrations(), |db| async move {
    let mut labels: Vec<String> = [
        "\u{0}nul",
        "'; DROP TABLE maquette_element; --",
        "<script>alert(1)</script>",
        "%_!",
        "\u{202e}droite",
        "",
        " bords ",
        "𝕋𝕖𝕩𝕥𝕖",
        "ﷺ",
        "a\u{a0}b",
        "ligne\nretour",
        "\u{feff}bom",
        "👩‍👩‍👧‍👧",
        "\\N",
        "\"\"",
    ]
    .map(str::to_owned)
    .to_vec();
    match std::fs::read_to_string("../../../shared/data/blns/blns.json") {
        Ok(blns) => labels.extend(serde_json::from_str::<Vec<String>>(&blns).unwrap()),
        Err(_) => eprintln!("skipped: the Big List of Naughty Strings is not there"),
    }
    let banc = Banc::new(db.clone()).await;
    banc.dire(|d| {
        let mut s = offre(0);
        s.elements = labels.iter().enumerate().map(|(i, l)| element(&format!("N{i}"), l, 1)).collect();
        d.structure = s;
    });
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!(r.rejets, 0);
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes), (0, 0, 0), "stored as received");
    for (i, label) in labels.iter().enumerate() {
        let code = format!("N{i}");
        let code = code.as_str();
        let vu =
            db.read(|c| async move { maquette::store::element::element_read(&c, 2023, code).await }).await;
        assert_eq!(vu.unwrap().unwrap().libelle, label.replace('\0', "\u{fffd}"));
    }
});

testkit::db_test!(an_etape_shows_its_tree_and_an_element_its_places, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    banc.dire(|d| {
        let mut s = offre(4);
        s.listes.push(contracts::apogee::Liste {
            code: "LCHX".into(),
            type_liste: "X".into(),
            etat: None,
            libelle: "Au choix".into(),
        });
        s.liens_element.push(contracts::apogee::LienElementListe {
            element: "E000".into(),
            liste: "LCHX".into(),
            min: Some(1),
            max: Some(1),
            ordre: Some(1),
            ferme_le: None,
        });
        // Shared, and a cycle: E000 → LCHX → E000.
        for e in ["E001", "E000"] {
            s.liens_liste
                .push(contracts::apogee::LienListeElement { liste: "LCHX".into(), element: e.into() });
        }
        d.structure = s;
    });
    banc.collecter(Portee::Offre).await;
    let (graphe, liens) = db
        .read(|c| async move { maquette::store::arbre::arbre_load(&c, 2023, "L1DRO", "1").await })
        .await
        .unwrap();
    let rangs = maquette::domain::arbre::deplier(&graphe, &liens, 100);
    assert_eq!(rangs.len(), 1 + 4 + 1 + 2);
    assert_eq!(rangs.iter().filter(|r| r.boucle).count(), 1);
    assert_eq!(rangs[0].somme.ects.map(|e| e.min), Some(Centi::unites(24)));
    assert!(graphe.elements.iter().any(|e| e.code == "E001" && e.usages == 2));
    let etapes = db
        .read(|c| async move { maquette::store::usage::element_etapes(&c, 2023, "E001").await })
        .await
        .unwrap();
    assert_eq!(etapes.len(), 1);
    let boucles = banc.compter("SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'boucle'").await;
    assert_eq!(boucles, 1);
});
