//! The ledger: money in and out, rows taken back, days closed for good.

use crate::banc::{Banc, banc, instant, jour, migrations, scolarite};
use chrono::Duration;
use iexam::actions::caisse_fault::CaisseFault;
use iexam::actions::clore::{clore, controler};
use iexam::actions::corriger::corriger;
use iexam::actions::encaisser::encaisser;
use iexam::actions::exonerer::{exonerer, exonerer_tout};
use iexam::actions::lot::vu;
use iexam::actions::rembourser::rembourser;
use iexam::actions::tenir::{Ecrite, Saisie};
use iexam::domain::cloture::Totaux;
use iexam::domain::ecriture::Moyen;
use iexam::domain::inscription::EtatInscription as E;
use iexam::store::caisse::{ecriture_list, ecritures_du_jour};
use kernel::{Cents, Clock as _};

/// A verified registration that owes 60 €.
async fn dette(b: &Banc) -> i64 {
    let periode = b.periode("P1", "verification").await;
    let modalite = b.modalite(periode, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(periode, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    b.posee(periode, "22000001", "verifiee", (modalite, None), &[e]).await
}

fn saisie(inscription: i64, cents: i64) -> Saisie<'static> {
    Saisie { inscription, montant: Cents(cents), vu: None, cle: None }
}

async fn cheque(b: &Banc, id: i64, cents: i64) -> Result<Ecrite, CaisseFault> {
    encaisser(&b.iexam, saisie(id, cents), Moyen::Cheque, "0001234", false, &scolarite()).await
}

testkit::db_test!(partial_then_full_finalises_and_too_much_must_be_meant, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    cheque(&b, id, 2000).await.unwrap();
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Verifiee, Cents(4000)));
    let trop = cheque(&b, id, 4001).await.unwrap_err();
    assert!(matches!(trop, CaisseFault::AuDela { reste: Cents(4000) }), "{trop:?}");
    cheque(&b, id, 4000).await.unwrap();
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Finalisee, Cents::ZERO));
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message WHERE sujet LIKE '%définitive%'").await, 1);
    encaisser(&b.iexam, saisie(id, 500), Moyen::Virement, "VIR-1", true, &scolarite()).await.unwrap();
    assert_eq!(b.lue(id).await.solde, Cents(-500), "over-paid on purpose");
    for (moyen, reference, cents) in
        [(Moyen::Cheque, " ", 100), (Moyen::EnLigne, "1", 100), (Moyen::Especes, "", 0)]
    {
        assert!(encaisser(&b.iexam, saisie(id, cents), moyen, reference, true, &scolarite()).await.is_err());
    }
});

testkit::db_test!(
    a_form_sent_twice_writes_once_and_an_old_page_writes_nothing,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let id = dette(&b).await;
        let vue = vu(&b.lue(id).await).value();
        let deux_fois = Saisie { vu: Some(&vue), cle: Some("paiement:1:abc"), ..saisie(id, 1000) };
        let un = encaisser(&b.iexam, deux_fois, Moyen::Especes, "", false, &scolarite()).await.unwrap();
        let deux = encaisser(&b.iexam, deux_fois, Moyen::Especes, "", false, &scolarite()).await.unwrap();
        assert_eq!((un.deja, deux), (false, Ecrite { id: un.id, deja: true }));
        assert_eq!(b.lue(id).await.solde, Cents(5000));
        let perime = Saisie { vu: Some(&vue), cle: Some("paiement:1:def"), ..saisie(id, 1000) };
        let refus = encaisser(&b.iexam, perime, Moyen::Especes, "", false, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, CaisseFault::Perime), "{refus:?}");
    }
);

testkit::db_test!(two_clicks_at_once_write_one_row, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    let envoi = Saisie { cle: Some("paiement:1:abc"), ..saisie(id, 1000) };
    let acteur = scolarite();
    let envois = (0..8).map(|_| encaisser(&b.iexam, envoi, Moyen::Especes, "", false, &acteur));
    let acteurs = futures::future::join_all(envois.map(|f| async move { f.await.map(|e| e.id) })).await;
    let ids: std::collections::BTreeSet<_> = acteurs.into_iter().map(Result::unwrap).collect();
    assert_eq!((ids.len(), b.lue(id).await.solde), (1, Cents(5000)));
});

