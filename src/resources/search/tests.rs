//! The life of a `quilt_search` against an AWS in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::resource::Resource;
use crate::quilt::search::Domain;
use crate::tf::{Report, known};

type Stage = crate::resources::stage::Stage<SearchResource>;

const ONE: Templates = TEMPLATES;
/// A template with two versions, the second of which declares one parameter less.
const TWO: Templates = Templates(&[
    include_str!("../../quilt/templates/search.yaml"),
    "Parameters: {DomainName: {Type: String}, VolumeSize: {Type: Number}}\nResources: {Search: {Type: AWS::OpenSearchService::Domain}}",
]);

const OUTPUTS: [(&str, &str); 5] = [
    ("TemplateVersion", "1"),
    ("DomainName", "prod"),
    ("DomainArn", "arn:domain"),
    ("Endpoint", "vpc-prod.example.com"),
    ("AccessorSecurityGroupId", "sg-1"),
];

fn running(version: &str) -> Domain {
    Domain { name: "prod".into(), engine_version: version.into(), ..Domain::default() }
}

fn fake() -> Fake {
    Fake::default().outputs(&OUTPUTS).domain(running("7.10"), 0)
}

fn network(vpc: &str, subnets: &[&str]) -> Value<SearchNetwork> {
    SearchNetwork {
        vpc_id: known(vpc),
        intra_subnet_ids: subnets.iter().map(|id| known(*id)).collect::<Vec<_>>().into(),
    }
    .into()
}

fn config() -> SearchState {
    let network = network("vpc-1", &["subnet-1", "subnet-2"]);
    SearchState {
        name: known("prod"),
        network,
        enable_termination_protection: false.into(),
        ..SearchState::default()
    }
}

/// A domain of the older engine.
fn older() -> SearchState {
    let (instance_type, dedicated_master_type) =
        (known("m5.xlarge.elasticsearch"), known("m5.large.elasticsearch"));
    SearchState { engine_version: known("6.8"), instance_type, dedicated_master_type, ..config() }
}

fn of(templates: Templates) -> SearchResource {
    SearchResource::of(templates)
}

fn said(d: &Diagnostics) -> String {
    d.errors
        .iter()
        .chain(&d.warnings)
        .map(|x| format!("{} | {} | {}\n", x.attribute, x.summary, x.detail))
        .collect()
}

fn sent(stage: &Stage, name: &str) -> String {
    stage.fake.stack("prod-search").unwrap().parameters[name].clone()
}

async fn made(fake: Fake, config: &SearchState) -> Stage {
    let mut stage = Stage::of(of(ONE), fake);
    stage.apply(config).await;
    stage
}

