//! Which failed calls are worth repeating, where the SDK thinks otherwise.

use aws_sdk_sts::config::retry::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

use super::error::{self, Unreached};

/// Repetitions of a call that nothing answers.
const UNANSWERED: u32 = 9;

/// Repetitions of a call whose answer cannot be read: cut off, or a page of something in between. It was carried out, perhaps each time.
const UNREAD: u32 = 5;

/// The how manieth attempt an answer is for, from 1 on; the connection leaves it with each.
#[derive(Clone, Copy, Debug)]
pub struct Attempt(pub u32);

/// Repetitions without a common budget: in a storm every one of a hundred stacks waits its turn, where the SDK would let most fail at once.
pub fn unrationed() -> RetryPartition {
    RetryPartition::custom("terraform-provider-quilt")
        .token_bucket(TokenBucket::unlimited())
        .build()
}

/// Ends repetitions early: a quota does not grow by asking again, and where nothing answers, or nothing that can be read, the address is likely
/// wrong.
#[derive(Debug)]
pub struct Patience;

impl ClassifyRetry for Patience {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(e)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let unreached = e.as_connector_error().and_then(|e| error::cause::<Unreached>(e));
        let unread = e.is_response_error() && attempt(context) > UNREAD;
        match () {
            () if unread => RetryAction::RetryForbidden,
            () if unreached.is_some_and(|u| u.attempt > UNANSWERED || u.is_untrusted()) => {
                RetryAction::RetryForbidden
            }
            () if answered(context, error::QUOTA) => RetryAction::RetryForbidden,
            () if answered(context, error::CLASH) => RetryAction::transient_error(),
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

fn attempt(context: &InterceptorContext) -> u32 {
    context.response().and_then(|r| r.extension::<Attempt>()).map_or(1, |attempt| attempt.0)
}

fn answered(context: &InterceptorContext, code: &str) -> bool {
    let body = context.response().and_then(|r| r.body().bytes()).unwrap_or_default();
    String::from_utf8_lossy(body).contains(&format!("<Code>{code}</Code>"))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::interceptors::context::{Error, Input};
    use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn unanswered(attempt: u32, why: &str) -> RetryAction {
        let unreached = Unreached {
            host: "h".into(),
            attempt,
            source: std::io::Error::other(why.to_string()).into(),
        };
        let mut context = InterceptorContext::new(Input::erase(()));
        context.set_output_or_error(Err(OrchestratorError::connector(ConnectorError::io(
            unreached.into(),
        ))));
        Patience.classify_retry(&context)
    }

    fn answered(code: &str) -> RetryAction {
        let body = format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>");
        let mut context = InterceptorContext::new(Input::erase(()));
        context.set_response(HttpResponse::new(
            StatusCode::try_from(400).unwrap(),
            SdkBody::from(body),
        ));
        context.set_output_or_error(Err(OrchestratorError::operation(Error::erase(
            std::io::Error::other("e"),
        ))));
        Patience.classify_retry(&context)
    }

    #[test]
    fn silence_is_not_asked_for_ever() {
        assert_eq!(unanswered(9, "refused"), RetryAction::NoActionIndicated);
        assert_eq!(unanswered(10, "refused"), RetryAction::RetryForbidden);
        assert_eq!(
            unanswered(1, "invalid peer certificate: UnknownIssuer"),
            RetryAction::RetryForbidden
        );
    }

    fn unread(attempt: u32) -> RetryAction {
        let mut response =
            HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::from("<html>"));
        response.add_extension(Attempt(attempt));
        let mut context = InterceptorContext::new(Input::erase(()));
        context.set_response(response);
        context.set_output_or_error(Err(OrchestratorError::response("not JSON".into())));
        Patience.classify_retry(&context)
    }

    #[test]
    fn what_cannot_be_read_is_not_asked_for_ever() {
        assert_eq!(unread(5), RetryAction::NoActionIndicated);
        assert_eq!(unread(6), RetryAction::RetryForbidden);
    }

    #[test]
    fn a_quota_stays_and_a_clash_passes() {
        assert_eq!(answered("LimitExceededException"), RetryAction::RetryForbidden);
        assert_eq!(answered("OperationAborted"), RetryAction::transient_error());
        assert_eq!(answered("Throttling"), RetryAction::NoActionIndicated);
    }
}
