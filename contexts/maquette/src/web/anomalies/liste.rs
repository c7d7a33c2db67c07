//! The list: tabs by where each anomaly stands, filters by rule, severity, object and component.

use ::web::components::{Alert, Bulk, Cell, Column, Empty, Filter, Liste, Maybe, Tab, Table, Tabs, Tone};
use ::web::{Frame, ListQuery, Listage, Page, PageError, Sens};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use db::DbError;
use kernel::Right;

use super::{badge, badge_situation, dit, lien_anomalie, regle};
use crate::actions::corriger::aujourd_hui;
use crate::domain::anomalie::{Gravite, Regle};
use crate::domain::arbitrage::Situation;
use crate::domain::genre::Genre;
use crate::store::anomalie::{
    AnomalieVue, Etats, Facettes, Filtre, anomalie_etats, anomalie_facettes, anomalie_list,
};
use crate::web::Maquette;

/// Situations that ask for work: what the bare address shows.
const EN_COURS: [Situation; 3] = [Situation::ATraiter, Situation::Attribuee, Situation::Revenue];

/// What a list of anomalies was asked, out of its address.
pub(in crate::web) struct Voulu<'q> {
    recherche: String,
    regles: Vec<&'q str>,
    objets: Vec<&'q str>,
    composantes: Vec<&'q str>,
    situations: Vec<Situation>,
    a: Option<&'q str>,
    tri: &'static str,
    decroissant: bool,
}

impl<'q> Voulu<'q> {
    /// `login` is who looks, for « à moi ».
    pub(super) fn de(query: &'q ListQuery, login: &'q str) -> Self {
        let mut regles = query.valeurs("regle");
        let gravites = query.valeurs("gravite");
        if !gravites.is_empty() {
            let celles =
                Regle::ALL.iter().filter(|r| gravites.contains(&r.gravite().code())).map(|r| r.code());
            if regles.is_empty() {
                regles = celles.collect();
            } else {
                let celles: Vec<_> = celles.collect();
                regles.retain(|r| celles.contains(r));
            }
            if regles.is_empty() {
                // No rule is of that severity: nothing is shown, rather than everything.
                regles.push("");
            }
        }
        let etat = query.filtre("etat");
        let (situations, a) = match etat {
            Some("a_moi") => (Vec::new(), Some(login)),
            Some("toutes") => (Vec::new(), None),
            Some(code) => (Situation::of_code(code).map_or_else(|| EN_COURS.to_vec(), |s| vec![s]), None),
            None => (EN_COURS.to_vec(), None),
        };
        Self {
            recherche: kernel::fold(&query.recherche),
            regles,
            objets: query.valeurs("objet"),
            composantes: query.valeurs("composante"),
            situations,
            a,
            tri: query.tri_parmi(&["regle", "cle", "libelle"]),
            decroissant: query.sens == Sens::Decroissant,
        }
    }

    pub(super) fn filtre(&self) -> Filtre<'_> {
        Filtre {
            recherche: &self.recherche,
            regles: &self.regles,
            objets: &self.objets,
            composantes: &self.composantes,
            situations: &self.situations,
            a: self.a,
            tri: self.tri,
            decroissant: self.decroissant,
            ..Filtre::default()
        }
    }

    /// The same, narrowed by nothing but the tab: what the filters count.
    fn onglet(&self) -> Filtre<'_> {
        Filtre { situations: &self.situations, a: self.a, ..Filtre::default() }
    }
}

#[derive(Template)]
#[template(path = "anomalies/liste.html")]
struct PageDeListe {
    frame: Frame,
    onglets: Tabs,
    conseil: Maybe<Alert>,
    table: Table,
}

fn onglets(query: &ListQuery, etats: &Etats, traite: bool) -> Tabs {
    let present = query.filtre("etat");
    let lien = |code: Option<&str>| {
        let reste = query.sans_filtre("etat");
        code.map_or_else(|| reste.clone(), |code| reste.avec("etat", code)).url()
    };
    let onglet = |titre: &str, code: Option<&str>, n: u64| {
        Tab::new(titre, lien(code)).count(n).current(present == code)
    };
    let mut tous = vec![
        onglet("En cours", None, etats.en_cours()),
        onglet("À traiter", Some("a_traiter"), etats.a_traiter),
        onglet("Attribuées", Some("attribuee"), etats.attribuees),
        onglet("Revenues", Some("revenue"), etats.revenues),
        onglet("Réglées", Some("reglee"), etats.reglees),
        onglet("Ignorées", Some("ignoree"), etats.ignorees),
    ];
    if traite {
        tous.insert(1, onglet("À moi", Some("a_moi"), etats.a_moi));
    }
    Tabs::new("Anomalies par état", tous)
}

fn filtres(f: &Facettes) -> [Filter; 4] {
    let gravite = |g: Gravite| {
        let celles =
            f.regles.iter().filter(|(code, _)| Regle::of_code(code).is_some_and(|r| r.gravite() == g));
        celles.map(|(_, n)| n).sum::<u64>()
    };
    let par_gravite = [Gravite::Bloquante, Gravite::AArbitrer, Gravite::Remarque]
        .into_iter()
        .fold(Filter::new("gravite", "Gravité"), |filtre, g| {
            filtre.counted(g.code(), g.libelle(), gravite(g))
        });
    let par_regle = f.regles.iter().fold(Filter::new("regle", "Anomalie"), |filtre, (code, n)| {
        let libelle = Regle::of_code(code).map_or_else(|| code.clone(), |r| r.libelle().to_owned());
        filtre.counted(code.clone(), libelle, *n)
    });
    let par_objet = f.objets.iter().fold(Filter::new("objet", "Objet"), |filtre, (code, n)| {
        filtre.counted(code.clone(), nom_d_objet(code), *n)
    });
    let par_composante =
        f.composantes.iter().fold(Filter::new("composante", "Composante"), |filtre, (code, mot, n)| {
            filtre.counted(code.clone(), mot.clone(), *n)
        });
    [par_gravite, par_regle, par_objet, par_composante]
}

