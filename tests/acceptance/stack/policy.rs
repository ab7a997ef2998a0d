//! A stack policy that is loosened or tightened in the same apply as a change of what it is about.

use serde_json::json;

use super::THIS;
use crate::acceptance::{BROKEN, free, queues};
use crate::cloud::{Cloud, Fault, Rule};

const OPEN: &str =
    r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;
const SHUT: &str = r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"},{"Effect":"Deny","Action":"Update:Modify","Principal":"*","Resource":"LogicalResourceId/First"}]}"#;

fn with(policy: &str, size: u32) -> String {
    free(&format!("  policy_body = {policy:?}\n  parameters = {{ Size = {size} }}"))
}

/// The writes of an update, in order.
fn turns(cloud: &Cloud) -> Vec<String> {
    let all = cloud.calls().into_iter().map(|call| call.action);
    all.filter(|action| ["SetStackPolicy", "ExecuteChangeSet"].contains(&action.as_str())).collect()
}

#[test]
fn the_policy_that_allows_the_update_is_the_one_under_which_it_runs() {
    let (cloud, project) = queues();
    project.main(&with(SHUT, 1024));
    project.apply().ok();
    cloud.forget();

    project.main(&with(SHUT, 2048));
    let plan = project.plan();
    assert_eq!(plan.code, 1, "{}", plan.text);
    plan.says("Update:Modify of First (AWS::SQS::Queue)")
        .says("statement 2 denies it")
        .says("policy_body");
    assert_eq!(turns(&cloud), [""; 0]);

    project.main(&with(OPEN, 2048));
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    project.apply().failed().says("Second (AWS::SQS::Queue)");
    assert_eq!(turns(&cloud), ["SetStackPolicy", "ExecuteChangeSet", "SetStackPolicy"]);
    let sent = cloud.calls_of("SetStackPolicy");
    assert_eq!(
        (sent[0].sent("StackPolicyBody"), sent[1].sent("StackPolicyBody")),
        (Some(OPEN), Some(SHUT))
    );
    assert_eq!(project.attribute(THIS, "policy_body"), json!(SHUT));
    cloud.let_go();
    cloud.forget();

    project.apply().ok().says("The new stack policy is set before the update");
    project.plan_is_empty();
    assert_eq!(turns(&cloud), ["SetStackPolicy", "ExecuteChangeSet"]);
    cloud.forget();

    project.main(&with(SHUT, 4096));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(turns(&cloud), ["ExecuteChangeSet", "SetStackPolicy"]);
}

#[test]
fn a_policy_that_is_not_at_its_url_is_refused_at_plan() {
    let (cloud, project) = queues();
    project.main(&with(SHUT, 1024));
    project.apply().ok();
    let at = |key: &str| {
        let url = format!("https://policies-{}.s3.us-east-1.amazonaws.com/{key}", cloud.account());
        free(&format!("  policy_url = {url:?}\n  parameters = {{ Size = 2048 }}"))
    };
    let refused = |code: &str| {
        let plan = project.plan();
        assert_eq!(plan.code, 1, "{}", plan.text);
        plan.says("The stack policy cannot be read").says("policy_url = ").says(code);
    };
    project.main(&at("missing.json"));
    refused("bucket does not exist");
    let bucket = format!("/policies-{}", cloud.account());
    cloud.s3("PUT", &bucket, &[], b"").unwrap();
    refused("key does not exist");
    cloud.s3("PUT", &format!("{bucket}/page.json"), &[], b"<html>").unwrap();
    project.main(&at("page.json"));
    refused("is not JSON");
    assert_eq!(turns(&cloud), [""; 0]);

    cloud.weather(Fault::Denied.on("GetObject"));
    project.main(&at("missing.json"));
    let plan = project.plan();
    assert_eq!(plan.code, 2, "{}", plan.text);
    plan.does_not_say("cannot be read");
}
