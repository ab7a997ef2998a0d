//! `quilt_stack` with Connect: a template that gives out a fourth host.

use serde_json::json;

use super::scene::{Scene, scene};
use crate::quilt::certificate::Certificate;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";

/// Connect is on, for these.
pub fn connect(title: &'static str, allowed: &str) -> Scene {
    let declared = |default: &str| json!({ "Type": "String", "Default": default });
    let mut body = json!({
        "Parameters": { "QuiltWebHost": declared("quilt.example.com"), "CertificateArnELB": declared(CERTIFICATE), "ConnectAllowedHosts": declared("") },
        "Resources": { "T": { "Type": "AWS::SNS::Topic" } },
        "Outputs": { "LoadBalancerDNSName": { "Value": { "Ref": "T" } } },
    });
    body["Outputs"]["ConnectHost"] =
        json!({ "Value": { "Fn::Sub": "${AWS::StackName}-connect.example.com" } });
    let names = ["quilt.example.com", "quilt-registry.example.com", "quilt-s3-proxy.example.com"];
    let held = Certificate {
        status: "ISSUED".into(),
        names: names.map(String::from).into(),
        ..Certificate::default()
    };
    scene("quilt_stack", title)
        .over(move |fake| fake.certificate(CERTIFICATE, Some(held.clone())))
        .plan(json!({
            "name": "prod", "template_body": body.to_string(), "web_host": "quilt.example.com", "certificate_arn": CERTIFICATE,
            "parameters": { "ConnectAllowedHosts": allowed },
        }))
}
