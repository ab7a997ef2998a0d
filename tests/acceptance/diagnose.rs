//! A failure told with what lies behind it: in an apply's error and by hand; and with less where less may be read.

use std::process::Command;

use serde_json::{Value, json};

use super::command::{Outcome, Running};
use super::terraform::Project;
use crate::cloud::{Cloud, Fault, Rule};

const STREAM: &str = "2026/11/29/[$LATEST]0123456789abcdef0123456789abcdef";

/// A cluster with a service that has no tasks, a role, and a function that answers for a custom resource.
fn template(size: u32) -> Value {
    json!({ "Resources": {
        "Cluster": { "Type": "AWS::ECS::Cluster", "Properties": { "ClusterName": "prod" } },
        "Role": { "Type": "AWS::IAM::Role", "Properties": { "RoleName": "prod-task", "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ecs-tasks.amazonaws.com" }, "Action": "sts:AssumeRole" }] } } },
        "Definition": { "Type": "AWS::ECS::TaskDefinition", "Properties": { "Family": "registry", "ContainerDefinitions": [{
            "Name": "registry", "Image": "quilt:1", "LogConfiguration": { "LogDriver": "awslogs", "Options": {
                "awslogs-group": "prod", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "quilt" } } }] } },
        "Registry": { "Type": "AWS::ECS::Service", "DependsOn": "Cluster", "Properties": {
            "ServiceName": "registry", "Cluster": "prod", "TaskDefinition": { "Ref": "Definition" }, "DesiredCount": 0,
            "HealthCheckGracePeriodSeconds": size } },
        "Bucket": { "Type": "AWS::SQS::Queue", "Properties": { "VisibilityTimeout": size } },
        "Migrate": { "Type": "AWS::Lambda::Function", "Properties": { "FunctionName": "prod-migrate", "Handler": "index.handler",
            "Runtime": "python3.12", "Role": { "Fn::GetAtt": ["Role", "Arn"] }, "Code": { "ZipFile": "pass" } } },
        "Migration": { "Type": "Custom::Timestamp", "Properties": { "ServiceToken": { "Fn::GetAtt": ["Migrate", "Arn"] }, "Size": size } },
    } })
}

fn main(project: &Project, size: u32) {
    let body = serde_json::to_string(&template(size)).unwrap();
    project.write("stack.json", &body);
    project.main(
        r#"resource "quilt_stack" "this" {
  name                          = "prod"
  template_file                 = "stack.json"
  capabilities                  = ["CAPABILITY_NAMED_IAM"]
  enable_termination_protection = false
}
"#,
    );
}

fn made() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    main(&project, 10);
    project.apply().ok();
    (cloud, project)
}

/// The update of this resource fails so.
fn failing(cloud: &Cloud, resource: &str, reason: &str) {
    cloud.hold(Rule::stack("prod").resource(resource).on("update").fail(reason));
}

fn broken_service(cloud: &Cloud) {
    failing(
        cloud,
        "Registry",
        "Resource handler returned message: \"Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.\"",
    );
    let service = cloud.resources("prod")["Registry"].physical_id.clone();
    let definition = cloud.resources("prod")["Definition"].physical_id.clone();
    cloud.leave(&json!({
        "tasks": [{ "service": service, "id": "4f", "definition": definition, "reason": "Essential container in task exited",
                    "containers": [{ "name": "registry", "exitCode": 3 }] }],
        "lines": [{ "group": "prod", "stream": "quilt/registry/4f", "lines": ["begins", "could not translate host name \"db\" to address"] }],
        "refused": [{ "role": "prod-task", "call": "secretsmanager:GetSecretValue", "message": "an explicit deny in a service control policy" }],
    }));
}

#[test]
fn a_service_that_does_not_come_up_is_followed_into_its_task_its_log_and_refused_calls() {
    let (cloud, project) = made();
    broken_service(&cloud);
    main(&project, 20);
    let mut told = project.apply().failed();
    for words in [
        "Registry (AWS::ECS::Service): ",
        "Essential container in task exited.",
        "Container registry ended with exit code 3.",
        "could not translate host name \"db\" to address",
        "secretsmanager:GetSecretValue by prod-task: an explicit deny",
        "Kind of cause: environment.",
        "DNS support",
    ] {
        told = told.says(words);
    }
    cloud.let_go();
    project.apply().ok();
    project.destroy().ok();
}

