//! The agreement of a centre to a period: what was asked, what it answered, who is placed there.

use ::web::components::{
    ActionForm, Alert, Badge, Button, Cell, Column, Dialog, Empty, Field, Identity, Look, Maybe, Row, Select,
    Table, Tone,
};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault as _, Right};

use super::super::pages::{Colonnes, Fiche, Formulaire, Saisie, conflit, histoire};
use super::super::periodes::{lien as lien_periode, lire as lire_periode};
use super::{LISTE, etat_accord, lien, lire};
use crate::Iexam;
use crate::actions::accorder::{Reponse, accord_vu, accorder, ajouter as ajouter_a, retirer as retirer_de};
use crate::actions::regler_fault::ReglageFault;
use crate::domain::centre::{Accord, Centre, EtatAccord};
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::{EtatPeriode, Periode};
use crate::store::accord::{accord_inscriptions, accord_read};

fn adresse(c: &Centre, p: &Periode) -> String {
    format!("{}/accords/{}/{}", lien(&c.code), p.annee.premiere(), p.code)
}

async fn tenu(iexam: &Iexam, c: &Centre, p: &Periode) -> Result<Accord, PageError> {
    let (centre, periode) = (c.id, p.id);
    let a = iexam.db.read(|conn| async move { accord_read(&conn, periode, centre).await }).await?;
    a.ok_or_else(|| {
        PageError::nothing(format!(
            "Le centre «\u{a0}{}\u{a0}» n’est pas dans la période {}.",
            c.nom,
            p.nom()
        ))
    })
}

async fn page(
    iexam: &Iexam,
    frame: Frame,
    (c, p): (&Centre, &Periode),
    sent: Option<(&Saisie, Option<&ReglageFault>)>,
    conflit: Option<Conflit>,
) -> Result<Fiche, PageError> {
    let a = tenu(iexam, c, p).await?;
    let (centre, periode) = (c.id, p.id);
    let inscrits =
        iexam.db.read(|conn| async move { accord_inscriptions(&conn, periode, centre).await }).await?;
    let (_, derniere) = histoire(iexam, "centre_examen", c.id).await?;
    let peut = frame.visitor().is_some_and(|v| v.may(Right::ExamensRegler)) && p.etat < EtatPeriode::Cloturee;
    let csrf = frame.csrf().to_owned();
    let titre = format!("Accord pour {}", p.nom());
    let mut fiche = Fiche::new(frame.titled(titre).crumb("Centres", LISTE).crumb(&c.nom, lien(&c.code)));
    fiche.conflit = Maybe(conflit);
    let badges = etat_accord(c.accord_requis, a.etat);
    fiche.identite =
        Maybe(Some(badges.into_iter().fold(Identity::new("Centre", &c.code), Identity::badge).fact(&c.nom)));
    fiche
        .actions
        .push(Html::of(&Button::link(format!("Voir {}", p.nom()), lien_periode(p)).icon("calendar-event")));
    if peut && a.prises == 0 {
        let form = ActionForm::new(
            format!("{}/retirer", adresse(c, p)),
            &csrf,
            Button::submit("Retirer le centre").look(Look::Danger),
        );
        let dialog = Dialog::new(
            "retirer",
            "Retirer de la période…",
            format!("Retirer «\u{a0}{}\u{a0}» de {}", c.nom, p.nom()),
            form,
        )
        .look(Look::Danger)
        .consequence("Les étudiants ne peuvent plus le choisir dans cette période.")
        .consequence("Ce qui a été demandé et répondu est oublié ici, et reste à l’historique du centre.");
        fiche.actions.push(Html::of(&dialog));
    }
    if let Some((_, Some(faute))) = sent {
        fiche.alertes.push(Alert::new(Tone::Danger, faute.message()).way_out(faute.way_out()));
    }
    if a.etat == EtatAccord::Refuse && !inscrits.is_empty() {
        let n = inscrits.len();
        let phrase = if n > 1 {
            format!("Le centre refuse, et {n} inscriptions y ont leur place.")
        } else {
            "Le centre refuse, et une inscription y a sa place.".to_owned()
        };
        fiche.alertes.push(
            Alert::new(Tone::Danger, phrase)
                .way_out("Ouvrez chacune pour la renvoyer à l’étudiant, qui choisira un autre centre. Aucune n’est définitive d’ici là."),
        );
    }
    let jour = |i| super::super::le(i);
    let faits = Table::new("accord", "Où l’on en est")
        .columns([Column::text("quoi", "Rubrique"), Column::text("valeur", "Valeur")])
        .rows([
            Row::new().text("Demandé le").text(a.demande_le.map_or_else(|| "—".to_owned(), jour)),
            Row::new().text("Répondu le").text(a.repondu_le.map_or_else(|| "—".to_owned(), jour)),
            Row::new().text("Réponse").text(if a.reponse.is_empty() { "—" } else { &a.reponse }),
            Row::new()
                .text("Places")
                .text(a.places.map_or_else(|| "non comptées".to_owned(), |n| n.to_string())),
            Row::new().text("Places prises").text(a.prises.to_string()),
            Row::new().text("À joindre").text(format!("{} {}", c.contact_nom, c.contact_courriel)),
        ]);
    let mut droite = Vec::new();
    if peut {
        let s = sent.map(|(s, _)| s);
        let faute = sent.and_then(|(_, f)| f);
        let valeur = |nom: &str, tenue: String| s.map_or(tenue, |s| s.texte(nom).to_owned());
        let etats = EtatAccord::ALL.map(|e| (e.code(), e.libelle()));
        let form = Formulaire::new("accorder", "Ce que dit le centre", adresse(c, p), &csrf)
            .vu(accord_vu(&a).after(derniere))
            .champ(&Select::new("etat", "Accord", etats).selected(valeur("etat", a.etat.code().to_owned())))
            .champ(
                &Field::text("places", "Places données")
                    .kind("number")
                    .value(valeur("places", a.places.map(|n| n.to_string()).unwrap_or_default()))
                    .help("Rien\u{a0}: elles ne sont pas comptées.")
                    .error(faute.and_then(|f| f.du_champ("places"))),
            )
            .bas(
                &Field::text("reponse", "Réponse")
                    .lines(3)
                    .maxlength(1000)
                    .value(valeur("reponse", a.reponse.clone()))
                    .help("Ce qu’il a répondu, ses conditions, le nom du surveillant. Obligatoire pour un refus.")
                    .error(faute.and_then(|f| f.du_champ("reponse"))),
            );
        droite.push(Html::of(&form.verbe("Enregistrer")));
    }
    fiche.sections.push(Html::of(&Colonnes { gauche: vec![Html::of(&faits)], droite }));
    let rows = inscrits.iter().map(|(id, etudiant, nom, etat)| {
        let etat = EtatInscription::of_code(etat).map_or_else(|| etat.clone(), |e| e.libelle().to_owned());
        Row::to(format!("/iexam/inscriptions/{id}"))
            .text(nom)
            .cell(Cell::code(etudiant))
            .badge(Badge::new(Tone::Neutral, etat))
    });
    let table = Table::new("inscrits", "Inscriptions dans ce centre")
        .columns([
            Column::text("nom", "Étudiant"),
            Column::text("numero", "Numéro").optional(),
            Column::text("etat", "État"),
        ])
        .rows(rows.collect::<Vec<_>>())
        .empty(Empty::new("Personne encore", "Aucune inscription de cette période n’y a de place."));
    fiche.sections.push(Html::of(&table));
    Ok(fiche)
}

