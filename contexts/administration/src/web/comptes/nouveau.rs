//! A new account, and what is handed to its person.

use ::web::components::{Field, Select};
use ::web::comptes::{CompteFault, Entree, NouvelAcces, Ouvert, numero_etudiant};
use ::web::{Frame, Page, PageError, Visitor};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Role, heure_de_besancon, instant_francais};
use serde::Deserialize;

use super::{LISTE, lien};
use crate::Administration;

#[derive(Template)]
#[template(path = "comptes/nouveau.html")]
struct Nouveau {
    frame: Frame,
    identifiant: Field,
    nom: Field,
    role: Select,
    entree: Select,
    etudiant: Field,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Saisie {
    #[serde(default)]
    identifiant: String,
    #[serde(default)]
    nom: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    entree: String,
    #[serde(default)]
    etudiant: String,
}

/// The choice of a role. The first line is empty: a role is given, never left to the order of a list.
pub(super) fn choix_role(selected: &str, error: Option<String>) -> Select {
    let none = ("".to_owned(), "Choisir un rôle".to_owned());
    let roles = Role::ALL.iter().map(|role| (role.code().to_owned(), role.libelle().to_owned()));
    Select::new("role", "Rôle", std::iter::once(none).chain(roles)).selected(selected).required().error(error)
}

/// The choice of a way of entry.
pub(super) fn choix_entree(selected: Entree) -> Select {
    Select::new("entree", "Connexion", Entree::ALL.map(|entree| (entree.code(), entree.libelle())))
        .selected(selected.code())
        .help("« CAS seulement » : la personne n’a pas de mot de passe ici, elle se connecte avec son compte de l’université, sous le même identifiant.")
}

/// The number of the student whose account it is.
pub(super) fn champ_etudiant(value: &str, error: Option<String>) -> Field {
    Field::text("etudiant", "Numéro d’étudiant")
        .value(value)
        .maxlength(8)
        .autocomplete("off")
        .help("Pour le rôle « Étudiant » seulement : celui d’Apogée. C’est lui qui donne à la personne son propre dossier ; le CAS peut le donner à sa place.")
        .error(error)
}

fn page(frame: Frame, sent: &Saisie, wrong: Option<(&str, String)>) -> Nouveau {
    let error = |field: &str| wrong.as_ref().filter(|(name, _)| *name == field).map(|(_, text)| text.clone());
    Nouveau {
        identifiant: Field::text("identifiant", "Identifiant")
            .value(&sent.identifiant)
            .required()
            .maxlength(64)
            .autocomplete("off")
            .help("Celui de l’université, si la personne en a un : de 2 à 64 lettres sans accent, chiffres, points, tirets ou arobases.")
            .error(error("identifiant")),
        nom: Field::text("nom", "Nom affiché")
            .value(&sent.nom)
            .maxlength(120)
            .autocomplete("off")
            .help("Prénom et nom. Sans lui, c’est l’identifiant qui s’affiche.")
            .error(error("nom")),
        role: choix_role(&sent.role, error("role")),
        entree: choix_entree(Entree::parse(&sent.entree)),
        etudiant: champ_etudiant(&sent.etudiant, error("etudiant")),
        frame: frame.titled("Nouveau compte").crumb("Comptes", LISTE),
    }
}

pub(super) async fn voir(frame: Frame) -> Response {
    Page(page(frame, &Saisie::default(), None)).into_response()
}

pub(super) async fn creer(
    State(a): State<Administration>,
    frame: Frame,
    visitor: Visitor,
    Form(sent): Form<Saisie>,
) -> Result<Response, PageError> {
    let again = |frame, field, text: String, status| {
        Ok(Page(page(frame, &sent, Some((field, text)))).with_status(status))
    };
    let Ok(role) = sent.role.parse::<Role>() else {
        let text = "Choisissez le rôle de la personne.".to_owned();
        return again(frame, "role", text, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let etudiant = match numero_etudiant(&sent.etudiant) {
        Ok(etudiant) => etudiant,
        Err(fault) => {
            let text = format!("{} {}", fault.message(), fault.way_out());
            return again(frame, "etudiant", text, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let nouvel = NouvelAcces {
        etudiant,
        identifiant: sent.identifiant.clone(),
        nom: sent.nom.clone(),
        role,
        entree: Entree::parse(&sent.entree),
    };
    match a.web.comptes().ouvrir(&visitor.actor(), nouvel).await {
        Ok(ouvert) => Ok(remettre(frame, &ouvert, "Compte créé")),
        Err(fault) => {
            let text = format!("{} {}", fault.message(), fault.way_out());
            match fault {
                CompteFault::Existe(_) => again(frame, "identifiant", text, StatusCode::CONFLICT),
                CompteFault::Identifiant => {
                    again(frame, "identifiant", text, StatusCode::UNPROCESSABLE_ENTITY)
                }
                CompteFault::EtudiantPris { .. } => again(frame, "etudiant", text, StatusCode::CONFLICT),
                CompteFault::PasEtudiant => again(frame, "etudiant", text, StatusCode::UNPROCESSABLE_ENTITY),
                CompteFault::Nom => again(frame, "nom", text, StatusCode::UNPROCESSABLE_ENTITY),
                fault => Err(fault.into()),
            }
        }
    }
}

#[derive(Template)]
#[template(path = "comptes/remis.html")]
struct Remis {
    frame: Frame,
    identifiant: String,
    lien: String,
    provisoire: Option<String>,
    jusqu_a: String,
}

/// What is handed to the person, shown this once: the answer to the form itself, because nothing keeps a temporary password.
pub(super) fn remettre(frame: Frame, ouvert: &Ouvert, titre: &str) -> Response {
    let lien = lien(&ouvert.identifiant);
    Page(Remis {
        frame: frame.titled(titre).crumb("Comptes", LISTE).crumb(&ouvert.identifiant, &lien),
        identifiant: ouvert.identifiant.clone(),
        lien,
        provisoire: ouvert.provisoire.clone(),
        jusqu_a: instant_francais(heure_de_besancon(ouvert.jusqu_a)),
    })
    .into_response()
}
