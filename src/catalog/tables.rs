//! What is asked of a registry about the Tabulator tables of its buckets.

use async_trait::async_trait;

use crate::outcome::Result;

/// A table as a registry keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tabled {
    /// Its name.
    pub name: String,
    /// What it is made of, in YAML, as it was sent.
    pub config: String,
}

/// Tabulator tables. What is wrong in one is refused by the name of what is wrong: `config`, `tableName`, `newTableName`.
#[async_trait]
pub trait Tables: Send + Sync {
    /// All of them, with the name of the bucket of each.
    async fn all(&self) -> Result<Vec<(String, Tabled)>>;
    /// Those of a bucket; `None`: the catalog has no such bucket.
    async fn of(&self, bucket: &str) -> Result<Option<Vec<Tabled>>>;
    /// Makes one, or makes another of it; without a text it is taken away.
    async fn set(&self, bucket: &str, name: &str, config: Option<&str>) -> Result<()>;
    /// Gives one another name.
    async fn rename(&self, bucket: &str, name: &str, wanted: &str) -> Result<()>;
}
