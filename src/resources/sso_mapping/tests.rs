//! The life of a `quilt_sso_mapping` against a registry in memory.

use super::*;
use crate::kinds::resource::Resource;
use crate::quilt::access::User;
use crate::resources::catalog::tests::{by_key, fake, input, said, writes};
use crate::tf::known;

type Stage = crate::resources::stage::Stage<SsoMappingResource>;

const SCHEMA: &str = r#"{"type":"object","required":["groups"],"properties":{"groups":{"contains":{"const":"science"}}}}"#;

fn stage() -> Stage {
    let fake = fake();
    fake.catalog().role("a", "Analysts", &[]).role("g", "Guests", &[]).at_version("1.71.0");
    Stage::of(SsoMappingResource, fake)
}

fn rule(schema: &str, role: &str, admin: Option<bool>) -> MappingRule {
    let roles = Value::Value(vec![known(role)]);
    MappingRule { schema: known(schema), roles, admin: admin.into() }
}

fn config(rules: Vec<MappingRule>) -> SsoMappingState {
    SsoMappingState {
        catalog: input(),
        default_role: known("Guests"),
        union_roles: false.into(),
        mappings: Value::Value(rules),
        ..SsoMappingState::default()
    }
}

fn science() -> SsoMappingState {
    config(vec![rule(SCHEMA, "Analysts", Some(true))])
}

#[tokio::test(start_paused = true)]
async fn set_changed_looked_at_and_taken_away() {
    let mut stage = stage();
    stage.apply(&science()).await;
    let text = stage.get().text.clone().unwrap();
    assert_eq!(
        text,
        format!(
            "version: \"1.0\"\ndefault_role: \"Guests\"\nmappings:\n  - schema: {}\n    roles: [\"Analysts\"]\n    admin: true\n",
            sorted()
        )
    );
    assert!(stage.changes(&science()).await.is_empty());
    let more = config(vec![rule(SCHEMA, "Analysts", Some(true)), rule("true", "Guests", None)]);
    stage.apply(&more).await;
    assert!(stage.changes(&more).await.is_empty());
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.catalog().mapped().is_none());
}

