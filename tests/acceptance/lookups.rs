//! Data sources `quilt_template`, `quilt_snapshot` and `quilt_kms_key_policy`, by their examples.

use std::fs;

use serde_json::{Value, json};

use super::examples::place;
use super::templates::{self, fixture};
use super::terraform::Project;
use super::writes;
use crate::cloud::Cloud;

/// The example that begins so.
fn example(cloud: &Cloud, beginning: &str) -> Project {
    let project = Project::new(cloud);
    let name = beginning.split('"').nth(1).expect("it names a type");
    place(&project, &format!("data-sources/{name}"));
    let main = fs::read_to_string(project.path("data-source.tf")).expect("it is there");
    assert!(main.starts_with(beginning), "{main}");
    project
}

fn output(project: &Project, name: &str) -> Value {
    project.state()["outputs"][name]["value"].clone()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// Every template that is there, without any call to AWS but the one that says who we are.
#[test]
fn a_template_tells_what_it_takes_offline() {
    let cloud = Cloud::start();
    for (file, kind) in [
        ("gen_a_network10.yaml", json!({"internal": null, "sign_in": "legacy"})),
        ("gen_b_single_sso.yaml", json!({"internal": true, "sign_in": "single"})),
        ("gen_c_terraform.yaml", json!({"internal": false, "sign_in": "multi"})),
        ("gen_c_terraform_internal.yaml", json!({"internal": true, "sign_in": "multi"})),
    ] {
        let text = fs::read_to_string(fixture(file)).expect("the fixture is text");
        let project = example(&cloud, "data \"quilt_template\" \"new\"");
        project.write("quilt.yaml", &text);
        cloud.forget();
        project.apply().ok();
        project.plan_is_empty();
        assert!(cloud.calls().is_empty(), "{file}: {:?}", cloud.calls());
        let seen = output(&project, "kind");
        for name in ["internal", "sign_in"] {
            assert_eq!(seen[name], kind[name], "{file}: {name}");
        }
        let (secret, missing) = (output(&project, "secret"), output(&project, "missing"));
        assert!(names(&secret).contains(&"AdminPassword"), "{file}: {secret}");
        assert_eq!(
            names(&missing).contains(&"DBPassword"),
            !file.starts_with("gen_c"),
            "{file}: {missing}"
        );
        assert!(!names(&missing).contains(&"QuiltWebHost"), "{file}: {missing}");
    }
}

/// An old stack with a database of its own.
fn old(cloud: &Cloud) -> String {
    let text = fs::read_to_string(fixture("gen_a_network10.yaml")).expect("the fixture is text");
    let wanted = templates::wanted(cloud, &text);
    let given: Vec<_> = wanted
        .plain
        .iter()
        .chain(&wanted.secret)
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    cloud.create_stack("quilt-old", &text, &given).expect("the template is right");
    cloud.settled("quilt-old");
    cloud.resources("quilt-old")["DB"].physical_id.clone()
}

#[test]
fn the_newest_snapshot_of_a_stack_is_found() {
    let cloud = Cloud::start();
    let instance = old(&cloud);
    let project = example(&cloud, "data \"quilt_snapshot\" \"newest\"");
    project.plan().failed().says("There is no manual snapshot of").says("on data-source.tf line 2");
    for id in ["first", "second"] {
        let taken = [("DBSnapshotIdentifier", id), ("DBInstanceIdentifier", instance.as_str())];
        cloud.query("rds", "CreateDBSnapshot", &taken).expect("the request is right");
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    cloud.forget();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(output(&project, "newest")["snapshot"], "second");
    assert_eq!(writes(&cloud), [""; 0]);
}

#[test]
fn a_keys_policy_names_the_roles_of_the_stack() {
    let cloud = Cloud::start();
    old(&cloud);
    let project = example(&cloud, "data \"quilt_kms_key_policy\" \"this\"");
    let main = fs::read_to_string(project.path("data-source.tf")).expect("it is there");
    project.write("data-source.tf", &main.replace("quilt-prod", "quilt-old"));
    cloud.forget();
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0]);
    let policy = output(&project, "policy");
    let policy: Value = serde_json::from_str(policy.as_str().expect("text")).expect("JSON");
    let statements = policy["Statement"].as_array().expect("a list");
    assert_eq!(statements[0]["Action"], "kms:*");
    assert_eq!(statements[1]["Action"], json!(["kms:Decrypt", "kms:GenerateDataKey"]));
    let roles = statements[1]["Principal"]["AWS"].clone();
    let own: Vec<_> = cloud
        .resources("quilt-old")
        .into_iter()
        .filter(|(id, _)| ["AmazonECSTaskExecutionRole", "T4BucketReadRole"].contains(&id.as_str()))
        .map(|(_, role)| format!("role/{}", role.physical_id))
        .collect();
    let roles = roles.to_string();
    assert!(!own.is_empty() && own.iter().all(|role| roles.contains(role)), "{own:?} {roles}");
    project.write("data-source.tf", &main.replace("quilt-prod", "nope"));
    project.plan().failed().says("There is no stack nope in us-east-1");
}
