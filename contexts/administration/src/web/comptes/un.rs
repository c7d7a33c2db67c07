//! An account's page: what it is, who is in it, what happened to it.

use ::web::components::{
    ActionForm, Button, Cell, Column, Dialog, Empty, Field, Identity, Look, Maybe, Row, Select, Table,
};
use ::web::comptes::{Compte, CompteFault, Entree, Modification, SessionVue, numero_etudiant};
use ::web::{Conflit, Frame, Html, Page, PageError, Redirection, Visitor, Vu, diffs};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use db::{DbError, journal};
use kernel::{Fault, Role, duree_francaise, heure_de_besancon, instant_francais};
use serde::Deserialize;

use super::liste::etats;
use super::nouveau::{champ_etudiant, choix_entree, choix_role};
use super::{LISTE, dire, lien, lire};
use crate::Administration;
use crate::domain::trace;

/// Lines of history shown.
const HISTOIRE: u32 = 50;

#[derive(Template)]
#[template(path = "comptes/un.html")]
struct Un {
    frame: Frame,
    identite: Identity,
    boutons: Vec<Html>,
    conflit: Maybe<Conflit>,
    action: String,
    csrf: String,
    vu: Vu,
    nom: Field,
    role: Select,
    entree: Select,
    etudiant: Field,
    sessions: Table,
    fermer: Maybe<Dialog>,
    histoire: Table,
}

/// What the form holds when it is not what the account holds.
struct Saisi {
    sent: Envoi,
    wrong: Option<(&'static str, String)>,
    conflit: Option<Conflit>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Envoi {
    #[serde(default)]
    nom: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    entree: String,
    #[serde(default)]
    etudiant: String,
    #[serde(default)]
    vu: String,
}

async fn page(
    a: &Administration,
    frame: Frame,
    compte: &Compte,
    saisi: Option<Saisi>,
) -> Result<Un, PageError> {
    let now = a.clock.now();
    let csrf = frame.csrf().to_owned();
    let lien = lien(&compte.identifiant);
    let seen = a.web.comptes().sessions(compte).await?;
    let cle = compte.identifiant.clone();
    let lines = a.db.read(|c| async move { journal::history(&c, "compte", &cle, 0, HISTOIRE).await }).await?;
    let vu = compte.vu().after(lines.first().map_or(0, |line| line.id));
    let (sent, wrong, conflit) = match saisi {
        Some(saisi) => (saisi.sent, saisi.wrong, saisi.conflit),
        None => (held(compte), None, None),
    };
    let error = |field: &str| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, text)| text.clone());
    let identite = etats(compte, now)
        .into_iter()
        .fold(Identity::new("Compte", &compte.identifiant).fact(compte.role.libelle()), Identity::badge);
    let connexion = match compte.connecte_le {
        Some(quand) => format!("Dernière connexion : {}", instant_francais(heure_de_besancon(quand))),
        None => "Jamais connecté".to_owned(),
    };
    let identite = match &compte.etudiant {
        Some(numero) => identite.fact(format!("Étudiant n° {numero}")),
        None => identite,
    };
    Ok(Un {
        identite: identite.fact(compte.entree.libelle()).fact(connexion),
        boutons: boutons(compte, &csrf, &lien, now, frame.visitor()),
        conflit: Maybe(conflit),
        action: format!("{lien}/modifier"),
        vu,
        nom: Field::text("nom", "Nom affiché")
            .value(&sent.nom)
            .maxlength(120)
            .autocomplete("off")
            .error(error("nom")),
        role: choix_role(&sent.role, error("role")),
        entree: choix_entree(Entree::parse(&sent.entree)),
        etudiant: champ_etudiant(&sent.etudiant, error("etudiant")),
        fermer: Maybe((seen.len() > 1).then(|| fermer_toutes(&csrf, &lien, seen.len()))),
        sessions: sessions(&seen, &csrf, &lien, now),
        histoire: histoire(lines),
        csrf,
        frame: frame.titled(&compte.nom).crumb("Comptes", LISTE),
    })
}

