//! Undoing change sets, on both engines: what comes back, what stands in the way, and what two people at once can do.

use std::collections::BTreeMap;

use crate::banc::{Banc, annee, element, liste, migrations, offre};
use contracts::apogee::{CleEtape, Dossier, InscriptionAdministrative};
use jobs::Progress;
use kernel::{Actor, Fault};
use maquette::actions::annuler::{AnnulationFault, constater, demander, executer};
use maquette::domain::genre::GENRES;
use maquette::domain::{Genre, Portee, Rapport, Valeur};
use maquette::store::objet::{objet_champs, objet_load};

/// Every open row, with its fields and their identity.
type Photo = BTreeMap<(Genre, Box<[Valeur]>), (i64, Box<[Valeur]>)>;

async fn photo(banc: &Banc) -> Photo {
    let mut photo = Photo::new();
    for d in &GENRES {
        let genre = d.genre;
        let tenus = banc.db.read(|c| async move { objet_load(&c, genre, 2023).await }).await.unwrap();
        let ids: Vec<i64> = tenus.values().map(|t| t.id).collect();
        let ids = &ids;
        let champs = banc.db.read(|c| async move { objet_champs(&c, genre, ids).await }).await.unwrap();
        for (cle, t) in tenus.into_iter().filter(|(_, t)| !t.ferme) {
            let champs = champs[&t.id].clone();
            assert_eq!(t.empreinte, maquette::domain::valeur::empreinte(&champs), "{genre:?} {cle:?}");
            photo.insert((genre, cle), (t.empreinte, champs));
        }
    }
    photo
}

async fn annuler(banc: &Banc, id: i64) -> Result<Rapport, AnnulationFault> {
    let outils = &banc.collecteur.outils;
    let (neuve, _) = demander(outils, &banc.queue, id, None, &Actor::Commande).await?;
    executer(outils, neuve, &Progress::unwatched()).await
}

fn changer(banc: &Banc) {
    banc.dire(|d| {
        let s = &mut d.structure;
        s.elements[0].libelle = "Autre libellé".into();
        s.elements[1].ects = None;
        s.elements.push(element("NEUF", "Neuf", 3));
        // Closed, with its link.
        let parti = s.elements.remove(2).code;
        s.liens_liste.retain(|l| l.element != parti);
        s.etapes[0].libelle_court = Some("L1 Droit".into());
    });
}

testkit::db_test!(any_set_comes_back_and_the_undo_too, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let vide = photo(&banc).await;
    banc.dire(|d| d.structure = offre(30));
    let premiere = banc.collecter(Portee::Offre).await.collecte;
    let avant = photo(&banc).await;
    changer(&banc);
    let seconde = banc.collecter(Portee::Offre).await;
    assert_eq!((seconde.ajoutes, seconde.modifies, seconde.fermes), (1, 3, 2));
    let apres = photo(&banc).await;

    let defaite = annuler(&banc, seconde.collecte).await.unwrap();
    assert_eq!((defaite.fermes, defaite.modifies, defaite.rouverts), (1, 3, 2));
    assert_eq!(photo(&banc).await, avant);
    let trace = format!(
        "SELECT COUNT(*) FROM maquette_changement WHERE collecte_id = {} AND cause = 'annulation'",
        defaite.collecte
    );
    assert!(banc.compter(&trace).await >= 6);
    let closed = "SELECT COUNT(*) FROM maquette_element WHERE code = 'NEUF' AND ferme_le IS NOT NULL";
    assert_eq!(banc.compter(closed).await, 1, "closed, not deleted");

    let refaite = annuler(&banc, defaite.collecte).await.unwrap();
    assert_eq!((refaite.rouverts, refaite.modifies, refaite.fermes), (1, 3, 2));
    assert_eq!(photo(&banc).await, apres);
    annuler(&banc, refaite.collecte).await.unwrap();
    assert_eq!(photo(&banc).await, avant);

    // The first is undone through all that, since nothing of it is left.
    annuler(&banc, premiere).await.unwrap();
    assert_eq!(photo(&banc).await, vide);
    let journal = banc.compter("SELECT COUNT(*) FROM journal WHERE action = 'collecte.annuler'").await;
    assert_eq!(journal, 4);
});

