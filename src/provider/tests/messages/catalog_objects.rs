//! `quilt_bucket`, `quilt_tabulator_table` and `quilt_user`: what stands in a catalog.

use serde_json::{Value as Json, json};

use super::scene::{Scene, scene, with};
use crate::catalog::fake::Registry;
use crate::catalog::{SignIn, Site};
use crate::outcome::CatalogErrorKind;
use crate::quilt::access::User;

const BUCKET: &str = "quilt_bucket";
const TABLE: &str = "quilt_tabulator_table";
const USER: &str = "quilt_user";

/// A situation in a catalog.
fn in_catalog(of: &'static str, title: &'static str, registry: &Registry) -> Scene {
    let site = || Site {
        host: "data.example.com".into(),
        sign_in: SignIn::Key("qk_0".to_string().into()),
    };
    let registry = registry.clone();
    scene(of, title)
        .over(move |fake| fake.with_registry(&registry))
        .under(|settings| settings.catalog = Some(site()))
}

fn closed(refusal: &'static str) -> Registry {
    let registry = Registry::default();
    registry.closes("data", refusal);
    registry
}

fn scanned() -> Registry {
    let registry = Registry::default();
    registry.scans(true);
    registry
}

fn failing(call: &'static str, kind: CatalogErrorKind) -> Registry {
    let registry = Registry::default().role("r", "Readers", &[]);
    registry.fails(call, kind, 9);
    registry
}

fn bucket(more: Json) -> Json {
    with(json!({ "name": "data" }), more)
}

/// What is said of buckets.
pub fn buckets() -> Vec<Scene> {
    let none = Registry::default();
    let of = |title, registry: &Registry| in_catalog(BUCKET, title, registry);
    let wrong = bucket(json!({
        "title": " Data", "sns_notification_arn": "data", "file_extensions_to_index": ["csv"], "prefixes": ["/raw"], "relevance_score": -2,
        "index_content_bytes": -1, "tags": [""], "delay_scan": true, "wait_for_index": true,
    }));
    let refusals = [
        ("Its notifications go elsewhere already", "NotificationConfigurationError"),
        ("Its topic is not there", "NotificationTopicNotFound"),
        ("The registry cannot use its topic", "SnsInvalid"),
        ("There is no such bucket, or the stack may not see it", "BucketDoesNotExist"),
        ("The stack may not read it", "InsufficientPermissions"),
        ("It indexes no such files", "BucketFileExtensionsToIndexInvalid"),
        ("It does not index so much", "BucketIndexContentBytesInvalid"),
        ("The licence is over", "SubscriptionInvalid"),
    ];
    let mut all = vec![
        of("Everything is written wrongly", &none).plan(wrong),
        scene(BUCKET, "Nothing says which catalog is meant").plan(bucket(json!({}))),
        of("The catalog has it already, otherwise", &Registry::default().buckets(&["data"]))
            .plan(bucket(json!({}))),
        of("The first scan takes too long", &scanned())
            .apply(bucket(json!({ "wait_for_index": true }))),
        of("It is removed while it is scanned", &scanned()).made(bucket(json!({}))).destroy(),
        of("The registry does not answer", &failing("add_bucket", CatalogErrorKind::Unreached))
            .apply(bucket(json!({}))),
        of("The registry has a fault", &failing("add_bucket", CatalogErrorKind::Fault))
            .apply(bucket(json!({}))),
        of("No such bucket to import", &none).import("data"),
    ];
    let refused = |(title, code): (&'static str, &'static str)| {
        of(title, &closed(code)).apply(bucket(json!({})))
    };
    all.extend(refusals.map(refused));
    all
}

fn table(more: Json) -> Json {
    let own = json!({
        "bucket": "data", "name": "samples", "schema": [{ "name": "id", "type": "STRING" }],
        "source": { "package_name": "^lab/", "logical_key": "csv$" }, "parser": { "format": "csv" },
    });
    with(own, more)
}

