//! The account follows what moves it, and the state follows the account.

use crate::banc::{Banc, banc, instant, jour, migrations, scolarite};
use db::sql::select;
use db::{DbError, Tx};
use iexam::actions::recompter::recompter;
use iexam::domain::ecriture::{Moyen, Nature};
use iexam::domain::inscription::EtatInscription;
use iexam::store::caisse::ecriture_tenir;
use iexam::store::ecriture::Nouvelle;
use iexam::store::inscription::{Inscription, inscription_read};
use kernel::{Cents, Clock as _};

impl Banc {
    async fn inscrite(&self, periode: i64, modalite: i64, etat: &str, epreuves: &[i64]) -> i64 {
        let quand = self.clock.now();
        self.executer(
            "INSERT INTO iexam_inscription (periode, etudiant, nom, etat, modalite, creee_le, modifiee_le) VALUES (?, ?, 'N', ?, ?, ?, ?)",
            vec![
                periode.into(),
                "22000001".into(),
                etat.into(),
                modalite.into(),
                quand.into(),
                quand.into(),
            ],
        )
        .await;
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            let rows = select(&c, "SELECT MAX(id) FROM iexam_inscription", []).await?;
            Ok::<i64, DbError>(rows[0].try_get_by_index(0)?)
        };
        let id = self.db.read(lire).await.unwrap();
        for epreuve in epreuves {
            self.executer(
                "INSERT INTO iexam_choix (inscription, epreuve, decision) VALUES (?, ?, 'passe')",
                vec![id.into(), (*epreuve).into()],
            )
            .await;
        }
        id
    }

    async fn recompter(&self, id: i64) -> Inscription {
        let quand = self.clock.now();
        let recompter = |tx: Tx| async move { recompter(&*tx, &[id], quand, &scolarite()).await };
        self.db.write(recompter).await.unwrap();
        self.db.read(|c| async move { inscription_read(&c, id).await }).await.unwrap().unwrap()
    }

    async fn payer(&self, id: i64, cents: i64) {
        let quand = self.clock.now();
        let payer = |tx: Tx| async move {
            let ecriture = Nouvelle {
                inscription: id,
                nature: Nature::Paiement,
                moyen: Some(Moyen::Cheque),
                montant: Nature::Paiement.signe(Cents(cents)),
                libelle: "Chèque",
                reference: "123",
                jour: jour(2024, 12, 2),
                corrige: None,
            };
            ecriture_tenir(&*tx, &ecriture, None, quand, &scolarite()).await.map(drop)
        };
        self.db.write(payer).await.unwrap();
    }
}

testkit::db_test!(paid_in_full_finalises_and_a_longer_exam_takes_it_back, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "verification").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let id = b.inscrite(p, m, "verifiee", &[e]).await;

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
    let id = b.inscrite(p, m, "brouillon", &[e]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.du, i.passees), (EtatInscription::Brouillon, Cents::ZERO, 1));
    b.executer("UPDATE iexam_inscription SET etat = 'verifiee'", vec![]).await;
    let i = b.recompter(id).await;
    assert_eq!((i.etat, i.solde), (EtatInscription::Finalisee, Cents::ZERO));
});
