//! Encryption and passwords, against a server whose certificate no machine knows.
#![expect(clippy::unwrap_used, reason = "what a test stands on fails as the test does")]

mod serveur;

use std::sync::Arc;

use chrono::Duration;
use db::Db;
use kernel::{Clock as _, FixedClock};
use mail::{Courriel, Etat, Facteur, Message, MotDePasse, Reglages, Tournee};
use serveur::{Chiffrement, Serveur, fichier};

// printf '\0facteur\0quatre chevaux bruns' | base64
const IDENTITE: &str = "AGZhY3RldXIAcXVhdHJlIGNoZXZhdXggYnJ1bnM=";

fn vers(serveur: &str) -> Reglages {
    Reglages {
        serveur: serveur.into(),
        identifiant: "facteur".into(),
        mot_de_passe: Some(MotDePasse("quatre chevaux bruns".into())),
        autorite: fichier("autorite.pem"),
        expediteur: "scolarite@exemple.fr".into(),
        ..Reglages::default()
    }
}

struct Poste<'a> {
    db: &'a Db,
    clock: Arc<FixedClock>,
}

impl Poste<'_> {
    async fn ecrire(&self) -> i64 {
        let message = &Message::new("jeanne@exemple.fr", "Votre reçu", "Bonjour,\n").unwrap();
        let quand = self.clock.now();
        self.db.write(|tx| async move { mail::enqueue(&*tx, message, quand).await }).await.unwrap()
    }

    async fn tournee(&self, reglages: &Reglages) -> Tournee {
        let clock = Arc::<FixedClock>::clone(&self.clock);
        Facteur::new(self.db.clone(), clock, Arc::new(reglages.clone())).tournee().await.unwrap()
    }

    async fn lu(&self, id: i64) -> Courriel {
        self.db.read(|c| async move { mail::courriel_read(&c, id).await }).await.unwrap().unwrap()
    }
}

fn poste(db: &Db) -> Poste<'_> {
    Poste { db, clock: testkit::clock() }
}

testkit::db_test!(
    a_password_only_travels_encrypted_by_starttls_or_from_the_start,
    mail::MIGRATIONS,
    |db| async move {
        for (chiffrement, adresse) in [
            (Chiffrement::Starttls, "smtp://localhost:PORT?tls=required"),
            (Chiffrement::Starttls, "smtp://localhost:PORT?tls=opportunistic"),
            (Chiffrement::DesLeDebut, "smtps://localhost:PORT"),
        ] {
            let serveur = Serveur::demarrer(chiffrement, Some(IDENTITE)).await;
            let poste = poste(&db);
            let id = poste.ecrire().await;
            let reglages = vers(&adresse.replace("PORT", &serveur.port.to_string()));
            assert_eq!(reglages.verifier(), Ok(()));
            assert_eq!(
                poste.tournee(&reglages).await.envoyes,
                1,
                "{adresse} {:?}",
                poste.lu(id).await.ligne.erreur
            );
            assert_eq!(poste.lu(id).await.ligne.etat, Etat::Envoye);
            let vu = serveur.vu.lock().unwrap();
            assert_eq!(vu.essais, [(IDENTITE.to_owned(), true)], "{adresse}");
            assert!(vu.messages.len() == 1 && vu.messages.iter().all(|(_, chiffree)| *chiffree), "{adresse}");
        }
    }
);

testkit::db_test!(
    a_wrong_password_keeps_every_mail_queued_and_says_what_to_correct,
    mail::MIGRATIONS,
    |db| async move {
        let serveur = Serveur::demarrer(Chiffrement::Starttls, Some(IDENTITE)).await;
        let poste = poste(&db);
        let ids = [poste.ecrire().await, poste.ecrire().await];
        let bons = vers(&format!("smtp://localhost:{}?tls=required", serveur.port));
        let faux = Reglages { mot_de_passe: Some(MotDePasse("trois chevaux".into())), ..bons.clone() };
        // Far more often than a message is tried before it is given up.
        for essai in 1..=12 {
            assert_eq!(poste.tournee(&faux).await, Tournee { reportes: 2, ..Tournee::default() }, "{essai}");
            for id in ids {
                let courriel = poste.lu(id).await;
                let erreur = courriel.ligne.erreur.unwrap();
                assert!(
                    erreur.contains("refuse l’identifiant ou le mot de passe : 535")
                        && erreur.contains("courriel.mot_de_passe")
                        && !erreur.contains("chevaux"),
                    "{erreur}"
                );
                assert_eq!(courriel.ligne.etat, Etat::AEnvoyer, "{essai}");
                assert!(courriel.ligne.prochain_essai.unwrap() <= poste.clock.now() + Duration::minutes(30));
            }
            poste.clock.advance(Duration::minutes(30));
        }
        assert_eq!(serveur.recus().len(), 0);
        // Corrected, both leave within the half hour.
        assert_eq!(poste.tournee(&bons).await.envoyes, 2);
        assert_eq!(serveur.recus().len(), 2);
    }
);

