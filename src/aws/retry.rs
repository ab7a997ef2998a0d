//! Which failed calls are worth repeating, where the SDK thinks otherwise.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};

/// Repetitions of a call that nothing answers.
const UNANSWERED: u32 = 9;

/// Ends repetitions early: a quota does not grow by asking again, and where nothing answers the address is likely wrong.
#[derive(Debug)]
pub struct Patience;

impl ClassifyRetry for Patience {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(e)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let silent = e.is_connector_error() || e.is_timeout_error();
        match () {
            () if silent && attempt(context) > UNANSWERED => RetryAction::RetryForbidden,
            // The SDK takes it for throttling; CloudFormation means a quota.
            () if answered(context, "LimitExceededException") => RetryAction::RetryForbidden,
            // Two changed one bucket at the same time.
            () if answered(context, "OperationAborted") => RetryAction::transient_error(),
            () => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "patience"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

fn answered(context: &InterceptorContext, code: &str) -> bool {
    let body = context.response().and_then(|r| r.body().bytes()).unwrap_or_default();
    String::from_utf8_lossy(body).contains(&format!("<Code>{code}</Code>"))
}

/// Which attempt this was, as the SDK tells AWS: `attempt=3; max=26`.
fn attempt(context: &InterceptorContext) -> u32 {
    let header = context.request().and_then(|r| r.headers().get("amz-sdk-request")).unwrap_or_default();
    let digits = header.trim_start_matches("attempt=").split(';').next().unwrap_or_default();
    digits.parse().unwrap_or(1)
}
