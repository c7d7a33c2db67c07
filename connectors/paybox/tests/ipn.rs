//! Notifications signed by `openssl`, whole and spoilt.
#![expect(clippy::unwrap_used, reason = "what a test prepares may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Cents, Fault};
use paybox::{ClePublique, ErreurCle, Ipn, Issue, RefusIpn};
use proptest::prelude::*;

// openssl genrsa 1024 | tee prive.pem | openssl rsa -pubout; the private half was not kept.
const CLE_1024: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC8jDrs0MWyvkek+qGD7I1cfX02
ZeAhUM7zaKM8splBBQNocDyrTBF0aSLC25WjypY6HCS3B6nVxjqC30cmQCLNWy+s
9ZwMSMqQ/bTWcaip1G73gsLs/zZ1uyd4EDsU7mZv2ySK8rBF1hBUYHgDO+lHRDjg
sjiF0KrqNCwOQ6UGIwIDAQAB
-----END PUBLIC KEY-----";
const CLE_2048: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx4xJmp5ghdaSfrY5s6Sh
s73LEwxBZOtGy886v5wT7nh1ujYjLjKoHBq37vowP5qxVsVMEAJ23JivFYPfthvn
T9V6uM1Ek8p7GRcOn3ROggOsgOuyclWr/5edHSqUmccwLNHyBBozmLsA1IPeV+Lp
/dPbc+h/D9UbXib+LVG6oVdGuOxucHLdi9f+1PZ45rHIU6FqJTr4bHHZvHefGopM
AdqQn5yj68D+P8xRYNCBsAlx/4w6Fpa8CRGaZtLmSPoM9LTDfKbZ53uJfKARCTzU
lggarnU3NwVa5DsFrnumOMo8Cts7kDv65WdAcCIReS6rXpvACItsJMqALEGgcx73
6QIDAQAB
-----END PUBLIC KEY-----";
// openssl rsa -RSAPublicKey_out
const CLE_2048_PKCS1: &str = "-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAx4xJmp5ghdaSfrY5s6Shs73LEwxBZOtGy886v5wT7nh1ujYjLjKo
HBq37vowP5qxVsVMEAJ23JivFYPfthvnT9V6uM1Ek8p7GRcOn3ROggOsgOuyclWr
/5edHSqUmccwLNHyBBozmLsA1IPeV+Lp/dPbc+h/D9UbXib+LVG6oVdGuOxucHLd
i9f+1PZ45rHIU6FqJTr4bHHZvHefGopMAdqQn5yj68D+P8xRYNCBsAlx/4w6Fpa8
CRGaZtLmSPoM9LTDfKbZ53uJfKARCTzUlggarnU3NwVa5DsFrnumOMo8Cts7kDv6
5WdAcCIReS6rXpvACItsJMqALEGgcx736QIDAQAB
-----END RSA PUBLIC KEY-----";
// The key that the bank publishes.
const CLE_DE_LA_BANQUE: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDe+hkicNP7ROHUssGNtHwiT2Ew
HFrSk/qwrcq8v5metRtTTFPE/nmzSkRnTs3GMpi57rBdxBBJW5W9cpNyGUh0jNXc
VrOSClpD5Ri2hER/GcNrxVRP7RlWOqB1C03q4QYmwjHZ+zlM4OUhCCAtSWflB4wC
Ka1g88CjFwRw/PB9kwIDAQAB
-----END PUBLIC KEY-----";

// printf '%s' "$SIGNE" | openssl dgst -sha1 -sign prive.pem | base64 -w0, then URL-encoded
const SIGNE: &str = "Mt=4250&Ref=P1-2024-21904417-3&Auto=123456&Erreur=00000&Trans=563000123&Appel=721000456";
const SIGNATURE_1024: &str = "HojSRNUELiUPDUEZY41kr02KpVKEp%2BwPy0vpsWceQOeaSx%2FwvFX08CZhbQCXJ%2FedU5klteCZPaXzXxdWEchg%2F5lyqyEs12fJ2TXHi8QcMh%2B1foBUclP5%2BBc3O0q%2Ff5kqFh2dcTfdW3rG9L0iPBV2eiFU3Accy2VPzY3sFuod6%2Fs%3D";
const SIGNATURE_2048: &str = "J66ERZP88onqxhs5dhVM1dcIwa78CJf1ZgxD8x3uW4nAvLq9F7fxc1MHdjnlTyAWSOJZp569dvJk8oRaap5u%2Fh48%2F8a3AHrUJO3kC3KXG5fWkTyj0Z4uBchChbYr0ShxuPsslPMmYN4b82yCftoO8BlknWccuqkvlIrRVoLuK0LUl7vVzrUjAJB8A3aiHoTI59IedAFUE81CTWwBW%2BcCYxo4BC62PNCrge2lU58w0WdYZ765VdoJd62gYUijgHEuW9KeubTq89O7%2BfPVxg9mkK4hJUbIZ5K%2Bcj3rrAvvzz5m6vRrAXvWOS8Ky5GZWS4wRZApS5PQKjXbKkfDvw0V0w%3D%3D";

