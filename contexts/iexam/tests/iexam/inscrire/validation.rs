//! What is confirmed, and what is not.

use db::Paging;
use iexam::actions::inscrire::{Relecture, valider};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::domain::inscription::Decision::{Passe, Report};
use iexam::domain::inscription::EtatInscription;
use iexam::domain::validation::Obstacle;
use iexam::store::recu::recu_list;
use iexam::store::registre::{Filtre, registre_list};
use kernel::{Cents, Fault as _};

use crate::banc::{annee, banc, instant, jour};
use crate::inscrire::decor::{ACTEUR, Decor, decor, migrations, voulu};

testkit::db_test!(nothing_ticked_is_refused_and_undecided_ones_are_named, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    let rien = valider(&b.iexam, &n, (annee(), "P1"), &Relecture::default(), &ACTEUR).await.unwrap_err();
    assert!(matches!(&rien, InscrireFault::Obstacles(o) if o[0] == Obstacle::RienCoche), "{rien:?}");
    b.brouillon(&n, voulu(&[], Some(m), None)).await.unwrap();
    let rien = b.valider(&n, "P1").await.unwrap_err();
    assert!(matches!(&rien, InscrireFault::Obstacles(o) if o[0] == Obstacle::RienCoche), "{rien:?}");
    b.brouillon(&n, voulu(&[(e[0], Passe)], None, None)).await.unwrap();
    let une = b.valider(&n, "P1").await.unwrap_err();
    assert!(
        une.message().contains("«\u{a0}Élément DROI2\u{a0}»")
            && une.message().contains("comment vous passez"),
        "{}",
        une.message()
    );
});

testkit::db_test!(
    all_deferred_asks_for_a_word_costs_nothing_and_needs_no_place,
    &migrations(),
    |db| async move {
        let Decor { b, n, m, e, .. } = decor(&db).await;
        b.brouillon(&n, voulu(&[(e[0], Report), (e[1], Report)], Some(m), None)).await.unwrap();
        let refus = b.valider(&n, "P1").await.unwrap_err();
        assert!(matches!(&refus, InscrireFault::Obstacles(o) if *o == [Obstacle::ToutReporte]), "{refus:?}");
        let relecture = Relecture { tout_reporter: true, ..b.relecture(&n, "P1").await };
        valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await.unwrap();
        let i = b.inscription(&n, "P1").await;
        assert_eq!((i.etat, i.du, i.modalite, i.reportees), (EtatInscription::Validee, Cents::ZERO, None, 2));
        assert_eq!(b.nombre("SELECT prises FROM iexam_offre").await, 0);
    }
);

testkit::db_test!(a_full_centre_and_a_refused_one_are_not_taken, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "centre_etranger", "centre", (6000, 0), None).await;
    let plein = b.centre(p, m, "NOUMEA", "Pacific/Noumea", "accepte", Some(1)).await;
    let refuse = b.centre(p, m, "CAYENNE", "America/Cayenne", "refuse", None).await;
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let (un, deux) = (b.etudiant("22000001", &["DROI1"]), b.etudiant("22000002", &["DROI1"]));
    for n in [&un, &deux] {
        b.brouillon(n, voulu(&[(e, Passe)], Some(m), Some(plein))).await.unwrap();
    }
    b.valider(&un, "P1").await.unwrap();
    let refus = b.valider(&deux, "P1").await.unwrap_err();
    assert!(refus.message().contains("Centre NOUMEA"), "{}", refus.message());
    b.brouillon(&deux, voulu(&[(e, Passe)], Some(m), Some(refuse))).await.unwrap();
    let refus = b.valider(&deux, "P1").await.unwrap_err();
    assert!(refus.message().contains("Centre CAYENNE"), "{}", refus.message());
    assert_eq!(b.nombre("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_accord").await, 1);
    // The receipt says the hour of the centre beside that of Besançon.
    let id = b.inscription(&un, "P1").await.id;
    let recus = b.db.read(|c| async move { recu_list(&c, id).await }).await.unwrap();
    let la_bas = recus[0].contenu.passees[0].la_bas.clone().unwrap();
    assert!(la_bas.starts_with("vendredi 10 janvier 2025 à 19\u{a0}h\u{a0}00"), "{la_bas}");
});

testkit::db_test!(extra_time_lengthens_and_is_said_on_the_receipt, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    b.executer(
        "INSERT INTO iexam_amenagement (etudiant, valide_du, valide_au, majoration, salle_a_part, ordinateur, secretaire)
         VALUES (?, ?, ?, 20, FALSE, FALSE, FALSE)",
        vec![n.as_str().into(), jour(2025, 1, 1).into(), jour(2025, 1, 10).into()],
    )
    .await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
    b.valider(&n, "P1").await.unwrap();
    let i = b.inscription(&n, "P1").await;
    assert_eq!((i.majoration, i.du), (20, Cents(8000)), "an arrangement is not charged");
    let id = i.id;
    let recus = b.db.read(|c| async move { recu_list(&c, id).await }).await.unwrap();
    let durees: Vec<_> = recus[0].contenu.passees.iter().map(|e| e.duree.clone().unwrap()).collect();
    assert_eq!(durees, ["4\u{a0}h, dont 1\u{a0}h de temps majoré", "2\u{a0}h"], "it ends on the tenth");
});

testkit::db_test!(lists_are_in_the_order_of_family_names_accents_and_all, &migrations(), |db| async move {
    let Decor { b, m, e, .. } = decor(&db).await;
    let gens = [
        ("22000011", "Zoé", "Étienne", None),
        ("22000012", "Anne", "Martin", Some("Dupont")),
        ("22000013", "Bruno", "ÉMERY", None),
        ("22000014", "Chloé", "Faure", None),
    ];
    for (numero, prenom, nom, usage) in gens {
        let n = b.etudiant(numero, &["DROI1"]);
        if let Some(lui) = b.offre.0.lock().unwrap().etudiants.iter_mut().find(|e| e.numero == n) {
            (lui.prenom, lui.nom) = (prenom.into(), nom.into());
            lui.nom_usage = usage.map(Into::into);
        }
        b.brouillon(&n, voulu(&[(e[0], Passe)], Some(m), None)).await.unwrap();
    }
    // Whether drafts or confirmed.
    b.valider(&"22000013".into(), "P1").await.unwrap();
    let periode = b.inscription(&"22000013".into(), "P1").await.periode;
    let filtre = Filtre { periode, tri: "nom", ..Filtre::default() };
    let page =
        db.read(|c| async move { registre_list(&c, &filtre, Paging::new(1, 50)).await }).await.unwrap();
    let noms: Vec<_> = page.elements.iter().map(|l| l.inscription.nom_classe.as_str()).collect();
    assert_eq!(noms, ["Dupont Anne", "ÉMERY Bruno", "Étienne Zoé", "Faure Chloé"]);
});
