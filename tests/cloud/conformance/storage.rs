//! S3 and Secrets Manager, and the cloud's own record, accounts and clean slate.

use super::QUEUES;
use crate::cloud::{Cloud, Rule};

/// S3, "Verifying bucket ownership": ExpectedBucketOwner; CreateBucket: BucketAlreadyExists.
#[test]
fn buckets_have_owners() {
    let (ours, theirs) = (Cloud::start(), Cloud::start());
    let bucket = format!("/{}", ours.bucket("owned"));
    let head = |cloud: &Cloud, owner: &str| {
        cloud
            .s3("HEAD", &bucket, &[("x-amz-expected-bucket-owner", owner)], b"")
            .map_err(|refusal| refusal.status)
    };
    assert!(head(&ours, ours.account()).is_ok());
    assert_eq!(head(&ours, theirs.account()), Err(403));
    assert_eq!(head(&theirs, theirs.account()), Err(403));
    let refusal = theirs.s3("PUT", &bucket, &[], b"").expect_err("the name is taken");
    assert_eq!((refusal.status, refusal.code.as_str()), (409, "BucketAlreadyExists"));
    assert_eq!(
        theirs.s3("HEAD", "/nobodys-bucket", &[], b"").map_err(|refusal| refusal.status),
        Err(404)
    );
}

/// S3: what a template bucket is given is kept.
#[test]
fn buckets_keep_their_settings() {
    let cloud = Cloud::start();
    let bucket = cloud.bucket("settings");
    let settings = [
        (
            "versioning",
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
            "Enabled",
        ),
        (
            "publicAccessBlock",
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
             <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>",
            "<BlockPublicPolicy>true",
        ),
        (
            "encryption",
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
             </ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>",
            "AES256",
        ),
        ("policy", r#"{"Version":"2012-10-17","Statement":[]}"#, "Statement"),
    ];
    for (name, body, kept) in settings {
        let path = format!("/{bucket}?{name}");
        cloud
            .s3("PUT", &path, &[], body.as_bytes())
            .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let answer =
            cloud.s3("GET", &path, &[], b"").unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert!(
            String::from_utf8_lossy(&answer).contains(kept),
            "{name}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
}

/// Guide, "Delete stacks": a bucket must be empty.
#[test]
fn full_buckets_are_not_deleted() {
    let cloud = Cloud::start();
    cloud
        .create_stack("data", "Resources: {Bucket: {Type: AWS::S3::Bucket}}", &[])
        .expect("the template is right");
    cloud.settled("data");
    let object = format!("/{}/object", cloud.resources("data")["Bucket"].physical_id);
    cloud.s3("PUT", &object, &[], b"data").expect("the bucket is there");
    assert_eq!(cloud.delete_stack("data").expect("the request is right").status, "DELETE_FAILED");
    assert!(cloud.events("data").iter().any(|event| {
        event
            .reason
            .as_deref()
            .unwrap_or_default()
            .contains("The bucket you tried to delete is not empty")
    }));
    cloud.s3("DELETE", &object, &[], b"").expect("objects are deletable");
    assert_eq!(cloud.delete_stack("data").expect("the request is right").status, "DELETE_COMPLETE");
}

/// The record holds what was called and marks secrets; accounts see nothing of each other.
#[test]
fn calls_are_recorded_per_account() {
    let (cloud, other) = (Cloud::start(), Cloud::start());
    cloud
        .change_stack(
            "CreateStack",
            "queues",
            &[("TemplateBody", QUEUES), ("ClientRequestToken", "mine")],
            &[("Password", "hunter3")],
        )
        .expect("right");
    cloud.create_stack("queues", QUEUES, &[]).expect_err("the name is taken");
    cloud.bucket("recorded");
    cloud.rest("es", "GET", "/2021-01-01/domain", &serde_json::json!({}));
    let calls: Vec<_> = cloud
        .calls()
        .into_iter()
        .map(|call| (call.service, call.action, call.status, call.error))
        .collect();
    let row = |service: &str, action: &str, status, error: Option<&str>| {
        (service.into(), action.into(), Some(status), error.map(str::to_owned))
    };
    let wanted = [
        row("cloudformation", "CreateStack", 200, None),
        row("cloudformation", "CreateStack", 400, Some("AlreadyExistsException")),
        row("s3", "CreateBucket", 200, None),
        row("es", "ListDomainNames", 200, None),
    ];
    assert_eq!(calls, wanted);
    let call = &cloud.calls_of("CreateStack")[0];
    assert_eq!(
        (call.token.as_deref(), call.sent("Parameters.Password")),
        (Some("mine"), Some("hunter3"))
    );
    assert!(
        call.number > 0
            && call.parameters["Parameters.Password"].secret
            && !format!("{call:?}").contains("hunter3")
    );
    assert!(other.calls().is_empty() && other.stacks().is_empty());
    cloud.forget();
    assert!(cloud.calls().is_empty());
}

/// A reset leaves nothing, not even what is being made; other accounts stay.
#[test]
fn a_reset_empties_one_account() {
    let (cloud, other) = (Cloud::start(), Cloud::start());
    other.create_stack("queues", QUEUES, &[]).expect("the template is right");
    other.settled("queues");
    cloud.hold(Rule::stack("queues").hold(60.0).times(1));
    cloud.create_stack("queues", QUEUES, &[]).expect("the template is right");
    cloud.bucket("reset");
    cloud.reset();
    assert!(cloud.stacks().is_empty());
    assert_eq!(other.stacks().len(), 1);
    assert!(cloud.env().contains(&("AWS_ENDPOINT_URL".into(), cloud.endpoint())));
    cloud.bucket("reset");
    cloud.create_stack("queues", QUEUES, &[]).expect("the name is free, no rule is left");
    assert_eq!(cloud.settled("queues").status, "CREATE_COMPLETE");
}

/// Secrets Manager API Reference, PutSecretValue and UpdateSecretVersionStage: a label is on one version alone, whichever call puts it there.
#[test]
fn a_label_of_a_secret_is_on_one_version() {
    let cloud = Cloud::start();
    let call = |action: &str, body: serde_json::Value| {
        cloud.json("secretsmanager", &format!("secretsmanager.{action}"), &body)
    };
    let made = call("CreateSecret", serde_json::json!({"Name": "s", "SecretString": "one"}));
    let put = |value: &str| {
        let body =
            serde_json::json!({"SecretId": "s", "SecretString": value, "VersionStages": ["TURN"]});
        call("PutSecretValue", body)["VersionId"].as_str().unwrap().to_owned()
    };
    let (two, three) = (put("two"), put("three"));
    let labels = || {
        call("DescribeSecret", serde_json::json!({"SecretId": "s"}))["VersionIdsToStages"].clone()
    };
    assert_eq!(labels()[&three], serde_json::json!(["TURN"]));
    assert!(labels()[&two].as_array().is_none_or(Vec::is_empty), "{}", labels());
    assert_eq!(labels()[made["VersionId"].as_str().unwrap()], serde_json::json!(["AWSCURRENT"]));
}
