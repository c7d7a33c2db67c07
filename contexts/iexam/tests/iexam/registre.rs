//! What the registry does to registrations.

use crate::banc::{Banc, banc, instant, migrations, scolarite};
use db::{DbError, Paging};
use iexam::actions::annuler::{annuler, retablir};
use iexam::actions::lot::vu;
use iexam::actions::registre_fault::RegistreFault;
use iexam::actions::renvoyer::{relancer, renvoyer};
use iexam::actions::trancher::{Decide, accepter, refuser};
use iexam::actions::verifier::{reprendre, verifier};
use iexam::domain::demande::Voulu;
use iexam::domain::file::File;
use iexam::domain::inscription::{Decision, EtatInscription as E};
use iexam::domain::registre::Ecart;
use iexam::store::registre::{Filtre, facettes, files_count, registre_ids, registre_list};
use kernel::{Cents, Clock as _};

struct Monde {
    periode: i64,
    modalite: i64,
    epreuves: Vec<i64>,
}

/// A period being verified, 30 € and 10 € an hour, two épreuves of three and two hours.
async fn monde(b: &Banc, quota: Option<i64>) -> Monde {
    let periode = b.periode("P1", "verification").await;
    let modalite = b.modalite(periode, "tele_examen", "domicile", (3000, 1000), quota).await;
    let un = b.epreuve(periode, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let deux = b.epreuve(periode, "DROI2", Some(instant(2025, 1, 11, 8)), Some(120)).await;
    Monde { periode, modalite, epreuves: vec![un, deux] }
}

async fn demander(b: &Banc, id: i64, voulu: &Voulu) -> i64 {
    let json = serde_json::to_string(voulu).unwrap();
    b.executer(
        "INSERT INTO iexam_demande (inscription, faite_le, voulu, motif, etat) VALUES (?, ?, ?, 'Je déménage', 'en_attente')",
        vec![id.into(), b.clock.now().into(), json.into()],
    )
    .await;
    b.executer("UPDATE iexam_inscription SET demande_en_attente = TRUE WHERE id = ?", vec![id.into()]).await;
    b.nombre("SELECT MAX(id) FROM iexam_demande").await as i64
}

testkit::db_test!(
    verifying_lets_pay_finalises_what_costs_nothing_and_is_taken_back,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let m = monde(&b, None).await;
        let gratuite = b.modalite(m.periode, "gratuite", "domicile", (0, 0), None).await;
        let payante = b.posee(m.periode, "22000001", "validee", (m.modalite, None), &m.epreuves[..1]).await;
        let libre = b.posee(m.periode, "22000002", "validee", (gratuite, None), &m.epreuves[..1]).await;
        let brouillon = b.posee(m.periode, "22000003", "brouillon", (m.modalite, None), &[]).await;

        let lot = verifier(&b.iexam, &[payante, libre, brouillon], None, &scolarite()).await.unwrap();
        assert_eq!((lot.faites.len(), lot.ecartees.len()), (2, 1));
        assert_eq!(lot.ecartees[0].1, Ecart::Etat(E::Brouillon));
        assert_eq!((b.lue(payante).await.etat, b.lue(payante).await.solde), (E::Verifiee, Cents(6000)));
        assert_eq!(b.lue(libre).await.etat, E::Finalisee, "nothing to pay finalises by itself");
        assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message").await, 2);
        assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message WHERE sujet LIKE '%définitive%'").await, 1);
        assert_eq!(
            b.nombre("SELECT COUNT(*) FROM journal WHERE action = 'inscription_examen.verifier'").await,
            2
        );

        let encore = verifier(&b.iexam, &[payante], None, &scolarite()).await.unwrap_err();
        assert!(matches!(encore, RegistreFault::Ecart(Ecart::Etat(E::Verifiee))), "{encore:?}");

        reprendre(&b.iexam, &[payante, libre], None, &scolarite()).await.unwrap();
        assert_eq!((b.lue(payante).await.etat, b.lue(libre).await.etat), (E::Validee, E::Validee));
    }
);

