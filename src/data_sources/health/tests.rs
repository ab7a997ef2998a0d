//! Each check made to pass, to fail and to be unknown, by a changed AWS in memory.

use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::aws::ecs::{Running, Task};
use crate::aws::fake::Fake;
use crate::aws::fake::health::Kept;
use crate::aws::s3::Notices;
use crate::cloudformation::drift::Drift;
use crate::kinds::data_source::AnyDataSource;
use crate::outcome::AwsErrorKind;
use crate::quilt::certificate::Certificate;
use crate::quilt::database::Instance;
use crate::quilt::search::Domain;
use crate::tf::State;
use crate::web::{Page, Web};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const SERVICE: &str = "arn:aws:ecs:us-east-1:123456789012:service/prod/registry";
const DAY: i64 = 24 * 60 * 60;

/// A deployment in which all is well.
fn well() -> Fake {
    let domain = Domain { name: "find".into(), nodes: 2, volume: Some(100), ..Domain::default() };
    let instance =
        Instance { id: "data".into(), status: "available".into(), ..Instance::default() };
    let running = Running { desired_count: 2, running_count: 2, ..Running::default() };
    Fake::default()
        .having(
            "prod",
            &[("QuiltWebHost", "quilt.example.com"), ("CertificateArnELB", CERTIFICATE)],
        )
        .part("prod", "Registry", "AWS::ECS::Service", SERVICE)
        .part("prod", "Group", "AWS::ElasticLoadBalancingV2::TargetGroup", "group")
        .part("prod", "Search", "AWS::Elasticsearch::Domain", "find")
        .part("prod", "DB", "AWS::RDS::DBInstance", "data")
        .part("prod", "Canary", "AWS::Synthetics::Canary", "stabl-ctlg-search")
        .service("registry", Some(running), vec![])
        .targets("group", Some(&["healthy", "draining"]))
        .domain(domain, 0)
        .metric("find", "ClusterStatus.green", 1.0)
        .metric("find", "FreeStorageSpace", 51_200.0)
        .metric("stabl-ctlg-search", "SuccessPercent", 100.0)
        .instance(instance)
        .certificate(CERTIFICATE, certificate(90, "*.example.com"))
        .drifts(1, vec![])
}

fn certificate(days: i64, name: &str) -> Option<Certificate> {
    let end = OffsetDateTime::now_utc().unix_timestamp() + days * DAY + 60;
    let (status, names) = ("ISSUED".into(), vec![name.to_string()]);
    Some(Certificate { status, names, expires_at: Some(end), imported: false })
}

/// Every check is asked for.
fn whole() -> HealthLookup {
    HealthLookup {
        name: known("prod"),
        drift: true.into(),
        registry: true.into(),
        canaries: true.into(),
        data_buckets: Set(vec![known("raw")]).into(),
        ..HealthLookup::default()
    }
}

/// The registry answers with this status.
struct Answers(u16);

#[async_trait]
impl Web for Answers {
    async fn page(&self, url: &str) -> std::result::Result<Page, String> {
        assert_eq!(url, "https://quilt-registry.example.com/api/health");
        Ok(Page { status: self.0, body: String::new() })
    }
}

async fn read_with(fake: &Fake, config: HealthLookup, status: u16) -> HealthLookup {
    let mut d = Diagnostics::default();
    let cx = Cx { web: Arc::new(Answers(status)), ..fake.cx() };
    let object = AnyDataSource::read(&HealthSource, &cx, config.write_object(), &mut d).await;
    let object = object.unwrap_or_else(|| panic!("{d:?}"));
    HealthLookup::read_object(&object, &AttributePath::root()).unwrap()
}

async fn read(fake: &Fake, config: HealthLookup) -> HealthLookup {
    read_with(fake, config, 200).await
}

/// Status, finding and fix of a check.
fn told(state: &HealthLookup, name: &str) -> (String, String, String) {
    let mut rows = state.checks.iter().flatten().flatten();
    let row = rows.find(|row| row.name == known(name)).unwrap_or_else(|| panic!("{name}"));
    (row.status.clone().unwrap(), row.found.clone().unwrap(), row.fix.clone().unwrap())
}

