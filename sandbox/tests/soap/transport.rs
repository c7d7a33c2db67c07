//! What happens around the operations.

use apogee::wire::operations::{
    self, RecupererIdentifiantsEtudiantV2, RecupererInfosAdmEtuV4, RecupererSEV4,
};
use apogee::wire::requests::{RecupererIdentifiantsEtudiantV2Request, RecupererInfosAdmEtuV4Request};
use apogee::wire::{NilPolicy, Node, Operation, Service, encode_request};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use sandbox::state::{Acces, NilPolicy as Reglage};

use crate::{Banc, t};

#[tokio::test]
async fn une_operation_inconnue_est_refusee_comme_le_fait_axis() {
    let banc = Banc::new();
    let appel = encode_request::<RecupererSEV4>(&Default::default(), NilPolicy::Empty);
    let (statut, corps) =
        banc.poste("OffreFormationMetier", appel.replace("recupererSE_v4", "recupererSE_v2")).await;
    assert_eq!(statut, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(corps.contains("<faultstring>No such operation 'recupererSE_v2'</faultstring>"), "{corps}");
    // The right name at the wrong service, or in the wrong namespace, is unknown too.
    let (_, corps) = banc.poste("EtudiantMetier", appel.clone()).await;
    assert!(corps.contains("No such operation"), "{corps}");
    let ailleurs = appel
        .replace("servicesmetiers.OffreFormationMetier", "servicesmetiers.OffreFormationMetier_10112011");
    let (_, corps) = banc.poste("OffreFormationMetier", ailleurs).await;
    assert!(corps.contains("No such operation"), "{corps}");
    let (statut, corps) = banc.poste("OpiMetier", appel).await;
    assert_eq!(statut, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(corps.contains("targetService is OpiMetier"), "{corps}");
}

#[tokio::test]
async fn un_corps_illisible_est_une_faute_et_jamais_une_panique() {
    let banc = Banc::new();
    let bon = encode_request::<RecupererSEV4>(&Default::default(), NilPolicy::Empty);
    let coupe = bon[..bon.len() - 9].to_owned();
    let bombe = format!(
        "<!DOCTYPE a [<!ENTITY b \"c\">]>{}",
        bon.trim_start_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    );
    for corps in ["", "<", "texte", "<a/>", "<e:Envelope xmlns:e='u'/>", coupe.as_str(), bombe.as_str()] {
        let (statut, reponse) = banc.poste("OffreFormationMetier", corps.to_owned()).await;
        assert_eq!(statut, StatusCode::INTERNAL_SERVER_ERROR, "{corps}");
        assert!(Node::parse(&reponse).is_ok() && reponse.contains("<faultstring>"), "{reponse}");
    }
    let (statut, _) = banc.poste("OffreFormationMetier", vec![0xff, 0xfe, 0x00]).await;
    assert_eq!(statut, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn l_absence_s_ecrit_comme_le_veut_le_commutateur() {
    let banc = Banc::new();
    let numero = banc.world.etudiants.iter().find(|e| e.nom_usuel.is_none()).unwrap().numero.0.clone();
    let demande = RecupererInfosAdmEtuV4Request { cod_etu: t(numero) };
    let appel = encode_request::<RecupererInfosAdmEtuV4>(&demande, NilPolicy::Empty);
    let avec_nil = banc.appelle::<RecupererInfosAdmEtuV4>(&demande).await;
    let (_, corps) = banc.poste("EtudiantMetier", appel.clone()).await;
    assert!(corps.contains("<nomUsuel xsi:nil=\"true\"/>"), "{corps}");
    banc.sandbox.switch(|s| s.nil = Reglage::Omit);
    let (_, corps) = banc.poste("EtudiantMetier", appel).await;
    assert!(!corps.contains("nomUsuel") && !corps.contains("xsi:nil"), "{corps}");
    assert_eq!(banc.appelle::<RecupererInfosAdmEtuV4>(&demande).await, avec_nil);
}

#[tokio::test]
async fn un_mot_de_passe_peut_etre_demande() {
    let acces = Acces { basic: Some(("apogée".into(), "secret".into())), ..Acces::default() };
    let banc = Banc::protege(acces);
    let demande = RecupererIdentifiantsEtudiantV2Request { cod_ind: t(0), ..Default::default() };
    let corps = encode_request::<RecupererIdentifiantsEtudiantV2>(&demande, NilPolicy::Omit);
    for (entete, attendu) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some("Basic bm9uOm5vbg=="), StatusCode::UNAUTHORIZED),
        (Some("Bearer YXBvZ8OpZTpzZWNyZXQ="), StatusCode::UNAUTHORIZED),
        (Some("Basic YXBvZ8OpZTpzZWNyZXQ="), StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let mut requete = Request::post("/services/EtudiantMetier");
        if let Some(entete) = entete {
            requete = requete.header("Authorization", entete);
        }
        let reponse = banc.http(requete.body(Body::from(corps.clone())).unwrap()).await;
        assert_eq!(reponse.status(), attendu, "{entete:?}");
        assert_eq!(reponse.headers().contains_key("WWW-Authenticate"), attendu == StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn chaque_service_se_decrit() {
    let banc = Banc::new();
    for service in Service::ALL {
        let adresse = format!("/services/{}?wsdl", service.endpoint());
        let requete =
            Request::get(adresse).header("Host", "apogee.example:8080").body(Body::empty()).unwrap();
        let reponse = banc.http(requete).await;
        assert_eq!(reponse.status(), StatusCode::OK);
        let octets = to_bytes(reponse.into_body(), usize::MAX).await.unwrap();
        let texte = String::from_utf8(octets.to_vec()).unwrap();
        let wsdl = Node::parse(&texte).unwrap();
        let port = wsdl.child("service").unwrap().child("port").unwrap();
        assert_eq!(port.children.len(), 1);
        assert!(
            texte.contains(&format!(
                "location=\"http://apogee.example:8080/services/{}\"",
                service.endpoint()
            ))
        );
        let decrites = wsdl.child("portType").unwrap().all("operation").count();
        assert_eq!(decrites, operations::ALL.iter().filter(|o| o.service == service).count());
        for schema in wsdl.child("types").unwrap().all("schema") {
            assert!(schema.children.len() > usize::from(schema.child("import").is_some()), "un schéma vide");
        }
    }
    let vide = |chemin: &str| Request::get(chemin).body(Body::empty()).unwrap();
    assert_eq!(banc.http(vide("/services/Inconnu?wsdl")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(banc.http(vide("/services/EtudiantMetier")).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn une_faute_porte_l_espace_de_noms_de_son_service() {
    let banc = Banc::new();
    let demande = RecupererInfosAdmEtuV4Request { cod_etu: t("99999999") };
    let corps = encode_request::<RecupererInfosAdmEtuV4>(&demande, NilPolicy::Omit);
    let (_, corps) = banc.poste("EtudiantMetier", corps).await;
    let faute = Node::parse(&corps).unwrap();
    let faute = &faute.children[0].children[0];
    let detail = &faute.child("detail").unwrap().children[0];
    assert_eq!(
        (detail.name.as_str(), detail.namespace.as_str()),
        ("fault", RecupererInfosAdmEtuV4::NAMESPACE)
    );
    let parties = ["type", "domaine", "nature", "element"].map(|p| detail.child_value(p).unwrap_or_default());
    assert_eq!(parties.join("."), "technical.data.nullretrieve.etudiant");
}
