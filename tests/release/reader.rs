//! A reader with nothing but README and the guides: installs the provider by their blocks, deploys the template of today, and takes all down again.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::archives::{done, platform, releases};
use super::mirror::address;
use super::{FIRST, installed};
use crate::acceptance::templates::{fixture, real};
use crate::acceptance::terraform::Project;
use crate::cloud::Cloud;

const STARTED: &str = "docs/guides/getting-started.md";

/// A page, from this heading to the next one of its rank.
fn section(page: &str, heading: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(path).expect("the page is there");
    let from = text.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{page}: {heading}"));
    let rank = heading.split(' ').next().expect("a heading has a rank");
    let rest = &text[from + heading.len() + 2..];
    rest[..rest.find(&format!("\n{rank} ")).unwrap_or(rest.len())].to_owned()
}

/// The blocks of a language in a text.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    text.split(&begin).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// What a reader makes of a block: their own platform, registry, account and home.
fn own(text: &str, project: &Project, cloud: &Cloud) -> String {
    let registry = address(project).replace("/quiltdata/quilt", "");
    text.replace("linux_amd64", &platform())
        .replace("/registry.terraform.io/", &format!("/{registry}/"))
        .replace("111122223333", cloud.account())
        .replace("/home/you", project.path("").to_str().expect("it is text"))
}

/// Runs a block of a shell where the reader is, who is at home there.
fn shell(block: &str, project: &Project) {
    let mut shell = Command::new("sh");
    shell.args(["-eu", "-c", block]).current_dir(project.path("")).env("HOME", project.path(""));
    done(shell.output().expect("there is a shell"));
}

/// A project without a provider block and without settings.
fn reader(cloud: &Cloud) -> Project {
    let project = Project::new(cloud);
    fs::remove_file(project.path("provider.tf")).expect("the project is new");
    project
}

/// Runs the commands of a block, with what spares the questions.
fn commands(block: &str, project: &Project) {
    for line in block.lines() {
        let words = line.strip_prefix("terraform ").expect("it is a command of Terraform");
        let mut words: Vec<_> = words.split(' ').collect();
        if words[0] != "output" {
            words.extend(["-input=false", "-no-color"]);
        }
        if ["apply", "destroy"].contains(&words[0]) {
            words.push("-auto-approve");
        }
        project.run(&words).ok();
    }
}

#[test]
fn readme_installs_the_archive_and_deploys_the_template_of_today() {
    let cloud = Cloud::start();
    let project = reader(&cloud);
    let install = section("README.md", "### From an archive");
    fs::create_dir(project.path("dist")).unwrap();
    symlink(releases().of(FIRST), project.path("dist").join(FIRST)).unwrap();
    shell(&own(blocks(&install, "shell")[0], &project, &cloud), &project);
    project.write("settings.tfrc", &own(blocks(&install, "terraform")[0], &project, &cloud));

    let file = real().into_iter().find(|file| file.ends_with("quilt-1.64-terraform.yaml"));
    let file = file.unwrap_or_else(|| fixture("gen_c_terraform.yaml"));
    project.write("quilt.yaml", &fs::read_to_string(file).expect("it is text"));
    let first = section("README.md", "## A first configuration");
    let main = own(blocks(&first, "terraform")[0], &project, &cloud);
    project.main(&main);
    commands(blocks(&section(STARTED, "## 3. Plan and apply"), "shell")[0], &project);
    assert!(installed(&project, &address(&project), FIRST).exists());
    project.plan_is_empty();

    let records = section(STARTED, "## 4. Make the DNS records");
    commands(blocks(&records, "shell")[0], &project);
    let told = project.run(&["output", "-json", "cnames"]).ok().text;
    assert!(told.contains("quilt-registry.example.com"), "{told}");
    let url = project.run(&["output", "-raw", "url"]).ok().text;
    assert_eq!(url.trim(), "https://quilt.example.com");
    let password = blocks(&records, "shell")[1];
    assert!(password.contains(" --secret-id quilt/quilt-prod/admin-password "), "{password}");
    let secret = project.attribute("quilt_stack.this", "admin_password_secret_arn");
    assert!(secret.to_string().contains(":secret:quilt/quilt-prod/admin-password"), "{secret}");

    take_down(&project, &main);
    let left = cloud.query_in("eu-central-1", "cloudformation", "DescribeStacks", &[]).unwrap();
    assert!(left.members("Stacks").is_empty());
}

/// As the guide's last step says: protection is taken off by an apply, and then all is destroyed.
fn take_down(project: &Project, main: &str) {
    let step = section(STARTED, "## 6. Destroy");
    let off = ["enable_termination_protection", "enable_deletion_protection"]
        .map(|name| format!("{name} = false"));
    assert!(off.iter().all(|line| step.contains(&format!("`{line}`"))), "{step}");
    project.run(&["destroy", "-no-color", "-input=false", "-auto-approve"]).failed();
    let kinds = ["network", "database", "search", "stack"];
    let open = kinds.into_iter().fold(main.to_owned(), |main, kind| {
        let head = format!("resource \"quilt_{kind}\" \"this\" {{\n");
        let more = if kind == "database" { &off[..] } else { &off[..1] };
        main.replace(&head, &format!("{head}  {}\n", more.join("\n  ")))
    });
    project.main(&open);
    project.apply().ok().says("4 changed");
    project.destroy().ok().says("4 destroyed");
}

#[test]
fn readme_installs_what_was_built_from_source() {
    let cloud = Cloud::start();
    let project = reader(&cloud);
    let sections = ["### From source", "### From an archive"].map(|h| section("README.md", h));
    let built = env!("CARGO_BIN_EXE_terraform-provider-quilt");
    fs::create_dir_all(project.path("target/release")).unwrap();
    symlink(built, project.path("target/release/terraform-provider-quilt")).unwrap();
    shell(&own(blocks(&sections[0], "shell")[1], &project, &cloud), &project);
    project.write("settings.tfrc", &own(blocks(&sections[1], "terraform")[0], &project, &cloud));
    let first = section("README.md", "## A first configuration");
    project.main(&own(blocks(&first, "terraform")[0], &project, &cloud));
    project.write("quilt.yaml", &fs::read_to_string(fixture("gen_c_terraform.yaml")).unwrap());
    project.run(&["init", "-no-color", "-input=false"]).ok().says(&format!("v{FIRST}"));
    project.run(&["validate", "-no-color"]).ok();

    let overrides = blocks(&sections[0], "terraform")[0];
    let place = project.path("target/release").display().to_string();
    project.write(
        "settings.tfrc",
        &overrides.replace("/path/to/terraform-provider-quilt/target/release", &place),
    );
    fs::remove_dir_all(project.path(".terraform")).unwrap();
    project.run(&["validate", "-no-color"]).ok().says("override");
}

#[test]
fn readme_and_the_guide_install_alike() {
    let readme = section("README.md", "### From an archive");
    let guide = section("docs/guides/installation.md", "## From a folder");
    for language in ["shell", "terraform"] {
        assert_eq!(blocks(&readme, language)[..1], blocks(&guide, language)[..1]);
    }
}
