//! The life of a `quilt_sso` against an AWS in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::aws::fake::Fake;
use crate::cloudformation::changes::{Action, Change};
use crate::cloudformation::stack::{Order, Parameter, Template};
use crate::resources::stage::Stage;
use crate::tf::known;

mod rules;
mod together;

const TEMPLATE: &str = r#"{"Parameters": {"PasswordAuth": {"Type": "String", "AllowedValues": ["Enabled", "Disabled"]}, "OktaAuth": {"Type": "String"},
    "OktaClientId": {"Type": "String"}, "OktaClientSecret": {"Type": "String", "NoEcho": true}, "OktaBaseUrl": {"Type": "String"},
    "QuiltWebHost": {"Type": "String"}, "DBUrl": {"Type": "String", "NoEcho": true}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

/// A stack with these beside what its template needs.
async fn stage(more: &[(&str, &str)]) -> Stage<SsoResource> {
    stage_of(TEMPLATE, more).await
}

/// The same from another template.
async fn stage_of(template: &str, more: &[(&str, &str)]) -> Stage<SsoResource> {
    let fake = Fake::default().secret("OktaClientSecret").secret("DBUrl");
    let usual = [
        ("PasswordAuth", "Enabled"),
        ("OktaAuth", "Disabled"),
        ("OktaClientId", ""),
        ("OktaClientSecret", ""),
        ("OktaBaseUrl", ""),
    ];
    let others = [("QuiltWebHost", "quilt.example.com"), ("DBUrl", "postgresql://x")];
    let all: BTreeMap<_, _> = usual.iter().chain(&others).chain(more).copied().collect();
    let order = Order {
        name: "prod".into(),
        template: Template::Body(template.into()),
        parameters: all
            .into_iter()
            .map(|(k, v)| (k.to_string(), Parameter::Value(v.to_string())))
            .collect(),
        capabilities: BTreeSet::from(["CAPABILITY_NAMED_IAM".to_string()]),
        role: Some("arn:aws:iam::123456789012:role/cfn".into()),
        ..Order::default()
    };
    let aws = fake.cx().aws(None).await.unwrap();
    aws.stacks.create(&order, "somebody").await.unwrap();
    aws.stacks.find("prod").await.unwrap();
    Stage::of(SsoResource, fake)
}

fn config() -> SsoState {
    SsoState {
        stack_name: known("prod"),
        identity_provider: known("okta"),
        client_id: known("id"),
        client_secret_wo: known("s3cr3t"),
        client_secret_wo_version: 1.into(),
        base_url: known("example.okta.com/oauth2/default/"),
        ..SsoState::default()
    }
}

/// What was sent; a plan compares the same first.
fn updates(stage: &Stage<SsoResource>) -> Vec<String> {
    let calls = stage.fake.calls().into_iter();
    let mut sent: Vec<_> = calls.filter(|c| c.starts_with("propose ")).collect();
    sent.dedup();
    sent
}

fn live(stage: &Stage<SsoResource>, name: &str) -> String {
    stage.fake.stack("prod").unwrap().parameters[name].clone()
}

const NOTHING: [&str; 0] = [];

