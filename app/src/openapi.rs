//! The document of the REST interface: what each context says of its addresses, put together, with what all of them share. Committed as
//! `openapi/v1.json`; `app/tests/openapi.rs` regenerates it and compares it with the declared routes.

use kernel::{Right, Scope};
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem,
};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi,
    OpenApiBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Server, Type,
};
use utoipa::{PartialSchema as _, ToSchema as _};
use web::Declared;
use web::rest::Probleme;

/// Where the document is served.
pub const ADRESSE: &str = "/api/v1/openapi.json";
/// Name of the way in, which operations refer to.
const JETON: &str = "jeton";
const TAG: &str = "Interface";

/// The document, for these routes: each operation says the scope that its route declares.
#[must_use]
pub fn document(declared: &[Declared]) -> OpenApi {
    let mut document = base();
    document.merge(maquette::rest::openapi());
    document.merge(iexam::rest::openapi());
    document.merge(api::rest::openapi());
    // What the interface says of itself comes last.
    let tag = |name: &str, text: &str| TagBuilder::new().name(name).description(Some(text)).build();
    document.tags.get_or_insert_default().extend([
        tag("Apogée", "Apogée par sa seule porte, une question à la fois, avec l’âge de ce qui est répondu."),
        tag(TAG, "Ce que l’interface dit d’elle-même."),
    ]);
    for route in declared {
        let Some(item) = document.paths.paths.get_mut(&route.path) else { continue };
        if let Some(operation) = operation(item, route.method) {
            let makes = operation.responses.responses.contains_key("201");
            operation.operation_id = Some(name(&route.path, route.method, makes));
            complete(operation, route.right, route.method);
        }
    }
    document
}

/// The operation of a path by its method.
pub fn operation<'a>(item: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

/// What a generated client calls the operation: `maquette_etapes`, `maquette_etapes_un` for one of them, `maquette_etapes_arbre`; for a
/// write, its verb when the address does not end on one: `iexam_centres_creer` makes one of them, `iexam_inscriptions_verification` does
/// something to one. Nothing else than the operation itself gives its name: another one on the same address does not change it.
fn name(path: &str, method: &str, makes: bool) -> String {
    let path = path.strip_prefix("/api/v1/").unwrap_or(path);
    let mut words: Vec<String> = path
        .split('/')
        .filter(|part| !part.starts_with('{'))
        .map(|part| part.replace(['-', '.'], "_"))
        .collect();
    if path.ends_with('}') {
        words.push("un".to_owned());
    }
    match method {
        "POST" if makes && path.ends_with('s') => words.push("creer".to_owned()),
        "PUT" => words.push("modifier".to_owned()),
        "DELETE" => words.push("retirer".to_owned()),
        _ => {}
    }
    words.join("_")
}

fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Télémaque")
        .version("1")
        .description(Some(
            "Ce que la suite Télémaque sait de l’offre, des étudiants et des enseignants, pour les autres applications : lu dans la \
             dernière copie collectée, donc aussi les jours où Apogée est fermé ; et ce qu’elle tient des examens, à lire et à \
             écrire.\n\nUn jeton, créé par le service informatique, dit ce que l’application peut lire et écrire. La version 1 ne perd \
             ni adresse ni champ : elle peut en gagner.",
        ))
        .license(Some(LicenseBuilder::new().name("EUPL-1.2").identifier(Some("EUPL-1.2")).build()))
        .build();
    let components = ComponentsBuilder::new()
        .schema(Probleme::name(), Probleme::schema())
        .security_scheme(
            JETON,
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("tlm_…")
                    .description(Some(scopes()))
                    .build(),
            ),
        )
        .response(
            "NonModifie",
            plain("Rien n’a changé depuis la version que l’en-tête If-None-Match donne : pas de corps."),
        )
        .response(
            "Illisible",
            problem("Un paramètre ne se lit pas : la phrase dit lequel et ce qu’il prend."),
        )
        .response("SansJeton", problem("Pas de jeton, ou un jeton inconnu, arrivé à échéance ou révoqué."))
        .response("SansDroit", problem("Le jeton n’a pas le droit demandé : la phrase le nomme."))
        .response("Introuvable", problem("Rien de ce nom."))
        .response(
            "EnConflit",
            problem("Ce qui est tenu ne le permet pas, ou la même demande est en cours : la phrase le dit."),
        )
        .response(
            "Refusee",
            problem(
                "Ce qui est donné est refusé, ou la clé a servi à une autre demande : rien n’est enregistré.",
            ),
        )
        .response("QuotaEpuise", too_many())
        .build();
    let own = OperationBuilder::new()
        .tag(TAG)
        .summary(Some("Ce document"))
        .description(Some("Le document OpenAPI de l’interface, sans jeton."))
        .response(
            "200",
            ResponseBuilder::new()
                .description("Le document.")
                .content(
                    "application/json",
                    ContentBuilder::new()
                        .schema(Some(ObjectBuilder::new().schema_type(Type::Object).build()))
                        .build(),
                )
                .build(),
        )
        .build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/")]))
        .components(Some(components))
        .paths(
            utoipa::openapi::PathsBuilder::new().path(ADRESSE, PathItem::new(HttpMethod::Get, own)).build(),
        )
        .build()
}

