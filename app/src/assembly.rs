//! THE list of contexts: what each brings to the suite is named here, and nowhere else.

use std::sync::{Arc, OnceLock};

use administration::actions::regler::ReglagesInstallation;
use administration::{Administration, Planifie};
use chrono::Duration;
use contracts::liens::{CopieTenue, EtatDesSources};
use contracts::parametres::Parametres;
use db::{Db, Migration};
use iexam::Iexam;
use iexam::actions::joindre::RecusJoints;
use iexam::actions::veiller::VeilleIexam;
use jobs::{Handler, Queue};
use kernel::{Clock, Right};
use mail::Facteur;
use maquette::actions::offrir::OffreMaquette;
use maquette::actions::parametrer::ParametresMaquette;
use maquette::actions::veiller::VeilleMaquette;
use maquette::actions::verifier::{DonneesCollectees, LiensEve, LiensKofr};
use maquette::jobs::{AnnulationJob, CollecteJob};
use maquette::web::Reperes;
use maquette::{Collecteur, Outils, Sources};
use web::{Contact, NavEntry, NavGroup, RouteTable, Shell, Web};

use crate::Failure;
use crate::health::{self, Readiness};
use crate::metrics::{self, Metriques};
use crate::openapi;
use crate::settings::{self, Settings, WebSection};

/// The tables of every crate, in the order in which they may refer to each other.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    [
        db::journal::MIGRATIONS,
        jobs::MIGRATIONS,
        mail::MIGRATIONS,
        web::MIGRATIONS,
        api::MIGRATIONS,
        maquette::MIGRATIONS,
        iexam::MIGRATIONS,
        administration::MIGRATIONS,
    ]
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
    /// Outgoing mail.
    pub facteur: Facteur,
    /// What Maquette's actions are given.
    pub outils: Outils,
    /// Where Maquette reads.
    pub sources: Sources,
    /// What the other applications ask of Maquette.
    pub offre: Arc<dyn contracts::maquette::Offre>,
    /// What exams' actions are given.
    pub iexam: Iexam,
    /// Every route of every context.
    pub routes: RouteTable,
    /// What is counted of each request.
    pub metriques: Metriques,
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
        let iexam = open_iexam(&db, settings, &clock)?;
        let offre = Arc::clone(&iexam.offre);
        let mut verifiables = porte.verifiables();
        verifiables.push(Arc::new(LiensKofr(kofr.clone())));
        verifiables.push(Arc::new(LiensEve(eve.clone(), outils.clone())));
        let copies: Vec<Arc<dyn CopieTenue>> =
            vec![Arc::new(porte.clone()), Arc::new(DonneesCollectees(outils.clone()))];
        let tenues = Arc::new(DonneesCollectees(outils.clone()));
        let api = api::Api::new(db.clone(), Arc::clone(&clock), verifiables, copies)
            .avec_porte(porte.clone(), settings.cache.clone(), Some(Arc::clone(&tenues) as _))
            .avec_jeux(vec![tenues]);

        let sources = Sources { apogee: Arc::new(porte), kofr, eve };
        let etats: Arc<dyn EtatDesSources> = Arc::new(api.clone());
        let collecteur = Arc::new(Collecteur { outils: outils.clone(), sources: sources.clone() });
        let handlers: Vec<Arc<dyn Handler>> = vec![
            Arc::new(CollecteJob { collecteur, etats: Arc::clone(&etats) }),
            Arc::new(AnnulationJob(outils.clone())),
        ];

        let cas = web::Cas::new(&settings.cas, &settings.web.publique())
            .map_err(|err| Failure::new(format!("Paramètres refusés : {err}")))?;
        let web = open_web_with(&db, settings, Arc::clone(&clock), cas);
        let sante = health::Health {
            db: db.clone(),
            clock: Arc::clone(&clock),
            api: api.clone(),
            queue: queue.clone(),
            ready,
        };
        let pages = maquette::web::Maquette {
            outils: outils.clone(),
            queue: queue.clone(),
            sources: etats,
            lectures: sources.clone(),
            veilles: vec![Arc::new(VeilleIexam(iexam.clone()))],
        };
        let declarees = Arc::new(OnceLock::new());
        let courriel = settings::CourrielCourant::new(db.clone(), settings);
        let facteur = Facteur::new(db.clone(), Arc::clone(&clock), Arc::new(courriel))
            .avec_fabrique(Arc::new(RecusJoints(iexam.clone())));
        let administration = Administration {
            db: db.clone(),
            clock: Arc::clone(&clock),
            web: web.clone(),
            queue: queue.clone(),
            facteur: facteur.clone(),
            sources: Arc::new(api.clone()),
            parametres: parameters(settings, &outils),
            veilles: vec![Arc::new(VeilleMaquette(outils.clone()))],
            planification: schedule(settings),
            routes: Arc::clone(&declarees),
        };
        let routes = health::routes(sante)
            .merge(api.routes())
            .merge(maquette::web::routes(pages.clone()))
            .merge(maquette::rest::routes(pages))
            .merge(iexam::web::routes(&iexam))
            .merge(iexam::rest::routes(&iexam))
            .merge(administration::web::routes(administration));
        let metriques = Metriques::new(clock.as_ref());
        let vues = metrics::Vues {
            metriques: metriques.clone(),
            db: db.clone(),
            clock: Arc::clone(&clock),
            api: api.clone(),
            queue: queue.clone(),
            web: web.clone(),
        };
        let routes = routes.merge(metrics::routes(vues));
        let document = openapi::document(&routes.declared());
        let routes = routes.merge(web::rest::documentation(openapi::ADRESSE, &document));
        // Set once: nobody else has the cell before it is.
        let _ = declarees.set(web.complete(routes.clone()).declared());
        Ok(Self {
            db,
            clock,
            queue,
            web,
            api,
            facteur,
            outils,
            sources,
            offre,
            iexam,
            routes,
            metriques,
            handlers,
        })
    }
}

