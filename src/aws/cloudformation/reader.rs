//! Reading stacks politely: who reads at the same time shares one listing, and who reads alone asks for the one stack.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_cloudformation::Client;
use tokio::time::{Instant, timeout};

use super::read;
use crate::aws::error;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::stack::Stack;

/// How long a reader waits for others to come.
const GATHER: Duration = Duration::from_millis(2);
/// How long a listing is true for who comes later, unless this process changes something.
const FRESH: Duration = Duration::from_millis(1000);
/// From so many readers on a listing is shared.
const MANY: usize = 3;
/// How long listings are left alone that are denied, or cost more calls than they save.
const DEAR: Duration = Duration::from_secs(300);

/// Reads stacks of one region.
pub struct Reader {
    client: Client,
    /// Readers on their way.
    readers: AtomicUsize,
    /// Changes that this process made.
    changes: AtomicU64,
    gate: tokio::sync::Mutex<()>,
    listing: Mutex<Option<Listing>>,
    dear_until: Mutex<Option<Instant>>,
}

/// Every stack of the region, as of `begun`.
#[derive(Clone)]
struct Listing {
    begun: Instant,
    changes: u64,
    stacks: Arc<HashMap<String, Stack>>,
}

/// Counts a reader for as long as it lives.
struct OnItsWay<'a>(&'a AtomicUsize);

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A change under way.
pub struct Changing<'a>(&'a AtomicU64);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Reader {
    /// Reads through `client`.
    pub fn new(client: Client) -> Self {
        let (readers, changes) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self { client, readers, changes, gate: Default::default(), listing: Mutex::new(None), dear_until: Mutex::new(None) }
    }

    /// This process changes something: what is listed before the guard's end is not true any more.
    pub fn changing(&self) -> Changing<'_> {
        self.changes.fetch_add(1, Ordering::Relaxed);
        Changing(&self.changes)
    }

    /// The stack as it is; `None`: it does not exist. Absence from a listing proves nothing and is asked about.
    pub async fn find(&self, stack: &str) -> Result<Option<Stack>> {
        self.readers.fetch_add(1, Ordering::Relaxed);
        let on_its_way = OnItsWay(&self.readers);
        if let Some(found) = self.listed(stack) {
            return Ok(Some(found));
        }
        if !self.is_dear() {
            self.list_for_all(stack).await?;
        }
        drop(on_its_way);
        match self.listed(stack) {
            Some(found) => Ok(Some(found)),
            None => self.ask(stack).await,
        }
    }

    /// Lists when enough readers are on their way; one does so for all.
    async fn list_for_all(&self, stack: &str) -> Result<()> {
        let _turn = self.gate.lock().await;
        if self.listed(stack).is_some() {
            return Ok(());
        }
        let _ = timeout(GATHER, std::future::pending::<()>()).await;
        if self.readers.load(Ordering::Relaxed) >= MANY { self.list().await } else { Ok(()) }
    }

    /// The stack of a fresh listing.
    fn listed(&self, stack: &str) -> Option<Stack> {
        let listing = self.listing.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let fresh = listing.begun.elapsed() < FRESH && listing.changes == self.changes.load(Ordering::Relaxed);
        listing.stacks.get(stack).filter(|_| fresh).cloned()
    }

    fn is_dear(&self) -> bool {
        self.dear_until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| Instant::now() < until)
    }

    fn leave_alone(&self) {
        *self.dear_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + DEAR);
    }

    /// Lists all stacks. One that takes more pages than there are readers is given up: reading one by one is cheaper.
    async fn list(&self) -> Result<()> {
        let (begun, changes) = (Instant::now(), self.changes.load(Ordering::Relaxed));
        let (mut stacks, mut pages) = (HashMap::new(), 0);
        let mut paginator = self.client.describe_stacks().into_paginator().send();
        while let Some(page) = paginator.next().await {
            let page = match page.map_err(|e| error::of("list the stacks", e)) {
                Ok(page) => page,
                Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
                    self.leave_alone();
                    return Ok(());
                }
                Err(e) => return Err(e),
            };
            stacks.extend(page.stacks.unwrap_or_default().into_iter().map(read).map(|s| (s.id.clone(), s)));
            pages += 1;
            if page.next_token.is_some() && pages >= self.readers.load(Ordering::Relaxed).max(MANY) {
                self.leave_alone();
                return Ok(());
            }
        }
        let listing = Listing { begun, changes, stacks: Arc::new(stacks) };
        *self.listing.lock().unwrap_or_else(PoisonError::into_inner) = Some(listing);
        Ok(())
    }

    async fn ask(&self, stack: &str) -> Result<Option<Stack>> {
        let answer = self.client.describe_stacks().stack_name(stack).send().await;
        match answer.map_err(|e| error::of("describe the stack", e)) {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next().map(read)),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}
