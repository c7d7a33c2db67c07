//! What the reading pages ask of the tables, on both engines.

use crate::banc::{Banc, element, migrations, offre};
use db::{Db, Paging};
use kernel::Centi;
use maquette::domain::Portee;
use maquette::domain::genre::Genre;
use maquette::store::historique::{Fait, Sujet, historique_list};
use maquette::store::inscription::{Cible, inscription_administratives, inscription_list};
use maquette::store::{
    diplome, element as elements, enseignant, etape, etudiant, maquette as annees, recherche,
};

fn page() -> Paging {
    Paging::new(1, 50)
}

/// Rows of a table, without going through a collection: `valeurs` are literals.
async fn inserer(db: &Db, table: &str, colonnes: &str, valeurs: &[&str]) {
    let lignes: Vec<String> = valeurs.iter().map(|v| format!("({v}, 0, 'essai', 1)")).collect();
    let sql = format!(
        "INSERT INTO maquette_{table} ({colonnes}, empreinte, source, collecte_id) VALUES {}",
        lignes.join(", ")
    );
    let sql = sql.as_str();
    db.write(|tx| async move {
        use db::sea_orm::ConnectionTrait;
        tx.execute_unprepared(sql).await?;
        Ok::<_, db::DbError>(())
    })
    .await
    .unwrap();
}

async fn personnes(db: &Db) {
    inserer(
        db,
        "etudiant",
        "annee, numero, nom, prenom, ine, recherche",
        &[
            "2023, '21800001', 'ÉPINAY', 'Łukasz', '0123456789H', '21800001 epinay lukasz 0123456789h'",
            "2023, '21800002', 'Zola', 'Émile', '0123456789J', '21800002 zola emile 0123456789j'",
            "2023, '21800003', 'N''Guyen-Đặng', 'A', NULL, '21800003 n''guyen-dang a'",
            "2023, '21800004', 'Durand', 'Zoé', NULL, '21800004 durand zoe'",
        ],
    )
    .await;
    inserer(
        db,
        "inscription_administrative",
        "annee, etudiant, etape, version, occurrence, diplome, version_diplome, etat, regime",
        &[
            "2022, '21800001', 'L1DRO', '1', 1, 'DROIT', '1', 'E', '1'",
            "2023, '21800001', 'L1DRO', '1', 1, 'DROIT', '1', 'E', '1'",
            "2022, '21800002', 'L1DRO', '1', 1, 'DROIT', '1', 'A', '1'",
            "2023, '21800002', 'L1DRO', '1', 1, 'DROIT', '1', 'E', '1'",
            "2023, '21800002', 'DUX', '1', 1, NULL, NULL, 'E', '5'",
            "2023, '21800003', 'L1DRO', '1', 1, 'DROIT', '1', 'A', '2'",
        ],
    )
    .await;
    inserer(
        db,
        "inscription_pedagogique",
        "annee, etudiant, etape, version, element, rang, acquis",
        &[
            "2023, '21800001', 'L1DRO', '1', 'E000', 1, TRUE",
            "2023, '21800002', 'L1DRO', '1', 'E000', 1, FALSE",
        ],
    )
    .await;
}

async fn numeros(db: &Db, f: etudiant::Filtre<'_>) -> Vec<String> {
    let f = &f;
    let page = db.read(|c| async move { etudiant::etudiant_list(&c, 2023, f, page()).await }).await.unwrap();
    assert_eq!(page.total as usize, page.elements.len());
    page.elements.into_iter().map(|e| e.numero).collect()
}

