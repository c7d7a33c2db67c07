//! Confirmations that arrive together leave together: while a transaction writes, those that come wait for the next, which takes them all.
//!
//! The evening before a deadline, sixteen students who each had a transaction would wait for sixteen commits; so they wait for one. Nobody
//! waits for others to come: who is alone leaves alone.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use db::DbError;
use kernel::{Actor, AnneeUniversitaire, NumeroEtudiant};
use tokio::sync::oneshot;

use super::confirmer::{Issue, confirmer};
use super::dossier::Personne;
use super::inscrire::Relecture;
use super::inscrire_fault::InscrireFault;
use crate::Iexam;

/// Confirmations of one transaction, at most.
const ENSEMBLE: usize = 32;

/// A confirmation that is asked.
#[derive(Debug)]
pub(super) struct Demande {
    /// COD_ETU.
    pub numero: NumeroEtudiant,
    /// Year of the period.
    pub annee: AnneeUniversitaire,
    /// Its code.
    pub code: String,
    /// What Maquette knows of the student.
    pub personne: Personne,
    /// What was read over.
    pub relecture: Relecture,
    /// Who confirms.
    pub acteur: Actor,
    /// When it was asked: the deadline is held against this instant, however long one waited.
    pub quand: DateTime<Utc>,
}

struct EnAttente {
    demande: Demande,
    reponse: oneshot::Sender<Issue>,
}

/// Those who wait, and whose turn it is to write.
#[derive(Default)]
struct Guichet {
    attente: Mutex<Vec<EnAttente>>,
    tour: Arc<tokio::sync::Mutex<()>>,
}

impl Guichet {
    fn attente(&self) -> std::sync::MutexGuard<'_, Vec<EnAttente>> {
        self.attente.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first to have come and those of the same period, each student once: a second click waits for what the first has done.
    fn prendre(&self) -> Vec<EnAttente> {
        let mut attente = self.attente();
        let mut pris: Vec<EnAttente> = Vec::new();
        let mut restent = Vec::new();
        for une in attente.drain(..) {
            let ensemble = pris
                .first()
                .is_none_or(|p| (p.demande.annee, &p.demande.code) == (une.demande.annee, &une.demande.code));
            let deja = pris.iter().any(|p| p.demande.numero == une.demande.numero);
            if ensemble && !deja && pris.len() < ENSEMBLE { pris.push(une) } else { restent.push(une) }
        }
        *attente = restent;
        pris
    }
}

/// Asks, and waits for what becomes of it.
pub(super) async fn attendre(iexam: &Iexam, demande: Demande) -> Issue {
    let guichet = iexam.db.shared(Guichet::default);
    let (reponse, mut recue) = oneshot::channel();
    guichet.attente().push(EnAttente { demande, reponse });
    loop {
        let tour = Arc::clone(&guichet.tour).lock_owned().await;
        match recue.try_recv() {
            Ok(issue) => return issue,
            Err(oneshot::error::TryRecvError::Closed) => return Err(interrompue()),
            Err(oneshot::error::TryRecvError::Empty) => {}
        }
        let (iexam, pris) = (iexam.clone(), guichet.prendre());
        // A task of its own: the others are written even if this student closes the page.
        let ecrire = tokio::spawn(async move {
            ecrire(&iexam, pris).await;
            drop(tour);
        });
        if let Err(err) = ecrire.await {
            tracing::error!(%err, "confirmations");
        }
    }
}

fn interrompue() -> InscrireFault {
    DbError::Value("la confirmation a été interrompue".to_owned()).into()
}

/// Writes them in one transaction; when the database refuses it, each in its own, so that one does not fail for another.
async fn ecrire(iexam: &Iexam, pris: Vec<EnAttente>) {
    let (demandes, reponses): (Vec<_>, Vec<_>) = pris.into_iter().map(|p| (p.demande, p.reponse)).unzip();
    let issues = match ensemble(iexam, &demandes).await {
        Ok(issues) => issues,
        Err(fault) if demandes.len() == 1 => vec![Err(fault)],
        Err(_) => {
            let mut issues = Vec::with_capacity(demandes.len());
            for seule in demandes.chunks(1) {
                issues.push(match ensemble(iexam, seule).await {
                    Ok(mut issues) => issues.pop().unwrap_or_else(|| Err(interrompue())),
                    Err(fault) => Err(fault),
                });
            }
            issues
        }
    };
    for (reponse, issue) in reponses.into_iter().zip(issues) {
        // Who has closed the page has no need of it: the receipt is on their page and in their mail.
        let _ = reponse.send(issue);
    }
}

async fn ensemble(iexam: &Iexam, demandes: &[Demande]) -> Result<Vec<Issue>, InscrireFault> {
    iexam.db.write(|tx| async move { confirmer(&tx, demandes, &iexam.publique).await }).await
}