#[test]
fn what_may_not_be_read_is_left_out_of_the_error() {
    let (cloud, project) = made();
    broken_service(&cloud);
    cloud.weather(
        Fault::Denied.on("DescribeServices|ListTasks|DescribeTasks|GetLogEvents|LookupEvents"),
    );
    main(&project, 20);
    let told = project.apply().failed().says("Circuit Breaker was triggered");
    told.says("Kind of cause: Quilt.").does_not_say("exit code").does_not_say("prod-task");
    cloud.clear_up();
}

#[test]
fn a_custom_resource_is_followed_into_its_log_and_a_hook_to_its_remedy() {
    let (cloud, project) = made();
    failing(
        &cloud,
        "Migration",
        &format!(
            "Received response status [FAILED] from custom resource. Message returned: See the details in CloudWatch Log Stream: {STREAM} (RequestId: 7)"
        ),
    );
    cloud.leave(&json!({ "lines": [{ "group": "/aws/lambda/prod-migrate", "stream": STREAM,
                                     "lines": ["START RequestId: 7", "relation \"users\" does not exist", "END RequestId: 7"] }] }));
    main(&project, 20);
    let told = project.apply().failed().says("relation \"users\" does not exist");
    told.does_not_say("START RequestId");

    cloud.let_go();
    failing(&cloud, "Bucket", "The following hook(s) failed: [Acme::Queues::Hook]");
    cloud.leave(&json!({ "hook": { "id": "0f0e0d0c-0b0a-4908-8706-050403020100", "resource": "Bucket", "name": "Acme::Queues::Hook", "reason": "1 check failed", "annotations": [
        { "AnnotationName": "Encryption", "Status": "FAILED", "StatusMessage": "The queue is not encrypted", "RemediationMessage": "Set KmsMasterKeyId",
          "SeverityLevel": "HIGH" }] } }));
    let told = project.apply().failed().says("Acme::Queues::Hook refused it: 1 check failed.");
    told.says("Encryption (high): The queue is not encrypted. Remedy: Set KmsMasterKeyId.");
}

/// The program run by hand, over the same account.
fn start(cloud: &Cloud, arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-quilt"));
    command.env_clear().envs(cloud.env()).args(arguments);
    Running::start(command, arguments.join(" "))
}

/// Runs the program itself, as a person does.
pub fn by_hand(cloud: &Cloud, arguments: &[&str]) -> Outcome {
    start(cloud, arguments).wait()
}

#[test]
fn a_failure_of_the_past_is_told_by_hand_in_words_and_as_json() {
    let (cloud, project) = made();
    by_hand(&cloud, &["diagnose", "prod"]).failed().says("Nothing failed");
    broken_service(&cloud);
    main(&project, 20);
    project.apply().failed();
    let told = by_hand(&cloud, &["diagnose", "prod"]).ok();
    let told =
        told.says("Its last update failed.").says("Container registry ended with exit code 3.");
    told.says("DNS support").says("Kind of cause: environment.");

    let told: Value =
        serde_json::from_str(&by_hand(&cloud, &["diagnose", "prod", "--json"]).ok().text).unwrap();
    assert_eq!((&told["failed"], &told["class"]), (&json!("update"), &json!("environment")));
    assert_eq!(told["findings"][0]["about"], "task");
    assert_eq!(
        told["findings"][0]["log"]["lines"][1],
        "could not translate host name \"db\" to address"
    );
    assert_eq!(told["findings"][1]["about"], "refused_calls");

    cloud.weather(Fault::Denied.on("DescribeServices|ListTasks|LookupEvents"));
    let told: Value =
        serde_json::from_str(&by_hand(&cloud, &["diagnose", "prod", "--json"]).ok().text).unwrap();
    assert_eq!((&told["findings"], &told["class"]), (&json!([]), &json!("quilt")));
    cloud.clear_up();
    by_hand(&cloud, &["diagnose", "nothing"])
        .failed()
        .says("There is no stack nothing in us-east-1");
}

/// What is said by hand as JSON, with this exit code.
fn as_json(cloud: &Cloud, arguments: &[&str], code: i32) -> Value {
    let outcome = by_hand(cloud, &[&["diagnose", "--json"], arguments].concat());
    assert_eq!(outcome.code, code, "{}", outcome.text);
    serde_json::from_str(&outcome.text).unwrap_or_else(|e| panic!("{e}: {}", outcome.text))
}

