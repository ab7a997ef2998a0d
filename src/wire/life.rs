//! How the process ends, and how calls under way are asked to stop.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(unix)]
use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// The word to stop for the calls under way; each word is said once, and later calls know nothing of it.
#[derive(Clone, Default)]
pub struct Stop(Arc<Mutex<CancellationToken>>);

impl Stop {
    /// The word for a call that begins now.
    pub fn token(&self) -> CancellationToken {
        self.current().clone()
    }

    /// Stops the calls under way.
    pub fn say(&self) {
        std::mem::take(&mut *self.current()).cancel();
    }

    /// Stops the calls under way and all to come: the process is about to end.
    pub fn say_for_good(&self) {
        self.current().cancel();
    }

    fn current(&self) -> MutexGuard<'_, CancellationToken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The life of a server.
#[derive(Clone, Default)]
pub struct Life {
    /// Stops calls.
    pub stop: Stop,
    /// Cancelled when the server is to leave.
    pub end: CancellationToken,
}

/// Who started this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartedBy {
    /// Terraform: it tells us when to stop, and without it there is nothing to do.
    Terraform,
    /// A person at a terminal, whose Ctrl-C ends it.
    Person,
}

#[cfg(unix)]
impl Life {
    /// Follows signals and the parent's life from now on. To be called before anybody is told that we serve.
    pub fn follow(&self, started_by: StartedBy) -> io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let parent = std::os::unix::process::parent_id();
        let life = self.clone();
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_secs(1));
            loop {
                tokio::select! {
                    _ = interrupt.recv() => life.interrupted(started_by),
                    _ = terminate.recv() => life.terminated(started_by),
                    _ = hangup.recv() => life.terminated(started_by),
                    _ = tick.tick() => life.check_parent(started_by, parent),
                }
            }
        });
        Ok(())
    }

    /// Ctrl-C reaches the whole process group. Terraform hears it too and says what it wants of us; dying here would lose its state.
    fn interrupted(&self, started_by: StartedBy) {
        match started_by {
            StartedBy::Terraform => tracing::debug!("interrupt left to Terraform"),
            StartedBy::Person => self.leave(),
        }
    }

    /// Calls under way get a few seconds to answer, then we go, unless Terraform lets us go before.
    fn terminated(&self, started_by: StartedBy) {
        tracing::warn!("told to terminate");
        self.stop.say_for_good();
        let grace =
            if started_by == StartedBy::Person { Duration::ZERO } else { Duration::from_secs(3) };
        let end = self.end.clone();
        tokio::spawn(async move {
            drop(tokio::time::timeout(grace, end.cancelled()).await);
            end.cancel();
        });
    }

    /// A Terraform that was killed cannot tell; its process is no longer our parent.
    fn check_parent(&self, started_by: StartedBy, parent: u32) {
        if started_by == StartedBy::Terraform && std::os::unix::process::parent_id() != parent {
            tracing::warn!("Terraform is gone");
            self.leave();
        }
    }
}

#[cfg(not(unix))]
impl Life {
    /// Follows Ctrl-C from now on. To be called before anybody is told that we serve.
    pub fn follow(&self, started_by: StartedBy) -> io::Result<()> {
        let life = self.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if started_by == StartedBy::Person {
                    life.leave();
                }
            }
        });
        Ok(())
    }
}

impl Life {
    /// Stops everything and ends.
    pub fn leave(&self) {
        self.stop.say_for_good();
        self.end.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_to_stop_reaches_the_calls_under_way_alone() {
        let stop = Stop::default();
        let before = stop.token();
        stop.say();
        assert!(before.is_cancelled());
        assert!(!stop.token().is_cancelled());
        stop.say_for_good();
        assert!(stop.token().is_cancelled());
    }
}
