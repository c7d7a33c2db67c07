//! Cases of registration, money and time that break other software, end to end: from the draft to the receipt and the account.

use std::collections::BTreeMap;

use crate::banc::{ANNEE, Banc, annee, banc, instant, jour, migrations, scolarite};
use iexam::actions::dossier::{Dossier, relu};
use iexam::actions::enregistrer::{Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, valider};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::actions::verifier::verifier;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::{Decision, EtatInscription as E};
use iexam::domain::recu::Recu;
use iexam::store::inscription::Inscription;
use iexam::store::recu::recu_read;
use kernel::{Actor, AnneeUniversitaire, Cents, NumeroEtudiant};

const ACTEUR: Actor = Actor::Planification;

impl Banc {
    /// From the draft to the receipt.
    async fn confirmer(
        &self,
        n: &NumeroEtudiant,
        epreuves: &[i64],
        m: i64,
        centre: Option<i64>,
    ) -> (Inscription, Recu) {
        let quoi = (annee(), "P1");
        let choix: BTreeMap<_, _> = epreuves.iter().map(|e| (*e, Decision::Passe)).collect();
        let saisie =
            Saisie { revision: 0, onglet: "a".into(), voulu: Voulu { choix, modalite: Some(m), centre } };
        enregistrer(&self.iexam, n, quoi, &saisie, &ACTEUR).await.unwrap();
        let d = Dossier::lire(&self.iexam, annee(), "P1", n).await.unwrap();
        let vu = relu(&d.cadre, &d.sujets, &d.complet()).value();
        let relecture = Relecture { revision: 1, vu, tout_reporter: false };
        let numero = &valider(&self.iexam, n, quoi, &relecture, &ACTEUR).await.unwrap().recu;
        let tenu = self.db.read(|c| async move { recu_read(&c, numero).await }).await.unwrap().unwrap();
        (self.lue(tenu.inscription).await, tenu.contenu)
    }
}

testkit::db_test!(
    an_epreuve_of_january_belongs_to_the_year_begun_in_september,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "inscriptions").await;
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let n = b.etudiant("22000001", &["DROI1"]);
        assert_eq!(AnneeUniversitaire::du_jour(jour(2025, 1, 10)), annee());
        let (_, recu) = b.confirmer(&n, &[e], m, None).await;
        assert!(recu.numero.starts_with("2024-P1-"), "{}", recu.numero);
        assert_eq!(recu.periode, "P1 2024/2025");
        assert_eq!(recu.passees[0].quand, "vendredi 10 janvier 2025 à 9\u{a0}h\u{a0}00");
        // Under the year of its calendar there is nothing.
        let civile = AnneeUniversitaire::new(2025).unwrap();
        let rien = Dossier::lire(&b.iexam, civile, "P1", &n).await;
        assert!(matches!(rien, Err(InscrireFault::PeriodeInconnue(_))));
    }
);

testkit::db_test!(
    a_repeater_has_one_registration_a_year_and_neither_moves_the_other,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let avant = b.periode("P1", "cloturee").await;
        b.executer(
            "UPDATE iexam_periode SET annee = ? WHERE id = ?",
            vec![i64::from(ANNEE - 1).into(), avant.into()],
        )
        .await;
        let m = b.modalite(avant, "tele_examen", "domicile", (3000, 1000), None).await;
        let e1 = b.epreuve(avant, "DROI1", Some(instant(2024, 1, 12, 8)), Some(120)).await;
        let n = b.etudiant("22000001", &["DROI1"]);
        let ancienne = b.posee(avant, n.as_str(), "verifiee", (m, None), &[e1]).await;
        let tenue = b.lue(ancienne).await;
        assert_eq!(tenue.du, Cents(5000));

        let p = b.periode("P1", "inscriptions").await;
        b.executer(
            "INSERT INTO iexam_offre (periode, modalite, active) VALUES (?, ?, TRUE)",
            vec![p.into(), m.into()],
        )
        .await;
        let e2 = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let d = Dossier::lire(&b.iexam, annee(), "P1", &n).await.unwrap();
        assert!(d.inscription.is_none(), "last year's registration is not this year's draft");
        assert_eq!(d.sujets.iter().map(|s| s.epreuve.id).collect::<Vec<_>>(), [e2]);
        let (nouvelle, recu) = b.confirmer(&n, &[e2], m, None).await;
        assert_ne!(nouvelle.id, ancienne);
        assert_eq!((nouvelle.du, recu.remplace), (Cents(6000), None));
        assert_eq!(b.lue(ancienne).await, tenue);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_inscription WHERE etudiant = '22000001'").await, 2);
    }
);