/// The schema as it is written: its keys in the order of the alphabet.
fn sorted() -> String {
    serde_json::from_str::<serde_json::Value>(SCHEMA).unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn another_layout_is_no_change_and_another_meaning_is_one() {
    let mut stage = stage();
    stage.apply(&science()).await;
    let text = format!(
        "# by hand\nmappings: [{{roles: [Analysts], admin: yes, schema: {SCHEMA}}}]\ndefault_role: Guests\nversion: '1.0'\n"
    );
    stage.fake.catalog().maps(&text);
    stage.refresh().await;
    assert!(stage.changes(&science()).await.is_empty());
    stage.fake.catalog().maps(&format!("{text}store_last_login_context: true\n"));
    stage.refresh().await;
    assert!(stage.changes(&science()).await.contains(&"text".to_string()));
    stage.fake.catalog().maps("version: \"1.0\"\ndefault_role: Analysts\nmappings: []\n");
    stage.refresh().await;
    let changes = stage.changes(&science()).await;
    assert!(changes.contains(&"default_role".to_string()), "{changes:?}");
    stage.apply(&science()).await;
}

#[tokio::test(start_paused = true)]
async fn a_fault_that_stored_it_is_no_failure() {
    let mut stage = stage();
    stage.fake.catalog().fails_stored("set_mapping");
    stage.apply(&science()).await;
    stage.fake.catalog().fails_stored("set_mapping");
    stage.destroy().await;
    assert!(stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_role_that_is_not_there_is_told_before_the_registry_refuses_all() {
    let mut stage = stage();
    let other = config(vec![rule(SCHEMA, "Scientists", Some(true))]);
    stage.apply_in(&stage.fake.cx(), &other).await;
    assert!(said(&stage.said).contains("mappings | The catalog data.example.com does not have the roles that the mapping names: Scientists."));
    assert!(writes(&stage.fake).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_older_quilt_would_leave_union_roles_out() {
    let mut stage = stage();
    stage.fake.catalog().at_version("1.68.2");
    stage.plan(&SsoMappingState { union_roles: true.into(), ..science() }).await;
    assert!(
        said(&stage.said).contains("union_roles | Quilt 1.68.2 does not know"),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn another_mapping_that_is_there_is_not_written_over() {
    let mut stage = stage();
    stage.fake.catalog().maps("version: \"1.0\"\ndefault_role: Analysts\nmappings: []\n");
    stage.plan(&science()).await;
    assert!(said(&stage.said).contains("has a sign-in mapping already"));
}

#[tokio::test(start_paused = true)]
async fn who_may_lose_a_role_or_administration_is_named() {
    let mut stage = stage();
    stage.apply(&science()).await;
    let user = |name: &str, admin| User {
        name: name.into(),
        active: true,
        admin,
        role: Some("Analysts".into()),
        ..User::default()
    };
    stage.fake.catalog().user(user("ana", false)).user(user("ben", true));
    stage.plan(&config(vec![rule("true", "Guests", None)])).await;
    let told = said(&stage.said);
    assert!(told.contains("Of those who are now (ben)"), "{told}");
    stage.plan(&config(vec![])).await;
    let said = said(&stage.said);
    assert!(
        said.contains("2 users have a role that no rule gives any more (Analysts): ana, ben"),
        "{said}"
    );
    assert!(!said.contains("may stop being so"), "no rule meets anybody: {said}");
}

fn admin(name: &str) -> User {
    User { name: name.into(), active: true, admin: true, ..User::default() }
}

fn by_provider(name: &str) -> User {
    User { sso_only: true, ..admin(name) }
}

/// What the plan of rules that make nobody an administrator says in a catalog with these users.
async fn without_admins(users: &[User], passwords: bool, rules: Vec<MappingRule>) -> String {
    let mut stage = stage();
    users.iter().for_each(|user| drop(stage.fake.catalog().user(user.clone())));
    if !passwords {
        stage.fake.catalog().without_passwords();
    }
    stage.plan(&SsoMappingState { catalog: by_key(), ..config(rules) }).await;
    said(&stage.said)
}

#[tokio::test(start_paused = true)]
async fn the_last_way_of_administrators_is_not_taken() {
    let silent = || vec![rule(SCHEMA, "Analysts", None)];
    let service = User { service: true, ..by_provider("_canary") };
    let gone = User { active: false, ..by_provider("old") };
    let refused = "mappings | After this change nobody would be certain to be an administrator";
    // The provider signs in as `admin`, which keeps it.
    for (users, passwords, stays) in [
        (vec![admin("admin")], true, true),
        (vec![admin("admin")], false, false),
        (vec![by_provider("admin")], false, true),
        (vec![admin("admin"), by_provider("ana")], false, false),
        (vec![admin("admin"), admin("ben")], false, false),
        (vec![User { service: true, ..admin("admin") }, admin("ben")], true, true),
        (vec![User { service: true, ..admin("admin") }, by_provider("ana")], true, false),
        (vec![admin("admin"), service, gone], false, false),
        // Who asks is not listed: nothing is known of them.
        (vec![by_provider("ana")], false, true),
    ] {
        let told = without_admins(&users, passwords, silent()).await;
        assert_eq!(!told.contains(refused), stays, "{users:?} {passwords}: {told}");
    }
    let told = without_admins(&[admin("admin"), by_provider("ana")], false, silent()).await;
    assert!(told.contains("perhaps ana.") && told.contains("`admin = true`"), "{told}");
    // Rules that make administrators, and none that meet anybody, leave a way.
    let made = vec![rule(SCHEMA, "Analysts", Some(true))];
    for rules in [made, vec![]] {
        let told = without_admins(&[admin("admin"), by_provider("ana")], false, rules).await;
        assert!(!told.contains(refused), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_apply_looks_once_more_for_the_last_way() {
    let mut stage = stage();
    stage.fake.catalog().user(by_provider("admin"));
    let silent = config(vec![rule(SCHEMA, "Analysts", None)]);
    let silent = SsoMappingState { catalog: by_key(), ..silent };
    let planned = stage.plan(&silent).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    // Meanwhile the account is another one.
    stage.fake.catalog().edit_user("admin", |user| user.sso_only = false);
    stage.fake.catalog().without_passwords();
    stage.carry_out(&stage.fake.cx(), &silent, planned).await;
    assert!(
        said(&stage.said).contains("nobody would be certain to be an administrator"),
        "{:?}",
        stage.said
    );
    assert!(writes(&stage.fake).is_empty() && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_said_offline() {
    let loose = r#"{"properties": {"groups": {}}}"#;
    let none = MappingRule { roles: Value::Value(vec![]), ..rule("true", "A", None) };
    let union = SsoMappingState {
        union_roles: true.into(),
        ..config(vec![rule("true", "A", Some(false))])
    };
    for (config, words) in [
        (config(vec![none]), "mappings[0].roles | The rule gives no role"),
        (config(vec![rule("[1]", "A", None)]), "mappings[0].schema | Not a JSON schema"),
        (config(vec![rule("{", "A", None)]), "mappings[0].schema | Not a JSON schema"),
        (
            config(vec![rule(loose, "A", None)]),
            "mappings[0].schema | This rule meets people without the claim",
        ),
        (union, "mappings[0].admin | This rule takes administration away"),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&SsoMappingResource, &config, &mut d);
        assert!(said(&d).starts_with(words), "{}", said(&d));
    }
}
