//! Change sets: made, told, executed, out of date.

use super::QUEUES;
use crate::cloud::xml::Node;
use crate::cloud::{Cloud, Refusal, Rule};

/// The account, with the stack `queues` made; and its id.
fn made() -> (Cloud, String) {
    let cloud = Cloud::start();
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    (cloud, id)
}

/// Makes the change set `next` of the stack `queues`.
fn make(
    cloud: &Cloud,
    options: &[(&str, &str)],
    parameters: &[(&str, &str)],
) -> Result<Node, Refusal> {
    let names: Vec<_> = (1..=parameters.len())
        .map(|i| ["Key", "Value"].map(|part| format!("Parameters.member.{i}.Parameter{part}")))
        .collect();
    let mut sent =
        vec![("StackName", "queues"), ("ChangeSetName", "next"), ("ChangeSetType", "UPDATE")];
    sent.extend_from_slice(options);
    for ([key, value], (parameter, given)) in names.iter().zip(parameters) {
        sent.extend([(key.as_str(), *parameter), (value.as_str(), *given)]);
    }
    cloud.query("cloudformation", "CreateChangeSet", &sent)
}

fn describe(cloud: &Cloud) -> Node {
    let sent =
        [("StackName", "queues"), ("ChangeSetName", "next"), ("IncludePropertyValues", "true")];
    cloud
        .query("cloudformation", "DescribeChangeSet", &sent)
        .unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn execute(cloud: &Cloud, token: &str) -> Result<Node, Refusal> {
    let sent = [("StackName", "queues"), ("ChangeSetName", "next"), ("ClientRequestToken", token)];
    cloud.query("cloudformation", "ExecuteChangeSet", &sent)
}

fn text<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.find(name).map(|node| node.text.as_str())
}

/// What is done to each resource: action, id, replacement, policy.
fn told(set: &Node) -> Vec<[String; 4]> {
    let row = |change: &Node| {
        ["Action", "LogicalResourceId", "Replacement", "PolicyAction"]
            .map(|name| text(change, name).unwrap_or("").to_owned())
    };
    set.members("Changes").iter().map(row).collect()
}

fn rows(wanted: &[[&str; 4]]) -> Vec<[String; 4]> {
    wanted.iter().map(|row| row.map(str::to_owned)).collect()
}

/// API, DescribeChangeSet and ResourceTargetDefinition: values before and after, what is replaced, what becomes of what goes.
#[test]
fn changes_are_told_ahead() {
    let (cloud, id) = made();
    let body = QUEUES
        .replace("First, Properties: {", "First, Properties: {QueueName: named, ")
        .replace("Outputs:", "  Third: {Type: AWS::SQS::Queue}\nOutputs:");
    make(&cloud, &[("TemplateBody", &body)], &[("Size", "2048"), ("Password", "secret")])
        .expect("there is a change");
    let set = describe(&cloud);
    assert_eq!(
        (text(&set, "Status"), text(&set, "ExecutionStatus"), text(&set, "StackId")),
        (Some("CREATE_COMPLETE"), Some("AVAILABLE"), Some(id.as_str()))
    );
    let wanted = [
        ["Modify", "First", "False", ""],
        ["Modify", "Second", "True", "ReplaceAndDelete"],
        ["Add", "Third", "", ""],
    ];
    assert_eq!(told(&set), rows(&wanted));
    let detail = &set.members("Changes")[0].members("Details")[0];
    let target =
        ["Name", "Path", "BeforeValue", "AfterValue", "AttributeChangeType", "RequiresRecreation"]
            .map(|name| text(detail, name).unwrap_or_default());
    assert_eq!(
        target,
        ["MaximumMessageSize", "/Properties/MaximumMessageSize", "1024", "2048", "Modify", "Never"]
    );
    let shown: Vec<_> = set
        .members("Parameters")
        .iter()
        .map(|row| (row.get("ParameterKey"), row.get("ParameterValue")))
        .collect();
    assert_eq!(shown, [(Some("Size"), Some("2048")), (Some("Password"), Some("****"))]);
    assert_eq!(
        cloud.stack("queues").expect("it is there").status,
        "CREATE_COMPLETE",
        "nothing was changed"
    );
    let without =
        QUEUES.lines().filter(|line| !line.contains("Second:")).collect::<Vec<_>>().join("\n");
    cloud
        .query(
            "cloudformation",
            "DeleteChangeSet",
            &[("StackName", &id), ("ChangeSetName", "next")],
        )
        .expect("it may be deleted");
    make(&cloud, &[("TemplateBody", &without)], &[]).expect("there is a change");
    assert_eq!(told(&describe(&cloud)), rows(&[["Remove", "Second", "", "Delete"]]));
}

