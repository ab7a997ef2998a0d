//! Search domains, by the calls that are older than OpenSearch and know Elasticsearch alone.

use async_trait::async_trait;
use aws_sdk_elasticsearch::Client;
use aws_sdk_elasticsearch::config::Builder;

use super::retry::{Patience, unrationed};
use super::{Domains, error};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::search::Domain;

/// Search domains in one region.
pub struct Search {
    client: Client,
}

impl Search {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        Self { client: Client::from_conf(config) }
    }
}

#[async_trait]
impl Domains for Search {
    async fn domain(&self, name: &str) -> Result<Option<Domain>> {
        let answer = self.client.describe_elasticsearch_domain().domain_name(name).send().await;
        let status = match answer.map_err(|e| error::of("describe the search domain", e)) {
            Ok(answer) => answer.domain_status,
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => None,
            Err(e) => return Err(e),
        };
        Ok(status.filter(|domain| !domain.deleted.unwrap_or_default()).map(|domain| Domain {
            engine_version: domain.elasticsearch_version.unwrap_or_default(),
            processing: domain.processing.unwrap_or_default(),
            upgrading: domain.upgrade_processing.unwrap_or_default(),
            name: domain.domain_name,
        }))
    }
}
