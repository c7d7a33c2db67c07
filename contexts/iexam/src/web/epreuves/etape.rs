//! Épreuves from an étape: it is searched for, what it needs is shown, then made in one go.

use ::web::components::{Alert, Badge, Cell, Column, Empty, Field, KeyFigure, KeyFigures, Row, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{CodeEtape, Fault, VersionEtape};

use super::dire::{badge_nature, epreuves};
use super::{LISTE, lien, periode, voisin};
use crate::Iexam;
use crate::actions::epreuve_fault::EpreuveFault;
use crate::actions::epreuves_creer::{a_creer, apercevoir, creer as creer_tout};
use crate::domain::epreuves_proposees::{Proposition, Sort};
use crate::domain::periode::Periode;
use crate::web::pages::{Choix, Fiche, Formulaire, Saisie};

/// Most étapes shown of a search.
const ETAPES: u64 = 30;

fn choisie(query: &ListQuery) -> Option<(CodeEtape, VersionEtape)> {
    let (etape, version) = query.filtre("etape")?.rsplit_once('-')?;
    Some((etape.into(), version.into()))
}

/// `/iexam/epreuves/etape`: the search, or what the étape that was chosen needs.
pub(super) async fn choisir(
    State(iexam): State<Iexam>,
    frame: Frame,
    query: ListQuery,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    match choisie(&query) {
        Some((etape, version)) => {
            let propositions = apercevoir(&iexam, p.id, &etape, &version).await?;
            Ok(Page(apercu(frame, &p, &etape, &version, &propositions, None)).into_response())
        }
        None => Ok(Page(recherche(&iexam, frame, &p, &query).await?).into_response()),
    }
}

async fn recherche(iexam: &Iexam, frame: Frame, p: &Periode, query: &ListQuery) -> Result<Fiche, PageError> {
    let trouvees = iexam.offre.etapes_chercher(p.annee, &query.recherche, ETAPES).await;
    let trouvees = trouvees.map_err(EpreuveFault::from)?;
    let mut fiche = Fiche::new(frame.titled("Créer les épreuves d’une étape").crumb("Épreuves", lien(p)));
    fiche.sections.push(Html::of(&Choix {
        action: format!("{LISTE}/etape"),
        champs: vec![
            Html::of(
                &Field::text("recherche", "Étape")
                    .kind("search")
                    .value(query.recherche.clone())
                    .help("Par son code ou son libellé."),
            ),
            Html::of(&Cachee { nom: "periode", valeur: super::code(p) }),
        ],
        bouton: Html::of(&::web::components::Button::submit("Chercher").icon("search")),
    }));
    let complet = trouvees.len() as u64 >= ETAPES;
    let rows = trouvees.into_iter().map(|e| {
        let vers = format!(
            "{}&etape={}-{}",
            voisin("etape", p),
            super::dire::segment(e.code.as_str()),
            super::dire::segment(e.version.as_str())
        );
        Row::to(vers).code(format!("{}-{}", e.code, e.version)).text(e.libelle).count(e.inscrits)
    });
    let titre = if query.recherche.is_empty() { "Étapes de l’année" } else { "Étapes trouvées" };
    let table = Table::new("etapes", titre)
        .columns([
            Column::text("code", "Code"),
            Column::text("libelle", "Libellé"),
            Column::number("inscrits", "Inscrits"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(Empty::new("Aucune étape", "Aucune étape de l’année ne répond à cette recherche."));
    fiche.sections.push(Html::of(&table));
    if complet {
        fiche.alertes.push(Alert::new(
            Tone::Info,
            format!("Les {ETAPES} premières étapes sont montrées : précisez la recherche pour les autres."),
        ));
    }
    Ok(fiche)
}

#[derive(askama::Template)]
#[template(source = "<input type=\"hidden\" name=\"{{ nom }}\" value=\"{{ valeur }}\">", ext = "html")]
struct Cachee {
    nom: &'static str,
    valeur: String,
}

fn ligne(proposition: &Proposition) -> Row {
    let row = match &proposition.sort {
        Sort::DejaLa { epreuve, .. } => Row::to(format!("{LISTE}/{epreuve}")),
        _ => Row::new(),
    };
    let row = row.code(&proposition.element).text(&proposition.libelle);
    let row = match &proposition.sort {
        Sort::Ajoutee(n) => {
            let duree = Cell::count(n.duree_min.and_then(|d| u64::try_from(d).ok()));
            row.badge(Badge::new(Tone::Success, "Ajoutée")).badge(badge_nature(n.nature)).cell(duree)
        }
        Sort::DejaLa { annulee: false, .. } => {
            row.badge(Badge::new(Tone::Neutral, "Déjà là")).absent().absent()
        }
        Sort::DejaLa { annulee: true, .. } => {
            row.badge(Badge::new(Tone::Warning, "Déjà là, annulée")).absent().absent()
        }
        Sort::AutreControle(nature) => {
            row.badge(Badge::new(Tone::Warning, "Laissée de côté")).text(nature).absent()
        }
        Sort::SansControle => {
            row.badge(Badge::new(Tone::Warning, "Sans modalité de contrôle")).absent().absent()
        }
    };
    row.count(proposition.inscrits)
}

fn apercu(
    frame: Frame,
    p: &Periode,
    etape: &CodeEtape,
    version: &VersionEtape,
    propositions: &[Proposition],
    refus: Option<&EpreuveFault>,
) -> Fiche {
    let compte = |f: &dyn Fn(&Sort) -> bool| propositions.iter().filter(|l| f(&l.sort)).count() as u64;
    let nouvelles = a_creer(propositions).len();
    let deja = compte(&|s| matches!(s, Sort::DejaLa { .. }));
    let laissees = compte(&|s| matches!(s, Sort::AutreControle(_) | Sort::SansControle));
    let mut fiche = Fiche::new(
        frame
            .titled(format!("Épreuves de {etape}-{version} en {}", p.nom()))
            .crumb("Épreuves", lien(p))
            .crumb("Depuis une étape", voisin("etape", p)),
    );
    if let Some(fault) = refus {
        fiche.alertes.push(Alert::new(Tone::Warning, fault.message()).way_out(fault.way_out()));
    }
    fiche.sections.push(Html::of(&KeyFigures::new([
        KeyFigure::count(nouvelles as u64, "À ajouter"),
        KeyFigure::count(deja, "Déjà là"),
        KeyFigure::count(laissees, "Laissées de côté")
            .detail("sans modalité de contrôle pour cette session, ou pas une épreuve"),
    ])));
    let form = Formulaire::new("creer", "Créer les épreuves", voisin("etape", p), fiche.frame.csrf());
    let form = if nouvelles == 0 {
        form.texte("Il n’y a rien à ajouter : toutes les épreuves de cette étape sont déjà là.")
            .sinon(lien(p))
    } else {
        form.texte("Elles sont créées sans date ni salle : la nature, la durée et le responsable viennent des modalités de contrôle. Un élément partagé avec une autre étape n’a qu’une épreuve.")
            .cache("etape", format!("{etape}-{version}"))
            .cache("attendues", nouvelles.to_string())
            .verbe(&format!("Créer {}", epreuves(nouvelles)))
            .sinon(lien(p))
    };
    fiche.sections.push(Html::of(&form));
    let table = Table::new("propositions", format!("Session {}", p.session))
        .columns([
            Column::text("element", "Élément"),
            Column::text("libelle", "Libellé"),
            Column::text("sort", "Ce qui est fait"),
            Column::text("nature", "Nature"),
            Column::number("duree", "Durée (min)"),
            Column::number("inscrits", "Inscrits"),
        ])
        .rows(propositions.iter().map(ligne).collect::<Vec<_>>());
    fiche.sections.push(Html::of(&table));
    fiche
}

/// `POST /iexam/epreuves/etape`.
pub(super) async fn creer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    query: ListQuery,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let p = periode(&iexam, &query).await?;
    let (etape, version) = s.texte("etape").rsplit_once('-').ok_or(EpreuveFault::EtapeInconnue)?;
    let (etape, version) = (CodeEtape::from(etape), VersionEtape::from(version));
    let attendues = s.nombre("attendues").ok().flatten().and_then(|n| usize::try_from(n).ok());
    match creer_tout(&iexam, p.id, &etape, &version, attendues, &visitor.actor()).await {
        Ok(creees) => {
            let dit = match creees.len() {
                0 => "Rien n’a été ajouté : ces épreuves étaient déjà là.".to_owned(),
                1 => "Une épreuve est créée : il reste à lui donner une date et une salle.".to_owned(),
                n => format!("{n} épreuves sont créées : il reste à leur donner une date et des salles."),
            };
            let vers = format!(
                "{}&etape={}-{}",
                lien(&p),
                super::dire::segment(etape.as_str()),
                super::dire::segment(version.as_str())
            );
            Ok(Redirection::to(vers).success(dit).into_response())
        }
        Err(fault @ EpreuveFault::Bouge) => {
            let propositions = apercevoir(&iexam, p.id, &etape, &version).await?;
            let fiche = apercu(frame, &p, &etape, &version, &propositions, Some(&fault));
            Ok(Page(fiche).with_status(StatusCode::CONFLICT))
        }
        Err(fault) => Err(fault.into()),
    }
}
