//! Where it is shown: a block that is drawn anew on a terminal, lines with the time elsewhere, or JSON.

use std::collections::BTreeSet;
use std::io::{Write, stdout};
use std::time::SystemTime;

use anyhow::Context;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::lines;
use super::scene::Scene;
use crate::cli::columns::{entry, of_output};
use crate::cloudformation::progress::words::{expected_of, lasting, of_event, waits};
use crate::cloudformation::stack::Event;

/// Between two summaries where nothing is drawn, in milliseconds.
const SUMMARY: i64 = 60_000;

/// Where it is shown.
pub struct Screen {
    json: bool,
    /// What was told: an event by its resource, status and time.
    told: BTreeSet<(String, String, i64)>,
    summary: i64,
    block: Option<(MultiProgress, Vec<ProgressBar>)>,
    out: Box<dyn Write + Send>,
}

impl Screen {
    pub fn new(json: bool) -> Self {
        let drawn = !json && of_output().is_some();
        let block =
            drawn.then(|| (MultiProgress::with_draw_target(ProgressDrawTarget::stdout()), vec![]));
        Self { block, ..Self::into(json, Box::new(stdout())) }
    }

    /// Lines, or JSON, that go elsewhere.
    pub fn into(json: bool, out: Box<dyn Write + Send>) -> Self {
        Self { json, told: BTreeSet::new(), summary: 0, block: None, out }
    }

    fn say(&mut self, text: &str) -> anyhow::Result<()> {
        let said = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        said.context("nothing can be printed")
    }

    /// A line, or as many as it takes on a terminal.
    fn say_line(&mut self, text: &str) -> anyhow::Result<()> {
        self.say(&format!("{}\n", self.laid(text)))
    }

    fn laid(&self, text: &str) -> String {
        match self.block {
            Some(_) => entry(text, width()).join("\n"),
            None => text.into(),
        }
    }

    /// Shows a moment: what is new since the last one, and how far it is.
    pub fn show(&mut self, scene: &Scene<'_>) -> anyhow::Result<()> {
        for event in scene.events.iter().rev() {
            let key = (event.logical_id.clone(), event.status.to_string(), event.at);
            if self.told.insert(key) {
                self.tell(event, scene)?;
            }
        }
        let now = now();
        match &mut self.block {
            Some((all, bars)) => {
                draw(all, bars, &lines::block(scene, now, width()), scene.progress.goes_back())
            }
            None if self.json => {}
            None if now - self.summary >= SUMMARY => {
                self.summary = now;
                let waits = waits(&scene.progress, &scene.times, now)
                    .map(|line| format!(" {line}"))
                    .unwrap_or_default();
                let (progress, span) = (&scene.progress, lasting(now - scene.progress.began));
                self.say(&format!(
                    "{}/{} {} {} {span}.{waits}\n",
                    progress.done,
                    scene.total(),
                    scene.name,
                    progress.status
                ))?;
            }
            None => {}
        }
        Ok(())
    }

    /// Nothing goes on yet.
    pub fn wait(&mut self, scene: &Scene<'_>) -> anyhow::Result<()> {
        if self.json {
            return Ok(());
        }
        let status = &scene.progress.status;
        self.say_line(&format!(
            "Stack {}: {status}. Nothing goes on; this waits until something begins.",
            scene.name
        ))
    }

    /// What happened: all of it as lines or JSON, failures alone above a block.
    fn tell(&mut self, event: &Event, scene: &Scene<'_>) -> anyhow::Result<()> {
        match &self.block {
            _ if self.json => self.say(&format!("{}\n", as_json(event, scene))),
            None => self.say(&format!("{}\n", of_event(event, &scene.progress))),
            Some((all, _)) if scene.progress.failed.contains(event) => {
                Ok(all.println(self.laid(&of_event(event, &scene.progress)))?)
            }
            Some(_) => Ok(()),
        }
    }

    /// The operation is over: what failed is said once more.
    pub fn end(&mut self, scene: &Scene<'_>) -> anyhow::Result<()> {
        if let Some((_, bars)) = &self.block {
            bars.iter().for_each(ProgressBar::abandon);
        }
        let progress = &scene.progress;
        if self.json {
            let failed: Vec<_> = progress.failed.iter().map(|e| as_json(e, scene)).collect();
            let end =
                json!({ "stack": scene.id, "ended": progress.status.as_str(), "failed": failed });
            return self.say(&format!("{end}\n"));
        }
        let span = scene.events.first().map_or(0, |newest| newest.at - progress.began);
        self.say("\n")?;
        self.say_line(&format!(
            "Stack {}: {} after {}.",
            scene.name,
            progress.status,
            lasting(span)
        ))?;
        for event in &progress.failed {
            self.say_line(&of_event(event, progress))?;
        }
        if !progress.failed.is_empty() {
            // A command is not broken: it is there to be copied.
            self.say(&format!("\nWhy: terraform-provider-quilt diagnose {}\n", scene.id))?;
        }
        Ok(())
    }

    /// Leaves the last block on the terminal as it is, and the line that a person's Ctrl-C stands on. Whatever was drawn now would go by where the cursor was
    /// before that.
    pub fn leave(&mut self) -> anyhow::Result<()> {
        match &self.block {
            Some((all, _)) => all.set_draw_target(ProgressDrawTarget::hidden()),
            None => return Ok(()),
        }
        self.say("\n")
    }
}

/// One line of the block for each text.
fn draw(all: &MultiProgress, bars: &mut Vec<ProgressBar>, texts: &[String], back: bool) {
    let template = if back { "{wide_msg:.yellow}" } else { "{wide_msg}" };
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    while bars.len() > texts.len() {
        if let Some(bar) = bars.pop() {
            bar.finish_and_clear();
            all.remove(&bar);
        }
    }
    while bars.len() < texts.len() {
        bars.push(all.add(ProgressBar::new(1)));
    }
    for (bar, text) in bars.iter().zip(texts) {
        bar.set_style(style.clone());
        bar.set_message(text.clone());
        bar.tick();
    }
}

fn as_json(event: &Event, scene: &Scene<'_>) -> serde_json::Value {
    json!({
        "stack": scene.id, "at": event.at, "resource": event.logical_id, "type": event.kind, "id": event.physical_id,
        "status": event.status.as_str(), "reason": event.reason, "done": scene.progress.done, "total": scene.total(),
        "expected": expected_of(event, &scene.times),
    })
}

/// Columns of a line.
fn width() -> usize {
    of_output().unwrap_or(80)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or_default()
}
