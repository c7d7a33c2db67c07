//! How an arrangement is added.

use ::web::components::{Alert, Badge, Button, Column, Empty, Field, Look, Row, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::NumeroEtudiant;

use super::super::pages::{Choix, Fiche, Formulaire, Saisie};
use super::formulaire::{self, champs, lire};
use super::{LISTE, fini};
use crate::Iexam;
use crate::actions::amenager;
use crate::actions::amenager_fault::AmenagementFault;

/// Most students proposed.
const PROPOSES: u64 = 20;

/// The student is searched for first; the form comes once one is chosen.
async fn page_nouveau(
    iexam: &Iexam,
    frame: Frame,
    query: &ListQuery,
    refusee: Option<(Saisie, (&'static str, String))>,
) -> Result<Fiche, PageError> {
    let annee = iexam.offre.annee_courante().await.map_err(AmenagementFault::from)?;
    let csrf = frame.csrf().to_owned();
    let mut fiche = Fiche::new(frame.titled("Ajouter un aménagement").crumb("Aménagements", LISTE));
    let choisi = query.filtre("etudiant").map(NumeroEtudiant::from);
    let Some(annee) = annee else {
        fiche.alertes.push(Alert::new(
            Tone::Warning,
            "Aucune année n’est connue : l’offre n’a pas encore été collectée.",
        ));
        return Ok(fiche);
    };
    if let Some(numero) = choisi {
        let lu = iexam
            .offre
            .etudiants(annee, std::slice::from_ref(&numero))
            .await
            .map_err(AmenagementFault::from)?;
        let nom = lu
            .first()
            .map(contracts::maquette::Etudiant::nom_complet)
            .ok_or(AmenagementFault::EtudiantInconnu(numero.clone()))?;
        let (saisie, faute) = match refusee {
            Some((saisie, faute)) => (saisie, Some(faute)),
            None => (formulaire::vide(annee), None),
        };
        let form = Formulaire::new("nouveau", nom, format!("{LISTE}/nouveau?etudiant={numero}"), &csrf)
            .texte(format!("Étudiant n° {numero}. Les heures de fin et les comptes de ses inscriptions en cours suivent aussitôt."));
        fiche.sections.push(Html::of(
            &champs(form, &saisie, faute.as_ref()).verbe("Ajouter l’aménagement").sinon(LISTE),
        ));
        return Ok(fiche);
    }
    fiche.sections.push(Html::of(&Choix {
        action: format!("{LISTE}/nouveau"),
        champs: vec![Html::of(
            &Field::text("recherche", "Étudiant")
                .kind("search")
                .value(query.recherche.clone())
                .help("Par son nom ou son numéro."),
        )],
        bouton: Html::of(&Button::submit("Chercher").icon("search").look(Look::Primary)),
    }));
    if !query.recherche.trim().is_empty() {
        let trouves = iexam
            .offre
            .etudiants_chercher(annee, &query.recherche, PROPOSES)
            .await
            .map_err(AmenagementFault::from)?;
        let rows = trouves.into_iter().map(|e| {
            let row = Row::to(format!("{LISTE}/nouveau?etudiant={}", e.numero))
                .text(e.nom_classe())
                .code(&e.numero);
            if e.handicap { row.badge(Badge::new(Tone::Info, "Signalé dans Apogée")) } else { row.absent() }
        });
        let table = Table::new("trouves", "Étudiants trouvés")
            .columns([
                Column::text("nom", "Nom"),
                Column::text("numero", "Numéro"),
                Column::text("handicap", "Handicap"),
            ])
            .rows(rows.collect::<Vec<_>>())
            .empty(Empty::new("Aucun étudiant", "Aucun étudiant de l’année ne répond à cette recherche."));
        fiche.sections.push(Html::of(&table));
    }
    Ok(fiche)
}

pub(super) async fn nouveau(
    State(iexam): State<Iexam>,
    frame: Frame,
    query: ListQuery,
) -> Result<Response, PageError> {
    Ok(Page(page_nouveau(&iexam, frame, &query, None).await?).into_response())
}

pub(super) async fn ajouter(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let numero = NumeroEtudiant::from(query.filtre("etudiant").unwrap_or_default());
    let faute = match lire(&s, numero) {
        Err(faute) => faute,
        Ok(voulue) => match amenager::ajouter(&iexam, &voulue, &visitor.actor()).await {
            Ok(effets) => return Ok(fini("L’aménagement est ajouté.", &effets).into_response()),
            Err(AmenagementFault::Champ(champ, phrase)) => (champ, phrase),
            Err(fault) => return Err(fault.into()),
        },
    };
    let page = page_nouveau(&iexam, frame, &query, Some((s, faute))).await?;
    Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
