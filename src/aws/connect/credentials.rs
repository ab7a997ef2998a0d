//! Where credentials come from: keys of the block, or the SDK's sources in their order, and the roles assumed with them.

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_sdk_sts::Client;
use aws_types::SdkConfig;

use super::access::{Access, Profile};
use super::http;
use super::renewed::Renewed;
use super::role::{ByRole, ByToken, Private};
use crate::aws::retry::{Patience, unrationed};

/// The credentials to begin with.
pub(super) fn first(
    access: &Access,
    sources: &ProviderConfig,
    files: &EnvConfigFiles,
) -> SharedCredentialsProvider {
    match &access.keys {
        Some(k) => SharedCredentialsProvider::new(Credentials::new(
            &k.id,
            &k.secret,
            k.token.clone(),
            None,
            "provider block",
        )),
        None => SharedCredentialsProvider::new(chain(access, sources, files)),
    }
}

/// The SDK's sources in its order, but a profile of the block goes before the environment's keys, and the instance may be left out.
fn chain(
    access: &Access,
    sources: &ProviderConfig,
    files: &EnvConfigFiles,
) -> CredentialsProviderChain {
    let profile = Renewed::new(sources, files, access.profile.name());
    let chain = match access.profile {
        Profile::Block(_) => CredentialsProviderChain::first_try("profile", profile),
        _ => CredentialsProviderChain::first_try(
            "environment",
            EnvironmentVariableCredentialsProvider::new(),
        )
        .or_else("profile", profile)
        .or_else(
            "web identity",
            WebIdentityTokenCredentialsProvider::builder().configure(sources).build(),
        ),
    };
    let near = sources.clone().with_http_client(http::direct());
    let chain =
        chain.or_else("container", EcsCredentialsProvider::builder().configure(&near).build());
    match access.skip_instance {
        true => chain,
        false => {
            chain.or_else("instance", ImdsCredentialsProvider::builder().configure(&near).build())
        }
    }
}

/// The same settings with the credentials of the last of the block's roles. `sts` is how STS is reached.
pub(super) fn assume(access: &Access, sdk: SdkConfig, sts: &SdkConfig) -> SdkConfig {
    let mut now = sdk.credentials_provider();
    if let Some(identity) = access.web_identity.clone() {
        now = Some(SharedCredentialsProvider::new(ByToken(client(sts, None), Private(identity))));
    }
    for role in access.roles.iter().cloned() {
        now = Some(SharedCredentialsProvider::new(ByRole(client(sts, now), Private(role))));
    }
    let mut sdk = sdk.into_builder();
    sdk.set_credentials_provider(now);
    sdk.build()
}

/// STS with certain credentials. Not cached: the credentials made with them are.
fn client(sts: &SdkConfig, credentials: Option<SharedCredentialsProvider>) -> Client {
    let mut config = aws_sdk_sts::config::Builder::from(sts)
        .retry_classifier(Patience)
        .retry_partition(unrationed())
        .identity_cache(IdentityCache::no_cache());
    config.set_credentials_provider(credentials);
    Client::from_conf(config.build())
}
