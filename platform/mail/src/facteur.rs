use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::{Db, DbError};
use kernel::Clock;
use lettre::transport::smtp::client::AsyncSmtpConnection;

use crate::attente::{Issue, noter, prendre, rendre};
use crate::composer::{Depart, composer};
use crate::fabrique::{Fabrique, Manque, reunir};
use crate::reglages::{Reglages, ReglagesCourants};
use crate::store::Etat;
use crate::transport::{Rupture, Serveur, quitter, remettre};

/// Minutes before each new attempt; after the last one the message is given up.
const ATTENTES_MIN: [i64; 5] = [1, 5, 30, 120, 720];

/// Most minutes before the next attempt while the server takes nothing from us: mended, it is not waited for half a day.
const PATIENCE_MIN: i64 = 30;

/// Messages of one connection.
const LOT: i64 = 20;

/// How long a taken message is left alone: its worker is dead after that.
const RESERVE_MIN: i64 = 30;

/// After this many minutes a slow batch is cut short, well before others may take its messages again.
const LOT_MIN: i64 = 10;

/// Delivers what waits. Cheap to clone.
#[derive(Clone)]
pub struct Facteur {
    db: Db,
    clock: Arc<dyn Clock>,
    reglages: Arc<dyn ReglagesCourants>,
    fabriques: Vec<Arc<dyn Fabrique>>,
}

impl std::fmt::Debug for Facteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facteur").finish_non_exhaustive()
    }
}

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tournee {
    /// Messages that the server took.
    pub envoyes: u64,
    /// Messages that will be tried again.
    pub reportes: u64,
    /// Messages given up.
    pub echecs: u64,
}

impl Tournee {
    /// Messages that were tried.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.envoyes + self.reportes + self.echecs
    }
}

/// Why a message did not leave.
enum Refus {
    /// The server takes nothing from us now: that is no message's fault, and none is given up for it.
    Serveur(String),
    /// It may leave later.
    Passager(String),
    /// It never will.
    Definitif(String),
}

