//! Weather over several calls: what stays when an answer is lost, statuses that go on, and forecasts, which are an account's own.

use super::*;

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
    cloud
        .create_stack("data", crate::cloud::conformance::database::DATABASE, &[])
        .expect("the template is right");
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
    let april: Forecast = serde_json::from_str(include_str!("../../weather/april.json"))
        .expect("the example is right");
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
