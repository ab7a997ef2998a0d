//! The life of a `quilt_stack` against an AWS in memory.

use crate::aws::fake::Fake;
use crate::kinds::resource::{AnyResource, Source};
use crate::tf::{Diagnostics, Object, Report, State};

use super::inputs::{DatabaseInput, SearchInput};
use super::*;
use crate::resources::timeouts::Timeouts;
use crate::tf::{AttributePath, Set};

mod admin;
mod catalogued;
mod connect;
mod first;
mod foreseen;
mod imported;
mod inherit;
mod networks;
mod policy;
mod preview;
mod rules;
mod secrets;
mod stored;
mod watching;
mod wiring;

const TEMPLATE: &str = r#"{"Parameters": {"Size": {"Type": "String", "Default": "small"}, "Secret": {"Type": "String", "NoEcho": true, "Default": ""}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"Url": {"Value": {"Ref": "T"}}}}"#;

type Stage = crate::resources::stage::Stage<StackResource>;

impl Stage {
    fn new(fake: Fake) -> Self {
        Self::of(StackResource, fake.outputs(&[("Url", "https://q")]).secret("Secret"))
    }
}

fn strings(pairs: &[(&str, &str)]) -> Value<Strings> {
    Value::Value(pairs.iter().map(|(k, v)| (k.to_string(), v.to_string().into())).collect())
}

fn config() -> StackState {
    StackState {
        name: "prod".to_string().into(),
        template_body: TEMPLATE.to_string().into(),
        parameters: strings(&[("Size", "large")]),
        ..StackState::default()
    }
}

async fn made() -> Stage {
    let mut stage = Stage::new(Fake::default().script(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]));
    stage.apply(&config()).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn create_read_and_nothing_to_do() {
    let mut stage = made().await;
    let state = stage.get();
    assert_eq!(
        (state.status.unwrap().as_str(), state.enable_termination_protection),
        ("CREATE_COMPLETE", true.into())
    );
    assert_eq!(state.outputs, strings(&[("Url", "https://q")]));
    let none: Vec<String> = vec![];
    assert_eq!(stage.changes(&config()).await, none);
    let calls = stage.fake.calls().len();
    assert_eq!(stage.changes(&config()).await, none);
    assert_eq!(stage.fake.calls()[calls..], ["find"]);
}

#[tokio::test(start_paused = true)]
async fn layout_is_no_change_and_content_is() {
    let mut stage = made().await;
    let yaml = "# the same\nResources:\n  T: {Type: AWS::SNS::Topic}\nOutputs: {Url: {Value: !Ref T}}\nParameters:\n  Size: {Type: String, Default: small}\n  Secret: {Type: String, NoEcho: true, Default: ''}\n";
    let same = StackState { template_body: yaml.to_string().into(), ..config() };
    assert_eq!(stage.changes(&same).await, Vec::<String>::new());
    let other = StackState {
        template_body: yaml.replace("Value: !Ref T", "Value: !GetAtt T.TopicName").into(),
        ..config()
    };
    assert!(stage.changes(&other).await.contains(&"outputs".to_string()));
}

