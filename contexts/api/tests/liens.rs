//! The links: kept on both engines, shown to the IT service, verified from the page.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what a test stands on fails as the test does"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::{Api, ApiFault, Etat, MIGRATIONS};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use chrono::{DateTime, Duration, Utc};
use contracts::liens::{CopieTenue, EtatDesSources as _, EtatSource, Verifiable, Verification};
use db::sea_orm::ConnectionTrait as _;
use db::sea_orm::sea_query::{Alias, Query};
use db::{Db, DbError, Migration};
use http_body_util::BodyExt as _;
use kernel::{Actor, FixedClock, Outage, OutageKind, Role, Source};
use tower::ServiceExt as _;
use web::comptes::NouveauCompte;
use web::{Settings, Shell, Web};

/// Kofr, up or down at will.
struct Kofr(Arc<AtomicBool>);

#[async_trait::async_trait]
impl Verifiable for Kofr {
    fn source(&self) -> Source {
        Source::Kofr
    }

    async fn verifier(&self) -> Vec<Verification> {
        let resultat = if self.0.load(Ordering::SeqCst) {
            Ok("2 maquettes".to_owned())
        } else {
            Err(Outage {
                source_: Source::Kofr,
                quoi: "maquettes".into(),
                kind: OutageKind::Delai,
                detail: "La source n’a pas répondu dans le délai.".into(),
                remede: "Vérifiez que <Kofr> est démarré.".into(),
            })
        };
        vec![Verification { lien: "GET /maquettes".into(), latence_ms: 34, resultat }]
    }
}

/// A source that never ends being tried.
struct Bloquee;

#[async_trait::async_trait]
impl Verifiable for Bloquee {
    fn source(&self) -> Source {
        Source::Eve
    }

    async fn verifier(&self) -> Vec<Verification> {
        std::future::pending().await
    }
}

struct Copie(DateTime<Utc>);

#[async_trait::async_trait]
impl CopieTenue for Copie {
    async fn obtenue_le(&self, source: Source) -> Option<DateTime<Utc>> {
        (source == Source::Kofr).then_some(self.0)
    }
}

struct Bench {
    api: Api,
    clock: Arc<FixedClock>,
    debout: Arc<AtomicBool>,
}

fn bench(db: &Db) -> Bench {
    let clock = testkit::clock();
    let debout = Arc::new(AtomicBool::new(true));
    let copie = Copie(kernel::Clock::now(clock.as_ref()) - Duration::hours(3));
    let api =
        Api::new(db.clone(), clock.clone(), vec![Arc::new(Kofr(debout.clone()))], vec![Arc::new(copie)]);
    Bench { api, clock, debout }
}

async fn lignes_de_journal(db: &Db) -> usize {
    let compter = |c: db::sea_orm::DatabaseConnection| async move {
        let mut q = Query::select();
        q.column(Alias::new("id")).from(Alias::new("journal"));
        Ok::<_, DbError>(c.query_all(&q).await?.len())
    };
    db.read(compter).await.unwrap()
}

testkit::db_test!(states_are_kept_with_the_instant_they_began, MIGRATIONS, |db| async move {
    let Bench { api, clock, debout } = bench(&db);
    assert!(api.liens().await.unwrap().is_empty());
    let liens = api.verifier_liens(&Actor::Commande).await.unwrap();
    assert_eq!((liens.len(), liens[0].etat), (1, Etat::Repond));
    let debut = liens[0].depuis;

    debout.store(false, Ordering::SeqCst);
    clock.advance(Duration::minutes(10));
    api.verifier_liens(&Actor::Planification).await.unwrap();
    clock.advance(Duration::minutes(10));
    let liens = api.verifier_liens(&Actor::Planification).await.unwrap();
    let lien = &liens[0];
    assert_eq!(lien.etat, Etat::EnPanne);
    assert_eq!(lien.depuis, debut + Duration::minutes(10));
    assert_eq!(lien.verifie_le, debut + Duration::minutes(20));
    assert_eq!(lien.dernier_bon, Some(debut));
    assert_eq!(liens, api.liens().await.unwrap(), "what is given is what is kept");
    assert_eq!(
        lignes_de_journal(&db).await,
        2,
        "asked for by somebody, then changed; the third time nothing"
    );
});

testkit::db_test!(what_a_collection_meets_is_known_at_once, MIGRATIONS, |db| async move {
    let Bench { api, debout, .. } = bench(&db);
    let kofr = |etats: Vec<EtatSource>| etats.into_iter().find(|e| e.source == Source::Kofr).unwrap();
    assert_eq!(kofr(api.etats().await).en_marche, None, "never tried");
    api.verifier_liens(&Actor::Commande).await.unwrap();
    assert_eq!(kofr(api.etats().await).en_marche, Some(true));

    debout.store(false, Ordering::SeqCst);
    let panne = Outage {
        source_: Source::Kofr,
        quoi: "GET /maquettes".into(),
        kind: OutageKind::Tronquee,
        detail: "La connexion a été coupée.".into(),
        remede: "Réessayez.".into(),
    };
    api.constater(Source::Kofr, Some(&panne)).await;
    let etat = kofr(api.etats().await);
    assert_eq!(etat.en_marche, Some(false));
    assert!(etat.detail.is_some() && etat.remede.is_some());

    debout.store(true, Ordering::SeqCst);
    // The verification that the failure has set off behind may not have begun, or may hold the turn: what is said then is not lost,
    // it is said again by whoever meets the source next.
    let oublie = async {
        while kofr(api.etats().await).en_marche != Some(true) {
            api.constater(Source::Kofr, None).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), oublie).await.unwrap();
});

