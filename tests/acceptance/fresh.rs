//! Nothing is believed too soon: reads that are older than a write, answers that are not AWS's, stacks made anew between two calls.

use serde_json::json;

use super::terraform::{APPLY, Project};
use super::{BROKEN, QUEUES, free, queues, writes};
use crate::cloud::{Cloud, Fault, Rule, Weather};

const THIS: &str = "quilt_stack.this";
const LARGER: &str = "  parameters = { Size = 4096 }\n";

/// The calls of an action that got through.
fn sent(cloud: &Cloud, action: &str) -> usize {
    cloud.calls_of(action).iter().filter(|call| call.status == Some(200)).count()
}

/// The stack, made in fair weather; with its id.
fn made(arguments: &str) -> (Cloud, Project, String) {
    let (cloud, project) = queues();
    project.main(&free(arguments));
    project.apply().ok();
    let id = cloud.stack("queues").expect("it was made").id;
    cloud.forget();
    (cloud, project, id)
}

#[test]
fn a_whole_life_with_reads_that_lag_behind() {
    for reads in [1, 2, 5] {
        let (cloud, project) = queues();
        cloud.weather(Weather::stale(reads));
        project.main(&free(""));
        project.apply().ok().says("1 added");
        let id = cloud.stack("queues").expect("it was made").id;
        assert_eq!(
            (project.attribute(THIS, "id"), project.attribute(THIS, "status")),
            (json!(id), json!("CREATE_COMPLETE")),
            "{reads}"
        );
        project.plan_is_empty();
        project.main(&free(LARGER));
        project.apply().ok().says("1 changed");
        assert_eq!(project.attribute(THIS, "outputs")["Size"], "4096", "{reads}");
        assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
        project.plan_is_empty();
        assert_eq!(
            (
                sent(&cloud, "CreateStack"),
                sent(&cloud, "DeleteStack"),
                sent(&cloud, "ExecuteChangeSet")
            ),
            (1, 0, 1),
            "{reads}"
        );
        project.destroy().ok().says("1 destroyed");
        assert!(cloud.stack("queues").is_none() && project.instance(THIS).is_null());
        assert_eq!((sent(&cloud, "CreateStack"), sent(&cloud, "DeleteStack")), (1, 1), "{reads}");
    }
}

#[test]
fn a_failed_update_and_a_failed_deletion_are_seen_through_reads_that_lag_behind() {
    let (cloud, project, id) = made("");
    cloud.weather(Weather::stale(3));
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN).times(1));
    project.main(&free(LARGER));
    project.apply().failed().says("UPDATE_ROLLBACK_COMPLETE").says("broken");
    project.apply().ok();
    project.plan_is_empty();
    cloud.hold(Rule::stack("queues").resource("First").on("delete").fail(BROKEN).times(1));
    project.destroy().failed().says("DELETE_FAILED").says("broken");
    assert_eq!(project.attribute(THIS, "id"), json!(id));
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}

#[test]
fn a_rollback_goes_on_with_reads_that_lag_behind() {
    let (cloud, project, _) = made("");
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    cloud.hold(Rule::stack("queues").resource("First").on("rollback").fail(BROKEN));
    project.main(&free(LARGER));
    project.apply().failed().says("UPDATE_ROLLBACK_FAILED");
    cloud.weather(Weather::stale(3));
    project.main(&free(&format!("{LARGER}  on_rollback_failed = \"continue\"")));
    project.apply().failed().says("continued and failed again");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!(
        (stack.status.as_str(), stack.parameters["Size"].as_str()),
        ("UPDATE_COMPLETE", "4096")
    );
}

#[test]
fn what_is_not_aws_s_answer_removes_nothing() {
    for fault in [Fault::Html { status: 404 }, Fault::Bare { status: 404 }] {
        let (cloud, project, id) = made("");
        cloud.weather(fault.clone().on("DescribeStacks"));
        project.plan().failed().says("status 404");
        project.destroy().failed();
        assert_eq!(
            (project.attribute(THIS, "id"), writes(&cloud)),
            (json!(id), vec![]),
            "{fault:?}"
        );
        cloud.clear_up();
        cloud.weather(fault.clone().on("DeleteStack"));
        project.destroy().failed();
        assert_eq!(
            (project.attribute(THIS, "id"), cloud.stack("queues").is_some()),
            (json!(id), true),
            "{fault:?}"
        );
        cloud.clear_up();
        // While an operation is waited for, such an answer says nothing at all.
        cloud.weather(fault.clone().on("DescribeStacks").skip(3).times(3));
        project.main(&free(LARGER));
        project.apply().ok();
        cloud.clear_up();
        project.plan_is_empty();
    }
}

