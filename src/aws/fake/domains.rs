//! Search domains in memory: one that is busy has come to rest after as many looks as it is given.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::Fake;
use crate::aws;
use crate::outcome::Result;
use crate::quilt::search::Domain;

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
}
