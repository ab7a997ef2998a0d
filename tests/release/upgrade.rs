//! One release after another, both installed from their archives: the second goes on with what the first has made.

use std::fs;

use super::mirror::{address, folder, place};
use super::{FIRST, SECOND, installed, project};
use crate::acceptance::{QUEUES, free, writes};
use crate::cloud::Cloud;

#[test]
fn a_second_release_goes_on_with_the_state_of_the_first() {
    let cloud = Cloud::start();
    let project = project(&cloud, "quiltdata/quilt", "");
    project.write("settings.tfrc", &format!("provider_installation {{\n{}}}\n", folder(&project)));
    project.write("template.yaml", QUEUES);
    project.main(&free("  parameters = { Size = 2048 }"));
    place(&project, FIRST);
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project.apply().ok().says("1 added");
    let (state, address) = (project.state(), address(&project));
    cloud.forget();

    place(&project, SECOND);
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project
        .run(&["init", "-no-color", "-input=false", "-upgrade"])
        .ok()
        .says(&format!("v{SECOND}"));
    let lock = fs::read_to_string(project.path(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("\"{SECOND}\"")), "{lock}");
    assert!(installed(&project, &address, SECOND).exists());
    project.plan_is_empty();
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(
        (project.state()["resources"].clone(), writes(&cloud)),
        (state["resources"].clone(), vec![])
    );
    project.main(&free("  parameters = { Size = 4096 }"));
    project.apply().ok().says("1 changed");
    project.destroy().ok().says("1 destroyed");
}
