//! What goes on while an operation is waited for, told in the log: with `TF_LOG_PROVIDER=INFO` a line for each thing that happens, and one a minute.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::Level;

use super::Deploy;
use crate::cloudformation::progress::words::{lasting, of_event, waits};
use crate::cloudformation::progress::{Progress, Times, latest};
use crate::cloudformation::stack::{Event, Stack};

/// Between two looks at the events.
const LOOK: Duration = Duration::from_secs(15);
/// Between two summaries.
const SUMMARY: Duration = Duration::from_secs(60);

/// What was told so far.
#[derive(Default)]
pub(super) struct Told(Mutex<State>);

#[derive(Default)]
struct State {
    looked: Option<Instant>,
    summed_up: Option<Instant>,
    /// The newest event that was told: its time.
    newest: i64,
}

impl Told {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So long after the last time it is time again.
    fn due(&self, of: impl Fn(&mut State) -> &mut Option<Instant>, pause: Duration) -> bool {
        let (mut state, now) = (self.state(), Instant::now());
        let last = of(&mut state);
        let due = last.is_none_or(|last| now - last >= pause);
        if due {
            *last = Some(now);
        }
        due
    }
}

impl Deploy<'_> {
    /// Tells what is new, where somebody listens. Events that may not be read are not told.
    pub(super) async fn tell_going(&self, stack: &Stack) {
        let over = stack.status.settled();
        if !tracing::event_enabled!(Level::INFO)
            || !(self.told.due(|state| &mut state.looked, LOOK) || over)
        {
            return;
        }
        let Ok(events) = self.aws.stacks.recent(&stack.id).await else { return };
        let of = latest(&events, &stack.id);
        let progress = Progress::of(of, &stack.id);
        let before = std::mem::replace(&mut self.told.state().newest, newest(of));
        for event in of.iter().rev().filter(|event| event.at > before) {
            tracing::info!("{}: {}", stack.name, of_event(event, &progress));
        }
        if self.told.due(|state| &mut state.summed_up, SUMMARY) {
            tracing::info!("{}", summary(stack, &progress, newest(of)));
        }
    }
}

fn newest(events: &[Event]) -> i64 {
    events.iter().map(|event| event.at).max().unwrap_or_default()
}

fn summary(stack: &Stack, progress: &Progress, now: i64) -> String {
    let waits = waits(progress, &Times::new(), now).unwrap_or_default();
    let (done, seen, span) = (progress.done, progress.seen, lasting(now - progress.began));
    format!(
        "{}: {done} of {seen} resources begun so far are done, {} for {span}. {waits}",
        stack.name, progress.status
    )
}