testkit::db_test!(
    a_refund_stops_at_what_was_overpaid_then_at_what_was_paid,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let id = dette(&b).await;
        encaisser(&b.iexam, saisie(id, 7000), Moyen::Virement, "V1", true, &scolarite()).await.unwrap();
        let rendre = |cents, au_dela| {
            let b = &b;
            async move {
                rembourser(&b.iexam, saisie(id, cents), Moyen::Virement, "", au_dela, &scolarite()).await
            }
        };
        assert!(matches!(
            rendre(1001, false).await,
            Err(CaisseFault::PlusQueTropPercu { trop: Cents(1000) })
        ));
        rendre(1000, false).await.unwrap();
        assert_eq!((b.lue(id).await.solde, b.lue(id).await.etat), (Cents::ZERO, E::Finalisee));
        assert!(matches!(rendre(6001, true).await, Err(CaisseFault::PlusQuePaye { paye: Cents(6000) })));
        rendre(2000, true).await.unwrap();
        assert_eq!((b.lue(id).await.solde, b.lue(id).await.etat), (Cents(2000), E::Verifiee), "to pay again");
    }
);

testkit::db_test!(the_till_never_holds_less_than_no_cash, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    encaisser(&b.iexam, saisie(id, 7000), Moyen::Virement, "V1", true, &scolarite()).await.unwrap();
    let vide =
        rembourser(&b.iexam, saisie(id, 500), Moyen::Especes, "", false, &scolarite()).await.unwrap_err();
    assert!(matches!(vide, CaisseFault::Especes { caisse: Cents::ZERO }), "{vide:?}");
    let especes = encaisser(&b.iexam, saisie(id, 600), Moyen::Especes, "", true, &scolarite()).await.unwrap();
    rembourser(&b.iexam, saisie(id, 500), Moyen::Especes, "", false, &scolarite()).await.unwrap();
    let reprise =
        corriger(&b.iexam, id, especes.id, "Erreur de saisie", None, &scolarite()).await.unwrap_err();
    assert!(matches!(reprise, CaisseFault::Especes { caisse: Cents(100) }), "{reprise:?}");
});

testkit::db_test!(an_exemption_has_a_reason_and_never_exceeds_what_is_left, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    assert!(matches!(exonerer(&b.iexam, saisie(id, 100), " ", &scolarite()).await, Err(CaisseFault::Motif)));
    let trop = exonerer(&b.iexam, saisie(id, 6001), "Boursier", &scolarite()).await.unwrap_err();
    assert!(matches!(trop, CaisseFault::ExonerationTropForte { reste: Cents(6000) }), "{trop:?}");
    exonerer(&b.iexam, saisie(id, 1000), "Boursier", &scolarite()).await.unwrap();
    assert_eq!(b.lue(id).await.solde, Cents(5000));
    let lot = exonerer_tout(&b.iexam, &[id], "Boursier", &scolarite()).await.unwrap();
    assert_eq!((lot.faites.len(), b.lue(id).await.etat), (1, E::Finalisee));
    assert!(exonerer_tout(&b.iexam, &[id], "Boursier", &scolarite()).await.unwrap().faites.is_empty());
});

