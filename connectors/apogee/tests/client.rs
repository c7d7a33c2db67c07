//! The client against a server that answers whatever a test says, call after call.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail as the test does"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use apogee::Reprise;
use apogee::client::{Acces, Client, Reglages, Structures, Temoin};
use apogee::wire::operations::{
    RecupererIAEtapesV3, RecupererInfosAdmEtuV4, RecupererListeEtudiants, RecupererSEV3,
};
use apogee::wire::types::administratif::InsAdmEtpDTO3;
use apogee::wire::types::etudiant::{EtudiantDTO2, InfoAdmEtuDTO4};
use apogee::wire::types::offre_v3::DiplomeDTO3;
use apogee::wire::{Fault, NilPolicy, Service, encode_response};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use kernel::{AnneeUniversitaire, NumeroEtudiant, Outage, OutageKind};

/// One answer of the server.
#[derive(Clone)]
enum Reponse {
    Xml(u16, String),
    Statut(u16),
    Html(u16),
    Redirection,
    Coupure,
    Silence,
    Basic,
}

struct Recue {
    chemin: String,
    soap_action: String,
    corps: String,
}

#[derive(Clone)]
struct Etat {
    // The last one is given again for ever.
    reponses: Arc<Mutex<Vec<Reponse>>>,
    recues: Arc<Mutex<Vec<Recue>>>,
    en_vol: Arc<Mutex<(u64, u64)>>,
}

struct Serveur {
    base: String,
    recues: Arc<Mutex<Vec<Recue>>>,
    en_vol: Arc<Mutex<(u64, u64)>>,
}

async fn servir(State(etat): State<Etat>, uri: Uri, entetes: HeaderMap, corps: Bytes) -> Response<Body> {
    let texte = |nom| entetes.get(nom).map_or("", |v: &header::HeaderValue| v.to_str().unwrap()).to_owned();
    let autorisation = texte(header::AUTHORIZATION);
    etat.recues.lock().unwrap().push(Recue {
        chemin: uri.path().to_owned(),
        soap_action: texte(header::HeaderName::from_static("soapaction")),
        corps: String::from_utf8(corps.to_vec()).unwrap(),
    });
    {
        let mut en_vol = etat.en_vol.lock().unwrap();
        en_vol.0 += 1;
        en_vol.1 = en_vol.1.max(en_vol.0);
    }
    // Lets the other calls arrive, so that the limit of the client is what is seen.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    etat.en_vol.lock().unwrap().0 -= 1;
    let reponse = {
        let mut reponses = etat.reponses.lock().unwrap();
        if reponses.len() > 1 { reponses.remove(0) } else { reponses[0].clone() }
    };
    let envoyer = |code: u16, mime: &str, corps: Body| {
        Response::builder().status(code).header(header::CONTENT_TYPE, mime).body(corps).unwrap()
    };
    match reponse {
        Reponse::Xml(code, texte) => envoyer(code, "text/xml; charset=utf-8", texte.into()),
        Reponse::Statut(code) => envoyer(code, "text/plain", "".into()),
        Reponse::Html(code) => {
            envoyer(code, "text/html", "<!DOCTYPE html><html><br><title>Connexion</title>".into())
        }
        Reponse::Redirection => Response::builder()
            .status(StatusCode::FOUND)
            .header(header::LOCATION, "https://cas.exemple.fr/login?service=secret")
            .body(Body::empty())
            .unwrap(),
        Reponse::Silence => futures::future::pending().await,
        Reponse::Coupure => envoyer(
            200,
            "text/xml",
            Body::from_stream(futures::stream::iter([
                Ok::<_, std::io::Error>(Bytes::from_static(b"<soapenv:Envelope xmlns:soap")),
                Err(std::io::Error::other("cut")),
            ])),
        ),
        Reponse::Basic if autorisation == "Basic bW9pOm1vdA==" => infos(),
        Reponse::Basic => envoyer(401, "text/plain", "".into()),
    }
}

fn infos() -> Response<Body> {
    Response::new(Body::from(infos_xml()))
}

