//! Home: what one must know before working. What waits for this person, state of each source with the age of its copy, year, maquette,
//! anomalies, last collections.

use ::web::components::{Alert, Badge, Column, Empty, KeyFigure, KeyFigures, Row, Table, Tone};
use ::web::{Frame, Html, ListQuery, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Utc};
use contracts::liens::EtatSource;
use db::Paging;
use kernel::{AnneeUniversitaire, Right, Source};

use super::collectes::{badge_etat, resume};
use super::{Maquette, dans_l_annee, le, repere};
use crate::domain::anomalie::{Gravite, Regle};
use crate::domain::arbitrage::Situation;
use crate::domain::{EtatCollecte, Genre, Portee};
use crate::store::anomalie::{Etats, Filtre, anomalie_etats, anomalie_facettes};
use crate::store::correction_lue::{Comptes, correction_counts};
use crate::store::{collecte, element, objet, parametre};

#[derive(Template)]
#[template(path = "accueil.html")]
struct Accueil {
    frame: Frame,
    alertes: Html,
    chiffres: KeyFigures,
    anomalies: KeyFigures,
    a_faire: Table,
    sources: Table,
    collectes: Table,
}

#[derive(Template)]
#[template(path = "bienvenue.html")]
struct Bienvenue {
    frame: Frame,
    message: Alert,
}

/// `/maquette` is a word one types: it leads to the étapes.
pub(super) async fn maquette() -> Redirection {
    Redirection::to("/maquette/etapes")
}

/// `/`.
pub(super) async fn accueil(
    frame: Frame,
    query: ListQuery,
    visitor: Visitor,
    State(m): State<Maquette>,
) -> Result<axum::response::Response, PageError> {
    use axum::response::IntoResponse;
    // A student comes for one thing.
    if visitor.may(Right::ExamenPasser) {
        return Ok(Redirection::to("/examens").into_response());
    }
    if !visitor.may(Right::MaquetteLire) {
        let message = Alert::new(Tone::Info, "Votre espace n’est pas encore ouvert dans Télémaque.")
            .titled(format!("Bienvenue, {}", visitor.nom))
            .way_out("Votre compte fonctionne : vous serez prévenu par courriel quand vos pages seront prêtes. En attendant, adressez-vous à la scolarité.")
            .link("Gérer mon compte", "/compte");
        return Ok(Page(Bienvenue { frame: frame.titled("Accueil"), message }).into_response());
    }
    let annee = m.annee(&query).await?;
    let connue =
        m.outils.db.read(|c| async move { parametre::parametre_read(&c, "annee_courante").await }).await?;
    let etats = m.sources.etats().await;
    let ages = ages(&m, annee).await?;
    let travail = travail(&m, &visitor, annee).await?;
    let page = Accueil {
        frame: frame.titled("Accueil"),
        alertes: alertes(&etats, &ages, connue.is_none(), &m),
        chiffres: chiffres(&m, annee, &query, &visitor).await?,
        anomalies: anomalies(&travail, &query),
        a_faire: a_faire(&travail, ailleurs(&m, &visitor).await, &visitor, &query),
        sources: sources(&m, &etats, &ages, visitor.may(Right::LiensVoir)),
        collectes: collectes(&m).await?,
    };
    Ok(Page(page).into_response())
}

/// When the data of each source were last collected with success.
struct Ages {
    offre: Option<DateTime<Utc>>,
    personnes: Option<DateTime<Utc>>,
}

impl Ages {
    fn of(&self, source: Source) -> Option<DateTime<Utc>> {
        match source {
            Source::Extraction | Source::Kofr => self.offre,
            Source::Apogee | Source::Eve => self.personnes,
        }
    }
}

async fn ages(m: &Maquette, annee: AnneeUniversitaire) -> Result<Ages, PageError> {
    let ages = m.outils.db.read(|c| async move {
        Ok::<_, db::DbError>(Ages {
            offre: collecte::collecte_fin(&c, Portee::Offre, annee).await?,
            personnes: collecte::collecte_fin(&c, Portee::Personnes, annee).await?,
        })
    });
    Ok(ages.await?)
}

