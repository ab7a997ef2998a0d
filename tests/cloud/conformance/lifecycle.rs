//! How a stack lives: what is echoed, which statuses it walks through, what failures leave.

use super::QUEUES;
use crate::cloud::{Cloud, Rule};

const BROKEN: &str = "Resource handler returned message: \"broken\"";

fn made(cloud: &Cloud) -> String {
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    assert_eq!(cloud.settled("queues").status, "CREATE_COMPLETE");
    id
}

fn statuses(cloud: &Cloud, stack: &str) -> Vec<String> {
    let events = cloud.events(stack);
    events
        .into_iter()
        .filter(|event| event.resource == "queues")
        .map(|event| event.status)
        .collect()
}

/// API, Stack: what CreateStack was given comes back; NoEcho values as asterisks; LastUpdatedTime only once it was updated.
#[test]
fn requests_are_echoed() {
    let cloud = Cloud::start();
    let role = "arn:aws:iam::123456789012:role/deployer";
    let topic = "arn:aws:sns:us-east-1:123456789012:news";
    let options = [
        ("TemplateBody", QUEUES),
        ("RoleARN", role),
        ("TimeoutInMinutes", "7"),
        ("NotificationARNs.member.1", topic),
        ("EnableTerminationProtection", "true"),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "data"),
    ];
    cloud
        .change_stack("CreateStack", "queues", &options, &[("Password", "secret")])
        .expect("the template is right");
    let stack = cloud.settled("queues");
    assert_eq!(stack.name, "queues");
    assert_eq!(
        (stack.role.as_deref(), stack.minutes, stack.protected),
        (Some(role), Some(7), true)
    );
    assert_eq!((stack.topics, stack.tags["team"].as_str()), (vec![topic.to_owned()], "data"));
    assert_eq!(
        (stack.parameters["Password"].as_str(), stack.parameters["Size"].as_str()),
        ("****", "1024")
    );
    assert_eq!(stack.capabilities, ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
    assert!(stack.updated.is_none() && !stack.created.is_empty());
    assert_eq!(cloud.template("queues"), QUEUES);
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    let stack = cloud.settled("queues");
    assert!(stack.updated.is_some());
    assert_eq!(
        stack.role.as_deref(),
        Some(role),
        "a role once given is used for all later operations (API, CreateStack, RoleARN)"
    );
}

/// API, GetTemplateSummary, ParameterDeclaration: a default only where there is one, NoEcho, allowed values, capabilities.
#[test]
fn summaries_tell_what_a_template_wants() {
    let body = "Parameters: {A: {Type: Number, AllowedValues: [1, 2]}, B: {Type: String, Default: '', NoEcho: true}}\n\
                Resources: {U: {Type: AWS::IAM::User, Properties: {UserName: !Ref B}}}";
    let answer = Cloud::start()
        .query("cloudformation", "GetTemplateSummary", &[("TemplateBody", body)])
        .expect("the template is right");
    let [a, b] = answer.members("Parameters") else { panic!("two parameters") };
    assert_eq!(
        (a.get("ParameterKey"), a.get("ParameterType"), a.get("DefaultValue"), a.get("NoEcho")),
        (Some("A"), Some("Number"), None, Some("false"))
    );
    assert_eq!(
        a.members("AllowedValues").iter().map(|value| value.text.as_str()).collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!((b.get("DefaultValue"), b.get("NoEcho")), (Some(""), Some("true")));
    assert_eq!(answer.members("Capabilities")[0].text, "CAPABILITY_NAMED_IAM");
}

/// Guide, "Monitor stack progress": a held resource is CREATE_IN_PROGRESS in listings and events, and so is the stack.
#[test]
fn progress_is_seen() {
    let cloud = Cloud::start();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(60.0));
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    let stack = cloud.until("queues", |_| cloud.resources("queues").contains_key("Second"));
    assert_eq!(stack.status, "CREATE_IN_PROGRESS");
    let resources = cloud.resources("queues");
    assert_eq!(
        (resources["First"].status.as_str(), resources["Second"].status.as_str()),
        ("CREATE_COMPLETE", "CREATE_IN_PROGRESS")
    );
    cloud.let_go();
    assert_eq!(cloud.settled("queues").status, "CREATE_COMPLETE");
}

/// Guide, "Stack failure options": a failed creation is rolled back, and its reason names the resource.
#[test]
fn failed_creations_roll_back() {
    let cloud = Cloud::start();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN));
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    assert_eq!(cloud.settled("queues").status, "ROLLBACK_COMPLETE");
    let events = cloud.events("queues");
    assert!(events.iter().any(|event| event.status == "CREATE_FAILED" && event.reason.as_deref() == Some(BROKEN)), "{events:#?}");
    let rollback = events
        .iter()
        .find(|event| event.status == "ROLLBACK_IN_PROGRESS")
        .expect("it was rolled back");
    assert_eq!(
        rollback.reason.as_deref(),
        Some("The following resource(s) failed to create: [Second]. Rollback requested by user.")
    );
    let refusal = cloud
        .update_stack("queues", QUEUES, &[("Size", "2048")])
        .expect_err("only deletion is left");
    assert!(
        refusal.message.ends_with("is in ROLLBACK_COMPLETE state and can not be updated."),
        "{refusal}"
    );
    let refusal = cloud.create_stack("queues", QUEUES, &[]).expect_err("the name is still taken");
    assert_eq!(refusal.code, "AlreadyExistsException");
}

