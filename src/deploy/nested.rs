//! What a change set does inside nested stacks.

use super::Deploy;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::changes::{Action, Change, NESTED, Policy, Replacement};
use crate::quilt::template::Template;

/// Deepest nesting that is followed.
const DEPTH: usize = 6;

impl Deploy<'_> {
    /// The changes, with those inside nested stacks; their logical ids are `Nested.Logical`.
    pub(super) async fn with_nested(&self, changes: Vec<Change>) -> Result<Vec<Change>> {
        let (mut all, mut waiting) = (vec![], vec![(0, String::new(), changes)]);
        while let Some((depth, place, changes)) = waiting.pop() {
            for change in changes {
                let change = Change { logical_id: format!("{place}{}", change.logical_id), ..change };
                if change.kind == NESTED && depth < DEPTH {
                    waiting.push((depth + 1, format!("{}.", change.logical_id), self.inside(&change).await?));
                }
                all.push(change);
            }
        }
        Ok(all)
    }

    /// What happens inside a nested stack: what its own change set says; everything goes with a stack that goes.
    async fn inside(&self, change: &Change) -> Result<Vec<Change>> {
        let told = match &change.nested {
            Some(set) => self.aws.stacks.proposal("", set).await?.map(|p| p.changes).unwrap_or_default(),
            None => vec![],
        };
        let goes = change.action == Action::Remove || change.replacement == Replacement::Always;
        if told.is_empty() && goes && change.policy != Policy::Retain && !change.physical_id.is_empty() {
            return self.lost(&change.physical_id).await;
        }
        Ok(told)
    }

    /// Every resource of a stack as one that is deleted.
    async fn lost(&self, stack: &str) -> Result<Vec<Change>> {
        let parts = match self.aws.stacks.parts(stack).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(vec![]),
            parts => parts?,
        };
        let template = self.aws.stacks.template(stack).await.ok().and_then(|text| Template::parse(&text).ok());
        let lost = parts.into_iter().map(|(logical_id, part)| {
            let policy = policy(template.as_ref().and_then(|t| t.deletion_policy(&logical_id)).as_deref());
            Change { action: Action::Remove, policy, kind: part.kind, physical_id: part.physical_id, logical_id, ..Change::default() }
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
