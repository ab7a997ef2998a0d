//! The life of a `quilt_user` against a registry in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::catalog::Mapping;
use crate::catalog::fake::Registry;
use crate::kinds::resource::Resource;
use crate::outcome::CatalogErrorKind;
use crate::quilt::access::User;
use crate::tf::known;

type Stage = crate::resources::stage::Stage<UserResource>;

fn config() -> UserState {
    UserState {
        name: known("ann"),
        email: known("ann@example.com"),
        role: known("Readers"),
        ..UserState::default()
    }
}

fn registry() -> Registry {
    let admin = User {
        name: "admin".into(),
        email: "admin@example.com".into(),
        active: true,
        admin: true,
        ..User::default()
    };
    Registry::default().role("r", "Readers", &[]).role("w", "Writers", &[]).user(admin)
}

fn stage(registry: &Registry) -> Stage {
    Stage::of(UserResource, Fake::default().with_registry(registry))
}

fn roles(names: &[&str]) -> Value<Set<Value<String>>> {
    Set(names.iter().map(|name| known(*name)).collect()).into()
}

fn said(stage: &Stage) -> String {
    let all = stage.said.errors.iter().chain(&stage.said.warnings);
    all.map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_user_lives() {
    let registry = registry();
    let mut stage = stage(&registry);
    stage.plan(&config()).await;
    assert!(said(&stage).contains("email | The registry writes to ann@example.com"));
    stage.apply(&config()).await;
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    assert_eq!(registry.mails(), ["ann@example.com"]);

    let more = UserState {
        email: known("ann@example.org"),
        role: known("Writers"),
        extra_roles: roles(&["Readers"]),
        admin: true.into(),
        ..config()
    };
    let planned = stage.plan(&more).await;
    assert!(planned.replace.is_empty() && !said(&stage).contains("writes to"), "{}", said(&stage));
    stage.apply(&more).await;
    assert_eq!(stage.changes(&more).await, [""; 0]);
    let user = registry.one_user("ann").unwrap();
    assert_eq!((user.role.as_deref(), user.admin), (Some("Writers"), true));

    for id in ["ann", "ANN@example.org"] {
        stage.import(id).await;
        assert_eq!(stage.changes(&more).await, [""; 0], "after an import of {id}");
    }
    stage.destroy().await;
    assert!(said(&stage).contains("The account of ann stays, deactivated"), "{}", said(&stage));
    assert!(!registry.one_user("ann").unwrap().active);

    stage.apply(&more).await;
    assert!(registry.one_user("ann").unwrap().active, "the account is taken up again");
    assert_eq!(registry.mails(), ["ann@example.com"], "and nobody is written to");
    stage.apply(&UserState { delete_on_destroy: true.into(), ..more }).await;
    stage.destroy().await;
    assert_eq!(registry.one_user("ann"), None);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_a_person_changed_to_is_no_drift() {
    let registry = registry();
    let mut stage = stage(&registry);
    let config = UserState { extra_roles: roles(&["Writers"]), ..config() };
    stage.apply(&config).await;
    registry.edit_user("ann", |user| {
        (user.role, user.extra_roles) = (Some("Writers".into()), vec!["Readers".into()]);
    });
    assert_eq!(stage.changes(&config).await, [""; 0]);
    registry.edit_user("ann", |user| user.extra_roles.clear());
    assert_eq!(stage.changes(&config).await, ["extra_roles", "role"]);
    stage.apply(&config).await;
    assert_eq!(stage.changes(&config).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn roles_are_looked_for_before_anybody_is_written_to() {
    let registry = registry();
    let mut stage = stage(&registry);
    let config = UserState { extra_roles: roles(&["Nobody"]), ..config() };
    stage.apply_in(&stage.fake.cx(), &config).await;
    assert!(said(&stage).starts_with("extra_roles | The catalog has no role Nobody"));
    assert!(registry.mails().is_empty() && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_was_not_answered_mails_once() {
    let registry = registry();
    let mut stage = stage(&registry);
    let config = UserState { admin: true.into(), ..config() };
    registry.fails_stored("create_user");
    registry.fails("set_admin", CatalogErrorKind::Fault, 1);
    stage.apply_in(&stage.fake.cx(), &config).await;
    assert!(stage.said.failed() && stage.state.is_none(), "it is taken up next time");
    stage.apply(&config).await;
    assert!(registry.one_user("ann").unwrap().admin);
    assert_eq!(registry.mails(), ["ann@example.com"]);
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_account_is_not_taken_over() {
    let registry = registry().user(User {
        name: "eve@example.com".into(),
        email: "eve@example.com".into(),
        active: true,
        sso_only: true,
        ..User::default()
    });
    let mut stage = stage(&registry);
    let taken = UserState { name: known("eve"), email: known("Eve@example.com"), ..config() };
    stage.plan(&taken).await;
    assert!(
        said(&stage).contains("terraform import <address> eve@example.com"),
        "{}",
        said(&stage)
    );
    let admin = UserState { name: known("admin"), email: known("admin@example.com"), ..config() };
    stage.plan(&admin).await;
    assert!(said(&stage).contains("a user admin in the catalog"), "{}", said(&stage));
    let nobody =
        UserState { name: known("bob@example.com"), email: known("bob@example.com"), ..config() };
    stage.plan(&nobody).await;
    assert!(said(&stage).contains("Nobody in the catalog is called bob@example.com"));
    stage.import("EVE@example.com").await;
    stage.refresh().await;
    assert_eq!(stage.get().name, known("eve@example.com"));
}

#[tokio::test(start_paused = true)]
async fn nobody_locks_out_the_last_administrator_or_themselves() {
    let registry = registry();
    registry.edit_user("admin", |user| user.role = Some("Readers".into()));
    let mut stage = stage(&registry);
    let own = UserState {
        name: known("admin"),
        email: known("admin@example.com"),
        admin: true.into(),
        ..config()
    };
    stage.import("admin").await;
    stage.refresh().await;
    stage.plan(&UserState { admin: false.into(), ..own.clone() }).await;
    assert!(said(&stage).starts_with("admin | admin is who the provider signs in as"));
    stage.destroy().await;
    assert!(said(&stage).contains("lock it out") && stage.state.is_some());

    let mut other = self::stage(&registry);
    let second = UserState { admin: true.into(), ..config() };
    other.apply(&second).await;
    registry.edit_user("admin", |user| user.admin = false);
    other.plan(&UserState { active: false.into(), ..second.clone() }).await;
    assert!(said(&other).starts_with("active | ann is the last administrator"), "{}", said(&other));
    registry.edit_user("admin", |user| user.admin = true);
    other.apply(&UserState { active: false.into(), ..second }).await;
    assert!(!registry.one_user("ann").unwrap().active);
}

#[tokio::test(start_paused = true)]
async fn two_administrators_who_go_in_one_run_leave_one() {
    for ends in ["admin", "active", "destroy"] {
        let registry = registry();
        let (mut ann, mut bob) = (stage(&registry), stage(&registry));
        let one = |name: &str| UserState {
            name: known(name),
            email: known(format!("{name}@example.com")),
            admin: true.into(),
            ..config()
        };
        ann.apply(&one("ann")).await;
        bob.apply(&one("bob")).await;
        // Who the provider signs in as has no password that counts.
        registry.edit_user("admin", |user| user.admin = false);
        let end = |state: UserState| match ends {
            "admin" => UserState { admin: false.into(), ..state },
            _ => UserState { active: false.into(), ..state },
        };
        let (cx, first, second) = (ann.fake.cx(), end(one("ann")), end(one("bob")));
        let planned = (ann.plan(&first).await, bob.plan(&second).await);
        assert!(!ann.said.failed() && !bob.said.failed(), "each alone may go");
        if ends == "destroy" {
            ann.remove().await;
            bob.remove().await;
        } else {
            ann.carry_out(&cx, &first, planned.0).await;
            bob.carry_out(&cx, &second, planned.1).await;
        }
        assert!(!ann.said.failed(), "{ends}: {}", said(&ann));
        assert!(said(&bob).contains("bob is the last administrator"), "{ends}: {}", said(&bob));
        let left = registry.one_user("bob").unwrap();
        assert!(left.admin && left.active, "{ends}: {left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_administrator_whose_password_nobody_takes_is_no_way_in() {
    let registry = registry().without_passwords();
    let mut stage = stage(&registry);
    let ann = UserState { admin: true.into(), ..config() };
    stage.apply(&ann).await;
    registry.edit_user("ann", |user| user.sso_only = true);
    stage.refresh().await;
    stage.plan(&UserState { admin: false.into(), ..ann }).await;
    assert!(said(&stage).starts_with("admin | ann is the last administrator"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn what_the_mapping_rules_is_not_changed_here() {
    let registry = registry();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    registry.edit_user("ann", |user| {
        (user.role, user.roles_ruled) = (Some("Writers".into()), true);
    });
    assert_eq!(stage.changes(&config()).await, [""; 0], "what it gives is no drift");
    stage.plan(&UserState { role: known("Writers"), ..config() }).await;
    assert!(
        said(&stage).contains("The sign-in mapping rules the roles of ann"),
        "{}",
        said(&stage)
    );

    registry.edit_user("ann", |user| user.roles_ruled = false);
    registry.set_mapping(Some("version: '1.0'")).await.unwrap();
    stage.refresh().await;
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(said(&stage).starts_with("role | "), "{}", said(&stage));
    assert!(said(&stage).contains("the registry takes them from nowhere else"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn mistakes_are_told_at_plan() {
    for (config, at) in [
        (UserState { name: known("Ann"), ..config() }, "name"),
        (UserState { name: known("a".repeat(65)), ..config() }, "name"),
        (UserState { email: known("ann"), ..config() }, "email"),
        (UserState { extra_roles: roles(&["Readers"]), ..config() }, "extra_roles"),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&UserResource, &config, &mut d);
        assert_eq!(d.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>(), [at]);
    }
    let mut d = Diagnostics::default();
    Resource::validate(
        &UserResource,
        &UserState { name: known("Ann@example.com"), ..config() },
        &mut d,
    );
    assert!(!d.failed(), "as sign-in makes them");
}
