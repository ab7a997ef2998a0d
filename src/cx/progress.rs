//! How far something has come that lasts, said while it lasts to whoever listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::outcome::elapsed;

/// The least time between two lines.
pub const EVERY: Duration = Duration::from_secs(10);

/// What is said while a call lasts; by default nobody listens.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Listener>>);

struct Listener {
    began: Instant,
    now: Mutex<Now>,
    say: Box<dyn Fn(String) + Send + Sync>,
}

#[derive(Default)]
struct Now {
    doing: String,
    count: String,
    said: Option<Instant>,
}

impl Progress {
    /// Lines go to `say` from now on.
    pub fn to(say: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Listener {
            began: Instant::now(),
            now: Mutex::default(),
            say: Box::new(say),
        })))
    }

    /// Somebody listens: what is only looked up to be said is worth its calls.
    pub fn heard(&self) -> bool {
        self.0.is_some()
    }

    /// What is going on, as "the stack is being rolled back". Said at once where nothing was said for a while.
    pub fn doing(&self, doing: &str) {
        let Some(listener) = &self.0 else { return };
        listener.now().doing = doing.into();
        listener.say_if_due();
    }

    /// How much of it is done, as "11 of 34 resources".
    pub fn count(&self, count: String) {
        if let Some(listener) = &self.0 {
            listener.now().count = count;
        }
    }

    /// Says again how it stands, where nothing was said for a while.
    pub fn tick(&self) {
        if let Some(listener) = &self.0 {
            listener.say_if_due();
        }
    }

    /// What came of it.
    pub fn done(&self, result: &str) {
        if let Some(listener) = &self.0 {
            (listener.say)(format!("{result} ({})", elapsed(listener.began.elapsed())));
        }
    }
}

impl Listener {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say_if_due(&self) {
        let mut now = self.now();
        if now.doing.is_empty() || now.said.is_some_and(|said| said.elapsed() < EVERY) {
            return;
        }
        now.said = Some(Instant::now());
        let parts = [now.doing.as_str(), now.count.as_str()];
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        (self.say)(format!("{} ({})", parts.join(": "), elapsed(self.began.elapsed())));
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn heard() -> (Progress, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(vec![]));
        let to = lines.clone();
        (Progress::to(move |line| to.lock().unwrap().push(line)), lines)
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_comes_at_once_and_then_every_ten_seconds_at_most() {
        let (progress, lines) = heard();
        progress.tick();
        for second in 0..31 {
            progress.doing("the stack is being updated");
            progress.count(format!("{second} of 40 resources"));
            advance(Duration::from_secs(1)).await;
            progress.tick();
        }
        progress.done("the stack is updated");
        assert_eq!(
            *lines.lock().unwrap(),
            [
                "the stack is being updated (0 s)",
                "the stack is being updated: 9 of 40 resources (10 s)",
                "the stack is being updated: 19 of 40 resources (20 s)",
                "the stack is being updated: 29 of 40 resources (30 s)",
                "the stack is updated (31 s)",
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_listener_nothing_happens() {
        let progress = Progress::default();
        progress.doing("nothing");
        progress.count("1 of 1".into());
        progress.tick();
        progress.done("nothing");
        assert!(!progress.heard());
    }
}
