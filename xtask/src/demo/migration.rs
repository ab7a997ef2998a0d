//! From network 1.0 to 2.0: an old deployment, everything new beside it in one apply, and the old one's end.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::Stage;
use super::show::{quietly, step};

/// What the objects of the example bring, so that it is not given by hand.
const BROUGHT: [&str; 11] = [
    "VPC",
    "Subnets",
    "PublicSubnets",
    "UserSubnets",
    "IntraSubnets",
    "UserSecurityGroup",
    "ApiGatewayVPCEndpoint",
    "DBAccessorSecurityGroup",
    "SearchDomainArn",
    "SearchDomainEndpoint",
    "SearchClusterAccessorSecurityGroup",
];

/// Plays it.
pub fn play(stage: &Stage, keep: bool) -> anyhow::Result<()> {
    let (old, new) = (&stage.folder.join("old"), &stage.folder);
    let values: Value = serde_json::from_str(&stage.cloud.values_for(&stage.template)?)?;
    lay_out(stage, old, &values)?;
    step("The old deployment, as it is today");
    stage.init(old)?;
    stage.apply(old, &["-var=protected=true"])?;
    step("terraform plan: everything new beside it");
    stage.init(new)?;
    stage.plan()?;
    step("terraform apply: snapshot, network, database, search domain, stack");
    stage.apply(new, &["plan"])?;
    step("What came out: the CNAME records that switch to the new deployment");
    print!("{}", quietly(&mut stage.command(&["output", "-no-color", "cnames"]))?);
    step("A second plan: nothing may be left to do");
    stage.no_changes(new, &[])?;
    step("The old deployment is untouched: nothing to do there either");
    stage.no_changes(old, &["-var=protected=true"])?;
    if keep {
        return Ok(());
    }
    step("Its end: protection off, then destroyed");
    stage.apply(old, &["-var=protected=false"])?;
    stage.destroy(old, &["-var=protected=false"])?;
    step("The new deployment does not need it: nothing but an output changes");
    stage.apply(new, &["-var=old_is_there=false"])?;
    stage.no_changes(new, &["-var=old_is_there=false"])?;
    step("terraform destroy");
    stage.destroy(new, &["-var=old_is_there=false"])
}

/// Writes the old deployment's configuration and the example's values.
fn lay_out(stage: &Stage, old: &Path, values: &Value) -> anyhow::Result<()> {
    let of = |name: &str| values[name].as_str().unwrap_or_default();
    let template = crate::root().join("tests/fixtures/templates/gen_a_network10.yaml");
    let configuration = format!(
        "terraform {{\n  required_providers {{\n    quilt = {{\n      source = \"quiltdata/quilt\"\n    }}\n  }}\n}}\n\nvariable \"protected\" {{\n  type = bool\n}}\n\n\
         resource \"quilt_stack\" \"old\" {{\n  name                          = \"quilt-old\"\n  template_file                 = {template:?}\n  \
         web_host                      = {:?}\n  certificate_arn               = {:?}\n  admin_email                   = {:?}\n  \
         enable_termination_protection = var.protected\n  parameters_wo_version         = 1\n\n  parameters_wo = {{\n    AdminPassword = \"correcthorse\"\n    DBPassword    = \
         \"batterystaple1\"\n  }}\n}}\n",
        of("web_host"),
        of("certificate_arn"),
        of("admin_email"),
    );
    fs::create_dir_all(old)?;
    fs::write(old.join("main.tf"), configuration)?;
    let given = values["parameters"].as_object().into_iter().flatten();
    let parameters: serde_json::Map<_, _> = given
        .filter(|(name, _)| !BROUGHT.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let wanted = json!({
        "old_name": "quilt-old", "name": "quilt-next", "enable_protection": false, "parameters": parameters, "internal": values["internal"],
    });
    fs::write(stage.folder.join("demo.auto.tfvars.json"), wanted.to_string())?;
    Ok(())
}
