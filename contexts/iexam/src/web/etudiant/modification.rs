//! A change asked after confirmation: the same choices, a reason, what it would cost; the registry decides.

use ::web::components::{Alert, Field, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use kernel::{Cents, Fault as _, FaultKind};

use super::compte::Compte;
use super::formulaire::alerte;
use super::saisie::Saisi;
use super::vue::{Groupe, ModaliteVue, groupes, modalites};
use super::{annee, etudiant, lien};
use crate::Iexam;
use crate::actions::demander::{Demandee, MOTIF_MAX, demandable, demander as envoyer, retirer as reprendre};
use crate::actions::dossier::Dossier;
use crate::actions::enregistrer::propre;
use crate::actions::inscrire_fault::InscrireFault;
use crate::domain::demande::Voulu;
use crate::domain::dossier::passees;
use crate::domain::inscription::Decision;

#[derive(Template)]
#[template(path = "etudiant/modification.html")]
struct Modification {
    frame: Frame,
    alertes: Vec<Alert>,
    action: String,
    retour: String,
    csrf: String,
    revision: i64,
    peut_reporter: bool,
    reporter_a: String,
    groupes: Vec<Groupe>,
    modalites: Vec<ModaliteVue>,
    sans_place: bool,
    confirme: bool,
    compte: Compte,
    difference: String,
    motif: Field,
}

/// What the change does to what is due, in words.
fn difference(avant: Cents, apres: Cents) -> String {
    let ecart = apres - avant;
    match ecart.0 {
        0 => "Le montant ne change pas.".to_owned(),
        1.. => format!("{ecart} de plus que maintenant, à régler si la demande est acceptée."),
        _ => format!("{} de moins que maintenant, déduits ou remboursés si la demande est acceptée.", -ecart),
    }
}

/// What a form sent: choices, reason, and that everything is deferred on purpose.
#[derive(Clone, Copy)]
struct Envoye<'a> {
    voulu: &'a Voulu,
    motif: &'a str,
    tout_reporter: bool,
}

fn page(
    iexam: &Iexam,
    frame: Frame,
    dossier: &Dossier,
    saisi: Option<Envoye<'_>>,
    fault: Option<&InscrireFault>,
) -> Response {
    let cadre = &dossier.cadre;
    let tenu = dossier.complet();
    let voulu = propre(cadre, &dossier.sujets, saisi.map_or(&tenu, |s| s.voulu));
    let retenues = passees(&dossier.sujets, &voulu).len();
    let decompte = dossier.decompte(&voulu);
    let retour = lien(cadre.periode.annee, &cadre.periode.code);
    let indecises = voulu.choix.values().any(|d| *d == Decision::Indecis);
    let motif = saisi.map(|s| s.motif).unwrap_or_default();
    let erreur = matches!(fault, Some(InscrireFault::SansMotif))
        .then(|| "Écrivez pourquoi en quelques mots.".to_owned());
    let mut alertes: Vec<_> = fault.map(alerte).into_iter().collect();
    if saisi.is_none() {
        let texte = "Votre inscription reste telle qu’elle est tant que la scolarité n’a pas répondu.";
        alertes.push(Alert::new(Tone::Info, texte));
    }
    let statut = match fault.map(kernel::Fault::kind) {
        None => StatusCode::OK,
        Some(FaultKind::Conflict) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = Modification {
        alertes,
        action: format!("{retour}/modifier"),
        csrf: frame.csrf().to_owned(),
        revision: dossier.inscription.as_ref().map_or(0, |i| i.revision),
        peut_reporter: cadre.peut_reporter(),
        reporter_a: cadre.rattrapages.as_ref().map_or_else(|| "P3".to_owned(), |r| r.code.clone()),
        groupes: groupes(dossier, &voulu),
        modalites: modalites(cadre, &voulu, dossier.place(), iexam.clock.now()),
        confirme: saisi.is_some_and(|s| s.tout_reporter),
        sans_place: cadre.peut_reporter() && retenues == 0 && !indecises,
        difference: difference(dossier.inscription.as_ref().map_or(Cents::ZERO, |i| i.du), decompte.total()),
        compte: Compte::de(cadre, &voulu, &decompte, retenues),
        motif: Field::text("motif", "Pourquoi")
            .help("Une phrase suffit. La scolarité la lira.")
            .value(motif)
            .maxlength(u32::try_from(MOTIF_MAX).unwrap_or(1000))
            .lines(3)
            .error(erreur),
        frame: frame
            .titled("Demander une modification")
            .crumb("Mes examens", super::LISTE)
            .crumb(format!("Inscription à {}", cadre.periode.nom()), retour.clone()),
        retour,
    };
    Page(page).with_status(statut)
}

pub(super) async fn montrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((an, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let annee = annee(&an, &code)?;
    let dossier = Dossier::lire(&iexam, annee, &code, &numero).await?;
    let attend = dossier.inscription.as_ref().is_some_and(|i| i.demande_en_attente);
    if !dossier.etat().engagee()
        || attend
        || dossier.muette.is_some()
        || !demandable(dossier.cadre.periode.etat)
    {
        return Ok(Redirection::to(lien(annee, &code)).into_response());
    }
    Ok(page(&iexam, frame, &dossier, None, None))
}

pub(super) async fn demander(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Path((an, code)): Path<(String, String)>,
    Form(paires): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let annee = annee(&an, &code)?;
    let saisi = Saisi::lire(paires);
    let dossier = Dossier::lire(&iexam, annee, &code, &numero).await?;
    let voulu = saisi.voulu(&dossier.sujets, dossier.cadre.peut_reporter());
    let motif = saisi.champ("motif").to_owned();
    let tout_reporter = saisi.champ("tout_reporter") == "oui";
    let envoye = Envoye { voulu: &voulu, motif: &motif, tout_reporter };
    // A box that moves only shows what it would cost: nothing is asked before the button.
    if headers.contains_key("hx-request") || saisi.champ("suite") == "recalculer" {
        return Ok(page(&iexam, frame, &dossier, Some(envoye), None));
    }
    let demandee = Demandee {
        revision: saisi.entier("revision").unwrap_or(-1),
        tout_reporter,
        voulu: voulu.clone(),
        motif: motif.clone(),
    };
    match envoyer(&iexam, &numero, (annee, &code), &demandee, &visitor.actor()).await {
        Ok(_) => {
            let suite = Redirection::to(lien(annee, &code));
            Ok(suite
                .success("Votre demande est envoyée à la scolarité. Rien ne change avant sa réponse.")
                .into_response())
        }
        Err(fault @ (InscrireFault::Base(_) | InscrireFault::Courriel(_))) => Err(fault.into()),
        Err(fault) => Ok(page(&iexam, frame, &dossier, Some(envoye), Some(&fault))),
    }
}

pub(super) async fn retirer(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((an, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let annee = annee(&an, &code)?;
    let suite = Redirection::to(lien(annee, &code));
    match reprendre(&iexam, &numero, (annee, &code), &visitor.actor()).await {
        Ok(()) => {
            Ok(suite.success("Votre demande est retirée. Votre inscription n’a pas changé.").into_response())
        }
        Err(fault @ InscrireFault::SansDemande) => {
            Ok(suite.saying(Tone::Warning, fault.message()).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
