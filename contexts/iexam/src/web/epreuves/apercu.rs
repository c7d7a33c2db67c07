//! What a spreadsheet would change, before anything is written: old and new by épreuve, cells to put right, then « Appliquer ».

use std::collections::BTreeMap;

use ::web::components::{
    ActionForm, Alert, Badge, Button, ChangeGroup, Changes, Dialog, Diff, Identity, KeyFigure, KeyFigures,
    Look, Maybe, Table, Tone,
};
use ::web::{Frame, Page, PageError, Redirection, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind};

use super::dire::{compter, court, epreuves, fini};
use super::importer::tableau;
use super::{LISTE, lien, voisin};
use crate::Iexam;
use crate::actions::epreuve_changer::Suites;
use crate::actions::epreuves_importer::{self as importer, Apercu as Vu};
use crate::actions::import_epreuves_fault::ImportFault;
use crate::domain::epreuve_constat::{Changement, Etat};
use crate::web::epreuves::periode_de;
use crate::web::pages::Saisie;

/// Most épreuves shown at once.
const MONTREES: usize = 500;

#[derive(Template)]
#[template(path = "epreuves/apercu.html")]
struct Apercu {
    frame: Frame,
    identite: Identity,
    alertes: Vec<Alert>,
    constat: Option<Decide>,
}

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

