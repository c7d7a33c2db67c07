//! Local corrections, on both engines: what is shown, what the source says, and that neither is ever lost.

use std::sync::Arc;

use crate::banc::kofr_dit::kofr;
use crate::banc::{Banc, annee, migrations, offre};
use chrono::NaiveDate;
use kernel::{Actor, Centi, Fault, FaultKind, FixedClock, Role};
use maquette::actions::CorrectionFault;
use maquette::actions::corriger::{Pose, aujourd_hui, expirer, lever, poser, prolonger, vu_de};
use maquette::domain::correction::{EtatCorrection, Refus};
use maquette::domain::{Genre, Portee, Valeur};
use maquette::store::correction_lue::{
    Comptes, CorrectionVue, Filtre, correction_cles, correction_counts, correction_de_l_objet,
    correction_list, correction_read,
};

const AFFICHE: &str =
    "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND libelle = 'Le bon libellé'";
const SOURCE: &str = "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND libelle = 'Élément n° 0'";

fn anne() -> Actor {
    Actor::Personne { identifiant: "anne".into(), role: Role::Informatique }
}

fn jour(texte: &str) -> NaiveDate {
    texte.parse().unwrap()
}

fn pose(champ: &str, valeur: Valeur) -> Pose {
    Pose {
        annee: Some(annee(2023)),
        genre: Genre::Element,
        cle: Box::new(["E000".into()]),
        champ: champ.into(),
        valeur,
        motif: "Le libellé d’Apogée est tronqué".into(),
        fin: jour("2024-06-30"),
    }
}

async fn banc(db: db::Db, n: usize) -> (Banc, Arc<FixedClock>) {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(n));
    banc.collecter(Portee::Offre).await;
    let horloge = Arc::clone(&banc.horloge);
    (banc, horloge)
}

async fn lue(banc: &Banc, id: i64) -> CorrectionVue {
    banc.db.read(|c| async move { correction_read(&c, id, 2023).await }).await.unwrap().unwrap()
}

async fn comptes(banc: &Banc) -> Comptes {
    banc.db.read(|c| async move { correction_counts(&c, 2023, jour("2024-05-01")).await }).await.unwrap()
}

testkit::db_test!(a_collection_respects_it_and_keeps_what_the_source_says, &migrations(), |db| async move {
    let (banc, _) = banc(db, 5).await;
    let outils = &banc.collecteur.outils;
    let id = poser(outils, &pose("libelle", "Le bon libellé".into()), None, &anne()).await.unwrap();
    assert_eq!(banc.compter(AFFICHE).await, 1, "it shows at once");
    let trouve =
        "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND recherche LIKE '%le bon libelle%'";
    assert_eq!(banc.compter(trouve).await, 1, "and is found at once");
    let jeu = "SELECT COUNT(*) FROM maquette_changement h JOIN maquette_collecte c ON c.id = h.collecte_id
        WHERE c.portee = 'correction' AND c.etat = 'terminee' AND h.cause = 'correction' AND h.avant LIKE '%lément n° 0%'";
    assert_eq!(banc.compter(jeu).await, 1, "it is a change set like another");

    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.modifies, r.inchanges), (0, 18), "{r:?}");
    assert!(r.avis.iter().any(|a| a.contains("correction locale a été respectée")), "{:?}", r.avis);
    assert_eq!(banc.compter(AFFICHE).await, 1);

    // The source moves: what is shown stays, what the source says is known, somebody is told.
    banc.dire(|d| d.structure.elements[0].libelle = "Tout autre chose".into());
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!(r.modifies, 0, "{r:?}");
    assert_eq!(banc.compter(AFFICHE).await, 1);
    let vue = lue(&banc, id).await;
    assert_eq!(vue.depassee(), Some(("Élément n° 0".into(), "Tout autre chose".into())));
    let depassee =
        "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'correction_depassee' AND ferme_le IS NULL
        AND cle_objet = 'E000' AND champ = 'libelle' AND valeur_a = 'Élément n° 0 → Tout autre chose'";
    assert_eq!(banc.compter(depassee).await, 1);
    assert_eq!(comptes(&banc).await.depassees, 1);

    // It comes to agree: lifting is proposed.
    banc.dire(|d| d.structure.elements[0].libelle = "Le bon libellé".into());
    banc.collecter(Portee::Offre).await;
    assert!(lue(&banc, id).await.inutile());
    let inutile =
        "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'correction_inutile' AND ferme_le IS NULL";
    assert_eq!((banc.compter(inutile).await, banc.compter(depassee).await), (1, 0));

    // Lifted: its anomaly goes with it, and nothing is left to write.
    lever(outils, id, "La source est corrigée", None, &anne()).await.unwrap();
    assert_eq!(banc.compter(inutile).await, 0);
    assert_eq!(lue(&banc, id).await.etat, EtatCorrection::Levee);
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.modifies, banc.compter(AFFICHE).await), (0, 1));
    let journal = "SELECT COUNT(*) FROM journal WHERE objet = 'correction' AND acteur = 'anne'";
    assert_eq!(banc.compter(journal).await, 2);
});

