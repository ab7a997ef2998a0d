//! Tasks, logs and refused calls in memory. What nobody has spoken of may not be looked at.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{Fake, error};
use crate::aws::cloudtrail::Refused;
use crate::aws::ecs::{Output, Running, Task};
use crate::aws::logs::{Line, Window};
use crate::aws::{Hook, Logs, Tasks, Trail};
use crate::cloudformation::stack::Event;
use crate::outcome::{AwsErrorKind, Result};

/// What runs, or ran, in a stack.
#[derive(Default)]
pub struct Runtime {
    services: BTreeMap<String, Option<Running>>,
    tasks: BTreeMap<String, Vec<Task>>,
    outputs: BTreeMap<String, BTreeMap<String, Output>>,
    lines: BTreeMap<(String, String), Vec<Line>>,
    refused: Option<Vec<Refused>>,
    hooks: BTreeMap<String, Hook>,
}

impl Fake {
    /// A service by its ARN or name, with its stopped tasks; `None`: it is gone.
    pub fn service(self, name: &str, service: Option<Running>, stopped: Vec<Task>) -> Self {
        self.world().runtime.services.insert(name.into(), service);
        self.world().runtime.tasks.insert(name.into(), stopped);
        self
    }

    /// Where a container of a task definition logs.
    pub fn logs_to(self, definition: &str, container: &str, group: &str, prefix: &str) -> Self {
        let output = Output { group: group.into(), prefix: prefix.into(), region: None };
        let mut world = self.world();
        let outputs = world.runtime.outputs.entry(definition.into()).or_default();
        outputs.insert(container.into(), output);
        drop(world);
        self
    }

    /// Lines of a stream, one a second from `from` on, in milliseconds since 1970.
    pub fn lines(self, group: &str, stream: &str, from: i64, lines: &[&str]) -> Self {
        let line = |(n, text): (usize, &&str)| Line {
            timestamp: from + 1000 * n as i64,
            message: (*text).to_string(),
        };
        let lines = lines.iter().enumerate().map(line).collect();
        self.world().runtime.lines.insert((group.into(), stream.into()), lines);
        self
    }

    /// An event that failures are explained by, whole.
    pub fn happened(self, event: Event) -> Self {
        self.world().events.insert(0, event);
        self
    }

    /// A stack that somebody else made from a template.
    pub fn made_from(self, name: &str, template: &str) -> Self {
        let fake = self.existing(name, "CREATE_COMPLETE");
        if let Some(held) = fake.world().find(name) {
            held.template = template.into();
        }
        fake
    }

    /// What a hook says of an invocation.
    pub fn hooked(self, invocation: &str, hook: Hook) -> Self {
        self.world().runtime.hooks.insert(invocation.into(), hook);
        self
    }

    pub(super) fn hook_result(&self, invocation: &str) -> Result<Hook> {
        let world = self.call("hook", invocation.into())?;
        let found = world.runtime.hooks.get(invocation).cloned();
        found.ok_or_else(|| error(AwsErrorKind::Denied))
    }

    /// A call that AWS refused.
    pub fn refuses(self, refused: Refused) -> Self {
        self.world().runtime.refused.get_or_insert_default().push(refused);
        self
    }
}

#[async_trait]
impl Tasks for Fake {
    async fn service(&self, _cluster: &str, service: &str) -> Result<Option<Running>> {
        let world = self.call("service", service.into())?;
        let found = world.runtime.services.get(service).cloned();
        found.ok_or_else(|| error(AwsErrorKind::Denied))
    }

    async fn stopped(&self, _cluster: &str, service: &str) -> Result<Vec<Task>> {
        let world = self.call("stopped", service.into())?;
        let found = world.runtime.tasks.get(service).cloned();
        found.ok_or_else(|| error(AwsErrorKind::Denied))
    }

    async fn outputs(&self, definition: &str) -> Result<BTreeMap<String, Output>> {
        let world = self.call("outputs", definition.into())?;
        let found = world.runtime.outputs.get(definition).cloned();
        found.ok_or_else(|| error(AwsErrorKind::Denied))
    }
}

#[async_trait]
impl Logs for Fake {
    async fn tail(&self, group: &str, stream: &str, most: usize) -> Result<Vec<Line>> {
        let world = self.call("tail", format!("{group} {stream}"))?;
        let lines = world.runtime.lines.get(&(group.into(), stream.into()));
        let lines = lines.ok_or_else(|| error(AwsErrorKind::Denied))?;
        Ok(lines[lines.len().saturating_sub(most)..].to_vec())
    }

    async fn search(&self, group: &str, window: Window, words: &str) -> Result<Vec<Line>> {
        let world = self.call("search", format!("{group} {words}").trim().into())?;
        let of_group = world.runtime.lines.iter().filter(|((g, _), _)| g == group);
        let lines = of_group.flat_map(|(_, lines)| lines.clone());
        let found = lines.filter(|line| (window.from..=window.to).contains(&line.timestamp));
        match world.runtime.lines.keys().any(|(g, _)| g == group) {
            true => Ok(found.collect()),
            false => Err(error(AwsErrorKind::Denied)),
        }
    }

    async fn streams(&self, group: &str, most: usize) -> Result<Vec<String>> {
        let world = self.call("streams", group.into())?;
        let of_group = world.runtime.lines.keys().filter(|(g, _)| g == group);
        Ok(of_group.map(|(_, stream)| stream.clone()).take(most).collect())
    }
}

#[async_trait]
impl Trail for Fake {
    async fn refused(&self, _window: Window) -> Result<Vec<Refused>> {
        let world = self.call("refused", String::new())?;
        world.runtime.refused.clone().ok_or_else(|| error(AwsErrorKind::Denied))
    }

    async fn trails(&self) -> Result<usize> {
        Ok(self.call("trails", String::new())?.room.trails)
    }
}
