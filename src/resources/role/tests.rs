//! The life of a `quilt_role` against a registry in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::resource::Resource;
use crate::outcome::CatalogErrorKind as Kind;
use crate::quilt::access::{Level, User};
use crate::resources::catalog::tests::{fake, said, writes};
use crate::tf::{Report, known};

type Stage = crate::resources::stage::Stage<RoleResource>;

fn stage() -> Stage {
    Stage::of(RoleResource, fake())
}

fn ids(ids: &[&str]) -> Value<Set<Value<String>>> {
    Value::Value(Set(ids.iter().map(|id| known(*id)).collect()))
}

fn config(policies: &[&str]) -> RoleState {
    RoleState {
        name: known("Analysts"),
        catalog: catalog::tests::input(),
        policies: ids(policies),
        ..RoleState::default()
    }
}

fn with_policies(fake: &Fake) {
    let all = |level| [("raw".to_string(), level)].into();
    fake.catalog().policy("p", "Read", all(Level::Read)).policy(
        "q",
        "Write",
        all(Level::ReadWrite),
    );
}

#[tokio::test(start_paused = true)]
async fn made_changed_looked_at_and_destroyed() {
    let mut stage = stage();
    with_policies(&stage.fake);
    stage.apply(&config(&["p"])).await;
    let state = stage.get();
    assert_eq!(
        (state.managed, state.host, state.adopted),
        (true.into(), known("data.example.com"), false.into())
    );
    assert_eq!(stage.changes(&config(&["p"])).await, [""; 0]);
    let other = RoleState { name: known("Scientists"), ..config(&["q", "p"]) };
    stage.apply(&other).await;
    assert_eq!(stage.get().id, state.id);
    stage.fake.catalog().edit_role("Scientists", |role| role.policies.clear());
    stage.refresh().await;
    assert_eq!(stage.changes(&other).await, ["policies"]);
    stage.apply(&other).await;
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.catalog().all_roles().is_empty());
    assert_eq!(
        writes(&stage.fake),
        [
            "create_role Analysts",
            "update_role Scientists",
            "update_role Scientists",
            "delete_role 00000000-0000-4000-8000-000000000001"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn gone_outside_it_is_made_anew() {
    let mut stage = stage();
    stage.apply(&config(&[])).await;
    stage.fake.catalog().drop_role("Analysts");
    stage.refresh().await;
    assert!(stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_unmanaged_role_has_an_arn_and_another_kind_replaces() {
    let mut stage = stage();
    let arn = "arn:aws:iam::123456789012:role/mine";
    let unmanaged = RoleState { arn: known(arn), policies: Value::Null, ..config(&[]) };
    stage.apply(&unmanaged).await;
    assert_eq!((stage.get().managed, stage.get().arn), (false.into(), known(arn)));
    assert_eq!(stage.changes(&unmanaged).await, [""; 0]);
    let replaced = stage.plan(&config(&[])).await.replace;
    assert_eq!(replaced.iter().map(ToString::to_string).collect::<Vec<_>>(), ["arn"]);
}

const MINE: &str = "arn:aws:iam::123456789012:role/teams/mine";
const REGISTRY: &str = "arn:aws:iam::123456789012:role/prod-RegistryRole";

/// A role of one's own in the catalog of a stack.
fn own(arn: &str) -> RoleState {
    let members = catalog::tests::members();
    let catalog = CatalogInput { registry_role_arn: known(REGISTRY), ..members };
    RoleState { arn: known(arn), policies: Value::Null, catalog: catalog.into(), ..config(&[]) }
}

/// What the plan says of it where IAM has a role with this trust.
async fn planned(fake: Fake, arn: &str) -> (Stage, String) {
    let mut stage = Stage::of(RoleResource, fake);
    stage.plan(&own(arn)).await;
    let told = said(&stage.said);
    (stage, told)
}

fn trusting(role: &str) -> String {
    crate::quilt::policy::trust::trusting(role, None).unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_iam_role_that_does_not_trust_the_registry_is_refused_at_plan() {
    let other = trusting("arn:aws:iam::123456789012:role/other");
    let (_, told) = planned(fake().with_role(MINE, &other), MINE).await;
    assert!(
        told.contains("arn | The trust policy of arn:aws:iam::123456789012:role/teams/mine"),
        "{told}"
    );
    for words in ["registry_trust_policy(", "\"sts:AssumeRole\"", REGISTRY] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let (_, told) = planned(fake(), MINE).await;
    assert!(
        told.contains("arn | There is no IAM role mine in the account 123456789012."),
        "{told}"
    );
    let flat = "arn:aws:iam::123456789012:role/mine";
    let (_, told) = planned(fake().with_role(MINE, &trusting(REGISTRY)), flat).await;
    assert!(
        told.contains("the one of this name is arn:aws:iam::123456789012:role/teams/mine"),
        "{told}"
    );

    // Whoever is let in, or perhaps, is not refused.
    let root = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}"#;
    for trust in [&trusting(REGISTRY), root] {
        let (mut stage, told) = planned(fake().with_role(MINE, trust), MINE).await;
        assert_eq!(told, "", "{trust}");
        stage.apply(&own(MINE)).await;
        assert_eq!(stage.changes(&own(MINE)).await, [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_trust_that_may_not_be_asked_for_is_one_warning() {
    let denied = || fake().fail("role", crate::outcome::AwsErrorKind::Denied);
    let (mut stage, told) = planned(denied(), MINE).await;
    assert!(!stage.said.failed() && told.contains("Allow `iam:GetRole`"), "{told}");
    let denied = crate::outcome::AwsErrorKind::Denied;
    stage.fake.clone().fail("role", denied).fail("role", denied);
    stage.apply(&own(MINE)).await;

    let elsewhere = "arn:aws:iam::210987654321:role/mine";
    let (stage, told) = planned(fake(), elsewhere).await;
    assert!(!stage.said.failed() && told.contains("is in another account"), "{told}");
    assert!(!stage.fake.calls().iter().any(|call| call.starts_with("role")));

    // The registry's role is not known: nothing is asked.
    let mut stage = self::stage();
    let unknown = RoleState { catalog: catalog::tests::input(), ..own(MINE) };
    stage.plan(&unknown).await;
    assert_eq!(said(&stage.said), "");
}

#[tokio::test(start_paused = true)]
async fn an_apply_waits_until_iam_shows_the_trust_and_then_gives_nothing() {
    let mut stage = self::stage();
    let unknown = RoleState { arn: Value::Unknown, ..own(MINE) };
    stage.plan(&unknown).await;
    assert_eq!(said(&stage.said), "", "it is made by the same run");
    let cx = stage.fake.cx();
    let refused = trust::settled(&cx, &own(MINE)).await.unwrap_err().to_string();
    assert!(refused.contains("There is no IAM role mine"), "{refused}");
    assert!(stage.fake.calls().len() > 5 && writes(&stage.fake).is_empty());
    stage.fake.clone().with_role(MINE, &trusting(REGISTRY));
    assert_eq!(trust::settled(&cx, &own(MINE)).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_state_of_before_the_trust_was_looked_at_plans_nothing() {
    let mut stage = Stage::of(RoleResource, fake().with_role(MINE, &trusting(REGISTRY)));
    stage.apply(&RoleState { catalog: catalog::tests::input(), ..own(MINE) }).await;
    assert_eq!(stage.changes(&own(MINE)).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stored_it_all_the_same_makes_nothing_twice() {
    let mut stage = stage();
    with_policies(&stage.fake);
    stage.fake.catalog().fails_stored("create_role");
    stage.apply(&config(&["p"])).await;
    stage.fake.catalog().fails_stored("update_role");
    stage.apply(&config(&["q"])).await;
    stage.fake.catalog().fails_stored("delete_role");
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.catalog().all_roles().is_empty());
    assert_eq!(writes(&stage.fake).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stored_nothing_is_told_and_the_next_apply_goes_on() {
    let mut stage = stage();
    stage.fake.catalog().fails("create_role", Kind::Fault, 1);
    stage.apply_in(&stage.fake.cx(), &config(&[])).await;
    assert!(stage.state.is_none() && said(&stage.said).contains("Internal Server Error"));
    stage.apply(&config(&[])).await;
    assert_eq!(stage.get().adopted, false.into());
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_apply_left_is_taken_over_and_what_differs_is_not() {
    let mut stage = stage();
    with_policies(&stage.fake);
    stage.fake.catalog().role("r", "Analysts", &["p"]);
    stage.apply(&config(&["p"])).await;
    assert_eq!((stage.get().adopted, stage.get().id), (true.into(), known("r")));
    assert!(writes(&stage.fake).is_empty());
    let mut other = self::stage();
    with_policies(&other.fake);
    other.fake.catalog().role("r", "Analysts", &["q"]);
    other.plan(&config(&["p"])).await;
    let said = said(&other.said);
    assert!(said.contains("name | There is a role Analysts already"), "{said}");
    assert!(said.contains("id = \"data.example.com/Analysts\""), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_role_that_somebody_has_stays_with_their_names() {
    let mut stage = stage();
    stage.apply(&config(&[])).await;
    let user =
        User { name: "ana".into(), active: true, role: Some("Analysts".into()), ..User::default() };
    stage.fake.catalog().user(user);
    stage.destroy().await;
    let said = said(&stage.said);
    assert!(
        stage.state.is_some() && said.contains("The role Analysts is that of 1 user: ana"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_role_in_the_mapping_is_not_renamed() {
    let mut stage = stage();
    stage.apply(&config(&[])).await;
    let mapping = "version: \"1.0\"\ndefault_role: Analysts\nmappings: []\n";
    stage.fake.catalog().maps_to(&["Analysts"]).maps(mapping);
    stage.plan(&RoleState { name: known("Others"), ..config(&[]) }).await;
    assert!(said(&stage.said).contains("names the role Analysts, so it cannot be renamed"));
}

#[tokio::test(start_paused = true)]
async fn who_loses_access_is_named_at_plan() {
    let mut stage = stage();
    with_policies(&stage.fake);
    stage.apply(&config(&["q"])).await;
    let user = |name: String| User {
        name,
        active: true,
        role: Some("Analysts".into()),
        ..User::default()
    };
    for n in 1..=12 {
        stage.fake.catalog().user(user(format!("u{n:02}")));
    }
    stage.plan(&config(&["p"])).await;
    let said = said(&stage.said);
    assert!(said.contains("12 users would see less than now: u01 (writing in raw), u02"), "{said}");
    assert!(said.contains("u10 (writing in raw) and 2 more"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_catalog_that_is_not_there_yet_is_waited_for_and_then_told() {
    let mut stage = stage();
    stage.fake.catalog().fails("me", Kind::Unreached, 5);
    stage.fake.catalog().fails("roles", Kind::Unreached, 1);
    stage.apply(&config(&[])).await;
    let mut never = self::stage();
    never.fake.catalog().fails("me", Kind::Unreached, usize::MAX);
    let soon = Timeouts { create: known("2m"), ..Timeouts::default() };
    let config = RoleState { timeouts: soon.into(), ..config(&[]) };
    never.apply_in(&never.fake.cx(), &config).await;
    let said = said(&never.said);
    assert!(said.contains("After 2 min, the catalog data.example.com is waited for"), "{said}");
    assert!(never.state.is_none() && writes(&never.fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_unreached_catalog_leaves_the_state() {
    let mut stage = stage();
    stage.apply(&config(&[])).await;
    stage.fake.catalog().fails("roles", Kind::Unreached, 1);
    stage.refresh().await;
    assert!(stage.state.is_some() && stage.said.failed());
}

#[tokio::test(start_paused = true)]
async fn a_catalog_that_comes_in_the_same_apply_is_not_asked_at_plan() {
    let mut stage = stage();
    let coming = catalog::CatalogInput {
        admin_password_secret_arn: Value::Unknown,
        ..catalog::tests::members()
    };
    stage.plan(&RoleState { catalog: coming.into(), ..config(&[]) }).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    let lacks = catalog::CatalogInput {
        admin_password_secret_arn: Value::Null,
        ..catalog::tests::members()
    };
    stage.plan(&RoleState { catalog: lacks.into(), ..config(&[]) }).await;
    assert!(said(&stage.said).contains("Nothing says how to sign in"), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_said_offline() {
    let named = |name: &str| RoleState { name: known(name), ..config(&[]) };
    let both = RoleState { arn: known("arn:aws:iam::1:role/a"), ..config(&["p"]) };
    for (config, words) in [
        (named("2nd"), "name | Not the name of a role"),
        (named("Canary"), "name | This role belongs to the stack itself"),
        (both, "arn | Two kinds of role at once"),
        (config(&["a", "b", "c", "d", "e", "f"]), "policies | More policies than a role holds"),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&RoleResource, &config, &mut d);
        assert!(said(&d).starts_with(words), "{}", said(&d));
    }
}
