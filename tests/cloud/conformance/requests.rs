//! What AWS's own models do not allow is found in a request of every protocol, and fails the test that sent it.

use serde_json::json;

use crate::cloud::Cloud;

/// Sends a form and tells what is wrong with it.
fn form(service: &str, action: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let cloud = Cloud::start();
    let _refused_or_not = cloud.query(service, action, parameters);
    cloud.take_wrong()
}

fn create(parameters: &[(&str, &str)]) -> Vec<String> {
    form("cloudformation", "CreateStack", &[&[("StackName", "a")], parameters].concat())
}

/// Sends a request as a program does and tells what is wrong with it.
fn sent(
    service: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<String> {
    let cloud = Cloud::start();
    cloud.through_weather(service, method, path, headers, body.as_bytes());
    cloud.take_wrong()
}

#[test]
fn a_form_is_read_by_the_model() {
    let none: [&str; 0] = [];
    assert_eq!(
        create(&[
            ("Parameters.member.1.ParameterKey", "A"),
            ("Parameters.member.1.ParameterValue", ""),
            ("TimeoutInMinutes", "5")
        ]),
        none
    );
    let told = |parameters: &[(&str, &str)]| create(parameters).join("\n");
    let long = "a".repeat(129);
    for (name, value, fault) in [
        ("OnFailure", "GIVE_UP", "OnFailure is 'GIVE_UP', none of DO_NOTHING, ROLLBACK, DELETE"),
        ("TimeoutInMinutes", "0", "TimeoutInMinutes is 0, fewer than 1"),
        ("TimeoutInMinutes", "soon", "TimeoutInMinutes is 'soon', not of type integer"),
        ("DisableRollback", "yes", "DisableRollback is 'yes', not of type boolean"),
        (
            "ClientRequestToken",
            long.as_str(),
            "ClientRequestToken has 129 characters, more than 128",
        ),
        (
            "ClientRequestToken",
            "a_b",
            "ClientRequestToken is 'a_b', which does not match [a-zA-Z0-9][-a-zA-Z0-9]*",
        ),
        ("RoleARN", "short", "RoleARN has 5 characters, fewer than 20"),
        ("Tags.member.1.Key", "a", "Tags.1.Value is missing"),
        ("Tags.member.2.Key", "a", "the members of Tags are numbered 2; Tags.1.Value is missing"),
        ("Tags.1.Key", "a", "AWS knows no Tags.1"),
        ("Color", "red", "AWS knows no Color"),
    ] {
        assert_eq!(told(&[(name, value)]), format!("cloudformation CreateStack: {fault}"));
    }
    assert_eq!(
        form("cloudformation", "CreateStack", &[]),
        ["cloudformation CreateStack: StackName is missing"]
    );
    assert_eq!(
        form("cloudformation", "CreateTower", &[]),
        ["cloudformation CreateTower: cloudformation of AWS has no operation CreateTower"]
    );
    let tagged = [
        ("DBInstanceIdentifier", "a"),
        ("DBSnapshotIdentifier", "b"),
        ("Tags.Tag.1.Key", "c"),
        ("Tags.Tag.1.Value", "d"),
    ];
    assert_eq!(form("rds", "CreateDBSnapshot", &tagged), none);
    assert_eq!(
        form("ec2", "CreateSubnet", &[("CidrBlock", "10.0.0.0/24")]),
        ["ec2 CreateSubnet: VpcId is missing"]
    );
}

#[test]
fn json_is_read_by_the_model() {
    let secret = |body: &str| {
        let target = [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", "secretsmanager.GetSecretValue"),
        ];
        sent("secretsmanager", "POST", "/", &target, body).join("\n")
    };
    assert_eq!(secret(r#"{"SecretId": "a"}"#), "");
    assert_eq!(secret("{}"), "secretsmanager GetSecretValue: SecretId is missing");
    assert_eq!(
        secret(r#"{"SecretId": 1}"#),
        "secretsmanager GetSecretValue: SecretId is 1, not of type string"
    );
    let told = secret(r#"{"SecretId": "a", "VersionStage": "", "Stage": "b"}"#);
    assert_eq!(
        told,
        "secretsmanager GetSecretValue: AWS knows no Stage; VersionStage has 0 characters, fewer than 1"
    );
    let domain = json!({"DomainName": "Upper", "EBSOptions": {"VolumeType": "tape"}}).to_string();
    let told = sent(
        "es",
        "POST",
        "/2021-01-01/opensearch/domain",
        &[("Content-Type", "application/json")],
        &domain,
    )
    .join("\n");
    let (name, volume) = told.split_once("; ").expect("two things are wrong");
    assert_eq!(
        name,
        "es CreateDomain: DomainName is 'Upper', which does not match [a-z][a-z0-9\\-]+"
    );
    assert!(
        volume.starts_with("EBSOptions.VolumeType is 'tape', none of standard, gp2"),
        "{volume}"
    );
}

#[test]
fn paths_headers_and_xml_are_read_by_the_model() {
    let versions = |body: &str| sent("s3", "PUT", "/a-bucket?versioning", &[], body).join("\n");
    assert_eq!(
        versions("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
        ""
    );
    assert_eq!(versions(""), "s3 PutBucketVersioning: VersioningConfiguration is missing");
    let told =
        versions("<VersioningConfiguration><Status>On</Status><Mode/></VersioningConfiguration>");
    let named = "s3 PutBucketVersioning: AWS knows no VersioningConfiguration.Mode";
    assert_eq!(
        told,
        format!("{named}; VersioningConfiguration.Status is 'On', none of Enabled, Suspended")
    );
    let told =
        sent("s3", "PUT", "/a-bucket/a-key", &[("x-amz-server-side-encryption", "rot13")], "");
    assert!(
        told.join("\n")
            .starts_with("s3 PutObject: ServerSideEncryption is 'rot13', none of AES256"),
        "{told:?}"
    );
    assert_eq!(
        sent("s3", "PATCH", "/a-bucket", &[], ""),
        ["s3 PATCH /a-bucket: s3 of AWS has no operation PATCH /a-bucket"]
    );
}

#[test]
#[should_panic(
    expected = "AWS takes no such requests:\ncloudformation DeleteStack: StackName is missing"
)]
fn a_test_that_sends_what_aws_does_not_take_fails() {
    let _refused = Cloud::start().query("cloudformation", "DeleteStack", &[]);
}

#[test]
#[should_panic(
    expected = "no policy allows what rds DescribeEvents needs: add \"rds:DescribeEvents\" to a statement"
)]
fn a_test_in_which_the_provider_calls_what_its_guide_does_not_allow_fails() {
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("User-Agent", "aws-sdk-rust/1 app/terraform-provider-quilt"),
    ];
    Cloud::start().through_weather(
        "rds",
        "POST",
        "/",
        &headers,
        b"Action=DescribeEvents&Version=2014-10-31",
    );
}
