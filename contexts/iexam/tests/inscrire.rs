//! The student's own verbs: a draft that is kept, a confirmation that happens once, a change that is asked.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "the helpers of a test fail as the test does"
)]

mod banc;

use std::collections::BTreeMap;

use banc::{Banc, annee, banc, instant, jour};
use contracts::maquette::{InscriptionElement, InscriptionEtape};
use db::sql::{count, select};
use db::{Db, DbError, Migration};
use iexam::actions::demander::{Demandee, demander, retirer};
use iexam::actions::dossier::{Dossier, relu};
use iexam::actions::enregistrer::{Enregistre, Saisie, enregistrer};
use iexam::actions::inscrire::{Relecture, Validee, valider};
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::actions::recompter::recompter;
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::{Decision, EtatInscription};
use iexam::domain::validation::Obstacle;
use iexam::store::inscription::Inscription;
use iexam::store::recu::recu_list;
use kernel::{Actor, Cents, Clock as _, Fault as _, NumeroEtudiant};

use Decision::{Indecis, Passe, Report};

fn migrations() -> Vec<Migration> {
    [mail::MIGRATIONS, iexam::MIGRATIONS].concat()
}

const ACTEUR: Actor = Actor::Planification;

fn voulu(choix: &[(i64, Decision)], modalite: Option<i64>, centre: Option<i64>) -> Voulu {
    Voulu { choix: choix.iter().copied().collect(), modalite, centre }
}

impl Banc {
    async fn dossier(&self, n: &NumeroEtudiant, code: &str) -> Dossier {
        Dossier::lire(&self.iexam, annee(), code, n).await.unwrap()
    }

    async fn brouillon(&self, n: &NumeroEtudiant, voulu: Voulu) -> Result<Enregistre, InscrireFault> {
        self.depuis(n, "P1", "onglet-a", voulu).await
    }

    async fn depuis(
        &self,
        n: &NumeroEtudiant,
        code: &str,
        onglet: &str,
        voulu: Voulu,
    ) -> Result<Enregistre, InscrireFault> {
        let revision = self.dossier(n, code).await.inscription.map_or(0, |i| i.revision);
        let saisie = Saisie { revision, onglet: onglet.into(), voulu };
        enregistrer(&self.iexam, n, (annee(), code), &saisie, &ACTEUR).await
    }

    /// What the page of confirmation of that moment would send.
    async fn relecture(&self, n: &NumeroEtudiant, code: &str) -> Relecture {
        let d = self.dossier(n, code).await;
        let vu = relu(&d.cadre, &d.sujets, &d.complet()).value();
        Relecture { revision: d.inscription.map_or(0, |i| i.revision), vu, tout_reporter: false }
    }

    async fn valider(&self, n: &NumeroEtudiant, code: &str) -> Result<Validee, InscrireFault> {
        let relecture = self.relecture(n, code).await;
        valider(&self.iexam, n, (annee(), code), &relecture, &ACTEUR).await
    }

    async fn inscription(&self, n: &NumeroEtudiant, code: &str) -> Inscription {
        self.dossier(n, code).await.inscription.unwrap()
    }

    async fn compter(&self, sql: &'static str) -> u64 {
        self.db.read(|c| async move { count(&c, sql, []).await }).await.unwrap()
    }
}

/// A period with two épreuves of three hours and of two, a modality at home, and a student registered to both.
struct Decor {
    b: Banc,
    n: NumeroEtudiant,
    p: i64,
    m: i64,
    e: [i64; 2],
}

