//! The list of `quilt_tabulator_table`.

use async_trait::async_trait;

use super::begins;
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::resources::tabulator_table::TabulatorTableResource;

attributes! {
    /// The Tabulator tables of the catalog that the provider block names.
    pub struct TabulatorTableFilter {
        /// The bucket that they are of. Default: all.
        bucket: String = Optional;
        /// What the names begin with.
        name_prefix: String = Optional;
    }
}

/// The list of `quilt_tabulator_table`.
pub struct TabulatorTableList;

#[async_trait]
impl ListResource for TabulatorTableList {
    type Of = TabulatorTableResource;
    type Filter = TabulatorTableFilter;

    fn resource(&self) -> &TabulatorTableResource {
        &TabulatorTableResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: TabulatorTableFilter,
        found: &mut Found<'_, '_, TabulatorTableResource>,
    ) -> Result<()> {
        let catalog = cx.catalog(None).await?;
        let of = |bucket: &str| filter.bucket.as_deref_option().is_none_or(|name| name == bucket);
        for (bucket, table) in catalog.tables.all().await? {
            if !of(&bucket) || !begins(&filter.name_prefix, &table.name) {
                continue;
            }
            let title = format!("{bucket}/{}", table.name);
            let called = vec![catalog.host.clone(), bucket, table.name];
            if !found.add(Entry { arn: String::new(), called, title }).await {
                break;
            }
        }
        Ok(())
    }
}
