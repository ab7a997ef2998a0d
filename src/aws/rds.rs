//! RDS: database instances and their snapshots.

use async_trait::async_trait;
use aws_sdk_rds::Client;
use aws_sdk_rds::config::Builder;
use aws_sdk_rds::types::{DbInstance, DbSnapshot, OrderableDbInstanceOption, Tag};
use aws_smithy_types::date_time::Format;

use super::retry::{Patience, unrationed};
use super::{Databases, Page, Pairs, error, no_answer};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::database::{Facts, Instance, Offer};
use crate::quilt::secret::Secret;
use crate::quilt::snapshot::Snapshot;

/// RDS in one region.
pub struct Rds {
    client: Client,
}

impl Rds {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        Self { client: Client::from_conf(config) }
    }
}

/// `None` where AWS says that it does not exist.
fn if_there<T>(answer: Result<Option<T>>) -> Result<Option<T>> {
    match answer {
        Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
        answer => answer,
    }
}

#[async_trait]
impl Databases for Rds {
    async fn instance(&self, id: &str) -> Result<Option<Instance>> {
        let answer = self.client.describe_db_instances().db_instance_identifier(id).send().await;
        let answer = answer.map_err(|e| error::of("describe the database", e));
        if_there(
            answer.map(|a| a.db_instances.unwrap_or_default().into_iter().next().map(instance)),
        )
    }

    async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>> {
        let answer = self.client.describe_db_snapshots().db_snapshot_identifier(id).send().await;
        let answer = answer.map_err(|e| error::of("describe the snapshot", e));
        if_there(
            answer.map(|a| a.db_snapshots.unwrap_or_default().into_iter().next().map(snapshot)),
        )
    }

    async fn snapshot_page(&self, next: Option<&str>) -> Result<Page<Snapshot>> {
        let call = self.client.describe_db_snapshots().snapshot_type("manual");
        let answer = call.set_marker(next.map(str::to_string)).send().await;
        let answer = answer.map_err(|e| error::of("list the snapshots", e))?;
        let items = answer.db_snapshots.unwrap_or_default().into_iter().map(snapshot).collect();
        Ok(Page { items, next: answer.marker.filter(|marker| !marker.is_empty()) })
    }

    async fn snapshots(&self, instance: &str) -> Result<Vec<Snapshot>> {
        let call = self.client.describe_db_snapshots().db_instance_identifier(instance);
        let pages = call.snapshot_type("manual").into_paginator().items().send();
        let found = pages.collect::<std::result::Result<Vec<_>, _>>().await;
        let found = found.map(Some).map_err(|e| error::of("list the snapshots", e));
        Ok(if_there(found)?.unwrap_or_default().into_iter().map(snapshot).collect())
    }

    async fn take(&self, id: &str, instance: &str, tags: &Pairs) -> Result<Snapshot> {
        let call = self
            .client
            .create_db_snapshot()
            .db_snapshot_identifier(id)
            .db_instance_identifier(instance);
        let answer = call
            .set_tags(Some(to_tags(tags)))
            .send()
            .await
            .map_err(|e| error::of("take the snapshot", e))?;
        answer.db_snapshot.map(snapshot).ok_or_else(|| no_answer("take the snapshot"))
    }

    async fn copy(
        &self,
        id: &str,
        source: &str,
        key: Option<&str>,
        tags: &Pairs,
    ) -> Result<Snapshot> {
        let call = self
            .client
            .copy_db_snapshot()
            .target_db_snapshot_identifier(id)
            .source_db_snapshot_identifier(source);
        let call = call.set_kms_key_id(key.map(str::to_string)).set_tags(Some(to_tags(tags)));
        let answer = call.send().await.map_err(|e| error::of("copy the snapshot", e))?;
        answer.db_snapshot.map(snapshot).ok_or_else(|| no_answer("copy the snapshot"))
    }

    async fn delete_snapshot(&self, id: &str) -> Result<()> {
        let answer = self.client.delete_db_snapshot().db_snapshot_identifier(id).send().await;
        if_there(answer.map(Some).map_err(|e| error::of("delete the snapshot", e))).map(drop)
    }

    async fn upgrades(&self, version: &str) -> Result<Vec<String>> {
        let call =
            self.client.describe_db_engine_versions().engine("postgres").engine_version(version);
        let answer = call
            .include_all(true)
            .send()
            .await
            .map_err(|e| error::of("tell where an engine's version may go", e))?;
        let versions = answer.db_engine_versions.unwrap_or_default().into_iter();
        let targets = versions.flat_map(|v| v.valid_upgrade_target.unwrap_or_default());
        Ok(targets.filter_map(|target| target.engine_version).collect())
    }

