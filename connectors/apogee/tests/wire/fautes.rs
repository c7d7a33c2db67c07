//! Faults, whole, bare and bent.

use apogee::wire::operations::{RecupererAnneesIa, RecupererInfosAdmEtuV4};
use apogee::wire::{Fault, FaultClass, NilPolicy, Service, SoapError, XmlError, decode_response};

fn faute(corps: &str) -> Fault {
    let xml = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>{corps}</s:Fault></s:Body></s:Envelope>"
    );
    match decode_response::<RecupererInfosAdmEtuV4>(xml.as_bytes(), None) {
        Err(SoapError::Fault(fault)) => *fault,
        autre => panic!("{autre:?}"),
    }
}

#[test]
fn echantillon_publie() {
    let Some(octets) = super::publie("samples/fault-nodata.xml") else { return };
    let Err(SoapError::Fault(fault)) = decode_response::<RecupererInfosAdmEtuV4>(&octets, None) else {
        panic!("une faute était attendue")
    };
    let attendue = Fault::apogee("technical.data.nullretrieve.etudiant");
    assert_eq!(*fault, attendue);
    assert_eq!(fault.class(), FaultClass::AucuneDonnee);
}

#[test]
fn ecrite_puis_relue() {
    for policy in [NilPolicy::Nil, NilPolicy::Omit, NilPolicy::Empty] {
        let mut fault = Fault::apogee("technical.parameter.noncoherentinput.codEtu");
        fault.messages = vec!["a & b".into(), "<c>".into()];
        let xml = fault.encode(Service::Etudiant.namespace(), policy);
        let Err(SoapError::Fault(relue)) = decode_response::<RecupererAnneesIa>(xml.as_bytes(), None) else {
            panic!("une faute était attendue")
        };
        assert_eq!(*relue, fault);
    }
}

#[test]
fn sans_detail_avec_un_espace_a_la_fin() {
    let fault = faute(
        "<faultcode>soapenv:Server</faultcode><faultstring>technical.data.nullretrieve.findIAE </faultstring>",
    );
    assert_eq!(fault.code(), "technical.data.nullretrieve.findIAE");
    assert_eq!(fault.class(), FaultClass::AucuneDonnee);
    let fault = faute("<faultstring>technical.parameter.noncoherentinput.codEtu </faultstring><detail/>");
    assert_eq!(fault.class(), FaultClass::Personne);
}

#[test]
fn detail_d_une_autre_forme() {
    let fault = faute(
        "<faultcode>Server</faultcode><faultstring>technical.data.nullretrieve.elp</faultstring><detail><h:hostname xmlns:h=\"http://xml.apache.org/axis/\">apo1</h:hostname></detail>",
    );
    assert_eq!((fault.class(), fault.nature), (FaultClass::AucuneDonnee, None));
    let fault = faute(
        "<faultcode>Server</faultcode><faultstring/><detail><WebBaseException><nature>nullretrieve</nature><lastErrorMsg>technical.data.nullretrieve.codAnu</lastErrorMsg></WebBaseException></detail>",
    );
    assert_eq!(
        (fault.class(), fault.code()),
        (FaultClass::AucuneDonnee, "technical.data.nullretrieve.codAnu")
    );
}

#[test]
fn classement() {
    let cas = [
        ("technical.data.nullretrieve.recupererse", FaultClass::AucuneDonnee),
        ("technical.parameter.nullretrieve.etudiant", FaultClass::AucuneDonnee),
        ("technical.parameter.noncoherentinput.codEtu", FaultClass::Personne),
        ("technical.parameter.noncoherentinput.invalidUser", FaultClass::Personne),
        ("technical.security.invaliduser.user", FaultClass::Personne),
        ("technical.parameter.noncoherentinput.coddiplomeobligatoire", FaultClass::Demande),
        ("technical.parameter.nonpresentinput.codEtu", FaultClass::Demande),
        ("technical.data.transaction.connexion", FaultClass::Indisponible),
        ("java.lang.reflect.InvocationTargetException", FaultClass::Indisponible),
        ("org.example.RemoteError: remoteerror on host", FaultClass::Indisponible),
        ("No such operation 'recupererSE_v4'", FaultClass::OperationInconnue),
        ("Cannot find dispatch method for {ns}recupererSE_v4", FaultClass::OperationInconnue),
        ("java.lang.NullPointerException", FaultClass::Autre),
        ("", FaultClass::Autre),
    ];
    for (code, attendu) in cas {
        assert_eq!(Fault::moteur("soapenv:Server", code).class(), attendu, "{code}");
    }
}

#[test]
fn une_page_html_n_est_pas_une_liste_vide() {
    let lire = |texte: &str| decode_response::<RecupererAnneesIa>(texte.as_bytes(), Some("utf-8"));
    let html = lire("<html><head><title>502 Bad Gateway</title></head><body/></html>");
    assert_eq!(html, Err(SoapError::Xml(XmlError::Inattendu("html".into()))));
    assert!(matches!(lire("<!DOCTYPE html><html><br></html>"), Err(SoapError::Xml(XmlError::Doctype))));
    assert!(matches!(lire("Service Unavailable"), Err(SoapError::Xml(XmlError::MalForme(_)))));
    assert_eq!(lire(""), Err(SoapError::Xml(XmlError::Tronque)));
}

#[test]
fn la_reponse_d_une_autre_operation_est_refusee() {
    let xml = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><autre/></s:Body></s:Envelope>";
    let lue = decode_response::<RecupererAnneesIa>(xml.as_bytes(), None);
    assert_eq!(lue, Err(SoapError::Xml(XmlError::Inattendu("autre".into()))));
}