async fn decor(db: &Db) -> Decor {
    let b = banc(db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e1 = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let e2 = b.epreuve(p, "DROI2", Some(instant(2025, 1, 11, 8)), Some(120)).await;
    let n = b.etudiant("22000001", &["DROI1", "DROI2"]);
    Decor { b, n, p, m, e: [e1, e2] }
}

testkit::db_test!(a_draft_is_kept_confirmed_once_and_leaves_its_receipt, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    let fait = b.brouillon(&n, voulu(&[(e[0], Passe)], None, None)).await.unwrap();
    assert_eq!(fait.revision, 1);
    let d = b.dossier(&n, "P1").await;
    assert_eq!(
        d.tenu().choix,
        BTreeMap::from([(e[0], Passe), (e[1], Indecis)]),
        "what was not decided is kept as such"
    );
    assert_eq!(d.etat(), EtatInscription::Brouillon);

    let meme = b.brouillon(&n, voulu(&[(e[0], Passe)], None, None)).await.unwrap();
    assert_eq!(meme.revision, 1, "a draft that changes nothing writes nothing");

    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Report)], Some(m), None)).await.unwrap();
    let fait = b.valider(&n, "P1").await.unwrap();
    assert!(!fait.deja);
    let i = b.inscription(&n, "P1").await;
    assert_eq!((i.etat, i.tient_place, i.passees, i.reportees), (EtatInscription::Validee, true, 1, 1));
    assert_eq!((i.du, i.solde), (Cents(6000), Cents(6000)), "fixed part and three hours");
    assert_eq!(i.recu.as_deref(), Some(fait.recu.as_str()));
    assert_eq!((i.nom.as_str(), i.courriel.as_str()), ("Prénom Nom22000001", "22000001@etu.example.org"));

    let id = i.id;
    let recus = b.db.read(|c| async move { recu_list(&c, id).await }).await.unwrap();
    let recu = &recus[0].contenu;
    assert_eq!((recu.total.as_str(), recu.passees.len(), recu.reportees.len()), ("60,00\u{a0}€", 1, 1));
    assert_eq!(recu.etabli_le, "lundi 2 décembre 2024 à 12\u{a0}h\u{a0}00");
    assert_eq!(recu.passees[0].quand, "vendredi 10 janvier 2025 à 9\u{a0}h\u{a0}00");
    assert_eq!(b.compter("SELECT COUNT(*) FROM mail_message").await, 1);
    assert_eq!(
        b.compter("SELECT COUNT(*) FROM journal WHERE action = 'inscription_examen.valider'").await,
        1
    );

    // The account written at once is the one that counting again would write.
    let quand = b.clock.now();
    let lignes = b.compter("SELECT COUNT(*) FROM iexam_ecriture").await;
    b.db.write(|tx: db::Tx| async move { recompter(&*tx, &[id], quand, &ACTEUR).await }).await.unwrap();
    assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_ecriture").await, lignes);
    assert_eq!(b.inscription(&n, "P1").await, i);
});

testkit::db_test!(two_clicks_are_one_registration_and_the_same_receipt, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
    let relecture = &b.relecture(&n, "P1").await;
    let clic = || valider(&b.iexam, &n, (annee(), "P1"), relecture, &ACTEUR);
    let (un, deux) = tokio::join!(clic(), clic());
    let (un, deux) = (un.unwrap(), deux.unwrap());
    assert_eq!(un.recu, deux.recu);
    assert_ne!(un.deja, deux.deja);
    assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_recu").await, 1);
    assert_eq!(b.compter("SELECT COUNT(*) FROM mail_message").await, 1);
    assert_eq!(b.compter("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
});

testkit::db_test!(a_second_tab_is_told_what_the_first_did_and_chooses, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    let envoi = |revision, onglet: &str, v: Voulu| Saisie { revision, onglet: onglet.into(), voulu: v };
    let ecrire = async |s: Saisie| enregistrer(&b.iexam, &n, (annee(), "P1"), &s, &ACTEUR).await;
    // Two pages opened on nothing; the first writes twice without waiting for its answer: it is not in conflict with itself.
    ecrire(envoi(0, "a", voulu(&[(e[0], Passe)], None, None))).await.unwrap();
    ecrire(envoi(0, "a", voulu(&[(e[0], Passe), (e[1], Passe)], None, None))).await.unwrap();
    let refus = ecrire(envoi(0, "b", voulu(&[(e[0], Report)], None, None))).await.unwrap_err();
    let InscrireFault::Conflit { revision, .. } = refus else { panic!("{refus:?}") };
    assert_eq!(revision, 2);
    assert_eq!(b.dossier(&n, "P1").await.tenu().choix[&e[0]], Passe, "nothing was written");
    // Told, the second goes on knowingly.
    ecrire(envoi(revision, "b", voulu(&[(e[0], Report), (e[1], Passe)], Some(m), None))).await.unwrap();
    // What the first then confirms is not what it read.
    let vieux = Relecture { revision: 2, ..b.relecture(&n, "P1").await };
    let refus = valider(&b.iexam, &n, (annee(), "P1"), &vieux, &ACTEUR).await.unwrap_err();
    assert!(matches!(refus, InscrireFault::Conflit { revision: 3, .. }), "{refus:?}");
    b.valider(&n, "P1").await.unwrap();
    // Confirmed: another tab comes too late, and is told of the receipt.
    let refus = ecrire(envoi(3, "c", voulu(&[(e[0], Passe)], Some(m), None))).await.unwrap_err();
    assert!(
        matches!(refus, InscrireFault::DejaValidee { .. }) && refus.message().contains("2024-P1-"),
        "{refus:?}"
    );
});