/// The kind of object, as a filter names it.
pub(super) fn nom_d_objet(code: &str) -> String {
    match (code, Genre::of_code(code)) {
        ("fichier", _) => "Lignes de fichiers".to_owned(),
        (_, Some(g)) => g.description().titre.to_owned(),
        _ => code.to_owned(),
    }
}

fn definition(query: &ListQuery) -> Liste<'static, AnomalieVue> {
    let query = query.clone();
    Liste::new("anomalies", "Anomalies")
        .column(Column::text("cle", "Objet").sortable(), |a: &AnomalieVue| Cell::code(&a.cle))
        .column(Column::text("libelle", "Libellé").sortable().optional(), |a| Cell::text(&a.libelle))
        .column(Column::text("regle", "Anomalie").sortable(), |a| Cell::text(regle(a)))
        .column(Column::text("gravite", "Gravité"), |a| badge(Regle::of_code(&a.regle)).into())
        .column(Column::text("a", "Une source dit"), |a| Cell::text(dit(&a.a)))
        .column(Column::text("b", "L’autre, ou la règle"), |a| Cell::text(dit(&a.b)))
        .column(Column::text("etat", "État"), |a| badge_situation(a.situation).into())
        .column(Column::text("attribuee", "Attribuée à").optional(), |a| Cell::text_opt(a.attribuee_a()))
        .column(Column::text("champ", "Champ").hidden(), |a| Cell::text(&a.champ))
        .column(Column::text("motif", "Motif de la décision").hidden(), |a| {
            Cell::text_opt(a.arbitrage.as_ref().and_then(|t| t.motif.clone()))
        })
        .column(Column::text("jusqu_au", "Ignorée jusqu’au").hidden(), |a| {
            Cell::date(a.arbitrage.as_ref().and_then(|t| t.jusqu_au))
        })
        .column(Column::text("vue", "Vue le").hidden(), |a| Cell::instant(a.collecte.1))
        .opens(move |a| lien_anomalie(a.id, &query))
        .muted(|a| !a.situation.ouverte())
        .searching("Code ou libellé")
        .bulk(
            Bulk::new()
                .action(Right::AnomaliesTraiter, "/maquette/anomalies/lot/attribuer", "Attribuer…")
                .action(Right::AnomaliesTraiter, "/maquette/anomalies/lot/ignorer", "Ignorer…"),
            |a| a.id.to_string(),
        )
}

/// `/maquette/anomalies`.
pub(super) async fn liste(
    frame: Frame,
    listage: Listage,
    State(m): State<Maquette>,
) -> Result<Response, PageError> {
    let query = listage.query().clone();
    let annee = m.annee(&query).await?.premiere();
    let jour = aujourd_hui(&m.outils);
    let login = listage.visitor().identifiant.clone();
    let voulu = Voulu::de(&query, &login);
    let filtre = &voulu.filtre();
    let onglet = &voulu.onglet();
    let mut liste = definition(&query);
    if listage.export().is_some() {
        let (m, query, login) = (m.clone(), query.clone(), login.clone());
        return liste
            .export(&listage, move |tranche| {
                let (m, query, login) = (m.clone(), query.clone(), login.clone());
                async move {
                    let voulu = Voulu::de(&query, &login);
                    let (filtre, paging) = (&voulu.filtre(), tranche.paging());
                    let lire = m
                        .outils
                        .db
                        .read(|c| async move { anomalie_list(&c, annee, filtre, jour, paging).await });
                    Ok::<_, DbError>(lire.await?.elements)
                }
            })
            .await;
    }
    let (etats, facettes) = m
        .outils
        .db
        .read(|c| {
            let login = login.clone();
            async move {
                let etats = anomalie_etats(&c, annee, &login, jour).await?;
                Ok::<_, DbError>((etats, anomalie_facettes(&c, annee, onglet, jour).await?))
            }
        })
        .await?;
    let lire = |paging| {
        let m = &m;
        async move {
            m.outils.db.read(|c| async move { anomalie_list(&c, annee, filtre, jour, paging).await }).await
        }
    };
    let page = listage.read(lire).await?;
    let conseil = match query.valeurs("regle").as_slice() {
        [une] => Regle::of_code(une).map(|r| Alert::new(Tone::Info, r.conseil()).titled(r.libelle())),
        _ => None,
    };
    liste = liste.filters(filtres(&facettes).into_iter().chain(m.filtre_annee().await?)).empty(Empty::new(
        "Aucune anomalie en cours",
        "Les sources s’accordent et la structure est saine, tout est réglé, ou rien n’a encore été collecté.",
    ));
    let traite = listage.visitor().may(Right::AnomaliesTraiter);
    let onglets = onglets(&query, &etats, traite);
    let table = liste.table(&listage, &page);
    let frame = frame.titled("Anomalies");
    Ok(Page(PageDeListe { frame, onglets, conseil: Maybe(conseil), table }).into_response())
}
