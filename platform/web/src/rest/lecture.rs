//! Reads an OpenAPI document for a person: operations by group, what each takes and answers, in French.

use serde_json::Value;

use crate::components::{Column, Row, Table};

/// Paragraphs; in each, pieces of text, those of code marked.
pub(super) type Texte = Vec<Vec<(bool, String)>>;

/// How deep the fields of an answer are shown: trees hold themselves.
const PROFONDEUR: usize = 4;

/// Operations under one name.
pub(super) struct Groupe {
    pub(super) nom: String,
    pub(super) intro: Texte,
    pub(super) operations: Vec<Operation>,
}

/// One address and method.
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) methode: String,
    pub(super) chemin: String,
    pub(super) resume: String,
    pub(super) intro: Texte,
    pub(super) droits: Vec<String>,
    pub(super) parametres: Option<Table>,
    /// What is sent, for a write.
    pub(super) corps: Option<Table>,
    pub(super) champs: Option<Table>,
    pub(super) reponses: Table,
    pub(super) exemple: String,
}

/// Every operation of the document, in the order of its groups.
pub(super) fn groupes(document: &Value) -> Vec<Groupe> {
    let mut groups: Vec<Groupe> = array(document.get("tags"))
        .iter()
        .map(|tag| Groupe {
            nom: text(tag, "name"),
            intro: texte(tag.get("description")),
            operations: Vec::new(),
        })
        .collect();
    for (chemin, item) in object(document.get("paths")) {
        for (methode, operation) in object(Some(item)) {
            if !matches!(methode.as_str(), "get" | "post" | "put" | "delete") {
                continue;
            }
            let nom =
                array(operation.get("tags")).first().and_then(Value::as_str).unwrap_or("Autres").to_owned();
            let n = groups.iter().map(|group| group.operations.len()).sum();
            let read = self::operation(document, n, methode, chemin, operation);
            match groups.iter_mut().find(|group| group.nom == nom) {
                Some(group) => group.operations.push(read),
                None => groups.push(Groupe { nom, intro: Texte::new(), operations: vec![read] }),
            }
        }
    }
    groups.retain(|group| !group.operations.is_empty());
    groups
}

fn operation(document: &Value, n: usize, methode: &str, chemin: &str, held: &Value) -> Operation {
    let parameters: Vec<&Value> =
        array(held.get("parameters")).iter().map(|parameter| resolve(document, parameter)).collect();
    let rows = parameters.iter().map(|parameter| {
        let place = match text(parameter, "in").as_str() {
            "path" => "adresse",
            "header" => "en-tête",
            _ => "après « ? »",
        };
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        Row::new()
            .code(text(parameter, "name"))
            .text(place)
            .text(nature(document, schema) + &bornes(schema))
            .text(text(parameter, "description"))
    });
    let parametres = (!parameters.is_empty()).then(|| {
        Table::new(format!("op-{n}-parametres"), "Paramètres")
            .level(4)
            .columns([
                Column::text("nom", "Nom"),
                Column::text("place", "Où").optional(),
                Column::text("nature", "Valeur"),
                Column::text("sens", "Ce qu’il fait"),
            ])
            .rows(rows)
    });
    let answers: Vec<(&String, &Value)> =
        object(held.get("responses")).map(|(status, answer)| (status, resolve(document, answer))).collect();
    let reponses = Table::new(format!("op-{n}-reponses"), "Réponses")
        .level(4)
        .columns([Column::text("code", "Code"), Column::text("sens", "Quand")])
        .rows(
            answers
                .iter()
                .map(|(status, answer)| Row::new().code(status.as_str()).text(text(answer, "description"))),
        );
    let schema = answers
        .iter()
        .find(|(status, _)| status.starts_with('2'))
        .and_then(|(_, answer)| answer.pointer("/content/application~1json/schema"));
    let champs = fields(document, schema, format!("op-{n}-champs"), ("Champs de la réponse", "Ce qu’il dit"));
    let sent = held.pointer("/requestBody/content/application~1json/schema");
    let corps = fields(document, sent, format!("op-{n}-corps"), ("Corps de la demande", "Ce qu’il fait"));
    let ways = array(held.get("security")).iter().flat_map(|way| object(Some(way)));
    let scopes = ways.flat_map(|(_, scopes)| array(Some(scopes)));
    let droits: Vec<String> = scopes.filter_map(Value::as_str).map(str::to_owned).collect();
    let filled = exemple(&parameters, chemin);
    let mut header = String::new();
    if methode != "get" {
        header.push_str(&format!("-X {} ", methode.to_uppercase()));
    }
    if !droits.is_empty() {
        header.push_str("-H \"Authorization: Bearer $JETON\" ");
    }
    if parameters.iter().any(|parameter| text(parameter, "name") == "Idempotency-Key") {
        header.push_str("-H \"Idempotency-Key: $(uuidgen)\" ");
    }
    if sent.is_some() {
        header.push_str("-d @demande.json ");
    }
    Operation {
        id: match text(held, "operationId") {
            id if id.is_empty() => format!("op-{n}"),
            id => id,
        },
        methode: methode.to_uppercase(),
        chemin: chemin.to_owned(),
        resume: text(held, "summary").replace('`', ""),
        intro: texte(held.get("description")),
        droits,
        parametres,
        corps,
        champs,
        reponses,
        exemple: format!("curl {header}\"$TELEMAQUE{filled}\""),
    }
}

