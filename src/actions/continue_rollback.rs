//! Action `quilt_continue_rollback`: goes on with a rollback that failed.

use std::time::Duration;

use async_trait::async_trait;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::cloudformation::stack::Skip;
use crate::cloudformation::status::Status;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::Result;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

/// A Quilt stack may take as long to go back as it took to go forth.
const LIMIT: Duration = HOUR.saturating_mul(3);

attributes! {
    /// Lets CloudFormation go on with the rollback of a stack that is `UPDATE_ROLLBACK_FAILED`, and waits for its end. Remove first what the
    /// rollback has failed at: the plan of the stack and its events name that.
    ///
    /// A stack that is not stuck is left alone, and one whose rollback is under way is waited for: it can be invoked again at any time.
    pub struct ContinueRollbackConfig {
        /// Name or ARN of the stack.
        stack_name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// Logical ids of resources that count as rolled back, whatever they are; those of a nested stack as
        /// `<name of the nested stack>.<logical id>`. For what can never be rolled back: stack and reality differ there afterwards.
        resources_to_skip: Set<String> = Optional;
        /// Whether every resource that could not be rolled back counts as rolled back, whatever it is, in nested stacks too. Instead of
        /// `resources_to_skip`. Default: false.
        force_rollback: bool = Optional;
        /// ARN of the role that CloudFormation uses; by default the one that the stack has.
        iam_role_arn: String = Optional;
        /// How long it waits, as `90m`. Default `3h`. The rollback goes on in AWS after that.
        timeout: String = Optional;
    }
}

/// Action `quilt_continue_rollback`.
pub struct ContinueRollback;

#[async_trait]
impl Action for ContinueRollback {
    const NAME: &'static str = "quilt_continue_rollback";
    type Config = ContinueRollbackConfig;

    fn subject(config: &ContinueRollbackConfig) -> String {
        format!("The rollback of {}", config.stack_name.as_deref_option().unwrap_or("a stack"))
    }

    fn validate(&self, config: &ContinueRollbackConfig, d: &mut Diagnostics) {
        timeout::validate(&config.timeout, d);
        let named = config.resources_to_skip.as_ref_option().is_some_and(|set| !set.0.is_empty());
        if named && config.force_rollback == Value::Value(true) {
            let detail = "`force_rollback` skips everything that could not be rolled back. Remove one of the two.";
            d.fail_at(
                AttributePath::new("resources_to_skip"),
                "Two answers to one question",
                detail,
            );
        }
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: ContinueRollbackConfig,
        _d: &mut Diagnostics,
    ) -> Result<String> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, before) = Deploy::named(cx, "stack_name", &name, region).await?;
        let skip = skip(&config);
        let role = config.iam_role_arn.as_deref_option();
        let limit = timeout::of(&config.timeout, LIMIT);
        let work = deploy.continue_rollback(&before.id, &skip, role, limit);
        deploy.counted(&before.id, work).await?;
        let after = deploy.find(&before.id).await?.unwrap_or(before.clone());
        Ok(match before.status == Status::UpdateRollbackFailed || !before.status.settled() {
            true => format!("Stack {} is rolled back ({})", after.name, after.status),
            false => {
                format!("Stack {} is not stuck ({}): nothing was done", after.name, after.status)
            }
        })
    }
}

/// What counts as rolled back.
fn skip(config: &ContinueRollbackConfig) -> Skip {
    if config.force_rollback == Value::Value(true) {
        return Skip::Forced;
    }
    let named = config.resources_to_skip.as_ref_option().into_iter().flat_map(|set| &set.0);
    Skip::Named(named.cloned().collect())
}

#[cfg(test)]
mod tests;
