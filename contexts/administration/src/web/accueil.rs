//! Administration's home: what deserves a look, each count being a link to what it counts.

use ::web::components::{KeyFigure, KeyFigures, Tone};
use ::web::{Frame, Page, PageError, RouteTable, Routes};
use askama::Template;
use axum::extract::State;
use chrono::Duration;
use contracts::veille::Signal;
use db::journal_search::{self, COUNTED};
use jobs::Etat;
use kernel::Right;
use web::comptes::{EtatCompte, FiltreComptes};
use web::jetons::EtatJeton;

use crate::Administration;

/// How far back « lately » goes, and how far ahead « soon ».
const RECENT: i64 = 7;
const BIENTOT: i64 = 30;

#[derive(Template)]
#[template(path = "accueil.html")]
struct Accueil {
    frame: Frame,
    chiffres: KeyFigures,
    entrees: Vec<Entree>,
}

/// A page of Administration, with what one does there.
struct Entree {
    libelle: &'static str,
    href: &'static str,
    texte: &'static str,
}

const ENTREES: [Entree; 6] = [
    Entree {
        libelle: "Paramètres",
        href: "/administration/parametres",
        texte: "L’année en cours, la maquette, les seuils, les adresses des sources ; qui a changé quoi, et comment revenir.",
    },
    Entree {
        libelle: "Comptes",
        href: "/administration/comptes",
        texte: "Qui entre, sous quel rôle ; débloquer, désactiver, fermer des sessions.",
    },
    Entree {
        libelle: "Jetons",
        href: "/administration/jetons",
        texte: "Ce que les autres applications peuvent lire, et jusqu’à quand.",
    },
    Entree {
        libelle: "Journal",
        href: "/administration/journal",
        texte: "Qui a fait quoi, quand : l’ancienne valeur et la nouvelle.",
    },
    Entree {
        libelle: "Travaux",
        href: "/administration/travaux",
        texte: "Ce qui tourne, attend ou a échoué ; arrêter, relancer.",
    },
    Entree {
        libelle: "Droits",
        href: "/administration/droits",
        texte: "Qui peut ouvrir quelle page, et par quel rôle.",
    },
];

async fn accueil(frame: Frame, State(a): State<Administration>) -> Result<Page<Accueil>, PageError> {
    let mut signaux = vec![comptes(&a).await?, jetons(&a).await?, travaux(&a).await?];
    for veille in &a.veilles {
        signaux.extend(veille.signaux().await);
    }
    signaux.push(sources(&a).await);
    signaux.push(parametres(&a).await?);
    let chiffres = KeyFigures::new(signaux.into_iter().map(chiffre));
    Ok(Page(Accueil { frame: frame.titled("Administration"), chiffres, entrees: ENTREES.into() }))
}

fn chiffre(s: Signal) -> KeyFigure {
    let ton = if s.presse && s.nombre > 0 { Tone::Warning } else { Tone::Neutral };
    KeyFigure::count(s.nombre, s.libelle).href(s.href).tone(ton)
}

async fn comptes(a: &Administration) -> Result<Signal, PageError> {
    let filtre = FiltreComptes { etats: vec![EtatCompte::Bloque], ..FiltreComptes::default() };
    let nombre = a.web.comptes().chercher(&filtre, db::Paging::new(1, 1)).await?.total;
    Ok(Signal {
        libelle: "Comptes bloqués".to_owned(),
        nombre,
        href: "/administration/comptes?etat=bloque".to_owned(),
        presse: true,
    })
}

async fn jetons(a: &Administration) -> Result<Signal, PageError> {
    let (now, bientot) = (a.clock.now(), a.clock.now() + Duration::days(BIENTOT));
    let jetons = a.web.jetons().lister().await?;
    let finissent = |j: &&web::jetons::Jeton| {
        j.etat(now) == EtatJeton::Actif && j.expire_le.is_some_and(|fin| fin <= bientot)
    };
    let nombre = jetons.iter().filter(finissent).count() as u64;
    Ok(Signal {
        libelle: format!("Jetons qui expirent sous {BIENTOT} jours"),
        nombre,
        href: "/administration/jetons".to_owned(),
        presse: true,
    })
}

async fn travaux(a: &Administration) -> Result<Signal, PageError> {
    let depuis = a.clock.now() - Duration::days(RECENT);
    let filtre =
        jobs::Filter { etats: vec![Etat::Echoue], finis_depuis: Some(depuis), ..jobs::Filter::default() };
    let nombre = a.queue.count(&filtre).await?;
    Ok(Signal {
        libelle: format!("Travaux échoués depuis {RECENT} jours"),
        nombre,
        href: "/administration/travaux?etat=echoue".to_owned(),
        presse: true,
    })
}

async fn sources(a: &Administration) -> Signal {
    let etats = a.sources.etats().await;
    let nombre = etats.iter().filter(|e| e.en_marche == Some(false)).count() as u64;
    Signal { libelle: "Sources en panne".to_owned(), nombre, href: "/liens".to_owned(), presse: true }
}

async fn parametres(a: &Administration) -> Result<Signal, PageError> {
    let du = a.clock.now() - Duration::days(RECENT);
    let filtre = journal_search::Filter {
        objet: Some(contracts::parametres::OBJET.to_owned()),
        du: Some(du),
        ..journal_search::Filter::default()
    };
    let filtre = &filtre;
    let nombre = a.db.read(|c| async move { journal_search::counted(&c, filtre).await }).await?.min(COUNTED);
    let jour = kernel::heure_de_besancon(du).date();
    Ok(Signal {
        libelle: format!("Changements de paramètre depuis {RECENT} jours"),
        nombre,
        href: format!("/administration/journal?objet={}&quand_du={jour}", contracts::parametres::OBJET),
        presse: false,
    })
}

/// The routes.
pub(super) fn routes(a: &Administration) -> RouteTable {
    Routes::with_state(a.clone()).get("/administration", Right::Administrer, accueil).build()
}
