//! Updates that would replace or delete what holds data: refused, allowed by name, and what an update leaves behind.

use std::time::{Duration, Instant};

use super::THIS;
use crate::acceptance::terraform::{APPLY, Project};
use crate::acceptance::{QUEUES, free, queues};
use crate::cloud::{Cloud, Rule};

/// A bucket by name, and a queue beside it.
const BUCKET: &str = r#"Parameters:
  Name: {Type: String}
  Delay: {Type: Number, Default: 0}
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Delay}}
"#;

/// A template that has nothing but a nested stack, and a queue.
fn parent(url: &str, nested: bool) -> String {
    let inner = format!(
        "  In: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}', Parameters: {{Name: !Ref Name}}}}}}\n"
    );
    format!(
        "Parameters: {{Name: {{Type: String}}}}\nResources:\n  Queue: {{Type: AWS::SQS::Queue}}\n{}",
        if nested { inner.as_str() } else { "" }
    )
}

/// An account, and a project whose stack holds a bucket of this name.
fn bucket() -> (Cloud, Project, impl Fn(&str, &str) -> String) {
    let (cloud, project) = queues();
    project.write("template.yaml", BUCKET);
    let account = cloud.account().to_owned();
    let main = move |name: &str, more: &str| {
        free(&format!("  parameters = {{ Name = \"{name}-{account}\", {more} }}"))
    };
    project.main(&main("one", ""));
    project.apply().ok();
    project.plan_is_empty();
    cloud.forget();
    (cloud, project, main)
}

fn allowing(main: &str, ids: &str) -> String {
    main.replace("  parameters", &format!("  allow_replacement = [{ids}]\n  parameters"))
}

/// The names of the change sets that may still be carried out.
fn sets(cloud: &Cloud) -> usize {
    let listed = cloud
        .query("cloudformation", "ListChangeSets", &[("StackName", "queues")])
        .expect("the stack is there");
    listed.members("Summaries").len()
}

/// Applies without a look at AWS at plan, so that the apply alone judges.
fn apply_unseen(project: &Project) -> crate::acceptance::command::Outcome {
    project.run(&[&APPLY[..], &["-refresh=false"]].concat())
}

#[test]
fn a_bucket_is_replaced_only_by_name() {
    let (cloud, project, main) = bucket();
    project.main(&main("two", ""));
    let refused = apply_unseen(&project)
        .failed()
        .says("Data (AWS::S3::Bucket) would be replaced by a new one");
    refused.says("allow_replacement = [\"Data\"]").says("Nothing was changed.");
    assert_eq!((sets(&cloud), cloud.calls_of("ExecuteChangeSet").len()), (0, 0));
    assert_eq!(cloud.stack("queues").expect("it is there").status, "CREATE_COMPLETE");
    assert_ne!(project.plan().code, 0, "the change is still wanted");

    project.main(&allowing(&main("two", ""), "\"Data\""));
    apply_unseen(&project).ok();
    project.plan_is_empty();
    assert_eq!(cloud.resources("queues")["Data"].physical_id, format!("two-{}", cloud.account()));

    cloud.forget();
    project.main(&main("two", ""));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(crate::acceptance::writes(&cloud), [""; 0], "the word alone is no change");
}

/// Somebody gives the stack another name for its bucket; other tags alone, planned without a look at AWS, bring the former one back by a
/// replacement that the plan did not hold for possible. After the refusal the next plan looks by itself, and it gets through by name.
#[test]
fn what_known_outputs_rest_on_is_replaced_by_the_next_plan() {
    let (cloud, project, main) = bucket();
    project.write("template.yaml", &format!("{BUCKET}Outputs:\n  Data: {{Value: !Ref Data}}\n"));
    project.apply().ok();
    let elsewhere = format!("elsewhere-{}", cloud.account());
    let body = std::fs::read_to_string(project.path("template.yaml")).expect("it is there");
    cloud.update_stack("queues", &body, &[("Name", &elsewhere)]).expect("it is there");
    cloud.settled("queues");
    cloud.forget();
    let tagged =
        main("one", "").replace("  parameters", "  tags = { Team = \"data\" }\n  parameters");
    project.main(&tagged);
    apply_unseen(&project).failed().says("Data (AWS::S3::Bucket) would be replaced by a new one");
    project.main(&allowing(&tagged, "\"Data\""));
    apply_unseen(&project).ok();
    project.plan_is_empty();
    assert_eq!(cloud.resources("queues")["Data"].physical_id, format!("one-{}", cloud.account()));
    assert_eq!((sets(&cloud), cloud.calls_of("ExecuteChangeSet").len()), (0, 1));
}

