//! The year and the maquette that the top bar shows on every page, and the page where one chooses others.

use ::web::components::{Badge, Column, Empty, Row, Table, Tone};
use ::web::{Frame, Page, PageError, Repere, RepereSource, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::State;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{AnneeUniversitaire, Right};

use super::Maquette;
use crate::actions::Outils;
use crate::actions::demander::annee_courante;
use crate::store::maquette;
use crate::store::present::Present;

/// The page where one chooses a year.
const ANNEES: &str = "/maquette/annees";

/// Tells the frame which year and maquette a page shows. Every page asks: it is answered from memory, see [`crate::store::present`].
#[derive(Clone, Debug)]
pub struct Reperes {
    outils: Outils,
    present: Present,
}

impl Reperes {
    /// On Maquette's database.
    #[must_use]
    pub fn new(outils: Outils) -> Self {
        Self { present: Present::de(&outils.db), outils }
    }
}

impl RepereSource for Reperes {
    fn repere<'a>(
        &'a self,
        visitor: &'a Visitor,
        annee: Option<AnneeUniversitaire>,
        maquette: Option<AnneeUniversitaire>,
    ) -> BoxFuture<'a, Option<Repere>> {
        async move {
            let etat = self.present.etat().await.ok()?;
            let courante = etat.courante?;
            let annee = match (annee, maquette) {
                (Some(annee), _) => annee,
                (None, Some(maquette)) => annee_de_maquette(&self.outils, maquette).await.ok()?,
                (None, None) => courante,
            };
            let choix = visitor.may(Right::MaquetteLire).then(|| ANNEES.to_owned());
            Some(Repere {
                annee,
                maquette: etat.maquette_nommee(annee).unwrap_or_else(|| "non déclarée".to_owned()),
                courant: annee == courante,
                href: (annee != courante).then(|| "/".to_owned()),
                choix,
            })
        }
        .boxed()
    }
}

/// « 2019–2024 »: the maquette that covers a year, by its first and last civil years.
pub(super) async fn nom_maquette(outils: &Outils, annee: AnneeUniversitaire) -> Option<String> {
    let (debut, fin) =
        outils.db.read(|c| async move { maquette::maquette_of(&c, annee.premiere()).await }).await.ok()??;
    Some(format!("{debut}–{}", fin + 1))
}

/// The year to look at of the maquette that begins in `debut`: the latest one held; its first when none is.
pub(super) async fn annee_de_maquette(
    outils: &Outils,
    debut: AnneeUniversitaire,
) -> Result<AnneeUniversitaire, db::DbError> {
    let (tenues, maquettes) = outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((maquette::annees_tenues(&c).await?, maquette::maquette_list(&c).await?))
        })
        .await?;
    let d = i64::from(debut.premiere());
    let fin = maquettes.iter().find(|m| m.debut == d).and_then(|m| m.fin);
    // A year belongs to the latest maquette that covers it.
    let suivante = maquettes.iter().map(|m| m.debut).filter(|m| *m > d).min();
    let dedans = |a: i64| a >= d && fin.is_none_or(|f| a <= f) && suivante.is_none_or(|s| a < s);
    let annee = tenues.into_iter().filter(|a| dedans(i64::from(*a))).max();
    Ok(annee.and_then(AnneeUniversitaire::new).unwrap_or(debut))
}

#[derive(Template)]
#[template(path = "liste.html")]
struct Annees {
    frame: Frame,
    table: Table,
}

/// `/maquette/annees`: the years held, each with its maquette and what it holds.
async fn annees(
    frame: Frame,
    State(m): State<Maquette>,
) -> Result<impl axum::response::IntoResponse, PageError> {
    let courante = annee_courante(&m.outils).await?;
    let (bilans, maquettes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((maquette::annee_bilans(&c).await?, maquette::maquette_list(&c).await?))
        })
        .await?;
    let lignes = bilans.iter().filter_map(|b| {
        let annee = AnneeUniversitaire::new(b.annee)?;
        let a = i64::from(b.annee);
        let sa_maquette = maquettes
            .iter()
            .filter(|m| m.debut <= a && m.fin.is_none_or(|f| a <= f))
            .max_by_key(|m| m.debut)
            .map(|m| m.libelle.clone());
        let (href, badge) = if annee == courante {
            ("/".to_owned(), Badge::new(Tone::Success, "Année en cours"))
        } else {
            (format!("/?annee={annee}"), Badge::new(Tone::Neutral, "Consultable"))
        };
        Some(
            Row::to(href)
                .text(annee.libelle())
                .text_opt(sa_maquette)
                .badge(badge)
                .count(b.etapes)
                .count(b.elements)
                .count(b.etudiants),
        )
    });
    let table = Table::new("annees", "Années tenues")
        .columns([
            Column::text("annee", "Année"),
            Column::text("maquette", "Maquette"),
            Column::text("etat", "État"),
            Column::number("etapes", "Étapes").optional(),
            Column::number("elements", "Éléments").optional(),
            Column::number("etudiants", "Étudiants").optional(),
        ])
        .rows(lignes)
        .empty(
            Empty::new("Aucune année", "Rien n’a encore été collecté.")
                .action("Voir les collectes", "/maquette/collectes"),
        );
    Ok(Page(Annees { frame: frame.titled("Choisir l’année").crumb("Accueil", "/"), table }))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone()).get(ANNEES, Right::MaquetteLire, annees).build()
}
