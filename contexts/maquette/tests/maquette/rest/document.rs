//! The document says what the routes do.

use std::collections::BTreeMap;

use kernel::Right;
use serde_json::Value;

use crate::banc::Banc;
use crate::rest::client::{maquette_de, migrations};

testkit::db_test!(each_route_is_described_with_its_scope, &migrations(), |db| async move {
    let banc = Banc::new(db.clone()).await;
    let declarees: BTreeMap<String, String> = maquette::rest::routes(maquette_de(db, &banc))
        .declared()
        .into_iter()
        .map(|d| match d.right {
            Right::Api(scope) => (d.path, scope.code().to_owned()),
            autre => panic!("{} asks {autre:?}", d.path),
        })
        .collect();
    let document = serde_json::to_value(maquette::rest::openapi()).unwrap();
    let dites: BTreeMap<String, String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(chemin, p)| (chemin.clone(), p["get"]["security"][0]["jeton"][0].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(declarees, dites);
});

#[test]
fn everything_in_it_is_described() {
    let document = serde_json::to_value(maquette::rest::openapi()).unwrap();
    let mut muets = Vec::new();
    for (chemin, p) in document["paths"].as_object().unwrap() {
        if p["get"]["summary"].is_null() {
            muets.push(chemin.clone());
        }
        for parametre in p["get"]["parameters"].as_array().into_iter().flatten() {
            if parametre["description"].is_null() {
                muets.push(format!("{chemin} {}", parametre["name"]));
            }
        }
    }
    for (nom, schema) in document["components"]["schemas"].as_object().unwrap() {
        parcourir(nom, schema, &mut muets);
    }
    assert_eq!(muets, Vec::<String>::new());
    assert!(document["components"]["schemas"].as_object().unwrap().len() > 20);
}

fn parcourir(nom: &str, schema: &Value, muets: &mut Vec<String>) {
    for (champ, dit) in schema["properties"].as_object().into_iter().flatten() {
        let choix = dit["oneOf"].as_array().into_iter().flatten();
        let decrit = choix.chain([dit]).any(|d| !d["description"].is_null() || d["$ref"].is_string());
        if !decrit {
            muets.push(format!("{nom}.{champ}"));
        }
    }
    for partie in schema["allOf"].as_array().into_iter().flatten() {
        parcourir(nom, partie, muets);
    }
}
