//! What an error of AWS means: the only place that reads AWS's error codes. Its prose is read by `cloudformation/prose.rs`.

use std::error::Error as StdError;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::ErrorKind;
use regex_lite::{Captures, Regex};

use crate::cloudformation::prose;
use crate::outcome::{AwsError, AwsErrorKind, Error};

/// The meaning of an SDK error. `doing` is what was asked, as "create the stack".
pub fn of<E>(doing: &'static str, e: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let status = e.raw_response().map(|r| r.status().as_u16());
    let service = e
        .as_service_error()
        .map(|s| (s.code().unwrap_or_default().to_string(), s.message().unwrap_or_default()));
    let (kind, code, message) = match service {
        Some((code, text)) => {
            (kind(&code, text, status), code.clone(), answer(&code, text, status))
        }
        None => unanswered(&e),
    };
    Error::Aws(AwsError { kind, doing, code, message })
}

/// The meaning of credentials that were not given.
pub(super) fn of_credentials(doing: &'static str, e: &CredentialsError) -> Error {
    let (kind, code, message) = no_credentials(e);
    Error::Aws(AwsError { kind, doing, code, message })
}

/// The meaning of an answer, by its code, its text and the HTTP status.
fn kind(code: &str, text: &str, status: Option<u16>) -> AwsErrorKind {
    if let Some(kind) =
        prose::meaning(text).filter(|kind| *kind != AwsErrorKind::Gone || code == "ValidationError")
    {
        return kind;
    }
    match by_code(code.strip_prefix("Client.").unwrap_or(code)) {
        AwsErrorKind::Invalid => by_status(code, status),
        kind => kind,
    }
}

/// S3's code for a bucket that is the caller's already.
pub(super) const OWN_BUCKET: &str = "BucketAlreadyOwnedByYou";
/// CloudFormation's code for a quota, which the SDK takes for throttling.
pub(super) const QUOTA: &str = "LimitExceededException";
/// The code for a type of node that there is not here.
pub(super) const NO_TYPE: &str = "InvalidTypeException";
/// The code for a value that no request may have.
pub(super) const UNFIT: &str = "ValidationException";
/// S3's code for a bucket that is copied nowhere.
pub(super) const NO_REPLICAS: &str = "ReplicationConfigurationNotFoundError";
/// S3's code for two who change one bucket at the same time.
pub(super) const CLASH: &str = "OperationAborted";

/// What codes mean that do not tell by their endings.
#[rustfmt::skip]
const CODES: &[(AwsErrorKind, &[&str])] = &[
    (AwsErrorKind::Exists, &[OWN_BUCKET, "ResourceExistsException"]),
    (AwsErrorKind::Denied, &[
        "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "AuthorizationError", "Forbidden", "NotAuthorized", "OptInRequired",
        "SubscriptionRequiredException", "UnauthorizedAccess", "UnauthorizedOperation",
    ]),
    (AwsErrorKind::Credentials, &[
        "AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidIdentityToken", "InvalidSignatureException", "InvalidToken", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "SignatureDoesNotMatch", "TokenRefreshRequired", "UnrecognizedClientException",
    ]),
    (AwsErrorKind::Clock, &["RequestExpired", "RequestTimeTooSkewed"]),
    (AwsErrorKind::Later, &[
        "BandwidthLimitExceeded", "IDPCommunicationError", CLASH, "PriorRequestNotComplete", "RequestLimitExceeded",
        "RequestTimeout", "RequestTimeoutException", "SlowDown", "TooManyRequestsException",
    ]),
    (AwsErrorKind::Quota, &[QUOTA]),
    (AwsErrorKind::State, &["BucketNotEmpty", "InvalidChangeSetStatus", "OperationInProgressException", "StaleRequestException"]),
    // Each a service's own word: another's, or a status alone, may come from whoever stands between us and AWS. Only
    // S3's answer to HEAD has nothing but a status, and is read by who asks.
    (AwsErrorKind::Gone, &[
        "ChangeSetNotFound", "ChangeSetNotFoundException", "ClusterNotFoundException", "DBInstanceNotFound", "DBInstanceNotFoundFault", "DBSnapshotNotFound",
        "DBSnapshotNotFoundFault", "NoSuchBucket", "NoSuchEntity", "NoSuchKey", "NoSuchResourceException", "NoSuchVersion", "ResourceNotFoundException",
        "ServiceNotFoundException", "TargetGroupNotFound",
    ]),
];

