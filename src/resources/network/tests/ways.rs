//! Ways out of a network, what it reaches without one, its flow logs, and a network of the first version.

use super::*;

const TRANSIT: [(&str, &str); 1] = [("TransitGatewayAttachmentId", "tgw-attach-1")];

fn through(id: Value<String>) -> NetworkState {
    NetworkState { transit_gateway_id: id, ..config() }
}

fn services(names: &[&str]) -> Value<Set<Value<String>>> {
    Set(names.iter().map(|name| known(*name)).collect()).into()
}

fn sent(stage: &Stage, name: &str) -> String {
    stage.fake.stack("prod-network").unwrap().parameters.get(name).cloned().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_transit_gateway_is_the_way_out_instead_of_nat() {
    let mut stage = made().await;
    assert_eq!(stage.get().nat_gateways, known("one_per_az"));
    let config = NetworkState {
        transit_gateway_ipv6_egress: true.into(),
        ..through(known("tgw-0123456789abcdef0"))
    };
    assert_eq!(
        stage.changes(&config).await,
        [
            "nat_gateways",
            "status",
            "transit_gateway_attachment_id",
            "transit_gateway_id",
            "transit_gateway_ipv6_egress"
        ]
    );
    assert_eq!(stage.said.warnings.len(), 0, "{:?}", stage.said);
    stage.fake = gives(stage.fake.clone(), &TRANSIT);
    stage.apply(&config).await;
    assert_eq!(
        ["NatGateways", "TransitGatewayId", "TransitGatewayIpv6Egress"].map(|n| sent(&stage, n)),
        ["none", "tgw-0123456789abcdef0", "true"]
    );
    let state = stage.get();
    assert_eq!(
        (state.nat_gateways, state.transit_gateway_attachment_id),
        (known("none"), known("tgw-attach-1"))
    );
    assert_eq!(stage.changes(&config).await, none());
    stage.import("prod").await;
    assert_eq!(stage.changes(&config).await, none());
    // Without it, NAT is the way out again.
    stage.fake = gives(stage.fake.clone(), &[]);
    stage.apply(&super::config()).await;
    assert_eq!(sent(&stage, "NatGateways"), "one_per_az");
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_is_made_by_the_same_apply_leaves_the_way_out_open() {
    let mut stage = Stage::of(NetworkResource::default(), fake(&TRANSIT));
    let planned = stage.plan(&through(Value::Unknown)).await.state.unwrap();
    let planned = NetworkState::read_object(&planned, &AttributePath::root()).unwrap();
    assert_eq!(
        (planned.nat_gateways, planned.transit_gateway_attachment_id),
        (Value::Unknown, Value::Unknown)
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_network_without_a_way_out_lacks_is_said_when_it_becomes_so() {
    let mut stage = made().await;
    let closed = NetworkState { nat_gateways: known("none"), ..config() };
    stage.plan(&closed).await;
    let said = &stage.said.warnings[0];
    assert_eq!(said.attribute, AttributePath::new("interface_endpoints"));
    assert!(
        said.detail.contains("`logs`, `ecr.api`, `ecr.dkr`, `sqs`, `sns`.")
            && said.detail.contains("`lambda`, `ecs`, `events`, `kms`."),
        "{said:?}"
    );
    stage.apply(&closed).await;
    stage.said = Diagnostics::default();
    assert_eq!(stage.changes(&closed).await, none());
    assert_eq!(stage.said.warnings.len(), 0, "it is said once: {:?}", stage.said);
    let whole = NetworkState {
        interface_endpoints: services(&[
            "ecr.api", "ecr.dkr", "ecs", "events", "kms", "lambda", "logs", "sns", "sqs",
        ]),
        api_gateway_endpoint: true.into(),
        ..closed
    };
    stage.fake = gives(stage.fake.clone(), &[("ApiGatewayEndpointId", "vpce-1")]);
    stage.apply(&whole).await;
    assert_eq!(stage.said.warnings.len(), 0, "{:?}", stage.said);
    assert_eq!(
        ["EcrDkrInterfaceEndpoint", "AthenaInterfaceEndpoint"].map(|n| sent(&stage, n)),
        ["true", "false"]
    );
    assert_eq!(stage.changes(&whole).await, none());
    stage.import("prod").await;
    assert_eq!(stage.changes(&whole).await, none());
}

#[tokio::test(start_paused = true)]
async fn traffic_is_recorded_in_a_group_or_a_bucket() {
    let mut stage = made().await;
    let group = NetworkState {
        flow_logs: known("cloud-watch-logs"),
        flow_logs_retention_days: 30.into(),
        ..config()
    };
    assert_eq!(
        stage.changes(&group).await,
        ["flow_log_group_name", "flow_logs", "flow_logs_retention_days", "status"]
    );
    stage.fake = gives(stage.fake.clone(), &[("FlowLogGroupName", "group")]);
    stage.apply(&group).await;
    assert_eq!(stage.get().flow_log_group_name, known("group"));
    assert_eq!(stage.changes(&group).await, none());
    let stack = stage.fake.stack("prod-network").unwrap();
    assert!(stack.capabilities.contains("CAPABILITY_IAM"), "{stack:?}");

    let bucket = NetworkState {
        flow_logs: known("s3"),
        flow_logs_bucket_arn: known("arn:aws:s3:::records/net"),
        ..config()
    };
    let changes = stage.changes(&bucket).await;
    assert!(changes.contains(&"flow_log_group_name".to_string()), "{changes:?}");
    stage.fake = gives(stage.fake.clone(), &[]);
    stage.apply(&bucket).await;
    assert_eq!(
        ["FlowLogs", "FlowLogBucketArn"].map(|n| sent(&stage, n)),
        ["s3", "arn:aws:s3:::records/net"]
    );
    assert_eq!(
        (stage.get().flow_log_group_name, stage.changes(&bucket).await),
        (Value::Null, none())
    );
    stage.import("prod").await;
    assert_eq!(stage.changes(&bucket).await, none());
}

#[tokio::test(start_paused = true)]
async fn a_network_of_the_first_version_is_sent_what_that_declares() {
    let mut stage = Stage::of(NetworkResource::default(), fake(&[("TemplateVersion", "1")]));
    let first = NetworkState { template_version: known("1"), ..config() };
    stage.apply(&first).await;
    let stack = stage.fake.stack("prod-network").unwrap();
    assert!(!stack.parameters.contains_key("FlowLogs"), "{:?}", stack.parameters);
    assert_eq!(stage.changes(&config()).await, none());
    let single = NetworkState { nat_gateways: known("single"), ..config() };
    stage.apply(&single).await;
    let stack = stage.fake.stack("prod-network").unwrap();
    assert_eq!(stack.parameters["NatGateways"], "single");
    assert!(!stack.parameters.contains_key("FlowLogs"), "{:?}", stack.parameters);

    let recorded = NetworkState { flow_logs: known("cloud-watch-logs"), ..single };
    stage.plan(&recorded).await;
    let said = &stage.said.errors[0];
    assert_eq!(said.attribute, AttributePath::new("flow_logs"));
    assert!(said.detail.contains("Write `template_version = \"2\"` as well"), "{said:?}");
    stage.fake = gives(stage.fake.clone(), &[("FlowLogGroupName", "group")]);
    let raised = NetworkState { template_version: known("2"), ..recorded };
    stage.apply(&raised).await;
    assert_eq!(
        (sent(&stage, "FlowLogs"), sent(&stage, "Cidr")),
        ("cloud-watch-logs".into(), "10.0.0.0/16".into())
    );
    assert_eq!(stage.changes(&raised).await, none());
}
