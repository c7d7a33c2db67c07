//! Étapes: list, and an étape's page with its tree.

use ::web::components::{
    Alert, Badge, Column, Empty, Filter, Identity, KeyFigure, KeyFigures, Maybe, Quantity, Row, Table, Tone,
    Tree, TreeRow,
};
use ::web::{Frame, ListQuery, Page, PageError, RouteTable, Routes, Sens};
use askama::Template;
use axum::extract::{Path, State};
use kernel::{Centi, Right, nombre_francais};

use super::lien::{lien_element, lien_etape};
use super::{Maquette, anomalies, dans_l_annee};
use crate::domain::arbre::{Graphe, Intervalle, Objet, Rang, Somme, deplier};
use crate::domain::genre::Genre;
use crate::store::arbre::arbre_load;
use crate::store::etape::{EtapeVue, Filtre, etape_composantes, etape_diplomes, etape_list, etape_read};

#[derive(Template)]
#[template(path = "liste.html")]
pub(super) struct Liste {
    frame: Frame,
    table: Table,
}

fn badge(e: &EtapeVue) -> Badge {
    match (e.fermee, e.ouverte) {
        (true, _) => Badge::new(Tone::Neutral, "Fermée"),
        (false, Some(false)) => Badge::new(Tone::Warning, "Validation seule"),
        (false, _) => Badge::new(Tone::Success, "Ouverte"),
    }
}

/// `/maquette/etapes`.
pub(super) async fn liste(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
) -> Result<Page<Liste>, PageError> {
    let annee = m.annee(&query).await?;
    let a = annee.premiere();
    let recherche = kernel::fold(&query.recherche);
    let filtre = Filtre {
        recherche: &recherche,
        etat: query.filtre("etat"),
        composante: query.filtre("composante"),
        tri: query.tri_parmi(&["code", "libelle", "composante"]),
        decroissant: query.sens == Sens::Decroissant,
    };
    let (filtre, paging) = (&filtre, query.paging());
    let (page, composantes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((etape_list(&c, a, filtre, paging).await?, etape_composantes(&c, a).await?))
        })
        .await?;
    let etats = Filter::new("etat", "État")
        .option("ouverte", "Ouverte au recrutement")
        .option("validation", "Validation seule")
        .option("fermee", "Disparue de la source");
    let mut par_composante = Filter::new("composante", "Composante");
    for (code, libelle, nombre) in composantes {
        par_composante = par_composante.counted(code, libelle, nombre);
    }
    let lignes = page.elements.iter().map(|e| {
        Row::to(dans_l_annee(lien_etape(&e.code, e.version.as_deref()), &query))
            .code(&e.code)
            .text_opt(e.version.as_deref())
            .text(&e.libelle)
            .text_opt(e.composante.as_deref())
            .badge(badge(e))
            .count(e.inscrits)
            .muted(e.fermee)
    });
    let table = Table::new("etapes", "Étapes")
        .columns([
            Column::text("code", "Code").sortable(),
            Column::text("version", "Version").optional(),
            Column::text("libelle", "Libellé").sortable(),
            Column::text("composante", "Composante").sortable().optional(),
            Column::text("etat", "État"),
            Column::number("inscrits", "Inscrits").optional(),
        ])
        .listing(&query, page.total)
        .searching("Code ou libellé")
        .filters([etats, par_composante].into_iter().chain(m.filtre_annee().await?))
        .rows(lignes)
        .empty(
            Empty::new(
                "Aucune étape",
                format!("L’offre de {} n’a pas encore été collectée.", annee.libelle()),
            )
            .action("Voir les collectes", "/maquette/collectes"),
        );
    Ok(Page(Liste { frame: frame.titled("Étapes"), table }))
}

#[derive(Template)]
#[template(path = "etapes/une.html")]
pub(super) struct Une {
    frame: Frame,
    identite: Identity,
    chiffres: KeyFigures,
    alertes: Vec<Alert>,
    arbre: Maybe<Tree>,
    diplomes: Maybe<Table>,
    anomalies: Maybe<Table>,
}

/// `/maquette/etapes/{code}`: the étape of a catalogue without versions, or its latest version.
pub(super) async fn sans_version(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
    Path(code): Path<String>,
) -> Result<Page<Une>, PageError> {
    page(frame, &query, &m, &code, None).await
}

/// `/maquette/etapes/{code}/{version}`.
pub(super) async fn une(
    frame: Frame,
    query: ListQuery,
    State(m): State<Maquette>,
    Path((code, version)): Path<(String, String)>,
) -> Result<Page<Une>, PageError> {
    page(frame, &query, &m, &code, Some(&version)).await
}