/// What each scope gives, in the description of the way in.
fn scopes() -> String {
    let mut out = String::from(
        "« Authorization: Bearer tlm_… ». Une personne connectée à la suite lit la même chose dans son navigateur, selon son \
         rôle.\n\nDroits d’un jeton :\n",
    );
    for scope in Scope::ALL {
        out.push_str(&format!("\n- `{scope}` : {}", scope.libelle()));
    }
    out
}

/// What every operation under a scope answers besides its own.
fn complete(operation: &mut Operation, right: Right, method: &str) {
    let Right::Api(scope) = right else {
        operation.security = Some(vec![SecurityRequirement::default()]);
        return;
    };
    // An operation may ask for more than its route does: it then says so itself.
    operation.security.get_or_insert_with(|| vec![SecurityRequirement::new(JETON, [scope.code()])]);
    let writes = method != "GET";
    if writes {
        operation.parameters.get_or_insert_default().push(RefOr::T(key()));
        // What an operation says of a refusal, it says in a sentence: its form is that of all.
        let refusals = operation.responses.responses.iter_mut().filter(|(status, _)| status.starts_with('4'));
        for (_, refusal) in refusals {
            if let RefOr::T(refusal) = refusal
                && refusal.content.is_empty()
            {
                refusal.content = problem("").content;
            }
        }
    }
    let named = operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
    let by_key = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Path,
        RefOr::Ref(_) => false,
    });
    for (status, name, wanted) in [
        ("304", "NonModifie", !writes),
        ("400", "Illisible", named),
        ("401", "SansJeton", true),
        ("403", "SansDroit", true),
        ("404", "Introuvable", by_key),
        ("409", "EnConflit", writes),
        ("422", "Refusee", writes),
        ("429", "QuotaEpuise", true),
    ] {
        // Where an operation of writing says more of a refusal than this, it is left to say it.
        let said = writes && operation.responses.responses.contains_key(status);
        if wanted && !said {
            operation
                .responses
                .responses
                .insert(status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}

/// The key under which a write is made once.
fn key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("Clé de votre choix, nouvelle à chaque demande."))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .build()
}

fn plain(description: &str) -> Response {
    ResponseBuilder::new().description(description).build()
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Probleme::name()))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

fn too_many() -> Response {
    let mut response = problem("Le quota du jeton est épuisé pour cette minute ou ce jour.");
    let header = |text: &str| {
        HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::Integer).build()))
            .description(Some(text))
            .build()
    };
    let waits = header("Secondes à attendre.");
    response.headers.insert("Retry-After".to_owned(), waits.into());
    response
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn the_name_of_an_operation_is_its_own() {
        let centre = "/api/v1/iexam/periodes/{annee}/{code}/centres";
        for (path, method, makes, expected) in [
            ("/api/v1/openapi.json", "GET", false, "openapi_json"),
            ("/api/v1/apogee/periodes-examen", "GET", false, "apogee_periodes_examen"),
            ("/api/v1/maquette/etapes/{code}/{version}", "GET", false, "maquette_etapes_un"),
            ("/api/v1/maquette/etapes/{code}/{version}/arbre", "GET", false, "maquette_etapes_arbre"),
            (centre, "GET", false, "iexam_periodes_centres"),
            (centre, "POST", true, "iexam_periodes_centres_creer"),
            (&format!("{centre}/{{centre}}"), "PUT", false, "iexam_periodes_centres_un_modifier"),
            (&format!("{centre}/{{centre}}"), "DELETE", false, "iexam_periodes_centres_un_retirer"),
            (
                "/api/v1/iexam/inscriptions/{id}/verification",
                "POST",
                false,
                "iexam_inscriptions_verification",
            ),
            ("/api/v1/iexam/paiements/{id}/correction", "POST", true, "iexam_paiements_correction"),
            (
                "/api/v1/iexam/inscriptions/{id}/demandes/{demande}/refus",
                "POST",
                false,
                "iexam_inscriptions_demandes_refus",
            ),
        ] {
            assert_eq!(name(path, method, makes), expected);
        }
    }
}