fn infos_xml() -> String {
    let dto =
        InfoAdmEtuDTO4 { nom_patronymique: Some("N'GUYEN-ĐẶNG".into()), ..InfoAdmEtuDTO4::default() };
    encode_response::<RecupererInfosAdmEtuV4>(&Some(dto), NilPolicy::Nil)
}

fn faute(code: &str) -> Reponse {
    Reponse::Xml(500, Fault::apogee(code).encode(Service::Etudiant.namespace(), NilPolicy::Nil))
}

fn bien() -> Reponse {
    Reponse::Xml(200, infos_xml())
}

impl Serveur {
    async fn avec(reponses: impl IntoIterator<Item = Reponse>) -> Self {
        let etat = Etat {
            reponses: Arc::new(Mutex::new(reponses.into_iter().collect())),
            recues: Arc::default(),
            en_vol: Arc::default(),
        };
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/wsapogee", ecoute.local_addr().unwrap());
        let (recues, en_vol) = (etat.recues.clone(), etat.en_vol.clone());
        let application = axum::Router::new().fallback(servir).with_state(etat);
        tokio::spawn(async move { axum::serve(ecoute, application).await });
        Self { base, recues, en_vol }
    }

    fn reglages(&self) -> Reglages {
        Reglages {
            delai: Duration::from_millis(250),
            reprise: Reprise { nombre: 2, base: Duration::ZERO, plafond: Duration::ZERO },
            ..Reglages::new(&self.base, None)
        }
    }

    fn client(&self) -> Client {
        Client::new(self.reglages()).unwrap()
    }

    fn appels(&self) -> usize {
        self.recues.lock().unwrap().len()
    }
}

fn numero() -> NumeroEtudiant {
    "21912345".into()
}

fn annee() -> AnneeUniversitaire {
    "2024".parse().unwrap()
}

/// What asking for one student's civil status gives, after how many calls.
async fn demander(
    reponses: impl IntoIterator<Item = Reponse>,
) -> (Result<Option<InfoAdmEtuDTO4>, Outage>, usize, Client) {
    let serveur = Serveur::avec(reponses).await;
    let client = serveur.client();
    let resultat = client.infos_adm(&numero()).await;
    (resultat, serveur.appels(), client)
}

#[tokio::test]
async fn a_call_is_what_the_contract_says() {
    let serveur = Serveur::avec([bien()]).await;
    let infos = serveur.client().infos_adm(&numero()).await.unwrap().unwrap();
    assert_eq!(infos.nom_patronymique.as_deref(), Some("N'GUYEN-ĐẶNG"));
    let recues = serveur.recues.lock().unwrap();
    assert_eq!(recues[0].chemin, "/wsapogee/services/EtudiantMetier");
    assert_eq!(recues[0].soap_action, "\"\"");
    assert!(recues[0].corps.contains("<_codEtu>21912345</_codEtu>"), "{}", recues[0].corps);
}

#[tokio::test]
async fn no_data_and_nobody_are_not_outages() {
    for code in [
        "technical.data.nullretrieve.etudiant",
        "technical.data.nullretrieve.etudiant ",
        "technical.parameter.nullretrieve.x",
        "technical.parameter.noncoherentinput.codEtu ",
        "technical.security.invaliduser.user",
    ] {
        let (resultat, appels, _) = demander([faute(code)]).await;
        assert_eq!((resultat, appels), (Ok(None), 1), "{code}");
    }
    let serveur = Serveur::avec([faute("technical.data.nullretrieve.findIAE")]).await;
    assert_eq!(serveur.client().ia_etapes(&numero(), Some(annee())).await, Ok(Vec::new()));
}

#[tokio::test]
async fn transient_faults_are_waited_out() {
    for passagere in [
        faute("technical.data.transaction.connexion"),
        faute("java.lang.reflect.InvocationTargetException"),
        faute("technical.remoteerror"),
        Reponse::Statut(502),
        Reponse::Html(503),
        Reponse::Statut(504),
        Reponse::Coupure,
        Reponse::Silence,
        Reponse::Xml(200, infos_xml().split_at(200).0.to_owned()),
    ] {
        let (resultat, appels, client) = demander([passagere.clone(), passagere, bien()]).await;
        assert!(resultat.unwrap().is_some());
        assert_eq!(appels, 3);
        let releve = client.statistiques().releve();
        assert_eq!((releve.appels, releve.reprises), (3, 2));
        assert!(releve.octets > 100);
    }
}

