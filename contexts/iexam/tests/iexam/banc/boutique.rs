//! The shop of the tests of online payment, what its bank signs, and an attempt to pay there.

use std::sync::Arc;

use kernel::Clock as _;
use paybox::{Boutique, CleHmac, PemOuChemin, Reglages};

use super::{Banc, instant};

// openssl genrsa 2048 | tee prive.pem | openssl rsa -pubout; the private half was not kept.
pub const CLE: &str = "-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA367XGGr+24mw8D/qLAVt
+q7YF3LiJFnOVn+eSbE78Zj2idBeFtReFnWMWFYbZeB8jff5C5tv/aA1D7OjaCvQ
S2G4rGKqqUxvgQijx2I38I6XAe/yYA8LAki6VkbzqSFeHOfNIqvrR/DEHk4Q5quK
dTgl78uEIGbCj1MeRfS3XZGiU003y/tZ5OTtNWpk2GdFvexaFAre0/t231rjTeIV
GnG+ARCaCH6/Ll18caauFWbykz4E42JkOiqCBa5XbkTWpcHoYbZsDKoOynz/Y5RL
QlkYC++ld9oQUtezzMXuXhKGx5lk+tfhRwHE6e7P+07LigTLdvgrYWaDSAfPni2K
cwIDAQAB
-----END PUBLIC KEY-----";
/// The attempt that the bank answers.
pub const REFERENCE: &str = "P1-2024-22000001-1-0A1B2C3D";
// printf '%s' "$SIGNE" | openssl dgst -sha1 -sign prive.pem | base64 -w0, then URL-encoded
/// 60 € accepted.
pub const ACCEPTE: &str = "Mt=6000&Ref=P1-2024-22000001-1-0A1B2C3D&Auto=123456&Erreur=00000&Trans=563000123&Appel=721000456&Sign=MpbGabaz7XPi7ZYJmFxF7UejeQd7CRevzWsILJD9dsw%2BM%2BXNqVl1SoHywjjoI9hsOElA%2Fr2EzIX3499VXeJ6jBi6rospwG1AVoZHNPvhfPuHlWbZd1RaHoW5BUi3ZR%2FcWZnJBcsoh4Nvu8EsLKxmTDsEguFsvKUOsNoztbB1Zj3owxUOe%2FHYgyXESuNMLqKMNpwiY1iSEjltE3QbZWYu7h8fd1WWmkdlVjQ877%2BmwcMuW5JrgCYoNYcpfTQz7C3qcmZLJepzuIfmWVOttvq0WfDTqqxGpyGyhgOlOX1HK1EjaPJgf0dtIyB54uFV%2FNeoIOMVrk3%2F9dWJkJqSoZ1jrg%3D%3D";

impl Banc {
    /// With a shop, whose bank is said to notify from these addresses; from anywhere when there is none.
    pub fn avec_boutique(mut self, adresses: &[&str]) -> Self {
        let reglages = Reglages {
            site: "1999888".into(),
            rang: "32".into(),
            identifiant: "110647233".into(),
            cle_hmac: Some(CleHmac("0123456789ABCDEF".repeat(8))),
            adresse: "https://tpeweb.paybox.com/cgi/MYchoix_pagepaiement.cgi".into(),
            cle_publique: PemOuChemin(CLE.into()),
            adresses_ipn: adresses.iter().map(|a| a.parse().unwrap()).collect(),
        };
        self.iexam.paybox = Boutique::new(&reglages).unwrap().map(Arc::new);
        self
    }

    /// A verified registration that owes 60 €, and an attempt of that reference.
    pub async fn tentative(&self) -> i64 {
        let id = self.dette().await;
        self.executer(
            "INSERT INTO iexam_paiement (inscription, reference, montant_cents, etat, commence_le) VALUES (?, ?, 6000, 'commence', ?)",
            vec![id.into(), REFERENCE.into(), self.clock.now().into()],
        )
        .await;
        id
    }

    /// A verified registration that owes 60 €.
    pub async fn dette(&self) -> i64 {
        let periode = self.periode("P1", "verification").await;
        let modalite = self.modalite(periode, "tele_examen", "domicile", (3000, 1000), None).await;
        let e = self.epreuve(periode, "DROI1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
        self.etudiant("22000001", &["DROI1"]);
        self.posee(periode, "22000001", "verifiee", (modalite, None), &[e]).await
    }
}