/// The parameters of every context, in the order in which they are shown.
fn parameters(settings: &Settings, outils: &Outils) -> Vec<Arc<dyn Parametres>> {
    let installation = settings.installation.as_deref().unwrap_or(settings);
    let maquette =
        ParametresMaquette { outils: outils.clone(), origines: Arc::new(installation.origines.clone()) };
    let reglages = ReglagesInstallation {
        db: outils.db.clone(),
        clock: Arc::clone(&outils.clock),
        groupes: settings::groupes(settings),
        essayeur: Arc::new(settings::Essai { settings: settings.clone(), outils: outils.clone() }),
    };
    vec![Arc::new(maquette), Arc::new(reglages)]
}

/// What the suite does by itself: see [`crate::worker`].
fn schedule(settings: &Settings) -> Vec<Planifie> {
    let liens = match settings.travaux.verification_liens_min {
        0 => "à la demande seulement".to_owned(),
        1 => "toutes les minutes".to_owned(),
        n => format!("toutes les {n} minutes"),
    };
    let planifie = |libelle, rythme: &str, lien| Planifie { libelle, rythme: rythme.to_owned(), lien };
    vec![
        planifie("Vérification de tous les liens", &liens, Some(("Liens", "/liens"))),
        planifie(
            "Envoi des courriels qui attendent",
            "dès qu’il y en a",
            Some(("Courriels", "/administration/courriels")),
        ),
        planifie(
            "Effacement du texte des courriels anciens",
            "toutes les heures",
            Some(("Courriels gardés", "/administration/parametres/courriel.conserver_jours")),
        ),
        planifie(
            "Oubli des travaux finis depuis longtemps",
            "toutes les heures",
            Some(("Travaux finis gardés", "/administration/parametres/travaux.conserver_jours")),
        ),
    ]
}

/// What exams' actions are given: for the commands that only need exams, which ask nothing of the sources.
///
/// # Errors
/// A shop of online payment described by halves.
pub fn open_iexam(db: &Db, settings: &Settings, clock: &Arc<dyn Clock>) -> Result<Iexam, Failure> {
    Ok(Iexam {
        // Two thousand students confirm in one evening: what the others keep in memory of their own tables holds meanwhile.
        db: db.apart("iexam"),
        clock: Arc::clone(clock),
        offre: Arc::new(OffreMaquette::new(db)),
        paybox: paybox::Boutique::new(&settings.paybox)
            .map_err(|err| Failure::new(format!("Paramètres refusés : {err}")))?
            .map(Arc::new),
        publique: settings.web.publique().trim_end_matches('/').into(),
        etablissement: iexam::Etablissement { nom: settings.web.etablissement.clone(), lignes: Vec::new() },
    })
}

/// What Maquette's actions are given.
fn tools(db: &Db, settings: &Settings, clock: &Arc<dyn Clock>) -> Outils {
    Outils { db: db.clone(), clock: Arc::clone(clock), reglages: settings.maquette.clone() }
}

