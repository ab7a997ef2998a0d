//! Roles, assumed by STS: all that the provider block can say about one, more than the SDK's own chain takes.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use aws_sdk_sts::Client;
use aws_sdk_sts::types::{AssumedRoleUser, Credentials as Assumed, PolicyDescriptorType, Tag};

use super::access::{Role, Session, Token, WebIdentity};
use crate::aws::error;
use crate::cloudformation::arn::Arn;
use crate::outcome::{Error, unread};

/// A session's name when none is given.
const SESSION: &str = "terraform-provider-quilt";

/// Credentials of a role, by those of the client.
#[derive(Debug)]
pub(super) struct ByRole(pub Client, pub Private<Role>);

/// Credentials of a role, by an identity provider's token.
#[derive(Debug)]
pub(super) struct ByToken(pub Client, pub Private<WebIdentity>);

/// What is never printed.
pub(super) struct Private<T>(pub T);

impl<T> std::fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl ProvideCredentials for ByRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

impl ProvideCredentials for ByToken {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

impl ByRole {
    async fn assume(&self) -> provider::Result {
        let Self(client, Private(role)) = self;
        let tags = role
            .tags
            .iter()
            .filter_map(|(k, v)| Tag::builder().key(k).value(v).build().ok())
            .collect::<Vec<_>>();
        let answer = client
            .assume_role()
            .role_arn(&role.arn)
            .role_session_name(role.session.name.as_deref().unwrap_or(SESSION))
            .set_duration_seconds(seconds(&role.session))
            .set_policy(role.session.policy.clone())
            .set_policy_arns(policies(&role.session))
            .set_external_id(role.external_id.clone())
            .set_source_identity(role.source_identity.clone())
            .set_tags(unless_empty(tags))
            .set_transitive_tag_keys(unless_empty(role.transitive_tag_keys.clone()))
            .send()
            .await
            .map_err(|e| refused(&role.arn, error::of("assume the role", e)))?;
        credentials(answer.credentials, answer.assumed_role_user)
    }
}

impl ByToken {
    async fn assume(&self) -> provider::Result {
        let Self(client, Private(identity)) = self;
        let answer = client
            .assume_role_with_web_identity()
            .role_arn(&identity.arn)
            .role_session_name(identity.session.name.as_deref().unwrap_or(SESSION))
            .web_identity_token(token(&identity.token).await?)
            .set_duration_seconds(seconds(&identity.session))
            .set_policy(identity.session.policy.clone())
            .set_policy_arns(policies(&identity.session))
            .send()
            .await
            .map_err(|e| refused(&identity.arn, error::of("assume the role", e)))?;
        credentials(answer.credentials, answer.assumed_role_user)
    }
}

/// Read anew each time: whoever writes the file renews it.
async fn token(token: &Token) -> Result<String, CredentialsError> {
    match token {
        Token::Text(text) => Ok(text.clone()),
        Token::File(path) => match tokio::fs::read_to_string(path).await {
            Ok(text) => Ok(text.trim().to_string()),
            Err(e) => Err(CredentialsError::provider_error(format!(
                "the web identity token file {path}: {}",
                unread(&e)
            ))),
        },
    }
}

fn refused(role: &str, e: Error) -> CredentialsError {
    CredentialsError::provider_error(match e {
        Error::Aws(mut e) => {
            e.message = format!("{} ({role})", e.message);
            Error::Aws(e)
        }
        e => e,
    })
}

fn credentials(assumed: Option<Assumed>, user: Option<AssumedRoleUser>) -> provider::Result {
    let assumed = assumed.ok_or_else(|| CredentialsError::unhandled("STS gave no credentials"))?;
    let expiry = SystemTime::try_from(assumed.expiration).map_err(CredentialsError::unhandled)?;
    let account = user.and_then(|u| Arn::of(&u.arn).map(|arn| arn.account.to_string()));
    let mut credentials = Credentials::builder()
        .access_key_id(assumed.access_key_id)
        .secret_access_key(assumed.secret_access_key)
        .session_token(assumed.session_token)
        .expiry(expiry)
        .provider_name("assumed role");
    credentials.set_account_id(account.map(Into::into));
    Ok(credentials.build())
}

fn seconds(session: &Session) -> Option<i32> {
    session.duration.and_then(|d| i32::try_from(d.as_secs()).ok())
}

fn policies(session: &Session) -> Option<Vec<PolicyDescriptorType>> {
    unless_empty(
        session
            .policy_arns
            .iter()
            .map(|arn| PolicyDescriptorType::builder().arn(arn).build())
            .collect(),
    )
}

/// STS takes an empty list for a mistake.
fn unless_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}
