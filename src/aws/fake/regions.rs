//! AWS in memory in any region: one account's, and everywhere the same.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Fake, REGION};
use crate::aws::{Aws, Regions};
use crate::outcome::Result;

#[async_trait]
impl Regions for Fake {
    async fn aws(&self, region: Option<&str>) -> Result<Arc<Aws>> {
        let me = Arc::new(self.clone());
        let region = region.unwrap_or(REGION).into();
        Ok(Arc::new(Aws {
            region,
            stacks: me.clone(),
            drifts: me.clone(),
            objects: me.clone(),
            buckets: me.clone(),
            databases: me.clone(),
            domains: me.clone(),
            certificates: me.clone(),
            secrets: me.clone(),
            networks: me.clone(),
            tasks: me.clone(),
            logs: me.clone(),
            balancers: me.clone(),
            metrics: me.clone(),
            trail: me.clone(),
            quotas: me.clone(),
            policies: me.clone(),
            identity: me,
        }))
    }
}
