//! The door: a structure from a folder, people from web services that a test plays.
#![expect(clippy::unwrap_used, reason = "what a test stands on fails as the test does")]

use std::path::Path;
use std::sync::Arc;

use api::{Porte, ReglagesApogee, ReglagesExtraction};
use apogee::wire::operations::{
    RecupererAdressesEtudiantV2, RecupererContratPedagogiqueResultatElpEprV6, RecupererIAEtapesV3,
    RecupererInfosAdmEtuV4, RecupererListeEtudiants,
};
use apogee::wire::types::administratif::{EtapeDTO, EtatIAEDTO, InsAdmEtpDTO3};
use apogee::wire::types::etudiant::{AdresseDTO2, CoordonneesDTO2, EtudiantDTO2, InfoAdmEtuDTO4};
use apogee::wire::types::pedagogique::{ContratPedagogiqueResultatElpEprDTO5, ElementPedagogiDTO5};
use apogee::wire::{DateHeure, Fault, NilPolicy, Service, encode_response};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use contracts::apogee::{CleEtape, PorteApogee as _};
use contracts::liens::CopieTenue as _;
use futures::StreamExt as _;
use kernel::{AnneeUniversitaire, NumeroEtudiant, OutageKind, Source};

fn oui(texte: &str) -> Option<String> {
    Some(texte.to_owned())
}

fn annee() -> AnneeUniversitaire {
    "2024".parse().unwrap()
}

fn ia(etape: &str, etat: &str) -> InsAdmEtpDTO3 {
    InsAdmEtpDTO3 {
        annee_iae: oui("2024"),
        etape: Some(EtapeDTO { code_etp: oui(etape), version_etp: oui("100"), ..Default::default() }),
        etat_iae: Some(EtatIAEDTO { code_etat_iae: oui(etat), ..Default::default() }),
        etape_premiere: oui("oui"),
        ..Default::default()
    }
}

