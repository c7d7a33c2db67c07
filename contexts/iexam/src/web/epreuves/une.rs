//! The page of an épreuve: what it is, who sits it and where, what conflicts, how it is written.

use std::collections::BTreeMap;

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Field, Identity, KeyFigure, KeyFigures, Maybe, Row,
    Table, Tone,
};
use ::web::{Conflit as Perime, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::DbError;

use super::dire::{Noms, badge_nature, fini, ton};
use super::formulaire::{Fautes, champs, lire, remplie};
use super::simultaneite::simultaneite;
use super::{LISTE, lien, periode_de, peut};
use crate::Iexam;
use crate::actions::epreuve_changer as changer;
use crate::actions::epreuve_fault::EpreuveFault;
use crate::actions::epreuve_poser::{Fiche as Tenue, fiches};
use crate::actions::relever_conflits::conflits;
use crate::domain::conflits::Lieu;
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::periode::Periode;
use crate::store::candidat::{candidats_comptes, candidats_par_centre};
use crate::store::epreuve_salle::{SalleConnue, lieux, retards_de, salles_connues};
use crate::web::pages::{Colonnes, Fiche, Formulaire, Saisie, conflit, histoire};

/// Everything that the page shows of it.
pub(super) struct Lue {
    pub(super) tenue: Tenue,
    pub(super) salles: Vec<SalleConnue>,
    pub(super) lieux: Vec<(Lieu, String, String)>,
    pub(super) retards: BTreeMap<i64, i64>,
    candidats: (u64, u64),
    pub(super) par_centre: BTreeMap<Option<i64>, u64>,
}

async fn une(iexam: &Iexam, id: i64) -> Result<(Lue, Periode), PageError> {
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let Some(tenue) = fiches(&c, &[id]).await?.pop() else { return Ok(None) };
        Ok::<_, DbError>(Some(Lue {
            tenue,
            salles: salles_connues(&c).await?,
            lieux: lieux(&c).await?,
            retards: retards_de(&c, id).await?,
            candidats: candidats_comptes(&c, &[id]).await?.remove(&id).unwrap_or_default(),
            par_centre: candidats_par_centre(&c, id).await?,
        }))
    };
    let lue = iexam.db.read(lire).await?.ok_or(EpreuveFault::Inconnue)?;
    let p = periode_de(iexam, lue.tenue.epreuve.periode).await?;
    Ok((lue, p))
}

fn identite(p: &Periode, e: &Epreuve) -> Identity {
    let identite =
        Identity::new("Épreuve", e.element.to_string()).badge(badge_nature(e.nature)).fact(p.nom());
    let identite = if e.rang > 1 { identite.fact(format!("Rang {}", e.rang)) } else { identite };
    let identite = identite.fact(match (e.debut, e.nature) {
        (Some(debut), _) => super::super::le(debut),
        (None, Nature::Dossier) => "Personne n’est convoqué".to_owned(),
        (None, _) => "Sans date".to_owned(),
    });
    match (e.annulee, e.duree_min) {
        (true, _) => identite.badge(Badge::new(Tone::Danger, "Annulée")),
        (false, Some(d)) => identite.fact(crate::domain::horaire::duree(d)),
        (false, None) => identite,
    }
}

/// What a form holds when it is not what is held.
struct Refusee {
    saisie: Saisie,
    fautes: Fautes,
    perime: Option<Perime>,
}

async fn page(iexam: &Iexam, frame: Frame, id: i64, refusee: Option<Refusee>) -> Result<Fiche, PageError> {
    let (lue, p) = une(iexam, id).await?;
    let e = &lue.tenue.epreuve;
    let (table, derniere) = histoire(iexam, "epreuve", id).await?;
    let peut = peut(&frame, &p);
    let csrf = frame.csrf().to_owned();
    let releve = conflits(iexam, &p).await?;
    let siens: Vec<_> = releve.de(id).cloned().collect();
    let noms = Noms::lire(iexam, &siens).await?;
    let mut fiche = Fiche::new(
        frame
            .titled(&e.libelle)
            .crumb("Périodes", "/iexam/periodes")
            .crumb(p.nom(), super::super::periodes::lien(&p))
            .crumb("Épreuves", lien(&p)),
    );
    fiche.identite = Maybe(Some(identite(&p, e)));
    fiche.alertes.extend(siens.iter().map(|c| Alert::new(ton(c.cle.sorte), noms.phrase(c))));
    let figures = KeyFigures::new([
        KeyFigure::count(lue.candidats.0, "Passent l’épreuve"),
        KeyFigure::count(lue.candidats.1, "La reportent"),
        KeyFigure::count(siens.len() as u64, "Conflits").tone(if siens.is_empty() {
            Tone::Success
        } else {
            Tone::Danger
        }),
    ]);
    fiche.sections.push(Html::of(&figures));
    let mut droite = Vec::new();
    if let Some((bloc, alertes)) = simultaneite(&lue, peut && !e.annulee, &csrf) {
        fiche.alertes.extend(alertes);
        droite.push(Html::of(&bloc));
    }
    let mut gauche = Vec::new();
    if peut && !e.annulee {
        let saisie = refusee.as_ref().map_or_else(|| remplie(&lue.tenue), |r| r.saisie.clone());
        let vides = Fautes::new();
        let fautes = refusee.as_ref().map_or(&vides, |r| &r.fautes);
        let form = Formulaire::new("modifier", "Modifier", format!("{LISTE}/{id}"), &csrf)
            .vu(lue.tenue.vu().after(derniere));
        gauche.push(Html::of(&champs(form, &saisie, fautes, &lue.salles).verbe("Enregistrer")));
        let annuler = Formulaire::new("annuler", "Annuler l’épreuve", format!("{LISTE}/{id}/annuler"), &csrf)
            .texte("Plus personne ne la passe. Ce qui a été facturé pour elle est repris ; ceux qui ont payé sont à rembourser. Elle peut être rétablie.")
            .champ(&Field::text("motif", "Motif").maxlength(300).required().error(fautes.get("motif").cloned()));
        droite.push(Html::of(&annuler.verbe_discret("Annuler l’épreuve")));
    } else {
        gauche.push(Html::of(&lecture(&lue)));
        if peut {
            let bouton = Button::submit("Rétablir l’épreuve").icon("arrow-back-up");
            fiche.actions.push(Html::of(&ActionForm::new(format!("{LISTE}/{id}/retablir"), &csrf, bouton)));
        }
    }
    fiche.conflit = Maybe(refusee.and_then(|r| r.perime));
    fiche.sections.push(Html::of(&Colonnes { gauche, droite }));
    fiche.sections.push(Html::of(&table));
    Ok(fiche)
}