testkit::db_test!(several_are_exempted_at_once_each_of_what_it_owes, &migrations(), |db| async move {
    let b = banc(&db);
    let un = dette(&b).await;
    let i = b.lue(un).await;
    let epreuve = b.nombre("SELECT MIN(id) FROM iexam_epreuve").await as i64;
    let deux = b.posee(i.periode, "22000002", "verifiee", (i.modalite.unwrap(), None), &[epreuve]).await;
    exonerer(&b.iexam, saisie(un, 1500), "Boursier", &scolarite()).await.unwrap();
    let lot = exonerer_tout(&b.iexam, &[deux, un], "Grève des transports", &scolarite()).await.unwrap();
    assert_eq!(lot.ids(), [un, deux]);
    for (id, montant) in [(un, Cents(-4500)), (deux, Cents(-6000))] {
        let i = b.lue(id).await;
        assert_eq!((i.etat, i.solde), (E::Finalisee, Cents::ZERO));
        let derniere = db.read(|c| async move { ecriture_list(&c, id).await }).await.unwrap().pop().unwrap();
        assert_eq!(
            (derniere.montant, derniere.libelle.as_str()),
            (montant, "Exonération : Grève des transports")
        );
        // The journal names the row of that registration, not of its neighbour.
        let cle = id.to_string();
        let trace =
            db.read(|c| async move { db::journal::history(&c, "inscription_examen", &cle, 0, 10).await });
        let traces = trace.await.unwrap();
        let trace = traces.iter().find(|l| l.action == "paiement_examen.exonerer").unwrap();
        let apres = trace.apres.as_ref().unwrap().to_string();
        assert!(apres.contains(&format!("\"ecriture\":{}", derniere.id)), "{apres}");
    }
    let definitives = "SELECT COUNT(*) FROM mail_message WHERE sujet LIKE '%définitive%'";
    assert_eq!(b.nombre(definitives).await, 2);
});

testkit::db_test!(a_row_is_taken_back_once_by_its_opposite, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    let faux = cheque(&b, id, 6000).await.unwrap();
    assert_eq!(b.lue(id).await.etat, E::Finalisee);
    let opposee = corriger(&b.iexam, id, faux.id, "Chèque sans provision", None, &scolarite()).await.unwrap();
    let i = b.lue(id).await;
    assert_eq!((i.etat, i.solde), (E::Verifiee, Cents(6000)));
    let lignes = db.read(|c| async move { ecriture_list(&c, id).await }).await.unwrap();
    let ligne = lignes.iter().find(|e| e.id == opposee.id).unwrap();
    assert_eq!(
        (ligne.corrige, ligne.montant, ligne.moyen),
        (Some(faux.id), Cents(6000), Some(Moyen::Cheque))
    );
    let encore = corriger(&b.iexam, id, faux.id, "Encore", None, &scolarite()).await.unwrap_err();
    assert!(matches!(encore, CaisseFault::DejaCorrigee(_)));
    let correction = corriger(&b.iexam, id, opposee.id, "Encore", None, &scolarite()).await.unwrap_err();
    assert!(matches!(correction, CaisseFault::Incorrigible(_)));
    let du = lignes.iter().find(|e| e.poste.is_some()).unwrap().id;
    assert!(matches!(
        corriger(&b.iexam, id, du, "Encore", None, &scolarite()).await,
        Err(CaisseFault::Incorrigible(_))
    ));
    assert!(matches!(
        corriger(&b.iexam, id + 1, faux.id, "Encore", None, &scolarite()).await,
        Err(CaisseFault::Inconnue(_))
    ));
});

testkit::db_test!(a_closed_day_takes_nothing_more, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    let lundi = jour(2024, 12, 2);
    assert!(matches!(clore(&b.iexam, lundi, None, &scolarite()).await, Err(CaisseFault::JourVide(_))));
    let paye = cheque(&b, id, 2000).await.unwrap();
    assert!(matches!(clore(&b.iexam, lundi, Some(3), &scolarite()).await, Err(CaisseFault::JourChange(_))));
    assert!(matches!(
        clore(&b.iexam, jour(2024, 12, 3), None, &scolarite()).await,
        Err(CaisseFault::JourFutur(_))
    ));
    clore(&b.iexam, lundi, Some(1), &scolarite()).await.unwrap();
    assert!(matches!(clore(&b.iexam, lundi, None, &scolarite()).await, Err(CaisseFault::JourClos(_))));

    // The same evening: what comes in counts for the next day, and so does a correction.
    cheque(&b, id, 1000).await.unwrap();
    let opposee = corriger(&b.iexam, id, paye.id, "Chèque refusé", None, &scolarite()).await.unwrap();
    let mardi = jour(2024, 12, 3);
    let (du_lundi, du_mardi) = db
        .read(|c| async move {
            Ok::<_, db::DbError>((ecritures_du_jour(&c, lundi).await?, ecritures_du_jour(&c, mardi).await?))
        })
        .await
        .unwrap();
    assert_eq!((du_lundi.len(), du_mardi.len()), (1, 2));
    assert_eq!(du_mardi[1].id, opposee.id);
    assert_eq!(Totaux::de(&du_mardi).encaisse, Cents(-1000));

    b.clock.advance(Duration::days(2));
    cheque(&b, id, 500).await.unwrap();
    let avant = clore(&b.iexam, jour(2024, 12, 4), None, &scolarite()).await.unwrap_err();
    assert!(matches!(avant, CaisseFault::JourAnterieur(j) if j == mardi), "{avant:?}");
    clore(&b.iexam, mardi, Some(2), &scolarite()).await.unwrap();
    clore(&b.iexam, jour(2024, 12, 4), Some(1), &scolarite()).await.unwrap();
    let controles = db.read(|c| async move { controler(&c).await }).await.unwrap();
    assert_eq!(controles.len(), 3);
    assert!(controles.iter().all(|c| c.ecart.is_none()), "{controles:?}");
});

