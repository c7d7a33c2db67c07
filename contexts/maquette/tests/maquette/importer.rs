//! Corrections out of a spreadsheet, on both engines: what would change is seen first, and nothing is written that was not seen.

use crate::banc::{Banc, annee, migrations, offre};
use db::Db;
use kernel::{Actor, Fault, FaultKind, Role};
use maquette::actions::ImportFault;
use maquette::actions::corriger::{Pose, lever, poser};
use maquette::actions::importer::{Constat, abandonner, apercevoir, appliquer, deposer};
use maquette::domain::{Genre, Portee};
use tableur::Defaut;

const ENTETE: &str = "Genre;Code;Champ;Nouvelle valeur;Motif;Dernier jour;Année\n";
const POSEES: &str = "SELECT COUNT(*) FROM maquette_correction WHERE retiree_le IS NULL";
const JEUX: &str = "SELECT COUNT(*) FROM maquette_collecte WHERE portee = 'correction'";

fn anne() -> Actor {
    Actor::Personne { identifiant: "anne".into(), role: Role::Informatique }
}

async fn banc(db: Db) -> Banc {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(30));
    banc.collecter(Portee::Offre).await;
    banc
}

async fn envoyer_brut(banc: &Banc, csv: &str) -> Result<Result<i64, Vec<Defaut>>, ImportFault> {
    let tableau = tableur::lire(csv.as_bytes(), "corrections.csv")?;
    deposer(&banc.collecteur.outils, "corrections.csv", &tableau, annee(2023), &anne()).await
}

async fn envoyer(banc: &Banc, lignes: &str) -> i64 {
    envoyer_brut(banc, &format!("{ENTETE}{lignes}")).await.unwrap().unwrap()
}

async fn constat(banc: &Banc, id: i64) -> Constat {
    apercevoir(&banc.collecteur.outils, id).await.unwrap().1
}

fn adresses(constat: &Constat) -> Vec<&str> {
    constat.defauts.iter().map(|d| d.adresse.as_str()).collect()
}

testkit::db_test!(what_would_change_is_seen_then_applied_at_once, &migrations(), |db| async move {
    let banc = banc(db).await;
    let outils = &banc.collecteur.outils;
    let lignes = "Éléments;E000;Libellé;Droit « public » =1+1;La fiche est tronquée;30/06/2024;\n\
                  éléments;E000;ECTS;3,5;Arrêté du 12 mai;;2023\n\
                  Versions d’étape;L1DRO · 1;À distance;non;Elle est sur place;2024-06-30;toutes\n\
                  Éléments;E001;ECTS;6;C’est déjà ainsi;;\n";
    let id = envoyer(&banc, lignes).await;
    let c = constat(&banc, id).await;
    assert_eq!(
        (c.changements.len(), c.inchangees.as_slice(), c.defauts.len()),
        (3, [5].as_slice(), 0),
        "{c:?}"
    );
    let vues: Vec<_> = c
        .changements
        .iter()
        .map(|c| (c.numero, c.presente.to_string(), c.voulue.valeur.to_string()))
        .collect();
    assert_eq!(vues[0], (2, "Élément n° 0".into(), "Droit « public » =1+1".into()));
    assert_eq!(vues[1], (3, "600".into(), "350".into()));
    assert_eq!(vues[2], (4, "oui".into(), "non".into()));
    assert_eq!(
        (banc.compter(POSEES).await, banc.compter(JEUX).await),
        (0, 0),
        "nothing is written by looking"
    );

    assert_eq!(appliquer(outils, id, &c.vu(), false, &anne()).await.unwrap(), 3);
    let tenu =
        "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 350 AND libelle LIKE 'Droit%'";
    assert_eq!(banc.compter(tenu).await, 1, "two fields of one row");
    assert_eq!((banc.compter(POSEES).await, banc.compter(JEUX).await), (3, 1), "one change set");
    let journal = "SELECT COUNT(*) FROM journal WHERE acteur = 'anne' AND action = ";
    assert_eq!(
        banc.compter(&format!("{journal}'correction.poser' AND apres LIKE '%fiche est tronqu%'")).await,
        1
    );
    assert_eq!(banc.compter(&format!("{journal}'correction.poser'")).await, 3);
    assert_eq!(banc.compter(&format!("{journal}'import.appliquer'")).await, 1);
    let source = "SELECT COUNT(*) FROM maquette_correction_source s JOIN maquette_correction c ON c.id = s.correction_id
        WHERE c.champ = 'ects' AND s.annee = 2023 AND s.dite = '600'";
    assert_eq!(banc.compter(source).await, 1, "what the source says is kept");

    // They are corrections like others: collections respect them, and each is lifted from its page.
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.modifies, banc.compter(tenu).await), (0, 1), "{r:?}");
    let ids = "SELECT MIN(id) FROM maquette_correction WHERE champ = 'ects'";
    let ects = i64::try_from(banc.compter(ids).await).unwrap();
    lever(outils, ects, "Finalement non", None, &anne()).await.unwrap();
    let rendu = "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 600";
    assert_eq!(banc.compter(rendu).await, 1);

    // Twice is once.
    let refus = appliquer(outils, id, &c.vu(), false, &anne()).await.unwrap_err();
    assert!(matches!(&refus, ImportFault::DejaApplique(_, par) if par == "anne"), "{refus}");
    assert_eq!(banc.compter(POSEES).await, 2);
});