// The same over other texts, by the key of 1024 bits.
const MONTANT_FAUX: &str = "Mt=4250.00&Ref=A1&Auto=1&Erreur=00000&Trans=1&Appel=2&Sign=h6nQp81n6bc5Y1RSmNBJM%2FzUJKmlDnKPK%2FGnNSItIAXcrScEbOFusKbLf4HnsY7M%2BPQ%2BUzX3nauDXepQFzfi65Xsw3rvJ%2F4fdbZRYd8PBwP5k6inTkqUfTafwywVKs%2BWh%2BKdOOlO9DhzutwX2Cg0098KvISLyJ0%2FCFZDczAow%2BU%3D";
const SANS_REFERENCE: &str = "Mt=4250&Auto=1&Erreur=00000&Trans=1&Appel=2&Sign=CjsYnMoZ8B8PmvApnct45V9y0319cyfLtKvOMdpL9zxWfH4L9CI1H0oswTgU9vEW8mWhahT8AfQvQr9caxxrAjlcJZeZBexwpAI3uBikkemkF0KiGplObS%2F0lLUo7sF6CaUxizp3evsBUlnbAcwa0kFRVKURkE89%2F7TgByuElDo%3D";
const REFERENCE_DOUBLE: &str = "Mt=4250&Ref=A1&Ref=A2&Auto=1&Erreur=00000&Trans=1&Appel=2&Sign=ddUTzu19aGwQEDIk7seaXPlixX8yk002Ypk%2FTsSy7v1w5qW2X7HW7JRFcJvNChb9yGZqmsekn95mYypdFsPhw78c3i8zthIdlFYYW26HyzD%2FWzQ9pVt6pves%2BmqwgOQ%2BvsSW2NNr%2BmPO6daDTE1DBGZn7JXKsPeZ%2BbAWZpKW7O0%3D";
const SANS_AUTORISATION: &str = "Mt=4250&Ref=A1&Erreur=00000&Trans=1&Appel=2&Sign=I9rvOUoX%2FsiHma69EIY87FyQaCKaqV7wwOrWYnLnlnjyydABzHFHE%2FBye8ONTz64YcaceGhedJmCXSWWtmBdvKhZFHnLDyMKYWh8DXEtwtsefySFdbLEoi38USiqwuqcLaRfaYkvNTT5XpeGG3iJ3VlfO1gd8%2BtGXcIXtdfw1QE%3D";
const REFUSEE: &str = "Mt=4250&Ref=A1&Erreur=00151&Trans=0&Appel=2&Sign=Qz4Yyyp3lHAakBsnN10ghJFRSGApXnClv7uoJAXqwAft9q8Dbzcaenw6DGLpbVTo5MecahmfDwCv0kiM5wI%2Brkw1VFGIgLJvqEctRRvYcotteiggf0BHHsJP57tSz92lMJQkLGa6eQe%2FK92RTQrLPPMgyRVSQap4i7KL7JKO7%2Fg%3D";
const POURCENT: &str = "Mt=4250&Ref=A%2&Auto=1&Erreur=00000&Trans=1&Appel=2&Sign=OD%2BHDDFaBtlgr07qT1jx3uFHrmmdc8d3IFB2rSwU%2Fp0RL4yjTvEfGc0ApnlCujv9eseVOOlG8JO3gZJR4ER7XadqA3oCcv4YxRkOhsacjQvcgFzFKwHxhPMx3%2FTcmpYTdjOvPixBLa7B2Oc5EOQoOnXRxNvROjIq3kD79Z0X0u0%3D";
const CODE_COURT: &str = "Mt=4250&Ref=A1&Auto=1&Erreur=0&Trans=1&Appel=2&Sign=rBmMsqlqTk%2B%2Bh2i1RwnQSEIAJzIFRFZeJr7AIXbEydo1oxN3RCG00HUNW2ZHtZjIz2HKaXvcbWslNcRc%2FbPPoCQDgTfQRDNCkt4xJj%2Fkvg1OhNI%2FiZjm2ejPbAoFBWwErDdiwmTUpDfLW9z514GoIIjOp%2FnPD8HAq5hMtu%2BuiCY%3D";
const ESSAI: &str = "Mt=0000004250&Ref=A1&Auto=XXXXXX&Erreur=00000&Trans=1&Appel=2&Sign=EU3Sn64DrpU5gHex6KNjH3w20gPXyzUYDzqOSaMWuH8yfJ%2BxichOIeNqj3mkpyXQVgqKSKyY5iCo%2FgEAjC6IDi4kMO9EsB50wKroSNjaJ3YZbIGpw30Ys1vOuCRwnmzO8NeAMInLOE3mti1C44oM01ZIyTa9ZPAv0xaM8qcqk3U%3D";
const NEGATIF: &str = "Mt=-4250&Ref=A1&Auto=1&Erreur=00000&Trans=1&Appel=2&Sign=ldo%2BMEtKdcCcyEtKD5bWbu0eWsNBpYMYw2SJFzoJBsLizx2BFkDUfAWvrtjDAVXtWMv3GS9iPFy1CWqjKlNlqscI26be3QzuMNlHqo5lv3VEFPri6JMLuW52spIztG4Rw1FrwyfREzVCJdnS7AMgOx4P2YFRhTmvtuRa%2B0RiRWo%3D";

