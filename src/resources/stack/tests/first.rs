//! The second plan of a change, within its apply: it takes what the first one found; and the apply does no more than was planned.

use super::*;
use crate::cloudformation::changes::{Action, Change, Replacement};

fn bigger() -> StackState {
    StackState { parameters: strings(&[("Size", "huge")]), ..config() }
}

fn change(id: &str, replacement: Replacement) -> Vec<Change> {
    let kind = "AWS::SNS::Topic".to_string();
    vec![Change {
        action: Action::Modify,
        logical_id: id.into(),
        kind,
        replacement,
        ..Change::default()
    }]
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
    assert_eq!(
        (stage.fake.calls()[calls..].to_vec(), second.state == first.state),
        (Vec::<String>::new(), true)
    );
    assert_eq!(second.private, first.private);
    let other = StackState {
        template_body: TEMPLATE.replace("AWS::SNS::Topic", "AWS::SQS::Queue").into(),
        ..bigger()
    };
    stage.plan_in(&cx, &other).await;
    assert!(
        stage.said.errors[0].summary.contains("The template changed since the plan was made."),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_plan_did_not_show_is_not_carried_out() {
    let mut stage = looked_at().await;
    stage.fake = stage
        .fake
        .clone()
        .would(change("T", Replacement::Never))
        .would(change("T", Replacement::Always));
    stage.apply_in(&stage.fake.cx(), &bigger()).await;
    assert!(
        stage.said.errors[0].detail.contains("holds for safe: T (AWS::SNS::Topic)"),
        "{:?}",
        stage.said
    );
    assert_eq!(
        (stage.fake.calls().contains(&"execute".to_string()), stage.fake.sets()),
        (false, vec![])
    );
    assert!(!String::from_utf8(stage.private.clone()).unwrap().contains("found"));
    let mut stage = looked_at().await;
    stage.fake = stage
        .fake
        .clone()
        .would(change("T", Replacement::Always))
        .would(change("T", Replacement::Always));
    stage.apply(&bigger()).await;
}

/// The apply that was refused is remembered: the next plan leaves open what rests on it, and gets through; what holds data is named besides.
#[tokio::test(start_paused = true)]
async fn the_plan_after_a_refused_one_gets_through() {
    let tagged = StackState { tags: strings(&[("Team", "data")]), ..config() };
    for (kind, allowed) in [("AWS::SNS::Topic", false), ("AWS::S3::Bucket", true)] {
        let mut stage = looked_at().await;
        let would =
            || vec![Change { kind: kind.into(), ..change("T", Replacement::Always).remove(0) }];
        stage.fake = stage.fake.clone().would(would());
        stage.apply_in(&stage.fake.cx(), &tagged).await;
        let plan_again = stage.said.errors[0].detail.contains("leaves open what rests on it");
        assert_eq!((stage.said.failed(), plan_again), (true, !allowed), "{:?}", stage.said);
        stage.refresh().await;
        let allow = Set(vec![Value::Value("T".to_string())]).into();
        let second = StackState {
            allow_replacement: if allowed { allow } else { Value::Null },
            ..tagged.clone()
        };
        let planned = stage.plan(&second).await.state.unwrap();
        let planned = StackState::read_object(&planned, &AttributePath::root()).unwrap();
        assert_eq!(planned.outputs, Value::Value([("Url".to_string(), Value::Unknown)].into()));
        assert!(
            stage.said.warnings.iter().any(|w| w.summary.contains("may replace or delete T")),
            "{:?}",
            stage.said
        );
        stage.fake = stage.fake.clone().outputs(&[("Url", "https://new")]).would(would());
        stage.apply(&second).await;
        assert_eq!(stage.get().outputs, strings(&[("Url", "https://new")]));
        assert!(
            stage.fake.calls().contains(&"execute".to_string())
                && !String::from_utf8(stage.private.clone()).unwrap().contains("replaces")
        );
        assert_eq!(stage.changes(&second).await, [""; 0]);
    }
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
