//! `watch`: what goes on in a stack, how far it is, and what everything waits for.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use tokio::time::timeout;

use super::options::Options;
use super::{INTERRUPTED, block_on, complain, unless_interrupted};
use crate::aws::Aws;
use crate::cloudformation::progress::{self, Progress, latest};
use crate::cloudformation::stack::{Event, Stack};
use crate::cloudformation::status::Status;
use crate::cloudformation::template::{Scope, Template};
use crate::cx::Cx;
use crate::outcome::AwsErrorKind;
use scene::Scene;
use screen::Screen;

mod lines;
mod scene;
mod screen;

/// What is asked.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The stack's name or ARN
    stack: String,
    /// Wait until something begins, if nothing goes on or the stack is not there yet; exit with 1 if it fails or is rolled back
    #[arg(long)]
    wait: bool,
    /// Print a line of JSON for each thing that happens
    #[arg(long)]
    json: bool,
    /// Seconds between two looks, each of which is two calls at most
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    every: u64,
    #[command(flatten)]
    options: Options,
}

/// Watches until the operation is over, or Ctrl-C: nothing but an end that was seen makes the exit code 0.
///
/// # Errors
/// The stack is not there, or its events may not be read.
pub fn run(asked: &Arguments) -> anyhow::Result<ExitCode> {
    block_on(async {
        let cx = asked.options.cx().await?;
        let mut screen = Screen::new(asked.json);
        let done = unless_interrupted(&cx, watch(&cx, asked, &mut screen)).await;
        if cx.stop.is_cancelled() {
            screen.leave()?;
        }
        done
    })?
}

async fn watch(cx: &Cx, asked: &Arguments, screen: &mut Screen) -> anyhow::Result<ExitCode> {
    let aws = cx.aws_of(&asked.stack, None).await?;
    let Some((stack, appeared)) = there(cx, &aws, asked).await? else {
        return Ok(ExitCode::from(INTERRUPTED));
    };
    let mut watch = Watch::begin(&aws, stack).await?;
    let ended = watch.follow(cx, asked, appeared, screen).await?;
    Ok(ExitCode::from(code(asked.wait, ended.as_ref())))
}

/// What is told by the exit code; `None`: a person had enough.
fn code(wait: bool, ended: Option<&Status>) -> u8 {
    match ended {
        None => INTERRUPTED,
        Some(status) if wait && !well(status) => 1,
        Some(_) => 0,
    }
}

/// The stack, and whether it came meanwhile: it is waited for, if that is asked for, because an apply makes a network and a database before it.
/// `None`: a person had enough.
async fn there(cx: &Cx, aws: &Aws, asked: &Arguments) -> anyhow::Result<Option<(Stack, bool)>> {
    let mut missing = false;
    loop {
        match aws.stacks.find(&asked.stack).await? {
            Some(stack) => return Ok(Some((stack, missing))),
            None if asked.wait => {}
            None => bail!(
                "There is no stack {} in {}. Give --region or an ARN.",
                asked.stack,
                aws.region
            ),
        }
        if !missing {
            complain(&format!(
                "There is no stack {} in {} yet. Waiting for it.",
                asked.stack, aws.region
            ));
        }
        missing = true;
        if timeout(Duration::from_secs(asked.every), cx.stop.cancelled()).await.is_ok() {
            return Ok(None);
        }
    }
}

/// The operation has reached what it was for.
fn well(status: &Status) -> bool {
    matches!(status, Status::DeleteComplete)
        || (status.usable() && *status != Status::UpdateRollbackComplete)
}

/// A stack that is watched.
struct Watch<'a> {
    aws: &'a Aws,
    id: String,
    name: String,
    /// All events so far, newest first.
    events: Vec<Event>,
    /// Resources that the template makes, where that is known.
    declared: Option<usize>,
    /// Stacks nested in it that something goes on in, by ARN, each with its newest events.
    nested: BTreeMap<String, Vec<Event>>,
    /// It was looked at again.
    looked: bool,
    /// The one of them that was looked at last.
    last: String,
}