testkit::db_test!(
    each_cell_in_error_is_named_and_nothing_applies_unless_it_is_chosen,
    &migrations(),
    |db| async move {
        let banc = banc(db).await;
        let outils = &banc.collecteur.outils;
        let lignes = "Étudiants;E000;Libellé;X;Motif;;\n\
                  Éléments;ZZZ;Libellé;X;Motif;;\n\
                  Éléments;E000;ECTS;six;Motif;;\n\
                  Éléments;E000;ECTS selon Kofr;6;Motif;;\n\
                  Heures;E000;Heures;12;Motif;;\n\
                  Éléments;E001;Libellé;;;31/02/2024;2023\n\
                  Éléments;E001;Libellé;X;Motif;01/04/2024;\n\
                  Éléments;E001;Suspendu;aucune valeur;Motif;;\n\
                  Éléments;E002;Libellé;Le bon;Motif;;\n\
                  Éléments;E002;Libellé;Un autre;Motif;;toutes\n\
                  Éléments;E003;Période;aucune valeur;Motif;;1999-2000-2001x\n";
        let id = envoyer(&banc, lignes).await;
        let c = constat(&banc, id).await;
        let attendues = ["A2", "B3", "D4", "C5", "B6", "D7", "E7", "F7", "F8", "D9", "C11", "G12"];
        assert_eq!(adresses(&c), attendues, "{:#?}", c.defauts);
        assert!(c.defauts.iter().all(|d| d.phrase.ends_with('.')), "{:#?}", c.defauts);
        assert!(
            c.defauts[1].phrase.contains("« ZZZ » n’existe pas dans « Éléments » en 2023"),
            "{}",
            c.defauts[1].phrase
        );
        assert!(c.defauts[10].phrase.contains("La ligne 10 corrige déjà"), "{}", c.defauts[10].phrase);
        assert_eq!((c.changements.len(), c.en_erreur()), (1, 10));

        let refus = appliquer(outils, id, &c.vu(), false, &anne()).await.unwrap_err();
        assert!(matches!(refus, ImportFault::EnErreur(10)), "{refus}");
        assert_eq!((banc.compter(POSEES).await, banc.compter(JEUX).await), (0, 0));
        assert_eq!(appliquer(outils, id, &c.vu(), true, &anne()).await.unwrap(), 1);
        assert_eq!(
            banc.compter("SELECT COUNT(*) FROM maquette_element WHERE code = 'E002' AND libelle = 'Le bon'")
                .await,
            1
        );
    }
);

