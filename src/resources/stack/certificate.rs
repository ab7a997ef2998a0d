//! The certificate against the hosts that follow from the catalog's, at plan.

use std::collections::BTreeMap;

use super::StackResource;
use super::order::Wanted;
use crate::aws::Aws;
use crate::cloudformation::arn::Arn;
use crate::cloudformation::template::Template;
use crate::deploy::region_of;
use crate::kinds::resource::Draft;
use crate::outcome::Result;
use crate::quilt::certificate::Certificate;
use crate::quilt::hosts::Hosts;
use crate::tf::{AttributePath, Diagnostics, Report};

const HOST: &str = "QuiltWebHost";
const CERTIFICATE: &str = "CertificateArnELB";
/// What may still be put right before it matters.
const FAILS: &str =
    "If it is not issued by the time the apply makes the load balancer, the apply fails there.";

/// Refuses a certificate that cannot serve the hosts, where both are known and one of them is new. Where certificates may not be looked at, or
/// AWS does not answer, the load balancer tells.
pub async fn check(
    aws: &Aws,
    draft: &Draft<StackResource>,
    template: Option<&Template>,
    d: &mut Diagnostics,
) {
    let Some(template) = template.filter(|t| t.declares(HOST) && t.declares(CERTIFICATE)) else {
        return;
    };
    let wanted = Wanted::of(&draft.config, Some(template))
        .inherit(draft.private.inherited.as_ref().unwrap_or(&BTreeMap::new()));
    let live = &draft.private.parameters;
    let of = |name: &str| match wanted.values.get(name) {
        Some(value) => value.as_ref_option().cloned(),
        None => live.get(name).cloned(),
    };
    let (Some(host), Some(arn)) = (of(HOST), of(CERTIFICATE)) else { return };
    let same = draft.prior.is_some()
        && live.get(HOST) == Some(&host)
        && live.get(CERTIFICATE) == Some(&arn);
    let at = wanted.at.get(CERTIFICATE).or(wanted.at.get(HOST)).cloned();
    if let (false, Some(hosts)) = (same, Hosts::of(&host)) {
        judge(aws, &arn, &hosts, at.unwrap_or_else(|| AttributePath::new("certificate_arn")), d)
            .await;
    }
}

