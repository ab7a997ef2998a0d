//! `quilt_snapshot`, `quilt_sso`, the data sources and the functions.

use std::collections::BTreeMap;

use futures_util::FutureExt;
use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use super::{data_source, function, moved, part};
use crate::aws::Stacks;
use crate::aws::fake::{Fake, old_database};
use crate::cloudformation::stack::{Order, Parameter, Template};
use crate::outcome::AwsErrorKind;
use crate::quilt::snapshot::Snapshot;

const SNAPSHOT: &str = "quilt_snapshot";
const SSO: &str = "quilt_sso";

fn there(fake: Fake) -> Fake {
    fake.existing("old", "CREATE_COMPLETE")
        .part("old", "DB", "AWS::RDS::DBInstance", "old-db-1")
        .instance(old_database("available"))
}

fn snapshot(more: Json) -> Json {
    with(json!({ "stack_name": "old" }), more)
}

fn held(kind: &str) -> Snapshot {
    Snapshot {
        id: "before".into(),
        arn: "arn:aws:rds:us-east-1:123456789012:snapshot:before".into(),
        instance: "old-db-1".into(),
        status: "available".into(),
        kind: kind.into(),
        facts: old_database("available").facts,
        created_at: Some("2025-01-01T00:00:00Z".into()),
        ..Snapshot::default()
    }
}

pub fn snapshots() -> Vec<Scene> {
    let plan = |title, more| scene(SNAPSHOT, title).over(there).plan(snapshot(more));
    let made = |title, more: Json| scene(SNAPSHOT, title).over(there).made(snapshot(more));
    let key = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/1");
    vec![
        plan("Two sources", json!({ "db_instance_identifier": "old-db-1" })),
        plan("No source", json!({ "stack_name": null })),
        plan("A name with an underscore", json!({ "snapshot_identifier": "before_upgrade" })),
        plan("A name that ends with a hyphen", json!({ "snapshot_identifier": "before-" })),
        plan("The stack does not exist", json!({ "stack_name": "new" })),
        plan("The instance does not exist", json!({ "stack_name": null, "db_instance_identifier": "new-db" })),
        scene(SNAPSHOT, "The stack makes no database").over(|fake| fake.existing("old", "CREATE_COMPLETE")).plan(snapshot(json!({}))),
        scene(SNAPSHOT, "The database is not made yet")
            .over(|fake| fake.existing("old", "CREATE_IN_PROGRESS").part("old", "DB", "AWS::RDS::DBInstance", "")).plan(snapshot(json!({}))),
        scene(SNAPSHOT, "The source may not be looked at").over(|fake| there(fake).fail("instance", AwsErrorKind::Denied)).plan(snapshot(json!({}))),
        scene(SNAPSHOT, "The database is stopped").over(|fake| there(fake).instance(old_database("stopped"))).plan(snapshot(json!({}))),
        scene(SNAPSHOT, "The snapshot's name is taken").over(|fake| there(fake).snapshot(held("manual"))).plan(snapshot(json!({ "snapshot_identifier": "before" }))),
        plan("A copy in the snapshot's own region", json!({ "copy_to_region": "us-east-1", "copy_kms_key_id": key("us-east-1") })),
        plan("A copy of an encrypted snapshot without a key", json!({ "copy_to_region": "eu-west-1" })),
        plan("A copy with a key of another region", json!({ "copy_to_region": "eu-west-1", "copy_kms_key_id": key("us-east-1") })),
        plan("A copy with a key's alias", json!({ "copy_to_region": "eu-west-1", "copy_kms_key_id": "alias/quilt" })),
        plan("A region that there is not", json!({ "copy_to_region": "eu-west-11" })),
        scene(SNAPSHOT, "The snapshot fails").over(|fake| there(fake).looks(&[("creating", 10), ("failed", 10)])).apply(snapshot(json!({}))),
        scene(SNAPSHOT, "Ctrl-C while a snapshot is taken").over(|fake| there(fake).looks(&[("creating", 10); 100])).stop_after(20).apply(snapshot(json!({}))),
        made("A snapshot stays at its destroy", json!({ "snapshot_identifier": "before" })).destroy(),
        made("A snapshot gets another stack", json!({ "snapshot_identifier": "before" })).plan(snapshot(json!({ "stack_name": null, "db_instance_identifier": "new-db", "snapshot_identifier": "before" }))),
        made("A copy is no longer wanted", json!({ "snapshot_identifier": "before", "copy_kms_key_id": key("us-east-1") })).apply(snapshot(json!({ "snapshot_identifier": "before" }))),
        scene(SNAPSHOT, "No such snapshot to import").over(there).import("before"),
        scene(SNAPSHOT, "An automated snapshot is imported").over(|fake| there(fake).snapshot(held("awsbackup"))).import("before"),
    ]
}

