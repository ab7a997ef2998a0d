//! The list of `quilt_snapshot`.

use async_trait::async_trait;

use super::{Next, Strings, begins, tagged};
use crate::attributes;
use crate::cx::Cx;
use crate::kinds::list_resource::{Entry, Found, ListResource};
use crate::outcome::Result;
use crate::quilt::snapshot::Snapshot;
use crate::resources::snapshot::SnapshotResource;

attributes! {
    /// The manual snapshots of databases that the account has in one region, whoever took them. Automatic ones are left out: they go with
    /// their database.
    pub struct SnapshotFilter {
        /// The region, when it is not the provider's.
        region: String = Optional;
        /// What the identifiers begin with.
        name_prefix: String = Optional;
        /// Identifier of the database instance that they are of.
        db_instance_identifier: String = Optional;
        /// Tags that each has, those of AWS itself left out.
        tags: Strings = Optional;
    }
}

/// The list of `quilt_snapshot`.
pub struct SnapshotList;

impl SnapshotFilter {
    fn fits(&self, snapshot: &Snapshot) -> bool {
        let instance = self.db_instance_identifier.as_deref_option();
        !snapshot.going()
            && snapshot.kind == "manual"
            && begins(&self.name_prefix, &snapshot.id)
            && tagged(&self.tags, &snapshot.tags)
            && instance.is_none_or(|instance| snapshot.instance == instance)
    }
}

#[async_trait]
impl ListResource for SnapshotList {
    type Of = SnapshotResource;
    type Filter = SnapshotFilter;

    fn resource(&self) -> &SnapshotResource {
        &SnapshotResource
    }

    async fn list(
        &self,
        cx: &Cx,
        filter: SnapshotFilter,
        found: &mut Found<'_, '_, SnapshotResource>,
    ) -> Result<()> {
        let aws = cx.aws(filter.region.as_deref_option()).await?;
        let mut next = Next::First;
        loop {
            let at = match &next {
                Next::First => None,
                Next::At(token) => Some(token.as_str()),
                Next::Nowhere => return Ok(()),
            };
            let page = aws.databases.snapshot_page(at).await?;
            for snapshot in page.items.into_iter().filter(|snapshot| filter.fits(snapshot)) {
                let title = format!("{} ({})", snapshot.id, snapshot.status);
                let entry = Entry { arn: snapshot.arn, called: vec![snapshot.id], title };
                if !found.add(entry).await {
                    return Ok(());
                }
            }
            next = Next::after(page.next);
        }
    }
}