testkit::db_test!(what_moved_since_it_was_seen_stops_it_and_is_said, &migrations(), |db| async move {
    let banc = banc(db).await;
    let outils = &banc.collecteur.outils;
    let lignes = "Éléments;E000;Libellé;X;Motif;;\nÉléments;E001;Libellé;Y;Motif;;\nÉléments;E002;Libellé;Z;Motif;;\nÉléments;E003;Libellé;T;Motif;;\n";
    let id = envoyer(&banc, lignes).await;
    let vu = constat(&banc, id).await.vu();
    // A collection changes one, brings another to what was wanted, and somebody corrects a third.
    banc.dire(|d| {
        d.structure.elements[0].libelle = "Changé".into();
        d.structure.elements[1].libelle = "Y".into();
    });
    banc.collecter(Portee::Offre).await;
    let autre = Pose {
        annee: None,
        genre: Genre::Element,
        cle: Box::new(["E002".into()]),
        champ: "libelle".into(),
        valeur: "Autre chose".into(),
        motif: "Essai".into(),
        fin: "2024-06-30".parse().unwrap(),
    };
    poser(outils, &autre, None, &Actor::Commande).await.unwrap();
    let refus = appliquer(outils, id, &vu, false, &anne()).await.unwrap_err();
    assert_eq!(refus.kind(), FaultKind::Conflict);
    let ImportFault::Bouge(bouges) = &refus else { unreachable_refus(&refus) };
    assert_eq!(bouges.len(), 3, "{bouges:?}");
    assert_eq!(bouges[0], "Ligne 2 (E000, Libellé) : la valeur affichée est maintenant « Changé ».");
    assert_eq!(bouges[1], "Ligne 3 : la valeur affichée est maintenant celle du fichier.");
    assert!(
        bouges[2].starts_with("Ligne 4, C4 : Ce champ porte déjà la correction n° 1 : « Autre chose »"),
        "{bouges:?}"
    );
    assert_eq!(banc.compter(POSEES).await, 1);
    // A forged or lost mark is one that matches nothing.
    for forge in ["", "2:", "x", "2:00,3:00"] {
        assert!(matches!(
            appliquer(outils, id, forge, true, &anne()).await.unwrap_err(),
            ImportFault::Bouge(_)
        ));
    }
    // Seen again, it is applied knowingly.
    let c = constat(&banc, id).await;
    assert_eq!(appliquer(outils, id, &c.vu(), true, &anne()).await.unwrap(), 2);
});

fn unreachable_refus(refus: &ImportFault) -> ! {
    unreachable!("{refus}")
}

testkit::db_test!(a_file_is_refused_forgotten_or_without_effect, &migrations(), |db| async move {
    let banc = banc(db).await;
    let outils = &banc.collecteur.outils;
    let defauts =
        envoyer_brut(&banc, "Genre;Code;Motif;Motif\nÉléments;E000;X;Y\n").await.unwrap().unwrap_err();
    assert_eq!(defauts.len(), 3, "{defauts:?}");
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_import").await, 0);
    let trop = "Éléments;E000;Libellé;X;Motif;;\n".repeat(2_001);
    let refus = envoyer_brut(&banc, &format!("{ENTETE}{trop}")).await.unwrap_err();
    assert!(matches!(refus, ImportFault::TropDeLignes(2_001)), "{refus}");

    let id = envoyer(&banc, "Éléments;E000;ECTS;6;Motif;;\n").await;
    let vu = constat(&banc, id).await.vu();
    assert!(matches!(appliquer(outils, id, &vu, false, &anne()).await.unwrap_err(), ImportFault::Rien));
    abandonner(outils, id, &anne()).await.unwrap();
    assert!(matches!(apercevoir(outils, id).await.unwrap_err(), ImportFault::Inconnu(_)));
    assert!(matches!(abandonner(outils, id, &anne()).await.unwrap_err(), ImportFault::Inconnu(_)));

    // What nobody applied is forgotten after a week, when another file comes; a last day may pass meanwhile.
    let vieux = envoyer(&banc, "Éléments;E000;ECTS;3;Motif;03/04/2024;\n").await;
    assert_eq!(constat(&banc, vieux).await.changements.len(), 1);
    banc.horloge.advance(chrono::Duration::days(6));
    assert_eq!(adresses(&constat(&banc, vieux).await), ["F2"]);
    banc.horloge.advance(chrono::Duration::days(2));
    envoyer(&banc, "Éléments;E000;ECTS;3;Motif;;\n").await;
    assert!(matches!(apercevoir(outils, vieux).await.unwrap_err(), ImportFault::Inconnu(_)));
    let journal = "SELECT COUNT(*) FROM journal WHERE objet = 'import'";
    assert_eq!(banc.compter(journal).await, 4);
});

testkit::db_test!(an_exported_list_of_corrections_is_read_back, &migrations(), |db| async move {
    let banc = banc(db).await;
    let csv = "Objet;Libellé;Champ;Valeur affichée;La source dit;Jusqu’au;État;Genre;Motif;Année\n\
               E000;Élément n° 0;ECTS;4,5;6;2024-06-30;Active;Éléments;Arrêté;2023/2024\n";
    let id = envoyer_brut(&banc, csv).await.unwrap().unwrap();
    let c = constat(&banc, id).await;
    assert_eq!((c.changements.len(), c.defauts.len()), (1, 0), "{:?}", c.defauts);
    assert_eq!(c.avis.len(), 1);
    assert!(
        c.avis[0].starts_with("Les colonnes « Libellé » (B1), « La source dit » (E1), « État » (G1)"),
        "{:?}",
        c.avis
    );
});