const OKTA: [(&str, &str); 5] = [
    ("PasswordAuth", "Enabled"),
    ("OktaAuth", "Disabled"),
    ("OktaClientId", ""),
    ("OktaClientSecret", ""),
    ("OktaBaseUrl", ""),
];
const LEGACY: [(&str, &str); 4] = [
    ("PasswordAuth", "Enabled"),
    ("SingleSignOnProvider", "(none)"),
    ("SingleSignOnClientId", ""),
    ("SingleSignOnBaseUrl", ""),
];

/// A stack whose template has these parameters, with these values.
fn deployed(fake: Fake, parameters: &[(&str, &str)]) -> Fake {
    let all: BTreeMap<_, _> =
        parameters.iter().chain(&[("QuiltWebHost", "quilt.example.com")]).copied().collect();
    let declared: serde_json::Map<_, _> = all
        .keys()
        .map(|name| {
            (name.to_string(), json!({ "Type": "String", "NoEcho": name.ends_with("Secret") }))
        })
        .collect();
    let template = super::scene::template(declared.into());
    let given = |(k, v): (&str, &str)| (k.to_string(), Parameter::Value(v.to_string()));
    let order = Order {
        name: "prod".into(),
        template: Template::Body(template.into()),
        parameters: all.into_iter().map(given).collect(),
        ..Order::default()
    };
    let fake = fake.secret("OktaClientSecret");
    fake.create(&order, "somebody").now_or_never().unwrap().unwrap();
    Stacks::find(&fake, "prod").now_or_never().unwrap().unwrap();
    fake
}

fn okta(more: Json) -> Json {
    let own = json!({
        "stack_name": "prod", "identity_provider": "okta", "client_id": "id", "client_secret_wo": "s3cr3t", "client_secret_wo_version": 1,
        "base_url": "https://example.okta.com/oauth2/default",
    });
    with(own, more)
}

