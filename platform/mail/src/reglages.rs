use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Section `[courriel]` : les courriels qui partent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reglages {
    /// Serveur d'envoi : `smtp://relais.exemple.fr`, `smtp://relais.exemple.fr:587?tls=required`, `smtps://…`. Vide : rien ne part.
    pub serveur: String,
    /// Identifiant auprès du serveur, s'il en demande un.
    pub identifiant: String,
    /// Son mot de passe.
    pub mot_de_passe: Option<MotDePasse>,
    /// Certificat, en PEM, de l'autorité qui a signé celui du serveur, si cette machine ne la connaît pas : le chemin de son fichier.
    pub autorite: String,
    /// De qui viennent les courriels : `Scolarité <scolarite@exemple.fr>`.
    pub expediteur: String,
    /// Où vont les réponses, si ce n'est à l'expéditeur.
    pub repondre_a: String,
    /// Adresse d'essai qui reçoit tout à la place des destinataires. Vide : chacun reçoit le sien.
    pub redirection: String,
    /// Jours pendant lesquels le texte et les pièces jointes sont gardés.
    pub conserver_jours: i64,
}

impl Default for Reglages {
    fn default() -> Self {
        Self {
            serveur: String::new(),
            identifiant: String::new(),
            mot_de_passe: None,
            autorite: String::new(),
            expediteur: String::new(),
            repondre_a: String::new(),
            redirection: String::new(),
            conserver_jours: 365,
        }
    }
}

/// The settings as they are now, whatever a page has changed since the process started.
#[async_trait]
pub trait ReglagesCourants: Send + Sync {
    /// Reads them.
    async fn lire(&self) -> Result<Reglages, db::DbError>;
}

#[async_trait]
impl ReglagesCourants for Reglages {
    async fn lire(&self) -> Result<Reglages, db::DbError> {
        Ok(self.clone())
    }
}

/// A password, never shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct MotDePasse(pub String);

impl fmt::Debug for MotDePasse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// Settings are shown by `telemaque doctor`: passwords are not.
impl Serialize for MotDePasse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("•••")
    }
}

impl Reglages {
    /// What is wrong with them, in one sentence.
    ///
    /// # Errors
    /// A server, a sender or an address that is not one.
    pub fn verifier(&self) -> Result<(), String> {
        let boite = |nom: &str, texte: &str| match texte.trim() {
            "" => Ok(()),
            texte if texte.parse::<lettre::message::Mailbox>().is_ok() => Ok(()),
            _ => Err(format!(
                "« courriel.{nom} » doit être une adresse : « Scolarité <scolarite@exemple.fr> »."
            )),
        };
        boite("expediteur", &self.expediteur)?;
        boite("repondre_a", &self.repondre_a)?;
        boite("redirection", &self.redirection)?;
        if self.ferme() {
            return Ok(());
        }
        crate::transport::Serveur::lire(self).map(drop)
    }

    /// Whether nothing may leave: no server is given.
    #[must_use]
    pub fn ferme(&self) -> bool {
        self.serveur.trim().is_empty()
    }

    /// Why nothing leaves at the moment, in one sentence.
    #[must_use]
    pub fn empechement(&self) -> Option<String> {
        if self.ferme() {
            return Some(
                "Aucun serveur d’envoi n’est indiqué dans les paramètres : rien ne part.".to_owned(),
            );
        }
        if self.expediteur.trim().is_empty() {
            return Some("Aucun expéditeur n’est indiqué dans les paramètres : rien ne part.".to_owned());
        }
        self.verifier().err().map(|phrase| format!("{phrase} Rien ne part."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let reglages = Reglages { mot_de_passe: Some(MotDePasse("secret".into())), ..Reglages::default() };
        assert!(!format!("{reglages:?}").contains("secret"));
    }

    #[test]
    fn wrong_settings_are_said() {
        let avec = |f: fn(&mut Reglages)| {
            let mut reglages = Reglages { expediteur: "s@exemple.fr".into(), ..Reglages::default() };
            f(&mut reglages);
            reglages
        };
        let refus = |f: fn(&mut Reglages)| avec(f).verifier().unwrap_err();
        assert_eq!(avec(|_| {}).verifier(), Ok(()));
        assert!(avec(|_| {}).empechement().unwrap().contains("serveur"));
        for serveur in [
            "smtp://relais.exemple.fr",
            "smtp://relais.exemple.fr:587?tls=required",
            "smtps://relais.exemple.fr",
        ] {
            let reglages = Reglages { serveur: serveur.into(), ..avec(|_| {}) };
            assert_eq!((reglages.verifier(), reglages.empechement()), (Ok(()), None), "{serveur}");
        }
        assert!(refus(|r| r.serveur = "relais.exemple.fr".into()).contains("smtp://"));
        assert!(refus(|r| r.serveur = "https://relais.exemple.fr".into()).contains("smtp://"));
        let bavard = refus(|r| r.serveur = "smtp://moi:secret@relais.exemple.fr".into());
        assert!(bavard.contains("identifiant") && !bavard.contains("secret"), "{bavard}");
        assert!(refus(|r| r.redirection = "moi".into()).contains("redirection"));
        let muet = avec(|r| (r.serveur, r.expediteur) = ("smtp://relais.exemple.fr".into(), String::new()));
        assert!(muet.empechement().unwrap().contains("expéditeur"));
    }
}