testkit::db_test!(
    a_deadline_that_falls_while_the_page_is_open_keeps_the_draft,
    &migrations(),
    |db| async move {
        let Decor { b, n, m, e, .. } = decor(&db).await;
        b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
        let relecture = b.relecture(&n, "P1").await;
        b.clock.advance(instant(2024, 12, 15, 12) - b.clock.now());
        let refus = valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await.unwrap_err();
        assert_eq!(refus.slug(), "inscriptions-fermees");
        assert!(
            refus.message().contains("15 décembre 2024 à 13\u{a0}h\u{a0}00")
                && refus.way_out().contains("scolarité"),
            "{}",
            refus.message()
        );
        let refus =
            b.brouillon(&n, voulu(&[(e[0], Report), (e[1], Passe)], Some(m), None)).await.unwrap_err();
        assert_eq!(refus.slug(), "inscriptions-fermees");
        let d = b.dossier(&n, "P1").await;
        assert_eq!(
            (d.etat(), d.tenu().choix[&e[0]]),
            (EtatInscription::Brouillon, Passe),
            "the draft is as it was"
        );
        assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_recu").await, 0);
    }
);

testkit::db_test!(
    sixteen_submissions_for_three_places_are_three_registrations,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "inscriptions").await;
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), Some(3)).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        let mut envois = Vec::new();
        for i in 0..16 {
            let n = b.etudiant(&format!("220001{i:02}"), &["DROI1"]);
            b.brouillon(&n, voulu(&[(e, Passe)], Some(m), None)).await.unwrap();
            let (iexam, relecture) = (b.iexam.clone(), b.relecture(&n, "P1").await);
            envois.push(tokio::spawn(async move {
                valider(&iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await
            }));
        }
        let (mut faits, mut pleins) = (0, 0);
        for envoi in envois {
            match envoi.await.unwrap() {
                Ok(_) => faits += 1,
                Err(InscrireFault::Complet(nom)) if nom == "Modalité tele_examen" => pleins += 1,
                // Read when the three had gone: refused by the count rather than by the last place.
                Err(InscrireFault::Obstacles(o)) if matches!(o[0], Obstacle::Modalite(..)) => pleins += 1,
                Err(autre) => panic!("{autre:?}"),
            }
        }
        assert_eq!((faits, pleins), (3, 13));
        assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_inscription WHERE tient_place").await, 3);
        assert_eq!(b.compter("SELECT prises FROM iexam_offre").await, 3);
        assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_recu").await, 3);
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
    assert_eq!(b.compter("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_accord").await, 1);
    // The receipt says the hour of the centre beside that of Besançon.
    let id = b.inscription(&un, "P1").await.id;
    let recus = b.db.read(|c| async move { recu_list(&c, id).await }).await.unwrap();
    let la_bas = recus[0].contenu.passees[0].la_bas.clone().unwrap();
    assert!(la_bas.starts_with("vendredi 10 janvier 2025 à 19\u{a0}h\u{a0}00"), "{la_bas}");
});

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
        assert_eq!(b.compter("SELECT prises FROM iexam_offre").await, 0);
    }
);