/// Guide, "Conditions": what a parameter switches off is removed.
#[test]
fn conditions_come_and_go() {
    let (cloud, _) = made();
    let body = |more: &str| {
        format!(
            "Parameters: {{More: {{Type: String, Default: {more}}}}}\nConditions: {{More: !Equals [!Ref More, 'yes']}}\n{}",
            &QUEUES[QUEUES.find("Resources").expect("there are some")..]
        )
        .replace("MaximumMessageSize: !Ref Size", "")
        .replace("DependsOn: First,", "Condition: More,")
    };
    cloud.update_stack("queues", &body("'yes'"), &[]).expect("there is a change");
    cloud.settled("queues");
    make(&cloud, &[("UsePreviousTemplate", "true")], &[("More", "no")]).expect("there is a change");
    assert_eq!(told(&describe(&cloud)), rows(&[["Remove", "Second", "", "Delete"]]));
}

/// API, ExecuteChangeSet: the update, its token in every event, the role and topics the set was made with; the same request twice is the same request.
#[test]
fn a_change_set_is_executed_once() {
    let (cloud, _) = made();
    let (role, topic) =
        ("arn:aws:iam::123456789012:role/deployer", "arn:aws:sns:us-east-1:123456789012:news");
    make(
        &cloud,
        &[("UsePreviousTemplate", "true"), ("RoleARN", role), ("NotificationARNs.member.1", topic)],
        &[("Size", "2048")],
    )
    .expect("there is a change");
    let before = cloud.events("queues").len();
    execute(&cloud, "token").expect("it is available");
    execute(&cloud, "token").expect("that is the same request");
    let stack = cloud.settled("queues");
    assert_eq!(
        (stack.status.as_str(), stack.parameters["Size"].as_str(), stack.updated.is_some()),
        ("UPDATE_COMPLETE", "2048", true)
    );
    assert_eq!((stack.role.as_deref(), stack.topics), (Some(role), vec![topic.to_owned()]));
    let events = cloud.events("queues").split_off(before);
    assert!(
        events.len() > 2 && events.iter().all(|event| event.token.as_deref() == Some("token")),
        "{events:#?}"
    );
    assert_eq!(
        execute(&cloud, "other").expect_err("it was executed").code,
        "InvalidChangeSetStatus"
    );
    let answer = cloud
        .query("cloudformation", "DescribeStacks", &[("StackName", "queues")])
        .expect("the stack is there");
    let kinds: Vec<_> = answer
        .members("LastOperations")
        .iter()
        .filter_map(|operation| operation.get("OperationType"))
        .collect();
    assert_eq!(kinds, ["UPDATE_STACK", "CREATE_STACK"]);
}

