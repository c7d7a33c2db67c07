//! What the other applications are answered, on both engines: who is registered now, and to what that is offered.

use crate::banc::{Banc, annee, element, migrations, offre};
use contracts::apogee::{
    Adresse, CleEtape, Dossier, InscriptionAdministrative, InscriptionPedagogique, LienElementListe,
    LienEtapeListe, LienListeElement, Liste, Structure, VersionDEtape,
};
use contracts::maquette::{ElementEvalue, InscriptionElement, Inscrit, Offre};
use jobs::Progress;
use kernel::{CodeElement, NumeroEtudiant};
use maquette::actions::offrir::OffreMaquette;
use maquette::domain::{Demande, Portee};

/// Another étape over the same list.
fn etape(s: &mut Structure, code: &str, liste: &str) {
    s.etapes.push(contracts::apogee::Etape { code: code.into(), ..s.etapes[0].clone() });
    s.versions_etape.push(VersionDEtape {
        etape: code.into(),
        libelle: Some(format!("Année {code}")),
        ..s.versions_etape[0].clone()
    });
    s.liens_etape.push(LienEtapeListe {
        etape: code.into(),
        liste: liste.into(),
        ..s.liens_etape[0].clone()
    });
}

fn liste(s: &mut Structure, code: &str, elements: &[&str]) {
    s.listes.push(Liste { code: code.into(), type_liste: "O".into(), etat: None, libelle: code.into() });
    let liens = elements.iter().map(|e| LienListeElement { liste: code.into(), element: (*e).into() });
    s.liens_liste.extend(liens);
}

fn sous(s: &mut Structure, element: &str, liste: &str) {
    s.liens_element.push(LienElementListe {
        element: element.into(),
        liste: liste.into(),
        min: None,
        max: None,
        ordre: Some(1),
        ferme_le: None,
    });
}

fn vet(code: &str) -> CleEtape {
    CleEtape { etape: code.into(), version: "1".into() }
}

fn ia(code: &str, occurrence: i64, etat: &str) -> InscriptionAdministrative {
    InscriptionAdministrative {
        etape: vet(code),
        occurrence,
        diplome: None,
        version_diplome: None,
        etat: etat.into(),
        regime: Some("1".into()),
        premiere: code == "L1DRO",
        payee: true,
        date: None,
    }
}

fn ip(code: &str, element: &str) -> InscriptionPedagogique {
    InscriptionPedagogique {
        etape: vet(code),
        element: element.into(),
        element_superieur: None,
        rang: 1,
        acquis: false,
    }
}

fn inscrire(
    banc: &Banc,
    numero: &str,
    inscriptions: Vec<InscriptionAdministrative>,
    contrats: Vec<InscriptionPedagogique>,
) {
    let dossier = Dossier {
        numero: numero.into(),
        ine: Some("0123456789A".to_owned().into()),
        nom: "N’Guyen-Đặng".into(),
        nom_usage: None,
        prenom: "Łukasz".into(),
        naissance: None,
        nationalite: Some("Vietnam".into()),
        handicap: true,
        email: Some("l@exemple.fr".into()),
        telephone: None,
        adresse: None,
        inscriptions,
        contrats,
    };
    banc.dire(|d| {
        d.dossiers.insert(numero.to_owned(), dossier);
    });
}

fn codes(lus: &[InscriptionElement]) -> Vec<(&str, &str)> {
    lus.iter().map(|e| (e.etape.as_str(), e.element.as_str())).collect()
}

fn noms(lus: &[ElementEvalue]) -> Vec<&str> {
    lus.iter().map(|e| e.code.as_str()).collect()
}

/// Everything of a year, whatever falls.
async fn collecter(banc: &Banc, a: u16) {
    let demande =
        Demande { portee: Portee::Tout, annee: Some(annee(a)), simulation: false, accepter_chute: true };
    let id = banc.demander(&demande).await;
    assert_eq!(banc.collecteur.executer(id, &Progress::unwatched()).await.unwrap().etat, "terminee");
}

