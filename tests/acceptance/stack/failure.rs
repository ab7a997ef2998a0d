//! What goes wrong: the first cause is named, the state stays true, the next apply puts it right.

use serde_json::json;

use super::THIS;
use crate::acceptance::terraform::APPLY;
use crate::acceptance::{BROKEN, QUEUES, free, queues, stack, until_held};
use crate::cloud::{Cloud, Fault, Rule};

#[test]
fn a_stack_deleted_elsewhere_is_planned_anew() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.delete_stack("queues").expect("it is not protected");
    let plan = project.plan().says("quilt_stack.this will be created");
    assert_eq!(plan.code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert!(cloud.stack("queues").is_some());
}

#[test]
fn a_failed_creation_names_its_cause_and_is_made_anew() {
    let (cloud, project) = queues();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").fail(BROKEN));
    project.main(&free(""));
    let outcome = project
        .apply()
        .failed()
        .says("Stack queues was not created")
        .says("CloudFormation rolled the creation back (ROLLBACK_COMPLETE)");
    outcome
        .says(
            "First cause: Second (AWS::SQS::Queue): Resource handler returned message: \"broken\"",
        )
        .says("apply again");
    let remains = cloud.stack("queues").expect("rolled back, not deleted").id;
    assert_eq!(
        (&project.instance(THIS)["status"], project.attribute(THIS, "id")),
        (&json!("tainted"), json!(remains))
    );
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("queues").expect("it was made");
    assert!(made.id != remains && made.status == "CREATE_COMPLETE");
}

/// An adopted stack that completed is never tainted: Terraform would destroy it at the next apply.
#[test]
fn an_adoption_whose_update_fails_keeps_the_stack() {
    let (cloud, project) = queues();
    cloud.hold(Rule::stack("queues").resource("Second").on("create").hold(600.0));
    project.main(&free("  parameters = { Size = 2048 }"));
    let running = project.start(&APPLY);
    let id = until_held(&cloud, &running, "queues", "Second", "create");
    running.send("KILL", true);
    running.wait();
    cloud.let_go();
    cloud.settled("queues");

    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    project.main(&free("  parameters = { Size = 4096 }"));
    let outcome =
        project.apply().failed().says("the stack is as it was before (UPDATE_ROLLBACK_COMPLETE)");
    outcome.says("nothing of it is deleted").says("Second (AWS::SQS::Queue)");
    assert!(project.instance(THIS).is_null(), "with a state it would be tainted");
    cloud.let_go();
    project.apply().ok().says("1 added, 0 changed, 0 destroyed");
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!(
        (stack.id, stack.parameters["Size"].as_str(), cloud.calls_of("DeleteStack").len()),
        (id, "4096", 0)
    );
}

/// A stack that is complete, and whose protection may not be switched on.
#[test]
fn a_step_after_the_creation_that_fails_keeps_the_stack() {
    let (cloud, project) = queues();
    project.main(&stack("  template_file = \"template.yaml\""));
    cloud.weather(Fault::Denied.on("UpdateTerminationProtection"));
    project.apply().failed().says("UpdateTerminationProtection").says("nothing of it is deleted");
    let id = cloud.stack("queues").expect("it is complete").id;
    assert!(project.instance(THIS).is_null(), "with a state it would be tainted");
    cloud.clear_up();
    project.apply().ok().says("1 added, 0 changed, 0 destroyed");
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!((stack.id, stack.protected, cloud.calls_of("DeleteStack").len()), (id, true, 0));
}

#[test]
fn a_failed_update_keeps_the_state_as_it_was() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    let before = project.instance(THIS);
    cloud.hold(Rule::stack("queues").resource("Second").on("update").fail(BROKEN));
    project.main(&free("  parameters = { Size = 4096 }"));
    let outcome = project
        .apply()
        .failed()
        .says("Stack queues was not updated")
        .says("Second (AWS::SQS::Queue)");
    outcome.says("the stack is as it was before (UPDATE_ROLLBACK_COMPLETE)");
    assert_eq!(project.instance(THIS)["attributes"], before["attributes"]);
    assert!(project.instance(THIS)["status"].is_null(), "not tainted");
    assert_eq!(project.plan().code, 2, "the change is planned again");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
}