testkit::db_test!(the_next_collection_compares_row_by_row, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(10));
    banc.collecter(Portee::Offre).await;
    changer(&banc);
    let seconde = banc.collecter(Portee::Offre).await;
    let apres = photo(&banc).await;
    annuler(&banc, seconde.collecte).await.unwrap();
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.rouverts, r.modifies, r.fermes), (1, 3, 2), "the source has not changed");
    assert_eq!(photo(&banc).await, apres);
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes, r.rouverts), (0, 0, 0, 0));
});

testkit::db_test!(what_came_since_blocks_only_where_it_treads, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let outils = banc.collecteur.outils.clone();
    banc.dire(|d| d.structure = offre(10));
    let premiere = banc.collecter(Portee::Offre).await.collecte;
    banc.dire(|d| d.structure.elements[0].libelle = "Une fois".into());
    let seconde = banc.collecter(Portee::Offre).await.collecte;
    banc.dire(|d| d.structure.elements[5].libelle = "Ailleurs".into());
    let ailleurs = banc.collecter(Portee::Offre).await.collecte;

    // Another row: no obstacle. The same row: an obstacle, that is named.
    assert!(constater(&outils, seconde).await.unwrap().refus.is_none());
    banc.dire(|d| d.structure.elements[0].libelle = "Deux fois".into());
    let troisieme = banc.collecter(Portee::Offre).await.collecte;
    let constat = constater(&outils, seconde).await.unwrap();
    assert!(
        matches!(constat.refus, Some(AnnulationFault::Bloquee(s, 1, t)) if s == seconde && t == troisieme)
    );
    assert_eq!((constat.bloquees, constat.obstacles.len()), (1, 1));
    assert_eq!(constat.obstacles[0].cle[0], Valeur::from("E000"));
    assert_eq!(constat.bloquants[0].id, troisieme);
    let refus = annuler(&banc, seconde).await.unwrap_err();
    assert!(refus.way_out().contains(&format!("n° {troisieme}")), "{}", refus.way_out());

    // Once that one is undone, the way is free; the first waits for both.
    annuler(&banc, troisieme).await.unwrap();
    annuler(&banc, seconde).await.unwrap();
    let sql = "SELECT COUNT(*) FROM maquette_element WHERE libelle = 'Élément n° 0'";
    assert_eq!(banc.compter(sql).await, 1);
    let refus = annuler(&banc, premiere).await.unwrap_err();
    assert!(matches!(refus, AnnulationFault::Bloquee(_, 1, b) if b == ailleurs), "{refus}");
});

testkit::db_test!(twice_at_once_or_nothing_to_undo_is_refused, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let outils = banc.collecteur.outils.clone();
    banc.dire(|d| d.structure = offre(5));
    let simulee = banc.essayer(Portee::Offre, true).await.unwrap().collecte;
    let premiere = banc.collecter(Portee::Offre).await.collecte;
    let egale = banc.collecter(Portee::Offre).await.collecte;
    banc.dire(|d| d.panne_structure = true);
    assert!(banc.essayer(Portee::Offre, false).await.is_err());
    let refus = async |id| constater(&outils, id).await.unwrap().refus.unwrap().message();
    assert!(refus(simulee).await.contains("simulation"));
    assert!(refus(egale).await.contains("n’a rien changé"));
    assert!(refus(egale + 1).await.contains("interrompue"));
    assert!(matches!(constater(&outils, 99).await, Err(AnnulationFault::Inconnue(99))));

    // What was shown must still be true.
    let vu = constater(&outils, premiere).await.unwrap().vu;
    let qui = Actor::Commande;
    let perime = demander(&outils, &banc.queue, premiere, Some("1-1"), &qui).await;
    assert!(matches!(perime, Err(AnnulationFault::Change(_))));
    let (neuve, _) = demander(&outils, &banc.queue, premiere, Some(&vu), &qui).await.unwrap();
    let seconde = demander(&outils, &banc.queue, premiere, None, &qui).await;
    assert!(matches!(seconde, Err(AnnulationFault::DejaDemandee(_, n)) if n == neuve));

    let progress = Progress::unwatched();
    let faite = executer(&outils, neuve, &progress).await.unwrap();
    assert_eq!(executer(&outils, neuve, &progress).await.unwrap(), faite, "run again, it does nothing more");
    let encore = demander(&outils, &banc.queue, premiere, None, &qui).await;
    assert!(matches!(encore, Err(AnnulationFault::DejaAnnulee(_, n)) if n == neuve));
});

