//! `quilt_role`, `quilt_policy`, `quilt_default_role` and `quilt_sso_mapping`: what is set in a catalog.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use crate::aws::fake::Fake;
use crate::catalog::{SignIn, Site};
use crate::cx::Settings;
use crate::outcome::{AwsErrorKind, CatalogErrorKind as Kind};
use crate::quilt::access::{Level, User};

const ROLE: &str = "quilt_role";
const POLICY: &str = "quilt_policy";
const DEFAULT: &str = "quilt_default_role";
const MAPPING: &str = "quilt_sso_mapping";

/// What leads to the catalog.
pub fn catalog() -> Json {
    json!({
        "web_host": "data.example.com",
        "admin_email": "admin@example.com",
        "admin_password_secret_arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:admin-AbCdEf",
    })
}

fn role(more: Json) -> Json {
    with(json!({ "name": "Analysts", "catalog": catalog() }), more)
}

fn policy(more: Json) -> Json {
    let own = json!({ "title": "Science", "catalog": catalog(), "permissions": { "raw": "READ" } });
    with(own, more)
}

/// The provider block has a catalog.
pub fn in_block(settings: &mut Settings) {
    let sign_in = SignIn::Key("qk_1234567890".to_string().into());
    settings.catalog = Some(Site { host: "data.example.com".into(), sign_in });
}

fn changed(fake: Fake, change: impl FnOnce(crate::catalog::fake::Registry)) -> Fake {
    change(fake.catalog());
    fake
}

/// A stack with the catalog's host.
fn of_host(fake: Fake, name: &str) -> Fake {
    let given = [("QuiltWebHost", "data.example.com"), ("AdminEmail", "admin@example.com")];
    fake.having(name, &given)
}

fn user(name: &str, role: &str) -> User {
    User { name: name.into(), active: true, role: Some(role.into()), ..User::default() }
}

/// A catalog with a bucket.
fn there(fake: Fake) -> Fake {
    changed(fake, |registry| drop(registry.buckets(&["raw"])))
}

