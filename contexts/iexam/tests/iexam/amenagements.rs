//! Arrangements: what they move at once, what is refused, and the room of who they are for.

use crate::banc::{Banc, banc, instant, jour, migrations, scolarite};
use iexam::actions::amenager::{Effets, ajouter, modifier, retirer, vu};
use iexam::actions::amenager_fault::AmenagementFault;
use iexam::actions::relever_conflits::conflits;
use iexam::domain::amenagement_regles::Saisie;
use iexam::domain::inscription::EtatInscription;
use iexam::domain::placement::{Placement, placer};
use iexam::store::amenagement::amenagement_read;
use iexam::store::epreuve_salle::salles_connues;
use iexam::store::periode::periode_read;
use kernel::Cents;

fn tiers(etudiant: &str) -> Saisie {
    Saisie {
        etudiant: etudiant.into(),
        valide_du: jour(2024, 9, 1),
        valide_au: jour(2025, 8, 31),
        majoration: 20,
        salle_a_part: false,
        ordinateur: false,
        secretaire: false,
        autre: String::new(),
        exception: String::new(),
    }
}

impl Banc {
    /// One that is paid, and final.
    async fn payee(&self, periode: i64, numero: &str, lieu: (i64, Option<i64>), epreuves: &[i64]) -> i64 {
        let id = self.posee(periode, numero, "verifiee", lieu, epreuves).await;
        self.payer(id, self.lue(id).await.solde.0).await;
        self.recompter(id).await;
        id
    }
}

testkit::db_test!(
    one_third_moves_end_times_and_accounts_at_once_and_says_so,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "verification").await;
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
        b.executer("UPDATE iexam_tarif SET majoration_facturee = TRUE", vec![]).await;
        let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let f = b.epreuve(p, "DR2", Some(instant(2025, 1, 11, 8)), Some(60)).await;
        b.etudiant("22000001", &["DR1", "DR2"]);
        let i = b.payee(p, "22000001", (m, None), &[e, f]).await;
        assert_eq!(b.lue(i).await.etat, EtatInscription::Finalisee);

        let effets = ajouter(&b.iexam, &tiers("22000001"), &scolarite()).await.unwrap();
        assert_eq!((effets.plus_tard, effets.comptes.a_payer), (2, 1));
        assert_eq!(
            effets.phrase(),
            "2 épreuves finissent plus tard, le montant d’une inscription change, une inscription a désormais quelque chose à payer."
        );
        let apres = b.lue(i).await;
        assert_eq!((apres.etat, apres.majoration, apres.solde), (EtatInscription::Verifiee, 20, Cents(1333)));

        let effets = retirer(&b.iexam, effets.id, false, &scolarite()).await.unwrap();
        assert_eq!((effets.plus_tot, effets.comptes.finalisees), (2, 1), "withdrawn, all comes back");
        assert_eq!(b.lue(i).await.solde, Cents::ZERO);
        assert!(matches!(
            retirer(&b.iexam, effets.id, false, &scolarite()).await.unwrap_err(),
            AmenagementFault::Perime
        ));
        retirer(&b.iexam, effets.id, true, &scolarite()).await.unwrap();
        assert_eq!(b.lue(i).await.majoration, 20);
    }
);

testkit::db_test!(
    an_arrangement_only_moves_the_epreuves_of_its_days_and_of_open_periods,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let (p, close) = (b.periode("P1", "verification").await, b.periode("P2", "cloturee").await);
        let m = b.modalite(p, "tele_examen", "domicile", (0, 0), None).await;
        let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let f = b.epreuve(p, "DR2", Some(instant(2025, 1, 12, 8)), Some(60)).await;
        let g = b.epreuve(close, "DR1", Some(instant(2025, 1, 10, 8)), Some(60)).await;
        b.etudiant("22000001", &["DR1", "DR2"]);
        b.payee(p, "22000001", (m, None), &[e, f]).await;
        let fermee = b.payee(close, "22000001", (m, None), &[g]).await;
        let court = Saisie { valide_au: jour(2025, 1, 10), ..tiers("22000001") };
        let effets = ajouter(&b.iexam, &court, &scolarite()).await.unwrap();
        assert_eq!(effets.plus_tard, 1, "the last day is included, the days after are not");
        assert_eq!(b.lue(fermee).await.majoration, 0, "a closed period does not change");
        let autre = Saisie { valide_du: jour(2025, 1, 10), ..tiers("22000001") };
        let effets = ajouter(&b.iexam, &autre, &scolarite()).await.unwrap();
        assert_eq!(effets.communs, [(jour(2025, 1, 10), jour(2025, 1, 10))], "the overlap is said");
    }
);

