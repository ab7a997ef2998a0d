//! The Quilt templates themselves: made, changed in one parameter, refused a second time, deleted.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cloud::Cloud;

#[test]
fn the_fixtures_live_a_whole_life() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/templates");
    assert_eq!(whole_lives(&folder), 4, "templates in {}", folder.display());
}

#[test]
fn the_real_templates_live_a_whole_life() {
    match std::env::var_os("QUILT_REAL_TEMPLATES") {
        Some(folder) => assert!(whole_lives(&PathBuf::from(folder)) >= 2, "QUILT_REAL_TEMPLATES holds both real templates"),
        None => writeln!(std::io::stderr(), "not run: the lives of the real templates; QUILT_REAL_TEMPLATES does not name their folder")
            .unwrap(),
    }
}

fn whole_lives(folder: &Path) -> usize {
    let files = folder
        .read_dir()
        .expect("the folder of templates exists")
        .filter_map(|entry| Some(entry.ok()?.path()));
    let templates: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    let cloud = Cloud::start();
    let place = cloud.place();
    templates.iter().for_each(|file| whole_life(&cloud, &place, file));
    templates.len()
}

fn whole_life(cloud: &Cloud, place: &crate::cloud::Place, file: &Path) {
    let body = std::fs::read_to_string(file).expect("the template is text");
    let url = cloud.upload("template.yaml", &body);
    let mut parameters = cloud.parameters(&url, place);
    if body.contains("SingleSignOnProvider") && !body.contains("GoogleClientId") {
        parameters.insert("QuiltWebHost".into(), "quilt.a.example.com".into()); // that generation wants four labels
    }
    let given = |parameters: &std::collections::BTreeMap<String, String>| parameters.clone();
    let change = |action, parameters: &std::collections::BTreeMap<String, String>| {
        let rows: Vec<_> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        cloud.change_stack(action, "quilt", &[("TemplateURL", &url)], &rows)
    };
    let id = change("CreateStack", &parameters)
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", file.display()));
    let stack = cloud.settled("quilt");
    assert_eq!(stack.status, "CREATE_COMPLETE", "{}: {:#?}", file.display(), cloud.events("quilt"));
    assert!(
        stack.outputs.values().all(|value| !value.is_empty() && !value.contains("Fn::")),
        "{:?}",
        stack.outputs
    );
    assert!(cloud.resources("quilt").values().all(|resource| !resource.physical_id.is_empty()));

    let mut changed = given(&parameters);
    changed.insert("AdminEmail".into(), "other@example.com".into());
    change("UpdateStack", &changed)
        .unwrap_or_else(|refusal| panic!("{}: {refusal}", file.display()));
    assert_eq!(cloud.settled("quilt").status, "UPDATE_COMPLETE", "{}", file.display());
    let again = change("UpdateStack", &changed).expect_err("nothing is left to change");
    assert_eq!(again.message, "No updates are to be performed.");

    let gone = cloud.delete_stack("quilt").expect("the stack is deletable");
    assert_eq!(gone.status, "DELETE_COMPLETE", "{}: {:#?}", file.display(), cloud.events(&id));
    assert!(cloud.stack("quilt").is_none());
}