/// One that does not answer, for so many calls.
fn silent(call: &'static str, times: usize) -> impl Fn(Fake) -> Fake + 'static {
    move |fake| changed(fake, |registry| registry.fails(call, Kind::Unreached, times))
}

fn failing(call: &'static str, kind: Kind) -> impl Fn(Fake) -> Fake + 'static {
    move |fake| changed(fake, |registry| registry.fails(call, kind, 1))
}

/// A role of one's own in the catalog of a stack.
fn own_role() -> Json {
    let registry = "arn:aws:iam::123456789012:role/prod-RegistryRole";
    let catalog = with(catalog(), json!({ "registry_role_arn": registry }));
    json!({ "name": "Analysts", "catalog": catalog, "arn": OWN })
}

const OWN: &str = "arn:aws:iam::123456789012:role/mine";

/// What is said of an IAM role of one's own.
fn trusts() -> Vec<Scene> {
    let trust = r#"{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    vec![
        scene(ROLE, "An IAM role that does not trust the registry")
            .over(move |fake| fake.with_role(OWN, trust))
            .plan(own_role()),
        scene(ROLE, "An IAM role that is not there").plan(own_role()),
        scene(ROLE, "An IAM role that has a path")
            .over(move |fake| fake.with_role("arn:aws:iam::123456789012:role/teams/mine", trust))
            .plan(own_role()),
        scene(ROLE, "IAM may not be asked for the role")
            .over(|fake| fake.fail("role", AwsErrorKind::Denied))
            .plan(own_role()),
        scene(ROLE, "An IAM role of another account")
            .plan(with(own_role(), json!({ "arn": "arn:aws:iam::210987654321:role/mine" }))),
    ]
}

pub fn roles() -> Vec<Scene> {
    let mut all = plain_roles();
    all.extend(trusts());
    all
}

fn plain_roles() -> Vec<Scene> {
    let plan = |title, more| scene(ROLE, title).plan(role(more));
    let soon = json!({ "timeouts": { "create": "2m" } });
    vec![
        plan("A name that no role has", json!({ "name": "2nd role" })),
        plan("The name of a role of the stack itself", json!({ "name": "Canary" })),
        plan(
            "A role with policies and an ARN",
            json!({ "policies": ["p"], "arn": "arn:aws:iam::123456789012:role/a" }),
        ),
        plan("A role with six policies", json!({ "policies": ["a", "b", "c", "d", "e", "f"] })),
        scene(ROLE, "Nothing says which catalog is meant").plan(json!({ "name": "Analysts" })),
        plan(
            "A stack without a secret for its administrator",
            json!({ "catalog": with(catalog(), json!({ "admin_password_secret_arn": null })) }),
        ),
        plan(
            "A catalog without a host",
            json!({ "catalog": with(catalog(), json!({ "web_host": null })) }),
        ),
        scene(ROLE, "A role of that name is there, and another one")
            .over(|fake| changed(fake, |registry| drop(registry.role("r", "Analysts", &["p"]))))
            .plan(role(json!({}))),
        scene(ROLE, "The catalog cannot be reached")
            .over(silent("me", usize::MAX))
            .apply(role(soon)),
        scene(ROLE, "The password is not right")
            .over(failing("me", Kind::SignIn))
            .apply(role(json!({}))),
        scene(ROLE, "The registry fails")
            .over(failing("create_role", Kind::Fault))
            .apply(role(json!({}))),
        scene(ROLE, "Who asks may not")
            .over(failing("create_role", Kind::Denied))
            .apply(role(json!({}))),
        scene(ROLE, "The registry is too old")
            .over(failing("create_role", Kind::Old))
            .apply(role(json!({}))),
        scene(ROLE, "An answer is not understood")
            .over(failing("create_role", Kind::Odd))
            .apply(role(json!({}))),
        scene(ROLE, "A role that somebody has is destroyed")
            .made(role(json!({})))
            .world(|fake| changed(fake, |registry| drop(registry.user(user("ana", "Analysts")))))
            .destroy(),
        scene(ROLE, "A role in the sign-in mapping gets another name")
            .made(role(json!({})))
            .world(|fake| {
                changed(fake, |registry| {
                    drop(registry.maps("version: \"1.0\"\ndefault_role: Analysts\nmappings: []\n"))
                })
            })
            .plan(role(json!({ "name": "Scientists" }))),
        scene(ROLE, "The configuration leads to another catalog than the state")
            .made(role(json!({})))
            .world(|fake| changed(fake, |registry| registry.leads_elsewhere("other.example.com")))
            .plan(role(json!({
                "catalog": with(catalog(), json!({ "web_host": "other.example.com" }))
            }))),
        scene(ROLE, "A role loses a policy that people see by")
            .over(|fake| {
                let all = [("raw".to_string(), Level::Read)].into();
                changed(there(fake), |registry| {
                    drop(registry.policy("p", "Science", all).user(user("ana", "Analysts")))
                })
            })
            .made(role(json!({ "policies": ["p"] })))
            .plan(role(json!({ "policies": [] }))),
        scene(ROLE, "One is there just as it is to be")
            .over(|fake| changed(fake, |registry| drop(registry.role("a", "Analysts", &[]))))
            .plan(role(json!({}))),
        scene(ROLE, "An import, and no catalog in the provider block").import("Analysts"),
        scene(ROLE, "An import by a host that no stack has").import("data.example.com/Analysts"),
        scene(ROLE, "An import by a host that two stacks have")
            .over(|fake| of_host(of_host(fake, "prod"), "next"))
            .import("data.example.com/Analysts"),
        scene(ROLE, "An import by the host of a stack whose password is not ours")
            .over(|fake| of_host(fake, "prod"))
            .import("data.example.com/Analysts"),
        scene(ROLE, "No such role to import").under(in_block).import("Analysts"),
    ]
}

pub fn policies() -> Vec<Scene> {
    let plan = |title, more| scene(POLICY, title).over(there).plan(policy(more));
    vec![
        plan("A policy without a title", json!({ "title": " " })),
        plan("The title of a policy of the stack itself", json!({ "title": "CanaryBucketAccess" })),
        plan("A policy that allows nothing", json!({ "permissions": null })),
        plan(
            "A policy with permissions and an ARN",
            json!({ "arn": "arn:aws:iam::123456789012:policy/a" }),
        ),
        plan("A level in small letters", json!({ "permissions": { "raw": "read" } })),
        scene(POLICY, "A bucket that the catalog does not have").apply(policy(json!({}))),
        scene(POLICY, "A policy of that title is there, and another one")
            .over(|fake| {
                changed(there(fake), |registry| {
                    drop(registry.policy("p", "Science", Default::default()))
                })
            })
            .plan(policy(json!({}))),
        scene(POLICY, "No such policy to import").under(in_block).import("Science"),
    ]
}

fn two_roles(fake: Fake) -> Fake {
    changed(fake, |registry| drop(registry.role("a", "Analysts", &[]).role("g", "Guests", &[])))
}

pub fn default_roles() -> Vec<Scene> {
    let role = |id: &str| json!({ "role_id": id, "catalog": catalog() });
    vec![
        scene(DEFAULT, "The default role is set to another one")
            .over(two_roles)
            .made(role("a"))
            .forget_state()
            .plan(role("g")),
        scene(DEFAULT, "A name is given for an id").over(two_roles).apply(role("Analysts")),
        scene(DEFAULT, "No role is named").plan(json!({ "catalog": catalog() })),
        scene(DEFAULT, "A role is named in both ways")
            .plan(with(role("a"), json!({ "role": "Analysts" }))),
        scene(DEFAULT, "There is no role of the name")
            .over(two_roles)
            .apply(json!({ "role": "Nobody", "catalog": catalog() })),
        scene(DEFAULT, "The mapping rules the default role")
            .over(|fake| changed(two_roles(fake), |registry| drop(registry.rules_default())))
            .plan(role("a")),
        scene(DEFAULT, "The default role is destroyed").over(two_roles).made(role("a")).destroy(),
        scene(DEFAULT, "No default role to import").under(in_block).import("data.example.com"),
    ]
}

fn mapping(more: Json) -> Json {
    let rule = json!({ "schema": "true", "roles": ["Analysts"], "admin": true });
    with(json!({ "default_role": "Guests", "catalog": catalog(), "mappings": [rule] }), more)
}

pub fn mappings() -> Vec<Scene> {
    let plan = |title, rule: Json| {
        scene(MAPPING, title).over(two_roles).plan(mapping(json!({ "mappings": [rule] })))
    };
    let people = |fake| {
        let admin = |name| User { admin: true, ..user(name, "Analysts") };
        changed(fake, |registry| drop(registry.user(user("ana", "Analysts")).user(admin("ben"))))
    };
    vec![
        plan("A rule without a role", json!({ "schema": "true", "roles": [] })),
        plan("A schema that is no JSON", json!({ "schema": "{", "roles": ["Analysts"], "admin": true })),
        plan("A claim that is only described", json!({ "schema": "{\"properties\": {\"groups\": {}}}", "roles": ["Analysts"], "admin": true })),
        scene(MAPPING, "A rule takes administration away").over(two_roles).plan(mapping(
            json!({ "union_roles": true, "mappings": [{ "schema": "true", "roles": ["Analysts"], "admin": false }] }),
        )),
        scene(MAPPING, "Quilt is too old for union_roles")
            .over(|fake| changed(two_roles(fake), |registry| drop(registry.at_version("1.68.0"))))
            .plan(mapping(json!({ "union_roles": true }))),
        scene(MAPPING, "A role that the catalog does not have")
            .over(|fake| changed(fake, |registry| drop(registry.role("g", "Guests", &[]))))
            .apply(mapping(json!({}))),
        scene(MAPPING, "Another mapping is there")
            .over(|fake| changed(two_roles(fake), |registry| drop(registry.maps("version: \"1.0\"\ndefault_role: Analysts\nmappings: []\n"))))
            .plan(mapping(json!({}))),
        scene(MAPPING, "A mapping leaves people without their role")
            .over(two_roles)
            .made(mapping(json!({})))
            .world(people)
            .plan(mapping(json!({ "mappings": [{ "schema": "true", "roles": ["Guests"] }] }))),
        scene(MAPPING, "A mapping leaves no administrator who can sign in")
            .over(two_roles)
            .world(move |fake| {
                let admin = |name| User { admin: true, ..user(name, "Guests") };
                changed(fake, |registry| {
                    let ana = User { sso_only: true, ..admin("ana") };
                    drop(registry.user(admin("admin")).user(ana).without_passwords())
                })
            })
            .plan(mapping(json!({ "mappings": [{ "schema": "true", "roles": ["Guests"] }] }))),
        scene(MAPPING, "A mapping is taken away").over(two_roles).made(mapping(json!({}))).destroy(),
        scene(MAPPING, "No mapping to import").under(in_block).import("data.example.com"),
    ]
}
