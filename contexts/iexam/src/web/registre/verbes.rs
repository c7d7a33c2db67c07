//! What the registry does to one registration; the page comes back with what was typed when it is refused.

use ::web::{Frame, ListQuery, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::FaultKind;

use super::lien;
use super::une::{Envoi, montrer, refus};
use crate::Iexam;
use crate::actions::registre_fault::RegistreFault;
use crate::actions::trancher::Decide;
use crate::actions::{annuler as annulation, renvoyer as renvoi, trancher, verifier as verification};

/// What every verb is given.
struct Geste {
    iexam: Iexam,
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    id: i64,
    envoi: Envoi,
}

impl Geste {
    fn vu(&self) -> Option<&str> {
        self.envoi.get("vu").map(String::as_str)
    }

    fn champ(&self, nom: &str) -> &str {
        self.envoi.get(nom).map_or("", |v| v.trim())
    }

    /// Goes on to the next of the worklist when the button asked for it.
    async fn fini(
        self,
        fait: Result<String, RegistreFault>,
        champ: Option<&'static str>,
    ) -> Result<Response, PageError> {
        use kernel::Fault as _;
        match fait {
            Ok(dit) => {
                let suivante = self.envoi.get("suivante").and_then(|id| id.parse().ok());
                let vers = lien(suivante.unwrap_or(self.id), &self.query);
                Ok(Redirection::to(vers).success(dit).into_response())
            }
            Err(fault) if matches!(fault.kind(), FaultKind::NotFound | FaultKind::Internal) => {
                Err(fault.into())
            }
            Err(fault) => {
                let champ = champ.filter(|_| matches!(fault, RegistreFault::Motif));
                let refus = refus(&fault, self.envoi, champ);
                montrer(&self.iexam, self.frame, &self.visitor, &self.query, self.id, Some(refus)).await
            }
        }
    }
}

macro_rules! geste {
    ($(#[$doc:meta])* $nom:ident, $champ:expr, |$g:ident| $corps:expr) => {
        $(#[$doc])*
        pub(super) async fn $nom(
            frame: Frame,
            visitor: Visitor,
            query: ListQuery,
            State(iexam): State<Iexam>,
            Path(id): Path<i64>,
            Form(envoi): Form<Envoi>,
        ) -> Result<Response, PageError> {
            let geste = Geste { iexam, frame, visitor, query, id, envoi };
            let fait = {
                let $g = &geste;
                $corps.await
            };
            geste.fini(fait, $champ).await
        }
    };
}

geste!(
    /// `POST …/{id}/verifier`.
    verifier,
    None,
    |g| async {
        let lot = verification::verifier(&g.iexam, &[g.id], g.vu(), &g.visitor.actor()).await?;
        Ok(format!("L’inscription de {} est vérifiée.", nom(lot.faites.first())))
    }
);

geste!(
    /// `POST …/{id}/reprendre`.
    reprendre,
    None,
    |g| async {
        let lot = verification::reprendre(&g.iexam, &[g.id], g.vu(), &g.visitor.actor()).await?;
        Ok(format!("La vérification est reprise : l’inscription de {} est de nouveau à vérifier.", nom(lot.faites.first())))
    }
);

geste!(
    /// `POST …/{id}/renvoyer`.
    renvoyer,
    Some("renvoi"),
    |g| async {
        let fait = renvoi::renvoyer(&g.iexam, &[g.id], g.champ("renvoi"), g.vu(), &g.visitor.actor()).await?;
        let (lot, muettes) = fait;
        Ok(format!("L’inscription de {} est renvoyée pour correction.{}", nom(lot.faites.first()), muette(muettes)))
    }
);

geste!(
    /// `POST …/{id}/annuler`.
    annuler,
    Some("annulation"),
    |g| async {
        let fait = annulation::annuler(&g.iexam, &[g.id], g.champ("annulation"), g.vu(), &g.visitor.actor()).await?;
        let (lot, muettes) = fait;
        Ok(format!("L’inscription de {} est annulée.{}", nom(lot.faites.first()), muette(muettes)))
    }
);

geste!(
    /// `POST …/{id}/retablir`.
    retablir,
    None,
    |g| async {
        let i = annulation::retablir(&g.iexam, g.id, g.vu(), &g.visitor.actor()).await?;
        Ok(format!("L’inscription de {} est rétablie.", i.nom))
    }
);

fn nom(i: Option<&crate::store::inscription::Inscription>) -> &str {
    i.map_or("l’étudiant", |i| i.nom.as_str())
}

fn muette(muettes: usize) -> &'static str {
    if muettes > 0 { " Aucun courriel n’a pu partir : prévenez l’étudiant autrement." } else { "" }
}

async fn decider(geste: Geste, demande: i64, accepte: bool) -> Result<Response, PageError> {
    let fait = {
        let g = &geste;
        let d = Decide { inscription: g.id, demande, reponse: g.champ("reponse"), vu: g.vu() };
        let acteur = g.visitor.actor();
        if accepte {
            let fait = trancher::accepter(&g.iexam, d, &acteur).await;
            fait.map(|i| {
                format!("La demande de {} est acceptée : son inscription et son compte sont à jour.", i.nom)
            })
        } else {
            let fait = trancher::refuser(&g.iexam, d, &acteur).await;
            fait.map(|i| format!("La demande de {} est refusée.", i.nom))
        }
    };
    geste.fini(fait, Some("reponse")).await
}

/// `POST …/{id}/demandes/{demande}/accepter`.
pub(super) async fn accepter(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path((id, demande)): Path<(i64, i64)>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    decider(Geste { iexam, frame, visitor, query, id, envoi }, demande, true).await
}

/// `POST …/{id}/demandes/{demande}/refuser`.
pub(super) async fn refuser(
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    State(iexam): State<Iexam>,
    Path((id, demande)): Path<(i64, i64)>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    decider(Geste { iexam, frame, visitor, query, id, envoi }, demande, false).await
}