#[test]
fn an_update_takes_three_calls_and_leaves_no_change_set() {
    let (cloud, project, main) = bucket();
    project.main(&main("one", "Delay = 5"));
    apply_unseen(&project).ok();
    let calls: Vec<_> = cloud
        .calls()
        .into_iter()
        .map(|call| call.action)
        .filter(|action| action.ends_with("ChangeSet"))
        .collect();
    assert_eq!(calls, ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet"]);
    let executed = &cloud.calls_of("ExecuteChangeSet")[0];
    assert_eq!(executed.sent("DisableRollback"), Some("false"));
    assert!(
        cloud
            .events("queues")
            .iter()
            .filter(|event| event.status == "UPDATE_IN_PROGRESS")
            .all(|event| event.token == executed.token)
    );
    assert_eq!((sets(&cloud), cloud.calls_of("UpdateStack").len()), (0, 0));
    project.plan_is_empty();
}

#[test]
fn removals_are_refused_and_what_is_retained_may_go() {
    let (cloud, project, main) = bucket();
    let without =
        BUCKET.lines().filter(|line| !line.contains("Data:")).collect::<Vec<_>>().join("\n");
    project.write("template.yaml", &without);
    apply_unseen(&project).failed().says("Data (AWS::S3::Bucket) would be deleted.");
    project.write(
        "template.yaml",
        &BUCKET.replace("AWS::S3::Bucket,", "AWS::S3::Bucket, DeletionPolicy: Retain,"),
    );
    apply_unseen(&project).ok();
    project.write("template.yaml", &without);
    project.main(&main("one", ""));
    project
        .plan()
        .says("Stack queues: 1 let go")
        .says("Let go (taken out of the stack, stays in AWS):")
        .says("- AWS::S3::Bucket: Data");
    apply_unseen(&project).ok();
    project.plan_is_empty();
    assert_eq!(sets(&cloud), 0);
    assert!(
        cloud.s3("HEAD", &format!("/one-{}", cloud.account()), &[], b"").is_ok(),
        "the bucket is kept"
    );
}

#[test]
fn nested_stacks_are_followed() {
    let (cloud, project, main) = bucket();
    project.destroy().ok();
    let url = cloud.upload(
        "inner.yaml",
        "Parameters: {Name: {Type: String}}\nResources: {Data: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}}\n",
    );
    project.write("template.yaml", &parent(&url, true));
    project.main(&main("nested", ""));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&main("other", ""));
    apply_unseen(&project)
        .failed()
        .says("In.Data (AWS::S3::Bucket) would be replaced")
        .says("allow_replacement = [\"In.Data\"]");
    project.main(&main("nested", ""));
    project.write("template.yaml", &parent(&url, false));
    apply_unseen(&project).failed().says("In.Data (AWS::S3::Bucket) would be deleted");
    assert_eq!(sets(&cloud), 0);
    project.main(&allowing(&main("nested", ""), "\"In.Data\""));
    apply_unseen(&project).ok();
    project.plan_is_empty();
    assert!(
        cloud.s3("HEAD", &format!("/nested-{}", cloud.account()), &[], b"").is_err(),
        "the bucket is gone"
    );
}

#[test]
fn what_is_no_resource_is_updated_too() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.write("template.yaml", &format!("{QUEUES}  More: {{Value: more}}\n"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "outputs")["More"], "more");
    assert_eq!(sets(&cloud), 0);
    let instance = project.instance(THIS);
    assert!(instance.get("planned_changes").is_none(), "a plan shows nothing of the last update");
}

#[test]
fn a_kill_before_it_is_carried_out_leaves_nothing() {
    let (cloud, project, main) = bucket();
    cloud.hold(Rule::stack("queues").on("review").hold(600.0));
    project.main(&main("one", "Delay = 5"));
    let running = project.start(&[&APPLY[..], &["-refresh=false"]].concat());
    let end = Instant::now() + Duration::from_secs(60);
    while cloud.calls_of("DescribeChangeSet").is_empty() {
        assert!(Instant::now() < end, "nothing is compared");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.send("KILL", true);
    running.wait();
    assert_eq!(sets(&cloud), 1);
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(sets(&cloud), 0);
    project.nothing_is_left_running();
}

#[test]
fn ctrl_c_while_it_is_compared_leaves_nothing() {
    let (cloud, project, main) = bucket();
    cloud.hold(Rule::stack("queues").on("review").hold(600.0));
    project.main(&main("one", "Delay = 5"));
    let running = project.start(&[&APPLY[..], &["-refresh=false"]].concat());
    let end = Instant::now() + Duration::from_secs(60);
    while cloud.calls_of("DescribeChangeSet").is_empty() {
        assert!(Instant::now() < end, "nothing is compared");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.interrupt().0.failed().says("Stopped while the update is compared with the stack");
    assert_eq!(sets(&cloud), 0);
}

#[test]
fn what_cloudformation_finds_impossible_is_told() {
    let (cloud, project, main) = bucket();
    cloud.hold(
        Rule::stack("queues").on("review").fail("Requires capabilities : [CAPABILITY_MAGIC]"),
    );
    project.main(&main("one", "Delay = 5"));
    apply_unseen(&project).failed().says(
        "CloudFormation finds the update impossible: Requires capabilities : [CAPABILITY_MAGIC].",
    );
    cloud.let_go();
    cloud.hold(
        Rule::stack("queues")
            .on("review")
            .fail("User: me is not authorized to perform: ssm:GetParameters"),
    );
    apply_unseen(&project)
        .failed()
        .says("is not authorized to perform: ssm:GetParameters")
        .says("The guide \"Permissions\"");
    assert_eq!(sets(&cloud), 0);
}
