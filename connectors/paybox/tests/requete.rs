//! The request and the shop behind it.
#![expect(clippy::unwrap_used, reason = "what a test prepares may fail the test")]

use kernel::Cents;
use paybox::{
    Boutique, CleHmac, Commande, ErreurReglages, Facturation, PAYS_FRANCE, PemOuChemin, RefusCommande,
    Reglages, Requete,
};

const CLE: &str = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF";
const CLE_PUBLIQUE: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDe+hkicNP7ROHUssGNtHwiT2Ew
HFrSk/qwrcq8v5metRtTTFPE/nmzSkRnTs3GMpi57rBdxBBJW5W9cpNyGUh0jNXc
VrOSClpD5Ri2hER/GcNrxVRP7RlWOqB1C03q4QYmwjHZ+zlM4OUhCCAtSWflB4wC
Ka1g88CjFwRw/PB9kwIDAQAB
-----END PUBLIC KEY-----";

fn reglages() -> Reglages {
    Reglages {
        site: "1999888".into(),
        rang: "32".into(),
        identifiant: "110647233".into(),
        cle_hmac: Some(CleHmac(CLE.into())),
        adresse: "https://preprod-tpeweb.paybox.com/cgi/MYchoix_pagepaiement.cgi".into(),
        cle_publique: PemOuChemin(CLE_PUBLIQUE.into()),
        adresses_ipn: Vec::new(),
    }
}

fn boutique() -> Boutique {
    Boutique::new(&reglages()).unwrap().unwrap()
}

fn commande() -> Commande {
    let adresse = |fin: &str| format!("https://telemaque.exemple.fr/iexam/{fin}");
    Commande {
        reference: "P1-2024-21904417-3".into(),
        montant: Cents(4250),
        courriel: "lukasz.depinay@exemple.fr".into(),
        articles: 3,
        facturation: Facturation {
            prenom: "Łukasz".into(),
            nom: "D’Épinay".into(),
            adresse: "1 rue de la Paix".into(),
            code_postal: "25000".into(),
            ville: "Besançon".into(),
            pays: PAYS_FRANCE,
        },
        effectue: adresse("effectue"),
        refuse: adresse("refuse"),
        annule: adresse("annule"),
        attente: adresse("attente"),
        notification: adresse("ipn"),
    }
}

#[test]
fn a_request_is_what_the_bank_asks_for() {
    let maintenant = "2025-01-06T08:30:00Z".parse().unwrap();
    let requete = Requete::new(&boutique(), &commande(), maintenant).unwrap();
    assert_eq!(requete.action(), reglages().adresse);
    let lignes: Vec<_> = requete.champs().iter().map(|(nom, valeur)| format!("{nom}={valeur}")).collect();
    let attendu = "PBX_SITE=1999888
PBX_RANG=32
PBX_IDENTIFIANT=110647233
PBX_TOTAL=4250
PBX_DEVISE=978
PBX_CMD=P1-2024-21904417-3
PBX_PORTEUR=lukasz.depinay@exemple.fr
PBX_RETOUR=Mt:M;Ref:R;Auto:A;Erreur:E;Trans:S;Appel:T;Sign:K
PBX_EFFECTUE=https://telemaque.exemple.fr/iexam/effectue
PBX_REFUSE=https://telemaque.exemple.fr/iexam/refuse
PBX_ANNULE=https://telemaque.exemple.fr/iexam/annule
PBX_ATTENTE=https://telemaque.exemple.fr/iexam/attente
PBX_REPONDRE_A=https://telemaque.exemple.fr/iexam/ipn
PBX_LANGUE=FRA
PBX_SOURCE=RWD
PBX_SHOPPINGCART=<?xml version=\"1.0\" encoding=\"utf-8\"?><shoppingcart><total><totalQuantity>3</totalQuantity></total></shoppingcart>
PBX_BILLING=<?xml version=\"1.0\" encoding=\"utf-8\"?><Billing><Address><FirstName>LUKASZ</FirstName><LastName>D EPINAY</LastName><Address1>1 RUE DE LA PAIX</Address1><ZipCode>25000</ZipCode><City>BESANCON</City><CountryCode>250</CountryCode></Address></Billing>
PBX_HASH=SHA512
PBX_TIME=2025-01-06T08:30:00+00:00";
    let (hmac, signe) = lignes.split_last().unwrap();
    assert_eq!(signe.join("\n"), attendu);
    // The lines above joined by & into: openssl dgst -sha512 -mac HMAC -macopt hexkey:$CLE
    assert_eq!(
        hmac,
        "PBX_HMAC=B74B6808CA25F47CE350F106E64618C4B586CB86FE278DC16C2CAE0DB335E2B4FCC04E077BB54B8499393953EA6C2DB807566407D1F64681507D034DB7428B44"
    );
    assert!(!format!("{requete:?}").contains("lukasz"), "an address is not logged");
}

