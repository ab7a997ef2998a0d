//! Stacks of the AWS in memory that were deleted long ago, and answer to their ARN alone.

use super::{ACCOUNT, Fake};
use crate::cloudformation::stack::Stack;
use crate::cloudformation::status::Status;
use crate::outcome::Result;

impl Fake {
    /// A stack that was deleted at this time, in milliseconds since 1970; its ARN.
    pub fn was_deleted(&self, name: &str, at: i64) -> String {
        let id = format!("arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{name}/gone-{at}");
        let (name, status) = (name.to_string(), Status::DeleteComplete);
        let stack = Stack { id: id.clone(), name, status, moved_at: at, ..Stack::default() };
        self.world().shown.gone.push(stack);
        id
    }

    pub(super) fn newest_gone(&self, name: &str) -> Result<Option<String>> {
        let world = self.call("last_deleted", name.into())?;
        let named = world.shown.gone.iter().filter(|stack| stack.name == name);
        Ok(named.max_by_key(|stack| stack.moved_at).map(|stack| stack.id.clone()))
    }
}
