//! Exams being set: periods, the clock of the law, tariffs, centres and their agreements.

use crate::banc::{Banc, annee, banc, instant, jour, migrations, scolarite};
use chrono::Duration;
use db::{DbError, journal};
use iexam::actions::accorder::{Reponse, accorder};
use iexam::actions::centre_salle::salle_regler;
use iexam::actions::deroger::{deroger, retirer as derogation_retirer};
use iexam::actions::modalite_offrir::{offre_vu, offrir};
use iexam::actions::modalite_regler::{creer_usuelles, modifier};
use iexam::actions::modalite_tarifer::{retirer, tarifer};
use iexam::actions::modalites_publier::publier;
use iexam::actions::periode_avancer::{Pas, avancer, situation};
use iexam::actions::periode_dater::{dater, dates_vu};
use iexam::actions::periode_ouvrir::{Copie, apercevoir, ouvrir, proposer};
use iexam::actions::regler_fault::ReglageFault;
use iexam::domain::centre::{EtatAccord, Salle};
use iexam::domain::horloge::Echeance;
use iexam::domain::inscription::EtatInscription;
use iexam::domain::modalite::Tarif;
use iexam::domain::periode::{EtatPeriode, Periode};
use iexam::domain::periode_dates::Dates;
use iexam::store::accord::accords_de_periode;
use iexam::store::modalite::{modalite_list, modalite_par_code};
use iexam::store::offre::{Offerte, offre_list};
use iexam::store::periode::{periode_list, periode_read};
use kernel::{Cents, Clock as _};

impl Banc {
    async fn lire(&self, id: i64) -> Periode {
        self.db.read(|c| async move { periode_read(&c, id).await }).await.unwrap().unwrap()
    }

    async fn offres(&self, id: i64) -> Vec<Offerte> {
        self.db.read(|c| async move { offre_list(&c, id).await }).await.unwrap()
    }

    async fn traces(&self, objet: &'static str, id: i64) -> Vec<String> {
        let cle = id.to_string();
        let lire = |c| async move { journal::history(&c, objet, &cle, 0, 50).await };
        let lignes: Result<_, DbError> = self.db.read(lire).await;
        lignes.unwrap().into_iter().map(|l| l.action).collect()
    }
}

testkit::db_test!(a_period_is_opened_from_another_and_says_what_it_took, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "cloturee").await;
    let m = b.modalite(p, "campus_connecte", "centre", (2000, 300), Some(40)).await;
    b.centre(p, m, "autun", "Europe/Paris", "accepte", Some(12)).await;
    b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let annulee = b.epreuve(p, "DROI2", None, None).await;
    b.executer(
        "UPDATE iexam_epreuve SET annulee_le = ? WHERE id = ?",
        vec![b.clock.now().into(), annulee.into()],
    )
    .await;
    b.executer("UPDATE iexam_offre SET prises = 7", vec![]).await;

    let source = b.lire(p).await;
    let mut o = proposer(&b.iexam, Some(&source), annee().suivante()).await.unwrap();
    assert_eq!((o.code.as_str(), o.dates.epreuves_debut), ("P1", jour(2026, 1, 7)), "a Wednesday stays one");
    o.copie = Copie { epreuves: true, ..Copie::USUELLE };
    let vu = apercevoir(&b.iexam, &o).await.unwrap();
    assert_eq!((vu.modalites.len(), vu.centres.len(), vu.epreuves), (1, 1, 1));
    assert_eq!(b.nombre("SELECT COUNT(*) FROM iexam_periode").await, 1, "looking writes nothing");

    let (id, fait) = ouvrir(&b.iexam, &o, &scolarite()).await.unwrap();
    assert_eq!(fait, vu);
    let nouvelle = b.lire(id).await;
    assert_eq!((nouvelle.etat, nouvelle.nom().as_str()), (EtatPeriode::Preparation, "P1 2025/2026"));
    let offre = &b.offres(id).await[0];
    assert_eq!((offre.offerte, offre.quota, offre.prises), (true, Some(40), 0));
    let accord = &b.db.read(|c| async move { accords_de_periode(&c, id).await }).await.unwrap()[0];
    assert_eq!((accord.etat, accord.places, accord.prises), (EtatAccord::ADemander, Some(12), 0));
    let sans_date =
        "SELECT COUNT(*) FROM iexam_epreuve WHERE debut IS NULL AND annulee_le IS NULL AND duree_min = 180";
    assert_eq!(b.nombre(sans_date).await, 1);
    assert_eq!(b.traces("periode_examen", id).await, ["periode_examen.ouvrir"]);

    let deux = ouvrir(&b.iexam, &o, &scolarite()).await.unwrap_err();
    assert!(deux.du_champ("code").unwrap().contains("existe déjà"), "{deux}");
    let suite = proposer(&b.iexam, Some(&source), annee().suivante()).await.unwrap();
    assert_eq!(suite.code, "P2", "what the year has is not proposed again");
});

