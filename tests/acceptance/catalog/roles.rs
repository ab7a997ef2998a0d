//! `quilt_role` and `quilt_policy`.

use serde_json::json;

use super::super::clients::{QUERY, by_each};
use super::super::terraform::Project;
use super::project;
use crate::cloud::Cloud;

/// A bucket that the catalog has.
fn bucket(cloud: &Cloud) -> String {
    let name = cloud.bucket("raw-data");
    let query = "mutation($input: BucketAddInput!) { bucketAdd(input: $input) { __typename } }";
    let made = cloud.registry().does(query, json!({ "input": { "name": name, "title": name } }));
    assert_eq!(made["bucketAdd"]["__typename"], "BucketAddSuccess");
    name
}

fn main(bucket: &str, level: &str, role: &str) -> String {
    format!(
        "resource \"quilt_policy\" \"science\" {{\n  title = \"Science\"\n  permissions = {{ \"{bucket}\" = \"{level}\" }}\n}}\n\n\
         resource \"quilt_role\" \"analysts\" {{\n  name = \"{role}\"\n  policies = [quilt_policy.science.id]\n}}\n"
    )
}

#[test]
fn a_role_and_its_policy_live_a_whole_life() {
    let (cloud, project) = project();
    let bucket = bucket(&cloud);
    project.main(&main(&bucket, "READ", "Analysts"));
    project.apply().ok().says("2 added");
    project.plan_is_empty();
    project.main(&main(&bucket, "READ_WRITE", "Scientists"));
    project.apply().ok().says("2 changed");
    project.plan_is_empty();
    let holds = cloud.registry().holds().to_string();
    assert!(holds.contains("Scientists") && holds.contains("READ_WRITE"), "{holds}");
    let other = project.again(&cloud);
    other.provider(&super::by_key(&cloud));
    other.main(&format!(
        "{}import {{\n  to = quilt_role.analysts\n  id = \"Scientists\"\n}}\nimport {{\n  to = quilt_policy.science\n  id = \"data.example.com/Science\"\n}}\n",
        main(&bucket, "READ_WRITE", "Scientists")
    ));
    other.apply().ok().says("2 imported, 0 added, 0 changed");
    other.plan_is_empty();
    for file in ["terraform.tfstate", "terraform.tfstate.backup"] {
        assert!(!std::fs::read_to_string(project.path(file)).unwrap().contains("qk_"), "{file}");
    }
    project.destroy().ok();
    let left = cloud.registry().holds().to_string();
    assert!(!left.contains("Scientists") && !left.contains("Science\""), "{left}");
}

#[test]
fn what_a_lost_answer_left_is_taken_over() {
    let (cloud, project) = project();
    let bucket = bucket(&cloud);
    project.main(&main(&bucket, "READ", "Analysts"));
    project.apply().ok();
    std::fs::remove_file(project.path("terraform.tfstate")).unwrap();
    project.apply().ok().says("2 added");
    let made = cloud.registry().changes();
    let times = |name: &str| made.iter().filter(|one| *one == name).count();
    assert_eq!((times("roleCreateManaged"), times("policyCreateManaged")), (1, 1), "{made:?}");
    project.main(&main(&bucket, "READ_WRITE", "Analysts"));
    std::fs::remove_file(project.path("terraform.tfstate")).unwrap();
    project.plan().failed().says("There is a policy Science already");
}

#[test]
fn a_key_that_is_not_known_and_a_registry_that_fails_are_told() {
    let (cloud, project) = project();
    project.main("resource \"quilt_role\" \"analysts\" {\n  name = \"Analysts\"\n}\n");
    let block = super::by_key(&cloud);
    let (before, after) = block.split_once("qk_").expect("a key begins so");
    let rest = after.split_once('"').expect("it is quoted").1;
    project.provider(&format!("{before}qk_wrong_key_of_nobody\"{rest}"));
    let told = project.plan().failed().says("it does not know who asks");
    assert!(!told.text.contains("qk_wrong_key_of_nobody"), "{}", told.text);
}

#[test]
fn roles_and_policies_are_listed() {
    by_each(QUERY, "the lists of a catalog", |client| {
        let cloud = Cloud::start();
        let project = Project::by(&cloud, client);
        project.provider(&super::by_key(&cloud));
        let lists = "list \"quilt_role\" \"all\" {\n  provider = quilt\n}\n\nlist \"quilt_policy\" \"all\" {\n  provider = quilt\n}\n";
        project.write("all.tfquery.hcl", lists);
        let told = project.run(&["query", "-no-color"]).ok();
        told.says("Canary").says("CanaryBucketAccess");
    });
}

#[test]
fn a_host_that_leads_to_another_catalog_is_refused_and_a_new_name_of_the_same_one_is_not() {
    let (cloud, project) = project();
    project.main("resource \"quilt_role\" \"analysts\" {\n  name = \"Analysts\"\n}\n");
    project.apply().ok();
    project.provider(&super::by_key(&cloud).replace("data.example.com", "new.example.com"));
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(project.attribute("quilt_role.analysts", "host"), json!("new.example.com"));
    let other = Cloud::start();
    project.provider(&super::by_key(&other).replace("data.example.com", "other.example.com"));
    let before = other.registry().changes();
    project.plan().failed().says("is another catalog");
    project.destroy().failed().says("is another catalog");
    project.run(&["destroy", "-auto-approve", "-refresh=false"]).failed().says("another catalog");
    assert_eq!(other.registry().changes(), before);
    project.provider(&super::by_key(&cloud));
    project.destroy().ok();
}

#[test]
fn an_iam_role_of_ones_own_must_let_the_registry_in() {
    let (cloud, project) = project();
    let account = cloud.account();
    let role = |name: &str| format!("arn:aws:iam::{account}:role/{name}");
    let (registry, own) = (role("registry"), role("analysts"));
    project.main(&format!(
        "resource \"quilt_role\" \"analysts\" {{\n  name = \"Analysts\"\n  arn  = \"{own}\"\n  catalog = {{\n    web_host = \"data.example.com\"\n    \
         registry_role_arn = \"{registry}\"\n  }}\n}}\n"
    ));
    project.plan().failed().says("There is no IAM role analysts in the account");
    let trust = |who: serde_json::Value| {
        let statement = json!({ "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole" });
        json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
    };
    let given = |action: &str, field: &str, text: &str| {
        let asked = [("RoleName", "analysts"), (field, text)];
        cloud.query("iam", action, &asked).expect("it is taken");
    };
    let others = trust(json!({ "Service": "ec2.amazonaws.com" }));
    given("CreateRole", "AssumeRolePolicyDocument", &others);
    project.plan().failed().says("does not let the registry take it on").says(&registry);
    let before = cloud.registry().changes();
    given("UpdateAssumeRolePolicy", "PolicyDocument", &trust(json!({ "AWS": registry })));
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    // What is broken later is no change of the catalog's, and a plan without a change does not ask.
    given("UpdateAssumeRolePolicy", "PolicyDocument", &others);
    project.plan_is_empty();
    project.destroy().ok();
    assert_eq!(cloud.registry().changes().len(), before.len() + 2);
}
