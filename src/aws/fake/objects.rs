//! Buckets of the AWS in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Fake, REGION, error};
use crate::aws::{Bucket, Objects, Stored};
use crate::outcome::{AwsErrorKind, Result};

/// Templates, by URL.
#[derive(Clone, Default)]
pub struct Shelf {
    held: BTreeMap<String, String>,
    loose: bool,
    planted: Option<String>,
    /// Where buckets are, unless they are here.
    places: BTreeMap<String, Bucket>,
}

impl Shelf {
    /// What a URL leads to.
    pub fn get(&self, url: &str) -> Option<&String> {
        self.held.get(url)
    }
}

impl Fake {
    /// Buckets keep no versions.
    pub fn loose(self) -> Self {
        self.world().objects.loose = true;
        self
    }

    /// A bucket is somewhere else, or nowhere.
    pub fn located(self, bucket: &str, place: Bucket) -> Self {
        self.world().objects.places.insert(bucket.into(), place);
        self
    }

    /// Somebody writes this over each template that is stored.
    pub fn plants(self, text: &str) -> Self {
        self.world().objects.planted = Some(text.into());
        self
    }
}

#[async_trait]
impl Objects for Fake {
    async fn locate(&self, bucket: &str, _account: &str) -> Result<Bucket> {
        let world = self.call("locate", bucket.into())?;
        Ok(world.objects.places.get(bucket).cloned().unwrap_or(Bucket::Here))
    }
    async fn has_bucket(&self, bucket: &str, _account: &str) -> Result<bool> {
        let made = format!("ensure_bucket {bucket}");
        Ok(self.call("has_bucket", bucket.into())?.calls.contains(&made))
    }
    async fn ensure_bucket(&self, bucket: &str, _account: &str) -> Result<()> {
        self.call("ensure_bucket", bucket.into()).map(drop)
    }
    async fn store(
        &self,
        bucket: &str,
        key: &str,
        body: Arc<str>,
        _account: &str,
    ) -> Result<Stored> {
        let place = format!("https://{bucket}.s3.{REGION}.amazonaws.com/{key}");
        let mut world = self.call("store", key.into())?;
        let (version, fixed) = (world.calls.len(), !world.objects.loose);
        let url = if fixed { format!("{place}?versionId={version}") } else { place.clone() };
        world.objects.held.insert(url.clone(), body.to_string());
        if let Some(planted) = world.objects.planted.clone() {
            world.objects.held.insert(place, planted);
        }
        Ok(Stored { url, fixed })
    }
    async fn clear(&self, bucket: &str, _account: &str) -> Result<usize> {
        let mut world = self.call("clear", bucket.into())?;
        let held = world.buckets.entry(bucket.into()).or_default();
        let cleared = (*held).min(1000);
        *held -= cleared;
        Ok(cleared)
    }
    async fn fetch(&self, url: &str) -> Result<String> {
        let world = self.call("fetch", url.into())?;
        world.objects.get(url).cloned().ok_or_else(|| error(AwsErrorKind::Gone))
    }
}
