//! What a plan deletes and who uses it, in whichever order the two are heard.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What one plan has said of stacks that go, and of stacks that stay.
#[derive(Clone, Default)]
pub struct Usage(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    going: Vec<Going>,
    staying: Vec<Staying>,
}

/// Something that the plan deletes or replaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Going {
    /// It, for a sentence: "Database data".
    pub subject: String,
    /// What it has made.
    pub made: BTreeSet<String>,
    /// ARNs of the stacks that use that now.
    pub users: BTreeSet<String>,
}

/// A stack that the plan keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Staying {
    /// ARN.
    pub id: String,
    /// It, for a sentence: "Stack prod".
    pub subject: String,
    /// What its parameters will say; `None`: not known yet.
    pub parameters: BTreeMap<String, Option<String>>,
}

impl Usage {
    /// Notes something that goes, and gives those of its users that were heard to stay.
    pub fn goes(&self, going: &Going) -> Vec<Staying> {
        self.with(|heard| {
            heard.going.push(going.clone());
            heard
                .staying
                .iter()
                .filter(|staying| going.users.contains(&staying.id))
                .cloned()
                .collect()
        })
    }

    /// Notes a stack that stays, and gives what was heard to go though it uses it.
    pub fn stays(&self, staying: &Staying) -> Vec<Going> {
        self.with(|heard| {
            heard.staying.push(staying.clone());
            heard.going.iter().filter(|going| going.users.contains(&staying.id)).cloned().collect()
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut Heard) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