pub fn sign_ins() -> Vec<Scene> {
    let plan = |title, more| scene(SSO, title).over(|fake| deployed(fake, &OKTA)).plan(okta(more));
    let azure = |more: Json| with(json!({ "identity_provider": "azure", "base_url": null }), more);
    let on = [
        ("OktaAuth", "Disabled"),
        ("PasswordAuth", "Enabled"),
        ("OktaClientId", ""),
        ("OktaClientSecret", ""),
        ("OktaBaseUrl", ""),
        ("OneLoginAuth", "Disabled"),
    ];
    vec![
        plan("An unknown identity provider", json!({ "identity_provider": "github" })),
        plan("The client's id has a space", json!({ "client_id": "id " })),
        plan("The secret is given twice", json!({ "client_secret": "s3cr3t" })),
        plan(
            "The secret is CloudFormation's stars",
            json!({ "client_secret_wo": null, "client_secret": "****" }),
        ),
        plan("The secret is empty", json!({ "client_secret_wo": "" })),
        plan("A secret without its version", json!({ "client_secret_wo_version": null })),
        plan(
            "The secret goes into the state",
            json!({ "client_secret_wo": null, "client_secret_wo_version": null, "client_secret": "s3cr3t" }),
        ),
        plan("Okta without its issuer", json!({ "base_url": null })),
        plan(
            "Okta's console instead of its issuer",
            json!({ "base_url": "https://example-admin.okta.com" }),
        ),
        plan(
            "Okta's issuer goes on after its name",
            json!({ "base_url": "https://example.okta.com/oauth2/default/v1/authorize" }),
        ),
        plan(
            "An issuer without encryption",
            json!({ "base_url": "http://example.okta.com/oauth2/default" }),
        ),
        plan("Okta's own authorization server", json!({ "base_url": "https://example.okta.com" })),
        plan(
            "An issuer with a question mark",
            json!({ "base_url": "https://example.okta.com/oauth2/default?x=1" }),
        ),
        plan("Google with an issuer", json!({ "identity_provider": "google" })),
        plan(
            "OneLogin's issuer of version 1",
            json!({ "identity_provider": "onelogin", "base_url": "https://example.onelogin.com/oidc" }),
        ),
        plan("Azure without a tenant", azure(json!({}))),
        plan(
            "Azure with two tenants",
            azure(
                json!({ "tenant_id": "example.com", "base_url": "https://login.microsoftonline.com/example.com/v2.0" }),
            ),
        ),
        plan("Azure for everybody", azure(json!({ "tenant_id": "common" }))),
        plan("Azure's tenant is none", azure(json!({ "tenant_id": "my tenant" }))),
        plan(
            "Azure's issuer of version 1",
            azure(
                json!({ "base_url": "https://sts.windows.net/01234567-89ab-cdef-0123-456789abcdef" }),
            ),
        ),
        plan("A tenant for Okta", json!({ "tenant_id": "example.com" })),
        plan("Domains for Okta", json!({ "domains": ["example.com"] })),
        plan(
            "A domain that is an address",
            json!({ "identity_provider": "google", "base_url": null, "domains": ["me@example.com"] }),
        ),
        plan(
            "The stack is given by its ARN",
            json!({ "stack_name": "arn:aws:cloudformation:us-east-1:123456789012:stack/prod/1" }),
        ),
        plan("The stack is given by the id of a sign-in", json!({ "stack_name": "prod/okta" })),
        plan("The stack does not exist", json!({ "stack_name": "other" })),
        plan(
            "The template does not take Google",
            json!({ "identity_provider": "google", "base_url": null }),
        ),
        scene(SSO, "The stack is not Quilt's")
            .over(|fake| fake.existing("prod", "CREATE_COMPLETE"))
            .plan(okta(json!({}))),
        scene(SSO, "The stack is being updated")
            .over(|fake| {
                let fake = deployed(fake, &OKTA);
                fake.becomes("prod", "UPDATE_IN_PROGRESS");
                fake
            })
            .plan(okta(json!({}))),
        scene(SSO, "A secret for an old template of Okta's")
            .over(|fake| deployed(fake, &LEGACY))
            .plan(okta(json!({}))),
        scene(SSO, "Another sign-in than the one that is on")
            .over(move |fake| {
                deployed(
                    fake,
                    &on.map(|(k, v)| if k == "OneLoginAuth" { (k, "Enabled") } else { (k, v) }),
                )
            })
            .plan(okta(json!({}))),
        plan("Nobody could sign in without a secret", json!({ "password_auth": false })),
        scene(SSO, "The sign-in is on already")
            .over(|fake| {
                deployed(
                    fake,
                    &OKTA.map(|(k, v)| if k == "OktaAuth" { (k, "Enabled") } else { (k, v) }),
                )
            })
            .plan(okta(json!({}))),
        scene(SSO, "The last sign-in is destroyed")
            .over(|fake| deployed(fake, &OKTA))
            .made(okta(json!({ "password_auth": false })))
            .destroy(),
        scene(SSO, "The change is rolled back")
            .over(|fake| {
                deployed(fake, &OKTA).script(&["UPDATE_ROLLBACK_COMPLETE"]).event(
                    "Registry",
                    "UPDATE_FAILED",
                    "Essential container in task exited",
                )
            })
            .apply(okta(json!({}))),
        scene(SSO, "No such sign-in to import")
            .over(|fake| deployed(fake, &OKTA))
            .import("prod/okta"),
        scene(SSO, "The import names no identity provider")
            .over(|fake| deployed(fake, &OKTA))
            .import("prod"),
    ]
}