impl Facteur {
    /// A deliverer that asks for its settings at each round.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, reglages: Arc<dyn ReglagesCourants>) -> Self {
        Self { db, clock, reglages, fabriques: Vec::new() }
    }

    /// The same, that also knows how to make the attachments of one more kind.
    #[must_use]
    pub fn avec_fabrique(mut self, fabrique: Arc<dyn Fabrique>) -> Self {
        self.fabriques.push(fabrique);
        self
    }

    /// The settings as they are now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reglages(&self) -> Result<Reglages, DbError> {
        self.reglages.lire().await
    }

    /// Delivers the messages whose time has come, one batch, through one connection. Without a server (or with
    /// settings that cannot serve) nothing is tried, and nothing is counted as tried.
    ///
    /// # Errors
    /// Those of the database; what the mail server says is kept with each message.
    pub async fn tournee(&self) -> Result<Tournee, DbError> {
        let debut = self.clock.now();
        if !self.attendu(debut).await? {
            return Ok(Tournee::default());
        }
        let reglages = self.reglages.lire().await?;
        if let Some(phrase) = reglages.empechement() {
            tracing::debug!(phrase, "courriels en attente");
            return Ok(Tournee::default());
        }
        let jusqua = debut + Duration::minutes(RESERVE_MIN);
        let departs = self.db.write(|tx| async move { prendre(&*tx, debut, jusqua, LOT).await }).await?;
        let mut tournee = Tournee::default();
        if departs.is_empty() {
            return Ok(tournee);
        }
        let mut ligne = None;
        for (rang, depart) in departs.iter().enumerate() {
            if self.clock.now() - debut > Duration::minutes(LOT_MIN) {
                let reste = departs.get(rang..).unwrap_or_default();
                let quand = self.clock.now();
                self.db.write(|tx| async move { rendre(&*tx, reste, jusqua, quand).await }).await?;
                break;
            }
            // A refusal ends the connection, as does whoever cuts it: the next message opens another.
            let mut ouverte = match ligne.take().filter(|ligne: &AsyncSmtpConnection| !ligne.has_broken()) {
                Some(ouverte) => ouverte,
                None => match connecter(&reglages).await {
                    Ok(ouverte) => ouverte,
                    Err(phrase) => {
                        // The server itself: no message of the batch can leave now.
                        for depart in departs.get(rang..).unwrap_or_default() {
                            self.conclure(depart, Err(Refus::Serveur(phrase.clone())), &mut tournee).await?;
                        }
                        tracing::warn!(
                            reportes = tournee.reportes,
                            "le serveur d’envoi des courriels ne répond pas"
                        );
                        break;
                    }
                },
            };
            let issue = self.envoyer(depart, &reglages, &mut ouverte).await?;
            // What follows a failure of any kind begins anew.
            ligne = issue.is_ok().then_some(ouverte);
            self.conclure(depart, issue, &mut tournee).await?;
        }
        if let Some(ligne) = ligne {
            quitter(ligne).await;
        }
        Ok(tournee)
    }

    /// Read without the writer: an idle worker must not wait behind a long transaction.
    async fn attendu(&self, maintenant: DateTime<Utc>) -> Result<bool, DbError> {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM mail_message WHERE etat = ? AND prochain_essai <= ? LIMIT 1) AS un";
        let valeurs = [Etat::AEnvoyer.code().into(), maintenant.into()];
        let n = self.db.read(|c| async move { db::sql::count(&c, sql, valeurs).await }).await?;
        Ok(n > 0)
    }

    async fn envoyer(
        &self,
        depart: &Depart,
        reglages: &Reglages,
        ligne: &mut AsyncSmtpConnection,
    ) -> Result<Result<(), Refus>, DbError> {
        let pieces = match reunir(&self.db, &self.fabriques, depart.id).await {
            Ok(pieces) => pieces,
            Err(Manque::Base(err)) => return Err(err),
            Err(Manque::Passager(phrase)) => return Ok(Err(Refus::Passager(phrase))),
            Err(Manque::Definitif(phrase)) => return Ok(Err(Refus::Definitif(phrase))),
        };
        let lettre = match composer(depart, pieces, reglages, self.clock.now()) {
            Ok(lettre) => lettre,
            Err(phrase) => return Ok(Err(Refus::Definitif(phrase))),
        };
        Ok(remettre(ligne, &lettre).await.map_err(|rupture| refus(&rupture)))
    }

    async fn conclure(
        &self,
        depart: &Depart,
        issue: Result<(), Refus>,
        tournee: &mut Tournee,
    ) -> Result<(), DbError> {
        let quand = self.clock.now();
        let suivant = usize::try_from(depart.essais - 1)
            .ok()
            .and_then(|rang| ATTENTES_MIN.get(rang))
            .map(|minutes| quand + Duration::minutes(*minutes));
        let (etat, erreur, prochain) = match issue {
            Ok(()) => (Etat::Envoye, None, None),
            Err(Refus::Serveur(phrase)) => {
                let patience = suivant.unwrap_or_else(|| quand + Duration::minutes(PATIENCE_MIN));
                let plafond = quand + Duration::minutes(PATIENCE_MIN);
                (Etat::AEnvoyer, Some(phrase), Some(patience.min(plafond)))
            }
            Err(Refus::Passager(phrase)) if suivant.is_some() => (Etat::AEnvoyer, Some(phrase), suivant),
            Err(Refus::Passager(phrase)) => {
                (Etat::Echec, Some(format!("{phrase} Abandonné après {} essais.", depart.essais)), None)
            }
            Err(Refus::Definitif(phrase)) => (Etat::Echec, Some(phrase), None),
        };
        match etat {
            Etat::Envoye => tournee.envoyes += 1,
            Etat::AEnvoyer => tournee.reportes += 1,
            Etat::Echec => tournee.echecs += 1,
        }
        let note = Issue { depart, etat, erreur: erreur.as_deref(), prochain, quand };
        let note = &note;
        self.db.write(|tx| async move { noter(&*tx, note).await }).await
    }
}

