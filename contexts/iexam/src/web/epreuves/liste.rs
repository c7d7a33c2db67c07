//! The list of a period: tabs by what asks for a look, filters, several at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::web::components::{
    Alert, Bulk, Button, Cell, Column, Empty, Filter, Liste, Look, Maybe, Select, Tab, Table, Tabs, Tone,
};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contracts::maquette::EtapeBreve;
use db::{DbError, Paging, Recent};
use kernel::{AnneeUniversitaire, CodeElement, Right};

use super::{LISTE, code, periodes, peut, voisin};
use crate::Iexam;
use crate::actions::relever_conflits::{Releve, conflits};
use crate::domain::conflits::Sorte;
use crate::domain::epreuve::{Epreuve, Nature};
use crate::domain::periode::Periode;
use crate::store::candidat::candidats_comptes;
use crate::store::epreuve::{Comptes, Filtre, epreuve_comptes, epreuve_list};
use crate::store::epreuve_salle::{SalleConnue, salles_connues, salles_des};
use crate::web::epreuves::dire::{badge_nature, badge_sorte, compter, court};

/// A row of the list.
#[derive(Clone, Debug)]
pub(super) struct Vue {
    epreuve: Epreuve,
    salles: Vec<String>,
    candidats: (u64, u64),
    conflits: BTreeSet<Sorte>,
}

#[derive(Template)]
#[template(path = "epreuves/liste.html")]
struct PageDeListe {
    frame: Frame,
    boutons: Vec<Button>,
    periodes: Select,
    alerte: Maybe<Alert>,
    onglets: Tabs,
    table: Table,
}

/// What an address asks for. The elements of an étape are asked of the offer once.
pub(super) async fn filtre(
    iexam: &Iexam,
    query: &ListQuery,
    p: &Periode,
    releve: &Releve,
) -> Result<Filtre, PageError> {
    let onglet = query.filtre("voir");
    let elements = match query.filtre("etape").and_then(|e| e.rsplit_once('-')) {
        Some((etape, version)) => {
            match iexam.offre.elements_evalues(p.annee, &etape.into(), &version.into()).await {
                Ok(elements) => Some(elements.into_iter().map(|e| e.code).collect::<Vec<CodeElement>>()),
                Err(err) => {
                    tracing::warn!(%err, "the étape of the list is not applied");
                    None
                }
            }
        }
        None => None,
    };
    Ok(Filtre {
        recherche: kernel::fold(&query.recherche),
        natures: query.valeurs("nature").into_iter().map(str::to_owned).collect(),
        elements,
        jours: query.jours("jour"),
        sans_date: onglet == Some("sans-date"),
        sans_salle: onglet == Some("sans-salle"),
        ids: (onglet == Some("conflit")).then(|| releve.epreuves().into_iter().collect()),
        annulees: onglet == Some("annulees"),
        tri: match query.tri_parmi(&["debut", "element", "libelle", "nature", "duree"]) {
            "element" => "element",
            "libelle" => "libelle",
            "nature" => "nature",
            "duree" => "duree",
            _ => "debut",
        },
        decroissant: query.sens == Sens::Decroissant,
    })
}

async fn lire(
    iexam: &Iexam,
    p: &Periode,
    f: &Filtre,
    releve: &Releve,
    paging: Paging,
) -> Result<db::Page<Vue>, DbError> {
    let mut sortes: BTreeMap<i64, BTreeSet<Sorte>> = BTreeMap::new();
    for c in &releve.conflits {
        for id in &c.cle.epreuves {
            sortes.entry(*id).or_default().insert(c.cle.sorte);
        }
    }
    let lire = |c: db::sea_orm::DatabaseConnection| async move {
        let page = epreuve_list(&c, p.id, f, paging).await?;
        let ids: Vec<i64> = page.elements.iter().map(|e| e.id).collect();
        let connues = salles_connues(&c).await?;
        Ok::<_, DbError>((page, salles_des(&c, &ids).await?, candidats_comptes(&c, &ids).await?, connues))
    };
    let (page, salles, candidats, connues) = iexam.db.read(lire).await?;
    Ok(page.map(|epreuve| {
        let donnees = salles.get(&epreuve.id).map(Vec::as_slice).unwrap_or_default();
        Vue {
            // In the order of all rooms: those of Besançon come first.
            salles: connues
                .iter()
                .filter(|s| donnees.contains(&s.salle.id))
                .map(SalleConnue::designation)
                .collect(),
            candidats: candidats.get(&epreuve.id).copied().unwrap_or_default(),
            conflits: sortes.remove(&epreuve.id).unwrap_or_default(),
            epreuve,
        }
    }))
}