testkit::db_test!(lifted_or_expired_it_gives_the_source_s_value_back, &migrations(), |db| async move {
    let (banc, clock) = banc(db, 5).await;
    let outils = &banc.collecteur.outils;
    let id = poser(outils, &pose("libelle", "Le bon libellé".into()), None, &anne()).await.unwrap();
    lever(outils, id, "Finalement non", None, &anne()).await.unwrap();
    assert_eq!(banc.compter(SOURCE).await, 1);
    let refus = lever(outils, id, "Encore", None, &anne()).await.unwrap_err();
    assert!(matches!(refus, CorrectionFault::DejaRetiree(_)), "{refus}");

    // Its last day still counts; the next one, it ends by itself.
    let fin = Pose { fin: jour("2024-04-03"), ..pose("libelle", "Le bon libellé".into()) };
    let id = poser(outils, &fin, None, &anne()).await.unwrap();
    clock.advance(chrono::Duration::days(1));
    assert_eq!((aujourd_hui(outils), expirer(outils).await.unwrap()), (jour("2024-04-03"), 0));
    assert_eq!(banc.compter(AFFICHE).await, 1);
    // Midnight in Besançon is 22 h of the day before in Greenwich, in summer.
    clock.advance(chrono::Duration::hours(15));
    assert_eq!((aujourd_hui(outils), expirer(outils).await.unwrap()), (jour("2024-04-04"), 1));
    assert_eq!((banc.compter(SOURCE).await, expirer(outils).await.unwrap()), (1, 0));
    let vue = lue(&banc, id).await;
    assert_eq!(vue.etat, EtatCorrection::Expiree);
    assert_eq!(vue.retiree.unwrap().0, "planification");

    // A collection does it as well, before it reads.
    let fin = Pose { fin: jour("2024-04-04"), ..fin };
    poser(outils, &fin, None, &anne()).await.unwrap();
    clock.advance(chrono::Duration::days(1));
    let r = banc.collecter(Portee::Offre).await;
    assert!(r.avis.iter().any(|a| a.contains("a pris fin")), "{:?}", r.avis);
    assert_eq!((banc.compter(SOURCE).await, r.modifies), (1, 0));
});

testkit::db_test!(
    what_cannot_be_corrected_is_refused_and_nothing_is_written,
    &migrations(),
    |db| async move {
        let (banc, _) = banc(db, 30).await;
        let outils = &banc.collecteur.outils;
        let essayer = |p: Pose| async move { poser(outils, &p, None, &anne()).await.unwrap_err() };
        let bon = || pose("libelle", "Le bon libellé".into());
        assert!(matches!(essayer(pose("code", "X".into())).await, CorrectionFault::Refus(Refus::Champ(_))));
        assert!(matches!(
            essayer(pose("ects_kofr", Valeur::Entier(1))).await,
            CorrectionFault::Refus(Refus::Champ(_))
        ));
        let etudiant = Pose { genre: Genre::Etudiant, champ: "nom".into(), ..bon() };
        assert!(matches!(essayer(etudiant).await, CorrectionFault::Refus(Refus::Genre)));
        let passee = Pose { fin: jour("2024-04-01"), ..bon() };
        assert!(matches!(essayer(passee).await, CorrectionFault::Refus(Refus::FinPassee(_))));
        let lointaine = Pose { fin: jour("2025-04-04"), ..bon() };
        assert!(matches!(essayer(lointaine).await, CorrectionFault::Refus(Refus::FinLointaine(..))));
        let muette = Pose { motif: " \n ".into(), ..bon() };
        assert!(matches!(essayer(muette).await, CorrectionFault::Refus(Refus::Motif)));
        let inconnu = Pose { cle: Box::new(["ZZZ".into()]), ..bon() };
        assert_eq!(essayer(inconnu).await.kind(), FaultKind::NotFound);
        let deja = essayer(pose("libelle", "Élément n° 0".into())).await;
        assert!(matches!(deja, CorrectionFault::DejaCetteValeur(_)));

        banc.dire(|d| drop(d.structure.elements.remove(0)));
        banc.collecter(Portee::Offre).await;
        assert!(matches!(essayer(bon()).await, CorrectionFault::ObjetFerme(..)));
        assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_correction").await, 0);
        assert_eq!(
            banc.compter("SELECT COUNT(*) FROM maquette_collecte WHERE portee = 'correction'").await,
            0
        );
    }
);