#[tokio::test]
async fn each_failure_has_its_kind_its_count_and_its_sentence() {
    for (reponse, kind, appels_attendus, phrase) in [
        (faute("technical.data.transaction.connexion"), OutageKind::EnPanne, 3, "transaction.connexion"),
        (Reponse::Statut(503), OutageKind::EnPanne, 3, "503"),
        (Reponse::Coupure, OutageKind::Tronquee, 3, "coupée"),
        (Reponse::Silence, OutageKind::Delai, 3, "délai"),
        (Reponse::Xml(200, "<soapenv:Envelope".into()), OutageKind::Tronquee, 3, "s'arrête"),
        (Reponse::Html(200), OutageKind::Illisible, 1, "HTML"),
        (Reponse::Html(500), OutageKind::Illisible, 1, "HTML"),
        (Reponse::Redirection, OutageKind::Illisible, 1, "cas.exemple.fr"),
        (Reponse::Xml(200, "<a/>".into()), OutageKind::Illisible, 1, "contrat"),
        (Reponse::Statut(401), OutageKind::Refus, 1, "401"),
        (Reponse::Statut(403), OutageKind::Refus, 1, "403"),
        (Reponse::Html(404), OutageKind::Demande, 1, "404"),
        (faute("technical.parameter.nonpresentinput.annee"), OutageKind::Demande, 1, "mal posée"),
        (faute("technical.security.droits"), OutageKind::Refus, 1, "refuse"),
        (faute("java.lang.NullPointerException"), OutageKind::EnPanne, 1, "contrat"),
    ] {
        let (resultat, appels, _) = demander([reponse]).await;
        let panne = resultat.unwrap_err();
        assert_eq!((panne.kind, appels), (kind, appels_attendus), "{panne}");
        assert!(panne.detail.contains(phrase), "{panne}");
        assert_eq!(panne.quoi, "recupererInfosAdmEtu_v4");
        assert!(!panne.to_string().contains("21912345") && !panne.to_string().contains("service=secret"));
        assert!(panne.remede.ends_with('.'));
    }
}

#[tokio::test]
async fn nobody_at_the_address_and_an_address_that_is_none() {
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", ecoute.local_addr().unwrap());
    drop(ecoute);
    let reglages = Reglages {
        reprise: Reprise { nombre: 1, base: Duration::ZERO, plafond: Duration::ZERO },
        ..Reglages::new(base, None)
    };
    let panne = Client::new(reglages).unwrap().infos_adm(&numero()).await.unwrap_err();
    assert_eq!(panne.kind, OutageKind::Injoignable);
    assert!(panne.detail.contains("rien n'écoute") && panne.detail.contains("2 essais"), "{panne}");
    assert_eq!(Client::new(Reglages::new("apogee", None)).unwrap_err().kind, OutageKind::Demande);
}

#[tokio::test]
async fn credentials_are_those_of_the_service() {
    let serveur = Serveur::avec([Reponse::Basic]).await;
    let mut reglages = serveur.reglages();
    assert_eq!(
        Client::new(reglages.clone()).unwrap().infos_adm(&numero()).await.unwrap_err().kind,
        OutageKind::Refus
    );
    let url = format!("{}/ailleurs/Etudiant", serveur.base);
    reglages.particuliers.insert(Service::Etudiant, Acces { url, basic: Some(("moi".into(), "mot".into())) });
    let client = Client::new(reglages).unwrap();
    assert!(client.infos_adm(&numero()).await.unwrap().is_some());
    assert_eq!(serveur.recues.lock().unwrap()[1].chemin, "/wsapogee/ailleurs/Etudiant");
    assert!(!format!("{client:?}").contains("mot\""));
}

