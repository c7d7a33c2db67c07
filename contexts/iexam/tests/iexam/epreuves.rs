//! Épreuves: made from an étape, written, moved, cancelled; the accounts and the conflicts that follow.

use crate::banc::{Banc, banc, instant, jour, migrations, scolarite};
use contracts::maquette::{Controle, ElementEvalue};
use db::{DbError, Paging};
use iexam::actions::epreuve_changer::{
    Saisie, Salles, ajouter, annuler, decaler_jours, mettre_en_salle, modifier, retarder,
};
use iexam::actions::epreuve_fault::EpreuveFault;
use iexam::actions::epreuve_poser::{Fiche, fiches};
use iexam::actions::epreuves_creer::{apercevoir, creer};
use iexam::actions::epreuves_repartir::repartir;
use iexam::actions::relever_conflits::conflits;
use iexam::domain::conflits::Sorte;
use iexam::domain::epreuve::Nature;
use iexam::domain::epreuves_proposees::Sort;
use iexam::domain::inscription::EtatInscription;
use iexam::store::epreuve::{Filtre, epreuve_comptes, epreuve_list, epreuves_de};
use iexam::store::inscription::inscription_read;
use iexam::store::periode::periode_read;
use kernel::{Cents, CodeEtape, VersionEtape};

impl Banc {
    fn element(&self, etape: &str, code: &str, controles: &[(u8, &str, Option<u32>)]) {
        let controle = |(session, nature, duree_min): &(u8, &str, Option<u32>)| Controle {
            session: *session,
            nature: (*nature).into(),
            duree_min: *duree_min,
            coefficient: None,
        };
        let element = ElementEvalue {
            code: code.into(),
            libelle: format!("Élément {code}"),
            nature: "EC".into(),
            periode: None,
            ects: None,
            responsable: None,
            inscrits: 0,
            controles: controles.iter().map(controle).collect(),
        };
        self.offre.0.lock().unwrap().offre.push((etape.into(), "100".into(), element));
    }

    async fn fiche(&self, id: i64) -> Fiche {
        self.db.read(|c| async move { fiches(&c, &[id]).await }).await.unwrap().pop().unwrap()
    }

    async fn sortes(&self, periode: i64) -> Vec<Sorte> {
        let p = self.db.read(|c| async move { periode_read(&c, periode).await }).await.unwrap().unwrap();
        conflits(&self.iexam, &p).await.unwrap().conflits.iter().map(|c| c.cle.sorte).collect()
    }
}

fn saisie(f: &Fiche) -> Saisie {
    let e = &f.epreuve;
    Saisie {
        libelle: e.libelle.clone(),
        nature: e.nature,
        debut: e.debut,
        duree_min: e.duree_min,
        documents: e.documents.clone(),
        sujet_par: e.sujet_par.clone(),
        surveillee: e.surveillee,
        salles: f.salles.clone(),
    }
}

testkit::db_test!(
    an_etape_makes_its_epreuves_once_and_shared_elements_have_one,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "preparation").await;
        b.element("L1DROI", "DR1", &[(1, "écrit", Some(180)), (1, "oral", Some(20)), (2, "oral", Some(20))]);
        b.element("L1DROI", "COM", &[(1, "écrit", Some(120))]);
        b.element("L1DROI", "UE1", &[]);
        b.element("L2DROI", "COM", &[(1, "écrit", Some(120))]);
        let (l1, l2, v) = (CodeEtape::from("L1DROI"), CodeEtape::from("L2DROI"), VersionEtape::from("100"));
        let vues = apercevoir(&b.iexam, p, &l1, &v).await.unwrap();
        assert_eq!(vues.iter().filter(|l| matches!(l.sort, Sort::Ajoutee(_))).count(), 3);
        assert!(matches!(vues.last().unwrap().sort, Sort::SansControle));

        let refus = creer(&b.iexam, p, &l1, &v, Some(2), &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Bouge), "not what was shown");
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_epreuve").await, 0);
        assert_eq!(creer(&b.iexam, p, &l1, &v, Some(3), &scolarite()).await.unwrap().len(), 3);
        assert_eq!(
            creer(&b.iexam, p, &l1, &v, None, &scolarite()).await.unwrap().len(),
            0,
            "a second time does nothing"
        );
        assert_eq!(
            creer(&b.iexam, p, &l2, &v, None, &scolarite()).await.unwrap().len(),
            0,
            "the shared element is there"
        );
        assert_eq!(b.nombre("SELECT COUNT(*) FROM journal WHERE action = 'epreuve.creer'").await, 3);
        let inconnue = creer(&b.iexam, p, &"RIEN".into(), &v, None, &scolarite()).await.unwrap_err();
        assert!(matches!(inconnue, EpreuveFault::EtapeInconnue));
        b.executer("UPDATE iexam_periode SET etat = 'cloturee'", vec![]).await;
        b.element("L1DROI", "DR9", &[(1, "écrit", Some(60))]);
        let close = creer(&b.iexam, p, &l1, &v, None, &scolarite()).await.unwrap_err();
        assert!(matches!(close, EpreuveFault::PeriodeClose(_)));
    }
);

