//! The second plan of a change, within its apply: it takes what the first one found; and the apply does no more than was planned.

use super::*;
use crate::quilt::changes::{Action, Change, Replacement};

fn bigger() -> StackState {
    StackState { parameters: strings(&[("Size", "huge")]), ..config() }
}

fn change(id: &str, replacement: Replacement) -> Vec<Change> {
    let kind = "AWS::SNS::Topic".to_string();
    vec![Change { action: Action::Modify, logical_id: id.into(), kind, replacement, ..Change::default() }]
}

async fn looked_at() -> Stage {
    let mut stage = made().await;
    stage.refresh().await;
    stage
}

/// Terraform hands on what the first plan remembered.
#[tokio::test(start_paused = true)]
async fn the_second_plan_asks_aws_for_nothing() {
    let mut stage = looked_at().await;
    let first = stage.plan(&bigger()).await;
    stage.refresh().await;
    let calls = stage.fake.calls().len();
    let cx = Cx { first: first.private.clone(), ..stage.cx() };
    let second = stage.plan_in(&cx, &bigger()).await;
    assert_eq!((stage.fake.calls()[calls..].to_vec(), second.state == first.state), (Vec::<String>::new(), true));
    assert_eq!(second.private, first.private);
    let other = StackState { template_body: TEMPLATE.replace("AWS::SNS::Topic", "AWS::SQS::Queue").into(), ..bigger() };
    stage.plan_in(&cx, &other).await;
    assert!(stage.said.errors[0].summary.contains("The template changed since the plan was made."), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn what_the_plan_did_not_show_is_not_carried_out() {
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().would(change("T", Replacement::Never)).would(change("T", Replacement::Always));
    stage.apply_in(&stage.fake.cx(), &bigger()).await;
    assert!(stage.said.errors[0].detail.contains("holds for safe: T (AWS::SNS::Topic)"), "{:?}", stage.said);
    assert_eq!((stage.fake.calls().contains(&"execute".to_string()), stage.fake.sets()), (false, vec![]));
    assert!(!String::from_utf8(stage.private.clone()).unwrap().contains("found"));
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().would(change("T", Replacement::Always)).would(change("T", Replacement::Always));
    stage.apply(&bigger()).await;
}

/// Other tags alone leave outputs known, which rest on what they name.
#[tokio::test(start_paused = true)]
async fn what_known_outputs_rest_on_is_not_replaced() {
    let tagged = StackState { tags: strings(&[("Team", "data")]), ..config() };
    for (replacement, refused) in [(Replacement::Always, true), (Replacement::Never, false)] {
        let mut stage = looked_at().await;
        stage.fake = stage.fake.clone().would(change("T", replacement));
        stage.apply_in(&stage.fake.cx(), &tagged).await;
        assert_eq!(stage.said.failed(), refused, "{:?}", stage.said);
        assert_eq!(stage.fake.calls().contains(&"execute".to_string()), !refused);
    }
}