/// The form as the account is.
fn held(compte: &Compte) -> Envoi {
    Envoi {
        nom: compte.nom.clone(),
        role: compte.role.code().to_owned(),
        entree: compte.entree.code().to_owned(),
        etudiant: compte.etudiant.as_ref().map(ToString::to_string).unwrap_or_default(),
        vu: String::new(),
    }
}

/// What can be done to the account, the dangerous last; one's own is neither closed nor given away.
fn boutons(
    compte: &Compte,
    csrf: &str,
    lien: &str,
    now: chrono::DateTime<chrono::Utc>,
    visitor: Option<&Visitor>,
) -> Vec<Html> {
    let soi = visitor.is_some_and(|visitor| visitor.compte == compte.id);
    let form = |verb: &str, button: Button| ActionForm::new(format!("{lien}/{verb}"), csrf, button);
    let mut out = Vec::new();
    if compte.bloque_jusqu_a.is_some_and(|fin| fin > now) {
        out.push(Html::of(&form("debloquer", Button::submit("Débloquer").icon("lock-open"))));
    }
    if compte.entree != Entree::Cas {
        let dialog = Dialog::new(
            "remplacer",
            "Remplacer le mot de passe…",
            "Remplacer le mot de passe",
            form("mot-de-passe", Button::submit("Remplacer").look(Look::Primary)),
        );
        let dialog = dialog
            .icon("key")
            .consequence("Le mot de passe actuel ne sert plus.")
            .consequence("Les sessions de ce compte sont fermées.")
            .consequence("Un mot de passe provisoire s’affiche une fois ; la personne le change en entrant.");
        out.push(Html::of(&dialog));
    }
    if compte.actif && !soi {
        let dialog = Dialog::new(
            "desactiver",
            "Désactiver…",
            format!("Désactiver le compte « {} »", compte.identifiant),
            form("desactiver", Button::submit("Désactiver").look(Look::Danger)),
        );
        let dialog = dialog
            .look(Look::Danger)
            .icon("user-off")
            .consequence("La personne ne peut plus se connecter, ni par mot de passe ni par le CAS.")
            .consequence("Ses sessions sont fermées tout de suite.")
            .consequence("Rien de ce qu’elle a fait n’est effacé ; le compte peut être réactivé.");
        out.push(Html::of(&dialog));
    }
    if !compte.actif {
        out.push(Html::of(&form("activer", Button::submit("Réactiver").icon("user-check"))));
    }
    out
}

