//! What a stack uses is not deleted under it: by a block that was taken out, a replacement, or another project.

use super::terraform::{APPLY, Project};
use super::{stack, writes};
use crate::cloud::{Cloud, Fault};

const DATABASE: &str = "quilt_database.this";

/// A template that is told of a database as Quilt's are, and makes none.
const CATALOG: &str = "Parameters:
  DBUrl: {Type: String, NoEcho: true, Default: none}
  DBAccessorSecurityGroup: {Type: String}
  Size: {Type: Number, Default: 1024}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}
";

fn network() -> String {
    "resource \"quilt_network\" \"this\" {\n  name = \"net\"\n  enable_termination_protection = false\n}\n\n".into()
}

/// A database under a label, with more arguments.
fn database(label: &str, more: &str) -> String {
    format!(
        "resource \"quilt_database\" {label:?} {{\n  name = {label:?}\n  network = quilt_network.this\n  enable_deletion_protection = \
         false\n  enable_termination_protection = false\n{more}}}\n\n"
    )
}

/// The catalog, told of this group.
fn catalog(group: &str) -> String {
    let told = format!("  parameters = {{ DBAccessorSecurityGroup = {group} }}\n");
    stack(&format!(
        "  template_file = \"catalog.yaml\"\n  enable_termination_protection = false\n{told}"
    ))
}

fn group(label: &str) -> String {
    format!("quilt_database.{label}.accessor_security_group_id")
}

/// A network, a database and a catalog that uses it.
fn made() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("catalog.yaml", CATALOG);
    project.main(&[network(), database("this", ""), catalog(&group("this"))].concat());
    project.apply().ok();
    project.plan_is_empty();
    (cloud, project)
}

/// Nothing was asked to go.
fn nothing_goes(cloud: &Cloud) {
    assert_eq!(cloud.calls_of("DeleteStack").len(), 0);
    assert!(
        ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
            .contains(&cloud.stack("this-database").expect("it is there").status.as_str())
    );
}

#[test]
fn a_block_that_is_taken_out_under_its_stack_is_refused_at_plan() {
    let (cloud, project) = made();
    let told = project.attribute(DATABASE, "accessor_security_group_id").to_string();
    cloud.forget();
    project.main(&[network(), catalog(&told)].concat());
    project
        .plan()
        .failed()
        .says("Database this is still used by Stack queues")
        .says("`DBAccessorSecurityGroup` names sg-");
    project.main(&[network(), database("this", "  count = 0\n"), catalog(&told)].concat());
    project.plan().failed().says("Database this is still used by Stack queues");
    assert_eq!(writes(&cloud), [""; 0]);
    project.main(&[network(), database("this", ""), catalog(&told)].concat());
    project.plan_is_empty();
}

/// The provider hears nothing of these before the deletion itself.
#[test]
fn a_replacement_under_its_stack_is_refused_in_the_deletion() {
    let (cloud, project) = made();
    let refused = |outcome: super::command::Outcome| {
        let outcome = outcome
            .failed()
            .says("By the stack queues (DBAccessorSecurityGroup: sg-")
            .says("Then delete or replace it again");
        outcome.does_not_say("Destroy again");
        nothing_goes(&cloud);
    };
    refused(project.run(&[&APPLY[..], &["-replace=quilt_database.this"]].concat()));
    project.run(&["taint", DATABASE]).ok();
    refused(project.apply());
    project.run(&["untaint", DATABASE]).ok();
    project.plan_is_empty();
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

/// A stack of another project, made in another folder or by hand.
#[test]
fn another_projects_stack_is_named() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&[network(), database("this", "")].concat());
    project.apply().ok();
    let told = project.attribute(DATABASE, "accessor_security_group_id");
    let vpc = project.attribute("quilt_network.this", "vpc_id");
    let (told, vpc) = (
        told.as_str().expect("it is made").to_owned(),
        vpc.as_str().expect("it is made").to_owned(),
    );
    cloud
        .create_stack("theirs", CATALOG, &[("DBAccessorSecurityGroup", &told)])
        .expect("the template is right");
    cloud.settled("theirs");
    project.destroy().failed().says("By the stack theirs (DBAccessorSecurityGroup: sg-");
    nothing_goes(&cloud);
    cloud.delete_stack("theirs").expect("it is not protected");
    let uses_vpc =
        "Parameters:\n  VPC: {Type: String}\nResources:\n  Queue: {Type: AWS::SQS::Queue}\n";
    cloud.create_stack("theirs", uses_vpc, &[("VPC", &vpc)]).expect("the template is right");
    cloud.settled("theirs");
    project
        .destroy()
        .failed()
        .says(&format!("By the stack theirs (VPC: {vpc})"))
        .says("quilt_database.this: Destruction complete");
    cloud.delete_stack("theirs").expect("it is not protected");
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn everything_goes_in_one_destroy() {
    let (cloud, project) = made();
    let find = "resource \"quilt_search\" \"this\" {\n  name = \"find\"\n  network = quilt_network.this\n  size = \"small\"\n  \
                enable_termination_protection = false\n}\n\n";
    project.main(&[network(), database("this", ""), find.into(), catalog(&group("this"))].concat());
    project.apply().ok();
    project.destroy().ok().does_not_say("in use").says("4 destroyed");
    assert!(cloud.stacks().is_empty());
}

