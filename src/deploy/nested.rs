//! What a change set does inside nested stacks.

use super::{Deploy, SHOWN, explain};
use crate::cloudformation::changes::{
    Action, Change, NESTED, Policy, Progress, Proposal, Replacement,
};
use crate::cloudformation::stack::Part;
use crate::cloudformation::template::Template;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::wait::{Pace, Seen, until};

/// Deepest nesting that is followed.
const DEPTH: usize = 6;

impl Deploy<'_> {
    /// The changes, with those inside nested stacks; their logical ids are `Nested.Logical`.
    pub(super) async fn with_nested(&self, changes: Vec<Change>) -> Result<Vec<Change>> {
        let (mut all, mut waiting) = (vec![], vec![(0, String::new(), changes)]);
        while let Some((depth, place, changes)) = waiting.pop() {
            for change in changes {
                let change =
                    Change { logical_id: format!("{place}{}", change.logical_id), ..change };
                if change.kind == NESTED && depth < DEPTH {
                    waiting.push((
                        depth + 1,
                        format!("{}.", change.logical_id),
                        self.inside(&change).await?,
                    ));
                }
                all.push(change);
            }
        }
        Ok(all)
    }

    /// What happens inside a nested stack: what its own change set says; everything goes with a stack that goes.
    async fn inside(&self, change: &Change) -> Result<Vec<Change>> {
        let told = match &change.nested {
            Some(set) => self.shown(set).await?,
            None => vec![],
        };
        let goes = change.action == Action::Remove || change.replacement == Replacement::Always;
        if told.is_empty()
            && goes
            && change.policy != Policy::Retain
            && !change.physical_id.is_empty()
        {
            return self.lost(&change.physical_id).await;
        }
        Ok(told)
    }

    /// What the change set of a nested stack does. CloudFormation may name it before it shows it: nothing is concluded from that.
    async fn shown(&self, set: &str) -> Result<Vec<Change>> {
        let pace = Pace::within(SHOWN);
        let changes = until(self.cx, pace, async || {
            Ok(match self.aws.stacks.proposal("", set).await? {
                None | Some(Proposal { progress: Progress::Comparing, .. }) => {
                    Seen::Pending("a nested change set is not shown yet".into())
                }
                Some(proposal) => Seen::Done(proposal.changes),
            })
        });
        match changes.await {
            Err(Error::TooLong { .. }) => Err(explain::taken(AwsErrorKind::Gone)),
            changes => changes,
        }
    }

    /// Every resource of a stack as one that is deleted.
    async fn lost(&self, stack: &str) -> Result<Vec<Change>> {
        let parts = match self.aws.stacks.parts(stack).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(vec![]),
            parts => parts?,
        };
        let template =
            self.aws.stacks.template(stack).await.ok().and_then(|text| Template::parse(&text).ok());
        let there = parts.into_iter().filter(|part| part.status.exists());
        let lost = there.map(|Part { logical_id, kind, physical_id, .. }| {
            let policy =
                policy(template.as_ref().and_then(|t| t.deletion_policy(&logical_id)).as_deref());
            Change {
                action: Action::Remove,
                policy,
                kind,
                physical_id,
                logical_id,
                ..Change::default()
            }
        });
        Ok(lost.collect())
    }
}

fn policy(word: Option<&str>) -> Policy {
    match word {
        Some("Retain" | "RetainExceptOnCreate") => Policy::Retain,
        Some("Snapshot") => Policy::Snapshot,
        _ => Policy::Delete,
    }
}