testkit::db_test!(
    students_are_sorted_as_french_does_and_narrowed_by_one_registration,
    &migrations(),
    |db| async move {
        personnes(&db).await;
        let f = etudiant::Filtre::default;
        let tous = ["21800004", "21800001", "21800003", "21800002"];
        assert_eq!(numeros(&db, f()).await, tous, "É stands among the E");
        let avec = |situations: &'static [&'static str]| etudiant::Filtre { situations, ..f() };
        assert_eq!(
            numeros(&db, avec(&["redoublant"])).await,
            ["21800001"],
            "a cancelled year does not count"
        );
        assert_eq!(numeros(&db, avec(&["plusieurs"])).await, ["21800002"]);
        assert_eq!(numeros(&db, avec(&["sans"])).await, ["21800004", "21800003"]);
        assert_eq!(numeros(&db, avec(&["redoublant", "plusieurs"])).await, [""; 0]);
        assert_eq!(numeros(&db, etudiant::Filtre { etats: &["A"], ..f() }).await, ["21800003"]);
        // Étape and regime are asked of the same registration.
        let deux = etudiant::Filtre { etapes: &["L1DRO"], regimes: &["5"], ..f() };
        assert_eq!(numeros(&db, deux).await, [""; 0]);
        assert_eq!(numeros(&db, etudiant::Filtre { etapes: &["DUX-1"], ..f() }).await, ["21800002"]);
        assert_eq!(
            numeros(&db, etudiant::Filtre { diplomes: &["DROIT"], regimes: &["2"], ..f() }).await,
            ["21800003"]
        );
        assert_eq!(numeros(&db, etudiant::Filtre { ine: Some("0123456789J"), ..f() }).await, ["21800002"]);
        assert_eq!(numeros(&db, etudiant::Filtre { recherche: "dang n'guyen", ..f() }).await, ["21800003"]);
        assert_eq!(numeros(&db, etudiant::Filtre { recherche: "%", ..f() }).await, [""; 0]);
        let loin = db
            .read(|c| async move {
                etudiant::etudiant_list(&c, 2023, &etudiant::Filtre::default(), Paging::new(1_000_000, 50))
                    .await
            })
            .await
            .unwrap();
        assert_eq!((loin.total, loin.elements.len()), (4, 0));

        let facettes = db.read(|c| async move { etudiant::etudiant_facettes(&c, 2023).await }).await.unwrap();
        assert_eq!(facettes.etapes[0].0, "L1DRO");
        assert_eq!(facettes.etapes[0].2, 3, "students, not registrations");
    }
);

testkit::db_test!(
    a_student_is_read_over_the_years_and_found_in_the_latest_known,
    &migrations(),
    |db| async move {
        personnes(&db).await;
        let toutes = db
            .read(|c| async move { inscription_administratives(&c, &[2023, 2022], "21800002").await })
            .await
            .unwrap();
        let vues: Vec<_> =
            toutes.iter().map(|i| (i.annee, i.etape.as_str(), i.etat.as_str(), i.elements)).collect();
        assert_eq!(vues, [(2023, "DUX", "E", 0), (2023, "L1DRO", "E", 1), (2022, "L1DRO", "A", 0)]);
        let ailleurs = db
            .read(|c| async move { etudiant::etudiant_read(&c, 2021, &[2023, 2022], "21800001").await })
            .await
            .unwrap()
            .unwrap();
        assert_eq!((ailleurs.annee, ailleurs.nom.as_str()), (2023, "ÉPINAY"));
        let personne =
            db.read(|c| async move { etudiant::etudiant_read(&c, 2023, &[], "9").await }).await.unwrap();
        assert_eq!(personne, None);

        let inscrits = db
            .read(|c| async move { inscription_list(&c, 2023, Cible::Etape("L1DRO", "1"), "", page()).await })
            .await
            .unwrap();
        let noms: Vec<_> = inscrits.elements.iter().map(|i| (i.nom.as_str(), i.etat.as_str())).collect();
        assert_eq!(noms, [("ÉPINAY", "E"), ("N'Guyen-Đặng", "A"), ("Zola", "E")]);
        let suivent = db
            .read(|c| async move { inscription_list(&c, 2023, Cible::Element("E000"), "zola", page()).await })
            .await
            .unwrap();
        assert_eq!((suivent.total, suivent.elements[0].acquis), (1, false));
    }
);

async fn codes(db: &Db, f: elements::Filtre<'_>) -> Vec<String> {
    let f = &f;
    let page = db.read(|c| async move { elements::element_list(&c, 2023, f, page()).await }).await.unwrap();
    assert_eq!(page.total as usize, page.elements.len());
    page.elements.into_iter().map(|e| e.code).collect()
}