testkit::db_test!(what_moves_under_a_draft_is_said_before_it_is_confirmed, &migrations(), |db| async move {
    let Decor { b, n, p, m, e } = decor(&db).await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
    let relecture = b.relecture(&n, "P1").await;
    let confirmer = async || valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await;

    // An épreuve is cancelled: what was read is not what would be confirmed.
    b.executer(
        "UPDATE iexam_epreuve SET annulee_le = ? WHERE id = ?",
        vec![instant(2024, 12, 2, 11).into(), e[1].into()],
    )
    .await;
    assert!(matches!(confirmer().await.unwrap_err(), InscrireFault::Change));
    assert_eq!(b.dossier(&n, "P1").await.ecarts().annulees, ["Élément DROI2"]);
    b.executer("UPDATE iexam_epreuve SET annulee_le = NULL", vec![]).await;

    // A length, and so a price, changes.
    b.executer("UPDATE iexam_epreuve SET duree_min = 240 WHERE id = ?", vec![e[0].into()]).await;
    assert!(matches!(confirmer().await.unwrap_err(), InscrireFault::Change));
    b.executer("UPDATE iexam_epreuve SET duree_min = 180 WHERE id = ?", vec![e[0].into()]).await;

    // An épreuve is added: it is undecided, and named.
    b.offre.0.lock().unwrap().elements.push((n.clone(), element("DROI3", "L1DROI")));
    b.epreuve(p, "DROI3", None, None).await;
    let refus = confirmer().await.unwrap_err();
    assert!(refus.message().contains("Élément DROI3"), "{}", refus.message());
    assert_eq!(b.dossier(&n, "P1").await.ecarts().ajoutees, ["Élément DROI3"]);

    // The registration to two elements ends: both leave the draft.
    b.offre.0.lock().unwrap().elements.retain(|(_, x)| x.element.as_str() == "DROI1");
    let d = b.dossier(&n, "P1").await;
    assert_eq!(d.ecarts().retirees, ["Élément DROI2"]);
    assert_eq!(d.complet().choix, BTreeMap::from([(e[0], Passe)]));

    // The modality is withdrawn.
    b.executer("UPDATE iexam_offre SET active = FALSE", vec![]).await;
    let refus = b.valider(&n, "P1").await.unwrap_err();
    assert!(refus.message().contains("n’est plus proposée"), "{}", refus.message());
    b.executer("UPDATE iexam_offre SET active = TRUE", vec![]).await;
    b.valider(&n, "P1").await.unwrap();
    let tenus = b.compter("SELECT COUNT(*) FROM iexam_choix").await;
    assert_eq!(tenus, 1, "what no longer concerns the student is not kept");
});

