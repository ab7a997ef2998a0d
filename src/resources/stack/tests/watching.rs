//! What a plan says of watching, and when it does not; and a rollback that is forced.

use std::sync::Arc;

use super::*;
use crate::cloudformation::changes::{Action, Change};
use crate::cloudformation::stack::Part;
use crate::cx::{ByHand, Settings};

const COMMAND: &str =
    "To watch it, in another terminal: `bin/quilt watch prod --wait --region us-east-1`";

fn known(cx: Cx) -> Cx {
    let by_hand = Some(ByHand { program: "bin/quilt".into(), options: vec![] });
    Cx { settings: Arc::new(Settings { by_hand, ..(*cx.settings).clone() }), ..cx }
}

fn told(stage: &Stage) -> Vec<String> {
    stage.said.warnings.iter().map(|w| format!("{}\n{}", w.summary, w.detail)).collect()
}

fn bigger() -> StackState {
    StackState { parameters: strings(&[("Size", "huge")]), ..config() }
}

#[tokio::test(start_paused = true)]
async fn a_creation_is_told_how_to_be_watched_and_nothing_to_do_is_not() {
    let mut stage = Stage::new(Fake::default());
    let cx = known(stage.cx());
    let planned = stage.plan_in(&cx, &config()).await;
    let said = format!("Stack prod can be watched while it is made\n{COMMAND}");
    assert_eq!(told(&stage), [said.as_str()]);

    // The second planning, within the apply, is told what the first has found.
    let again = Cx { first: planned.private.clone(), ..known(stage.cx()) };
    stage.run.begin();
    stage.plan_in(&again, &config()).await;
    assert!(!stage.said.failed() && told(&stage).is_empty(), "{:?}", stage.said);

    stage.carry_out(&cx, &config(), planned).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    stage.run.begin();
    stage.refresh().await;
    let cx = known(stage.cx());
    stage.plan_in(&cx, &config()).await;
    assert_eq!(told(&stage), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_is_refused_is_not_told_of() {
    let mut stage = Stage::new(Fake::default());
    let cx = known(stage.cx());
    let wrong = StackState { parameters: strings(&[("Sise", "large")]), ..config() };
    stage.planned_in(&cx, &wrong).await;
    assert!(stage.said.failed() && told(&stage).is_empty(), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn an_update_of_resources_is_told_how_to_be_watched() {
    let mut stage = made().await;
    stage.refresh().await;
    let change = Change {
        action: Action::Add,
        logical_id: "Q".into(),
        kind: "AWS::SQS::Queue".into(),
        ..Change::default()
    };
    stage.fake = stage.fake.clone().would(vec![change]);
    let cx = known(stage.cx());
    stage.plan_in(&cx, &bigger()).await;
    let said = told(&stage);
    assert!(said.len() == 1 && said[0].ends_with(COMMAND), "{said:?}");

    // What changes no resource is over at once.
    stage.fake = stage.fake.clone().would(vec![]);
    stage.refresh().await;
    let cx = known(stage.cx());
    stage.plan_in(&cx, &bigger()).await;
    assert!(!told(&stage).concat().contains("watch"), "{:?}", told(&stage));
}

#[tokio::test(start_paused = true)]
async fn a_forced_rollback_names_what_it_skips_and_goes_on_with_the_update() {
    let mut stage = made().await;
    stage.fake.becomes("prod", "UPDATE_ROLLBACK_FAILED");
    let part = Part {
        logical_id: "T".into(),
        kind: "AWS::SNS::Topic".into(),
        physical_id: "t-1".into(),
        status: "UPDATE_FAILED".into(),
        reason: Some("broken".into()),
    };
    stage.fake = stage.fake.clone().stands("prod", part);
    stage.refresh().await;
    let forced = StackState { on_rollback_failed: "force_rollback".to_string().into(), ..bigger() };
    stage.apply(&forced).await;
    let skipped = "These could not be rolled back, and count as rolled back, whatever they are:\nT (AWS::SNS::Topic): broken";
    assert!(told(&stage).concat().contains(skipped), "{:?}", told(&stage));
    let calls = stage.fake.calls();
    let at = |call: &str| calls.iter().position(|c| c.starts_with(call));
    assert!(
        at("continue_rollback (forced)").is_some_and(|forced| at("execute") > Some(forced)),
        "{calls:?}"
    );
    assert_eq!(stage.changes(&forced).await, Vec::<String>::new());
}

#[test]
fn all_and_some_are_not_skipped_at_once() {
    let mut d = Diagnostics::default();
    let ids: Value<Set<Value<String>>> = Set(vec!["T".to_string().into()]).into();
    let both = StackState {
        on_rollback_failed: "force_rollback".to_string().into(),
        rollback_resources_to_skip: ids,
        ..config()
    };
    Resource::validate(&StackResource, &both, &mut d);
    let titles: Vec<&str> = d.errors.iter().map(|e| &*e.summary).collect();
    assert_eq!(titles, ["Two answers to one question"]);
}