fn definition() -> Liste<'static, Vue> {
    let jour = |v: &Vue| match (v.epreuve.debut, v.epreuve.nature) {
        (Some(debut), _) => Cell::text(court(debut)),
        (None, Nature::Dossier) => Cell::text("À rendre"),
        (None, _) => Cell::badges(vec![::web::components::Badge::new(Tone::Warning, "Sans date")]),
    };
    Liste::new("epreuves", "Épreuves")
        .column(Column::text("debut", "Début").sortable(), jour)
        .exported_as(|v| Cell::instant(v.epreuve.debut))
        .column(Column::text("element", "Élément").sortable(), |v| Cell::code(&v.epreuve.element))
        .column(Column::text("libelle", "Libellé").sortable(), |v| Cell::text(&v.epreuve.libelle))
        .column(Column::text("nature", "Nature").sortable(), |v| badge_nature(v.epreuve.nature).into())
        .column(Column::number("duree", "Durée (min)").sortable(), |v| {
            Cell::count(v.epreuve.duree_min.and_then(|d| u64::try_from(d).ok()))
        })
        .column(Column::text("salles", "Salles").optional(), |v| match v.salles.as_slice() {
            [] => Cell::Absent,
            [une] => Cell::text(une),
            toutes => Cell::text(compter(toutes.len(), "salle", "salles")),
        })
        .exported_as(|v| Cell::text_opt(Some(v.salles.join(", ")).filter(|s| !s.is_empty())))
        .column(Column::number("passent", "Passent"), |v| Cell::count(v.candidats.0))
        .column(Column::number("reportent", "Reportent").optional(), |v| Cell::count(v.candidats.1))
        .column(Column::text("conflits", "Conflits"), |v| {
            Cell::badges(v.conflits.iter().map(|s| badge_sorte(*s)).collect())
        })
        .column(Column::number("rang", "Rang").hidden(), |v| Cell::count(u64::try_from(v.epreuve.rang).ok()))
        .column(Column::text("documents", "Documents autorisés").hidden(), |v| {
            Cell::text(&v.epreuve.documents)
        })
        .column(Column::text("sujet", "Sujet").hidden(), |v| Cell::text(&v.epreuve.sujet_par))
        .column(Column::text("surveillee", "Surveillée").hidden(), |v| {
            Cell::text(if v.epreuve.surveillee { "oui" } else { "non" })
        })
        .opens(|v| format!("{LISTE}/{}", v.epreuve.id))
        .muted(|v| v.epreuve.annulee)
        .searching("Code, libellé ou responsable du sujet")
}

fn onglets(query: &ListQuery, n: &Comptes, en_conflit: usize) -> Tabs {
    let present = query.filtre("voir");
    let onglet = |titre: &str, code: Option<&str>, nombre: u64| {
        let reste = query.sans_filtre("voir");
        let url = code.map_or_else(|| reste.clone(), |code| reste.avec("voir", code)).url();
        Tab::new(titre, url).count(nombre).current(present == code)
    };
    Tabs::new(
        "Épreuves",
        [
            onglet("Toutes", None, n.vives),
            onglet("Sans date", Some("sans-date"), n.sans_date),
            onglet("Sans salle", Some("sans-salle"), n.sans_salle),
            onglet("En conflit", Some("conflit"), en_conflit as u64),
            onglet("Annulées", Some("annulees"), n.annulees),
        ],
    )
}

/// Étapes in the menu: those that have students, remembered as long as nothing is written.
const ETAPES: u64 = 200;

#[derive(Debug)]
struct Etapes(Recent<u16, Arc<Vec<EtapeBreve>>>);

async fn etapes(iexam: &Iexam, annee: AnneeUniversitaire) -> Arc<Vec<EtapeBreve>> {
    let tenues: Arc<Etapes> = iexam.db.shared(|| Etapes(Recent::new(4)));
    let chercher = || async {
        let lues = iexam.offre.etapes_chercher(annee, "", ETAPES).await;
        let mut lues = lues.map_err(|err| DbError::Value(err.to_string()))?;
        lues.retain(|e| e.inscrits > 0);
        lues.sort_by(|a, b| a.libelle.cmp(&b.libelle));
        Ok::<_, DbError>(Arc::new(lues))
    };
    match tenues.0.get(&iexam.db, annee.premiere(), chercher).await {
        Ok(lues) => lues,
        Err(err) => {
            tracing::warn!(%err, "the list has no filter by étape");
            Arc::default()
        }
    }
}