/// Plays Apogée: student 1 has a live and an annulled registration, 2 is nobody, 3 makes the database fall.
async fn apogee(corps: String) -> Response {
    let p = NilPolicy::Nil;
    let faute = |code: &str| {
        let corps = Fault::apogee(code).encode(Service::Etudiant.namespace(), p);
        (StatusCode::INTERNAL_SERVER_ERROR, corps).into_response()
    };
    if corps.contains("recupererListeEtudiants") {
        let lignes = ["21900001", "21900001", "21900002"]
            .map(|n| EtudiantDTO2 { cod_etu: oui(n), ..Default::default() });
        return encode_response::<RecupererListeEtudiants>(&lignes.to_vec(), p).into_response();
    }
    if corps.contains(">21900003<") {
        return faute("technical.data.transaction.connexion");
    }
    if !corps.contains(">21900001<") {
        return faute("technical.data.nullretrieve.etudiant");
    }
    if corps.contains("recupererInfosAdmEtu") {
        let infos = InfoAdmEtuDTO4 {
            nom_patronymique: oui("ŁUKASZEWICZ"),
            prenom1: oui("Zoé"),
            date_naissance: Some(DateHeure("2001-03-14T00:00:00+01:00".into())),
            ..Default::default()
        };
        return encode_response::<RecupererInfosAdmEtuV4>(&Some(infos), p).into_response();
    }
    if corps.contains("recupererAdressesEtudiant") {
        if corps.contains("<_annee>") {
            return faute("technical.parameter.nonpresentinput.annee");
        }
        let coordonnees = CoordonneesDTO2 {
            email: oui("zoe@exemple.fr"),
            adresse_fixe: Some(AdresseDTO2 { lib_ad1: oui("1 rue du Lac"), ..Default::default() }),
            ..Default::default()
        };
        return encode_response::<RecupererAdressesEtudiantV2>(&Some(coordonnees), p).into_response();
    }
    if corps.contains("recupererIAEtapes") {
        return encode_response::<RecupererIAEtapesV3>(&vec![ia("L1", "E"), ia("L2", "A")], p)
            .into_response();
    }
    if corps.contains("recupererContratPedagogiqueResultatElpEpr") {
        assert!(corps.contains(">L1<"), "only the live registration has a contract");
        let ligne = ContratPedagogiqueResultatElpEprDTO5 {
            elp: Some(ElementPedagogiDTO5 { cod_elp: oui("UE1"), ..Default::default() }),
            rng_elp: Some(1),
            ..Default::default()
        };
        return encode_response::<RecupererContratPedagogiqueResultatElpEprV6>(&vec![ligne], p)
            .into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

async fn porte(lieu: &Path, copie: &Path) -> Porte {
    let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", ecoute.local_addr().unwrap());
    let application = axum::Router::new().fallback(apogee);
    tokio::spawn(async move { axum::serve(ecoute, application).await });
    Porte::new(
        &ReglagesApogee { url, reprises: 1, attente_ms: 0, ..Default::default() },
        &ReglagesExtraction { lieu: lieu.display().to_string(), copie: copie.into(), ..Default::default() },
        testkit::clock(),
    )
    .unwrap()
}

fn suivi() -> contracts::apogee::Suivi {
    Arc::new(|_, _, _| {})
}

#[tokio::test]
async fn students_and_their_files_come_as_the_contract_says() {
    let dossier = tempfile::tempdir().unwrap();
    let porte = porte(dossier.path(), dossier.path()).await;
    let etape = CleEtape { etape: "L1".into(), version: "100".into() };
    let numeros = porte.etudiants(annee(), &etape).await.unwrap();
    assert_eq!(numeros.len(), 2, "a student listed twice is one");

    let mut lus: Vec<_> = porte.dossiers(annee(), numeros).map(Result::unwrap).collect().await;
    lus.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(lus[1].1, None, "nobody has this number");
    let zoe = lus[0].1.as_ref().unwrap();
    assert_eq!((zoe.nom.as_str(), zoe.prenom.as_str()), ("ŁUKASZEWICZ", "Zoé"));
    assert_eq!(zoe.naissance.unwrap().to_string(), "2001-03-14");
    assert_eq!(zoe.adresse.as_ref().unwrap().lignes, ["1 rue du Lac"], "no address of the year: the latest");
    let etats: Vec<_> = zoe.inscriptions.iter().map(|i| (i.etat.as_str(), i.payee)).collect();
    assert_eq!(etats, [("E", false), ("A", false)], "unpaid and annulled ones are kept");
    assert_eq!(zoe.contrats.len(), 1);
    assert!(porte.attente().appels >= 6);
}

#[tokio::test]
async fn an_outage_ends_the_stream_and_is_not_an_empty_file() {
    let dossier = tempfile::tempdir().unwrap();
    let porte = porte(dossier.path(), dossier.path()).await;
    let numeros: Vec<NumeroEtudiant> = vec!["21900003".into(); 40];
    let lus: Vec<_> = porte.dossiers(annee(), numeros).collect().await;
    assert_eq!(lus.len(), 1);
    assert_eq!(lus[0].as_ref().unwrap_err().kind, OutageKind::EnPanne);
    assert!(porte.attente().reprises >= 1);
}

#[tokio::test]
async fn the_real_catalogues_become_structures() {
    let donnees = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !donnees.is_dir() {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: no real catalogue beside the workspace");
        return;
    }
    for (nom, elements, rattachements) in [("poitiers", 218, 201), ("toulouse3", 9_000, 0)] {
        let copie = tempfile::tempdir().unwrap();
        let porte = porte(&donnees.join(nom), copie.path()).await;
        assert_eq!(porte.obtenue_le(Source::Extraction).await, None);
        let structure = porte.structure(suivi()).await.unwrap();
        assert!(structure.elements.len() >= elements, "{}", structure.elements.len());
        assert_eq!(structure.rattachements.len(), rattachements);
        assert!(structure.rejets.is_empty(), "{:?}", structure.rejets);
        assert!(structure.elements.iter().all(|e| !e.libelle.is_empty()));
        assert_eq!(structure, porte.structure(suivi()).await.unwrap(), "reading again changes nothing");
        assert!(porte.obtenue_le(Source::Extraction).await.is_some());
        assert_eq!(porte.obtenue_le(Source::Kofr).await, None);
    }
}

#[tokio::test]
async fn its_links_are_the_tables_then_the_operations() {
    let dossier = tempfile::tempdir().unwrap();
    let porte = porte(dossier.path(), dossier.path()).await;
    let verifiables = porte.verifiables();
    let sources: Vec<_> = verifiables.iter().map(|v| v.source()).collect();
    assert_eq!(sources, [Source::Extraction, Source::Apogee]);
    let extraction = verifiables[0].verifier().await;
    assert_eq!(extraction.len(), 1);
    assert!(extraction[0].resultat.as_ref().unwrap_err().detail.contains("n'existe pas"));
    let operations = verifiables[1].verifier().await;
    assert_eq!(operations.len(), 16);
    let liste = operations.iter().find(|v| v.lien == "recupererListeEtudiants").unwrap();
    assert_eq!(liste.resultat.as_deref(), Ok("3 étudiants dans une étape"));
    assert!(operations.iter().all(|v| !format!("{:?}", v.resultat).contains("21900001")));
}
