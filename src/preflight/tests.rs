//! Each check made to pass, to fail and to be unknown, by a changed AWS in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::aws::{Bucket, Regions, Stacks};
use crate::cloudformation::stack::Order;
use crate::outcome::AwsErrorKind;
use crate::quilt::certificate::Certificate;
use crate::quilt::database::{Facts, Instance as There, Offer};
use crate::quilt::search::{Cluster, Limits, Volume, size};
use crate::web::Silence;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";

const TEMPLATE: &str = r#"{"Parameters": {"QuiltWebHost": {"Type": "String"}, "AdminEmail": {"Type": "String"}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

/// Everything that checks are about, as it is when nothing is wrong.
fn whole() -> Intent {
    Intent {
        stack_name: Some("prod".into()),
        template: Some(TEMPLATE.into()),
        parameters: [("AdminEmail".to_string(), Some("a@example.com".to_string()))].into(),
        template_bucket: Some("templates".into()),
        web_host: Some("quilt.example.com".into()),
        certificate_arn: Some(CERTIFICATE.into()),
        secrets: vec!["login".into()],
        engine_version: Some("15.18".into()),
        instance: Some(Instance {
            class: "db.t3.small".into(),
            version: "15.18".into(),
            storage_type: "gp2".into(),
            storage: 100,
            multi_az: true,
        }),
        grown: Some("data".into()),
        cluster: size("large").ok(),
        search_version: Some("7.10".into()),
        availability_zones: ["us-east-1a", "us-east-1b"].map(String::from).into(),
        cidr: Some("10.0.0.0/16".into()),
        kms_key_id: Some("arn:aws:kms:us-east-1:123456789012:key/1".into()),
        iam_role_arn: Some("arn:aws:iam::123456789012:role/quilt".into()),
    }
}

/// An account in which nothing stands in the way.
fn ready() -> Fake {
    let facts = Facts { allocated_storage: 100, ..Facts::default() };
    let names = vec!["*.example.com".to_string()];
    let certificate = Certificate { status: "ISSUED".into(), names, ..Certificate::default() };
    Fake::default()
        .certificate(CERTIFICATE, Some(certificate))
        .holding("login", "{}")
        .instance(There { id: "data".into(), facts, ..There::default() })
}

async fn findings(fake: &Fake, intent: &Intent) -> Vec<Finding> {
    let aws = fake.aws(None).await.unwrap();
    let scene = Scene::new(&aws, &Silence, intent);
    look(&scene, CHECKS.iter()).await
}

/// What did not pass: name, status and what was found.
async fn told(fake: &Fake, intent: &Intent) -> Vec<(&'static str, Status, String)> {
    let all = findings(fake, intent).await.into_iter();
    let bad = all.filter(|f| f.verdict.status != Status::Pass);
    bad.map(|f| (f.check.name, f.verdict.status, format!("{} {}", f.verdict.found, f.verdict.fix)))
        .collect()
}

