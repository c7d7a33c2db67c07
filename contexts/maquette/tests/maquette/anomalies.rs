//! Anomalies as work, on both engines: what is decided holds until a source moves.

use std::sync::Arc;

use crate::banc::kofr_dit::kofr;
use crate::banc::{Banc, migrations, offre};
use chrono::NaiveDate;
use kernel::{Actor, Fault, FaultKind, FixedClock, Role};
use maquette::actions::ArbitrageFault;
use maquette::actions::arbitrer::{Reglement, attribuer, choix, ignorer, regler, rouvrir};
use maquette::actions::corriger::{aujourd_hui, lever};
use maquette::domain::Portee;
use maquette::domain::arbitrage::{Decide, Decision, EtatArbitrage, Situation, situation};
use maquette::store::anomalie::{
    AnomalieVue, Etats, Filtre, anomalie_etats, anomalie_facettes, anomalie_ids, anomalie_list, anomalie_read,
};
use maquette::store::arbitrage::{Arbitrage, anomalie_de_correction, arbitrage_write};

fn anne() -> Actor {
    Actor::Personne { identifiant: "anne".into(), role: Role::Informatique }
}

fn jour(texte: &str) -> NaiveDate {
    texte.parse().unwrap()
}

/// An offer where Kofr gives the first element 3 ECTS, and Apogée 6.
async fn banc(db: db::Db) -> (Banc, Arc<FixedClock>) {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(5);
        let vide = contracts::apogee::Liste { code: "LVIDE".into(), ..d.structure.listes[0].clone() };
        d.structure.listes.push(vide);
    });
    kofr(&banc, "3.00", "Élément n° 0");
    banc.collecter(Portee::Offre).await;
    let horloge = Arc::clone(&banc.horloge);
    (banc, horloge)
}

async fn toutes(banc: &Banc, filtre: Filtre<'_>) -> Vec<AnomalieVue> {
    let (filtre, jour) = (&filtre, aujourd_hui(&banc.collecteur.outils));
    let paging = db::Paging::new(1, 200);
    banc.db
        .read(|c| async move { anomalie_list(&c, 2023, filtre, jour, paging).await })
        .await
        .unwrap()
        .elements
}

async fn ects(banc: &Banc) -> AnomalieVue {
    toutes(banc, Filtre { regles: &["ects_differents"], ..Filtre::default() }).await.remove(0)
}

async fn etats(banc: &Banc) -> Etats {
    let jour = aujourd_hui(&banc.collecteur.outils);
    banc.db.read(|c| async move { anomalie_etats(&c, 2023, "anne", jour).await }).await.unwrap()
}

fn reglement(decision: Decision) -> Reglement {
    Reglement {
        decision,
        valeur: String::new(),
        motif: "Vu avec la composante".into(),
        fin: Some(jour("2024-06-30")),
        corriger: true,
    }
}

testkit::db_test!(
    settled_by_the_other_source_it_stays_so_until_a_source_moves,
    &migrations(),
    |db| async move {
        let (banc, _) = banc(db).await;
        let outils = &banc.collecteur.outils;
        let a = ects(&banc).await;
        assert_eq!((a.situation, a.a.1.as_str(), a.b.1.as_str()), (Situation::ATraiter, "6 ECTS", "3 ECTS"));
        let vu = ::web::Vu::of(a.vues()).value();

        // Before: what each decision would do.
        let tenue = &a;
        let avant = banc.db.read(|c| async move { choix(&c, tenue).await }).await.unwrap().unwrap();
        let effets: Vec<_> = avant.effets.iter().map(|e| (e.decision, e.dite.as_str(), e.corrige)).collect();
        assert_eq!(effets, [(Decision::SourceA, "6", true), (Decision::SourceB, "3", false)]);

        let sans_droit = Reglement { corriger: false, ..reglement(Decision::SourceA) };
        let refus = regler(outils, a.id, &sans_droit, Some(&vu), &anne()).await.unwrap_err();
        assert_eq!(refus.kind(), FaultKind::Forbidden);
        let sans_fin = Reglement { fin: None, ..reglement(Decision::SourceA) };
        let refus = regler(outils, a.id, &sans_fin, Some(&vu), &anne()).await.unwrap_err();
        assert!(matches!(refus, ArbitrageFault::SansFin));

        let correction =
            regler(outils, a.id, &reglement(Decision::SourceA), Some(&vu), &anne()).await.unwrap().unwrap();
        let affiche =
            "SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 600 AND ects_kofr = 300";
        assert_eq!(banc.compter(affiche).await, 1, "Apogée's value shows at once");
        let retour =
            banc.db.read(|c| async move { anomalie_de_correction(&c, correction).await }).await.unwrap();
        assert_eq!(retour, Some(a.id), "the correction knows its anomaly");
        let refus = regler(outils, a.id, &reglement(Decision::Normal), Some(&vu), &anne()).await.unwrap_err();
        assert!(matches!(refus, ArbitrageFault::Change(_)), "the form is older than the decision");

        banc.collecter(Portee::Offre).await;
        let a = ects(&banc).await;
        assert_eq!(
            (a.situation, a.arbitrage.as_ref().unwrap().correction),
            (Situation::Reglee, Some((correction, false)))
        );
        assert_eq!(banc.compter(affiche).await, 1);

        // Kofr moves: it comes back, under the same number.
        kofr(&banc, "4.00", "Élément n° 0");
        banc.collecter(Portee::Offre).await;
        let revenue = ects(&banc).await;
        assert_eq!((revenue.id, revenue.situation), (a.id, Situation::Revenue));
        // And back where it was decided: the decision holds again.
        kofr(&banc, "3.00", "Élément n° 0");
        banc.collecter(Portee::Offre).await;
        assert_eq!(ects(&banc).await.situation, Situation::Reglee);
        // The correction ends: so does the decision.
        lever(outils, correction, "Kofr est corrigé", None, &anne()).await.unwrap();
        assert_eq!(ects(&banc).await.situation, Situation::Revenue);
        let r = regler(outils, a.id, &reglement(Decision::SourceB), None, &anne()).await.unwrap();
        assert_eq!(
            (r, ects(&banc).await.situation),
            (None, Situation::Reglee),
            "Kofr's is what is shown: nothing to correct"
        );
    }
);

