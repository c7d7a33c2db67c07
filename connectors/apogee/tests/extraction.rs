//! The extraction brought from a folder and from an address, and everything that must refuse it whole.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test fail as the test does"
)]

mod jeu;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use apogee::Reprise;
use apogee::extraction::{Contenu, Lieu, Rapatriement, Reglages, bonne_copie, rapatrier, verifier};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jeu::Jeu;
use kernel::{FixedClock, Outage, OutageKind};

fn horloge() -> FixedClock {
    FixedClock::at(chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap())
}

fn reglages(lieu: Lieu, copie: &Path) -> Reglages {
    Reglages {
        reprise: Reprise { nombre: 2, base: Duration::ZERO, plafond: Duration::ZERO },
        silence: Duration::from_millis(300),
        ..Reglages::new(lieu, copie)
    }
}

async fn bring(lieu: Lieu, copie: &Path) -> Result<Rapatriement, Outage> {
    rapatrier(&reglages(lieu, copie), &horloge(), &|_, _, _| {}).await
}

struct Bench {
    jeu: Jeu,
    copie: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { jeu: Jeu::arbre(), copie: tempfile::tempdir().unwrap() }
    }

    fn dossier(&self) -> Lieu {
        Lieu::Dossier(self.jeu.dossier().to_owned())
    }

    async fn bring(&self) -> Result<Rapatriement, Outage> {
        bring(self.dossier(), self.copie.path()).await
    }

    /// Brings a first set, breaks the source, and checks that the second is refused and the first still there.
    async fn refuse(casser: impl FnOnce(&mut Jeu)) -> Outage {
        let mut bench = Self::new();
        let bonne = bench.bring().await.unwrap().copie;
        casser(&mut bench.jeu);
        let refus = bench.bring().await.unwrap_err();
        let tenue = bonne_copie(bench.copie.path()).unwrap().unwrap();
        assert_eq!(tenue.dossier, bonne.dossier, "the last good copy stays");
        assert!(Contenu::lire(&tenue).is_ok());
        assert!(!bench.copie.path().join(".en-cours").exists());
        refus
    }
}

#[tokio::test]
async fn a_folder_is_brought_read_and_brought_again_without_asking() {
    let bench = Bench::new();
    let premier = bench.bring().await.unwrap();
    assert!(premier.bilan.reutilisees.is_empty());
    let contenu = Contenu::lire(&premier.copie).unwrap();
    assert_eq!(contenu.etapes[0].code.as_str(), "L1\u{a0}D ");
    assert_eq!(contenu.elements[1].ects, Some(kernel::Centi::ZERO), "zero is not empty");
    assert_eq!(contenu.elements[0].ects, None);
    assert!(!contenu.est_plat());

    let second = bench.bring().await.unwrap();
    assert!(second.bilan.telechargees.is_empty(), "{:?}", second.bilan);
    assert_eq!(second.copie.dossier, premier.copie.dossier, "nothing new: the same set is confirmed");
}

#[tokio::test]
async fn only_the_table_that_changed_is_asked_again() {
    let mut bench = Bench::new();
    let premier = bench.bring().await.unwrap();
    bench.jeu.table("ETAPE", "COD_ETP;LIB_ETP\nL1\u{a0}D ;Licence de droit 1\nL2;Licence 2\n");
    let second = bench.bring().await.unwrap();
    assert_eq!(second.bilan.telechargees, ["ETAPE"]);
    assert_eq!(second.bilan.reutilisees.len(), premier.bilan.telechargees.len() - 1);
    let contenu = Contenu::lire(&second.copie).unwrap();
    assert_eq!((contenu.etapes.len(), contenu.elements.len()), (2, 2));
    assert_ne!(contenu.empreinte, Contenu::lire(&premier.copie).unwrap().empreinte);
}

