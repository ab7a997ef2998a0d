//! Certificates.

use async_trait::async_trait;
use aws_sdk_acm::Client;
use aws_sdk_acm::config::Builder;
use aws_sdk_acm::types::CertificateType;

use super::retry::{Patience, unrationed};
use super::{Certificates, error};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::certificate::Certificate;

/// Certificates in one region.
pub struct Acm {
    client: Client,
}

impl Acm {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        Self { client: Client::from_conf(config) }
    }
}

#[async_trait]
impl Certificates for Acm {
    async fn certificate(&self, arn: &str) -> Result<Option<Certificate>> {
        let answer = self.client.describe_certificate().certificate_arn(arn).send().await;
        let found = match answer.map_err(|e| error::of("describe the certificate", e)) {
            Ok(answer) => answer.certificate,
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => None,
            Err(e) => return Err(e),
        };
        Ok(found.map(|c| Certificate {
            expires_at: c.not_after.map(|end| end.secs()),
            imported: c.r#type == Some(CertificateType::Imported),
            status: c.status.map(|s| s.as_str().to_string()).unwrap_or_default(),
            names: c
                .domain_name
                .into_iter()
                .chain(c.subject_alternative_names.unwrap_or_default())
                .collect(),
        }))
    }
}