testkit::db_test!(a_local_value_is_typed_and_checked, &migrations(), |db| async move {
    let (banc, _) = banc(db).await;
    let outils = &banc.collecteur.outils;
    let id = ects(&banc).await.id;
    let faux = Reglement { valeur: "cinq".into(), ..reglement(Decision::Locale) };
    let refus = regler(outils, id, &faux, None, &anne()).await.unwrap_err();
    assert_eq!(refus.champ_du_formulaire(), Some("valeur"));
    assert_eq!(etats(&banc).await.reglees, 0, "nothing was written");
    let locale = Reglement { valeur: "4,5".into(), ..reglement(Decision::Locale) };
    assert!(regler(outils, id, &locale, None, &anne()).await.unwrap().is_some());
    assert_eq!(
        banc.compter("SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 450").await,
        1
    );
    assert_eq!(ects(&banc).await.arbitrage.unwrap().valeur_locale.as_deref(), Some("4,5"));

    // Another decision on the same field ends the correction, and needs none when a source's value is enough.
    let autre = Reglement { valeur: "5".into(), ..reglement(Decision::Locale) };
    assert!(regler(outils, id, &autre, None, &anne()).await.unwrap().is_some());
    assert_eq!(
        banc.compter("SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 500").await,
        1
    );
    assert_eq!(regler(outils, id, &reglement(Decision::SourceB), None, &anne()).await.unwrap(), None);
    assert_eq!(
        banc.compter("SELECT COUNT(*) FROM maquette_element WHERE code = 'E000' AND ects = 300").await,
        1
    );
    assert_eq!(banc.compter("SELECT COUNT(*) FROM maquette_correction WHERE retiree_le IS NULL").await, 0);
    assert_eq!(ects(&banc).await.situation, Situation::Reglee);

    // No value settles a structural anomaly; a reason does.
    let structure = toutes(&banc, Filtre { regles: &["liste_vide"], ..Filtre::default() }).await.remove(0);
    let refus = regler(outils, structure.id, &reglement(Decision::SourceA), None, &anne()).await.unwrap_err();
    assert!(matches!(refus, ArbitrageFault::SansValeur(_)));
    assert_eq!(
        regler(outils, structure.id, &reglement(Decision::Normal), None, &anne()).await.unwrap(),
        None
    );
});

