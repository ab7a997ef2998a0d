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

/// A request whose answer was lost has taken effect; CreateStack with the same token is then the same request (API, CreateStack, ClientRequestToken).
#[tokio::test]
async fn effects_stay_when_answers_are_lost() {
    for fault in [Fault::Reset, Fault::Truncated, Fault::InternalError, Fault::Closed] {
        let cloud = Cloud::start();
        cloud.weather(fault.clone().on("CreateStack").after().times(1));
        let request = aws_sdk_cloudformation::Client::new(&sdk(&cloud))
            .create_stack()
            .stack_name("queues")
            .template_body(QUEUES);
        request
            .client_request_token("one")
            .send()
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        let calls = cloud.calls_of("CreateStack");
        assert_eq!(
            calls.iter().map(|call| call.status).collect::<Vec<_>>(),
            [Some(200); 2],
            "{fault:?}"
        );
        assert_eq!(
            (calls[0].weather.is_some(), calls[1].weather.is_some()),
            (true, false),
            "{fault:?}"
        );
        assert_eq!(cloud.stacks().len(), 1);
    }
    let cloud = Cloud::start();
    cloud.weather(Fault::Reset.on("CreateStack").times(1));
    let request = aws_sdk_cloudformation::Client::new(&sdk(&cloud))
        .create_stack()
        .stack_name("queues")
        .template_body(QUEUES);
    request.send().await.expect("the second attempt gets through");
    assert_eq!(
        cloud.calls_of("CreateStack").iter().map(|call| call.status).collect::<Vec<_>>(),
        [None, Some(200)]
    );
}

/// RDS User Guide, "Viewing DB instance status": a snapshot is `creating` with a rising progress, an instance `backing-up`, for as many polls as a test says.
#[tokio::test]
async fn databases_walk_through_statuses() {
    let cloud = Cloud::start();
    cloud.create_stack("data", super::database::DATABASE, &[]).expect("the template is right");
    cloud.settled("data");
    let id = &cloud.resources("data")["DB"].physical_id;
    let rds = aws_sdk_rds::Client::new(&sdk(&cloud));
    rds.create_db_snapshot()
        .db_instance_identifier(id)
        .db_snapshot_identifier("one")
        .send()
        .await
        .expect("the instance is available");
    cloud.weather(
        Fault::Shown { status: "creating".into() }.on("DescribeDBSnapshots").about("one").times(4),
    );
    cloud.weather(Fault::Shown { status: "backing-up".into() }.on("DescribeDBInstances").times(1));
    let mut polls = Vec::new();
    for _ in 0..5 {
        let answer = rds
            .describe_db_snapshots()
            .db_snapshot_identifier("one")
            .send()
            .await
            .expect("it is there");
        let snapshot = &answer.db_snapshots()[0];
        polls.push(format!(
            "{} {}",
            snapshot.status().unwrap_or_default(),
            snapshot.percent_progress().unwrap_or_default()
        ));
    }
    assert_eq!(polls, ["creating 0", "creating 25", "creating 50", "creating 75", "available 100"]);
    let mut instances = Vec::new();
    for _ in 0..2 {
        let answer = rds
            .describe_db_instances()
            .db_instance_identifier(id)
            .send()
            .await
            .expect("it is there");
        instances
            .push(answer.db_instances()[0].db_instance_status().unwrap_or_default().to_owned());
    }
    assert_eq!(instances, ["backing-up", "available"]);
}

/// IAM User Guide, "Troubleshoot access denied error messages": every write is refused, every read answered.
#[tokio::test]
async fn some_may_only_read() {
    let cloud = Cloud::start();
    cloud.weather(Weather::read_only());
    let stacks = aws_sdk_cloudformation::Client::new(&sdk(&cloud));
    stacks.describe_stacks().send().await.expect("reading is allowed");
    let refusal = stacks
        .create_stack()
        .stack_name("queues")
        .template_body(QUEUES)
        .send()
        .await
        .expect_err("writing is not");
    let message = refusal
        .as_service_error()
        .and_then(ProvideErrorMetadata::message)
        .unwrap_or_default()
        .to_owned();
    let account = cloud.account();
    let wanted = format!(
        "User: arn:aws:iam::{account}:user/somebody is not authorized to perform: cloudformation:CreateStack on resource: \
         arn:aws:cloudformation:us-east-1:{account}:stack/queues/* because no identity-based policy allows the cloudformation:CreateStack action"
    );
    assert_eq!(message, wanted);
    assert!(cloud.stacks().is_empty());
}

/// The cloud's own: the weather of one account is not another's, and a file says what a test says.
#[test]
fn forecasts_are_an_account_s_own_and_may_be_written_down() {
    let (cloud, other) = (Cloud::start(), Cloud::start());
    let text = r#"{"seed": 7, "weather": [
        {"on": "Describe.*", "service": "cloudformation", "fault": "throttled", "times": 2},
        {"on": "CreateStack", "about": "prod", "fault": {"slow": {"seconds": 2.5}}, "after": true, "skip": 1, "odds": 0.5},
        {"writes": true, "fault": "denied"}
    ]}"#;
    let forecast: Forecast = serde_json::from_str(text).expect("the file is right");
    let said = [
        Fault::Throttled.on("Describe.*").of_service("cloudformation").times(2),
        Fault::Slow { seconds: 2.5 }.on("CreateStack").about("prod").after().skip(1).odds(0.5),
        Weather::read_only(),
    ];
    assert_eq!((forecast.seed, forecast.weather.as_slice()), (7, &said[..]));
    for wrong in [
        r#"{"weather": [{"fault": "thunder"}]}"#,
        r#"{"plan": {"rules": [{"stak": "prod"}]}}"#,
        r#"{"whether": []}"#,
    ] {
        assert!(serde_json::from_str::<Forecast>(wrong).is_err(), "{wrong}");
    }
    let april: Forecast =
        serde_json::from_str(include_str!("../weather/april.json")).expect("the example is right");
    assert_eq!(
        (april.weather.len(), april.plan.rules[0].clone()),
        (5, Rule::stack(".*").resource("DB|Search").on("create").hold(1200.0))
    );
    cloud.forecast(forecast);
    cloud.seed(8);
    describe_stacks(&cloud);
    describe_stacks(&other);
    let weather =
        |cloud: &Cloud| cloud.calls().into_iter().map(|call| call.weather).collect::<Vec<_>>();
    assert_eq!(
        (weather(&cloud), weather(&other)),
        (vec![Some("throttled".into()), Some("throttled".into()), None], vec![None])
    );
    cloud.reset();
    describe_stacks(&cloud);
    assert_eq!(weather(&cloud), [None]);
}

/// The cloud's own: the way through the weather costs next to nothing.
#[tokio::test]
async fn fair_weather_is_quick() {
    let cloud = Cloud::start();
    let stacks = aws_sdk_cloudformation::Client::new(&sdk(&cloud));
    stacks.describe_stacks().send().await.expect("the cloud answers");
    cloud.weather(Fault::Reset.on("NeverCalled"));
    let begun = Instant::now();
    for _ in 0..50 {
        stacks.describe_stacks().send().await.expect("the cloud answers");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "50 calls took {:?}", begun.elapsed());
}
