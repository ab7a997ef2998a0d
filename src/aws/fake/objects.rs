//! Buckets of the AWS in memory.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Fake, REGION, error};
use crate::aws::Objects;
use crate::outcome::{AwsErrorKind, Result};

#[async_trait]
impl Objects for Fake {
    async fn has_bucket(&self, bucket: &str, _account: &str) -> Result<bool> {
        let made = format!("ensure_bucket {bucket}");
        Ok(self.call("has_bucket", bucket.into())?.calls.contains(&made))
    }
    async fn ensure_bucket(&self, bucket: &str, _account: &str) -> Result<()> {
        self.call("ensure_bucket", bucket.into()).map(drop)
    }
    async fn store(&self, bucket: &str, key: &str, body: Arc<str>, _account: &str) -> Result<String> {
        let url = format!("https://{bucket}.s3.{REGION}.amazonaws.com/{key}");
        self.call("store", key.into())?.objects.insert(url.clone(), body.to_string());
        Ok(url)
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
