//! What the account in memory has, and how much of it it may have.

use async_trait::async_trait;

use super::Fake;
use crate::aws::{Quota, Quotas};
use crate::outcome::Result;

/// What there is beside the network that a test describes.
#[derive(Default)]
pub struct Room {
    /// VPCs.
    pub vpcs: usize,
    /// Elastic IP addresses.
    pub addresses: usize,
    /// Trails.
    pub trails: usize,
    /// A quota of its own for all of these.
    pub most: Option<usize>,
}

impl Fake {
    /// The account has so many VPCs, addresses and trails.
    pub fn holding_room(self, vpcs: usize, addresses: usize, trails: usize) -> Self {
        let most = self.world().room.most;
        self.world().room = Room { vpcs, addresses, trails, most };
        self
    }

    /// Its quotas were changed to this.
    pub fn allowing(self, most: usize) -> Self {
        self.world().room.most = Some(most);
        self
    }
}

#[async_trait]
impl Quotas for Fake {
    async fn most(&self, quota: &Quota) -> Result<Option<usize>> {
        Ok(self.call("most", quota.code.into())?.room.most)
    }
}
