//! Connect: a fourth host with a load balancer of its own, who may come, and a certificate for it.

use super::*;
use crate::quilt::certificate::Certificate;

const CONNECT: &str = r#"{"Parameters": {"QuiltWebHost": {"Type": "String"}, "CertificateArnELB": {"Type": "String", "Default": ""},
    "CertificateArnConnect": {"Type": "String", "Default": ""}, "ConnectAllowedHosts": {"Type": "String", "Default": ""}},
    "Conditions": {"Connect": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ConnectAllowedHosts"}, ""]}]}},
    "Resources": {"T": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"LoadBalancerDNSName": {"Value": {"Ref": "T"}}, "LoadBalancerCanonicalHostedZoneID": {"Value": {"Ref": "T"}},
    "ConnectHost": {"Condition": "Connect", "Value": {"Fn::Sub": "${AWS::StackName}-connect.example.com"}},
    "ConnectLoadBalancerDNSName": {"Condition": "Connect", "Value": {"Ref": "T"}},
    "ConnectLoadBalancerCanonicalHostedZoneID": {"Condition": "Connect", "Value": {"Ref": "T"}}}}"#;
const ARN: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const OWN: &str = "arn:aws:acm:us-east-1:123456789012:certificate/2";
const HOST: &str = "prod-connect.example.com";

fn asking(parameters: &[(&str, &str)]) -> StackState {
    StackState {
        template_body: CONNECT.to_string().into(),
        web_host: "quilt.example.com".to_string().into(),
        certificate_arn: ARN.to_string().into(),
        parameters: strings(parameters),
        ..config()
    }
}

fn certificate(names: &[&str]) -> Option<Certificate> {
    let names = names.iter().map(ToString::to_string).collect();
    Some(Certificate { status: "ISSUED".into(), names, ..Certificate::default() })
}

fn fake(own: &[&str]) -> Fake {
    let outputs = [
        ("LoadBalancerDNSName", "lb.example.net"),
        ("LoadBalancerCanonicalHostedZoneID", "Z1"),
        ("ConnectHost", HOST),
        ("ConnectLoadBalancerDNSName", "clb.example.net"),
        ("ConnectLoadBalancerCanonicalHostedZoneID", "Z2"),
    ];
    let all = ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"];
    Fake::default()
        .outputs(&outputs)
        .certificate(ARN, certificate(&[&all[..], own].concat()))
        .certificate(OWN, certificate(&["*.example.com"]))
}

async fn planned(config: &StackState, own: &[&str]) -> (StackState, Stage) {
    let mut stage = Stage::of(StackResource, fake(own));
    let state = stage.plan(config).await.state.unwrap_or_default();
    (StackState::read_object(&state, &AttributePath::root()).unwrap(), stage)
}

const ALLOWED: [(&str, &str); 1] = [("ConnectAllowedHosts", "claude.ai,cursor://")];

#[tokio::test(start_paused = true)]
async fn its_records_are_known_by_name_at_plan_and_whole_after_the_apply() {
    let (plan, mut stage) = planned(&asking(&ALLOWED), &[HOST]).await;
    assert_eq!(plan.connect_host, HOST.to_string().into());
    let (cnames, aliases) = (plan.cnames.unwrap(), plan.aliases.unwrap());
    assert_eq!((cnames.len(), &cnames[HOST]), (4, &Value::Unknown));
    assert_eq!((aliases.len(), &aliases[HOST]), (4, &Value::Unknown));
    stage.apply(&asking(&ALLOWED)).await;
    let state = stage.get();
    assert_eq!(state.cnames.unwrap()[HOST], "clb.example.net".to_string().into());
    let aliases = state.aliases.unwrap();
    let zone = |host: &str| aliases[host].clone().unwrap()["zone_id"].clone().unwrap();
    assert_eq!((zone(HOST), zone("quilt.example.com")), ("Z2".into(), "Z1".into()));
    assert_eq!(stage.changes(&asking(&ALLOWED)).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn without_it_there_are_three_hosts() {
    let (plan, _) = planned(&asking(&[]), &[]).await;
    assert_eq!((plan.connect_host, plan.cnames.unwrap().len()), (Value::Null, 3));
    let unknown = StackState {
        parameters: Value::Value(
            [("ConnectAllowedHosts".to_string(), Value::Unknown)].into_iter().collect(),
        ),
        ..asking(&[])
    };
    let (plan, _) = planned(&unknown, &[]).await;
    assert!(plan.cnames.is_unknown() && plan.connect_host.is_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_is_not_for_it_is_refused() {
    let (_, stage) = planned(&asking(&ALLOWED), &[]).await;
    assert_eq!(stage.said.errors[0].summary, "The certificate is not for Connect's host");
    assert!(stage.said.errors[0].attribute.to_string().contains("certificate_arn"));
    assert!(stage.said.errors[0].detail.contains(HOST));
    let own = [ALLOWED[0], ("CertificateArnConnect", OWN)];
    let (_, stage) = planned(&asking(&own), &[]).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
    let (_, stage) = planned(&asking(&[]), &[]).await;
    assert!(!stage.said.failed(), "{:?}", stage.said);
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_lets_in_nobody_is_refused() {
    let wrong = [("ConnectAllowedHosts", "https://claude.ai")];
    let (_, stage) = planned(&asking(&wrong), &[HOST]).await;
    assert_eq!(stage.said.errors[0].summary, "This host would not be let in");
    assert!(stage.said.errors[0].attribute.to_string().contains("ConnectAllowedHosts"));
}
