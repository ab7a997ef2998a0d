//! The services of ECS: how many of their tasks run, and why the newest stopped.

use futures_util::future::join_all;

use super::rows::ServiceRow;
use super::scene::Scene;
use super::seen::{Service, once};
use crate::cloudformation::arn::Arn;
use crate::cloudformation::stack::Part;
use crate::diagnose::words::sentence;
use crate::outcome::{AwsErrorKind, Result};
use crate::preflight::Verdict;
use crate::quilt::known;
use crate::tf::known as value;

/// Looks at every service.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let services = once(&scene.services, gather(scene)).await?;
    Ok((!services.is_empty()).then(|| judge(services)))
}

async fn gather(scene: &Scene<'_>) -> Result<Vec<Service>> {
    let parts = scene.parts(&["AWS::ECS::Service"]).await?;
    let all = join_all(parts.into_iter().map(|part| one(scene, part))).await;
    all.into_iter().collect()
}

async fn one(scene: &Scene<'_>, part: &Part) -> Result<Service> {
    let tasks = &scene.deploy.aws.tasks;
    let (cluster, id) = named(&part.physical_id);
    let found = tasks.service(cluster, id).await?;
    let (desired, running) =
        found.as_ref().map_or((0, 0), |found| (found.desired_count, found.running_count));
    let name = part.logical_id.clone();
    let service =
        Service { name, desired, running, stopped: None, hidden: false, gone: found.is_none() };
    if service.is_well() || service.gone {
        return Ok(service);
    }
    Ok(match tasks.stopped(cluster, id).await {
        Ok(stopped) => Service {
            stopped: stopped.first().and_then(|task| task.stopped_reason.clone()),
            ..service
        },
        Err(e) => Service { hidden: e.aws() == Some(AwsErrorKind::Denied), ..service },
    })
}

/// Cluster and name of a service; an old ARN names no cluster.
fn named(id: &str) -> (&str, &str) {
    let path = Arn::of(id).and_then(|arn| arn.named("ecs", "service/")).unwrap_or(id);
    path.rsplit_once('/').unwrap_or(("default", path))
}

impl Service {
    fn is_well(&self) -> bool {
        !self.gone && self.running >= self.desired
    }

    /// As state.
    pub fn row(&self) -> ServiceRow {
        ServiceRow {
            name: value(self.name.as_str()),
            desired: self.desired.into(),
            running: self.running.into(),
            stopped_reason: self.stopped.clone().into(),
        }
    }

    fn ill(&self) -> String {
        let Self { name, running, desired, .. } = self;
        if self.gone {
            return format!("ECS has no service {name} any more.");
        }
        let counts = format!("{name} runs {running} of {desired} tasks");
        match &self.stopped {
            Some(why) => format!("{counts}; the newest stopped one: {}", sentence(why)),
            None if self.hidden => {
                format!(
                    "{counts}; why they stop may not be asked (ecs:ListTasks, ecs:DescribeTasks)."
                )
            }
            None => format!("{counts}."),
        }
    }
}

fn judge(services: &[Service]) -> Verdict {
    let ill: Vec<_> = services.iter().filter(|service| !service.is_well()).collect();
    let Some(worst) = ill.first() else {
        let counts: Vec<_> = services.iter().map(|s| format!("{} {}", s.name, s.running)).collect();
        return Verdict::pass(format!("All tasks run: {}.", counts.join(", ")));
    };
    let found = ill.iter().map(|service| service.ill()).collect::<Vec<_>>().join(" ");
    let known = ill.iter().filter_map(|service| known::of(service.stopped.as_deref()?)).next();
    let fix = match known {
        Some(known) => known.fix.to_string(),
        None if worst.gone => {
            "Somebody has deleted it: have the stack make it anew, with Quilt's support.".into()
        }
        None => "See the log group that is named as the stack, and the stopped tasks on the service's page in the ECS console.".into(),
    };
    Verdict::fail("name", "A service lacks tasks", found, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_named_by_its_arn() {
        for (id, parts) in [
            ("arn:aws:ecs:eu-west-1:1:service/prod/registry", ("prod", "registry")),
            ("arn:aws:ecs:eu-west-1:1:service/registry", ("default", "registry")),
            ("registry", ("default", "registry")),
        ] {
            assert_eq!(named(id), parts);
        }
    }
}
