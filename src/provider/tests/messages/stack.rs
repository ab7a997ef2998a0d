//! `quilt_stack`: what is found in what is written, at plan.

use serde_json::{Value as Json, json};

use super::connect::connect;
use super::scene::{Scene, scene, template, with};
use crate::aws::Bucket;
use crate::aws::fake::Fake;
use crate::outcome::AwsErrorKind;
use crate::quilt::certificate::Certificate;

/// A template with a rule about two parameters.
const RULED: &str = "Parameters:
  Login: {Type: String, Default: None}
  Domains: {Type: String, Default: ''}
Rules:
  GoogleNeedsDomains:
    RuleCondition: !Equals [!Ref Login, Google]
    Assertions:
      - Assert: !Not [!Equals [!Ref Domains, '']]
        AssertDescription: Google sign-in needs its domains
Resources:
  T: {Type: AWS::SNS::Topic}
";

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";

/// A plain stack that anybody may have.
pub fn config(more: Json) -> Json {
    let body = template(json!({
        "Size": { "Type": "String", "Default": "small" },
        "Secret": { "Type": "String", "NoEcho": true, "Default": "" },
    }));
    with(json!({ "name": "prod", "template_body": body, "parameters": { "Size": "large" } }), more)
}

/// A Quilt template as far as messages go, with these parameters besides.
pub fn quilt(parameters: Json, more: Json) -> Json {
    let base = json!({
        "QuiltWebHost": { "Type": "String", "AllowedPattern": "^[a-z0-9.-]+$", "ConstraintDescription": "Please enter a valid domain." },
        "CertificateArnELB": { "Type": "String", "Description": "ARN of the certificate of the load balancer", "AllowedPattern": "^arn:aws:acm:.*$" },
        "AdminEmail": { "Type": "String", "Description": "Address of the first administrator", "AllowedPattern": "^[^@]+@[^@]+$" },
    });
    let own = json!({
        "name": "prod", "template_body": template(with(base, parameters)),
        "web_host": "quilt.example.com", "certificate_arn": CERTIFICATE, "admin_email": "admin@example.com",
    });
    with(own, more)
}

fn mistake(title: &'static str, more: Json) -> Scene {
    scene("quilt_stack", title).plan(config(more))
}

/// The template declares these, and the configuration says this.
fn declared(title: &'static str, parameters: Json, more: Json) -> Scene {
    let more = with(json!({ "parameters": null, "template_body": template(parameters) }), more);
    scene("quilt_stack", title).plan(config(more))
}

/// A template that goes through a bucket which is elsewhere.
fn bucket(title: &'static str, place: Bucket) -> Scene {
    let body = template(json!({
        "Size": { "Type": "String", "Default": "small", "Description": "x".repeat(60_000) },
    }));
    scene("quilt_stack", title)
        .under(|settings| settings.template_bucket = Some("templates".into()))
        .over(move |fake| fake.located("templates", place.clone()))
        .plan(config(json!({ "template_body": body })))
}

fn certificate(title: &'static str, status: &str, names: &[&str]) -> Scene {
    let names = names.iter().map(ToString::to_string).collect();
    let held = Certificate { status: status.into(), names, ..Certificate::default() };
    scene("quilt_stack", title)
        .over(move |fake| fake.certificate(CERTIFICATE, Some(held.clone())))
        .plan(quilt(json!({}), json!({})))
}

pub fn scenes() -> Vec<Scene> {
    let mut all = written();
    all.extend(arguments());
    all.extend(parameters());
    all.extend(templates());
    all.extend(objects());
    all.extend(certificates());
    all
}

