//! Environments beside each other: three workspaces of one configuration, and two accounts in one state.

use serde_json::json;

use super::terraform::Project;
use super::{examples, free, queues, writes};
use crate::cloud::Cloud;

fn workspace(project: &Project, verb: &str, name: &str) {
    project.run(&["workspace", verb, "-no-color", name]).ok();
}

fn names(cloud: &Cloud) -> Vec<String> {
    let mut names: Vec<_> = cloud.stacks().into_iter().map(|stack| stack.name).collect();
    names.sort();
    names
}

/// Stacks as they are, by name.
fn picture(cloud: &Cloud, of: &str) -> Vec<(String, String, String)> {
    let all = cloud.stacks().into_iter().filter(|stack| stack.name.starts_with(of));
    all.map(|stack| (stack.id, stack.status, format!("{:?} {:?}", stack.parameters, stack.tags))).collect()
}

#[test]
fn what_another_workspace_made_is_taken_over_by_an_import() {
    let (cloud, project) = queues();
    project.main(&free(""));
    workspace(&project, "new", "one");
    project.apply().ok();
    let before = picture(&cloud, "queues");
    workspace(&project, "new", "two");
    cloud.forget();
    project.apply().failed().says("did not begin it").says("id = \"queues\"");
    assert_eq!(picture(&cloud, "queues"), before);
    project.write("import.tf", "import {\n  to = quilt_stack.this\n  id = \"queues\"\n}\n");
    project.apply().ok().says("1 imported");
    project.plan_is_empty();
    assert_eq!(picture(&cloud, "queues"), before, "taking over changes nothing");
}

#[test]
fn two_accounts_in_one_state() {
    let (us, eu) = (Cloud::start(), Cloud::start());
    let mut project = Project::new(&us);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"] {
        project.set(name, "");
    }
    examples::place(&project, "accounts");
    project.get();
    let keys = |cloud: &Cloud| json!({"account_id": cloud.account(), "access_key": cloud.account(), "secret_key": "not-a-secret"});
    let values = json!({"us": keys(&us), "eu": keys(&eu), "enable_termination_protection": false});
    project.write("terraform.tfvars.json", &values.to_string());
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    let state = project.state();
    let rows = state["resources"].as_array().into_iter().flatten().flat_map(|row| row["instances"].as_array().into_iter().flatten());
    let mut homes: Vec<_> = rows
        .map(|row| {
            let arn = ["id", "stack_id"].iter().filter_map(|name| row["attributes"][name].as_str()).find(|id| id.starts_with("arn:"));
            let arn: Vec<_> = arn.expect("it is a stack").split([':', '/']).collect();
            format!("{} {} {} {}", arn[3], arn[4], arn[6], row["attributes"]["tags_all"]["home"].as_str().unwrap_or_default())
        })
        .collect();
    homes.sort();
    let (one, two) = (us.account(), eu.account());
    let expected = [
        format!("eu-central-1 {two} quilt-prod-network eu"),
        format!("eu-central-1 {two} quilt-prod-notices eu"),
        format!("us-east-1 {one} quilt-prod-network us"),
        format!("us-east-1 {one} quilt-prod-notices us"),
        format!("us-west-2 {one} quilt-prod-standby-network us"),
    ];
    assert_eq!(homes, expected);
    assert_eq!(names(&us), ["quilt-prod-network", "quilt-prod-notices"], "the account that the state says");

    let mut wrong = values.clone();
    wrong["eu"]["access_key"] = json!(us.account());
    project.write("terraform.tfvars.json", &wrong.to_string());
    us.forget();
    project.apply().failed().says(us.account()).says("allowed_account_ids");
    assert_eq!(writes(&us), [""; 0]);
    project.write("terraform.tfvars.json", &values.to_string());
    project.destroy().ok().says("5 destroyed");
    assert!(us.stacks().is_empty() && eu.stacks().is_empty());
    project.plan().says("5 to add");
}
