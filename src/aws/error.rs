//! placeholder
use crate::outcome::{AwsError, AwsErrorKind, Error};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
/// of
pub fn of<E: ProvideErrorMetadata, R>(doing: &'static str, e: SdkError<E, R>) -> Error {
    let (code, message) = (e.code().unwrap_or_default().to_string(), e.message().unwrap_or_default().to_string());
    let kind = if message.contains("does not exist") { AwsErrorKind::Gone } else { AwsErrorKind::Invalid };
    Error::Aws(AwsError { kind, doing, code, message })
}
