//! One correction: both values, why, until when; extended or lifted from here.

use ::web::components::{Alert, Cell, Column, Field, Identity, Maybe, Row, Table, Tone};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor, Vu, diffs};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::journal::{self, Line};
use kernel::{AnneeUniversitaire, Fault, FaultKind, Right, date_francaise};
use serde::Deserialize;

use super::lien;
use super::liste::badge;
use crate::actions::CorrectionFault;
use crate::actions::corriger;
use crate::actions::demander::annee_courante;
use crate::domain::correction::{self, EtatCorrection, MOTIF_MAX, Refus, dite};
use crate::store::arbitrage::anomalie_de_correction;
use crate::store::correction_lue::{CorrectionVue, correction_read};
use crate::web::{Maquette, le};

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envoi {
    fin: String,
    motif: String,
    motif_de_fin: String,
    vu: String,
}

struct Formulaires {
    vu: Vu,
    fin: Field,
    motif: Field,
    motif_de_fin: Field,
    effet: String,
}

#[derive(Template)]
#[template(path = "corrections/une.html")]
pub(super) struct Une {
    frame: Frame,
    identite: Identity,
    conflit: Maybe<Conflit>,
    alertes: Vec<Alert>,
    valeurs: Table,
    formulaires: Option<Formulaires>,
    histoire: Maybe<Table>,
    id: i64,
}

/// A field of the journal, in words.
fn dire(champ: &str, valeur: &serde_json::Value) -> Option<(String, String)> {
    let texte = valeur.as_str().unwrap_or_default();
    let jour = |t: &str| t.parse::<chrono::NaiveDate>().map_or_else(|_| t.to_owned(), date_francaise);
    let (nom, dit) = match champ {
        "valeur" => ("Valeur affichée", texte.to_owned()),
        "source" => ("La source dit", texte.to_owned()),
        "fin" => ("Dernier jour", jour(texte)),
        "motif" => ("Motif", texte.to_owned()),
        "motif_de_fin" => ("Motif de la fin", texte.to_owned()),
        _ => return None,
    };
    Some((nom.to_owned(), dit))
}

fn valeurs(c: &CorrectionVue) -> Table {
    let mut lignes = vec![Row::new().text("Valeur affichée").text(c.valeur_dite()).text(match &c.retiree {
        None => format!("depuis le {}", c.debut.format("%d/%m/%Y")),
        Some((_, quand, _)) => format!("jusqu’au {}", le(*quand)),
    })];
    if let Some(s) = &c.source {
        let quoi =
            if s.presente { "La source dit" } else { "La source disait, avant que l’objet en disparaisse" };
        lignes.push(
            Row::new().text(quoi).text(dite(c.champ, &s.dite)).text(format!("depuis le {}", le(s.dite_le))),
        );
        if s.pose != s.dite {
            let quand = format!("le {}", le(c.posee_le));
            lignes.push(
                Row::new().text("La source disait, à la pose").text(dite(c.champ, &s.pose)).text(quand),
            );
        }
    }
    Table::new("valeurs", c.champ.libelle)
        .columns([
            Column::text("quoi", "Quoi"),
            Column::text("valeur", "Valeur"),
            Column::text("quand", "Quand"),
        ])
        .rows(lignes)
}

fn alertes(c: &CorrectionVue, anomalie: Option<i64>) -> Vec<Alert> {
    let mut alertes = Vec::new();
    if c.etat == EtatCorrection::Active {
        if let Some((avant, apres)) = c.depassee() {
            alertes.push(
                Alert::new(Tone::Action, format!("La source a changé depuis : « {avant} » → « {apres} »."))
                    .titled("La source a changé")
                    .way_out("Levez la correction si la source a maintenant raison, ou prolongez-la."),
            );
        }
        if c.inutile() {
            alertes.push(
                Alert::new(Tone::Warning, "La source dit maintenant la même chose que la correction.")
                    .titled("Devenue inutile")
                    .way_out("Levez-la : rien ne changera à l’affichage."),
            );
        }
    }
    let mut pourquoi = Alert::new(Tone::Info, c.motif.clone()).titled("Motif");
    if let Some(href) = lien(c) {
        pourquoi = pourquoi.link("Ouvrir l’objet", href);
    }
    if let Some(id) = anomalie {
        pourquoi = pourquoi
            .link(format!("Voir l’anomalie n° {id} qu’elle règle"), format!("/maquette/anomalies/{id}"));
    }
    alertes.push(pourquoi);
    if let Some((par, quand, motif)) = &c.retiree {
        let titre = c.etat.libelle();
        alertes.push(Alert::new(Tone::Neutral, format!("Par {par}, {} : {motif}", le(*quand))).titled(titre));
    }
    alertes
}

fn formulaires(c: &CorrectionVue, envoi: &Envoi, fault: Option<&CorrectionFault>, apres: i64) -> Formulaires {
    let refus = match fault {
        Some(CorrectionFault::Refus(refus)) => Some(refus),
        _ => None,
    };
    let lever = !envoi.motif_de_fin.is_empty() || (envoi.fin.is_empty() && refus.is_some());
    let erreur =
        |nom: &str, ici: bool| refus.filter(|r| ici && r.champ_du_formulaire() == nom).map(Refus::phrase);
    let ou = |saisi: &str, sinon: String| if saisi.is_empty() { sinon } else { saisi.to_owned() };
    let max = u32::try_from(MOTIF_MAX).unwrap_or(500);
    let source = c.source_dite().unwrap_or_else(|| "la valeur de la source".to_owned());
    Formulaires {
        vu: Vu::of(c.vues()).after(apres),
        fin: Field::text("fin", "Dernier jour")
            .kind("date")
            .value(ou(&envoi.fin, c.fin.to_string()))
            .error(erreur("fin", !lever))
            .required(),
        motif: Field::text("motif", "Motif")
            .value(ou(&envoi.motif, c.motif.clone()))
            .error(erreur("motif", !lever))
            .maxlength(max)
            .lines(2)
            .required(),
        motif_de_fin: Field::text("motif_de_fin", "Motif de la fin")
            .value(&envoi.motif_de_fin)
            .error(erreur("motif", lever))
            .maxlength(max)
            .autocomplete("off")
            .required(),
        effet: format!("« {source} » remplacera aussitôt « {} ».", c.valeur_dite()),
    }
}