fn filtres(query: &ListQuery, n: &Comptes, etapes: &[EtapeBreve]) -> Vec<Filter> {
    let natures = Nature::ALL.iter().fold(Filter::new("nature", "Nature"), |f, nature| {
        f.counted(nature.code(), nature.libelle(), n.natures.get(nature.code()).copied().unwrap_or(0))
    });
    let mut etape = etapes.iter().fold(Filter::new("etape", "Étape"), |f, e| {
        f.option(format!("{}-{}", e.code, e.version), format!("{} ({})", e.libelle, e.code))
    });
    // One that has no student can still be in the address.
    if let Some(voulue) = query.filtre("etape")
        && !etapes.iter().any(|e| format!("{}-{}", e.code, e.version) == voulue)
    {
        etape = etape.option(voulue, voulue);
    }
    vec![natures, Filter::dates("jour", "Jour"), etape]
}

fn boutons(frame: &Frame, p: &Periode) -> Vec<Button> {
    let mut boutons = vec![Button::link("Conflits", voisin("conflits", p)).icon("alert-triangle")];
    if peut(frame, p) {
        boutons.push(Button::link("Ajouter une épreuve", voisin("nouvelle", p)).icon("plus"));
        boutons.push(Button::link("Depuis un tableur", voisin("importer", p)).icon("upload"));
        boutons
            .push(Button::link("Depuis une étape", voisin("etape", p)).icon("list-tree").look(Look::Primary));
    }
    boutons
}

/// `/iexam/epreuves`.
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(iexam): State<Iexam>,
) -> Result<Response, PageError> {
    let query = listage.query().clone();
    let (p, toutes) = periodes(&iexam, query.filtre("periode")).await?;
    let releve: Arc<Releve> = conflits(&iexam, &p).await?;
    let f = filtre(&iexam, &query, &p, &releve).await?;
    let liste = definition();
    if listage.export().is_some() {
        return liste
            .export(&listage, move |tranche| {
                let (iexam, p, f, releve) = (iexam.clone(), p.clone(), f.clone(), Arc::clone(&releve));
                async move { Ok::<_, DbError>(lire(&iexam, &p, &f, &releve, tranche.paging()).await?.elements) }
            })
            .await;
    }
    let page = listage.read(|paging| lire(&iexam, &p, &f, &releve, paging)).await?;
    let periode = p.id;
    let comptes = iexam.db.read(|c| async move { epreuve_comptes(&c, periode).await }).await?;
    let vide = if comptes.vives + comptes.annulees == 0 {
        let empty = Empty::new(
            "Aucune épreuve",
            "Cette période n’a pas encore d’épreuve. Partez d’une étape : ses éléments et leurs modalités de contrôle viennent de Maquette.",
        );
        if peut(&frame, &p) { empty.action("Créer depuis une étape", voisin("etape", &p)) } else { empty }
    } else {
        Empty::new("Aucune épreuve ici", "Aucune épreuve ne répond à cette recherche.")
    };
    let mut liste = liste.filters(filtres(&query, &comptes, &etapes(&iexam, p.annee).await)).empty(vide);
    if peut(&frame, &p) {
        let bulk = Bulk::new()
            .action(Right::ExamensRegler, "/iexam/epreuves/lot/salles", "Donner des salles…")
            .action(Right::ExamensRegler, "/iexam/epreuves/lot/decaler", "Décaler…")
            .action(Right::ExamensRegler, "/iexam/epreuves/lot/annuler", "Annuler…");
        liste = liste.bulk(bulk, |v| v.epreuve.id.to_string());
    }
    let options = toutes.iter().map(|t| (code(t), format!("{}, {}", t.nom(), t.libelle)));
    let alerte = releve.muette.then(|| {
        Alert::new(
            Tone::Warning,
            "Maquette ne répond pas : les conflits ne tiennent compte que des inscriptions déjà faites.",
        )
    });
    let page = Page(PageDeListe {
        boutons: boutons(&frame, &p),
        periodes: Select::new("periode", "Période", options).selected(code(&p)),
        alerte: Maybe(alerte),
        onglets: onglets(&query, &comptes, releve.epreuves().len()),
        table: liste.table(&listage, &page),
        frame: frame
            .titled(format!("Épreuves de {}", p.nom()))
            .crumb("Périodes", "/iexam/periodes")
            .crumb(p.nom(), super::super::periodes::lien(&p)),
    });
    Ok(page.into_response())
}
