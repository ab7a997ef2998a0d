//! Who we are to AWS.

use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::Builder;
use aws_types::SdkConfig;

use super::retry::{Patience, unrationed};
use super::{error, no_answer};
use crate::cloudformation::arn::Arn;
use crate::outcome::Result;

const DOING: &str = "tell whose credentials these are";

/// Who is calling AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The account's number; empty where `skip_requesting_account_id` leaves it unknown.
    pub account: String,
    /// The part of AWS, as `aws-cn`; `None` where it was not told.
    pub partition: Option<String>,
    /// Their ARN: a user's, a role's session's or the root's; empty where it was not told.
    pub arn: String,
}

/// STS, which says whose credentials are.
pub struct Sts {
    config: SdkConfig,
    /// STS is not asked, only the credentials themselves.
    skip: bool,
}

impl Sts {
    /// STS with these settings; `skip`: what the credentials do not say about the account is not asked for.
    pub fn new(config: SdkConfig, skip: bool) -> Self {
        Self { config, skip }
    }

    /// Whose these credentials are.
    pub async fn whose(&self, credentials: &Credentials) -> Result<Caller> {
        if self.skip {
            let account =
                credentials.account_id().map(|id| id.as_str().to_string()).unwrap_or_default();
            return Ok(Caller { account, ..Caller::default() });
        }
        let config =
            Builder::from(&self.config).retry_classifier(Patience).retry_partition(unrationed());
        let client = Client::from_conf(config.credentials_provider(credentials.clone()).build());
        let answer = client.get_caller_identity().send().await.map_err(|e| error::of(DOING, e))?;
        let account =
            answer.account.filter(|account| !account.is_empty()).ok_or_else(|| no_answer(DOING))?;
        let arn = answer.arn.unwrap_or_default();
        let partition = Arn::of(&arn).map(|arn| arn.partition.to_string());
        Ok(Caller { account, partition, arn })
    }
}
