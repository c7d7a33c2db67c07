//! A request that defers everything asks for the same word as a confirmation does.

use std::collections::BTreeMap;

use crate::banc::{annee, banc, instant, migrations};
use iexam::actions::demander::{Demandee, demander};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision;
use iexam::domain::validation::Obstacle;
use kernel::{Actor, Fault as _};

testkit::db_test!(
    a_request_that_defers_everything_is_confirmed_in_so_many_words,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "verification").await;
        b.periode("P3", "preparation").await;
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let n = b.etudiant("22000001", &["DROI1"]);
        let id = b.posee(p, n.as_str(), "validee", (m, None), &[e]).await;
        let demandee = |decision, tout_reporter| Demandee {
            revision: 0,
            voulu: Voulu { choix: BTreeMap::from([(e, decision)]), modalite: Some(m), centre: None },
            motif: "hospitalisation".into(),
            tout_reporter,
        };
        let acteur = Actor::Planification;
        let envoyer = async |d: Demandee| demander(&b.iexam, &n, (annee(), "P1"), &d, &acteur).await;
        let refus = envoyer(demandee(Decision::Report, false)).await.unwrap_err();
        assert!(matches!(&refus, InscrireFault::Obstacles(o) if *o == [Obstacle::ToutReporte]), "{refus:?}");
        assert!(refus.message().contains("Vous reportez toutes vos épreuves"), "{}", refus.message());
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_demande").await, 0);
        assert!(!b.lue(id).await.demande_en_attente);
        // The word given, it is asked; nothing moves before the registry has answered.
        envoyer(demandee(Decision::Report, true)).await.unwrap();
        let i = b.lue(id).await;
        assert!(i.demande_en_attente && i.tient_place && i.passees == 1);
    }
);
