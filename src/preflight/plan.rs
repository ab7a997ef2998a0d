//! The table at a plan: what fails is told at its attribute, and what could not be looked at once, as one warning.

use std::collections::BTreeMap;

use super::{CHECKS, Finding, Intent, Scene, Status, Verdict, look};
use crate::aws::Aws;
use crate::cx::Cx;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Makes the checks that concern what a plan makes or changes. `at` leads from an input to the attribute that gives it.
pub async fn at_plan(
    cx: &Cx,
    aws: &Aws,
    intent: &Intent,
    at: impl Fn(&'static str) -> AttributePath + Send + Sync,
    d: &mut Diagnostics,
) {
    let scene = Scene::new(aws, cx.web.as_ref(), intent);
    let found = look(&scene, CHECKS.iter()).await;
    for Finding { verdict, .. } in found.iter().filter(|f| f.verdict.status == Status::Fail) {
        verdict.tell(at(verdict.input), d);
    }
    let unknown = found.iter().filter(|f| f.verdict.status == Status::Unknown);
    let unknown: Vec<_> = unknown.filter(|f| cx.plans.untold(f.check.name)).collect();
    if !unknown.is_empty() {
        let detail = format!(
            "What they would have told is not known before the apply:\n\n{}\n\nThe plan goes on without them.",
            reasons(&unknown).join("\n")
        );
        d.warn("Some checks could not be made", detail);
    }
}

/// Why checks could not be made: those of one reason in one line.
fn reasons(unknown: &[&Finding]) -> Vec<String> {
    let why = |f: &Finding| {
        let found = f.verdict.found.split_once(": ").map_or(&*f.verdict.found, |(_, why)| why);
        format!("{found} {}", f.verdict.fix)
    };
    let mut by: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    unknown.iter().for_each(|f| by.entry(why(f)).or_default().push(f));
    let line = |(why, all): (String, Vec<&Finding>)| match all.as_slice() {
        [f] => format!("- {}: {} {}", f.check.name, f.verdict.found, f.verdict.fix),
        all => {
            let names: Vec<_> = all.iter().map(|f| f.check.name).collect();
            format!("- {}: AWS did not answer: {why}", names.join(", "))
        }
    };
    by.into_iter().map(line).collect()
}

impl Verdict {
    /// Tells a failure at an attribute: what may be put right before it matters is a warning.
    pub fn tell(&self, at: AttributePath, d: &mut Diagnostics) {
        let detail = format!("{} {}", self.found, self.fix);
        match (self.status, self.passing) {
            (Status::Fail, true) => d.warn_at(at, self.title, detail.trim_end()),
            (Status::Fail, false) => d.fail_at(at, self.title, detail.trim_end()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_is_told_once() {
        let silent = |what: &str| {
            let found = format!("AWS did not describe the {what}: no connection to ec2.");
            Verdict::not_known(found, "Look again later.")
        };
        let finding = |n: usize, verdict| Finding { check: &CHECKS[n], verdict };
        let denied = Verdict::not_known("AWS did not list the trails: denied.", "Allow it.");
        let all = [finding(0, silent("VPC")), finding(1, silent("address")), finding(2, denied)];
        let said = reasons(&all.iter().collect::<Vec<_>>());
        let [one, two, three] = [0, 1, 2].map(|n| CHECKS[n].name);
        assert!(said.contains(&format!(
            "- {one}, {two}: AWS did not answer: no connection to ec2. Look again later."
        )));
        assert!(
            said.contains(&format!("- {three}: AWS did not list the trails: denied. Allow it."))
        );
    }
}