#[tokio::test]
async fn an_altered_copy_is_noticed_and_brought_again() {
    let bench = Bench::new();
    let premier = bench.bring().await.unwrap().copie;
    let fichier = premier.dossier.join("ETAPE.csv");
    std::fs::write(&fichier, "COD_ETP;LIB_ETP\n").unwrap();
    assert!(Contenu::lire(&premier).unwrap_err().detail.contains("modifiée"));
    let second = bench.bring().await.unwrap();
    assert_eq!(second.bilan.telechargees, ["ETAPE"]);
    assert_ne!(second.copie.dossier, premier.dossier, "the held set is confirmed only when it is whole");
    assert!(Contenu::lire(&second.copie).is_ok());
}

#[tokio::test]
async fn a_truncated_table_refuses_the_whole_set_with_both_figures() {
    let refus = Bench::refuse(|jeu| {
        jeu.ecrire("ELEMENT_PEDAGOGI.csv", b"COD_ELP;LIB_ELP;COD_NEL;NBR_CRD_ELP\nE1;Droit;UE;\n");
    })
    .await;
    assert_eq!((refus.quoi.as_str(), refus.kind), ("ELEMENT_PEDAGOGI", OutageKind::Tronquee));
    assert!(refus.detail.contains("2 lignes attendues, 1 trouvées"), "{}", refus.detail);
}

#[tokio::test]
async fn a_table_cut_in_the_middle_of_a_line_names_the_line_too() {
    let refus = Bench::refuse(|jeu| {
        jeu.ecrire("ELEMENT_PEDAGOGI.csv", b"COD_ELP;LIB_ELP;COD_NEL;NBR_CRD_ELP\nE1;Droit;UE;\nE2;Ob");
    })
    .await;
    assert_eq!(refus.kind, OutageKind::Tronquee);
    assert!(refus.detail.contains("ELEMENT_PEDAGOGI.csv, ligne 3, colonne 2"), "{}", refus.detail);
}

#[tokio::test]
async fn another_content_of_the_same_length_is_refused() {
    let refus = Bench::refuse(|jeu| jeu.ecrire("ETAPE.csv", "COD_ETP;LIB_ETP\nL9;Autre\n".as_bytes())).await;
    assert_eq!((refus.quoi.as_str(), refus.kind), ("ETAPE", OutageKind::Incoherente));
    assert!(refus.detail.contains("empreinte attendue"));
}

#[tokio::test]
async fn a_malformed_table_with_a_right_manifest_is_named() {
    let refus = Bench::refuse(|jeu| jeu.table("DIPLOME", "COD_DIP;LIB_DIP\nD1;\"Licence\nD2;Master\n")).await;
    assert!(refus.detail.contains("DIPLOME.csv, ligne 2, colonne 2 (LIB_DIP)"), "{}", refus.detail);
}

#[tokio::test]
async fn a_needed_table_that_is_missing_is_named() {
    let refus = Bench::refuse(|jeu| jeu.retirer("VERSION_ETAPE")).await;
    assert_eq!(refus.quoi, "VERSION_ETAPE");
    let refus = Bench::refuse(|jeu| jeu.supprimer("NATURE_ELP.csv")).await;
    assert_eq!(refus.quoi, "NATURE_ELP");
    let refus = Bench::refuse(|jeu| jeu.supprimer("manifest.json")).await;
    assert_eq!((refus.quoi.as_str(), refus.kind), ("manifest.json", OutageKind::Incoherente));
}

#[tokio::test]
async fn compressed_and_western_tables_are_read() {
    let mut bench = Bench::new();
    bench.jeu.compresser("ELEMENT_PEDAGOGI");
    bench.jeu.encodage("ISO-8859-15");
    bench.jeu.table_octets("ETAPE", b"COD_ETP;LIB_ETP\nL1\xa0D ;\xbduvre \xe0 1 \xa4\n");
    let contenu = Contenu::lire(&bench.bring().await.unwrap().copie).unwrap();
    assert_eq!(contenu.etapes[0].libelle.as_deref(), Some("œuvre à 1 €"));
    assert_eq!(contenu.elements.len(), 2);
    bench.jeu.tronquer_gz("ELEMENT_PEDAGOGI");
    let refus = bench.bring().await.unwrap_err();
    assert_eq!((refus.quoi.as_str(), refus.kind), ("ELEMENT_PEDAGOGI", OutageKind::Tronquee));
}

