//! The life of a `quilt_api_key` against an AWS and a registry in memory.

use super::*;
use crate::kinds::resource::{AnyResource, Wanted};
use crate::outcome::{AwsErrorKind, CatalogErrorKind as Kind};
use crate::quilt::admin::OWNER;
use crate::quilt::api_key::Stored;
use crate::resources::catalog::tests::{fake, input, members, said, writes};
use crate::resources::role::{RoleResource, RoleState};
use crate::tf::{Report, known};

mod killed;

type Stage = crate::resources::stage::Stage<ApiKeyResource>;

const SECRET: &str = "quilt/data.example.com/api-key/terraform";

/// Nothing yet.
pub fn stage() -> Stage {
    Stage::of(ApiKeyResource, fake())
}

/// A key as it is written.
pub fn config() -> ApiKeyState {
    ApiKeyState {
        name: known("terraform"),
        catalog: input(),
        expires_in_days: 90.into(),
        ..ApiKeyState::default()
    }
}

/// What the secret holds.
fn stored(stage: &Stage) -> Stored {
    let (_, value) = stage.fake.held(SECRET).unwrap();
    Stored::of(&value.into()).unwrap()
}

/// One key lets in, and it is the one that the secret holds and the state knows.
fn is_whole(stage: &Stage) {
    let live = stage.fake.catalog().live_keys();
    assert_eq!(live.len(), 1, "{live:?}");
    assert_eq!(stored(stage).id.as_ref(), Some(&live[0].0));
    assert_eq!(stage.get().key_id.as_ref_option(), Some(&live[0].0));
}

/// A role whose way to the catalog is the key.
fn role(stage: &Stage) -> (crate::resources::stage::Stage<RoleResource>, RoleState) {
    let it = stage.get();
    let way = CatalogInput {
        web_host: it.web_host,
        api_key_secret_arn: it.api_key_secret_arn,
        ..CatalogInput::default()
    };
    let config = RoleState { name: known("A"), catalog: way.into(), ..RoleState::default() };
    (crate::resources::stage::Stage::of(RoleResource, stage.fake.clone()), config)
}

#[tokio::test(start_paused = true)]
async fn made_looked_at_and_destroyed_and_nothing_of_it_is_told() {
    let mut stage = stage();
    stage.apply(&config()).await;
    is_whole(&stage);
    let state = stage.get();
    assert_eq!((state.web_host, state.adopted), (known("data.example.com"), false.into()));
    assert_eq!(state.secret_name, known(SECRET));
    let key = stored(&stage).key.unwrap();
    assert!(!format!("{:?}{:?}", stage.state, stage.said).contains(key.reveal()));
    assert!(stage.fake.held(SECRET).unwrap().0.tags.contains_key(OWNER));
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.catalog().live_keys().is_empty());
    assert!(
        stage.fake.calls().iter().any(|call| call.ends_with(" 30")),
        "{:?}",
        stage.fake.calls()
    );
    // Made again, it is the same secret with another key.
    stage.private = vec![];
    stage.apply(&config()).await;
    is_whole(&stage);
    assert_eq!(stage.get().api_key_secret_arn, state.api_key_secret_arn);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_renewed_in_time_without_a_password() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let before = stage.get();
    stage.fake.catalog().refuses_passwords();
    stage.fake.catalog().clock().passes(59);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.fake.catalog().clock().passes(2);
    assert_eq!(stage.changes(&config()).await, ["expires_at", "key_id"]);
    assert!(said(&stage.said).contains("API key terraform is renewed | It ends at"));
    assert!(said(&stage.said).contains(", in 29 days."), "{}", said(&stage.said));
    stage.apply(&config()).await;
    is_whole(&stage);
    assert_eq!(stage.get().api_key_secret_arn, before.api_key_secret_arn);
    assert_ne!(stage.get().key_id, before.key_id);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    let made = writes(&stage.fake);
    assert_eq!(made, ["create_key terraform", "create_key terraform", "revoke_key k1"]);
}

