//! What is remembered of Apogée: a recent answer serves again, a closed source is left alone and its last good copy served.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use api::domain::copie::{Jeu, Origine};
use api::{Api, Compteurs, Porte, ReglagesApogee, ReglagesCache, ReglagesExtraction};
use apogee::wire::operations::{
    RecupererAdressesEtudiantV2, RecupererContratPedagogiqueResultatElpEprV6, RecupererIAEtapesV3,
    RecupererInfosAdmEtuV4, RecupererRegimeInscription,
};
use apogee::wire::types::administratif::{EtapeDTO, EtatIAEDTO, InsAdmEtpDTO3};
use apogee::wire::types::etudiant::{CoordonneesDTO2, InfoAdmEtuDTO4};
use apogee::wire::types::referentiel::RegimeInscDTO;
use apogee::wire::{DateHeure, Fault, NilPolicy, Service, encode_response};
use async_trait::async_trait;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router};
use chrono::{DateTime, Duration, Utc};
use contracts::apogee::{Dossier, DossiersTenus};
use db::Db;
use http_body_util::BodyExt as _;
use kernel::{AnneeUniversitaire, Clock as _, FixedClock, NumeroEtudiant, Scope};
use serde_json::Value;
use tower::ServiceExt as _;
use web::jetons::Porteur;

fn oui(texte: &str) -> Option<String> {
    Some(texte.to_owned())
}

fn annee() -> AnneeUniversitaire {
    "2023".parse().unwrap()
}

/// Apogée as a test plays it: open or closed, and how often it was asked.
#[derive(Debug, Default)]
struct Joue {
    ferme: AtomicBool,
    appels: AtomicU64,
}

async fn apogee(State(joue): State<Arc<Joue>>, corps: String) -> Response {
    let p = NilPolicy::Nil;
    joue.appels.fetch_add(1, Ordering::Relaxed);
    let faute = |code: &str| {
        let corps = Fault::apogee(code).encode(Service::Etudiant.namespace(), p);
        (StatusCode::INTERNAL_SERVER_ERROR, corps).into_response()
    };
    if joue.ferme.load(Ordering::Relaxed) {
        return faute("technical.data.transaction.connexion");
    }
    if corps.contains("recupererRegimeInscription") {
        let regime = RegimeInscDTO {
            cod_reg_ins: oui("10"),
            lib_reg_ins: oui("Formation continue"),
            ..Default::default()
        };
        return encode_response::<RecupererRegimeInscription>(&vec![regime], p).into_response();
    }
    if !corps.contains(">21900001<") {
        return faute("technical.data.nullretrieve.etudiant");
    }
    if corps.contains("recupererInfosAdmEtu") {
        let infos = InfoAdmEtuDTO4 {
            nom_patronymique: oui("D’ÉPINAY"),
            prenom1: oui("Zoé"),
            numero_ine: oui("0123456789A"),
            date_naissance: Some(DateHeure("2001-03-14T00:00:00+01:00".into())),
            ..Default::default()
        };
        return encode_response::<RecupererInfosAdmEtuV4>(&Some(infos), p).into_response();
    }
    if corps.contains("recupererAdressesEtudiant") {
        let coordonnees = CoordonneesDTO2 { email: oui("zoe@exemple.fr"), ..Default::default() };
        return encode_response::<RecupererAdressesEtudiantV2>(&Some(coordonnees), p).into_response();
    }
    if corps.contains("recupererIAEtapes") {
        let ia = InsAdmEtpDTO3 {
            annee_iae: oui("2023"),
            etape: Some(EtapeDTO { code_etp: oui("L1"), version_etp: oui("100"), ..Default::default() }),
            etat_iae: Some(EtatIAEDTO { code_etat_iae: oui("E"), ..Default::default() }),
            ..Default::default()
        };
        return encode_response::<RecupererIAEtapesV3>(&vec![ia], p).into_response();
    }
    if corps.contains("recupererContratPedagogiqueResultatElpEpr") {
        return encode_response::<RecupererContratPedagogiqueResultatElpEprV6>(&Vec::new(), p)
            .into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Maquette as a test plays it: it holds the file of one student.
struct Tenu(DateTime<Utc>);

#[async_trait]
impl DossiersTenus for Tenu {
    async fn dossier(
        &self,
        _: AnneeUniversitaire,
        numero: &NumeroEtudiant,
    ) -> Option<(Dossier, DateTime<Utc>)> {
        (numero.as_str() == "21900009").then(|| {
            let dossier = Dossier {
                numero: numero.clone(),
                ine: None,
                nom: "ŁUKASZ".to_owned(),
                nom_usage: None,
                prenom: "O".to_owned(),
                naissance: None,
                nationalite: None,
                handicap: false,
                email: None,
                telephone: None,
                adresse: None,
                inscriptions: Vec::new(),
                contrats: Vec::new(),
            };
            (dossier, self.0)
        })
    }

    async fn annee_courante(&self) -> Option<AnneeUniversitaire> {
        Some(annee())
    }
}

struct Banc {
    api: Api,
    joue: Arc<Joue>,
    clock: Arc<FixedClock>,
}

impl Banc {
    async fn open(db: Db) -> Self {
        let joue = Arc::new(Joue::default());
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", ecoute.local_addr().unwrap());
        let application = Router::new().fallback(apogee).with_state(Arc::clone(&joue));
        tokio::spawn(async move { axum::serve(ecoute, application).await });
        let clock = testkit::clock();
        let nulle_part = Path::new("absent");
        let porte = Porte::new(
            &ReglagesApogee { url, reprises: 0, attente_ms: 0, ..Default::default() },
            &ReglagesExtraction { lieu: "absent".into(), copie: nulle_part.into(), ..Default::default() },
            clock.clone(),
        )
        .unwrap();
        let hier = clock.now() - Duration::days(1);
        let api = Api::new(db, clock.clone(), Vec::new(), Vec::new()).avec_porte(
            porte,
            ReglagesCache::default(),
            Some(Arc::new(Tenu(hier))),
        );
        Self { api, joue, clock }
    }

    fn appels(&self) -> u64 {
        self.joue.appels.load(Ordering::Relaxed)
    }

    fn fermer(&self, ferme: bool) {
        self.joue.ferme.store(ferme, Ordering::Relaxed);
    }

    /// Asks an address of the REST interface with a token of these scopes.
    async fn demander(&self, chemin: &str, droits: &[Scope]) -> (StatusCode, Value, Option<String>) {
        let porteur = Porteur { jeton: 1, nom: "essai".into(), droits: droits.to_vec() };
        let router = self.api.routes().into_router().layer(Extension(porteur));
        let request = Request::get(chemin).body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        let age = answer.headers().get(header::AGE).map(|v| v.to_str().unwrap().to_owned());
        let octets = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&octets).unwrap_or_default(), age)
    }
}

