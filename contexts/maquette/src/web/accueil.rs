//! Home: what one must know before working. State of each source with the age of its copy, year, maquette, anomalies, last collections.

use ::web::components::{Alert, Badge, Column, Empty, KeyFigure, KeyFigures, Row, Table, Tone};
use ::web::{Frame, Html, Page, PageError, Redirection, RouteTable, Routes, Visitor};
use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Utc};
use contracts::liens::EtatSource;
use db::Paging;
use kernel::{AnneeUniversitaire, Right, Source};

use super::collectes::{badge_etat, resume};
use super::{Maquette, le, repere};
use crate::actions::demander::annee_courante;
use crate::domain::anomalie::{Gravite, Regle};
use crate::domain::{Genre, Portee};
use crate::store::{anomalie, collecte, objet, parametre};

#[derive(Template)]
#[template(path = "accueil.html")]
struct Accueil {
    frame: Frame,
    alertes: Html,
    chiffres: KeyFigures,
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
    visitor: Visitor,
    State(m): State<Maquette>,
) -> Result<axum::response::Response, PageError> {
    use axum::response::IntoResponse;
    if !visitor.may(Right::MaquetteLire) {
        let message = Alert::new(Tone::Info, "Votre espace n’est pas encore ouvert dans Télémaque.")
            .titled(format!("Bienvenue, {}", visitor.nom))
            .way_out("Votre compte fonctionne : vous serez prévenu par courriel quand vos pages seront prêtes. En attendant, adressez-vous à la scolarité.")
            .link("Gérer mon compte", "/compte");
        return Ok(Page(Bienvenue { frame: frame.titled("Accueil"), message }).into_response());
    }
    let annee = annee_courante(&m.outils).await?;
    let connue =
        m.outils.db.read(|c| async move { parametre::parametre_read(&c, "annee_courante").await }).await?;
    let etats = m.sources.etats().await;
    let ages = ages(&m, annee).await?;
    let page = Accueil {
        frame: frame.titled("Accueil"),
        alertes: alertes(&etats, &ages, connue.is_none(), &m),
        chiffres: chiffres(&m, annee).await?,
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

async fn chiffres(m: &Maquette, annee: AnneeUniversitaire) -> Result<KeyFigures, PageError> {
    let a = annee.premiere();
    let (etapes, elements, etudiants, enseignants, anomalies) = m
        .outils
        .db
        .read(|c| async move {
            Ok::<_, db::DbError>((
                objet::objet_count(&c, Genre::VersionEtape, a)
                    .await?
                    .max(objet::objet_count(&c, Genre::Etape, a).await?),
                objet::objet_count(&c, Genre::Element, a).await?,
                objet::objet_count(&c, Genre::Etudiant, a).await?,
                objet::objet_count(&c, Genre::Enseignant, a).await?,
                anomalie::anomalie_counts(&c, a).await?,
            ))
        })
        .await?;
    let total: u64 = anomalies.iter().map(|(_, n)| n).sum();
    let de = |gravite: Gravite| -> u64 {
        anomalies
            .iter()
            .filter(|(r, _)| Regle::of_code(r).is_some_and(|r| r.gravite() == gravite))
            .map(|(_, n)| n)
            .sum()
    };
    let (bloquantes, arbitrer) = (de(Gravite::Bloquante), de(Gravite::AArbitrer));
    let maquette = repere::nom_maquette(&m.outils, annee).await;
    let ton = match (bloquantes, total) {
        (0, 0) => Tone::Success,
        (0, _) => Tone::Warning,
        _ => Tone::Action,
    };
    Ok(KeyFigures::new([
        KeyFigure::text(annee.libelle(), "Année universitaire")
            .detail(maquette.map_or_else(|| "Maquette non déclarée".to_owned(), |n| format!("Maquette {n}"))),
        KeyFigure::count(etapes, "Étapes").href("/maquette/etapes"),
        KeyFigure::count(elements, "Éléments").href("/maquette/elements"),
        KeyFigure::count(etudiants, "Étudiants"),
        KeyFigure::count(enseignants, "Enseignants"),
        KeyFigure::count(total, "Anomalies")
            .detail(format!(
                "{bloquantes} bloquante{}, {arbitrer} à arbitrer",
                if bloquantes > 1 { "s" } else { "" }
            ))
            .href("/maquette/anomalies")
            .tone(ton),
    ]))
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