fn written() -> Vec<Scene> {
    vec![
        mistake("The name begins with a digit", json!({ "name": "1x" })),
        mistake("The name ends with a space", json!({ "name": "prod " })),
        mistake("Two sources of a template", json!({ "template_file": "x" })),
        mistake("A new stack has no template", json!({ "template_body": null })),
        mistake(
            "The template is too large for CloudFormation",
            json!({ "template_body": "x".repeat(1_100_000) }),
        ),
        bucket("The bucket for templates does not exist", Bucket::Gone),
        bucket(
            "The bucket for templates is in another region",
            Bucket::Elsewhere("eu-west-1".into()),
        ),
        mistake(
            "The template's URL is one of S3's own",
            json!({ "template_body": null, "template_url": "s3://bucket/quilt.yaml" }),
        ),
        mistake(
            "More parameters than CloudFormation takes",
            json!({
                "parameters": (0..201).map(|n| (format!("P{n}"), json!("x"))).collect::<serde_json::Map<_, _>>(),
            }),
        ),
        mistake(
            "A parameter is given plain and secret",
            json!({ "parameters": { "Secret": "a" }, "parameters_wo": { "Secret": "b" } }),
        ),
        mistake(
            "A parameter has CloudFormation's stars",
            json!({ "parameters": { "Secret": "****" } }),
        ),
        mistake(
            "The host is given twice",
            json!({ "web_host": "a.b.c", "parameters": { "QuiltWebHost": "d.e.f" } }),
        ),
        mistake("The name is null", json!({ "name": null })),
        mistake("A tag without a value", json!({ "tags": { "Team": "" } })),
        mistake(
            "A host for a template that takes none",
            json!({ "web_host": "quilt.example.com" }),
        ),
        mistake("The host has a scheme", json!({ "web_host": "https://quilt.example.com" })),
        mistake("The host ends with a space", json!({ "web_host": "quilt.example.com " })),
        mistake("A stack that inherits from itself", json!({ "inherit_parameters_from": "prod" })),
        mistake("An unknown word for a failed creation", json!({ "on_failure": "NOTHING" })),
        mistake("An unknown word for a failed rollback", json!({ "on_rollback_failed": "go on" })),
        mistake("An unknown way of deleting", json!({ "deletion_mode": "FORCE" })),
    ]
}

fn arguments() -> Vec<Scene> {
    let topics: Vec<_> =
        (0..6).map(|n| format!("arn:aws:sns:us-east-1:123456789012:t{n}")).collect();
    vec![
        mistake(
            "Resources are skipped in no rollback",
            json!({ "rollback_resources_to_skip": ["T"] }),
        ),
        mistake(
            "Two answers to what a failed creation does",
            json!({ "on_failure": "DELETE", "disable_rollback": true }),
        ),
        mistake("A time limit of no minutes", json!({ "timeout_in_minutes": 0 })),
        mistake("A time limit in words", json!({ "timeouts": { "create": "soon" } })),
        mistake(
            "Two stack policies",
            json!({ "policy_body": "{}", "policy_url": "https://bucket.s3.amazonaws.com/policy.json" }),
        ),
        mistake("The stack policy is not JSON", json!({ "policy_body": "{" })),
        mistake("The stack policy is a path", json!({ "policy_body": "policies/stack.json" })),
        mistake(
            "The stack policy is too large",
            json!({ "policy_body": format!("{{\"Statement\": \"{}\"}}", "x".repeat(17_000)) }),
        ),
        mistake(
            "What may be replaced is a type",
            json!({ "allow_replacement": ["AWS::RDS::DBInstance"] }),
        ),
        mistake("An unknown capability", json!({ "capabilities": ["CAPABILITY_ALL"] })),
        mistake("Six topics", json!({ "notification_arns": topics })),
        mistake(
            "A topic that is a queue",
            json!({ "notification_arns": ["arn:aws:sqs:us-east-1:123456789012:q"] }),
        ),
        mistake(
            "A role that is a user",
            json!({ "iam_role_arn": "arn:aws:iam::123456789012:user/me" }),
        ),
        mistake(
            "The role is of another account",
            json!({ "iam_role_arn": "arn:aws:iam::210987654321:role/quilt" }),
        ),
        mistake("A tag of AWS's own", json!({ "tags": { "aws:cost": "x" } })),
        mistake("A tag without a key", json!({ "tags": { "": "x" } })),
        mistake("A tag that is too long", json!({ "tags": { "Team": "x".repeat(300) } })),
        mistake(
            "More tags than a stack can have",
            json!({
                "tags": (0..51).map(|n| (format!("t{n}"), json!("x"))).collect::<serde_json::Map<_, _>>(),
            }),
        ),
        scene("quilt_stack", "A tag in another case than the provider block's")
            .under(|settings| {
                settings.default_tags = [("team".to_string(), "data".to_string())].into()
            })
            .plan(config(json!({ "tags": { "Team": "data" } }))),
        scene("quilt_stack", "A default tag of AWS's own")
            .under(|settings| {
                settings.default_tags = [("aws:team".to_string(), "data".to_string())].into()
            })
            .plan(config(json!({}))),
    ]
}