/// API, CreateChangeSet: a set without changes has failed; ClientToken makes a repeated request the same; a busy stack is not compared. The texts are seen.
#[test]
fn change_sets_that_are_not_made() {
    let (cloud, id) = made();
    make(&cloud, &[("UsePreviousTemplate", "true"), ("ClientToken", "one")], &[])
        .expect("the request is right");
    let set = describe(&cloud);
    assert_eq!(
        (text(&set, "Status"), text(&set, "ExecutionStatus")),
        (Some("FAILED"), Some("UNAVAILABLE"))
    );
    assert!(text(&set, "StatusReason").is_some_and(|reason| {
        reason.starts_with("The submitted information didn't contain changes.")
    }));
    assert_eq!(execute(&cloud, "token").expect_err("nothing to do").code, "InvalidChangeSetStatus");
    make(&cloud, &[("UsePreviousTemplate", "true"), ("ClientToken", "one")], &[])
        .expect("that is the same request");
    assert_eq!(
        make(&cloud, &[("UsePreviousTemplate", "true"), ("ClientToken", "two")], &[])
            .expect_err("the name is taken")
            .code,
        "AlreadyExistsException"
    );
    cloud
        .query(
            "cloudformation",
            "DeleteChangeSet",
            &[("StackName", "queues"), ("ChangeSetName", "next")],
        )
        .expect("it may be deleted");
    cloud.hold(Rule::stack("queues").on("update").hold(60.0));
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    let refusal = make(&cloud, &[("UsePreviousTemplate", "true")], &[("Size", "4096")])
        .expect_err("the stack is busy");
    assert_eq!(
        refusal.message,
        format!("Stack:{id} is in UPDATE_IN_PROGRESS state and can not be updated.")
    );
    cloud.let_go();
    cloud.settled("queues");
    let created = cloud.query(
        "cloudformation",
        "CreateChangeSet",
        &[
            ("StackName", "queues"),
            ("ChangeSetName", "next"),
            ("ChangeSetType", "CREATE"),
            ("TemplateBody", QUEUES),
        ],
    );
    assert_eq!(
        created.expect_err("it exists").message,
        "Stack [queues] already exists and cannot be created again with the changeSet [next]."
    );
    let missing = cloud
        .query(
            "cloudformation",
            "DescribeChangeSet",
            &[("StackName", "queues"), ("ChangeSetName", "next")],
        )
        .expect_err("there is none");
    assert_eq!(
        (missing.status, missing.code.as_str(), missing.message.as_str()),
        (404, "ChangeSetNotFound", "ChangeSet [next] does not exist")
    );
}

/// Guide, "Update CloudFormation stacks using change sets": another update makes a set obsolete. API: it takes a while, and may fail.
#[test]
fn change_sets_take_time_and_age() {
    let (cloud, _) = made();
    cloud.hold(Rule::stack("queues").resource("ChangeSet").on("review").hold(60.0).times(1));
    cloud.hold(
        Rule::stack("queues").resource("ChangeSet").on("review").fail("no permission").times(1),
    );
    make(&cloud, &[("UsePreviousTemplate", "true")], &[("Size", "2048")])
        .expect("the request is right");
    let set = describe(&cloud);
    assert_eq!(
        (text(&set, "Status"), text(&set, "ExecutionStatus"), set.members("Changes").len()),
        (Some("CREATE_IN_PROGRESS"), Some("UNAVAILABLE"), 0)
    );
    cloud.let_go();
    assert_eq!(text(&describe(&cloud), "Status"), Some("CREATE_COMPLETE"));
    cloud.update_stack("queues", QUEUES, &[("Size", "4096")]).expect("there is a change");
    cloud.settled("queues");
    assert_eq!(text(&describe(&cloud), "ExecutionStatus"), Some("OBSOLETE"));
    let refusal = execute(&cloud, "token").expect_err("it is obsolete");
    assert!(
        refusal
            .message
            .ends_with("cannot be executed in its current execution status of [OBSOLETE]"),
        "{refusal}"
    );
    cloud
        .query(
            "cloudformation",
            "DeleteChangeSet",
            &[("StackName", "queues"), ("ChangeSetName", "next")],
        )
        .expect("it may be deleted");
    cloud.hold(Rule::stack("queues").resource("ChangeSet").on("review").fail("no permission"));
    make(&cloud, &[("UsePreviousTemplate", "true")], &[("Size", "2048")])
        .expect("the request is right");
    assert_eq!(
        (text(&describe(&cloud), "Status"), text(&describe(&cloud), "StatusReason")),
        (Some("FAILED"), Some("no permission"))
    );
}

