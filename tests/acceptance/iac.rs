//! The way in from quiltdata/iac: a stack as its modules leave it, taken over by an import and by a `moved` block, without a write.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::templates::fixture;
use super::terraform::Project;
use super::{examples, writes};
use crate::cloud::{Cloud, Place};

const THIS: &str = "quilt_stack.this";

/// The tags that the aws provider's default_tags gave it.
const TAGS: [(&str, &str); 1] = [("team", "data")];

/// A stack as quiltdata/iac makes it: from `quilt.yaml` in a bucket, with every id and secret as a parameter.
struct Made {
    cloud: Cloud,
    place: Place,
    url: String,
    values: BTreeMap<String, String>,
}

impl Made {
    fn by_iac() -> Self {
        let cloud = Cloud::start();
        let place = cloud.place();
        let template =
            fs::read_to_string(fixture("gen_c_terraform.yaml")).expect("the template is text");
        let url = cloud.upload("quilt.yaml", &template);
        let mut values = cloud.parameters(&url, &place);
        values.retain(|name, value| {
            !value.is_empty()
                || name.ends_with("ClientId")
                || name.ends_with("Secret")
                || name.ends_with("BaseUrl")
        });
        let rows: Vec<_> = values.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let [(key, value)] = TAGS;
        let options = [
            ("TemplateURL", url.as_str()),
            ("OnFailure", "ROLLBACK"),
            ("Tags.member.1.Key", key),
            ("Tags.member.1.Value", value),
        ];
        cloud
            .change_stack("CreateStack", "quilt-prod", &options, &rows)
            .expect("the template and its values are right");
        assert_eq!(cloud.settled("quilt-prod").status, "CREATE_COMPLETE");
        cloud.forget();
        Self { cloud, place, url, values }
    }

    /// Everything that could have been touched.
    fn picture(&self) -> (String, String) {
        let stack = self.cloud.stack("quilt-prod").expect("it is there");
        (format!("{stack:?}"), format!("{:?}", self.cloud.resources("quilt-prod").keys()))
    }

    /// The example's variables.
    fn variables(&self) -> Value {
        let of = |name: &str| {
            self.place
                .get(name)
                .map(str::to_string)
                .or_else(|| self.values.get(name).cloned())
                .unwrap_or_default()
        };
        let pair = |name: &str| of(name).split(',').map(str::to_string).collect::<Vec<_>>();
        json!({
            "name": "quilt-prod", "template_file": fixture("gen_c_terraform.yaml"), "internal": false, "tags": BTreeMap::from(TAGS),
            "web_host": of("QuiltWebHost"), "certificate_arn": of("CertificateArnELB"), "admin_email": of("AdminEmail"),
            "vpc_id": of("VPC"), "private_subnets": pair("Subnets"), "public_subnets": pair("PublicSubnets"),
            "user_security_group": of("UserSecurityGroup"), "db_accessor_security_group": of("DBAccessorSecurityGroup"),
            "search_domain_arn": of("SearchDomainArn"), "search_domain_endpoint": of("SearchDomainEndpoint"),
            "search_accessor_security_group": of("SearchClusterAccessorSecurityGroup"),
        })
    }
}

#[test]
fn an_import_changes_nothing() {
    let made = Made::by_iac();
    let project = Project::new(&made.cloud);
    examples::place(&project, "from-quiltdata-iac");
    project.write("terraform.tfvars.json", &made.variables().to_string());
    let before = made.picture();
    project.plan().says("1 to import, 0 to add").says("0 to destroy");
    project.apply().ok().says("1 imported, 0 added").says("0 destroyed");
    project.plan_is_empty();
    assert_eq!((made.picture(), writes(&made.cloud)), (before, vec![]));

    let mut changed = made.variables();
    changed["admin_email"] = json!("other@example.com");
    project.write("terraform.tfvars.json", &changed.to_string());
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let secrets = ["DBUrl", "AdminPassword"]
        .map(|name| made.cloud.stack("quilt-prod").expect("it is there").parameters[name].clone());
    assert_eq!(secrets, ["****", "****"]);
    for call in made.cloud.calls_of("CreateChangeSet") {
        assert_eq!(
            call.sent("Parameters.DBUrl"),
            None,
            "a secret that is not mentioned stays: {call:?}"
        );
    }
    project.destroy().ok().says("1 destroyed");
    assert!(made.cloud.stacks().is_empty());
}

/// What hashicorp/aws keeps of it. The provider itself is not needed for a move: the state alone is read.
fn state(made: &Made) -> Value {
    let stack = made.cloud.stack("quilt-prod").expect("it is there");
    let attributes = json!({
        "capabilities": ["CAPABILITY_NAMED_IAM"], "disable_rollback": null, "iam_role_arn": "", "id": stack.id, "name": "quilt-prod",
        "notification_arns": null, "on_failure": "ROLLBACK", "outputs": stack.outputs, "parameters": made.values, "policy_body": "",
        "policy_url": null, "tags": null, "tags_all": BTreeMap::from(TAGS), "template_body": made.cloud.template("quilt-prod"),
        "template_url": made.url, "timeout_in_minutes": null, "timeouts": {"create": "30m", "delete": "1h30m", "update": "1h"},
    });
    let instance = json!({"schema_version": 0, "attributes": attributes, "sensitive_attributes": [], "private": "bnVsbA=="});
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "5d3d1c1a-7f5e-4b43-9a2c-8f6d0c6f3e21", "outputs": {},
        "resources": [{
            "module": "module.quilt", "mode": "managed", "type": "aws_cloudformation_stack", "name": "stack",
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [instance],
        }],
        "check_results": null,
    })
}

#[test]
fn a_moved_block_changes_nothing() {
    let made = Made::by_iac();
    let project = Project::new(&made.cloud);
    project.stand_in("hashicorp/aws");
    examples::place(&project, "from-quiltdata-iac");
    project.write("terraform.tfvars.json", &made.variables().to_string());
    let main = fs::read_to_string(project.path("main.tf")).expect("it is text");
    let (before, rest) = main.split_once("import {").expect("it imports");
    let rest = rest.split_once("}\n").expect("the block ends").1;
    project.main(&format!("{before}moved {{\n  from = module.quilt.aws_cloudformation_stack.stack\n  to = quilt_stack.this\n}}\n{rest}"));
    project.write("terraform.tfstate", &state(&made).to_string());
    let picture = made.picture();
    made.cloud.forget();
    project
        .plan()
        .says("0 to add")
        .says("0 to destroy")
        .says("moved from module.quilt.aws_cloudformation_stack.stack");
    project.apply().ok().says("0 added").says("0 destroyed");
    project.plan_is_empty();
    assert_eq!((made.picture(), writes(&made.cloud)), (picture, vec![]));
    assert_eq!(project.attribute(THIS, "name"), json!("quilt-prod"));
}

#[test]
fn a_network_of_the_wrong_kind_is_refused() {
    let made = Made::by_iac();
    let project = Project::new(&made.cloud);
    examples::place(&project, "from-quiltdata-iac");
    let mut variables = made.variables();
    variables["internal"] = json!(true);
    project.write("terraform.tfvars.json", &variables.to_string());
    project.plan().failed().says("network");
    assert_eq!(writes(&made.cloud), [""; 0]);
}
