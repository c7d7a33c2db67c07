//! A draft is kept, whatever moves under it.

use iexam::actions::inscrire::valider;
use iexam::actions::inscrire_fault::InscrireFault;
use iexam::actions::recompter::recompter;
use iexam::domain::inscription::Decision::{Indecis, Passe, Report};
use iexam::domain::inscription::EtatInscription;
use iexam::store::recu::recu_list;
use kernel::{Cents, Clock as _, Fault as _};
use std::collections::BTreeMap;

use crate::banc::{annee, instant};
use crate::inscrire::decor::{ACTEUR, Decor, decor, element, migrations, voulu};

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
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message").await, 1);
    assert_eq!(b.nombre("SELECT COUNT(*) FROM journal WHERE action = 'inscription_examen.valider'").await, 1);

    // The account written at once is the one that counting again would write.
    let quand = b.clock.now();
    let lignes = b.nombre("SELECT COUNT(*) FROM iexam_ecriture").await;
    b.db.write(|tx: db::Tx| async move { recompter(&*tx, &[id], quand, &ACTEUR).await }).await.unwrap();
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_ecriture").await, lignes);
    assert_eq!(b.inscription(&n, "P1").await, i);
});

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
    let tenus = b.nombre("SELECT COUNT(*) FROM iexam_choix").await;
    assert_eq!(tenus, 1, "what no longer concerns the student is not kept");
});

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