impl<'a> Watch<'a> {
    async fn begin(aws: &'a Aws, stack: Stack) -> anyhow::Result<Self> {
        // No event of a stack has no status: this is all of them.
        let events = aws.stacks.events(&stack.id, &Status::default()).await?;
        let template = aws.stacks.template(&stack.id).await.ok();
        let declared = template.and_then(|text| declared(&text, &stack.parameters));
        let nested = BTreeMap::new();
        let (looked, last) = (false, String::new());
        Ok(Self { aws, id: stack.id, name: stack.name, events, declared, nested, looked, last })
    }

    /// Shows what happens until the operation is over; `None`: a person had enough.
    async fn follow(
        &mut self,
        cx: &Cx,
        asked: &Arguments,
        appeared: bool,
        screen: &mut Screen,
    ) -> anyhow::Result<Option<Status>> {
        let before = self.events.first().cloned();
        let mut waiting = asked.wait && !appeared && self.scene().progress.ended();
        if waiting {
            screen.wait(&self.scene())?;
        }
        loop {
            let scene = self.scene();
            let idle = scene.progress.ended();
            waiting &= self.events.first() == before.as_ref();
            if !waiting {
                screen.show(&scene)?;
                if idle {
                    screen.end(&scene)?;
                    return Ok(Some(scene.progress.status));
                }
            }
            let pause = Duration::from_secs(asked.every);
            if timeout(pause, cx.stop.cancelled()).await.is_ok() {
                return Ok(None);
            }
            self.look().await?;
        }
    }

    fn scene(&self) -> Scene<'_> {
        let of = latest(&self.events, &self.id);
        let creation = of.last().is_some_and(|e| e.status == Status::CreateInProgress);
        let nested = self
            .nested
            .iter()
            .map(|(id, events)| (id.clone(), Progress::of(latest(events, id), id)));
        Scene {
            name: &self.name,
            id: &self.id,
            events: of,
            progress: Progress::of(of, &self.id),
            declared: self.declared.filter(|_| creation),
            times: progress::times(&self.events[of.len()..]),
            nested: nested.collect(),
        }
    }

    /// One look: the newest events of the stack, and of one of the stacks nested in it.
    async fn look(&mut self) -> anyhow::Result<()> {
        match self.aws.stacks.recent(&self.id).await {
            Ok(newest) if newest.last().is_some_and(|e| self.events.contains(e)) => {
                let new: Vec<_> = newest.into_iter().filter(|e| !self.events.contains(e)).collect();
                self.events.splice(0..0, new);
            }
            Ok(_) => self.events = self.aws.stacks.events(&self.id, &Status::default()).await?,
            Err(e) if e.aws() == Some(AwsErrorKind::Later) => {}
            Err(e) => bail!("{e}"),
        }
        let going = Progress::of(latest(&self.events, &self.id), &self.id).going;
        let stacks: Vec<_> =
            going.into_iter().filter(|g| g.is_stack()).map(|g| g.physical_id).collect();
        self.nested.retain(|id, _| stacks.contains(id));
        // The beginning has cost three calls already: so many a minute are enough.
        if std::mem::replace(&mut self.looked, true)
            && let Some(id) = self.turn(&stacks)
            && let Ok(events) = self.aws.stacks.recent(&id).await
        {
            self.nested.insert(id.clone(), events);
            self.last = id;
        }
        Ok(())
    }

    /// The nested stack that was not looked at yet, or else the next one in turn.
    fn turn(&self, stacks: &[String]) -> Option<String> {
        let new = stacks.iter().find(|id| !self.nested.contains_key(*id));
        let after = stacks.iter().position(|id| *id == self.last).map_or(0, |at| at + 1);
        new.or_else(|| stacks.get(after)).or_else(|| stacks.first()).cloned()
    }
}

/// How many resources a template makes.
fn declared(text: &str, parameters: &BTreeMap<String, String>) -> Option<usize> {
    let template = Template::parse(text).ok().filter(|template| !template.transformed())?;
    let scope = Scope::new(&template, parameters);
    let made = |resource: &&crate::cloudformation::template::Node| match resource.get("Condition") {
        Some(condition) => condition.text().and_then(|c| scope.holds(&c)) != Some(false),
        None => true,
    };
    Some(template.section("Resources")?.values().filter(made).count())
}

#[cfg(test)]
mod tests;
