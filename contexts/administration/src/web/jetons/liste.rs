//! Every token, those revoked last.

use ::web::components::{Badge, Cell, Column, Empty, Row, Table, Tone};
use ::web::jetons::EtatJeton;
use ::web::{Frame, Page, PageError};
use askama::Template;
use axum::extract::State;
use chrono::Duration;

use super::{NOUVEAU, etat, lien};
use crate::Administration;

#[derive(Template)]
#[template(path = "jetons/liste.html")]
struct Liste {
    frame: Frame,
    nouveau: &'static str,
    table: Table,
}

pub(super) async fn liste(
    State(a): State<Administration>,
    frame: Frame,
) -> Result<Page<impl Template>, PageError> {
    let jetons = a.web.jetons();
    let now = a.clock.now();
    let mut held = jetons.lister().await?;
    held.sort_by_key(|jeton| jeton.etat(now) == EtatJeton::Revoque);
    let totals = jetons.usage_totaux(jetons.aujourd_hui() - Duration::days(29)).await?;
    let rows = held.iter().map(|jeton| {
        let used = totals.iter().find(|(id, _)| *id == jeton.id).map_or(0, |(_, n)| *n);
        let scopes = jeton.droits.iter().map(|scope| Badge::new(Tone::Info, scope.code()).icon("key"));
        Row::to(lien(&jeton.nom))
            .code(&jeton.nom)
            .badge(etat(jeton, now))
            .cell(Cell::badges(scopes.collect()))
            .text_opt(Some(&jeton.objet).filter(|objet| !objet.is_empty()))
            .cell(Cell::date(jeton.jusqu_au()))
            .count(used.unsigned_abs())
            .cell(Cell::instant(jeton.vu_le))
            .muted(jeton.etat(now) == EtatJeton::Revoque)
    });
    let table = Table::new("jetons", "Jetons")
        .columns([
            Column::text("nom", "Nom"),
            Column::text("etat", "État"),
            Column::text("droits", "Droits"),
            Column::text("objet", "À quoi il sert").optional(),
            Column::text("expire", "Dernier jour").optional(),
            Column::number("requetes", "Requêtes en 30 jours"),
            Column::text("vu", "Dernière utilisation").optional(),
        ])
        .rows(rows)
        .empty(
            Empty::new("Aucun jeton", "Aucune autre application ne lit les données de la suite.")
                .action("Créer un jeton", NOUVEAU),
        );
    Ok(Page(Liste { frame: frame.titled("Jetons"), nouveau: NOUVEAU, table }))
}
