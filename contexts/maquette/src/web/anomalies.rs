//! Anomalies: a list to work through.

use ::web::components::{Alert, Badge, Column, Empty, Filter, Maybe, Row, Table, Tone};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes};
use askama::Template;
use axum::extract::State;
use kernel::Right;

use super::lien::lien_objet;
use super::{Maquette, dans_l_annee};
use crate::domain::anomalie::{Gravite, Regle};
use crate::store::anomalie::{AnomalieVue, Filtre, anomalie_counts, anomalie_list};

#[derive(Template)]
#[template(path = "anomalies.html")]
pub(super) struct Liste {
    frame: Frame,
    conseil: Maybe<Alert>,
    table: Table,
}

fn badge(regle: Option<Regle>) -> Badge {
    match regle.map(Regle::gravite) {
        Some(g @ Gravite::Bloquante) => Badge::new(Tone::Danger, g.libelle()),
        Some(g @ Gravite::AArbitrer) => Badge::new(Tone::Action, g.libelle()),
        Some(g @ Gravite::Remarque) => Badge::new(Tone::Neutral, g.libelle()),
        None => Badge::new(Tone::Neutral, "Autre"),
    }
}

/// The page of the object an anomaly speaks of.
fn lien(a: &AnomalieVue) -> Option<String> {
    let parties: Vec<String> = if a.objet == "element" {
        vec![a.cle.clone()]
    } else {
        a.cle.split(" · ").map(ToOwned::to_owned).collect()
    };
    lien_objet(&a.objet, &parties).filter(|_| !a.cle.starts_with("Kofr "))
}

/// One row of a table of anomalies.
fn ligne(a: &AnomalieVue, query: &ListQuery) -> Row {
    let regle = Regle::of_code(&a.regle);
    lien(a)
        .map_or_else(Row::new, |href| Row::to(dans_l_annee(href, query)))
        .code(&a.cle)
        .text(&a.libelle)
        .text(regle.map_or(a.regle.clone(), |r| r.libelle().to_owned()))
        .badge(badge(regle))
        .text(format!("{} : {}", a.a.0, a.a.1))
        .text(format!("{} : {}", a.b.0, a.b.1))
}

fn colonnes() -> [Column; 6] {
    [
        Column::text("cle", "Objet").sortable(),
        Column::text("libelle", "Libellé").optional(),
        Column::text("regle", "Anomalie").sortable(),
        Column::text("gravite", "Gravité"),
        Column::text("a", "Une source dit"),
        Column::text("b", "L’autre, ou la règle"),
    ]
}

/// Anomalies of one object, for its page; nothing when it has none.
pub(super) async fn de_l_objet(
    m: &Maquette,
    query: &ListQuery,
    annee: u16,
    objet: &str,
    cle: &str,
) -> Result<Option<Table>, PageError> {
    let filtre = Filtre { objet: Some((objet, cle)), ..Filtre::default() };
    let filtre = &filtre;
    let page = m
        .outils
        .db
        .read(|c| async move { anomalie_list(&c, annee, filtre, db::Paging::new(1, 50)).await })
        .await?;
    Ok((page.total > 0).then(|| {
        Table::new("anomalies", "Anomalies")
            .columns(colonnes())
            .rows(page.elements.iter().map(|a| ligne(a, query)))
    }))
}

/// `/maquette/anomalies`.
pub(super) async fn liste(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Page<Liste>, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let recherche = kernel::fold(&query.recherche);
    let mut regles = query.valeurs("regle");
    let gravites = query.valeurs("gravite");
    let de_gravite: Vec<&str> =
        Regle::ALL.iter().filter(|r| gravites.contains(&r.gravite().code())).map(|r| r.code()).collect();
    if !gravites.is_empty() {
        if regles.is_empty() {
            regles = de_gravite;
        } else {
            regles.retain(|r| de_gravite.contains(r));
        }
    }
    let tri = query.tri_parmi(&["regle", "cle"]);
    let filtre = Filtre {
        recherche: &recherche,
        regles: &regles,
        objet: None,
        tri,
        decroissant: query.sens == web::Sens::Decroissant,
    };
    let (filtre, paging) = (&filtre, query.paging());
    let (page, comptes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((anomalie_list(&c, a, filtre, paging).await?, anomalie_counts(&c, a).await?))
        })
        .await?;
    let mut par_regle = Filter::new("regle", "Anomalie");
    for (code, nombre) in &comptes {
        let libelle = Regle::of_code(code).map_or(code.clone(), |r| r.libelle().to_owned());
        par_regle = par_regle.counted(code.clone(), libelle, *nombre);
    }
    let mut par_gravite = Filter::new("gravite", "Gravité");
    for g in [Gravite::Bloquante, Gravite::AArbitrer, Gravite::Remarque] {
        let de_celle_ci = |(code, _): &&(String, u64)| Regle::of_code(code).is_some_and(|r| r.gravite() == g);
        let nombre = comptes.iter().filter(de_celle_ci).map(|(_, n)| n).sum();
        par_gravite = par_gravite.counted(g.code(), g.libelle(), nombre);
    }
    let conseil = match query.valeurs("regle").as_slice() {
        [une] => Regle::of_code(une).map(|r| Alert::new(Tone::Info, r.conseil()).titled(r.libelle())),
        _ => None,
    };
    let table = Table::new("anomalies", "Anomalies")
        .columns(colonnes())
        .listing(&query, page.total)
        .searching("Code ou libellé")
        .filters([par_gravite, par_regle].into_iter().chain(m.filtre_annee().await?))
        .rows(page.elements.iter().map(|a| ligne(a, &query)))
        .empty(Empty::new(
            "Aucune anomalie",
            "Les sources s’accordent et la structure est saine, ou rien n’a encore été collecté.",
        ));
    Ok(Page(Liste { frame: frame.titled("Anomalies"), conseil: Maybe(conseil), table }))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/anomalies", Right::MaquetteLire, liste)
        .build()
}
