//! What a test prepares in the AWS in memory, and what it asks of it afterwards.

use super::Fake;
use crate::aws::Stacks;
use crate::cloudformation::stack::{Event, Removal, Stack};
use crate::outcome::AwsErrorKind;

impl Fake {
    /// What it has of this type beside AWS.
    pub fn with_beside<T: std::any::Any + Send + Sync>(self, kept: T) -> Self {
        let name = std::any::type_name::<T>();
        self.world().beside.insert(name, std::sync::Arc::new(kept));
        self
    }

    /// The statuses of the next operation, one a look, the last one for ever; further calls are for the operations after it.
    pub fn script(self, statuses: &[&'static str]) -> Self {
        self.world().script.push_back(statuses.to_vec());
        self
    }

    /// What stacks give out.
    pub fn outputs(self, pairs: &[(&str, &str)]) -> Self {
        self.world().outputs = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        self
    }

    /// The next call of this name fails.
    pub fn fail(self, call: &'static str, kind: AwsErrorKind) -> Self {
        self.world().failures.push((call, kind));
        self
    }

    /// So many calls of this name go well before the next failure.
    pub fn skip(self, call: &'static str, calls: usize) -> Self {
        self.world().skips.insert(call, calls);
        self
    }

    /// An event that failures are explained by.
    pub fn event(self, logical_id: &str, status: &str, reason: &str) -> Self {
        let event = Event {
            logical_id: logical_id.into(),
            status: status.into(),
            reason: Some(reason.into()),
            ..Event::default()
        };
        self.world().events.insert(0, event);
        self
    }

    /// Parameters shown as `****`.
    pub fn secret(self, parameter: &str) -> Self {
        self.world().secrets.push(parameter.into());
        self
    }

    /// How many objects a bucket holds.
    pub fn holds(self, bucket: &str, objects: usize) -> Self {
        self.world().buckets.insert(bucket.into(), objects);
        self
    }

    /// Somebody deletes a stack.
    pub async fn deleted_outside(&self, id: &str) {
        self.delete(id, &Removal::default(), "somebody").await.unwrap();
    }

    /// The calls so far, with what they were given.
    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    /// A stack as it is.
    pub fn stack(&self, name: &str) -> Option<Stack> {
        self.world().stacks.get(name).map(|h| h.stack.clone())
    }
}
