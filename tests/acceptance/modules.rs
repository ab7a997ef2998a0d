//! Modules and Terraform's own verbs: many stacks in one state, nested modules, and what people do with a state.

use serde_json::json;

use super::command::Outcome;
use super::terraform::{APPLY, Project};
use super::{QUEUES, writes};
use crate::cloud::Cloud;

/// A module with one stack; `size` is what an update changes.
const TENANT: &str = r#"terraform {
  required_providers {
    quilt = { source = "quiltdata/quilt" }
  }
}

variable "name" { type = string }

variable "size" {
  type    = number
  default = 1024
}

resource "quilt_stack" "this" {
  name                          = var.name
  template_file                 = "${path.module}/template.yaml"
  parameters                    = { Size = var.size }
  enable_termination_protection = false
}

output "size" { value = quilt_stack.this.outputs["Size"] }
"#;

/// An account and a project that holds the module `./tenant`.
fn tenants() -> (Cloud, Project) {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("tenant/main.tf", TENANT);
    project.write("tenant/template.yaml", QUEUES);
    (cloud, project)
}

/// `main.tf`, with its modules in place.
fn main(project: &Project, text: &str) {
    project.main(text);
    project.get();
}

/// One tenant for each name and size.
fn each(sizes: &[(&str, u32)]) -> String {
    let sizes: String = sizes.iter().map(|(name, size)| format!("    {name} = {size}\n")).collect();
    format!(
        "module \"tenant\" {{\n  source = \"./tenant\"\n  for_each = {{\n{sizes}  }}\n  name = \"tenant-${{each.key}}\"\n  size = each.value\n}}\n\n\
         output \"sizes\" {{\n  value = {{ for name, tenant in module.tenant : name => tenant.size }}\n}}\n"
    )
}

fn names(cloud: &Cloud) -> Vec<String> {
    let mut names: Vec<_> = cloud.stacks().into_iter().map(|stack| stack.name).collect();
    names.sort();
    names
}

fn run(project: &Project, verb: &str, more: &[&str]) -> Outcome {
    let usual: &[&str] = if verb == "plan" {
        &["-no-color", "-input=false"]
    } else {
        &["-no-color", "-input=false", "-auto-approve"]
    };
    project.run(&[&[verb], usual, more].concat())
}

#[test]
fn ten_tenants_in_one_state() {
    let (cloud, project) = tenants();
    let ten = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|name| (name, 1024));
    main(&project, &each(&ten));
    project.apply().ok().says("10 added");
    project.plan_is_empty();
    assert_eq!(names(&cloud).len(), 10);

    let mut fewer = ten.to_vec();
    fewer[3].1 = 2048;
    fewer.pop();
    cloud.forget();
    main(&project, &each(&fewer));
    project.apply().ok().says("0 added, 1 changed, 1 destroyed");
    project.plan_is_empty();
    let touched: Vec<_> = cloud
        .calls()
        .into_iter()
        .filter(|call| {
            ["UpdateStack", "ExecuteChangeSet", "DeleteStack"].contains(&call.action.as_str())
        })
        .collect();
    assert_eq!(touched.len(), 2, "the other eight are not touched: {touched:?}");
    let sizes = project.show(&["output", "-json", "sizes"]);
    assert_eq!((&sizes["d"], &sizes["e"]), (&json!("2048"), &json!("1024")));
    project.destroy().ok().says("9 destroyed");
    assert!(cloud.stacks().is_empty());
}