testkit::db_test!(a_repeater_is_examined_on_what_is_not_earned, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    let n: NumeroEtudiant = "20230001".into();
    assert_eq!(offreur.annee_courante().await.unwrap(), None);
    banc.dire(|d| d.structure = offre(3));
    let acquis = InscriptionPedagogique { acquis: true, ..ip("L1DRO", "E000") };
    inscrire(&banc, "20230001", vec![ia("L1DRO", 1, "E")], vec![acquis, ip("L1DRO", "E001")]);
    collecter(&banc, 2023).await;
    // The year before, in which both were still to be earned.
    inscrire(&banc, "20230001", vec![ia("L1DRO", 1, "E")], vec![ip("L1DRO", "E000"), ip("L1DRO", "E001")]);
    collecter(&banc, 2022).await;

    assert_eq!(offreur.annee_courante().await.unwrap(), Some(annee(2023)));
    let lus = offreur.elements_de(annee(2023), &n).await.unwrap();
    assert_eq!(codes(&lus), [("L1DRO", "E001")]);
    let avant = offreur.elements_de(annee(2022), &n).await.unwrap();
    assert_eq!(codes(&avant), [("L1DRO", "E000"), ("L1DRO", "E001")]);
    let tous: Vec<CodeElement> = ["E000", "E001", "E002", "ZZZ", "E001"].map(CodeElement::from).into();
    let inscrit = Inscrit { etudiant: n.clone(), element: "E001".into() };
    assert_eq!(offreur.inscrits(annee(2023), &tous).await.unwrap(), [inscrit]);
    let evalues = offreur.elements(annee(2023), &tous).await.unwrap();
    let nombres: Vec<_> = evalues.iter().map(|e| (e.code.as_str(), e.inscrits)).collect();
    assert_eq!(nombres, [("E000", 0), ("E001", 1), ("E002", 0)]);
});

testkit::db_test!(a_student_lives_where_the_source_says, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| d.structure = offre(1));
    for numero in ["20230001", "20230002"] {
        inscrire(&banc, numero, vec![ia("L1DRO", 1, "E")], vec![]);
    }
    let la_bas = Adresse {
        lignes: vec!["12 rue de l’Alma".into(), "Appt 4".into()],
        ville: Some("NOUMÉA".into()),
        pays: Some("NOUVELLE-CALÉDONIE".into()),
        code_pays: Some("988".into()),
        ..Adresse::default()
    };
    banc.dire(|d| d.dossiers.get_mut("20230001").unwrap().adresse = Some(la_bas));
    collecter(&banc, 2023).await;
    let domicile = offreur.domicile(annee(2023), &"20230001".into()).await.unwrap().unwrap();
    assert_eq!(domicile.lignes, ["12 rue de l’Alma", "Appt 4"]);
    assert_eq!((domicile.ville.as_deref(), domicile.code_pays.as_deref()), (Some("NOUMÉA"), Some("988")));
    for sans in ["20230002", "20239999"] {
        assert_eq!(offreur.domicile(annee(2023), &sans.into()).await.unwrap(), None, "{sans}");
    }
});

testkit::db_test!(three_etapes_at_once, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| {
        let mut s = offre(2);
        etape(&mut s, "DU1", "LDRO");
        etape(&mut s, "AAA", "LDRO");
        etape(&mut s, "VIDE", "LDRO");
        d.structure = s;
    });
    let ias = ["AAA", "DU1", "L1DRO"].map(|code| ia(code, 1, "E")).into();
    let ips = vec![ip("AAA", "E000"), ip("DU1", "E000"), ip("L1DRO", "E001")];
    inscrire(&banc, "20230002", ias, ips);
    collecter(&banc, 2023).await;
    let n: NumeroEtudiant = "20230002".into();

    let etapes = offreur.etapes_de(annee(2023), &n).await.unwrap();
    let lues: Vec<_> = etapes.iter().map(|e| (e.etape.as_str(), e.libelle.as_str(), e.premiere)).collect();
    assert_eq!(
        lues,
        [
            ("L1DRO", "Licence 1 Droit à distance", true),
            ("AAA", "Année AAA", false),
            ("DU1", "Année DU1", false)
        ]
    );
    let lus = offreur.elements_de(annee(2023), &n).await.unwrap();
    assert_eq!(codes(&lus), [("AAA", "E000"), ("DU1", "E000"), ("L1DRO", "E001")], "one line per étape");
    let inscrits = offreur.inscrits(annee(2023), &["E000".into()]).await.unwrap();
    assert_eq!(
        inscrits,
        [Inscrit { etudiant: n.clone(), element: "E000".into() }],
        "and once of the element"
    );
    assert_eq!(offreur.elements(annee(2023), &["E000".into()]).await.unwrap()[0].inscrits, 1);

    let cherchees = offreur.etapes_chercher(annee(2023), "annee", 10).await.unwrap();
    let lues: Vec<_> = cherchees.iter().map(|e| (e.code.as_str(), e.inscrits)).collect();
    assert_eq!(lues, [("AAA", 1), ("DU1", 1), ("VIDE", 0)], "those with students first");
    assert_eq!(offreur.etapes_chercher(annee(2023), "", 2).await.unwrap().len(), 2);
    assert!(offreur.etapes_chercher(annee(2023), "introuvable", 2).await.unwrap().is_empty());
});

