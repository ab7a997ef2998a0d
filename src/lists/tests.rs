//! Lists against an AWS in memory: what is found, how it is narrowed down, and how much is read for it.

use std::sync::Mutex;

use futures_util::FutureExt;

use super::api_keys::ApiKeyList;
use super::sign_ins::SsoList;
use super::small_stacks::{NetworkFilter, SmallStackList};
use super::snapshots::SnapshotList;
use super::stacks::StackList;
use crate::aws::fake::{ACCOUNT, Fake};
use crate::cx::Cx;
use crate::kinds::list_resource::{AnyListResource, Listed, Wish};
use crate::outcome::AwsErrorKind;
use crate::quilt::snapshot::Snapshot;
use crate::tf::{Diagnostics, Object, Tree};

/// Deployments, other stacks, a part of one and one that is gone: more than a page of each.
fn fake() -> Fake {
    ["quilt-a", "quilt-b", "quilt-c", "quilt-d"]
        .into_iter()
        .fold(Fake::default(), |fake, name| fake.using(name, "QuiltWebHost", "quilt.example.com"))
        .existing("other", "UPDATE_COMPLETE")
        .existing("gone", "DELETE_COMPLETE")
        .nested_in("quilt-a-part", "quilt-a")
}

fn filter(pairs: &[(&str, Tree)]) -> Object {
    pairs.iter().map(|(k, v)| (k.to_string(), v.clone())).collect()
}

/// What is told, at most so much, by an asker who hangs up after `patience`.
async fn told(
    list: &dyn AnyListResource,
    cx: &Cx,
    filter: &Object,
    wish: Wish,
    patience: usize,
) -> (Vec<Listed>, Diagnostics) {
    let (told, mut d) = (Mutex::new(vec![]), Diagnostics::default());
    let teller = |listed: Listed| {
        let mut told = told.lock().unwrap();
        told.push(listed);
        std::future::ready(told.len() < patience).boxed()
    };
    list.list(cx, filter, wish, &teller, &mut d).await;
    (told.into_inner().unwrap(), d)
}

async fn names(list: &dyn AnyListResource, fake: &Fake, by: &[(&str, Tree)]) -> Vec<String> {
    let wish = Wish { states: false, limit: 100 };
    let (listed, d) = told(list, &fake.cx(), &filter(by), wish, 100).await;
    assert!(d.errors.is_empty(), "{d:?}");
    listed.into_iter().map(|listed| listed.title).collect()
}

fn text(text: &str) -> Tree {
    Tree::String(text.into())
}