fn parameters() -> Vec<Scene> {
    let one = |declared: Json| json!({ "P": declared });
    let text = |more: Json| one(with(json!({ "Type": "String" }), more));
    let given = |value: &str| json!({ "parameters": { "P": value } });
    vec![
        declared(
            "A parameter that the template does not declare",
            text(json!({})),
            json!({ "parameters": { "P": "x", "Sizes": "large" } }),
        ),
        declared(
            "A parameter in another case",
            text(json!({})),
            json!({ "parameters": { "p": "x" } }),
        ),
        declared(
            "A parameter is missing",
            text(json!({ "Description": "How many people use it" })),
            json!({}),
        ),
        declared("A secret parameter is missing", text(json!({ "NoEcho": true })), json!({})),
        scene("quilt_stack", "The administrator's address is missing")
            .plan(quilt(json!({}), json!({ "admin_email": null }))),
        scene("quilt_stack", "The certificate is missing")
            .plan(quilt(json!({}), json!({ "certificate_arn": null }))),
        scene("quilt_stack", "The host is missing")
            .plan(quilt(json!({}), json!({ "web_host": null }))),
        scene("quilt_stack", "The administrator's address is no address")
            .plan(quilt(json!({}), json!({ "admin_email": "admin" }))),
        scene("quilt_stack", "The host has an underscore")
            .plan(quilt(json!({}), json!({ "web_host": "quilt_prod.example.com" }))),
        scene("quilt_stack", "A label of the host is too long").plan(quilt(
            json!({}),
            json!({ "web_host": format!("{}.example.com", "q".repeat(64)) }),
        )),
        scene("quilt_stack", "A Quilt stack has capitals and an underscore in its name")
            .plan(quilt(json!({}), json!({ "name": "Quilt-Prod" }))),
        declared(
            "A value is none of those allowed",
            text(json!({ "AllowedValues": ["small", "large"] })),
            given("huge"),
        ),
        declared(
            "A value does not match the pattern",
            text(json!({ "AllowedPattern": "^[a-z]{3}-[0-9]+$" })),
            given("huge"),
        ),
        declared(
            "A value does not match, and the template says why",
            text(
                json!({ "AllowedPattern": "^[a-z]{3}-[0-9]+$", "ConstraintDescription": "Three letters, a hyphen and a number" }),
            ),
            given("huge"),
        ),
        declared(
            "A secret does not match the pattern",
            text(json!({ "AllowedPattern": "^[a-z]+$", "NoEcho": true })),
            json!({ "parameters_wo": { "P": "S3CR3T" }, "parameters_wo_version": 1 }),
        ),
        declared("A value is too short", text(json!({ "MinLength": 8 })), given("short")),
        declared("A value is too long", text(json!({ "MaxLength": 2 })), given("long")),
        declared("A number is none", one(json!({ "Type": "Number" })), given("many")),
        declared(
            "A number is too large",
            one(json!({ "Type": "Number", "MinValue": 1, "MaxValue": 5 })),
            given("9"),
        ),
        declared(
            "Ids of the wrong kind in a list",
            one(json!({ "Type": "List<AWS::EC2::Subnet::Id>" })),
            given("vpc-1,subnet-2"),
        ),
        declared("A secret is given plain", text(json!({ "NoEcho": true })), given("s3cr3t")),
        declared(
            "What is not secret is given as a secret",
            text(json!({})),
            json!({ "parameters_wo": { "P": "x" }, "parameters_wo_version": 1 }),
        ),
        declared(
            "A secret without a version",
            text(json!({ "NoEcho": true })),
            json!({ "parameters_wo": { "P": "x" } }),
        ),
        declared(
            "Nobody could sign in",
            json!({ "PasswordAuth": { "Type": "String", "Default": "Enabled" } }),
            json!({ "parameters": { "PasswordAuth": "Disabled" } }),
        ),
    ]
}

