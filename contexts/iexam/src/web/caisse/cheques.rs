//! The cheques of a day, to be printed with their remittance to the bank.

use ::web::components::{Cell, Column, Empty, Row, Table};
use ::web::{Frame, ListQuery, Page, PageError};
use askama::Template;
use axum::extract::State;
use chrono::NaiveDate;
use db::Paging;
use kernel::{Cents, date_francaise, heure_de_besancon};

use crate::Iexam;
use crate::domain::ecriture::Moyen;
use crate::store::journee::{FiltreCaisse, LigneCaisse, caisse_list};

#[derive(Template)]
#[template(path = "caisse/cheques.html")]
pub(super) struct Cheques {
    frame: Frame,
    phrase: String,
    table: Table,
}

/// `/iexam/paiements/cheques?jour=…`.
pub(super) async fn cheques(
    frame: Frame,
    query: ListQuery,
    State(iexam): State<Iexam>,
) -> Result<Page<Cheques>, PageError> {
    let aujourd_hui = heure_de_besancon(iexam.clock.now()).date();
    let jour: NaiveDate = query.filtre("jour").and_then(|v| v.parse().ok()).unwrap_or(aujourd_hui);
    let filtre = &FiltreCaisse {
        du: Some(jour),
        au: Some(jour),
        moyens: vec![Moyen::Cheque],
        croissant: true,
        ..FiltreCaisse::default()
    };
    let mut lignes: Vec<LigneCaisse> = Vec::new();
    loop {
        let page = u64::try_from(lignes.len()).unwrap_or(u64::MAX) / Paging::MAX + 1;
        let lues = iexam
            .db
            .read(|c| async move { caisse_list(&c, filtre, Paging::new(page, Paging::MAX)).await })
            .await?;
        let pleine = lues.elements.len() as u64 == Paging::MAX;
        lignes.extend(lues.elements);
        if !pleine {
            break;
        }
    }
    // A cheque that was typed by mistake and taken back the same day is not in the envelope.
    let corrigees: Vec<_> = lignes.iter().filter_map(|l| l.corrige).collect();
    lignes.retain(|l| l.corrige.is_none() && !corrigees.contains(&l.id) && l.mouvement.0 > 0);
    let total: Cents = lignes.iter().map(|l| l.mouvement).sum();
    let nombre = match lignes.len() {
        0 => "Aucun chèque".to_owned(),
        1 => "1 chèque".to_owned(),
        n => format!("{n} chèques"),
    };
    let rows = lignes.iter().enumerate().map(|(rang, l)| {
        Row::new()
            .cell(Cell::Count(i64::try_from(rang + 1).unwrap_or(i64::MAX)))
            .code(&l.reference)
            .text(&l.nom)
            .code(&l.etudiant)
            .cell(Cell::Number(l.mouvement.to_string()))
    });
    let table = Table::new("cheques", "Chèques")
        .columns([
            Column::number("rang", "Rang"),
            Column::text("reference", "Numéro du chèque"),
            Column::text("nom", "Étudiant"),
            Column::text("numero", "Numéro d’étudiant"),
            Column::number("montant", "Montant"),
        ])
        .rows(rows)
        .empty(Empty::new(
            "Aucun chèque ce jour-là",
            "Choisissez une autre journée dans la liste des journées.",
        ));
    Ok(Page(Cheques {
        phrase: format!("{nombre}, {total} en tout. Imprimez cette page pour la joindre à la remise."),
        table,
        frame: frame
            .titled(format!("Chèques du {}", date_francaise(jour)))
            .crumb("Paiements", "/iexam/paiements")
            .crumb("Journées", "/iexam/paiements/clotures"),
    }))
}
