//! Action `quilt_detect_drift`: looks for what is otherwise than the template says.

use async_trait::async_trait;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cloudformation::drift::{Detection, Drift};
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::{AttributePath, Diagnostics, Report};
use crate::wait::{Pace, Seen, until, write};

attributes! {
    /// Has CloudFormation compare the resources of a stack with its template, and says which were changed or deleted by something else. Only
    /// properties that the template sets are compared, resources of nested stacks are not looked at, and some types cannot be. It changes nothing.
    ///
    /// What is found is a warning, or an error with `fail_on_drift`. Quilt changes some policies of its own stack as buckets are added: those
    /// are found too, and are no mistake.
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
        let id = begin(&deploy, &stack, pace).await?;
        if let Some(why) = end(&deploy, &stack, &id, pace).await? {
            d.warn(format!("Not all of stack {} was looked at", stack.name), why);
        }
        let drifted = deploy.aws.drifts.drifted(&stack.id).await?;
        tell(&stack, &drifted, config.fail_on_drift.unwrap_or(false), d)?;
        Ok(match drifted.len() {
            0 => format!("Stack {} is as its template says", stack.name),
            1 => format!("Stack {} has drifted: 1 resource", stack.name),
            n => format!("Stack {} has drifted: {n} resources", stack.name),
        })
    }
}

/// Begins to look, as soon as nothing else goes on with the stack and nobody else looks.
async fn begin(deploy: &Deploy<'_>, stack: &Stack, pace: Pace) -> Result<String> {
    let doing = format!("a look for drift of stack {} was about to begin", stack.name);
    until(deploy.cx, pace, async || {
        match write(deploy.cx, &doing, deploy.aws.drifts.detect(&stack.id)).await {
            Ok(id) => Ok(Seen::Done(id)),
            Err(e) if e.aws() == Some(AwsErrorKind::State) => {
                Ok(Seen::Pending(format!("something else goes on with stack {}", stack.name)))
            }
            Err(e) => Err(e),
        }
    })
    .await
}

/// Waits for the end of a look; `Some`: why not everything was looked at.
async fn end(deploy: &Deploy<'_>, stack: &Stack, id: &str, pace: Pace) -> Result<Option<String>> {
    until(deploy.cx, pace, async || {
        Ok(match deploy.aws.drifts.detection(id).await? {
            Detection::Underway => {
                Seen::Pending(format!("stack {} is compared with its template", stack.name))
            }
            Detection::Complete => Seen::Done(None),
            Detection::Partial(why) => Seen::Done(Some(why)),
        })
    })
    .await
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
