//! Functions: each one's example by what it gives, and wrong arguments by what a person is shown.

use quilt_provider::provider::Served;
use quilt_provider::quilt::cost::LEFT_OUT;
use serde_json::{Value, json};

use super::examples;
use super::terraform::{APPLY, Project};
use crate::cloud::Cloud;

const LOAD_BALANCER: &str = "quilt-1234.us-east-1.elb.amazonaws.com";

/// The outputs of a function's example. JSON in a text stands here as JSON; the unit tests have it to the letter.
fn expected(name: &str) -> Value {
    match name {
        "hosts" => json!({
            "certificate_names": ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"],
            "redirect_uri": "https://quilt.example.com/oauth-callback",
        }),
        "azure_base_url" => json!({
            "base_url": "https://login.microsoftonline.com/01234567-89ab-cdef-0123-456789abcdef/v2.0",
            "government": "https://login.microsoftonline.us/01234567-89ab-cdef-0123-456789abcdef/v2.0",
        }),
        "baseline_cost" => json!({
            "total": 619.03,
            "by_service": {"Elasticsearch Service": 516.83, "RDS": 75.56, "ECS (Fargate)": 26.64},
            "left_out": LEFT_OUT,
            "week": 139.78,
        }),
        "cnames" => json!({
            "records": {
                "quilt.example.com": LOAD_BALANCER,
                "quilt-registry.example.com": LOAD_BALANCER,
                "quilt-s3-proxy.example.com": LOAD_BALANCER,
            },
            "with_connect": {
                "quilt.example.com": LOAD_BALANCER,
                "quilt-connect.example.com": "connect-5678.us-east-1.elb.amazonaws.com",
                "quilt-registry.example.com": LOAD_BALANCER,
                "quilt-s3-proxy.example.com": LOAD_BALANCER,
            },
        }),
        "search_size" => json!({"medium": {
            "instance_type": "m6g.xlarge.elasticsearch", "instance_count": 2,
            "dedicated_master_type": "m6g.large.elasticsearch", "dedicated_master_count": 3, "zone_awareness": true,
            "volume_size": 1024, "volume_type": "gp2", "volume_iops": null, "volume_throughput": null,
        }}),
        "search_storage" => json!({"storage": 1450, "volume_size": 725}),
        "subnets" => json!({
            "private": ["10.0.0.0/18", "10.0.128.0/18"],
            "public": ["10.0.64.0/19", "10.0.192.0/19"],
            "intra": ["10.0.96.0/20", "10.0.224.0/20"],
            "spare": ["10.0.112.0/20", "10.0.240.0/20"],
        }),
        name => policies(name),
    }
}

