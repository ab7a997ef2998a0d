//! Search domains in memory: one that is busy has come to rest after as many looks as it is given.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::Fake;
use crate::aws;
use crate::outcome::Result;
use crate::quilt::search::{Domain, Limits, Volume};

/// The domains, each with the looks that still see it busy.
pub type Domains = BTreeMap<String, (Domain, usize)>;

impl Fake {
    /// A domain that is as given for so many looks, and then at rest.
    pub fn domain(self, domain: Domain, looks: usize) -> Self {
        self.put_domain(domain, looks);
        self
    }

    /// The same for a fake that is in use.
    pub fn put_domain(&self, domain: Domain, looks: usize) {
        self.world().domains.insert(domain.name.clone(), (domain, looks));
    }
}

impl Fake {
    /// What nodes of a type take; `None`: there is no such type.
    pub fn limited(self, instance_type: &str, limits: Option<Limits>) -> Self {
        self.world().limits.insert(instance_type.into(), limits);
        self
    }
}

#[async_trait]
impl aws::Domains for Fake {
    async fn domain(&self, name: &str) -> Result<Option<Domain>> {
        let mut world = self.call("domain", name.into())?;
        let Some((domain, looks)) = world.domains.get_mut(name) else { return Ok(None) };
        match looks {
            0 => (domain.processing, domain.upgrading) = (false, false),
            _ => *looks -= 1,
        }
        Ok(Some(domain.clone()))
    }

    async fn limits(&self, instance_type: &str, version: &str) -> Result<Option<Limits>> {
        let world = self.call("limits", format!("{instance_type} {version}"))?;
        let usual = || Limits(["gp2", "gp3"].map(|kind| (kind.into(), Volume::default())).into());
        Ok(world.limits.get(instance_type).cloned().unwrap_or_else(|| Some(usual())))
    }
}
