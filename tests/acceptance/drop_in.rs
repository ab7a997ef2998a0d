//! The module that takes quiltdata/iac's variables: what it refuses, and deployments in a network of its own and in a given one.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::network::BROUGHT;
use super::templates::{self, fixture};
use super::terraform::Project;
use super::{examples, writes};
use crate::cloud::Cloud;

/// What database and search domain bring to a template.
pub const OBJECTS: [&str; 5] = [
    "DBUrl",
    "DBAccessorSecurityGroup",
    "SearchDomainArn",
    "SearchDomainEndpoint",
    "SearchClusterAccessorSecurityGroup",
];

/// A configuration that calls the module with these arguments, as somebody who came from quiltdata/iac. The arguments may name what is
/// there in the account.
fn project(
    cloud: &Cloud,
    template: &str,
    arguments: impl Fn(&dyn Fn(&str) -> String) -> String,
) -> Project {
    let project = Project::new(cloud);
    examples::copy(&project, &examples::examples("modules/quilt"), "quilt/");
    let file = fixture(template);
    let wanted =
        templates::wanted(cloud, &std::fs::read_to_string(&file).expect("the template is text"));
    let arguments = arguments(&|name| wanted.plain.get(name).cloned().unwrap_or_default());
    let mut parameters: BTreeMap<_, _> = wanted.plain.into_iter().chain(wanted.secret).collect();
    parameters.retain(|name, _| {
        !BROUGHT.contains(&name.as_str())
            && !OBJECTS.contains(&name.as_str())
            && name != "AdminPassword"
    });
    project.write("terraform.tfvars.json", &json!({"parameters": parameters}).to_string());
    project.main(&main(&file.to_string_lossy(), &arguments));
    project.get();
    cloud.forget();
    project
}

fn main(template: &str, arguments: &str) -> String {
    format!(
        "variable \"parameters\" {{ type = map(string) }}\n\nmodule \"quilt\" {{\n  source = \"./quilt\"\n  name = \"quilt-prod\"\n  \
         template_file = \"{template}\"\n  parameters = var.parameters\n  db_deletion_protection = false\n  \
         enable_termination_protection = false\n{arguments}}}\n\noutput \"vpc\" {{\n  value = module.quilt.vpc\n}}\n\n\
         output \"host\" {{\n  value = module.quilt.stack.outputs[\"QuiltWebHost\"]\n}}\n\n\
         output \"secrets\" {{\n  value = [module.quilt.admin_password, module.quilt.db_password]\n  sensitive = true\n}}\n"
    )
}

#[test]
fn the_modules_own_tests_are_green() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    examples::place(&project, "modules/quilt");
    project.run(&["test", "-no-color"]).ok().says("19 passed, 0 failed");
    assert!(cloud.calls().is_empty(), "mocks reach nothing");
}

#[test]
fn a_network_of_its_own() {
    let cloud = Cloud::start();
    let arguments = "  internal = false\n  create_new_vpc = true\n";
    let project = project(&cloud, "gen_c_terraform.yaml", |_| arguments.into());
    project.apply().ok().says("4 added");
    project.plan_is_empty();
    let made = cloud.stack("quilt-prod").expect("it was made");
    let vpc: Value = project.show(&["output", "-json", "vpc"]);
    assert_eq!(
        (&json!(made.parameters["VPC"]), &json!("quilt.example.com")),
        (&vpc["vpc_id"], &project.show(&["output", "-json", "host"]))
    );
    let secrets = project.show(&["output", "-json", "secrets"]);
    let named =
        secrets.as_array().into_iter().flatten().filter(|secret| secret.is_string()).count();
    assert_eq!(named, 2, "both passwords are named by their secrets: {secrets}");
    assert!(!project.state().to_string().contains("quilt_secret"), "no password was asked for");
    shows_passwords(&cloud, &project, arguments);
    let file = fixture("gen_c_terraform.yaml");
    project.main(&main(
        &file.to_string_lossy(),
        &format!("{arguments}  search_volume_size = 512\n  db_instance_class = \"db.t3.medium\"\n"),
    ));
    project.apply().ok().says("0 added").says("0 destroyed");
    project.plan_is_empty();
    assert_eq!(
        cloud.stack("quilt-prod-database").expect("it was made").parameters["InstanceClass"],
        "db.t3.medium"
    );
    project.destroy().ok().says("4 destroyed");
    assert!(cloud.stacks().is_empty());
}

