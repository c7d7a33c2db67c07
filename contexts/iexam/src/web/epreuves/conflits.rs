//! The conflicts of a period, by sort.

use std::collections::BTreeMap;

use ::web::components::{Alert, Cell, Column, Empty, Row, Tab, Table, Tabs, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::NumeroEtudiant;

use super::dire::{Noms, badge_sorte, compter};
use super::{LISTE, lien, periode, voisin};
use crate::Iexam;
use crate::actions::relever_conflits::conflits;
use crate::domain::conflits::{Conflit, Sorte};
use crate::domain::periode::EtatPeriode;
use crate::web::pages::Fiche;

/// Most students named for one.
const NOMMES: usize = 5;

/// The épreuves of a conflict, each leading to its page.
#[derive(Template)]
#[template(path = "epreuves/liens.html")]
struct Liens {
    liens: Vec<(String, String)>,
}

/// Names of the first students of each conflict; their numbers when the offer does not answer.
async fn etudiants(
    iexam: &Iexam,
    annee: kernel::AnneeUniversitaire,
    montres: &[&Conflit],
) -> BTreeMap<NumeroEtudiant, String> {
    let mut numeros: Vec<NumeroEtudiant> =
        montres.iter().flat_map(|c| c.etudiants.iter().take(NOMMES).cloned()).collect();
    numeros.sort();
    numeros.dedup();
    match iexam.offre.etudiants(annee, &numeros).await {
        Ok(lus) => lus.into_iter().map(|e| (e.numero.clone(), e.nom_classe())).collect(),
        Err(_) => BTreeMap::new(),
    }
}

/// `/iexam/epreuves/conflits`.
pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    query: ListQuery,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    let releve = conflits(&iexam, &p).await?;
    let sorte = query.filtre("sorte").and_then(Sorte::of_code);
    let voulus: Vec<&Conflit> =
        releve.conflits.iter().filter(|c| sorte.is_none_or(|s| c.cle.sorte == s)).collect();
    let (debut, taille) = (query.offset(), query.taille);
    let page = voulus.iter().skip(usize::try_from(debut).unwrap_or(usize::MAX));
    let montres: Vec<&Conflit> = page.take(usize::try_from(taille).unwrap_or(50)).copied().collect();
    let noms = Noms::lire(&iexam, montres.iter().copied()).await?;
    let personnes = etudiants(&iexam, p.annee, &montres).await;
    let rows = montres.iter().map(|c| {
        let liens = c.cle.epreuves.iter().take(3).map(|id| {
            let mot = noms.epreuves.get(id).map_or_else(|| id.to_string(), |e| e.element.to_string());
            (format!("{LISTE}/{id}"), mot)
        });
        let liens = Liens { liens: liens.collect() };
        let eux = c
            .etudiants
            .iter()
            .take(NOMMES)
            .map(|n| personnes.get(n).cloned().unwrap_or_else(|| n.to_string()));
        let mut eux = eux.collect::<Vec<_>>().join(", ");
        if c.etudiants.len() > NOMMES {
            eux.push_str(&format!(" et {}", compter(c.etudiants.len() - NOMMES, "autre", "autres")));
        }
        let row = Row::new().badge(badge_sorte(c.cle.sorte)).text(noms.phrase(c));
        let row = row.cell(Cell::component(&liens));
        if eux.is_empty() { row.absent() } else { row.text(eux) }
    });
    let table = Table::new("conflits", "Conflits")
        .columns([
            Column::text("sorte", "Sorte").optional(),
            Column::text("quoi", "Conflit"),
            Column::text("epreuves", "Épreuves"),
            Column::text("qui", "Étudiants"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .listing(&query, voulus.len() as u64)
        .empty(Empty::new("Aucun conflit", "Tout ce qui est planifié peut avoir lieu.").icon("circle-check"));
    let adresse = |s: Option<Sorte>| match s {
        Some(s) => format!("{}&sorte={}", voisin("conflits", &p), s.code()),
        None => voisin("conflits", &p),
    };
    let tous = Tab::new("Tous", adresse(None)).count(releve.conflits.len() as u64).current(sorte.is_none());
    let onglets = Sorte::ALL
        .map(|s| Tab::new(s.libelle(), adresse(Some(s))).count(releve.combien(s)).current(sorte == Some(s)));
    let mut fiche = Fiche::new(frame.titled(format!("Conflits de {}", p.nom())).crumb("Épreuves", lien(&p)));
    if releve.muette {
        let phrase = "Maquette ne répond pas : seules les inscriptions déjà faites sont comptées.";
        fiche.alertes.push(Alert::new(Tone::Warning, phrase));
    } else if releve.attendus > 0 {
        let quoi = if p.session >= 2 { "leurs reports" } else { "leur inscription pédagogique" };
        let phrase = format!(
            "{} d’après {quoi}, tant que les inscriptions ne sont pas closes. Les places des salles ne comptent que ceux qui ont choisi un centre.",
            compter(
                releve.attendus,
                "étudiant pas encore inscrit est compté",
                "étudiants pas encore inscrits sont comptés"
            )
        );
        fiche.alertes.push(Alert::new(Tone::Info, phrase));
    }
    if p.etat >= EtatPeriode::Cloturee {
        fiche
            .alertes
            .push(Alert::new(Tone::Info, "Cette période est close : ses épreuves ne changent plus."));
    }
    fiche.sections.push(Html::of(&Tabs::new("Conflits par sorte", std::iter::once(tous).chain(onglets))));
    fiche.sections.push(Html::of(&table));
    Ok(Page(fiche).into_response())
}