async fn montrer(
    m: &Maquette,
    frame: Frame,
    visitor: &Visitor,
    id: i64,
    envoi: &Envoi,
    fault: Option<&CorrectionFault>,
) -> Result<Page<Une>, PageError> {
    let annee = annee_courante(&m.outils).await?.premiere();
    let cle = id.to_string();
    let (c, anomalie, histoire) = m
        .outils
        .db
        .read(|conn| {
            let cle = cle.clone();
            async move {
                let tenue = correction_read(&conn, id, annee).await?;
                let anomalie = anomalie_de_correction(&conn, id).await?;
                Ok::<_, db::DbError>((
                    tenue,
                    anomalie,
                    journal::history(&conn, "correction", &cle, 0, 50).await?,
                ))
            }
        })
        .await?;
    let c = c.ok_or(CorrectionFault::Inconnue(id))?;
    let conflit = match fault {
        Some(CorrectionFault::Perime(_)) => {
            let vu = envoi.vu.clone();
            let lire = m
                .outils
                .db
                .read(|conn| async move { Conflit::read(&conn, "correction", &cle, &vu, dire).await });
            Some(lire.await?.titled("Cette correction a changé entre-temps"))
        }
        _ => None,
    };
    let annees =
        c.annee.and_then(AnneeUniversitaire::new).map_or("toutes les années".to_owned(), |a| a.libelle());
    let identite = Identity::new(c.genre.description().titre, c.cle_lisible())
        .badge(badge(&c))
        .fact(annees)
        .fact(format!("posée par {}", c.posee_par))
        .fact(format!("jusqu’au {}", date_francaise(c.fin)));
    let titre = if c.libelle.is_empty() { c.cle_lisible() } else { c.libelle.clone() };
    let peut = c.etat == EtatCorrection::Active && visitor.may(Right::MaquetteCorriger);
    let mut alertes = alertes(&c, anomalie);
    if let Some(f) = fault.filter(|f| !matches!(f, CorrectionFault::Refus(_) | CorrectionFault::Perime(_))) {
        alertes.insert(0, Alert::new(Tone::Danger, f.message()).way_out(f.way_out()));
    }
    let derniere = histoire.first().map_or(0, |l| l.id);
    Ok(Page(Une {
        frame: frame
            .titled(format!("{titre} : {}", c.champ.libelle))
            .crumb("Corrections", "/maquette/corrections"),
        identite,
        conflit: Maybe(conflit),
        alertes,
        valeurs: valeurs(&c),
        formulaires: peut.then(|| formulaires(&c, envoi, fault, derniere)),
        histoire: Maybe((!histoire.is_empty()).then(|| tableau(&histoire))),
        id,
    }))
}

fn tableau(lignes: &[Line]) -> Table {
    let lignes = lignes.iter().map(|l| {
        let quoi = match l.action.as_str() {
            "correction.poser" => "Pose",
            "correction.modifier" => "Modification",
            "correction.retirer" => "Levée",
            "correction.expirer" => "Fin au terme",
            _ => "Changement",
        };
        Row::new().text(le(l.quand)).text(&l.acteur).text(quoi).cell(Cell::Html(Html::all(&diffs(l, dire))))
    });
    Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui"),
            Column::text("quoi", "Quoi"),
            Column::text("detail", "Ancien → nouveau"),
        ])
        .rows(lignes)
}

/// `/maquette/corrections/{id}`.
pub(super) async fn une(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Page<Une>, PageError> {
    montrer(&m, frame, &visitor, id, &Envoi::default(), None).await
}

async fn repondre(
    m: &Maquette,
    frame: Frame,
    visitor: &Visitor,
    id: i64,
    envoi: &Envoi,
    fait: Result<(), CorrectionFault>,
    dit: &str,
) -> Result<Response, PageError> {
    let fault = match fait {
        Ok(()) => {
            return Ok(Redirection::to(format!("/maquette/corrections/{id}")).success(dit).into_response());
        }
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Conflict => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    Ok(montrer(m, frame, visitor, id, envoi, Some(&fault)).await?.with_status(status))
}

/// `POST /maquette/corrections/{id}/prolonger`.
pub(super) async fn prolonger(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let fait = match correction::jour(&envoi.fin) {
        Some(fin) => {
            corriger::prolonger(&m.outils, id, fin, &envoi.motif, Some(&envoi.vu), &visitor.actor()).await
        }
        None => Err(Refus::Fin(envoi.fin.chars().take(40).collect()).into()),
    };
    repondre(&m, frame, &visitor, id, &envoi, fait, "La correction est modifiée.").await
}

/// `POST /maquette/corrections/{id}/lever`.
pub(super) async fn lever(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    let fait = corriger::lever(&m.outils, id, &envoi.motif_de_fin, Some(&envoi.vu), &visitor.actor()).await;
    let dit = "La correction est levée : la valeur de la source est revenue.";
    repondre(&m, frame, &visitor, id, &envoi, fait, dit).await
}
