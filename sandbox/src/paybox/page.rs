use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Cents;

use super::envoi::{Dit, requete};
use super::signature::{CLE_PUBLIQUE, IDENTIFIANT, RANG, SITE, hmac_juste};
use super::{Paiement, Paybox};
use crate::index::page;

#[derive(Template)]
#[template(path = "paybox.html")]
struct Page {
    /// Why the page refuses, for whoever integrates it; the buyer of the real one is not told.
    refus: Option<String>,
    numero: usize,
    montant: String,
    reference: String,
}

/// The public key, as the bank publishes its own.
pub async fn cle() -> Response {
    ([(header::CONTENT_TYPE, "application/x-pem-file")], CLE_PUBLIQUE).into_response()
}

/// Checks the request and shows the page.
pub async fn demander(State(paybox): State<Paybox>, Form(champs): Form<Vec<(String, String)>>) -> Response {
    match verifier(champs) {
        Ok(champs) => {
            let paiement = paybox.ouvrir(champs);
            let montant = Cents(paiement.centimes()).to_string();
            let reference = paiement.champ("PBX_CMD").to_owned();
            let mut reponse = page(&Page { refus: None, numero: paiement.numero, montant, reference });
            permettre(&mut reponse, &paiement);
            reponse
        }
        Err(motif) => {
            let vide = String::new();
            let refus = Page { refus: Some(motif), numero: 0, montant: vide.clone(), reference: vide };
            let mut reponse = page(&refus);
            *reponse.status_mut() = StatusCode::FORBIDDEN;
            reponse
        }
    }
}

/// A browser follows the redirection of a form only to the origins that the page named.
fn permettre(reponse: &mut Response, p: &Paiement) {
    let mut permis = vec!["'self'".to_owned()];
    for champ in ["PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE"] {
        if let Ok(url) = reqwest::Url::parse(p.champ(champ)) {
            permis.push(url.origin().ascii_serialization());
        }
    }
    permis.dedup();
    let csp = format!(
        "default-src 'none'; style-src 'self'; form-action {}; base-uri 'none'; frame-ancestors 'none'",
        permis.join(" ")
    );
    if let Ok(csp) = HeaderValue::from_str(&csp) {
        reponse.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp);
    }
}

/// The fields without the HMAC, once everything is right.
fn verifier(mut champs: Vec<(String, String)>) -> Result<Vec<(String, String)>, String> {
    let hmac = match champs.pop() {
        Some((nom, hmac)) if nom == "PBX_HMAC" => hmac,
        _ => return Err("PBX_HMAC manque, ou n’est pas le dernier champ.".into()),
    };
    for nom in OBLIGATOIRES {
        match champs.iter().filter(|(n, _)| n == nom).collect::<Vec<_>>().as_slice() {
            [] => return Err(format!("{nom} manque.")),
            [(_, valeur)] if valeur.is_empty() => return Err(format!("{nom} est vide.")),
            [_] => {}
            _ => return Err(format!("{nom} est donné plusieurs fois.")),
        }
    }
    let champ = |nom: &str| champs.iter().find(|(n, _)| n == nom).map_or("", |(_, v)| v.as_str());
    if (champ("PBX_SITE"), champ("PBX_RANG"), champ("PBX_IDENTIFIANT")) != (SITE, RANG, IDENTIFIANT) {
        return Err("PBX_SITE, PBX_RANG ou PBX_IDENTIFIANT n’est pas celui de la boutique d’essai.".into());
    }
    if champ("PBX_HASH") != "SHA512" {
        return Err("PBX_HASH doit être SHA512.".into());
    }
    if !hmac_juste(&champs, &hmac) {
        return Err("PBX_HMAC ne correspond pas aux champs reçus, dans l’ordre où ils sont arrivés.".into());
    }
    let total = champ("PBX_TOTAL");
    if !(3..=10).contains(&total.len())
        || !total.bytes().all(|b| b.is_ascii_digit())
        || total.bytes().all(|b| b == b'0')
    {
        return Err("PBX_TOTAL doit avoir de 3 à 10 chiffres, sans être nul.".into());
    }
    if champ("PBX_DEVISE") != "978" {
        return Err("PBX_DEVISE doit être 978.".into());
    }
    if !champ("PBX_SHOPPINGCART").contains("<totalQuantity>")
        || !champ("PBX_BILLING").contains("<CountryCode>")
    {
        return Err("PBX_SHOPPINGCART ou PBX_BILLING n’est pas le document attendu.".into());
    }
    let essai = Paiement { numero: 0, champs: champs.clone(), erreur: None, derniere: None };
    let lu = requete(&essai, &Dit { erreur: "00001", centimes: essai.centimes(), faux: false });
    if lu.is_none() || !champ("PBX_RETOUR").ends_with(":K") {
        return Err(
            "PBX_RETOUR demande ce que le bac à sable ne joue pas, ou ne finit pas par la signature.".into(),
        );
    }
    Ok(champs)
}

const OBLIGATOIRES: [&str; 15] = [
    "PBX_SITE",
    "PBX_RANG",
    "PBX_IDENTIFIANT",
    "PBX_TOTAL",
    "PBX_DEVISE",
    "PBX_CMD",
    "PBX_PORTEUR",
    "PBX_RETOUR",
    "PBX_HASH",
    "PBX_TIME",
    "PBX_SHOPPINGCART",
    "PBX_BILLING",
    "PBX_EFFECTUE",
    "PBX_REFUSE",
    "PBX_ANNULE",
];

#[derive(serde::Deserialize)]
pub struct Choix {
    choix: String,
}

/// Ends the payment: tells the shop, then sends the browser back.
pub async fn choisir(
    State(paybox): State<Paybox>,
    Path(numero): Path<usize>,
    Form(Choix { choix }): Form<Choix>,
) -> Response {
    let (erreur, retour) = match choix.as_str() {
        "payer" => ("00000", "PBX_EFFECTUE"),
        "refuser" => ("00151", "PBX_REFUSE"),
        "abandonner" => ("00001", "PBX_ANNULE"),
        _ => return refuser("Ce choix n’existe pas."),
    };
    let Some(p) = paybox.finir(numero, erreur) else {
        return refuser("Ce paiement est déjà terminé, ou n’existe pas.");
    };
    paybox.notifier(&p, erreur).await;
    let dit = Dit { erreur, centimes: p.centimes(), faux: false };
    match requete(&p, &dit) {
        Some(requete) => Redirect::to(&format!("{}?{requete}", p.champ(retour))).into_response(),
        None => refuser("PBX_RETOUR ne se lit pas."),
    }
}

fn refuser(motif: &str) -> Response {
    let refus =
        Page { refus: Some(motif.into()), numero: 0, montant: String::new(), reference: String::new() };
    let mut reponse = page(&refus);
    *reponse.status_mut() = StatusCode::CONFLICT;
    reponse
}

impl Paybox {
    fn ouvrir(&self, champs: Vec<(String, String)>) -> Paiement {
        let mut etat = self.etat();
        let numero = etat.paiements.last().map_or(1, |dernier| dernier.numero + 1);
        let paiement = Paiement { numero, champs, erreur: None, derniere: None };
        etat.paiements.push(paiement.clone());
        paiement
    }

    /// The payment, ended once and for all.
    fn finir(&self, numero: usize, erreur: &str) -> Option<Paiement> {
        let mut etat = self.etat();
        let p = etat.paiements.iter_mut().find(|p| p.numero == numero && p.erreur.is_none())?;
        p.erreur = Some(erreur.to_owned());
        Some(p.clone())
    }
}