/// Rows of a tree beyond which it is cut, saying so: shared elements unfold without limit.
const RANGS: usize = 3_000;

async fn page(
    frame: Frame,
    query: &ListQuery,
    m: &Maquette,
    code: &str,
    version: Option<&str>,
) -> Result<Page<Une>, PageError> {
    let annee = m.annee(query).await?;
    let a = annee.premiere();
    let etape = m.outils.db.read(|c| async move { etape_read(&c, a, code, version).await }).await?;
    let etape = etape.ok_or_else(|| {
        let v = version.map(|v| format!(", version {v},")).unwrap_or_default();
        PageError::nothing(format!("L’étape {code}{v} n’existe pas dans l’offre de {}.", annee.libelle()))
    })?;
    let mut identite = Identity::new("Étape", &etape.code).badge(badge(&etape));
    if let Some(v) = &etape.version {
        identite = identite.fact(format!("version {v}"));
    }
    if let Some(c) = &etape.composante {
        identite = identite.fact(c.clone());
    }
    if etape.a_distance == Some(true) {
        identite = identite.fact("à distance");
    }
    identite = identite.source("Apogée (extraction)");

    let v = etape.version.clone().unwrap_or_default();
    let (vref, cref) = (v.as_str(), etape.code.as_str());
    let ((graphe, liens), diplomes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                arbre_load(&c, a, cref, vref).await?,
                etape_diplomes(&c, a, cref, vref).await?,
            ))
        })
        .await?;
    let rangs = deplier(&graphe, &liens, RANGS);
    let avec_fermes = query.filtre("fermes").is_some();
    let fermes = rangs.iter().filter(|r| r.ferme).count();
    let somme = crate::domain::arbre::Sommes::new(&graphe).sous(&liens);

    let mut alertes = Vec::new();
    if rangs.len() >= RANGS {
        alertes.push(Alert::new(
            Tone::Warning,
            format!(
                "L’arbre se déplie en plus de {} lignes : seules les premières sont affichées.",
                nombre_francais(RANGS as i64)
            ),
        ));
    }
    let arbre = (!rangs.is_empty()).then(|| {
        let mut arbre = Tree::new("arbre", format!("Structure de l’étape {}", etape.code))
            .rows(rangs.iter().filter(|r| avec_fermes || !r.ferme).map(|r| rang(&graphe, r, query)))
            .open_to(5);
        if avec_fermes {
            arbre = arbre.closed_link("Masquer ce qui est fermé", query.sans("fermes", "oui").url());
        } else if fermes > 0 {
            arbre = arbre.closed_link(
                format!("Afficher aussi ce qui est fermé ({})", nombre_francais(fermes as i64)),
                query.avec("fermes", "oui").url(),
            );
        }
        arbre
    });
    if arbre.is_none() {
        alertes.push(
            Alert::new(
                Tone::Info,
                "Apogée ne rattache aucune liste à cette étape : elle n’a pas de structure à montrer.",
            )
            .titled("Étape sans structure"),
        );
    }
    let cle = format!("{} · {}", etape.code, v);
    let anomalies = anomalies::de_l_objet(m, query, a, Genre::VersionEtape.description().code, &cle).await?;
    let lignes = diplomes.iter().map(|d| {
        let fenetre = |(d, f): (Option<i64>, Option<i64>)| {
            let an = |a: Option<i64>| a.map_or_else(|| "…".to_owned(), |a| a.to_string());
            format!("{}–{}", an(d), an(f))
        };
        Row::new()
            .code(&d.code)
            .text(&d.version)
            .text(&d.libelle)
            .text_opt(d.rang.map(|r| format!("année {r}")))
            .text(fenetre(d.recrutement))
            .text(fenetre(d.validation))
    });
    let diplomes = (!diplomes.is_empty()).then(|| {
        Table::new("diplomes", "Versions de diplôme")
            .columns([
                Column::text("code", "Diplôme"),
                Column::text("version", "Version"),
                Column::text("libelle", "Libellé"),
                Column::text("rang", "Rang"),
                Column::text("recrutement", "Recrutement"),
                Column::text("validation", "Validation"),
            ])
            .rows(lignes)
    });
    let frame = frame.titled(etape.libelle.clone()).crumb("Étapes", "/maquette/etapes");
    Ok(Page(Une {
        frame,
        identite,
        chiffres: chiffres(&etape, &graphe, &somme),
        alertes,
        arbre: Maybe(arbre),
        diplomes: Maybe(diplomes),
        anomalies: Maybe(anomalies),
    }))
}

