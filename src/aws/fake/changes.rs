//! Change sets of the AWS in memory. One that was carried out stays until it is deleted, as in other clouds than AWS.

use std::collections::{BTreeMap, VecDeque};

use super::{Fake, World, error};
use crate::cloudformation::changes::{Change, Progress, Proposal};
use crate::cloudformation::stack::{Order, Removal, Skip, Stack, Template};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsErrorKind, Result};

/// Change sets, and what the next one will be.
#[derive(Default)]
pub struct ChangeSets {
    made: BTreeMap<String, Set>,
    script: VecDeque<Vec<Proposal>>,
    nested: BTreeMap<String, Proposal>,
    slow: bool,
}

struct Set {
    stack: String,
    order: Order,
    looks: VecDeque<Proposal>,
    now: Proposal,
}

impl Fake {
    /// What the next change set shows, one proposal a look, the last one for ever. Unless said it is ready and changes nothing.
    pub fn compares(self, looks: Vec<Proposal>) -> Self {
        self.world().sets.script.push_back(looks);
        self
    }

    /// The next change set is ready and does this.
    pub fn would(self, changes: Vec<Change>) -> Self {
        self.compares(vec![Proposal { progress: Progress::Ready, changes }])
    }

    /// The change set of a nested stack, by its ARN.
    pub fn nested(self, arn: &str, changes: Vec<Change>) -> Self {
        self.world()
            .sets
            .nested
            .insert(arn.into(), Proposal { progress: Progress::Ready, changes });
        self
    }

    /// The next update is accepted before the stack shows it: the time of its last change comes with the status `UPDATE_IN_PROGRESS`.
    pub fn slow(self) -> Self {
        self.world().sets.slow = true;
        self
    }

    /// The names of the change sets that are left.
    pub fn sets(&self) -> Vec<String> {
        self.world().sets.made.keys().cloned().collect()
    }