testkit::db_test!(elements_are_narrowed_by_filters_that_combine, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let mut structure = offre(4);
    structure.elements[1].libelle = "Éthique".into();
    structure.elements[1].composante = Some("DRO".into());
    structure.elements[2].libelle = "Zoologie 100 %".into();
    structure.elements[2].etat = Some("F".into());
    structure.elements[3].libelle = "Finances".into();
    structure.elements[3].suspendu = true;
    structure.elements[3].ects = Some(Centi(0));
    structure.elements.push(contracts::apogee::Element { ects: None, ..element("SEUL", "Hors liste", 3) });
    banc.dire(|d| d.structure = structure);
    banc.collecter(Portee::Offre).await;
    let (db, f) = (&banc.db, elements::Filtre::default);
    assert_eq!(codes(db, f()).await, ["E000", "E001", "E003", "SEUL"], "what the source closed is not shown");
    let compte = db.read(|c| async move { elements::element_counts(&c, 2023).await }).await.unwrap();
    assert_eq!(compte, (4, 1), "the home page counts what the list shows, and what it hides");
    let tri = elements::Filtre { tri: "libelle", etat: Some("tous"), ..f() };
    assert_eq!(codes(db, tri).await, ["E000", "E001", "E003", "SEUL", "E002"], "Éthique before Finances");
    assert_eq!(codes(db, elements::Filtre { etat: Some("ferme"), ..f() }).await, ["E002"]);
    assert_eq!(codes(db, elements::Filtre { avec: &["sans-ects"], ..f() }).await, ["SEUL"]);
    let zero = (Some(Centi(0)), Some(Centi(0)));
    assert_eq!(codes(db, elements::Filtre { ects: zero, ..f() }).await, ["E003"], "zero is a value");
    assert_eq!(codes(db, elements::Filtre { avec: &["inutilise"], ..f() }).await, ["SEUL"]);
    assert_eq!(codes(db, elements::Filtre { avec: &["anomalie"], ..f() }).await, ["SEUL"], "an orphan");
    let deux = elements::Filtre { composantes: &["DRO"], natures: &["UE"], recherche: "ethique", ..f() };
    assert_eq!(codes(db, deux).await, ["E001"]);
    assert_eq!(
        codes(db, elements::Filtre { composantes: &["DRO"], periodes: &["S2"], ..f() }).await,
        [""; 0]
    );
    assert_eq!(codes(db, elements::Filtre { avec: &["correction"], ..f() }).await, [""; 0]);

    let [natures, composantes, periodes] =
        db.read(|c| async move { elements::element_facettes(&c, 2023).await }).await.unwrap();
    assert_eq!(natures, [("UE".to_owned(), "Unité d'enseignement".to_owned(), 4)]);
    assert_eq!((composantes[0].2, periodes[0].2), (1, 4));
});

testkit::db_test!(diplomas_and_etapes_count_their_students, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(2));
    banc.collecter(Portee::Offre).await;
    personnes(&banc.db).await;
    inserer(
        &banc.db,
        "diplome",
        "annee, code, libelle, cycle, recherche",
        &["2023, 'DROIT', 'Licence', '1', 'droit licence'"],
    )
    .await;
    let db = &banc.db;
    let vu =
        db.read(|c| async move { diplome::diplome_read(&c, 2023, "DROIT").await }).await.unwrap().unwrap();
    assert_eq!((vu.versions, vu.etapes, vu.inscrits), (1, 1, 2), "a cancelled registration is not a student");
    let versions =
        db.read(|c| async move { diplome::diplome_versions(&c, 2023, "DROIT").await }).await.unwrap();
    assert_eq!((versions[0].etapes[0].code.as_str(), versions[0].etapes[0].inscrits), ("L1DRO", 2));
    for (etat, combien) in [("recrute", 1), ("sans", 0), ("ferme", 0)] {
        let f =
            diplome::Filtre { etat: Some(etat), recherche: "licence", cycles: &["1"], ..Default::default() };
        let f = &f;
        let page =
            db.read(|c| async move { diplome::diplome_list(&c, 2023, f, page()).await }).await.unwrap();
        assert_eq!(page.total, combien, "{etat}");
    }
    for (avec, combien) in [("inscrits", 1), ("sans-inscrits", 0), ("sans-diplome", 0), ("distance", 1)] {
        let f = etape::Filtre { avec: &[avec], diplomes: &["DROIT"], ..Default::default() };
        let f = &f;
        let page = db.read(|c| async move { etape::etape_list(&c, 2023, f, page()).await }).await.unwrap();
        assert_eq!(page.total, combien, "{avec}");
    }
    let bilans = db.read(|c| async move { annees::annee_bilans(&c).await }).await.unwrap();
    assert_eq!((bilans[0].annee, bilans[0].elements, bilans[0].etudiants), (2023, 2, 4));
});

testkit::db_test!(
    a_history_tells_the_object_and_its_parts_the_latest_first,
    &migrations(),
    |db| async move {
        let banc = Banc::new(db).await;
        banc.dire(|d| d.structure = offre(3));
        banc.collecter(Portee::Offre).await;
        banc.dire(|d| d.structure.elements[0].libelle = "Autre".into());
        banc.essayer(Portee::Offre, true).await.unwrap();
        banc.horloge.advance(chrono::Duration::hours(1));
        banc.collecter(Portee::Offre).await;
        banc.horloge.advance(chrono::Duration::hours(1));
        banc.dire(|d| d.structure.liens_liste.retain(|l| l.element.0 != "E000"));
        banc.collecter(Portee::Offre).await;

        let db = &banc.db;
        let lire = async |sujet: Sujet<'static>, page: u64| {
            db.read(|c| async move { historique_list(&c, sujet, Paging::new(page, 2)).await }).await.unwrap()
        };
        let h = lire(Sujet::Element("E000"), 1).await;
        // Added, put in its list, relabelled, taken out of its list; what a simulation proposed is not history.
        assert_eq!(h.total, 4);
        assert_eq!(
            (h.elements[0].objet.as_str(), sorte(&h.elements[0].fait)),
            ("lien_liste_element", "fermeture")
        );
        assert_eq!((h.elements[1].objet.as_str(), sorte(&h.elements[1].fait)), ("element", "modification"));
        assert!(h.elements[0].quand > h.elements[1].quand);
        assert_eq!(h.elements[1].avant.as_ref().unwrap()["libelle"], "Élément n° 0");
        assert_eq!(h.elements[1].apres.as_ref().unwrap()["libelle"], "Autre");
        assert_eq!(lire(Sujet::Element("E000"), 2).await.elements.len(), 2);
        assert_eq!(lire(Sujet::Element("E002"), 1).await.total, 2);
        let etape = lire(Sujet::Etape("L1DRO", Some("1")), 1).await;
        assert_eq!(etape.total, 4, "étape, version, link to its list, attachment");
        assert_eq!(lire(Sujet::Etudiant("personne"), 1).await.total, 0);
    }
);