fn sessions(seen: &[SessionVue], csrf: &str, lien: &str, now: chrono::DateTime<chrono::Utc>) -> Table {
    let rows = seen.iter().map(|session| {
        let close = ActionForm::new(
            format!("{lien}/sessions/fermer"),
            csrf,
            Button::submit("Fermer").look(Look::Quiet),
        )
        .sending("session", session.id.to_string());
        let par = if session.par_cas { "CAS" } else { "Mot de passe" };
        Row::new()
            .text(&session.appareil)
            .text(par)
            .cell(Cell::instant(session.creee_le))
            .text(format!("il y a {}", duree_francaise(now - session.vue_le)))
            .component(&close)
    });
    Table::new("sessions", "Sessions ouvertes")
        .columns([
            Column::text("appareil", "Appareil"),
            Column::text("par", "Par").optional(),
            Column::text("ouverte", "Ouverte le").optional(),
            Column::text("vue", "Dernière activité"),
            Column::text("fermer", "Fermer"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucune session ouverte", "Personne n’est connecté à ce compte en ce moment."))
}

fn fermer_toutes(csrf: &str, lien: &str, n: usize) -> Dialog {
    let form = ActionForm::new(
        format!("{lien}/sessions/fermer"),
        csrf,
        Button::submit("Fermer les sessions").look(Look::Danger),
    );
    Dialog::new("fermer-sessions", "Fermer toutes les sessions…", format!("Fermer {n} sessions"), form)
        .consequence("La personne devra se connecter de nouveau sur chaque appareil.")
        .consequence("Ce qu’elle n’a pas enregistré sera perdu.")
}

fn histoire(lines: Vec<journal::Line>) -> Table {
    let rows = lines.iter().map(|line| {
        Row::new()
            .cell(Cell::instant(line.quand))
            .text(&line.acteur)
            .text(trace::action(&line.action))
            .cell(change(line))
    });
    Table::new("histoire", "Historique")
        .columns([
            Column::text("quand", "Quand"),
            Column::text("qui", "Qui"),
            Column::text("quoi", "Action"),
            Column::text("change", "Changement"),
        ])
        .rows(rows)
        .empty(Empty::new("Aucun historique", "Le journal n’a rien sur ce compte."))
}

/// What a line changed; of what it made, the values alone.
fn change(line: &journal::Line) -> Cell {
    if line.avant.is_some() {
        return Cell::Html(Html::all(&diffs(line, dire)));
    }
    let values = line.changes().into_iter().filter_map(|(field, _, new)| dire(&field, &new?));
    let said: Vec<_> = values.map(|(label, text)| format!("{label}\u{a0}: {text}")).collect();
    if said.is_empty() { Cell::Absent } else { Cell::text(said.join(", ")) }
}

pub(super) async fn voir(
    State(a): State<Administration>,
    frame: Frame,
    Path(identifiant): Path<String>,
) -> Result<Page<impl Template>, PageError> {
    let compte = lire(&a, &identifiant).await?;
    Ok(Page(page(&a, frame, &compte, None).await?))
}

pub(super) async fn modifier(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    Path(identifiant): Path<String>,
    Form(sent): Form<Envoi>,
) -> Result<Response, PageError> {
    use axum::response::IntoResponse as _;
    let compte = lire(&a, &identifiant).await?;
    let (fault, field) = match (sent.role.parse::<Role>(), numero_etudiant(&sent.etudiant)) {
        (Err(_), _) => ("Choisissez le rôle de la personne.".to_owned(), "role"),
        (_, Err(fault)) => (format!("{} {}", fault.message(), fault.way_out()), "etudiant"),
        (Ok(role), Ok(etudiant)) => {
            let entree = Entree::parse(&sent.entree);
            let modification = Modification { nom: sent.nom.clone(), role, entree, etudiant };
            let done = a
                .web
                .comptes()
                .modifier(&visitor.actor(), &compte.identifiant, modification, Some(&sent.vu))
                .await;
            match done {
                Ok(()) => {
                    let to = Redirection::to(lien(&compte.identifiant));
                    return Ok(to.success("Le compte est enregistré.").into_response());
                }
                Err(CompteFault::Conflit) => {
                    let (cle, vu) = (compte.identifiant.clone(), sent.vu.clone());
                    let read = |c| async move { Conflit::read(&c, "compte", &cle, &vu, dire).await };
                    let conflit: Result<_, DbError> = a.db.read(read).await;
                    let conflit = conflit?.titled("Ce compte a changé depuis que vous l’avez ouvert");
                    let saisi = Saisi { sent, wrong: None, conflit: Some(conflit) };
                    // Read again: the form that comes back is filled on what is held now.
                    let compte = lire(&a, &identifiant).await?;
                    return Ok(
                        Page(page(&a, frame, &compte, Some(saisi)).await?).with_status(StatusCode::CONFLICT)
                    );
                }
                Err(fault @ (CompteFault::PasEtudiant | CompteFault::EtudiantPris { .. })) => {
                    (format!("{} {}", fault.message(), fault.way_out()), "etudiant")
                }
                Err(fault @ CompteFault::Nom) => (format!("{} {}", fault.message(), fault.way_out()), "nom"),
                Err(fault @ (CompteFault::SoiMeme | CompteFault::Dernier)) => {
                    (format!("{} {}", fault.message(), fault.way_out()), "role")
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    let saisi = Saisi { sent, wrong: Some((field, fault)), conflit: None };
    Ok(Page(page(&a, frame, &compte, Some(saisi)).await?).with_status(StatusCode::UNPROCESSABLE_ENTITY))
}
