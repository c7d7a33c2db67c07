//! What a file of corrections would change, before anything is written: old and new by object, cells to put right, then « Appliquer ».

use std::collections::BTreeMap;

use ::web::components::{
    ActionForm, Alert, Badge, Button, ChangeGroup, Changes, Column, Dialog, Diff, Identity, KeyFigure,
    KeyFigures, Look, Maybe, Row, Table, Tone,
};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AnneeUniversitaire, Fault, FaultKind};
use serde::Deserialize;

use super::importer::tableau;
use super::lien_objet;
use crate::actions::ImportFault;
use crate::actions::importer::{self, Change, Constat};
use crate::domain::correction::ecrite;
use crate::domain::genre::Genre;
use crate::domain::valeur::{Valeur, cle_lisible};
use crate::store::importation::ImportTenu;
use crate::web::rapport::n;
use crate::web::{Maquette, le};

/// Most objects shown at once.
const OBJETS_MONTRES: usize = 500;

/// What the forms send.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envoi {
    vu: String,
    partiel: Option<String>,
}

#[derive(Template)]
#[template(path = "corrections/apercu.html")]
struct Apercu {
    frame: Frame,
    identite: Identity,
    alertes: Vec<Alert>,
    bouges: Maybe<Table>,
    constat: Option<Decide>,
}

/// What can be applied, and how.
struct Decide {
    chiffres: KeyFigures,
    defauts: Maybe<Table>,
    changements: Changes,
    reste: Option<String>,
    titre: String,
    phrase: String,
    appliquer: Maybe<ActionForm>,
    partiel: Maybe<Dialog>,
    autre: Button,
    abandonner: ActionForm,
}

/// « une correction », « 12 corrections ».
fn corrections(n: usize) -> String {
    if n == 1 { "une correction".to_owned() } else { format!("{} corrections", compte(n)) }
}

fn compte(nombre: usize) -> String {
    n(nombre as u64)
}

/// An object, and what changes in it.
type Corrige<'c> = (&'c [Valeur], Vec<&'c Change>);

/// Changes of one object together, objects of one kind together.
fn groupes(changements: &[Change]) -> (Changes, Option<String>) {
    let mut objets: BTreeMap<Genre, Vec<Corrige<'_>>> = BTreeMap::new();
    let mut places: BTreeMap<(Genre, &[Valeur]), usize> = BTreeMap::new();
    let mut montres = 0;
    for c in changements {
        let du_genre = objets.entry(c.voulue.genre).or_default();
        let place = *places.entry((c.voulue.genre, &c.voulue.cle)).or_insert_with(|| {
            du_genre.push((&c.voulue.cle, Vec::new()));
            du_genre.len() - 1
        });
        if let Some((_, changes)) = du_genre.get_mut(place) {
            changes.push(c);
        }
    }
    let total: usize = objets.values().map(Vec::len).sum();
    let mut groupes = Vec::new();
    for (genre, du_genre) in objets {
        let valeurs: usize = du_genre.iter().map(|(_, changes)| changes.len()).sum();
        let titre = format!(
            "{} : {}",
            genre.description().titre,
            if valeurs == 1 { "une valeur".to_owned() } else { format!("{} valeurs", compte(valeurs)) }
        );
        let mut groupe = ChangeGroup::new(Tone::Info, "Corrigés", titre).open(true);
        for (cle, changes) in du_genre {
            if montres == OBJETS_MONTRES {
                break;
            }
            montres += 1;
            let libelle = changes.first().map(|c| c.libelle.clone()).unwrap_or_default();
            let libelle = if libelle.is_empty() { genre.description().titre.to_owned() } else { libelle };
            groupe = groupe.line(cle_lisible(cle), libelle, lien(&changes), changes.iter().map(|c| diff(c)));
        }
        groupes.push(groupe);
    }
    let reste = (total > OBJETS_MONTRES).then(|| {
        format!(
            "Les {OBJETS_MONTRES} premiers objets sont montrés sur {} ; tous seront corrigés.",
            compte(total)
        )
    });
    (Changes::new(groupes), reste)
}