#[test]
fn one_at_a_time() {
    let (cloud, project) = tenants();
    main(&project, &each(&[("a", 1024), ("b", 1024), ("c", 1024)]));
    run(&project, "apply", &["-parallelism=1"]).ok().says("3 added");
    project.plan_is_empty();
    run(&project, "destroy", &["-parallelism=1"]).ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn modules_in_modules() {
    let (cloud, project) = tenants();
    let pair = "module \"first\" {\n  source = \"../tenant\"\n  name = \"${var.prefix}-first\"\n}\n\nmodule \"second\" {\n  source = \"../tenant\"\n  \
                name = \"${var.prefix}-second\"\n  size = tonumber(module.first.size) * 2\n  depends_on = [module.first]\n}\n\n\
                variable \"prefix\" { type = string }\n\noutput \"size\" { value = module.second.size }\n";
    project.write("pair/main.tf", pair);
    let both = "module \"eu\" {\n  source = \"./pair\"\n  prefix = \"eu\"\n}\n\nmodule \"us\" {\n  source = \"./pair\"\n  prefix = \"us\"\n  \
                depends_on = [module.eu]\n}\n\noutput \"size\" { value = module.us.size }\n";
    main(&project, both);
    project.apply().ok().says("4 added");
    project.plan_is_empty();
    assert_eq!(names(&cloud), ["eu-first", "eu-second", "us-first", "us-second"]);
    let made: Vec<_> = cloud
        .calls_of("CreateStack")
        .iter()
        .filter_map(|call| call.sent("StackName").map(str::to_string))
        .collect();
    assert_eq!(
        made,
        ["eu-first", "eu-second", "us-first", "us-second"],
        "each waits for what it depends on"
    );
    assert_eq!(project.show(&["output", "-json", "size"]), json!("2048"));

    main(
        &project,
        &both
            .replace("  prefix = \"us\"", "  count = 0\n  prefix = \"us\"")
            .replace("module.us.size", "one(module.us[*].size)"),
    );
    project.apply().ok().says("2 destroyed");
    project.plan_is_empty();
    assert_eq!(names(&cloud), ["eu-first", "eu-second"]);
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn a_target_alone_is_touched() {
    let (cloud, project) = tenants();
    let sizes = |size| each(&[("a", size), ("b", size)]);
    main(&project, &sizes(1024));
    run(&project, "apply", &["-target=module.tenant[\"a\"]"]).ok().says("1 added");
    assert_eq!(names(&cloud), ["tenant-a"]);
    project.apply().ok().says("1 added");
    main(&project, &sizes(2048));
    run(&project, "apply", &["-target=module.tenant[\"b\"]"]).ok().says("1 changed");
    let size = |name: &str| cloud.stack(name).expect("it is there").parameters["Size"].clone();
    assert_eq!((size("tenant-a"), size("tenant-b")), ("1024".into(), "2048".into()));
    run(&project, "destroy", &["-target=module.tenant[\"a\"]"]).ok();
    assert_eq!(names(&cloud), ["tenant-b"]);
}

#[test]
fn a_replacement_on_request() {
    let (cloud, project) = tenants();
    main(&project, &each(&[("a", 1024), ("b", 1024)]));
    project.apply().ok();
    let id = |name: &str| cloud.stack(name).expect("it is there").id;
    let (a, b) = (id("tenant-a"), id("tenant-b"));
    run(&project, "apply", &["-replace=module.tenant[\"a\"].quilt_stack.this"])
        .ok()
        .says("1 added, 0 changed, 1 destroyed");
    project.plan_is_empty();
    assert!(id("tenant-a") != a && id("tenant-b") == b);
}

#[test]
fn a_refresh_sees_and_changes_nothing() {
    let (cloud, project) = tenants();
    main(&project, &each(&[("a", 1024)]));
    project.apply().ok();
    cloud.update_stack("tenant-a", QUEUES, &[("Size", "4096")]).expect("the value is right");
    cloud.settled("tenant-a");
    cloud.forget();
    run(&project, "plan", &["-refresh-only"]).ok().says("4096");
    run(&project, "apply", &["-refresh-only"]).ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(writes(&cloud), [""; 0]);
    assert_eq!(project.plan().says("1 to change").code, 2);
    project.apply().ok();
    project.plan_is_empty();
    assert_eq!(cloud.stack("tenant-a").expect("it is there").parameters["Size"], "1024");
}

#[test]
fn a_plan_in_a_file_is_what_is_applied() {
    let (cloud, project) = tenants();
    main(&project, &each(&[("a", 1024)]));
    run(&project, "plan", &["-out=one.plan"]).ok();
    run(&project, "plan", &["-out=same.plan"]).ok();
    main(&project, &each(&[("a", 2048)]));
    project.run(&["apply", "-no-color", "-input=false", "one.plan"]).ok().says("1 added");
    assert_eq!(cloud.stack("tenant-a").expect("it was made").parameters["Size"], "1024");
    project.run(&["apply", "-no-color", "-input=false", "same.plan"]).failed().says("stale");
    main(&project, &each(&[("a", 1024)]));
    cloud.forget();
    run(&project, "plan", &["-destroy", "-out=end.plan"]).ok().says("1 to destroy");
    // Terraform plans the edited configuration on the way, and what that would do is looked at by a change set.
    assert!(
        writes(&cloud).iter().all(|action| action.ends_with("ChangeSet")),
        "{:?}",
        writes(&cloud)
    );
    project.run(&["apply", "-no-color", "-input=false", "end.plan"]).ok().says("1 destroyed");
    assert!(cloud.stacks().is_empty());
}

#[test]
fn a_state_is_rearranged() {
    let (cloud, project) = tenants();
    main(&project, &each(&[("a", 1024), ("b", 1024)]));
    project.apply().ok();
    let (a, b) = ("module.tenant[\"a\"]", "module.tenant[\"b\"]");
    project.run(&["state", "mv", a, "module.alone"]).ok();
    let alone = "module \"alone\" {\n  source = \"./tenant\"\n  name = \"tenant-a\"\n}\n";
    main(&project, &format!("{}{alone}", each(&[("b", 1024)])));
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    project.plan_is_empty();

    // What the state forgets is taken over again, because it was begun here.
    project.run(&["state", "rm", b]).ok();
    let before = cloud.stack("tenant-b").expect("it is there").id;
    assert_eq!(project.plan().says("1 to add").code, 2);
    project.run(&APPLY).ok().says("1 added");
    project.plan_is_empty();
    assert_eq!(cloud.stack("tenant-b").expect("it is there").id, before);

    let moved = "moved {\n  from = module.alone\n  to = module.tenant[\"a\"]\n}\n";
    main(&project, &format!("{}{moved}", each(&[("a", 1024), ("b", 1024)])));
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    project.plan_is_empty();
}
