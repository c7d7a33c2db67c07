//! Rows of the ledger, and their export for the accountant.

use ::web::components::{Badge, Cell, Column, Empty, Filter, Liste, Table, Tabs, Tone};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::DbError;
use kernel::Cents;

use super::onglets;
use crate::Iexam;
use crate::domain::ecriture::{Moyen, Nature};
use crate::store::journee::{FiltreCaisse, LigneCaisse, caisse_list};

#[derive(Template)]
#[template(path = "caisse/liste.html")]
struct PageDeListe {
    frame: Frame,
    onglets: Tabs,
    table: Table,
}

fn filtre(query: &ListQuery) -> FiltreCaisse {
    let (du, au) = query.jours("jour");
    FiltreCaisse {
        du,
        au,
        moyens: query.valeurs("moyen").iter().filter_map(|v| Moyen::of_code(v)).collect(),
        natures: query.valeurs("nature").iter().filter_map(|v| Nature::of_code(v)).collect(),
        cloture: query.filtre("cloture").and_then(|v| v.parse().ok()),
        a_clore: query.filtre("etat") == Some("a-clore"),
        recherche: kernel::fold(&query.recherche),
        croissant: query.tri.as_deref() == Some("jour") && query.sens == Sens::Croissant,
    }
}

/// An amount in its own column, when it goes that way.
fn cote(montant: Cents, entre: bool) -> Cell {
    match montant.0 {
        n if n > 0 && entre => Cell::Number(montant.to_string()),
        n if n < 0 && !entre => Cell::Number((-montant).to_string()),
        _ => Cell::Absent,
    }
}

/// The same as a plain number, for a spreadsheet to add up.
fn chiffre(montant: Cents, entre: bool) -> Cell {
    match montant.0 {
        n if n > 0 && entre => Cell::centi(kernel::Centi(n)),
        n if n < 0 && !entre => Cell::centi(kernel::Centi(n.saturating_neg())),
        _ => Cell::Absent,
    }
}

fn definition() -> Liste<'static, LigneCaisse> {
    let argent = |l: &LigneCaisse| if l.moyen.is_some() { l.mouvement } else { Cents::ZERO };
    Liste::new("ecritures", "Écritures des examens")
        .column(Column::text("jour", "Journée").sortable(), |l: &LigneCaisse| Cell::date(l.jour))
        .column(Column::number("id", "Écriture"), |l| Cell::Count(l.id))
        .column(Column::text("recu", "Reçu").optional(), |l| Cell::text_opt(l.recu.as_ref()))
        .column(Column::text("numero", "Numéro"), |l| Cell::code(&l.etudiant))
        .column(Column::text("nom", "Étudiant"), |l| Cell::text(&l.nom))
        .column(Column::text("nature", "Nature"), |l| Cell::text(l.nature.libelle()))
        .column(Column::text("moyen", "Moyen"), |l| Cell::text_opt(l.moyen.map(Moyen::libelle)))
        .column(Column::text("reference", "Référence"), |l| match l.reference.as_str() {
            "" => Cell::Absent,
            r => Cell::code(r),
        })
        .column(Column::text("libelle", "Libellé").hidden(), |l| Cell::text(&l.libelle))
        .column(Column::number("credit", "Encaissé"), move |l| cote(argent(l), true))
        .exported_as(move |l| chiffre(argent(l), true))
        .column(Column::number("debit", "Rendu"), move |l| cote(argent(l), false))
        .exported_as(move |l| chiffre(argent(l), false))
        .column(Column::number("exonere", "Exonéré").hidden(), |l| match l.nature {
            Nature::Exoneration => Cell::Number(l.mouvement.to_string()),
            _ => Cell::Absent,
        })
        .exported_as(|l| match l.nature {
            Nature::Exoneration => Cell::centi(kernel::Centi(l.mouvement.0)),
            _ => Cell::Absent,
        })
        .column(Column::text("corrige", "Corrige").hidden(), |l| {
            Cell::text_opt(l.corrige.map(|id| format!("n° {id}")))
        })
        .column(Column::text("cloture", "Clôture"), |l| match l.cloture {
            Some(id) => Badge::new(Tone::Success, format!("n° {id}")).icon("lock").into(),
            None => Badge::new(Tone::Neutral, "À clore").into(),
        })
        .opens(|l| format!("/iexam/inscriptions/{}", l.inscription))
        .searching("Nom, numéro ou référence")
        .journaled("paiements_examen")
        .empty(Empty::new(
            "Aucune écriture",
            "Aucun paiement n’a encore été enregistré, ni en ligne ni au guichet.",
        ))
}

/// `/iexam/paiements`.
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let voulu = filtre(listage.query());
    let moyens =
        Moyen::ALL.into_iter().fold(Filter::new("moyen", "Moyen"), |f, m| f.option(m.code(), m.libelle()));
    let natures = [Nature::Paiement, Nature::Remboursement, Nature::Exoneration];
    let natures =
        natures.into_iter().fold(Filter::new("nature", "Nature"), |f, n| f.option(n.code(), n.libelle()));
    let mut filtres = vec![
        Filter::dates("jour", "Journée"),
        moyens,
        natures,
        Filter::new("etat", "État").option("a-clore", "À clore"),
    ];
    if let Some(id) = voulu.cloture {
        filtres.push(Filter::new("cloture", "Clôture").option(id.to_string(), format!("n° {id}")));
    }
    let liste = definition().filters(filtres);
    if listage.export().is_some() {
        let iexam = iexam.clone();
        return liste
            .export(&listage, move |tranche| {
                let (iexam, voulu) = (iexam.clone(), voulu.clone());
                async move {
                    let (voulu, paging) = (&voulu, tranche.paging());
                    let lire = |c| async move { caisse_list(&c, voulu, paging).await };
                    Ok::<_, DbError>(iexam.db.read(lire).await?.elements)
                }
            })
            .await;
    }
    let voulu = &voulu;
    let lire = |paging| {
        let iexam = &iexam;
        async move { iexam.db.read(|c| async move { caisse_list(&c, voulu, paging).await }).await }
    };
    let page = listage.read(lire).await?;
    Ok(Page(PageDeListe {
        frame: frame.titled("Paiements").crumb("Examens", "/iexam"),
        onglets: onglets("/iexam/paiements"),
        table: liste.table(&listage, &page),
    })
    .into_response())
}
