//! The template and its parameters, and the host of the catalog. Nothing is asked.

use super::{Scene, Verdict};
use crate::cloudformation::parameters::problems;
use crate::cloudformation::template::{MAX_OBJECT, Template};
use crate::quilt::hosts::Hosts;

/// The template can be read, is not too large, and gets the parameters that it declares.
pub fn parameters(scene: &Scene<'_>) -> Option<Verdict> {
    let text = scene.intent.template.as_deref()?;
    let fail = |title, found: String, fix: &str| Verdict::fail("template", title, found, fix);
    if text.len() > MAX_OBJECT {
        let found = format!("It has {} bytes; CloudFormation takes {MAX_OBJECT}.", text.len());
        return Some(fail("The template is too large", found, "Split it into nested stacks."));
    }
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(misread) => {
            let found = format!("It was not understood: {}.", misread.why.trim_end_matches('.'));
            return Some(fail(
                "The template is none",
                found,
                "Write YAML or JSON with `Resources`.",
            ));
        }
    };
    Some(judge(&template, scene))
}

fn judge(template: &Template, scene: &Scene<'_>) -> Verdict {
    let intent = scene.intent;
    let mut wanted = intent.parameters.clone();
    let own = [("QuiltWebHost", &intent.web_host), ("CertificateArnELB", &intent.certificate_arn)];
    for (name, value) in own.into_iter().filter(|(name, _)| template.declares(name)) {
        if let Some(value) = value {
            wanted.entry(name.into()).or_insert(Some(value.clone()));
        }
    }
    let wrong = problems(template, &wanted, &Default::default());
    if wrong.is_empty() {
        let declared = template.parameters.len();
        return Verdict::pass(format!(
            "The template declares {declared} parameters, and has all that it needs."
        ));
    }
    let found: Vec<_> = wrong.into_iter().map(|problem| problem.what).collect();
    let fix = "Give these in `parameters`; values of secrets may be anything here that fits.";
    Verdict::fail("parameters", "The parameters do not fit the template", found.join(" "), fix)
}

/// The host of the catalog is one, and those that follow from it as well.
pub fn host(scene: &Scene<'_>) -> Option<Verdict> {
    let host = scene.intent.web_host.as_ref()?;
    Some(match Hosts::checked(host) {
        Ok(hosts) => Verdict::pass(format!(
            "The hosts are {}, {} and {}.",
            hosts.web, hosts.registry, hosts.s3_proxy
        )),
        Err(why) => Verdict::fail("web_host", "Not a host name", why, ""),
    })
}