testkit::db_test!(what_changes_while_an_undo_waits_is_seen, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let outils = banc.collecteur.outils.clone();
    banc.dire(|d| d.structure = offre(5));
    banc.collecter(Portee::Offre).await;
    banc.dire(|d| d.structure.elements[0].libelle = "Une fois".into());
    let seconde = banc.collecter(Portee::Offre).await.collecte;
    let (neuve, _) = demander(&outils, &banc.queue, seconde, None, &Actor::Commande).await.unwrap();
    banc.dire(|d| d.structure.elements[0].libelle = "Deux fois".into());
    banc.collecter(Portee::Offre).await;
    let avant = photo(&banc).await;
    let refus = executer(&outils, neuve, &Progress::unwatched()).await.unwrap_err();
    assert!(matches!(refus, AnnulationFault::Bloquee(..)), "{refus}");
    assert_eq!(photo(&banc).await, avant);
    let sql = format!(
        "SELECT COUNT(*) FROM maquette_collecte WHERE id = {neuve} AND etat = 'interrompue' AND rapport LIKE '%changé depuis%'"
    );
    assert_eq!(banc.compter(&sql).await, 1, "its page says why");
    // A refused undo leaves no trace in the way of another.
    assert!(matches!(constater(&outils, seconde).await.unwrap().refus, Some(AnnulationFault::Bloquee(..))));
});

testkit::db_test!(a_set_of_several_chunks_is_undone_whole, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(3_000));
    let r = banc.collecter(Portee::Offre).await;
    let defaite = annuler(&banc, r.collecte).await.unwrap();
    assert_eq!((defaite.fermes, defaite.rouverts), (r.ajoutes, 0));
    assert!(defaite.fermes > 6_000, "more than one chunk: {}", defaite.fermes);
    assert!(photo(&banc).await.is_empty());
    let refaite = annuler(&banc, defaite.collecte).await.unwrap();
    assert_eq!(refaite.rouverts, r.ajoutes);
});

fn dossier(numero: usize) -> Dossier {
    Dossier {
        numero: format!("{numero:08}").into(),
        ine: None,
        nom: "D’Épinay".into(),
        nom_usage: None,
        prenom: "Łukasz".into(),
        naissance: chrono::NaiveDate::from_ymd_opt(1999, 2, 28),
        nationalite: None,
        handicap: true,
        email: None,
        telephone: None,
        adresse: None,
        inscriptions: vec![InscriptionAdministrative {
            etape: CleEtape { etape: "L1DRO".into(), version: "1".into() },
            occurrence: 1,
            diplome: None,
            version_diplome: None,
            etat: "E".into(),
            regime: Some("1".into()),
            premiere: true,
            payee: false,
            date: None,
        }],
        contrats: Vec::new(),
    }
}

testkit::db_test!(people_come_back_with_their_dates_and_truths, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    let outils = banc.collecteur.outils.clone();
    banc.dire(|d| {
        d.structure = offre(3);
        d.dossiers = (0..8).map(dossier).map(|d| (d.numero.0.clone(), d)).collect();
    });
    let qui = json_enseignant("Curie");
    banc.rest.lock().unwrap().insert("api/v1/enseignants".into(), liste(qui));
    let offre_seule = banc.collecter(Portee::Offre).await.collecte;
    banc.collecter(Portee::Personnes).await;
    let avant = photo(&banc).await;
    // An offer that goes would leave students behind: that is said.
    let constat = constater(&outils, offre_seule).await.unwrap();
    assert_eq!(constat.inscrits, [("L1DRO".to_owned(), "1".to_owned(), 8)]);

    banc.dire(|d| {
        let d = d.dossiers.get_mut("00000003").unwrap();
        (d.naissance, d.handicap, d.email) = (None, false, Some("x@exemple.fr".into()));
        d.inscriptions[0].etat = "A".into();
    });
    banc.rest.lock().unwrap().insert("api/v1/enseignants".into(), liste(json_enseignant("Sklodowska")));
    let r = banc.collecter(Portee::Personnes).await;
    assert_eq!(r.modifies, 3);
    annuler(&banc, r.collecte).await.unwrap();
    assert_eq!(photo(&banc).await, avant);
    let sql = "SELECT COUNT(*) FROM maquette_enseignant WHERE recherche LIKE '%curie%'";
    assert_eq!(banc.compter(sql).await, 1, "found again under the name that came back");
    assert_eq!(annee(2023).premiere(), 2023);
});

fn json_enseignant(nom: &str) -> serde_json::Value {
    serde_json::json!([{ "numero": "E1", "nom": nom, "prenom": "Marie" }])
}