    async fn offered(&self) -> Result<Vec<String>> {
        let call = self.client.describe_db_engine_versions().engine("postgres");
        let mut pages = call.into_paginator().send();
        let mut versions = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("tell the versions of PostgreSQL", e))?;
            let page = page.db_engine_versions.unwrap_or_default().into_iter();
            versions.extend(page.filter_map(|version| version.engine_version));
        }
        Ok(versions)
    }

    async fn offers(&self, class: &str, version: &str) -> Result<Vec<Offer>> {
        let call = self.client.describe_orderable_db_instance_options().engine("postgres");
        let call = call.engine_version(version).db_instance_class(class).vpc(true);
        let mut pages = call.into_paginator().send();
        let mut offers = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| error::of("tell what instances can be ordered", e))?;
            offers.extend(page.orderable_db_instance_options.unwrap_or_default().iter().map(offer));
        }
        Ok(offers)
    }

    async fn tag(&self, arn: &str, set: &Pairs, remove: &[String]) -> Result<()> {
        if !remove.is_empty() {
            let call = self
                .client
                .remove_tags_from_resource()
                .resource_name(arn)
                .set_tag_keys(Some(remove.to_vec()));
            call.send().await.map_err(|e| error::of("remove the tags", e))?;
        }
        if !set.is_empty() {
            let call =
                self.client.add_tags_to_resource().resource_name(arn).set_tags(Some(to_tags(set)));
            call.send().await.map_err(|e| error::of("set the tags", e))?;
        }
        Ok(())
    }

    async fn set_password(&self, id: &str, password: &Secret) -> Result<()> {
        let call = self.client.modify_db_instance().db_instance_identifier(id);
        let call = call.master_user_password(password.reveal()).apply_immediately(true);
        let answer = call.send().await;
        answer.map(drop).map_err(|e| error::of("change the database's password", e))
    }
}

fn to_tags(pairs: &Pairs) -> Vec<Tag> {
    pairs.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

fn offer(option: &OrderableDbInstanceOption) -> Offer {
    Offer {
        storage_type: option.storage_type.clone().unwrap_or_default(),
        multi_az: option.multi_az_capable.unwrap_or_default(),
        least: option.min_storage_size.unwrap_or_default().into(),
        most: option.max_storage_size.map_or(i64::MAX, i64::from),
    }
}

fn instance(i: DbInstance) -> Instance {
    Instance {
        id: i.db_instance_identifier.unwrap_or_default(),
        resource_id: i.dbi_resource_id.unwrap_or_default(),
        status: i.db_instance_status.unwrap_or_default(),
        database_name: i.db_name.unwrap_or_default(),
        protected: i.deletion_protection.unwrap_or_default(),
        host: i.endpoint.and_then(|endpoint| endpoint.address).unwrap_or_default(),
        password_comes: i.pending_modified_values.is_some_and(|p| p.master_user_password.is_some()),
        kept_by_rds: i.master_user_secret.is_some(),
        facts: Facts {
            engine: i.engine.unwrap_or_default(),
            engine_version: i.engine_version.unwrap_or_default(),
            username: i.master_username.unwrap_or_default(),
            allocated_storage: i.allocated_storage.unwrap_or_default().into(),
            encrypted: i.storage_encrypted.unwrap_or_default(),
            kms_key_id: i.kms_key_id.filter(|key| !key.is_empty()),
        },
    }
}

fn snapshot(s: DbSnapshot) -> Snapshot {
    let tags = s
        .tag_list
        .unwrap_or_default()
        .into_iter()
        .filter_map(|t| Some((t.key?, t.value.unwrap_or_default())));
    Snapshot {
        id: s.db_snapshot_identifier.unwrap_or_default(),
        arn: s.db_snapshot_arn.unwrap_or_default(),
        instance: s.db_instance_identifier.unwrap_or_default(),
        status: s.status.unwrap_or_default(),
        percent: s.percent_progress.unwrap_or_default(),
        kind: s.snapshot_type.unwrap_or_default(),
        facts: Facts {
            engine: s.engine.unwrap_or_default(),
            engine_version: s.engine_version.unwrap_or_default(),
            username: s.master_username.unwrap_or_default(),
            allocated_storage: s.allocated_storage.unwrap_or_default().into(),
            encrypted: s.encrypted.unwrap_or_default(),
            kms_key_id: s.kms_key_id.filter(|key| !key.is_empty()),
        },
        created_at: s.snapshot_create_time.and_then(|t| t.fmt(Format::DateTime).ok()),
        tags: tags.filter(|(k, _)| !k.starts_with("aws:") && !k.starts_with("rds:")).collect(),
    }
}
