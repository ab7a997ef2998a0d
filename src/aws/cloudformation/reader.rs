//! Reading stacks politely: so many calls a second and no more, however many wait; who reads at the same time, or one after the other, shares one listing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_cloudformation::Client;
use tokio::time::{Instant, timeout};

use super::read;
use crate::aws::{Page, error};
use crate::cloudformation::stack::{Stack, name_of};
use crate::outcome::{AwsErrorKind, Result};
use pace::Pace;

mod pace;
#[cfg(test)]
pub mod region;

/// How long a reader waits for others to come.
const GATHER: Duration = Duration::from_millis(2);
/// How long a listing is true for who comes later, unless this process changes the stack.
const FRESH: Duration = Duration::from_millis(1000);
/// From so many readers on a listing is shared. Who asked for a stack by itself just now counts as well.
const MANY: usize = 3;
/// How long a listing that was denied is not tried again.
const DENIED: Duration = Duration::from_secs(300);

/// DescribeStacks, of all stacks and of one.
#[async_trait]
pub trait Describe: Send + Sync {
    /// A page of all stacks, and where the next begins.
    async fn page(&self, next: Option<String>) -> Result<(Vec<Stack>, Option<String>)>;
    /// One stack; `None`: it does not exist.
    async fn one(&self, stack: &str) -> Result<Option<Stack>>;
}

/// Reads stacks of one region.
pub struct Reader<D = Client> {
    source: D,
    /// Readers on their way.
    readers: AtomicUsize,
    /// When calls may be made; one reader after the other decides on the next.
    gate: tokio::sync::Mutex<Pace>,
    listing: Mutex<Option<Listing>>,
    /// When this process changed which stack last.
    changes: Mutex<HashMap<String, Instant>>,
    /// Pages that a listing takes, as far as is known.
    pages: AtomicUsize,
    denied_until: Mutex<Option<Instant>>,
    /// Stacks that were asked for by themselves of late, and when.
    alone: Mutex<HashMap<String, Instant>>,
}

/// Stacks of the region by ARN and by name, as they were at some time from `begun` to `done`.
#[derive(Clone)]
struct Listing {
    begun: Instant,
    done: Instant,
    stacks: Arc<HashMap<String, Stack>>,
    /// All of them. One that was given up tells what is there, and nothing of what is not.
    whole: bool,
}

impl Listing {
    /// The stack, or that there is none; `None`: it does not tell.
    fn tells_of(&self, stack: &str) -> Option<Option<Stack>> {
        let found = self.stacks.get(stack).cloned();
        (found.is_some() || self.whole).then_some(found)
    }
}

/// Counts a reader for as long as it lives.
struct OnItsWay<'a>(&'a AtomicUsize);