testkit::db_test!(assigned_set_aside_and_back_the_figures_are_the_lists, &migrations(), |db| async move {
    let (banc, clock) = banc(db).await;
    let outils = &banc.collecteur.outils;
    let total = toutes(&banc, Filtre::default()).await.len() as u64;
    assert!(total >= 2, "{total}");
    let a = ects(&banc).await;
    attribuer(outils, &[a.id], "anne", &anne()).await.unwrap();
    let e = etats(&banc).await;
    assert_eq!((e.a_traiter, e.attribuees, e.a_moi, e.en_cours()), (total - 1, 1, 1, total));
    let motif = "En attente du conseil";
    let refus = ignorer(outils, &[a.id], jour("2024-04-01"), motif, None, &anne()).await.unwrap_err();
    assert_eq!(refus.champ_du_formulaire(), Some("jusqu_au"));
    ignorer(outils, &[a.id], jour("2024-04-03"), motif, None, &anne()).await.unwrap();
    assert_eq!((etats(&banc).await.ignorees, etats(&banc).await.a_moi), (1, 0));
    clock.advance(chrono::Duration::days(1));
    assert_eq!(ects(&banc).await.situation, Situation::Ignoree, "the last day counts");
    clock.advance(chrono::Duration::days(1));
    let revenue = ects(&banc).await;
    assert_eq!(
        (revenue.situation, revenue.attribuee_a()),
        (Situation::Revenue, Some("anne")),
        "to the same person"
    );
    assert_eq!((etats(&banc).await.revenues, etats(&banc).await.a_moi), (1, 1));
    rouvrir(outils, a.id, None, &anne()).await.unwrap();
    attribuer(outils, &[a.id], "", &anne()).await.unwrap();
    assert_eq!(etats(&banc).await.a_traiter, total);
    assert_eq!(banc.compter("SELECT COUNT(*) FROM journal WHERE objet = 'anomalie'").await, 4);

    // Each figure opens a list of that many, and an action on that list touches those.
    let ids: Vec<i64> = toutes(&banc, Filtre::default()).await.iter().map(|a| a.id).collect();
    attribuer(outils, &ids[..1], "anne", &anne()).await.unwrap();
    let e = etats(&banc).await;
    let jour = aujourd_hui(outils);
    for s in Situation::ALL {
        let situations = [s];
        let f = Filtre { situations: &situations, ..Filtre::default() };
        let f = &f;
        let (liste, action) = (
            toutes(&banc, f.clone()).await.len() as u64,
            banc.db.read(|c| async move { anomalie_ids(&c, 2023, f, jour, 100).await }).await.unwrap().len()
                as u64,
        );
        assert_eq!((liste, action), (e.de(s), e.de(s)), "{s:?}");
    }
    let f = &Filtre::default();
    let facettes = banc.db.read(|c| async move { anomalie_facettes(&c, 2023, f, jour).await }).await.unwrap();
    assert_eq!(facettes.regles.iter().map(|(_, n)| n).sum::<u64>(), total);
});

testkit::db_test!(the_query_and_the_rule_say_the_same, &migrations(), |db| async move {
    let (banc, _) = banc(db).await;
    let outils = &banc.collecteur.outils;
    let a = ects(&banc).await;
    let auj = aujourd_hui(outils);
    for etat in ["a_traiter", "attribuee", "reglee", "ignoree"] {
        let etat = EtatArbitrage::of_code(etat).unwrap();
        for (va, vb) in [("6 ECTS", "3 ECTS"), ("6 ECTS", "4 ECTS"), ("", "3 ECTS")] {
            for jusqu_au in [
                None,
                Some(auj - chrono::Duration::days(1)),
                Some(auj),
                Some(auj + chrono::Duration::days(1)),
            ] {
                let alors = AnomalieVue {
                    a: ("Apogée".into(), va.into()),
                    b: ("Kofr".into(), vb.into()),
                    ..a.clone()
                };
                let decide = Arbitrage { etat: Some(etat), jusqu_au, ..Arbitrage::default() };
                let (alors, decide, quand) = (&alors, &decide, outils.clock.now());
                let ecrire = banc.db.write(|tx| async move {
                    arbitrage_write(&*tx, std::slice::from_ref(alors), decide, &anne(), quand).await
                });
                assert_eq!(ecrire.await.unwrap(), 1);
                let regle = Decide { etat, valeurs: (va, vb), jusqu_au, correction_finie: false };
                let attendue = situation(Some(&regle), ("6 ECTS", "3 ECTS"), auj);
                assert_eq!(ects(&banc).await.situation, attendue, "{etat:?} {va} {vb} {jusqu_au:?}");
            }
        }
    }
});

testkit::db_test!(what_left_the_sources_is_no_longer_decided_of, &migrations(), |db| async move {
    let (banc, _) = banc(db).await;
    let outils = &banc.collecteur.outils;
    let id = ects(&banc).await.id;
    kofr(&banc, "6.00", "Élément n° 0");
    banc.collecter(Portee::Offre).await;
    let refus = attribuer(outils, &[id], "anne", &anne()).await.unwrap_err();
    assert!(matches!(refus, ArbitrageFault::Disparue(_)), "{refus}");
    let refus = attribuer(outils, &[999_999], "anne", &anne()).await.unwrap_err();
    assert_eq!(refus.kind(), FaultKind::NotFound);
    let jour = aujourd_hui(outils);
    let tenue = banc.db.read(|c| async move { anomalie_read(&c, id, jour).await }).await.unwrap().unwrap();
    assert!(tenue.fermee, "its page still answers");
});
