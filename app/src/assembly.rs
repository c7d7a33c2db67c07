//! THE list of contexts: what each brings to the suite is named here, and nowhere else.

use std::sync::Arc;

use chrono::Duration;
use contracts::liens::{CopieTenue, EtatDesSources};
use db::{Db, Migration};
use jobs::{Handler, Queue};
use kernel::{Clock, Right};
use maquette::actions::verifier::{DonneesCollectees, LiensEve, LiensKofr};
use maquette::jobs::CollecteJob;
use maquette::web::Reperes;
use maquette::{Collecteur, Outils, Sources};
use web::{Contact, NavEntry, NavGroup, RouteTable, Shell, Web};

use crate::Failure;
use crate::health::{self, Readiness};
use crate::settings::{Settings, WebSection};

/// The tables of every crate, in the order in which they may refer to each other.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    [db::journal::MIGRATIONS, jobs::MIGRATIONS, web::MIGRATIONS, api::MIGRATIONS, maquette::MIGRATIONS]
        .concat()
}

/// The suite, composed, on one database.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub db: Db,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The jobs.
    pub queue: Queue,
    /// Pages: accounts, sessions, layers.
    pub web: Web,
    /// The links to the outside.
    pub api: api::Api,
    /// What Maquette's actions are given.
    pub outils: Outils,
    /// Every route of every context.
    pub routes: RouteTable,
    /// Every kind of job.
    pub handlers: Vec<Arc<dyn Handler>>,
}

impl House {
    /// Composes the suite. Nothing is asked of the sources yet.
    ///
    /// # Errors
    /// A setting that a connector cannot use.
    pub fn compose(
        db: Db,
        settings: &Settings,
        clock: Arc<dyn Clock>,
        ready: Readiness,
    ) -> Result<Self, Failure> {
        let queue = Queue::new(db.clone(), Arc::clone(&clock));
        let setting = |outage: kernel::Outage| Failure::new(format!("{} {}", outage.detail, outage.remede));
        let porte =
            api::Porte::new(&settings.apogee, &settings.extraction, Arc::clone(&clock)).map_err(setting)?;
        let kofr = kofr::Client::new(settings.kofr.kofr()).map_err(setting)?;
        let eve = eve::Client::new(settings.eve.eve()).map_err(setting)?;

        let outils = tools(&db, settings, &clock);
        let mut verifiables = porte.verifiables();
        verifiables.push(Arc::new(LiensKofr(kofr.clone())));
        verifiables.push(Arc::new(LiensEve(eve.clone(), outils.clone())));
        let copies: Vec<Arc<dyn CopieTenue>> =
            vec![Arc::new(porte.clone()), Arc::new(DonneesCollectees(outils.clone()))];
        let api = api::Api::new(db.clone(), Arc::clone(&clock), verifiables, copies);

        let sources = Sources { apogee: Arc::new(porte), kofr, eve };
        let etats: Arc<dyn EtatDesSources> = Arc::new(api.clone());
        let collecteur = Arc::new(Collecteur { outils: outils.clone(), sources });
        let handlers: Vec<Arc<dyn Handler>> =
            vec![Arc::new(CollecteJob { collecteur, etats: Arc::clone(&etats) })];

        let web = open_web(&db, settings, Arc::clone(&clock));
        let sante = health::Health {
            db: db.clone(),
            clock: Arc::clone(&clock),
            api: api.clone(),
            queue: queue.clone(),
            ready,
        };
        let pages = maquette::web::Maquette { outils: outils.clone(), queue: queue.clone(), sources: etats };
        let administration = administration::Administration {
            db: db.clone(),
            clock: Arc::clone(&clock),
            web: web.clone(),
            queue: queue.clone(),
        };
        let routes = health::routes(sante)
            .merge(api.routes())
            .merge(maquette::web::routes(pages.clone()))
            .merge(maquette::rest::routes(pages))
            .merge(administration::web::routes(administration));
        Ok(Self { db, clock, queue, web, api, outils, routes, handlers })
    }
}

/// What Maquette's actions are given.
fn tools(db: &Db, settings: &Settings, clock: &Arc<dyn Clock>) -> Outils {
    Outils { db: db.clone(), clock: Arc::clone(clock), reglages: settings.maquette.clone() }
}

/// The pages' side alone: for the commands that only need accounts.
#[must_use]
pub fn open_web(db: &Db, settings: &Settings, clock: Arc<dyn Clock>) -> Web {
    let shell = shell(settings, tools(db, settings, &clock));
    Web::new(db.clone(), clock, web_settings(&settings.web), shell)
}

fn web_settings(section: &WebSection) -> web::Settings {
    web::Settings {
        https: section.https,
        session_inactive: Duration::minutes(section.session_inactive_min.max(1)),
        session_max: Duration::minutes(section.session_max_min.max(1)),
        ..web::Settings::default()
    }
}

fn shell(settings: &Settings, outils: Outils) -> Shell {
    Shell {
        etablissement: settings.web.etablissement.clone(),
        nav: navigation(),
        contact: Contact { nom: settings.web.contact.clone(), courriel: settings.web.courriel.clone() },
        repere: Some(Arc::new(Reperes(outils))),
        demonstration: settings.demo.is_some(),
        ..Shell::default()
    }
}

fn navigation() -> Vec<NavGroup> {
    let entry = |label, href, icon, right| NavEntry { label, href, icon, right };
    let maquette = Right::MaquetteLire;
    vec![
        NavGroup { label: "Télémaque", entries: vec![entry("Accueil", "/", "home", Right::Connecte)] },
        NavGroup {
            label: "Maquette",
            entries: vec![
                entry("Étapes", "/maquette/etapes", "list-tree", maquette),
                entry("Éléments", "/maquette/elements", "components", maquette),
                entry("Anomalies", "/maquette/anomalies", "alert-triangle", maquette),
                entry("Collectes", "/maquette/collectes", "database-import", maquette),
            ],
        },
        NavGroup {
            label: "Administration",
            entries: vec![entry("Liens", "/liens", "plug-connected", Right::LiensVoir)],
        },
    ]
}
