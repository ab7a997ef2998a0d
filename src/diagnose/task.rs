//! Why the tasks of a service stopped.

use super::excerpt::MOST;
use super::{About, Excerpt, Finding, First, Look, link, words};
use crate::aws::ecs::{Container, Task};
use crate::cloudformation::arn::Arn;
use crate::cloudformation::prose;
use crate::cloudformation::stack::Event;

/// The type of ECS's services.
pub(super) const SERVICE: &str = "AWS::ECS::Service";

/// The newest stopped task of the service that failed, with the end of its log.
pub(super) async fn look(look: &Look<'_>, first: &First) -> Option<Finding> {
    let event = first.event.as_ref().filter(|event| event.kind == SERVICE)?;
    let arn = arn(look, first, event).await?;
    let (cluster, name) = named(&arn)?;
    let service = look.aws.tasks.service(cluster, name).await;
    let stopped = look.aws.tasks.stopped(cluster, name).await;
    let newest = stopped.as_ref().ok().and_then(|tasks| tasks.first());
    if let Some(task) = newest {
        let others = stopped.as_ref().map_or(0, |tasks| tasks.len() - 1);
        return Some(of_task(look, first, cluster, (task, others)).await);
    }
    let found = |what: String, details| Finding {
        about: About::Task,
        what,
        details,
        log: None,
        link: None,
    };
    match service.ok()? {
        None => Some(found(
            format!("The service {name} is gone: the rollback has deleted it, and ECS no longer tells why its tasks stopped."),
            vec!["To see it, keep what fails: `on_failure = \"DO_NOTHING\"` for a creation, `disable_rollback = true` for an update. Take it out again afterwards.".into()],
        )),
        Some(service) => {
            let said = service.events.first().map(|event| words::sentence(&event.message))?;
            let counts = format!("{} of {} tasks run.", service.running_count, service.desired_count);
            Some(found(format!("The service {name} says: {said}"), vec![counts]))
        }
    }
}

/// The ARN of the service: where the failure does not carry it, another event or the stack's list of resources does.
async fn arn(look: &Look<'_>, first: &First, event: &Event) -> Option<String> {
    let own = |e: &&Event| e.logical_id == event.logical_id && !e.physical_id.is_empty();
    if let Some(event) = first.events.iter().find(own) {
        return Some(event.physical_id.clone());
    }
    let part = look.aws.stacks.part(&first.stack, &event.logical_id).await.ok()??;
    Some(part.physical_id)
}

/// Cluster and service in the ARN of a service.
fn named(arn: &str) -> Option<(&str, &str)> {
    Arn::of(arn)?.named("ecs", "service/")?.split_once('/')
}

async fn of_task(
    look: &Look<'_>,
    first: &First,
    cluster: &str,
    (task, others): (&Task, usize),
) -> Finding {
    let at = words::time(task.ended());
    let reason = task.stopped_reason.as_deref().or(task.stop_code.as_deref());
    let reason = words::sentence(reason.unwrap_or("ECS gives no reason"));
    let before = match others {
        0 => String::new(),
        1 => " Another one had stopped before it.".into(),
        n => format!(" {n} others had stopped before it."),
    };
    let log = of_log(look, task).await;
    let link = match &log {
        Some(log) => link::log(&first.root, &log.group, log.stream.as_deref()),
        None => link::task(&first.root, cluster, task.id()),
    };
    Finding {
        about: About::Task,
        what: format!("The newest task of the service stopped{at}: {reason}{before}"),
        details: task.containers.iter().filter_map(of_container).collect(),
        log,
        link,
    }
}

/// How a container ended; nothing of one that ended well, or never began.
fn of_container(container: &Container) -> Option<String> {
    let name = &container.name;
    match (container.exit_code, container.reason.as_deref()) {
        (None | Some(0), None) => None,
        (Some(code), None) => Some(format!("Container {name} ended with exit code {code}.")),
        (Some(code), Some(reason)) => Some(format!(
            "Container {name} ended with exit code {code}: {}",
            words::sentence(reason)
        )),
        (None, Some(reason)) => Some(format!("Container {name}: {}", words::sentence(reason))),
    }
}

/// The end of the log of the container that failed, or of the first that wrote one.
async fn of_log(look: &Look<'_>, task: &Task) -> Option<Excerpt> {
    let outputs = look.aws.tasks.outputs(&task.task_definition_arn).await.ok()?;
    let mut containers: Vec<_> = task.containers.iter().collect();
    containers.sort_by_key(|c| c.exit_code.is_none_or(|code| code == 0));
    for container in containers {
        let Some(output) = outputs.get(&container.name) else { continue };
        if output.region.as_ref().is_some_and(|region| *region != look.aws.region) {
            continue;
        }
        let stream = format!("{}/{}/{}", output.prefix, container.name, task.id());
        let lines = look.aws.logs.tail(&output.group, &stream, MOST).await;
        let lines = lines.unwrap_or_default();
        let found = Excerpt::of(look.veil, &output.group, Some(&stream), &lines);
        if found.is_some() {
            return found;
        }
    }
    None
}

/// A refused call may stand behind it.
pub(super) fn may_be_refused(first: &First) -> bool {
    let kind = first.event.as_ref().map_or("", |event| event.kind.as_str());
    kind == SERVICE || prose::cause(&first.text) == Some(prose::Cause::Denied)
}
