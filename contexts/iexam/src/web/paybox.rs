//! Payment online: the student's page, what the browser comes back with, and what the bank's server says.

use ::web::components::{Alert, Tone};
use ::web::{Adresse, FormulaireVers, Frame, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Cents, Fault as _, FaultKind, NumeroEtudiant, Right};
use paybox::Ipn;

use crate::Iexam;
use crate::actions::en_ligne_fault::EnLigneFault;
use crate::actions::notifier::notifier_depuis;
use crate::actions::payer_en_ligne::{a_payer, inscription, payer_en_ligne};
use crate::domain::paiement::{EtatPaiement, Verdict};
use crate::store::inscription::inscription_read;
use crate::store::paiement::{paiement_par_reference, paiements_de};
use crate::store::periode::periode_read;

/// Longest notification read: the bank's are under a thousand bytes.
const IPN_MAX: usize = 4_000;

/// Routes of payment online.
pub(super) fn routes(iexam: &Iexam) -> RouteTable {
    Routes::with_state(iexam.clone())
        .get("/examens/{annee}/{code}/paiement", Right::ExamenPasser, montrer)
        .post("/examens/{annee}/{code}/paiement", Right::ExamenPasser, partir)
        .get("/iexam/paybox/ipn", Right::Public, ipn)
        .get("/iexam/paybox/{issue}", Right::Public, retour)
        .build()
}

#[derive(Template)]
#[template(path = "paybox/paiement.html")]
struct Paiement {
    frame: Frame,
    retour: String,
    montant: String,
    alertes: Vec<Alert>,
    payable: bool,
    lignes: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "paybox/depart.html")]
struct Depart {
    frame: Frame,
    retour: String,
    montant: String,
    action: String,
    champs: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "paybox/retour.html")]
struct Retour {
    frame: Frame,
    alerte: Alert,
    recommencer: Option<String>,
    vers: String,
}

fn qui(visitor: &Visitor) -> Result<NumeroEtudiant, PageError> {
    visitor.etudiant().ok_or_else(|| EnLigneFault::Inconnue.into())
}

fn annee(annee: u16) -> Result<AnneeUniversitaire, PageError> {
    AnneeUniversitaire::new(annee).ok_or_else(PageError::not_found)
}

/// `GET /examens/{annee}/{code}/paiement`.
async fn montrer(
    frame: Frame,
    visitor: Visitor,
    State(iexam): State<Iexam>,
    Path((premiere, code)): Path<(u16, String)>,
) -> Result<Response, PageError> {
    let (periode, i) = inscription(&iexam, annee(premiere)?, &code, &qui(&visitor)?).await?;
    let id = i.id;
    let (essais, ecritures) = iexam
        .db
        .read(|c| async move {
            let ecritures = crate::store::caisse::ecriture_list(&c, id).await?;
            Ok::<_, db::DbError>((paiements_de(&c, id).await?, ecritures))
        })
        .await?;
    let mut alertes = Vec::new();
    let permis = a_payer(&iexam, &periode, &i);
    match &permis {
        Ok(_) => {}
        Err(fault @ EnLigneFault::RienADevoir) => {
            alertes.push(Alert::new(Tone::Success, fault.message()).way_out(fault.way_out()));
        }
        Err(fault) => alertes.push(Alert::new(Tone::Info, fault.message()).way_out(fault.way_out())),
    }
    if permis.is_ok() {
        match essais.first().map(|p| p.etat) {
            Some(EtatPaiement::EnAttente) => alertes.push(
                Alert::new(Tone::Warning, "Votre banque n’a pas encore répondu à votre dernier paiement.")
                    .way_out("Attendez sa réponse avant de payer de nouveau : un courriel vous préviendra."),
            ),
            Some(EtatPaiement::Refuse | EtatPaiement::Abandonne) => alertes.push(
                Alert::new(Tone::Info, "Votre dernier paiement n’a pas abouti. Rien n’a été débité.")
                    .way_out("Vous pouvez recommencer."),
            ),
            _ => {}
        }
    }
    let retour = format!("/examens/{premiere}/{code}");
    let page = Paiement {
        montant: Cents(i.solde.0.max(0)).to_string(),
        alertes,
        payable: permis.is_ok(),
        lignes: ecritures.iter().map(|e| (e.libelle.clone(), e.montant.to_string())).collect(),
        frame: frame.titled("Payer en ligne").crumb("Mes examens", "/examens").crumb(periode.nom(), &retour),
        retour,
    };
    Ok(Page(page).into_response())
}

