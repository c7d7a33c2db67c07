//! The pages on a database of their own, with a made-up setting and links that answer what the test says.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use administration::actions::regler::{Essayeur, GroupeReglable, Reglable, ReglagesInstallation};
use administration::{Administration, Planifie};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use contracts::liens::{EtatDesSources, EtatSource, Verification};
use contracts::parametres::{Effet, Sorte};
use contracts::veille::{Signal, Veille};
use db::{Db, Migration};
use jobs::Queue;
use kernel::{Actor, FixedClock, Outage, OutageKind, Role, Source};
use tower::ServiceExt as _;
use web::comptes::NouveauCompte;
use web::{Shell, Web};

const MOT_DE_PASSE: &str = "quatre chevaux bruns";

pub fn migrations() -> Vec<Migration> {
    [jobs::MIGRATIONS, mail::MIGRATIONS, web::MIGRATIONS, administration::MIGRATIONS].concat()
}

/// Links that answer when the address does not hold « panne », and a suite that starts unless it holds « refuse ».
struct Essais;

#[async_trait]
impl Essayeur for Essais {
    fn accepter(&self, poses: &BTreeMap<String, String>) -> Result<(), String> {
        match poses.values().any(|v| v.contains("refuse")) {
            true => Err("Cette adresse empêcherait la suite de démarrer.".into()),
            false => Ok(()),
        }
    }

    async fn essayer(&self, cle: &str, poses: BTreeMap<String, String>) -> Vec<Verification> {
        let resultat = if poses[cle].contains("panne") {
            Err(Outage {
                source_: Source::Kofr,
                quoi: "maquettes".into(),
                kind: OutageKind::Delai,
                detail: "Pas de réponse en 10 secondes.".into(),
                remede: "Vérifiez l’adresse.".into(),
            })
        } else {
            Ok("2 maquettes".into())
        };
        vec![Verification { lien: "maquettes".into(), latence_ms: 3, resultat }]
    }
}

struct Rien;

#[async_trait]
impl EtatDesSources for Rien {
    async fn etats(&self) -> Vec<EtatSource> {
        Vec::new()
    }

    async fn constater(&self, _: Source, _: Option<&Outage>) {}
}

#[async_trait]
impl Veille for Rien {
    async fn signaux(&self) -> Vec<Signal> {
        let libelle = "corrections <prennent> fin".into();
        vec![Signal { libelle, nombre: 3, href: "/maquette/corrections".into(), presse: true }]
    }
}

fn reglable(cle: &'static str, sorte: Sorte, effet: Effet, valeur: &str) -> Reglable {
    Reglable {
        cle,
        libelle: cle,
        aide: "Une aide.",
        essayable: cle.starts_with("kofr"),
        sorte,
        effet,
        consequences: &["Une conséquence."],
        installation: valeur.into(),
        origine: "fichier telemaque.toml".into(),
        en_vigueur: valeur.into(),
    }
}

pub struct Banc {
    pub db: Db,
    pub queue: Queue,
    pub facteur: mail::Facteur,
    pub clock: Arc<FixedClock>,
    pub router: Router,
}

pub async fn banc(db: &Db) -> Banc {
    banc_avec(db, mail::Reglages::default()).await
}

