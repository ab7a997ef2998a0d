//! Tabulator tables of the registry in memory.

use async_trait::async_trait;

use super::{Registry, refused};
use crate::catalog::{Tabled, Tables};
use crate::outcome::Result;
use crate::quilt::tabulator::Table;

impl Registry {
    /// A table that is there, set past Terraform.
    pub fn tables(self, bucket: &str, name: &str, config: &str) -> Self {
        self.world().tables.insert((bucket.into(), name.into()), config.into());
        self
    }

    /// The text of a table.
    pub fn table(&self, bucket: &str, name: &str) -> Option<String> {
        self.world().tables.get(&(bucket.into(), name.into())).cloned()
    }

    /// One is taken away past Terraform.
    pub fn drop_table(&self, bucket: &str, name: &str) {
        self.world().tables.remove(&(bucket.into(), name.into()));
    }
}

fn tabled(((bucket, name), config): (&(String, String), &String)) -> (String, Tabled) {
    (bucket.clone(), Tabled { name: name.clone(), config: config.clone() })
}

#[async_trait]
impl Tables for Registry {
    async fn all(&self) -> Result<Vec<(String, Tabled)>> {
        Ok(self.begin("tables")?.tables.iter().map(tabled).collect())
    }

    async fn of(&self, bucket: &str) -> Result<Option<Vec<Tabled>>> {
        let world = self.begin("tables")?;
        let own = world.tables.iter().map(tabled).filter(|(name, _)| name == bucket);
        let own = own.map(|(_, table)| table).collect();
        Ok(world.buckets.contains_key(bucket).then_some(own))
    }

    async fn set(&self, bucket: &str, name: &str, config: Option<&str>) -> Result<()> {
        let call = if config.is_some() { "set_table" } else { "remove_table" };
        self.change(call, &format!("{bucket}/{name}"), |world| {
            if !world.buckets.contains_key(bucket) {
                return Err(refused("BucketNotFound"));
            }
            let key = (bucket.to_string(), name.to_string());
            match config {
                None => drop(world.tables.remove(&key)),
                Some(text) if Table::of(text).is_err() => return Err(refused("config")),
                Some(_) if name.contains('$') => return Err(refused("tableName")),
                Some(text) => drop(world.tables.insert(key, text.into())),
            }
            Ok(())
        })
    }

    async fn rename(&self, bucket: &str, name: &str, wanted: &str) -> Result<()> {
        self.change("rename_table", &format!("{bucket}/{name} {wanted}"), |world| {
            let key = |name: &str| (bucket.to_string(), name.to_string());
            if world.tables.contains_key(&key(wanted)) {
                return Err(refused("newTableName"));
            }
            let table = world.tables.remove(&key(name)).ok_or_else(|| refused("tableName"))?;
            world.tables.insert(key(wanted), table);
            Ok(())
        })
    }
}