impl Drop for OnItsWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A change under way.
pub struct Changing<'a> {
    changes: &'a Mutex<HashMap<String, Instant>>,
    stack: String,
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        locked(self.changes).insert(std::mem::take(&mut self.stack), Instant::now());
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<D: Describe> Reader<D> {
    /// Reads through `source`.
    pub fn new(source: D) -> Self {
        Self {
            source,
            readers: AtomicUsize::new(0),
            gate: Default::default(),
            listing: Mutex::new(None),
            changes: Default::default(),
            pages: AtomicUsize::new(1),
            denied_until: Mutex::new(None),
            alone: Default::default(),
        }
    }

    /// This process changes a stack: what was listed before the guard's end is not true of it any more.
    pub fn changing(&self, stack: &str) -> Changing<'_> {
        locked(&self.changes).insert(stack.into(), Instant::now());
        Changing { changes: &self.changes, stack: stack.into() }
    }

    /// The stack as it is; `None`: it does not exist. Absence from a listing proves nothing and is asked about.
    pub async fn find(&self, stack: &str) -> Result<Option<Stack>> {
        match self.listed_for(stack, |listing| listing.stacks.get(stack).cloned()).await? {
            Some(found) => Ok(Some(found)),
            None => self.source.one(stack).await,
        }
    }

    /// The same for who only wants to foresee: a stack that a listing of this moment does not hold is taken for absent.
    pub async fn glance(&self, stack: &str) -> Result<Option<Stack>> {
        match self.listed_for(stack, |listing| listing.tells_of(stack)).await? {
            Some(known) => Ok(known),
            None => self.source.one(stack).await,
        }
    }

    /// All stacks of the region, as they are at some time after the question. Who asks at the same time shares the answer.
    pub async fn all(&self) -> Result<Vec<Stack>> {
        let asked = Instant::now();
        let mut pace = self.gate.lock().await;
        let listed =
            locked(&self.listing).clone().filter(|listing| listing.whole && listing.begun >= asked);
        if let Some(listing) = listed {
            return Ok(listing
                .stacks
                .iter()
                .filter(|(key, stack)| **key == stack.id)
                .map(|(_, stack)| stack.clone())
                .collect());
        }
        let (begun, mut all, mut next) = (Instant::now(), vec![], None);
        loop {
            pace.next().await;
            let (page, rest) = self.source.page(next).await?;
            all.extend(page);
            match rest {
                Some(rest) => next = Some(rest),
                None => break,
            }
        }
        let stacks = all
            .iter()
            .flat_map(|s| [(s.name.clone(), s.clone()), (s.id.clone(), s.clone())])
            .collect();
        *locked(&self.listing) =
            Some(Listing { begun, done: Instant::now(), stacks: Arc::new(stacks), whole: true });
        Ok(all)
    }

    /// A page of all stacks.
    pub async fn page(&self, next: Option<&str>) -> Result<Page<Stack>> {
        self.gate.lock().await.next().await;
        let (items, next) = self.source.page(next.map(str::to_string)).await?;
        Ok(Page { items, next })
    }

    /// What a listing tells. `None`: it does not tell, and the one stack may be asked for now.
    async fn listed_for<T>(
        &self,
        stack: &str,
        tells: impl Fn(&Listing) -> Option<T>,
    ) -> Result<Option<T>> {
        self.readers.fetch_add(1, Ordering::Relaxed);
        let _on_its_way = OnItsWay(&self.readers);
        if let Some(told) = self.fresh(stack).as_ref().and_then(&tells) {
            return Ok(Some(told));
        }
        let mut pace = self.gate.lock().await;
        if let Some(told) = self.fresh(stack).as_ref().and_then(&tells) {
            return Ok(Some(told));
        }
        let _ = timeout(GATHER, std::future::pending::<()>()).await;
        pace.next().await;
        let company = self.company(stack);
        if !self.pays(company) {
            self.asks_alone(stack);
            return Ok(None);
        }
        self.list(&mut pace, company).await?;
        if let Some(told) = self.fresh(stack).as_ref().and_then(&tells) {
            return Ok(Some(told));
        }
        pace.next().await;
        self.asks_alone(stack);
        Ok(None)
    }

    /// A listing that is still true of this stack.
    fn fresh(&self, stack: &str) -> Option<Listing> {
        let listing = locked(&self.listing).clone().filter(|l| l.done.elapsed() < FRESH)?;
        let changes = locked(&self.changes);
        let untouched = |key: &str| changes.get(key).is_none_or(|changed| *changed < listing.begun);
        let other_key =
            listing.stacks.get(stack).is_none_or(|s| untouched(&s.id) && untouched(&s.name));
        (untouched(stack) && other_key).then_some(listing)
    }

    fn asks_alone(&self, stack: &str) {
        locked(&self.alone).insert(name_of(stack).into(), Instant::now());
    }

    /// Readers on their way, and other stacks that were asked for by themselves just now: a refresh that takes one stack after the other.
    fn company(&self, stack: &str) -> usize {
        let mut alone = locked(&self.alone);
        alone.retain(|_, asked| asked.elapsed() < FRESH);
        self.readers.load(Ordering::Relaxed)
            + alone.keys().filter(|other| *other != name_of(stack)).count()
    }

    /// There is as much company as a listing takes calls.
    fn pays(&self, company: usize) -> bool {
        let denied = locked(&self.denied_until).is_some_and(|until| Instant::now() < until);
        !denied && company >= MANY.max(self.pages.load(Ordering::Relaxed))
    }

    /// Lists all stacks. A listing that takes more pages than there is company is given up, and tried again when there is more.
    async fn list(&self, pace: &mut Pace, company: usize) -> Result<()> {
        let (begun, mut stacks, mut next, mut whole) = (Instant::now(), HashMap::new(), None, true);
        for pages in 1.. {
            if pages > 1 {
                pace.next().await;
            }
            let (page, rest) = match self.source.page(next).await {
                Err(e) if e.aws() == Some(AwsErrorKind::Denied) => {
                    *locked(&self.denied_until) = Some(Instant::now() + DENIED);
                    return Ok(());
                }
                page => page?,
            };
            stacks.extend(
                page.into_iter().flat_map(|s| [(s.name.clone(), s.clone()), (s.id.clone(), s)]),
            );
            if rest.is_none() {
                self.pages.store(pages, Ordering::Relaxed);
                break;
            }
            if pages >= self.readers.load(Ordering::Relaxed).max(company).max(MANY) {
                self.pages.store(2 * pages, Ordering::Relaxed);
                whole = false;
                break;
            }
            next = rest;
        }
        *locked(&self.listing) =
            Some(Listing { begun, done: Instant::now(), stacks: Arc::new(stacks), whole });
        Ok(())
    }
}

#[async_trait]
impl Describe for Client {
    async fn page(&self, next: Option<String>) -> Result<(Vec<Stack>, Option<String>)> {
        let answer = self
            .describe_stacks()
            .set_next_token(next)
            .send()
            .await
            .map_err(|e| error::of("list the stacks", e))?;
        Ok((
            answer.stacks.unwrap_or_default().into_iter().map(read).collect(),
            answer.next_token.filter(|t| !t.is_empty()),
        ))
    }

    async fn one(&self, stack: &str) -> Result<Option<Stack>> {
        let answer = self.describe_stacks().stack_name(stack).send().await;
        match answer.map_err(|e| error::of("describe the stack", e)) {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next().map(read)),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

#[cfg(test)]
mod tests;
