//! Quilt's templates, whole lives: the fixtures, and the real ones where they are at hand.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

const THIS: &str = "quilt_stack.this";

/// Parameters that `quilt_stack` has arguments for.
const SHORTHANDS: [(&str, &str); 3] = [
    ("QuiltWebHost", "web_host"),
    ("CertificateArnELB", "certificate_arn"),
    ("AdminEmail", "admin_email"),
];

#[test]
fn a_network_1_template() {
    lives(&fixture("gen_a_network10.yaml"));
}

#[test]
fn a_template_with_one_sign_in() {
    lives(&fixture("gen_b_single_sso.yaml"));
}

#[test]
fn an_internet_facing_template() {
    lives(&fixture("gen_c_terraform.yaml"));
}

#[test]
fn an_internal_template() {
    lives(&fixture("gen_c_terraform_internal.yaml"));
}

#[test]
fn the_real_templates() {
    let templates = real();
    std::thread::scope(|scope| templates.iter().for_each(|file| drop(scope.spawn(|| lives(file)))));
}

/// Both real templates, where they are at hand.
pub fn real() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("QUILT_REAL_TEMPLATES") else {
        writeln!(
            std::io::stderr(),
            "not run: the real templates; QUILT_REAL_TEMPLATES does not name their folder"
        )
        .expect("standard error takes a line");
        return Vec::new();
    };
    let files = PathBuf::from(folder)
        .read_dir()
        .expect("QUILT_REAL_TEMPLATES names a folder")
        .flatten()
        .map(|entry| entry.path());
    let templates: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    assert!(templates.len() >= 2, "QUILT_REAL_TEMPLATES holds both real templates");
    templates
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/templates").join(name)
}

/// A template's parameters that need a value, and which of them are secret.
pub struct Wanted {
    pub plain: BTreeMap<String, String>,
    pub secret: BTreeMap<String, String>,
}

/// What to give to a template in this account.
pub fn wanted(cloud: &Cloud, template: &str) -> Wanted {
    let url = cloud.upload("wanted.yaml", template);
    let mut plain = cloud.parameters(&url, &cloud.place());
    if template.contains("SingleSignOnProvider") && !template.contains("GoogleClientId") {
        plain.insert("QuiltWebHost".into(), "quilt.a.example.com".into()); // that generation wants four labels
    }
    let summary = cloud
        .query("cloudformation", "GetTemplateSummary", &[("TemplateURL", &url)])
        .expect("the template is one");
    let rows = summary.members("Parameters").iter().filter(|row| row.get("NoEcho") == Some("true"));
    let hidden: Vec<_> = rows.filter_map(|row| row.get("ParameterKey")).collect();
    let secret = plain.extract_if(.., |name, _| hidden.contains(&name.as_str())).collect();
    Wanted { plain, secret }
}

/// A map in the configuration.
pub fn map(values: &BTreeMap<String, String>) -> String {
    let rows: String =
        values.iter().map(|(name, value)| format!("    {name} = {value:?}\n")).collect();
    format!("{{\n{rows}  }}")
}

/// The arguments for a template's parameters: shorthands where there are any, secrets where Terraform does not keep them.
pub fn arguments(wanted: &Wanted) -> String {
    let mut plain = wanted.plain.clone();
    let shorthand = |(parameter, argument): &(&str, &str)| {
        plain.remove(*parameter).map(|value| format!("  {argument} = {value:?}\n"))
    };
    let shorthands: String = SHORTHANDS.iter().filter_map(shorthand).collect();
    let secrets = map(&wanted.secret);
    format!(
        "{shorthands}  parameters = {}\n  parameters_wo = {secrets}\n  parameters_wo_version = 1\n",
        map(&plain)
    )
}

/// The stack `quilt` from this source.
pub fn main(source: &str, wanted: &Wanted) -> String {
    let arguments = arguments(wanted);
    format!(
        "resource \"quilt_stack\" \"this\" {{\n  name = \"quilt\"\n  {source}\n  enable_termination_protection = false\n{arguments}}}\n"
    )
}

/// Made, changed, imported, destroyed; each time nothing is left to do.
fn lives(file: &Path) {
    let template = std::fs::read_to_string(file).expect("the template is text");
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("quilt.yaml", &template);
    let mut wanted = wanted(&cloud, &template);
    project.main(&main("template_file = \"quilt.yaml\"", &wanted));
    project.apply().ok();
    project.plan_is_empty();
    let made = cloud.stack("quilt").expect("it was made");
    assert_eq!(made.status, "CREATE_COMPLETE");
    assert!(
        project
            .attribute(THIS, "url")
            .as_str()
            .is_some_and(|url| url.starts_with("https://quilt.")),
        "{}",
        project.instance(THIS)
    );

    wanted.plain.insert("AdminEmail".into(), "other@example.com".into());
    project.main(&main("template_file = \"quilt.yaml\"", &wanted));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    assert_eq!(
        cloud.stack("quilt").expect("it is there").parameters["AdminEmail"],
        "other@example.com"
    );

    let other = project.again(&cloud);
    other.main(&main("template_body = file(\"quilt.yaml\")", &wanted));
    cloud.forget();
    other.import(THIS, "quilt").ok();
    other.apply().ok().says("An imported stack keeps its secrets");
    other.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    other.destroy().ok();
    assert!(cloud.stack("quilt").is_none());
}
