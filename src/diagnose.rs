//! Why an operation failed, followed to its cause: into nested stacks, stopped tasks, the logs of functions, hooks and refused calls.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::aws::Aws;
use crate::cloudformation::status::Goal;
use crate::outcome::Veil;
use crate::quilt::known::{self, Class};

pub mod cure;
mod excerpt;
pub mod first;
mod function;
mod hook;
pub mod link;
pub mod past;
mod refused;
mod task;
pub mod words;

pub use excerpt::Excerpt;
pub use first::First;

/// How long it is looked for within an apply: a failure without its cause is better than no end.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What looking into a failure needs. Whatever may not be looked at is left out in silence.
pub struct Look<'a> {
    /// AWS in the stack's region.
    pub aws: &'a Aws,
    /// What is struck out of log lines.
    pub veil: &'a Veil,
    /// Ends the search.
    pub stop: &'a CancellationToken,
    /// When the search ends at the latest.
    pub end: Instant,
}

/// Why an operation failed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Diagnosis {
    /// The first cause, as CloudFormation tells it: "DB (AWS::RDS::DBInstance): reason", with the nested stacks on the way to it.
    pub first_cause: Option<String>,
    /// What lies behind it.
    pub findings: Vec<Finding>,
    /// Where the cause lies, where that is known.
    pub class: Option<Class>,
    /// What is known to cure it.
    pub fix: Option<&'static str>,
}

/// Something that was found behind a failure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub about: About,
    /// What it says, a sentence.
    pub what: String,
    /// More of it, each a sentence.
    pub details: Vec<String>,
    /// Lines of a log.
    pub log: Option<Excerpt>,
    /// The page of the AWS console.
    pub link: Option<String>,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A stopped task of ECS.
    Task,
    /// The function behind a custom resource.
    Function,
    /// A hook of the account.
    Hook,
    /// Calls that AWS refused.
    RefusedCalls,
}

impl Look<'_> {
    /// Why the latest operation of a stack missed its goal. `root` is the ARN of the stack.
    pub async fn diagnose(&self, root: &str, goal: Goal) -> Diagnosis {
        let first = self.within(first::find(self.aws, root, goal)).await.flatten();
        let Some(first) = first else { return Diagnosis::default() };
        let findings = self.behind(&first).await;
        let known = known::of(&told(&first, &findings));
        let refused = findings.iter().any(|finding| finding.about == About::RefusedCalls);
        let class = match known {
            Some(known) => Some(known.class),
            None if refused => Some(Class::Environment),
            None => first.class(),
        };
        let fix = match known {
            Some(known) => Some(known.fix),
            None if refused => Some(cure::REFUSED),
            None => cure::of(&first.text),
        };
        Diagnosis { first_cause: Some(first.text), findings, class, fix }
    }

    /// What lies behind the first cause. One search that takes too long does not keep the others from telling.
    async fn behind(&self, first: &First) -> Vec<Finding> {
        let (task, function, hook, refused) = tokio::join!(
            self.within(task::look(self, first)),
            self.within(function::look(self, first)),
            self.within(hook::look(self, first)),
            self.within(refused::look(self, first)),
        );
        [task, function, hook, refused].into_iter().flatten().flatten().collect()
    }

    async fn within<T>(&self, search: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            found = search => Some(found),
            _ = timeout_at(self.end, self.stop.cancelled()) => None,
        }
    }
}

/// All that was told, to recognise known failures in.
fn told(first: &First, findings: &[Finding]) -> String {
    let mut text = vec![first.text.as_str()];
    for finding in findings {
        text.push(&finding.what);
        text.extend(finding.details.iter().map(String::as_str));
        text.extend(finding.log.iter().flat_map(|log| log.lines.iter().map(String::as_str)));
    }
    text.join("\n")
}

#[cfg(test)]
mod tests;
