use kernel::{AnneeUniversitaire, OutageKind};
use sandbox::server::{Reglages, start};

use crate::bac::{self, BASIC, JETON, PATIENCE, bac, http};

#[tokio::test]
async fn kofr_gives_every_programme_and_every_tree() {
    let bac = bac().await;
    let kofr = bac::kofr(&bac, PATIENCE);
    let world = bac.sandbox.world();
    let maquettes = kofr.maquettes().await.unwrap();
    assert_eq!(maquettes.iter().map(|m| m.annee_debut.premiere()).collect::<Vec<_>>(), [2019, 2024]);
    for maquette in maquettes {
        let annee = maquette.annee_debut;
        let attendue = world.maquette(annee.premiere()).unwrap();
        let formations = kofr.formations(annee).await.unwrap();
        assert_eq!(formations.len(), attendue.formations.len());
        let (mut etapes, mut elements) = (0, 0);
        for etape in formations.iter().flat_map(|f| &f.etapes) {
            let lue = kofr.etape(annee, &etape.id).await.unwrap();
            assert_eq!(&lue.etape, etape, "two étapes of one key");
            etapes += 1;
            elements += lue.blocs.iter().map(|b| b.elements.len()).sum::<usize>();
        }
        assert_eq!(etapes, attendue.formations.iter().map(|f| f.etapes.len()).sum::<usize>());
        assert!(elements > etapes, "{elements} elements at the top of {etapes} étapes");
    }
}

#[tokio::test]
async fn kofr_is_unchanged_until_it_changes() {
    let bac = bac().await;
    let kofr = bac::kofr(&bac, PATIENCE);
    let annee = AnneeUniversitaire::new(2024).unwrap();
    let lire = async |marque| {
        let demande = kofr::Demande { marque, ..kofr::Demande::default() };
        kofr.lire_formations(annee, &demande).await.unwrap()
    };
    let kofr::Lecture::Nouvelle { marque, .. } = lire(None).await else { panic!("first reading") };
    assert!(marque.is_some());
    assert_eq!(lire(marque.clone()).await, kofr::Lecture::Inchangee);

    bac.sandbox.change(|world| {
        let maquette = world.maquettes.iter_mut().find(|m| m.annee_debut == 2024).unwrap();
        maquette.formations.last_mut().unwrap().libelle.push_str(" (modifiée)");
    });
    let kofr::Lecture::Nouvelle { contenu, .. } = lire(marque).await else { panic!("one label changed") };
    assert!(contenu.last().unwrap().libelle.ends_with("(modifiée)"));
}

#[tokio::test]
async fn eve_gives_every_teacher_over_several_pages_and_their_hours() {
    let bac = bac().await;
    let eve = bac::eve(&bac, PATIENCE);
    let world = bac.sandbox.world();
    let annee = world.annee_courante().unwrap();
    let attendus: Vec<_> = world.enseignants.iter().filter(|e| e.annee == annee).collect();
    assert!(attendus.len() > 100, "more than one page: {}", attendus.len());
    let lus = eve.enseignants(annee).await.unwrap();
    assert_eq!(lus.len(), attendus.len());
    assert!(lus.iter().zip(&attendus).all(|(l, a)| l.numero == a.numero && l.quotite == Some(a.quotite)));

    let tous = eve.services(annee, None).await.unwrap();
    assert_eq!(tous.len(), world.services.iter().filter(|s| s.annee == annee).count());
    let numero = &tous.first().unwrap().enseignant;
    let siens = eve.services(annee, Some(numero)).await.unwrap();
    assert_eq!(siens, tous.iter().filter(|s| &s.enseignant == numero).cloned().collect::<Vec<_>>());
}

#[tokio::test]
async fn only_what_changed_since_an_instant_is_given() {
    let bac = bac().await;
    let eve = bac::eve(&bac, PATIENCE);
    let world = bac.sandbox.world();
    let annee = world.annee_courante().unwrap();
    let mut instants: Vec<_> =
        world.services.iter().filter(|s| s.annee == annee).map(|s| s.modifie_le).collect();
    instants.sort_unstable();
    let milieu = instants[instants.len() / 2];
    let demande = eve::Demande { modifie_depuis: Some(milieu), marque: None };
    let eve::Lecture::Nouvelle { contenu, .. } = eve.lire_services(annee, None, &demande).await.unwrap()
    else {
        panic!("nothing was held");
    };
    assert_eq!(contenu.len(), instants.iter().filter(|i| **i >= milieu).count());
    assert!(contenu.iter().all(|s| s.modifie_le >= Some(milieu)));
}

