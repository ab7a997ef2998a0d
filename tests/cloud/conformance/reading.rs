//! What is read of stacks, and who one is: pages, single resources, policies, tags, identities.

use std::fmt::Write;

use super::QUEUES;
use crate::cloud::xml::Node;
use crate::cloud::{Cloud, Rule};

fn text<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.find(name).map(|node| node.text.as_str())
}

/// API, DescribeStackEvents and ListStackResources, NextToken: long lists come in pages, and nothing is missing or told twice.
#[test]
fn long_lists_come_in_pages() {
    let cloud = Cloud::start();
    let mut body = String::from("Resources:\n");
    (0..130).for_each(|i| {
        writeln!(body, "  Q{i:03}: {{Type: AWS::SQS::Queue}}").expect("a text takes a line")
    });
    cloud.create_stack("many", &body, &[]).expect("the template is right");
    cloud.settled("many");
    let first = cloud
        .query("cloudformation", "ListStackResources", &[("StackName", "many")])
        .expect("the stack is there");
    assert!(
        text(&first, "NextToken").is_some() && first.members("StackResourceSummaries").len() < 130
    );
    assert_eq!(cloud.resources("many").len(), 130);
    let completed = cloud
        .events("many")
        .into_iter()
        .filter(|event| event.status == "CREATE_COMPLETE" && event.resource != "many");
    assert_eq!(completed.count(), 130);
    let wrong = cloud.query(
        "cloudformation",
        "ListStackResources",
        &[("StackName", "many"), ("NextToken", "nonsense")],
    );
    assert_eq!(wrong.expect_err("nobody gave that token").code, "ValidationError");
}

/// API, DescribeStackResource: by a stack's name or id.
#[test]
fn one_resource_is_told() {
    let cloud = Cloud::start();
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    for name in ["queues", &id] {
        let detail = cloud
            .query(
                "cloudformation",
                "DescribeStackResource",
                &[("StackName", name), ("LogicalResourceId", "First")],
            )
            .expect("it is there");
        let told = ["StackId", "ResourceType", "ResourceStatus", "PhysicalResourceId"]
            .map(|name| text(&detail, name).unwrap_or_default());
        assert_eq!(
            told,
            [
                id.as_str(),
                "AWS::SQS::Queue",
                "CREATE_COMPLETE",
                cloud.resources("queues")["First"].physical_id.as_str()
            ]
        );
    }
}

/// API, SetStackPolicy and GetStackPolicy: none until one is set, and then as it was set.
#[test]
fn policies_are_kept() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    let get = || {
        cloud
            .query("cloudformation", "GetStackPolicy", &[("StackName", "queues")])
            .expect("the stack is there")
    };
    assert_eq!(text(&get(), "StackPolicyBody").unwrap_or_default(), "");
    let policy = r#"{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}"#;
    cloud
        .query(
            "cloudformation",
            "SetStackPolicy",
            &[("StackName", "queues"), ("StackPolicyBody", policy)],
        )
        .expect("it is JSON");
    assert_eq!(text(&get(), "StackPolicyBody"), Some(policy));
    let wrong = cloud.query(
        "cloudformation",
        "SetStackPolicy",
        &[("StackName", "queues"), ("StackPolicyBody", "{")],
    );
    assert_eq!(wrong.expect_err("that is no JSON").code, "ValidationError");
}

/// Guide, "Rules": an assertion that does not hold refuses the request before a stack exists; the text is seen.
#[test]
fn rules_are_asserted() {
    let body = "Parameters: {A: {Type: String, Default: a}, B: {Type: String, Default: b}}\n\
                Rules: {Same: {Assertions: [{Assert: !Equals [!Ref A, !Ref B], AssertDescription: A and B are the same}]}}\n\
                Resources: {Q: {Type: AWS::SQS::Queue}}";
    let cloud = Cloud::start();
    let refusal = cloud.create_stack("queues", body, &[]).expect_err("they differ");
    assert_eq!(refusal.code, "ValidationError");
    assert!(refusal.message.contains("A and B are the same"), "{refusal}");
    assert!(cloud.stack("queues").is_none());
    cloud.create_stack("queues", body, &[("B", "a")]).expect("they are the same");
}

