//! A region in memory whose stacks are made one after the other. For tests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{Instant, timeout};

use super::{Describe, locked};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};

/// A region with so many stacks; each ends at its own time.
#[derive(Clone, Default)]
pub struct Region(Arc<Inside>);

#[derive(Default)]
struct Inside {
    stacks: usize,
    /// Stacks of one page.
    page: usize,
    /// How long an answer takes.
    latency: Duration,
    denied: AtomicBool,
    begun: Mutex<Option<Instant>>,
    calls: Mutex<Vec<Instant>>,
}

impl Region {
    /// So many stacks, so many a page.
    pub fn of(stacks: usize, page: usize) -> Self {
        let region =
            Inside { stacks, page, latency: Duration::from_millis(150), ..Inside::default() };
        *locked(&region.begun) = Some(Instant::now());
        Self(Arc::new(region))
    }

    /// When a stack is made: one after the other, in the course of ten minutes, from the fifth on.
    pub fn end(&self, i: usize) -> Instant {
        locked(&self.0.begun).unwrap()
            + Duration::from_secs(300)
            + Duration::from_secs(600) * i as u32 / self.0.stacks as u32
    }

    fn stack(&self, i: usize) -> Stack {
        let status =
            if Instant::now() < self.end(i) { "CREATE_IN_PROGRESS" } else { "CREATE_COMPLETE" };
        Stack {
            id: format!("arn:{i}"),
            name: format!("s{i}"),
            status: Status::from(status),
            ..Stack::default()
        }
    }

    async fn answered(&self) {
        locked(&self.0.calls).push(Instant::now());
        let _ = timeout(self.0.latency, std::future::pending::<()>()).await;
    }

    /// When calls were made.
    pub fn calls(&self) -> Vec<Instant> {
        locked(&self.0.calls).clone()
    }

    /// Listing is not allowed.
    pub fn deny(&self) {
        self.0.denied.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Describe for Region {
    async fn page(&self, next: Option<String>) -> Result<(Vec<Stack>, Option<String>)> {
        self.answered().await;
        if self.0.denied.load(Ordering::Relaxed) {
            return Err(Error::Aws(AwsError {
                kind: AwsErrorKind::Denied,
                doing: "list",
                code: String::new(),
                message: String::new(),
            }));
        }
        let from = next.map_or(0, |next| next.parse().unwrap());
        let to = (from + self.0.page).min(self.0.stacks);
        Ok((
            (from..to).map(|i| self.stack(i)).collect(),
            (to < self.0.stacks).then(|| to.to_string()),
        ))
    }

    async fn one(&self, stack: &str) -> Result<Option<Stack>> {
        self.answered().await;
        let i = stack
            .trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .ok()
            .filter(|i| *i < self.0.stacks);
        Ok(i.map(|i| self.stack(i)))
    }
}
