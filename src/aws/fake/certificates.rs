//! Certificates in memory. One that nobody has spoken of may not be looked at.

use async_trait::async_trait;

use super::{Fake, error};
use crate::aws::Certificates;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::certificate::Certificate;

impl Fake {
    /// A certificate by its ARN; `None`: AWS says that it does not exist.
    pub fn certificate(self, arn: &str, certificate: Option<Certificate>) -> Self {
        self.world().certificates.insert(arn.into(), certificate);
        self
    }
}

#[async_trait]
impl Certificates for Fake {
    async fn certificate(&self, arn: &str) -> Result<Option<Certificate>> {
        self.call("certificate", arn.into())?
            .certificates
            .get(arn)
            .cloned()
            .ok_or_else(|| error(AwsErrorKind::Denied))
    }
}
