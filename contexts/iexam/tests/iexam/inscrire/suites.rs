//! After the confirmation: sent back and confirmed again, a change that is asked.

use db::DbError;
use db::sql::select;
use iexam::actions::demander::{Demandee, demander, retirer};
use iexam::domain::demande::Voulu;
use iexam::domain::inscription::Decision::{Passe, Report};
use iexam::domain::inscription::EtatInscription;
use iexam::store::recu::recu_list;
use kernel::{Cents, Clock as _, Fault as _};

use crate::banc::{annee, instant};
use crate::inscrire::decor::{ACTEUR, Decor, decor, migrations, voulu};

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
            b.nombre("SELECT prises FROM iexam_offre ORDER BY id LIMIT 1").await,
            0,
            "the place moved at once"
        );
        assert_eq!(b.nombre("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
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
        assert_eq!(b.nombre("SELECT CAST(SUM(prises) AS BIGINT) FROM iexam_offre").await, 1);
    }
);

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
