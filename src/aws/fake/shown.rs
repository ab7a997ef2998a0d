//! What the AWS in memory shows of a stack: not always what is, as in AWS.

use std::collections::HashMap;

use super::{Fake, Held, World, error};
use crate::cloudformation::stack::{Event, Order, Part, Stack};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsErrorKind, Result};

/// What is shown otherwise than it is.
#[derive(Default)]
pub struct Shown {
    /// How many looks, and how many lists of events, are as before each write.
    looks: usize,
    lists: usize,
    /// Stacks by ARN as they were before the last write, and how many looks and lists show them so.
    before: HashMap<String, (Option<Stack>, usize, usize)>,
    /// So many looks say that there is no stack.
    absent: usize,
    /// A stack that is deleted and made anew before the next call of this name.
    anew: Option<(&'static str, String)>,
    /// What clean-ups cannot delete.
    left: Vec<Event>,
    /// Stacks that are deleted.
    pub(super) gone: Vec<Stack>,
}

impl Fake {
    /// A resource of a stack.
    pub fn part(self, stack: &str, logical_id: &str, kind: &str, physical_id: &str) -> Self {
        let (logical, kind, physical_id) =
            (logical_id.to_string(), kind.into(), physical_id.into());
        let part = Part { logical_id: logical, kind, physical_id, ..Part::default() };
        self.world().parts.insert((stack.into(), logical_id.into()), part);
        self
    }

    /// A resource of a stack in a status of its own.
    pub fn stands(self, stack: &str, part: Part) -> Self {
        self.world().parts.insert((stack.into(), part.logical_id.clone()), part);
        self
    }

    /// The stack's operation has come to this end, whatever its script says.
    pub fn becomes(&self, stack: &str, status: &str) {
        let mut world = self.world();
        let held = world.find(stack).unwrap();
        held.next.clear();
        held.stack.status = Status::from(status);
    }

    /// After each write so many looks show the stack as it was, and so many lists of events leave the operation out.
    pub fn stale(self, looks: usize, lists: usize) -> Self {
        let mut world = self.world();
        (world.shown.looks, world.shown.lists) = (looks, lists);
        drop(world);
        self
    }

    /// The next so many looks say that there is no stack.
    pub fn absent(self, looks: usize) -> Self {
        self.world().shown.absent = looks;
        self
    }

    /// Before the next call of this name somebody deletes the stack and makes another one of its name.
    pub fn anew_before(self, call: &'static str, stack: &str) -> Self {
        self.world().shown.anew = Some((call, stack.into()));
        self
    }

    /// The clean-up of every update fails to delete this.
    pub fn leaves(self, logical_id: &str, physical_id: &str, reason: &str) -> Self {
        let (logical_id, physical_id) = (logical_id.to_string(), physical_id.to_string());
        let event = Event {
            logical_id,
            physical_id,
            status: "DELETE_FAILED".into(),
            reason: Some(reason.into()),
            ..Event::default()
        };
        self.world().shown.left.push(event);
        self
    }

    pub(super) fn look(&self, stack: &str) -> Result<Option<Stack>> {
        let mut world = self.call("find", String::new())?;
        let Some(held) = world.find(stack) else {
            return Ok(world.shown.gone.iter().find(|gone| gone.id == stack).cloned());
        };
        if let Some(next) = held.next.pop_front() {
            if let Some(later) = held.later.take_if(|_| next.ends_with("_IN_PROGRESS")) {
                held.stack = later;
            }
            held.stack.status = Status::from(next);
            if held.stack.status == Status::UpdateRollbackComplete {
                held.stack.parameters =
                    held.former.take().unwrap_or_else(|| held.stack.parameters.clone());
            }
        }
        let stack = held.stack.clone();
        if let Some(shown) = world.shows(&stack.id) {
            return Ok(shown);
        }
        if stack.status == Status::DeleteComplete {
            world.stacks.remove(&stack.name);
        }
        Ok(Some(stack))
    }

    pub(super) fn list_recent(&self, stack: &str) -> Result<Vec<Event>> {
        let mut world = self.call("recent", String::new())?;
        if let Some(events) = world.timeline.newest(stack) {
            return Ok(events);
        }
        let Some(Held { stack, token, began, .. }) = world.find(stack) else {
            return Err(error(AwsErrorKind::Gone));
        };
        let own = Event {
            logical_id: stack.name.clone(),
            physical_id: stack.id.clone(),
            token: Some(token.clone()),
            ..Event::default()
        };
        let (now, began, id) = (stack.status.clone(), *began, stack.id.clone());
        if let Some((_, _, lists)) =
            world.shown.before.get_mut(&id).filter(|(_, _, lists)| *lists > 0)
        {
            *lists -= 1;
            return Ok(vec![]);
        }
        let left = world.shown.left.iter().map(|e| Event { token: own.token.clone(), ..e.clone() });
        let all = std::iter::once(Event { status: now, at: began + 1, ..own.clone() }).chain(left);
        Ok(all
            .chain([Event { status: "UPDATE_IN_PROGRESS".into(), at: began, ..own.clone() }])
            .collect())
    }
}

impl World {
    /// A write is about to change a stack; its operation has this token.
    pub(super) fn written(&mut self, stack: &str, token: &str) {
        let (looks, lists, tick) = (self.shown.looks, self.shown.lists, self.tick());
        let Some(held) = self.find(stack) else { return };
        (held.token, held.began) = (token.into(), tick);
        let (id, before) = (held.stack.id.clone(), held.stack.clone());
        self.shown.before.insert(id, (Some(before), looks, lists));
    }

    /// A stack was just made.
    pub(super) fn made_anew(&mut self, id: &str) {
        let (looks, lists) = (self.shown.looks, self.shown.lists);
        self.shown.before.insert(id.into(), (None, looks, lists));
    }

    /// What a look shows of a stack; `None`: it shows what is.
    pub(super) fn shows(&mut self, id: &str) -> Option<Option<Stack>> {
        if self.shown.absent > 0 {
            self.shown.absent -= 1;
            return Some(None);
        }
        let (before, looks, _) =
            self.shown.before.get_mut(id).filter(|(_, looks, _)| *looks > 0)?;
        *looks -= 1;
        Some(before.clone())
    }

    /// The time of a call.
    pub(super) fn tick(&self) -> i64 {
        60_000 * self.calls.len() as i64
    }

    pub(super) fn make_anew_before(&mut self, call: &str) {
        if let Some((_, name)) = self.shown.anew.take_if(|(before, _)| *before == call) {
            self.insert(
                &Order { name: name.clone(), ..Order::default() },
                "of-somebody-else",
                vec![],
            );
            if let Some(held) = self.find(&name) {
                held.stack.status = Status::CreateComplete;
            }
        }
    }
}
