//! The list of accounts.

use ::web::components::{Badge, Cell, Column, Empty, Filter, Liste, Table, Tone};
use ::web::comptes::{Compte, CompteFault, Entree, EtatCompte, FiltreComptes, TRIS};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::Role;

use super::{NOUVEAU, lien};
use crate::Administration;

#[derive(Template)]
#[template(path = "comptes/liste.html")]
struct Comptes {
    frame: Frame,
    table: Table,
}

/// What was asked, as the store takes it.
fn filtre(query: &ListQuery) -> FiltreComptes {
    FiltreComptes {
        recherche: query.recherche.clone(),
        roles: query.valeurs("role").into_iter().filter_map(|code| code.parse().ok()).collect(),
        etats: query.valeurs("etat").into_iter().filter_map(EtatCompte::parse).collect(),
        entrees: query
            .valeurs("connexion")
            .into_iter()
            .filter_map(|code| Entree::ALL.into_iter().find(|entree| entree.code() == code))
            .collect(),
        tri: query.tri_parmi(&TRIS).to_owned(),
        decroissant: query.sens == Sens::Decroissant,
    }
}

/// The states of an account, the one that matters first.
pub(super) fn etats(compte: &Compte, now: DateTime<Utc>) -> Vec<Badge> {
    if !compte.actif {
        return vec![Badge::new(Tone::Neutral, "Désactivé")];
    }
    let mut out = Vec::new();
    if compte.bloque_jusqu_a.is_some_and(|fin| fin > now) {
        out.push(Badge::new(Tone::Danger, "Bloqué"));
    }
    if compte.a_changer {
        let perime = compte.provisoire_jusqu_a.is_some_and(|fin| fin <= now);
        let word = if perime { "Mot de passe provisoire périmé" } else { "Mot de passe provisoire" };
        out.push(Badge::new(Tone::Warning, word));
    }
    if out.is_empty() {
        out.push(Badge::new(Tone::Success, "Actif"));
    }
    out
}

pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(a): State<Administration>,
) -> Result<Response, PageError> {
    let now = a.clock.now();
    let roles =
        Role::ALL.iter().fold(Filter::new("role", "Rôle"), |f, role| f.option(role.code(), role.libelle()));
    let etat =
        EtatCompte::ALL.iter().fold(Filter::new("etat", "État"), |f, e| f.option(e.code(), e.libelle()));
    let entree = Entree::ALL
        .iter()
        .fold(Filter::new("connexion", "Connexion"), |f, e| f.option(e.code(), e.libelle()));
    let liste = Liste::<Compte>::new("comptes", "Comptes")
        .column(Column::text("identifiant", "Identifiant").sortable(), |c| Cell::code(&c.identifiant))
        .column(Column::text("nom", "Nom").sortable(), |c| Cell::text(&c.nom))
        .column(Column::text("role", "Rôle").sortable().optional(), |c| Cell::text(c.role.libelle()))
        .column(Column::text("etat", "État"), move |c| Cell::badges(etats(c, now)))
        .column(Column::text("entree", "Connexion").optional(), |c| Cell::text(c.entree.libelle()))
        .column(Column::text("connexion", "Dernière connexion").sortable().optional(), |c| {
            Cell::instant(c.connecte_le)
        })
        .column(Column::text("etudiant", "N° d’étudiant").hidden(), |c| match &c.etudiant {
            Some(numero) => Cell::code(numero.as_str()),
            None => Cell::Absent,
        })
        .column(Column::text("creation", "Créé le").hidden(), |c| Cell::instant(c.cree_le))
        .opens(|c| lien(&c.identifiant))
        .muted(|c| !c.actif)
        .searching("Nom, identifiant ou n° d’étudiant")
        .filters([roles, etat, entree])
        .journaled("comptes")
        .empty(
            Empty::new("Aucun compte", "Personne ne peut encore se connecter.")
                .action("Créer un compte", NOUVEAU),
        );
    if listage.export().is_some() {
        let (comptes, filtre) = (a.web.comptes().clone(), filtre(&listage));
        let fetch = move |tranche: ::web::Tranche| {
            let (comptes, filtre) = (comptes.clone(), filtre.clone());
            async move { Ok::<_, CompteFault>(comptes.chercher(&filtre, tranche.paging()).await?.elements) }
        };
        return liste.export(&listage, fetch).await;
    }
    let filtre = filtre(&listage);
    let page = listage.read(|paging| a.web.comptes().chercher(&filtre, paging)).await?;
    let table = liste.table(&listage, &page);
    Ok(Page(Comptes { frame: frame.titled("Comptes"), table }).into_response())
}
