//! What is passed on to CloudFormation as it is: topics, role, policy, capabilities, limits.

use serde_json::json;

use super::THIS;
use crate::acceptance::{BROKEN, free, queues};
use crate::cloud::{Cloud, Rule};

/// A role of the account: CloudFormation takes no other.
fn role(cloud: &Cloud) -> String {
    format!("arn:aws:iam::{}:role/deployer", cloud.account())
}

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:news";
const POLICY: &str =
    r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;

#[test]
fn what_is_asked_for_is_sent_and_echoed() {
    let (cloud, project) = queues();
    let role = role(&cloud);
    project.main(&free(&format!(
        "  iam_role_arn = \"{role}\"\n  notification_arns = [\"{TOPIC}\"]\n  policy_body = {POLICY:?}\n  timeout_in_minutes = 7\n  \
         on_failure = \"ROLLBACK\"\n  capabilities = [\"CAPABILITY_IAM\", \"CAPABILITY_AUTO_EXPAND\"]"
    )));
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("queues").expect("it was made");
    assert_eq!(
        (made.role.as_deref(), made.minutes, made.topics),
        (Some(&*role), Some(7), vec![TOPIC.to_owned()])
    );
    let mut capabilities = made.capabilities;
    capabilities.sort();
    assert_eq!(capabilities, ["CAPABILITY_AUTO_EXPAND", "CAPABILITY_IAM"]);
    let call = &cloud.calls_of("CreateStack")[0];
    assert_eq!(
        (call.sent("OnFailure"), call.sent("StackPolicyBody")),
        (Some("ROLLBACK"), Some(POLICY))
    );
    let prefix = call.token.as_deref().unwrap_or_default();
    assert!(prefix.starts_with("quilt-create-"), "{prefix}");
}

#[test]
fn without_wishes_nothing_is_wished() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let call = &cloud.calls_of("CreateStack")[0];
    for name in [
        "OnFailure",
        "DisableRollback",
        "TimeoutInMinutes",
        "RoleARN",
        "StackPolicyBody",
        "Parameters.Size",
    ] {
        assert_eq!(call.sent(name), None, "{name}");
    }
    assert_eq!(call.sent("Capabilities.member.1"), Some("CAPABILITY_NAMED_IAM"));
}

#[test]
fn topics_role_and_policy_change() {
    let (cloud, project) = queues();
    let role = role(&cloud);
    project.main(&free(&format!("  iam_role_arn = \"{role}\"\n  notification_arns = [\"{TOPIC}\"]\n  policy_body = {POLICY:?}")));
    project.apply().ok();
    let (role, policy) =
        (role.replace("deployer", "other"), POLICY.replace("Update:*", "Update:Modify"));
    project.main(&free(&format!("  iam_role_arn = \"{role}\"\n  notification_arns = [\"{TOPIC}-2\"]\n  policy_body = {policy:?}")));
    project.apply().ok();
    project.plan_is_empty();
    let changed = cloud.stack("queues").expect("it is there");
    assert_eq!((changed.role, changed.topics), (Some(role.clone()), vec![format!("{TOPIC}-2")]));
    assert_eq!(cloud.calls_of("SetStackPolicy")[0].sent("StackPolicyBody"), Some(policy.as_str()));

    project.main(&free("  tags = { team = \"data\" }"));
    project.apply().ok();
    project.plan_is_empty();
    let bare = cloud.stack("queues").expect("it is there");
    assert_eq!((bare.role, bare.topics), (Some(role), vec![]), "topics go, a role stays");
}

#[test]
fn topics_that_somebody_else_changed_are_put_back() {
    let (cloud, project) = queues();
    project.main(&free(&format!("  notification_arns = [\"{TOPIC}\"]\n  parameters = {{ Size = 2048 }}\n  tags = {{ team = \"data\" }}")));
    project.apply().ok();
    let body = cloud.template("queues");
    let elsewhere = [
        ("TemplateBody", body.as_str()),
        ("NotificationARNs.member.1", "arn:aws:sns:us-east-1:123456789012:theirs"),
    ];
    cloud
        .change_stack("UpdateStack", "queues", &elsewhere, &[("Size", "4096")])
        .expect("there is a change");
    cloud.settled("queues");
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    project.apply().ok();
    project.plan_is_empty();
    let back = cloud.stack("queues").expect("it is there");
    assert_eq!((back.topics, back.parameters["Size"].as_str()), (vec![TOPIC.to_owned()], "2048"));
}

#[test]
fn a_failed_creation_is_left_where_that_is_wanted() {
    for wish in ["on_failure = \"DO_NOTHING\"", "disable_rollback = true"] {
        let (cloud, project) = queues();
        cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN));
        project.main(&free(&format!("  {wish}")));
        project
            .apply()
            .failed()
            .says("the stack was left as it is")
            .says("Second (AWS::SQS::Queue)");
        assert_eq!(
            cloud.stack("queues").map(|stack| stack.status).as_deref(),
            Some("CREATE_FAILED"),
            "{wish}"
        );
        cloud.let_go();
        project.apply().ok();
        project.plan_is_empty();
    }
}

#[test]
fn a_failed_creation_is_deleted_where_that_is_wanted() {
    let (cloud, project) = queues();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN));
    project.main(&free("  on_failure = \"DELETE\""));
    project.apply().failed().says("Second (AWS::SQS::Queue)");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "on_failure"), json!("DELETE"));
}
