//! Tables of what AWS says and what it means.

use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::ErrorMetadata;

use super::*;

fn read(code: &str, text: &str, status: u16) -> AwsError {
    let meta = ErrorMetadata::builder().code(code).message(text).build();
    let raw = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::empty());
    let e = SdkError::service_error(AssumeRoleError::generic(meta), raw);
    let Error::Aws(e) = of("create the stack", e) else { panic!("not AWS's") };
    e
}

#[test]
fn answers_have_a_meaning() {
    use AwsErrorKind::*;
    let table = [
        (Gone, 400, "ValidationError", "Stack with id prod does not exist"),
        (Gone, 400, "ValidationError", "Stack [prod] does not exist"),
        (Gone, 400, "ValidationError", "Stack 'prod' does not exist"),
        (Gone, 404, "ChangeSetNotFound", "ChangeSet [x] does not exist"),
        (Gone, 404, "DBInstanceNotFound", "DBInstance x not found."),
        (Gone, 404, "DBSnapshotNotFoundFault", ""),
        (Gone, 404, "ResourceNotFoundException", "Domain not found: x"),
        (Gone, 404, "NoSuchBucket", ""),
        (Later, 404, "", ""),
        (Later, 404, "", "Stack [prod] does not exist"),
        (Invalid, 404, "NotFound", "no such page"),
        (Invalid, 404, "404NotFound", "Stack [prod] does not exist"),
        (Invalid, 404, "InstanceNotFound", ""),
        (Invalid, 400, "ValidationError", "S3 error: The specified key does not exist."),
        (Invalid, 400, "ValidationError", "Parameters: [A] do not exist in the template"),
        (Exists, 400, "AlreadyExistsException", "Stack [prod] already exists"),
        (Exists, 400, "TokenAlreadyExistsException", "Token already used"),
        (Exists, 409, "BucketAlreadyExists", "taken"),
        (NoChange, 400, "ValidationError", "No updates are to be performed."),
        (
            Denied,
            403,
            "AccessDenied",
            "User: x is not authorized to perform: cloudformation:CreateStack",
        ),
        (Denied, 403, "Client.UnauthorizedOperation", "You are not authorized"),
        (Denied, 400, "AccessDeniedException", ""),
        (Denied, 403, "", ""),
        (Credentials, 403, "ExpiredToken", "The security token included in the request is expired"),
        (
            Credentials,
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
        ),
        (Clock, 400, "RequestExpired", "Request has expired."),
        (
            Clock,
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        (
            Clock,
            403,
            "SignatureDoesNotMatch",
            "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)",
        ),
        (
            Clock,
            403,
            "InvalidSignatureException",
            "Signature not yet current: 20260101T002000Z is still later than 20260101T001500Z",
        ),
        (Later, 400, "Throttling", "Rate exceeded"),
        (Later, 400, "ThrottlingException", "Rate exceeded"),
        (Later, 503, "SlowDown", "Please reduce your request rate."),
        (Later, 500, "InternalFailure", ""),
        (Later, 503, "", ""),
        (Later, 502, "Unheard", ""),
        (Later, 429, "", ""),
        (
            State,
            400,
            "ValidationError",
            "Stack:arn is in ROLLBACK_COMPLETE state and can not be updated.",
        ),
        (
            State,
            400,
            "ValidationError",
            "Stack [prod] cannot be deleted while TerminationProtection is enabled",
        ),
        (State, 400, "InvalidDBInstanceState", "Instance x is not in available state."),
        (State, 400, "InvalidDBSnapshotStateFault", ""),
        (Quota, 400, "LimitExceededException", "Limit on stacks is 2000"),
        (
            Invalid,
            400,
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_IAM]",
        ),
        (Invalid, 400, "ValidationError", "Parameters: [A] must have values"),
    ];
    for (kind, status, code, text) in table {
        assert_eq!(read(code, text, status).kind, kind, "{status} {code} {text}");
    }
}

#[test]
fn nothing_of_the_request_is_repeated() {
    let canonical = "The request signature we calculated does not match. The Canonical String should have been\nx-amz-security-token:TOKEN";
    assert_eq!(
        read("SignatureDoesNotMatch", canonical, 403).message,
        "The request signature we calculated does not match."
    );
    let long = "2 validation errors detected: Value 'hunter2' at 'parameters.1.member.parameterValue' failed; Value 'a b' at 'stackName' failed";
    assert_eq!(
        read("ValidationError", long, 400).message,
        "2 validation errors detected: Value '***' at 'parameters.1.member.parameterValue' failed; Value 'a b' at 'stackName' failed"
    );
}

#[test]
fn silence_is_told_by_status() {
    assert_eq!(
        read("", "", 400).to_string(),
        "AWS did not create the stack: it answered with status 400 and no reason"
    );
}

fn failed(e: SdkError<AssumeRoleError, HttpResponse>) -> (AwsErrorKind, String) {
    let Error::Aws(e) = of("read the stack", e) else { panic!("not AWS's") };
    (e.kind, e.to_string())
}

#[test]
fn a_connection_that_fails_names_the_host() {
    let refused = std::io::Error::other("Connection refused (os error 111)");
    let unreached =
        Unreached { host: "sts.example:443".into(), attempt: 1, source: refused.into() };
    let (kind, text) = failed(SdkError::dispatch_failure(ConnectorError::io(unreached.into())));
    assert_eq!(
        (kind, text.as_str()),
        (
            AwsErrorKind::Later,
            "AWS did not read the stack: no connection to sts.example:443: Connection refused"
        )
    );
    let (kind, _) = failed(SdkError::timeout_error(std::io::Error::other("slow")));
    assert_eq!(kind, AwsErrorKind::Later);
}

#[test]
fn missing_credentials_name_the_chain() {
    let none = CredentialsError::not_loaded("no providers in chain provided credentials");
    let (kind, text) = failed(SdkError::dispatch_failure(ConnectorError::other(none.into(), None)));
    assert_eq!(kind, AwsErrorKind::Credentials);
    assert!(text.contains("no credentials were found. Looked at, in order: the provider block, the variables AWS_ACCESS_KEY_ID"), "{text}");
}

#[test]
fn a_role_that_is_refused_says_why() {
    let meta = ErrorMetadata::builder().code("AccessDenied").message("User: x may not").build();
    let e = CredentialsError::provider_error(AssumeRoleError::generic(meta));
    let (kind, text) = failed(SdkError::dispatch_failure(ConnectorError::other(e.into(), None)));
    assert_eq!(
        (kind, text.as_str()),
        (
            AwsErrorKind::Credentials,
            "AWS did not read the stack: the credentials' role was not assumed: AccessDenied: User: x may not"
        )
    );
}

#[test]
fn a_fault_while_a_role_is_assumed_may_pass() {
    let later = Error::Aws(AwsError {
        kind: AwsErrorKind::Later,
        doing: "assume the role",
        code: "Throttling".into(),
        message: "Slow".into(),
    });
    let e = CredentialsError::provider_error(later);
    let (kind, text) = failed(SdkError::dispatch_failure(ConnectorError::other(e.into(), None)));
    assert_eq!(kind, AwsErrorKind::Later);
    assert!(text.ends_with("AWS did not assume the role: Throttling: Slow"), "{text}");
}
