//! The examples: each is a configuration that Terraform accepts, and the complete one is applied.

use std::fs;
use std::path::{Path, PathBuf};

use super::clients::{ACTIONS, IDENTITY, able, by_each};
use super::terraform::{APPLY, DESTROY, Project};
use super::{stand_in, templates};
use crate::cloud::Cloud;

/// A folder of examples.
pub fn examples(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder)
}

/// The configurations of a folder, by name.
fn configurations(folder: &Path) -> Vec<(String, String)> {
    let files =
        fs::read_dir(folder).expect("the folder exists").flatten().map(|entry| entry.path());
    let mut found: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "tf"))
        .map(|file| {
            (
                file.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&file).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

/// Every folder under this one that holds a configuration.
fn folders(root: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(root)
        .expect("the folder exists")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir());
    let mut found: Vec<_> = below.flat_map(|folder| folders(&folder)).collect();
    found.extend((!configurations(root).is_empty()).then(|| root.to_owned()));
    found.sort();
    found
}

/// Copies an example and its modules into a project, instead of the project's own provider block.
pub fn place(project: &Project, example: &str) {
    fs::remove_file(project.path("provider.tf")).expect("the project is new");
    copy(project, &examples(example), "");
}

/// Copies a folder into one of the project's.
pub fn copy(project: &Project, folder: &Path, to: &str) {
    for path in fs::read_dir(folder).expect("the folder exists").flatten().map(|entry| entry.path())
    {
        let name = format!("{to}{}", path.file_name().unwrap().to_string_lossy());
        match path.is_dir() {
            true => copy(project, &path, &format!("{name}/")),
            false => project.write(&name, &fs::read_to_string(&path).expect("it is text")),
        }
    }
}

#[test]
fn every_example_is_formatted() {
    let project = Project::new(&Cloud::start());
    let outcome =
        project.run(&["fmt", "-check", "-recursive", "-no-color", &examples("").to_string_lossy()]);
    assert_eq!(outcome.code, 0, "{}", outcome.text);
}

/// Copies the modules that `main.tf` finds beside its folder into the project, and names them there.
fn bring_modules(project: &Project) {
    let main = fs::read_to_string(project.path("main.tf")).unwrap_or_default();
    if main.contains("\"../modules/") {
        copy(project, &examples("modules"), "modules/");
        project.main(&main.replace("\"../modules/", "\"./modules/"));
    }
}

#[test]
fn every_example_is_valid() {
    let cloud = Cloud::start();
    let (all, aws) = (folders(&examples("")), stand_in::aws());
    assert!(all.len() > 8, "{all:?}");
    let client = able(ACTIONS, "the examples of actions").into_iter().next();
    for folder in all {
        let actions = folder.starts_with(examples("actions"));
        let mut project = match &client {
            Some(client) if actions => Project::by(&cloud, client),
            None if actions => continue,
            _ => Project::new(&cloud),
        };
        project.set("TF_REATTACH_PROVIDERS", &aws);
        place(&project, &folder.strip_prefix(examples("")).unwrap().to_string_lossy());
        bring_modules(&project);
        // Terraform before 1.12 knows none of them.
        drop(fs::remove_file(project.path("import-by-identity.tf")));
        project.get();
        let outcome = project.run(&["validate", "-no-color"]);
        assert_eq!(outcome.code, 0, "{}: {}", folder.display(), outcome.text);
    }
    assert!(cloud.calls().is_empty(), "validation is offline");
}

#[test]
fn every_resource_has_an_example_of_an_import_by_identity() {
    by_each(IDENTITY, "the examples of an import by identity", |client| {
        let cloud = Cloud::start();
        for folder in folders(&examples("resources")) {
            let project = Project::by(&cloud, client);
            place(&project, &folder.strip_prefix(examples("")).unwrap().to_string_lossy());
            assert!(project.path("import-by-identity.tf").exists(), "{}", folder.display());
            // A block has one way in.
            fs::remove_file(project.path("import-by-string-id.tf")).unwrap();
            project.run(&["validate", "-no-color"]).ok();
        }
    });
}

#[test]
fn the_complete_example_runs() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    place(&project, "complete");
    let given = ["CloudTrailBucket", "CanaryNotificationsEmail"];
    let wanted =
        values(&cloud, &project, "gen_c_terraform.yaml", true, |name| given.contains(&name));
    assert_eq!(wanted.secret.len(), 0, "no secret is typed");
    project
        .run(&APPLY)
        .ok()
        .says("4 added")
        .says("quilt-registry.example.com")
        .says(":secret:quilt/quilt-demo/admin-password");
    project.plan_is_empty();
    project.run(&DESTROY).ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn the_complete_example_runs_with_a_template_that_makes_its_own_database() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    place(&project, "complete");
    values(&cloud, &project, "gen_b_single_sso.yaml", false, |name| {
        !super::network::BROUGHT.contains(&name)
    });
    project.run(&APPLY).ok().says("2 added");
    project.plan_is_empty();
    project.run(&DESTROY).ok();
    assert!(cloud.stacks().is_empty());
}

/// Writes the variables of the complete example for a template, of whose parameters these are given.
pub fn values(
    cloud: &Cloud,
    project: &Project,
    template: &str,
    objects: bool,
    given: impl Fn(&str) -> bool,
) -> templates::Wanted {
    let file = templates::fixture(template);
    let mut wanted = templates::wanted(cloud, &fs::read_to_string(&file).unwrap());
    let mut plain = |name: &str| wanted.plain.remove(name).unwrap_or_default();
    let mut values = serde_json::json!({
        "template_file": file, "enable_termination_protection": false, "database_and_search": objects,
        "internal": template.contains("single_sso"),
        "web_host": plain("QuiltWebHost"), "certificate_arn": plain("CertificateArnELB"), "admin_email": plain("AdminEmail"),
    });
    wanted.plain.retain(|name, _| given(name));
    wanted.secret.retain(|name, _| given(name) && name != "AdminPassword");
    values["parameters"] = serde_json::json!(wanted.plain);
    values["parameters_wo"] = serde_json::json!(wanted.secret);
    project.write("terraform.tfvars.json", &values.to_string());
    wanted
}