pub async fn data_sources(book: &mut String) {
    part(book, "data quilt_secret");
    let vault = || Fake::default().holding("login", r#"{"username": "root", "port": 5432}"#);
    data_source(
        book,
        "quilt_secret",
        "There is no such secret",
        vault(),
        json!({ "secret_id": "other" }),
    )
    .await;
    data_source(
        book,
        "quilt_secret",
        "The secret has no such member",
        vault(),
        json!({ "secret_id": "login", "key": "host" }),
    )
    .await;
    data_source(
        book,
        "quilt_secret",
        "The secret's member is no text",
        vault(),
        json!({ "secret_id": "login", "key": "port" }),
    )
    .await;
    data_source(
        book,
        "quilt_secret",
        "The secret may not be read",
        vault().fail("secret_value", AwsErrorKind::Denied),
        json!({ "secret_id": "login" }),
    )
    .await;
    part(book, "data quilt_preflight");
    data_source(
        book,
        "quilt_preflight",
        "A check that there is not",
        vault(),
        json!({ "fail_on": ["buckets"] }),
    )
    .await;
    data_source(
        book,
        "quilt_preflight",
        "A failure that is to be an error",
        vault(),
        json!({ "stack_name": "Quilt_Prod", "fail_on": ["stack_name"] }),
    )
    .await;
    data_source(
        book,
        "quilt_preflight",
        "Two templates",
        vault(),
        json!({ "template_file": "x", "template_url": "https://bucket.s3.amazonaws.com/x" }),
    )
    .await;
    data_source(
        book,
        "quilt_preflight",
        "The template is not there",
        vault(),
        json!({ "template_file": "nowhere.yaml" }),
    )
    .await;
    data_source(
        book,
        "quilt_preflight",
        "A size that there is not",
        vault(),
        json!({ "search": { "size": "huge" } }),
    )
    .await;
    part(book, "data quilt_health");
    let prod = || Fake::default().existing("prod", "UPDATE_COMPLETE");
    for (title, config) in [
        ("There is no such stack", json!({ "name": "nope" })),
        ("A check that there is not", json!({ "name": "prod", "accept": ["colour"] })),
    ] {
        data_source(book, "quilt_health", title, prod(), config).await;
    }
    part(book, "data quilt_stack");
    data_source(book, "quilt_stack", "There is no such stack", vault(), json!({ "name": "prod" }))
        .await;
    data_source(book, "quilt_stack", "The stack's name is empty", vault(), json!({ "name": "" }))
        .await;
    data_source(
        book,
        "quilt_stack",
        "The stack may not be looked at",
        vault().fail("find", AwsErrorKind::Denied),
        json!({ "name": "prod" }),
    )
    .await;
}

/// `moved` blocks from where nothing can be taken over.
pub fn moves(book: &mut String) {
    part(book, "moved blocks");
    moved(book, "A VPC becomes a network", "quilt_network", "aws_vpc");
    moved(book, "A database instance becomes a stack", "quilt_stack", "aws_db_instance");
}

pub fn functions(book: &mut String) {
    part(book, "functions");
    let calls = [
        ("hosts", json!(["https://quilt.example.com"])),
        ("hosts", json!(["quilt"])),
        ("hosts", json!(["quilt_prod.example.com"])),
        ("hosts", json!([format!("{}.example.com", "q".repeat(64))])),
        ("hosts", json!([null])),
        ("hosts", json!(["quilt.example.com", "more"])),
        ("subnets", json!(["10.0.0.0"])),
        ("subnets", json!(["10.0.0.0/28"])),
        ("subnets", json!(["fd00::/16"])),
        ("cnames", json!(["quilt", "lb.example.com"])),
        ("cnames", json!(["quilt.example.com", "https://lb.example.com"])),
        (
            "cnames",
            json!(["quilt.example.com", "lb.example.com", { "host": "a-connect.example.com", "target": null }]),
        ),
        ("azure_base_url", json!(["common", null])),
        ("registry_trust_policy", json!(["role", "{}"])),
        ("registry_trust_policy", json!(["arn:aws:iam::123456789012:role/registry", "{"])),
        ("kms_usage_policy", json!([[]])),
        ("kms_usage_policy", json!([["alias/quilt"]])),
        ("search_size", json!(["huge"])),
        ("search_storage", json!([0, 1])),
        ("search_storage", json!([10, 99])),
        ("baseline_cost", json!([-1])),
    ];
    calls.into_iter().for_each(|(name, arguments)| function(book, name, arguments));
}