fn lien(changes: &[&Change]) -> Option<String> {
    let v = &changes.first()?.voulue;
    let parties: Vec<String> = v.cle.iter().map(ToString::to_string).collect();
    let href = lien_objet(v.genre.description().code, &parties)?;
    Some(match v.annee {
        Some(annee) => format!("{href}?annee={annee}"),
        None => href,
    })
}

fn diff(c: &Change) -> Diff {
    let v = &c.voulue;
    let annee = match v.annee.and_then(AnneeUniversitaire::new) {
        Some(annee) => annee.libelle(),
        None => "toutes les années".to_owned(),
    };
    let champ =
        format!("{} (ligne {}, {annee}, jusqu’au {})", v.champ.libelle, c.numero, v.fin.format("%d/%m/%Y"));
    Diff::new(champ, ecrite(v.champ, &c.presente), ecrite(v.champ, &v.valeur))
}

fn chiffres(constat: &Constat) -> KeyFigures {
    let en_erreur = constat.en_erreur();
    let ton = if en_erreur == 0 { Tone::Success } else { Tone::Danger };
    KeyFigures::new([
        KeyFigure::count(constat.changements.len() as u64, "Valeurs à corriger"),
        KeyFigure::count(constat.inchangees.len() as u64, "Lignes sans effet")
            .detail("leur valeur est déjà affichée"),
        KeyFigure::count(en_erreur as u64, "Lignes en erreur").tone(ton),
    ])
}

fn decider(frame: &Frame, tenu: &ImportTenu, constat: &Constat) -> Decide {
    let (changent, en_erreur) = (constat.changements.len(), constat.en_erreur());
    let action = format!("/maquette/corrections/importer/{}", tenu.id);
    let vu = constat.vu();
    let quoi = |mot: &str| format!("Appliquer {mot}");
    let appliquer = (changent > 0 && en_erreur == 0).then(|| {
        let bouton = Button::submit(quoi(&corrections(changent))).look(Look::Primary).icon("check");
        ActionForm::new(&action, frame.csrf(), bouton).sending("vu", &vu)
    });
    let correctes = if changent == 1 {
        "la ligne correcte".to_owned()
    } else {
        format!("les {} lignes correctes", compte(changent))
    };
    let partiel = (changent > 0 && en_erreur > 0).then(|| {
        let bouton = Button::submit(quoi(&correctes)).look(Look::Danger);
        let form =
            ActionForm::new(&action, frame.csrf(), bouton).sending("vu", &vu).sending("partiel", "oui");
        let laissees = if en_erreur == 1 {
            "La ligne en erreur sera laissée de côté.".to_owned()
        } else {
            format!("Les {} lignes en erreur seront laissées de côté.", compte(en_erreur))
        };
        Dialog::new("partiel", format!("Appliquer {correctes}…"), quoi(&correctes), form)
            .text(laissees)
            .consequence("Vous pourrez les reprendre dans un autre fichier.")
    });
    let (titre, phrase) = match (changent, en_erreur) {
        (0, 0) => ("Rien à appliquer".to_owned(), "Toutes les valeurs du fichier sont déjà affichées.".to_owned()),
        (_, 0) => (
            "Appliquer".to_owned(),
            "Les corrections seront visibles aussitôt, et chacune pourra être levée depuis sa page. Tout est appliqué, ou rien.".to_owned(),
        ),
        (0, _) => ("Rien à appliquer".to_owned(), "Aucune ligne correcte ne change quelque chose.".to_owned()),
        _ => (
            "Reprendre le fichier".to_owned(),
            "Tant qu’une ligne est en erreur, rien n’est appliqué. Corrigez les cellules ci-dessus dans votre fichier, puis envoyez-le de nouveau.".to_owned(),
        ),
    };
    let (changements, reste) = groupes(&constat.changements);
    let autre = Button::link(
        "Envoyer un autre fichier",
        format!("/maquette/corrections/importer?annee={}", tenu.annee),
    )
    .icon("upload");
    let autre = if en_erreur > 0 { autre.look(Look::Primary) } else { autre };
    Decide {
        chiffres: chiffres(constat),
        defauts: Maybe(tableau(&constat.defauts)),
        changements,
        reste,
        titre,
        phrase,
        appliquer: Maybe(appliquer),
        partiel: Maybe(partiel),
        autre,
        abandonner: ActionForm::new(
            format!("{action}/abandonner"),
            frame.csrf(),
            Button::submit("Oublier ce fichier").look(Look::Quiet),
        ),
    }
}