#[test]
fn each_permission_that_is_missing_takes_away_what_it_is_for_and_nothing_else() {
    let (cloud, project) = made();
    broken_service(&cloud);
    main(&project, 20);
    project.apply().failed();
    // Task, the end of its log, and refused calls: what is told still.
    for (denied, told) in [
        ("DescribeServices", [true, true, true]),
        ("ListTasks|DescribeTasks", [false, false, true]),
        ("DescribeTaskDefinition", [true, false, true]),
        ("GetLogEvents", [true, false, true]),
        // Which roles are the stack's is not known then: an update has no event of them.
        ("ListStackResources", [true, true, false]),
        ("LookupEvents", [true, true, false]),
    ] {
        cloud.weather(Fault::Denied.on(denied));
        let answer = as_json(&cloud, &["prod"], 0);
        let stopped = |f: &&Value| f["details"].to_string().contains("exit code 3");
        let findings = answer["findings"].as_array().unwrap();
        let task = findings.iter().find(stopped);
        let log = task.is_some_and(|task| !task["log"].is_null());
        let refused = findings.iter().any(|f| f["about"] == "refused_calls");
        assert_eq!([task.is_some(), log, refused], told, "{denied}: {answer:#}");
        assert!(answer["first_cause"].to_string().contains("Circuit Breaker"), "{denied}");
        cloud.clear_up();
    }

    cloud.let_go();
    failing(&cloud, "Migration", "it failed");
    cloud.leave(&json!({ "lines": [{ "group": "/aws/lambda/prod-migrate", "stream": STREAM, "lines": ["ERROR no users"] }] }));
    cloud.leave(&json!({ "hook": { "id": "0f0e0d0c-0b0a-4908-8706-050403020100", "resource": "Migration", "name": "Acme::Hook", "reason": "no",
        "annotations": [] } }));
    project.apply().failed();
    for (denied, told) in [
        ("Nothing", vec!["function", "hook", "refused_calls"]),
        ("GetTemplate", vec!["hook", "refused_calls"]),
        ("FilterLogEvents|DescribeLogStreams", vec!["hook", "refused_calls"]),
        ("GetHookResult", vec!["function", "refused_calls"]),
        ("LookupEvents", vec!["function", "hook"]),
    ] {
        cloud.weather(Fault::Denied.on(denied));
        let answer = as_json(&cloud, &["prod"], 0);
        let about = answer["findings"].as_array().unwrap().iter().map(|f| &f["about"]);
        assert_eq!(about.collect::<Vec<_>>(), told, "{denied}: {answer:#}");
        cloud.clear_up();
    }
}

#[test]
fn a_change_set_that_failed_since_the_last_operation_is_told_by_hand() {
    let (cloud, _project) = made();
    let why = "Parameters: [Size] must have values";
    cloud.hold(Rule::stack("prod").resource("ChangeSet").on("review").fail(why));
    let (body, set) =
        (template(20).to_string(), [("StackName", "prod"), ("ChangeSetName", "by-hand")]);
    let asked =
        [&set[..], &[("TemplateBody", &body), ("Capabilities.member.1", "CAPABILITY_NAMED_IAM")]]
            .concat();
    cloud.query("cloudformation", "CreateChangeSet", &asked).unwrap();
    let told = by_hand(&cloud, &["diagnose", "prod"]).ok();
    told.says("A change set for the next one could not be made.")
        .says(&format!("First cause: {why}."));
    let answer = as_json(&cloud, &["prod"], 0);
    assert_eq!((&answer["failed"], &answer["class"]), (&json!("change_set"), &json!("template")));
    assert_eq!(answer["first_cause"], why);

    cloud.weather(Fault::Denied.on("ListChangeSets"));
    by_hand(&cloud, &["diagnose", "prod"])
        .failed()
        .says("Whether a change set has failed may not be read");
    cloud.clear_up();
    cloud.query("cloudformation", "DeleteChangeSet", &set).unwrap();
    by_hand(&cloud, &["diagnose", "prod"]).failed().says("Nothing failed");
}

#[test]
fn a_stack_that_is_deleted_is_told_of_by_its_arn_and_by_its_name() {
    let (cloud, project) = made();
    failing(&cloud, "Bucket", "No more queues");
    main(&project, 20);
    project.apply().failed();
    let id = cloud.stack("prod").unwrap().id;
    cloud.let_go();
    project.destroy().ok();
    for name in ["prod", &id] {
        let told = by_hand(&cloud, &["diagnose", name]).ok().says("Stack prod (DELETE_COMPLETE)");
        told.says("Its last update failed.")
            .says("First cause: Bucket (AWS::SQS::Queue): No more queues.");
        let answer = as_json(&cloud, &[name], 0);
        assert_eq!((&answer["stack"], &answer["failed"]), (&json!(id), &json!("update")));
        assert_eq!(answer["status"], "DELETE_COMPLETE");
    }
    by_hand(&cloud, &["diagnose", "prod"]).ok().says("This is the one that was deleted last.");
    cloud.weather(Fault::Denied.on("ListStacks"));
    by_hand(&cloud, &["diagnose", "prod"])
        .failed()
        .says("allow cloudformation:ListStacks, or give its ARN");
    cloud.clear_up();
}

