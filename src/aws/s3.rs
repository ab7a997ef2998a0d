//! S3: the bucket for large templates, and templates behind URLs.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::client::Waiters;
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, Delete,
    ObjectIdentifier, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    VersioningConfiguration,
};
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use super::retry::{Patience, unrationed};
use super::{Bucket, Objects, Stored, error};
use crate::cloudformation::partition;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::tf::AttributePath;
use address::Address;

pub use kept::{Buckets, Notices};

mod address;
mod kept;

/// CloudFormation takes templates up to this many bytes.
const LARGEST: usize = 1 << 20;
/// How long a new bucket may stay invisible.
const VISIBLE: Duration = Duration::from_secs(60);

/// S3 in one region.
pub struct S3 {
    client: Client,
    region: String,
    /// Not AWS's own address.
    endpoint: Option<String>,
}

impl S3 {
    /// S3 with these settings. Buckets are put into the path where asked for, or where the host cannot take a name before it.
    pub fn new(config: &SdkConfig, region: &str, use_path_style: Option<bool>) -> Self {
        let endpoint = endpoint(config);
        let path_style =
            use_path_style.unwrap_or_else(|| endpoint.as_deref().is_some_and(address::is_bare));
        let client = Client::from_conf(
            Builder::from(config)
                .force_path_style(path_style)
                .retry_classifier(Patience)
                .retry_partition(unrationed())
                .build(),
        );
        Self { client, region: region.into(), endpoint }
    }

    async fn create(&self, bucket: &str) -> Result<()> {
        let place = BucketLocationConstraint::from(self.region.as_str());
        let place = CreateBucketConfiguration::builder().location_constraint(place).build();
        // The oldest region has no name here.
        let place = (self.region != "us-east-1").then_some(place);
        let answer = self
            .client
            .create_bucket()
            .bucket(bucket)
            .set_create_bucket_configuration(place)
            .send()
            .await;
        match answer.map_err(|e| error::of("create the template bucket", e)) {
            Ok(_) => Ok(()),
            Err(Error::Aws(e)) if e.code == error::OWN_BUCKET => Ok(()),
            Err(e) if e.aws() == Some(AwsErrorKind::Exists) => Err(taken(bucket)),
            Err(e) => Err(e),
        }?;
        let seen = self.client.wait_until_bucket_exists().bucket(bucket).wait(VISIBLE).await;
        seen.map(drop).map_err(|_| Error::TooLong {
            doing: format!("waiting for the new bucket {bucket} to appear"),
            limit: VISIBLE,
        })
    }

    /// Private, encrypted, TLS only, and last of all versioned: so a versioned bucket has all of it.
    async fn harden(&self, bucket: &str, account: &str) -> Result<()> {
        const DOING: &str = "protect the template bucket";
        let (c, bucket, account) =
            (&self.client, Some(bucket.to_string()), Some(account.to_string()));
        let private = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true);
        let private = private.block_public_policy(true).restrict_public_buckets(true).build();
        let call = c
            .put_public_access_block()
            .set_bucket(bucket.clone())
            .set_expected_bucket_owner(account.clone());
        call.public_access_block_configuration(private)
            .send()
            .await
            .map_err(|e| error::of(DOING, e))?;
        if let Some(encrypted) = encrypted() {
            let call = c
                .put_bucket_encryption()
                .set_bucket(bucket.clone())
                .set_expected_bucket_owner(account.clone());
            call.server_side_encryption_configuration(encrypted)
                .send()
                .await
                .map_err(|e| error::of(DOING, e))?;
        }
        let policy =
            tls_only(partition::of(&self.region).name, bucket.as_deref().unwrap_or_default());
        let call = c
            .put_bucket_policy()
            .set_bucket(bucket.clone())
            .set_expected_bucket_owner(account.clone());
        call.policy(policy).send().await.map_err(|e| error::of(DOING, e))?;
        let versioned =
            VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let call = c.put_bucket_versioning().set_bucket(bucket).set_expected_bucket_owner(account);
        call.versioning_configuration(versioned).send().await.map_err(|e| error::of(DOING, e))?;
        Ok(())
    }

    async fn is_hardened(&self, bucket: &str, account: &str) -> Result<bool> {
        let answer = self
            .client
            .get_bucket_versioning()
            .bucket(bucket)
            .expected_bucket_owner(account)
            .send()
            .await;
        let answer = answer.map_err(|e| error::of("look at the template bucket", e))?;
        Ok(answer.status == Some(BucketVersioningStatus::Enabled))
    }
}

