//! Connect at plan: who may come, and a certificate for its host.

use crate::cloudformation::template::Template;
use crate::quilt::connect::{ALLOWED, CERTIFICATE, check_allowed};
use crate::resources::stack::gather::Gathered;
use crate::resources::stack::state::Draft;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// The certificate of all hosts.
const SHARED: &str = "CertificateArnELB";

/// Refuses entries that let in nobody.
pub fn allowed(g: &Gathered, template: &Template, d: &mut Diagnostics) {
    let wanted = g.wanted.values.get(ALLOWED).and_then(Value::as_deref_option);
    let Some(list) = wanted.filter(|_| template.declares(ALLOWED)) else { return };
    if let Err(why) = check_allowed(list) {
        d.fail_at(at(g, ALLOWED), "This host would not be let in", why);
    }
}

/// Refuses a certificate that is not for the host of Connect, where that host or the certificate is new.
pub async fn certificate(g: &Gathered, draft: &Draft, d: &mut Diagnostics) {
    let (Some(aws), None, Some(host)) =
        (&g.aws, &g.first, draft.planned.connect_host.as_deref_option())
    else {
        return;
    };
    let live = &draft.private.parameters;
    let arn = |name| g.wanted.or_live(name, live).filter(|arn| !arn.is_empty());
    let Some((name, arn)) =
        [CERTIFICATE, SHARED].into_iter().find_map(|name| Some((name, arn(name)?)))
    else {
        return;
    };
    let before = draft.prior.as_ref().and_then(|prior| prior.connect_host.as_deref_option());
    if before == Some(host) && live.get(name) == Some(&arn) {
        return;
    }
    // Where certificates may not be looked at, the load balancer tells.
    let Ok(Some(found)) = aws.certificates.certificate(&arn).await else { return };
    if !found.lacks(&[host]).is_empty() {
        let detail = format!(
            "Connect is served at {host}, and the certificate is for {}. Request one for that host too, or one of its own, as the parameter `{CERTIFICATE}`; or leave `{ALLOWED}` empty, which switches Connect off.",
            found.names.join(", ")
        );
        d.fail_at(at(g, name), "The certificate is not for Connect's host", detail);
    }
}

/// Where a parameter comes from.
fn at(g: &Gathered, parameter: &str) -> AttributePath {
    let given = g.wanted.at.get(parameter).cloned();
    given.unwrap_or_else(|| AttributePath::new("parameters").key(parameter.to_string()))
}
