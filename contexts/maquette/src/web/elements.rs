//! Elements: list, and an element's page: where it is used, what each source says of it.

use ::web::components::{
    Alert, Badge, Column, Empty, Filter, Identity, KeyFigure, KeyFigures, Maybe, Row, Table, Tone,
};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes, Sens};
use askama::Template;
use axum::extract::{Path, State};
use kernel::Right;

use super::lien::{lien_element, lien_etape};
use super::{Maquette, anomalies, dans_l_annee};
use crate::domain::genre::Genre;
use crate::store::element::{
    ElementVu, Filtre, element_etapes, element_heures, element_list, element_listes, element_natures,
    element_read,
};

#[derive(Template)]
#[template(path = "liste.html")]
pub(super) struct Liste {
    frame: Frame,
    table: Table,
}

fn badge(e: &ElementVu) -> Badge {
    if e.disparu {
        Badge::new(Tone::Neutral, "Disparu de la source")
    } else if e.ferme {
        Badge::new(Tone::Neutral, "Fermé")
    } else if e.suspendu {
        Badge::new(Tone::Warning, "Suspendu")
    } else {
        Badge::new(Tone::Success, "Ouvert")
    }
}

/// `/maquette/elements`.
pub(super) async fn liste(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Page<Liste>, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let recherche = kernel::fold(&query.recherche);
    let natures = query.valeurs("nature");
    let filtre = Filtre {
        recherche: &recherche,
        natures: &natures,
        etat: query.filtre("etat"),
        tri: query.tri_parmi(&["code", "libelle", "nature", "ects"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let (filtre, paging) = (&filtre, query.paging());
    let (page, natures) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((element_list(&c, a, filtre, paging).await?, element_natures(&c, a).await?))
        })
        .await?;
    let etats = Filter::new("etat", "État")
        .option("partage", "Partagé")
        .option("suspendu", "Suspendu")
        .option("ferme", "Fermé");
    let mut par_nature = Filter::new("nature", "Nature");
    for (code, libelle, nombre) in natures {
        par_nature = par_nature.counted(code, libelle, nombre);
    }
    let lignes = page.elements.iter().map(|e| {
        Row::to(dans_l_annee(lien_element(&e.code), &query))
            .code(&e.code)
            .text(&e.libelle)
            .text(&e.nature)
            .text_opt(e.periode.as_deref())
            .centi(e.ects)
            .count(e.usages)
            .badge(badge(e))
            .muted(e.disparu || e.ferme)
    });
    let table = Table::new("elements", "Éléments")
        .columns([
            Column::text("code", "Code").sortable(),
            Column::text("libelle", "Libellé").sortable(),
            Column::text("nature", "Nature").sortable().optional(),
            Column::text("periode", "Période").optional(),
            Column::number("ects", "ECTS").sortable(),
            Column::number("usages", "Listes").optional(),
            Column::text("etat", "État").optional(),
        ])
        .listing(&query, page.total)
        .searching("Code ou libellé")
        .filters([par_nature, etats].into_iter().chain(m.filtre_annee().await?))
        .rows(lignes)
        .empty(
            Empty::new(
                "Aucun élément",
                format!("L’offre de {} n’a pas encore été collectée.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    Ok(Page(Liste { frame: frame.titled("Éléments"), table }))
}

#[derive(Template)]
#[template(path = "elements/un.html")]
pub(super) struct Un {
    frame: Frame,
    identite: Identity,
    chiffres: KeyFigures,
    alertes: Vec<Alert>,
    heures: Maybe<Table>,
    etapes: Table,
    listes: Maybe<Table>,
    anomalies: Maybe<Table>,
}

/// `/maquette/elements/{code}`.
pub(super) async fn un(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
    Path(code): Path<String>,
) -> Result<Page<Un>, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let code = code.as_str();
    let element = m.outils.db.read(|c| async move { element_read(&c, a, code).await }).await?;
    let e = element.ok_or_else(|| {
        PageError::nothing(format!("L’élément {code} n’existe pas dans l’offre de {}.", annee.libelle()))
    })?;
    let (heures, etapes, listes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                element_heures(&c, a, code).await?,
                element_etapes(&c, a, code).await?,
                element_listes(&c, a, code).await?,
            ))
        })
        .await?;
    let mut identite = Identity::new("Élément", &e.code)
        .badge(badge(&e))
        .fact(e.nature_libelle.clone().unwrap_or_else(|| e.nature.clone()));
    if let Some(p) = &e.periode {
        identite = identite.fact(p.clone());
    }
    if let Some(c) = &e.composante {
        identite = identite.fact(c.clone());
    }
    let source = if e.ects_kofr.is_some() {
        "Apogée (extraction), ECTS et heures de Kofr"
    } else {
        "Apogée (extraction)"
    };
    identite = identite.source(source);
    let mut alertes = Vec::new();
    if let Some(motif) = &e.motif_suspension {
        alertes.push(Alert::new(Tone::Warning, format!("Suspendu dans Apogée : {motif}.")));
    }
    let ects = e.ects.map_or_else(|| "—".to_owned(), |c| c.to_string());
    let dit = |c: Option<kernel::Centi>| c.map_or_else(|| "rien".to_owned(), |c| c.to_string());
    let chiffres = KeyFigures::new([
        KeyFigure::text(ects, "ECTS").detail(format!(
            "Apogée : {} · Kofr : {}",
            dit(e.ects_apogee),
            dit(e.ects_kofr)
        )),
        KeyFigure::count(etapes.len() as u64, "Étapes").detail("où il se trouve"),
        KeyFigure::count(listes.len() as u64, "Listes"),
    ]);
    let table_heures = (!heures.is_empty()).then(|| {
        Table::new("heures", "Heures d’enseignement")
            .columns([
                Column::text("type", "Type"),
                Column::number("heures", "Heures"),
                Column::number("apogee", "Selon Apogée").optional(),
                Column::number("kofr", "Selon Kofr").optional(),
                Column::number("groupes", "Groupes"),
            ])
            .rows(heures.iter().map(|h| {
                Row::new()
                    .text(&h.type_heure)
                    .centi(h.heures)
                    .centi(h.apogee)
                    .centi(h.kofr)
                    .text_opt(h.groupes)
            }))
    });
    let table_etapes = Table::new("etapes", "Étapes où il se trouve")
        .columns([
            Column::text("code", "Étape"),
            Column::text("version", "Version"),
            Column::text("libelle", "Libellé"),
        ])
        .rows(etapes.iter().map(|u| {
            Row::to(dans_l_annee(lien_etape(&u.etape, Some(&u.version)), &query))
                .code(&u.etape)
                .text(&u.version)
                .text(&u.libelle)
        }))
        .empty(Empty::new("Aucune étape", "Cet élément n’est dans l’arbre d’aucune étape de l’année."));
    let table_listes = (!listes.is_empty()).then(|| {
        Table::new("listes", "Listes qui le contiennent")
            .columns([
                Column::text("code", "Liste"),
                Column::text("type", "Type"),
                Column::text("libelle", "Libellé"),
            ])
            .rows(listes.iter().map(|(code, libelle, type_liste)| {
                let mot = match type_liste.as_str() {
                    "X" => "à choix",
                    "F" => "facultative",
                    _ => "obligatoire",
                };
                Row::new().code(code).text(mot).text(libelle)
            }))
    });
    let anomalies = anomalies::de_l_objet(&m, &query, a, Genre::Element.description().code, &e.code).await?;
    Ok(Page(Un {
        frame: frame.titled(e.libelle.clone()).crumb("Éléments", "/maquette/elements"),
        identite,
        chiffres,
        alertes,
        heures: Maybe(table_heures),
        etapes: table_etapes,
        listes: Maybe(table_listes),
        anomalies: Maybe(anomalies),
    }))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/elements", Right::MaquetteLire, liste)
        .get("/maquette/elements/{code}", Right::MaquetteLire, un)
        .build()
}