fn policies(name: &str) -> Value {
    match name {
        "cross_account_bucket_policy" => json!({"bucket_policy": policy([json!({
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": [
                "s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionAttributes",
                "s3:GetObjectVersionTagging", "s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion",
                "s3:PutObject", "s3:PutObjectTagging", "s3:GetBucketNotification", "s3:PutBucketNotification",
            ],
            "Resource": ["arn:aws:s3:::bucket-in-data-account", "arn:aws:s3:::bucket-in-data-account/*"],
        })])}),
        "data_perimeter_policy" => json!({"service_control_policy": policy([json!({
            "Sid": "PreventUnexpectedNetworksButAllowAWSServices",
            "Effect": "Deny",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::quilt*", "arn:aws:s3:::quilt*/*"],
            "Condition": {
                "StringNotEqualsIfExists": {"aws:SourceVpc": ["vpc-0123456789abcdef0", "vpc-0fedcba9876543210"]},
                "Null": {"aws:PrincipalTag/NetworkRestrictedExempt": "true"},
                "NotIpAddressIfExists": {"aws:SourceIp": "192.0.2.0/24"},
                "Bool": {"aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false"},
            },
        })])}),
        "kms_key_statement" => json!({"key_policy": policy([
            json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}),
            json!({
                "Effect": "Allow",
                "Principal": {"AWS": [
                    "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt",
                    "arn:aws:iam::111122223333:role/ReadWriteQuiltV2-quilt",
                ]},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": "*",
            }),
        ])}),
        "kms_usage_policy" => json!({
            "extra_policy": policy(used(json!("arn:aws:kms:us-west-2:111122223333:key/*"))),
            "catalog_policy": policy(used(json!([
                "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "arn:aws:kms:us-west-2:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321",
            ]))),
        }),
        "registry_trust_policy" => {
            json!({"assume_role_policy": policy([trusted(), ec2()]), "alone": policy([trusted()])})
        }
        name => panic!("what is expected of {name}?"),
    }
}

fn policy(statement: impl Into<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statement.into()})
}

fn trusted() -> Value {
    let role = "arn:aws:iam::123456789012:role/quilt-ecsTaskExecutionRole";
    json!({"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sts:AssumeRole"})
}

fn ec2() -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
}

fn used(keys: Value) -> Value {
    json!({"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": keys})
}

/// A text that holds JSON, as that.
fn opened(value: &Value) -> Value {
    let text = value.as_str().filter(|text| text.starts_with('{'));
    text.map_or_else(
        || value.clone(),
        |text| serde_json::from_str(text).expect("what begins like JSON is JSON"),
    )
}

/// A project whose provider is not configured, and nowhere to call.
fn project(cloud: &Cloud) -> Project {
    Project::new(cloud)
}

#[test]
fn every_example_gives_what_it_says() {
    let cloud = Cloud::start();
    for name in Served::default().functions.iter().map(|function| function.name()) {
        let project = project(&cloud);
        examples::place(&project, &format!("functions/{name}"));
        project.run(&APPLY).ok();
        let state = project.state();
        let outputs = state["outputs"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, output)| (name.clone(), opened(&output["value"])));
        assert_eq!(Value::Object(outputs.collect()), expected(name), "{name}");
        project.plan_is_empty();
    }
    assert!(cloud.calls().is_empty(), "a function calls nobody");
}

/// `terraform validate` finds it, at the argument, offline.
fn wrong(project: &Project, call: &str, says: &[&str]) {
    project.main(&format!("output \"it\" {{\n  value = provider::quilt::{call}\n}}\n"));
    let outcome = project.run(&["validate", "-no-color"]).failed();
    says.iter().fold(outcome.says("on main.tf line 2, in output \"it\":"), |outcome, text| {
        outcome.says(text)
    });
}

#[test]
fn a_wrong_argument_is_told_at_it() {
    let cloud = Cloud::start();
    let project = project(&cloud);
    wrong(
        &project,
        "hosts(\"https://quilt.example.com\")",
        &[
            "Invalid value for \"web_host\" parameter",
            "is not a host name alone. Write `quilt.example.com`.\n",
        ],
    );
    wrong(
        &project,
        "subnets(\"10.0.0.0/25\")",
        &["Invalid value for \"cidr\" parameter", "is too small"],
    );
    wrong(
        &project,
        "cnames(\"quilt.example.com\", \"lb\")",
        &["Invalid value for \"target\" parameter", "is no DNS name"],
    );
    wrong(
        &project,
        "cnames(\"quilt.example.com\", \"lb.example.com\", { host = \"quilt-connect.example.com\", target = null })",
        &["Invalid value for \"connect\" parameter", "has no `target`"],
    );
    wrong(&project, "azure_base_url(\"common\")", &["Invalid value for \"tenant\" parameter"]);
    wrong(
        &project,
        "azure_base_url(\"a.b\", \"example.okta.com\")",
        &["Invalid value for \"endpoint\" parameter"],
    );
    wrong(
        &project,
        "azure_base_url(\"a.b\", null, null)",
        &["Invalid value for \"endpoint\" parameter", "at the most"],
    );
    wrong(
        &project,
        "search_size(\"tiny\")",
        &["Invalid value for \"name\" parameter", "small, medium, large"],
    );
    wrong(
        &project,
        "search_storage(0.1, 1.5)",
        &["Invalid value for \"replicas\" parameter", "a whole number"],
    );
    wrong(&project, "baseline_cost(0)", &["Invalid value for \"hours\" parameter"]);
    wrong(
        &project,
        "registry_trust_policy(\"quilt\", null)",
        &["Invalid value for \"role_arn\" parameter"],
    );
    wrong(
        &project,
        "registry_trust_policy(\"arn:aws:iam::123456789012:role/quilt\", jsonencode({ Statement = [\"...\"] }))",
        &["Invalid value for \"policy_json\" parameter", "A statement of it is no object.\n"],
    );
    wrong(
        &project,
        "kms_usage_policy([])",
        &["Invalid value for \"key_arns\" parameter", "It is empty"],
    );
    wrong(
        &project,
        "kms_key_statement([null])",
        &["Invalid value for \"role_arns\" parameter", "Expected at [0]: a string"],
    );
    wrong(
        &project,
        "cross_account_bucket_policy(\"arn:aws:s3:::bucket\", 012345678901)",
        &["Invalid value for \"account_id\" parameter"],
    );
    wrong(
        &project,
        "data_perimeter_policy(\"quilt\", [], [], null)",
        &["Invalid value for \"vpc_ids\" parameter"],
    );
    wrong(
        &project,
        "data_perimeter_policy(\"quilt\", [\"vpc-1\"], [], null, \"x\")",
        &["Invalid value for \"partition\" parameter"],
    );
    wrong(
        &project,
        "hosts(null)",
        &["Invalid value for \"web_host\" parameter", "must not be null"],
    );
    wrong(&project, "hosts()", &["Not enough function arguments"]);
    wrong(&project, "sing(\"la\")", &["sing"]);
    assert!(cloud.calls().is_empty(), "a function calls nobody");
}

/// An argument that is known after the apply makes the answer so.
#[test]
fn what_is_not_known_yet_is_not_known_after_the_function() {
    let cloud = Cloud::start();
    let project = project(&cloud);
    project.main(
        "resource \"terraform_data\" \"host\" {\n  input = \"quilt.example.com\"\n}\n\
         output \"it\" {\n  value = provider::quilt::hosts(terraform_data.host.output).url\n}\n",
    );
    project.plan().says("+ it = (known after apply)");
    project.run(&APPLY).ok().says("it = \"https://quilt.example.com\"");
    project.plan_is_empty();
}
