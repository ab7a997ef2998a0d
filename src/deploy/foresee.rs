//! What a creation will meet: nothing, a stack that an interrupted creation of ours left, or somebody else's.

use super::{Deploy, explain};
use crate::cx::Cx;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::stack::{Stack, Takeover};
use crate::quilt::token;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// The stack that something will be, as far as it is known.
pub struct Foreseen {
    /// Its name.
    pub name: String,
    /// Its region; `None`: the provider's.
    pub region: Option<String>,
}

impl Foreseen {
    /// The stack of this name there, where both are known.
    pub fn of(name: Option<String>, region: &Value<String>) -> Option<Self> {
        let known = !matches!(region, Value::Unknown);
        name.filter(|_| known).map(|name| Self { name, region: region.as_ref_option().cloned() })
    }
}

/// Says at the plan of a creation that it takes over a stack. `subject` is as "Stack prod".
///
/// # Errors
/// A stack of that name which this configuration did not begin, or one that cannot be taken over.
pub async fn takes_over(cx: &Cx, foreseen: &Foreseen, subject: &str, d: &mut Diagnostics) -> Result<()> {
    let deploy = match Deploy::to(cx, foreseen.region.as_deref()).await {
        Err(Error::NotYet) => return Ok(()),
        deploy => deploy?,
    };
    let found = match deploy.foresee(&foreseen.name).await {
        Ok(Some(stack)) if stack.status.takeover() == Takeover::Refused => Err(explain::not_adopted(&stack)),
        found => found,
    };
    let found = found.map_err(|e| match e {
        Error::Failed { state, next } => Error::config(AttributePath::new("name"), state, next),
        e => e,
    });
    if let Some(stack) = found? {
        let next = match stack.status.takeover() {
            Takeover::Anew => "It never completed: the apply deletes what is left of it and makes it anew.",
            _ => "Unless this plan deletes it first, the apply adopts it: it waits for what is going on, and goes on from there.",
        };
        let detail = format!("The state does not hold it, and an earlier apply of this configuration began it ({}). {next}", stack.status);
        d.warn(format!("{subject} exists already"), detail);
    }
    Ok(())
}

impl Deploy<'_> {
    /// The stack of this name that a creation would take over; `None`: there is none, or it cannot be looked at.
    async fn foresee(&self, name: &str) -> Result<Option<Stack>> {
        let found = allowed(self.aws.stacks.glance(name).await)?.flatten();
        // One that is on its way out may be gone by the time of the apply.
        let Some(stack) = found.filter(|s| !s.status.going()) else { return Ok(None) };
        let account = self.aws.identity.account().await?;
        let prefix = token::creation(&self.cx.settings.owner, &account, &self.aws.region, name);
        Ok(allowed(self.own(stack, &prefix).await)?.flatten())
    }
}

/// A look that is not allowed, or not answered, says nothing; the apply will.
fn allowed<T>(looked: Result<T>) -> Result<Option<T>> {
    match looked {
        Err(Error::Aws(e)) if matches!(e.kind, AwsErrorKind::Denied | AwsErrorKind::Later | AwsErrorKind::Gone) => Ok(None),
        looked => looked.map(Some),
    }
}