/// API, CreateStack, OnFailure.
#[test]
fn failed_creations_do_as_they_were_told() {
    for (wish, end) in [("DO_NOTHING", "CREATE_FAILED"), ("DELETE", "DELETE_COMPLETE")] {
        let cloud = Cloud::start();
        cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN));
        let id = cloud
            .change_stack(
                "CreateStack",
                "queues",
                &[("TemplateBody", QUEUES), ("OnFailure", wish)],
                &[],
            )
            .expect("the template is right");
        cloud.until(&id, |stack| stack.status == end);
    }
}

/// API, CreateStack, TimeoutInMinutes: the stack has failed and is rolled back.
#[test]
fn creations_run_out_of_time() {
    let cloud = Cloud::start();
    cloud.hurry(600.0);
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(3600.0));
    cloud
        .change_stack(
            "CreateStack",
            "queues",
            &[("TemplateBody", QUEUES), ("TimeoutInMinutes", "5")],
            &[],
        )
        .expect("the template is right");
    assert_eq!(cloud.settled("queues").status, "ROLLBACK_COMPLETE");
    let events = cloud.events("queues");
    let rollback = events
        .iter()
        .find(|event| event.status == "ROLLBACK_IN_PROGRESS")
        .expect("it was rolled back");
    assert_eq!(
        rollback.reason.as_deref(),
        Some("Stack creation time exceeded the specified timeout. Rollback requested by user.")
    );
}