#[tokio::test(start_paused = true)]
async fn on_and_nothing_to_do_and_off() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    let all = "DBUrl=previous value OktaAuth=*** OktaBaseUrl=*** OktaClientId=*** OktaClientSecret=*** PasswordAuth=previous value QuiltWebHost=previous value";
    assert_eq!(updates(&stage), [format!("propose {all}")]);
    let (state, stack) = (stage.get(), stage.fake.stack("prod").unwrap());
    assert_eq!(
        (state.base_url, state.issuer_url),
        (
            known("example.okta.com/oauth2/default/"),
            known("https://example.okta.com/oauth2/default")
        )
    );
    assert_eq!(
        (state.id, state.family, state.redirect_uri),
        (known("prod/okta"), known("multi"), known("https://quilt.example.com/oauth-callback"))
    );
    assert_eq!(
        (state.client_secret_wo, stack.role.is_some(), stack.capabilities.len()),
        (Value::Null, true, 1)
    );
    assert_eq!(stage.changes(&config()).await, NOTHING);
    stage.destroy().await;
    assert!(
        !stage.said.failed() && stage.said.warnings.is_empty() && stage.state.is_none(),
        "{:?}",
        stage.said
    );
    assert_eq!(
        (live(&stage, "OktaAuth"), live(&stage, "OktaClientId")),
        ("Disabled".into(), String::new())
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_shows_what_the_change_does() {
    let mut stage = stage(&[]).await;
    let service = Change {
        action: Action::Modify,
        logical_id: "Registry".into(),
        kind: "AWS::ECS::Service".into(),
        ..Change::default()
    };
    stage.fake = stage.fake.clone().would(vec![service.clone()]);
    stage.plan(&config()).await;
    let told = stage.said.warnings.iter().map(|w| (w.summary.to_string(), w.detail.to_string()));
    let told: Vec<_> = told.collect();
    let summary = "Sign-in through okta of stack prod: 1 changed".to_string();
    let detail = "What the apply will do to its resources:\nChange:\n- AWS::ECS::Service: Registry";
    assert_eq!(told, [(summary, detail.to_string())]);
    assert_eq!(stage.fake.sets(), NOTHING, "it is taken away again");
    // What cannot be shown is no reason to refuse the plan, and nothing is compared where nothing changes.
    let mut denied = super::tests::stage(&[]).await;
    denied.fake = denied.fake.clone().fail("propose", crate::outcome::AwsErrorKind::Denied);
    denied.plan(&config()).await;
    let said = format!("{:?}", denied.said);
    assert!(!denied.said.failed() && said.contains("no preview of its changes"), "{said}");
    let mut done = super::tests::stage(&[]).await;
    done.apply(&config()).await;
    let before = updates(&done).len();
    assert_eq!(done.changes(&config()).await, NOTHING);
    assert_eq!(updates(&done).len(), before);
}

/// The first plan of `-minimal-refresh` may be thrown away: it compares nothing.
#[tokio::test(start_paused = true)]
async fn a_plan_that_may_be_thrown_away_makes_no_change_set() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    let other = SsoState { client_id: known("other"), ..config() };
    let before = updates(&stage).len();
    let cx = crate::cx::Cx { provisional: true, ..stage.cx() };
    stage.plan_in(&cx, &other).await;
    assert_eq!(updates(&stage).len(), before);
    stage.refresh_in(&cx).await;
    stage.run = Default::default();
    let cx = crate::cx::Cx { provisional: true, ..stage.cx() };
    stage.plan_in(&cx, &other).await;
    assert_eq!(updates(&stage).len(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn only_what_changed_is_sent() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    let other = SsoState {
        client_id: known("other"),
        base_url: known("https://example.okta.com/oauth2/default"),
        ..config()
    };
    assert_eq!(stage.changes(&other).await, ["base_url", "client_id"]);
    stage.apply(&other).await;
    assert!(
        updates(&stage)[1].contains("OktaClientId=***")
            && !updates(&stage)[1].contains("OktaClientSecret=***")
    );
    let retyped = SsoState { base_url: known("example.okta.com/oauth2/default"), ..other };
    stage.apply(&retyped).await;
    assert_eq!((updates(&stage).len(), stage.changes(&retyped).await), (2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn an_import_plans_nothing_and_a_first_version_writes_nothing() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    stage.import("prod/okta").await;
    let bare = SsoState {
        client_secret_wo: Value::Null,
        client_secret_wo_version: Value::Null,
        ..config()
    };
    assert_eq!(stage.changes(&bare).await, NOTHING);
    assert_eq!(stage.changes(&config()).await, ["client_secret_wo_version"]);
    assert!(stage.said.warnings.iter().any(|w| w.summary.contains("not sent")), "{:?}", stage.said);
    stage.apply(&config()).await;
    assert_eq!(updates(&stage).len(), 1);
    stage.apply(&SsoState { client_secret_wo_version: 2.into(), ..config() }).await;
    assert!(updates(&stage)[1].contains("OktaClientSecret=***"));
    stage.import("prod/google").await;
    assert!(stage.said.failed() && stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn drift_is_seen_and_what_is_off_is_planned_anew() {
    let mut stage = stage(&[]).await;
    stage.apply(&config()).await;
    let aws = stage.fake.cx().aws(None).await.unwrap();
    let change = async |name: &str, value: &str| {
        let order = Order { name: "prod".into(), ..Order::default() };
        let mut all = crate::cloudformation::parameters::to_send(
            None,
            &BTreeMap::new(),
            &aws.stacks.find("prod").await.unwrap().unwrap().parameters,
        );
        all.insert(name.into(), Parameter::Value(value.into()));
        aws.stacks.update("prod", &Order { parameters: all, ..order }, "x").await.unwrap();
        aws.stacks.find("prod").await.unwrap();
    };
    change("OktaBaseUrl", "https://other.okta.com").await;
    assert_eq!(stage.changes(&config()).await, ["base_url", "issuer_url"]);
    change("OktaAuth", "Disabled").await;
    stage.refresh().await;
    assert_eq!(stage.state, None);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_locked_out() {
    let mut stage = stage(&[]).await;
    stage.apply(&SsoState { password_auth: false.into(), ..config() }).await;
    assert_eq!(live(&stage, "PasswordAuth"), "Disabled");
    stage.destroy().await;
    assert!(stage.said.warnings.iter().any(|w| w.summary == plan::PASSWORD_ON), "{:?}", stage.said);
    assert_eq!(live(&stage, "PasswordAuth"), "Enabled");
}

#[tokio::test(start_paused = true)]
async fn a_stop_saves_it_and_the_next_apply_finishes() {
    let mut stage = stage(&[]).await;
    stage.fake = stage.fake.clone().script(&["UPDATE_IN_PROGRESS"; 30]);
    let cx = stage.fake.cx();
    let timer = cx.stop.clone();
    tokio::spawn(async move {
        let _ =
            tokio::time::timeout(std::time::Duration::from_secs(9), std::future::pending::<()>())
                .await;
        timer.cancel();
    });
    stage.apply_in(&cx, &config()).await;
    assert!(!stage.said.failed() && stage.state.is_some(), "{:?}", stage.said);
    assert!(stage.changes(&config()).await.contains(&"setup".to_string()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_saves_nothing_new() {
    let mut stage = stage(&[]).await;
    stage.fake = stage
        .fake
        .clone()
        .script(&["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"])
        .script(&["UPDATE_ROLLBACK_COMPLETE"]);
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.said.failed() && stage.state.is_none(), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn what_is_on_already_with_another_client_is_imported() {
    let mut stage = stage(&[("OktaAuth", "Enabled"), ("OktaClientId", "theirs")]).await;
    stage.plan(&config()).await;
    assert!(stage.said.errors[0].detail.contains("id = \"prod/okta\""), "{:?}", stage.said);
    stage.plan(&SsoState { client_id: known("theirs"), ..config() }).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
}

#[test]
fn mistakes_are_pointed_at() {
    let at = |config: SsoState| {
        let mut d = Diagnostics::default();
        Resource::validate(&SsoResource, &config, &mut d);
        d.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(at(config()), NOTHING);
    assert_eq!(
        at(SsoState { identity_provider: known("ping"), ..config() }),
        ["identity_provider"]
    );
    assert_eq!(at(SsoState { identity_provider: known("google"), ..config() }), ["base_url"]);
    assert_eq!(at(SsoState { base_url: Value::Null, ..config() }), ["base_url"]);
    assert_eq!(at(SsoState { tenant_id: known("example.com"), ..config() }), ["tenant_id"]);
    assert_eq!(at(SsoState { client_secret: known("x"), ..config() }), ["client_secret"]);
    assert_eq!(at(SsoState { client_secret_wo: known("****"), ..config() }), ["client_secret_wo"]);
    assert_eq!(
        at(SsoState { domains: Set(vec![known("a.com,b.com")]).into(), ..config() }),
        ["domains"]
    );
    assert_eq!(at(SsoState { base_url: Value::Unknown, ..config() }), NOTHING);
}