fn chiffres(etape: &EtapeVue, graphe: &Graphe, somme: &Somme) -> KeyFigures {
    let ouverts = (0..graphe.elements.len()).filter(|e| graphe.est_ouvert(*e)).count() as u64;
    let partages = graphe.elements.iter().filter(|e| e.usages > 1).count() as u64;
    let heures = |i: usize| somme.heures.get(i).copied().flatten().map(|h| h.to_string());
    let mut figures = vec![
        KeyFigure::text(somme.ects.map_or_else(|| "—".to_owned(), |e| e.to_string()), "ECTS")
            .detail("calculés sur l’arbre"),
        KeyFigure::count(ouverts, "Éléments ouverts").detail(if partages > 1 {
            format!("dont {partages} partagés")
        } else {
            format!("dont {partages} partagé")
        }),
    ];
    for (i, type_heure) in crate::domain::arbre::TYPES_HEURES.into_iter().enumerate() {
        if let Some(h) = heures(i) {
            figures.push(KeyFigure::text(h, format!("Heures {type_heure}")).unit("h"));
        }
    }
    figures.push(KeyFigure::count(etape.inscrits, "Inscrits"));
    KeyFigures::new(figures)
}

/// Bounds of a sum, as the tree shows them.
fn bornes(i: Option<Intervalle>) -> Option<(Centi, Centi)> {
    i.map(|i| (i.min, i.max))
}

fn rang(graphe: &Graphe, r: &Rang, query: &ListQuery) -> TreeRow {
    let profondeur = u8::try_from(r.niveau).unwrap_or(u8::MAX);
    let heures = |i: usize| r.somme.heures.get(i).copied().flatten();
    let somme = |i: Option<Intervalle>| Quantity::with_range(None, bornes(i));
    match &r.objet {
        Objet::Liste { liste, min, max } => {
            let Some(l) = graphe.listes.get(*liste) else {
                return TreeRow::new(profondeur, "", "", "", "");
            };
            let (court, long) = match l.type_liste.as_str() {
                "X" => ("Choix", "liste à choix"),
                "F" => ("Fac.", "liste facultative"),
                _ => ("Liste", "liste obligatoire"),
            };
            let mut ligne = TreeRow::new(profondeur, court, long, &l.code, &l.libelle)
                .ects(somme(r.somme.ects))
                .heures(somme(heures(0)), somme(heures(1)), somme(heures(2)))
                .ead(somme(heures(3)))
                .closed(r.ferme);
            match l.type_liste.as_str() {
                "X" if min == max => ligne = ligne.detail(format!("{min} au choix")),
                "X" => ligne = ligne.detail(format!("{min} à {max} au choix")),
                "F" => ligne = ligne.detail(format!("jusqu’à {max}, facultatif")),
                _ => {}
            }
            if l.contenu.is_empty() {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Vide"));
            }
            if r.ferme {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fermée"));
            }
            ligne
        }
        Objet::Element(position) => {
            let Some(e) = graphe.elements.get(*position) else {
                return TreeRow::new(profondeur, "", "", "", "");
            };
            let feuille = e.sous.is_empty();
            // ECTS of a node are said once, for it or below it; hours of a node add to those below it.
            let ects = if feuille {
                Quantity::own(e.ects)
            } else {
                Quantity::with_range(e.ects, bornes(r.dessous.ects))
            };
            let heure = |i: usize| {
                if feuille { Quantity::own(e.heures.get(i).copied().flatten()) } else { somme(heures(i)) }
            };
            let mut ligne = TreeRow::new(profondeur, &e.nature, &e.nature, &e.code, &e.libelle)
                .href(dans_l_annee(lien_element(&e.code), query))
                .ects(ects)
                .heures(heure(0), heure(1), heure(2))
                .ead(heure(3))
                .shared(u64::from(e.usages), dans_l_annee(lien_element(&e.code), query))
                .closed(r.ferme);
            if r.boucle {
                ligne = ligne.badge(Badge::new(Tone::Danger, "Boucle, non suivie"));
            }
            if r.coupe {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Trop profond"));
            }
            if e.suspendu {
                ligne = ligne.badge(Badge::new(Tone::Warning, "Suspendu"));
            } else if e.ferme {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fermé"));
            }
            if e.fictif {
                ligne = ligne.badge(Badge::new(Tone::Neutral, "Fictif"));
            }
            ligne
        }
    }
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/maquette/etapes", Right::MaquetteLire, liste)
        .get("/maquette/etapes/{code}", Right::MaquetteLire, sans_version)
        .get("/maquette/etapes/{code}/{version}", Right::MaquetteLire, une)
        .build()
}
