//! Who else uses what a stack has made: it is not deleted under them.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Deploy;
use crate::cloudformation::stack::Stack;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::usage::{ids, named, uses};
use crate::wait::{Pace, Seen, until};

/// How long a stack that seems to use something is looked at: what was changed a moment ago may be told late.
const CERTAIN: Pace = Pace {
    first: Duration::from_secs(1),
    most: Duration::from_secs(1),
    limit: Duration::from_secs(3),
};

impl Deploy<'_> {
    /// The stacks of this account and region whose parameters name what this stack has made, and what it has made.
    ///
    /// # Errors
    /// The stacks may not be listed.
    pub async fn users(&self, stack: &Stack) -> Result<(BTreeSet<String>, Vec<Stack>)> {
        let made = ids(stack);
        if made.is_empty() {
            return Ok((made, vec![]));
        }
        let all = self.aws.stacks.list().await.map_err(|e| unlisted(stack, e))?;
        let users =
            all.into_iter().filter(|other| other.id != stack.id && uses(other, &made)).collect();
        Ok((made, users))
    }

    /// Refuses to delete a stack while another one uses what it has made. One that is being deleted is waited for.
    pub(super) async fn unused(&self, stack: &Stack, limit: Duration) -> Result<()> {
        let (made, users) = self.users(stack).await?;
        let mut left = vec![];
        for user in users {
            if self.keeps_using(&user, &made, limit).await? {
                left.push(user);
            }
        }
        if left.is_empty() { Ok(()) } else { Err(in_use(stack, &left, &made)) }
    }

    async fn keeps_using(
        &self,
        user: &Stack,
        made: &BTreeSet<String>,
        limit: Duration,
    ) -> Result<bool> {
        if user.status.going() {
            return Ok(self.settle(&user.id, limit).await?.is_some());
        }
        let looked = until(self.cx, CERTAIN, async || {
            Ok(match self.aws.stacks.find(&user.id).await? {
                Some(now) if uses(&now, made) && !now.status.going() => {
                    Seen::Pending(format!("the stack {} uses it", now.name))
                }
                Some(now) if uses(&now, made) => Seen::Pending(now.status.doing()),
                _ => Seen::Done(()),
            })
        });
        match looked.await {
            Ok(()) => Ok(false),
            Err(Error::TooLong { .. }) => Ok(true),
            Err(e) => Err(e),
        }
    }
}

/// A stack and the parameter by which it uses something, for a sentence.
fn use_of(user: &Stack, made: &BTreeSet<String>) -> String {
    match named(&user.parameters, made) {
        Some((parameter, id)) => format!("{} ({parameter}: {id})", user.name),
        None => user.name.clone(),
    }
}

fn in_use(stack: &Stack, users: &[Stack], made: &BTreeSet<String>) -> Error {
    let users: Vec<_> = users.iter().map(|user| use_of(user, made)).collect();
    Error::Failed {
        state: format!(
            "What the stack {} has made is in use, and nothing was deleted. By the stack {}.",
            stack.name,
            users.join(", ")
        ),
        next: ways(),
    }
}

/// What to do about something that is in use.
pub fn ways() -> String {
    "1. Keep it in the configuration, point its users to another one (or delete them) and run `terraform apply`.\n2. Then delete or replace it \
     again.\n\nIn one apply that works only where `lifecycle { create_before_destroy = true }` was applied to it beforehand: otherwise \
     Terraform deletes first and updates the users afterwards."
        .into()
}

/// Whether it is in use cannot be told.
fn unlisted(stack: &Stack, e: Error) -> Error {
    match e.aws() {
        Some(AwsErrorKind::Denied) => Error::Failed {
            state: format!(
                "Whether another stack uses what the stack {} has made could not be looked up, and nothing was deleted. {e}",
                stack.name
            ),
            next: "Allow `cloudformation:DescribeStacks` on `*` to the credentials in use, then delete or replace it again.".into(),
        },
        _ => e,
    }
}
