//! `quilt_api_key`: a key of a catalog that is kept in a secret.

use serde_json::{Value as Json, json};

use super::catalogs::catalog;
use super::scene::{Scene, scene, with};
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;

const KEY: &str = "quilt_api_key";
const SECRET: &str = "quilt/data.example.com/api-key/terraform";

fn key(more: Json) -> Json {
    with(json!({ "name": "terraform", "catalog": catalog(), "expires_in_days": 90 }), more)
}

/// So many days later, with what else has become of the registry.
fn later(days: i64, change: fn(&crate::catalog::fake::Registry)) -> impl Fn(Fake) -> Fake {
    move |fake| {
        fake.catalog().clock().passes(days);
        change(&fake.catalog());
        fake
    }
}

pub fn scenes() -> Vec<Scene> {
    let made = |title| scene(KEY, title).made(key(json!({})));
    let wrong = json!({ "name": " ", "expires_in_days": 400, "secret_name": "a b" });
    vec![
        scene(KEY, "A key with everything wrong").plan(key(wrong)),
        scene(KEY, "A key is to be renewed before it is there")
            .plan(key(json!({ "renew_before_days": 90 }))),
        scene(KEY, "An older Quilt has no API keys")
            .over(|fake| {
                drop(fake.catalog().at_version("1.66.2"));
                fake
            })
            .plan(key(json!({}))),
        scene(KEY, "Somebody else's secret has the name")
            .over(|fake| fake.holding(SECRET, "theirs"))
            .plan(key(json!({}))),
        scene(KEY, "The user has a key of that name")
            .over(|fake| {
                drop(fake.catalog().key("terraform"));
                fake
            })
            .plan(key(json!({}))),
        made("A key that ends soon").world(later(61, |_| {})).plan(key(json!({}))),
        made("A key that was revoked")
            .world(later(0, |registry| registry.drop_key("k1")))
            .plan(key(json!({}))),
        made("A key has ended, and nobody signs in by a password any more")
            .world(later(91, |registry| registry.refuses_passwords()))
            .plan(key(json!({}))),
        made("Keys make no keys, and nobody signs in by a password any more")
            .world(later(80, |registry| {
                registry.refuses_passwords();
                registry.keys_make_none();
            }))
            .apply(key(json!({}))),
        scene(KEY, "An apply was interrupted after the secret")
            .over(|fake| fake.fail("add_version", AwsErrorKind::Denied))
            .apply(key(json!({})))
            .forget_state()
            .plan(key(json!({}))),
        scene(KEY, "The import of a secret that is not there").import(SECRET),
        scene(KEY, "The import of a secret that holds something else")
            .over(|fake| fake.holding("other", "qk_theirs"))
            .import("other"),
    ]
}