async fn montrer(
    m: &Maquette,
    frame: Frame,
    id: i64,
    fault: Option<&ImportFault>,
) -> Result<Response, PageError> {
    let (tenu, constat) = importer::apercevoir(&m.outils, id).await?;
    let frame = frame
        .titled(format!("Aperçu de « {} »", tenu.fichier))
        .crumb("Corrections", "/maquette/corrections")
        .crumb("Importer", "/maquette/corrections/importer");
    let mut identite = Identity::new("Import de corrections", format!("n° {id}"))
        .fact(AnneeUniversitaire::new(tenu.annee).map_or_else(String::new, |a| a.libelle()))
        .fact(format!("envoyé par {}, {}", tenu.envoye_par, le(tenu.envoye_le)));
    let mut alertes = Vec::new();
    if let Some(f) = fault {
        alertes
            .push(Alert::new(Tone::Danger, f.message()).titled("Rien n’a été appliqué").way_out(f.way_out()));
    }
    alertes.extend(constat.avis.iter().map(|avis| Alert::new(Tone::Warning, avis)));
    let decide = match &tenu.applique {
        Some((par, quand, posees)) => {
            identite = identite.badge(Badge::new(Tone::Success, "Appliqué"));
            let posees = usize::try_from(*posees).unwrap_or(usize::MAX);
            let dit = format!("Par {par}, {} : {}.", le(*quand), corrections(posees));
            alertes.push(
                Alert::new(Tone::Success, dit)
                    .titled("Ce fichier a été appliqué")
                    .link("Voir les corrections", "/maquette/corrections?tri=posee&sens=desc"),
            );
            None
        }
        None => {
            identite = identite.badge(Badge::new(Tone::Info, "Aperçu, rien n’est écrit"));
            Some(decider(&frame, &tenu, &constat))
        }
    };
    let bouges = match fault {
        Some(ImportFault::Bouge(lignes)) => {
            let lignes = lignes.iter().map(|phrase| Row::new().text(phrase));
            Some(
                Table::new("bouges", "Ce qui a changé depuis l’aperçu")
                    .columns([Column::text("quoi", "Ligne")])
                    .rows(lignes),
            )
        }
        _ => None,
    };
    let page = Page(Apercu { frame, identite, alertes, bouges: Maybe(bouges), constat: decide });
    Ok(match fault.map(Fault::kind) {
        None => page.into_response(),
        Some(FaultKind::Conflict) => page.with_status(StatusCode::CONFLICT),
        Some(_) => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// `/maquette/corrections/importer/{id}`.
pub(super) async fn apercu(
    frame: Frame,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    montrer(&m, frame, id, None).await
}

/// `POST /maquette/corrections/importer/{id}`.
pub(super) async fn appliquer(
    frame: Frame,
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
    Form(envoi): Form<Envoi>,
) -> Result<Response, PageError> {
    match importer::appliquer(&m.outils, id, &envoi.vu, envoi.partiel.is_some(), &visitor.actor()).await {
        Ok(posees) => {
            let dit = match posees {
                1 => "Une correction est posée et visible dès maintenant. Les collectes la respecteront."
                    .to_owned(),
                n => format!(
                    "{} corrections sont posées et visibles dès maintenant. Les collectes les respecteront.",
                    compte(n)
                ),
            };
            Ok(Redirection::to("/maquette/corrections?tri=posee&sens=desc").success(dit).into_response())
        }
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Conflict) => {
            montrer(&m, frame, id, Some(&fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /maquette/corrections/importer/{id}/abandonner`.
pub(super) async fn abandonner(
    visitor: Visitor,
    State(m): State<Maquette>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    importer::abandonner(&m.outils, id, &visitor.actor()).await?;
    Ok(Redirection::to("/maquette/corrections/importer")
        .success("Le fichier est oublié : rien n’avait été écrit."))
}