/// The fields of an épreuve as pages write them, those that are empty left out.
fn champs((e, salles): &Etat, noms: &BTreeMap<i64, String>) -> [(&'static str, Option<String>); 8] {
    let texte = |t: &str| Some(t.to_owned()).filter(|t| !t.is_empty());
    let salles: Vec<&str> = salles.iter().filter_map(|s| noms.get(s)).map(String::as_str).collect();
    [
        ("Libellé", texte(&e.libelle)),
        ("Nature", texte(e.nature.libelle())),
        ("Début", e.debut.map(court)),
        ("Durée", e.duree_min.map(|d| format!("{d}\u{a0}min"))),
        ("Documents", texte(&e.documents)),
        ("Sujet", texte(&e.sujet_par)),
        ("Surveillée", texte(if e.surveillee { "oui" } else { "non" })),
        ("Salles", texte(&salles.join(", "))),
    ]
}

fn differences(c: &Changement, noms: &BTreeMap<i64, String>) -> Vec<Diff> {
    let avant = c.avant.as_ref().map(|a| champs(a, noms));
    champs(&c.apres, noms)
        .into_iter()
        .enumerate()
        .filter_map(|(i, (champ, apres))| {
            let avant = avant.as_ref().and_then(|a| a.get(i)).and_then(|(_, v)| v.clone());
            (avant != apres).then(|| Diff::new(champ, avant, apres))
        })
        .collect()
}

fn groupes(vu: &Vu) -> (Changes, Option<String>) {
    let ligne = |groupe: ChangeGroup, c: &Changement| {
        let e = &c.apres.0;
        let cle = if e.rang > 1 { format!("{} ({})", e.element, e.rang) } else { e.element.to_string() };
        let vers = (e.id > 0).then(|| format!("{LISTE}/{}", e.id));
        groupe.line(cle, format!("{} (ligne {})", e.libelle, c.numero), vers, differences(c, &vu.salles))
    };
    let montres = vu.constat.changements.iter().take(MONTREES);
    let (faites, changees): (Vec<&Changement>, Vec<&Changement>) = montres.partition(|c| c.avant.is_none());
    let mut groupes = Vec::new();
    for (ton, mot, titre, changements) in [
        (Tone::Success, "Créées", "Épreuves créées", faites),
        (Tone::Info, "Modifiées", "Épreuves modifiées", changees),
    ] {
        if !changements.is_empty() {
            let groupe = ChangeGroup::new(ton, mot, format!("{titre} : {}", changements.len())).open(true);
            groupes.push(changements.into_iter().fold(groupe, ligne));
        }
    }
    let total = vu.constat.changements.len();
    let reste = (total > MONTREES).then(|| {
        format!("Les {MONTREES} premières épreuves sont montrées sur {total} ; toutes seront écrites.")
    });
    (Changes::new(groupes), reste)
}

fn decider(frame: &Frame, vu: &Vu) -> Decide {
    let (changent, en_erreur) = (vu.constat.changements.len(), vu.constat.en_erreur());
    let action = format!("{LISTE}/importer/{}", vu.tenu.id);
    let form = |mot: String, look: Look| {
        ActionForm::new(&action, frame.csrf(), Button::submit(mot).look(look)).sending("vu", vu.vu().value())
    };
    let appliquer = (changent > 0 && en_erreur == 0)
        .then(|| form(format!("Appliquer à {}", epreuves(changent)), Look::Primary));
    let correctes = compter(changent, "ligne correcte", "lignes correctes");
    let partiel = (changent > 0 && en_erreur > 0).then(|| {
        let mot = format!("Appliquer {correctes}");
        let laissees = match en_erreur {
            1 => "La ligne en erreur sera laissée de côté.".to_owned(),
            n => format!("Les {n} lignes en erreur seront laissées de côté."),
        };
        Dialog::new(
            "partiel",
            format!("{mot}…"),
            mot.clone(),
            form(mot.clone(), Look::Danger).sending("partiel", "oui"),
        )
        .text(laissees)
        .consequence("Vous pourrez les reprendre dans un autre fichier.")
    });
    let (titre, phrase) = match (changent, en_erreur) {
        (0, 0) => ("Rien à appliquer", "Le fichier dit ce qui est déjà tenu."),
        (_, 0) => (
            "Appliquer",
            "Les épreuves, les convocations à venir et les comptes des inscrits suivent aussitôt. Tout est appliqué, ou rien.",
        ),
        (0, _) => (
            "Reprendre le fichier",
            "Aucune ligne correcte ne change quelque chose. Corrigez les cellules ci-dessus, puis envoyez-le de nouveau.",
        ),
        _ => (
            "Reprendre le fichier",
            "Tant qu’une ligne est en erreur, rien n’est appliqué. Corrigez les cellules ci-dessus dans votre fichier, puis envoyez-le de nouveau.",
        ),
    };
    let (changements, reste) = groupes(vu);
    let autre = Button::link("Envoyer un autre fichier", voisin("importer", &vu.periode)).icon("upload");
    Decide {
        chiffres: KeyFigures::new([
            KeyFigure::count(changent as u64, "Épreuves à écrire"),
            KeyFigure::count(vu.constat.inchangees as u64, "Lignes sans effet")
                .detail("elles disent ce qui est déjà tenu"),
            KeyFigure::count(en_erreur as u64, "Lignes en erreur").tone(if en_erreur == 0 {
                Tone::Success
            } else {
                Tone::Danger
            }),
        ]),
        defauts: Maybe(tableau(&vu.constat.defauts)),
        changements,
        reste,
        titre: titre.to_owned(),
        phrase: phrase.to_owned(),
        appliquer: Maybe(appliquer),
        partiel: Maybe(partiel),
        autre: if en_erreur > 0 { autre.look(Look::Primary) } else { autre },
        abandonner: ActionForm::new(
            format!("{action}/abandonner"),
            frame.csrf(),
            Button::submit("Oublier ce fichier").look(Look::Quiet),
        ),
    }
}

async fn montrer(
    iexam: &Iexam,
    frame: Frame,
    id: i64,
    fault: Option<&ImportFault>,
) -> Result<Response, PageError> {
    let vu = importer::apercevoir(iexam, id).await?;
    let frame = frame
        .titled(format!("Aperçu de « {} »", vu.tenu.fichier))
        .crumb("Épreuves", lien(&vu.periode))
        .crumb("Depuis un tableur", voisin("importer", &vu.periode));
    let identite = Identity::new("Import d’épreuves", format!("n° {id}"))
        .fact(vu.periode.nom())
        .fact(format!("Envoyé par {} le {}", vu.tenu.depose.0, super::super::le(vu.tenu.depose.1)));
    let mut alertes: Vec<Alert> = vu.avis.iter().map(|a| Alert::new(Tone::Info, a.clone())).collect();
    if let Some(fault) = fault {
        alertes.insert(0, Alert::new(Tone::Danger, fault.message()).way_out(fault.way_out()));
    }
    let (identite, constat) = match &vu.tenu.applique {
        Some((par, quand)) => {
            let dit = format!("Ce fichier a été appliqué par {par} le {}.", super::super::le(*quand));
            alertes.push(Alert::new(Tone::Success, dit).link("Voir les épreuves", lien(&vu.periode)));
            (identite.badge(Badge::new(Tone::Success, "Appliqué")), None)
        }
        None => {
            (identite.badge(Badge::new(Tone::Info, "Aperçu, rien n’est écrit")), Some(decider(&frame, &vu)))
        }
    };
    let page = Page(Apercu { frame, identite, alertes, constat });
    Ok(match fault.map(Fault::kind) {
        None => page.into_response(),
        Some(FaultKind::Conflict) => page.with_status(StatusCode::CONFLICT),
        Some(_) => page.with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

/// `/iexam/epreuves/importer/{id}`.
pub(super) async fn voir(
    frame: Frame,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    montrer(&iexam, frame, id, None).await
}

/// `POST /iexam/epreuves/importer/{id}`.
pub(super) async fn appliquer(
    frame: Frame,
    visitor: Visitor,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    match importer::appliquer(&iexam, id, s.vu().unwrap_or_default(), s.coche("partiel"), &visitor.actor())
        .await
    {
        Ok((pose, conflits, periode)) => {
            let dit = match (pose.creees.len(), pose.changees.len()) {
                (0, n) => format!("{}.", compter(n, "épreuve modifiée", "épreuves modifiées")),
                (n, 0) => format!("{}.", compter(n, "épreuve créée", "épreuves créées")),
                (c, m) => format!(
                    "{}, {}.",
                    compter(c, "épreuve créée", "épreuves créées"),
                    compter(m, "épreuve modifiée", "épreuves modifiées")
                ),
            };
            let p = periode_de(&iexam, periode).await?;
            Ok(fini(&iexam, lien(&p), dit, &Suites { pose, conflits }).await?.into_response())
        }
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Conflict) => {
            montrer(&iexam, frame, id, Some(&fault)).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /iexam/epreuves/importer/{id}/abandonner`.
pub(super) async fn abandonner(
    visitor: Visitor,
    State(iexam): State<Iexam>,
    Path(id): Path<i64>,
) -> Result<Redirection, PageError> {
    let p = importer::abandonner(&iexam, id, &visitor.actor()).await?;
    let p = periode_de(&iexam, p).await?;
    Ok(Redirection::to(voisin("importer", &p)).success("Le fichier est oublié : rien n’avait été écrit."))
}
