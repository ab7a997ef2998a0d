//! Struck at each call to a registry, in turn and in every way: the next run does what is left, and nothing is there twice or lost.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::said;
use crate::aws::fake::Fake;
use crate::catalog::fake::{Registry, Strike};
use crate::kinds::resource::Resource;
use crate::quilt::access::{Level, Permissions, User};
use crate::resources::bucket::{BucketResource, BucketState};
use crate::resources::default_role::{DefaultRoleResource, DefaultRoleState};
use crate::resources::policy::{PolicyResource, PolicyState};
use crate::resources::role::{RoleResource, RoleState};
use crate::resources::sso_mapping::{MappingRule, SsoMappingResource, SsoMappingState};
use crate::resources::stage::Stage;
use crate::resources::tabulator_table::{
    TableColumn, TableParser, TableSource, TabulatorTableResource, TabulatorTableState,
};
use crate::resources::user::{UserResource, UserState};
use crate::tf::{Report, Set, Value, known};

/// Something in a catalog: how it is configured, before and after an edit, and the catalog around it.
struct Case<R: Resource> {
    resource: fn() -> R,
    config: R::State,
    edited: R::State,
    registry: fn() -> Registry,
}

/// What is there after a run, as far as it came.
struct Run<R> {
    stage: Stage<R>,
    registry: Registry,
    died: bool,
}

impl<R: Resource> Case<R> {
    /// What `before` asks for, made and looked at.
    async fn begun(&self, before: Option<&R::State>) -> Run<R> {
        let registry = (self.registry)();
        let fake = Fake::default().with_registry(&registry);
        let mut stage = Stage::of((self.resource)(), fake);
        if let Some(before) = before {
            stage.apply(before).await;
            stage.refresh().await;
        }
        Run { stage, registry, died: false }
    }

    /// From `before` to `after`, struck at this call; `None`: it ended before.
    async fn struck(
        &self,
        (before, after): (Option<&R::State>, Option<&R::State>),
        calls: usize,
        strike: Strike,
    ) -> Option<Run<R>> {
        let mut run = self.begun(before).await;
        let kept = (run.stage.state.clone(), run.stage.private.clone());
        run.registry.strikes(calls, strike);
        let went = AssertUnwindSafe(bring(&mut run.stage, after)).catch_unwind().await;
        run.died = went.is_err();
        if run.died {
            (run.stage.state, run.stage.private) = kept;
        }
        run.registry.calm().then_some(run)
    }

    /// At every call on the way, in every way; returns how many calls there are.
    async fn on_the_way(&self, before: Option<&R::State>, after: Option<&R::State>) -> usize {
        let mut calm = self.begun(before).await;
        bring(&mut calm.stage, after).await;
        assert!(!calm.stage.said.failed(), "{}", said(&calm.stage));
        let mut most = 0;
        for strike in Strike::ALL {
            for calls in 0.. {
                let Some(mut run) = self.struck((before, after), calls, strike).await else {
                    break;
                };
                most = most.max(calls + 1);
                let at = format!("{} {strike:?} at call {calls}, died: {}", R::NAME, run.died);
                run.stage.refresh().await;
                bring(&mut run.stage, after).await;
                assert!(!run.stage.said.failed(), "{at}: {}", said(&run.stage));
                let writes = run.registry.writes();
                assert_eq!(run.registry.portrait(), calm.registry.portrait(), "{at}: {writes:?}");
                match after {
                    Some(config) => assert_eq!(run.stage.changes(config).await, [""; 0], "{at}"),
                    None => assert!(run.stage.state.is_none(), "{at}"),
                }
            }
        }
        most
    }

    async fn at_each_call(&self) {
        let (one, two) = (&self.config, &self.edited);
        let calls = [
            self.on_the_way(None, Some(one)).await,
            self.on_the_way(Some(one), Some(two)).await,
            self.on_the_way(Some(two), None).await,
        ];
        // A default role is only forgotten.
        assert!(calls[..2].iter().all(|calls| *calls > 2), "{calls:?}");
    }
}

/// Brings it to a configuration, or to its end; what is refused at plan is not applied.
async fn bring<R: Resource>(stage: &mut Stage<R>, wanted: Option<&R::State>) {
    let Some(config) = wanted else {
        return if stage.state.is_some() {
            stage.destroy().await
        };
    };
    stage.run.begin();
    let planned = stage.planned_in(&stage.cx(), config).await;
    if let Some(planned) = planned.filter(|_| !stage.said.failed()) {
        let cx = stage.fake.cx();
        stage.carry_out(&cx, config, planned).await;
    }
}