fn cle() -> ClePublique {
    ClePublique::lire(CLE_1024).unwrap()
}

fn bonne() -> String {
    format!("{SIGNE}&Sign={SIGNATURE_1024}")
}

#[test]
fn a_notification_signed_by_the_bank_is_read() {
    let attendue = Ipn {
        montant: Cents(4250),
        reference: "P1-2024-21904417-3".into(),
        issue: Issue::Acceptee,
        autorisation: Some("123456".into()),
        transaction: Some("563000123".into()),
        appel: Some("721000456".into()),
    };
    assert_eq!(Ipn::verifier(&bonne(), &cle()), Ok(attendue.clone()));
    for pem in [CLE_2048, CLE_2048_PKCS1] {
        let cle = ClePublique::lire(pem).unwrap();
        assert_eq!(cle.bits(), 2048);
        assert_eq!(Ipn::verifier(&format!("{SIGNE}&Sign={SIGNATURE_2048}"), &cle), Ok(attendue.clone()));
    }
}

#[test]
fn a_refused_payment_has_no_authorisation() {
    let ipn = Ipn::verifier(REFUSEE, &cle()).unwrap();
    assert_eq!((ipn.issue, ipn.autorisation), (Issue::RefuseeParLaBanque(51), None));
    let essai = Ipn::verifier(ESSAI, &cle()).unwrap();
    assert!(essai.est_un_essai());
    assert_eq!(essai.montant, Cents(4250), "leading zeros are those of PBX_TOTAL");
    assert!(!Ipn::verifier(&bonne(), &cle()).unwrap().est_un_essai());
}

#[test]
fn what_is_signed_must_still_make_sense() {
    for (texte, attendu) in [
        (MONTANT_FAUX, RefusIpn::Montant),
        (NEGATIF, RefusIpn::Montant),
        (SANS_REFERENCE, RefusIpn::ChampAbsent("Ref")),
        (REFERENCE_DOUBLE, RefusIpn::ChampDouble("Ref".into())),
        (SANS_AUTORISATION, RefusIpn::ChampAbsent("Auto")),
        (POURCENT, RefusIpn::Encodage),
        (CODE_COURT, RefusIpn::Code),
    ] {
        assert_eq!(Ipn::verifier(texte, &cle()), Err(attendu), "{texte}");
    }
}