testkit::db_test!(
    an_edit_is_checked_journaled_and_refused_to_who_did_not_see_it,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "preparation").await;
        let e = b.epreuve(p, "DR1", None, Some(180)).await;
        let avant = b.fiche(e).await;
        let voulue = Saisie { debut: Some(instant(2025, 1, 10, 8)), ..saisie(&avant) };
        let suites = modifier(&b.iexam, e, &voulue, &avant.vu().value(), &scolarite()).await.unwrap();
        assert_eq!(suites.pose.changees, [e]);
        let refus = modifier(&b.iexam, e, &voulue, &avant.vu().value(), &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Perimee));
        let tenue = b.fiche(e).await;
        let vu = tenue.vu().value();
        let dehors = Saisie { debut: Some(instant(2025, 1, 20, 8)), ..saisie(&tenue) };
        let refus = modifier(&b.iexam, e, &dehors, &vu, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Champ("debut", _)), "{refus:?}");
        let dossier = Saisie { nature: Nature::Dossier, ..saisie(&tenue) };
        let refus = modifier(&b.iexam, e, &dossier, &vu, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Champ("debut", _)), "nobody is convoked for a dossier");
        assert_eq!(
            modifier(&b.iexam, e, &saisie(&tenue), &vu, &scolarite()).await.unwrap().pose.changees,
            [] as [i64; 0]
        );
        assert_eq!(b.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'epreuve'").await, 1);

        b.element("L1DROI", "DR1", &[(1, "écrit", None)]);
        let element = "DR1".into();
        let refus = ajouter(&b.iexam, p, (&element, 1), &voulue, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Existe(_, 1)));
        let seconde = ajouter(&b.iexam, p, (&element, 2), &voulue, &scolarite()).await.unwrap();
        assert_eq!(b.fiche(seconde.pose.creees[0]).await.epreuve.rang, 2);
        let refus = ajouter(&b.iexam, p, (&"NUL".into(), 1), &voulue, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, EpreuveFault::Champ("element", _)));
    }
);

testkit::db_test!(a_longer_or_cancelled_epreuve_moves_the_accounts, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "verification").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let f = b.epreuve(p, "DR2", Some(instant(2025, 1, 10, 13)), Some(60)).await;
    let i = b.posee(p, "22000001", "verifiee", (m, None), &[e, f]).await;
    let lire =
        || async { b.db.read(|c| async move { inscription_read(&c, i).await }).await.unwrap().unwrap() };
    assert_eq!(lire().await.du, Cents(7000));
    let tenue = b.fiche(e).await;
    let longue = Saisie { duree_min: Some(240), ..saisie(&tenue) };
    let suites = modifier(&b.iexam, e, &longue, &tenue.vu().value(), &scolarite()).await.unwrap();
    assert_eq!((suites.pose.comptes.montants, lire().await.du), (1, Cents(8000)));
    let suites = annuler(&b.iexam, p, &[e, f], Some("Sujet perdu"), &scolarite()).await.unwrap();
    assert_eq!(
        (suites.pose.changees.len(), suites.pose.comptes.finalisees),
        (2, 1),
        "nothing is owed any more"
    );
    let apres = lire().await;
    assert_eq!((apres.du, apres.passees, apres.etat), (Cents::ZERO, 0, EtatInscription::Finalisee));
    let suites = annuler(&b.iexam, p, &[e], None, &scolarite()).await.unwrap();
    assert_eq!((suites.pose.comptes.a_payer, lire().await.du), (1, Cents(7000)), "restored: charged again");
    let refus = annuler(&b.iexam, p, &[e], Some(" x "), &scolarite()).await.unwrap_err();
    assert!(matches!(refus, EpreuveFault::Champ("motif", _)));
});