#[test]
fn an_interrupted_watch_has_seen_no_end() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    main(&project, 10);
    cloud.hold(Rule::stack("prod").resource("Bucket").on("create").hold(20.0));
    let apply = project.start(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    super::until_held(&cloud, &apply, "prod", "Bucket", "create");
    for arguments in
        [&["watch", "prod", "--wait"][..], &["watch", "prod"], &["watch", "later", "--wait"]]
    {
        cloud.forget();
        let watch = start(&cloud, arguments);
        let begun = || cloud.calls().iter().any(|call| call.action.contains("Stack"));
        while !begun() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        let (outcome, took) = watch.interrupt();
        assert_eq!(outcome.code, 130, "{arguments:?}: {}", outcome.text);
        assert!(took < std::time::Duration::from_secs(2), "{arguments:?}: {took:?}");
    }
    cloud.let_go();
    apply.wait().ok();
}

#[test]
fn a_stack_is_watched_until_its_end_and_the_exit_code_tells_which() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    main(&project, 10);
    cloud.hold(Rule::stack("prod").resource("Bucket").on("create").hold(4.0));
    let early = start(&cloud, &["watch", "prod", "--wait", "--every", "1"]);
    let apply = project.start(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    super::until_held(&cloud, &apply, "prod", "Bucket", "create");
    let told = by_hand(&cloud, &["watch", "prod", "--wait", "--every", "1"]).ok();
    let told = told
        .says("Everything waits for Bucket (AWS::SQS::Queue)")
        .says("CREATE_IN_PROGRESS Bucket (AWS::SQS::Queue)");
    told.says("Stack prod: CREATE_COMPLETE after ");
    let early = early.wait().ok().says("There is no stack prod in us-east-1 yet");
    early.says("Stack prod: CREATE_COMPLETE after ");
    apply.wait().ok();

    // A second one, with the times of the first; it fails.
    cloud.let_go();
    cloud
        .hold(Rule::stack("prod").resource("Bucket").on("update").hold(3.0).fail("No more queues"));
    main(&project, 20);
    cloud.forget();
    let watch = start(&cloud, &["watch", "prod", "--wait", "--json", "--every", "1"]);
    project.apply().failed();
    let lines = watch.wait().failed().text;
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["ended"], "UPDATE_ROLLBACK_COMPLETE", "{lines}");
    assert_eq!(last["failed"][0]["resource"], "Bucket", "{lines}");
    by_hand(&cloud, &["watch", "prod"]).ok().says("UPDATE_ROLLBACK_COMPLETE");
}

#[test]
fn a_repeated_update_lasts_about_as_long_as_it_is_expected_to() {
    let (cloud, project) = made();
    cloud.hold(Rule::stack("prod").resource("Bucket").on("update").hold(6.0));
    main(&project, 20);
    project.apply().ok();
    main(&project, 30);
    let watch = start(&cloud, &["watch", "prod", "--wait", "--json", "--every", "1"]);
    project.apply().ok();
    let told = watch.wait().ok().text;
    let lines: Vec<Value> =
        told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of = |status: &str| {
        let is = |line: &&Value| line["resource"] == "Bucket" && line["status"] == status;
        lines.iter().find(is).unwrap_or_else(|| panic!("no {status}:\n{told}"))
    };
    let (begun, done) = (of("UPDATE_IN_PROGRESS"), of("UPDATE_COMPLETE"));
    let at = |line: &Value| line["at"].as_i64().unwrap();
    let (expected, lasted) = (begun["expected"].as_i64().unwrap(), at(done) - at(begun));
    assert!((expected - lasted).abs() * 5 <= lasted, "{expected} of {lasted}:\n{told}");
}

#[test]
fn a_wait_tells_in_the_log_what_goes_on() {
    let cloud = Cloud::start();
    let mut project = Project::new(&cloud);
    main(&project, 10);
    cloud.hold(Rule::stack("prod").resource("Bucket").on("create").hold(2.0));
    project.set("TF_LOG_PROVIDER", "INFO");
    let told = project.apply().ok().says("CREATE_IN_PROGRESS Bucket (AWS::SQS::Queue)");
    told.says("CREATE_COMPLETE Bucket (AWS::SQS::Queue)").says("Everything waits for ");
}