#[tokio::test]
async fn every_endpoint_is_seen_up() {
    let bac = bac().await;
    let annee = bac.sandbox.world().annee_courante().unwrap();
    let liens = bac::kofr(&bac, PATIENCE).verifier().await;
    assert_eq!(liens.len(), 3);
    assert_eq!(liens[0].vu.as_deref(), Ok("2 maquettes"));
    assert!(liens.iter().all(|l| l.vu.is_ok()), "{liens:?}");
    let liens = bac::eve(&bac, PATIENCE).verifier(annee).await;
    assert!(liens.iter().all(|l| l.vu.is_ok()), "{liens:?}");
}

#[tokio::test]
async fn a_wrong_question_is_answered_as_a_problem() {
    let bac = bac().await;
    let http = http();
    for (chemin, statut) in [
        ("/eve/api/v1/enseignants", 400),
        ("/eve/api/v1/enseignants?annee=24", 400),
        ("/eve/api/v1/services?annee=2024&page=0", 400),
        ("/eve/api/v1/services?annee=2024&modifie_depuis=hier", 400),
        ("/kofr/api/v1/maquettes/1999/formations", 404),
        ("/kofr/api/v1/maquettes/2024/etapes/inconnue", 404),
        ("/kofr/api/v1/rien", 404),
        ("/rien", 404),
    ] {
        let reponse = http.get(bac.url(chemin)).send().await.unwrap();
        assert_eq!(reponse.status().as_u16(), statut, "{chemin}");
        assert_eq!(reponse.headers()["content-type"], "application/problem+json", "{chemin}");
        let probleme: serde_json::Value = reponse.json().await.unwrap();
        assert_eq!(probleme["status"], statut);
        assert!(probleme["detail"].as_str().unwrap().ends_with('.'), "{probleme}");
    }
    let annee = AnneeUniversitaire::new(2024).unwrap();
    let outage = bac::kofr(&bac, PATIENCE).etape(annee, "inconnue").await.unwrap_err();
    assert_eq!(outage.kind, OutageKind::Demande);
    assert!(outage.detail.contains("La maquette 2024 n'a pas d'étape « inconnue »"), "{outage}");
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_still_says_the_total() {
    let bac = bac().await;
    let reponse = http().get(bac.url("/kofr/api/v1/maquettes?page=9")).send().await.unwrap();
    let page: serde_json::Value = reponse.json().await.unwrap();
    assert_eq!((page["total"].as_u64(), page["elements"].as_array().map(Vec::len)), (Some(2), Some(0)));
}

#[tokio::test]
async fn a_token_and_a_password_are_asked_for_when_set() {
    let (nom, mot_de_passe) = BASIC;
    let bac = start(Reglages {
        jeton: Some(JETON.into()),
        basic: Some((nom.into(), mot_de_passe.into())),
        ..bac::reglages()
    })
    .await
    .unwrap();
    assert_eq!(bac::kofr(&bac, PATIENCE).maquettes().await.unwrap().len(), 2);
    let sans = kofr::Client::new(kofr::Reglages::new(bac.url("/kofr"))).unwrap();
    assert_eq!(sans.maquettes().await.unwrap_err().kind, OutageKind::Refus);
    let faux = eve::Reglages { jeton: Some("autre".into()), ..eve::Reglages::new(bac.url("/eve")) };
    let annee = AnneeUniversitaire::new(2024).unwrap();
    let refus = eve::Client::new(faux).unwrap().enseignants(annee).await.unwrap_err();
    assert_eq!(refus.kind, OutageKind::Refus);
    assert!(refus.detail.contains("Le jeton présenté n'est pas reconnu"), "{refus}");

    let http = http();
    for chemin in ["/extraction/manifest.json", "/services/OffreFormationMetier"] {
        let refus = http.get(bac.url(chemin)).send().await.unwrap();
        assert_eq!(refus.status().as_u16(), 401, "{chemin}");
        assert!(refus.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
        let faux = http.get(bac.url(chemin)).basic_auth(nom, Some("autre")).send().await.unwrap();
        assert_eq!(faux.status().as_u16(), 401, "{chemin}");
    }
    let manifeste = http.get(bac.url("/extraction/manifest.json")).basic_auth(nom, Some(mot_de_passe));
    assert_eq!(manifeste.send().await.unwrap().status().as_u16(), 200);
}
