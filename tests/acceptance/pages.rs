//! The first configuration that people read: README and the guide have the same one, and it is applied as it stands.

use std::fs;
use std::path::Path;

use super::templates::{fixture, real};
use super::terraform::{APPLY, Project};
use crate::cloud::Cloud;

const GUIDE: &str = "docs/guides/getting-started.md";

/// A page of the repository.
fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the page is there")
}

/// The first configuration of a page, below its provider block.
fn first(path: &str) -> String {
    let page = page(path);
    let block =
        page.split("```terraform\n").find(|block| block.contains("resource \"quilt_stack\""));
    let block = block.and_then(|block| block.split("```").next()).expect("the page has one");
    block[block.find("resource ").expect("it has resources")..].to_owned()
}

/// The whole block that begins so.
fn block(text: &str, beginning: &str) -> String {
    let from = text.find(beginning).unwrap_or_else(|| panic!("no {beginning} in {text}"));
    let end = text[from..].find("\n}\n").expect("it is closed") + "\n}\n".len();
    text[from..from + end].to_owned()
}

/// The lines of which none begins so, whatever stands before it.
fn without(text: &str, beginnings: &[&str]) -> String {
    let stays = |line: &&str| !beginnings.iter().any(|b| line.trim_start().starts_with(b));
    text.lines().filter(stays).map(|line| format!("{line}\n")).collect()
}

/// The first configuration, changed for a template as the guide's table says.
fn changed(template: &str) -> String {
    let (_, parameters) = template.split_once("\nParameters:\n").expect("it has parameters");
    let end = parameters.find("\nResources:").unwrap_or(parameters.len());
    let declares = |name: &str| parameters[..end].contains(&format!("\n  {name}:"));
    let mut main = first(GUIDE);
    if template.contains(r"^[-\w]+\.[-\w]+\.[-\w]+\.[-\w]+$") {
        main = main.replace("quilt.example.com", "quilt.data.example.com");
    }
    if declares("UserSubnets") {
        main = main.replacen("cidr = ", "internal = true\n  cidr = ", 1);
    }
    if !declares("CloudTrailBucket") {
        main = without(&main, &["CloudTrailBucket", "CanaryNotificationsEmail"]);
    }
    if !declares("DBUrl") {
        for kind in ["quilt_database", "quilt_search"] {
            main = main.replace(&block(&main, &format!("resource \"{kind}\"")), "");
        }
        main = without(&main, &["database ", "search "]);
    }
    if !declares("VPC") {
        main = main.replace(&block(&main, "resource \"quilt_network\""), "");
        main = without(&main, &["network "]);
    }
    if declares("DBPassword") {
        let guide = page(GUIDE);
        let secret = block(&guide, "  parameters_wo = {").replace("\n}\n", "\n");
        main = main.replacen("  admin_email", &format!("{secret}  admin_email"), 1);
        main += &block(&guide, "variable \"database_password\"");
    }
    main
}

/// A project with the provider of the page and this template.
fn project(cloud: &Cloud, template: &str) -> Project {
    let mut project = Project::new(cloud);
    fs::remove_file(project.path("provider.tf")).expect("the project is new");
    project.write("provider.tf", "terraform {\n  required_providers {\n    quilt = {\n      source = \"quiltdata/quilt\"\n    }\n  }\n}\n\nprovider \"quilt\" {\n  region = \"eu-central-1\"\n}\n");
    project.write("quilt.yaml", template);
    project.set("TF_VAR_database_password", "a1b2c3d4e5f6");
    project
}

/// With the reader's own account in the certificate's ARN: one of another account is refused.
fn mine(main: &str, cloud: &Cloud) -> String {
    main.replace("111122223333", cloud.account())
}

#[test]
fn both_pages_begin_alike() {
    assert_eq!(first("README.md"), first(GUIDE));
}

#[test]
fn the_first_configuration_applies_with_the_template_of_today() {
    let real = real().into_iter().find(|file| file.ends_with("quilt-1.64-terraform.yaml"));
    for file in [Some(fixture("gen_c_terraform.yaml")), real].into_iter().flatten() {
        let cloud = Cloud::start();
        let project = project(&cloud, &fs::read_to_string(file).expect("it is text"));
        project.main(&mine(&first(GUIDE), &cloud));
        project.run(&APPLY).ok().says("4 added").says("https://quilt.example.com");
        project.plan_is_empty();
    }
}

#[test]
fn changed_as_the_guide_says_it_fits_every_template() {
    let fixtures =
        ["gen_a_network10", "gen_b_single_sso", "gen_c_terraform", "gen_c_terraform_internal"];
    let fixtures = fixtures.into_iter().map(|name| fixture(&format!("{name}.yaml")));
    for file in fixtures.chain(real()) {
        let template = fs::read_to_string(&file).expect("it is text");
        let cloud = Cloud::start();
        let project = project(&cloud, &template);
        project.main(&mine(&changed(&template), &cloud));
        let plan = project.plan();
        assert_eq!(plan.code, 2, "{}: {}", file.display(), plan.text);
    }
}