testkit::db_test!(
    an_unknown_certificate_is_refused_before_anything_is_said,
    mail::MIGRATIONS,
    |db| async move {
        for (chiffrement, adresse) in [
            (Chiffrement::Starttls, "smtp://localhost:PORT?tls=required"),
            (Chiffrement::DesLeDebut, "smtps://localhost:PORT"),
        ] {
            let serveur = Serveur::demarrer(chiffrement, Some(IDENTITE)).await;
            let poste = poste(&db);
            let id = poste.ecrire().await;
            let connu = vers(&adresse.replace("PORT", &serveur.port.to_string()));
            for autorite in [String::new(), fichier("autre.pem")] {
                assert_eq!(
                    poste.tournee(&Reglages { autorite, ..connu.clone() }).await.reportes,
                    1,
                    "{adresse}"
                );
                let courriel = poste.lu(id).await;
                let erreur = courriel.ligne.erreur.unwrap();
                assert!(erreur.contains("chiffrée") && erreur.contains("courriel.autorite"), "{erreur}");
                assert_eq!(courriel.ligne.etat, Etat::AEnvoyer);
                poste.clock.advance(Duration::minutes(30));
            }
            {
                let vu = serveur.vu.lock().unwrap();
                assert!(vu.essais.is_empty() && vu.messages.is_empty(), "{adresse}");
            }
            assert_eq!(poste.tournee(&connu).await.envoyes, 1);
        }
    }
);

testkit::db_test!(
    a_server_that_cannot_encrypt_is_not_spoken_to_in_clear,
    mail::MIGRATIONS,
    |db| async move {
        let serveur = Serveur::demarrer(Chiffrement::Aucun, Some(IDENTITE)).await;
        let poste = poste(&db);
        let id = poste.ecrire().await;
        let exige = vers(&format!("smtp://localhost:{}?tls=required", serveur.port));
        assert_eq!(poste.tournee(&exige).await.reportes, 1);
        let courriel = poste.lu(id).await;
        assert_eq!(courriel.ligne.etat, Etat::AEnvoyer);
        let erreur = courriel.ligne.erreur.unwrap();
        assert!(erreur.contains("ne permet pas la connexion demandée"), "{erreur}");
        let vu = serveur.vu.lock().unwrap();
        assert!(vu.essais.is_empty() && vu.messages.is_empty());
    }
);

testkit::db_test!(an_identity_that_the_server_does_not_ask_for_is_said, mail::MIGRATIONS, |db| async move {
    let serveur = Serveur::demarrer(Chiffrement::Starttls, None).await;
    let poste = poste(&db);
    let id = poste.ecrire().await;
    let reglages = vers(&format!("smtp://localhost:{}?tls=required", serveur.port));
    assert_eq!(poste.tournee(&reglages).await.reportes, 1);
    let erreur = poste.lu(id).await.ligne.erreur.unwrap();
    assert!(erreur.contains("aucune façon de s’identifier"), "{erreur}");
    let sans = Reglages { identifiant: String::new(), mot_de_passe: None, ..reglages };
    poste.clock.advance(Duration::minutes(1));
    assert_eq!(poste.tournee(&sans).await.envoyes, 1);
});

#[test]
fn a_file_that_is_no_certificate_is_said_when_settings_are_read() {
    let avec = |autorite: String| Reglages { autorite, ..vers("smtps://localhost") }.verifier();
    assert_eq!(avec(fichier("autorite.pem")), Ok(()));
    assert!(avec("/nulle/part.pem".into()).unwrap_err().contains("ne peut pas être lu"));
    assert!(avec(fichier("serveur.cle.pem")).unwrap_err().contains("n’est pas un certificat"));
}
