//! Local corrections: a value put over what a source says, with a reason and an end.
//!
//! What the page of an object shows of them, in two lines of its handler:
//! ```ignore
//! alertes.extend(corrections::alertes(&m, annee, Genre::Element, &[code.into()]).await?);     // each corrected field, with both values
//! actions.extend(corrections::bouton(&visitor, annee, Genre::Element, &[code.into()]));       // « Corriger… », for who may
//! ```
//! [`marque`] stands beside a value; a list finds its corrected rows by `store::correction_lue::correction_cles`, once a page.

mod apercu;
mod importer;
mod liste;
mod nouvelle;
mod une;

use ::web::components::{Alert, Button, Tone};
use ::web::{Html, PageError, RouteTable, Routes, Visitor};
use askama::Template;
use db::DbError;
use kernel::{AnneeUniversitaire, Right};

use super::lien::segment;
use super::{Maquette, lien::lien_objet};
use crate::domain::Valeur;
use crate::domain::genre::Genre;
use crate::domain::valeur::cle_json;
use crate::store::correction_lue::{CorrectionVue, correction_de_l_objet, correction_des_heures};

/// Where one corrects a row; without a field, one is chosen there.
#[must_use]
pub(super) fn lien_corriger(
    annee: AnneeUniversitaire,
    genre: Genre,
    cle: &[Valeur],
    champ: Option<&str>,
) -> String {
    let (genre, cle) = (genre.description().code, segment(&cle_json(cle)));
    let champ = champ.map(|c| format!("&champ={c}")).unwrap_or_default();
    format!("/maquette/corrections/nouvelle?genre={genre}&cle={cle}{champ}&annee={annee}")
}

/// « Corriger… », for who may.
#[must_use]
pub(super) fn bouton(
    visitor: &Visitor,
    annee: AnneeUniversitaire,
    genre: Genre,
    cle: &[Valeur],
) -> Option<Html> {
    visitor
        .may(Right::MaquetteCorriger)
        .then(|| Html::of(&Button::link("Corriger…", lien_corriger(annee, genre, cle, None)).icon("pencil")))
}

/// « Corrigé », beside a value: leads to the correction, and says in a word what the source says, who and until when.
#[derive(Clone, Debug, Template)]
#[template(path = "corrections/marque.html")]
struct Marque {
    href: String,
    dit: String,
}

/// The mark of a corrected value.
#[must_use]
pub(super) fn marque(c: &CorrectionVue) -> Html {
    let source = c.source_dite().map(|s| format!("La source dit « {s} ». ")).unwrap_or_default();
    let dit = format!("{source}Corrigé par {} jusqu’au {}.", c.posee_par, c.fin.format("%d/%m/%Y"));
    Html::of(&Marque { href: format!("/maquette/corrections/{}", c.id), dit })
}

/// What an object's page says of its corrected fields: both values, who, until when, why. Those of an element's hours come with it.
pub(super) async fn alertes(
    m: &Maquette,
    annee: AnneeUniversitaire,
    genre: Genre,
    cle: &[Valeur],
) -> Result<Vec<Alert>, PageError> {
    let a = annee.premiere();
    let element = cle.first().and_then(Valeur::texte).filter(|_| genre == Genre::Element);
    let lire = m.outils.db.read(|c| async move {
        let mut toutes = correction_de_l_objet(&c, a, genre, cle).await?;
        if let Some(element) = element {
            toutes.extend(correction_des_heures(&c, a, element).await?);
        }
        Ok::<_, DbError>(toutes)
    });
    Ok(lire.await?.iter().map(alerte).collect())
}

fn alerte(c: &CorrectionVue) -> Alert {
    let champ = match c.genre {
        Genre::Heures => {
            format!("{} {}", c.champ.libelle, c.cle.get(1).map(ToString::to_string).unwrap_or_default())
        }
        _ => c.champ.libelle.to_owned(),
    };
    let source = match (c.depassee(), c.inutile(), c.source_dite()) {
        (Some((avant, apres)), ..) => format!("La source a changé depuis : « {avant} » → « {apres} »."),
        (None, true, _) => {
            "La source dit maintenant la même chose : la correction peut être levée.".to_owned()
        }
        (None, false, Some(dite)) => format!("La source dit « {dite} »."),
        (None, false, None) => String::new(),
    };
    let texte = format!(
        "« {} » est affiché. {source} Posée par {}, jusqu’au {} : {}",
        c.valeur_dite(),
        c.posee_par,
        c.fin.format("%d/%m/%Y"),
        c.motif
    );
    let ton = if c.depassee().is_some() { Tone::Action } else { Tone::Info };
    Alert::new(ton, texte)
        .titled(format!("{champ} : correction locale"))
        .link("Voir la correction", format!("/maquette/corrections/{}", c.id))
}

/// The page of the object that a correction is about.
fn lien(c: &CorrectionVue) -> Option<String> {
    let parties: Vec<String> = c.cle.iter().map(ToString::to_string).collect();
    let href = lien_objet(c.genre.description().code, &parties)?;
    Some(match c.annee.and_then(AnneeUniversitaire::new) {
        Some(annee) => format!("{href}?annee={annee}"),
        None => href,
    })
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    let corriger = Right::MaquetteCorriger;
    Routes::with_state(m.clone())
        .get("/maquette/corrections", Right::MaquetteLire, liste::liste)
        .post("/maquette/corrections", corriger, nouvelle::poser)
        .get("/maquette/corrections/nouvelle", corriger, nouvelle::nouvelle)
        .get("/maquette/corrections/importer", corriger, importer::importer)
        .post("/maquette/corrections/importer", corriger, importer::recevoir)
        .get("/maquette/corrections/importer/modele", corriger, importer::modele)
        .get("/maquette/corrections/importer/{id}", corriger, apercu::apercu)
        .post("/maquette/corrections/importer/{id}", corriger, apercu::appliquer)
        .post("/maquette/corrections/importer/{id}/abandonner", corriger, apercu::abandonner)
        .get("/maquette/corrections/{id}", Right::MaquetteLire, une::une)
        .post("/maquette/corrections/{id}/prolonger", corriger, une::prolonger)
        .post("/maquette/corrections/{id}/lever", corriger, une::lever)
        .build()
}
