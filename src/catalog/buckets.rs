//! What is asked of a registry about its buckets.

use async_trait::async_trait;

use crate::outcome::Result;
use crate::quilt::bucket::{Bucket, Settings};

/// Buckets of a catalog.
#[async_trait]
pub trait Buckets: Send + Sync {
    /// All of them, whoever may see them.
    async fn list(&self) -> Result<Vec<Bucket>>;
    /// One; `None`: the catalog has none of that name.
    async fn get(&self, name: &str) -> Result<Option<Bucket>>;
    /// Adds one, and begins to scan it unless that is to wait.
    async fn add(&self, name: &str, settings: &Settings, delay_scan: bool) -> Result<()>;
    /// Changes one, all of it.
    async fn update(&self, name: &str, settings: &Settings) -> Result<()>;
    /// Takes one out of the catalog; in S3 nothing changes.
    async fn remove(&self, name: &str) -> Result<()>;
}
