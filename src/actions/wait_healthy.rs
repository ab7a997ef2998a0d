//! Action `quilt_wait_healthy`: waits until a stack and what runs in it are at work.

use async_trait::async_trait;

use super::timeout::{self, HOUR};
use crate::attributes;
use crate::aws::Aws;
use crate::cloudformation::stack::{Part, Stack};
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::action::Action;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::{Diagnostics, Report};
use crate::wait::{Pace, Seen, until};

attributes! {
    /// Waits until a stack is complete and what runs in it is at work: its ECS services have all their tasks, its databases are available, and its
    /// search domains are not being changed. After an update, before what comes next. It changes nothing.
    ///
    /// A database or a search domain that stands beside the stack is waited for by naming its own stack. What may not be looked at is told, and
    /// not waited for.
    pub struct WaitHealthyConfig {
        /// Name or ARN of the stack.
        stack_name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = Optional;
        /// How long it waits, as `90m`. Default `1h`.
        timeout: String = Optional;
    }
}

/// Action `quilt_wait_healthy`.
pub struct WaitHealthy;

#[async_trait]
impl Action for WaitHealthy {
    const NAME: &'static str = "quilt_wait_healthy";
    type Config = WaitHealthyConfig;

    fn subject(config: &WaitHealthyConfig) -> String {
        format!("The wait for {}", config.stack_name.as_deref_option().unwrap_or("a stack"))
    }

    fn validate(&self, config: &WaitHealthyConfig, d: &mut Diagnostics) {
        timeout::validate(&config.timeout, d);
    }

    async fn invoke(
        &self,
        cx: &Cx,
        config: WaitHealthyConfig,
        d: &mut Diagnostics,
    ) -> Result<String> {
        let name = config.stack_name.clone().unwrap_or_default();
        let region = config.region.as_deref_option();
        let (deploy, found) = Deploy::named(cx, "stack_name", &name, region).await?;
        let limit = timeout::of(&config.timeout, HOUR);
        let settled = deploy.counted(&found.id, deploy.settle(&found.id, limit)).await?;
        let stack =
            settled.filter(|stack| stack.status.usable()).ok_or_else(|| unusable(&found))?;
        let parts = deploy.parts(&stack.id).await?;
        let watched: Vec<_> = parts.iter().filter(|part| Thing::of(part).is_some()).collect();
        for (n, part) in watched.iter().enumerate() {
            cx.progress.count(format!("{} of {} are well", n, watched.len()));
            if let Some(why) = well(&deploy, part, Pace::within(limit)).await? {
                d.warn(format!("{} was not looked at", part.logical_id), why);
            }
        }
        cx.progress.count(String::new());
        Ok(format!(
            "Stack {} and what runs in it are well ({} looked at)",
            stack.name,
            watched.len()
        ))
    }
}

/// What can be looked at.
#[derive(Clone, Copy)]
enum Thing {
    Database,
    Domain,
    Service,
}

impl Thing {
    fn of(part: &Part) -> Option<Self> {
        match part.kind.as_str() {
            _ if part.physical_id.is_empty() || !part.status.exists() => None,
            "AWS::RDS::DBInstance" => Some(Self::Database),
            "AWS::Elasticsearch::Domain" => Some(Self::Domain),
            "AWS::ECS::Service" => Some(Self::Service),
            _ => None,
        }
    }
}

/// Waits for one; `Some`: it may not be looked at.
async fn well(deploy: &Deploy<'_>, part: &Part, pace: Pace) -> Result<Option<String>> {
    let looked = until(deploy.cx, pace, async || look(&deploy.aws, part).await).await;
    match looked {
        Err(e) if e.aws() == Some(AwsErrorKind::Denied) => Ok(Some(e.to_string())),
        looked => looked.map(|()| None),
    }
}

/// One look at one.
async fn look(aws: &Aws, part: &Part) -> Result<Seen<()>> {
    let id = part.physical_id.as_str();
    let name = &part.logical_id;
    Ok(match Thing::of(part) {
        Some(Thing::Database) => match aws.databases.instance(id).await? {
            Some(found) if found.status == "available" => Seen::Done(()),
            Some(found) if found.stuck() => {
                Seen::Failed(ill(part, &format!("is {}", found.status)))
            }
            Some(found) => Seen::Pending(format!("the database {name} is {}", found.status)),
            None => Seen::Failed(ill(part, "is gone")),
        },
        Some(Thing::Domain) => match aws.domains.domain(id).await? {
            Some(domain) if domain.idle() => Seen::Done(()),
            Some(_) => Seen::Pending(format!("the search domain {name} is being changed")),
            None => Seen::Failed(ill(part, "is gone")),
        },
        Some(Thing::Service) => match aws.tasks.service(cluster(id), id).await? {
            Some(found) if found.running_count >= found.desired_count => Seen::Done(()),
            Some(found) => Seen::Pending(format!(
                "the service {name} runs {} of {} tasks",
                found.running_count, found.desired_count
            )),
            None => Seen::Failed(ill(part, "is gone")),
        },
        None => Seen::Done(()),
    })
}

/// The cluster in the ARN of a service; a service without one is in the default cluster.
fn cluster(service: &str) -> &str {
    let mut parts = service.rsplit('/');
    parts.next();
    parts.next().filter(|part| !part.contains(':')).unwrap_or("default")
}

fn ill(part: &Part, how: &str) -> Error {
    Error::Failed {
        state: format!("{} ({}, {}) {how}.", part.logical_id, part.kind, part.physical_id),
        next: "See its page in the AWS console for why, and invoke the action again once it is mended.".into(),
    }
}

fn unusable(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "Stack {} is not complete, or is gone: no operation goes on, and what runs in it was not looked at.",
            stack.name
        ),
        next: "Bring it to its end first: plan again, and the plan says what can be done.".into(),
    }
}

#[cfg(test)]
mod tests;
