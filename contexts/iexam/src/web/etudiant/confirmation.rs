//! What is about to be confirmed, read over whole; then the confirmation itself.

use ::web::components::{Alert, Tone};
use ::web::{Frame, Page, PageError, Redirection, Visitor, Vu};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use kernel::{AnneeUniversitaire, Fault as _, FaultKind, NumeroEtudiant};

use super::compte::Compte;
use super::formulaire::{alerte, alerte_des_ecarts};
use super::saisie::Saisi;
use super::vue::{EpreuveVue, chevauchements, epreuve};
use super::{annee, etudiant, lien};
use crate::Iexam;
use crate::actions::dossier::{Dossier, relu};
use crate::actions::inscrire::{Relecture, valider as confirmer};
use crate::actions::inscrire_fault::InscrireFault;
use crate::domain::dossier::{Sujet, passees};
use crate::domain::inscription::Decision;
use crate::domain::validation::Obstacle;

#[derive(Template)]
#[template(path = "etudiant/confirmation.html")]
struct Confirmation {
    frame: Frame,
    alertes: Vec<Alert>,
    csrf: String,
    retour: String,
    action: String,
    vu: Vu,
    revision: i64,
    passees: Vec<EpreuveVue>,
    reportees: Vec<EpreuveVue>,
    reporter_a: String,
    modalite: Option<String>,
    centre: Option<String>,
    pieces: Vec<String>,
    compte: Compte,
    courriel: String,
    prete: bool,
    tout_reporter: bool,
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    (annee, code): (AnneeUniversitaire, &str),
    numero: &NumeroEtudiant,
    fault: Option<&InscrireFault>,
) -> Result<Response, PageError> {
    let dossier = Dossier::lire(iexam, annee, code, numero).await?;
    let retour = lien(annee, code);
    if dossier.inscription.is_none() || dossier.etat().engagee() || dossier.muette.is_some() {
        return match fault {
            Some(fault) => {
                super::fiche::page(iexam, frame, &dossier, Some(alerte(fault)), statut(fault)).await
            }
            None => Ok(Redirection::to(retour).into_response()),
        };
    }
    let voulu = dossier.complet();
    let (cadre, maintenant) = (&dossier.cadre, iexam.clock.now());
    let obstacles = dossier.obstacles(&voulu, false, maintenant);
    let tout_reporter = obstacles == [Obstacle::ToutReporte];
    let refus = fault.map(|fault| alerte(fault).link("Revenir à mes choix", retour.clone()));
    let mut alertes: Vec<_> = refus.into_iter().collect();
    alertes.extend(alerte_des_ecarts(&dossier.ecarts()));
    let manques: Vec<_> =
        obstacles.iter().filter(|o| **o != Obstacle::ToutReporte).map(Obstacle::phrase).collect();
    let dite = matches!(fault, Some(InscrireFault::Obstacles(_)));
    if !manques.is_empty() && !dite {
        alertes.push(
            Alert::new(Tone::Warning, manques.join(" "))
                .titled("Il manque quelque chose avant de valider")
                .link("Revenir à mes choix", retour.clone()),
        );
    }
    let modalite = voulu.modalite.and_then(|id| cadre.modalite(id));
    let centre = modalite.zip(voulu.centre).and_then(|(m, id)| m.centre(id));
    let mut ordre: Vec<_> = dossier.sujets.iter().filter(|s| !s.epreuve.annulee).collect();
    ordre.sort_by_key(|s| (s.epreuve.debut.is_none(), s.epreuve.debut, s.epreuve.id));
    let heurtes = chevauchements(&dossier.sujets, &voulu);
    let decidees = |d: Decision| {
        let retenus = ordre.iter().filter(|s| voulu.choix.get(&s.epreuve.id) == Some(&d));
        let vue = |s: &&Sujet| {
            let mut vue = epreuve(s, &voulu, centre, None);
            vue.en_meme_temps = heurtes.get(&vue.id).cloned();
            vue
        };
        retenus.map(vue).collect::<Vec<_>>()
    };
    let retenues = passees(&dossier.sujets, &voulu).len();
    let sans_place = retenues == 0;
    let page = Confirmation {
        alertes,
        csrf: frame.csrf().to_owned(),
        action: format!("{retour}/valider"),
        retour,
        vu: relu(cadre, &dossier.sujets, &voulu),
        revision: dossier.inscription.as_ref().map_or(0, |i| i.revision),
        passees: decidees(Decision::Passe),
        reportees: if cadre.peut_reporter() { decidees(Decision::Report) } else { Vec::new() },
        reporter_a: cadre.rattrapages.as_ref().map_or_else(|| "P3".to_owned(), |r| r.code.clone()),
        modalite: modalite.filter(|_| !sans_place).map(|m| m.modalite.libelle.clone()),
        centre: centre.filter(|_| !sans_place).map(|c| format!("{}, {} ({})", c.nom, c.ville, c.pays)),
        pieces: modalite
            .filter(|_| !sans_place)
            .map(|m| {
                m.modalite
                    .pieces
                    .lines()
                    .map(str::trim)
                    .filter(|l| !l.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default(),
        compte: Compte::de(cadre, &voulu, &dossier.decompte(&voulu), retenues),
        courriel: dossier.personne.identite().courriel,
        prete: manques.is_empty(),
        tout_reporter,
        frame: frame
            .titled("Relire et valider")
            .crumb("Mes examens", super::LISTE)
            .crumb(format!("Inscription à {}", cadre.periode.nom()), lien(annee, code)),
    };
    Ok(Page(page).with_status(fault.map_or(StatusCode::OK, statut)))
}

fn statut(fault: &InscrireFault) -> StatusCode {
    match fault.kind() {
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::Outage => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(super) async fn relire(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((an, code)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    page(&iexam, frame, (annee(&an, &code)?, &code), &numero, None).await
}

pub(super) async fn valider(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((an, code)): Path<(String, String)>,
    Form(paires): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let numero = etudiant(&visitor)?;
    let annee = annee(&an, &code)?;
    let saisi = Saisi::lire(paires);
    let relecture = Relecture {
        revision: saisi.entier("revision").unwrap_or(-1),
        vu: saisi.champ("vu").to_owned(),
        tout_reporter: saisi.champ("tout_reporter") == "oui",
    };
    match confirmer(&iexam, &numero, (annee, &code), &relecture, &visitor.actor()).await {
        Ok(validee) => Ok(Redirection::to(format!("/examens/recus/{}", validee.recu)).into_response()),
        Err(
            fault @ (InscrireFault::Base(_) | InscrireFault::Courriel(_) | InscrireFault::PeriodeInconnue(_)),
        ) => Err(fault.into()),
        Err(fault) => page(&iexam, frame, (annee, &code), &numero, Some(&fault)).await,
    }
}