/// What is said of Tabulator tables.
pub fn tables() -> Vec<Scene> {
    let there = || Registry::default().buckets(&["data"]);
    let of = |title, registry: &Registry| in_catalog(TABLE, title, registry);
    let failing = |call, kind| {
        let registry = there();
        registry.fails(call, kind, 9);
        registry
    };
    let other = there().tables("data", "samples", "other").tables("data", "other", "other");
    let columns = json!([
        { "name": "1", "type": "string" }, { "name": "Id", "type": "TEXT" }, { "name": "id", "type": "INT" },
    ]);
    let wrong = table(json!({
        "bucket": "", "name": "a/b", "schema": columns, "source": { "type": "s3", "package_name": "", "logical_key": "" },
        "parser": { "format": "parquet", "header": true, "delimiter": "ab" },
    }));
    vec![
        of("Everything is written wrongly", &there()).plan(wrong),
        of("It has no columns, and a format of its own", &there())
            .plan(table(json!({ "schema": [], "parser": { "format": "tsv" } }))),
        of("The catalog does not have the bucket", &Registry::default()).apply(table(json!({}))),
        of("The bucket has another table of that name", &other).plan(table(json!({}))),
        of("It is renamed to the name of another", &there())
            .made(table(json!({})))
            .world(|fake| {
                drop(fake.catalog().tables("data", "other", "other"));
                fake
            })
            .plan(table(json!({ "name": "other" }))),
        of("Quilt is older than Tabulator", &failing("tables", CatalogErrorKind::Old))
            .plan(table(json!({}))),
        of("The registry does not take the name", &there()).apply(table(json!({ "name": "a$b" }))),
        of("The registry has a fault", &failing("set_table", CatalogErrorKind::Fault))
            .apply(table(json!({}))),
        of("No such table to import", &there()).import("data/samples"),
        of("An import does not name the bucket", &there()).import("samples"),
    ]
}

fn user(more: Json) -> Json {
    let base = json!({ "name": "ann", "email": "ann@example.com", "role": "Readers" });
    with(base, more)
}

fn person(name: &str, admin: bool) -> User {
    let email = if name.contains('@') { name.into() } else { format!("{name}@example.com") };
    let role = Some("Readers".to_string());
    User { name: name.into(), email, admin, role, active: true, ..User::default() }
}

fn people(all: &[User]) -> Registry {
    let registry = Registry::default().role("r", "Readers", &[]).role("w", "Writers", &[]);
    all.iter().cloned().fold(registry, Registry::user)
}

/// What is said of users.
pub fn users() -> Vec<Scene> {
    let of = |title, registry: &Registry| in_catalog(USER, title, registry);
    let ruled = User { roles_ruled: true, ..person("ann", false) };
    let (ann, admin) = (person("ann", true), person("admin", true));
    let wrong =
        json!({ "name": "Ann B", "email": "Ann <ann@example.com>", "extra_roles": ["Readers"] });
    vec![
        of("Everything is written wrongly", &people(&[])).plan(user(wrong)),
        of("One is to be made", &people(&[])).plan(user(json!({}))),
        of("The role is not there", &people(&[])).apply(user(json!({ "role": "Nobody" }))),
        of("The address is somebody else's", &people(&[person("ann@example.com", false)]))
            .plan(user(json!({}))),
        of("The account is there, otherwise", &people(&[person("ann", false)]))
            .plan(user(json!({ "role": "Writers" }))),
        of("Somebody is to be made by the name of a sign-in", &people(&[]))
            .plan(user(json!({ "name": "ann@example.com" }))),
        of(
            "Two have the address",
            &people(&[
                User { email: "x@example.com".into(), ..person("a", false) },
                User { email: "x@example.com".into(), ..person("b", false) },
            ]),
        )
        .import("x@example.com"),
        of("No such user to import", &people(&[])).import("ann"),
        of("Who asks locks themselves out", &people(std::slice::from_ref(&admin)))
            .import("admin")
            .forget()
            .plan(user(json!({ "name": "admin", "email": "admin@example.com", "admin": false }))),
        of("The last administrator goes", &people(&[ann])).import("ann").forget().destroy(),
        of("The mapping rules the roles", &people(&[ruled]))
            .import("ann")
            .forget()
            .plan(user(json!({ "role": "Writers" }))),
        of("A destroy leaves the account", &people(&[admin])).made(user(json!({}))).destroy(),
        of("The mail cannot be sent", &failing("create_user", CatalogErrorKind::Refused))
            .apply(user(json!({}))),
    ]
}