/// Terraform deletes what is taken out before it updates what used it.
#[test]
fn repointing_and_removing_in_one_apply_needs_two() {
    let (cloud, project) = made();
    project.main(&[network(), database("next", ""), catalog(&group("next"))].concat());
    project
        .plan()
        .says("Database this is in use until Stack queues is updated")
        .says("create_before_destroy = true");
    cloud.forget();
    project.apply().failed().says("By the stack queues (DBAccessorSecurityGroup: sg-");
    nothing_goes(&cloud);
    // As the words say.
    project.main(
        &[network(), database("this", ""), database("next", ""), catalog(&group("next"))].concat(),
    );
    project.apply().ok();
    project.main(&[network(), database("next", ""), catalog(&group("next"))].concat());
    project.apply().ok().says("0 added, 0 changed, 1 destroyed");
    project.plan_is_empty();
    assert!(cloud.stack("this-database").is_none());
}

#[test]
fn with_create_before_destroy_one_apply_does() {
    let (cloud, project) = made();
    let first = "  lifecycle {\n    create_before_destroy = true\n  }\n";
    project.main(&[network(), database("this", first), catalog(&group("this"))].concat());
    project.apply().ok();
    project.main(&[network(), database("next", first), catalog(&group("next"))].concat());
    project.apply().ok().says("1 added, 1 changed, 1 destroyed");
    project.plan_is_empty();
    assert!(cloud.stack("this-database").is_none() && cloud.stack("next-database").is_some());
}

#[test]
fn without_leave_to_list_nothing_is_deleted() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.main(&network());
    project.apply().ok();
    cloud.weather(Fault::Denied.on("DescribeStacks").about(""));
    project.destroy().failed().says("Allow `cloudformation:DescribeStacks` on `*`");
    project
        .run(&[&APPLY[..], &["-replace=quilt_network.this"]].concat())
        .failed()
        .says("Allow `cloudformation:DescribeStacks` on `*`");
    assert_eq!(cloud.calls_of("DeleteStack").len(), 0);
    cloud.clear_up();
    project.destroy().ok();
}

/// An argument that is taken out changes nothing, and that is said.
#[test]
fn an_argument_that_is_taken_out_is_told() {
    let (_cloud, project) = made();
    let with = |argument: &str| {
        let text = stack(&format!(
            "  template_file = \"catalog.yaml\"\n  enable_termination_protection = false\n{argument}"
        ));
        project.main(&[network(), database("this", ""), text].concat());
    };
    with("  database = quilt_database.this\n");
    project.apply().ok();
    project.plan_is_empty();
    with("");
    project.plan().says("Stack queues keeps using its database").says("DBAccessorSecurityGroup");
    project.apply().ok();
    project.plan_is_empty();
}
