//! Action `quilt_detect_drift`: looks for what is otherwise than the template says.

use async_trait::async_trait;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cloudformation::drift::Drift;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report};
use crate::wait::Pace;

attributes! {
    /// Has CloudFormation compare the resources of a stack with its template, and says which were changed or deleted by something else. Only
    /// properties that the template sets are compared, resources of nested stacks are not looked at, and some types cannot be. It changes nothing.
    ///
    /// What is found is a warning, or an error with `fail_on_drift`. The policies that Quilt's templates leave open, into which the registry
    /// writes as buckets are added (`BucketReadPolicy`, `BucketWritePolicy`, `RegistryAssumeRolePolicy`), are left out: that they change is meant.
    pub struct DetectDriftConfig {
        /// Name or ARN of the stack.
        stack_name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// Whether drift is an error, which stops what was to come after the action. Otherwise it is a warning.
        fail_on_drift: bool = Optional;
        /// How long it waits, as `90m`. Default `1h`.
        timeout: String = Optional;
    }
}

/// Action `quilt_detect_drift`.
pub struct DetectDrift;

#[async_trait]
impl Action for DetectDrift {
    const NAME: &'static str = "quilt_detect_drift";
    type Config = DetectDriftConfig;

    fn subject(config: &DetectDriftConfig) -> String {
        let stack = config.stack_name.as_deref_option().unwrap_or("a stack");
        format!("The drift detection of {stack}")
    }

    fn validate(&self, config: &DetectDriftConfig, d: &mut Diagnostics) {
        timeout::validate(&config.timeout, d);
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: DetectDriftConfig,
        d: &mut Diagnostics,
    ) -> Result<String> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, stack) = Deploy::named(cx, "stack_name", &name, region).await?;
        let pace = Pace::within(timeout::of(&config.timeout, HOUR));
        let drifted = deploy.drift(&stack, pace).await?;
        if let Some(why) = drifted.overlooked {
            d.warn(format!("Not all of stack {} was looked at", stack.name), why);
        }
        tell(&stack, &drifted.found, config.fail_on_drift.unwrap_or(false), d)?;
        Ok(match drifted.found.len() {
            0 => format!("Stack {} is as its template says", stack.name),
            1 => format!("Stack {} has drifted: 1 resource", stack.name),
            n => format!("Stack {} has drifted: {n} resources", stack.name),
        })
    }
}

/// Says what was found.
fn tell(stack: &Stack, drifted: &[Drift], fails: bool, d: &mut Diagnostics) -> Result<()> {
    if drifted.is_empty() {
        return Ok(());
    }
    let found = drifted.iter().map(Drift::line).collect::<Vec<_>>().join("\n");
    let next = "An update of the stack changes only what its template changes: bring these back by hand, or take them into the template.";
    if fails {
        let at = AttributePath::new("fail_on_drift");
        let what = format!("Stack {} has drifted", stack.name);
        return Err(Error::config(at, what, format!("{found}\n\n{next}")));
    }
    d.warn(format!("Stack {} has drifted", stack.name), format!("{found}\n\n{next}"));
    Ok(())
}

#[cfg(test)]
mod tests;