/// What asks for attention before anything else.
fn alertes(etats: &[EtatSource], ages: &Ages, vide: bool, m: &Maquette) -> Html {
    let mut alertes: Vec<Alert> = Vec::new();
    if vide {
        alertes.push(
            Alert::new(
                Tone::Info,
                "Rien n’a encore été collecté : l’offre, les étudiants et les enseignants sont vides.",
            )
            .titled("Première visite")
            .link("Lancer la première collecte", "/maquette/collectes"),
        );
    }
    for e in etats.iter().filter(|e| e.en_marche == Some(false)) {
        let depuis = e.depuis.map(|d| format!(" depuis le {}", le(d))).unwrap_or_default();
        let donnees = match ages.of(e.source) {
            Some(age) => format!(" Rien n’est perdu ; dernière bonne collecte : {}.", m.age(age)),
            None => String::new(),
        };
        let mut alerte = Alert::new(
            Tone::Danger,
            format!(
                "{} ne répond pas{depuis}. {}{donnees}",
                e.source.libelle(),
                e.detail.as_deref().unwrap_or_default()
            ),
        );
        if let Some(remede) = &e.remede {
            alerte = alerte.way_out(remede.clone());
        }
        alertes.push(alerte);
    }
    Html::all(&alertes)
}

async fn chiffres(
    m: &Maquette,
    annee: AnneeUniversitaire,
    query: &ListQuery,
    visitor: &Visitor,
) -> Result<KeyFigures, PageError> {
    let a = annee.premiere();
    let (etapes, (ouverts, fermes), etudiants, enseignants) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                objet::objet_count(&c, Genre::VersionEtape, a)
                    .await?
                    .max(objet::objet_count(&c, Genre::Etape, a).await?),
                element::element_counts(&c, a).await?,
                objet::objet_count(&c, Genre::Etudiant, a).await?,
                objet::objet_count(&c, Genre::Enseignant, a).await?,
            ))
        })
        .await?;
    let maquette = repere::nom_maquette(&m.outils, annee).await;
    let vers = |figure: KeyFigure, liste: &str, droit: Right| {
        if visitor.may(droit) { figure.href(dans_l_annee(liste.to_owned(), query)) } else { figure }
    };
    // The list shows what is open: the figure says so, and how many the source has closed.
    let fermes = match fermes {
        0 => "ouverts".to_owned(),
        1 => "ouverts, et 1 fermé à la source".to_owned(),
        n => format!("ouverts, et {} fermés à la source", n_francais(n)),
    };
    Ok(KeyFigures::new([
        KeyFigure::text(annee.libelle(), "Année universitaire")
            .detail(maquette.map_or_else(|| "Maquette non déclarée".to_owned(), |n| format!("Maquette {n}")))
            .href("/maquette/annees"),
        vers(KeyFigure::count(etapes, "Étapes"), "/maquette/etapes", Right::MaquetteLire),
        vers(KeyFigure::count(ouverts, "Éléments").detail(fermes), "/maquette/elements", Right::MaquetteLire),
        vers(KeyFigure::count(etudiants, "Étudiants"), "/maquette/etudiants", Right::EtudiantsLire),
        vers(KeyFigure::count(enseignants, "Enseignants"), "/maquette/enseignants", Right::EnseignantsLire),
    ]))
}

fn n_francais(n: u64) -> String {
    kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX))
}

/// What is to be done in a year, counted.
struct Travail {
    etats: Etats,
    gravites: [(Gravite, u64); 3],
    corrections: Comptes,
    a_confirmer: Option<i64>,
}

/// Days before its end from which a correction is said to end soon.
const BIENTOT: i64 = 30;