/// Asked for, the outputs are what the secrets hold.
fn shows_passwords(cloud: &Cloud, project: &Project, arguments: &str) {
    let held = |arn: &str| {
        cloud.json("secretsmanager", "secretsmanager.GetSecretValue", &json!({"SecretId": arn}))["SecretString"].clone()
    };
    let outputs = project.show(&["output", "-json", "secrets"]);
    let [admin, database] = [0, 1].map(|i| held(outputs[i].as_str().expect("an ARN")));
    let database: Value =
        serde_json::from_str(database.as_str().expect("text")).expect("it is JSON");
    let file = fixture("gen_c_terraform.yaml");
    project.main(&main(&file.to_string_lossy(), &format!("{arguments}  show_passwords = true\n")));
    project.apply().ok().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(project.show(&["output", "-json", "secrets"]), json!([admin, database["password"]]));
    project.plan_is_empty();
}

#[test]
fn new_people_get_a_role_by_the_same_apply() {
    let cloud = Cloud::start();
    let network = "  internal = false\n  create_new_vpc = true\n";
    let with = |role: &str| format!("{network}  default_role = \"{role}\"\n");
    let project = project(&cloud, "gen_c_terraform.yaml", |_| with("ReadQuiltBucket"));
    let registry = cloud.registry();
    project.provider(&format!(
        "provider \"quilt\" {{\n  endpoints {{\n    catalog = \"{}\"\n  }}\n}}\n",
        registry.endpoint()
    ));
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    assert_eq!(registry.holds()["default_role"], "ReadQuiltBucket");
    let id = registry.holds()["roles"]["ReadWriteQuiltBucket"]["id"].clone();
    let file = fixture("gen_c_terraform.yaml");
    project.main(&main(&file.to_string_lossy(), &with(id.as_str().expect("it is text"))));
    project.apply().ok().says("0 added, 1 changed");
    project.plan_is_empty();
    assert_eq!(registry.holds()["default_role"], "ReadWriteQuiltBucket");
}

#[test]
fn a_network_that_is_given() {
    let cloud = Cloud::start();
    let given = |of: &dyn Fn(&str) -> String| {
        let pair = |name: &str| format!("{:?}", of(name).split(',').collect::<Vec<_>>());
        format!(
            "  internal = true\n  vpc_id = {:?}\n  intra_subnets = {private}\n  private_subnets = {private}\n  user_subnets = {}\n  \
             user_security_group = {:?}\n  api_endpoint = {:?}\n  db_network_type = \"IPV4\"\n",
            of("VPC"),
            pair("UserSubnets"),
            of("UserSecurityGroup"),
            of("ApiGatewayVPCEndpoint"),
            private = pair("Subnets")
        )
    };
    let project = project(&cloud, "gen_c_terraform_internal.yaml", given);
    project.apply().ok().says("3 added");
    project.plan_is_empty();
    let made = cloud.stack("quilt-prod").expect("it was made").parameters;
    let vpc = project.show(&["output", "-json", "vpc"]);
    assert_eq!(
        (json!(made["VPC"]), json!(made["UserSubnets"].split(',').collect::<Vec<_>>())),
        (vpc["vpc_id"].clone(), vpc["user_subnet_ids"].clone())
    );
    project.destroy().ok().says("3 destroyed");
}

#[test]
fn a_network_in_part_is_refused_at_its_variable() {
    let cloud = Cloud::start();
    let project = project(&cloud, "gen_c_terraform.yaml", |_| {
        "  internal = false\n  create_new_vpc = true\n  vpc_id = \"vpc-1\"\n".into()
    });
    project
        .plan()
        .failed()
        .says("new subnets in a VPC that exists are not made")
        .says("vpc_id = \"vpc-1\"");
    let file = fixture("gen_c_terraform.yaml");
    project.main(&main(
        &file.to_string_lossy(),
        "  internal = false\n  vpc_id = \"vpc-1\"\n  private_subnets = [\"subnet-1\"]\n",
    ));
    project
        .plan()
        .failed()
        .says("private_subnets = [\"subnet-1\"]")
        .says("Two subnet ids with create_new_vpc = false");
    assert_eq!(writes(&cloud), [""; 0]);
}
