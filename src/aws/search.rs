//! Search domains, by the calls that are older than OpenSearch and know Elasticsearch alone.

use async_trait::async_trait;
use aws_sdk_elasticsearch::Client;
use aws_sdk_elasticsearch::config::Builder;
use aws_sdk_elasticsearch::types::{EsPartitionInstanceType, StorageType};

use super::retry::{Patience, unrationed};
use super::{Domains, error};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::search::{Domain, Limits, Volume};

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

    async fn limits(&self, instance_type: &str, version: &str) -> Result<Option<Limits>> {
        let call = self.client.describe_elasticsearch_instance_type_limits();
        let call = call.instance_type(EsPartitionInstanceType::from(instance_type));
        let answer = call.elasticsearch_version(version).send().await;
        let roles = match answer.map_err(|e| error::of("tell what a type of node takes", e)) {
            Ok(answer) => answer.limits_by_role.unwrap_or_default(),
            Err(Error::Aws(e)) if e.code == error::NO_TYPE => return Ok(None),
            Err(e) => return Err(e),
        };
        let types = roles.get("data").and_then(|data| data.storage_types.as_deref());
        let volumes = types.unwrap_or_default().iter().filter_map(volume);
        Ok(Some(Limits(volumes.collect())))
    }
}

/// A type of volume, and the least and the most of it.
fn volume(kind: &StorageType) -> Option<(String, Volume)> {
    let mut volume = Volume::default();
    for limit in kind.storage_type_limits() {
        let value = limit.limit_values().first().and_then(|value| value.parse().ok());
        if let (Some(name), Some(value)) = (limit.limit_name(), value) {
            volume.limit(name, value);
        }
    }
    Some((kind.storage_sub_type_name()?.to_string(), volume))
}