#[test]
fn what_the_bank_would_refuse_is_not_sent() {
    let refus = |change: fn(&mut Commande)| {
        let mut c = commande();
        change(&mut c);
        Requete::new(&boutique(), &c, "2025-01-06T08:30:00Z".parse().unwrap()).err()
    };
    assert_eq!(refus(|_| {}), None);
    assert_eq!(refus(|c| c.montant = Cents(9_999_999_999)), None);
    for cents in [0, -1, 10_000_000_000, i64::MIN] {
        let mut c = commande();
        c.montant = Cents(cents);
        let vu = Requete::new(&boutique(), &c, "2025-01-06T08:30:00Z".parse().unwrap());
        assert_eq!(vu, Err(RefusCommande::Montant(Cents(cents))));
    }
    for reference in ["", "à", "A&PBX_TOTAL=1", "A B", &"A".repeat(101)] {
        let mut c = commande();
        c.reference = reference.into();
        let vu = Requete::new(&boutique(), &c, "2025-01-06T08:30:00Z".parse().unwrap());
        assert_eq!(vu, Err(RefusCommande::Reference(reference.into())));
    }
    for courriel in [
        "",
        "@",
        "a@b",
        "a@@exemple.fr",
        "é@exemple.fr",
        "a b@exemple.fr",
        "a&PBX_TOTAL=1@exemple.fr",
        "a@.fr",
    ] {
        let mut c = commande();
        c.courriel = courriel.into();
        let vu = Requete::new(&boutique(), &c, "2025-01-06T08:30:00Z".parse().unwrap());
        assert_eq!(vu, Err(RefusCommande::Courriel), "{courriel}");
    }
    assert!(matches!(
        refus(|c| c.notification = "/iexam/ipn".into()),
        Some(RefusCommande::Adresse { champ: "PBX_REPONDRE_A", .. })
    ));
    assert!(matches!(
        refus(|c| c.effectue.push_str("?a=b")),
        Some(RefusCommande::Adresse { champ: "PBX_EFFECTUE", .. })
    ));
    assert_eq!(refus(|c| c.facturation.pays = 0), Some(RefusCommande::Pays(0)));
}

#[test]
fn fifty_cents_are_three_figures() {
    let c = Commande { montant: Cents(50), ..commande() };
    let requete = Requete::new(&boutique(), &c, "2025-01-06T08:30:00Z".parse().unwrap()).unwrap();
    assert!(requete.champs().contains(&("PBX_TOTAL", "050".into())));
}

#[test]
fn a_shop_is_whole_or_is_not() {
    assert!(Boutique::new(&Reglages::default()).unwrap().is_none());
    let erreur = |change: fn(&mut Reglages)| {
        let mut r = reglages();
        change(&mut r);
        match Boutique::new(&r) {
            Err(erreur) => erreur,
            Ok(vu) => panic!("accepted: {vu:?}"),
        }
    };
    assert_eq!(erreur(|r| r.site.clear()), ErreurReglages::Absent("site"));
    assert_eq!(erreur(|r| r.cle_hmac = None), ErreurReglages::Absent("cle_hmac"));
    assert_eq!(erreur(|r| r.cle_publique.0.clear()), ErreurReglages::Absent("cle_publique"));
    assert_eq!(erreur(|r| r.rang = "1".into()), ErreurReglages::Chiffres("rang", "deux ou trois"));
    assert_eq!(erreur(|r| r.cle_hmac = Some(CleHmac("ABCD".into()))), ErreurReglages::CleHmac);
    assert_eq!(erreur(|r| r.cle_hmac = Some(CleHmac("é".repeat(40)))), ErreurReglages::CleHmac);
    for adresse in ["http://tpeweb.paybox.com/x", "http://127.0.0.1.exemple.fr/x", "tpeweb.paybox.com"] {
        let r = Reglages { adresse: adresse.into(), ..reglages() };
        assert_eq!(Boutique::new(&r).unwrap_err(), ErreurReglages::Adresse, "{adresse}");
    }
    let fichier = erreur(|r| r.cle_publique = PemOuChemin("/absent/pubkey.pem".into()));
    assert!(matches!(fichier, ErreurReglages::Fichier { .. }), "{fichier}");
}

#[test]
fn the_public_key_may_be_a_file_and_secrets_are_not_shown() {
    let dossier = tempfile::tempdir().unwrap();
    let fichier = dossier.path().join("pubkey.pem");
    std::fs::write(&fichier, CLE_PUBLIQUE).unwrap();
    let r = Reglages { cle_publique: PemOuChemin(fichier.display().to_string()), ..reglages() };
    let lue = Boutique::new(&r).unwrap().unwrap();
    assert_eq!(lue.cle_publique(), boutique().cle_publique());
    assert!(!format!("{r:?}{lue:?}").contains("0123456789ABCDEF"));
    assert_eq!(lue.origine(), "https://preprod-tpeweb.paybox.com");
}

#[test]
fn notifications_may_be_held_to_known_addresses() {
    assert!(boutique().notifie_depuis(Some("203.0.113.9".parse().unwrap())));
    let r = Reglages { adresses_ipn: vec!["195.25.67.22".parse().unwrap()], ..reglages() };
    let bornee = Boutique::new(&r).unwrap().unwrap();
    assert!(bornee.notifie_depuis(Some("195.25.67.22".parse().unwrap())));
    assert!(bornee.notifie_depuis(Some("::ffff:195.25.67.22".parse().unwrap())));
    assert!(!bornee.notifie_depuis(Some("195.25.67.23".parse().unwrap())));
    assert!(boutique().notifie_depuis(None) && !bornee.notifie_depuis(None), "nowhere known is nowhere");
}
