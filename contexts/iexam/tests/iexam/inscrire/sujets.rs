//! Which épreuves a student is asked about.

use contracts::maquette::InscriptionEtape;
use iexam::actions::dossier::Dossier;
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::domain::inscription::Decision::{Indecis, Passe, Report};
use iexam::domain::validation::Obstacle;
use kernel::Cents;
use std::collections::BTreeMap;

use crate::inscrire::decor::{Decor, decor, element, migrations, voulu};

testkit::db_test!(three_etapes_at_once_show_a_shared_element_once, &migrations(), |db| async move {
    let Decor { b, n, .. } = decor(&db).await;
    {
        let mut faits = b.offre.0.lock().unwrap();
        for code in ["L2DROI", "L1HIST"] {
            faits.etapes.push((
                n.clone(),
                InscriptionEtape {
                    etape: code.into(),
                    version: "100".into(),
                    libelle: format!("Étape {code}"),
                    regime: None,
                    premiere: false,
                },
            ));
            faits.elements.push((n.clone(), element("DROI2", code)));
        }
    }
    let d = b.dossier(&n, "P1").await;
    let vues: Vec<_> = d.sujets.iter().map(|s| (s.epreuve.element.as_str(), s.etapes.len())).collect();
    assert_eq!(vues, [("DROI1", 1), ("DROI2", 3)]);
});

testkit::db_test!(
    half_speed_and_repeaters_see_what_the_period_has_of_theirs,
    &migrations(),
    |db| async move {
        let Decor { b, p, m, e, .. } = decor(&db).await;
        // Registered to two elements of the same semester, one examined in this period and one in the next; the earned one is not given.
        let p2 = b.periode("P2", "inscriptions").await;
        let plus_tard = b.epreuve(p2, "DROI9", None, Some(60)).await;
        let n = b.etudiant("22000009", &["DROI2", "DROI9"]);
        let vues = |d: Dossier| d.sujets.iter().map(|s| s.epreuve.id).collect::<Vec<_>>();
        assert_eq!(vues(b.dossier(&n, "P1").await), [e[1]]);
        assert_eq!(vues(b.dossier(&n, "P2").await), [plus_tard]);
        // A registration of the year before to the same elements changes nothing to this one.
        b.executer(
        "INSERT INTO iexam_periode (annee, code, libelle, session, etat, enseignement_debut, inscriptions_debut, inscriptions_fin,
            verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le)
         SELECT annee - 1, code, libelle, session, 'cloturee', enseignement_debut, inscriptions_debut, inscriptions_fin,
            verification_fin, convocations_le, epreuves_debut, epreuves_fin, fermeture_le FROM iexam_periode WHERE id = ?",
        vec![p.into()],
    )
    .await;
        b.executer(
        "INSERT INTO iexam_inscription (periode, etudiant, nom, etat, creee_le, modifiee_le)
         SELECT id, ?, 'N', 'finalisee', inscriptions_debut, inscriptions_debut FROM iexam_periode WHERE annee = 2023",
        vec![n.as_str().into()],
    )
    .await;
        b.brouillon(&n, voulu(&[(e[1], Passe)], Some(m), None)).await.unwrap();
        b.valider(&n, "P1").await.unwrap();
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription").await, 2);
    }
);

testkit::db_test!(
    resits_come_with_what_was_deferred_ticked_and_nothing_can_be_deferred_further,
    &migrations(),
    |db| async move {
        let Decor { b, n, m, e, .. } = decor(&db).await;
        let p3 = b.periode("P3", "inscriptions").await;
        b.executer(
            "INSERT INTO iexam_offre (periode, modalite, active) VALUES (?, ?, TRUE)",
            vec![p3.into(), m.into()],
        )
        .await;
        let r1 = b.epreuve(p3, "DROI1", None, Some(60)).await;
        let r2 = b.epreuve(p3, "DROI2", None, Some(60)).await;
        b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Report)], Some(m), None)).await.unwrap();
        assert_eq!(
            b.dossier(&n, "P3").await.complet().choix,
            BTreeMap::from([(r1, Report), (r2, Report)]),
            "a draft defers nothing"
        );
        b.valider(&n, "P1").await.unwrap();

        let d = b.dossier(&n, "P3").await;
        assert_eq!(d.complet().choix, BTreeMap::from([(r1, Report), (r2, Passe)]));
        let venue: Vec<_> = d.sujets.iter().map(|s| s.reportee_de.as_deref()).collect();
        assert_eq!(venue, [None, Some("P1")]);
        b.depuis(&n, "P3", "a", voulu(&[(r1, Indecis), (r2, Report)], Some(m), None)).await.unwrap();
        let refus = b.valider(&n, "P3").await.unwrap_err();
        assert!(matches!(&refus, InscrireFault::Obstacles(o) if *o == [Obstacle::RienPasse]), "{refus:?}");
        b.depuis(&n, "P3", "a", voulu(&[(r1, Passe), (r2, Passe)], Some(m), None)).await.unwrap();
        b.valider(&n, "P3").await.unwrap();
        let i = b.inscription(&n, "P3").await;
        assert_eq!((i.du, i.passees), (Cents(5000), 2));
    }
);