async fn travail(m: &Maquette, visitor: &Visitor, annee: AnneeUniversitaire) -> Result<Travail, PageError> {
    let a = annee.premiere();
    let jour = kernel::heure_de_besancon(m.outils.clock.now()).date();
    let bientot = jour + chrono::Duration::days(BIENTOT);
    let login = visitor.identifiant.as_str();
    // Those that the list of anomalies shows: what is settled or set aside waits for nobody.
    let situations = [Situation::ATraiter, Situation::Attribuee, Situation::Revenue];
    let en_cours = Filtre { situations: &situations, ..Filtre::default() };
    let en_cours = &en_cours;
    let (etats, regles, corrections, recentes) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                anomalie_etats(&c, a, login, jour).await?,
                anomalie_facettes(&c, a, en_cours, jour).await?.regles,
                correction_counts(&c, a, bientot).await?,
                collecte::collecte_list(&c, Paging::new(1, 20)).await?,
            ))
        })
        .await?;
    let de = |gravite: Gravite| {
        let de_celle_ci = |(r, _): &&(String, u64)| Regle::of_code(r).is_some_and(|r| r.gravite() == gravite);
        (gravite, regles.iter().filter(de_celle_ci).map(|(_, n)| n).sum())
    };
    Ok(Travail {
        etats,
        gravites: [de(Gravite::Bloquante), de(Gravite::AArbitrer), de(Gravite::Remarque)],
        corrections,
        a_confirmer: recentes.elements.iter().find(|c| c.etat == EtatCollecte::AConfirmer).map(|c| c.id),
    })
}

/// Anomalies, by what is done about them and by how much they matter.
fn anomalies(t: &Travail, query: &ListQuery) -> KeyFigures {
    let vers = |suite: &str| dans_l_annee(format!("/maquette/anomalies{suite}"), query);
    let e = &t.etats;
    let [(_, bloquantes), (_, arbitrer), (_, remarques)] = t.gravites;
    let s = |n: u64| if n > 1 { "s" } else { "" };
    let total = bloquantes + arbitrer + remarques;
    let ton = match (bloquantes, total) {
        (0, 0) => Tone::Success,
        (0, _) => Tone::Warning,
        _ => Tone::Action,
    };
    KeyFigures::new([
        KeyFigure::count(total, "Anomalies")
            .detail(format!(
                "{} bloquante{}, {} à arbitrer, {} remarque{}",
                n_francais(bloquantes),
                s(bloquantes),
                n_francais(arbitrer),
                n_francais(remarques),
                s(remarques)
            ))
            .href(vers(""))
            .tone(ton),
        KeyFigure::count(e.a_traiter, "À traiter")
            .detail("personne ne les a prises")
            .href(vers("?etat=a_traiter")),
        KeyFigure::count(e.a_moi, "Attribuées à moi").href(vers("?etat=a_moi")),
        KeyFigure::count(e.revenues, "Revenues").detail("une source a bougé").href(vers("?etat=revenue")),
        KeyFigure::count(e.ignorees, "Ignorées").detail("jusqu’à leur date").href(vers("?etat=ignoree")),
    ])
}

/// What waits for this person, by what their role may do.
/// What waits in the other applications, as rows.
async fn ailleurs(m: &Maquette, visitor: &Visitor) -> Vec<Row> {
    let mut lignes = Vec::new();
    if visitor.may(Right::InscriptionsTraiter) {
        for veille in &m.veilles {
            let attend = veille.signaux().await.into_iter().filter(|s| s.nombre > 0);
            lignes.extend(attend.map(|s| Row::to(s.href).text(s.libelle).count(s.nombre)));
        }
    }
    lignes
}

