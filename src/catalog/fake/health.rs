//! How the stack of the registry in memory is.

use async_trait::async_trait;

use super::Registry;
use crate::catalog::Health;
use crate::outcome::Result;
use crate::quilt::canary::Canary;

impl Registry {
    /// It has these canaries.
    pub fn tests_itself(&self, canaries: &[Canary]) {
        self.world().canaries = Some(canaries.to_vec());
    }
}

#[async_trait]
impl Health for Registry {
    async fn canaries(&self) -> Result<Option<Vec<Canary>>> {
        Ok(self.begin("canaries")?.canaries.clone())
    }
}
