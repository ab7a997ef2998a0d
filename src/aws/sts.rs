//! Who we are to AWS.

use async_trait::async_trait;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_sts::Client;
use tokio::sync::OnceCell;

use super::retry::{Patience, unrationed};
use super::{Identity, error};
use crate::outcome::Result;

/// STS.
pub struct Sts {
    client: Client,
    /// Set: STS is not asked, only the credentials themselves.
    unasked: Option<SharedCredentialsProvider>,
    account: OnceCell<String>,
}

impl Sts {
    /// STS with these settings; `skip`: what the credentials do not say about the account is not asked for.
    pub fn new(config: &aws_types::SdkConfig, skip: bool) -> Self {
        let client =
            Client::from_conf(aws_sdk_sts::config::Builder::from(config).retry_classifier(Patience).retry_partition(unrationed()).build());
        Self { client, unasked: config.credentials_provider().filter(|_| skip), account: OnceCell::new() }
    }

    async fn ask(&self) -> Result<String> {
        if let Some(credentials) = &self.unasked {
            let known = credentials.provide_credentials().await.ok().and_then(|c| c.account_id().map(|id| id.as_str().to_string()));
            return Ok(known.unwrap_or_default());
        }
        let answer = self.client.get_caller_identity().send().await.map_err(|e| error::of("tell whose credentials these are", e))?;
        Ok(answer.account.unwrap_or_default())
    }
}

#[async_trait]
impl Identity for Sts {
    async fn account(&self) -> Result<String> {
        self.account.get_or_try_init(|| self.ask()).await.cloned()
    }
}
