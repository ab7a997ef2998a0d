//! How far an operation has come, by its events: what is done, what goes on, what failed, and what all wait for.

use std::collections::BTreeMap;

use super::stack::{Event, is_stack};
use super::status::Status;

pub mod slow;
pub mod words;

/// The events of the latest operation on a stack, out of all of them, newest first.
pub fn latest<'a>(events: &'a [Event], stack: &str) -> &'a [Event] {
    use Status::{CreateInProgress, DeleteInProgress, ImportInProgress, UpdateInProgress};
    let begins = |e: &Event| {
        e.physical_id == stack
            && matches!(
                e.status,
                CreateInProgress | UpdateInProgress | DeleteInProgress | ImportInProgress
            )
    };
    let end = events.iter().position(begins).map_or(events.len(), |at| at + 1);
    &events[..end]
}

/// How far an operation has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// When it began, in milliseconds since 1970.
    pub began: i64,
    /// The stack's own status.
    pub status: Status,
    /// Resources that are as they are to be. A rollback takes them away again.
    pub done: usize,
    /// Resources that were begun.
    pub seen: usize,
    /// What goes on, the longest first.
    pub going: Vec<Going>,
    /// What failed of its own, oldest first.
    pub failed: Vec<Event>,
}

/// A resource that something happens to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Going {
    /// Which.
    pub logical_id: String,
    /// Its type.
    pub kind: String,
    /// Its id in AWS, where it has one.
    pub physical_id: String,
    /// What happens.
    pub status: Status,
    /// Since when, in milliseconds since 1970.
    pub since: i64,
}

impl Going {
    /// It is a stack with events of its own.
    pub fn is_stack(&self) -> bool {
        is_stack(&self.kind, &self.physical_id)
    }
}

/// How long each resource took for each kind of change, in milliseconds, by logical id and verb (`CREATE`).
pub type Times = BTreeMap<(String, String), i64>;

impl Progress {
    /// Reads the events of one operation on a stack, newest first.
    pub fn of(events: &[Event], stack: &str) -> Self {
        let own = |e: &&Event| e.physical_id == stack;
        let newest = events.iter().find(own);
        let rolled_back =
            events.iter().filter(own).filter(|e| is_undoing(&e.status)).map(|e| e.at).min();
        let mut found = Self {
            began: events.iter().map(|e| e.at).min().unwrap_or_default(),
            status: newest.map(|e| e.status.clone()).unwrap_or_default(),
            ..Self::default()
        };
        let mut newest_of: BTreeMap<&str, &Event> = BTreeMap::new();
        for event in events.iter().filter(|e| e.physical_id != stack) {
            newest_of.entry(&event.logical_id).or_insert(event);
        }
        found.seen = newest_of.len();
        for event in newest_of.values() {
            found.count(event, rolled_back, events);
        }
        found.going.sort_by_key(|going| going.since);
        let failed = events.iter().rev().filter(|e| e.physical_id != stack && e.status.failed());
        found.failed = failed.filter(|e| !is_given_up(e)).cloned().collect();
        found
    }

    fn count(&mut self, event: &Event, rolled_back: Option<i64>, events: &[Event]) {
        let status = &event.status;
        if !status.settled() {
            let physical = events
                .iter()
                .find(|e| e.logical_id == event.logical_id && !e.physical_id.is_empty());
            self.going.push(Going {
                logical_id: event.logical_id.clone(),
                kind: event.kind.clone(),
                physical_id: physical.map(|e| e.physical_id.clone()).unwrap_or_default(),
                status: status.clone(),
                since: since(event, events),
            });
        } else if !status.failed() && rolled_back.is_none_or(|from| event.at < from) {
            self.done += 1;
        }
    }

    /// The operation is over.
    pub fn ended(&self) -> bool {
        self.status.settled() && self.status != Status::default()
    }

    /// What was done is being undone.
    pub fn goes_back(&self) -> bool {
        is_undoing(&self.status)
    }

    /// What everything waits for: the resource that will take longest still, or has taken longest, and how long it is expected to take in all.
    pub fn waits_for(
        &self,
        now: i64,
        expected: impl Fn(&Going) -> Option<i64>,
    ) -> Option<(&Going, Option<i64>)> {
        let left =
            |going: &Going| expected(going).map_or(0, |all| (all - (now - going.since)).max(0));
        let longest = self.going.iter().max_by_key(|going| (left(going), now - going.since))?;
        Some((longest, expected(longest)))
    }
}