/// The pages' side alone: for the commands that only need accounts.
#[must_use]
pub fn open_web(db: &Db, settings: &Settings, clock: Arc<dyn Clock>) -> Web {
    open_web_with(db, settings, clock, None)
}

fn open_web_with(db: &Db, settings: &Settings, clock: Arc<dyn Clock>, cas: Option<web::Cas>) -> Web {
    let shell = shell(settings, tools(db, settings, &clock));
    Web::new(db.clone(), clock, web_settings(&settings.web, cas), shell)
}

fn web_settings(section: &WebSection, cas: Option<web::Cas>) -> web::Settings {
    web::Settings {
        https: section.https,
        mandataires: section.mandataires.clone(),
        cas,
        session_inactive: Duration::minutes(section.session_inactive_min.max(1)),
        session_max: Duration::minutes(section.session_max_min.max(1)),
        ..web::Settings::default()
    }
}

fn shell(settings: &Settings, outils: Outils) -> Shell {
    Shell {
        etablissement: settings.web.etablissement.clone(),
        nav: navigation(),
        pouce: &["/", "/examens", "/iexam/inscriptions", "/maquette/etudiants", "/maquette/etapes"],
        contact: Contact { nom: settings.web.contact.clone(), courriel: settings.web.courriel.clone() },
        recherche: Some("/recherche"),
        repere: Some(Arc::new(Reperes::new(outils))),
        demonstration: settings.demo.is_some(),
        aide: Some(administration::aide),
    }
}

/// The rail: each entry with the right of its page.
#[must_use]
pub fn navigation() -> Vec<NavGroup> {
    let entry = |label, href, icon, right| NavEntry { label, href, icon, right };
    let maquette = Right::MaquetteLire;
    let examens = Right::ExamensLire;
    let admin = Right::Administrer;
    vec![
        NavGroup { label: "Télémaque", entries: vec![entry("Accueil", "/", "home", Right::Connecte)] },
        NavGroup {
            label: "Maquette",
            entries: vec![
                entry("Étapes", "/maquette/etapes", "list-tree", maquette),
                entry("Éléments", "/maquette/elements", "components", maquette),
                entry("Diplômes", "/maquette/diplomes", "certificate", maquette),
                entry("Étudiants", "/maquette/etudiants", "school", Right::EtudiantsLire),
                entry("Enseignants", "/maquette/enseignants", "user", Right::EnseignantsLire),
                entry("Anomalies", "/maquette/anomalies", "alert-triangle", maquette),
                entry("Corrections", "/maquette/corrections", "pencil", maquette),
                entry("Collectes", "/maquette/collectes", "database-import", maquette),
                entry("Pourquoi absent\u{a0}?", "/maquette/absence", "help-circle", maquette),
                entry("Fraîcheur", "/fraicheur", "hourglass", maquette),
            ],
        },
        NavGroup {
            label: "Examens",
            entries: vec![
                entry("Mes examens", "/examens", "calendar-event", Right::ExamenPasser),
                entry("Tableau de bord", "/iexam", "chart-bar", examens),
                entry("Inscriptions", "/iexam/inscriptions", "certificate", examens),
                entry("Paiements", "/iexam/paiements", "table", examens),
                entry("Périodes", "/iexam/periodes", "calendar-event", examens),
                entry("Épreuves", "/iexam/epreuves", "calendar", examens),
                entry("Aménagements", "/iexam/amenagements", "clock", examens),
                entry("Centres", "/iexam/centres", "building", examens),
                entry("Modalités", "/iexam/modalites", "settings", examens),
            ],
        },
        NavGroup {
            label: "Administration",
            entries: vec![
                entry("Vue d’ensemble", "/administration", "chart-bar", admin),
                entry("Paramètres", "/administration/parametres", "settings", admin),
                entry("Comptes", "/administration/comptes", "users", admin),
                entry("Jetons", "/administration/jetons", "key", admin),
                entry("Journal", "/administration/journal", "history", admin),
                entry("Travaux", "/administration/travaux", "clock", admin),
                entry("Courriels", "/administration/courriels", "mail", admin),
                entry("Droits", "/administration/droits", "lock", admin),
                entry("Liens", "/liens", "plug-connected", Right::LiensVoir),
                entry("API", "/api", "share-3", admin),
            ],
        },
    ]
}