fn by_code(code: &str) -> AwsErrorKind {
    let found = CODES.iter().find(|(_, codes)| codes.contains(&code)).map(|(kind, _)| *kind);
    found.unwrap_or_else(|| by_ending(code.trim_end_matches("Exception").trim_end_matches("Fault")))
}

/// Families of codes that differ by service.
fn by_ending(code: &str) -> AwsErrorKind {
    match code {
        _ if code.ends_with("AlreadyExists") => AwsErrorKind::Exists,
        _ if code.ends_with("QuotaExceeded") => AwsErrorKind::Quota,
        _ if code.starts_with("InvalidDB") && code.ends_with("State") => AwsErrorKind::State,
        _ if code.contains("Throttl") || code.starts_with("ServiceUnavailable") => {
            AwsErrorKind::Later
        }
        _ if ["InternalE", "InternalF", "InternalServ"]
            .iter()
            .any(|start| code.starts_with(start)) =>
        {
            AwsErrorKind::Later
        }
        _ => AwsErrorKind::Invalid,
    }
}

fn by_status(code: &str, status: Option<u16>) -> AwsErrorKind {
    match status {
        Some(429 | 500..) => AwsErrorKind::Later,
        Some(403) if code.is_empty() => AwsErrorKind::Denied,
        // Not AWS's word, whoever it was.
        Some(404) if code.is_empty() => AwsErrorKind::Later,
        _ => AwsErrorKind::Invalid,
    }
}

/// AWS's text without what it repeats of the request: signed headers, tokens, values of parameters, whole templates.
fn answer(code: &str, text: &str, status: Option<u16>) -> String {
    if text.is_empty() {
        return match status {
            Some(status) => format!("it answered with status {status} and no reason"),
            None => "it gave no reason".into(),
        };
    }
    if code == "SignatureDoesNotMatch" || code == "InvalidSignatureException" {
        return text.split_inclusive('.').next().unwrap_or_default().to_string();
    }
    quoted()
        .replace_all(text, |found: &Captures| format!("Value '***' at '{}'", &found[1]))
        .trim()
        .to_string()
}

/// How AWS repeats a value that breaks a rule.
fn quoted() -> &'static Regex {
    static QUOTED: std::sync::LazyLock<Regex> = std::sync::LazyLock::new(|| {
        let names = "(?:parameters|templateBody|stackPolicyBody|policy|secretString|webIdentityToken|externalId)[^']*";
        Regex::new(&format!("(?s)Value '.*?' at '({names})'"))
            .unwrap_or_else(|e| unreachable!("the pattern is fixed: {e}"))
    });
    &QUOTED
}

/// Nothing was answered, or nothing that can be read.
fn unanswered<E: StdError + 'static>(
    e: &SdkError<E, HttpResponse>,
) -> (AwsErrorKind, String, String) {
    if let Some(e) = cause::<CredentialsError>(e) {
        return no_credentials(e);
    }
    let unreached = cause::<Unreached>(e);
    let host = unreached.map(|u| u.host.as_str()).unwrap_or("AWS");
    let (kind, what) = match e {
        SdkError::DispatchFailure(_) if unreached.is_some_and(Unreached::is_untrusted) => (
            AwsErrorKind::Invalid,
            format!(
                "the certificate of {host} is not trusted; `custom_ca_bundle` names other authorities"
            ),
        ),
        SdkError::TimeoutError(_) => {
            (AwsErrorKind::Later, format!("no answer from {host} in time"))
        }
        SdkError::DispatchFailure(f) if f.is_timeout() => {
            (AwsErrorKind::Later, format!("no answer from {host} in time"))
        }
        SdkError::DispatchFailure(f) if f.is_io() => {
            (AwsErrorKind::Later, format!("no connection to {host}"))
        }
        // It was closed before the answer: whether the call was carried out is not known.
        SdkError::DispatchFailure(f) if f.as_other() == Some(ErrorKind::TransientError) => {
            (AwsErrorKind::Later, format!("the connection to {host} ended without an answer"))
        }
        SdkError::DispatchFailure(_) => (AwsErrorKind::Invalid, format!("no connection to {host}")),
        SdkError::ResponseError(_) => {
            (AwsErrorKind::Later, "the answer was cut off or is not AWS's".into())
        }
        _ => (AwsErrorKind::Invalid, "the request could not be made".into()),
    };
    (kind, String::new(), format!("{what}: {}", deepest(e)))
}

