//! Signing in by CAS, against a CAS of this file that answers what a test wants. `e2e/journeys/cas.test.mjs` does it with a real one.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::routing::get;
use chrono::Duration;
use kernel::{Actor, FixedClock, Role};
use testkit::{Base, clock, db_test};
use web::comptes::{Entree, NouvelAcces};
use web::{Cas, MIGRATIONS, ReglagesCas, Settings, Web};

use crate::support::{Answer, Browser, MOT_DE_PASSE, compte, suite_with};

const PUBLIQUE: &str = "https://telemaque.exemple.fr";
const TICKET: &str = "ST-1-abcdefghijklmnop";

/// What the CAS will answer, and what it was asked.
#[derive(Clone, Default)]
struct Faux {
    reponse: Arc<Mutex<(StatusCode, String)>>,
    demandes: Arc<Mutex<Vec<String>>>,
}

impl Faux {
    async fn start(reponse: &str) -> (Self, String) {
        let faux = Self::default();
        faux.answer(StatusCode::OK, reponse);
        let validate = async |State(faux): State<Self>, RawQuery(query): RawQuery| {
            faux.demandes.lock().expect("demandes").push(query.unwrap_or_default());
            faux.reponse.lock().expect("reponse").clone()
        };
        let router = Router::new()
            .route("/cas/login", get(async || "Identifiez-vous"))
            .route("/cas/p3/serviceValidate", get(validate))
            .with_state(faux.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
        let url = format!("http://{}/cas", listener.local_addr().expect("address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (faux, url)
    }

    fn answer(&self, status: StatusCode, text: &str) {
        *self.reponse.lock().expect("reponse") = (status, text.to_owned());
    }
}

fn succes(user: &str) -> String {
    format!(
        "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\"><cas:authenticationSuccess><cas:user>{user}</cas:user><cas:attributes><cas:eduPersonAffiliation>student</cas:eduPersonAffiliation><cas:eduPersonAffiliation>faculty</cas:eduPersonAffiliation><cas:displayName>Łukasz D’Épinay</cas:displayName></cas:attributes></cas:authenticationSuccess></cas:serviceResponse>"
    )
}

fn refus(code: &str) -> String {
    format!(
        "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\"><cas:authenticationFailure code=\"{code}\">non</cas:authenticationFailure></cas:serviceResponse>"
    )
}

fn suite_cas(db: db::Db, clock: &Arc<FixedClock>, reglages: &ReglagesCas) -> Web {
    let cas = Cas::new(reglages, PUBLIQUE).expect("settings");
    suite_with(db, clock, Settings { cas, ..Settings::default() })
}

fn reglages(url: &str) -> ReglagesCas {
    ReglagesCas { url: url.to_owned(), delai_s: 2, ..ReglagesCas::default() }
}

/// Leaves for CAS, and gives the address it would send back to, without the ticket.
async fn depart(browser: &mut Browser, suite: &str) -> String {
    let answer = browser.get(&format!("/connexion/cas?suite={suite}")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let (_, query) = answer.location().split_once('?').expect("query");
    let (_, service) =
        form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "service").expect("service");
    service.strip_prefix(PUBLIQUE).expect("our public address").to_owned()
}

async fn retour(browser: &mut Browser, service: &str) -> Answer {
    browser.get(&format!("{service}&ticket={TICKET}")).await
}

db_test!(one_signs_in_by_cas_and_comes_back_where_one_wanted, MIGRATIONS, |db| async move {
    let (faux, url) = Faux::start(&succes(" Scolarite ")).await;
    let web = suite_cas(db, &clock(), &reglages(&url));
    compte(&web, Role::Scolarite).await;
    let mut browser = Browser::new(&web);
    let page = browser.get("/connexion?suite=%2Fessai%2Flire%3Fpage%3D2").await;
    assert!(page.body.contains("href=\"/connexion/cas?suite=%2Fessai%2Flire%3Fpage%3D2\""), "{}", page.body);
    assert!(page.body.contains("<details class=\"connexion-locale\">"), "local accounts are folded below");

    // Whatever the request says of itself, the address is ours.
    browser.headers =
        vec![("host", "ailleurs.example".to_owned()), ("x-forwarded-host", "ailleurs.example".to_owned())];
    let service = depart(&mut browser, "%2Fessai%2Flire%3Fpage%3D2").await;
    let done = retour(&mut browser, &service).await;
    assert_eq!(
        (done.status, done.location()),
        (StatusCode::SEE_OTHER, "/essai/lire?page=2"),
        "{}",
        done.body
    );
    assert_eq!(browser.get("/essai/lire").await.body, "lu");
    let asked = faux.demandes.lock().expect("demandes").clone();
    let service: String =
        form_urlencoded::byte_serialize(format!("{PUBLIQUE}{service}").as_bytes()).collect();
    assert_eq!(
        asked,
        [format!("service={service}&ticket={TICKET}")],
        "validated with the very service of the departure"
    );
});

db_test!(
    leaving_offers_to_leave_the_university_too_and_its_own_logout_ends_the_session,
    MIGRATIONS,
    |db| async move {
        let (_faux, url) = Faux::start(&succes("scolarite")).await;
        let web = suite_cas(db, &clock(), &reglages(&url));
        compte(&web, Role::Scolarite).await;
        let mut browser = Browser::new(&web);
        let service = depart(&mut browser, "").await;
        retour(&mut browser, &service).await;
        let csrf = browser.get("/compte").await.csrf();
        let out = browser.post("/deconnexion", &[("_csrf", &csrf)]).await;
        assert_eq!(out.location(), "/connexion?motif=sortie-cas");
        let page = browser.get(out.location()).await;
        assert!(
            page.body.contains("/cas/logout?service=https%3A%2F%2Ftelemaque.exemple.fr"),
            "{}",
            page.body
        );

        // Signed in again; the server of CAS tells that the person has left it.
        let service = depart(&mut browser, "").await;
        retour(&mut browser, &service).await;
        assert_eq!(browser.get("/essai/lire").await.status, StatusCode::OK);
        let mut server = Browser::new(&web);
        let logout = |ticket: &str| {
            format!(
                "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
            )
        };
        let other = logout("ST-2-abcdefghijklmnop");
        assert_eq!(
            server.post(&service, &[("logoutRequest", &other)]).await.status,
            StatusCode::OK,
            "says nothing"
        );
        assert_eq!(browser.get("/essai/lire").await.status, StatusCode::OK);
        let mut forged = Browser::of(&web, Role::Direction).await;
        let refused = forged.post(&service, &[("logoutRequest", &logout(TICKET))]).await;
        assert_eq!(
            refused.status,
            StatusCode::FORBIDDEN,
            "from a browser that has a session, a form needs its token"
        );
        for nonsense in ["", "<x/>", "<!DOCTYPE x><y/>"] {
            let answer = server.post("/connexion/cas", &[("logoutRequest", nonsense)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
        }
        assert_eq!(
            server.post("/connexion/cas", &[("logoutRequest", &logout(TICKET))]).await.status,
            StatusCode::OK
        );
        assert_eq!(
            browser.get("/essai/lire").await.status,
            StatusCode::SEE_OTHER,
            "the session of that ticket is over"
        );
    }
);

db_test!(a_ticket_counts_only_in_the_browser_that_left_for_it, MIGRATIONS, |db| async move {
    let (faux, url) = Faux::start(&succes("scolarite")).await;
    let web = suite_cas(db, &clock(), &reglages(&url));
    compte(&web, Role::Scolarite).await;
    let mut attacker = Browser::new(&web);
    let service = depart(&mut attacker, "").await;
    let mut victim = Browser::new(&web);
    for path in [format!("{service}&ticket={TICKET}"), format!("/connexion/cas?ticket={TICKET}")] {
        let answer = victim.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("n’a pas été demandée depuis ce navigateur"), "{}", answer.body);
    }
    assert!(faux.demandes.lock().expect("demandes").is_empty(), "CAS is not even asked");
    let odd = attacker.get(&format!("{service}&ticket=PT-1-abcdefghijklmnop")).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    // Two tabs leave: the first that comes back does not spoil the other.
    let first = depart(&mut attacker, "%2Fessai%2Flire").await;
    let _second = depart(&mut attacker, "%2Fcompte").await;
    assert_eq!(retour(&mut attacker, &first).await.location(), "/essai/lire");
    let away = Browser::new(&web).get("/connexion/cas?suite=https%3A%2F%2Failleurs.example").await;
    assert!(!away.location().contains("ailleurs"), "{}", away.location());
});

#[tokio::test]
async fn every_refusal_says_what_to_do() {
    let base = Base::sqlite(MIGRATIONS).await;
    let (faux, url) = Faux::start("").await;
    let web = suite_cas(base.db(), &clock(), &reglages(&url));
    compte(&web, Role::Scolarite).await;
    let nouvel = |identifiant: &str, entree| NouvelAcces {
        identifiant: identifiant.to_owned(),
        nom: String::new(),
        role: Role::Direction,
        entree,
        etudiant: None,
    };
    web.comptes().ouvrir(&Actor::Commande, nouvel("secours", Entree::Local)).await.expect("made");
    web.comptes().ouvrir(&Actor::Commande, nouvel("partie", Entree::Cas)).await.expect("made");
    web.comptes().activer(&Actor::Commande, "partie", false).await.expect("closed");
    let outage = StatusCode::SERVICE_UNAVAILABLE;
    let cases = [
        (StatusCode::OK, refus("INVALID_TICKET"), StatusCode::BAD_REQUEST, "elle a déjà servi"),
        (StatusCode::OK, refus("INVALID_SERVICE"), outage, "est à déclarer auprès du CAS"),
        (StatusCode::OK, refus("INTERNAL_ERROR"), outage, "ne répond pas"),
        (StatusCode::OK, "<html>Erreur</html>".to_owned(), outage, "autre chose que ce qui était attendu"),
        (StatusCode::FOUND, String::new(), outage, "autre chose que ce qui était attendu"),
        (
            StatusCode::OK,
            format!("<!--{}-->", "x".repeat(400_000)),
            outage,
            "autre chose que ce qui était attendu",
        ),
        (StatusCode::BAD_GATEWAY, String::new(), outage, "ne répond pas"),
        (
            StatusCode::OK,
            succes("inconnue.martin"),
            StatusCode::FORBIDDEN,
            "demandez un compte au service informatique en donnant l’identifiant «\u{a0}inconnue.martin\u{a0}»",
        ),
        (StatusCode::OK, succes("é <b>"), outage, "autre chose"),
        (StatusCode::OK, succes("éloïse"), StatusCode::FORBIDDEN, "ne peut pas servir dans Télémaque"),
        (StatusCode::OK, succes("partie"), StatusCode::FORBIDDEN, "est désactivé dans Télémaque"),
        (StatusCode::OK, succes("secours"), StatusCode::FORBIDDEN, "ne s’ouvre pas par l’université"),
    ];
    for (status, text, expected, said) in cases {
        faux.answer(status, &text);
        let mut browser = Browser::new(&web);
        let service = depart(&mut browser, "%2Fessai%2Flire").await;
        let answer = retour(&mut browser, &service).await;
        assert_eq!(answer.status, expected, "{said}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(!answer.body.contains(TICKET), "a ticket is not shown");
        assert!(!browser.cookies.contains_key("telemaque_session"));
        assert!(answer.body.contains("href=\"/connexion/cas?suite=%2Fessai%2Flire\""), "one can start again");
    }
    // The page of the refusal holds a form that works.
    let mut browser = Browser::new(&web);
    faux.answer(StatusCode::BAD_GATEWAY, "");
    let service = depart(&mut browser, "%2Fessai%2Flire").await;
    let page = retour(&mut browser, &service).await;
    assert!(page.body.contains("<details class=\"connexion-locale\" open>"));
    let fields = [
        ("_csrf", page.csrf()),
        ("identifiant", "scolarite".to_owned()),
        ("mot_de_passe", MOT_DE_PASSE.to_owned()),
        ("suite", "/essai/lire".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/connexion", &fields).await.location(), "/essai/lire");
    base.close().await;
}

#[tokio::test]
async fn a_cas_that_is_down_is_said_before_leaving_for_it() {
    let base = Base::sqlite(MIGRATIONS).await;
    // A port that was free a moment ago, and that nobody listens to.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("port").local_addr().expect("address");
    let web = suite_cas(base.db(), &clock(), &reglages(&format!("http://{closed}/cas")));
    compte(&web, Role::Scolarite).await;
    let mut browser = Browser::new(&web);
    let answer = browser.get("/connexion/cas?suite=%2Fessai%2Flire").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        answer.body.contains("ne répond pas") && answer.body.contains("vous pouvez l’utiliser ci-dessous")
    );
    assert_eq!(browser.sign_in("scolarite", MOT_DE_PASSE, "").await.status, StatusCode::SEE_OTHER);
    base.close().await;
}

db_test!(the_lock_of_a_password_does_not_close_the_door_of_cas, MIGRATIONS, |db| async move {
    let (_faux, url) = Faux::start(&succes("scolarite")).await;
    let web = suite_cas(db, &clock(), &reglages(&url));
    compte(&web, Role::Scolarite).await;
    let mut browser = Browser::new(&web);
    for _ in 0..6 {
        browser.sign_in("scolarite", "mauvais mot de passe", "").await;
    }
    assert_eq!(browser.sign_in("scolarite", MOT_DE_PASSE, "").await.status, StatusCode::TOO_MANY_REQUESTS);
    let service = depart(&mut browser, "").await;
    assert_eq!(retour(&mut browser, &service).await.location(), "/");
    let locked = Browser::new(&web).sign_in("scolarite", MOT_DE_PASSE, "").await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS, "and CAS does not open that of the password");
});

db_test!(
    somebody_unknown_receives_an_account_only_by_the_table_of_the_settings,
    MIGRATIONS,
    |db| async move {
        let clock = clock();
        let (_faux, url) = Faux::start(&succes("Lukasz")).await;
        let mut reglages = reglages(&url);
        reglages.role_par_attribut =
            [("student".to_owned(), Role::Etudiant), ("faculty".to_owned(), Role::Enseignant)].into();
        let refusing = suite_cas(db.clone(), &clock, &reglages);
        let mut browser = Browser::new(&refusing);
        let service = depart(&mut browser, "").await;
        assert_eq!(
            retour(&mut browser, &service).await.status,
            StatusCode::FORBIDDEN,
            "not unless `creer_comptes`"
        );

        reglages.creer_comptes = true;
        let web = suite_cas(db, &clock, &reglages);
        let mut browser = Browser::new(&web);
        let service = depart(&mut browser, "").await;
        assert_eq!(retour(&mut browser, &service).await.location(), "/");
        let made = web.comptes().lire("lukasz").await.expect("read").expect("made");
        assert_eq!(
            (made.nom.as_str(), made.role, made.entree),
            ("Łukasz D’Épinay", Role::Enseignant, Entree::Cas)
        );
        assert!(!made.mot_de_passe && made.connecte_le.is_some());
        // No password opens it, the empty one included.
        for word in ["", "lukasz", "quatre chevaux bruns"] {
            let answer = Browser::new(&web).sign_in("lukasz", word, "").await;
            assert!(answer.body.contains("ne vont pas ensemble"), "{word}");
        }
        web.comptes()
            .modifier(
                &Actor::Commande,
                "lukasz",
                web::comptes::Modification {
                    nom: "L".into(),
                    role: Role::Etudiant,
                    entree: Entree::Cas,
                    etudiant: None,
                },
                None,
            )
            .await
            .expect("modified");
        clock.advance(Duration::hours(1));
        let mut again = Browser::new(&web);
        let service = depart(&mut again, "").await;
        retour(&mut again, &service).await;
        let held = web.comptes().lire("lukasz").await.expect("read").expect("held");
        assert_eq!(held.role, Role::Etudiant, "what the IT service decided stays");
    }
);

/// A student whom CAS knows by these numbers.
fn etudiant(user: &str, attribut: &str, numeros: &[&str]) -> String {
    let valeurs: String = numeros.iter().map(|n| format!("<cas:{attribut}>{n}</cas:{attribut}>")).collect();
    succes(user).replace("<cas:displayName>", &format!("{valeurs}<cas:displayName>"))
}

db_test!(cas_says_whose_file_a_students_account_opens, MIGRATIONS, |db| async move {
    let (faux, url) = Faux::start(&etudiant("anne", "supannEtuId", &["{SUPANN}", "21000123"])).await;
    let mut reglages = reglages(&url);
    reglages.creer_comptes = true;
    reglages.role_par_attribut = [("student".to_owned(), Role::Etudiant)].into();
    let web = suite_cas(db.clone(), &clock(), &reglages);
    let entrer = async |web: &Web| {
        let mut browser = Browser::new(web);
        let service = depart(&mut browser, "").await;
        assert_eq!(retour(&mut browser, &service).await.location(), "/");
        browser.get("/essai/etudiant").await.body
    };
    let numero = async |identifiant: &str| {
        let held = web.comptes().lire(identifiant).await.expect("read").expect("held");
        held.etudiant.map(|numero| numero.0)
    };
    assert_eq!(entrer(&web).await, "21000123", "the first value that can be a number");
    assert_eq!(numero("anne").await.as_deref(), Some("21000123"));

    faux.answer(StatusCode::OK, &succes("anne"));
    assert_eq!(entrer(&web).await, "21000123", "silence takes nothing away");
    // Typed wrong here: the university is right.
    web.comptes().rattacher(&Actor::Commande, "anne", Some("99999999".into())).await.expect("set");
    faux.answer(StatusCode::OK, &etudiant("anne", "supannEtuId", &["21000123"]));
    assert_eq!(entrer(&web).await, "21000123");
    // Another account carries it: this one opens nobody's file, and its person comes in.
    faux.answer(StatusCode::OK, &etudiant("paul", "supannEtuId", &["21000123"]));
    assert_eq!(entrer(&web).await, "personne");
    assert_eq!(numero("anne").await.as_deref(), Some("21000123"));

    // Who is no student has no number, whatever CAS says.
    compte(&web, Role::Scolarite).await;
    faux.answer(StatusCode::OK, &etudiant("scolarite", "supannEtuId", &["21000124"]));
    assert_eq!(entrer(&web).await, "personne");
    // Other names of the attribute, in order.
    reglages.attribut_etudiant = "supannCodeINE, employeeNumber".to_owned();
    let ailleurs = suite_cas(db, &clock(), &reglages);
    faux.answer(StatusCode::OK, &etudiant("rose", "employeeNumber", &["21000125"]));
    assert_eq!(entrer(&ailleurs).await, "21000125");
});

#[tokio::test]
async fn without_cas_nothing_of_it_is_there() {
    let base = Base::sqlite(MIGRATIONS).await;
    let web = crate::support::suite(base.db(), &clock());
    let mut browser = Browser::new(&web);
    assert_eq!(browser.get("/connexion/cas").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.send(Method::POST, "/connexion/cas", "", "").await.status, StatusCode::NOT_FOUND);
    let page = browser.get("/connexion").await.body;
    assert!(!page.contains("/connexion/cas") && !page.contains("<details class=\"connexion-locale\""));
    base.close().await;
}