#[async_trait]
impl Objects for S3 {
    async fn locate(&self, bucket: &str, account: &str) -> Result<Bucket> {
        let owner = (!account.is_empty()).then(|| account.to_string());
        let call = self.client.head_bucket().bucket(bucket).set_expected_bucket_owner(owner);
        let answer = call.send().await;
        let raw = answer.as_ref().err().and_then(|e| e.raw_response());
        let status = raw.map(|raw| raw.status().as_u16());
        let told = raw.and_then(|raw| raw.headers().get("x-amz-bucket-region")).map(String::from);
        let own = answer.as_ref().ok().and_then(|answer| answer.bucket_region.clone());
        let elsewhere = told.or(own).filter(|region| *region != self.region);
        match (answer.map_err(|e| error::of("look at the template bucket", e)), status) {
            (_, Some(404)) => Ok(Bucket::Gone),
            (_, Some(301)) => Ok(Bucket::Elsewhere(elsewhere.unwrap_or("another region".into()))),
            (Ok(_), _) => Ok(elsewhere.map_or(Bucket::Here, Bucket::Elsewhere)),
            (Err(e), _) => Err(e),
        }
    }

    async fn has_bucket(&self, bucket: &str, account: &str) -> Result<bool> {
        match self.is_hardened(bucket, account).await {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(false),
            hardened => hardened,
        }
    }

    async fn ensure_bucket(&self, bucket: &str, account: &str) -> Result<()> {
        if account.is_empty() {
            let what = "The template bucket cannot be made: the account is not known.";
            let fix = "Set `template_bucket`, or take `skip_requesting_account_id` out of the provider block.";
            return Err(Error::config(AttributePath::root(), what, fix));
        }
        let head =
            self.client.head_bucket().bucket(bucket).expected_bucket_owner(account).send().await;
        let status =
            head.as_ref().err().and_then(|e| e.raw_response()).map(|r| r.status().as_u16());
        match (head.map_err(|e| error::of("look at the template bucket", e)), status) {
            (Ok(_), _) if self.is_hardened(bucket, account).await? => return Ok(()),
            (Ok(_), _) => {}
            (Err(_), Some(404)) => self.create(bucket).await?,
            (Err(_), Some(301 | 403)) => return Err(taken(bucket)),
            (Err(e), _) => return Err(e),
        }
        self.harden(bucket, account).await
    }

    async fn store(
        &self,
        bucket: &str,
        key: &str,
        body: Arc<str>,
        account: &str,
    ) -> Result<Stored> {
        let owner = (!account.is_empty()).then(|| account.to_string());
        let kind = if body.trim_start().starts_with('{') {
            "application/json"
        } else {
            "application/yaml"
        };
        let call = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .set_expected_bucket_owner(owner)
            .content_type(kind);
        let answer = call.body(ByteStream::from(body.as_bytes().to_vec())).send().await;
        let version = answer.map_err(|e| error::of("store the template", e))?.version_id;
        // A bucket whose versions are suspended calls every one of them `null`.
        let version = version.filter(|version| !version.is_empty() && version != "null");
        Ok(Stored {
            url: address::of(&self.region, bucket, key, version.as_deref()),
            fixed: version.is_some(),
        })
    }

