//! The life of a `quilt_network` against an AWS in memory.

use std::time::Duration;

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::resource::AnyResource;
use crate::quilt::network::outputs;
use crate::tf::{AttributePath, Report, State, known};

mod mistakes;
mod ways;

type Stage = crate::resources::stage::Stage<NetworkResource>;

fn list(items: &[&str]) -> Value<Strings> {
    items.iter().map(|i| known(*i)).collect::<Strings>().into()
}

fn config() -> NetworkState {
    NetworkState { name: known("prod"), ..NetworkState::default() }
}

/// Stacks give out what the template would, and `more`.
fn gives(fake: Fake, more: &[(&str, &str)]) -> Fake {
    let outputs = outputs();
    let pairs: Vec<_> =
        outputs.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain(more.iter().copied()).collect();
    fake.outputs(&pairs)
}

fn fake(more: &[(&str, &str)]) -> Fake {
    gives(Fake::default(), more)
}

const INTERNAL: [(&str, &str); 2] =
    [("UserSubnetIds", "subnet-Private-0,subnet-Private-1"), ("ApiGatewayEndpointId", "vpce-1")];

async fn made() -> Stage {
    let mut stage = Stage::of(
        NetworkResource::default(),
        fake(&[]).script(&["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]),
    );
    stage.apply(&config()).await;
    stage
}

fn none() -> Vec<String> {
    vec![]
}

fn listed(state: &NetworkState) -> Vec<String> {
    let word = |v: &Value<String>| {
        v.as_ref_option().cloned().unwrap_or(if v.is_null() { "null" } else { "?" }.into())
    };
    let subnets =
        state.subnets.as_ref_option().into_iter().flatten().filter_map(Value::as_ref_option);
    subnets
        .map(|s| [&s.tier, &s.cidr_block, &s.availability_zone, &s.subnet_id].map(word).join(" "))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn every_range_is_known_at_plan() {
    let planned =
        Stage::of(NetworkResource::default(), fake(&[])).plan(&config()).await.state.unwrap();
    let planned = NetworkState::read_object(&planned, &AttributePath::root()).unwrap();
    assert_eq!(
        listed(&planned),
        [
            "private 10.0.0.0/18 ? ?",
            "private 10.0.128.0/18 ? ?",
            "public 10.0.64.0/19 ? ?",
            "public 10.0.192.0/19 ? ?",
            "intra 10.0.96.0/20 ? ?",
            "intra 10.0.224.0/20 ? ?",
        ]
    );
    assert_eq!(planned.private_subnet_ids, vec![Value::Unknown, Value::Unknown].into());
    assert_eq!(
        (planned.user_subnet_ids, planned.api_gateway_endpoint_id),
        (list(&[]), Value::Null)
    );
    assert_eq!((planned.template_version, planned.region), (known("2"), known("us-east-1")));
}

#[tokio::test(start_paused = true)]
async fn create_read_and_nothing_to_do() {
    let mut stage = made().await;
    let state = stage.get();
    assert_eq!(
        listed(&state),
        [
            "private 10.0.0.0/18 eu-west-1a subnet-Private-0",
            "private 10.0.128.0/18 eu-west-1b subnet-Private-1",
            "public 10.0.64.0/19 eu-west-1a subnet-Public-0",
            "public 10.0.192.0/19 eu-west-1b subnet-Public-1",
            "intra 10.0.96.0/20 eu-west-1a subnet-Intra-0",
            "intra 10.0.224.0/20 eu-west-1b subnet-Intra-1",
        ]
    );
    assert_eq!(
        (state.vpc_id, state.status, state.enable_termination_protection),
        (known("vpc-1"), known("CREATE_COMPLETE"), true.into())
    );
    let stack = stage.fake.stack("prod-network").unwrap();
    assert_eq!(
        (stack.parameters["Cidr"].as_str(), stack.parameters["AvailabilityZone1"].as_str()),
        ("10.0.0.0/16", "")
    );
    assert_eq!(stage.changes(&config()).await, none());
    assert_eq!(
        stage
            .changes(&NetworkState {
                availability_zones: list(&["eu-west-1a", "eu-west-1b"]),
                ..config()
            })
            .await,
        none()
    );
}

#[tokio::test(start_paused = true)]
async fn an_internal_network() {
    let mut stage = Stage::of(NetworkResource::default(), fake(&INTERNAL));
    let internal = NetworkState { internal: true.into(), ..config() };
    stage.apply(&internal).await;
    let state = stage.get();
    assert_eq!(
        (state.api_gateway_endpoint, &state.api_gateway_endpoint_id),
        (true.into(), &known("vpce-1"))
    );
    assert_eq!(state.user_subnet_ids, state.private_subnet_ids);
    assert_eq!(stage.changes(&internal).await, none());
}

#[tokio::test(start_paused = true)]
async fn an_update_touches_no_id_and_keeps_ranges_and_zones() {
    let mut stage = made().await;
    let single = NetworkState { nat_gateways: known("single"), ipv6: false.into(), ..config() };
    assert_eq!(stage.changes(&single).await, ["ipv6", "nat_gateways", "status"]);
    stage.apply(&single).await;
    let stack = stage.fake.stack("prod-network").unwrap();
    assert_eq!(
        (stack.parameters["NatGateways"].as_str(), stack.parameters["AvailabilityZone1"].as_str()),
        ("single", "eu-west-1a")
    );
    assert!(
        stage
            .fake
            .calls()
            .iter()
            .any(|c| c.starts_with("propose ") && c.contains(" Cidr=previous value ")),
        "{:?}",
        stage.fake.calls()
    );
    assert_eq!(stage.changes(&single).await, none());
}

#[tokio::test(start_paused = true)]
async fn a_network_becomes_internal() {
    let mut stage = made().await;
    let internal = NetworkState { internal: true.into(), ..config() };
    let changes = stage.changes(&internal).await;
    assert_eq!(
        changes,
        [
            "api_gateway_endpoint",
            "api_gateway_endpoint_id",
            "internal",
            "status",
            "user_subnet_ids"
        ]
    );
    stage.fake = gives(stage.fake.clone(), &INTERNAL);
    stage.apply(&internal).await;
    assert_eq!(stage.changes(&internal).await, none());
}

#[tokio::test(start_paused = true)]
async fn what_would_replace_subnets_is_refused_with_the_way_out() {
    let mut stage = made().await;
    let moved = NetworkState {
        cidr: known("10.1.0.0/16"),
        availability_zones: list(&["eu-west-1b", "eu-west-1a"]),
        ..config()
    };
    let planned = stage.plan(&moved).await;
    assert!(planned.replace.is_empty());
    let said: Vec<_> =
        stage.said.errors.iter().map(|e| (e.attribute.to_string(), e.detail.to_string())).collect();
    assert_eq!(
        said.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(),
        ["cidr", "availability_zones"]
    );
    assert!(said[0].1.contains("Write `cidr = \"10.0.0.0/16\"` again."), "{}", said[0].1);
    assert!(
        said[1].1.contains("Write `availability_zones = [\"eu-west-1a\", \"eu-west-1b\"]` again."),
        "{}",
        said[1].1
    );
    let renamed = NetworkState { name: known("other"), cidr: known("10.1.0.0/16"), ..config() };
    assert_eq!(stage.plan(&renamed).await.replace, [AttributePath::new("name")]);
    assert!(stage.said.errors[0].detail.contains("protection is on"), "{:?}", stage.said);
    stage.apply(&NetworkState { enable_termination_protection: false.into(), ..config() }).await;
    assert_eq!(stage.plan(&renamed).await.replace, [AttributePath::new("name")]);
    assert!(!stage.said.failed(), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_a_creation_saves_it_untainted_and_the_next_apply_finishes() {
    // A stack in the making gives nothing out yet.
    let mut stage =
        Stage::of(NetworkResource::default(), Fake::default().script(&["CREATE_IN_PROGRESS"; 50]));
    let cx = stage.fake.cx();
    cx.stops_after(Duration::from_secs(20));
    stage.apply_in(&cx, &config()).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    assert_eq!(listed(&stage.get())[0], "private 10.0.0.0/18 null null");
    let changes = stage.changes(&config()).await;
    assert!(
        ["vpc_id", "subnets", "status"].iter().all(|name| changes.contains(&name.to_string())),
        "{changes:?}"
    );
    assert!(stage.said.warnings[0].summary.contains("resumes"), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn a_rolled_back_creation_is_planned_anew() {
    let mut stage = Stage::of(NetworkResource::default(), fake(&[]).script(&["ROLLBACK_COMPLETE"]));
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.said.failed());
    stage.refresh().await;
    assert_eq!(stage.plan(&config()).await.replace, [AttributePath::new("id")]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_keeps_the_prior_state() {
    let mut stage = made().await;
    let before = stage.get();
    stage.fake = stage.fake.clone().script(&["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]);
    stage
        .apply_in(&stage.fake.cx(), &NetworkState { nat_gateways: known("none"), ..config() })
        .await;
    assert!(stage.said.failed());
    assert_eq!(stage.get(), before);
}

#[tokio::test(start_paused = true)]
async fn protection_is_taken_off_before_a_deletion() {
    let mut stage = made().await;
    stage.destroy().await;
    assert_eq!(
        stage.said.errors[0].summary,
        "Termination protection is on for the stack prod-network"
    );
    stage.apply(&NetworkState { enable_termination_protection: false.into(), ..config() }).await;
    stage.destroy().await;
    assert_eq!(
        (stage.said.failed(), stage.state.clone(), stage.fake.stack("prod-network")),
        (false, None, None)
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_outside_is_planned_anew() {
    let mut stage = made().await;
    stage.fake.deleted_outside(&stage.get().id.unwrap()).await;
    stage.refresh().await;
    assert_eq!(stage.state, None);
}

#[tokio::test(start_paused = true)]
async fn an_import_by_name_or_stack_plans_nothing() {
    let mut stage = made().await;
    for id in ["prod".to_string(), "prod-network".into(), stage.get().id.unwrap()] {
        stage.import(&id).await;
        assert_eq!(stage.changes(&config()).await, none(), "{id}");
        assert_eq!(stage.get().enable_termination_protection, true.into());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_network_is_not_imported() {
    let mut stage = Stage::of(
        NetworkResource::default(),
        fake(&[]).existing("other", "CREATE_COMPLETE").existing("their-network", "CREATE_COMPLETE"),
    );
    for (id, why) in [
        ("missing", "Give the network's name"),
        ("other", "Its name does not end with `-network`."),
        ("their", "It has no parameter `Cidr`"),
    ] {
        stage.said = Diagnostics::default();
        stage.import(id).await;
        assert!(stage.said.errors[0].detail.contains(why), "{id}: {:?}", stage.said);
    }
}

#[tokio::test(start_paused = true)]
async fn tags_alone_leave_every_id_known() {
    let mut stage = made().await;
    let tagged = NetworkState {
        tags: Value::Value([("Team".to_string(), known("data"))].into()),
        ..config()
    };
    assert_eq!(stage.changes(&tagged).await, ["status", "tags", "tags_all"]);
    stage.apply(&tagged).await;
    assert_eq!(stage.fake.stack("prod-network").unwrap().tags["Team"], "data");
    assert_eq!(stage.changes(&tagged).await, none());
}

#[tokio::test(start_paused = true)]
async fn a_newer_template_waits_to_be_asked_for_and_keeps_the_subnets() {
    const THREE: Templates = Templates(&[
        include_str!("../../quilt/templates/network.yaml"),
        include_str!("../../quilt/templates/network-2.yaml"),
        "Parameters: {Cidr: {Type: String}, AvailabilityZone1: {Type: String}}\nResources: {Vpc: {Type: AWS::EC2::VPC}}",
    ]);
    let first = made().await;
    let mut stage = Stage::of(NetworkResource::of(THREE), first.fake);
    (stage.state, stage.private) = (first.state, first.private);
    assert_eq!(
        (stage.changes(&config()).await, stage.get().template_version),
        (none(), known("2"))
    );
    stage.fake = gives(stage.fake.clone(), &[("TemplateVersion", "3")]);
    stage.apply(&NetworkState { template_version: known("3"), ..config() }).await;
    let calls = stage.fake.calls();
    assert!(
        calls.contains(&"propose AvailabilityZone1=*** Cidr=previous value".to_string()),
        "{calls:?}"
    );
    assert_eq!(stage.changes(&config()).await, none());
}
