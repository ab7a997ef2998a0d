//! The examples that guides go through: each is applied, hashicorp/aws by its stand-in, and what it gives is looked at.

use serde_json::{Value, json};

use super::drop_in::OBJECTS;
use super::network::BROUGHT;
use super::templates::{self, fixture};
use super::terraform::Project;
use super::{examples, existing, stand_in, writes};
use crate::cloud::Cloud;

/// A project with an example in it, in which hashicorp/aws is played.
fn project(cloud: &Cloud, example: &str) -> Project {
    let mut project = Project::new(cloud);
    project.set("TF_REATTACH_PROVIDERS", &stand_in::aws());
    examples::place(&project, example);
    project
}

/// What a stack's example asks for: the template, hosts, and the parameters that nothing else brings.
fn values(cloud: &Cloud, template: &str) -> Value {
    let file = fixture(template);
    let mut wanted =
        templates::wanted(cloud, &std::fs::read_to_string(&file).expect("the template is text"));
    let mut plain = |name: &str| wanted.plain.remove(name).unwrap_or_default();
    let values = json!({
        "template_file": file, "enable_protection": false, "web_host": plain("QuiltWebHost"),
        "certificate_arn": plain("CertificateArnELB"), "admin_email": plain("AdminEmail"),
    });
    let brought = |name: &String| BROUGHT.iter().chain(&OBJECTS).any(|one| one == name);
    wanted.plain.retain(|name, _| !brought(name));
    wanted.secret.retain(|name, _| !brought(name) && name != "AdminPassword");
    with(values, json!({ "parameters": wanted.plain, "parameters_wo": wanted.secret }))
}

/// The first object with the members of the second.
fn with(mut values: Value, more: Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        values[name] = value.clone();
    }
    values
}

fn without(mut values: Value, name: &str) -> Value {
    values.as_object_mut().expect("an object").remove(name);
    values
}

fn give(project: &Project, values: &Value) {
    project.write("terraform.tfvars.json", &values.to_string());
}

fn output(project: &Project, name: &str) -> Value {
    project.state()["outputs"][name]["value"].clone()
}

/// An output that holds JSON.
fn policy(project: &Project, name: &str) -> Value {
    let text = output(project, name);
    serde_json::from_str(text.as_str().expect("it is text")).expect("it is JSON")
}

#[test]
fn a_private_network_with_a_perimeter() {
    let cloud = Cloud::start();
    let it = existing::network(&cloud, "  internal = true\n");
    let project = project(&cloud, "private-network");
    let values = with(
        without(values(&cloud, "gen_c_terraform_internal.yaml"), "parameters_wo"),
        json!({
            "name": "quilt-own", "vpc_id": it["vpc_id"], "private_subnet_ids": it["private_subnet_ids"],
            "intra_subnet_ids": it["intra_subnet_ids"], "user_subnet_ids": it["user_subnet_ids"],
            "user_security_group_id": it["user_security_group_id"],
            "api_gateway_endpoint_id": it["api_gateway_endpoint_id"],
            "user_vpc_ids": ["vpc-0fedcba9876543210"], "ip_ranges": ["192.0.2.0/24"], "trial_bucket": "quilt-trial",
        }),
    );
    give(&project, &values);
    cloud.forget();
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    let given = cloud.stack("quilt-own").expect("it was made").parameters;
    assert_eq!(
        [json!(given["VPC"]), json!(given["ApiGatewayVPCEndpoint"])],
        [it["vpc_id"].clone(), it["api_gateway_endpoint_id"].clone()]
    );
    let (whole, trial) =
        (policy(&project, "service_control_policy"), policy(&project, "trial_policy"));
    let (whole, trial) = (&whole["Statement"][0], &trial["Statement"][0]);
    assert_eq!(trial["Condition"], whole["Condition"], "the trial is of the same conditions");
    assert_eq!(
        [&trial["Effect"], &trial["Principal"], &trial["Resource"]],
        [
            &json!("Deny"),
            &json!("*"),
            &json!(["arn:aws:s3:::quilt-trial", "arn:aws:s3:::quilt-trial/*"])
        ]
    );
    assert!(whole["Resource"].to_string().contains("arn:aws:s3:::quilt*"), "{whole}");
    let vpcs = &whole["Condition"]["StringNotEqualsIfExists"]["aws:SourceVpc"];
    assert_eq!(vpcs, &json!([it["vpc_id"], "vpc-0fedcba9876543210"]));

    // The trial has gone well: the same becomes the organisation's.
    give(&project, &with(values, json!({ "organization_target_id": "ou-ab12-34cd56ef" })));
    project.apply().ok().says("2 added, 0 changed");
    project.plan_is_empty();
    let sent = project.attribute("aws_organizations_policy.perimeter", "content");
    assert_eq!(sent, output(&project, "service_control_policy"));
    project.destroy().ok();
}

