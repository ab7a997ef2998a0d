//! What the account in memory has, and how much of it it may have.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::Fake;
use crate::aws::{Leave, Policies, Quota, Quotas, Trusting};
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
    /// What the caller may not do, and why.
    pub refused: Option<(&'static str, Option<Leave>)>,
    /// Roles by name.
    pub roles: BTreeMap<String, Trusting>,
}

impl Fake {
    /// The account has so many VPCs, addresses and trails.
    pub fn holding_room(self, vpcs: usize, addresses: usize, trails: usize) -> Self {
        {
            let mut world = self.world();
            (world.room.vpcs, world.room.addresses, world.room.trails) = (vpcs, addresses, trails);
        }
        self
    }

    /// Its quotas were changed to this.
    pub fn allowing(self, most: usize) -> Self {
        self.world().room.most = Some(most);
        self
    }
}

impl Fake {
    /// The account has a role, by its ARN, with this trust policy.
    pub fn with_role(self, arn: &str, trust: &str) -> Self {
        let name = arn.rsplit('/').next().unwrap_or_default().to_string();
        let role = Trusting { arn: arn.into(), trust: trust.into() };
        self.world().room.roles.insert(name, role);
        self
    }

    /// The caller has no leave for an action; `None`: IAM cannot say.
    pub fn without_leave(self, action: &'static str, leave: Option<Leave>) -> Self {
        self.world().room.refused = Some((action, leave));
        self
    }
}

#[async_trait]
impl Policies for Fake {
    async fn leave(&self, principal: &str, action: &str, resource: &str) -> Result<Option<Leave>> {
        let world = self.call("leave", format!("{principal} {action} {resource}"))?;
        let refused = world.room.refused.filter(|(refused, _)| *refused == action);
        Ok(refused.map_or(Some(Leave::Given), |(_, leave)| leave))
    }

    async fn role(&self, name: &str) -> Result<Option<Trusting>> {
        Ok(self.call("role", name.into())?.room.roles.get(name).cloned())
    }
}

#[async_trait]
impl Quotas for Fake {
    async fn most(&self, quota: &Quota) -> Result<Option<usize>> {
        Ok(self.call("most", quota.code.into())?.room.most)
    }
}
