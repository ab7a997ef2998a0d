//! The way to AWS: made at the first call that needs it, once, and shared by all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{self, ProfileFileRegionProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, FrameworkMetadata, Region};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::origin::Origin;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use tokio::sync::OnceCell;

use super::acm::Acm;
use super::cloudformation::CloudFormation;
use super::cloudtrail::CloudTrail;
use super::ec2::Ec2;
use super::ecs::Ecs;
use super::elb::Elb;
use super::iam::Iam;
use super::logs::CloudWatchLogs;
use super::metrics::CloudWatch;
use super::quotas::ServiceQuotas;
use super::rds::Rds;
use super::s3::S3;
use super::search::Search;
use super::secrets::SecretsManager;
use super::sts::Sts;
use super::{Aws, Identity, Regions};
use crate::cloudformation::partition::{REGIONS, correction};
use crate::outcome::{Error, Result};
use crate::tf::AttributePath;
use access::Access;
use guard::Guard;

pub mod access;
mod credentials;
mod guard;
mod http;
pub mod page;
mod renewed;
mod role;

#[cfg(test)]
pub use http::tests as tls;

/// Whose log is not taken: it finds credentials, and warns with what a program or a file holds.
pub const UNHEARD: &str = "aws_config";
/// Repetitions of a failed call unless said otherwise, as hashicorp/aws has it.
const RETRIES: u32 = 25;
/// How long one attempt may take in all.
const ATTEMPT: Duration = Duration::from_secs(120);

/// AWS in every region, by what a provider block says.
pub struct Connection {
    access: Access,
    base: OnceCell<Base>,
    regions: Mutex<BTreeMap<String, Arc<Aws>>>,
}

/// What all regions share.
struct Base {
    sdk: SdkConfig,
    region: Option<String>,
    identity: Arc<dyn Identity>,
}

impl Connection {
    /// Nothing is read or called before it is needed.
    pub fn new(access: Access) -> Self {
        Self { access, base: OnceCell::new(), regions: Mutex::default() }
    }

    fn in_region(&self, base: &Base, region: &str) -> Arc<Aws> {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let service = |name| self.access.service(&base.sdk, name, Some(region));
            let cloudformation = Arc::new(CloudFormation::new(&service("cloudformation")));
            let s3 = Arc::new(S3::new(&service("s3"), region, self.access.s3_use_path_style));
            Arc::new(Aws {
                region: region.into(),
                stacks: cloudformation.clone(),
                drifts: cloudformation,
                objects: s3.clone(),
                buckets: s3,
                databases: Arc::new(Rds::new(&service("rds"))),
                secrets: Arc::new(SecretsManager::new(&service("secretsmanager"))),
                domains: Arc::new(Search::new(&service("es"))),
                certificates: Arc::new(Acm::new(&service("acm"))),
                networks: Arc::new(Ec2::new(&service("ec2"))),
                tasks: Arc::new(Ecs::new(&service("ecs"))),
                logs: Arc::new(CloudWatchLogs::new(&service("logs"))),
                balancers: Arc::new(Elb::new(&service("elbv2"))),
                metrics: Arc::new(CloudWatch::new(&service("cloudwatch"))),
                trail: Arc::new(CloudTrail::new(&service("cloudtrail"))),
                policies: Arc::new(Iam::new(&service("iam"))),
                quotas: Arc::new(ServiceQuotas::new(&service("servicequotas"))),
                identity: base.identity.clone(),
            })
        };
        regions.entry(region.into()).or_insert_with(new).clone()
    }
}