testkit::db_test!(tampering_with_a_closed_day_shows, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    let un = cheque(&b, id, 2000).await.unwrap().id;
    clore(&b.iexam, jour(2024, 12, 2), None, &scolarite()).await.unwrap();
    b.clock.advance(Duration::days(1));
    cheque(&b, id, 1000).await.unwrap();
    clore(&b.iexam, jour(2024, 12, 3), None, &scolarite()).await.unwrap();
    let ecarts = || async {
        let lus = db.read(|c| async move { controler(&c).await }).await.unwrap();
        lus.into_iter().map(|c| c.ecart.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(ecarts().await, [false, false]);

    b.executer("UPDATE iexam_ecriture SET reference = '9999999' WHERE id = ?", vec![un.into()]).await;
    assert_eq!(ecarts().await, [true, false], "another cheque number");
    b.executer("UPDATE iexam_ecriture SET reference = '0001234' WHERE id = ?", vec![un.into()]).await;
    b.executer("UPDATE iexam_ecriture SET montant_cents = -1999 WHERE id = ?", vec![un.into()]).await;
    assert_eq!(ecarts().await, [true, false], "another amount");
    b.executer(
        "UPDATE iexam_ecriture SET montant_cents = -2000, cloture = NULL WHERE id = ?",
        vec![un.into()],
    )
    .await;
    assert_eq!(ecarts().await, [true, false], "a row taken out");
    b.executer(
        "UPDATE iexam_ecriture SET cloture = (SELECT MIN(id) FROM iexam_cloture) WHERE id = ?",
        vec![un.into()],
    )
    .await;
    assert_eq!(ecarts().await, [false, false], "put back as it was");
    // Who also writes the fingerprint again breaks the closings that follow.
    b.executer(
        "UPDATE iexam_cloture SET empreinte = 'x' WHERE jour = (SELECT MIN(jour) FROM iexam_cloture)",
        vec![],
    )
    .await;
    assert_eq!(ecarts().await, [true, true]);
});

testkit::db_test!(paying_then_changing_modality_shows_the_difference, &migrations(), |db| async move {
    let b = banc(&db);
    let id = dette(&b).await;
    cheque(&b, id, 6000).await.unwrap();
    let periode = b.lue(id).await.periode;
    let moins = b.modalite(periode, "moins", "domicile", (1000, 0), None).await;
    b.executer("UPDATE iexam_inscription SET modalite = ? WHERE id = ?", vec![moins.into(), id.into()]).await;
    let quand = b.clock.now();
    let compter = |tx: db::Tx| async move {
        iexam::actions::recompter::recompter(&*tx, &[id], quand, &scolarite()).await
    };
    db.write(compter).await.unwrap();
    let i = b.lue(id).await;
    assert_eq!((i.du, i.solde, i.etat), (Cents(1000), Cents(-5000), E::Finalisee));
    rembourser(&b.iexam, saisie(id, 5000), Moyen::Virement, "R1", false, &scolarite()).await.unwrap();
    assert_eq!(b.lue(id).await.solde, Cents::ZERO);
});
