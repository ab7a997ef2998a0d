//! Each check made to pass, to fail and to be unknown, by a changed AWS in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::aws::{Bucket, Leave, Regions, Stacks};
use crate::cloudformation::stack::Order;
use crate::outcome::AwsErrorKind;
use crate::quilt::certificate::Certificate;
use crate::quilt::database::{Facts, Instance as There, Offer};
use crate::quilt::network::existing::{Parts, Subnet, Survey, Vpc};
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
        network: Some(given(&["subnet-1", "subnet-2"], &["subnet-3", "subnet-4"])),
        room: Room { vpcs: 1, addresses: 2, trails: 1 },
        kms_key_id: Some("arn:aws:kms:us-east-1:123456789012:key/1".into()),
        iam_role_arn: Some("arn:aws:iam::123456789012:role/quilt".into()),
    }
}

/// A network that is there, by its private and intra subnets.
fn given(private: &[&str], intra: &[&str]) -> Parts {
    let ids = |ids: &[&str]| ids.iter().map(|id| id.to_string()).collect();
    Parts { vpc_id: "vpc-1".into(), private: ids(private), intra: ids(intra), ..Parts::default() }
}

/// The same in EC2: each subnet with its VPC and its zone.
fn there(subnets: &[(&str, &str, &str)]) -> Survey {
    let subnet = |(id, vpc, zone): &(&str, &str, &str)| Subnet {
        id: id.to_string(),
        vpc_id: vpc.to_string(),
        zone: zone.to_string(),
        cidr: "10.0.0.0/20".into(),
        free: 4000,
        ipv6: false,
    };
    let vpc = Some(Vpc { id: "vpc-1".into(), ..Vpc::default() });
    Survey { vpc, subnets: subnets.iter().map(subnet).collect(), ..Survey::default() }
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
        (
            ready().without_leave("s3:PutObject", Some(Leave::Missing)),
            "template_bucket_writable",
            "No policy of theirs allows s3:PutObject on arn:aws:s3:::templates/*",
        ),
        (
            ready().without_leave("s3:PutObject", Some(Leave::Denied)),
            "template_bucket_writable",
            "arn:aws:iam::123456789012:role/deployer. A policy of theirs denies",
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
        (ready().holding_room(5, 0, 0), "vpcs", "has 5 VPCs in us-east-1 and may have 5"),
        (ready().holding_room(0, 4, 0), "addresses", "this needs 2 more"),
        (ready().holding_room(0, 0, 5), "trails", "has 5 trails in us-east-1 and may have 5"),
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
        ("subnets", vec!["subnets"], "ec2:DescribeSubnets"),
        ("vpcs", vec!["vpcs"], "ec2:DescribeVpcs"),
        ("leave", vec!["template_bucket_writable"], "iam:SimulatePrincipalPolicy"),
        ("addresses", vec!["addresses"], "ec2:DescribeAddresses"),
        ("trails", vec!["trails"], "cloudtrail:DescribeTrails"),
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

#[tokio::test(start_paused = true)]
async fn room_is_what_the_account_may_have() {
    let raised = ready().holding_room(9, 8, 0).allowing(10);
    assert_eq!(told(&raised, &whole()).await, []);
    let quotas = |fake: &Fake| fake.calls().iter().filter(|call| call.starts_with("most ")).count();
    assert_eq!(quotas(&raised), 2);
    let plenty = ready().holding_room(4, 3, 4);
    assert_eq!(told(&plenty, &whole()).await, []);
    assert_eq!(quotas(&plenty), 0, "AWS's usual number does");
    let denied = ready().holding_room(5, 0, 0).fail("most", AwsErrorKind::Denied);
    let told = told(&denied, &whole()).await;
    assert!(
        matches!(&told[..], [("vpcs", Status::Unknown, text)] if text.contains("servicequotas:GetServiceQuota")),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_is_there_has_its_trail() {
    let full = ready().holding_room(0, 0, 5).existing("prod", "UPDATE_COMPLETE");
    assert_eq!(told(&full, &whole()).await, []);
}

#[tokio::test(start_paused = true)]
async fn subnets_of_a_network_that_is_there_fit_together() {
    let intra = [("subnet-3", "vpc-1", "us-east-1a"), ("subnet-4", "vpc-1", "us-east-1b")];
    let private = |second: (&'static str, &'static str, &'static str)| {
        there(&[&[("subnet-1", "vpc-1", "us-east-1a"), second][..], &intra].concat())
    };
    let right = private(("subnet-2", "vpc-1", "us-east-1b"));
    assert_eq!(told(&ready().network(right), &whole()).await, []);
    for (second, words) in [
        (("subnet-9", "vpc-1", "us-east-1b"), "There is no subnet subnet-2 in us-east-1."),
        (("subnet-2", "vpc-2", "us-east-1b"), "The subnet subnet-2 is in another VPC."),
        (("subnet-2", "vpc-1", "us-east-1a"), "The private subnets are in one zone."),
        (("subnet-2", "vpc-1", "us-east-1c"), "in other zones than the private ones"),
    ] {
        let fake = ready().network(private(second));
        fails(&told(&fake, &whole()).await, "subnets", words);
    }
    let alone = Intent { network: Some(given(&["subnet-1"], &[])), ..whole() };
    let fake = ready();
    fails(&told(&fake, &alone).await, "subnets", "`private_subnet_ids` names subnet-1 alone.");
    assert!(!fake.calls().iter().any(|call| call.starts_with("subnets")), "{:?}", fake.calls());
    // Without the VPC's id its subnets say which it is.
    let open = Parts { vpc_id: String::new(), ..given(&["subnet-1", "subnet-2"], &[]) };
    let two = private(("subnet-2", "vpc-2", "us-east-1b"));
    let mixed = told(&ready().network(two), &Intent { network: Some(open), ..whole() }).await;
    fails(&mixed, "subnets", "The subnet subnet-2 is in another VPC.");
}

#[test]
fn a_template_makes_the_trails_that_stand_under_no_condition_or_one_that_holds() {
    let text = r#"{"Parameters": {"CloudTrailBucket": {"Type": "String"}},
        "Conditions": {"Own": {"Fn::Equals": [{"Ref": "CloudTrailBucket"}, ""]}},
        "Resources": {"A": {"Type": "AWS::CloudTrail::Trail"}, "B": {"Type": "AWS::CloudTrail::Trail", "Condition": "Own"}}}"#;
    let template = crate::cloudformation::template::Template::parse(text).unwrap();
    let given = |bucket: &str| [("CloudTrailBucket".to_string(), bucket.to_string())].into();
    assert_eq!(
        [
            trails(&template, &given("")),
            trails(&template, &given("b")),
            trails(&template, &Default::default())
        ],
        [2, 1, 1]
    );
}

#[tokio::test(start_paused = true)]
async fn a_check_that_gets_no_answer_holds_nobody_up() {
    static MUTE: Check = Check {
        name: "mute",
        about: "",
        asks: &[],
        link: "",
        look: |_| Box::pin(std::future::pending()),
    };
    let (fake, intent) = (Fake::default(), whole());
    let cx = fake.cx();
    let aws = cx.aws(None).await.unwrap();
    let scene = Scene::new(&aws, &Silence, &intent);
    let found = look(&scene, [&MUTE].into_iter()).await;
    assert_eq!(found[0].verdict.status, Status::Unknown);
    assert_eq!(found[0].verdict.found, "There was no answer within 30 s.");
}
