//! Ephemeral resource `quilt_admin_password`: the password of a deployment's first administrator, for one run and kept nowhere.

use async_trait::async_trait;

use crate::attributes;
use crate::aws::Kept;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::ephemeral::{Ephemeral, Lease};
use crate::outcome::{Error, Result};
use crate::quilt::admin::{EMAIL, OWNER, secret_name};
use crate::tf::{AttributePath, Value};

attributes! {
    /// The password that was made for a deployment's first administrator and is kept in Secrets Manager: read anew in each run, and kept
    /// neither in the state nor in a plan. It is the password of the beginning; one that the administrator has chosen since is known to Quilt alone.
    ///
    /// It goes where Terraform lets such values go: into write-only arguments, provider blocks and other ephemeral resources.
    pub struct AdminPasswordOpening {
        /// The stack: its ARN, as `id` of a `quilt_stack`, or its name. With the ARN of one that is made in the same apply, the plan goes on
        /// without the password; a name is looked for in the plan already.
        stack_name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// E-mail address of the administrator; null where the stack has no such parameter.
        email: String = Computed;
        /// ARN of the secret that keeps the password.
        secret_arn: String = Computed;
        /// The password.
        password: String = Computed.sensitive();
    }
}

/// Ephemeral resource `quilt_admin_password`.
pub struct AdminPasswordEphemeral;

#[async_trait]
impl Ephemeral for AdminPasswordEphemeral {
    const NAME: &'static str = "quilt_admin_password";
    type State = AdminPasswordOpening;

    fn subject(config: &AdminPasswordOpening) -> String {
        let stack = config.stack_name.as_deref_option().unwrap_or_default();
        format!("The administrator's password of {stack}")
    }

    async fn open(
        &self,
        cx: &Cx,
        config: AdminPasswordOpening,
    ) -> Result<(AdminPasswordOpening, Lease)> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, stack) = Deploy::named(cx, "stack_name", &name, region).await?;
        let held = held(&deploy, &stack).await?;
        let Some(password) = deploy.aws.secrets.value(&held.arn).await? else {
            return Err(none(&stack, &deploy.aws.region));
        };
        cx.veil.learn(password.reveal());
        let opening = AdminPasswordOpening {
            email: stack.parameters.get(EMAIL).cloned().into(),
            secret_arn: held.arn.into(),
            password: Value::Value(password.reveal().into()),
            ..config
        };
        Ok((opening, Lease::default()))
    }
}

/// The secret that was made for a stack.
async fn held(deploy: &Deploy<'_>, stack: &Stack) -> Result<Kept> {
    match deploy.aws.secrets.describe(&secret_name(&stack.name)).await? {
        Some(held) if held.going => Err(going(&held)),
        Some(held) if held.tags.contains_key(OWNER) => Ok(held),
        // Somebody else's secret of that name holds whatever it holds.
        _ => Err(none(stack, &deploy.aws.region)),
    }
}

fn none(stack: &Stack, region: &str) -> Error {
    let what = format!(
        "No password was made for the administrator of {}: there is no secret {} in {region} that a quilt_stack has made.",
        stack.name,
        secret_name(&stack.name)
    );
    let fix = "Where the configuration gave `AdminPassword`, take it from there; for another administrator, give another `admin_email`.";
    Error::config(AttributePath::new("stack_name"), what, fix)
}

fn going(held: &Kept) -> Error {
    Error::Failed {
        state: format!("The secret {} is being deleted, and can be had back until then.", held.arn),
        next: format!("Restore it: `aws secretsmanager restore-secret --secret-id {}`.", held.arn),
    }
}

#[cfg(test)]
mod tests;
