//! The domain as it runs: waited for before a change, and looked at after an upgrade.

use std::time::Duration;

use super::SearchState;
use crate::aws::Aws;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::wait::{Pace, Seen, until};

/// Waits until nothing is going on in the domain. One change does not begin before another has ended: AWS refuses it.
pub async fn idle(cx: &Cx, aws: &Aws, planned: &SearchState, limit: Duration) -> Result<()> {
    let name = planned.domain_name.as_deref_option().unwrap_or_default();
    until(cx, Pace::within(limit), async || {
        Ok(match aws.domains.domain(name).await? {
            Some(domain) if !domain.idle() => Seen::Pending(domain.doing()),
            Some(_) => Seen::Done(()),
            None => Seen::Failed(gone(name)),
        })
    })
    .await
}

/// Checks that a new version of the engine runs: CloudFormation may report success although the upgrade failed.
pub async fn upgraded(aws: &Aws, prior: &SearchState, planned: &SearchState) -> Result<()> {
    if prior.engine_version == planned.engine_version {
        return Ok(());
    }
    let (name, wanted) = (
        planned.domain_name.as_deref_option().unwrap_or_default(),
        planned.engine_version.as_deref_option().unwrap_or_default(),
    );
    match aws.domains.domain(name).await? {
        Some(domain) if domain.engine_version != wanted && domain.idle() => Err(Error::Failed {
            state: format!(
                "CloudFormation reports success, but the domain {name} still runs Elasticsearch {}, not {wanted}: the upgrade failed.",
                domain.engine_version
            ),
            next: "The domain's page in the AWS console (tab \"Upgrade\") says why. Clear that, upgrade there, and plan again.".into(),
        }),
        _ => Ok(()),
    }
}

fn gone(name: &str) -> Error {
    Error::Failed {
        state: format!(
            "The search domain {name} is gone: it was deleted outside of Terraform. Its stack is still there."
        ),
        next: "Replace it (`terraform apply -replace=<its address>`): Quilt builds its index anew."
            .into(),
    }
}
