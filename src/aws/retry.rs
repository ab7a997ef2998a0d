//! Which failed calls are worth repeating, where the SDK thinks otherwise.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};

use super::error::{self, Unreached};

/// Repetitions of a call that nothing answers.
const UNANSWERED: u32 = 9;

/// Ends repetitions early: a quota does not grow by asking again, and where nothing answers the address is likely wrong.
#[derive(Debug)]
pub struct Patience;

impl ClassifyRetry for Patience {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(e)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let unreached = e.as_connector_error().and_then(|e| error::cause::<Unreached>(e));
        match () {
            () if unreached.is_some_and(|u| u.attempt > UNANSWERED || u.is_untrusted()) => RetryAction::RetryForbidden,
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