testkit::db_test!(
    a_period_goes_forward_and_comes_back_until_something_happened,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "preparation").await;
        let (tx, scol) = (&b.iexam, scolarite());
        let refus = avancer(tx, p, Pas::Avant, EtatPeriode::Preparation, true, &scol).await.unwrap_err();
        assert!(matches!(&refus, ReglageFault::Empeche(p) if p.len() == 2), "{refus}");
        let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;

        avancer(tx, p, Pas::Avant, EtatPeriode::Preparation, false, &scol).await.unwrap();
        let deux = avancer(tx, p, Pas::Avant, EtatPeriode::Preparation, false, &scol).await.unwrap_err();
        assert!(matches!(deux, ReglageFault::Change(_)), "somebody else has moved it");
        avancer(tx, p, Pas::Arriere, EtatPeriode::Inscriptions, false, &scol).await.unwrap();
        avancer(tx, p, Pas::Avant, EtatPeriode::Preparation, false, &scol).await.unwrap();

        let id = b.posee(p, "22000001", "validee", (m, None), &[e]).await;
        b.executer("UPDATE iexam_inscription SET validee_le = ?", vec![b.clock.now().into()]).await;
        let refus = avancer(tx, p, Pas::Arriere, EtatPeriode::Inscriptions, true, &scol).await.unwrap_err();
        assert!(refus.to_string().contains("déjà été validée"), "{refus}");

        let tot = avancer(tx, p, Pas::Avant, EtatPeriode::Inscriptions, false, &scol).await.unwrap_err();
        assert!(matches!(tot, ReglageFault::AConfirmer(_)), "the window is not over");
        avancer(tx, p, Pas::Avant, EtatPeriode::Inscriptions, true, &scol).await.unwrap();
        let refus = avancer(tx, p, Pas::Avant, EtatPeriode::Verification, true, &scol).await.unwrap_err();
        assert!(refus.to_string().contains("1 inscription reste à vérifier"), "{refus}");
        b.executer("UPDATE iexam_inscription SET etat = 'annulee' WHERE id = ?", vec![id.into()]).await;
        avancer(tx, p, Pas::Avant, EtatPeriode::Verification, true, &scol).await.unwrap();
        assert!(b.lire(p).await.convoquee_le.is_some());
        avancer(tx, p, Pas::Arriere, EtatPeriode::Convocations, true, &scol).await.unwrap();
        assert_eq!(b.lire(p).await.convoquee_le, None, "and the clock of the law counts again");
        assert_eq!(b.traces("periode_examen", p).await.len(), 6);
    }
);

testkit::db_test!(a_missed_date_of_the_law_is_answered_for_by_name, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "preparation").await;
    b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    let scol = scolarite();
    publier(&b.iexam, p, false, &scol).await.unwrap();
    let rouge = situation(&b.iexam, b.lire(p).await).await.unwrap();
    assert!(rouge.horloge[0].manquee(), "16 October is over, and nothing is published");
    // Published late is still late: the reason is asked all the same.
    publier(&b.iexam, p, true, &scol).await.unwrap();
    let refus = avancer(&b.iexam, p, Pas::Avant, EtatPeriode::Preparation, true, &scol).await.unwrap_err();
    assert!(refus.to_string().contains("dérogation"), "{refus}");

    let motif = "Accréditation reçue le 2 décembre seulement.";
    let signer = |motif, signe| deroger(&b.iexam, p, Echeance::Modalites, motif, (signe, "Anne Roy"), &scol);
    assert!(signer("Trop court.", true).await.unwrap_err().du_champ("motif").is_some());
    assert!(signer(motif, false).await.unwrap_err().du_champ("signe").unwrap().contains("Anne Roy"));
    let pas_encore = deroger(&b.iexam, p, Echeance::Convocations, motif, (true, "Anne Roy"), &scol).await;
    assert!(matches!(pas_encore.unwrap_err(), ReglageFault::Empeche(_)), "it is not missed");
    signer(motif, true).await.unwrap();
    assert!(matches!(signer(motif, true).await.unwrap_err(), ReglageFault::Empeche(_)), "once is enough");
    derogation_retirer(&b.iexam, p, Echeance::Modalites, &scol).await.unwrap();
    assert!(avancer(&b.iexam, p, Pas::Avant, EtatPeriode::Preparation, true, &scol).await.is_err());
    signer(motif, true).await.unwrap();
    avancer(&b.iexam, p, Pas::Avant, EtatPeriode::Preparation, true, &scol).await.unwrap();
    let refus = publier(&b.iexam, p, false, &scol).await.unwrap_err();
    assert!(matches!(refus, ReglageFault::Empeche(_)), "students register on what was published");
    let traces = b.traces("periode_examen", p).await;
    assert_eq!(traces.iter().filter(|t| *t == "periode_examen.deroger").count(), 2);
});

