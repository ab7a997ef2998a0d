//! What a plan shows of an update, and what it does not.

use super::*;
use crate::cloudformation::changes::{Action, Change, Progress, Proposal, Replacement};
use crate::outcome::AwsErrorKind;

fn bigger() -> StackState {
    StackState { parameters: strings(&[("Size", "huge")]), ..config() }
}

fn sets(stage: &Stage) -> Vec<String> {
    let about = ["propose", "proposal", "execute", "withdraw", "proposals"];
    stage
        .fake
        .calls()
        .iter()
        .map(|c| c.split(' ').next().unwrap().to_string())
        .filter(|c| about.contains(&c.as_str()))
        .collect()
}

fn replaced() -> Vec<Change> {
    let kind = "AWS::S3::Bucket".to_string();
    vec![Change {
        action: Action::Modify,
        logical_id: "Data".into(),
        kind,
        replacement: Replacement::Always,
        ..Change::default()
    }]
}

fn warnings(stage: &Stage) -> Vec<String> {
    stage.said.warnings.iter().map(|w| w.summary.to_string()).collect()
}

async fn looked_at() -> Stage {
    let mut stage = made().await;
    stage.refresh().await;
    stage
}

#[tokio::test(start_paused = true)]
async fn an_update_is_shown_once_for_each_look() {
    let mut stage = looked_at().await;
    let change = Change {
        action: Action::Add,
        logical_id: "Q".into(),
        kind: "AWS::SQS::Queue".into(),
        ..Change::default()
    };
    stage.fake = stage.fake.clone().would(vec![change]);
    stage.plan(&bigger()).await;
    assert_eq!(warnings(&stage), ["Stack prod: 1 added"]);
    assert_eq!(
        stage.said.warnings[0].detail,
        "What the apply will do to its resources:\nAdd:\n- AWS::SQS::Queue: Q"
    );
    assert_eq!(sets(&stage), ["propose", "proposal", "withdraw"]);
    // A plan without a look compares without a word: it may be the one within the apply of a saved plan.
    stage.plan(&bigger()).await;
    assert_eq!((sets(&stage).len(), warnings(&stage), stage.fake.sets()), (6, vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn what_touches_no_resource_is_not_compared() {
    let mut stage = looked_at().await;
    stage.plan(&config()).await;
    stage.plan(&StackState { tags: strings(&[("Team", "data")]), ..config() }).await;
    stage.plan(&StackState { preview: false.into(), ..bigger() }).await;
    assert_eq!(sets(&stage), [""; 0]);
    stage.plan(&bigger()).await;
    assert_eq!(warnings(&stage), [""; 0], "the look was used up by the plan that asked for none");
    stage.refresh().await;
    let outputs = Proposal { progress: Progress::Empty, changes: vec![] };
    stage.fake = stage.fake.clone().compares(vec![outputs]);
    stage.plan(&bigger()).await;
    assert_eq!(
        (warnings(&stage), stage.fake.sets()),
        (vec!["Stack prod: no resource changes".to_string()], vec![])
    );
}

#[tokio::test(start_paused = true)]
async fn what_would_be_lost_is_an_error_of_the_plan() {
    let places = [
        (bigger(), "parameters"),
        (
            StackState {
                allow_replacement: Set(vec!["Other".to_string().into()]).into(),
                ..bigger()
            },
            "allow_replacement",
        ),
        (
            StackState {
                template_body: TEMPLATE.replace("AWS::SNS::Topic", "AWS::SQS::Queue").into(),
                ..config()
            },
            "template_body",
        ),
    ];
    for (config, place) in places {
        let mut stage = looked_at().await;
        stage.fake = stage.fake.clone().would(replaced());
        stage.plan(&config).await;
        assert_eq!(stage.said.errors[0].attribute.to_string(), place);
        assert!(
            stage.said.errors[0].detail.contains("allow_replacement = [\"Data\"]"),
            "{:?}",
            stage.said
        );
        assert_eq!(stage.fake.sets(), [""; 0]);
    }
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().would(replaced());
    stage
        .plan(&StackState {
            allow_replacement: Set(vec!["Data".to_string().into()]).into(),
            ..bigger()
        })
        .await;
    assert_eq!(
        (stage.said.failed(), warnings(&stage)),
        (false, vec!["Stack prod: 1 replaced".to_string()])
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_preview_the_plan_goes_on() {
    for kind in [AwsErrorKind::Denied, AwsErrorKind::State, AwsErrorKind::Later] {
        let mut stage = looked_at().await;
        stage.fake = stage.fake.clone().fail("propose", kind);
        stage.plan(&bigger()).await;
        assert_eq!(
            (stage.said.failed(), warnings(&stage)),
            (false, vec!["Stack prod: no preview of its changes".to_string()]),
            "{kind:?}"
        );
    }
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().fail("propose", AwsErrorKind::Invalid);
    stage.plan(&bigger()).await;
    assert!(stage.said.failed(), "the apply would meet the same");
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().compares(vec![Proposal {
        progress: Progress::Failed("no such thing".into()),
        changes: vec![],
    }]);
    stage.plan(&bigger()).await;
    assert!(stage.said.errors[0].detail.contains("no such thing"), "{:?}", stage.said);
    let mut stage = looked_at().await;
    stage.fake = stage.fake.clone().fail("withdraw", AwsErrorKind::Denied);
    stage.plan(&bigger()).await;
    assert!(
        stage.said.warnings[0].detail.contains("could not be deleted afterwards"),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_yet_is_not_compared() {
    let mut stage = looked_at().await;
    let unknown = Value::Value([("Size".to_string(), Value::Unknown)].into());
    stage.plan(&StackState { parameters: unknown, ..config() }).await;
    assert_eq!(
        (sets(&stage), warnings(&stage)),
        (vec![], vec!["Stack prod: no preview of its changes".to_string()])
    );
    assert!(
        stage.said.warnings[0].detail.contains("only during the apply: `parameters`."),
        "{:?}",
        stage.said
    );
}

#[tokio::test(start_paused = true)]
async fn a_plan_makes_no_bucket() {
    let large = TEMPLATE.replace(
        "\"Outputs\"",
        &format!("\"Metadata\": {{\"X\": \"{}\"}}, \"Outputs\"", "x".repeat(60_000)),
    );
    let large = StackState { template_body: large.into(), ..config() };
    let mut stage = looked_at().await;
    stage.plan(&large).await;
    assert!(stage.said.warnings[0].detail.contains("a plan does not make it"), "{:?}", stage.said);
    let calls = stage.fake.calls();
    assert!(
        !calls.iter().any(|c| c.starts_with("ensure_bucket")
            || c.starts_with("store")
            || c.starts_with("propose")),
        "{calls:?}"
    );
    stage.apply(&large).await;
    stage.refresh().await;
    stage.plan(&StackState { parameters: strings(&[("Size", "huge")]), ..large }).await;
    assert_eq!(warnings(&stage), ["Stack prod: no resource changes"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_while_it_is_compared_leaves_nothing() {
    let mut stage = looked_at().await;
    let comparing = vec![Proposal { progress: Progress::Comparing, changes: vec![] }];
    stage.fake = stage.fake.clone().compares(comparing);
    let (fake, refreshed) = (stage.fake.clone(), stage.refreshed.clone());
    let cx = crate::cx::Cx { refreshed, ..fake.cx() };
    cx.stops_after(std::time::Duration::from_secs(5));
    stage.plan_in(&cx, &bigger()).await;
    assert!(
        stage.said.errors[0].detail.contains("Nothing was changed. Run the same command again."),
        "{:?}",
        stage.said
    );
    assert_eq!(fake.sets(), [""; 0]);
}