testkit::db_test!(sending_back_needs_a_reason_keeps_the_place_and_writes, &migrations(), |db| async move {
    let b = banc(&db);
    let m = monde(&b, Some(3)).await;
    let id = b.posee(m.periode, "22000001", "validee", (m.modalite, None), &m.epreuves).await;
    for vide in ["", "  ", "?!"] {
        let refus = renvoyer(&b.iexam, &[id], vide, None, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, RegistreFault::Motif));
    }
    let (_, muettes) =
        renvoyer(&b.iexam, &[id], "La  carte\nest illisible", None, &scolarite()).await.unwrap();
    let i = b.lue(id).await;
    assert_eq!(
        (muettes, i.etat, i.motif.as_str(), i.tient_place),
        (0, E::ACorriger, "La carte est illisible", true)
    );
    assert_eq!(b.prises(m.modalite).await, 1, "the place was won");
    assert_eq!(
        b.nombre("SELECT COUNT(*) FROM mail_message WHERE texte LIKE '%La carte est illisible%'").await,
        1
    );

    b.executer("UPDATE iexam_inscription SET courriel = '', etat = 'validee'", vec![]).await;
    let (_, muettes) = renvoyer(&b.iexam, &[id], "Pièce manquante", None, &scolarite()).await.unwrap();
    assert_eq!(muettes, 1, "who cannot be written to is counted");
});

testkit::db_test!(
    two_clerks_on_one_registration_do_not_overwrite_each_other,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let m = monde(&b, None).await;
        let id = b.posee(m.periode, "22000001", "validee", (m.modalite, None), &m.epreuves).await;
        let vue = vu(&b.lue(id).await).value();
        renvoyer(&b.iexam, &[id], "Pièce manquante", Some(&vue), &scolarite()).await.unwrap();
        let second = annuler(&b.iexam, &[id], "Abandon", Some(&vue), &scolarite()).await.unwrap_err();
        assert!(matches!(second, RegistreFault::Perime), "{second:?}");
        assert_eq!(b.lue(id).await.etat, E::ACorriger);
    }
);

testkit::db_test!(
    cancelling_gives_the_place_back_and_restoring_takes_it_while_one_remains,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let m = monde(&b, Some(1)).await;
        let id = b.posee(m.periode, "22000001", "verifiee", (m.modalite, None), &m.epreuves).await;
        assert_eq!(b.lue(id).await.du, Cents(8000));
        let demande = demander(&b, id, &Voulu::default()).await;
        annuler(&b.iexam, &[id], "Abandon de l’étudiant", None, &scolarite()).await.unwrap();
        let i = b.lue(id).await;
        assert_eq!((i.etat, i.du, i.solde, i.tient_place), (E::Annulee, Cents::ZERO, Cents::ZERO, false));
        assert_eq!((b.prises(m.modalite).await, i.demande_en_attente), (0, false));
        let d = Decide { inscription: id, demande, reponse: "", vu: None };
        assert!(matches!(accepter(&b.iexam, d, &scolarite()).await, Err(RegistreFault::Ecart(_))));

        let autre = b.posee(m.periode, "22000002", "validee", (m.modalite, None), &m.epreuves).await;
        let plein = retablir(&b.iexam, id, None, &scolarite()).await.unwrap_err();
        assert!(matches!(plein, RegistreFault::Ecart(Ecart::ModalitePleine)), "{plein:?}");
        assert_eq!(b.lue(id).await.etat, E::Annulee);

        annuler(&b.iexam, &[autre], "Abandon", None, &scolarite()).await.unwrap();
        retablir(&b.iexam, id, None, &scolarite()).await.unwrap();
        let i = b.lue(id).await;
        assert_eq!((i.etat, i.du, i.tient_place), (E::Validee, Cents(8000), true));
        assert_eq!(b.prises(m.modalite).await, 1);
    }
);