testkit::db_test!(
    beyond_one_third_a_reason_is_needed_and_the_student_must_exist,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        b.etudiant("22000001", &[]);
        let beaucoup = Saisie { majoration: 30, ..tiers("22000001") };
        let refus = ajouter(&b.iexam, &beaucoup, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, AmenagementFault::Champ("exception", _)));
        let motivee = Saisie { exception: "Avis du médecin du 3 septembre 2024".into(), ..beaucoup };
        let effets = ajouter(&b.iexam, &motivee, &scolarite()).await.unwrap();
        assert_eq!(effets.phrase(), "Aucune épreuve choisie n’en est changée.");
        let refus = ajouter(&b.iexam, &tiers("99999999"), &scolarite()).await.unwrap_err();
        assert!(matches!(refus, AmenagementFault::EtudiantInconnu(_)));
        let id = effets.id;
        let tenu = b.db.read(|c| async move { amenagement_read(&c, id).await }).await.unwrap().unwrap();
        let envoye = vu(&tenu).value();
        modifier(&b.iexam, id, &tiers("22000001"), &envoye, &scolarite()).await.unwrap();
        let refus = modifier(&b.iexam, id, &motivee, &envoye, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, AmenagementFault::Perime), "somebody else wrote it");
    }
);

testkit::db_test!(
    without_a_room_apart_the_candidate_stays_in_the_common_room_with_their_own_end,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "verification").await;
        let m = b.modalite(p, "presentiel", "centre", (0, 0), None).await;
        let centre = b.centre(p, m, "besancon", "Europe/Paris", "accepte", None).await;
        let commune = b.salle(centre, "N101", 2, false).await;
        let e = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let suivante = b.epreuve(p, "DR2", Some(instant(2025, 1, 10, 11)), Some(60)).await;
        for epreuve in [e, suivante] {
            b.executer(
                "INSERT INTO iexam_epreuve_salle (epreuve, salle) VALUES (?, ?)",
                vec![epreuve.into(), commune.into()],
            )
            .await;
        }
        for (numero, epreuves) in [("22000001", [e]), ("22000002", [suivante]), ("22000003", [suivante])] {
            b.etudiant(numero, &["DR1", "DR2"]);
            b.payee(p, numero, (m, Some(centre)), &epreuves).await;
        }
        let periode = b.db.read(|c| async move { periode_read(&c, p).await }).await.unwrap().unwrap();
        assert!(conflits(&b.iexam, &periode).await.unwrap().conflits.is_empty());
        let a_part = Saisie { salle_a_part: true, ..tiers("22000001") };
        let effets: Effets = ajouter(&b.iexam, &a_part, &scolarite()).await.unwrap();
        assert_eq!(effets.plus_tard, 1);
        let salles: Vec<_> =
            b.db.read(|c| async move { salles_connues(&c).await })
                .await
                .unwrap()
                .into_iter()
                .map(|s| s.salle)
                .collect();
        assert_eq!(placer(&salles, centre, true), Placement::CommuneFaute(&salles[0]));
        // Still there with extra time when the two others come in: three people for two seats.
        let releve = conflits(&b.iexam, &periode).await.unwrap();
        assert_eq!(releve.conflits.len(), 1);
        assert_eq!(releve.conflits[0].nombres, (3, 2));
    }
);