testkit::db_test!(
    a_recent_answer_serves_again_and_a_closed_source_is_replaced,
    api::MIGRATIONS,
    |db| async move {
        let banc = Banc::open(db).await;
        let zoe: NumeroEtudiant = "21900001".into();
        let lue = banc.api.dossier(annee(), &zoe, false).await.unwrap();
        assert_eq!((lue.origine, lue.valeur.nom.as_str()), (Origine::Source, "D’ÉPINAY"));
        let premiere = lue.obtenue_le;
        let appels = banc.appels();
        assert!(appels >= 4);

        banc.clock.advance(Duration::minutes(10));
        let lue = banc.api.dossier(annee(), &zoe, false).await.unwrap();
        assert_eq!((lue.origine, lue.obtenue_le), (Origine::Copie, premiere));
        assert_eq!(banc.appels(), appels, "nothing was asked");

        let lue = banc.api.dossier(annee(), &zoe, true).await.unwrap();
        assert_eq!(lue.origine, Origine::Source, "a fresh answer was demanded");
        let fraiche = lue.obtenue_le;

        banc.fermer(true);
        banc.clock.advance(Duration::hours(2));
        let appels = banc.appels();
        let lue = banc.api.dossier(annee(), &zoe, false).await.unwrap();
        assert_eq!((lue.origine, lue.obtenue_le), (Origine::Secours, fraiche));
        assert!(lue.panne.is_some());
        let apres = banc.appels();
        assert!(apres > appels);
        let lue = banc.api.dossier(annee(), &zoe, true).await.unwrap();
        assert_eq!(lue.origine, Origine::Secours);
        assert_eq!(banc.appels(), apres, "a source found down is left alone");

        banc.fermer(false);
        banc.clock.advance(Duration::seconds(31));
        assert_eq!(banc.api.dossier(annee(), &zoe, false).await.unwrap().origine, Origine::Source);
        assert_eq!(banc.api.compteurs(), Compteurs { source: 3, copie: 1, secours: 2, refus: 0 });

        banc.clock.advance(Duration::days(31));
        assert_eq!(banc.api.purger().await.unwrap(), 1, "copies about people do not last");
    }
);