#[track_caller]
fn fails(told: &[(&'static str, Status, String)], name: &str, words: &str) {
    assert!(
        matches!(told, [(n, Status::Fail, text)] if *n == name && text.contains(words)),
        "{name} {words}: {told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_ready_passes_each_check() {
    let found = findings(&ready(), &whole()).await;
    let names: Vec<_> = found.iter().map(|f| f.check.name).collect();
    // A stack that is not there has no change sets.
    let all = CHECKS.iter().map(|check| check.name).filter(|name| *name != "change_sets");
    assert_eq!(names, all.collect::<Vec<_>>());
    assert_eq!(told(&ready(), &whole()).await, []);
    assert!(found.iter().all(|f| f.verdict.found.ends_with('.')));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_for_is_not_looked_at() {
    let fake = ready();
    assert_eq!(findings(&fake, &Intent::default()).await.len(), 0);
    assert_eq!(fake.calls(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn versions_are_asked_once() {
    let fake = ready();
    findings(&fake, &whole()).await;
    assert_eq!(fake.calls().iter().filter(|call| *call == "offered").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_changed_account_fails_one_check_each() {
    let volume = Volume { size: (10, 512), ..Volume::default() };
    let small = Limits([("gp3".to_string(), volume)].into());
    let gp3 = Offer { storage_type: "gp3".into(), multi_az: true, least: 20, most: 100 };
    let node = "m6g.xlarge.elasticsearch";
    let grown = Facts { allocated_storage: 180, ..Facts::default() };
    let cases = [
        (
            ready().located("templates", Bucket::Gone),
            "template_bucket",
            "There is no bucket templates.",
        ),
        (
            ready().located("templates", Bucket::Elsewhere("eu-west-1".into())),
            "template_bucket",
            "is in eu-west-1",
        ),
        (ready().certificate(CERTIFICATE, None), "certificate", "ACM finds no"),
        (ready().losing("login"), "secrets", "login"),
        (ready().ordering("db.t3.small", &[]), "database_instance", "RDS has no db.t3.small"),
        (
            ready().ordering("db.t3.small", std::slice::from_ref(&gp3)),
            "database_instance",
            "takes no gp2",
        ),
        (
            ready().ordering(
                "db.t3.small",
                &[Offer { storage_type: "gp2".into(), multi_az: false, ..gp3.clone() }],
            ),
            "database_instance",
            "no standby",
        ),
        (
            ready()
                .ordering("db.t3.small", &[Offer { storage_type: "gp2".into(), most: 80, ..gp3 }]),
            "database_instance",
            "20 to 80 GiB",
        ),
        (
            ready().instance(There { id: "data".into(), facts: grown, ..There::default() }),
            "database_storage",
            "has 180 GiB by now",
        ),
        (ready().limited(node, None), "search_nodes", "AWS has no m6g.xlarge"),
        (ready().limited(node, Some(Limits::default())), "search_nodes", "takes no gp3 volumes"),
        (ready().limited(node, Some(small)), "search_nodes", "10 to 512 GiB, and 2048"),
    ];
    for (fake, name, words) in cases {
        fails(&told(&fake, &whole()).await, name, words);
    }
    let old = told(&ready().offering(&["16.4"]), &whole()).await;
    fails(&old, "engine_version", "Write one of: 16.4.");
}

#[tokio::test(start_paused = true)]
async fn what_is_written_wrong_fails_one_check_each() {
    let text = |text: &str| Some(text.to_string());
    let slow = size("large").ok().map(|large| Cluster { volume_iops: Some(17_000), ..large });
    let foreign = CERTIFICATE.replace("123456789012", "210987654321");
    let cases = [
        (
            Intent { availability_zones: vec!["eu-west-1a".into()], ..whole() },
            "availability_zones",
            "Not of us-east-1: eu-west-1a.",
        ),
        (Intent { cluster: slow, ..whole() }, "search_volumes", "Write `volume_iops = 16000`"),
        (Intent { cidr: text("8.8.0.0/16"), ..whole() }, "cidr", "addresses of the internet"),
        (Intent { cidr: text("172.0.0.0/8"), ..whole() }, "cidr", "addresses of the internet"),
        (
            Intent { kms_key_id: text("arn:aws:kms:eu-west-1:1:key/1"), ..whole() },
            "kms_key",
            "of eu-west-1",
        ),
        (
            Intent { iam_role_arn: text("arn:aws:iam::210987654321:role/r"), ..whole() },
            "service_role",
            "of the account 210987654321",
        ),
        (
            Intent { certificate_arn: Some(foreign), ..whole() },
            "certificate",
            "of the account 210987654321",
        ),
        (Intent { web_host: text("quilt.a.example.com"), ..whole() }, "certificate", "leaves out"),
        (Intent { stack_name: text("Quilt_Prod"), ..whole() }, "stack_name", "Quilt_Prod"),
        (Intent { template: Some("{".into()), ..whole() }, "template", "was not understood"),
        (Intent { parameters: Default::default(), ..whole() }, "template", "`AdminEmail`"),
    ];
    for (intent, name, words) in cases {
        fails(&told(&ready(), &intent).await, name, words);
    }
}

#[tokio::test(start_paused = true)]
async fn without_its_permission_a_check_is_unknown_and_names_it() {
    for (call, checks, action) in [
        ("locate", vec!["template_bucket"], "s3:ListBucket"),
        ("certificate", vec!["certificate"], "acm:DescribeCertificate"),
        ("secret_value", vec!["secrets"], "secretsmanager:GetSecretValue"),
        ("offered", vec!["engine_version", "database_instance"], "rds:DescribeDBEngineVersions"),
        ("offers", vec!["database_instance"], "rds:DescribeOrderableDBInstanceOptions"),
        ("instance", vec!["database_storage"], "rds:DescribeDBInstances"),
        ("limits", vec!["search_nodes"], "es:DescribeInstanceTypeLimits"),
    ] {
        let told = told(&ready().fail(call, AwsErrorKind::Denied), &whole()).await;
        let names: Vec<_> = told.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, checks, "{told:?}");
        for (_, status, text) in &told {
            assert!(*status == Status::Unknown && text.contains(action), "{text}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_there_is_one_that_can_be_updated() {
    let there = |status| ready().existing("prod", status);
    assert_eq!(told(&there("UPDATE_COMPLETE"), &whole()).await, []);
    for (status, words) in [
        ("UPDATE_IN_PROGRESS", "Wait for the end"),
        ("ROLLBACK_COMPLETE", "aws cloudformation delete-stack --stack-name prod"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("UPDATE_FAILED", "rollback-stack"),
    ] {
        fails(&told(&there(status), &whole()).await, "stack_status", words);
    }
    let denied = told(&ready().fail("find", AwsErrorKind::Denied), &whole()).await;
    assert!(
        matches!(&denied[..], [("stack_status", Status::Unknown, text)] if text.contains("cloudformation:DescribeStacks"))
    );
}

#[tokio::test(start_paused = true)]
async fn what_cloudformation_objects_to_in_a_change_set_is_told() {
    let fake = ready().existing("prod", "UPDATE_COMPLETE");
    let order = Order { name: "prod".into(), ..Order::default() };
    fake.propose("prod", &order, "next").await.unwrap();
    assert_eq!(told(&fake, &whole()).await, []);
    let full = fake.clone().objects_to("Data", "The bucket data is not empty.");
    fails(
        &told(&full, &whole()).await,
        "change_sets",
        "next: Data (AWS::S3::Bucket): The bucket data is not empty.",
    );
    let denied = told(&full.fail("validation", AwsErrorKind::Denied), &whole()).await;
    assert!(
        matches!(&denied[..], [("change_sets", Status::Unknown, text)] if text.contains("cloudformation:DescribeEvents"))
    );
}
