//! The table at a plan: what fails is told at its attribute, and what could not be looked at once, as one warning.

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
    let unknown: Vec<_> = found
        .iter()
        .filter(|f| f.verdict.status == Status::Unknown && cx.plans.untold(f.check.name))
        .map(|f| format!("- {}: {} {}", f.check.name, f.verdict.found, f.verdict.fix))
        .collect();
    if !unknown.is_empty() {
        let detail = format!(
            "What they would have told is not known before the apply:\n\n{}\n\nThe plan goes on without them.",
            unknown.join("\n")
        );
        d.warn("Some checks could not be made", detail);
    }
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
