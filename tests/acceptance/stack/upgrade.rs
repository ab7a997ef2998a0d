//! The order of upgrades, as a plan tells it.

use super::THIS;
use crate::acceptance::{free, queues, writes};

/// A template of a version of Quilt.
fn quilt(version: &str) -> String {
    let metadata = format!("{{\"git_tag\": \"{version}\", \"variant\": \"stable\"}}");
    format!(
        "Resources:\n  Queue: {{Type: AWS::SQS::Queue}}\nOutputs:\n  TemplateBuildMetadata: {{Description: v{version}, Value: '{metadata}'}}\n"
    )
}

#[test]
fn a_stop_is_not_left_out() {
    let (cloud, project) = queues();
    project.write("template.yaml", &quilt("1.64.2"));
    project.main(&free(""));
    project.apply().ok();
    assert_eq!(project.attribute(THIS, "quilt_version"), "1.64.2");

    let before = writes(&cloud).len();
    project.write("template.yaml", &quilt("1.68.0"));
    let refused = project.plan().failed();
    let refused =
        refused.says("This upgrade leaves out a stop").says("template_file = \"template.yaml\"");
    refused
        .says("The stack has Quilt 1.64.2, and the template is 1.68.0")
        .says("Install a template of 1.66 first");
    assert_eq!(writes(&cloud).len(), before, "nothing was changed");

    for version in ["1.66.1", "1.68.0"] {
        project.write("template.yaml", &quilt(version));
        project.apply().ok();
        project.plan_is_empty();
        assert_eq!(project.attribute(THIS, "quilt_version"), version);
    }
    project.destroy().ok();
}

#[test]
fn whoever_knows_better_says_so_and_the_way_back_is_warned_of() {
    let (_cloud, project) = queues();
    project.write("template.yaml", &quilt("1.64.2"));
    project.main(&free(""));
    project.apply().ok();

    project.write("template.yaml", &quilt("26.7"));
    project.main(&free("  allow_version_skip = true"));
    project.apply().ok().says("A stop of the upgrade is left out");
    project.plan_is_empty();

    project.write("template.yaml", &quilt("1.71"));
    project.apply().ok().says("Quilt goes back to an older version");
    project.plan_is_empty();
}