testkit::db_test!(a_fee_of_nothing_is_a_fee_and_no_tariff_is_none, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    let gratuite = b.modalite(p, "presentiel", "domicile", (0, 0), None).await;
    let sans = b.modalite(p, "a_venir", "domicile", (0, 0), None).await;
    b.executer("DELETE FROM iexam_tarif WHERE modalite = ?", vec![sans.into()]).await;
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let n = b.etudiant("22000001", &["DROI1"]);
    let d = Dossier::lire(&b.iexam, annee(), "P1", &n).await.unwrap();
    let tarif = |id: i64| d.cadre.modalite(id).and_then(|m| m.tarif);
    assert!(tarif(sans).is_none() && tarif(gratuite).is_some_and(|t| t.fixe == Cents::ZERO));

    let (i, recu) = b.confirmer(&n, &[e], gratuite, None).await;
    assert_eq!((i.etat, i.du, i.solde), (E::Validee, Cents::ZERO, Cents::ZERO));
    assert_eq!((recu.total.as_str(), recu.total_cents), ("0,00\u{a0}€", 0));
    assert_eq!(recu.passees.len(), 1, "nothing is owed, and it is sat all the same");
    // Verified, nothing is waited for.
    verifier(&b.iexam, &[i.id], None, &scolarite()).await.unwrap();
    assert_eq!(b.lue(i.id).await.etat, E::Finalisee);
});

testkit::db_test!(each_centre_is_told_its_own_hour_of_the_same_instant, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "centre_etranger", "centre", (6000, 1250), None).await;
    // 15 h in Besançon: the day after in Nouméa (UTC+11), the morning in Cayenne (UTC−3), on the half hour in Pondichéry (UTC+5:30).
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 14)), Some(180)).await;
    let ici = "vendredi 10 janvier 2025 à 15\u{a0}h\u{a0}00";
    for (rang, (code, fuseau, la_bas)) in [
        ("noumea", "Pacific/Noumea", "samedi 11 janvier 2025 à 1\u{a0}h\u{a0}00"),
        ("cayenne", "America/Cayenne", "vendredi 10 janvier 2025 à 11\u{a0}h\u{a0}00"),
        ("pondichery", "Asia/Kolkata", "vendredi 10 janvier 2025 à 19\u{a0}h\u{a0}30"),
    ]
    .into_iter()
    .enumerate()
    {
        let centre = b.centre(p, m, code, fuseau, "accepte", None).await;
        let n = b.etudiant(&format!("2200000{rang}"), &["DROI1"]);
        let (i, recu) = b.confirmer(&n, &[e], m, Some(centre)).await;
        assert_eq!(recu.passees[0].quand, ici, "{code}");
        let dite = recu.passees[0].la_bas.as_deref().unwrap();
        assert!(dite.contains(la_bas), "{code}: {dite}");
        assert_eq!(i.du, Cents(6000 + 3 * 1250), "the price does not depend on the zone");
    }
});

testkit::db_test!(on_the_night_of_the_change_hours_are_those_that_pass, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    b.executer(
        "UPDATE iexam_periode SET epreuves_debut = ?, epreuves_fin = ? WHERE id = ?",
        vec![jour(2025, 3, 24).into(), jour(2025, 4, 5).into(), p.into()],
    )
    .await;
    let m = b.modalite(p, "tele_examen", "domicile", (0, 1000), None).await;
    // From 1 h 30 to 4 h 30 on the clock of Besançon, of which two hours pass: what is supervised is paid, what is skipped is not.
    let nuit = chrono::TimeZone::with_ymd_and_hms(&chrono::Utc, 2025, 3, 30, 0, 30, 0).unwrap();
    let e = b.epreuve(p, "DROI1", Some(nuit), Some(120)).await;
    let n = b.etudiant("22000001", &["DROI1"]);
    let (i, recu) = b.confirmer(&n, &[e], m, None).await;
    assert_eq!(i.du, Cents(2000));
    assert_eq!(recu.passees[0].quand, "dimanche 30 mars 2025 à 1\u{a0}h\u{a0}30");
    assert_eq!(recu.passees[0].duree.as_deref(), Some("2\u{a0}h"));
});