/// A server of the set, with a fault for the first `pannes` requests of one file.
#[derive(Clone)]
struct Serveur {
    dossier: PathBuf,
    fichier: &'static str,
    faute: Faute,
    pannes: Arc<AtomicUsize>,
    appels: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Faute {
    Aucune,
    Statut(u16),
    Coupure,
    Silence,
    Html,
    Basic,
}

async fn servir(State(serveur): State<Serveur>, requete: Request) -> Response {
    let nom = requete.uri().path().trim_start_matches("/jeu/").to_owned();
    if nom == serveur.fichier {
        serveur.appels.fetch_add(1, Ordering::SeqCst);
        let reste = serveur.pannes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
        match serveur.faute {
            Faute::Basic => {
                let vu = requete.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
                if vu != Some("Basic bW9pOm1vdA==") {
                    return StatusCode::UNAUTHORIZED.into_response();
                }
            }
            _ if reste.is_err() => {}
            Faute::Statut(code) => return StatusCode::from_u16(code).unwrap().into_response(),
            Faute::Html => return "<html><body>Connexion</body></html>".into_response(),
            Faute::Silence => futures::future::pending().await,
            Faute::Coupure => {
                let debut = futures::stream::iter([
                    Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b"COD_ETP;LIB")),
                    Err(std::io::Error::other("cut")),
                ]);
                return axum::body::Body::from_stream(debut).into_response();
            }
            Faute::Aucune => {}
        }
    }
    match std::fs::read(serveur.dossier.join(&nom)) {
        Ok(octets) => octets.into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn serveur(jeu: &Jeu, fichier: &'static str, faute: Faute, pannes: usize) -> (Lieu, Arc<AtomicUsize>) {
    let appels = Arc::new(AtomicUsize::new(0));
    let etat = Serveur {
        dossier: jeu.dossier().to_owned(),
        fichier,
        faute,
        pannes: Arc::new(AtomicUsize::new(pannes)),
        appels: appels.clone(),
    };
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let adresse = ecoute.local_addr().unwrap();
    let application = axum::Router::new().fallback(servir).with_state(etat);
    tokio::spawn(async move { axum::serve(ecoute, application).await });
    let basic = (faute == Faute::Basic).then(|| ("moi".to_owned(), "mot".to_owned()));
    (Lieu::Url { url: format!("http://{adresse}/jeu"), basic }, appels)
}

async fn by_http(
    fichier: &'static str,
    faute: Faute,
    pannes: usize,
) -> (Result<Rapatriement, Outage>, usize) {
    let bench = Bench::new();
    let (lieu, appels) = serveur(&bench.jeu, fichier, faute, pannes).await;
    let resultat = bring(lieu, bench.copie.path()).await;
    (resultat, appels.load(Ordering::SeqCst))
}

#[tokio::test]
async fn transient_faults_of_the_server_are_waited_out() {
    for (faute, pannes) in
        [(Faute::Statut(503), 2), (Faute::Coupure, 1), (Faute::Silence, 1), (Faute::Aucune, 0)]
    {
        let (resultat, appels) = by_http("ETAPE.csv", faute, pannes).await;
        let rapatriement = resultat.unwrap();
        assert_eq!(appels, pannes + 1);
        assert_eq!(rapatriement.bilan.reprises, pannes as u64);
        assert!(rapatriement.bilan.octets > 100);
    }
}

#[tokio::test]
async fn lasting_faults_of_the_server_are_told_apart() {
    for (faute, kind, appels_attendus) in [
        (Faute::Statut(503), OutageKind::EnPanne, 3),
        (Faute::Coupure, OutageKind::Tronquee, 3),
        (Faute::Silence, OutageKind::Delai, 3),
        (Faute::Statut(403), OutageKind::Refus, 1),
        (Faute::Statut(400), OutageKind::Demande, 1),
        (Faute::Html, OutageKind::Illisible, 1),
    ] {
        let (resultat, appels) = by_http("DIPLOME.csv", faute, 9).await;
        assert_eq!((resultat.unwrap_err().kind, appels), (kind, appels_attendus));
    }
    let (resultat, appels) = by_http("manifest.json", Faute::Html, 9).await;
    assert_eq!((resultat.unwrap_err().kind, appels), (OutageKind::Illisible, 1));
    let (resultat, appels) = by_http("manifest.json", Faute::Statut(500), 9).await;
    let refus = resultat.unwrap_err();
    assert_eq!((refus.kind, appels), (OutageKind::EnPanne, 3));
    assert!(refus.detail.contains("3 essais"), "{}", refus.detail);
}

#[tokio::test]
async fn basic_credentials_are_sent_and_their_absence_is_a_refusal() {
    let (resultat, _) = by_http("manifest.json", Faute::Basic, 0).await;
    assert!(resultat.is_ok());
    let bench = Bench::new();
    let (lieu, _) = serveur(&bench.jeu, "manifest.json", Faute::Basic, 0).await;
    let Lieu::Url { url, .. } = lieu else { panic!() };
    let refus = bring(Lieu::Url { url, basic: None }, bench.copie.path()).await.unwrap_err();
    assert_eq!(refus.kind, OutageKind::Refus);
}

#[tokio::test]
async fn nobody_at_that_address() {
    let bench = Bench::new();
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", ecoute.local_addr().unwrap());
    drop(ecoute);
    let refus = bring(Lieu::Url { url, basic: None }, bench.copie.path()).await.unwrap_err();
    assert_eq!(refus.kind, OutageKind::Injoignable);
    assert!(refus.detail.contains("rien n'écoute"), "{}", refus.detail);
    let absent = Lieu::Dossier("/n/existe/pas".into());
    assert!(
        bring(absent, bench.copie.path()).await.unwrap_err().detail.contains("/n/existe/pas/manifest.json")
    );
}

#[tokio::test]
async fn checks_name_every_table_and_leave_no_trace() {
    let mut bench = Bench::new();
    bench.jeu.ecrire("ETAPE.csv", b"COD_ETP;LIB_ETP\n");
    let controles = verifier(&reglages(bench.dossier(), bench.copie.path())).await;
    assert_eq!(controles.len(), 13);
    let en_panne: Vec<_> =
        controles.iter().filter(|c| c.resultat.is_err()).map(|c| c.lien.as_str()).collect();
    assert_eq!(en_panne, ["ETAPE"]);
    assert!(controles[0].resultat.as_ref().unwrap().contains("12 tables"));
    assert_eq!(std::fs::read_dir(bench.copie.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_real_catalogues_are_read() {
    let Some(donnees) = jeu::donnees() else { return };
    for (nom, elements, plat) in [("poitiers", 218, false), ("toulouse3", 10_000, true)] {
        let copie = tempfile::tempdir().unwrap();
        let bonne = bring(Lieu::Dossier(donnees.join(nom)), copie.path()).await.unwrap().copie;
        let contenu = Contenu::lire(&bonne).unwrap();
        let vus = contenu.lues.iter().find(|l| l.table == "ELEMENT_PEDAGOGI").unwrap();
        assert_eq!((vus.lignes, contenu.est_plat()), (elements, plat));
        assert!(contenu.rejets.is_empty(), "{:?}", contenu.rejets);
        let ecartes = contenu.conflits.iter().filter(|c| c.table == "ELEMENT_PEDAGOGI").count() as u64;
        assert_eq!(contenu.elements.len() as u64 + ecartes + vus.identiques, elements);
    }
}
