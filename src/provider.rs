//! The `provider "quilt"` block: its attributes, and what it hands to calls.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::attributes;
use crate::aws::{Aws, Regions};
use crate::cx::{Cx, Settings, Turns};
use crate::outcome::{Error, Result};
use crate::resource::AnyResource;
use crate::tf::schema::Schema;
use crate::tf::{Diagnostics, Object, State};

attributes! {
    /// Quilt in your own AWS account.
    pub struct ProviderConfig {
        /// The AWS region, as `eu-central-1`.
        region: String = Optional;
    }
}

/// The provider: its resources and, once configured, its way to AWS.
pub struct Provider {
    /// Every managed resource.
    pub resources: Vec<Box<dyn AnyResource>>,
    configured: Mutex<Configured>,
    turns: Turns,
}

#[derive(Clone)]
struct Configured {
    regions: Arc<dyn Regions>,
    settings: Arc<Settings>,
}

struct Nowhere;

#[async_trait]
impl Regions for Nowhere {
    async fn aws(&self, _region: Option<&str>) -> Result<Arc<Aws>> {
        Err(Error::NotYet)
    }
}

impl Default for Provider {
    fn default() -> Self {
        let configured = Configured { regions: Arc::new(Nowhere), settings: Arc::default() };
        Self { resources: crate::resources::all(), configured: configured.into(), turns: Turns::default() }
    }
}

impl Provider {
    /// The schema of the provider block.
    pub fn schema(&self) -> &'static Schema {
        ProviderConfig::schema()
    }

    /// Checks a provider block, offline.
    pub fn validate(&self, _config: &Object, _d: &mut Diagnostics) {}

    /// Takes a provider block over. Values may be unknown during a plan.
    pub async fn configure(&self, _terraform_version: &str, _config: &Object, _d: &mut Diagnostics) {}

    /// What one call may use.
    pub fn cx(&self, stop: CancellationToken) -> Cx {
        let Configured { regions, settings } = self.configured.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Cx { regions, stop, turns: self.turns.clone(), settings }
    }
}