fn is_undoing(status: &Status) -> bool {
    status.as_str().contains("ROLLBACK")
}

fn is_given_up(event: &Event) -> bool {
    event.reason.as_deref().is_some_and(super::prose::is_cancelled)
}

/// When what goes on began: the oldest of the newest events of the same status.
fn since(event: &Event, events: &[Event]) -> i64 {
    let own = events.iter().filter(|e| e.logical_id == event.logical_id);
    own.take_while(|e| e.status == event.status).map(|e| e.at).min().unwrap_or(event.at)
}

/// How long resources took the last time, from all events of a stack, newest first.
pub fn times(events: &[Event]) -> Times {
    let (mut begun, mut times) = (BTreeMap::new(), Times::new());
    for event in events.iter().rev() {
        let Some((verb, how)) = event.status.as_str().split_once('_') else { continue };
        let key = (event.logical_id.clone(), verb.to_string());
        match how {
            "IN_PROGRESS" => drop(begun.entry(key).or_insert(event.at)),
            "COMPLETE" => {
                if let Some(at) = begun.remove(&key) {
                    times.insert(key, event.at - at);
                }
            }
            _ => drop(begun.remove(&key)),
        }
    }
    times
}

/// The verb of what goes on, as `times` has it.
pub fn verb(status: &Status) -> &str {
    status.as_str().split('_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STACK: &str = "arn:aws:cloudformation:us-east-1:1:stack/prod/1";

    /// Events as they happened, oldest first; given back newest first.
    fn events(all: &[(&str, &str, i64)]) -> Vec<Event> {
        let one = |&(id, status, at): &(&str, &str, i64)| Event {
            logical_id: id.into(),
            physical_id: if id == "prod" { STACK.into() } else { String::new() },
            status: status.into(),
            reason: status.ends_with("FAILED").then(|| {
                if id == "Topic" { "Resource creation cancelled".into() } else { "no".into() }
            }),
            at,
            ..Event::default()
        };
        all.iter().rev().map(one).collect()
    }

    const BEGUN: [(&str, &str, i64); 6] = [
        ("prod", "CREATE_IN_PROGRESS", 0),
        ("DB", "CREATE_IN_PROGRESS", 1000),
        ("DB", "CREATE_IN_PROGRESS", 2000),
        ("Bucket", "CREATE_IN_PROGRESS", 2000),
        ("Topic", "CREATE_IN_PROGRESS", 2500),
        ("Bucket", "CREATE_COMPLETE", 3000),
    ];

    #[test]
    fn a_creation_counts_up_and_its_rollback_back() {
        let on = Progress::of(&events(&BEGUN), STACK);
        assert_eq!((on.done, on.seen, on.going.len(), on.going[0].since), (1, 3, 2, 1000));
        let mut all = BEGUN.to_vec();
        all.extend([
            ("DB", "CREATE_FAILED", 4000),
            ("Topic", "CREATE_FAILED", 4001),
            ("prod", "ROLLBACK_IN_PROGRESS", 4100),
            ("Bucket", "DELETE_IN_PROGRESS", 4200),
        ]);
        let back = Progress::of(&events(&all), STACK);
        assert_eq!((back.done, back.goes_back(), back.ended()), (0, true, false));
        assert_eq!(back.failed.iter().map(|e| e.logical_id.as_str()).collect::<Vec<_>>(), ["DB"]);
        all.extend([("Bucket", "DELETE_COMPLETE", 4300), ("prod", "ROLLBACK_COMPLETE", 4400)]);
        assert!(Progress::of(&events(&all), STACK).ended());
    }

    #[test]
    fn what_all_wait_for_is_what_takes_longest_still() {
        let on = Progress::of(&events(&BEGUN), STACK);
        let known = |going: &Going| (going.logical_id == "Topic").then_some(60_000);
        assert_eq!(
            on.waits_for(10_000, known).map(|(g, all)| (g.logical_id.as_str(), all)),
            Some(("Topic", Some(60_000)))
        );
        assert_eq!(on.waits_for(10_000, |_| None).unwrap().0.logical_id, "DB");
    }

    #[test]
    fn earlier_operations_tell_how_long_it_takes() {
        let mut all = BEGUN.to_vec();
        all.push(("DB", "CREATE_COMPLETE", 601_000));
        let times = times(&events(&all));
        assert_eq!(times[&("DB".into(), "CREATE".into())], 600_000);
        assert_eq!(times.get(&("Topic".into(), "CREATE".into())), None);
    }
}
