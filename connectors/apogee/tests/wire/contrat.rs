//! Every operation and structure, field by field, against the machine-readable contract.

use std::collections::HashSet;

use apogee::wire::dto::{Kind, Schema};
use apogee::wire::{Shape, operations};
use serde_json::Value;

fn champs<'a>(contrat: &'a Value, type_: &str) -> &'a Vec<Value> {
    contrat["types"][type_].as_array().unwrap_or_else(|| panic!("type {type_} absent du contrat"))
}

fn cle(schema: &Schema) -> String {
    format!("{{{}}}{}", schema.namespace(), schema.name)
}

fn compare(contrat: &Value, schema: Schema, vus: &mut HashSet<String>) {
    if !vus.insert(cle(&schema)) {
        return;
    }
    compare_champs(contrat, &schema, champs(contrat, &cle(&schema)), vus);
}

fn compare_champs(contrat: &Value, schema: &Schema, attendus: &[Value], vus: &mut HashSet<String>) {
    let noms: Vec<_> = schema.fields.iter().map(|f| f.name).collect();
    let attendus_noms: Vec<_> = attendus.iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(noms, attendus_noms, "champs de {}", schema.name);
    for (champ, attendu) in schema.fields.iter().zip(attendus) {
        let ou = format!("{}.{}", schema.name, champ.name);
        let type_ = attendu["type"].as_str().unwrap();
        let nillable = attendu["nillable"].as_bool().unwrap();
        match champ.kind {
            Kind::Simple(nom, nil) => {
                // xsd:integer and xsd:int are the same to us.
                assert_eq!(type_.replace("integer", "int"), format!("xsd:{nom}"), "{ou}");
                assert_eq!(nil, nillable, "{ou}");
                assert_eq!(attendu["max"], "1", "{ou}");
            }
            Kind::Structure(interne, nil) => {
                assert_eq!(type_, cle(&interne()), "{ou}");
                assert_eq!(nil, nillable, "{ou}");
                compare(contrat, interne(), vus);
            }
            Kind::Tableau(tableau, item, interne) => {
                assert_eq!(type_.rsplit('}').next(), Some(tableau), "{ou}");
                assert_eq!(attendu["array_item"], item, "{ou}");
                assert_eq!(attendu["array_of"].as_str().unwrap(), cle(&interne()), "{ou}");
                assert!(nillable, "{ou}");
                compare(contrat, interne(), vus);
            }
            Kind::Repete => {
                assert_eq!((type_, attendu["max"].as_str().unwrap()), ("xsd:string", "unbounded"), "{ou}");
            }
        }
    }
}

#[test]
fn operations_et_structures_sont_celles_du_contrat() {
    let Some(octets) = super::publie("contract.json") else { return };
    let contrat: Value = serde_json::from_slice(&octets).unwrap();
    let mut vus = HashSet::new();
    for op in operations::ALL {
        let (_, service) = contrat["services"]
            .as_object()
            .unwrap()
            .iter()
            .find(|(_, s)| s["endpoint"] == op.service.endpoint())
            .unwrap();
        assert_eq!(service["namespace"], op.service.namespace());
        let attendue =
            service["operations"].as_array().unwrap().iter().find(|o| o["name"] == op.name).unwrap();
        assert_eq!(attendue["input_element"], op.request_wrapper);
        assert_eq!(attendue["output_element"], op.response_wrapper);
        compare_champs(&contrat, &op.request, attendue["input"].as_array().unwrap(), &mut vus);
        let [retour] = attendue["output"].as_array().unwrap().as_slice() else {
            panic!("{} rend plusieurs éléments", op.name)
        };
        assert_eq!(retour["name"], op.return_element);
        let plusieurs = retour["max"] == "unbounded";
        match op.response {
            Shape::Texts => assert_eq!((&retour["type"], plusieurs), (&Value::from("xsd:string"), true)),
            Shape::One(schema) | Shape::Many(schema) => {
                assert_eq!(retour["type"].as_str().unwrap(), cle(&schema()));
                assert_eq!(plusieurs, matches!(op.response, Shape::Many(_)), "{}", op.name);
                compare(&contrat, schema(), &mut vus);
            }
        }
    }
    assert!(vus.len() > 120, "{} structures vues", vus.len());
}

#[test]
fn les_noms_irreguliers_sont_ceux_du_contrat() {
    let noms = |nom: &str| {
        let op = operations::ALL.iter().find(|o| o.name == nom).unwrap();
        (op.response_wrapper, op.return_element)
    };
    assert_eq!(
        noms("recupererAdressesEtudiant_v2"),
        ("recupererAdressesEtudiant_v2Response", "recupererAdressesEtudiantReturn")
    );
    assert_eq!(
        noms("recupererIAAnnuelles_v2"),
        ("recupererIAAnnuellesResponse_v2", "recupererIAAnnuellesReturn_v2")
    );
    assert_eq!(noms("recupererListeEtudiants"), ("recupererListeEtudiantsResponse", "etudiant"));
}