#[async_trait]
impl Regions for Connection {
    async fn aws(&self, region: Option<&str>) -> Result<Arc<Aws>> {
        let base = self.base.get_or_try_init(|| self.access.load(region)).await?;
        let region = region.or(base.region.as_deref()).ok_or_else(no_region)?;
        if !self.access.any_region && !REGIONS.contains(&region) {
            let own = base.region.as_deref() == Some(region);
            // That of the provider block was checked before.
            let from = if own {
                "It comes from AWS_REGION, AWS_DEFAULT_REGION or the profile. "
            } else {
                ""
            };
            let fix = format!(
                "{from}{} If it is new, or an emulator's own, set `skip_region_validation = true` in the provider block.",
                correction(region)
            );
            return Err(Error::config(
                if own { AttributePath::root() } else { AttributePath::new("region") },
                format!("There is no AWS region `{region}`."),
                fix,
            ));
        }
        if !self.access.accounts.anybody() {
            base.identity.caller().await?;
        }
        Ok(self.in_region(base, region))
    }
}

fn no_region() -> Error {
    let fix = "Set `region` in the provider block, AWS_REGION in the environment, or a region in the profile.";
    Error::config(AttributePath::root(), "No AWS region is set.", fix)
}

impl Access {
    /// Reads what the environment and the shared files add, and makes credentials of it. STS is asked in `asked` where no region is set.
    async fn load(&self, asked: Option<&str>) -> Result<Base> {
        let files = self.files();
        let profile = self.profile(&files).await?;
        let retries = self.retries(&profile)?;
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(http::CONNECT)
            .read_timeout(http::READ)
            .operation_attempt_timeout(ATTEMPT)
            .build();
        let client = http::client(&self.network)?;
        let sources = ProviderConfig::without_region()
            .with_http_client(client.clone())
            .with_retry_config(retries.clone())
            .with_timeout_config(timeouts.clone())
            .with_behavior_version(Some(version()));
        let region = self.find_region(&files).await;
        let sources = sources
            .with_region(region.clone().map(Region::new))
            .with_use_fips(self.fips)
            .with_use_dual_stack(self.dual_stack);
        let mut loader = aws_config::defaults(version())
            .region(region.clone().map(Region::new))
            .http_client(client)
            .retry_config(retries)
            .timeout_config(timeouts)
            .credentials_provider(credentials::first(self, &sources, &files))
            .profile_files(files)
            .app_name(
                AppName::new("terraform-provider-quilt")
                    .unwrap_or_else(|_| unreachable!("a fixed name")),
            );
        if let Some(name) = self.profile.name() {
            loader = loader.profile_name(name);
        }
        if let Ok(terraform) =
            FrameworkMetadata::new("Terraform", Some(self.terraform_version.clone()))
        {
            loader = loader.framework_metadata(terraform);
        }
        loader = self.fips.into_iter().fold(loader, |l, on| l.use_fips(on));
        loader = self.dual_stack.into_iter().fold(loader, |l, on| l.use_dual_stack(on));
        let sdk = without_empty(loader.load().await);
        let home = self.sts_region.as_deref().or(region.as_deref()).or(asked);
        let sts = self.service(&sdk, "sts", home);
        let sdk = credentials::assume(self, sdk, &sts);
        let asked = Sts::new(self.service(&sdk, "sts", home), self.skip_account);
        let guard = Guard::new(sdk.credentials_provider(), asked, self.accounts.clone());
        let mut sdk = sdk.into_builder();
        sdk.set_credentials_provider(Some(SharedCredentialsProvider::new(guard.clone())));
        Ok(Base { sdk: sdk.build(), region, identity: Arc::new(guard) })
    }

    /// Settings for one service in one region: its own address goes before all others.
    fn service(&self, sdk: &SdkConfig, name: &str, region: Option<&str>) -> SdkConfig {
        let mut sdk = sdk.clone().into_builder().region(region.map(|r| Region::new(r.to_string())));
        if let Some(url) = self.endpoints.get(name) {
            sdk.insert_origin("endpoint_url", Origin::shared_config());
            sdk.set_endpoint_url(Some(url.clone()));
        }
        sdk.build()
    }

    fn files(&self) -> EnvConfigFiles {
        let mut files = EnvConfigFiles::builder()
            .include_default_config_file(self.config_files.is_empty())
            .include_default_credentials_file(self.credentials_files.is_empty());
        for path in &self.config_files {
            files = files.with_file(EnvConfigFileKind::Config, path);
        }
        for path in &self.credentials_files {
            files = files.with_file(EnvConfigFileKind::Credentials, path);
        }
        files.build()
    }

