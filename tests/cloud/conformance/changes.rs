//! Change sets.

use super::QUEUES;
use crate::cloud::xml::Node;
use crate::cloud::{Cloud, Refusal, Rule};

const BUCKET: &str = r#"
Parameters: {Name: {Type: String}, Secret: {Type: String, NoEcho: true, Default: one}}
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  Queue: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, Properties: {QueueName: !Ref Secret}}
"#;

fn queues() -> Cloud {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is one");
    cloud.settled("queues");
    cloud
}

/// Makes a change set of the stack `queues`, by its ARN.
fn propose(cloud: &Cloud, name: &str, body: &str, parameters: &[(&str, &str)]) -> Result<String, Refusal> {
    let id = cloud.stack("queues").expect("it is there").id;
    cloud.change_stack("CreateChangeSet", &id, &[("ChangeSetName", name), ("ClientToken", name), ("TemplateBody", body)], parameters)
}

fn describe(cloud: &Cloud, name: &str) -> Result<Node, Refusal> {
    let id = cloud.stack("queues").expect("it is there").id;
    cloud.query("cloudformation", "DescribeChangeSet", &[("StackName", &id), ("ChangeSetName", name), ("IncludePropertyValues", "true")])
}

fn text(node: &Node, name: &str) -> String {
    node.find(name).map(|found| found.text.clone()).unwrap_or_default()
}

fn listed(cloud: &Cloud) -> usize {
    cloud.query("cloudformation", "ListChangeSets", &[("StackName", "queues")]).expect("the stack is there").members("Summaries").len()
}

/// API, ResourceChange and ResourceTargetDefinition: PolicyAction, Replacement, values before and after; NoEcho values are hidden.
#[test]
fn changes_with_their_values() {
    let cloud = Cloud::start();
    let (one, two) = (format!("one-{}", cloud.account()), format!("two-{}", cloud.account()));
    cloud.create_stack("queues", BUCKET, &[("Name", &one)]).expect("the template is one");
    cloud.settled("queues");
    propose(&cloud, "a", BUCKET, &[("Name", &two), ("Secret", "two")]).expect("there is a change");
    let set = describe(&cloud, "a").expect("it is there");
    let changes = set.members("Changes");
    let told = |i: usize, names: [&str; 5]| names.map(|name| text(&changes[i], name));
    let names = ["LogicalResourceId", "Replacement", "PolicyAction", "BeforeValue", "AfterValue"];
    assert_eq!(told(0, names), ["Data", "True", "ReplaceAndDelete", one.as_str(), two.as_str()]);
    assert_eq!(told(1, names)[3..], ["****", "****"]);
    propose(&cloud, "b", &BUCKET.lines().take(4).collect::<Vec<_>>().join("\n"), &[("Name", &one)]).expect("there is a change");
    assert_eq!(text(&describe(&cloud, "b").expect("it is there"), "PolicyAction"), "Retain");
}

/// API, CreateChangeSet: ClientToken makes a repeated request the same one. API, ExecuteChangeSet: the stack's other change sets go; so does the record of
/// this one in ListChangeSets, which lists active ones.
#[test]
fn one_is_carried_out_and_the_others_go() {
    let cloud = queues();
    propose(&cloud, "a", QUEUES, &[("Size", "2048")]).expect("there is a change");
    propose(&cloud, "a", QUEUES, &[("Size", "2048")]).expect("it is the same request");
    propose(&cloud, "b", QUEUES, &[("Size", "4096")]).expect("there is a change");
    assert_eq!(listed(&cloud), 2);
    let execute = || {
        let asked = [("StackName", "queues"), ("ChangeSetName", "b"), ("ClientRequestToken", "t"), ("DisableRollback", "false")];
        cloud.query("cloudformation", "ExecuteChangeSet", &asked)
    };
    execute().expect("it is ready");
    execute().expect("it is the same request");
    let stack = cloud.settled("queues");
    assert_eq!((stack.status.as_str(), stack.parameters["Size"].as_str(), stack.updated.is_some()), ("UPDATE_COMPLETE", "4096", true));
    assert!(cloud.events("queues").iter().any(|event| event.token.as_deref() == Some("t")));
    assert_eq!(listed(&cloud), 0);
    assert_eq!(describe(&cloud, "a").expect_err("it is gone").code, "ChangeSetNotFound");
}

/// Guide, "Change sets": a stack that is being changed takes none. API, ExecuteChangeSet: InvalidChangeSetStatus while it is compared.
#[test]
fn what_takes_time_and_what_is_refused() {
    let cloud = queues();
    cloud.hold(Rule::stack("queues").on("compare").hold(600.0).times(1));
    propose(&cloud, "a", QUEUES, &[("Size", "2048")]).expect("there is a change");
    assert_eq!(text(&describe(&cloud, "a").expect("it is there"), "Status"), "CREATE_IN_PROGRESS");
    cloud.let_go();
    assert_eq!(text(&describe(&cloud, "a").expect("it is there"), "Status"), "CREATE_COMPLETE");
    propose(&cloud, "empty", QUEUES, &[]).expect("it is accepted");
    let empty = describe(&cloud, "empty").expect("it is there");
    assert_eq!(
        (text(&empty, "Status").as_str(), text(&empty, "StatusReason").starts_with("The submitted information didn't contain changes.")),
        ("FAILED", true)
    );
    cloud.hold(Rule::stack("queues").resource("First").on("update").hold(600.0));
    cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect("there is a change");
    let refusal = propose(&cloud, "late", QUEUES, &[("Size", "8192")]).expect_err("it is being updated");
    assert!(refusal.message.ends_with("is in UPDATE_IN_PROGRESS state and can not be updated."), "{refusal}");
    assert_eq!(text(&describe(&cloud, "a").expect("it is there"), "ExecutionStatus"), "OBSOLETE");
}

/// Guide, "Change sets for nested stacks": IncludeNestedStacks makes one for each nested stack that changes.
#[test]
fn nested_ones() {
    let cloud = Cloud::start();
    let url = cloud.upload("inner.yaml", QUEUES);
    let outer = format!(
        "Parameters: {{Size: {{Type: Number}}}}\nResources: {{In: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}', Parameters: {{Size: !Ref Size}}}}}}}}\n"
    );
    cloud.create_stack("queues", &outer, &[("Size", "1024")]).expect("the template is one");
    cloud.settled("queues");
    let options = [("ChangeSetName", "a"), ("TemplateBody", outer.as_str()), ("IncludeNestedStacks", "true")];
    cloud.change_stack("CreateChangeSet", "queues", &options, &[("Size", "2048")]).expect("there is a change");
    let nested = text(&describe(&cloud, "a").expect("it is there").members("Changes")[0], "ChangeSetId");
    let inner = cloud.query("cloudformation", "DescribeChangeSet", &[("ChangeSetName", &nested)]).expect("it is there");
    assert_eq!(inner.members("Changes").iter().map(|change| text(change, "LogicalResourceId")).collect::<Vec<_>>(), ["First", "Second"]);
    cloud.query("cloudformation", "DeleteChangeSet", &[("StackName", "queues"), ("ChangeSetName", "a")]).expect("it may go");
    assert!(cloud.query("cloudformation", "DescribeChangeSet", &[("ChangeSetName", &nested)]).is_err());
}
