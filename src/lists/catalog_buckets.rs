//! The list of `quilt_bucket`.

use async_trait::async_trait;

use super::begins;
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::bucket::BucketResource;

attributes! {
    /// The buckets of the catalog that the provider block names, whoever may see them.
    pub struct BucketFilter {
        /// What the names begin with.
        name_prefix: String = Optional;
    }
}

/// The list of `quilt_bucket`.
pub struct BucketList;

#[async_trait]
impl ListResource for BucketList {
    type Of = BucketResource;
    type Filter = BucketFilter;

    fn resource(&self) -> &BucketResource {
        &BucketResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: BucketFilter,
        found: &mut Found<'_, '_, BucketResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        let all = catalog.buckets.list().await?;
        for bucket in all.into_iter().filter(|bucket| begins(&filter.name_prefix, &bucket.name)) {
            let title = format!("{} ({})", bucket.name, bucket.settings.title);
            let entry = Entry {
                arn: String::new(),
                called: vec![catalog.host.clone(), bucket.name],
                title,
            };
            if !found.add(entry).await {
                break;
            }
        }
        Ok(())
    }
}
