//! Signing in to a registry: passwords, tokens, codes and keys.

use serde_json::json;

use super::{JSON, ask, send, token};
use crate::cloud::{Cloud, registry::ADMIN};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const ME: &str = "{ me { name isAdmin } }";

#[test]
fn a_refresh_token_is_exchanged_by_a_form_and_by_nothing_else() {
    let cloud = Cloud::start();
    let at = cloud.registry().address();
    let body = json!({"username": "admin@example.com", "password": ADMIN.1}).to_string();
    let (_, given) = send(&at, "/api/login", &[JSON], &body);
    let refresh = given["refresh_token"].as_str().unwrap();
    let as_json = json!({"refresh_token": refresh}).to_string();
    assert_eq!(send(&at, "/api/token", &[JSON], &as_json), (400, json!("")));
    let (status, new) = send(&at, "/api/token", &[FORM], &format!("refresh_token={refresh}"));
    assert_eq!(status, 200, "{new}");
    assert!(new["expires_at"].as_u64() > Some(1_700_000_000));
    assert_eq!(
        ask(&cloud, new["access_token"].as_str().unwrap(), ME, json!({})).1["data"]["me"]["isAdmin"],
        true
    );
    let code = format!("refresh_token={}", cloud.registry().code("admin"));
    assert_eq!(send(&at, "/api/token", &[FORM], &code).0, 200);
    assert_eq!(send(&at, "/api/token", &[FORM], &code).0, 401, "a code is used once");
}

#[test]
fn passwords_are_refused_in_the_registrys_words() {
    let cloud = Cloud::start();
    let at = cloud.registry().address();
    let login = |name: &str, password: &str| {
        let body = json!({"username": name, "password": password}).to_string();
        let (status, said) = send(&at, "/api/login", &[JSON], &body);
        (status, said["error"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(login("nobody", ADMIN.1), (401, "user does not exist".into()));
    assert_eq!(login("admin", "wrong"), (401, "login attempt failed".into()));
    cloud.registry().set(json!({"password_auth": "DISABLED"}));
    assert_eq!(login("admin", ADMIN.1).0, 401);
    cloud.registry().set(json!({"password_auth": "ENABLED", "login_fields": ["token", "exp"]}));
    let body = json!({"username": "admin", "password": ADMIN.1}).to_string();
    let (_, given) = send(&at, "/api/login", &[JSON], &body);
    assert!(given["refresh_token"].is_null() && given["token"].is_string());
}

#[test]
fn a_token_ends_and_whoever_has_none_is_nobody() {
    let cloud = Cloud::start();
    let token = token(&cloud);
    assert_eq!(ask(&cloud, &token, ME, json!({})).0, 200);
    cloud.registry().expire("access");
    assert_eq!(ask(&cloud, &token, ME, json!({})).0, 401);
    cloud.registry().set(json!({"unauthorized": "graphql"}));
    let (status, said) = ask(&cloud, &token, ME, json!({}));
    assert_eq!((status, &said["errors"][0]["message"]), (200, &json!("Unauthorized")));
    let body = json!({"query": ME}).to_string();
    let (status, said) = send(&cloud.registry().address(), "/graphql", &[JSON], &body);
    assert_eq!((status, &said["data"]["me"]), (200, &json!(null)));
}

#[test]
fn a_key_works_until_it_is_revoked_and_its_secret_is_told_once() {
    let cloud = Cloud::start();
    let key = cloud.registry().key("provider");
    assert!(key.starts_with("qk_") && !cloud.registry().holds().to_string().contains(&key));
    assert_eq!(ask(&cloud, &key, ME, json!({})).1["data"]["me"]["name"], "admin");
    let revoke = "mutation($s: String) { apiKeyRevoke(secret: $s) { __typename } }";
    assert_eq!(
        ask(&cloud, &key, revoke, json!({"s": key})).1["data"]["apiKeyRevoke"]["__typename"],
        "Ok"
    );
    assert_eq!(ask(&cloud, &key, ME, json!({})).0, 401);
}

#[test]
fn what_administrators_ask_is_forbidden_to_others() {
    let cloud = Cloud::start();
    let registry = cloud.registry();
    registry.does(
        "mutation { admin { user { create(input: {name: \"ann\", email: \"ann@example.com\", role: \"ReadQuiltBucket\"}) { __typename } } } }",
        json!({}),
    );
    assert_eq!(registry.holds()["mails"], json!([{"to": "ann@example.com", "subject": "welcome"}]));
    let code = format!("refresh_token={}", registry.code("ann"));
    let (_, given) = send(&registry.address(), "/api/token", &[FORM], &code);
    let token = given["access_token"].as_str().unwrap();
    assert_eq!(ask(&cloud, token, ME, json!({})).1["data"]["me"]["isAdmin"], false);
    assert_eq!(ask(&cloud, token, "{ roles { __typename } }", json!({})).0, 403);
    assert_eq!(ask(&cloud, token, "{ bucketConfigs { name } }", json!({})).0, 200);
}

#[test]
fn an_older_platform_does_not_know_what_came_later() {
    let cloud = Cloud::start();
    cloud.registry().set(json!({"platform": "1.60.0"}));
    let (status, said) = ask(&cloud, &token(&cloud), "{ bucketConfigs { prefixes } }", json!({}));
    let message = said["errors"][0]["message"].as_str().unwrap_or_default();
    assert!(status == 400 && message.contains("Cannot query field 'prefixes'"), "{said}");
}
