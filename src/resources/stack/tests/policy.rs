//! A stack policy that changes together with what it is about.

use super::*;
use crate::cloudformation::changes::{Action, Cause, Change};
use crate::outcome::AwsErrorKind;

const OPEN: &str = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}"#;
const SHUT: &str = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "Update:Modify", "Resource": "LogicalResourceId/T"}]}"#;

fn with(policy: &str) -> StackState {
    // What the plan would compare is left to the apply.
    StackState { policy_body: policy.to_string().into(), preview: false.into(), ..config() }
}

fn bigger(policy: &str) -> StackState {
    StackState { parameters: strings(&[("Size", "huge")]), ..with(policy) }
}

fn touching() -> Vec<Change> {
    let causes = vec![Cause { name: "TopicName".into(), ..Cause::default() }];
    vec![Change {
        action: Action::Modify,
        logical_id: "T".into(),
        kind: "AWS::SNS::Topic".into(),
        causes,
        ..Change::default()
    }]
}

async fn made(policy: &str, then: &[&'static str]) -> Stage {
    let mut stage = Stage::new(Fake::default().script(&["CREATE_COMPLETE"]));
    stage.apply(&with(policy)).await;
    stage.fake = stage.fake.clone().script(then).would(touching());
    stage
}

/// The writes that matter, in order; a policy by its name.
fn turns(stage: &Stage) -> Vec<&'static str> {
    let named = |call: String| match call.strip_prefix("set_policy ") {
        Some(OPEN) => Some("open"),
        Some(_) => Some("shut"),
        None => call.starts_with("execute").then_some("execute"),
    };
    stage.fake.calls().into_iter().filter_map(named).collect()
}

