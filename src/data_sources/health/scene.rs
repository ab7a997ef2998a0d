//! What the checks look at: a stack, what is asked, and what was seen of it so far.

use tokio::sync::OnceCell;

use super::HealthLookup;
use super::seen::{Asked, Cluster, Facets, Found, Group, Held, Run, Service, once};
use crate::cloudformation::stack::{Part, Stack};
use crate::deploy::{Deploy, Drifted};
use crate::outcome::Result;

/// A stack, and what was seen of it.
pub struct Scene<'a> {
    /// The way to it.
    pub deploy: &'a Deploy<'a>,
    /// It, as CloudFormation describes it.
    pub stack: &'a Stack,
    /// What is asked.
    pub config: &'a HealthLookup,
    /// Seconds since 1970.
    pub now: i64,
    parts: Asked<Vec<Part>>,
    pub(super) services: Asked<Vec<Service>>,
    pub(super) groups: Asked<Vec<Group>>,
    pub(super) cluster: Asked<Option<Cluster>>,
    pub(super) database: Asked<Option<Found>>,
    pub(super) certificates: Asked<Vec<Held>>,
    pub(super) drift: Asked<Drifted>,
    pub(super) canaries: Asked<Vec<Run>>,
    pub(super) facets: Facets,
}

impl<'a> Scene<'a> {
    /// Before any look.
    pub fn new(
        deploy: &'a Deploy<'a>,
        stack: &'a Stack,
        config: &'a HealthLookup,
        now: i64,
    ) -> Self {
        Self {
            deploy,
            stack,
            config,
            now,
            parts: OnceCell::new(),
            services: OnceCell::new(),
            groups: OnceCell::new(),
            cluster: OnceCell::new(),
            database: OnceCell::new(),
            certificates: OnceCell::new(),
            drift: OnceCell::new(),
            canaries: OnceCell::new(),
            facets: Facets::default(),
        }
    }

    /// The resources of these types that are there, those of nested stacks included.
    pub async fn parts(&self, kinds: &[&str]) -> Result<Vec<&Part>> {
        let all = once(&self.parts, self.deploy.parts(&self.stack.id)).await?;
        let there = |part: &&Part| !part.physical_id.is_empty() && part.status.exists();
        let of = |part: &&Part| kinds.contains(&part.kind.as_str());
        Ok(all.iter().filter(of).filter(there).collect())
    }

    /// A parameter of the stack that has a value.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        let value = self.stack.parameters.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}