    /// Those of them that were not carried out.
    pub fn open_sets(&self) -> Vec<String> {
        let spent = |progress: &Progress| matches!(progress, Progress::Spent | Progress::Underway);
        let world = self.world();
        world
            .sets
            .made
            .iter()
            .filter(|(_, set)| !spent(&set.now.progress))
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub(super) fn make_set(&self, stack: &str, order: &Order, name: &str) -> Result<()> {
        let mut world = self.call("propose", sent(order))?;
        if world.find(stack).is_none() {
            return Err(error(AwsErrorKind::Gone));
        }
        let ready = || vec![Proposal { progress: Progress::Ready, changes: vec![] }];
        let looks = world.sets.script.pop_front().unwrap_or_else(ready).into();
        let set =
            Set { stack: stack.into(), order: order.clone(), looks, now: Proposal::default() };
        world.sets.made.insert(name.into(), set);
        Ok(())
    }

    /// A creation by change set: the stack is in review until that is executed.
    pub(super) fn make_draft(&self, order: &Order, name: &str) -> Result<String> {
        let mut world = self.call("draft", order.name.clone())?;
        let id = world.insert(order, name, vec![]);
        if let Some(held) = world.find(&id) {
            held.stack.status = Status::ReviewInProgress;
        }
        let now = Proposal { progress: Progress::Ready, changes: vec![] };
        world.sets.made.insert(
            name.into(),
            Set { stack: id.clone(), order: order.clone(), looks: VecDeque::new(), now },
        );
        Ok(id)
    }

    /// The template that CloudFormation has read for a change set.
    pub(super) fn template_of_set(&self, name: &str) -> Result<String> {
        let world = self.call("proposed_template", String::new())?;
        let Some(set) = world.sets.made.get(name) else { return Err(error(AwsErrorKind::Gone)) };
        match &set.order.template {
            Template::Url(url) | Template::Loose { url, .. } => {
                Ok(world.objects.get(url).cloned().unwrap_or_default())
            }
            Template::Body(body) => Ok(body.to_string()),
            Template::Previous => Ok(String::new()),
        }
    }

    pub(super) fn see_set(&self, name: &str) -> Result<Option<Proposal>> {
        let mut world = self.call("proposal", String::new())?;
        if let Some(nested) = world.sets.nested.get(name) {
            return Ok(Some(nested.clone()));
        }
        let Some(set) = world.sets.made.get_mut(name) else { return Ok(None) };
        set.now = set.looks.pop_front().unwrap_or_else(|| set.now.clone());
        Ok(Some(set.now.clone()))
    }

    pub(super) fn execute_set(&self, name: &str, token: &str) -> Result<()> {
        let answer = self.call("execute", String::new()).map(drop);
        // A token that is known is that of a call which took effect.
        if answer.as_ref().is_err_and(|e| e.aws() != Some(AwsErrorKind::Exists)) {
            return answer;
        }
        let mut world = self.world();
        let Some(mut set) = world.sets.made.remove(name) else {
            return Err(error(AwsErrorKind::Gone));
        };
        world.sets.made.retain(|_, other| other.stack != set.stack);
        if world.review(&set.stack) {
            return Ok(());
        }
        let before = world.find(&set.stack).map(|held| held.stack.clone());
        world.begin_update(&set.stack, &set.order, token)?;
        let mut progress = Progress::Spent;
        if let (true, Some(before)) = (std::mem::take(&mut world.sets.slow), before) {
            progress = Progress::Underway;
            world.show_later(before);
        }
        set.looks.clear();
        set.now = Proposal { progress, changes: vec![] };
        world.sets.made.insert(name.into(), set);
        answer
    }

    pub(super) fn drop_set(&self, name: &str) -> Result<()> {
        self.call("withdraw", String::new())?.sets.made.remove(name);
        Ok(())
    }

    pub(super) fn list_sets(&self, stack: &str) -> Result<Vec<String>> {
        let world = self.call("proposals", String::new())?;
        Ok(world
            .sets
            .made
            .iter()
            .filter(|(_, set)| set.stack == stack)
            .map(|(name, _)| name.clone())
            .collect())
    }
}

impl World {
    /// The stack looks as before until the first status of its update that is in progress.
    fn show_later(&mut self, before: Stack) {
        let Some(held) = self.find(&before.id) else { return };
        let changed = std::mem::replace(&mut held.stack, before);
        held.later = Some(changed);
    }

    /// A stack that was in review is created.
    fn review(&mut self, stack: &str) -> bool {
        let next = self.script.front().cloned().unwrap_or(vec!["CREATE_COMPLETE"]);
        let Some(held) =
            self.find(stack).filter(|held| held.stack.status == Status::ReviewInProgress)
        else {
            return false;
        };
        held.stack.status = Status::CreateInProgress;
        held.next = next.into();
        self.script.pop_front();
        true
    }

    /// The stack is in update from now on, and walks on by the next script.
    pub(super) fn begin_update(&mut self, stack: &str, order: &Order, token: &str) -> Result<()> {
        self.written(stack, token);
        let next = self.script.pop_front().unwrap_or(vec!["UPDATE_COMPLETE"]);
        let Some(held) = self.find(stack) else { return Err(error(AwsErrorKind::Gone)) };
        let name = held.stack.name.clone();
        held.stack.status = Status::UpdateInProgress;
        held.former = Some(held.stack.parameters.clone());
        held.next = next.into();
        self.put(&Order { name, ..order.clone() });
        Ok(())
    }
}

/// The parameters of an order, without their values.
pub(super) fn sent(order: &Order) -> String {
    order.parameters.iter().map(|(k, p)| format!("{k}={p:?}")).collect::<Vec<_>>().join(" ")
}

/// How a deletion is asked for.
pub(super) fn sent_removal(removal: &Removal) -> String {
    let retained = removal.retain.iter().map(String::as_str);
    let words = [removal.force.then_some("force"), removal.express.then_some("express")];
    retained.chain(words.into_iter().flatten()).collect::<Vec<_>>().join(" ")
}

/// What is skipped when a rollback goes on.
pub(super) fn sent_skip(skip: &Skip) -> String {
    match skip {
        Skip::Named(ids) => ids.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        Skip::Forced => "(forced)".into(),
    }
}