#[tokio::test(start_paused = true)]
async fn where_keys_make_no_keys_the_password_does() {
    let mut stage = stage();
    stage.apply(&config()).await;
    stage.fake.catalog().keys_make_none();
    stage.fake.catalog().clock().passes(80);
    stage.refresh().await;
    stage.apply(&config()).await;
    is_whole(&stage);
    stage.fake.catalog().refuses_passwords();
    stage.fake.catalog().clock().passes(80);
    stage.refresh().await;
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(said(&stage.said).contains("nobody is let in to data.example.com to make it"));
    is_whole(&stage);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_was_revoked_is_made_anew_and_what_rests_on_it_stands() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let before = stage.get();
    let (mut role, config_of_role) = role(&stage);
    role.apply(&config_of_role).await;
    stage.fake.catalog().drop_key("k1");
    assert_eq!(stage.changes(&config()).await, ["expires_at", "key_id"]);
    assert!(said(&stage.said).contains("does not let in any more, and is made anew"));
    // The role is not looked at by a dead key: its state holds, and nothing of it is planned.
    assert_eq!(role.changes(&config_of_role).await, [""; 0]);
    assert!(!role.said.failed(), "{:?}", role.said);
    stage.apply(&config()).await;
    is_whole(&stage);
    assert_eq!(stage.get().api_key_secret_arn, before.api_key_secret_arn);
    assert_eq!(role.changes(&config_of_role).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn one_that_has_ended_after_the_passwords_is_told_with_the_way_out() {
    let mut stage = stage();
    stage.apply(&config()).await;
    stage.fake.catalog().refuses_passwords();
    stage.fake.catalog().clock().passes(91);
    stage.refresh().await;
    stage.plan(&config()).await;
    let told = said(&stage.said);
    assert!(told.contains("There has to be another API key terraform"), "{told}");
    assert!(told.contains("aws secretsmanager put-secret-value --secret-id arn:aws"), "{told}");
    // An administrator puts one of their own there.
    let arn = stage.get().api_key_secret_arn.unwrap();
    let by_hand = "qk_by_hand".to_string().into();
    let aws = stage.fake.cx().aws(None).await.unwrap();
    aws.secrets.add(&arn, &by_hand, crate::quilt::rotation::CURRENT).await.unwrap();
    stage.refresh().await;
    stage.apply(&config()).await;
    is_whole(&stage);
}

#[tokio::test(start_paused = true)]
async fn another_name_or_another_length_is_another_key_in_the_same_secret() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let arn = stage.get().api_key_secret_arn;
    stage.apply(&ApiKeyState { name: known("ci"), ..config() }).await;
    is_whole(&stage);
    stage.apply(&ApiKeyState { name: known("ci"), expires_in_days: 30.into(), ..config() }).await;
    is_whole(&stage);
    drop(stage.fake.catalog().key("theirs"));
    let theirs = ApiKeyState { name: known("theirs"), expires_in_days: 30.into(), ..config() };
    stage.apply_in(&stage.fake.cx(), &theirs).await;
    assert!(said(&stage.said).contains("name | The user who signs in"), "{:?}", stage.said);
    let calls = writes(&stage.fake).len();
    let later = ApiKeyState {
        name: known("ci"),
        expires_in_days: 30.into(),
        renew_before_days: 3.into(),
        tags: Value::Value([("Team".to_string(), known("data"))].into()),
        ..config()
    };
    stage.apply(&later).await;
    assert_eq!((writes(&stage.fake).len(), stage.get().api_key_secret_arn), (calls, arn));
    assert_eq!(stage.fake.held(SECRET).unwrap().0.tags["Team"], "data");
    assert_eq!(stage.changes(&later).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_somebody_elses_is_left() {
    let mut stage = Stage::of(ApiKeyResource, fake().holding(SECRET, "theirs"));
    stage.plan(&config()).await;
    assert!(said(&stage.said).contains("secret_name | There is a secret"), "{:?}", stage.said);
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert_eq!(stage.fake.held(SECRET).unwrap().1, "theirs");
    let mut stage = self::stage();
    drop(stage.fake.catalog().key("terraform"));
    stage.plan(&config()).await;
    assert!(said(&stage.said).contains("has an API key terraform already"), "{:?}", stage.said);
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(writes(&stage.fake).is_empty() && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_older_quilt_is_told_at_plan() {
    let mut stage = stage();
    drop(stage.fake.catalog().at_version("1.66.2"));
    stage.plan(&config()).await;
    assert!(said(&stage.said).contains("from version 1.67 on, and this is 1.66.2"));
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.state.is_none() && writes(&stage.fake).is_empty());
    assert!(stage.fake.held(SECRET).is_none());
}

#[tokio::test(start_paused = true)]
async fn faults_leave_no_key_whose_text_is_lost() {
    // Its creation fails although it is stored.
    let mut one = stage();
    one.fake.catalog().fails_stored("create_key");
    one.apply_in(&one.fake.cx(), &config()).await;
    assert!(one.said.failed() && one.fake.catalog().live_keys().is_empty());
    one.private = vec![];
    one.apply(&config()).await;
    is_whole(&one);
    assert_eq!(one.get().adopted, true.into());
    // It does not get into the secret.
    let mut two = stage();
    two.apply(&config()).await;
    two.fake.catalog().clock().passes(80);
    two.refresh().await;
    two.fake = two.fake.clone().fail("add_version", AwsErrorKind::Denied);
    two.apply_in(&two.fake.cx(), &config()).await;
    assert!(two.said.failed());
    is_whole(&two);
    // The one before cannot be revoked: the next plan shows it.
    two.fake.catalog().fails("revoke_key", Kind::Unreached, 1);
    two.apply_in(&two.fake.cx(), &config()).await;
    assert!(two.said.failed() && two.fake.catalog().live_keys().len() == 2);
    assert_eq!(two.changes(&config()).await, ["stale_key_ids"]);
    two.apply(&config()).await;
    is_whole(&two);
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_on_its_way_out_is_had_back() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let before = stage.get();
    let aws = stage.fake.cx().aws(None).await.unwrap();
    aws.secrets.delete(SECRET, 30).await.unwrap();
    assert_eq!(stage.changes(&config()).await, ["expires_at", "key_id"]);
    stage.apply(&config()).await;
    is_whole(&stage);
    assert_eq!(stage.get().api_key_secret_arn, before.api_key_secret_arn);
    stage.fake = stage.fake.clone().losing(SECRET);
    stage.refresh().await;
    assert!(stage.state.is_none(), "one that is gone for good is made anew");
}

#[tokio::test(start_paused = true)]
async fn taken_over_by_the_secrets_name_or_arn() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let before = stage.get();
    for id in [SECRET, before.api_key_secret_arn.as_deref_option().unwrap()] {
        stage.import(id).await;
        stage.refresh().await;
        let after = stage.get();
        assert_eq!((&after.key_id, &after.secret_name), (&before.key_id, &before.secret_name));
        assert_eq!((&after.expires_in_days, &after.name), (&90.into(), &before.name));
        assert_eq!(stage.changes(&config()).await, ["catalog"]);
    }
    let tree = |text: &str| crate::tf::Tree::String(text.into());
    stage.import_by(Wanted::Identity([("secret_name".to_string(), tree(SECRET))].into())).await;
    stage.refresh().await;
    assert_eq!(stage.get().key_id, before.key_id);
    let whole = AnyResource::identity_of(&ApiKeyResource, stage.state.as_ref().unwrap()).unwrap();
    assert_eq!((&whole["secret_name"], &whole["region"]), (&tree(SECRET), &tree("us-east-1")));
    stage.fake = stage.fake.clone().holding("other", "qk_theirs");
    stage.import("other").await;
    assert!(stage.state.is_none() && said(&stage.said).contains("does not hold what"));
}

#[tokio::test(start_paused = true)]
async fn another_catalog_is_refused_and_a_new_host_is_followed() {
    let mut stage = stage();
    stage.apply(&config()).await;
    let at = |host: &str| CatalogInput { web_host: known(host), ..members() };
    let renamed = ApiKeyState { catalog: at("new.example.com").into(), ..config() };
    assert_eq!(stage.changes(&renamed).await, ["catalog", "web_host"]);
    stage.apply(&renamed).await;
    is_whole(&stage);
    assert_eq!(writes(&stage.fake), ["create_key terraform"]);
    stage.fake.catalog().leads_elsewhere("other.example.com");
    stage.plan(&ApiKeyState { catalog: at("other.example.com").into(), ..config() }).await;
    assert!(said(&stage.said).contains("is another catalog"), "{}", said(&stage.said));
}

#[test]
fn what_cannot_be_is_said_offline() {
    let days = |days: i64, before: i64| ApiKeyState {
        expires_in_days: days.into(),
        renew_before_days: before.into(),
        ..config()
    };
    for (config, words) in [
        (ApiKeyState { name: known(" "), ..config() }, "name | The API key has no name"),
        (days(366, 1), "expires_in_days | Not how long a key lasts"),
        (days(30, 30), "renew_before_days | Not when a key is renewed"),
        (days(30, -1), "renew_before_days | Not when a key is renewed"),
        (
            ApiKeyState { secret_name: known("a b"), ..config() },
            "secret_name | Not the name of a secret",
        ),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&ApiKeyResource, &config, &mut d);
        assert!(said(&d).starts_with(words), "{}", said(&d));
    }
    let mut d = Diagnostics::default();
    Resource::validate(&ApiKeyResource, &days(1, 0), &mut d);
    assert_eq!(said(&d), "");
}