/// Where credentials are looked for, in order.
const CHAIN: &str = "the provider block, the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile in the shared files, \
                     a web identity token, the container, the instance";

fn no_credentials(e: &CredentialsError) -> (AwsErrorKind, String, String) {
    let credentials = |text: String| (AwsErrorKind::Credentials, String::new(), text);
    match e {
        CredentialsError::CredentialsNotLoaded(_) => {
            credentials(format!("no credentials were found. Looked at, in order: {CHAIN}"))
        }
        CredentialsError::ProviderTimedOut(_) => (
            AwsErrorKind::Later,
            String::new(),
            format!("no credentials were given in time. Looked at, in order: {CHAIN}"),
        ),
        e => match (cause::<Error>(e), refusal(e)) {
            (Some(e), _) if e.aws() == Some(AwsErrorKind::Later) => {
                (AwsErrorKind::Later, String::new(), e.to_string())
            }
            (Some(e), _) => credentials(e.to_string()),
            (_, Some(refusal)) => {
                credentials(format!("the credentials' role was not assumed: {refusal}"))
            }
            _ => credentials(format!(
                "the credentials could not be read: {}",
                without_output(&deepest(e))
            )),
        },
    }
}

/// Without what a program has printed: it may be anything, a password as well.
fn without_output(text: &str) -> String {
    match text.split_once(" Stderr: ") {
        Some((said, _)) => format!("{said} What it printed is not shown: run it by hand to see"),
        None => text.to_string(),
    }
}

/// What STS said to a profile that assumes a role.
fn refusal(e: &(dyn StdError + 'static)) -> Option<String> {
    let said = |code: Option<&str>, text: Option<&str>| match (code, text) {
        (Some(code), text) => {
            Some(format!("{code}: {}", answer(code, text.unwrap_or_default(), None)))
        }
        _ => None,
    };
    cause::<AssumeRoleError>(e).and_then(|e| said(e.code(), e.message())).or_else(|| {
        cause::<AssumeRoleWithWebIdentityError>(e).and_then(|e| said(e.code(), e.message()))
    })
}

/// A host that was not reached, put around what the connection said.
#[derive(Debug)]
pub(super) struct Unreached {
    /// Host and port.
    pub host: String,
    /// The how manieth attempt it was, from 1 on.
    pub attempt: u32,
    /// What the connection said.
    pub source: Box<dyn StdError + Send + Sync>,
}

impl Unreached {
    /// Its certificate is not trusted, and will not be by asking again.
    pub fn is_untrusted(&self) -> bool {
        deepest(self).contains("invalid peer certificate")
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not reached", self.host)
    }
}

impl StdError for Unreached {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

/// Why a page outside AWS was not read.
pub(super) fn unreached(e: &ConnectorError) -> String {
    let (unreached, why) = (cause::<Unreached>(e), deepest(e));
    let host = unreached.map_or("its host", |u| u.host.as_str());
    match () {
        () if unreached.is_some_and(Unreached::is_untrusted) => {
            format!(
                "the certificate of {host} is not trusted; `custom_ca_bundle` names other authorities ({why})"
            )
        }
        () if e.is_timeout() => format!("no answer from {host} in time"),
        () => format!("no connection to {host}: {why}"),
    }
}

fn chain<'a>(
    e: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(e), |&e: &&'a (dyn StdError + 'static)| e.source())
}

pub(super) fn cause<'a, T: StdError + 'static>(e: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    chain(e).find_map(|e| e.downcast_ref())
}

/// The innermost cause in its own words, without the system's number for it.
fn deepest(e: &(dyn StdError + 'static)) -> String {
    let text = chain(e).last().map(ToString::to_string).unwrap_or_default();
    text.split(" (os error").next().unwrap_or_default().into()
}

#[cfg(test)]
mod tests;
