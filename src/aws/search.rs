//! Search domains, by the calls that are older than OpenSearch and know Elasticsearch alone; what those do not know of newer nodes, by a newer one.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_elasticsearch::Client;
use aws_sdk_elasticsearch::config::Builder;
use serde::Deserialize;

use super::retry::{Patience, unrationed};
use super::signed::json::reading;
use super::signed::{Service, Signed};
use super::{Domains, error};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::search::{Domain, Limits, Volume};

/// Search domains in one region.
pub struct Search {
    client: Client,
    newer: Signed,
}

/// Both have one address.
const SERVICE: Service = Service {
    id: "Elasticsearch Service",
    signs_as: "es",
    host: "es",
    fips_in_gov_cloud: false,
    global: false,
};
/// Where it is told what types of nodes take.
const LIMITS: &str = "/2021-01-01/opensearch/instanceTypeLimits";

impl Search {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let newer = Signed::new(config, &SERVICE);
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        Self { client: Client::from_conf(config), newer }
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
            nodes: domain
                .elasticsearch_cluster_config
                .and_then(|cluster| cluster.instance_count)
                .map_or(1, i64::from),
            volume: domain.ebs_options.and_then(|volume| volume.volume_size).map(i64::from),
            name: domain.domain_name,
        }))
    }

    async fn limits(&self, instance_type: &str, version: &str) -> Result<Option<Limits>> {
        let kind = format!("{}.search", instance_type.trim_end_matches(".elasticsearch"));
        let path = format!("{LIMITS}/Elasticsearch_{version}/{kind}");
        let doing = "tell what a type of node takes";
        match self.newer.get::<Answer>(doing, "DescribeInstanceTypeLimits", path, reading()).await {
            Ok(answer) => Ok(Some(answer.limits())),
            Err(Error::Aws(e)) if [error::NO_TYPE, error::UNFIT].contains(&e.code.as_str()) => {
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }
}

/// What nodes of a type take, by what they do.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    limits_by_role: BTreeMap<String, Role>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Role {
    storage_types: Vec<StorageType>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct StorageType {
    storage_sub_type_name: String,
    storage_type_limits: Vec<Limit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Limit {
    limit_name: String,
    limit_values: Vec<String>,
}

impl Answer {
    /// What data nodes take.
    fn limits(mut self) -> Limits {
        let types = self.limits_by_role.remove("data").unwrap_or_default().storage_types;
        Limits(types.into_iter().map(StorageType::volume).collect())
    }
}

impl StorageType {
    fn volume(self) -> (String, Volume) {
        let mut volume = Volume::default();
        for Limit { limit_name, limit_values } in self.storage_type_limits {
            if let Some(value) = limit_values.first().and_then(|value| value.parse().ok()) {
                volume.limit(&limit_name, value);
            }
        }
        (self.storage_sub_type_name, volume)
    }
}
