//! Changes that are none, changes by others, and changes between plan and apply.

use serde_json::json;

use super::THIS;
use crate::acceptance::terraform::APPLY;
use crate::acceptance::{QUEUES, free, queues, writes};
use crate::cloud::{Fault, Rule};

#[test]
fn empty_collections_are_no_difference() {
    let (cloud, project) = queues();
    let empties = "  parameters = {}\n  parameters_wo = {}\n  tags = {}\n  notification_arns = []\n  capabilities = []";
    project.main(&free(empties));
    project.apply().ok();
    project.plan_is_empty();
    cloud.forget();
    project.main(&free(""));
    project.apply().ok();
    project.plan_is_empty();
    project.main(&free(empties));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn what_is_not_mentioned_any_more_stays() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Size = 2048, Password = \"hunter22\" }"));
    project.apply().ok();
    cloud.forget();
    for parameters in ["  parameters = { Password = \"hunter22\" }", "  parameters = {}", ""] {
        project.main(&free(parameters));
        project.apply().ok();
        project.plan_is_empty();
    }
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "2048");
    assert_eq!(writes(&cloud), [""; 0]);
    project.main(&free("  tags = { team = \"data\" }"));
    project.apply().ok();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "2048");
}

#[test]
fn parameters_of_others_are_left_to_them() {
    let (cloud, project) = queues();
    project.main(&free("  parameters = { Password = \"hunter22\" }"));
    project.apply().ok();
    cloud
        .update_stack("queues", QUEUES, &[("Size", "4096"), ("Password", "hunter22")])
        .expect("there is a change");
    cloud.settled("queues");
    project.plan_is_empty();
    project.main(&free("  parameters = { Password = \"hunter33\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "4096");
    assert_eq!(project.attribute(THIS, "outputs")["Size"], "4096");
}

#[test]
fn a_template_that_somebody_else_changed_is_put_back() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    let theirs = format!("{QUEUES}  Theirs: {{Value: x}}\n");
    cloud.update_stack("queues", &theirs, &[]).expect("there is a change");
    cloud.settled("queues");
    assert_eq!(project.plan().code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.template("queues"), QUEUES);
}

#[test]
fn a_running_update_of_somebody_else_is_waited_for() {
    let (cloud, project) = queues();
    project.main(&free("  tags = { team = \"data\" }"));
    project.apply().ok();
    cloud.hold(Rule::stack("queues").resource("Second").on("update").hold(4.0).times(1));
    let theirs =
        [("TemplateBody", QUEUES), ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "data")];
    cloud
        .change_stack("UpdateStack", "queues", &theirs, &[("Size", "2048")])
        .expect("there is a change");
    project.main(&free("  tags = { team = \"web\" }"));
    project.apply().ok();
    project.plan_is_empty();
    let stack = cloud.stack("queues").expect("it is there");
    assert_eq!((stack.parameters["Size"].as_str(), stack.tags["team"].as_str()), ("2048", "web"));
}

#[test]
fn a_template_that_changed_since_the_plan_is_not_applied() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.run(&["plan", "-no-color", "-out=plan.bin"]).ok();
    project.write("template.yaml", &QUEUES.replace("Default: 1024", "Default: 2048"));
    project.run(&["apply", "-no-color", "plan.bin"]).failed().says("template_sha256");
    assert_eq!(writes(&cloud), [""; 0]);
    project.apply().ok();
    project.plan_is_empty();
}

#[test]
fn without_a_refresh_it_works_too() {
    let (cloud, project) = queues();
    project.main(&free(""));
    project.apply().ok();
    project.main(&free("  parameters = { Size = 2048 }"));
    project.run(&[&APPLY[..], &["-refresh=false"]].concat()).ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "2048");
}

#[test]
fn many_stacks_at_once() {
    let (cloud, project) = queues();
    let many = free("  count = 8").replace("\"queues\"", "\"queues-${count.index}\"");
    project.main(&many);
    project.apply().ok().says("8 added");
    cloud.forget();
    project.plan_is_empty();
    let calls = cloud.calls().into_iter().filter(|call| call.service == "cloudformation").count();
    assert!(calls <= 8, "at most one call for each: {calls}");
    project.destroy().ok().says("8 destroyed");
    assert_eq!(json!(cloud.stacks().len()), json!(0));
}

#[test]
fn missing_capabilities_are_told() {
    let (cloud, project) = queues();
    project.write(
        "template.yaml",
        "Resources: {User: {Type: AWS::IAM::User, Properties: {UserName: somebody}}}\n",
    );
    project.main(&free("  capabilities = [\"CAPABILITY_IAM\"]"));
    project
        .plan()
        .failed()
        .says("it makes IAM resources with names of their own (User)")
        .says("capabilities = [\"CAPABILITY_IAM\"]");
    project.apply().failed().says("CAPABILITY_NAMED_IAM");
    assert!(cloud.stacks().is_empty());
    project.main(&free(""));
    project.apply().ok();
    project.plan_is_empty();
}

/// CloudFormation says that there is nothing to update, and keeps the old value: no plan shows that for ever.
#[test]
fn another_value_of_a_parameter_that_nothing_uses() {
    let (cloud, project) = queues();
    let unused =
        QUEUES.replace("Parameters:", "Parameters:\n  Unused: {Type: String, Default: none}");
    project.write("template.yaml", &unused);
    let with = |value: &str, size: u32| {
        project.main(&free(&format!("  parameters = {{ Unused = \"{value}\", Size = {size} }}")))
    };
    with("one", 1024);
    project.apply().ok();
    let nothing = "The submitted information didn't contain changes. Submit different information to create a change set.";
    cloud.hold(Rule::stack("queues").resource("ChangeSet").on("review").fail(nothing));
    let refused = Fault::Refused {
        status: 400,
        code: "ValidationError".into(),
        message: "No updates are to be performed.".into(),
    };
    cloud.weather(refused.on("UpdateStack"));
    with("two", 1024);
    project.apply().ok().says("Parameters without effect").says("`Unused`");
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Unused"], "one");
    project.plan_is_empty();
    project.plan_is_empty();

    cloud.let_go();
    cloud.clear_up();
    with("two", 2048);
    project.apply().ok().does_not_say("Parameters without effect");
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Unused"], "two");
    cloud
        .update_stack("queues", &unused, &[("Unused", "three"), ("Size", "4096")])
        .expect("there is a change");
    cloud.settled("queues");
    assert_eq!(project.plan().says("three").code, 2, "somebody else's change is shown");
}
