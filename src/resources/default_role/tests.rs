//! The life of a `quilt_default_role` against a registry in memory.

use super::*;
use crate::kinds::resource::Resource;
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
    named.apply_in(&named.fake.cx(), &by_name("Nobody")).await;
    assert!(said(&named.said).contains("role | The catalog data.example.com has no role Nobody"));
    assert!(writes(&named.fake).is_empty());
}

fn by_name(role: &str) -> DefaultRoleState {
    DefaultRoleState { role_id: Value::Null, role: known(role), ..config("") }
}

#[tokio::test(start_paused = true)]
async fn a_role_is_meant_by_its_name_as_well() {
    let mut stage = stage();
    stage.apply(&by_name("Analysts")).await;
    assert_eq!((stage.get().role_id, stage.get().role), (known("r"), known("Analysts")));
    for same in [by_name("Analysts"), config("r")] {
        assert!(stage.changes(&same).await.is_empty());
    }
    stage.apply(&by_name("Guests")).await;
    assert_eq!(stage.fake.catalog().default_role().as_deref(), Some("s"));
    // Somebody sets another one.
    crate::catalog::Roles::set_default(&stage.fake.catalog(), "r").await.unwrap();
    stage.refresh().await;
    assert!(stage.changes(&by_name("Guests")).await.contains(&"role".to_string()));
    stage.apply(&by_name("Guests")).await;
    stage.apply(&config("r")).await;
    assert_eq!(stage.get().role, known("Analysts"));
    let both = DefaultRoleState { role: known("Analysts"), ..config("r") };
    for (wrong, at) in [(both, "role"), (DefaultRoleState::default(), "role_id")] {
        let mut d = Diagnostics::default();
        Resource::validate(&DefaultRoleResource, &wrong, &mut d);
        assert_eq!(d.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>(), [at]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_deleted_leaves_none() {
    let mut stage = stage();
    stage.apply(&config("r")).await;
    stage.fake.catalog().drop_role("Analysts");
    stage.refresh().await;
    assert!(stage.state.is_none());
}