testkit::db_test!(a_first_day_under_another_tariff_counts_accounts_again, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    let m = b.modalite(p, "tele_examen", "domicile", (3000, 1000), None).await;
    let e = b.epreuve(p, "DROI1", None, Some(120)).await;
    let plus_cher =
        |du| Tarif { valide_du: du, fixe: Cents(4000), horaire: Cents(1000), majoration_facturee: false };
    tarifer(&b.iexam, "tele_examen", &plus_cher(jour(2025, 1, 13)), &scolarite()).await.unwrap();
    let id = b.posee(p, "22000001", "validee", (m, None), &[e]).await;
    assert_eq!(b.lue(id).await.du, Cents(5000));

    let periode = b.lire(p).await;
    let vu = dates_vu(&periode).value();
    let plus_tard = Dates { epreuves_debut: jour(2025, 1, 13), ..Dates::de(&periode) };
    dater(&b.iexam, p, "P1 déplacée", &plus_tard, Some(&vu), &scolarite()).await.unwrap();
    assert_eq!(b.lue(id).await.du, Cents(6000));
    let perime = dater(&b.iexam, p, "P1", &plus_tard, Some(&vu), &scolarite()).await.unwrap_err();
    assert!(matches!(perime, ReglageFault::Change(_)), "{perime}");

    let faux = Dates { epreuves_fin: jour(2025, 1, 2), ..plus_tard };
    let refus = dater(&b.iexam, p, "P1", &faux, None, &scolarite()).await.unwrap_err();
    assert!(refus.du_champ("epreuves_fin").unwrap().contains("lundi 13 janvier 2025"), "{refus}");

    // A tariff that counts for somebody is neither replaced nor withdrawn; one that counts for nobody is.
    let refus = tarifer(&b.iexam, "tele_examen", &plus_cher(jour(2025, 1, 1)), &scolarite()).await;
    refus.unwrap();
    assert_eq!(b.lue(id).await.du, Cents(6000), "the one that starts later still holds");
    assert!(retirer(&b.iexam, "tele_examen", jour(2025, 1, 13), &scolarite()).await.is_err());
    retirer(&b.iexam, "tele_examen", jour(2025, 1, 1), &scolarite()).await.unwrap();
    tarifer(&b.iexam, "tele_examen", &plus_cher(jour(2025, 1, 14)), &scolarite()).await.unwrap();
    retirer(&b.iexam, "tele_examen", jour(2025, 1, 14), &scolarite()).await.unwrap();
    let trop = Tarif { fixe: Cents(-1), ..plus_cher(jour(2030, 1, 1)) };
    assert!(
        tarifer(&b.iexam, "tele_examen", &trop, &scolarite()).await.unwrap_err().du_champ("fixe").is_some()
    );
});

