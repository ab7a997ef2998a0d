//! What a creation meets: nothing, a stack that an apply of ours left and this one may take over, or one that is somebody else's.

use std::time::Duration;

use super::{Deploy, explain};
use crate::cloudformation::stack::{Creation, Stack};
use crate::cloudformation::status::{Status, Takeover};
use crate::cx::Cx;
use crate::cx::claims::holds;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::token;
use crate::tf::{AttributePath, Diagnostics, Report};

/// A stack that completed longer ago is nothing that an interrupted apply has left: somebody may rest on it.
pub const YOUNG: Duration = Duration::from_secs(3 * 24 * 3600);

/// The end of what is said of something that is taken over: Terraform itself stops an apply whose plan did not know of it.
pub const INCONSISTENT: &str = "If this is said by an apply and Terraform then calls `adopted` inconsistent: another apply made it after the plan. Plan again.";

/// What a creation may take over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Adoption {
    /// Nothing: its plan saw that nothing was there, or that it comes in another one's stead.
    Never,
    /// What its plan saw, which is this where that is still known.
    Of(Option<String>),
    /// Its plan could not ask.
    #[default]
    Open,
}

/// What is there by the name of something that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// Nothing, as far as can be seen.
    Nothing,
    /// This, which an earlier apply of ours began.
    Ours(String),
    /// AWS could not be asked.
    Unasked,
}

/// What the creation of a stack meets, for its plan. `subject` is as "Stack prod", `at` names it.
///
/// # Errors
/// A stack of that name which this configuration did not begin, or one that cannot be taken over.
pub async fn meets(
    cx: &Cx,
    (name, region): (&str, Option<&str>),
    at: &'static str,
    subject: &str,
    d: &mut Diagnostics,
) -> Result<Met> {
    let deploy = match Deploy::to(cx, region).await {
        Err(Error::NotYet) => return Ok(Met::Unasked),
        deploy => deploy?,
    };
    let found = deploy.foresee(name).await.map_err(|e| match e {
        Error::Failed { state, next } => {
            let (what, more) = state.split_once('\n').unwrap_or((&state, ""));
            Error::config(AttributePath::new(at), what, format!("{more}\n\n{next}").trim_start())
        }
        e => e,
    })?;
    let Some(stack) = found else {
        let detail = format!(
            "AWS did not answer, or these credentials may not look (`cloudformation:DescribeStacks`, `cloudformation:DescribeStackEvents`), so this plan does not \
             know whether a stack {name} is there already. The apply looks again before it makes one."
        );
        d.warn(format!("{subject}: AWS could not be asked"), detail);
        return Ok(Met::Unasked);
    };
    let Some(stack) = stack else { return Ok(Met::Nothing) };
    if !holds(&cx.run.heard(), &stack.id) {
        let next = match stack.status.takeover() {
            Takeover::Anew => {
                "It never completed: the apply deletes what is left of it and makes it anew."
            }
            _ => {
                "The apply adopts it: it waits for the operation under way, and goes on from there. What the configuration does not name stays as it is."
            }
        };
        let detail = format!(
            "An earlier apply of this configuration began it ({}). {next}\n\n{INCONSISTENT}",
            stack.status
        );
        d.warn(format!("{subject} exists already"), detail);
    }
    Ok(Met::Ours(stack.id))
}

impl Deploy<'_> {
    /// The stack of this name that a creation would take over, inside what could be seen.
    async fn foresee(&self, name: &str) -> Result<Option<Option<Stack>>> {
        let Some(found) = allowed(self.aws.stacks.glance(name).await)? else { return Ok(None) };
        // One that is on its way out may be gone by the time of the apply.
        let Some(stack) = found.filter(|s| !s.status.going()) else { return Ok(Some(None)) };
        let Some(creation) = allowed(self.aws.stacks.creation(&stack.id).await)? else {
            return Ok(None);
        };
        if !holds(&self.cx.run.heard(), &stack.id) {
            self.may_be_adopted(&stack, &creation).await?;
        }
        Ok(Some(Some(stack)))
    }

    /// Refuses a stack that is not ours by the token of its creation, too old, or in a state without a way on.
    async fn may_be_adopted(&self, stack: &Stack, creation: &Creation) -> Result<()> {
        if !creation.is_of(&self.prefix(&stack.name).await?) {
            return Err(explain::not_ours(stack));
        }
        match stack.status.takeover() {
            Takeover::Refused => Err(explain::not_adopted(stack)),
            Takeover::Adopted if self.cx.settings.anywhere => Err(explain::of_any_machine(stack)),
            Takeover::Adopted if creation.age.is_some_and(|age| age > YOUNG) => {
                Err(explain::too_old(stack))
            }
            _ => Ok(()),
        }
    }

    /// The beginning of the tokens of our creations by this name.
    pub(super) async fn prefix(&self, name: &str) -> Result<String> {
        let account = self.aws.identity.account().await?;
        Ok(token::creation(&self.cx.settings.owner, &account, &self.aws.region, name))
    }

    /// Judges, in an apply, the stack that stands where one is to be made. `token` is that of the call that met it.
    ///
    /// # Errors
    /// It is not the one that the plan has decided to take over.
    pub(super) async fn judge(
        &self,
        stack: &Stack,
        token: Option<&str>,
        adoption: &Adoption,
    ) -> Result<Origin> {
        let creation = self.aws.stacks.creation(&stack.id).await?;
        if token.is_some() && creation.token.as_deref() == token {
            // This very call made it, and its answer was lost. One that stays in review is begun anew: nobody executes its change set.
            let begun = stack.status != Status::ReviewInProgress;
            return Ok(if begun { Origin::ThisCall } else { Origin::Earlier });
        }
        let said = self.cx.run.heard_and_planned();
        match adoption {
            _ if holds(&said, &stack.id) => Err(explain::held(stack)),
            Adoption::Never if creation.is_of(&self.prefix(&stack.name).await?) => {
                Err(explain::unplanned(stack))
            }
            Adoption::Of(Some(seen)) if *seen != stack.id => Err(explain::another(stack, seen)),
            Adoption::Of(Some(_)) if creation.is_of(&self.prefix(&stack.name).await?) => {
                Ok(Origin::Earlier)
            }
            _ => self.may_be_adopted(stack, &creation).await.map(|()| Origin::Earlier),
        }
    }
}

/// Who began the stack that stands where one is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// This very creation.
    ThisCall,
    /// What an earlier one has left.
    Earlier,
}

/// A look that is not allowed, or not answered, says nothing; the apply will.
fn allowed<T>(looked: Result<T>) -> Result<Option<T>> {
    match looked {
        Err(Error::Aws(e))
            if matches!(
                e.kind,
                AwsErrorKind::Denied | AwsErrorKind::Later | AwsErrorKind::Gone
            ) =>
        {
            Ok(None)
        }
        looked => looked.map(Some),
    }
}