testkit::db_test!(two_people_at_once_do_not_overwrite_one_another, &migrations(), |db| async move {
    let (banc, _) = banc(db, 3).await;
    let outils = &banc.collecteur.outils;
    let vu = vu_de(&"Élément n° 0".into()).value();
    let id = poser(outils, &pose("libelle", "Le bon libellé".into()), Some(&vu), &anne()).await.unwrap();
    let second = pose("libelle", "Un autre".into());
    let refus = poser(outils, &second, Some(&vu), &Actor::Commande).await.unwrap_err();
    assert!(matches!(&refus, CorrectionFault::DejaCorrige(c) if c.posee_par == "anne"), "{refus}");
    assert!(refus.message().contains("anne"), "{}", refus.message());

    // A form opened before a collection changed the field.
    banc.dire(|d| d.structure.elements[1].libelle = "Changé".into());
    banc.collecter(Portee::Offre).await;
    let autre = Pose { cle: Box::new(["E001".into()]), ..second };
    let vu = vu_de(&"Élément n° 1".into()).value();
    let refus = poser(outils, &autre, Some(&vu), &anne()).await.unwrap_err();
    assert!(matches!(refus, CorrectionFault::Change { .. }), "{refus}");

    // Two forms that extend the same correction.
    let vu = ::web::Vu::of(lue(&banc, id).await.vues()).value();
    prolonger(outils, id, jour("2024-07-31"), "Encore un mois", Some(&vu), &anne()).await.unwrap();
    let refus = prolonger(outils, id, jour("2024-08-31"), "Deux mois", Some(&vu), &Actor::Commande)
        .await
        .unwrap_err();
    assert!(matches!(refus, CorrectionFault::Perime(_)), "{refus}");
    assert_eq!(lue(&banc, id).await.fin, jour("2024-07-31"));
    let refus = lever(outils, id, "Non", Some(&vu), &Actor::Commande).await.unwrap_err();
    assert_eq!(refus.kind(), FaultKind::Conflict);
});

testkit::db_test!(corrected_ects_make_the_sums_of_the_year, &migrations(), |db| async move {
    let (banc, _) = banc(db, 10).await;
    let fausse = "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'ects_annee' AND ferme_le IS NULL";
    banc.dire(|d| {
        d.structure.elements[0].ects = Some(Centi::unites(4));
        d.structure.elements[1].nature = "SEM".into();
    });
    banc.collecter(Portee::Offre).await;
    assert_eq!(banc.compter(fausse).await, 1, "58 is not 60");
    let outils = &banc.collecteur.outils;
    poser(outils, &pose("ects", Valeur::Entier(600)), None, &anne()).await.unwrap();
    banc.collecter(Portee::Offre).await;
    assert_eq!(banc.compter(fausse).await, 0);
    let tenu =
        "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 600 AND ects_apogee = 400";
    assert_eq!(banc.compter(tenu).await, 1, "what Apogée says is still read");
});