testkit::db_test!(days_are_moved_at_the_same_hour_and_all_or_none, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "preparation").await;
    let a = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(60)).await;
    let c = b.epreuve(p, "DR2", Some(instant(2025, 1, 17, 8)), Some(60)).await;
    let s = b.epreuve(p, "DR3", None, Some(60)).await;
    decaler_jours(&b.iexam, p, &[a, c, s], 1, &scolarite()).await.unwrap();
    assert_eq!(b.fiche(a).await.epreuve.debut, Some(instant(2025, 1, 11, 8)));
    assert_eq!(b.fiche(s).await.epreuve.debut, None);
    let refus = decaler_jours(&b.iexam, p, &[a, c], 1, &scolarite()).await.unwrap_err();
    assert!(matches!(refus, EpreuveFault::Une(ref l, _) if l == "Élément DR2"), "{refus:?}");
    assert_eq!(b.fiche(a).await.epreuve.debut, Some(instant(2025, 1, 11, 8)), "nothing moved");
});

testkit::db_test!(
    rooms_given_say_which_registrations_had_none_and_what_overflows,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "verification").await;
        let m = b.modalite(p, "presentiel", "centre", (0, 0), None).await;
        let centre = b.centre(p, m, "besancon", "Europe/Paris", "accepte", None).await;
        let petite = b.salle(centre, "N101", 1, false).await;
        let grande = b.salle(centre, "N102", 30, false).await;
        let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(60)).await;
        b.posee(p, "22000001", "verifiee", (m, Some(centre)), &[e]).await;
        b.posee(p, "22000002", "verifiee", (m, Some(centre)), &[e]).await;
        let marquer =
            |tx: db::Tx| async move { iexam::store::etat::sans_salle_recompute(&*tx, p, None).await };
        b.db.write::<_, DbError, _, _>(marquer).await.unwrap();
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription WHERE sans_salle").await, 2);
        let suites =
            mettre_en_salle(&b.iexam, p, &[e], &Salles::Remplacer(vec![petite]), &scolarite()).await.unwrap();
        assert_eq!(suites.conflits.nouveaux[0].cle.sorte, Sorte::Capacite);
        assert_eq!(suites.conflits.nouveaux[0].nombres, (2, 1));
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription WHERE sans_salle").await, 0);
        let suites =
            mettre_en_salle(&b.iexam, p, &[e], &Salles::Ajouter(vec![grande]), &scolarite()).await.unwrap();
        assert_eq!((suites.conflits.resolus.len(), suites.conflits.nouveaux.len()), (1, 0));
        assert_eq!(b.fiche(e).await.salles, [petite, grande]);
        b.executer("UPDATE iexam_salle SET active = FALSE WHERE nom = 'N102'", vec![]).await;
        b.executer(
            "INSERT INTO iexam_fermeture (centre, du, au, motif) VALUES (?, ?, ?, 'Travaux')",
            vec![centre.into(), jour(2025, 1, 10).into(), jour(2025, 1, 10).into()],
        )
        .await;
        assert_eq!(b.sortes(p).await, [Sorte::Capacite, Sorte::CentreFerme, Sorte::SalleInactive]);
    }
);

testkit::db_test!(
    conflicts_come_from_the_offer_first_and_from_choices_afterwards,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "inscriptions").await;
        let m = b.modalite(p, "tele_examen", "domicile", (0, 0), None).await;
        let a = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(120)).await;
        b.epreuve(p, "DR2", Some(instant(2025, 1, 10, 9)), Some(60)).await;
        b.etudiant("22000001", &["DR1", "DR2"]);
        assert_eq!(b.sortes(p).await, [Sorte::Chevauchement], "expected by the pedagogical registration");
        b.posee(p, "22000001", "verifiee", (m, None), &[a]).await;
        assert_eq!(b.sortes(p).await, [], "the student sits one only");
        b.etudiant("22000002", &["DR1", "DR2"]);
        b.executer("UPDATE iexam_periode SET etat = 'verification'", vec![]).await;
        assert_eq!(b.sortes(p).await, [], "who has not registered is no longer expected");
        b.executer("UPDATE iexam_periode SET etat = 'inscriptions'", vec![]).await;
        assert_eq!(b.sortes(p).await, [Sorte::Chevauchement]);
        b.offre.0.lock().unwrap().muette = true;
        b.executer("UPDATE iexam_periode SET ecart_min = ecart_min", vec![]).await;
        let periode = b.db.read(|c| async move { periode_read(&c, p).await }).await.unwrap().unwrap();
        let releve = conflits(&b.iexam, &periode).await.unwrap();
        assert!(releve.muette && releve.conflits.is_empty(), "an offer that does not answer is said");
    }
);

