//! An IAM role of one's own has to let the registry in: IAM is asked before the catalog is given it.

use std::time::Duration;

use super::RoleState;
use crate::aws::Aws;
use crate::cloudformation::arn::Arn;
use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::policy::trust::trusting;
use crate::quilt::policy::trusted::{Trusted, trusted};
use crate::tf::{AttributePath, Diagnostics, Report};
use crate::wait::{self, Pace, Seen};

/// How long an apply waits for what the same run has just changed in IAM, which is not seen everywhere at once.
const SETTLES: Duration = Duration::from_secs(60);

/// What IAM says of the role.
enum Said {
    /// It lets the registry in, or may do so.
    Trusts,
    /// It does not: why.
    Refuses(Error),
    /// That may not be asked: why, as a sentence.
    Unasked(String),
}

/// The role that is to be given, and the registry's, where both are known.
fn both(state: &RoleState) -> Option<(&str, &str)> {
    let catalog = state.catalog.as_ref_option()?;
    Some((state.arn.as_deref_option()?, catalog.registry_role_arn.as_deref_option()?))
}

/// Refuses a role at its plan that is not there or does not trust the registry; where that may not be asked, one warning a plan says so.
pub async fn plan(cx: &Cx, config: &RoleState, d: &mut Diagnostics) -> Result<()> {
    let Some((role, registry)) = both(config) else { return Ok(()) };
    match look(&*cx.aws(None).await?, role, registry).await? {
        Said::Trusts => Ok(()),
        Said::Refuses(e) => Err(e),
        Said::Unasked(why) => {
            if cx.plans.untold("trust") {
                let detail = format!(
                    "{why} The plan goes on. A role that does not trust {registry} gives its people nothing: the function `registry_trust_policy` writes the \
                     trust policy that it needs."
                );
                d.warn_at(
                    AttributePath::new("arn"),
                    "Whether the role trusts the registry is not known",
                    detail,
                );
            }
            Ok(())
        }
    }
}

/// Refuses the same in an apply, once it is certain.
pub async fn settled(cx: &Cx, planned: &RoleState) -> Result<()> {
    let Some((role, registry)) = both(planned) else { return Ok(()) };
    let aws = &*cx.aws(None).await?;
    let once = || async move {
        Ok(match look(aws, role, registry).await? {
            Said::Refuses(_) => {
                Seen::Pending(format!("IAM does not show yet that {role} trusts the registry"))
            }
            _ => Seen::Done(()),
        })
    };
    match wait::until(cx, Pace::within(SETTLES), once).await {
        Err(Error::TooLong { .. }) => match look(aws, role, registry).await {
            Ok(Said::Refuses(e)) => Err(e),
            // What does not answer is no refusal.
            _ => Ok(()),
        },
        done => done,
    }
}

async fn look(aws: &Aws, role: &str, registry: &str) -> Result<Said> {
    let Some(arn) = Arn::of(role) else { return Ok(Said::Trusts) };
    let Some(path) = arn.named("iam", "role/") else { return Ok(Said::Trusts) };
    let account = aws.identity.account().await?;
    if !account.is_empty() && account != arn.account {
        return Ok(Said::Unasked(format!(
            "{role} is in another account than the provider's credentials ({account}), so IAM was not asked."
        )));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match aws.policies.role(name).await {
        Ok(None) => Ok(Said::Refuses(missing(name, arn.account))),
        Ok(Some(found)) if found.arn != role => Ok(Said::Refuses(elsewhere(role, &found.arn))),
        Ok(Some(found)) => Ok(match trusted(&found.trust, registry) {
            Trusted::No => Said::Refuses(untrusting(role, registry)),
            _ => Said::Trusts,
        }),
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(Said::Unasked(format!(
            "{e}. Allow `iam:GetRole` on it to the provider's credentials to have it checked."
        ))),
        Err(e) if e.aws() == Some(AwsErrorKind::Later) => Ok(Said::Unasked(format!("{e}."))),
        Err(e) => Err(e),
    }
}

fn missing(name: &str, account: &str) -> Error {
    Error::config(
        AttributePath::new("arn"),
        format!("There is no IAM role {name} in the account {account}."),
        "Correct the ARN, or take it from the role's own block (`aws_iam_role.<name>.arn`), so that Terraform makes the role first.",
    )
}

fn elsewhere(role: &str, there: &str) -> Error {
    Error::config(
        AttributePath::new("arn"),
        format!("There is no IAM role {role}: the one of this name is {there}."),
        format!("Write `{there}`: the path belongs to the ARN."),
    )
}

fn untrusting(role: &str, registry: &str) -> Error {
    let policy = trusting(registry, None).unwrap_or_default();
    let statement =
        serde_json::from_str::<serde_json::Value>(&policy).unwrap_or_default()["Statement"][0]
            .to_string();
    Error::config(
        AttributePath::new("arn"),
        format!(
            "The trust policy of {role} does not let the registry take it on, so its people would see nothing."
        ),
        format!(
            "Add this statement to it, as `provider::quilt::registry_trust_policy(quilt_stack.<name>.registry_role_arn, <the policy so far>)` does in \
             `assume_role_policy` of an `aws_iam_role`:\n\n{statement}\n\nWhere this very run adds it, apply that role first (`terraform apply -target=…`)."
        ),
    )
}