/// Guide, "Specify existing resources at runtime with CloudFormation-supplied parameter types"; the text is seen.
#[test]
fn parameters_name_what_exists() {
    let cloud = Cloud::start();
    let body = "Parameters: {Nets: {Type: 'List<AWS::EC2::Subnet::Id>'}, Size: {Type: Number, Default: 1024}}\n\
                Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}}";
    cloud
        .create_stack("queues", body, &[("Nets", "subnet-1,subnet-2")])
        .expect("the request is accepted");
    assert_eq!(cloud.settled("queues").status, "ROLLBACK_COMPLETE");
    let reason = cloud
        .events("queues")
        .into_iter()
        .find(|event| event.status == "ROLLBACK_IN_PROGRESS")
        .and_then(|event| event.reason);
    let wanted = "Parameter validation failed: parameter value subnet-1 for parameter name Nets does not exist. Rollback requested by user.";
    assert_eq!(reason.as_deref(), Some(wanted));
    let place = cloud.place();
    let nets = place.get("Subnets").expect("a place has subnets");
    cloud.create_stack("more", body, &[("Nets", nets)]).expect("the request is accepted");
    assert_eq!(cloud.settled("more").status, "CREATE_COMPLETE");
    cloud
        .update_stack("more", body, &[("Nets", "subnet-3"), ("Size", "2048")])
        .expect("the request is accepted");
    assert_eq!(cloud.settled("more").status, "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(cloud.stack("more").expect("it is there").parameters["Nets"], nets);
}

/// Guide, "Understand update behaviors": what does not change has no event; a failed update restores template, parameters and resources.
#[test]
fn updates_touch_what_changes() {
    let cloud = Cloud::start();
    made(&cloud);
    let before = cloud.events("queues").len();
    let body = QUEUES.replace(
        "DependsOn: First, Properties: {MaximumMessageSize: !Ref Size}",
        "DependsOn: First",
    ) + "  Extra: {Value: x}\n";
    let third = body.replace("Outputs:", "  Third: {Type: AWS::SQS::Queue}\nOutputs:");
    cloud.update_stack("queues", &third, &[]).expect("there is a change");
    assert_eq!(cloud.settled("queues").status, "UPDATE_COMPLETE");
    let events: Vec<_> = cloud
        .events("queues")
        .split_off(before)
        .into_iter()
        .map(|event| (event.resource, event.status))
        .collect();
    let of = |name: &str| {
        events
            .iter()
            .filter(|(resource, _)| resource == name)
            .map(|(_, status)| status.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of("First"), of("Second"), of("Third")),
        (
            vec![],
            vec!["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"],
            vec!["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
        )
    );
    cloud.update_stack("queues", &body, &[]).expect("there is a change");
    cloud.settled("queues");
    assert!(statuses(&cloud, "queues").contains(&"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS".to_owned()));
}

/// Guide, "Understand update behaviors" and "Continue rolling back an update".
#[test]
fn failed_updates_roll_back_or_get_stuck() {
    let cloud = Cloud::start();
    made(&cloud);
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    let stack = cloud.settled("queues");
    assert_eq!(
        (stack.status.as_str(), stack.parameters["Size"].as_str()),
        ("UPDATE_ROLLBACK_COMPLETE", "1024")
    );
    cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
    cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect("there is a change");
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_FAILED");
    let go_on = |more: &[(&str, &str)]| {
        let asked = [&[("StackName", "queues")], more].concat();
        cloud.query("cloudformation", "ContinueUpdateRollback", &asked)
    };
    // What is skipped by force is not tried again (API, ContinueUpdateRollback: `ForceRollback`).
    let forced = ("ForceRollback", "true");
    let refusal = go_on(&[forced, ("ResourcesToSkip.member.1", "First")]).expect_err("one of two");
    assert_eq!(refusal.code, "ValidationError");
    go_on(&[forced]).expect("it is stuck");
    cloud.until("queues", |stack| stack.status == "UPDATE_ROLLBACK_COMPLETE");
    cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect("there is a change");
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_FAILED");
    cloud.let_go();
    go_on(&[]).expect("it is stuck");
    cloud.until("queues", |stack| stack.status == "UPDATE_ROLLBACK_COMPLETE");
}

/// API, DeleteStack: protected stacks stay; a deleted one is found by its id; the same request twice is no error; no such stack is no error.
#[test]
fn deletions() {
    let cloud = Cloud::start();
    let id = made(&cloud);
    let protect = |on| {
        cloud.query(
            "cloudformation",
            "UpdateTerminationProtection",
            &[("StackName", "queues"), ("EnableTerminationProtection", on)],
        )
    };
    protect("true").expect("any stack can be protected");
    let refusal = cloud.delete_stack("queues").expect_err("it is protected");
    assert_eq!(
        refusal.message,
        format!("Stack [{id}] cannot be deleted while TerminationProtection is enabled")
    );
    protect("false").expect("and let go");
    assert_eq!(
        cloud.delete_stack("queues").expect("it is not protected").status,
        "DELETE_COMPLETE"
    );
    assert!(cloud.stack("queues").is_none());
    assert_eq!(made(&cloud).split('/').nth(1), Some("queues"), "the name is free again");
    assert_eq!(cloud.stack(&id).map(|stack| stack.status).as_deref(), Some("DELETE_COMPLETE"));
    cloud
        .query("cloudformation", "DeleteStack", &[("StackName", "none")])
        .expect("nothing to delete is no failure");
}

/// Guide, "Delete stacks": what cannot be deleted leaves DELETE_FAILED, and RetainResources gets past it.
#[test]
fn failed_deletions() {
    let cloud = Cloud::start();
    let id = made(&cloud);
    cloud.hold(Rule::stack("queues").resource("First").on("delete").fail(BROKEN));
    let stack = cloud.delete_stack("queues").expect("the request is right");
    assert_eq!(
        (stack.status.as_str(), stack.reason.as_deref()),
        ("DELETE_FAILED", Some("The following resource(s) failed to delete: [First]."))
    );
    cloud
        .query(
            "cloudformation",
            "DeleteStack",
            &[("StackName", "queues"), ("RetainResources.member.1", "First")],
        )
        .expect("it failed before");
    cloud.until(&id, |stack| stack.status == "DELETE_COMPLETE");
}

/// API, DeleteStack: a creation in progress is called off.
#[test]
fn creations_are_called_off_by_a_deletion() {
    let cloud = Cloud::start();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(60.0));
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.until("queues", |_| cloud.resources("queues").contains_key("Second"));
    assert_eq!(
        cloud.delete_stack("queues").expect("it is being created").status,
        "DELETE_COMPLETE"
    );
    assert_eq!(cloud.settled(&id).status, "DELETE_COMPLETE", "and stays so");
    let queues = cloud.json("sqs", "AmazonSQS.ListQueues", &serde_json::json!({}));
    assert!(queues["QueueUrls"].as_array().is_none_or(Vec::is_empty), "{queues}");
}

/// Guide, "Metadata attribute": intrinsic functions in it are resolved, so what they name is made before.
#[test]
fn references_in_metadata_order() {
    let cloud = Cloud::start();
    let body = "Resources: {Alpha: {Type: AWS::SQS::Queue, Metadata: {After: !Ref Omega}}, Omega: {Type: AWS::SQS::Queue}}";
    cloud.create_stack("queues", body, &[]).expect("the template is right");
    cloud.settled("queues");
    let begun = cloud
        .events("queues")
        .into_iter()
        .filter(|event| event.status == "CREATE_IN_PROGRESS")
        .map(|event| event.resource);
    assert_eq!(begun.collect::<Vec<_>>(), ["queues", "Omega", "Alpha"]);
}
