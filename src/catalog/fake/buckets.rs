//! Buckets of the registry in memory.

use async_trait::async_trait;

use super::{Registry, refused};
use crate::catalog::Buckets;
use crate::outcome::Result;
use crate::quilt::bucket::{Bucket, Settings};

impl Registry {
    /// The registry says no to this bucket, by this name, when it is added or changed.
    pub fn closes(&self, name: &str, refusal: &'static str) {
        self.world().closed.insert(name.into(), refusal);
    }

    /// It takes the bucket again.
    pub fn opens(&self, name: &str) {
        self.world().closed.remove(name);
    }

    /// Scans are never complete, or are so at once.
    pub fn scans(&self, on: bool) {
        let mut world = self.world();
        world.scanned = on;
        let done = (!on).then(|| "2026-11-29T00:00:00Z".to_string());
        world.buckets.values_mut().for_each(|bucket| bucket.last_indexed.clone_from(&done));
    }

    /// A bucket as it is.
    pub fn bucket(&self, name: &str) -> Option<Bucket> {
        self.world().buckets.get(name).cloned()
    }

    /// One is changed past Terraform.
    pub fn edit_bucket(&self, name: &str, edit: impl FnOnce(&mut Settings)) {
        edit(&mut self.world().buckets.get_mut(name).unwrap().settings);
    }

    /// One is removed past Terraform.
    pub fn drop_bucket(&self, name: &str) {
        let mut world = self.world();
        world.buckets.remove(name);
        world.tables.retain(|(bucket, _), _| bucket != name);
    }
}

/// What is stored of what was sent, before it and with what is there.
fn kept(sent: &Settings, there: Option<&Settings>) -> Settings {
    let made = || Some("arn:aws:sns:us-east-1:123456789012:data-QuiltNotifications-1".to_string());
    let before = there.and_then(|there| there.topic.clone());
    Settings {
        relevance_score: sent.relevance_score.or(Some(100)),
        topic: sent.topic.clone().or(before).or_else(made),
        ..sent.clone()
    }
}

#[async_trait]
impl Buckets for Registry {
    async fn list(&self) -> Result<Vec<Bucket>> {
        Ok(self.begin("buckets")?.buckets.values().cloned().collect())
    }

    async fn get(&self, name: &str) -> Result<Option<Bucket>> {
        Ok(self.begin("bucket")?.buckets.get(name).cloned())
    }

    async fn add(&self, name: &str, settings: &Settings, delay_scan: bool) -> Result<()> {
        self.change("add_bucket", name, |world| {
            if world.buckets.contains_key(name) {
                return Err(refused("BucketAlreadyAdded"));
            }
            if let Some(code) = world.closed.get(name) {
                return Err(refused(code));
            }
            let open = world.scanned || delay_scan;
            let last_indexed = (!open).then(|| "2026-11-29T00:00:00Z".to_string());
            let bucket = Bucket { name: name.into(), settings: kept(settings, None), last_indexed };
            world.buckets.insert(name.into(), bucket);
            Ok(())
        })
    }

    async fn update(&self, name: &str, settings: &Settings) -> Result<()> {
        self.change("update_bucket", name, |world| {
            if let Some(code) = world.closed.get(name) {
                return Err(refused(code));
            }
            let bucket = world.buckets.get_mut(name).ok_or_else(|| refused("BucketNotFound"))?;
            bucket.settings = kept(settings, Some(&bucket.settings));
            Ok(())
        })
    }

    async fn remove(&self, name: &str) -> Result<()> {
        self.change("remove_bucket", name, |world| {
            if world.scanned {
                return Err(refused("IndexingInProgress"));
            }
            world.buckets.remove(name).map(drop).ok_or_else(|| refused("BucketNotFound"))?;
            world.tables.retain(|(bucket, _), _| bucket != name);
            for policy in &mut world.policies {
                policy.permissions.remove(name);
            }
            Ok(())
        })
    }
}