testkit::db_test!(
    sent_back_corrected_and_confirmed_again_both_receipts_are_kept,
    &migrations(),
    |db| async move {
        let Decor { b, n, p, m, e } = decor(&db).await;
        let autre = b.modalite(p, "presentiel", "domicile", (0, 0), Some(1)).await;
        b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
        let premier = b.valider(&n, "P1").await.unwrap();
        b.executer("UPDATE iexam_inscription SET etat = 'a_corriger', motif = 'Pièce illisible'", vec![])
            .await;
        // The window is over and the registry verifies: what was sent back is corrected all the same.
        b.executer("UPDATE iexam_periode SET etat = 'verification'", vec![]).await;
        b.clock.advance(instant(2024, 12, 16, 9) - b.clock.now());
        b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Report)], Some(autre), None)).await.unwrap();
        assert_eq!(
            b.compter("SELECT prises FROM iexam_offre ORDER BY id LIMIT 1").await,
            0,
            "the place moved at once"
        );
        assert_eq!(b.compter("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
        let second = b.valider(&n, "P1").await.unwrap();
        assert_ne!(premier.recu, second.recu);
        let i = b.inscription(&n, "P1").await;
        assert_eq!(
            (i.etat, i.du, i.motif.as_str()),
            (EtatInscription::Validee, Cents::ZERO, ""),
            "free now: the difference was taken back"
        );
        let id = i.id;
        let recus = b.db.read(|c| async move { recu_list(&c, id).await }).await.unwrap();
        assert_eq!(recus.len(), 2);
        assert_eq!(recus[0].contenu.remplace.as_deref(), Some(premier.recu.as_str()));
        assert_eq!(recus[1].contenu.total, "80,00\u{a0}€", "the first still says what was confirmed then");
        assert_eq!(b.compter("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
    }
);

fn element(code: &str, etape: &str) -> InscriptionElement {
    InscriptionElement {
        element: code.into(),
        libelle: format!("Élément {code}"),
        nature: "EC".into(),
        ects: Some(kernel::Centi::unites(6)),
        etape: etape.into(),
        version: "100".into(),
        periode: Some("S1".into()),
    }
}

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
        assert_eq!(b.compter("SELECT COUNT(*) FROM iexam_inscription").await, 2);
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

testkit::db_test!(maquette_silent_is_said_and_the_draft_stays_readable, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Report)], Some(m), None)).await.unwrap();
    let relecture = b.relecture(&n, "P1").await;
    b.offre.0.lock().unwrap().muette = true;
    let d = b.dossier(&n, "P1").await;
    assert!(d.muette.is_some());
    assert_eq!(d.sujets.len(), 2, "the draft is read from what it holds");
    let refus = valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await.unwrap_err();
    assert_eq!(refus.slug(), "maquette-indisponible");
    let refus = b.brouillon(&n, voulu(&[(e[0], Report)], Some(m), None)).await.unwrap_err();
    assert!(refus.message().contains("rien n’est perdu"), "{}", refus.message());
    b.offre.0.lock().unwrap().muette = false;
    valider(&b.iexam, &n, (annee(), "P1"), &relecture, &ACTEUR).await.unwrap();
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

testkit::db_test!(a_change_is_asked_waits_and_can_be_taken_back, &migrations(), |db| async move {
    let Decor { b, n, m, e, .. } = decor(&db).await;
    b.brouillon(&n, voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None)).await.unwrap();
    b.valider(&n, "P1").await.unwrap();
    let avant = b.inscription(&n, "P1").await;
    let asked = |v: Voulu, motif: &str| Demandee {
        revision: avant.revision,
        voulu: v,
        motif: motif.into(),
        tout_reporter: true,
    };
    let demande = async |d: Demandee| demander(&b.iexam, &n, (annee(), "P1"), &d, &ACTEUR).await;
    let autre = voulu(&[(e[0], Passe), (e[1], Report)], Some(m), None);
    let meme = voulu(&[(e[0], Passe), (e[1], Passe)], Some(m), None);
    assert_eq!(demande(asked(autre.clone(), "  ")).await.unwrap_err().slug(), "demande-sans-motif");
    assert_eq!(demande(asked(meme, "Pour voir")).await.unwrap_err().slug(), "demande-sans-changement");
    demande(asked(autre.clone(), "Je travaille ce jour-là")).await.unwrap();
    assert_eq!(demande(asked(autre.clone(), "Encore")).await.unwrap_err().slug(), "demande-en-attente");
    let pendant = b.inscription(&n, "P1").await;
    assert!(pendant.demande_en_attente);
    assert_eq!(
        (pendant.du, pendant.etat, pendant.revision),
        (avant.du, avant.etat, avant.revision),
        "nothing moves before the answer"
    );
    let lu = |c: db::sea_orm::DatabaseConnection| async move {
        let rows = select(&c, "SELECT voulu FROM iexam_demande", []).await?;
        Ok::<String, DbError>(rows[0].try_get_by_index(0)?)
    };
    let voulu_lu: Voulu = serde_json::from_str(&b.db.read(lu).await.unwrap()).unwrap();
    assert_eq!(voulu_lu, autre);
    retirer(&b.iexam, &n, (annee(), "P1"), &ACTEUR).await.unwrap();
    assert!(!b.inscription(&n, "P1").await.demande_en_attente);
    let encore = retirer(&b.iexam, &n, (annee(), "P1"), &ACTEUR).await.unwrap_err();
    assert_eq!(encore.slug(), "demande-absente");
});