fn words(words: &[&str]) -> Value<Set<Value<String>>> {
    Set(words.iter().map(|word| known(*word)).collect()).into()
}

fn around() -> Registry {
    let read: Permissions = [("raw".to_string(), Level::Read)].into();
    let registry = Registry::default().buckets(&["raw"]).at_version("1.71.0");
    let admin = User { name: "admin".into(), admin: true, active: true, ..User::default() };
    registry
        .policy("p", "Others", read)
        .role("r", "Readers", &["p"])
        .role("w", "Writers", &[])
        .user(admin)
}

#[tokio::test(start_paused = true)]
async fn roles_struck_at_each_call() {
    let role = |name: &str, policies: &[&str]| RoleState {
        name: known(name),
        policies: words(policies),
        ..RoleState::default()
    };
    let case = Case {
        resource: || RoleResource,
        config: role("Analysts", &[]),
        edited: role("Scientists", &["p"]),
        registry: around,
    };
    case.at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn policies_struck_at_each_call() {
    let policy = |title: &str, level: &str| PolicyState {
        title: known(title),
        permissions: Value::Value([("raw".to_string(), known(level))].into()),
        ..PolicyState::default()
    };
    let case = Case {
        resource: || PolicyResource,
        config: policy("Science", "READ"),
        edited: policy("Sciences", "READ_WRITE"),
        registry: around,
    };
    case.at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn buckets_struck_at_each_call() {
    let bucket = |title: &str, tags: &[&str]| BucketState {
        name: known("data"),
        title: known(title),
        tags: words(tags),
        wait_for_index: true.into(),
        ..BucketState::default()
    };
    let case = Case {
        resource: || BucketResource,
        config: bucket("Data", &[]),
        edited: bucket("All data", &["a"]),
        registry: around,
    };
    case.at_each_call().await;
}

fn table(name: &str, kind: &str) -> TabulatorTableState {
    let column = TableColumn { name: known("id"), r#type: known(kind), ..TableColumn::default() };
    let source = TableSource {
        package_name: known(".*"),
        logical_key: known("csv$"),
        ..TableSource::default()
    };
    TabulatorTableState {
        bucket: known("raw"),
        name: known(name),
        schema: Value::Value(vec![column]),
        source: Value::Value(source),
        parser: Value::Value(TableParser { format: known("csv"), ..TableParser::default() }),
        ..TabulatorTableState::default()
    }
}

#[tokio::test(start_paused = true)]
async fn tables_struck_at_each_call() {
    let case = Case {
        resource: || TabulatorTableResource,
        config: table("samples", "INT"),
        edited: table("all_samples", "BIGINT"),
        registry: around,
    };
    case.at_each_call().await;
}

fn user(role: &str, admin: bool) -> UserState {
    UserState {
        name: known("ann"),
        email: known("ann@example.com"),
        role: known(role),
        extra_roles: words(&[if role == "Readers" { "Writers" } else { "Readers" }]),
        admin: admin.into(),
        active: true.into(),
        ..UserState::default()
    }
}

#[tokio::test(start_paused = true)]
async fn users_struck_at_each_call() {
    let edited = UserState {
        email: known("ann.b@example.com"),
        extra_roles: Value::Null,
        ..user("Writers", false)
    };
    for delete_on_destroy in [false, true] {
        let delete_on_destroy: Value<bool> = delete_on_destroy.into();
        let case = Case {
            resource: || UserResource,
            config: UserState { delete_on_destroy, ..user("Readers", true) },
            edited: UserState { delete_on_destroy, ..edited.clone() },
            registry: around,
        };
        case.at_each_call().await;
    }
}

#[tokio::test(start_paused = true)]
async fn default_roles_struck_at_each_call() {
    let role = |id: &str| DefaultRoleState { role_id: known(id), ..DefaultRoleState::default() };
    let case = Case {
        resource: || DefaultRoleResource,
        config: role("r"),
        edited: role("w"),
        registry: around,
    };
    case.at_each_call().await;
}

#[tokio::test(start_paused = true)]
async fn mappings_struck_at_each_call() {
    let mapping = |role: &str| SsoMappingState {
        default_role: known("Readers"),
        union_roles: true.into(),
        mappings: Value::Value(vec![MappingRule {
            schema: known("true"),
            roles: Value::Value(vec![known(role)]),
            admin: true.into(),
        }]),
        ..SsoMappingState::default()
    };
    let case = Case {
        resource: || SsoMappingResource,
        config: mapping("Readers"),
        edited: mapping("Writers"),
        registry: around,
    };
    case.at_each_call().await;
}