#[tokio::test(start_paused = true)]
async fn a_domain_lives_a_whole_life() {
    let mut stage = made(fake(), &config()).await;
    let state = stage.get();
    assert_eq!(
        (state.size, state.engine_version, state.template_version),
        (known("medium"), known("7.10"), known("1"))
    );
    assert_eq!((state.endpoint, state.domain_name), (known("vpc-prod.example.com"), known("prod")));
    let all =
        ["DomainName", "Vpc", "Subnets", "InstanceType", "DedicatedMasterCount", "VolumeIops"]
            .map(|name| sent(&stage, name));
    assert_eq!(all, ["prod", "vpc-1", "subnet-1,subnet-2", "m6g.xlarge", "3", "0"]);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.apply(&SearchState { size: known("x-large"), ..config() }).await;
    assert_eq!(
        (sent(&stage, "VolumeIops"), stage.get().volume_iops, stage.get().volume_size),
        ("16000".into(), 16000.into(), 3072.into())
    );
    assert!(
        stage
            .fake
            .calls()
            .iter()
            .any(|c| c.starts_with("propose ") && c.contains("DomainName=previous value"))
    );
    assert_eq!(stage.changes(&SearchState { size: known("x-large"), ..config() }).await, [""; 0]);
    stage.destroy().await;
    assert!(stage.state.is_none() && stage.fake.stack("prod-search").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_change_of_size_says_its_hours_and_its_cost() {
    let mut stage = made(fake(), &config()).await;
    stage.plan(&SearchState { size: known("large"), ..config() }).await;
    let told = said(&stage.said);
    for words in [
        "size | ",
        "for hours",
        "from `medium` to `large`",
        "up to 12 h",
        "about $1166, now about $943",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let other = known("r5.large.elasticsearch");
    stage.plan(&SearchState { instance_type: other, ..config() }).await;
    assert!(said(&stage.said).contains("instance_type | "), "{}", said(&stage.said));
    assert!(said(&stage.said).contains("price list"), "{}", said(&stage.said));
    stage.plan(&config()).await;
    assert!(!said(&stage.said).contains("hours"), "{}", said(&stage.said));
}

#[tokio::test(start_paused = true)]
async fn single_arguments_stand_instead_of_a_size() {
    let single = |n: i64| SearchState {
        instance_type: known("m5.large.elasticsearch"),
        instance_count: n.into(),
        dedicated_master_count: 0.into(),
        zone_awareness: false.into(),
        ..config()
    };
    let mut stage = made(fake(), &single(1)).await;
    let state = stage.get();
    assert_eq!(
        (state.size, state.dedicated_master_type, state.volume_size),
        (Value::Null, Value::Null, 1024.into())
    );
    assert_eq!(
        (sent(&stage, "DedicatedMasterType"), sent(&stage, "Subnets")),
        (String::new(), "subnet-1,subnet-2".into())
    );
    assert_eq!(stage.changes(&single(1)).await, [""; 0]);
    assert!(stage.changes(&single(2)).await.contains(&"instance_count".to_string()));
    stage.apply(&config()).await;
    assert_eq!((stage.get().size, stage.get().dedicated_master_count), (known("medium"), 3.into()));
}

#[tokio::test(start_paused = true)]
async fn what_makes_up_a_size_is_the_same_as_its_name() {
    let mut stage = made(fake(), &config()).await;
    let single = SearchState {
        instance_type: known("m6g.xlarge.elasticsearch"),
        volume_size: 1024.into(),
        ..config()
    };
    for same in [single, SearchState { size: known("medium"), ..config() }] {
        assert_eq!(stage.changes(&same).await, [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_waits_for_the_one_that_is_going_on() {
    let mut stage = made(fake(), &config()).await;
    stage.fake.put_domain(Domain { processing: true, ..running("7.10") }, 40);
    stage.apply(&SearchState { size: known("large"), ..config() }).await;
    let calls = stage.fake.calls();
    let looks = calls
        .iter()
        .take_while(|c| !c.starts_with("propose "))
        .filter(|c| c.starts_with("domain "))
        .count();
    assert_eq!(looks, 41, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_that_did_not_happen_is_told() {
    let old = older();
    let mut stage = made(fake().domain(running("6.8"), 0), &old).await;
    let new = SearchState { engine_version: known("7.10"), ..old.clone() };
    stage.apply_in(&stage.fake.cx(), &new).await;
    assert!(
        said(&stage.said).contains("still runs Elasticsearch 6.8, not 7.10"),
        "{}",
        said(&stage.said)
    );
    stage.fake.put_domain(running("7.10"), 0);
    stage.refresh().await;
    assert_eq!(stage.changes(&new).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_refused_at_its_attribute() {
    let old = older();
    let mut stage = made(fake().domain(running("6.8"), 0), &old).await;
    for (config, at, words) in [
        (
            SearchState { engine_version: known("6.7"), ..old.clone() },
            "engine_version",
            "only goes up",
        ),
        (
            SearchState { network: network("vpc-2", &["subnet-1", "subnet-2"]), ..old.clone() },
            "network",
            "second `quilt_search`",
        ),
        (
            SearchState { engine_version: known("7.10"), size: known("medium"), ..config() },
            "size",
            "alone",
        ),
        (SearchState { engine_version: known("6.8"), ..config() }, "instance_type", "7.9 or later"),
    ] {
        let planned = stage.plan(&config).await;
        assert!(
            said(&stage.said).starts_with(at)
                && said(&stage.said).contains(words)
                && planned.replace.is_empty(),
            "{}",
            said(&stage.said)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_newer_template_waits_to_be_asked_for() {
    let first = made(fake(), &config()).await;
    let mut stage = Stage::of(of(TWO), first.fake);
    (stage.state, stage.private) = (first.state, first.private);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    let raised = SearchState { template_version: known("2"), ..config() };
    let changes = stage.changes(&raised).await;
    assert_eq!(changes, ["status", "template_version"]);
    stage.fake = stage.fake.clone().outputs(&[&[("TemplateVersion", "2")], &OUTPUTS[1..]].concat());
    stage.apply(&raised).await;
    assert!(
        stage
            .fake
            .calls()
            .iter()
            .any(|c| *c == "propose DomainName=previous value VolumeSize=previous value"),
        "{:?}",
        stage.fake.calls()
    );
    stage.plan(&SearchState { template_version: known("1"), ..config() }).await;
    assert!(said(&stage.said).starts_with("template_version | "), "{}", said(&stage.said));
    let mut fresh = Stage::of(of(TWO), fake());
    let planned = fresh.plan(&config()).await.state.unwrap();
    assert_eq!(planned["template_version"], crate::tf::Tree::String("2".into()));
}

#[tokio::test(start_paused = true)]
async fn protection_is_on_unless_said_otherwise() {
    let open = SearchState { enable_termination_protection: Value::Null, ..config() };
    let mut stage = made(fake(), &open).await;
    assert!(stage.fake.stack("prod-search").unwrap().protected);
    stage.destroy().await;
    assert!(
        stage.state.is_some()
            && said(&stage.said).contains("enable_termination_protection = false"),
        "{}",
        said(&stage.said)
    );
}

#[tokio::test(start_paused = true)]
async fn imports() {
    let mut stage = made(fake(), &SearchState { size: known("large"), ..config() }).await;
    stage.import("prod").await;
    assert_eq!(stage.changes(&SearchState { size: known("large"), ..config() }).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_creation_is_made_anew() {
    let mut stage = Stage::of(of(ONE), fake().script(&["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE"]));
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.said.failed());
    stage.refresh().await;
    let planned = stage.plan(&config()).await;
    assert_eq!(planned.replace.iter().map(ToString::to_string).collect::<Vec<_>>(), ["id"]);
    assert!(said(&stage.said).contains("it never completed"), "{}", said(&stage.said));
}

#[test]
fn configurations_are_checked_offline() {
    let check = |config: SearchState| {
        let mut d = Diagnostics::default();
        Resource::validate(&SearchResource::default(), &config, &mut d);
        said(&d)
    };
    assert_eq!(check(config()), "");
    for (config, at, words) in [
        (SearchState { size: known("tiny"), ..config() }, "size", "small, medium"),
        (
            SearchState { size: known("small"), instance_count: 2.into(), ..config() },
            "size",
            "not both",
        ),
        (
            SearchState {
                size: known("medium"),
                network: network("vpc-1", &["subnet-1"]),
                ..config()
            },
            "size",
            "two subnets",
        ),
        (
            SearchState { network: network("vpc-1", &["subnet-1"]), ..config() },
            "zone_awareness",
            "two subnets",
        ),
        (SearchState { network: network("vpc-1", &[]), ..config() }, "network", "a subnet"),
        (SearchState { engine_version: known("8.1"), ..config() }, "engine_version", "7.10"),
        (
            SearchState { template_version: known("2"), ..config() },
            "template_version",
            "newest is 1",
        ),
        (SearchState { instance_count: 3.into(), ..config() }, "instance_count", "even"),
        (SearchState { name: known("Prod"), ..config() }, "name", "lower-case"),
    ] {
        assert!(check(config).starts_with(at), "{at} {words}");
    }
}
