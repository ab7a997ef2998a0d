//! The life of a `quilt_default_role` against a registry in memory.

use super::*;
use crate::resources::catalog::tests::{fake, input, said, writes};
use crate::tf::known;

type Stage = crate::resources::stage::Stage<DefaultRoleResource>;

fn stage() -> Stage {
    let fake = fake();
    fake.catalog().role("r", "Analysts", &[]).role("s", "Guests", &[]);
    Stage::of(DefaultRoleResource, fake)
}

fn config(role: &str) -> DefaultRoleState {
    DefaultRoleState { role_id: known(role), catalog: input(), ..DefaultRoleState::default() }
}

#[tokio::test(start_paused = true)]
async fn set_changed_looked_at_and_left() {
    let mut stage = stage();
    stage.apply(&config("r")).await;
    assert!(stage.changes(&config("r")).await.is_empty());
    stage.apply(&config("s")).await;
    assert_eq!(stage.fake.catalog().default_role().as_deref(), Some("s"));
    stage.destroy().await;
    assert!(
        stage.state.is_none()
            && said(&stage.said).contains("Default role of data.example.com stays")
    );
    assert_eq!(stage.fake.catalog().default_role().as_deref(), Some("s"));
    assert_eq!(writes(&stage.fake), ["set_default r", "set_default s"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_set_already_is_not_set_again_and_another_one_is_told() {
    let mut stage = stage();
    stage.apply(&config("r")).await;
    stage.state = None;
    stage.apply(&config("r")).await;
    assert_eq!(writes(&stage.fake), ["set_default r"]);
    stage.state = None;
    stage.plan(&config("s")).await;
    assert!(said(&stage.said).contains("get the role Analysts until this is applied"));
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stored_it_is_no_failure() {
    let mut stage = stage();
    stage.fake.catalog().fails_stored("set_default");
    stage.apply(&config("r")).await;
}

#[tokio::test(start_paused = true)]
async fn a_mapping_that_rules_it_and_an_id_of_nothing_are_told() {
    let mut ruled = stage();
    ruled.fake.catalog().rules_default();
    ruled.plan(&config("r")).await;
    assert!(said(&ruled.said).contains("role_id | The sign-in mapping of data.example.com rules"));
    let mut named = stage();
    named.apply_in(&named.fake.cx(), &config("Analysts")).await;
    assert!(said(&named.said).contains("has no role with the id Analysts"), "{:?}", named.said);
    assert!(writes(&named.fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_deleted_leaves_none() {
    let mut stage = stage();
    stage.apply(&config("r")).await;
    stage.fake.catalog().drop_role("Analysts");
    stage.refresh().await;
    assert!(stage.state.is_none());
}