fn templates() -> Vec<Scene> {
    let body = |text: &str| json!({ "template_body": text, "parameters": null });
    let needs = |kind: &str| json!({ "Resources": { "R": { "Type": kind } } }).to_string();
    let transformed = json!({ "Transform": "AWS::Serverless-2016-10-31", "Resources": { "R": { "Type": "AWS::SNS::Topic" } } });
    vec![
        mistake("The template is a page of the web", body("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n")),
        mistake("The template is a path", body("templates/quilt.yaml")),
        mistake("The template is empty", body("")),
        mistake("The template has no resources", body("{\"Parameters\": {}}")),
        mistake("The template is not YAML", body("Resources:\n  T: {Type: AWS::SNS::Topic\n")),
        mistake("The template has more resources than CloudFormation takes", body(&json!({ "Resources": (0..501).map(|n| (format!("T{n}"), json!({ "Type": "AWS::SNS::Topic" }))).collect::<serde_json::Map<_, _>>() }).to_string())),
        mistake("What is to be retained is misspelt", with(body(&json!({ "Resources": { "Queue": { "Type": "AWS::SQS::Queue" } } }).to_string()), json!({ "retain_resources": ["Qeue"] }))),
        mistake("A key stands twice in the template", body("Resources:\n  T: {Type: AWS::SNS::Topic}\n  T: {Type: AWS::SNS::Topic}\n")),
        scene("quilt_stack", "The template file is not there")
            .plan(config(json!({ "template_body": null, "template_file": "/nowhere/quilt.yaml" }))),
        scene("quilt_stack", "The template file is a folder")
            .plan(config(json!({ "template_body": null, "template_file": "/" }))),
        scene("quilt_stack", "Nothing is at the template's URL")
            .plan(config(json!({ "template_body": null, "template_url": "https://bucket.s3.us-east-1.amazonaws.com/quilt.yaml" }))),
        scene("quilt_stack", "Nothing is at the stack policy's URL")
            .plan(config(json!({ "policy_url": "https://bucket.s3.us-east-1.amazonaws.com/policy.json" }))),
        scene("quilt_stack", "The template's URL may not be read here, and objects stand beside it")
            .over(|fake| fake.fail("fetch", AwsErrorKind::Denied))
            .plan(config(json!({ "template_body": null, "parameters": null, "template_url": "https://bucket.s3.us-east-1.amazonaws.com/quilt.yaml",
                "database": { "endpoint": "db.internal", "password_secret_arn": "db" } }))),
        declared("A rule of the template does not hold", json!({}), with(body(RULED), json!({ "parameters": { "Login": "Google" } }))),
        declared("A rule without a description does not hold", json!({}), with(body(&RULED.replace("        AssertDescription: Google sign-in needs its domains\n", "")), json!({ "parameters": { "Login": "Google" } }))),
        mistake("The template makes roles, and leave is for others", with(body(&needs("AWS::IAM::Role")), json!({ "capabilities": ["CAPABILITY_AUTO_EXPAND"] }))),
        mistake("The template has a transform", body(&transformed.to_string())),
    ]
}