testkit::db_test!(
    what_a_collection_read_stands_in_when_nothing_was_asked_before,
    api::MIGRATIONS,
    |db| async move {
        let banc = Banc::open(db).await;
        banc.fermer(true);
        let lue = banc.api.dossier(annee(), &"21900009".into(), false).await.unwrap();
        assert_eq!((lue.origine, lue.valeur.nom.as_str()), (Origine::Secours, "ŁUKASZ"));
        assert_eq!(lue.obtenue_le, banc.clock.now() - Duration::days(1));
        let refus = banc.api.dossier(annee(), &"21900008".into(), false).await.unwrap_err();
        assert!(matches!(refus, api::ApiFault::Panne(_)), "an outage is never an unknown student: {refus}");
        assert_eq!(banc.api.compteurs(), Compteurs { secours: 1, refus: 1, ..Compteurs::default() });
        banc.fermer(false);
        banc.clock.advance(Duration::minutes(1));
        let refus = banc.api.dossier(annee(), &"21900008".into(), false).await.unwrap_err();
        assert!(matches!(refus, api::ApiFault::EtudiantInconnu), "{refus}");
    }
);

testkit::db_test!(the_same_question_asked_by_many_is_asked_once, api::MIGRATIONS, |db| async move {
    let banc = Banc::open(db).await;
    let questions = (0..20).map(|_| banc.api.references(Jeu::Regimes, false));
    let lues = futures::future::join_all(questions).await;
    assert!(lues.iter().all(|lue| lue.as_ref().unwrap().valeur.len() == 1));
    assert_eq!(banc.appels(), 1);
});

testkit::db_test!(a_token_reads_no_more_than_its_scopes, api::MIGRATIONS, |db| async move {
    let banc = Banc::open(db).await;
    let chemin = "/api/v1/apogee/etudiants/21900001";
    let (status, _, _) = banc.demander(chemin, &[Scope::MaquetteLire]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _, _) = banc.demander(chemin, &[Scope::ApogeeLire]).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "people are read with the right to read people");

    let (status, corps, age) = banc.demander(chemin, &[Scope::ApogeeLire, Scope::EtudiantsLire]).await;
    assert_eq!((status, age.as_deref()), (StatusCode::OK, Some("0")));
    assert_eq!(corps["origine"], "apogee");
    assert_eq!(corps["donnees"]["nom"], "D’ÉPINAY");
    let texte = corps.to_string();
    for secret in ["2001-03-14", "0123456789A", "zoe@exemple.fr", "identite"] {
        assert!(!texte.contains(secret), "{secret} in {texte}");
    }
    let tous = [Scope::ApogeeLire, Scope::EtudiantsLire, Scope::EtudiantsIdentite];
    let (_, corps, _) = banc.demander(chemin, &tous).await;
    assert_eq!(corps["origine"], "copie");
    assert_eq!(corps["donnees"]["identite"]["naissance"], "2001-03-14");

    let (status, _, _) = banc.demander("/api/v1/apogee/etudiants/21900002", &tous).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let appels = banc.appels();
    let (status, _, _) = banc.demander("/api/v1/apogee/etudiants/%3Cscript%3E", &tous).await;
    assert_eq!(
        (status, banc.appels()),
        (StatusCode::NOT_FOUND, appels),
        "what cannot be a number is not asked"
    );
    banc.fermer(true);
    banc.clock.advance(Duration::hours(1));
    let (status, corps, age) = banc.demander(chemin, &tous).await;
    assert_eq!((status, age.as_deref()), (StatusCode::OK, Some("3600")));
    assert_eq!(corps["origine"], "secours");
    assert!(corps["panne"]["detail"].as_str().unwrap().contains("Apogée"), "{corps}");
    let (status, _, _) = banc.demander("/api/v1/apogee/regimes", &tous).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "nothing held is not an empty list");

    let (status, corps, _) = banc.demander("/api/v1/fraicheur", &[Scope::CollectesLire]).await;
    assert_eq!(status, StatusCode::OK);
    let dossiers = corps.as_array().unwrap().iter().find(|j| j["code"] == "dossiers").unwrap();
    assert!(dossiers["echec"].is_string() && dossiers["obtenu_le"].is_string(), "{dossiers}");
});