testkit::db_test!(
    a_request_moves_choices_places_and_account_or_leaves_all_as_it_was,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let m = monde(&b, Some(5)).await;
        let centre_etranger = b.modalite(m.periode, "centre_etranger", "centre", (5000, 0), Some(1)).await;
        let noumea = b.centre(m.periode, centre_etranger, "NOU", "Pacific/Noumea", "accepte", Some(1)).await;
        let id = b.posee(m.periode, "22000001", "verifiee", (m.modalite, None), &m.epreuves).await;
        let (un, deux) = (m.epreuves[0], m.epreuves[1]);
        let choix = [(un, Decision::Passe), (deux, Decision::Report)].into_iter().collect();
        let voulu = Voulu { modalite: Some(centre_etranger), centre: Some(noumea), choix };
        let demande = demander(&b, id, &voulu).await;

        let d = Decide { inscription: id, demande, reponse: "", vu: None };
        assert!(matches!(refuser(&b.iexam, d, &scolarite()).await, Err(RegistreFault::Motif)));
        let bloque = verifier(&b.iexam, &[id], None, &scolarite()).await;
        assert!(bloque.is_err());
        accepter(&b.iexam, d, &scolarite()).await.unwrap();
        let i = b.lue(id).await;
        assert_eq!((i.modalite, i.centre, i.revision), (Some(centre_etranger), Some(noumea), 1));
        assert_eq!((i.passees, i.reportees, i.du, i.demande_en_attente), (1, 1, Cents(5000), false));
        assert_eq!((b.prises(m.modalite).await, b.prises(centre_etranger).await), (0, 1));
        assert!(i.sans_salle, "its centre has no room yet");
        let deja = accepter(&b.iexam, d, &scolarite()).await.unwrap_err();
        assert!(matches!(deja, RegistreFault::Demande(_)), "{deja:?}");

        // The only place of the centre is taken: nothing of a second request is kept.
        let autre = b.posee(m.periode, "22000002", "validee", (m.modalite, None), &m.epreuves).await;
        let demande = demander(&b, autre, &voulu).await;
        let d = Decide { inscription: autre, demande, reponse: "", vu: None };
        let plein = accepter(&b.iexam, d, &scolarite()).await.unwrap_err();
        assert!(matches!(plein, RegistreFault::Ecart(Ecart::ModalitePleine)), "{plein:?}");
        let i = b.lue(autre).await;
        assert_eq!((i.modalite, i.du, i.demande_en_attente), (Some(m.modalite), Cents(8000), true));
        assert_eq!((b.prises(m.modalite).await, b.prises(centre_etranger).await), (1, 1));
        let d = Decide { reponse: "Centre complet", ..d };
        refuser(&b.iexam, d, &scolarite()).await.unwrap();
        assert!(!b.lue(autre).await.demande_en_attente);
        assert_eq!(
            b.nombre("SELECT COUNT(*) FROM mail_message WHERE texte LIKE '%Centre complet%'").await,
            1
        );
    }
);

testkit::db_test!(a_request_for_what_is_no_longer_offered_says_why, &migrations(), |db| async move {
    let b = banc(&db);
    let m = monde(&b, None).await;
    let retiree = b.modalite(m.periode, "retiree", "domicile", (1000, 0), None).await;
    b.executer("UPDATE iexam_offre SET active = FALSE WHERE modalite = ?", vec![retiree.into()]).await;
    let id = b.posee(m.periode, "22000001", "validee", (m.modalite, None), &m.epreuves).await;
    let choix = m.epreuves.iter().map(|e| (*e, Decision::Passe)).collect();
    let demande = demander(&b, id, &Voulu { modalite: Some(retiree), centre: None, choix }).await;
    let d = Decide { inscription: id, demande, reponse: "", vu: None };
    let refus = accepter(&b.iexam, d, &scolarite()).await.unwrap_err();
    assert!(matches!(refus, RegistreFault::Voulu("la modalité n’est plus proposée")), "{refus:?}");
});

