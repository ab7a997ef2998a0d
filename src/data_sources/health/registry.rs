//! The registry: whether it answers to this machine.

use super::scene::Scene;
use crate::outcome::Result;
use crate::preflight::Verdict;
use crate::quilt::hosts::{Hosts, bare};
use crate::quilt::variant::Variant;
use crate::tf::Value;
use crate::web::Page;

/// Reads the page that tells of its health, where that is asked.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let Some(host) = host(scene).filter(|_| scene.config.registry == Value::Value(true)) else {
        return Ok(None);
    };
    let url = format!("https://{host}/api/health");
    let page = scene.deploy.cx.web.page(&url).await;
    let internal = Variant::of(|p| scene.stack.parameters.contains_key(p)).internal;
    Ok(Some(judge(&url, page, internal == Some(true))))
}

/// As the stack gives it out, or as it follows from the catalog's.
fn host(scene: &Scene<'_>) -> Option<String> {
    let told = scene.stack.outputs.get("RegistryHost").map(|host| bare(host));
    let follows =
        || scene.parameter("QuiltWebHost").and_then(Hosts::of).map(|hosts| hosts.registry);
    told.filter(|host| !host.is_empty()).or_else(follows)
}

fn judge(url: &str, page: std::result::Result<Page, String>, internal: bool) -> Verdict {
    let page = match page {
        Ok(page) => page,
        Err(why) => {
            let found = format!("{url} was not read: {why}.");
            return match internal {
                true => Verdict::not_known(
                    found,
                    "It is reached from inside its network alone: read it from there.",
                ),
                false => Verdict::fail(
                    "registry",
                    "The registry is not reached",
                    found,
                    "See that the DNS record of its host leads to the load balancer, and that the way from here is open.",
                ),
            };
        }
    };
    match page.status {
        200..=299 => Verdict::pass(format!("{url} answers with {}.", page.status)),
        status => {
            let fix = match status {
                502..=504 => {
                    "The load balancer has nobody to ask: see the checks `services` and `targets`. Where these are well, the registry's name is not resolved inside the network: its VPC must use AWS's own resolver."
                }
                301..=308 | 404 => {
                    "Something else answers at this host: see where its DNS record leads."
                }
                _ => "See the registry's lines in the log group that is named as the stack.",
            };
            let found = format!("{url} answers with {status}.");
            Verdict::fail("registry", "The registry is ill", found, fix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preflight::Status;

    #[test]
    fn an_answer_is_judged_by_its_status() {
        let of = |status| judge("u", Ok(Page { status, body: String::new() }), false);
        assert_eq!(of(200).status, Status::Pass);
        assert!(of(502).fix.contains("`targets`") && of(404).fix.contains("DNS"));
        assert!(of(500).fix.contains("log group"));
        let silent = |internal| judge("u", Err("no connection to u".into()), internal).status;
        assert_eq!([silent(true), silent(false)], [Status::Unknown, Status::Fail]);
    }
}