/// The fields of what travels, when they are described.
fn fields(
    document: &Value,
    schema: Option<&Value>,
    id: String,
    (titre, sens): (&str, &str),
) -> Option<Table> {
    let mut found = Vec::new();
    champs(document, schema?, "", 0, &mut Vec::new(), &mut found);
    let columns =
        [Column::text("nom", "Champ"), Column::text("nature", "Valeur"), Column::text("sens", sens)];
    let rows = found.into_iter().map(|field| Row::new().code(field.nom).text(field.nature).text(field.sens));
    let table = Table::new(id, titre).level(4).columns(columns);
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| table.rows(rows))
}

/// The address with an example in place of each parameter of its path.
fn exemple(parameters: &[&Value], chemin: &str) -> String {
    let mut out = chemin.to_owned();
    for parameter in parameters.iter().filter(|parameter| text(parameter, "in") == "path") {
        let given = parameter.get("example").or(parameter.pointer("/schema/example"));
        let value = match given {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => continue,
        };
        out = out.replace(&format!("{{{}}}", text(parameter, "name")), &value);
    }
    out
}

struct Champ {
    nom: String,
    nature: String,
    sens: String,
}

/// The fields of a schema, those within named by their path: `elements[].code`.
fn champs(
    document: &Value,
    schema: &Value,
    prefix: &str,
    depth: usize,
    within: &mut Vec<String>,
    out: &mut Vec<Champ>,
) {
    let name = schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
    if depth > PROFONDEUR || name.as_ref().is_some_and(|name| within.contains(name)) {
        return;
    }
    let entered = name.is_some();
    within.extend(name);
    let schema = resolve(document, schema);
    let always: Vec<&str> = array(schema.get("required")).iter().filter_map(Value::as_str).collect();
    for (nom, field) in object(schema.get("properties")) {
        let path = if prefix.is_empty() { nom.clone() } else { format!("{prefix}.{nom}") };
        let mut sens = description(document, field);
        if !always.contains(&nom.as_str()) {
            sens = if sens.is_empty() { "Peut manquer.".to_owned() } else { format!("{sens} Peut manquer.") };
        }
        let many = element(document, field);
        let shown = if many.is_some() { format!("{path}[]") } else { path };
        out.push(Champ { nom: shown.clone(), nature: nature(document, field) + &bornes(field), sens });
        champs(document, many.unwrap_or(field), &shown, depth + 1, within, out);
    }
    for part in array(schema.get("allOf")).iter().chain(array(schema.get("oneOf"))) {
        champs(document, part, prefix, depth, within, out);
    }
    if entered {
        within.pop();
    }
}

/// What a list holds, when a schema is one.
fn element<'d>(document: &'d Value, schema: &'d Value) -> Option<&'d Value> {
    let schema = resolve(document, schema);
    sorts(schema).contains(&"array").then(|| schema.get("items")).flatten()
}

fn description(document: &Value, schema: &Value) -> String {
    let own = text(schema, "description");
    let said = if own.is_empty() { text(resolve(document, schema), "description") } else { own };
    said.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "")
}