/// What is changed makes one check fail, and no other.
async fn fails(fake: Fake, name: &str, found: &str, fix: &str) -> HealthLookup {
    let state = read(&fake, whole()).await;
    let rows = state.checks.iter().flatten().flatten();
    let failed: Vec<_> = rows.filter(|row| row.status == known("fail")).collect();
    let names: Vec<_> = failed.iter().map(|row| row.name.clone().unwrap()).collect();
    assert_eq!(names, [name]);
    let (_, says, next) = told(&state, name);
    assert!(says.contains(found) && next.contains(fix), "{name}: {says} | {next}");
    assert_eq!(state.healthy, false.into(), "{name}");
    state
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_well_is_healthy_in_every_check() {
    let state = read(&well(), whole()).await;
    let rows: Vec<_> = state.checks.iter().flatten().flatten().collect();
    for row in &rows {
        assert_eq!((&row.status, &row.fix), (&known("pass"), &known("")), "{row:?}");
    }
    let names: Vec<_> = rows.iter().map(|row| row.name.clone().unwrap()).collect();
    assert_eq!(names, CHECKS.iter().map(|check| check.name).collect::<Vec<_>>());
    assert_eq!((state.healthy, state.status), (true.into(), known("CREATE_COMPLETE")));
    let search = state.search.unwrap();
    assert_eq!((search.colour, search.free_storage_gib), (known("green"), 50.into()));
    assert_eq!(state.services.unwrap()[0].clone().unwrap().running, 2.into());
    assert_eq!(state.target_groups.unwrap()[0].clone().unwrap().healthy, 1.into());
    assert_eq!(state.certificates.unwrap()[0].clone().unwrap().days_left, 90.into());
    assert_eq!(state.database.unwrap().status, known("available"));
    assert_eq!(state.buckets.unwrap()[0].clone().unwrap().versioning, true.into());
    assert_eq!(state.canary_runs.unwrap()[0].clone().unwrap().success_percent, 100.into());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_is_not_looked_at() {
    let fake = well();
    let state = read(&fake, HealthLookup { name: known("prod"), ..HealthLookup::default() }).await;
    let names: Vec<_> = state.checks.iter().flatten().flatten().map(|r| r.name.clone()).collect();
    let usual =
        ["stack", "services", "targets", "search", "search_storage", "database", "certificate"];
    assert_eq!(names, usual.map(known));
    assert!(fake.calls().iter().all(|call| !call.starts_with("detect") && !call.contains("raw")));
    let other = Fake::default().existing("other", "UPDATE_COMPLETE");
    let state =
        read(&other, HealthLookup { name: known("other"), ..HealthLookup::default() }).await;
    assert_eq!(state.checks.iter().flatten().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_check_fails_by_what_is_ill() {
    let ill = Running { desired_count: 2, running_count: 1, ..Running::default() };
    let stopped =
        |reason: &str| vec![Task { stopped_reason: Some(reason.into()), ..Task::default() }];
    let pull = "CannotPullContainerError: pull image manifest has been retried 5 time(s)";
    let state = fails(
        well().service("registry", Some(ill.clone()), stopped(pull)),
        "services",
        "Registry runs 1 of 2 tasks; the newest stopped one: CannotPull",
        "NAT gateway",
    )
    .await;
    let service = state.services.unwrap()[0].clone().unwrap();
    assert_eq!(service.stopped_reason, known(pull));
    fails(well().service("registry", None, vec![]), "services", "no service Registry", "").await;
    let timeout = "Group: 1 of 2 targets answer (10.0.0.1: Request timed out).";
    fails(well().targets("group", Some(&["healthy", "unhealthy"])), "targets", timeout, "").await;
    fails(well().targets("group", Some(&[])), "targets", "0 of 0 targets", "services").await;
    fails(well().targets("group", None), "targets", "group is gone", "").await;
    let yellow = well().metric("find", "ClusterStatus.yellow", 1.0);
    fails(yellow, "search", "find is yellow", "write less at a time").await;
    let full = well().metric("find", "FreeStorageSpace", 10_240.0);
    fails(full, "search_storage", "10 of 100 GiB free", "volume_size = 150").await;
    let stopped = Instance { id: "data".into(), status: "stopped".into(), ..Instance::default() };
    fails(well().instance(stopped), "database", "data is stopped", "start-db-instance").await;
    let soon = well().certificate(CERTIFICATE, certificate(12, "*.example.com"));
    fails(soon, "certificate", ", in 12 days.", "validation record").await;
    let over = well().certificate(CERTIFICATE, certificate(-2, "*.example.com"));
    fails(over, "certificate", "expired on ", "").await;
    let narrow = well().certificate(CERTIFICATE, certificate(90, "quilt.example.com"));
    fails(narrow, "certificate", "leaves out: quilt-registry.example.com", "").await;
    fails(well().certificate(CERTIFICATE, None), "certificate", "ACM finds no", "").await;
    let canary = well().metric("stabl-ctlg-search", "SuccessPercent", 0.0);
    fails(canary, "canaries", "failed: stabl-ctlg-search", "Synthetics").await;
    for (kept, name, fix) in [
        (
            Kept { versioned: false, ..Kept::default() },
            "bucket_versioning",
            "put-bucket-versioning",
        ),
        (Kept { replicas: 0, ..Kept::default() }, "bucket_replication", "another region"),
        (
            Kept { notices: Notices { created: true, removed: false }, ..Kept::default() },
            "bucket_notifications",
            "add the bucket again",
        ),
    ] {
        fails(well().keeps("raw", kept), name, "raw", fix).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_stack_and_a_registry_that_are_ill_are_told() {
    let broken = well();
    broken.becomes("prod", "UPDATE_ROLLBACK_FAILED");
    let state = read(&broken, HealthLookup { drift: false.into(), ..whole() }).await;
    let (status, found, fix) = told(&state, "stack");
    assert_eq!((status.as_str(), state.healthy), ("fail", false.into()), "{found} {fix}");
    assert!(fix.contains("diagnose prod"), "{fix}");
    let state = read_with(&well(), whole(), 502).await;
    let (status, found, fix) = told(&state, "registry");
    assert!(status == "fail" && found.ends_with("answers with 502.") && fix.contains("`targets`"));
    let accepted = HealthLookup { accept: Set(vec![known("registry")]).into(), ..whole() };
    let state = read_with(&well(), accepted, 502).await;
    assert_eq!((state.healthy, told(&state, "registry").0.as_str()), (true.into(), "fail"));
}

#[tokio::test(start_paused = true)]
async fn drift_is_told_without_what_quilt_writes() {
    let policy = Drift {
        logical_id: "BucketReadPolicy".into(),
        kind: "AWS::IAM::ManagedPolicy".into(),
        properties: vec!["/PolicyDocument".into()],
        ..Drift::default()
    };
    let queue = Drift {
        logical_id: "Indexer".into(),
        kind: "AWS::SQS::Queue".into(),
        properties: vec!["/VisibilityTimeout".into()],
        ..Drift::default()
    };
    let meant = read(&well().drifts(1, vec![policy.clone()]), whole()).await;
    let (status, found, _) = told(&meant, "drift");
    assert!(status == "pass" && found.contains("left out: 1"), "{found}");
    assert_eq!(meant.drifted, vec![].into());
    let fake = well().drifts(1, vec![policy, queue]);
    let state =
        fails(fake, "drift", "Indexer (AWS::SQS::Queue, ): changed: /VisibilityTimeout", "").await;
    let rows = state.drifted.unwrap();
    assert_eq!((rows.len(), rows[0].clone().unwrap().logical_id), (1, known("Indexer")));
    let half = read(&well().overlooks("Failed on [Second]"), whole()).await;
    assert_eq!(told(&half, "drift").0, "unknown");
}

/// A call that is denied, the checks that it leaves unknown, and the permission that each names.
const DENIED: [(&str, &[&str], &str); 12] = [
    (
        "parts",
        &["services", "targets", "search", "search_storage", "database", "canaries"],
        "cloudformation:ListStackResources",
    ),
    ("service", &["services"], "ecs:DescribeServices"),
    ("targets", &["targets"], "elasticloadbalancing:DescribeTargetHealth"),
    ("domain", &["search", "search_storage"], "es:DescribeElasticsearchDomain"),
    ("newest", &[], "cloudwatch:GetMetricData"),
    ("instance", &["database"], "rds:DescribeDBInstances"),
    ("certificate", &["certificate"], "acm:DescribeCertificate"),
    ("detect", &["drift"], "cloudformation:DetectStackDrift"),
    ("drifted", &["drift"], "cloudformation:DescribeStackResourceDrifts"),
    ("versioned", &["bucket_versioning"], "s3:GetBucketVersioning"),
    ("replicas", &["bucket_replication"], "s3:GetReplicationConfiguration"),
    ("notices", &["bucket_notifications"], "s3:GetBucketNotification"),
];

#[tokio::test(start_paused = true)]
async fn a_check_without_its_permission_is_unknown_and_names_it() {
    for (call, names, permission) in DENIED {
        let state = read(&well().fail(call, AwsErrorKind::Denied), whole()).await;
        let unknown: Vec<_> = state
            .checks
            .iter()
            .flatten()
            .flatten()
            .filter(|row| row.status != known("pass"))
            .collect();
        assert!(!unknown.is_empty(), "{call}");
        for row in &unknown {
            let fix = row.fix.clone().unwrap();
            assert!(row.status == known("unknown") && fix.contains(permission), "{call}: {row:?}");
        }
        if !names.is_empty() {
            let told: Vec<_> = unknown.iter().map(|row| row.name.clone().unwrap()).collect();
            assert_eq!(told, names, "{call}");
        }
        assert_eq!(state.healthy, true.into(), "{call}");
    }
    let ill = Running { desired_count: 2, running_count: 1, ..Running::default() };
    let fake = well().service("registry", Some(ill), vec![]).fail("stopped", AwsErrorKind::Denied);
    fails(fake, "services", "may not be asked (ecs:ListTasks, ecs:DescribeTasks)", "").await;
}

#[tokio::test(start_paused = true)]
async fn a_database_beside_the_stack_is_found_by_its_group() {
    let outputs = [("AccessorSecurityGroupId", "sg-1"), ("InstanceIdentifier", "beside")];
    let instance =
        |id: &str| Instance { id: id.into(), status: "available".into(), ..Instance::default() };
    let fake = Fake::default()
        .outputs(&outputs)
        .having(
            "prod",
            &[("QuiltWebHost", "quilt.example.com"), ("DBAccessorSecurityGroup", "sg-1")],
        )
        .instance(instance("beside"))
        .instance(instance("named"));
    let config = || HealthLookup { name: known("prod"), ..HealthLookup::default() };
    let found = |state: HealthLookup| state.database.unwrap().instance_identifier;
    assert_eq!(found(read(&fake, config()).await), known("beside"));
    let named = HealthLookup { db_instance_identifier: known("named"), ..config() };
    assert_eq!(found(read(&fake, named).await), known("named"));
    let lost = Fake::default().having("prod", &[("DBAccessorSecurityGroup", "sg-2")]);
    let state = read(&lost, config()).await;
    let (status, _, fix) = told(&state, "database");
    assert_eq!((status.as_str(), fix.as_str()), ("unknown", "Give `db_instance_identifier`."));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_there_is_not_and_a_stack_that_is_not_there_are_told() {
    for (config, at) in [
        (HealthLookup { accept: Set(vec![known("colour")]).into(), ..whole() }, "accept"),
        (HealthLookup { name: known("nope"), ..whole() }, "name"),
    ] {
        let mut d = Diagnostics::default();
        let cx = well().cx();
        AnyDataSource::read(&HealthSource, &cx, config.write_object(), &mut d).await;
        assert_eq!(d.errors[0].attribute.to_string(), at, "{d:?}");
    }
}

#[test]
fn the_page_names_every_check() {
    let doc = &HealthLookup::schema().doc;
    for check in CHECKS {
        let line = format!("- `{}`: {}", check.name, check.about);
        assert!(doc.contains(&line), "the comment of `HealthLookup` lacks: {line}");
    }
}