fn sorte(fait: &Fait) -> &str {
    match fait {
        Fait::Changement { sorte, .. } => sorte,
        Fait::Journal { action } => action,
    }
}

testkit::db_test!(a_search_puts_the_exact_code_first_and_the_closed_last, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let mut structure = offre(1);
    structure.elements[0] = element("DRO1", "Droit civil", 6);
    for (code, libelle) in [("DRO", "Tout"), ("XDRO", "Droit"), ("DRO12", "Droit")] {
        structure.elements.push(element(code, libelle, 3));
    }
    structure.elements[3].etat = Some("F".into());
    banc.dire(|d| d.structure = structure);
    banc.collecter(Portee::Offre).await;
    personnes(&banc.db).await;
    let db = &banc.db;
    let chercher = async |genre: Genre, texte: &'static str| {
        db.read(|c| async move { recherche::recherche_groupe(&c, 2023, genre, texte, 10).await })
            .await
            .unwrap()
    };
    let trouves = chercher(Genre::Element, "dro").await.unwrap();
    let codes: Vec<_> = trouves.trouves.iter().map(|t| (t.cle.0.as_str(), t.exact, t.ferme)).collect();
    let attendus =
        [("DRO", true, false), ("DRO1", false, false), ("XDRO", false, false), ("DRO12", false, true)];
    assert_eq!(codes, attendus);
    let etape = chercher(Genre::Etape, "L1dro").await.unwrap();
    assert_eq!(etape.trouves[0].cle, ("L1DRO".to_owned(), Some("1".to_owned())));
    assert!(etape.trouves[0].exact);
    let personne = chercher(Genre::Etudiant, "lukasz EPINAY").await.unwrap();
    assert_eq!(personne.trouves[0].libelle, "Łukasz ÉPINAY");
    assert_eq!(chercher(Genre::Diplome, "zzzz").await, None);
});

testkit::db_test!(teachers_are_narrowed_and_their_elements_told_by_name, &migrations(), |db| async move {
    inserer(
        &db,
        "enseignant",
        "annee, numero, nom, prenom, corps, statut, section_cnu, recherche",
        &[
            "2023, 'E1', 'Keita', 'Tovo', 'PRAG', 'titulaire', '16', 'e1 keita tovo'",
            "2023, 'E2', 'Évrard', 'Ana', 'MCF', 'titulaire', '01', 'e2 evrard ana'",
        ],
    )
    .await;
    inserer(
        &db,
        "element",
        "annee, code, libelle, responsable, recherche",
        &["2023, 'A', 'Un', 'Tovo Keita', 'a un'"],
    )
    .await;
    let f = enseignant::Filtre { statuts: &["titulaire"], ..Default::default() };
    let f = &f;
    let tous =
        db.read(|c| async move { enseignant::enseignant_list(&c, 2023, f, page()).await }).await.unwrap();
    assert_eq!(tous.elements.iter().map(|e| e.numero.as_str()).collect::<Vec<_>>(), ["E2", "E1"]);
    let f = enseignant::Filtre {
        statuts: &["titulaire"],
        sections: &["16"],
        corps: &["MCF"],
        ..Default::default()
    };
    let f = &f;
    let aucun =
        db.read(|c| async move { enseignant::enseignant_list(&c, 2023, f, page()).await }).await.unwrap();
    assert_eq!(aucun.total, 0);
    let noms = ["Tovo Keita".to_owned()];
    let noms = &noms;
    let siens = db
        .read(|c| async move { enseignant::enseignant_elements(&c, 2023, noms, page()).await })
        .await
        .unwrap();
    assert_eq!(siens.elements[0].code, "A");
    let [corps, ..] =
        db.read(|c| async move { enseignant::enseignant_facettes(&c, 2023).await }).await.unwrap();
    assert_eq!(corps.len(), 2);
});