async fn judge(aws: &Aws, arn: &str, hosts: &Hosts, at: AttributePath, d: &mut Diagnostics) {
    if let Some(elsewhere) = region_of(arn).filter(|region| *region != aws.region) {
        let detail = format!(
            "It is in {elsewhere}, and the stack in {}. A load balancer takes only certificates of its own region.",
            aws.region
        );
        return d.fail_at(at, "The certificate is in another region", detail);
    }
    let owner = Arn::of(arn).map(|arn| arn.account.to_string()).unwrap_or_default();
    if let Ok(caller) = aws.identity.caller().await
        && ![owner.as_str(), ""].contains(&caller.account.as_str())
        && !owner.is_empty()
    {
        let detail = format!(
            "It belongs to the account {owner}, and the stack to {}. A load balancer takes only certificates of its own account: request or import one there.",
            caller.account
        );
        return d.fail_at(at, "The certificate is another account's", detail);
    }
    let found: Result<Option<Certificate>> = aws.certificates.certificate(arn).await;
    let Ok(found) = found else { return };
    let Some(certificate) = found else {
        return d.warn_at(
            at,
            "There is no such certificate",
            format!("ACM finds no {arn} in this account and region. Correct `certificate_arn`: without a certificate the apply fails."),
        );
    };
    let all = [hosts.web.as_str(), &hosts.registry, &hosts.s3_proxy];
    let lacks = certificate.lacks(&all);
    if !lacks.is_empty() {
        let detail = format!(
            "A deployment at {} is also served at {} and {}. The certificate is for {}, which leaves out: {}. Request one for all of them, or change \
             the host.",
            hosts.web,
            hosts.registry,
            hosts.s3_proxy,
            certificate.names.join(", "),
            lacks.join(", ")
        );
        return d.fail_at(at, "The certificate is not for every host", detail);
    }
    match () {
        () if certificate.issued() => {}
        () if certificate.pending() => {
            d.warn_at(
                at,
                "The certificate is not issued yet",
                format!("Its status is PENDING_VALIDATION. {FAILS}"),
            );
        }
        () => d.fail_at(
            at,
            "The certificate cannot be used",
            format!("Its status is {}. Give one that is issued.", certificate.status),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::Fake;
    use crate::outcome::AwsErrorKind;
    use crate::resources::stack::StackState;
    use crate::resources::stage::Stage;
    use crate::tf::Value;

    const TEMPLATE: &str = r#"{"Parameters": {"QuiltWebHost": {"Type": "String"}, "CertificateArnELB": {"Type": "String"},
        "Size": {"Type": "String", "Default": "s"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;
    const ARN: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1";

    fn config(host: &str, arn: &str) -> StackState {
        let text = |s: &str| Value::Value(s.to_string());
        StackState {
            name: text("prod"),
            template_body: text(TEMPLATE),
            web_host: text(host),
            certificate_arn: text(arn),
            ..StackState::default()
        }
    }

    fn issued(names: &[&str]) -> Option<Certificate> {
        Some(Certificate {
            status: "ISSUED".into(),
            names: names.iter().map(ToString::to_string).collect(),
        })
    }

    async fn told(fake: Fake, arn: &str) -> Vec<String> {
        let mut stage = Stage::of(StackResource, fake);
        stage.plan(&config("quilt.example.com", arn)).await;
        let all = stage.said.errors.iter().chain(&stage.said.warnings);
        all.map(|e| format!("{}: {}: {}", e.attribute, e.summary, e.detail)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_certificate_that_does_not_do_is_refused_at_its_argument() {
        let with = |certificate| Fake::default().certificate(ARN, certificate);
        assert_eq!(told(with(issued(&["*.example.com"])), ARN).await, [""; 0]);
        let lacking = told(with(issued(&["quilt.example.com"])), ARN).await.join("");
        assert!(
            lacking.starts_with("certificate_arn: The certificate is not for every host: "),
            "{lacking}"
        );
        assert!(
            lacking.contains("leaves out: quilt-registry.example.com, quilt-s3-proxy.example.com."),
            "{lacking}"
        );
        assert!(
            told(with(None), ARN).await[0]
                .starts_with("certificate_arn: There is no such certificate: ")
        );
        for (status, words) in
            [("PENDING_VALIDATION", "not issued yet"), ("EXPIRED", "cannot be used")]
        {
            let told = told(
                with(
                    issued(&["*.example.com"]).map(|c| Certificate { status: status.into(), ..c }),
                ),
                ARN,
            )
            .await;
            assert!(
                told.len() == 1 && told[0].contains(words) && told[0].contains(status),
                "{told:?}"
            );
        }
        let elsewhere = ARN.replace("us-east-1", "eu-west-1");
        assert!(told(Fake::default(), &elsewhere).await[0].contains("is in another region"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_may_not_look_and_what_has_not_changed_is_left_alone() {
        assert_eq!(told(Fake::default(), ARN).await, [""; 0]);
        let fake = Fake::default()
            .certificate(ARN, issued(&["*.example.com"]))
            .certificate("arn:other", issued(&[]));
        let mut stage = Stage::of(StackResource, fake);
        stage.apply(&config("quilt.example.com", ARN)).await;
        stage.refresh().await;
        let asked = |stage: &Stage<StackResource>| {
            stage.fake.calls().iter().filter(|c| c.starts_with("certificate")).count()
        };
        let before = asked(&stage);
        stage.plan(&config("quilt.example.com", ARN)).await;
        assert_eq!(asked(&stage), before, "a plan without a change asks nothing");
        stage.plan(&config("quilt.example.org", ARN)).await;
        assert!(stage.said.failed(), "{:?}", stage.said);
        stage.fake = stage.fake.clone().fail("certificate", AwsErrorKind::Later);
        stage.plan(&config("quilt.example.org", ARN)).await;
        assert!(!stage.said.failed(), "{:?}", stage.said);
    }
}