#[tokio::test(start_paused = true)]
async fn tags_alone_leave_every_output_known() {
    let mut stage = made().await;
    let tagged = StackState { tags: strings(&[("Team", "data")]), ..config() };
    assert_eq!(stage.changes(&tagged).await, ["status", "tags", "tags_all"]);
    stage.apply(&tagged).await;
    assert_eq!(stage.fake.stack("prod").unwrap().tags.len(), 1);
    assert_eq!(stage.changes(&tagged).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn words_that_allow_something_are_noted_without_a_call() {
    let ids: Value<Set<Value<String>>> = Set(vec!["T".to_string().into()]).into();
    let words = [
        StackState { preview: false.into(), ..config() },
        StackState { allow_version_skip: true.into(), ..config() },
        StackState { allow_replacement: ids.clone(), ..config() },
        StackState { retain_resources: ids.clone(), ..config() },
        StackState {
            rollback_resources_to_skip: ids,
            on_rollback_failed: "continue".to_string().into(),
            ..config()
        },
        StackState {
            deletion_mode: "FORCE_DELETE_STACK".to_string().into(),
            empty_buckets: true.into(),
            ..config()
        },
        StackState {
            timeouts: Timeouts { create: "4h".to_string().into(), ..Timeouts::default() }.into(),
            ..config()
        },
    ];
    for said in words {
        let mut stage = made().await;
        let calls = stage.fake.calls().len();
        stage.apply(&said).await;
        assert_eq!(stage.fake.calls()[calls..], [""; 0]);
        assert_eq!(stage.changes(&said).await, Vec::<String>::new());
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_changed_is_sent_and_the_rest_is_kept() {
    let mut stage = made().await;
    let changed = StackState { parameters: strings(&[("Size", "huge")]), ..config() };
    stage.apply(&changed).await;
    assert!(
        stage.fake.calls().contains(&"propose Size=***".to_string()),
        "{:?}",
        stage.fake.calls()
    );
    assert_eq!(stage.fake.stack("prod").unwrap().parameters["Size"], "huge");
    // A parameter that is no longer mentioned keeps its value: that is told once, is taken into the state, and changes nothing in AWS.
    let unmentioned = StackState { parameters: strings(&[]), ..config() };
    assert_eq!(stage.changes(&unmentioned).await, ["parameters"]);
    let calls = stage.fake.calls().len();
    stage.apply(&unmentioned).await;
    assert!(
        !stage.fake.calls()[calls..].iter().any(|call| call.starts_with("propose")),
        "{:?}",
        stage.fake.calls()
    );
    assert_eq!(stage.changes(&unmentioned).await, Vec::<String>::new());
    assert_eq!(stage.fake.stack("prod").unwrap().parameters["Size"], "huge");
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_a_creation_saves_it_untainted_and_the_next_apply_finishes() {
    let mut stage = Stage::new(Fake::default().script(&["CREATE_IN_PROGRESS"; 50]));
    let cx = stage.fake.cx();
    let timer = cx.stop.clone();
    tokio::spawn(async move {
        let _ =
            tokio::time::timeout(std::time::Duration::from_secs(20), std::future::pending::<()>())
                .await;
        timer.cancel();
    });
    stage.apply_in(&cx, &config()).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    assert_eq!(stage.get().status.unwrap(), "CREATE_IN_PROGRESS");
    let changes = stage.changes(&config()).await;
    assert!(changes.contains(&"outputs".to_string()), "{changes:?}");
    assert!(stage.said.warnings[0].summary.contains("resumes"));
}

#[tokio::test(start_paused = true)]
async fn a_rolled_back_creation_is_planned_anew() {
    let mut stage = Stage::new(Fake::default().script(&["ROLLBACK_COMPLETE"]));
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.said.failed());
    stage.refresh().await;
    let planned = stage.plan(&config()).await;
    assert_eq!(planned.replace, [AttributePath::new("id")]);
}

#[tokio::test(start_paused = true)]
async fn each_status_that_allows_nothing_but_a_deletion_is_planned_out_of() {
    for status in [
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "REVIEW_IN_PROGRESS",
        "CREATE_FAILED",
        "DELETE_IN_PROGRESS",
    ] {
        let mut stage = made().await;
        stage.fake.becomes("prod", status);
        stage.refresh().await;
        let planned = stage
            .plan(&StackState { enable_termination_protection: false.into(), ..config() })
            .await;
        assert_eq!(planned.replace, [AttributePath::new("id")], "{status}");
        assert_eq!(planned.state.unwrap()["id"], crate::tf::Tree::Unknown, "{status}");
        assert!(stage.said.warnings[0].detail.contains(status), "{status}: {:?}", stage.said);
    }
}

/// For CloudFormation other topics alone may be nothing to update.
#[tokio::test(start_paused = true)]
async fn topics_that_cloudformation_keeps_are_told() {
    let mut stage = made().await;
    let topics = |name: &str| -> Value<Set<Value<String>>> {
        Set(vec![format!("arn:aws:sns:us-east-1:123456789012:{name}").into()]).into()
    };
    let nothing = crate::cloudformation::changes::Proposal {
        progress: crate::cloudformation::changes::Progress::Empty,
        changes: vec![],
    };
    stage.fake = stage
        .fake
        .clone()
        .compares(vec![nothing])
        .fail("update", crate::outcome::AwsErrorKind::NoChange);
    let wanted = StackState { notification_arns: topics("new"), ..config() };
    stage.apply(&wanted).await;
    let told = stage
        .said
        .warnings
        .iter()
        .find(|w| w.summary == "The topics are not changed")
        .expect("it is told");
    assert!(told.detail.contains("keeps the topics that the stack has (none)"), "{}", told.detail);
    assert!(
        stage.changes(&wanted).await.contains(&"notification_arns".to_string()),
        "the plan shows it until it is done"
    );
    stage.apply(&StackState { tags: strings(&[("Team", "data")]), ..wanted.clone() }).await;
    assert_eq!(stage.fake.stack("prod").unwrap().notification_arns.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_keeps_the_prior_state() {
    let mut stage = made().await;
    let before = stage.get();
    stage.fake = stage.fake.clone().script(&[
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]);
    let changed = StackState { parameters: strings(&[("Size", "huge")]), ..config() };
    stage.apply_in(&stage.fake.cx(), &changed).await;
    assert!(stage.said.failed());
    assert_eq!(stage.get(), before);
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_outside_is_planned_anew() {
    let mut stage = made().await;
    stage.fake.deleted_outside(&stage.get().id.unwrap()).await;
    stage.refresh().await;
    assert_eq!(stage.state, None);
}

#[tokio::test(start_paused = true)]
async fn an_import_and_the_obvious_configuration_plan_nothing() {
    let mut stage = made().await;
    stage.private = vec![];
    stage.import("prod").await;
    let bare = || StackState { template_body: Value::Null, ..config() };
    assert_eq!(stage.changes(&bare()).await, Vec::<String>::new());
    assert_eq!(stage.get().template_body, Value::Null, "the configuration holds no text");
    assert_eq!(stage.get().enable_termination_protection, true.into());
    // One that means the same comes into the state, and nothing is written.
    assert_eq!(stage.changes(&config()).await, ["template_body"]);
    stage.apply(&config()).await;
    let about = ["create", "propose", "update", "execute"];
    let writes = stage.fake.calls();
    let writes = writes.iter().filter(|c| about.contains(&c.split(' ').next().unwrap_or_default()));
    assert_eq!(writes.count(), 1, "{:?}", stage.fake.calls());
    assert_eq!(stage.changes(&config()).await, Vec::<String>::new());
}

/// Without a source the stack keeps the template it has: parameters are checked against it and changed without it.
#[tokio::test(start_paused = true)]
async fn a_stack_without_a_template_source_keeps_its_template() {
    let mut stage = made().await;
    let bare = |size: &str| StackState {
        template_body: Value::Null,
        parameters: strings(&[("Size", size)]),
        ..config()
    };
    let held = stage.fake.stack("prod").unwrap().parameters["Size"].clone();
    assert_eq!(stage.changes(&bare(&held)).await, ["template_body"]);
    stage.apply(&bare("huge")).await;
    assert_eq!(stage.fake.stack("prod").unwrap().parameters["Size"], "huge");
    assert_eq!(stage.changes(&bare("huge")).await, Vec::<String>::new());
    let unknown = StackState { parameters: strings(&[("Sizes", "huge")]), ..bare("huge") };
    stage.plan(&unknown).await;
    assert!(stage.said.failed(), "its parameters are still checked: {:?}", stage.said);
    let mut new = Stage::new(Fake::default());
    new.plan(&bare("huge")).await;
    assert_eq!(new.said.errors[0].attribute.to_string(), "template_file");
    assert!(new.said.errors[0].detail.contains("import it"), "{:?}", new.said);
}

fn at(config: StackState) -> Vec<String> {
    let mut d = Diagnostics::default();
    AnyResource::validate(&StackResource, &config.write_object(), true, &mut d);
    d.errors.iter().map(|e| e.attribute.to_string()).collect()
}

#[test]
fn mistakes_are_pointed_at() {
    let text = |s: &str| Value::Value(s.to_string());
    assert_eq!(at(config()), Vec::<String>::new());
    assert_eq!(at(StackState { name: text("1x"), ..config() }), ["name"]);
    assert_eq!(at(StackState { template_file: text("x"), ..config() }), ["template_body"]);
    assert_eq!(at(StackState { template_body: Value::Null, ..config() }), [""; 0]);
    assert_eq!(at(StackState { on_failure: text("NOTHING"), ..config() }), ["on_failure"]);
    assert_eq!(
        at(StackState { on_failure: text("DELETE"), disable_rollback: true.into(), ..config() }),
        ["disable_rollback"]
    );
    assert_eq!(at(StackState { web_host: text("https://a.b.c"), ..config() }), ["web_host"]);
    assert_eq!(
        at(StackState { parameters: strings(&[("A", "****")]), ..config() }),
        ["parameters[\"A\"]"]
    );
    assert_eq!(at(StackState { policy_body: text("{"), ..config() }), ["policy_body"]);
    let twice = |host: &str| StackState {
        parameters: strings(&[("QuiltWebHost", "a.b.c")]),
        web_host: text(host),
        ..config()
    };
    assert_eq!(at(twice("d.e.f")), ["parameters[\"QuiltWebHost\"]"]);
    assert_eq!(at(twice("a.b.c")), Vec::<String>::new(), "what says the same twice is no mistake");
    assert_eq!(
        at(StackState {
            timeouts: Timeouts { create: text("soon"), ..Timeouts::default() }.into(),
            ..config()
        }),
        ["timeouts.create"]
    );
    assert_eq!(at(StackState { status: text("x"), ..config() }), ["status"]);
}

#[tokio::test(start_paused = true)]
async fn a_stack_of_hashicorp_aws_moves_over_and_plans_nothing() {
    let mut stage = made().await;
    let state = stage.state.take().unwrap();
    let old: Object = ["id", "name", "parameters", "template_body"]
        .into_iter()
        .map(|k| (k.to_string(), state[k].clone()))
        .collect();
    let source = |type_name: &str| Source {
        provider: "registry.terraform.io/hashicorp/aws".into(),
        type_name: type_name.into(),
    };
    stage.state = AnyResource::move_from(
        &StackResource,
        &source("aws_cloudformation_stack"),
        &old,
        &mut stage.said,
    );
    stage.private = vec![];
    assert_eq!(stage.changes(&config()).await, Vec::<String>::new());
    // As OpenTofu 1.10 to 1.12.3 names it; and somebody else's of that name.
    for (provider, moves) in [("aws", true), ("registry.example.com/acme/aws", false)] {
        let source = Source { provider: provider.into(), ..source("aws_cloudformation_stack") };
        let moved = AnyResource::move_from(&StackResource, &source, &old, &mut stage.said);
        assert_eq!(moved.is_some(), moves, "{provider}");
    }
    assert!(
        AnyResource::move_from(&StackResource, &source("aws_s3_bucket"), &old, &mut stage.said)
            .is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn parameters_that_lock_everybody_out_are_refused() {
    let template = r#"{"Parameters": {"PasswordAuth": {"Type": "String", "Default": "Enabled"}, "OktaAuth": {"Type": "String", "Default": "Disabled"},
        "OktaClientId": {"Type": "String", "Default": ""}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    let with = |pairs| StackState {
        template_body: template.to_string().into(),
        parameters: strings(pairs),
        ..config()
    };
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.plan(&with(&[("PasswordAuth", "Disabled")])).await;
    assert_eq!(stage.said.errors[0].attribute.to_string(), "parameters[\"PasswordAuth\"]");
    assert_eq!(stage.said.errors[0].summary, "Nobody could sign in");
    stage
        .plan(&with(&[
            ("PasswordAuth", "Disabled"),
            ("OktaAuth", "Enabled"),
            ("OktaClientId", "id"),
        ]))
        .await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
}