#[test]
fn absence_that_is_said_once_removes_nothing() {
    let (cloud, project, id) = made("");
    let absent = || Fault::Refused {
        status: 400,
        code: "ValidationError".into(),
        message: "Stack with id queues does not exist".into(),
    };
    cloud.weather(absent().on("DescribeStacks").times(1));
    project.plan_is_empty();
    cloud.weather(absent().on("DescribeStacks").times(1));
    project.destroy().ok();
    assert_eq!(sent(&cloud, "DeleteStack"), 1);
    assert!(cloud.stack(&id).is_some_and(|stack| stack.status == "DELETE_COMPLETE"));
}

/// Somebody deletes the stack and makes another of its name.
fn make_anew(cloud: &Cloud) {
    cloud.delete_stack("queues").expect("it may be deleted");
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
}

#[test]
fn a_stack_that_is_made_anew_between_two_calls_is_not_touched() {
    for action in ["CreateChangeSet", "ExecuteChangeSet"] {
        let (cloud, project, id) = made("  preview = false");
        cloud.before(action, make_anew);
        project.main(&free(&format!("  preview = false\n{LARGER}")));
        project.apply().failed().says("is gone");
        let now = cloud.stack("queues").expect("it was made anew");
        assert_eq!(
            (now.id == id, now.updated, now.parameters["Size"].as_str()),
            (false, None, "1024"),
            "{action}"
        );
    }
    let (cloud, project, id) = made("");
    cloud.before("DeleteStack", make_anew);
    project.destroy().ok();
    let now = cloud.stack("queues").expect("it was made anew");
    assert_eq!((now.id == id, now.status.as_str()), (false, "CREATE_COMPLETE"));
}

#[test]
fn without_leave_to_read_events_an_update_ends_and_says_so() {
    let (cloud, project, _) = made("");
    cloud.weather(Fault::Denied.on("DescribeStackEvents"));
    project.main(&free(LARGER));
    project
        .apply()
        .ok()
        .says("The events of stacks may not be read")
        .says("cloudformation:DescribeStackEvents");
    assert_eq!(project.attribute(THIS, "outputs")["Size"], "4096");
    project.plan_is_empty();
}

#[test]
fn what_an_update_could_not_delete_is_told() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let first = cloud.resources("queues")["Second"].physical_id.clone();
    cloud.hold(Rule::stack("queues").resource("Second").on("delete").fail(BROKEN));
    project.write(
        "template.yaml",
        &QUEUES.lines().filter(|line| !line.contains("Second:")).collect::<Vec<_>>().join("\n"),
    );
    project
        .apply()
        .ok()
        .says("left something behind")
        .says("Second (AWS::SQS::Queue)")
        .says(first.rsplit('/').next().unwrap_or_default());
    cloud.let_go();
    project.plan_is_empty();
}

#[test]
fn emptying_a_bucket_keeps_to_the_time_limit() {
    let (cloud, project) = queues();
    project.write("template.yaml", "Resources: {Data: {Type: AWS::S3::Bucket}}");
    project.main(&free("  empty_buckets = true\n  timeouts {\n    delete = \"4s\"\n  }"));
    project.apply().ok();
    let bucket = cloud.resources("queues")["Data"].physical_id.clone();
    cloud.s3("PUT", &format!("/{bucket}/one"), &[], b"1").expect("it is there");
    cloud.weather(Fault::Slow { seconds: 8.0 }.on(".*").of_service("s3"));
    let begun = std::time::Instant::now();
    project
        .destroy()
        .failed()
        .says("in time")
        .says(&format!("the bucket {bucket} is being emptied"));
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
    cloud.clear_up();
    project.destroy().ok();
}

/// A database whose replacement CloudFormation leaves open.
const DATABASE: &str = r#"Parameters:
  Days: {Type: Number, Default: 1}
Resources:
  DB:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t3.small, AllocatedStorage: '20', MasterUsername: root, MasterUserPassword: hunter22, BackupRetentionPeriod: !Ref Days}
"#;

#[test]
fn a_database_that_may_be_replaced_is_replaced_only_by_name() {
    let (cloud, project) = queues();
    project.write("template.yaml", DATABASE);
    project.main(&free("  parameters = { Days = 1 }"));
    project.apply().ok();
    project.main(&free("  parameters = { Days = 2 }"));
    let open = "`BackupRetentionPeriod` changes from \"1\" to \"2\", and CloudFormation decides while it works";
    project
        .plan()
        .failed()
        .says("DB (AWS::RDS::DBInstance) may be replaced by a new one")
        .says(open)
        .says("allow_replacement = [\"DB\"]");
    project
        .run(&[&APPLY[..], &["-refresh=false"]].concat())
        .failed()
        .says(open)
        .says("Nothing was changed.");
    assert_eq!(sent(&cloud, "ExecuteChangeSet"), 0);
    project.main(&free("  parameters = { Days = 2 }\n  allow_replacement = [\"DB\"]"));
    project.apply().ok();
    project.plan_is_empty();
}
