//! One release after another, both installed from their archives: what `acceptance::releases` rests on.

use std::fs;

use super::mirror::{address, folder, place};
use super::{FIRST, SECOND, installed, project};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

/// A project in which the first release is installed.
pub fn first(cloud: &Cloud) -> Project {
    let project = project(cloud, "quiltdata/quilt", "");
    project.write("settings.tfrc", &format!("provider_installation {{\n{}}}\n", folder(&project)));
    place(&project, FIRST);
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project
}

/// The second release comes into the mirror, and is installed when that is asked for and not before.
pub fn second(project: &Project) {
    place(project, SECOND);
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project
        .run(&["init", "-no-color", "-input=false", "-upgrade"])
        .ok()
        .says(&format!("v{SECOND}"));
    let lock = fs::read_to_string(project.path(".terraform.lock.hcl")).unwrap();
    assert!(lock.contains(&format!("\"{SECOND}\"")), "{lock}");
    assert!(installed(project, &address(project), SECOND).exists());
}
