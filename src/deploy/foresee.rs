//! What a plan can know of a creation: whether a stack of that name is there that this configuration did not begin.

use super::{Deploy, explain};
use crate::outcome::{Error, Result};
use crate::tf::AttributePath;

impl Deploy<'_> {
    /// Refuses, at plan, a name that somebody else's stack has: the apply would, after everything that comes before it.
    ///
    /// # Errors
    /// That stack, at `name`, with the import block that takes it over.
    pub async fn foresee(&self, name: &str) -> Result<()> {
        if self.cx.plans.held(&(self.aws.region.clone(), name.to_string())) {
            return Ok(());
        }
        let Some(stack) = self.aws.stacks.find(name).await?.filter(|stack| !stack.status.going()) else { return Ok(()) };
        let prefix = self.creation_prefix(name).await?;
        // Whoever may not look at events gets a plan all the same.
        let Ok(token) = self.aws.stacks.creation_token(&stack.id).await else { return Ok(()) };
        match (token, explain::not_ours(&stack)) {
            (Some(token), _) if token.starts_with(&prefix) => Ok(()),
            (_, Error::Failed { state, next }) => Err(Error::config(AttributePath::new("name"), state, next)),
            (_, e) => Err(e),
        }
    }
}