/// The server, greeted and, when it asks for it, told who we are: what fails here is no message's fault.
async fn connecter(reglages: &Reglages) -> Result<AsyncSmtpConnection, String> {
    Serveur::lire(reglages)?.connecter().await.map_err(|rupture| sans_connexion(&rupture))
}

/// Why there is no connection, and what to do when it is ours to do.
fn sans_connexion(rupture: &Rupture) -> String {
    let (Rupture::Smtp(err) | Rupture::Identite(err)) = rupture else { return SILENCE.to_owned() };
    let (code, mots) = dit(err);
    let identite = matches!(rupture, Rupture::Identite(_));
    if identite && err.is_permanent() {
        return format!(
            "Le serveur d’envoi refuse l’identifiant ou le mot de passe : {code} {mots}. Corrigez « courriel.identifiant » et \
             « courriel.mot_de_passe » ; les courriels attendent."
        );
    }
    if identite && err.is_client() {
        return format!(
            "Le serveur d’envoi ne propose aucune façon de s’identifier sur cette connexion : {mots}. Demandez le chiffrement \
             (« ?tls=required »), ou retirez « courriel.identifiant » ; les courriels attendent."
        );
    }
    // A certificate that is refused while the connection is made comes as a broken connection, with this word in it.
    if err.is_tls() || mots.contains("certificate") {
        return format!(
            "La connexion chiffrée avec le serveur d’envoi a échoué : {mots}. Vérifiez le nom du serveur et son certificat ; si l’autorité qui \
             l’a signé est celle de l’établissement, indiquez-la dans « courriel.autorite ». Les courriels attendent."
        );
    }
    if err.is_client() {
        return format!(
            "Le serveur d’envoi ne permet pas la connexion demandée : {mots}. Vérifiez « courriel.serveur » ; les courriels attendent."
        );
    }
    if err.is_permanent() {
        return format!("Le serveur d’envoi refuse la connexion : {code} {mots}. Les courriels attendent.");
    }
    match refus(rupture) {
        Refus::Serveur(phrase) | Refus::Passager(phrase) | Refus::Definitif(phrase) => phrase,
    }
}

const SILENCE: &str = "Le serveur d’envoi n’a pas répondu à temps.";

/// The code of the server and its words, or those of what failed.
fn dit(err: &lettre::transport::smtp::Error) -> (String, String) {
    use std::error::Error as _;
    let mots = err.source().map(|cause| cause.to_string()).unwrap_or_default();
    (err.status().map(|code| code.to_string()).unwrap_or_default(), mots)
}

/// What the server said, or why it said nothing, in French around its own words.
fn refus(rupture: &Rupture) -> Refus {
    let (Rupture::Smtp(err) | Rupture::Identite(err)) = rupture else {
        return Refus::Passager(SILENCE.to_owned());
    };
    let (code, mots) = dit(err);
    if err.is_permanent() {
        return Refus::Definitif(format!("Le serveur d’envoi a refusé le courriel : {code} {mots}."));
    }
    if err.is_client() {
        return Refus::Definitif(format!("Le courriel ne convient pas au serveur d’envoi : {mots}."));
    }
    Refus::Passager(if err.is_transient() {
        format!("Le serveur d’envoi demande de réessayer plus tard : {code} {mots}.")
    } else if err.is_timeout() {
        SILENCE.to_owned()
    } else if err.is_tls() {
        format!("La connexion chiffrée avec le serveur d’envoi a échoué : {mots}.")
    } else if mots.is_empty() {
        format!("La connexion avec le serveur d’envoi s’est rompue : {err}.")
    } else {
        format!("La connexion avec le serveur d’envoi a échoué : {mots}.")
    })
}