testkit::db_test!(a_cancelled_registration_beside_a_live_one, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| {
        let mut s = offre(2);
        etape(&mut s, "DU1", "LDRO");
        d.structure = s;
    });
    let contrats = || vec![ip("L1DRO", "E000"), ip("DU1", "E001")];
    let deux = vec![ia("L1DRO", 1, "A"), ia("L1DRO", 2, "E"), ia("DU1", 1, "A")];
    inscrire(&banc, "20230003", deux, contrats());
    inscrire(&banc, "20230004", vec![ia("L1DRO", 1, "A"), ia("DU1", 1, "R")], contrats());
    collecter(&banc, 2023).await;

    let etapes = offreur.etapes_de(annee(2023), &"20230003".into()).await.unwrap();
    assert_eq!(etapes.iter().map(|e| e.etape.as_str()).collect::<Vec<_>>(), ["L1DRO"], "once");
    let lus = offreur.elements_de(annee(2023), &"20230003".into()).await.unwrap();
    assert_eq!(codes(&lus), [("L1DRO", "E000")], "nothing under what is cancelled");
    assert!(offreur.etapes_de(annee(2023), &"20230004".into()).await.unwrap().is_empty());
    assert!(offreur.elements_de(annee(2023), &"20230004".into()).await.unwrap().is_empty());
    let tous = ["E000", "E001"].map(CodeElement::from);
    let inscrits = offreur.inscrits(annee(2023), &tous).await.unwrap();
    assert_eq!(inscrits, [Inscrit { etudiant: "20230003".into(), element: "E000".into() }]);
    let trouvees = offreur.etapes_chercher(annee(2023), "l1dro", 5).await.unwrap();
    assert_eq!(trouvees[0].inscrits, 1, "a cancelled one is not counted");
});

testkit::db_test!(what_is_closed_is_no_longer_examined, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    let n: NumeroEtudiant = "20230005".into();
    banc.dire(|d| d.structure = offre(5));
    let tous: Vec<CodeElement> = (0..5).map(|i| CodeElement(format!("E{i:03}"))).collect();
    let ips = tous.iter().map(|e| ip("L1DRO", e.as_str())).collect();
    inscrire(&banc, "20230005", vec![ia("L1DRO", 1, "E")], ips);
    collecter(&banc, 2023).await;
    assert_eq!(offreur.elements_de(annee(2023), &n).await.unwrap().len(), 5);
    assert_eq!(
        noms(&offreur.elements_evalues(annee(2023), &"L1DRO".into(), &"1".into()).await.unwrap()).len(),
        5
    );
    assert_eq!(offreur.etudiants(annee(2023), std::slice::from_ref(&n)).await.unwrap().len(), 1);

    // One closed at the source, one suspended, one gone; one that the student is no longer registered to.
    banc.dire(|d| {
        d.structure.elements[0].etat = Some("F".into());
        d.structure.elements[1].suspendu = true;
        d.structure.elements.remove(2);
    });
    let ips = tous.iter().take(4).map(|e| ip("L1DRO", e.as_str())).collect();
    inscrire(&banc, "20230005", vec![ia("L1DRO", 1, "E")], ips);
    collecter(&banc, 2023).await;
    let lus = offreur.elements_de(annee(2023), &n).await.unwrap();
    assert_eq!(codes(&lus), [("L1DRO", "E003")], "what was kept of the student is read again");
    let inscrits = offreur.inscrits(annee(2023), &tous).await.unwrap();
    assert_eq!(inscrits, [Inscrit { etudiant: n.clone(), element: "E003".into() }]);
    let arbre = offreur.elements_evalues(annee(2023), &"L1DRO".into(), &"1".into()).await.unwrap();
    assert_eq!(noms(&arbre), ["E003", "E004"]);
    assert_eq!(noms(&offreur.elements(annee(2023), &tous).await.unwrap()), ["E003", "E004"]);

    banc.dire(|d| d.dossiers.clear());
    inscrire(&banc, "20230006", vec![ia("L1DRO", 1, "E")], Vec::new());
    collecter(&banc, 2023).await;
    assert!(offreur.etapes_de(annee(2023), &n).await.unwrap().is_empty());
    assert!(offreur.elements_de(annee(2023), &n).await.unwrap().is_empty());
    assert!(offreur.etudiants(annee(2023), &[n]).await.unwrap().is_empty(), "gone from the source");
});

