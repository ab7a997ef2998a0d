//! The life of a `quilt_policy` against a registry in memory.

use super::*;
use crate::kinds::resource::Resource;
use crate::quilt::access::{Level, User};
use crate::resources::catalog::tests::{fake, input, said, writes};
use crate::tf::known;

type Stage = crate::resources::stage::Stage<PolicyResource>;

fn stage() -> Stage {
    let fake = fake();
    fake.catalog().buckets(&["raw", "curated"]);
    Stage::of(PolicyResource, fake)
}

fn config(permissions: &[(&str, &str)]) -> PolicyState {
    let all = permissions.iter().map(|(bucket, level)| (bucket.to_string(), known(*level)));
    PolicyState {
        title: known("Science"),
        catalog: input(),
        permissions: Value::Value(all.collect()),
        ..PolicyState::default()
    }
}

#[tokio::test(start_paused = true)]
async fn made_changed_looked_at_and_destroyed() {
    let mut stage = stage();
    stage.apply(&config(&[("raw", "READ")])).await;
    let state = stage.get();
    assert_eq!((state.managed, state.adopted), (true.into(), false.into()));
    assert!(state.arn.is_value() && stage.changes(&config(&[("raw", "READ")])).await.is_empty());
    let wider = PolicyState {
        title: known("Research"),
        ..config(&[("raw", "READ_WRITE"), ("curated", "READ")])
    };
    stage.apply(&wider).await;
    assert_eq!((stage.get().id, stage.get().arn), (state.id, state.arn));
    stage.fake.catalog().edit_policy("Research", |policy| policy.permissions.clear());
    stage.refresh().await;
    assert_eq!(stage.changes(&wider).await, ["permissions"]);
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.catalog().all_policies().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_update_leaves_the_roles_that_hold_it() {
    let mut stage = stage();
    stage.apply(&config(&[("raw", "READ")])).await;
    let id = stage.get().id.clone().unwrap();
    stage.fake.catalog().role("r", "Analysts", &[&id]);
    stage.apply(&config(&[("raw", "READ_WRITE")])).await;
    assert!(stage.fake.catalog().all_roles()[0].policies.contains(&id));
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_the_catalog_does_not_have_is_told_before_the_registry_fails_at_it() {
    let mut stage = stage();
    stage.apply_in(&stage.fake.cx(), &config(&[("other", "READ")])).await;
    assert!(said(&stage.said).contains("does not have the bucket other"), "{:?}", stage.said);
    assert!(writes(&stage.fake).is_empty() && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stored_it_without_its_buckets_is_made_whole() {
    let mut stage = stage();
    stage.fake.catalog().drops_permissions();
    stage.apply(&config(&[("raw", "READ")])).await;
    let all = stage.fake.catalog().all_policies();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].permissions, [("raw".to_string(), Level::Read)].into());
    assert_eq!(writes(&stage.fake), ["create_policy Science", "update_policy Science"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_apply_left_is_taken_over_and_what_differs_is_not() {
    let permissions = |level| [("raw".to_string(), level)].into();
    let mut stage = stage();
    stage.fake.catalog().policy("p", "Science", permissions(Level::Read));
    stage.apply(&config(&[("raw", "READ")])).await;
    assert_eq!((stage.get().adopted, stage.get().id), (true.into(), known("p")));
    let mut other = self::stage();
    other.fake.catalog().policy("p", "Science", permissions(Level::ReadWrite));
    other.plan(&config(&[("raw", "READ")])).await;
    assert!(said(&other.said).contains("title | There is a policy Science already"));
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_a_role_holds_stays_with_its_name() {
    let mut stage = stage();
    stage.apply(&config(&[])).await;
    let id = stage.get().id.clone().unwrap();
    stage.fake.catalog().role("r", "Analysts", &[&id]);
    stage.destroy().await;
    assert!(stage.state.is_some());
    assert!(
        said(&stage.said).contains("Roles hold the policy Science: Analysts."),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn who_loses_access_is_named_at_plan() {
    let mut stage = stage();
    stage.apply(&config(&[("raw", "READ"), ("curated", "READ_WRITE")])).await;
    let id = stage.get().id.clone().unwrap();
    let user =
        User { name: "ana".into(), active: true, role: Some("Analysts".into()), ..User::default() };
    stage.fake.catalog().role("r", "Analysts", &[&id]).user(user);
    stage.plan(&config(&[("curated", "READ")])).await;
    let said = said(&stage.said);
    assert!(
        said.contains("1 user would see less than now: ana (writing in curated, all of raw)"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_said_offline() {
    let titled = |title: &str| PolicyState { title: known(title), ..config(&[]) };
    let empty = PolicyState { permissions: Value::Null, ..config(&[]) };
    let both = PolicyState { arn: known("arn:aws:iam::1:policy/a"), ..config(&[]) };
    for (config, words) in [
        (titled(" "), "title | The policy has no title"),
        (titled("CanaryBucketAccess"), "title | This policy belongs to the stack itself"),
        (empty, "permissions | The policy allows nothing"),
        (both, "arn | Two kinds of policy at once"),
        (config(&[("raw", "read")]), "permissions[\"raw\"] | Not what a policy allows"),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&PolicyResource, &config, &mut d);
        assert!(said(&d).starts_with(words), "{}", said(&d));
    }
}