#[tokio::test(start_paused = true)]
async fn stacks_are_narrowed_down() {
    let fake = fake();
    let quilt =
        ["quilt-a", "quilt-b", "quilt-c", "quilt-d"].map(|n| format!("{n} (CREATE_COMPLETE)"));
    assert_eq!(names(&StackList, &fake, &[]).await, quilt);
    let every = ("quilt_only", Tree::Bool(false));
    assert_eq!(names(&StackList, &fake, std::slice::from_ref(&every)).await.len(), 5);
    let updated = ("statuses", Tree::List(vec![text("UPDATE_COMPLETE")]));
    assert_eq!(
        names(&StackList, &fake, &[every.clone(), updated]).await,
        ["other (UPDATE_COMPLETE)"]
    );
    assert_eq!(names(&StackList, &fake, &[("name_prefix", text("quilt-b"))]).await, quilt[1..2]);
    let tags = Tree::Map(filter(&[("Team", text("data"))]));
    assert_eq!(names(&StackList, &fake, &[("tags", tags)]).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn pages_are_read_as_they_are_wanted() {
    // They come in the order of the alphabet, two to a page: what is gone and what is no deployment first.
    let cases = [(100, 100, 4, 4), (2, 100, 3, 2), (100, 1, 2, 1), (0, 100, 0, 0)];
    for (limit, patience, pages, said) in cases {
        let fake = fake();
        let wish = Wish { states: false, limit };
        let (listed, _) = told(&StackList, &fake.cx(), &Object::new(), wish, patience).await;
        let read = fake.calls().iter().filter(|call| call.starts_with("page")).count();
        assert_eq!((read, listed.len()), (pages, said), "{limit} {patience}: {:?}", fake.calls());
    }
}

#[tokio::test(start_paused = true)]
async fn each_has_its_identity_and_its_state_where_that_is_wanted() {
    let fake = fake();
    let wish = |states| Wish { states, limit: 1 };
    let (listed, _) = told(&StackList, &fake.cx(), &Object::new(), wish(false), 9).await;
    let identity = filter(&[
        ("name", text("quilt-a")),
        ("account_id", text(ACCOUNT)),
        ("region", text("us-east-1")),
    ]);
    assert_eq!((listed[0].identity.as_ref(), listed[0].state.is_none()), (Some(&identity), true));
    let (listed, d) = told(&StackList, &fake.cx(), &Object::new(), wish(true), 9).await;
    let state = listed[0].state.as_ref().unwrap_or_else(|| panic!("{d:?}"));
    assert_eq!(
        (&state["name"], &state["web_host"]),
        (&text("quilt-a"), &text("quilt.example.com"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_passed_over_and_told() {
    let fake = fake().fail("template", AwsErrorKind::Denied);
    let wish = Wish { states: true, limit: 2 };
    let (listed, d) = told(&StackList, &fake.cx(), &Object::new(), wish, 9).await;
    assert!(d.errors.is_empty());
    let without: Vec<_> = listed.iter().filter(|listed| listed.identity.is_none()).collect();
    assert_eq!((without.len(), listed.len()), (1, 3), "it counts for nothing");
    let told = &without[0].diagnostics;
    assert!(
        told.errors.is_empty() && told.warnings[0].summary.contains("quilt_stack quilt-a"),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_says_why() {
    let fake = fake().fail("page", AwsErrorKind::Denied);
    let wish = Wish { states: false, limit: 2 };
    let (listed, d) = told(&StackList, &fake.cx(), &Object::new(), wish, 9).await;
    assert_eq!((listed.len(), &*d.errors[0].summary), (0, "quilt_stack was not listed"));
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_the_manual_ones() {
    let snapshot = |id: &str, kind: &str, instance: &str| Snapshot {
        id: id.into(),
        arn: format!("arn:aws:rds:us-east-1:{ACCOUNT}:snapshot:{id}"),
        instance: instance.into(),
        status: "available".into(),
        kind: kind.into(),
        ..Snapshot::default()
    };
    let fake = [
        snapshot("a", "manual", "db-1"),
        snapshot("b", "awsbackup", "db-1"),
        snapshot("c", "manual", "db-2"),
        snapshot("d", "manual", "db-1"),
    ]
    .into_iter()
    .fold(Fake::default(), Fake::snapshot);
    assert_eq!(
        names(&SnapshotList, &fake, &[]).await,
        ["a (available)", "c (available)", "d (available)"]
    );
    let by = [("db_instance_identifier", text("db-2"))];
    assert_eq!(names(&SnapshotList, &fake, &by).await, ["c (available)"]);
}

#[tokio::test(start_paused = true)]
async fn sign_ins_are_those_that_are_on() {
    let on = [
        ("PasswordAuth", "Enabled"),
        ("OktaAuth", "Enabled"),
        ("OktaClientId", "id"),
        ("OktaClientSecret", "****"),
        ("OktaBaseUrl", "https://example.okta.com/oauth2/default"),
    ];
    let off = on.map(|(k, v)| (k, if k == "OktaAuth" { "Disabled" } else { v }));
    let fake = fake().having("quilt-b", &on).having("quilt-c", &off);
    assert_eq!(names(&SsoList, &fake, &[]).await, ["Okta for quilt-b"]);
    assert_eq!(names(&SsoList, &fake, &[("stack_name", text("quilt-c"))]).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn other_stacks_are_no_networks() {
    let fake = fake().existing("prod-network", "CREATE_COMPLETE");
    assert_eq!(names(&SmallStackList::<NetworkFilter>::default(), &fake, &[]).await, [""; 0]);
}

#[test]
fn mistakes_are_pointed_at() {
    let at = |list: &dyn AnyListResource, by: &[(&str, Tree)]| {
        let mut d = Diagnostics::default();
        list.validate(&filter(by), &mut d);
        d.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>()
    };
    let statuses = |word: &str| ("statuses", Tree::List(vec![text(word)]));
    assert_eq!(at(&StackList, &[statuses("complete")]), ["statuses"]);
    assert_eq!(at(&StackList, &[statuses("ROLLBACK_COMPLETE")]), [""; 0]);
    assert_eq!(at(&SsoList, &[("identity_provider", text("github"))]), ["identity_provider"]);
    assert_eq!(at(&SsoList, &[("identity_provider", Tree::Unknown)]), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn api_keys_that_lie_in_secrets_are_listed() {
    let mut stage = crate::resources::api_key::tests::stage();
    stage.apply(&crate::resources::api_key::tests::config()).await;
    let registry = stage.fake.catalog().key("by hand");
    let fake = stage.fake.clone().with_registry(&registry);
    assert_eq!(names(&ApiKeyList, &fake, &[]).await, ["terraform"]);
    assert_eq!(names(&ApiKeyList, &fake, &[("name_prefix", text("ci"))]).await, [""; 0]);
    let wish = Wish { states: true, limit: 10 };
    let (listed, d) = told(&ApiKeyList, &fake.cx(), &Object::new(), wish, 10).await;
    assert!(listed[0].state.is_some() && d.errors.is_empty(), "{d:?}");
}