#[test]
fn buckets_that_are_encrypted_in_three_steps() {
    let cloud = Cloud::start();
    let project = project(&cloud, "encrypted-buckets");
    let values = with(
        values(&cloud, "gen_a_network10.yaml"),
        json!({ "name": "quilt-kms", "account_id": cloud.account(), "extra_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
    );
    give(&project, &values);
    project.apply().ok().says("5 added");
    project.plan_is_empty();
    let first = "arn:aws:iam::000000000000:policy/quilt-kms-keys";
    let given = cloud.stack("quilt-kms").expect("it was made").parameters;
    assert_eq!(
        given["ManagedUserRoleExtraPolicies"],
        format!("arn:aws:iam::aws:policy/ReadOnlyAccess,{first}")
    );
    let key = policy(&project, "key_policy");
    let roles = key["Statement"][1]["Principal"]["AWS"].as_array().expect("a list").clone();
    let own = cloud.resources("quilt-kms")["T4BucketReadRole"].physical_id.clone();
    assert!(
        roles.iter().any(|role| role.as_str().is_some_and(|arn| arn.ends_with(&format!("/{own}")))),
        "{own}: {roles:?}"
    );
    assert_eq!(key["Statement"][1]["Action"], json!(["kms:Decrypt", "kms:GenerateDataKey"]));
    let third = project.state()["resources"].to_string();
    assert!(third.contains("key/1234abcd-12ab-34cd-56ef-1234567890ab"), "the third is of this key");
    project.destroy().ok();
    assert!(cloud.stacks().is_empty());
}

#[test]
fn a_role_of_ones_own() {
    let cloud = Cloud::start();
    let template = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}\n\
                    Outputs:\n  RegistryRoleARN: {Value: !GetAtt Role.Arn}\n";
    cloud.create_stack("quilt-prod", template, &[]).expect("the template is right");
    let registry = cloud.settled("quilt-prod").outputs["RegistryRoleARN"].clone();
    let project = project(&cloud, "custom-role");
    cloud.forget();
    project.apply().ok().says("1 added");
    project.plan_is_empty();
    assert_eq!(writes(&cloud), [""; 0], "the deployment is not touched");
    let trusted = policy(&project, "trust_policy");
    assert_eq!(trusted["Statement"][0]["Principal"]["AWS"], json!(registry));

    let before = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
    give(&project, &json!({ "trust_policy": before.to_string() }));
    project.apply().ok().says("1 changed");
    let trusted = policy(&project, "trust_policy");
    let all = trusted["Statement"].as_array().expect("a list");
    assert_eq!((all.len(), &all[1]), (2, &before["Statement"][0]), "whoever was trusted still is");
    // Its own policy given back is the same policy.
    give(&project, &json!({ "trust_policy": output(&project, "trust_policy") }));
    project.plan_is_empty();
    project.destroy().ok();
}

#[test]
fn costs_are_told_with_what_they_leave_out() {
    let cloud = Cloud::start();
    let project = project(&cloud, "costs");
    project.apply().ok();
    assert_eq!(output(&project, "total"), json!(619.03));
    let told = output(&project, "left_out").to_string();
    assert!(told.contains("NAT"), "{told}");
    give(&project, &json!({ "besides": { "NAT gateways": 80.5 }, "budget": 500 }));
    project
        .plan()
        .says("estimate of 699.53 USD for 744 hours is over the budget")
        .says("Largest row: Elasticsearch Service");
    give(&project, &json!({ "hours": 168, "budget": 500 }));
    let week = project.apply().ok();
    assert!(!week.text.contains("over the budget"), "{}", week.text);
    assert_eq!(output(&project, "total"), json!(139.78));
    assert!(cloud.calls().is_empty(), "nothing is asked of AWS");
}

mod governed;
mod region;
