//! One connection to the mail server, for a batch.

use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use crate::Reglages;

/// The longest that one exchange may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chiffrement {
    Aucun,
    SiPossible,
    Exige,
    DesLeDebut,
}

/// Where mail is handed over, and under what name.
pub(crate) struct Serveur {
    hote: String,
    port: u16,
    chiffrement: Chiffrement,
    identite: Option<Credentials>,
    autorite: Option<Certificate>,
}

/// Why an exchange failed.
pub(crate) enum Rupture {
    /// What the server or the network said.
    Smtp(Error),
    /// The same, of who we said that we were.
    Identite(Error),
    /// Nothing, for too long.
    Silence,
}

impl Serveur {
    /// The server of the settings.
    ///
    /// # Errors
    /// Why its address is none, in one sentence.
    pub(crate) fn lire(reglages: &Reglages) -> Result<Self, String> {
        let adresse = reglages.serveur.trim();
        if adresse.contains('@') {
            // It would be shown with the address.
            return Err("L’adresse du serveur d’envoi ne porte ni nom ni mot de passe : indiquez-les dans « courriel.identifiant » \
                 et « courriel.mot_de_passe »."
                .to_owned());
        }
        let (hote, port, chiffrement) = decouper(adresse).ok_or_else(|| {
            format!(
                "« {adresse} » n’est pas une adresse de serveur d’envoi : il faut « smtp://relais.exemple.fr », \
                 « smtp://relais.exemple.fr:587?tls=required » ou « smtps://relais.exemple.fr »."
            )
        })?;
        let identifiant = reglages.identifiant.trim();
        let en_clair = matches!(chiffrement, Chiffrement::Aucun | Chiffrement::SiPossible);
        if en_clair && !identifiant.is_empty() && !chez_soi(&hote) {
            return Err(format!(
                "Avec « {adresse} », le mot de passe de « {identifiant} » pourrait partir en clair : indiquez \
                 « smtp://{hote}:587?tls=required » ou « smtps://{hote} »."
            ));
        }
        let identite = (!identifiant.is_empty()).then(|| {
            let mot = reglages.mot_de_passe.as_ref().map(|mot| mot.0.clone()).unwrap_or_default();
            Credentials::new(identifiant.to_owned(), mot)
        });
        let autorite = autorite(reglages.autorite.trim())?;
        Ok(Self { hote, port, chiffrement, identite, autorite })
    }

    /// A connection, greeted, encrypted and signed in as the settings want.
    pub(crate) async fn connecter(&self) -> Result<AsyncSmtpConnection, Rupture> {
        let mut ligne = bref(async {
            let nom = ClientId::default();
            let tls = || {
                let tls = TlsParameters::builder(self.hote.clone());
                match &self.autorite {
                    Some(autorite) => tls.add_root_certificate(autorite.clone()).build(),
                    None => tls.build(),
                }
            };
            let enveloppe = match self.chiffrement {
                Chiffrement::DesLeDebut => Some(tls()?),
                _ => None,
            };
            let place = (self.hote.as_str(), self.port);
            let mut ligne =
                AsyncSmtpConnection::connect_tokio1(place, Some(PATIENCE), &nom, enveloppe, None).await?;
            let monter = match self.chiffrement {
                Chiffrement::Exige => true,
                Chiffrement::SiPossible => ligne.can_starttls(),
                Chiffrement::Aucun | Chiffrement::DesLeDebut => false,
            };
            if monter {
                ligne.starttls(tls()?, &nom).await?;
            }
            Ok(ligne)
        })
        .await?;
        if let Some(identite) = &self.identite {
            bref(async { ligne.auth(DEFAULT_MECHANISMS, identite).await.map(drop) }).await.map_err(
                |rupture| match rupture {
                    Rupture::Smtp(err) => Rupture::Identite(err),
                    autre => autre,
                },
            )?;
        }
        Ok(ligne)
    }
}

/// The certificate of that file.
fn autorite(chemin: &str) -> Result<Option<Certificate>, String> {
    if chemin.is_empty() {
        return Ok(None);
    }
    let pem = std::fs::read(chemin).map_err(|err| {
        format!("Le fichier « {chemin} » de « courriel.autorite » ne peut pas être lu ({err}).")
    })?;
    let lu = Certificate::from_pem(&pem).ok().filter(|_| pem.windows(11).any(|w| w == b"CERTIFICATE"));
    lu.map(Some).ok_or_else(|| {
        format!("Le fichier « {chemin} » de « courriel.autorite » n’est pas un certificat en PEM.")
    })
}

