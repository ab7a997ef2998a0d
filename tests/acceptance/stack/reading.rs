//! A template is read as CloudFormation reads it: what is a change and what is none, and what is refused at plan.

use super::THIS;
use crate::acceptance::terraform::Project;
use crate::acceptance::{free, queues, stack, writes};
use crate::cloud::Cloud;

const HEAD: &str = "Parameters:\n  Size: {Type: Number, Default: 1024}\nResources:\n  First: {Type: AWS::SQS::Queue, Properties: {MaximumMessageSize: !Ref Size}}\n";

fn with(more: &str) -> (Cloud, Project) {
    let (cloud, project) = queues();
    project.write("template.yaml", &format!("{HEAD}{more}"));
    project.main(&free(""));
    (cloud, project)
}

#[test]
fn what_yaml_types_is_another_value_than_text() {
    for plain in ["YES", "0x1F", "22:30"] {
        let more = |value: &str| {
            format!(
                "  Second: {{Type: AWS::SQS::Queue, Properties: {{Tags: [{{Key: odd, Value: {value}}}]}}}}\n"
            )
        };
        let (cloud, project) = with(&more(plain));
        project.apply().ok();
        project.plan_is_empty();
        project.write("template.yaml", &format!("{HEAD}{}", more(&format!("\"{plain}\""))));
        project.plan().says("will be updated in-place");
        project.apply().ok();
        assert!(cloud.template("queues").contains(&format!("\"{plain}\"")), "{plain}");
        project.plan_is_empty();
    }
}

#[test]
fn a_last_block_without_an_end_of_line_has_none() {
    let (cloud, project) = with("Outputs:\n  Out: {Value: a}\n");
    project.apply().ok();
    project.write("template.yaml", &format!("{HEAD}Outputs:\n  Out:\n    Value: |\n      text"));
    project.apply().ok();
    assert_eq!(cloud.stack("queues").expect("it is there").outputs["Out"], "text");
    project.plan_is_empty();
}

#[test]
fn odd_layouts_are_understood() {
    let (_cloud, project) = with(
        "Outputs: {\n  Out: {Value: \"one\n  two\"},\n  List: {Value: !Join [\"-\", [a,\n  b\n  ]]\n  }\n}\n",
    );
    project.apply().ok().does_not_say("not understood");
    project.plan_is_empty();
}

#[test]
fn what_is_not_ascii_is_no_difference_for_ever() {
    let more = "  Name: {Type: String}\nDescription: one – two\nOutputs:\n  Out: {Value: café}\n";
    let text = HEAD
        .replace("Resources:", &format!("{}\nResources:", more.lines().next().unwrap_or_default()));
    let rest = more.split_once('\n').map(|(_, rest)| rest).unwrap_or_default();
    let (cloud, project) = with("");
    project.write("template.yaml", &format!("{text}{rest}"));
    project.main(&free("  parameters = { Name = \"Größe\" }"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("queues").expect("it is there").outputs["Out"], "caf?");

    project.main(&free("  parameters = { Name = \"Größe\", Size = 2048 }"));
    project.apply().ok();
    project.plan_is_empty();

    let body = format!("{text}{rest}");
    cloud
        .update_stack("queues", &body, &[("Name", "Größe"), ("Size", "4096")])
        .expect("it may be updated");
    cloud.until("queues", |stack| stack.status == "UPDATE_COMPLETE");
    project.main(&free("  parameters = { Name = \"Größe\", Size = 4096 }"));
    project.plan_is_empty();

    let other = project.again(&cloud);
    other.main(&stack(
        "  template_file = \"template.yaml\"\n  enable_termination_protection = false\n  parameters = { Name = \"Größe\", Size = 4096 }",
    ));
    other.write("template.yaml", &body);
    cloud.forget();
    other.import(THIS, "queues").ok();
    other.plan().does_not_say("template_sha256").does_not_say("outputs");
    other.apply().ok();
    assert_eq!(writes(&cloud), [""; 0]);
    other.plan_is_empty();
    other.write("template.yaml", &body.replace("Value: café", "Value: coffee"));
    other.plan().says("will be updated in-place");
}

#[test]
fn what_cloudformation_refuses_is_refused_at_plan() {
    let cases = [
        ("Mappings: {M: {A: &a {B: c}, D: *a}}\n", "alias"),
        ("Mappings: {M: {A: {<<: {B: c}}}}\n", "merges mappings"),
        ("---\nmore: 1\n", "second document"),
        ("Mappings: {M: {123456789012: {A: b}}}\n", "123456789012"),
        ("Description: \"a\u{7}\"\n", "control character"),
    ];
    for (more, says) in cases {
        let (_cloud, project) = with(more);
        project
            .plan()
            .failed()
            .says("This is not a CloudFormation template")
            .says(says)
            .says("template_file");
    }
    let (_cloud, project) = with("");
    std::fs::write(
        project.path("template.yaml"),
        HEAD.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
    )
    .expect("it is written");
    project.plan().failed().says("UTF-16");
}

#[test]
fn a_key_that_stands_twice_is_told() {
    let (_cloud, project) = with("Outputs:\n  Out: {Value: one}\n  Out: {Value: two}\n");
    project.plan().says("A key stands twice in the template").says("`Out` (line 7)");
}

#[test]
fn a_macro_beside_other_keys_needs_leave() {
    let (_cloud, project) = with(
        "Outputs:\n  Out: {Value: one}\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}\n",
    );
    project.plan().failed().says("CAPABILITY_AUTO_EXPAND");
}

#[test]
fn constraints_of_a_list_hold_for_each_item() {
    let declared = "  Cidrs: {Type: CommaDelimitedList, AllowedPattern: '[0-9./]+', MaxLength: 5}\n  Switch: {Type: String, AllowedValues: [Yes, No], Default: No}\n";
    let (_cloud, project) = with("");
    project.write("template.yaml", &HEAD.replace("Resources:", &format!("{declared}Resources:")));
    project.main(&free("  parameters = { Cidrs = \"10.0.0.0/8,10.1.0.0/16\", Switch = \"true\" }"));
    project.apply().ok();
    project.plan_is_empty();
    project
        .main(&free("  parameters = { Cidrs = \"10.0.0.0/8, 10.1.0.0/16\", Switch = \"true\" }"));
    project.plan().does_not_say("Parameters without effect");
    project.apply().ok().does_not_say("Parameters without effect");
    project.main(&free("  parameters = { Cidrs = \"10.0.0.0/8,x\", Switch = \"Yes\" }"));
    project
        .plan()
        .failed()
        .says("The item that does not fit is `x`")
        .says("Write one of: true, false");
}

#[test]
fn a_tag_without_a_value_is_refused_at_plan() {
    let (_cloud, project) = with("");
    project.main(&free("  tags = { team = \"\" }"));
    project.plan().failed().says("A tag without a value").says("team");
}

#[test]
fn a_value_that_is_kept_is_told_once() {
    let (cloud, project) = with("");
    project.main(&free("  parameters = { Size = 2048 }"));
    project.apply().ok();
    project.main(&free("  parameters = {}"));
    project.plan().says("`Size` keeps `2048`").says("`Size = \"1024\"`");
    project.apply().ok();
    project.plan_is_empty();
    project.plan().does_not_say("keeps `2048`");
    project.write("template.yaml", &HEAD.replace("1024", "4096"));
    project.plan().says("A default changes").says("`Size` keeps `2048`").says("`Size = \"4096\"`");
    project.apply().ok();
    project.plan().does_not_say("A default changes");
    assert_eq!(cloud.stack("queues").expect("it is there").parameters["Size"], "2048");
}
