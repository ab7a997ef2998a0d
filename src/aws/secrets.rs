//! Secrets Manager.

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::Builder;
use aws_sdk_secretsmanager::types::Tag;

use super::retry::{Patience, unrationed};
use super::{Pairs, Secrets, error, no_answer};
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::rotation::Versions;
use crate::quilt::secret::Secret;

/// A secret as Secrets Manager describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// As `arn:aws:secretsmanager:…`.
    pub arn: String,
    /// By which we know that it is ours.
    pub tags: Pairs,
    /// Its deletion is under way and can be called off.
    pub going: bool,
    /// Something changes it by itself from time to time.
    pub rotates: bool,
    /// Its versions that have labels.
    pub versions: Versions,
}

/// Secrets Manager in one region.
pub struct SecretsManager {
    client: Client,
}

impl SecretsManager {
    /// A client of its own from shared settings.
    pub fn new(config: &aws_types::SdkConfig) -> Self {
        let config =
            Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build();
        Self { client: Client::from_conf(config) }
    }
}

/// Tags as they are sent.
fn sent(tags: &Pairs) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

#[async_trait]
impl Secrets for SecretsManager {
    async fn value_at(&self, secret: &str, label: &str) -> Result<Option<Secret>> {
        let call = self.client.get_secret_value().secret_id(secret).version_stage(label);
        let answer = call.send().await;
        match answer.map_err(|e| error::of("read the secret", e)) {
            // A secret of bytes is no text: what holds nothing is told apart by whoever reads it.
            Ok(answer) => Ok(Some(answer.secret_string.unwrap_or_default().into())),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }

    async fn describe(&self, secret: &str) -> Result<Option<Kept>> {
        let answer = self.client.describe_secret().secret_id(secret).send().await;
        let answer = match answer.map_err(|e| error::of("describe the secret", e)) {
            Ok(answer) => answer,
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(None),
            Err(e) => return Err(e),
        };
        let tags = answer
            .tags
            .unwrap_or_default()
            .into_iter()
            .filter_map(|t| Some((t.key?, t.value.unwrap_or_default())));
        let versions = answer.version_ids_to_stages.unwrap_or_default().into_iter();
        Ok(Some(Kept {
            arn: answer.arn.unwrap_or_default(),
            tags: tags.collect(),
            going: answer.deleted_date.is_some(),
            rotates: answer.rotation_enabled.unwrap_or_default(),
            versions: versions.map(|(id, labels)| (id, labels.into_iter().collect())).collect(),
        }))
    }

    async fn create(
        &self,
        name: &str,
        description: &str,
        value: &Secret,
        tags: &Pairs,
    ) -> Result<String> {
        let call = self
            .client
            .create_secret()
            .name(name)
            .description(description)
            .secret_string(value.reveal())
            .set_tags(Some(sent(tags)));
        let answer = call.send().await.map_err(|e| error::of("make the secret", e))?;
        answer.arn.ok_or_else(|| no_answer("make the secret"))
    }

    async fn add(&self, secret: &str, value: &Secret, label: &str) -> Result<String> {
        let call = self.client.put_secret_value().secret_id(secret);
        let call = call.secret_string(value.reveal()).version_stages(label);
        let answer = call.send().await.map_err(|e| error::of("add a version to the secret", e))?;
        answer.version_id.ok_or_else(|| no_answer("add a version to the secret"))
    }

    async fn relabel(
        &self,
        secret: &str,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<()> {
        let call = self
            .client
            .update_secret_version_stage()
            .secret_id(secret)
            .version_stage(label)
            .set_remove_from_version_id(from.map(str::to_string))
            .set_move_to_version_id(to.map(str::to_string));
        let answer = call.send().await;
        answer.map(drop).map_err(|e| error::of("label the secret's versions", e))
    }

    async fn tag(&self, secret: &str, tags: &Pairs, gone: &[String]) -> Result<()> {
        if !tags.is_empty() {
            let call = self.client.tag_resource().secret_id(secret).set_tags(Some(sent(tags)));
            call.send().await.map_err(|e| error::of("tag the secret", e))?;
        }
        if !gone.is_empty() {
            let call = self.client.untag_resource().secret_id(secret);
            let call = call.set_tag_keys(Some(gone.to_vec()));
            call.send().await.map_err(|e| error::of("take tags from the secret", e))?;
        }
        Ok(())
    }

    async fn restore(&self, secret: &str) -> Result<()> {
        self.client
            .restore_secret()
            .secret_id(secret)
            .send()
            .await
            .map(drop)
            .map_err(|e| error::of("restore the secret", e))
    }

    async fn delete(&self, secret: &str, days: i64) -> Result<()> {
        let call = self.client.delete_secret().secret_id(secret).recovery_window_in_days(days);
        call.send().await.map(drop).map_err(|e| error::of("delete the secret", e))
    }
}