#[tokio::test]
async fn a_server_without_v4_is_asked_v3_and_v4_no_more() {
    let inconnue = Fault::moteur("soapenv:Client", "No such operation 'recupererSE_v4'");
    let v3 = encode_response::<RecupererSEV3>(
        &vec![DiplomeDTO3 { cod_dip: Some("D1".into()), ..DiplomeDTO3::default() }],
        NilPolicy::Omit,
    );
    let serveur = Serveur::avec([
        Reponse::Xml(500, inconnue.encode(Service::OffreFormation.namespace(), NilPolicy::Nil)),
        Reponse::Xml(200, v3),
    ])
    .await;
    let client = serveur.client();
    for _ in 0..2 {
        let structures = client.structure_de_vet(&"L1".into(), &"100".into()).await.unwrap();
        assert!(matches!(structures, Structures::V3(_)));
        assert_eq!(structures.diplomes(), 1);
    }
    let demandees: Vec<_> =
        serveur.recues.lock().unwrap().iter().map(|r| r.corps.contains("recupererSE_v4")).collect();
    assert_eq!(demandees, [true, false, false]);
}

#[tokio::test]
async fn the_source_never_has_more_calls_than_said() {
    let serveur = Serveur::avec([bien()]).await;
    let client = Client::new(Reglages { simultanees: 3, ..serveur.reglages() }).unwrap();
    let un = numero();
    let appels = (0..30).map(|_| client.infos_adm(&un));
    for resultat in futures::future::join_all(appels).await {
        assert!(resultat.unwrap().is_some());
    }
    let releve = client.statistiques().releve();
    assert_eq!((releve.appels, releve.simultanees), (30, 3));
    assert!(serveur.en_vol.lock().unwrap().1 <= 3);
}

#[tokio::test]
async fn lists_are_read_and_criteria_sent() {
    let etudiants: Vec<_> = ["21900001", "21900002"]
        .map(|n| EtudiantDTO2 { cod_etu: Some(n.into()), ..EtudiantDTO2::default() })
        .into();
    let liste = encode_response::<RecupererListeEtudiants>(&etudiants, NilPolicy::Empty);
    let serveur = Serveur::avec([Reponse::Xml(200, liste)]).await;
    let lus = serveur.client().etudiants_de_vet(annee(), &"L1\u{a0}D ".into(), &"100".into()).await.unwrap();
    assert_eq!(lus.len(), 2);
    let corps = serveur.recues.lock().unwrap()[0].corps.clone();
    for attendu in ["<annee>2024</annee>", "<code>L1\u{a0}D </code>", "<listVersion>100</listVersion>"] {
        assert!(corps.contains(attendu), "{corps}");
    }
    let ia = encode_response::<RecupererIAEtapesV3>(
        &vec![InsAdmEtpDTO3 { annee_iae: Some("2024".into()), ..Default::default() }],
        NilPolicy::Omit,
    );
    let serveur = Serveur::avec([Reponse::Xml(200, ia)]).await;
    assert_eq!(serveur.client().ia_etapes(&numero(), None).await.unwrap().len(), 1);
    let corps = serveur.recues.lock().unwrap()[0].corps.clone();
    assert!(corps.contains("<_annee>toutes</_annee>") && corps.contains("<_etatIAE>ARE</_etatIAE>"));
}

#[tokio::test]
async fn checks_try_each_operation_once_and_tell_what_is_down() {
    let temoin = Temoin { annee: annee(), etape: "L1".into(), version: "100".into() };
    let serveur = Serveur::avec([faute("technical.data.nullretrieve.x")]).await;
    let controles = serveur.client().verifier(&temoin).await;
    assert_eq!(controles.len(), 16);
    assert!(controles.iter().all(|c| c.resultat.is_ok()), "none is an answer: {controles:?}");
    let noms: std::collections::BTreeSet<_> = controles.iter().map(|c| c.lien).collect();
    assert_eq!(noms.len(), 16);

    let serveur = Serveur::avec([Reponse::Statut(503)]).await;
    let controles = serveur.client().verifier(&temoin).await;
    assert!(controles.iter().all(|c| c.resultat.as_ref().is_err_and(|p| p.kind == OutageKind::EnPanne)));
    assert_eq!(serveur.appels(), 16, "a check is not made again");
}