/// API, CreateChangeSet, IncludeNestedStacks: a nested stack's changes are in a change set of its own.
#[test]
fn nested_stacks_have_change_sets() {
    let cloud = Cloud::start();
    let url = cloud.upload("nested.yaml", QUEUES);
    let body = format!(
        "Parameters: {{Size: {{Type: Number, Default: 1024}}}}\nResources: {{Nested: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}', Parameters: {{Size: !Ref Size}}}}}}}}"
    );
    cloud.create_stack("queues", &body, &[]).expect("the template is right");
    assert_eq!(cloud.settled("queues").status, "CREATE_COMPLETE", "{:#?}", cloud.events("queues"));
    make(
        &cloud,
        &[("UsePreviousTemplate", "true"), ("IncludeNestedStacks", "true")],
        &[("Size", "2048")],
    )
    .expect("there is a change");
    let set = describe(&cloud);
    let nested = set.members("Changes")[0]
        .find("ChangeSetId")
        .map(|id| id.text.clone())
        .expect("a nested change has a change set");
    let nested = cloud
        .query("cloudformation", "DescribeChangeSet", &[("ChangeSetName", &nested)])
        .expect("it is there");
    assert_eq!(
        told(&nested),
        rows(&[["Modify", "First", "False", ""], ["Modify", "Second", "False", ""]])
    );
    assert_eq!(text(&nested, "ParentChangeSetId"), text(&set, "ChangeSetId"));
}

/// aws-cloudformation-resource-providers-rds, schema: DBSnapshotIdentifier is conditionally create-only, so a guard must look at the values.
#[test]
fn a_database_s_replacement_is_told_as_possible() {
    let cloud = Cloud::start();
    cloud.create_stack("queues", super::database::DATABASE, &[]).expect("the template is right");
    cloud.settled("queues");
    make(&cloud, &[("UsePreviousTemplate", "true")], &[("Snapshot", "one")])
        .expect("there is a change");
    assert_eq!(told(&describe(&cloud)), rows(&[["Modify", "DB", "Conditional", ""]]));
}

/// API, ListChangeSets ("each active change set"), ExecuteChangeSet ("CloudFormation deletes all other change sets") and DeleteChangeSet: they are told by
/// the stack's name; one that was carried out is listed no more, and to delete it, or one that never was, is no error of the request.
#[test]
fn change_sets_are_listed_by_the_stack_s_name_until_one_is_carried_out() {
    let (cloud, id) = made();
    let listed = |stack: &str| {
        let answer = cloud
            .query("cloudformation", "ListChangeSets", &[("StackName", stack)])
            .expect("the stack is there");
        answer
            .members("Summaries")
            .iter()
            .filter_map(|row| row.get("ChangeSetName").map(str::to_owned))
            .collect::<Vec<_>>()
    };
    cloud.create_stack("others", QUEUES, &[]).expect("the template is right");
    cloud.settled("others");
    make(&cloud, &[("UsePreviousTemplate", "true")], &[("Size", "2048")])
        .expect("there is a change");
    assert_eq!(
        (listed("queues"), listed(&id), listed("others")),
        (vec!["next".to_owned()], vec!["next".to_owned()], vec![])
    );
    execute(&cloud, "token").expect("it is available");
    cloud.settled("queues");
    assert_eq!(listed("queues"), [""; 0]);
    for name in ["next", "never"] {
        let gone = cloud.query(
            "cloudformation",
            "DeleteChangeSet",
            &[("StackName", "queues"), ("ChangeSetName", name)],
        );
        assert!(
            gone.as_ref().err().is_none_or(|refusal| refusal.code == "ChangeSetNotFound"),
            "{gone:?}"
        );
    }
    let missing = cloud
        .query("cloudformation", "ListChangeSets", &[("StackName", "nothing")])
        .expect_err("there is no such stack");
    assert!(missing.message.ends_with("does not exist"), "{missing}");
}
