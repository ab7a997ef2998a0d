//! One CloudFormation stack: created or adopted, updated, deleted, waited for and explained. Every stack-backed resource goes through it.

use std::sync::Arc;
use std::time::Duration;

use crate::aws::Aws;
use crate::cloudformation::stack::{Order, Removal, Stack};
use crate::cloudformation::status::{Goal, Takeover};
use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::token;
use crate::wait::{Pace, Seen, twice, until, write};
use adoption::{Adoption, Origin};

pub mod adoption;
mod count;
mod creation;
mod drift;
pub mod explain;
mod ending;
mod evidence;
mod failure;
mod going;
mod removal;
mod rollback;
mod nested;
mod proposal;
pub mod protection;
mod update;
pub mod usage;

use ending::Begun;
use evidence::Evidence;
use going::Told;

pub use crate::cloudformation::arn::region_of;
pub use crate::cloudformation::stack::name_of;
pub use drift::Drifted;
pub use update::{Previewed, Updated, barred, refusal};

/// How far a creation has come, told while it comes.
pub enum Step<'a> {
    /// CloudFormation has accepted it; the stack's ARN.
    Begun(&'a str),
    /// What an earlier try has left is taken over; the stack's ARN.
    Adopted(&'a str),
    /// The stack is complete: whatever fails from here on is no reason to make it anew.
    Complete,
}

/// How long CloudFormation may take to show an operation that it names in a refusal.
const SHOWN: Duration = Duration::from_secs(15);

/// The way to one region's stacks, for one call.
pub struct Deploy<'a> {
    /// What the call may use.
    pub cx: &'a Cx,
    /// AWS in the stack's region.
    pub aws: Arc<Aws>,
    evidence: Evidence,
    told: Told,
}

impl<'a> Deploy<'a> {
    /// The way to the stacks of a region.
    pub fn over(cx: &'a Cx, aws: Arc<Aws>) -> Self {
        Self { cx, aws, evidence: Evidence::default(), told: Told::default() }
    }

    /// The way to the stacks of a region, the provider's own when `None`.
    pub async fn to(cx: &'a Cx, region: Option<&str>) -> Result<Self> {
        Ok(Self::over(cx, cx.aws(region).await?))
    }

    /// The way to a stack by its ARN, in the ARN's own region; by a name in the region said, the provider's own when `None`.
    ///
    /// # Errors
    /// The ARN is another account's: nothing that is seen from here says anything about it.
    pub async fn of(cx: &'a Cx, stack: &str, region: Option<&str>) -> Result<Self> {
        Ok(Self::over(cx, cx.aws_of(stack, region).await?))
    }

    /// The stack that an argument names, in the region of its ARN or in the one said, and the way to it.
    ///
    /// # Errors
    /// There is none: told at `at`.
    pub async fn named(
        cx: &'a Cx,
        at: &'static str,
        name: &str,
        region: Option<&str>,
    ) -> Result<(Self, Stack)> {
        let deploy = Self::of(cx, name, region).await?;
        match deploy.find(name).await? {
            Some(stack) => Ok((deploy, stack)),
            None => Err(explain::no_such(at, name, &deploy.aws.region)),
        }
    }

    /// The stack that is called by one of these, the first that there is.
    pub async fn find_named(&self, called: [&str; 2]) -> Result<Option<Stack>> {
        let found = twice(self.cx, async || {
            match self.aws.stacks.find(called[0]).await?.filter(|s| s.status.exists()) {
                None => self.aws.stacks.find(called[1]).await,
                found => Ok(found),
            }
        });
        Ok(found.await?.filter(|s| s.status.exists()))
    }