/// What kind of value, in a word or two.
fn nature(document: &Value, schema: &Value) -> String {
    let schema = resolve(document, schema);
    if let Some(ways) = schema.get("oneOf").or(schema.get("anyOf")) {
        let words: Vec<String> = array(Some(ways)).iter().map(|way| nature(document, way)).collect();
        return words.join(" ou ");
    }
    let choices: Vec<&str> = array(schema.get("enum")).iter().filter_map(Value::as_str).collect();
    if !choices.is_empty() {
        return format!("l’un de : {}", choices.join(", "));
    }
    let words = sorts(schema).into_iter().map(|sort| match (sort, text(schema, "format").as_str()) {
        ("string", "date-time") => "instant (RFC 3339, UTC)".to_owned(),
        ("string", "date") => "jour (AAAA-MM-JJ)".to_owned(),
        ("string", _) => "texte".to_owned(),
        ("integer", _) => "nombre entier".to_owned(),
        ("number", _) => "nombre".to_owned(),
        ("boolean", _) => "vrai ou faux".to_owned(),
        ("null", _) => "null".to_owned(),
        ("array", _) => match schema.get("items") {
            Some(items) => format!("liste : {}", nature(document, items)),
            None => "liste".to_owned(),
        },
        _ => "objet".to_owned(),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "objet".to_owned() } else { words.join(" ou ") }
}

fn bornes(schema: &Value) -> String {
    let number = |name: &str| schema.get(name).filter(|v| v.is_number()).map(Value::to_string);
    let mut out = match (number("minimum"), number("maximum")) {
        (Some(min), Some(max)) => format!(", de {min} à {max}"),
        (Some(min), None) => format!(", à partir de {min}"),
        (None, Some(max)) => format!(", jusqu’à {max}"),
        (None, None) => String::new(),
    };
    if let Some(default) = schema.get("default").filter(|v| !v.is_null()) {
        out.push_str(&format!(" ; {} par défaut", default.to_string().trim_matches('"')));
    }
    out
}

/// `"type"` is one word or several.
fn sorts(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// What a reference points to, or the value itself.
fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let mut value = value;
    for _ in 0..8 {
        let Some(path) = value.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'))
        else {
            break;
        };
        match document.pointer(path) {
            Some(found) => value = found,
            None => break,
        }
    }
    value
}

/// Paragraphs, and code between back-quotes.
pub(super) fn texte(value: Option<&Value>) -> Texte {
    let whole = value.and_then(Value::as_str).unwrap_or_default();
    let paragraphs = whole.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs
        .map(|paragraph| {
            paragraph.split('`').enumerate().map(|(n, piece)| (n % 2 == 1, piece.to_owned())).collect()
        })
        .collect()
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn array(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_read_as_a_person_would_have_it() {
        let document = json!({
            "tags": [{"name": "Offre", "description": "Ce qui s’enseigne, par `code`."}, {"name": "Vide"}],
            "paths": {"/api/v1/etapes/{code}": {"get": {
                "tags": ["Offre"], "summary": "Une étape",
                "security": [{"jeton": ["maquette:lire"]}],
                "parameters": [
                    {"$ref": "#/components/parameters/code"},
                    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
                ],
                "responses": {
                    "200": {"description": "L’étape.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Noeud"}}}},
                    "404": {"$ref": "#/components/responses/Rien"},
                },
            }}},
            "components": {
                "parameters": {"code": {"name": "code", "in": "path", "required": true, "example": "L1DRO", "schema": {"type": "string"}}},
                "responses": {"Rien": {"description": "Rien de ce nom."}},
                "schemas": {"Noeud": {"type": "object", "required": ["code"], "properties": {
                    "code": {"type": "string", "description": "Son code."},
                    "ects": {"type": ["number", "null"]},
                    "sous": {"type": "array", "items": {"$ref": "#/components/schemas/Noeud"}},
                }}},
            },
        });
        let groups = groupes(&document);
        assert_eq!(groups.len(), 1, "a group without operations is not shown");
        assert_eq!(groups[0].intro[0][1], (true, "code".to_owned()));
        let operation = &groups[0].operations[0];
        assert_eq!(operation.droits, ["maquette:lire"]);
        assert_eq!(
            operation.exemple,
            "curl -H \"Authorization: Bearer $JETON\" \"$TELEMAQUE/api/v1/etapes/L1DRO\""
        );
        let shown = operation.champs.as_ref().unwrap().csv();
        assert!(shown.contains("ects;nombre ou null;Peut manquer."), "{shown}");
        assert!(shown.contains("sous[];liste : objet"), "{shown}");
        assert!(!shown.contains("sous[].code"), "a tree that holds itself is shown once: {shown}");
        assert!(operation.reponses.csv().contains("404;Rien de ce nom."));
        let parameters = operation.parametres.as_ref().unwrap().csv();
        assert!(parameters.contains("nombre entier, à partir de 1 ; 1 par défaut"), "{parameters}");
    }
}
