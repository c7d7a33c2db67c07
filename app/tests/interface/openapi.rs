//! The document of the REST interface: committed, complete, and true to the declared routes.
//!
//! After a change that is wanted: `TELEMAQUE_ACCEPTER_OPENAPI=1 cargo nextest run -p telemaque --test interface`, and review the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::Right;
use serde_json::Value;
use telemaque::openapi;
use web::Declared;

use crate::Suite;

/// Every declared route, the document's own included.
async fn declared() -> Vec<Declared> {
    let suite = Suite::start().await;
    let declared = suite.house.web.complete(suite.house.routes.clone()).declared();
    suite.end().await;
    declared
}

/// Method and path of each operation, with the first scope it says: the one that its route asks.
fn operations(document: &Value) -> BTreeMap<(String, String), Option<String>> {
    let mut out = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let scope = operation["security"][0]["jeton"][0].as_str().map(str::to_owned);
            out.insert((method.to_uppercase(), path.clone()), scope);
        }
    }
    out
}

#[tokio::test]
async fn the_document_is_committed_and_says_every_route_with_its_scope() {
    let declared = declared().await;
    let document = openapi::document(&declared);
    let text = document.to_pretty_json().expect("JSON") + "\n";
    let json: Value = serde_json::from_str(&text).expect("JSON");

    let said = operations(&json);
    let routes: BTreeMap<_, _> = declared
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| {
            let scope = match route.right {
                Right::Api(scope) => Some(scope.code().to_owned()),
                right => {
                    assert_eq!(right, Right::Public, "{} is neither public nor under a scope", route.path);
                    None
                }
            };
            ((route.method.to_owned(), route.path.clone()), scope)
        })
        .collect();
    assert_eq!(said, routes, "the document and the declared routes differ");

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/v1.json");
    if std::env::vars_os().any(|(name, _)| name == "TELEMAQUE_ACCEPTER_OPENAPI") {
        std::fs::create_dir_all(file.parent().expect("folder")).expect("openapi/");
        std::fs::write(&file, &text).expect("openapi/v1.json");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        text == committed,
        "the document differs from openapi/v1.json. If this is wanted, run again with TELEMAQUE_ACCEPTER_OPENAPI=1 and review."
    );
}

#[tokio::test]
async fn the_document_holds_together() {
    let document = serde_json::to_value(openapi::document(&declared().await)).expect("JSON");
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().expect("operationId");
            assert!(names.insert(name.to_owned()), "{name} names two operations");
            for field in ["summary", "tags"] {
                assert!(!operation[field].is_null(), "{method} {path} has no {field}");
            }
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let given: BTreeSet<&str> =
                parameters.iter().filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
            let wanted: BTreeSet<&str> =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            assert_eq!(given, wanted, "{method} {path}: parameters of the path");
            let secured = !operation["security"][0]["jeton"].is_null();
            let read = method == "get";
            for (status, wanted) in
                [("304", read), ("401", true), ("403", true), ("409", !read), ("422", !read), ("429", true)]
            {
                let said = !operation["responses"][status].is_null();
                assert_eq!(said, secured && wanted, "{method} {path}: {status}");
            }
            let keyed = parameters.iter().any(|p| p["name"] == "Idempotency-Key" && p["in"] == "header");
            assert_eq!(keyed, !read, "{method} {path}: every write carries a key");
        }
    }
    // Two contexts that use one name mean one thing.
    let schemas = |part: utoipa::openapi::OpenApi| {
        let part = serde_json::to_value(part).expect("JSON");
        part["components"]["schemas"].as_object().cloned().unwrap_or_default()
    };
    let mut known = schemas(api::rest::openapi());
    for (name, schema) in
        schemas(maquette::rest::openapi()).into_iter().chain(schemas(iexam::rest::openapi()))
    {
        assert!(known.get(&name).is_none_or(|other| *other == schema), "{name} is two things");
        known.insert(name, schema);
    }
    // Every reference leads somewhere.
    let mut stack = vec![&document];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    let path = target.strip_prefix('#').expect("a reference within the document");
                    assert!(document.pointer(path).is_some(), "{target} leads nowhere");
                }
                stack.extend(fields.values());
            }
            Value::Array(values) => stack.extend(values),
            _ => {}
        }
    }
}