/// A bucket by a name that somebody has, and one more queue.
fn taken(cloud: &Cloud) -> (String, String) {
    let bucket = cloud.bucket("taken");
    let queue = "  Third: {Type: AWS::SQS::Queue}\n";
    let resource = format!(
        "  Data: {{Type: AWS::S3::Bucket, Properties: {{BucketName: {bucket}}}}}\n{queue}Outputs:"
    );
    (
        QUEUES.replace("Outputs:", &resource),
        format!(
            "Data (AWS::S3::Bucket): Resource of type 'AWS::S3::Bucket' with identifier '{bucket}' already exists"
        ),
    )
}

/// The cause lies two stacks deep.
#[test]
fn a_failure_in_a_nested_stack_is_followed_to_its_cause() {
    let (cloud, project) = queues();
    let nest = |url: &str| {
        format!(
            "Resources:\n  In: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}'}}}}\n"
        )
    };
    let inner = cloud.upload("inner.yaml", QUEUES);
    let middle = cloud.upload("middle.yaml", &nest(&inner).replace("In:", "Deep:"));
    project.write("template.yaml", &nest(&middle));
    cloud.hold(Rule::stack("queues-.*").resource("Second").on("create").fail(BROKEN));
    project.main(&free(""));
    project.apply().failed().says("First cause: In/Deep/Second (AWS::SQS::Queue): Resource handler returned message: \"broken\"");
    cloud.let_go();
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn what_is_found_wrong_before_a_creation_is_its_cause() {
    let (cloud, project) = queues();
    let (template, cause) = taken(&cloud);
    project.write("template.yaml", &template);
    project.main(&free(""));
    let failed = project
        .apply()
        .failed()
        .says("CloudFormation rolled the creation back (ROLLBACK_COMPLETE)");
    failed
        .says(&format!("First cause: {cause}"))
        .says("(/Resources/Data)")
        .does_not_say("Call DescribeEvents");
    let asked = cloud.calls_of("DescribeEvents");
    assert!(asked.len() == 1 && asked[0].sent("OperationId").is_some(), "{asked:?}");

    cloud.weather(Fault::Denied.on("DescribeEvents"));
    project
        .apply()
        .failed()
        .says("Call DescribeEvents")
        .says("allow `cloudformation:DescribeEvents`");
    cloud.clear_up();
    project.write("template.yaml", QUEUES);
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn what_is_found_wrong_before_an_update_is_told_at_plan_and_apply() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let before = project.instance(THIS)["attributes"].clone();
    let (template, cause) = taken(&cloud);
    project.write("template.yaml", &template);
    let impossible = "CloudFormation finds the update impossible: ";
    project.plan().failed().says(&format!("{impossible}{cause}")).says("(/Resources/Data)");
    let unseen = [&APPLY[..], &["-refresh=false"]].concat();
    project
        .run(&unseen)
        .failed()
        .says(&format!("{impossible}{cause}"))
        .says("Nothing was changed.");
    cloud.weather(Fault::Denied.on("DescribeEvents"));
    project
        .run(&unseen)
        .failed()
        .says(&format!("{impossible}The following hook(s)/validation failed"))
        .says("`cloudformation:DescribeEvents`");
    cloud.clear_up();
    assert_eq!(
        (
            &project.instance(THIS)["attributes"],
            cloud.stack("queues").expect("it is there").status.as_str()
        ),
        (&before, "CREATE_COMPLETE")
    );
    let left = cloud
        .query("cloudformation", "ListChangeSets", &[("StackName", "queues")])
        .expect("the stack is there");
    assert_eq!(left.members("Summaries").len(), 0);
}

#[test]
fn a_stack_of_somebody_else_is_not_touched() {
    let (cloud, project) = queues();
    let id = cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.settled("queues");
    project.main(&free("  parameters = { Size = 2048 }"));
    let outcome = project
        .apply()
        .failed()
        .says("A stack named queues exists already (CREATE_COMPLETE)")
        .says(&id);
    outcome.says("import {").says("id = \"queues\"");
    let theirs = cloud.stack("queues").expect("it is there");
    assert_eq!(
        (theirs.id, theirs.parameters["Size"].as_str(), theirs.protected),
        (id, "1024", false)
    );
    assert!(project.instance(THIS).is_null());

    project.write("import.tf", "import {\n  to = quilt_stack.this\n  id = \"queues\"\n}\n");
    project.apply().ok().says("1 imported").says("1 changed");
    project.plan_is_empty();
}

#[test]
fn a_failed_deletion_names_what_is_left() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("First").on("delete").fail(BROKEN));
    project.destroy().failed().says("Stack queues was not deleted").says("First (AWS::SQS::Queue)");
    assert!(!project.instance(THIS).is_null());
    cloud.let_go();
    project.destroy().ok();
    assert!(cloud.stack("queues").is_none());
}
