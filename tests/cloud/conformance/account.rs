//! What an account has besides stacks: service-linked roles, certificates, quotas.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::QUEUES;
use crate::cloud::{Cloud, Rule};

/// IAM User Guide, "Using service-linked roles"; the names are those of Amazon's pages of each service.
#[test]
fn service_linked_roles_have_their_names() {
    let cloud = Cloud::start();
    let create =
        || cloud.query("iam", "CreateServiceLinkedRole", &[("AWSServiceName", "es.amazonaws.com")]);
    create().expect("there is none yet");
    assert_eq!(create().expect_err("there is one").code, "InvalidInput");
    assert!(
        cloud
            .query("iam", "GetRole", &[("RoleName", "AWSServiceRoleForAmazonElasticsearchService")])
            .is_ok()
    );
}

fn described(cloud: &Cloud, arn: &Value) -> Value {
    cloud.json("acm", "CertificateManager.DescribeCertificate", &json!({"CertificateArn": arn}))["Certificate"].clone()
}

fn pem(label: &str, bytes: &[u8]) -> String {
    let lines: String = STANDARD
        .encode(bytes)
        .as_bytes()
        .chunks(64)
        .map(|line| format!("{}\n", String::from_utf8_lossy(line)))
        .collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}

/// ACM API Reference, ImportCertificate and DescribeCertificate: the names are those written in the certificate.
#[test]
fn certificates_are_for_the_names_written_in_them() {
    let cloud = Cloud::start();
    let names = ["quilt.example.com", "quilt-registry.example.com", "*.s3.example.com"];
    let made =
        rcgen::generate_simple_self_signed(names.map(str::to_owned)).expect("the names are right");
    let sent = json!({"Certificate": STANDARD.encode(pem("CERTIFICATE", made.cert.der())), "PrivateKey": STANDARD.encode("a key")});
    let certificate = described(
        &cloud,
        &cloud.json("acm", "CertificateManager.ImportCertificate", &sent)["CertificateArn"],
    );
    assert_eq!(certificate["SubjectAlternativeNames"], json!(names));
    assert_eq!(
        (&certificate["Type"], &certificate["Status"], &certificate["RenewalEligibility"]),
        (&json!("IMPORTED"), &json!("ISSUED"), &json!("INELIGIBLE"))
    );
    let wanted =
        json!({"DomainName": "*.example.com", "SubjectAlternativeNames": ["*.a.example.com"]});
    cloud.hold(Rule::stack("").resource(r"\*.example.com").on("issue").hold(60.0));
    let arn = cloud.json("acm", "CertificateManager.RequestCertificate", &wanted)["CertificateArn"]
        .clone();
    let certificate = described(&cloud, &arn);
    assert_eq!(
        (&certificate["Status"], &certificate["SubjectAlternativeNames"]),
        (&json!("PENDING_VALIDATION"), &json!(["*.example.com", "*.a.example.com"]))
    );
    cloud.let_go();
    assert_eq!(described(&cloud, &arn)["Status"], "ISSUED");
}

/// API, CreateStack, LimitExceeded; EC2 API Reference, "Error codes": VpcLimitExceeded and AddressLimitExceeded. The first text is seen.
#[test]
fn quotas_are_used_up() {
    let cloud = Cloud::start();
    cloud.quota("stacks", 1);
    cloud.create_stack("one", QUEUES, &[]).expect("there is room");
    let refusal = cloud.create_stack("two", QUEUES, &[]).expect_err("there is no more");
    assert_eq!(
        (refusal.status, refusal.code.as_str(), refusal.message.as_str()),
        (400, "LimitExceededException", "Limit for stack has been exceeded")
    );
    cloud.quota("stacks", 2);
    cloud.quota("addresses", 1);
    let body = "Resources: {First: {Type: AWS::EC2::EIP}, Second: {Type: AWS::EC2::EIP, DependsOn: First}}";
    cloud.create_stack("two", body, &[]).expect("the request is accepted");
    assert_eq!(cloud.settled("two").status, "ROLLBACK_COMPLETE");
    let reason = cloud
        .events("two")
        .into_iter()
        .find(|event| event.status == "CREATE_FAILED")
        .and_then(|event| event.reason)
        .unwrap_or_default();
    assert!(reason.contains("The maximum number of addresses has been reached."), "{reason}");
    cloud.quota("vpcs", 0);
    assert_eq!(
        cloud
            .query("ec2", "CreateVpc", &[("CidrBlock", "10.0.0.0/16")])
            .expect_err("there is no room")
            .code,
        "VpcLimitExceeded"
    );
}
