//! Stacks that were not made by Terraform: launched through Service Catalog, or long ago on network 1.0.

use serde_json::json;

use super::templates::{fixture, wanted};
use super::terraform::Project;
use super::{QUEUES, writes};
use crate::cloud::Cloud;

const NAME: &str = "SC-000000000000-pp-abcdefghijklm";
const PRODUCT: &str = "pp-abcdefghijklm";
const THIS: &str = "quilt_stack.this";

fn main(name: &str, arguments: &str) -> String {
    format!(
        "import {{\n  to = quilt_stack.this\n  id = {name:?}\n}}\n\nresource \"quilt_stack\" \"this\" {{\n  name = {name:?}\n{arguments}}}\n"
    )
}

#[test]
fn a_stack_from_service_catalog_is_told_so_wherever_it_matters() {
    let cloud = Cloud::start();
    let id = cloud.create_stack(NAME, QUEUES, &[]).expect("the template is right");
    cloud.settled(NAME);
    cloud.catalogued(&id, PRODUCT);
    let project = Project::new(&cloud);
    let release = "terminate-provisioned-product --region us-east-1 --provisioned-product-id pp-abcdefghijklm";
    project.main(&main(NAME, ""));
    cloud.forget();
    project
        .apply()
        .ok()
        .says("1 imported, 0 added, 0 changed")
        .says("was launched through Service Catalog")
        .says(release)
        .says("--retain-physical-resources");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0], "an import changes nothing");
    assert_eq!(project.attribute(THIS, "provisioned_product_id"), json!(PRODUCT));

    let other = "  parameters = {\n    Size = 2048\n  }\n";
    project.main(&main(NAME, other));
    project.apply().ok().says("does not hear of this update").says("1 changed");
    project.plan_is_empty();
    assert_eq!(project.attribute(THIS, "provisioned_product_id"), json!(PRODUCT));
    let destroyed = project.destroy().ok();
    destroyed.says("does not hear of this deletion").says(release).says("--ignore-errors");
    assert!(cloud.stacks().is_empty());
}

/// Imported, changed in a parameter, and still what it was; a template of the next generation is no update of it.
#[test]
fn a_network_1_stack_is_imported_and_kept_as_it_is() {
    let cloud = Cloud::start();
    let template =
        std::fs::read_to_string(fixture("gen_a_network10.yaml")).expect("the fixture is text");
    let given = wanted(&cloud, &template);
    let all: Vec<_> = given
        .plain
        .iter()
        .chain(&given.secret)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    cloud.create_stack("old", &template, &all).expect("the template is right");
    cloud.settled("old");
    let (before, parts) = (cloud.stack("old").expect("it is there"), cloud.resources("old"));
    let project = Project::new(&cloud);
    project.main(&main("old", ""));
    cloud.forget();
    project.apply().ok().says("1 imported, 0 added, 0 changed");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    let told =
        ["network_version", "provisioned_product_id"].map(|name| project.attribute(THIS, name));
    assert_eq!(told, [json!("1.0"), json!(null)]);

    project.main(&main("old", "  admin_email = \"other@example.com\"\n"));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let after = cloud.stack("old").expect("it is there");
    let mut expected = before.parameters;
    expected.insert("AdminEmail".into(), "other@example.com".into());
    assert_eq!(after.parameters, expected);
    let ids =
        |parts: &std::collections::BTreeMap<String, _>| parts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(&cloud.resources("old")), ids(&parts));

    let next = fixture("gen_c_terraform.yaml");
    project.main(&main("old", &format!("  template_file = {:?}\n", next.to_string_lossy())));
    project.plan().failed().says("This template is for network 2.0").says("Migrate to network 2.0");
    let network = "  network = {\n    vpc_id = \"vpc-1\"\n    private_subnet_ids = [\"subnet-1\", \"subnet-2\"]\n  }\n";
    project.main(&main("old", network));
    project.plan().failed().says("This template takes no network");
}
