//! The registry of a Quilt stack: what its schema has, who is let in, and what it does with what it is asked.
//!
//! The server is closed: this rests on what its clients, their tests and the documentation say of it. Knowingly different: relevance, bounds of what is
//! indexed and the words of refusals are ours; JSON Schema is read as far as mappings use it; nothing is scanned, mailed or made in IAM.

mod objects;
mod sign_in;

use serde_json::{Value, json};

use crate::cloud::{Cloud, Fault, http, registry::ADMIN};

/// Sends a request to one of the two hosts and reads what came.
fn send(url: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
    let port = url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("it has a port");
    let method = if body.is_empty() { "GET" } else { "POST" };
    let answer = http::send(port, method, path, headers, body.as_bytes());
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    (answer.status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Signs in by password; the access token.
fn token(cloud: &Cloud) -> String {
    let body = json!({"username": ADMIN.0, "password": ADMIN.1}).to_string();
    let (status, given) = send(&cloud.registry().address(), "/api/login", &[JSON], &body);
    assert_eq!(status, 200, "{given}");
    given["access_token"].as_str().expect("it is given").to_owned()
}

/// Asks as the administrator, the way programs do.
fn ask(cloud: &Cloud, token: &str, query: &str, variables: Value) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let body = json!({"query": query, "variables": variables}).to_string();
    send(&cloud.registry().address(), "/graphql", &[JSON, ("Authorization", &bearer)], &body)
}

#[test]
fn the_schema_is_one_and_an_older_platform_has_less_of_it() {
    let of = |platform: &str| {
        http::control("GET", &format!("/_cloud/registry/schema?platform={platform}"), None)
    };
    let has = |platform: &str, kind: &str, field: &str| {
        of(platform)[kind]
            .as_array()
            .is_some_and(|fields| fields.iter().any(|known| known == field))
    };
    for (kind, field, from, before) in [
        ("BucketConfig", "prefixes", "1.65.0", "1.64.2"),
        ("BucketUpdateInput", "prefixes", "1.65.0", "1.64.2"),
        ("Me", "apiKeys", "1.67.0", "1.66.3"),
        ("Mutation", "apiKeyCreate", "1.67.0", "1.66.3"),
    ] {
        assert!(has(from, kind, field), "{kind}.{field} at {from}");
        assert!(!has(before, kind, field), "{kind}.{field} at {before}");
    }
    assert!(has("1.55.0", "Query", "bucketConfigs") && has("1.71.0", "Mutation", "roleSetDefault"));
}

#[test]
fn a_catalog_tells_where_its_registry_is_and_nothing_else_is_there() {
    let cloud = Cloud::start();
    let registry = cloud.registry();
    let (status, page) = send(&registry.endpoint(), "/config.json", &[], "");
    assert_eq!((status, &page["registryUrl"]), (200, &json!(registry.address())));
    assert_eq!(
        (&page["passwordAuth"], &page["stackVersion"]),
        (&json!("ENABLED"), &json!("1.71.0"))
    );
    let (status, page) = send(&registry.endpoint(), "/api/login", &[JSON], "{}");
    assert!(status == 200 && page.as_str().is_some_and(|page| page.contains("<html>")), "{page}");
    assert_ne!(registry.endpoint(), registry.address());
}

#[test]
fn weather_strikes_a_registry_as_it_strikes_aws() {
    let cloud = Cloud::start();
    let token = token(&cloud);
    let make = "mutation($p: [ID!]!) { roleCreateManaged(input: {name: \"R\", policies: $p}) { __typename } }";
    let make = || ask(&cloud, &token, make, json!({"p": []}));
    cloud.weather(
        Fault::InternalError.on("roleCreateManaged").of_service("registry").after().times(1),
    );
    let (status, answer) = make();
    assert_eq!((status, &answer["errors"][0]["message"]), (200, &json!("Internal Server Error")));
    assert_eq!(
        make().1["data"]["roleCreateManaged"]["__typename"],
        "RoleNameExists",
        "it was stored"
    );
    cloud.clear_up();
    cloud.weather(Fault::Empty.on("query.*").times(1));
    assert_eq!(ask(&cloud, &token, "{ me { name } }", json!({})), (503, json!("")));
    assert_eq!(ask(&cloud, &token, "{ me { name } }", json!({})).1["data"]["me"]["name"], "admin");
    assert_eq!(cloud.registry().changes(), ["roleCreateManaged", "roleCreateManaged"]);
}
