//! Every status a stack can have, reached on purpose, and the operations that lead there.

use std::collections::BTreeSet;

use super::QUEUES;
use crate::cloud::{Cloud, Rule};

const BROKEN: &str = "Resource handler returned message: \"broken\"";

/// The account, with the stack `queues` made.
fn made() -> Cloud {
    let cloud = Cloud::start();
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    cloud
}

fn call(cloud: &Cloud, action: &str, more: &[(&str, &str)]) {
    cloud
        .query("cloudformation", action, &[&[("StackName", "queues")], more].concat())
        .unwrap_or_else(|refusal| panic!("{action}: {refusal}"));
}

fn fail(cloud: &Cloud, resource: &str, verb: &str) {
    cloud.hold(Rule::stack("queues").resource(resource).on(verb).fail(BROKEN));
}

/// Everything the stack of this id has been.
fn been(cloud: &Cloud, id: &str) -> BTreeSet<String> {
    let now = cloud.stack(id).map(|stack| stack.status);
    cloud
        .events(id)
        .into_iter()
        .filter(|event| event.resource == "queues")
        .map(|event| event.status)
        .chain(now)
        .collect()
}

/// API, Stack, StackStatus: the twenty-three.
#[test]
fn every_status_is_reached() {
    let mut reached = BTreeSet::new();
    let ways: [fn() -> (Cloud, String); 12] = [
        created_and_deleted,
        left_as_it_failed,
        rolled_back,
        stuck_in_rollback,
        not_deleted,
        updated,
        update_undone,
        update_stuck,
        reviewed,
        imported,
        import_undone,
        import_stuck,
    ];
    for way in ways {
        let (cloud, id) = way();
        reached.append(&mut been(&cloud, &id));
    }
    let wanted = "CREATE_IN_PROGRESS CREATE_COMPLETE CREATE_FAILED ROLLBACK_IN_PROGRESS ROLLBACK_COMPLETE ROLLBACK_FAILED DELETE_IN_PROGRESS DELETE_COMPLETE \
                  DELETE_FAILED UPDATE_IN_PROGRESS UPDATE_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_COMPLETE UPDATE_FAILED UPDATE_ROLLBACK_IN_PROGRESS \
                  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_ROLLBACK_COMPLETE UPDATE_ROLLBACK_FAILED REVIEW_IN_PROGRESS \
                  IMPORT_IN_PROGRESS IMPORT_COMPLETE IMPORT_ROLLBACK_IN_PROGRESS IMPORT_ROLLBACK_COMPLETE IMPORT_ROLLBACK_FAILED";
    assert_eq!(wanted.split(' ').count(), 23);
    let missing: Vec<_> = wanted.split(' ').filter(|status| !reached.contains(*status)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}

fn created_and_deleted() -> (Cloud, String) {
    let cloud = made();
    let id = cloud.delete_stack("queues").expect("it is not protected").id;
    (cloud, id)
}

fn left_as_it_failed() -> (Cloud, String) {
    let cloud = Cloud::start();
    fail(&cloud, "Second", "create");
    let options = [("TemplateBody", QUEUES), ("OnFailure", "DO_NOTHING")];
    let id =
        cloud.change_stack("CreateStack", "queues", &options, &[]).expect("the template is right");
    assert_eq!(cloud.settled(&id).status, "CREATE_FAILED");
    (cloud, id)
}

fn rolled_back() -> (Cloud, String) {
    let cloud = Cloud::start();
    fail(&cloud, "Second", "create");
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    assert_eq!(cloud.settled(&id).status, "ROLLBACK_COMPLETE");
    (cloud, id)
}

fn stuck_in_rollback() -> (Cloud, String) {
    let cloud = Cloud::start();
    fail(&cloud, "Second", "create");
    fail(&cloud, "First", "rollback");
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    assert_eq!(cloud.settled(&id).status, "ROLLBACK_FAILED");
    (cloud, id)
}

fn not_deleted() -> (Cloud, String) {
    let cloud = made();
    fail(&cloud, "First", "delete");
    let stack = cloud.delete_stack("queues").expect("it is not protected");
    assert_eq!(stack.status, "DELETE_FAILED");
    (cloud, stack.id)
}

fn updated() -> (Cloud, String) {
    let cloud = made();
    let body = QUEUES.replace("Outputs:", "  Third: {Type: AWS::SQS::Queue}\nOutputs:");
    for body in [&body, QUEUES] {
        cloud.update_stack("queues", body, &[]).expect("there is a change");
        assert_eq!(cloud.settled("queues").status, "UPDATE_COMPLETE");
    }
    (cloud, "queues".into())
}

fn update_undone() -> (Cloud, String) {
    let cloud = made();
    fail(&cloud, "Second", "update");
    let options = [("TemplateBody", QUEUES), ("DisableRollback", "true")];
    cloud
        .change_stack("UpdateStack", "queues", &options, &[("Size", "2048")])
        .expect("there is a change");
    assert_eq!(cloud.settled("queues").status, "UPDATE_FAILED");
    cloud.let_go();
    call(&cloud, "RollbackStack", &[]);
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_COMPLETE");
    (cloud, "queues".into())
}

fn update_stuck() -> (Cloud, String) {
    let cloud = made();
    fail(&cloud, "Second", "update");
    fail(&cloud, "First", "rollback");
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_FAILED");
    call(&cloud, "ContinueUpdateRollback", &[("ResourcesToSkip.member.1", "First")]);
    assert_eq!(cloud.settled("queues").status, "UPDATE_ROLLBACK_COMPLETE");
    (cloud, "queues".into())
}

fn reviewed() -> (Cloud, String) {
    let cloud = Cloud::start();
    call(
        &cloud,
        "CreateChangeSet",
        &[("ChangeSetName", "review"), ("ChangeSetType", "CREATE"), ("TemplateBody", QUEUES)],
    );
    assert_eq!(
        cloud.stack("queues").map(|stack| stack.status).as_deref(),
        Some("REVIEW_IN_PROGRESS")
    );
    (cloud, "queues".into())
}

/// Takes a queue that somebody made into the stack (Guide, "Import AWS resources into a CloudFormation stack").
fn import(cloud: &Cloud) {
    let queue = cloud.json(
        "sqs",
        "AmazonSQS.CreateQueue",
        &serde_json::json!({"QueueName": "found"}),
    )["QueueUrl"]
        .clone();
    let body = QUEUES
        .replace("Outputs:", "  Third: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}\nOutputs:");
    let options = [
        ("ChangeSetName", "import"),
        ("ChangeSetType", "IMPORT"),
        ("TemplateBody", &body),
        ("ResourcesToImport.member.1.ResourceType", "AWS::SQS::Queue"),
        ("ResourcesToImport.member.1.LogicalResourceId", "Third"),
        ("ResourcesToImport.member.1.ResourceIdentifier.entry.1.key", "QueueUrl"),
        (
            "ResourcesToImport.member.1.ResourceIdentifier.entry.1.value",
            queue.as_str().expect("a queue has a URL"),
        ),
    ];
    call(cloud, "CreateChangeSet", &options);
    call(cloud, "ExecuteChangeSet", &[("ChangeSetName", "import")]);
}

fn imported() -> (Cloud, String) {
    let cloud = made();
    cloud.hold(Rule::stack("queues").on("import").hold(60.0));
    import(&cloud);
    assert_eq!(
        cloud.stack("queues").map(|stack| stack.status).as_deref(),
        Some("IMPORT_IN_PROGRESS")
    );
    cloud.let_go();
    assert_eq!(cloud.settled("queues").status, "IMPORT_COMPLETE");
    (cloud, "queues".into())
}

fn import_undone() -> (Cloud, String) {
    let cloud = made();
    fail(&cloud, "Third", "import");
    import(&cloud);
    assert_eq!(cloud.settled("queues").status, "IMPORT_ROLLBACK_COMPLETE");
    (cloud, "queues".into())
}

fn import_stuck() -> (Cloud, String) {
    let cloud = made();
    fail(&cloud, "Third", "import|rollback");
    import(&cloud);
    assert_eq!(cloud.settled("queues").status, "IMPORT_ROLLBACK_FAILED");
    (cloud, "queues".into())
}

/// API, CancelUpdateStack: what is under way is cancelled and undone.
#[test]
fn updates_are_cancelled() {
    let cloud = made();
    cloud.hold(Rule::stack("queues").resource("First").on("update").hold(60.0));
    cloud.update_stack("queues", QUEUES, &[("Size", "2048")]).expect("there is a change");
    cloud.until("queues", |_| cloud.resources("queues")["First"].status == "UPDATE_IN_PROGRESS");
    call(&cloud, "CancelUpdateStack", &[]);
    let stack = cloud.settled("queues");
    assert_eq!(
        (stack.status.as_str(), stack.parameters["Size"].as_str()),
        ("UPDATE_ROLLBACK_COMPLETE", "1024")
    );
    assert!(
        cloud
            .events("queues")
            .iter()
            .any(|event| event.reason.as_deref() == Some("Resource update cancelled"))
    );
}

/// API, CreateStack, UpdateStack and DescribeEvents: an operation's id is in its answer and in its events, and selects them.
#[test]
fn operations_have_ids() {
    let cloud = made();
    fail(&cloud, "Second", "update");
    let options = [
        ("StackName", "queues"),
        ("TemplateBody", QUEUES),
        ("Parameters.member.1.ParameterKey", "Size"),
        ("Parameters.member.1.ParameterValue", "2048"),
    ];
    let answer = cloud.query("cloudformation", "UpdateStack", &options).expect("there is a change");
    let operation =
        answer.find("OperationId").map(|id| id.text.clone()).expect("an operation has an id");
    cloud.settled("queues");
    let options = [("OperationId", operation.as_str()), ("Filters.FailedEvents", "true")];
    let answer =
        cloud.query("cloudformation", "DescribeEvents", &options).expect("the operation is there");
    let failed: Vec<_> = answer
        .members("OperationEvents")
        .iter()
        .filter_map(|event| event.get("LogicalResourceId"))
        .collect();
    assert_eq!(failed, ["Second"]);
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

/// API, DescribeEvents, ValidationName …: what fails before anything is touched has no event of a resource; the next operation's events are told as well.
#[test]
fn validation_is_told_by_describe_events() {
    let cloud = Cloud::start();
    let bucket = cloud.bucket("taken");
    let body = format!(
        "Resources: {{Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {bucket}}}}}}}"
    );
    let id = cloud.create_stack("queues", &body, &[]).expect("the request is accepted");
    assert_eq!(cloud.settled("queues").status, "ROLLBACK_COMPLETE");
    assert!(
        cloud.events("queues").iter().all(|event| event.resource == "queues"),
        "{:#?}",
        cloud.events("queues")
    );
    let failed = [("StackName", id.as_str()), ("Filters.FailedEvents", "true")];
    let answer =
        cloud.query("cloudformation", "DescribeEvents", &failed).expect("the stack is there");
    let first = &answer.members("OperationEvents")[0];
    let told = ["EventType", "LogicalResourceId", "ValidationPath", "OperationType"]
        .map(|name| first.get(name).unwrap_or_default());
    assert_eq!(told, ["VALIDATION_ERROR", "Bucket", "/Resources/Bucket", "CREATE_STACK"]);
    let operation = first.get("OperationId").unwrap_or_default();
    let answer = cloud
        .query("cloudformation", "DescribeStacks", &[("StackName", "queues")])
        .expect("the stack is there");
    assert_eq!(answer.members("LastOperations")[0].get("OperationId"), Some(operation));
    cloud.delete_stack("queues").expect("it is not protected");
    let answer = cloud
        .query("cloudformation", "DescribeEvents", &[("StackName", &id)])
        .expect("the stack is there");
    assert!(
        answer
            .members("OperationEvents")
            .iter()
            .any(|event| event.get("OperationType") == Some("DELETE_STACK"))
    );
}

/// Blog of 2025-11, "pre-deployment validation": a change set fails for it, and DescribeEvents tells it by the set's ARN.
#[test]
fn validation_fails_a_change_set() {
    let cloud = made();
    let bucket = cloud.bucket("taken");
    let body = format!(
        "Resources: {{Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {bucket}}}}}}}"
    );
    let options =
        [("StackName", "queues"), ("ChangeSetName", "set"), ("TemplateBody", body.as_str())];
    let answer = cloud
        .query("cloudformation", "CreateChangeSet", &options)
        .expect("the request is accepted");
    let id = answer.find("Id").map(|id| id.text.clone()).expect("a change set has an ARN");
    let set = cloud
        .query("cloudformation", "DescribeChangeSet", &[("ChangeSetName", &id)])
        .expect("it is there");
    let told = ["Status", "ExecutionStatus", "StatusReason"]
        .map(|name| set.find(name).map_or("", |node| &node.text));
    assert_eq!(told[..2], ["FAILED", "UNAVAILABLE"]);
    assert!(told[2].contains("[AWS::EarlyValidation::ResourceExistenceCheck]"), "{}", told[2]);
    let failed = [("ChangeSetName", id.as_str()), ("Filters.FailedEvents", "true")];
    let answer =
        cloud.query("cloudformation", "DescribeEvents", &failed).expect("the set is there");
    let told: Vec<_> = answer
        .members("OperationEvents")
        .iter()
        .map(|row| (row.get("LogicalResourceId"), row.get("ValidationName")))
        .collect();
    assert_eq!(told, [(Some("Bucket"), Some("NAME_CONFLICT_VALIDATION"))]);
}

/// API, ValidateTemplate: what is declared, and what leads nowhere.
#[test]
fn templates_are_validated() {
    let cloud = Cloud::start();
    let validate =
        |body: &str| cloud.query("cloudformation", "ValidateTemplate", &[("TemplateBody", body)]);
    let answer = validate("Parameters: {A: {Type: String}}\nResources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref A}}}")
        .expect("right");
    let [a] = answer.members("Parameters") else { panic!("one parameter") };
    assert_eq!(
        (a.get("ParameterKey"), a.get("DefaultValue"), a.get("NoEcho")),
        (Some("A"), None, Some("false"))
    );
    let refusal =
        validate("Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref A}}}")
            .expect_err("A is not declared");
    assert_eq!(
        refusal.message,
        "Template format error: Unresolved resource dependencies [A] in the Resources block of the template"
    );
    assert!(validate("]").expect_err("no YAML").message.starts_with("Template format error: "));
}
