//! After an import the state has the stack's parameters written down: what other arguments say of the same parameters is what is sent.

use super::*;
use crate::resources::stack::inputs::NetworkInput;

const BODY: &str = r#"{"Parameters": {"QuiltWebHost": {"Type": "String"}, "AdminEmail": {"Type": "String"}, "VPC": {"Type": "String"}, "Size": {"Type": "String"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

fn network(vpc: &str) -> Value<NetworkInput> {
    NetworkInput { vpc_id: vpc.to_string().into(), ..NetworkInput::default() }.into()
}

/// A configuration that names no parameters.
fn saying(email: &str, vpc: &str) -> StackState {
    StackState {
        template_body: BODY.to_string().into(),
        parameters: Value::Null,
        web_host: "quilt.example.com".to_string().into(),
        admin_email: email.to_string().into(),
        network: network(vpc),
        ..config()
    }
}

async fn imported() -> Stage {
    let mut stage = Stage::of(StackResource, Fake::default());
    let first = StackState {
        parameters: strings(&[("Size", "large")]),
        ..saying("a@example.com", "vpc-1")
    };
    stage.apply(&first).await;
    stage.private = vec![];
    stage.import("prod").await;
    stage.refresh().await;
    stage
}

#[tokio::test(start_paused = true)]
async fn arguments_go_before_what_the_import_has_written_down() {
    for (email, vpc) in [("b@example.com", "vpc-1"), ("a@example.com", "vpc-2")] {
        let mut stage = imported().await;
        stage.apply(&saying(email, vpc)).await;
        assert!(!stage.said.failed(), "{:?}", stage.said);
        let live = stage.fake.stack("prod").unwrap().parameters;
        let of = |name: &str| live[name].as_str();
        assert_eq!([of("AdminEmail"), of("VPC"), of("Size")], [email, vpc, "large"]);
        assert_eq!(stage.changes(&saying(email, vpc)).await, [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_says_the_same_changes_nothing() {
    let mut stage = imported().await;
    let before = stage.get().parameters;
    let bare = StackState { network: Value::Null, ..saying("a@example.com", "vpc-1") };
    stage.apply(&bare).await;
    assert_eq!(stage.get().parameters, before);
}