/// `POST /examens/{annee}/{code}/paiement`: the form that leaves for the bank.
async fn partir(
    frame: Frame,
    visitor: Visitor,
    State(iexam): State<Iexam>,
    Path((premiere, code)): Path<(u16, String)>,
) -> Result<Response, PageError> {
    let retour = format!("/examens/{premiere}/{code}");
    let fait = payer_en_ligne(&iexam, annee(premiere)?, &code, &qui(&visitor)?, &visitor.actor()).await;
    let (requete, montant) = match fait {
        Ok(fait) => fait,
        Err(fault) if fault.kind() == FaultKind::Conflict => {
            // The page says why, with what is known now.
            return Ok(Redirection::to(format!("{retour}/paiement")).into_response());
        }
        Err(fault) => return Err(fault.into()),
    };
    let page = Depart {
        montant: montant.to_string(),
        action: requete.action().to_owned(),
        champs: requete.champs().to_vec(),
        frame: frame.titled("Payer en ligne").crumb("Mes examens", "/examens").crumb("Inscription", &retour),
        retour,
    };
    let mut response = Page(page).into_response();
    if let Some(boutique) = &iexam.paybox {
        response.extensions_mut().insert(FormulaireVers(boutique.origine().to_owned()));
    }
    Ok(response)
}

/// `GET /iexam/paybox/ipn`: the bank's server. Answered by nothing: 200 when it was understood, whatever was
/// thought of it; 400 when it is not the bank's, 403 when it comes from elsewhere.
async fn ipn(Adresse(de): Adresse, State(iexam): State<Iexam>, RawQuery(brut): RawQuery) -> StatusCode {
    let brut = brut.unwrap_or_default();
    if brut.len() > IPN_MAX {
        return StatusCode::URI_TOO_LONG;
    }
    match notifier_depuis(&iexam, &brut, de).await {
        Ok(Verdict::Origine) => StatusCode::FORBIDDEN,
        Ok(Verdict::Signature | Verdict::Illisible) => StatusCode::BAD_REQUEST,
        Ok(_) => StatusCode::OK,
        Err(err) => {
            // The bank sends again what was not answered well.
            tracing::error!(%err, "bank notification not kept");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// `GET /iexam/paybox/{issue}`: the browser comes back from the bank. Only the notification settles a payment: this page says what is known.
async fn retour(
    frame: Frame,
    State(iexam): State<Iexam>,
    Path(issue): Path<String>,
    RawQuery(brut): RawQuery,
) -> Result<Response, PageError> {
    if !matches!(issue.as_str(), "effectue" | "refuse" | "annule" | "attente") {
        return Err(PageError::not_found());
    }
    let brut = brut.filter(|q| q.len() <= IPN_MAX).unwrap_or_default();
    let lue = iexam.paybox.as_ref().and_then(|b| Ipn::verifier(&brut, b.cle_publique()).ok());
    let reference = lue.as_ref().map(|ipn| ipn.reference.clone()).unwrap_or_default();
    let suite = iexam
        .db
        .read(|c| async move {
            let Some(p) = paiement_par_reference(&c, &reference).await? else { return Ok(None) };
            let Some(i) = inscription_read(&c, p.inscription).await? else { return Ok(None) };
            let periode = periode_read(&c, i.periode).await?;
            Ok::<_, db::DbError>(periode.map(|q| (p, format!("/examens/{}/{}", q.annee.premiere(), q.code))))
        })
        .await?;
    let regle = suite.as_ref().is_some_and(|(p, _)| p.etat == EtatPaiement::Accepte);
    let alerte = match (issue.as_str(), &lue) {
        _ if regle => Alert::new(
            Tone::Success,
            "Votre paiement est enregistré. Un courriel vous confirme où en est votre inscription.",
        ),
        ("effectue", _) => {
            Alert::new(Tone::Info, "Votre banque nous confirmera le paiement dans quelques minutes.")
                .way_out("Ne payez pas de nouveau : un courriel vous préviendra dès que nous l’aurons reçu.")
        }
        ("attente", _) => Alert::new(Tone::Warning, "Votre banque n’a pas encore donné sa réponse.")
            .way_out("Ne payez pas de nouveau : un courriel vous préviendra dès qu’elle l’aura donnée."),
        (_, Some(ipn)) => Alert::new(Tone::Warning, ipn.issue.phrase()),
        ("refuse", None) => {
            Alert::new(Tone::Warning, "Votre banque a refusé le paiement. Rien n’est débité.")
                .way_out("Réessayez avec une autre carte, ou joignez votre banque.")
        }
        (_, None) => Alert::new(Tone::Info, "Vous avez quitté la page de paiement. Rien n’est débité.")
            .way_out("Vous pouvez recommencer quand vous voulez."),
    };
    let connu = suite.is_some();
    let vers = suite.map_or_else(|| "/examens".to_owned(), |(_, vers)| vers);
    Ok(Page(Retour {
        alerte,
        recommencer: (!regle && matches!(issue.as_str(), "refuse" | "annule"))
            .then(|| format!("{vers}/paiement"))
            .filter(|_| connu),
        vers,
        frame: frame.titled("Retour du paiement").crumb("Mes examens", "/examens"),
    })
    .into_response())
}