    async fn clear(&self, bucket: &str, account: &str) -> Result<usize> {
        const DOING: &str = "empty the bucket";
        let owner = (!account.is_empty()).then(|| account.to_string());
        let page = self
            .client
            .list_object_versions()
            .bucket(bucket)
            .set_expected_bucket_owner(owner.clone())
            .send()
            .await;
        let page = match page.map_err(|e| error::of(DOING, e)) {
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => return Ok(0),
            page => page?,
        };
        let versions = page.versions().iter().map(|v| (v.key(), v.version_id()));
        let all = versions.chain(page.delete_markers().iter().map(|m| (m.key(), m.version_id())));
        let objects: Vec<_> = all
            .filter_map(|(key, id)| {
                ObjectIdentifier::builder()
                    .key(key?)
                    .set_version_id(id.map(Into::into))
                    .build()
                    .ok()
            })
            .collect();
        let count = objects.len();
        let Some(delete) = Delete::builder()
            .set_objects(Some(objects))
            .quiet(true)
            .build()
            .ok()
            .filter(|_| count > 0)
        else {
            return Ok(0);
        };
        let answer = self
            .client
            .delete_objects()
            .bucket(bucket)
            .set_expected_bucket_owner(owner)
            .delete(delete)
            .send()
            .await;
        match answer.map_err(|e| error::of(DOING, e))?.errors().first() {
            Some(e) => Err(locked(
                bucket,
                e.key().unwrap_or_default(),
                e.message().or(e.code()).unwrap_or_default(),
            )),
            None => Ok(count),
        }
    }

    async fn fetch(&self, url: &str) -> Result<String> {
        let Some(Address { bucket, key, version, region }) =
            address::read(url, self.endpoint.as_deref())
        else {
            let fix = "Write it as https://BUCKET.s3.REGION.amazonaws.com/KEY.";
            return Err(Error::config(
                AttributePath::root(),
                format!("{url} is not the address of an S3 object."),
                fix,
            ));
        };
        let call =
            self.client.get_object().bucket(bucket).key(key).set_version_id(version).customize();
        let call = match region.filter(|r| *r != self.region && self.endpoint.is_none()) {
            Some(region) => call.config_override(Builder::new().region(Region::new(region))),
            None => call,
        };
        let answer = call.send().await.map_err(|e| error::of("read the template", e))?;
        if answer.content_length.is_some_and(|n| n > LARGEST as i64) {
            return Err(too_large(url));
        }
        let cut = |e: &dyn std::fmt::Display| Error::Failed {
            state: format!("{url} was not read to its end: {e}."),
            next: "Run Terraform again.".into(),
        };
        let body = answer.body.collect().await.map_err(|e| cut(&e))?.to_vec();
        match String::from_utf8(body) {
            Ok(text) if text.len() > LARGEST => Err(too_large(url)),
            Ok(text) => Ok(text),
            Err(_) => Err(Error::config(
                AttributePath::root(),
                format!("{url} is not text."),
                "A template is YAML or JSON in UTF-8.",
            )),
        }
    }
}

fn locked(bucket: &str, key: &str, why: &str) -> Error {
    Error::Failed {
        state: format!("The bucket {bucket} could not be emptied: {key} is not deleted: {}.", why.trim_end_matches('.')),
        next: "Allow its deletion (permissions, bucket policy, object lock), then destroy again. Nothing that was deleted comes back."
            .into(),
    }
}

fn too_large(url: &str) -> Error {
    let what = format!("{url} is larger than the 1 MB that CloudFormation takes for a template.");
    Error::config(
        AttributePath::root(),
        what,
        "Take a smaller template, or parts of it into nested stacks.",
    )
}

fn taken(bucket: &str) -> Error {
    let what = format!(
        "The bucket {bucket} belongs to another account, is in another region, or is closed to these credentials."
    );
    Error::config(
        AttributePath::root(),
        what,
        "Give the provider block a `template_bucket` of your own, or allow s3:ListBucket on this one.",
    )
}

fn encrypted() -> Option<ServerSideEncryptionConfiguration> {
    let by = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::Aes256)
        .build()
        .ok()?;
    let rule =
        ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by).build();
    ServerSideEncryptionConfiguration::builder().rules(rule).build().ok()
}

fn tls_only(partition: &str, bucket: &str) -> String {
    let arn = format!("arn:{partition}:s3:::{bucket}");
    let statement = serde_json::json!({
        "Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, format!("{arn}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    });
    serde_json::json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}

/// The address that the SDK will use where it is not AWS's own: the block's, the service's, or that of all services.
fn endpoint(config: &SdkConfig) -> Option<String> {
    let shared = config.endpoint_url().map(str::to_string);
    if config.get_origin("endpoint_url").is_client_config() {
        return shared;
    }
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    config.service_config().and_then(|s| s.load_config(key)).or(shared)
}