    /// Makes a stack and waits for it. One that an interrupted creation of ours left is taken over where `adoption` allows it: its operation is
    /// waited for, then `adopt` says what of it to change, as an update does. Each step is told as soon as it is taken.
    ///
    /// # Errors
    /// A stack of that name which may not be taken over; a creation that failed, with its first cause.
    pub async fn create<F: Future<Output = Result<Option<Order>>>>(
        &self,
        order: &Order,
        limit: Duration,
        (adoption, mut adopt): (&Adoption, impl FnMut(Stack) -> F),
        mut told: impl FnMut(Step<'_>) + Send,
    ) -> Result<Stack> {
        let _turn = self.cx.turns.take(&order.name).await;
        let prefix = self.prefix(&order.name).await?;
        for tries in 0..3 {
            let token = token::ending(&prefix);
            // What the plan has decided to take over must be there.
            let left = match adoption {
                Adoption::Of(seen) if tries == 0 => {
                    Some(self.expected(&order.name, seen.as_deref()).await?)
                }
                _ => None,
            };
            let met = match left {
                Some(stack) => Some((stack, None)),
                None => match self.begun(order, &token).await? {
                    Some(id) => return self.finish(&id, limit, &mut told).await,
                    None => {
                        self.find(&order.name).await?.map(|stack| (stack, Some(token.as_str())))
                    }
                },
            };
            let Some((stack, token)) = met else { continue };
            if self.judge(&stack, token, adoption).await? == Origin::ThisCall {
                return self.finish(&stack.id, limit, &mut told).await;
            }
            told(Step::Adopted(&stack.id));
            let Some(stack) = self.settle(&stack.id, limit).await? else { continue };
            match stack.status.takeover() {
                Takeover::Anew => {
                    self.remove(
                        &stack,
                        &Removal { role: order.role.clone(), ..Removal::default() },
                        limit,
                    )
                    .await?
                }
                Takeover::Adopted => {
                    told(Step::Complete);
                    return match adopt(stack.clone()).await? {
                        Some(order) => {
                            self.bring(&stack, &order, limit).await.map(|updated| updated.stack)
                        }
                        None => Ok(stack),
                    };
                }
                Takeover::Refused => {
                    told(Step::Complete);
                    return Err(explain::not_adopted(&stack));
                }
            }
        }
        Err(Error::Failed {
            state: format!(
                "A stack named {} comes and goes: something else makes and deletes it.",
                order.name
            ),
            next: "Find out what does, then apply again.".into(),
        })
    }

    /// Begins a creation; `None`: a stack of that name exists.
    async fn begun(&self, order: &Order, token: &str) -> Result<Option<String>> {
        match write(self.cx, "the stack was about to be created", self.begin(order, token)).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Exists) => Ok(None),
            begun => begun.map(Some),
        }
    }

    /// Waits for the end of a creation of ours.
    async fn finish(
        &self,
        id: &str,
        limit: Duration,
        told: &mut (impl FnMut(Step<'_>) + Send),
    ) -> Result<Stack> {
        told(Step::Begun(id));
        // Nothing that is shown of its ARN is older than the creation: no token is needed.
        let stack =
            self.reach(Goal::Created, &Begun { id, token: "", before: None }, limit).await?;
        told(Step::Complete);
        Ok(stack)
    }

    /// The stack that the plan has decided to take over.
    async fn expected(&self, name: &str, seen: Option<&str>) -> Result<Stack> {
        self.find(seen.unwrap_or(name)).await?.ok_or_else(|| explain::left_is_gone(name))
    }

    /// Changes a stack and waits for it. A running operation is waited for first; then `order` says what to send, `None` for nothing. It is
    /// asked again when somebody else's operation came first.
    ///
    /// # Errors
    /// The stack is gone or cannot be updated; the update would replace or delete what holds data; it failed, with its first cause.
    pub async fn update<F: Future<Output = Result<Option<Order>>>>(
        &self,
        id: &str,
        limit: Duration,
        order: impl FnMut(Stack) -> F,
    ) -> Result<Stack> {
        self.change(id, limit, order).await.map(|updated| updated.stack)
    }

    /// The same, told with what it did to the resources.
    ///
    /// # Errors
    /// As `update`.
    pub async fn change<F: Future<Output = Result<Option<Order>>>>(
        &self,
        id: &str,
        limit: Duration,
        order: impl FnMut(Stack) -> F,
    ) -> Result<Updated> {
        self.change_told(id, limit, order, |_| {}).await
    }

    /// The same; `unshown` is told the resources by logical id that the update would end although the plan does not allow for it: that is refused.
    ///
    /// # Errors
    /// As `update`.
    pub async fn change_told<F: Future<Output = Result<Option<Order>>>>(
        &self,
        id: &str,
        limit: Duration,
        mut order: impl FnMut(Stack) -> F,
        mut unshown: impl FnMut(Vec<String>) + Send,
    ) -> Result<Updated> {
        let _turn = self.cx.turns.take(name_of(id)).await;
        let (mut id, mut lost) = (id.to_string(), 0);
        loop {
            let Some(stack) = self.settle(&id, limit).await? else {
                return Err(explain::gone(&id));
            };
            // From here on it is this very stack, and no other that has its name later.
            id = stack.id.clone();
            if !stack.status.updatable() {
                return Err(self.failure(Goal::Updated, &stack).await);
            }
            let Some(order) = order(stack.clone()).await? else {
                // Another run of ours may have carried it out, and not lived to clear up.
                self.clear(&stack).await;
                return Ok(Updated { stack, changes: None, policed: false });
            };
            match self.bring_told(&stack, &order, limit, &mut unshown).await {
                Err(e) if self.overtaken(&stack, &e, &mut lost).await? => {}
                done => return done,
            }
        }
    }

    /// Somebody else's operation began between our look and our update. It is waited for like any other, and what to send is asked anew.
    /// A change set that somebody cleared away is made anew as well, a few times.
    async fn overtaken(&self, before: &Stack, e: &Error, lost: &mut u32) -> Result<bool> {
        match e.aws() {
            Some(AwsErrorKind::Gone) if *lost < 3 => {
                *lost += 1;
                return Ok(true);
            }
            Some(AwsErrorKind::State | AwsErrorKind::Gone) => {}
            _ => return Ok(false),
        }
        // CloudFormation may know of it before it shows it.
        let pace = Pace::within(SHOWN);
        let shown = until(self.cx, pace, async || {
            let now = self.aws.stacks.find(&before.id).await?;
            let other =
                now.is_none_or(|now| !now.status.settled() || now.changed_at != before.changed_at);
            Ok(if other {
                Seen::Done(())
            } else {
                Seen::Pending("the stack looks as before".into())
            })
        });
        match shown.await {
            Err(Error::TooLong { .. }) => Ok(false),
            shown => shown.map(|()| true),
        }
    }
}

#[cfg(test)]
mod tests;