pub(super) async fn voir(
    State(iexam): State<Iexam>,
    frame: Frame,
    Path((code, annee, periode)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let p = lire_periode(&iexam, &annee, &periode).await?;
    Ok(Page(page(&iexam, frame, (&c, &p), None, None).await?).into_response())
}

pub(super) async fn enregistrer(
    State(iexam): State<Iexam>,
    frame: Frame,
    visitor: Visitor,
    Path((code, annee, periode)): Path<(String, String, String)>,
    Form(s): Form<Saisie>,
) -> Result<Response, PageError> {
    let c = lire(&iexam, &code).await?;
    let p = lire_periode(&iexam, &annee, &periode).await?;
    let fait = match (EtatAccord::of_code(s.texte("etat")), s.nombre("places")) {
        (Some(etat), Ok(places)) => {
            let r = Reponse { etat, places, reponse: s.texte("reponse").to_owned() };
            accorder(&iexam, p.id, &code, &r, s.vu(), &visitor.actor()).await
        }
        (None, _) => Err(ReglageFault::saisie("etat", "Choisissez où en est l’accord.")),
        (_, Err(())) => Err(ReglageFault::saisie("places", "Les places sont un nombre.")),
    };
    match fait {
        Ok(()) => Ok(Redirection::to(adresse(&c, &p)).success("L’accord est enregistré.").into_response()),
        Err(ReglageFault::Change(_)) => {
            let conflit = conflit(&iexam, "centre_examen", c.id, s.texte("vu")).await?;
            let conflit = conflit.titled("Cet accord a changé depuis que vous l’avez ouvert");
            let page = page(&iexam, frame, (&c, &p), Some((&s, None)), Some(conflit)).await?;
            Ok(Page(page).with_status(StatusCode::CONFLICT))
        }
        Err(faute @ (ReglageFault::Saisie(_) | ReglageFault::Empeche(_))) => {
            let page = page(&iexam, frame, (&c, &p), Some((&s, Some(&faute))), None).await?;
            Ok(Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(faute) => Err(faute.into()),
    }
}

pub(super) async fn ajouter(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path(code): Path<String>,
    Form(s): Form<Saisie>,
) -> Result<Redirection, PageError> {
    let periode = s.nombre("periode").ok().flatten().unwrap_or(0);
    ajouter_a(&iexam, periode, Some(&code), &visitor.actor()).await?;
    Ok(Redirection::to(lien(&code))
        .success("Le centre est ajouté à la période\u{a0}; son accord est à demander."))
}

pub(super) async fn retirer(
    State(iexam): State<Iexam>,
    visitor: Visitor,
    Path((code, annee, periode)): Path<(String, String, String)>,
) -> Result<Redirection, PageError> {
    let p = lire_periode(&iexam, &annee, &periode).await?;
    retirer_de(&iexam, p.id, &code, &visitor.actor()).await?;
    Ok(Redirection::to(lien(&code)).success(format!("Le centre n’est plus dans {}.", p.nom())))
}
