//! Outputs that an update leaves known, and those that came out otherwise.

use super::*;
use crate::cloudformation::changes::Replacement::{self, Always, Never, Perhaps};
use crate::cloudformation::changes::{Action, Change};

/// A template with an output of each kind.
const FORESEEN: &str = r#"{"Parameters": {"Size": {"Type": "String", "Default": "small"}, "Secret": {"Type": "String", "NoEcho": true, "Default": ""},
    "Plain": {"Type": "String", "Default": "p"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Made": {"Value": {"Ref": "T"}}, "Size": {"Value": {"Fn::Sub": "${Size}-${AWS::Region}"}}, "Plain": {"Value": {"Ref": "Plain"}},
    "Secret": {"Value": {"Ref": "Secret"}}}}"#;

fn foreseeing(size: &str) -> StackState {
    StackState {
        template_body: FORESEEN.to_string().into(),
        parameters: strings(&[("Size", size)]),
        ..config()
    }
}

fn gives_out(size: &str) -> [(&'static str, String); 4] {
    [
        ("Made", "arn".into()),
        ("Size", format!("{size}-us-east-1")),
        ("Plain", "p".into()),
        ("Secret", "hush".into()),
    ]
}

async fn made_foreseeing() -> Stage {
    let outputs = gives_out("large");
    let fake = Fake::default()
        .outputs(&outputs.each_ref().map(|(k, v)| (*k, v.as_str())))
        .secret("Secret");
    let mut stage = Stage::of(StackResource, fake);
    stage.apply(&foreseeing("large")).await;
    stage
}

async fn foreseen(stage: &mut Stage, config: &StackState) -> Vec<(String, Value<String>)> {
    stage.refresh().await;
    let planned = stage.plan(config).await.state.unwrap();
    StackState::read_object(&planned, &AttributePath::root())
        .unwrap()
        .outputs
        .unwrap()
        .into_iter()
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_update_foresees_what_known_names_decide_and_no_secret() {
    let mut stage = made_foreseeing().await;
    let known = |size: &str, plain: Value<String>| {
        let size = format!("{size}-us-east-1").into();
        let all = [
            ("Made", "arn".to_string().into()),
            ("Plain", plain),
            ("Secret", Value::Unknown),
            ("Size", size),
        ];
        all.map(|(name, value)| (name.to_string(), value)).to_vec()
    };
    let plain = || "p".to_string().into();
    assert_eq!(foreseen(&mut stage, &foreseeing("huge")).await, known("huge", plain()));
    let secret = StackState {
        parameters: strings(&[("Size", "large"), ("Secret", "hush")]),
        ..foreseeing("large")
    };
    assert_eq!(foreseen(&mut stage, &secret).await, known("large", plain()));
    // A value that stays out of the state stays out of the plan, whether or not the template calls it a secret.
    let kept_out = StackState {
        parameters_wo: strings(&[("Plain", "new")]),
        parameters_wo_version: 1.into(),
        ..foreseeing("large")
    };
    // That is refused, so nothing is compared.
    let open = ("Made".to_string(), Value::Unknown);
    assert_eq!(
        foreseen(&mut stage, &kept_out).await,
        [&[open], &known("large", Value::Unknown)[1..]].concat()
    );
    stage.fake =
        stage.fake.clone().outputs(&gives_out("huge").each_ref().map(|(k, v)| (*k, v.as_str())));
    stage.apply(&foreseeing("huge")).await;
}

/// What the update would do to the topic that an output gives out.
fn topic(replacement: Replacement) -> Vec<Change> {
    vec![Change {
        action: Action::Modify,
        logical_id: "T".into(),
        kind: "AWS::SNS::Topic".into(),
        replacement,
        ..Change::default()
    }]
}

#[tokio::test(start_paused = true)]
async fn what_aws_fixes_stays_known_while_it_is_not_replaced() {
    for (replacement, known) in [(Never, true), (Perhaps, false), (Always, false)] {
        let mut stage = made_foreseeing().await;
        stage.fake = stage.fake.clone().would(topic(replacement)).would(topic(replacement));
        let outputs = foreseen(&mut stage, &foreseeing("huge")).await;
        assert_eq!(outputs[0].1.is_value(), known, "{replacement:?}: {outputs:?}");
        // Without a look it is compared all the same, and the answer is the same.
        let planned = stage.plan(&foreseeing("huge")).await.state.unwrap();
        let planned = StackState::read_object(&planned, &AttributePath::root()).unwrap();
        assert_eq!(planned.outputs.unwrap()["Made"].is_value(), known, "{replacement:?}");
        assert!(stage.said.warnings.is_empty(), "{:?}", stage.said);
    }
    // Who wants no preview gets none: what AWS decides is then open.
    let mut stage = made_foreseeing().await;
    let without = StackState { preview: false.into(), ..foreseeing("huge") };
    assert!(foreseen(&mut stage, &without).await[0].1.is_unknown());
}

/// `-minimal-refresh`: the first plan asks CloudFormation to compare nothing and leaves open what that decides; the second one compares, once.
#[tokio::test(start_paused = true)]
async fn a_plan_that_may_be_thrown_away_makes_no_change_set() {
    let mut stage = made_foreseeing().await;
    stage.fake = stage.fake.clone().would(topic(Never));
    let compared = |stage: &Stage| {
        stage.fake.calls().iter().filter(|call| call.starts_with("propose")).count()
    };
    let made = |planned: &crate::kinds::resource::Planned| {
        let planned = planned.state.as_ref().unwrap();
        let planned = StackState::read_object(planned, &AttributePath::root()).unwrap();
        planned.outputs.unwrap()["Made"].clone()
    };
    let cx = Cx { provisional: true, ..stage.cx() };
    let first = stage.plan_in(&cx, &foreseeing("huge")).await;
    assert_eq!((compared(&stage), made(&first)), (0, Value::Unknown));
    assert_ne!(first.state, stage.state);
    // It is kept as it is with `-refresh=false`: its apply plans the same, and makes what it leaves open.
    let cx = Cx { first: first.private.clone(), ..stage.fake.cx() };
    assert_eq!(stage.plan_in(&cx, &foreseeing("huge")).await.state, first.state);
    assert_eq!(compared(&stage), 0);
    let cx = Cx { provisional: true, ..stage.cx() };
    stage.refresh_in(&cx).await;
    let second = stage.plan_in(&cx, &foreseeing("huge")).await;
    assert_eq!((compared(&stage), made(&second).is_value()), (1, true));
    stage.fake =
        stage.fake.clone().outputs(&gives_out("huge").each_ref().map(|(k, v)| (*k, v.as_str())));
    let cx = stage.cx();
    stage.carry_out(&cx, &foreseeing("huge"), second).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
}

/// The plan held it for fixed, and the stack has come to another place since: nothing is carried out.
#[tokio::test(start_paused = true)]
async fn what_is_replaced_after_all_is_not_carried_out() {
    let mut stage = made_foreseeing().await;
    stage.refresh().await;
    stage.fake = stage.fake.clone().would(topic(Never));
    let planned = stage.plan(&foreseeing("huge")).await;
    stage.fake = stage.fake.clone().would(topic(Always));
    let cx = stage.cx();
    stage.carry_out(&cx, &foreseeing("huge"), planned).await;
    let said = format!("{:?}", stage.said);
    assert!(stage.said.failed() && said.contains("T (AWS::SNS::Topic)"), "{said}");
    assert!(!stage.fake.calls().iter().any(|call| call.starts_with("execute")), "{said}");
    assert_eq!(stage.fake.sets(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn while_parameters_are_unknown_so_is_what_they_decide() {
    let mut stage = made_foreseeing().await;
    let open = StackState { parameters: Value::Unknown, ..foreseeing("large") };
    assert!(foreseen(&mut stage, &open).await.iter().all(|(_, value)| *value == Value::Unknown));
}

#[tokio::test(start_paused = true)]
async fn outputs_that_came_out_otherwise_are_told_in_our_words() {
    let mut stage = made_foreseeing().await;
    stage.apply_in(&stage.fake.cx(), &foreseeing("huge")).await;
    assert!(
        stage.said.errors[0].detail.contains("gives out something else than planned: `Size`"),
        "{:?}",
        stage.said
    );
    assert_eq!(stage.changes(&foreseeing("huge")).await, Vec::<String>::new());
}

/// Whichever word asks for it: the value is in no plan and no message, although an output would give it out.
#[tokio::test(start_paused = true)]
async fn no_word_for_noecho_shows_a_secret() {
    for word in ["on", "Yes", "TRUE", "\"true\"", "\"TRUE\"", "'yes'", "1"] {
        let text = format!(
            "Parameters:\n  Secret: {{Type: String, NoEcho: {word}, AllowedPattern: '[a-z-]+'}}\n  Size: {{Type: String}}\n\
             Resources: {{T: {{Type: AWS::SNS::Topic}}}}\nOutputs: {{Out: {{Value: !Ref Secret}}}}\n"
        );
        for (secret, fits) in [("only-mine", true), ("ONLY_MINE", false)] {
            let config = StackState {
                template_body: text.clone().into(),
                parameters_wo: strings(&[("Secret", secret)]),
                parameters_wo_version: 1.into(),
                ..config()
            };
            let mut stage = Stage::of(StackResource, Fake::default().secret("Secret"));
            let planned = stage.planned_in(&stage.cx(), &config).await;
            assert_eq!(stage.said.failed(), !fits, "{word}: {:?}", stage.said);
            assert!(!format!("{:?}", stage.said).contains(secret), "{word}: {:?}", stage.said);
            let shown = planned.map(|planned| format!("{:?}", planned.state));
            assert!(!shown.unwrap_or_default().contains(secret), "{word}");
        }
    }
}