fn objects() -> Vec<Scene> {
    let vpc = json!({ "VPC": { "Type": "AWS::EC2::VPC::Id" }, "Subnets": { "Type": "List<AWS::EC2::Subnet::Id>" } });
    let facing =
        with(vpc.clone(), json!({ "PublicSubnets": { "Type": "List<AWS::EC2::Subnet::Id>" } }));
    let inside = with(vpc, json!({ "UserSubnets": { "Type": "List<AWS::EC2::Subnet::Id>" } }));
    let network =
        |internal: bool| json!({ "network": { "vpc_id": "vpc-1", "internal": internal } });
    let database = json!({ "endpoint": "db.internal", "password_secret_arn": "db-secret", "accessor_security_group_id": "sg-1" });
    let takes = json!({ "DBUrl": { "Type": "String", "NoEcho": true }, "DBAccessorSecurityGroup": { "Type": "String" } });
    let searched = json!({ "SearchDomainArn": { "Type": "String" }, "SearchDomainEndpoint": { "Type": "String" }, "SearchClusterAccessorSecurityGroup": { "Type": "String" } });
    let plain = || json!({ "P": { "Type": "String", "Default": "" } });
    vec![
        declared("A network for a template that takes none", plain(), network(true)),
        declared("An internal network for an internet-facing template", facing.clone(), network(true)),
        declared("An internet-facing network for an internal template", inside.clone(), network(false)),
        declared("A network that lacks what the template needs", inside.clone(), network(true)),
        declared("A template that needs a network", inside, json!({})),
        declared("A database for a template that takes none", plain(), json!({ "database": database })),
        declared("A search domain for a template that takes none", plain(), json!({ "search": { "domain_arn": "a" } })),
        declared("A template that needs a database", takes.clone(), json!({})),
        declared("A template that needs a search domain", searched.clone(), json!({})),
        declared("A database that lacks its secret", takes.clone(), json!({ "database": { "endpoint": "db.internal" } })),
        declared("A search domain that lacks its endpoint", searched, json!({ "search": { "domain_arn": "a", "accessor_security_group_id": "sg-1" } })),
        declared("The database's host has a scheme", takes.clone(), json!({ "database": with(database.clone(), json!({ "endpoint": "postgresql://db.internal" })) })),
        declared("The database's host has a port", takes.clone(), json!({ "database": with(database.clone(), json!({ "endpoint": "db.internal:5432" })) })),
        declared("The database's port is none", takes.clone(), json!({ "database": with(database.clone(), json!({ "port": 70_000 })) })),
        declared("The database's address is given twice", takes.clone(), json!({ "database": database, "parameters": { "DBUrl": "postgresql://x" } })),
        scene("quilt_stack", "The database's secret does not exist").apply(config(json!({ "parameters": null, "template_body": template(takes.clone()), "database": database }))),
        scene("quilt_stack", "The database's secret holds no password")
            .over(|fake| fake.holding("db-secret", "{}"))
            .apply(config(json!({ "parameters": null, "template_body": template(takes.clone()), "database": database }))),
        scene("quilt_stack", "The database's secret may not be read")
            .over(|fake| fake.fail("secret_value", AwsErrorKind::Denied).fail("secret_value", AwsErrorKind::Denied))
            .apply(config(json!({ "parameters": null, "template_body": template(takes), "database": database }))),
    ]
}

fn certificates() -> Vec<Scene> {
    let at = |title, arn: &str, over: fn(Fake) -> Fake| {
        scene("quilt_stack", title)
            .over(over)
            .plan(quilt(json!({}), json!({ "certificate_arn": arn })))
    };
    vec![
        certificate("The certificate leaves two hosts out", "ISSUED", &["quilt.example.com"]),
        scene("quilt_stack", "The host is a whole domain")
            .over(|fake| {
                let names = vec!["acme.com".to_string(), "*.acme.com".to_string()];
                fake.certificate(
                    CERTIFICATE,
                    Some(Certificate { status: "ISSUED".into(), names, ..Certificate::default() }),
                )
            })
            .plan(quilt(json!({}), json!({ "web_host": "acme.com" }))),
        connect("Somebody is to come to Connect by an address", "https://claude.ai"),
        connect("The certificate leaves Connect's host out", "claude.ai"),
        certificate("The certificate is not issued yet", "PENDING_VALIDATION", &["*.example.com"]),
        certificate("The certificate has expired", "EXPIRED", &["*.example.com"]),
        at(
            "The certificate is in another region",
            "arn:aws:acm:eu-west-1:123456789012:certificate/1",
            |fake| fake,
        ),
        at("There is no such certificate", CERTIFICATE, |fake| fake.certificate(CERTIFICATE, None)),
        at(
            "The certificate is another account's",
            "arn:aws:acm:us-east-1:210987654321:certificate/1",
            |fake| fake.certificate("arn:aws:acm:us-east-1:210987654321:certificate/1", None),
        ),
    ]
}