/// API, StackEvent, OperationId and ClientRequestToken: every event belongs to an operation, and carries that operation's token.
#[test]
fn every_event_belongs_to_an_operation() {
    let cloud = Cloud::start();
    let options = |token| [("TemplateBody", QUEUES), ("ClientRequestToken", token)];
    let id = cloud
        .change_stack("CreateStack", "queues", &options("made"), &[])
        .expect("the template is right");
    cloud.settled("queues");
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail("broken"));
    cloud
        .change_stack("UpdateStack", "queues", &options("changed"), &[("Size", "2048")])
        .expect("there is a change");
    cloud.settled("queues");
    cloud
        .query(
            "cloudformation",
            "DeleteStack",
            &[("StackName", "queues"), ("ClientRequestToken", "gone")],
        )
        .expect("it is not protected");
    cloud.settled(&id);
    let answer = cloud
        .query("cloudformation", "DescribeStackEvents", &[("StackName", &id)])
        .expect("the stack was there");
    let mut pairs: Vec<_> = answer
        .members("StackEvents")
        .iter()
        .map(|event| (event.get("OperationId"), event.get("ClientRequestToken")))
        .collect();
    pairs.dedup();
    assert_eq!(
        pairs.iter().map(|(_, token)| *token).collect::<Vec<_>>(),
        [Some("gone"), Some("changed"), Some("made")],
        "{pairs:?}"
    );
    assert!(
        pairs.iter().all(|(operation, _)| operation.is_some_and(|id| id.len() == 36)),
        "{pairs:?}"
    );
}

/// STS API Reference, GetCallerIdentity and AssumeRole: an assumed role acts in its own account.
#[test]
fn callers_have_identities() {
    let cloud = Cloud::start();
    let me = cloud.query("sts", "GetCallerIdentity", &[]).expect("anybody may ask");
    assert_eq!(text(&me, "Account"), Some(cloud.account()));
    let role =
        [("RoleArn", "arn:aws:iam::999999999999:role/deployer"), ("RoleSessionName", "session")];
    let session = cloud.query("sts", "AssumeRole", &role).expect("roles may be assumed");
    assert!(
        text(&session, "AccessKeyId").is_some_and(|key| key.starts_with("ASIA"))
            && text(&session, "SessionToken").is_some()
    );
    assert_eq!(
        text(&session, "Arn"),
        Some("arn:aws:sts::999999999999:assumed-role/deployer/session")
    );
}

/// RDS API Reference, AddTagsToResource and RemoveTagsFromResource: a snapshot's tags are told with it.
#[test]
fn snapshots_are_tagged() {
    let cloud = Cloud::start();
    cloud.create_stack("data", super::database::DATABASE, &[]).expect("the template is right");
    cloud.settled("data");
    super::database::snapshot(&cloud, "data", "one");
    let find = || {
        cloud
            .query("rds", "DescribeDBSnapshots", &[("DBSnapshotIdentifier", "one")])
            .expect("it is there")
    };
    let arn = text(&find(), "DBSnapshotArn").unwrap_or_default().to_owned();
    let tags = |found: &Node| {
        found
            .members("TagList")
            .iter()
            .filter_map(|tag| tag.get("Key").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let tag =
        [("ResourceName", arn.as_str()), ("Tags.Tag.1.Key", "team"), ("Tags.Tag.1.Value", "data")];
    cloud.query("rds", "AddTagsToResource", &tag).expect("it is there");
    assert_eq!(tags(&find()), ["team"]);
    cloud
        .query(
            "rds",
            "RemoveTagsFromResource",
            &[("ResourceName", &arn), ("TagKeys.member.1", "team")],
        )
        .expect("it is there");
    assert_eq!(tags(&find()), [""; 0]);
}
