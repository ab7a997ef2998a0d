//! What is asked of a registry about the API keys of who asks.

use async_trait::async_trait;

use crate::outcome::Result;
use crate::quilt::secret::Secret;

/// An API key that was just made.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// The key itself, which is told this once.
    pub secret: Secret,
    /// When it ends.
    pub expires_at: String,
}

/// An API key that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnKey {
    /// Its id.
    pub id: String,
    /// Its name; several may have one.
    pub name: String,
    /// It has not ended.
    pub active: bool,
    /// When it was made.
    pub created_at: String,
    /// When it ends.
    pub expires_at: String,
}

/// API keys of who asks.
#[async_trait]
pub trait Keys: Send + Sync {
    /// All of them.
    async fn own(&self) -> Result<Vec<OwnKey>>;
    /// Makes one that lasts so many days.
    async fn create(&self, name: &str, days: i64) -> Result<Key>;
    /// Ends one.
    async fn revoke(&self, id: &str) -> Result<()>;
}