    /// The files that are read, for a sentence.
    fn read_files(&self) -> String {
        let usual = |set: &[String], variable: &str, name: &str| match set {
            [] => vec![std::env::var(variable).unwrap_or_else(|_| format!("~/.aws/{name}"))],
            set => set.to_vec(),
        };
        let mut all = usual(&self.config_files, "AWS_CONFIG_FILE", "config");
        all.extend(usual(&self.credentials_files, "AWS_SHARED_CREDENTIALS_FILE", "credentials"));
        all.join(", ")
    }

    /// The profiles of the shared files, with ours chosen.
    async fn profile(&self, files: &EnvConfigFiles) -> Result<ProfileSet> {
        let wrong = |what: String| {
            Error::config(
                AttributePath::root(),
                what,
                "Correct the file, or name another one or another profile.",
            )
        };
        let name = self.profile.name().map(|n| n.to_string().into());
        let profiles = profile::load(&Default::default(), &Default::default(), files, name).await;
        let profiles =
            profiles.map_err(|e| wrong(format!("The shared AWS files cannot be read: {e}.")))?;
        match self.profile.name() {
            Some(name) if profiles.get_profile(name).is_none() => Err(wrong(format!(
                "There is no profile `{name}` in the shared AWS files. Read: {}.",
                self.read_files()
            ))),
            _ => Ok(profiles),
        }
    }

    fn retries(&self, profile: &ProfileSet) -> Result<RetryConfig> {
        let wrong = |name: &str| {
            let what =
                format!("`{name}` of the profile `{}` is not usable.", profile.selected_profile());
            Error::config(
                AttributePath::root(),
                what,
                "`max_attempts` is a number from 1 on, `retry_mode` is standard or adaptive.",
            )
        };
        let attempts = profile
            .get("max_attempts")
            .map(|n| n.parse().ok().filter(|n| *n > 0).ok_or_else(|| wrong("max_attempts")));
        let adaptive = match profile.get("retry_mode") {
            None | Some("legacy" | "standard") => false,
            Some("adaptive") => true,
            Some(_) => return Err(wrong("retry_mode")),
        };
        let config = if self.retries.adaptive.unwrap_or(adaptive) {
            RetryConfig::adaptive()
        } else {
            RetryConfig::standard()
        };
        Ok(config.with_max_attempts(
            self.retries.attempts.map_or_else(|| attempts.unwrap_or(Ok(RETRIES + 1)), Ok)?,
        ))
    }

    /// The block's region; else the environment's, the profile's, the instance's.
    async fn find_region(&self, files: &EnvConfigFiles) -> Option<String> {
        if self.region.is_some() {
            return self.region.clone();
        }
        let profile = ProfileFileRegionProvider::builder().profile_files(files.clone());
        let profile = match self.profile.name() {
            Some(name) => profile.profile_name(name).build(),
            None => profile.build(),
        };
        let chain = RegionProviderChain::first_try(
            aws_config::environment::EnvironmentVariableRegionProvider::new(),
        )
        .or_else(profile);
        let chain = match self.skip_instance {
            true => chain,
            false => {
                let near = ProviderConfig::without_region().with_http_client(http::direct());
                chain.or_else(ImdsRegionProvider::builder().configure(&near).build())
            }
        };
        chain.region().await.map(|r| r.to_string()).filter(|r| !r.is_empty())
    }
}

/// Addresses that are empty are none: the SDK would take them for addresses.
fn without_empty(sdk: SdkConfig) -> SdkConfig {
    let url = sdk.endpoint_url().filter(|url| !url.is_empty()).map(String::from);
    let mut whole = sdk.clone().into_builder().service_config(Said(sdk));
    whole.set_endpoint_url(url);
    whole.build()
}

/// What environment and profile say of single services.
#[derive(Debug)]
struct Said(SdkConfig);

impl LoadServiceConfig for Said {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        self.0.service_config()?.load_config(key).filter(|said| !said.is_empty())
    }
}

fn version() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}
