//! Every fault as the AWS SDK for Rust sees it: kind of failure, code, status, attempts. The rows were measured against plain servers with three attempts.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::json;

use super::QUEUES;
use crate::cloud::{Cloud, Fault, Forecast, REGION, Rule, Weather};

mod calls;

/// The SDK as it comes, but impatient.
pub fn sdk(cloud: &Cloud) -> SdkConfig {
    let credentials = Credentials::new(cloud.account(), "not-a-secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(REGION))
        .endpoint_url(cloud.endpoint())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(1)),
        )
        .timeout_config(
            TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(1500)).build(),
        )
        .build()
}

/// What became of a call: how it failed, the code and the status.
type Seen = (&'static str, String, u16);

fn seen<T: Debug, E: ProvideErrorMetadata + Debug>(
    result: Result<T, SdkError<E, HttpResponse>>,
) -> Seen {
    let Err(error) = result else { return ("answered", String::new(), 200) };
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    match error {
        SdkError::ServiceError(refusal) => {
            ("refused", refusal.err().code().unwrap_or_default().to_owned(), status)
        }
        SdkError::DispatchFailure(_) => ("not sent", String::new(), status),
        SdkError::ResponseError(_) => ("not read", String::new(), status),
        SdkError::TimeoutError(_) => ("timed out", String::new(), status),
        other => panic!("{other:?}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn describe_stacks(cloud: &Cloud) -> Seen {
    seen(aws_sdk_cloudformation::Client::new(&sdk(cloud)).describe_stacks().send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn describe_instances(cloud: &Cloud) -> Seen {
    seen(aws_sdk_rds::Client::new(&sdk(cloud)).describe_db_instances().send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn list_buckets(cloud: &Cloud) -> Seen {
    seen(aws_sdk_s3::Client::new(&sdk(cloud)).list_buckets().send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn head_bucket(cloud: &Cloud) -> Seen {
    seen(aws_sdk_s3::Client::new(&sdk(cloud)).head_bucket().bucket(cloud.account()).send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn who_am_i(cloud: &Cloud) -> Seen {
    seen(aws_sdk_sts::Client::new(&sdk(cloud)).get_caller_identity().send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn list_secrets(cloud: &Cloud) -> Seen {
    seen(aws_sdk_secretsmanager::Client::new(&sdk(cloud)).list_secrets().send().await)
}

#[tokio::main(flavor = "current_thread")]
async fn list_domains(cloud: &Cloud) -> Seen {
    seen(
        aws_sdk_elasticsearch::Client::new(&sdk(cloud))
            .describe_elasticsearch_domain()
            .domain_name("nothing")
            .send()
            .await,
    )
}

fn refused(code: &str, status: u16) -> Seen {
    ("refused", code.into(), status)
}

fn refusal(status: u16, code: &str, message: &str) -> Fault {
    Fault::Refused { status, code: code.into(), message: message.into() }
}

/// A row of the table: with this fault the SDK sees this after so many attempts.
fn row(call: fn(&Cloud) -> Seen, fault: Fault, wanted: &Seen, attempts: usize) {
    let cloud = Cloud::start();
    cloud.weather(fault.clone().on(".*"));
    let got = call(&cloud);
    let calls = cloud.calls();
    assert_eq!((&got, calls.len()), (wanted, attempts), "{fault:?}: {calls:#?}");
    assert!(calls.iter().all(|call| call.weather.is_some()), "{fault:?}: {calls:#?}");
    cloud.clear_up();
    let clear = call(&cloud);
    assert!(clear.0 == "answered" || [404, 409].contains(&clear.2), "after {fault:?}: {clear:?}");
}

/// CloudFormation API Reference, "Common errors"; tried again are throttling, 5xx and broken connections, and nothing else.
#[test]
fn stacks_in_bad_weather() {
    let html = |status| Fault::Html { status };
    let rows = [
        (Fault::Throttled, refused("Throttling", 400), 3),
        (Fault::InternalError, refused("InternalFailure", 500), 3),
        (Fault::Unavailable, refused("ServiceUnavailable", 503), 3),
        (html(500), refused("", 500), 3),
        (html(502), refused("", 502), 3),
        (Fault::Empty, refused("", 503), 3),
        (Fault::Reset, ("not sent", String::new(), 0), 3),
        (Fault::Closed, ("not sent", String::new(), 0), 3),
        (Fault::Truncated, ("not read", String::new(), 200), 3),
        (Fault::Hang, ("timed out", String::new(), 0), 3),
        (Fault::Slow { seconds: 0.5 }, ("answered", String::new(), 200), 1),
        (Fault::Expired, refused("ExpiredToken", 403), 1),
        (Fault::Unknown, refused("InvalidClientTokenId", 403), 1),
        (Fault::Denied, refused("AccessDenied", 403), 1),
        (Fault::Late, refused("RequestExpired", 400), 1),
        (Fault::Skewed, refused("SignatureDoesNotMatch", 403), 1),
        (
            refusal(400, "LimitExceededException", "Stack quota exceeded"),
            refused("LimitExceededException", 400),
            3,
        ),
        (
            refusal(400, "TokenAlreadyExistsException", "A client request token already exists."),
            refused("TokenAlreadyExistsException", 400),
            1,
        ),
    ];
    for (fault, wanted, attempts) in rows {
        row(describe_stacks, fault, &wanted, attempts);
    }
}

/// RDS API Reference, "Common errors"; S3 API Reference, "Error responses"; STS API Reference, "Common errors".
#[test]
fn other_services_in_bad_weather() {
    row(describe_instances, Fault::Throttled, &refused("Throttling", 400), 3);
    row(describe_instances, Fault::Denied, &refused("AccessDenied", 403), 1);
    let busy = refusal(400, "InvalidDBInstanceState", "Instance x is not currently available.");
    row(describe_instances, busy, &refused("InvalidDBInstanceState", 400), 1);
    row(list_buckets, Fault::Throttled, &refused("SlowDown", 503), 3);
    row(list_buckets, Fault::Expired, &refused("ExpiredToken", 400), 1);
    row(list_buckets, Fault::Denied, &refused("AccessDenied", 403), 1);
    let there_is_none = refused("NotFound", 404);
    row(head_bucket, Fault::Slow { seconds: 0.1 }, &there_is_none, 1);
    row(head_bucket, Fault::Throttled, &refused("", 503), 3);
    row(head_bucket, Fault::Html { status: 502 }, &refused("", 502), 3);
    row(list_buckets, Fault::Reset, &("not sent", String::new(), 0), 3);
    row(who_am_i, Fault::Throttled, &refused("Throttling", 400), 3);
    row(who_am_i, Fault::Expired, &refused("ExpiredToken", 403), 1);
}

/// "AWS JSON 1.1" and "AWS restJson1" protocols; Secrets Manager and OpenSearch Service API References, "Common errors".
#[test]
fn services_that_speak_json_in_bad_weather() {
    row(list_secrets, Fault::Throttled, &refused("ThrottlingException", 400), 3);
    row(list_secrets, Fault::Expired, &refused("ExpiredTokenException", 400), 1);
    row(list_secrets, Fault::Denied, &refused("AccessDeniedException", 400), 1);
    row(list_secrets, Fault::Html { status: 500 }, &refused("", 500), 3);
    row(list_domains, Fault::Throttled, &refused("ThrottlingException", 429), 3);
    row(list_domains, Fault::Expired, &refused("ExpiredTokenException", 403), 1);
    row(list_domains, Fault::Denied, &refused("AccessDeniedException", 403), 1);
    row(list_domains, Fault::Empty, &refused("", 503), 3);
}

/// Services whose SDK is not at hand: the bytes themselves. EC2 API Reference, "Error codes"; "AWS JSON 1.1", "AWS restJson1" and "Smithy RPC v2 CBOR" protocols.
#[test]
fn each_protocol_has_its_words() {
    let cloud = Cloud::start();
    let answer = |fault: Fault, service: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        cloud.clear_up();
        cloud.weather(fault.on(".*"));
        let response = cloud.through_weather(service, "POST", path, headers, body.as_bytes());
        (response.status, String::from_utf8_lossy(&response.body).into_owned())
    };
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let describe = "Action=DescribeVpcs&Version=2016-11-15";
    let (status, body) = answer(Fault::Throttled, "ec2", "/", &[form], describe);
    assert_eq!(
        (status, body.contains("<Response><Errors><Error><Code>RequestLimitExceeded</Code>")),
        (503, true),
        "{body}"
    );
    let (status, body) = answer(Fault::Denied, "ec2", "/", &[form], describe);
    assert!(
        status == 403
            && body.contains("<Code>UnauthorizedOperation</Code>")
            && body.contains("perform: ec2:DescribeVpcs because"),
        "{body}"
    );
    let target = [
        ("Content-Type", "application/x-amz-json-1.1"),
        ("X-Amz-Target", "AmazonEC2ContainerServiceV20141113.ListClusters"),
    ];
    let (status, body) = answer(Fault::Throttled, "ecs", "/", &target, "{}");
    assert_eq!(
        (status, body),
        (400, json!({"__type": "ThrottlingException", "message": "Rate exceeded"}).to_string())
    );
    let (status, body) = answer(Fault::Expired, "ecs", "/", &target, "{}");
    assert!(status == 400 && body.contains("ExpiredTokenException"), "{body}");
    let named = json!({"DomainName": "place"}).to_string();
    let (status, body) = answer(
        Fault::Throttled,
        "es",
        "/2021-01-01/opensearch/domain",
        &[("Content-Type", "application/json")],
        &named,
    );
    assert_eq!((status, body), (429, json!({"message": "Rate exceeded"}).to_string()));
    let (status, body) = answer(
        Fault::Throttled,
        "monitoring",
        "/service/GraniteServiceVersion20100801/operation/ListMetrics",
        &[("smithy-protocol", "rpc-v2-cbor")],
        "",
    );
    assert!(status == 400 && body.contains("__type") && body.contains("Throttling"), "{body}");
}