testkit::db_test!(only_one_verification_at_a_time, MIGRATIONS, |db| async move {
    let api = Api::new(db.clone(), testkit::clock(), vec![Arc::new(Bloquee)], Vec::new());
    assert!(!api.verification_en_cours());
    let premiere = tokio::spawn({
        let api = api.clone();
        async move { api.verifier_liens(&Actor::Planification).await }
    });
    while !api.verification_en_cours() {
        tokio::task::yield_now().await;
    }
    let seconde = api.verifier_liens(&Actor::Commande).await;
    assert!(matches!(seconde, Err(ApiFault::VerificationEnCours)));
    premiere.abort();
    let _ = premiere.await;
    assert!(!api.verification_en_cours(), "a verification that was given up does not hold the next");
});

fn migrations() -> Vec<Migration> {
    [MIGRATIONS, web::MIGRATIONS].concat()
}

struct Navigateur {
    application: Router,
    cookies: Vec<(String, String)>,
}

impl Navigateur {
    async fn connecte(db: &Db, api: &Api, clock: Arc<FixedClock>, role: Role) -> Self {
        let web = Web::new(db.clone(), clock, Settings::default(), Shell::default());
        let compte = NouveauCompte {
            identifiant: role.code().to_owned(),
            nom: "Essai".into(),
            role,
            mot_de_passe: "une phrase assez longue".into(),
        };
        web.comptes().creer(&Actor::Commande, compte).await.unwrap();
        let mut navigateur = Self { application: web.serve(api.routes()), cookies: Vec::new() };
        let (_, page) = navigateur.ouvrir("/connexion").await;
        let corps = format!(
            "_csrf={}&identifiant={}&mot_de_passe=une+phrase+assez+longue",
            jeton(&page),
            role.code()
        );
        navigateur.envoyer("/connexion", corps).await;
        navigateur
    }

    async fn demander(&mut self, requete: Request<Body>) -> Response<Body> {
        let reponse = self.application.clone().oneshot(requete).await.unwrap();
        for pose in reponse.headers().get_all(header::SET_COOKIE) {
            let (nom, valeur) = pose.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(n, _)| n != nom);
            self.cookies.push((nom.to_owned(), valeur.to_owned()));
        }
        reponse
    }

    fn requete(&self, methode: &str, chemin: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        Request::builder().method(methode).uri(chemin).header(header::COOKIE, cookies.join("; "))
    }

    async fn ouvrir(&mut self, chemin: &str) -> (StatusCode, String) {
        let requete = self.requete("GET", chemin).body(Body::empty()).unwrap();
        let reponse = self.demander(requete).await;
        let statut = reponse.status();
        let octets = reponse.into_body().collect().await.unwrap().to_bytes();
        (statut, String::from_utf8(octets.to_vec()).unwrap())
    }

    async fn envoyer(&mut self, chemin: &str, corps: String) -> StatusCode {
        let requete = self
            .requete("POST", chemin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(corps))
            .unwrap();
        self.demander(requete).await.status()
    }
}

fn jeton(page: &str) -> &str {
    page.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

testkit::db_test!(the_page_shows_every_link_and_verifies_them, &migrations(), |db| async move {
    let Bench { api, clock, debout } = bench(&db);
    let mut navigateur = Navigateur::connecte(&db, &api, clock.clone(), Role::Informatique).await;
    let (statut, page) = navigateur.ouvrir("/liens").await;
    assert_eq!(statut, StatusCode::OK);
    assert!(page.contains("Aucun lien vérifié") && page.contains("Vérifier maintenant"));

    let corps = format!("_csrf={}", jeton(&page));
    assert_eq!(navigateur.envoyer("/liens/verifier", corps.clone()).await, StatusCode::SEE_OTHER);
    let (_, page) = navigateur.ouvrir("/liens").await;
    for attendu in ["GET /maquettes", "2 maquettes", "tous les liens répondent", "il y a 3\u{a0}h"] {
        assert!(page.contains(attendu), "{attendu}: {page}");
    }

    debout.store(false, Ordering::SeqCst);
    clock.advance(Duration::minutes(5));
    navigateur.envoyer("/liens/verifier", corps).await;
    let (_, page) = navigateur.ouvrir("/liens").await;
    for attendu in ["Ne répond pas depuis", "dans le délai", "un lien ne répond pas", "&#60;Kofr&#62;"] {
        assert!(page.contains(attendu), "{attendu}: {page}");
    }
    assert!(!page.contains("<Kofr>"), "what a source says is escaped");
});

testkit::db_test!(the_page_is_for_the_it_service, &migrations(), |db| async move {
    let Bench { api, clock, .. } = bench(&db);
    let mut navigateur = Navigateur::connecte(&db, &api, clock, Role::Scolarite).await;
    assert_eq!(navigateur.ouvrir("/liens").await.0, StatusCode::FORBIDDEN);
    let (_, page) = navigateur.ouvrir("/compte").await;
    let corps = format!("_csrf={}", jeton(&page));
    assert_eq!(navigateur.envoyer("/liens/verifier", corps).await, StatusCode::FORBIDDEN);
    assert!(api.liens().await.unwrap().is_empty());
});
