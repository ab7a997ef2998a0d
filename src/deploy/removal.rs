//! The end of a stack: its deletion, and the second one that CloudFormation allows once the first has failed.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::ending::Begun;
use super::proposal::accepted;
use super::{Deploy, name_of};
use crate::cloudformation::stack::{Part, Removal, Stack, is_stack};
use crate::cloudformation::status::Status;
use crate::cloudformation::stuck::{is_full_bucket, left_behind};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::token;
use crate::wait::write;

/// Deepest nesting of stacks that is looked into.
const DEPTH: usize = 6;

/// What was tried already.
#[derive(Default)]
struct Tried {
    emptied: BTreeSet<String>,
    words: bool,
}

impl Deploy<'_> {
    /// Deletes a stack and waits until it is gone. A running operation that CloudFormation cannot break off is waited for first.
    ///
    /// # Errors
    /// The stack or a database in it is protected; the deletion failed, with every resource that could not be deleted.
    pub async fn delete(&self, id: &str, removal: &Removal, limit: Duration) -> Result<()> {
        let _turn = self.cx.turns.take(name_of(id)).await;
        let Some(stack) = self.find(id).await? else { return Ok(()) };
        self.terminable(&stack, removal).await?;
        let stack =
            if stack.status.deletable() { Some(stack) } else { self.settle(id, limit).await? };
        match stack {
            Some(stack) => self.remove(&stack, removal, limit).await,
            None => Ok(()),
        }
    }

    /// Deletes, and deletes again as long as something is left that `removal` allows to be done about what stands in the way.
    pub(super) async fn remove(
        &self,
        stack: &Stack,
        removal: &Removal,
        limit: Duration,
    ) -> Result<()> {
        let (until, mut tried) = (Instant::now() + limit, Tried::default());
        let mut before = stack.clone();
        if !stack.status.going() {
            self.deletable(stack, removal, limit).await?;
        }
        let mut attempt = match stack.status {
            _ if !stack.status.exists() => return Ok(()),
            Status::DeleteInProgress => None,
            Status::DeleteFailed => Some(
                self.remedy(&stack.id, removal, &mut tried, (until, limit))
                    .await?
                    .unwrap_or(removal.plain()),
            ),
            _ => Some(removal.first()),
        };
        loop {
            let end = match &attempt {
                Some(attempt) => self.delete_once(&before, attempt, until).await?,
                None => self.settle(&stack.id, left(until)).await?,
            };
            let Some(failed) = end.filter(|s| s.status.exists()) else { return Ok(()) };
            attempt = match self.remedy(&stack.id, removal, &mut tried, (until, limit)).await? {
                Some(next) if failed.status == Status::DeleteFailed => Some(next),
                _ => return Err(self.undeletable(&failed, removal).await),
            };
            before = failed;
        }
    }

    /// One deletion, sent and waited for; `None`: the stack is gone.
    async fn delete_once(
        &self,
        before: &Stack,
        how: &Removal,
        until: Instant,
    ) -> Result<Option<Stack>> {
        let token = token::deletion(&before.id);
        let deletion = self.aws.stacks.delete(&before.id, how, &token);
        accepted(write(self.cx, "the stack was about to be deleted", deletion).await, ())?;
        self.end_of(&Begun { id: &before.id, token: &token, before: Some(before) }, left(until))
            .await
    }

    /// What to try next after a deletion that failed; `None`: nothing that was not tried.
    async fn remedy(
        &self,
        id: &str,
        removal: &Removal,
        tried: &mut Tried,
        end: (Instant, Duration),
    ) -> Result<Option<Removal>> {
        if removal.empty_buckets {
            let full = self
                .parts(id)
                .await?
                .into_iter()
                .filter(is_full_bucket)
                .map(|part| part.physical_id);
            let full: Vec<_> = full.filter(|bucket| tried.emptied.insert(bucket.clone())).collect();
            for bucket in &full {
                self.empty(bucket, end, |_| {}).await?;
            }
            if !full.is_empty() {
                return Ok(Some(removal.plain()));
            }
        }
        if std::mem::replace(&mut tried.words, true)
            || (removal.retain.is_empty() && !removal.force)
        {
            return Ok(None);
        }
        let retain = left_behind(&removal.retain, &self.aws.stacks.parts(id).await?);
        Ok(Some(Removal { retain, express: false, ..removal.clone() })
            .filter(|r| r.force || !r.retain.is_empty()))
    }

    /// The resources of a stack, those of nested stacks too.
    pub async fn parts(&self, id: &str) -> Result<Vec<Part>> {
        Ok(self.parts_with_owner(id).await?.into_iter().map(|(_, part)| part).collect())
    }

    /// The same, each after the ARN of the stack that it belongs to.
    pub async fn parts_with_owner(&self, id: &str) -> Result<Vec<(String, Part)>> {
        let (mut all, mut waiting) = (vec![], vec![id.to_string()]);
        for _ in 0..DEPTH {
            for stack in std::mem::take(&mut waiting) {
                let parts = match self.aws.stacks.parts(&stack).await {
                    Err(e) if e.aws() == Some(AwsErrorKind::Gone) => continue,
                    parts => parts?,
                };
                let nested =
                    parts.iter().filter(|p| is_stack(&p.kind, &p.physical_id) && p.status.exists());
                waiting.extend(nested.map(|part| part.physical_id.clone()));
                all.extend(parts.into_iter().map(|part| (stack.clone(), part)));
            }
        }
        Ok(all)
    }

    /// Deletes every object of a bucket, in every version, and tells how many after each call.
    pub async fn empty(
        &self,
        bucket: &str,
        (until, limit): (Instant, Duration),
        mut told: impl FnMut(usize),
    ) -> Result<()> {
        let account = self.aws.identity.account().await?;
        let doing = || format!("the bucket {bucket} is being emptied");
        loop {
            if self.cx.stop.is_cancelled() {
                return Err(Error::Interrupted { doing: doing() });
            }
            if left(until).is_zero() {
                return Err(Error::TooLong { doing: doing(), limit });
            }
            let cleared = timeout(left(until), self.aws.objects.clear(bucket, &account)).await;
            match cleared.map_err(|_| Error::TooLong { doing: doing(), limit })?? {
                0 => return Ok(()),
                cleared => told(cleared),
            }
        }
    }
}

/// How long is left until then.
fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