testkit::db_test!(the_source_is_the_one_that_decides_the_field, &migrations(), |db| async move {
    let (banc, _) = banc(db, 5).await;
    let outils = &banc.collecteur.outils;
    kofr(&banc, "3.00", "Élément n° 0");
    banc.collecter(Portee::Offre).await;
    let id = poser(outils, &pose("ects", Valeur::Entier(600)), None, &anne()).await.unwrap();
    assert_eq!(lue(&banc, id).await.source_dite().as_deref(), Some("3"), "Kofr's, though Apogée says 6");
    kofr(&banc, "4.00", "Élément n° 0");
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!(r.modifies, 1, "what Kofr says is still read: {r:?}");
    let tenu = "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 600 AND ects_kofr = 400";
    assert_eq!(banc.compter(tenu).await, 1);
    assert_eq!(lue(&banc, id).await.depassee(), Some(("3".into(), "4".into())));
});

testkit::db_test!(an_object_that_leaves_takes_its_correction_up_again, &migrations(), |db| async move {
    let (banc, _) = banc(db, 30).await;
    let outils = &banc.collecteur.outils;
    let id = poser(outils, &pose("libelle", "Le bon libellé".into()), None, &anne()).await.unwrap();
    let parti = banc.porte.dits.lock().unwrap().structure.elements.remove(0);
    banc.collecter(Portee::Offre).await;
    assert!(!lue(&banc, id).await.source.unwrap().presente);
    banc.dire(|d| d.structure.elements.insert(0, parti));
    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.rouverts, banc.compter(AFFICHE).await), (1, 1));
    assert!(lue(&banc, id).await.source.unwrap().presente);
});

testkit::db_test!(lists_marks_and_counts_agree, &migrations(), |db| async move {
    let (banc, _) = banc(db, 5).await;
    let outils = &banc.collecteur.outils;
    let toutes = Pose { annee: None, ..pose("libelle", "Le bon libellé".into()) };
    let a = poser(outils, &toutes, None, &anne()).await.unwrap();
    let refus = poser(outils, &pose("libelle", "x".into()), None, &anne()).await.unwrap_err();
    assert!(matches!(refus, CorrectionFault::DejaCorrige(_)), "every year covers this one");
    let proche = Pose { fin: jour("2024-04-20"), ..pose("ects", Valeur::Entier(0)) };
    let b = poser(outils, &proche, None, &anne()).await.unwrap();
    let c = poser(
        outils,
        &Pose { cle: Box::new(["E001".into()]), ..pose("suspendu", true.into()) },
        None,
        &anne(),
    )
    .await;
    lever(outils, c.unwrap(), "Essai", None, &anne()).await.unwrap();

    let n = comptes(&banc).await;
    assert_eq!((n.actives, n.levees, n.expirees, n.bientot), (2, 1, 0, 1));
    assert_eq!(n.genres, [("element".to_owned(), 3)]);
    let paging = db::Paging::new(1, 50);
    let liste = |f: Filtre<'static>| {
        let db = banc.db.clone();
        async move {
            let f = &f;
            let page = db.read(|c| async move { correction_list(&c, 2023, f, paging).await }).await.unwrap();
            page.elements.iter().map(|c| c.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(
        liste(Filtre { etats: &["active"], ..Filtre::default() }).await,
        [b, a],
        "the nearest end first"
    );
    assert_eq!(liste(Filtre { bientot: Some(jour("2024-05-01")), ..Filtre::default() }).await, [b]);
    assert_eq!(liste(Filtre { recherche: "bon libelle e000", ..Filtre::default() }).await, [b]);
    assert_eq!(liste(Filtre { recherche: "tronque e000", ..Filtre::default() }).await, [b, a]);
    assert_eq!(liste(Filtre { recherche: "%", ..Filtre::default() }).await, Vec::<i64>::new());

    let cle: [Valeur; 1] = ["E000".into()];
    let (ici, cles) = banc
        .db
        .read(|c| async move {
            let cles = [r#"["E000"]"#.to_owned(), r#"["E001"]"#.to_owned()];
            let ici = correction_de_l_objet(&c, 2023, Genre::Element, &cle).await?;
            Ok::<_, db::DbError>((ici, correction_cles(&c, 2023, Genre::Element, &cles).await?))
        })
        .await
        .unwrap();
    assert_eq!(ici.iter().map(|c| c.champ.nom).collect::<Vec<_>>(), ["ects", "libelle"]);
    assert_eq!(ici[0].valeur_dite(), "0", "zero is a value");
    assert_eq!(ici[0].source_dite().as_deref(), Some("6"));
    assert_eq!(cles.len(), 2);
});
