//! What a registry tells of how its stack is.

use async_trait::async_trait;

use crate::outcome::Result;
use crate::quilt::canary::Canary;

/// How a stack is, by its own tests.
#[async_trait]
pub trait Health: Send + Sync {
    /// Its canaries; `None`: it has none.
    async fn canaries(&self) -> Result<Option<Vec<Canary>>>;
}