testkit::db_test!(
    an_agreement_finalises_what_is_paid_and_a_refusal_takes_it_back,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "verification").await;
        let m = b.modalite(p, "centre_etranger", "centre", (0, 0), None).await;
        let c = b.centre(p, m, "noumea", "Pacific/Noumea", "demande", Some(2)).await;
        let s = b.salle(c, "Amphi", 30, false).await;
        let e = b.epreuve(p, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        b.executer(
            "INSERT INTO iexam_epreuve_salle (epreuve, salle) VALUES (?, ?)",
            vec![e.into(), s.into()],
        )
        .await;
        b.executer("UPDATE iexam_accord SET prises = 1", vec![]).await;
        let id = b.posee(p, "22000001", "verifiee", (m, Some(c)), &[e]).await;
        assert_eq!(b.lue(id).await.etat, EtatInscription::Payee, "nothing to pay, and the centre is silent");

        let dire = |etat, places, reponse: &str| {
            let r = Reponse { etat, places, reponse: reponse.to_owned() };
            let iexam = b.iexam.clone();
            async move { accorder(&iexam, p, "noumea", &r, None, &scolarite()).await }
        };
        dire(EtatAccord::Accepte, Some(2), "Oui").await.unwrap();
        assert_eq!(b.lue(id).await.etat, EtatInscription::Finalisee);
        let refus = dire(EtatAccord::Accepte, Some(0), "Oui").await.unwrap_err();
        assert!(
            refus.du_champ("places").unwrap().contains("1 inscriptions")
                || refus.du_champ("places").is_some()
        );
        assert!(
            dire(EtatAccord::Refuse, Some(2), " ").await.unwrap_err().du_champ("reponse").is_some(),
            "it says why"
        );
        dire(EtatAccord::Refuse, Some(2), "En travaux").await.unwrap();
        assert_eq!(b.lue(id).await.etat, EtatInscription::Payee);
        assert_eq!(b.traces("centre_examen", c).await, ["centre_examen.accorder", "centre_examen.accorder"]);

        // A room that an épreuve uses stays; once freed it may go, and states that depend on it follow.
        let mut salle = Salle {
            id: s,
            nom: "Amphi".into(),
            capacite: 30,
            equipement: String::new(),
            a_part: false,
            rang: 0,
            active: false,
        };
        assert!(
            salle_regler(&b.iexam, "noumea", &salle, None, &scolarite())
                .await
                .unwrap_err()
                .du_champ("active")
                .is_some()
        );
        salle.active = true;
        salle.capacite = 31;
        salle_regler(&b.iexam, "noumea", &salle, None, &scolarite()).await.unwrap();
        assert!(!b.lue(id).await.sans_salle);
    }
);

testkit::db_test!(an_offer_never_goes_under_the_places_held, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "inscriptions").await;
    b.modalite(p, "tele_examen", "domicile", (0, 0), Some(10)).await;
    b.executer("UPDATE iexam_offre SET prises = 3", vec![]).await;
    let tenue = b.offres(p).await;
    let vu = offre_vu(&tenue).value();
    let voulue = |offerte, quota| vec![Offerte { offerte, quota, ..tenue[0].clone() }];
    let faire = |v: Vec<Offerte>, vu: Option<String>| {
        let iexam = b.iexam.clone();
        async move { offrir(&iexam, p, &v, vu.as_deref(), &scolarite()).await }
    };
    assert!(faire(voulue(true, Some(2)), None).await.unwrap_err().du_champ("offre").is_some());
    assert!(faire(voulue(false, None), None).await.is_err(), "somebody holds a place of it");
    assert_eq!(faire(voulue(true, Some(3)), Some(vu.clone())).await.unwrap(), 1);
    assert!(matches!(faire(voulue(true, None), Some(vu)).await.unwrap_err(), ReglageFault::Change(_)));
    let mut tard = voulue(true, Some(3));
    tard[0].echeance = Some(b.lire(p).await.inscriptions_fin + Duration::minutes(1));
    assert!(faire(tard, None).await.unwrap_err().to_string().contains("saisie"));
});

testkit::db_test!(the_usual_modalities_are_made_once_and_a_used_code_stays, &migrations(), |db| async move {
    let b = banc(&db);
    assert_eq!(creer_usuelles(&b.iexam, &scolarite()).await.unwrap(), 4);
    assert_eq!(creer_usuelles(&b.iexam, &scolarite()).await.unwrap(), 0);
    let toutes = b.db.read(|c| async move { modalite_list(&c).await }).await.unwrap();
    let codes: Vec<_> = toutes.iter().map(|m| m.code.as_str()).collect();
    assert_eq!(codes, ["presentiel_besancon", "campus_connecte", "centre_etranger", "tele_examen"]);

    let mut tele =
        b.db.read(|c| async move { modalite_par_code(&c, "tele_examen").await }).await.unwrap().unwrap();
    tele.code = "a_distance".into();
    modifier(&b.iexam, "tele_examen", &tele, None, &scolarite()).await.unwrap();
    let p = b.periode("P1", "preparation").await;
    let offre = b.offres(p).await.into_iter().find(|o| o.code == "a_distance").unwrap();
    offrir(&b.iexam, p, &[Offerte { offerte: true, ..offre }], None, &scolarite()).await.unwrap();
    tele.code = "autre".into();
    let refus = modifier(&b.iexam, "a_distance", &tele, None, &scolarite()).await.unwrap_err();
    assert!(refus.du_champ("code").is_some(), "{refus}");
    assert_eq!(b.db.read(|c| async move { periode_list(&c).await }).await.unwrap().len(), 1);
});