#[test]
fn spoilt_signatures_are_told_apart() {
    let refus = |texte: &str| Ipn::verifier(texte, &cle()).unwrap_err();
    for texte in ["", "?", SIGNE, "&Sign", &format!("{}&Mt=1", bonne()), &format!("Sign={SIGNATURE_1024}")] {
        assert_eq!(refus(texte), RefusIpn::NonSignee, "{texte}");
    }
    let brute =
        STANDARD.decode(SIGNATURE_1024.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")).unwrap();
    let courte = STANDARD.encode(brute.get(..127).unwrap()).replace('+', "%2B");
    let recus = RefusIpn::SignatureTronquee { recus: 127, attendus: 128 };
    assert_eq!(refus(&format!("{SIGNE}&Sign={courte}")), recus);
    for signature in ["", "AAAA"] {
        let vue = refus(&format!("{SIGNE}&Sign={signature}"));
        assert!(matches!(vue, RefusIpn::SignatureTronquee { .. }), "{signature}: {vue}");
    }
    for signature in ["%", "%4", "%zz", "é", "A", "AAAA%0A", "====", "AA A"] {
        assert_eq!(refus(&format!("{SIGNE}&Sign={signature}")), RefusIpn::SignatureIllisible, "{signature}");
    }
    // A form reads + as a space: a signature that lost its encoding on the way is not repaired.
    let sans_encodage = bonne().replace("%2B", "+");
    assert_ne!(sans_encodage, bonne(), "the signature holds a +");
    assert_eq!(refus(&sans_encodage), RefusIpn::SignatureIllisible);
    // The bank's real key did not sign this.
    let banque = ClePublique::lire(CLE_DE_LA_BANQUE).unwrap();
    assert_eq!(banque.bits(), 1024);
    assert_eq!(Ipn::verifier(&bonne(), &banque), Err(RefusIpn::SignatureFausse));
    // What was decoded and encoded again is another text.
    assert_eq!(
        refus(&format!("{}&Sign={SIGNATURE_1024}", SIGNE.replace('-', "%2D"))),
        RefusIpn::SignatureFausse
    );
    // Fields in another order too.
    let (premier, reste) = SIGNE.split_once('&').unwrap();
    assert_eq!(refus(&format!("{reste}&{premier}&Sign={SIGNATURE_1024}")), RefusIpn::SignatureFausse);
    assert_eq!(refus(&bonne()[1..]).slug(), "ipn-signature-fausse");
    assert!(refus(SIGNE).message().contains("Aucun paiement n’est enregistré"));
}

#[test]
fn only_an_rsa_public_key_is_a_key() {
    // openssl genpkey -algorithm ed25519 | openssl pkey -pubout
    let ed25519 = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----";
    assert_eq!(ClePublique::lire(ed25519), Err(ErreurCle::PasRsa));
    // openssl genrsa 512 | openssl rsa -pubout
    let petite = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMoW7bKcf0tNUT3LdWfBQnqGEumNxLhn\nE/CzaBuD1KZiGE4OfSt2Dmtk3bE0NuBQu9qSTHm2BC6A8rHPYy457VMCAwEAAQ==\n-----END PUBLIC KEY-----";
    assert_eq!(ClePublique::lire(petite), Err(ErreurCle::Taille(512)));
    assert_eq!(ClePublique::lire("pubkey.pem"), Err(ErreurCle::Pem));
    assert_eq!(ClePublique::lire(&CLE_1024.replace("MIGf", "****")), Err(ErreurCle::Pem));
    assert_eq!(ClePublique::lire(&CLE_1024.replace("MIGf", "MIGg")), Err(ErreurCle::PasRsa));
    assert_eq!(ClePublique::lire("-----BEGIN RSA PRIVATE KEY-----\nAA==\n"), Err(ErreurCle::Privee));
    assert_eq!(format!("{:?}", cle()), "ClePublique(1024 bits)");
}

proptest! {
    /// One byte changed anywhere: refused, or read as the very same notification (`%2f` for `%2F` in the signature).
    #[test]
    fn any_changed_byte_refuses(rang in 0..400_usize, octet in 0x20_u8..0x7f) {
        let bonne = bonne();
        let mut octets = bonne.clone().into_bytes();
        let rang = rang % octets.len();
        prop_assume!(octets[rang] != octet);
        octets[rang] = octet;
        let texte = String::from_utf8(octets).unwrap();
        let lu = Ipn::verifier(&texte, &cle());
        if rang < SIGNE.len() {
            prop_assert!(lu.is_err(), "{texte}");
        } else {
            prop_assert!(lu.is_err() || texte.eq_ignore_ascii_case(&bonne), "{texte}");
        }
    }

    /// One bit of the signature itself.
    #[test]
    fn any_changed_bit_of_the_signature_refuses(octet in 0..128_usize, bit in 0..8_u8) {
        let clair = SIGNATURE_1024.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let mut brute = STANDARD.decode(clair).unwrap();
        brute[octet] ^= 1 << bit;
        let texte = STANDARD.encode(brute).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        prop_assert_eq!(Ipn::verifier(&format!("{SIGNE}&Sign={texte}"), &cle()), Err(RefusIpn::SignatureFausse));
    }

    /// Nothing that arrives makes it fail otherwise than by a refusal.
    #[test]
    fn anything_is_refused_quietly(texte in "(\\PC|[&=%+]|Sign){0,60}") {
        prop_assert!(Ipn::verifier(&texte, &cle()).is_err());
        prop_assert!(ClePublique::lire(&texte).is_err());
    }
}
