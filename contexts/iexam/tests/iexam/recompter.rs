//! The account follows what moves it, and the state follows the account.

use crate::banc::{banc, instant, migrations};
use iexam::domain::inscription::EtatInscription;
use kernel::Cents;

testkit::db_test!(paid_in_full_finalises_and_a_longer_exam_takes_it_back, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "verification").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let id = b.posee(p, "22000001", "verifiee", (m, None), &[e]).await;

    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.du, i.solde, i.passees), (EtatInscription::Verifiee, Cents(6000), Cents(6000), 1));
    let i = b.recompter(id).await;
    assert_eq!((i.du, i.solde), (Cents(6000), Cents(6000)), "counted twice, charged once");

    b.payer(id, 6000).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.solde), (EtatInscription::Finalisee, Cents::ZERO));

    b.executer("UPDATE iexam_epreuve SET duree_min = 240", vec![]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.du, i.solde), (EtatInscription::Verifiee, Cents(7000), Cents(1000)));

    b.executer("UPDATE iexam_inscription SET etat = 'annulee'", vec![]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.du, i.solde), (Cents::ZERO, Cents(-6000)), "what was paid is to be given back");
});

testkit::db_test!(a_fee_of_nothing_finalises_and_a_draft_owes_nothing, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "verification").await;
    let m = b.modalite(p, "gratuite", "domicile", (0, 0), None).await;
    let e = b.epreuve(p, "DROI1", None, None).await;
    let id = b.posee(p, "22000001", "brouillon", (m, None), &[e]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.du, i.passees), (EtatInscription::Brouillon, Cents::ZERO, 1));
    b.executer("UPDATE iexam_inscription SET etat = 'verifiee'", vec![]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.solde), (EtatInscription::Finalisee, Cents::ZERO));
});