testkit::db_test!(a_list_is_narrowed_and_counted_by_the_database, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "preparation").await;
    let a = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(120)).await;
    let s = b.epreuve(p, "DR2", None, None).await;
    let d = b.epreuve(p, "DR3", None, None).await;
    b.executer("UPDATE iexam_epreuve SET nature = 'dossier' WHERE element = 'DR3'", vec![]).await;
    let x = b.epreuve(p, "DR4", None, None).await;
    annuler(&b.iexam, p, &[x], Some("Jamais ouverte"), &scolarite()).await.unwrap();
    let ids = |f: Filtre| {
        let db = b.db.clone();
        async move {
            let f = &f;
            let page =
                db.read(|c| async move { epreuve_list(&c, p, f, Paging::new(1, 50)).await }).await.unwrap();
            assert_eq!(page.total as usize, page.elements.len());
            page.elements.into_iter().map(|e| e.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(ids(Filtre::default()).await, [a, s, d], "the latest known first, then those without a day");
    assert_eq!(ids(Filtre { sans_date: true, ..Filtre::default() }).await, [s], "a dossier needs none");
    assert_eq!(ids(Filtre { sans_salle: true, ..Filtre::default() }).await, [a, s]);
    assert_eq!(ids(Filtre { annulees: true, ..Filtre::default() }).await, [x]);
    assert_eq!(ids(Filtre { natures: vec!["dossier".into()], ..Filtre::default() }).await, [d]);
    assert_eq!(ids(Filtre { elements: Some(vec!["DR1".into()]), ..Filtre::default() }).await, [a]);
    assert_eq!(ids(Filtre { elements: Some(vec![]), ..Filtre::default() }).await, [] as [i64; 0]);
    let le =
        |du, au| Filtre { jours: (Some(jour(2025, 1, du)), Some(jour(2025, 1, au))), ..Filtre::default() };
    assert_eq!(ids(le(10, 10)).await, [a]);
    assert_eq!(ids(le(11, 12)).await, [] as [i64; 0]);
    let n = b.db.read(|c| async move { epreuve_comptes(&c, p).await }).await.unwrap();
    assert_eq!((n.vives, n.annulees, n.sans_date, n.sans_salle), (3, 1, 1, 2));
});

testkit::db_test!(a_centre_that_starts_late_is_kept_and_taken_back, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "epreuves").await;
    let m = b.modalite(p, "presentiel", "centre", (0, 0), None).await;
    let centre = b.centre(p, m, "noumea", "Pacific/Noumea", "accepte", None).await;
    let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(60)).await;
    let lire = || async {
        b.db.read(|c| async move { iexam::store::epreuve_salle::retards_de(&c, e).await }).await.unwrap()
    };
    retarder(&b.iexam, e, &[(centre, 25)].into(), &scolarite()).await.unwrap();
    assert_eq!(lire().await, [(centre, 25)].into());
    assert!(retarder(&b.iexam, e, &[(centre, 900)].into(), &scolarite()).await.is_err());
    retarder(&b.iexam, e, &[(centre, 0)].into(), &scolarite()).await.unwrap();
    assert!(lire().await.is_empty());
    assert_eq!(b.db.read(|c| async move { epreuves_de(&c, p).await }).await.unwrap().len(), 1);
});

testkit::db_test!(
    a_calendar_is_spread_so_that_nobody_sits_two_at_once_whatever_the_etape,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "preparation").await;
        let (premiers, seconds) = (["AAA1", "AAA2", "AAA3"], ["BBB1", "BBB2", "BBB3"]);
        for (etape, codes) in [("L1DROI", premiers), ("L2DROI", seconds)] {
            for code in codes {
                b.element(etape, code, &[(1, "écrit", Some(120))]);
            }
        }
        b.etudiant("21800001", &["AAA1", "AAA2", "AAA3", "BBB1", "BBB2", "BBB3"]);
        b.etudiant("21800002", &["BBB1", "BBB3"]);
        let v = VersionEtape::from("100");
        for (etape, codes) in [("L1DROI", premiers), ("L2DROI", seconds)] {
            let codes = codes.map(kernel::CodeElement::from);
            let etape = CodeEtape::from(etape);
            let faits = repartir(&b.iexam, p, (&etape, &v), (&codes, &[]), &scolarite()).await.unwrap();
            assert_eq!(faits, 3);
            let encore = repartir(&b.iexam, p, (&etape, &v), (&codes, &[]), &scolarite()).await.unwrap();
            assert_eq!(encore, 0, "what is there stays");
        }
        let tenues = b.db.read(|c| async move { epreuves_de(&c, p).await }).await.unwrap();
        assert!(tenues.len() == 6 && tenues.iter().all(|e| e.debut.is_some()), "{tenues:?}");
        assert_eq!(b.sortes(p).await, []);
    }
);