testkit::db_test!(an_element_shared_by_twelve_etapes, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    let etapes: Vec<String> = (0..12).map(|i| format!("ETP{i:02}")).collect();
    banc.dire(|d| {
        let mut s = offre(2);
        etapes.iter().for_each(|code| etape(&mut s, code, "LDRO"));
        d.structure = s;
    });
    for (i, code) in etapes.iter().enumerate() {
        let suivante = &etapes[(i + 1) % 12];
        let ias = vec![ia(code, 1, "E"), ia(suivante, 1, "E")];
        inscrire(&banc, &format!("2023{i:04}"), ias, vec![ip(code, "E000"), ip(suivante, "E000")]);
    }
    collecter(&banc, 2023).await;
    for code in ["ETP00", "ETP11", "L1DRO"] {
        let arbre = offreur.elements_evalues(annee(2023), &code.into(), &"1".into()).await.unwrap();
        let lus: Vec<_> = arbre.iter().map(|e| (e.code.as_str(), e.inscrits)).collect();
        assert_eq!(lus, [("E000", 12), ("E001", 0)], "once, with all its students: {code}");
    }
    let inscrits = offreur.inscrits(annee(2023), &["E000".into()]).await.unwrap();
    assert_eq!(inscrits.len(), 12);
    assert!(inscrits.is_sorted());
    assert_eq!(offreur.elements_de(annee(2023), &"20230000".into()).await.unwrap().len(), 2);
    let inconnue = offreur.elements_evalues(annee(2023), &"ZZZ".into(), &"1".into()).await.unwrap();
    assert!(inconnue.is_empty());
});

testkit::db_test!(a_cycle_and_nine_levels, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| {
        let mut s = offre(2);
        // E001 → N1 → … → N9 → N1 and E001 again: nine levels, then back twice.
        let mut dessus = "E001".to_owned();
        for niveau in 1..=9 {
            let (code, dessous) = (format!("N{niveau}"), format!("L{niveau}"));
            s.elements.push(element(&code, &code, 3));
            liste(&mut s, &dessous, &[code.as_str(), "E000"]);
            sous(&mut s, &dessus, &dessous);
            dessus = code;
        }
        liste(&mut s, "RETOUR", &["N1", "E001"]);
        sous(&mut s, "N9", "RETOUR");
        d.structure = s;
    });
    collecter(&banc, 2023).await;
    let arbre = offreur.elements_evalues(annee(2023), &"L1DRO".into(), &"1".into()).await.unwrap();
    let attendus = ["E000", "E001", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9"];
    assert_eq!(noms(&arbre), attendus, "in the order of the tree, each once");
});

testkit::db_test!(students_are_found_by_number_or_name_and_by_nothing_else, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| d.structure = offre(1));
    for numero in ["20230008", "20230007", "20230009"] {
        inscrire(&banc, numero, vec![ia("L1DRO", 1, "E")], Vec::new());
    }
    collecter(&banc, 2023).await;
    let chercher = async |texte: &str, limite| {
        let lus = offreur.etudiants_chercher(annee(2023), texte, limite).await.unwrap();
        lus.into_iter().map(|e| e.numero.0).collect::<Vec<_>>()
    };
    assert_eq!(chercher("  LUKASZ guyen", 10).await, ["20230007", "20230008", "20230009"]);
    assert_eq!(chercher("dang", 2).await, ["20230007", "20230008"]);
    assert_eq!(chercher("20230009", 2).await, ["20230009"]);
    for secret in ["0123456789A", "vietnam", "%"] {
        assert!(chercher(secret, 9).await.is_empty(), "neither INE nor nationality: {secret}");
    }
    let deux: Vec<NumeroEtudiant> = ["20230007", "99999999", "20230007", "20230009"].map(Into::into).into();
    let lus = offreur.etudiants(annee(2023), &deux).await.unwrap();
    assert_eq!(lus.len(), 2, "each once, the unknown left out");
    let seul = offreur.etudiants(annee(2023), &["20230007".into()]).await.unwrap();
    assert_eq!(seul[0].nom_complet(), "Łukasz N’Guyen-Đặng");
    assert_eq!((seul[0].courriel.as_deref(), seul[0].handicap), (Some("l@exemple.fr"), true));
});
