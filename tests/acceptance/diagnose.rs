//! A failure told with what lies behind it: in an apply's error and by hand; and with less where less may be read.

use serde_json::{Value, json};

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