/// With these settings of mail.
pub async fn banc_avec(db: &Db, courriel: mail::Reglages) -> Banc {
    let clock = testkit::clock();
    let queue = Queue::new(db.clone(), Arc::<FixedClock>::clone(&clock));
    let shell = Shell { aide: Some(administration::aide), ..Shell::default() };
    let web = Web::new(db.clone(), Arc::<FixedClock>::clone(&clock), web::Settings::default(), shell);
    for role in [Role::Informatique, Role::Scolarite] {
        for suffixe in ["", "-bis"] {
            let new = NouveauCompte {
                identifiant: format!("{}{suffixe}", role.code()),
                nom: role.libelle().into(),
                role,
                mot_de_passe: MOT_DE_PASSE.into(),
            };
            web.comptes().creer(&Actor::Commande, new).await.expect("account");
        }
    }
    let reglages = ReglagesInstallation {
        db: db.clone(),
        clock: Arc::<FixedClock>::clone(&clock),
        essayeur: Arc::new(Essais),
        groupes: vec![GroupeReglable {
            code: "essais",
            titre: "Essais",
            texte: "Des réglages.",
            reglables: vec![
                reglable("kofr.url", Sorte::Adresse, Effet::Demarrage, "https://kofr.exemple.fr"),
                reglable("kofr.jeton", Sorte::Secret, Effet::Demarrage, "jeton-du-fichier"),
                reglable(
                    "travaux.conserver_jours",
                    Sorte::Entier { min: 1, max: 3650, unite: "jours" },
                    Effet::Immediat,
                    "90",
                ),
            ],
        }],
    };
    let facteur = mail::Facteur::new(db.clone(), Arc::<FixedClock>::clone(&clock), Arc::new(courriel));
    let a = Administration {
        db: db.clone(),
        clock: Arc::<FixedClock>::clone(&clock),
        web: web.clone(),
        queue: queue.clone(),
        facteur: facteur.clone(),
        sources: Arc::new(Rien),
        parametres: vec![Arc::new(reglages)],
        veilles: vec![Arc::new(Rien)],
        planification: vec![Planifie {
            libelle: "Vérification des liens",
            rythme: "toutes les 5 minutes".into(),
            lien: Some(("Liens", "/liens")),
        }],
        routes: Arc::new(OnceLock::new()),
    };
    let table = administration::web::routes(a.clone());
    a.routes.get_or_init(|| web.complete(table.clone()).declared());
    Banc { db: db.clone(), queue, facteur, clock, router: web.serve(table) }
}

/// Somebody at a browser.
pub struct Navigateur {
    router: Router,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

impl Navigateur {
    pub async fn entrer(banc: &Banc, identifiant: &str) -> Self {
        let mut n = Self { router: banc.router.clone(), cookies: BTreeMap::new(), csrf: String::new() };
        let (_, page) = n.voir("/connexion").await;
        n.csrf = champ(&page, "_csrf");
        let (status, _) =
            n.poster("/connexion", &[("identifiant", identifiant), ("mot_de_passe", MOT_DE_PASSE)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{identifiant} signs in");
        let (_, page) = n.voir("/compte").await;
        n.csrf = champ(&page, "_csrf");
        n
    }

    pub async fn voir(&mut self, chemin: &str) -> (StatusCode, String) {
        let (status, _, corps) = self.appeler("GET", chemin, String::new()).await;
        (status, String::from_utf8_lossy(&corps).into_owned())
    }

    /// The answer of a form; a redirection is followed, so that what the next page says is seen.
    pub async fn poster(&mut self, chemin: &str, champs: &[(&str, &str)]) -> (StatusCode, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("_csrf", &self.csrf).extend_pairs(champs);
        let (status, _, corps) = self.appeler("POST", chemin, form.finish()).await;
        (status, String::from_utf8_lossy(&corps).into_owned())
    }

    pub async fn octets(&mut self, chemin: &str) -> (StatusCode, Vec<u8>) {
        let (status, _, corps) = self.appeler("GET", chemin, String::new()).await;
        (status, corps)
    }

    async fn appeler(&mut self, methode: &str, chemin: &str, corps: String) -> (StatusCode, String, Vec<u8>) {
        let cookies: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = Request::builder()
            .method(methode)
            .uri(chemin)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(corps))
            .expect("request");
        let answer = self.router.clone().oneshot(request).await.expect("answer");
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().expect("cookie").split(';').next().expect("pair").to_owned();
            let (nom, valeur) = pair.split_once('=').expect("pair");
            self.cookies.insert(nom.to_owned(), valeur.to_owned());
        }
        let status = answer.status();
        let vers = answer.headers().get(header::LOCATION).map(|v| v.to_str().expect("location").to_owned());
        let corps = axum::body::to_bytes(answer.into_body(), 1 << 24).await.expect("body").to_vec();
        (status, vers.unwrap_or_default(), corps)
    }
}

/// The value of the first hidden field of that name.
pub fn champ(page: &str, nom: &str) -> String {
    let apres = page.split(&format!("name=\"{nom}\"")).nth(1).expect("field");
    apres.split("value=\"").nth(1).and_then(|reste| reste.split('"').next()).expect("value").to_owned()
}