testkit::db_test!(drafts_are_reminded_and_nothing_else_changes, &migrations(), |db| async move {
    let b = banc(&db);
    let m = monde(&b, None).await;
    let brouillon = b.posee(m.periode, "22000001", "brouillon", (m.modalite, None), &[]).await;
    let muet = b.posee(m.periode, "22000002", "brouillon", (m.modalite, None), &[]).await;
    b.executer("UPDATE iexam_inscription SET courriel = '' WHERE id = ?", vec![muet.into()]).await;
    let (lot, _) = relancer(&b.iexam, &[brouillon, muet], &scolarite()).await.unwrap();
    assert_eq!((lot.faites.len(), lot.ecartees[0].1), (1, Ecart::SansCourriel));
    assert_eq!(b.lue(brouillon).await.etat, E::Brouillon);
    assert_eq!(b.nombre("SELECT COUNT(*) FROM mail_message").await, 1);
});

testkit::db_test!(worklists_are_counts_and_lists_of_the_same, &migrations(), |db| async move {
    let b = banc(&db);
    let m = monde(&b, None).await;
    let etranger = b.modalite(m.periode, "centre_etranger", "centre", (5000, 0), None).await;
    let cayenne = b.centre(m.periode, etranger, "CAY", "America/Cayenne", "demande", None).await;
    for (numero, etat) in [
        ("22000001", "validee"),
        ("22000002", "validee"),
        ("22000003", "verifiee"),
        ("22000004", "brouillon"),
        ("22000005", "annulee"),
        ("22000006", "a_corriger"),
    ] {
        b.posee(m.periode, numero, etat, (m.modalite, None), &m.epreuves).await;
    }
    let loin = b.posee(m.periode, "22000007", "verifiee", (etranger, Some(cayenne)), &m.epreuves).await;
    b.executer(
        "UPDATE iexam_inscription SET majoration = 20, solde_cents = -500 WHERE id = ?",
        vec![loin.into()],
    )
    .await;
    let autre = b.periode("P2", "inscriptions").await;
    b.posee(autre, "22000001", "validee", (m.modalite, None), &[]).await;

    let periode = m.periode;
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let (files, total) = files_count(&c, periode).await?;
        for file in File::ALL {
            let filtre = Filtre { periode, file: Some(file), tri: "nom", ..Filtre::default() };
            let ids = registre_ids(&c, &filtre, 100).await?;
            let page = registre_list(&c, &filtre, Paging::new(1, 50)).await?;
            assert_eq!((ids.len() as u64, page.total), (files[&file], files[&file]), "{file:?}");
            assert_eq!(page.elements.iter().map(|l| l.inscription.id).collect::<Vec<_>>(), ids, "{file:?}");
        }
        Ok::<_, DbError>((files, total, facettes(&c, periode).await?))
    };
    let (files, total, facettes) = db.read(lire).await.unwrap();
    assert_eq!(total, 7);
    let compte = |f: File| files[&f];
    assert_eq!((compte(File::AVerifier), compte(File::APayer), compte(File::SansAccord)), (2, 1, 1));
    assert_eq!((compte(File::TropPercu), compte(File::TempsMajore), compte(File::Annulees)), (1, 1, 1));
    assert_eq!(facettes.etats[&E::Validee], 2);
    assert_eq!((facettes.centres.len(), facettes.modalites.len(), facettes.etapes["L1 Droit"]), (1, 2, 7));

    let chercher = |c: db::sea_orm::DatabaseConnection| async move {
        let filtre = Filtre { periode, recherche: "nom22000003 prenom".into(), ..Filtre::default() };
        registre_ids(&c, &filtre, 10).await
    };
    assert_eq!(db.read(chercher).await.unwrap().len(), 1);
});