fn a_faire(t: &Travail, ailleurs: Vec<Row>, visitor: &Visitor, query: &ListQuery) -> Table {
    let mut lignes = ailleurs;
    let mut tache = |droit: Right, n: u64, une: &str, plusieurs: &str, href: &str| {
        if visitor.may(droit) && n > 0 {
            let mot = if n > 1 { plusieurs } else { une };
            lignes.push(Row::to(dans_l_annee(href.to_owned(), query)).text(mot).count(n));
        }
    };
    if let Some(id) = t.a_confirmer {
        let href = format!("/maquette/collectes/{id}");
        tache(Right::MaquetteCollecter, 1, "Collecte arrêtée, à confirmer ou à abandonner", "", &href);
    }
    let traiter = Right::AnomaliesTraiter;
    tache(
        traiter,
        t.etats.a_moi,
        "Anomalie qui vous est attribuée",
        "Anomalies qui vous sont attribuées",
        "/maquette/anomalies?etat=a_moi",
    );
    tache(
        traiter,
        t.etats.revenues,
        "Anomalie revenue : une source a bougé depuis la décision",
        "Anomalies revenues : une source a bougé depuis la décision",
        "/maquette/anomalies?etat=revenue",
    );
    tache(
        traiter,
        t.etats.a_traiter,
        "Anomalie que personne n’a prise",
        "Anomalies que personne n’a prises",
        "/maquette/anomalies?etat=a_traiter",
    );
    let corriger = Right::MaquetteCorriger;
    tache(
        corriger,
        t.corrections.bientot,
        "Correction qui finit dans le mois",
        "Corrections qui finissent dans le mois",
        "/maquette/corrections?etat=bientot",
    );
    tache(
        corriger,
        t.corrections.depassees,
        "Correction dont la source a bougé",
        "Corrections dont la source a bougé",
        "/maquette/corrections?etat=depassee",
    );
    tache(
        corriger,
        t.corrections.inutiles,
        "Correction devenue inutile : la source dit la même valeur",
        "Corrections devenues inutiles : la source dit la même valeur",
        "/maquette/corrections?etat=inutile",
    );
    Table::new("a-faire", "À faire")
        .columns([Column::text("tache", "Tâche"), Column::number("nombre", "Nombre")])
        .rows(lignes)
        .empty(
            Empty::new("Rien n’attend de vous", "Tout ce que votre rôle peut traiter l’a été.")
                .icon("circle-check"),
        )
}

fn sources(m: &Maquette, etats: &[EtatSource], ages: &Ages, detail: bool) -> Table {
    let lignes = etats.iter().map(|e| {
        let badge = match e.en_marche {
            Some(true) => Badge::new(Tone::Success, "Répond"),
            Some(false) => Badge::new(Tone::Danger, "Ne répond pas"),
            None => Badge::new(Tone::Neutral, "Non vérifiée"),
        };
        let ligne = if detail { Row::to("/liens") } else { Row::new() };
        ligne
            .text(e.source.libelle())
            .badge(badge)
            .text_opt(e.verifie_le.map(|v| m.age(v)))
            .text(ages.of(e.source).map_or_else(|| "jamais collectées".to_owned(), |a| m.age(a)))
    });
    Table::new("sources", "Sources")
        .columns([
            Column::text("source", "Source"),
            Column::text("etat", "État"),
            Column::text("verifie", "Vérifiée").optional(),
            Column::text("age", "Données collectées"),
        ])
        .rows(lignes)
        .empty(Empty::new("Aucune source", "Aucune source n’est réglée sur cette installation."))
}

async fn collectes(m: &Maquette) -> Result<Table, PageError> {
    let page =
        m.outils.db.read(|c| async move { collecte::collecte_list(&c, Paging::new(1, 5)).await }).await?;
    let lignes = page.elements.iter().map(|c| {
        Row::to(format!("/maquette/collectes/{}", c.id))
            .text(format!("N° {}", c.id))
            .text(format!("{} {}", c.portee.libelle(), c.annee.libelle()))
            .badge(badge_etat(c))
            .text(m.age(c.demandee_le))
            .text(resume(c))
    });
    Ok(Table::new("dernieres-collectes", "Dernières collectes")
        .columns([
            Column::text("id", "Collecte"),
            Column::text("portee", "Contenu"),
            Column::text("etat", "État"),
            Column::text("date", "Demandée").optional(),
            Column::text("resume", "Résultat").optional(),
        ])
        .rows(lignes)
        .empty(
            Empty::new(
                "Aucune collecte",
                "Les données d’Apogée, de Kofr et d’Eve arrivent par une collecte.",
            )
            .action("Voir les collectes", "/maquette/collectes"),
        ))
}

/// The routes.
pub(super) fn routes(m: &Maquette) -> RouteTable {
    Routes::with_state(m.clone())
        .get("/", Right::Connecte, accueil)
        .get("/maquette", Right::MaquetteLire, maquette)
        .build()
}
