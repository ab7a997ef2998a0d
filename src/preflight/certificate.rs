//! The certificate: of this account and region, issued, and for every host that follows from the catalog's.

use super::{Scene, Verdict};
use crate::cloudformation::arn::Arn;
use crate::outcome::Result;
use crate::quilt::certificate::Certificate;
use crate::quilt::hosts::Hosts;

const INPUT: &str = "certificate_arn";

/// What may still be put right before it matters.
const FAILS: &str =
    "If it is not issued by the time the apply makes the load balancer, the apply fails there.";

/// A certificate, and what it is to serve.
pub struct Serving<'a> {
    /// Its ARN.
    pub arn: &'a str,
    /// The hosts, where they are known.
    pub hosts: Option<&'a Hosts>,
    /// The region of the stack.
    pub region: &'a str,
    /// The account of the stack; empty where it is not known.
    pub account: &'a str,
}

/// Looks at the certificate.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(arn) = &scene.intent.certificate_arn else { return Ok(None) };
    let hosts = scene.intent.web_host.as_deref().and_then(Hosts::of);
    let account = scene.aws.identity.account().await?;
    let serving =
        Serving { arn, hosts: hosts.as_ref(), region: &scene.aws.region, account: &account };
    if let Some(foreign) = serving.foreign() {
        return Ok(Some(foreign));
    }
    let found = scene.aws.certificates.certificate(arn).await?;
    Ok(Some(serving.judge(found.as_ref())))
}

impl Serving<'_> {
    /// It is of another region or account, and need not be looked at.
    pub fn foreign(&self) -> Option<Verdict> {
        let arn = Arn::of(self.arn)?;
        if let Some(own) = arn.region().filter(|own| *own != self.region) {
            let found = format!(
                "It is in {own}, and the stack in {}. A load balancer takes only certificates of its own region.",
                self.region
            );
            return Some(Verdict::fail(INPUT, "The certificate is in another region", found, ""));
        }
        let theirs = |account: &str| !account.is_empty() && account != self.account;
        (!self.account.is_empty() && theirs(arn.account)).then(|| {
            let found = format!(
                "It is of the account {}, and the stack is in {}. A load balancer takes only certificates of its own account.",
                arn.account, self.account
            );
            let fix = "Request or import one there, and give its ARN; if the account of the stack is the wrong one, change the provider's credentials.";
            Verdict::fail(INPUT, "The certificate is another account's", found, fix)
        })
    }

    /// Judges what ACM shows; `None`: there is none.
    pub fn judge(&self, found: Option<&Certificate>) -> Verdict {
        let Some(certificate) = found else { return self.missing() };
        if let Some(lacking) = self.hosts.and_then(|hosts| lacks(certificate, hosts)) {
            return lacking;
        }
        if certificate.pending() {
            let found = "Its status is PENDING_VALIDATION.";
            return Verdict::fail(INPUT, "The certificate is not issued yet", found, FAILS)
                .may_pass();
        }
        if !certificate.issued() {
            let found = format!("Its status is {}.", certificate.status);
            return Verdict::fail(
                INPUT,
                "The certificate cannot be used",
                found,
                "Give one that is issued.",
            );
        }
        Verdict::pass(format!("The certificate is issued, for {}.", certificate.names.join(", ")))
    }

    fn missing(&self) -> Verdict {
        let found = format!(
            "ACM finds no {} in this account and region, and without a certificate the apply fails.",
            self.arn
        );
        let fix = "Correct `certificate_arn`.";
        Verdict::fail(INPUT, "There is no such certificate", found, fix).may_pass()
    }
}

fn lacks(certificate: &Certificate, hosts: &Hosts) -> Option<Verdict> {
    let lacks = certificate.lacks(&[hosts.web.as_str(), &hosts.registry, &hosts.s3_proxy]);
    if lacks.is_empty() {
        return None;
    }
    let found = format!(
        "A deployment at {} is also served at {} and {}. The certificate is for {}, which leaves out: {}.",
        hosts.web,
        hosts.registry,
        hosts.s3_proxy,
        certificate.names.join(", "),
        lacks.join(", ")
    );
    let fix = || "Request one for all of them, or change the host.".to_string();
    let fix = hosts.doubt().unwrap_or_else(fix);
    Some(Verdict::fail(INPUT, "The certificate is not for every host", found, fix))
}
