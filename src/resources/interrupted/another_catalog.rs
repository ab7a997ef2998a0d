//! States of one catalog beside another, of every kind of object.

use crate::catalog::fake::Registry;
use crate::kinds::resource::Resource;
use crate::quilt::access::User;
use crate::resources::bucket::{BucketResource, BucketState};
use crate::resources::catalog::CatalogInput;
use crate::resources::catalog::tests::{fake, members, writes};
use crate::resources::default_role::{DefaultRoleResource, DefaultRoleState};
use crate::resources::policy::{PolicyResource, PolicyState};
use crate::resources::role::{RoleResource, RoleState};
use crate::resources::sso_mapping::{MappingRule, SsoMappingResource, SsoMappingState};
use crate::resources::stage::Stage;
use crate::resources::tabulator_table::{
    TableColumn, TableParser, TableSource, TabulatorTableResource, TabulatorTableState,
};
use crate::resources::user::{UserResource, UserState};
use crate::tf::{Report, Tree, Value, known};

const HOST: &str = "data.example.com";
const OTHER: &str = "other.example.com";

/// What leads to the catalog at a host.
fn at(host: &str) -> Value<CatalogInput> {
    CatalogInput { web_host: known(host), ..members() }.into()
}

/// A registry with a role, and people to sign in.
fn furnished(registry: Registry) {
    let admin = User { name: "admin".into(), active: true, admin: true, ..User::default() };
    registry.role("r", "Readers", &[]).buckets(&["data"]).user(admin);
}

async fn made<R: Resource>(resource: R, config: &R::State) -> Stage<R> {
    let fake = fake();
    furnished(fake.catalog());
    let mut stage = Stage::of(resource, fake);
    stage.apply(config).await;
    stage
}

fn said<R: Resource>(stage: &Stage<R>) -> String {
    let all = stage.said.errors.iter();
    all.map(|x| format!("{} | {} {}\n", x.attribute, x.summary, x.detail)).collect()
}

/// The catalog has another host: what is in it stays, and is known by that.
async fn follows<R: Resource>(resource: R, config: fn(&str) -> R::State) {
    let mut stage = made(resource, &config(HOST)).await;
    let planned = stage.plan(&config(OTHER)).await;
    assert!(!stage.said.failed() && planned.replace.is_empty(), "{}", said(&stage));
    stage.apply(&config(OTHER)).await;
    assert_eq!(stage.state.as_ref().unwrap()["host"], Tree::String(OTHER.into()));
    assert!(stage.changes(&config(OTHER)).await.is_empty());
}

/// The host leads to another catalog: nothing is looked for there, changed or deleted, at plan and, for a plan that was made before, at apply.
async fn stays<R: Resource>(resource: R, config: fn(&str) -> R::State) {
    let mut stage = made(resource, &config(HOST)).await;
    let early = stage.plan(&config(OTHER)).await;
    stage.fake.catalog().leads_elsewhere(OTHER);
    let (there, kept) = (writes(&stage.fake), stage.state.clone());
    let stood = |stage: &Stage<R>, verb: &str| {
        let said = said(stage);
        let told = "catalog | By the state this is in the catalog data.example.com, and other.example.com is another catalog.";
        assert!(said.starts_with(told), "{verb}: {said}");
        assert_eq!(writes(&stage.fake), there, "{verb}");
    };
    stage.plan(&config(OTHER)).await;
    stood(&stage, "plan");
    let cx = stage.cx();
    stage.carry_out(&cx, &config(OTHER), early).await;
    stood(&stage, "apply of an earlier plan");
    assert_eq!(stage.state, kept);
    led(&mut stage);
    let kept = stage.state.clone();
    stage.refresh().await;
    stood(&stage, "read");
    stage.remove().await;
    stood(&stage, "deletion");
    assert_eq!(stage.state, kept);
}

/// The state's own way to the catalog leads to the other host, as that of the provider block would.
fn led<R: Resource>(stage: &mut Stage<R>) {
    let state = stage.state.as_mut().unwrap();
    let Tree::Map(way) = state.get_mut("catalog").unwrap() else { panic!("no way") };
    way.insert("web_host".into(), Tree::String(OTHER.into()));
}

fn bucket(host: &str) -> BucketState {
    BucketState { name: known("raw"), catalog: at(host), ..BucketState::default() }
}

fn policy(host: &str) -> PolicyState {
    let permissions = Value::Value([("data".to_string(), known("READ"))].into());
    PolicyState { title: known("P"), catalog: at(host), permissions, ..PolicyState::default() }
}

fn role(host: &str) -> RoleState {
    RoleState { name: known("Analysts"), catalog: at(host), ..RoleState::default() }
}

fn table(host: &str) -> TabulatorTableState {
    let (name, kind) = (known("id"), known("INT"));
    let column = TableColumn { name, r#type: kind, ..TableColumn::default() };
    let (package_name, logical_key) = (known(".*"), known("csv$"));
    let source = TableSource { package_name, logical_key, ..TableSource::default() };
    TabulatorTableState {
        bucket: known("data"),
        name: known("samples"),
        catalog: at(host),
        schema: Value::Value(vec![column]),
        source: Value::Value(source),
        parser: Value::Value(TableParser { format: known("csv"), ..TableParser::default() }),
        ..TabulatorTableState::default()
    }
}

fn user(host: &str) -> UserState {
    UserState {
        name: known("ann"),
        email: known("ann@example.com"),
        role: known("Readers"),
        catalog: at(host),
        ..UserState::default()
    }
}

fn mapping(host: &str) -> SsoMappingState {
    let roles = Value::Value(vec![known("Readers")]);
    let rule = MappingRule { schema: known("true"), roles, admin: Value::Null };
    SsoMappingState {
        catalog: at(host),
        default_role: known("Readers"),
        union_roles: false.into(),
        mappings: Value::Value(vec![rule]),
        ..SsoMappingState::default()
    }
}

fn default_role(host: &str) -> DefaultRoleState {
    DefaultRoleState { role_id: known("r"), catalog: at(host), ..DefaultRoleState::default() }
}

#[tokio::test(start_paused = true)]
async fn a_catalog_may_get_another_host() {
    follows(BucketResource, bucket).await;
    follows(PolicyResource, policy).await;
    follows(RoleResource, role).await;
    follows(TabulatorTableResource, table).await;
    follows(UserResource, user).await;
    follows(SsoMappingResource, mapping).await;
    follows(DefaultRoleResource, default_role).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_in_one_catalog_is_never_taken_for_that_of_another() {
    stays(BucketResource, bucket).await;
    stays(PolicyResource, policy).await;
    stays(RoleResource, role).await;
    stays(TabulatorTableResource, table).await;
    stays(UserResource, user).await;
    stays(SsoMappingResource, mapping).await;
}

#[tokio::test(start_paused = true)]
async fn a_setting_of_another_catalog_is_not_set() {
    let mut stage = made(DefaultRoleResource, &default_role(HOST)).await;
    stage.fake.catalog().leads_elsewhere(OTHER);
    stage.plan(&default_role(OTHER)).await;
    assert!(said(&stage).contains("other.example.com is another catalog"), "{}", said(&stage));
}

#[tokio::test(start_paused = true)]
async fn where_nothing_was_remembered_nothing_is_taken_for_the_same() {
    let mut stage = made(UserResource, &user(HOST)).await;
    stage.private.clear();
    stage.plan(&user(OTHER)).await;
    assert!(said(&stage).contains("nothing tells that it is the same one"), "{}", said(&stage));
}
