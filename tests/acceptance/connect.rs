//! Connect: the fourth host of a deployment, its records and its certificate.

use serde_json::json;

use super::terraform::Project;
use super::{stack, writes};
use crate::cloud::Cloud;

/// What a template with Connect has: a second load balancer, here a queue whose name stands for it.
const TEMPLATE: &str = r#"Parameters:
  QuiltWebHost: {Type: String}
  CertificateArnELB: {Type: String}
  CertificateArnConnect: {Type: String, Default: ''}
  ConnectAllowedHosts: {Type: String, Default: ''}
Conditions:
  Connect: !Not [!Equals [!Ref ConnectAllowedHosts, '']]
Resources:
  LoadBalancer: {Type: AWS::SQS::Queue}
  ConnectLoadBalancer: {Type: AWS::SQS::Queue, Condition: Connect}
Outputs:
  LoadBalancerDNSName: {Value: !Sub '${LoadBalancer.QueueName}.elb.example.net'}
  LoadBalancerCanonicalHostedZoneID: {Value: Z35SXDOTRQ7X7K}
  ConnectHost: {Condition: Connect, Value: !Sub '${AWS::StackName}-connect.example.com'}
  ConnectLoadBalancerDNSName: {Condition: Connect, Value: !Sub '${ConnectLoadBalancer.QueueName}.elb.example.net'}
  ConnectLoadBalancerCanonicalHostedZoneID: {Condition: Connect, Value: Z35SXDOTRQ7X7K}
"#;

/// A certificate that is issued for these names.
fn certificate(cloud: &Cloud, names: &[&str]) -> String {
    let asked = json!({"DomainName": names[0], "SubjectAlternativeNames": names, "ValidationMethod": "DNS"});
    let made = cloud.json("acm", "CertificateManager.RequestCertificate", &asked);
    made["CertificateArn"].as_str().expect("it has an ARN").to_owned()
}

fn main(certificate: &str, parameters: &str) -> String {
    let arguments = format!(
        "  template_file = \"template.yaml\"\n  web_host = \"quilt.example.com\"\n  certificate_arn = {certificate:?}\n  enable_termination_protection = false\n  parameters = {{\n{parameters}  }}"
    );
    let records = "output \"cnames\" {\n  value = quilt_stack.this.cnames\n}\noutput \"aliases\" {\n  value = quilt_stack.this.aliases\n}\noutput \"called\" {\n  value = provider::quilt::cnames(\"quilt.example.com\", \
         quilt_stack.this.load_balancer_dns_name, { host = quilt_stack.this.connect_host, target = quilt_stack.this.connect_load_balancer_dns_name })\n}\n";
    format!("{}{records}", stack(&arguments))
}

#[test]
fn a_fourth_host_has_records_of_its_own() {
    let cloud = Cloud::start();
    let project = Project::new(&cloud);
    project.write("template.yaml", TEMPLATE);
    let (shared, own) = (
        certificate(
            &cloud,
            &["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"],
        ),
        certificate(&cloud, &["queues-connect.example.com"]),
    );
    let allowed = "    ConnectAllowedHosts = \"claude.ai,cursor://\"\n";
    cloud.forget();
    project.main(&main(&shared, "    ConnectAllowedHosts = \"https://claude.ai\"\n"));
    project
        .plan()
        .failed()
        .says("passes over such entries without a word")
        .says("Write `claude.ai`");
    project.main(&main(&shared, allowed));
    project
        .plan()
        .failed()
        .says("The certificate is not for Connect's host")
        .says("queues-connect.example.com");
    assert_eq!(writes(&cloud), [""; 0]);

    project.main(&main(&shared, ""));
    project.apply().ok();
    project.plan_is_empty();
    let of = |name: &str| project.state()["outputs"][name]["value"].clone();
    assert_eq!(of("cnames").as_object().map(serde_json::Map::len), Some(3));
    assert_eq!(of("called"), of("cnames"), "the function takes what the stack gives");
    assert_eq!(of("aliases")["quilt.example.com"]["zone_id"], "Z35SXDOTRQ7X7K");

    project.main(&main(&shared, &format!("{allowed}    CertificateArnConnect = {own:?}\n")));
    project.apply().ok().says("1 changed");
    project.plan_is_empty();
    let (cnames, aliases) = (of("cnames"), of("aliases"));
    assert_eq!(cnames.as_object().map(serde_json::Map::len), Some(4), "{cnames}");
    assert_eq!(of("called"), cnames);
    let host = "queues-connect.example.com";
    assert_eq!(cnames[host], aliases[host]["target"]);
    assert_ne!(cnames[host], cnames["quilt.example.com"]);
    project.destroy().ok();
}
