//! A new stack that takes over what another one has.

use super::*;
use crate::cloudformation::stack::{Order, Parameter};

const NEW: &str = r#"{"Parameters": {"QuiltWebHost": {"Type": "String", "AllowedPattern": "[a-z]+\\.example\\.com"}, "Size": {"Type": "String", "Default": "small"},
    "CertificateArnELB": {"Type": "String"}, "DBPassword": {"Type": "String", "NoEcho": true, "Default": ""}, "VPC": {"Type": "String"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

async fn old(parameters: &[(&str, &str)]) -> Fake {
    let fake = Fake::default().secret("DBPassword");
    let parameters =
        parameters.iter().map(|(k, v)| (k.to_string(), Parameter::Value(v.to_string()))).collect();
    let order = Order { name: "old".into(), parameters, ..Order::default() };
    fake.cx().aws(None).await.unwrap().stacks.create(&order, "t").await.unwrap();
    fake
}

fn inheritance() -> StackState {
    StackState {
        template_body: NEW.to_string().into(),
        inherit_parameters_from: "old".to_string().into(),
        parameters: strings(&[("VPC", "vpc-new")]),
        ..config()
    }
}

const OLD: [(&str, &str); 5] = [
    ("QuiltWebHost", "quilt.example.com"),
    ("Size", "large"),
    ("CertificateArn", "arn:cert"),
    ("DBPassword", "hunter2"),
    ("VPC", "vpc-old"),
];

#[tokio::test(start_paused = true)]
async fn what_both_have_is_taken_over_once() {
    let mut stage = Stage::of(StackResource, old(&OLD).await);
    let planned = StackState::read_object(
        &stage.plan(&inheritance()).await.state.unwrap(),
        &AttributePath::root(),
    )
    .unwrap();
    assert_eq!(
        (planned.web_host, planned.url),
        ("quilt.example.com".to_string().into(), "https://quilt.example.com".to_string().into())
    );
    assert!(
        stage.said.warnings.iter().any(|w| w.detail.contains("`DBPassword`")),
        "{:?}",
        stage.said
    );
    stage.apply(&inheritance()).await;
    let told = stage.fake.stack("prod").unwrap().parameters;
    let expected = [
        ("QuiltWebHost", "quilt.example.com"),
        ("Size", "large"),
        ("CertificateArnELB", "arn:cert"),
        ("VPC", "vpc-new"),
    ];
    assert_eq!(told, expected.map(|(k, v)| (k.to_string(), v.to_string())).into());
    assert!(!String::from_utf8_lossy(&stage.private).contains("\"inherited\":{"));
    // The other stack may go.
    let aws = stage.fake.cx().aws(None).await.unwrap();
    stage.fake.deleted_outside("old").await;
    aws.stacks.find("old").await.unwrap();
    assert_eq!(stage.changes(&inheritance()).await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_was_planned_is_applied_though_the_other_stack_changed_meanwhile() {
    let mut stage = Stage::of(StackResource, old(&OLD).await);
    let planned = stage.plan(&inheritance()).await;
    let aws = stage.fake.cx().aws(None).await.unwrap();
    let changed = Order {
        name: "old".into(),
        parameters: [("Size".to_string(), Parameter::Value("huge".into()))].into(),
        ..Order::default()
    };
    aws.stacks.update("old", &changed, "t").await.unwrap();
    let change = crate::kinds::resource::Change {
        prior: None,
        planned: planned.state,
        config: inheritance().write_object(),
        private: planned.private,
    };
    let mut d = Diagnostics::default();
    AnyResource::apply(&StackResource, &stage.fake.cx(), change, &mut d).await;
    assert!(!d.failed(), "{d:?}");
    assert_eq!(stage.fake.stack("prod").unwrap().parameters["Size"], "large");
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_over_is_checked_like_what_is_written() {
    let mut stage = Stage::of(
        StackResource,
        old(&[("QuiltWebHost", "quilt.a.b.c"), ("CertificateArn", "arn:cert")]).await,
    );
    stage.plan(&inheritance()).await;
    assert_eq!(
        stage.said.errors.iter().map(|e| e.attribute.to_string()).collect::<Vec<_>>(),
        ["inherit_parameters_from"]
    );
    stage
        .plan(&StackState { web_host: "quilt.example.com".to_string().into(), ..inheritance() })
        .await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.plan(&inheritance()).await;
    assert_eq!(stage.said.errors[0].attribute.to_string(), "inherit_parameters_from");
    assert!(
        stage.said.errors[0].summary.starts_with("There is no stack old in us-east-1"),
        "{:?}",
        stage.said
    );
    assert_eq!(
        at(StackState { inherit_parameters_from: "prod".to_string().into(), ..inheritance() }),
        ["inherit_parameters_from"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_at_plan_is_looked_at_in_the_apply() {
    let mut stage = Stage::of(StackResource, old(&OLD).await);
    let unknown = StackState { inherit_parameters_from: Value::Unknown, ..inheritance() };
    let planned = stage.plan(&unknown).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    let state =
        StackState::read_object(planned.state.as_ref().unwrap(), &AttributePath::root()).unwrap();
    assert_eq!((state.web_host, state.url), (Value::Unknown, Value::Unknown));
    let mut known = planned.state.unwrap();
    known.insert("inherit_parameters_from".into(), crate::tf::Tree::String("old".into()));
    let change = crate::kinds::resource::Change {
        prior: None,
        planned: Some(known),
        config: inheritance().write_object(),
        private: planned.private,
    };
    let mut d = Diagnostics::default();
    let answer = AnyResource::apply(&StackResource, &stage.fake.cx(), change, &mut d).await;
    assert!(!d.failed(), "{d:?}");
    assert_eq!(
        answer.state.unwrap()["url"],
        crate::tf::Tree::String("https://quilt.example.com".into())
    );
}

/// Template and state of a deployment that is there already, and of the one that takes over from it.
#[tokio::test(start_paused = true)]
async fn what_the_two_share_is_named_at_plan() {
    let canary = |name: &str| {
        let resources = format!(
            r#""Resources": {{"C": {{"Type": "AWS::Synthetics::Canary", "Properties": {{"Name": "{name}"}}}}"#
        );
        NEW.replace(r#""Resources": {"#, &format!("{resources}, "))
    };
    let order = Order {
        name: "old".into(),
        template: crate::cloudformation::stack::Template::Body(canary("build-search").into()),
        parameters: OLD
            .iter()
            .map(|(k, v)| (k.to_string(), Parameter::Value(v.to_string())))
            .collect(),
        ..Order::default()
    };
    let fake = Fake::default().secret("DBPassword");
    fake.cx().aws(None).await.unwrap().stacks.create(&order, "t").await.unwrap();
    let mut stage = Stage::of(StackResource, fake);
    let next = |name: &str| StackState { template_body: canary(name).into(), ..inheritance() };
    let said = |stage: &Stage| {
        stage.said.warnings.iter().map(|w| w.summary.to_string()).collect::<Vec<_>>()
    };
    stage.plan(&next("build-search")).await;
    let serves = "old goes on serving quilt.example.com";
    assert_eq!(said(&stage)[1..], ["Names are taken by old", serves], "{:?}", stage.said);
    assert!(
        stage.said.warnings[1].detail.contains("canary build-search")
            && stage.said.warnings[2].detail.contains("begins empty")
    );
    stage.plan(&next("other-search")).await;
    assert_eq!(said(&stage)[1..], [serves]);
    stage
        .plan(&StackState {
            web_host: "other.example.com".to_string().into(),
            ..next("other-search")
        })
        .await;
    assert_eq!(said(&stage).len(), 1, "{:?}", stage.said);
}