/// The stack has another policy than the strict one that is asked for.
async fn differs(stage: &mut Stage) -> bool {
    stage.changes(&with(SHUT)).await.contains(&"policy_body".to_string())
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_loosened_goes_before_the_update_that_needs_it() {
    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    stage.apply(&bigger(OPEN)).await;
    assert_eq!(turns(&stage), ["open", "execute"]);
    assert_eq!(stage.changes(&bigger(OPEN)).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_policy_by_its_url_is_read_and_judged_like_any_other() {
    for (readable, turns_taken) in [(true, &["open", "execute"][..]), (false, &["execute"])] {
        let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
        let aws = stage.cx().aws(None).await.unwrap();
        let url = aws.objects.store("mine", "policy.json", OPEN.into(), "").await.unwrap().url;
        for _ in 0..if readable { 0 } else { 2 } {
            stage.fake = stage.fake.clone().fail("fetch", AwsErrorKind::Denied);
        }
        let none = Value::Null;
        let config = StackState { policy_body: none, policy_url: url.into(), ..bigger(OPEN) };
        stage.apply_in(&stage.cx(), &config).await;
        assert_eq!(turns(&stage)[..turns_taken.len()], *turns_taken, "{:?}", stage.said);
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_tightened_goes_after_the_update() {
    let mut stage = made(OPEN, &["UPDATE_COMPLETE"]).await;
    stage.apply(&bigger(SHUT)).await;
    assert_eq!(turns(&stage), ["execute", "shut"]);
}

#[tokio::test(start_paused = true)]
async fn a_loosened_policy_is_set_back_when_the_update_fails() {
    let mut stage = made(SHUT, &["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]).await;
    stage.apply_in(&stage.cx(), &bigger(OPEN)).await;
    assert!(stage.said.failed());
    assert_eq!(turns(&stage), ["open", "execute", "shut"]);
    assert!(!differs(&mut stage).await, "the state and the stack agree");

    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    stage.fake = stage.fake.clone().fail("execute", AwsErrorKind::Invalid);
    stage.apply_in(&stage.cx(), &bigger(OPEN)).await;
    assert_eq!(
        (stage.said.failed(), turns(&stage)),
        (true, vec!["open", "execute", "shut"]),
        "nothing was begun"
    );

    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    stage.fake = stage.fake.clone().fail("set_policy", AwsErrorKind::Denied);
    stage.apply_in(&stage.cx(), &bigger(OPEN)).await;
    assert_eq!(
        (stage.said.failed(), turns(&stage), stage.fake.sets()),
        (true, vec!["open"], vec![]),
        "nothing is left"
    );

    let mut stage = made(SHUT, &["UPDATE_ROLLBACK_COMPLETE"]).await;
    stage.fake = stage.fake.clone().skip("set_policy", 1).fail("set_policy", AwsErrorKind::Later);
    stage.apply_in(&stage.cx(), &bigger(OPEN)).await;
    assert!(stage.said.errors[0].detail.contains("could not be set back"), "{:?}", stage.said);
    assert!(differs(&mut stage).await, "the next plan sets it back");
}

#[tokio::test(start_paused = true)]
async fn an_apply_that_was_killed_leaves_a_policy_that_the_next_plan_sees() {
    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    let aws = stage.cx().aws(None).await.unwrap();
    aws.stacks.set_policy("prod", Some(OPEN), None).await.unwrap();
    assert_eq!(
        stage.changes(&with(SHUT)).await,
        Vec::<String>::new(),
        "an ordinary refresh does not ask for it"
    );
    stage.private = vec![];
    assert!(differs(&mut stage).await, "Terraform keeps nothing beside the state then");
    stage.apply(&with(SHUT)).await;
    assert_eq!(turns(&stage).last(), Some(&"shut"));
}

#[tokio::test(start_paused = true)]
async fn what_no_policy_allows_is_refused() {
    let why = "The update needs Update:Modify of T (AWS::SNS::Topic)";
    for (now, then, new) in [(SHUT, SHUT, false), (SHUT, r#"{"Statement": []}"#, true)] {
        let mut stage = made(now, &["UPDATE_COMPLETE"]).await;
        stage.refresh().await;
        stage.plan(&StackState { preview: Value::Null, ..bigger(then) }).await;
        let said = &stage.said.errors[0];
        assert_eq!(said.attribute.to_string(), "policy_body");
        let statement =
            if new { "of the new one, no statement allows it" } else { "statement 2 denies it" };
        assert!(said.detail.contains(why) && said.detail.contains(statement), "{:?}", stage.said);

        let blind = StackState { preview: false.into(), ..bigger(then) };
        stage.fake = stage.fake.clone().would(touching());
        stage.apply_in(&stage.cx(), &blind).await;
        assert!(stage.said.errors[0].detail.contains(why), "{:?}", stage.said);
        assert_eq!((turns(&stage), stage.fake.sets()), (vec![], vec![]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_judged_is_left_to_cloudformation() {
    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    stage.fake = stage.fake.clone().fail("policy", AwsErrorKind::Denied);
    stage.apply(&bigger(OPEN)).await;
    assert_eq!(turns(&stage), ["open", "execute"], "the state knows the policy as well");

    for why in [AwsErrorKind::Denied, AwsErrorKind::Later] {
        let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
        stage.fake = stage.fake.clone().fail("fetch", why).fail("fetch", why).fail("fetch", why);
        stage.apply(&by_url("https://b.s3.amazonaws.com/p")).await;
        assert_eq!(turns(&stage), ["execute", "shut"], "one that nobody here has read goes last");
    }
}

fn by_url(url: &str) -> StackState {
    let none = Value::Null;
    StackState { policy_body: none, policy_url: url.to_string().into(), ..bigger(OPEN) }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_not_at_its_url_is_refused_at_plan() {
    let there = "https://b.s3.amazonaws.com/p";
    let mut new = Stage::new(Fake::default());
    let mut old = made(SHUT, &["UPDATE_COMPLETE"]).await;
    for stage in [&mut new, &mut old] {
        stage.refresh().await;
        stage.plan(&by_url(there)).await;
        let said = &stage.said.errors[0];
        assert_eq!(
            (said.attribute.to_string(), said.summary.as_ref()),
            ("policy_url".to_string(), "The stack policy cannot be read"),
            "{:?}",
            stage.said
        );
        assert!(said.detail.contains("S3 does not give out https://b.s3.amazonaws.com/p"));
        assert!(said.detail.contains("`policy_body`"), "{said:?}");
        assert_eq!(turns(stage), [""; 0]);
    }

    let aws = old.cx().aws(None).await.unwrap();
    let lengthy = format!("{{\"Statement\": [], \"Id\": \"{}\"}}", "x".repeat(16_384));
    for (text, says) in [("<Error/>", "is not JSON"), (&lengthy, "CloudFormation takes 16384")] {
        let stored = aws.objects.store("mine", "policy.json", text.into(), "").await.unwrap();
        old.refresh().await;
        old.plan(&by_url(&stored.url)).await;
        let said = &old.said.errors[0];
        assert_eq!(said.attribute.to_string(), "policy_url");
        assert!(said.detail.contains(says), "{said:?}");
    }
}

/// What was there at the plan may be gone at the apply: nothing of the stack is changed then.
#[tokio::test(start_paused = true)]
async fn a_policy_that_has_gone_since_the_plan_stops_the_update_before_it_begins() {
    let mut stage = made(SHUT, &["UPDATE_COMPLETE"]).await;
    let aws = stage.cx().aws(None).await.unwrap();
    let url = aws.objects.store("mine", "policy.json", OPEN.into(), "").await.unwrap().url;
    stage.refresh().await;
    let planned = stage.plan(&by_url(&url)).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    stage.fake = stage.fake.clone().fail("fetch", AwsErrorKind::Gone);
    let cx = stage.cx();
    stage.carry_out(&cx, &by_url(&url), planned).await;
    assert_eq!(stage.said.errors[0].attribute.to_string(), "policy_url", "{:?}", stage.said);
    assert_eq!((turns(&stage), stage.fake.sets()), (vec![], vec![]));
}
