use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::signature::signer;
use super::{Mode, Paiement, Paybox};
use crate::server::is_loopback;

/// One notification that left, and what the suite answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Envoi {
    /// PBX_CMD.
    pub reference: String,
    /// Why it left: `normale`, `differee`, `rejouee`…
    pub nature: &'static str,
    /// The address asked, query included.
    pub url: String,
    /// HTTP status.
    pub statut: Option<u16>,
    /// Why there is none.
    pub echec: Option<String>,
}

/// How long the bank waits for an answer.
const DELAI: Duration = Duration::from_secs(15);

/// A client that reaches this machine alone and follows nobody.
pub fn client() -> Option<reqwest::Client> {
    // Somebody else may have installed it: which one does not matter for http on loopback.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(DELAI)
        .build()
        .ok()
}

/// What a notification says.
#[derive(Clone, Debug)]
pub struct Dit<'a> {
    pub erreur: &'a str,
    pub centimes: i64,
    pub faux: bool,
}

/// The signed query, in the order and under the names of PBX_RETOUR. None when PBX_RETOUR asks for what the sandbox does not play.
pub fn requete(p: &Paiement, dit: &Dit<'_>) -> Option<String> {
    let accepte = dit.erreur == "00000";
    let mut texte = String::new();
    for voulu in p.champ("PBX_RETOUR").split(';').filter(|v| !v.is_empty()) {
        let (nom, lettre) = voulu.split_once(':')?;
        let valeur = match lettre {
            // As it was sent, leading zeros included.
            "M" if dit.centimes == p.centimes() => p.champ("PBX_TOTAL").to_owned(),
            "M" => dit.centimes.to_string(),
            "R" => p.champ("PBX_CMD").to_owned(),
            "A" if accepte => "XXXXXX".to_owned(),
            // The bank leaves the authorisation out of a payment that has none.
            "A" => continue,
            "E" => dit.erreur.to_owned(),
            "S" if accepte => format!("{}", 560_000_000 + p.numero),
            "S" => "0".to_owned(),
            "T" => format!("{}", 720_000_000 + p.numero),
            "K" => {
                let mut signature = signer(&texte);
                if dit.faux {
                    signature = signer(&format!("{texte}.faux"));
                }
                signature
            }
            _ => return None,
        };
        let separateur = if texte.is_empty() { "" } else { "&" };
        let _ = write!(texte, "{separateur}{nom}={}", encoder(&valeur));
    }
    Some(texte)
}

/// URL encoding of everything but letters, figures and `-_.`.
fn encoder(texte: &str) -> String {
    texte.bytes().fold(String::new(), |mut out, octet| {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.') {
            out.push(char::from(octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
        out
    })
}

impl Paybox {
    /// Notifies the end of a payment as the mode wants it.
    pub(super) async fn notifier(&self, p: &Paiement, erreur: &str) {
        let mode = self.etat().mode;
        let centimes = if let Mode::Montant(autre) = mode { autre } else { p.centimes() };
        let dit = Dit { erreur, centimes, faux: mode == Mode::Falsifiee };
        let Some(url) = notification(p, &dit) else { return };
        match mode {
            Mode::Absente => {}
            Mode::Differee => self.etat().retenues.push((p.numero, url)),
            Mode::Double => {
                tokio::join!(self.envoyer(p, "double", &url), self.envoyer(p, "double", &url));
            }
            Mode::Normale => self.envoyer(p, "normale", &url).await,
            Mode::Falsifiee => self.envoyer(p, "falsifiee", &url).await,
            Mode::Montant(_) => self.envoyer(p, "montant", &url).await,
        }
    }

    /// Asks `url` as the bank does, and writes down what was answered.
    pub(super) async fn envoyer(&self, p: &Paiement, nature: &'static str, url: &str) {
        let resultat = self.demander(url).await;
        let (statut, echec) = match resultat {
            Ok(statut) => (Some(statut), None),
            Err(motif) => (None, Some(motif)),
        };
        tracing::info!(nature, statut, "payment notification sent");
        let reference = p.champ("PBX_CMD").to_owned();
        let mut etat = self.etat();
        // A forged one is not what the bank said: it must not be what « rejouer » plays again.
        if matches!(nature, "normale" | "differee" | "double")
            && let Some(vu) = etat.paiements.iter_mut().find(|vu| vu.numero == p.numero)
        {
            vu.derniere = Some(url.to_owned());
        }
        etat.envois.push(Envoi { reference, nature, url: url.to_owned(), statut, echec });
    }

    async fn demander(&self, url: &str) -> Result<u16, String> {
        let adresse = reqwest::Url::parse(url).map_err(|erreur| erreur.to_string())?;
        let hote = adresse.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if hote != "localhost" && !hote.parse().is_ok_and(is_loopback) {
            return Err("le bac à sable ne notifie que cette machine".into());
        }
        let http = self.http.as_ref().ok_or("le client HTTP n'a pas pu être préparé")?;
        let reponse = http.get(adresse).send().await.map_err(|erreur| erreur.to_string())?;
        Ok(reponse.status().as_u16())
    }
}

/// PBX_REPONDRE_A with what is said. None when the shop gave none.
pub fn notification(p: &Paiement, dit: &Dit<'_>) -> Option<String> {
    let adresse = Some(p.champ("PBX_REPONDRE_A")).filter(|adresse| !adresse.is_empty())?;
    Some(format!("{adresse}?{}", requete(p, dit)?))
}