/// Hands a message over.
pub(crate) async fn remettre(ligne: &mut AsyncSmtpConnection, lettre: &Message) -> Result<(), Rupture> {
    let octets = lettre.formatted();
    bref(async { ligne.send(lettre.envelope(), &octets).await.map(drop) }).await
}

/// Says good-bye; a server that does not answer is left all the same.
pub(crate) async fn quitter(mut ligne: AsyncSmtpConnection) {
    let _ = bref(async { ligne.quit().await.map(drop) }).await;
}

async fn bref<T>(echange: impl Future<Output = Result<T, Error>>) -> Result<T, Rupture> {
    match tokio::time::timeout(PATIENCE, echange).await {
        Ok(fini) => fini.map_err(Rupture::Smtp),
        Err(_) => Err(Rupture::Silence),
    }
}

/// `smtp://host:port?tls=required`: host, port, encryption.
fn decouper(adresse: &str) -> Option<(String, u16, Chiffrement)> {
    let (schema, reste) = adresse.split_once("://")?;
    let (place, options) = reste.split_once('?').unwrap_or((reste, ""));
    let (chiffrement, usuel) = match (schema, options) {
        ("smtp", "") => (Chiffrement::Aucun, 25),
        ("smtp", "tls=required") => (Chiffrement::Exige, 587),
        ("smtp", "tls=opportunistic") => (Chiffrement::SiPossible, 587),
        ("smtps", "") => (Chiffrement::DesLeDebut, 465),
        _ => return None,
    };
    let place = place.trim_end_matches('/');
    let (hote, port) = match place.rsplit_once(':') {
        Some((hote, port)) => (hote, port.parse().ok()?),
        None => (place, usuel),
    };
    let permis = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!hote.is_empty() && hote.chars().all(permis)).then(|| (hote.to_owned(), port, chiffrement))
}

/// Whether a host is this machine: what is sent there is seen by nobody else.
fn chez_soi(hote: &str) -> bool {
    hote == "localhost" || hote.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_leaves_in_clear() {
        let lu = |serveur: &str, identifiant: &str| {
            let reglages =
                Reglages { serveur: serveur.into(), identifiant: identifiant.into(), ..Reglages::default() };
            Serveur::lire(&reglages).map(drop)
        };
        for clair in ["smtp://relais.exemple.fr", "smtp://relais.exemple.fr?tls=opportunistic"] {
            let refus = lu(clair, "facteur").unwrap_err();
            assert!(refus.contains("smtp://relais.exemple.fr:587?tls=required"), "{refus}");
            assert_eq!(lu(clair, ""), Ok(()), "{clair}");
        }
        for sur in [
            "smtp://relais.exemple.fr?tls=required",
            "smtps://relais.exemple.fr",
            "smtp://127.0.0.1:25",
            "smtp://localhost",
        ] {
            assert_eq!(lu(sur, "facteur"), Ok(()), "{sur}");
        }
    }

    #[test]
    fn addresses_of_servers_are_read() {
        let lu = decouper;
        let relais = |port, c| Some(("relais.exemple.fr".to_owned(), port, c));
        assert_eq!(lu("smtp://relais.exemple.fr"), relais(25, Chiffrement::Aucun));
        assert_eq!(lu("smtp://relais.exemple.fr:2525/"), relais(2525, Chiffrement::Aucun));
        assert_eq!(lu("smtp://relais.exemple.fr?tls=required"), relais(587, Chiffrement::Exige));
        assert_eq!(lu("smtp://relais.exemple.fr:25?tls=opportunistic"), relais(25, Chiffrement::SiPossible));
        assert_eq!(lu("smtps://relais.exemple.fr"), relais(465, Chiffrement::DesLeDebut));
        for faux in [
            "relais",
            "http://relais",
            "smtp://",
            "smtp://a:b:c",
            "smtp://a b",
            "smtps://a?tls=required",
            "smtp://a/x",
        ] {
            assert_eq!(lu(faux), None, "{faux}");
        }
    }
}