/// What it is, for who only reads.
fn lecture(lue: &Lue) -> Table {
    let e = &lue.tenue.epreuve;
    let salles: Vec<String> = lue
        .salles
        .iter()
        .filter(|s| lue.tenue.salles.contains(&s.salle.id))
        .map(SalleConnue::designation)
        .collect();
    let ligne = |mot: &str, texte: String| {
        let row = Row::new().text(mot);
        if texte.is_empty() { row.absent() } else { row.cell(Cell::text(texte)) }
    };
    Table::new("epreuve", "L’épreuve")
        .columns([Column::text("quoi", "Champ"), Column::text("valeur", "Valeur")])
        .rows([
            ligne("Documents autorisés", e.documents.clone()),
            ligne("Responsable du sujet", e.sujet_par.clone()),
            ligne("Surveillée", if e.surveillee { "oui" } else { "non" }.to_owned()),
            ligne("Salles", salles.join(", ")),
        ])
}

/// `/iexam/epreuves/{id}`.
pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    Ok(Page(page(&iexam, frame, id, None).await?).into_response())
}

/// `POST /iexam/epreuves/{id}`.
pub(super) async fn modifier(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let fautes = match lire(&s) {
        Err(fautes) => fautes,
        Ok(voulue) => {
            match changer::modifier(&iexam, id, &voulue, s.vu().unwrap_or_default(), &visitor.actor()).await {
                Ok(suites) => {
                    return Ok(fini(&iexam, format!("{LISTE}/{id}"), "L’épreuve est enregistrée.", &suites)
                        .await?
                        .into_response());
                }
                Err(EpreuveFault::Champ(champ, phrase)) => Fautes::from([(champ, phrase)]),
                Err(EpreuveFault::Perimee) => {
                    let perime = conflit(&iexam, "epreuve", id, s.vu().unwrap_or_default()).await?;
                    let perime = Some(perime.titled("Cette épreuve a changé depuis que vous l’avez ouverte"));
                    let refusee = Refusee { saisie: s, fautes: Fautes::new(), perime };
                    return Ok(
                        Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::CONFLICT)
                    );
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    let refusee = Refusee { saisie: s, fautes, perime: None };
    Ok(Page(page(&iexam, frame, id, Some(refusee)).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}

/// `POST /iexam/epreuves/{id}/annuler`.
pub(super) async fn annuler(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = changer::periode_de(&iexam, id).await?;
    match changer::annuler(&iexam, p, &[id], Some(s.texte("motif")), &visitor.actor()).await {
        Ok(suites) => Ok(fini(&iexam, format!("{LISTE}/{id}"), "L’épreuve est annulée.", &suites)
            .await?
            .into_response()),
        Err(EpreuveFault::Champ(champ, phrase)) => {
            let tenue = une(&iexam, id).await?.0.tenue;
            let refusee =
                Refusee { saisie: remplie(&tenue), fautes: Fautes::from([(champ, phrase)]), perime: None };
            Ok(Page(page(&iexam, frame, id, Some(refusee)).await?)
                .with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /iexam/epreuves/{id}/retablir`.
pub(super) async fn retablir(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let p = changer::periode_de(&iexam, id).await?;
    let suites = changer::annuler(&iexam, p, &[id], None, &visitor.actor()).await?;
    fini(&iexam, format!("{LISTE}/{id}"), "L’épreuve est rétablie.", &suites).await
}

/// `POST /iexam/epreuves/{id}/retards`.
pub(super) async fn retards(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Redirection, PageError> {
    let illisible = || EpreuveFault::Champ("retard", "Donnez un nombre de minutes.".to_owned());
    let mut retards = BTreeMap::new();
    for (nom, _) in s.champs() {
        if let Some(centre) = nom.strip_prefix("retard-").and_then(|c| c.parse().ok()) {
            retards.insert(centre, s.nombre(nom).map_err(|()| illisible())?.unwrap_or(0));
        }
    }
    changer::retarder(&iexam, id, &retards, &visitor.actor()).await?;
    Ok(Redirection::to(format!("{LISTE}/{id}")).success("Les retards sont enregistrés."))
}
