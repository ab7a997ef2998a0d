//! The certificate against the hosts that follow from the catalog's, at plan.

use crate::preflight::certificate;
use crate::quilt::certificate::Certificate;
use crate::quilt::hosts::Hosts;
use crate::tf::{AttributePath, Diagnostics};

/// A certificate that is to serve the hosts of a deployment.
pub struct Serving {
    /// As the configuration names it.
    pub arn: String,
    /// What its names must cover.
    pub hosts: Hosts,
    /// The attribute that asks for it.
    pub at: AttributePath,
    /// The account of the stack; empty where it is not known.
    pub account: String,
    /// As ACM shows it: `None` where it was not shown, and inside where there is none.
    pub found: Option<Option<Certificate>>,
}

impl Serving {
    /// It, for the table of checks.
    pub fn of<'a>(&'a self, region: &'a str) -> certificate::Serving<'a> {
        let (hosts, account) = (Some(&self.hosts), self.account.as_str());
        certificate::Serving { arn: &self.arn, hosts, region, account }
    }

    /// Refuses a certificate that cannot serve the hosts. Where certificates may not be looked at, or AWS does not answer, the load balancer tells.
    pub fn check(&self, region: &str, d: &mut Diagnostics) {
        let serving = self.of(region);
        let shown = self.found.as_ref().map(|found| serving.judge(found.as_ref()));
        if let Some(verdict) = serving.foreign().or(shown) {
            verdict.tell(self.at.clone(), d);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::fake::{Fake, Login};
    use crate::outcome::AwsErrorKind;
    use crate::resources::stack::state::{StackResource, StackState};
    use crate::resources::stage::Stage;
    use crate::tf::{Report, Value};

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
            ..Certificate::default()
        })
    }

    async fn errors(fake: Fake, arn: &str) -> Vec<String> {
        let mut stage = Stage::of(StackResource, fake);
        stage.plan(&config("quilt.example.com", arn)).await;
        let all = stage.said.errors.iter().chain(&stage.said.warnings);
        all.map(|e| format!("{}: {}: {}", e.attribute, e.summary, e.detail)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_certificate_that_does_not_do_is_refused_at_its_argument() {
        let with = |certificate| Fake::default().certificate(ARN, certificate);
        assert_eq!(errors(with(issued(&["*.example.com"])), ARN).await, [""; 0]);
        let lacking = errors(with(issued(&["quilt.example.com"])), ARN).await.join("");
        assert!(
            lacking.starts_with("certificate_arn: The certificate is not for every host: "),
            "{lacking}"
        );
        assert!(
            lacking.contains("leaves out: quilt-registry.example.com, quilt-s3-proxy.example.com."),
            "{lacking}"
        );
        assert!(
            errors(with(None), ARN).await[0]
                .starts_with("certificate_arn: There is no such certificate: ")
        );
        for (status, words) in
            [("PENDING_VALIDATION", "not issued yet"), ("EXPIRED", "cannot be used")]
        {
            let errors = errors(
                with(
                    issued(&["*.example.com"]).map(|c| Certificate { status: status.into(), ..c }),
                ),
                ARN,
            )
            .await;
            assert!(
                errors.len() == 1 && errors[0].contains(words) && errors[0].contains(status),
                "{errors:?}"
            );
        }
        let elsewhere = ARN.replace("us-east-1", "eu-west-1");
        assert!(errors(Fake::default(), &elsewhere).await[0].contains("is in another region"));
    }

    /// ACM answers for its own account alone: of another one it says nothing that could be told apart from a missing permission.
    #[tokio::test(start_paused = true)]
    async fn a_certificate_of_another_account_is_refused_without_asking_for_it() {
        let foreign = ARN.replace("123456789012", "210987654321");
        let denied = || Fake::default().fail("certificate", AwsErrorKind::Denied);
        for fake in [Fake::default().certificate(&foreign, None), denied()] {
            let mut stage = Stage::of(StackResource, fake);
            stage.plan(&config("quilt.example.com", &foreign)).await;
            let told = &stage.said.errors[0];
            assert_eq!(
                (told.attribute.to_string(), told.summary.as_ref()),
                ("certificate_arn".to_string(), "The certificate is another account's")
            );
            assert!(told.detail.contains("of the account 210987654321"), "{told:?}");
            assert!(!stage.fake.calls().iter().any(|call| call.starts_with("certificate")));
        }
        let unknown = Fake::default().certificate(&foreign, None);
        unknown.signed_in(Login::Unasked);
        assert!(errors(unknown, &foreign).await[0].contains("There is no such certificate"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_may_not_look_and_what_has_not_changed_is_left_alone() {
        assert_eq!(errors(Fake::default(), ARN).await, [""; 0]);
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
