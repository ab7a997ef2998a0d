//! Calls against a connection in memory: what is sent, what comes back, and what is repeated.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::config::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::json::Json;
use super::*;

const ECS: Service =
    Service { id: "ECS", signs_as: "ecs", host: "ecs", fips_in_gov_cloud: false, global: false };

/// Gives these answers one after the other, and keeps what was asked.
#[derive(Clone, Debug, Default)]
struct Line {
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
    seen: Arc<Mutex<Vec<[String; 4]>>>,
}

impl HttpConnector for Line {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let header = |name| request.headers().get(name).unwrap_or_default().to_string();
        let body = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
        let key = header("authorization").split(',').next().unwrap().to_string();
        let seen = [request.uri().to_string(), header("x-amz-target"), key, body];
        self.seen.lock().unwrap().push(seen);
        let (status, body) = self.answers.lock().unwrap().pop_front().unwrap();
        let response =
            HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Line {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// No pause at all.
#[derive(Debug)]
struct Nap;

impl AsyncSleep for Nap {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(std::future::ready(()))
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Tasks {
    #[serde(rename = "taskArns")]
    arns: Vec<String>,
}

fn over(answers: &[(u16, &'static str)]) -> (Line, Json) {
    let line = Line {
        answers: Arc::new(Mutex::new(answers.iter().copied().collect())),
        ..Line::default()
    };
    let keys = Credentials::new("AKTEST", "s", None, None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::new("cn-north-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .sleep_impl(SharedAsyncSleep::new(Nap))
        .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
        .http_client(line.clone())
        .build();
    let json = Json::new(&sdk, &ECS, "AmazonEC2ContainerServiceV20141113");
    (line, json)
}

async fn list(json: &Json) -> Result<Tasks> {
    json.call("list the tasks", "ListTasks", json!({ "cluster": "c", "nextToken": null })).await
}

#[tokio::test(start_paused = true)]
async fn a_call_is_signed_for_its_service_and_region_and_read_as_json() {
    let (line, json) = over(&[(200, r#"{"taskArns":["a"],"more":1}"#)]);
    assert_eq!(list(&json).await, Ok(Tasks { arns: vec!["a".into()] }));
    let [uri, target, key, body] = line.seen.lock().unwrap()[0].clone();
    assert_eq!(uri, "https://ecs.cn-north-1.amazonaws.com.cn/");
    assert_eq!(target, "AmazonEC2ContainerServiceV20141113.ListTasks");
    assert!(
        key.contains("Credential=AKTEST/") && key.ends_with("/cn-north-1/ecs/aws4_request"),
        "{key}"
    );
    assert_eq!(body, r#"{"cluster":"c"}"#);
}

#[tokio::test(start_paused = true)]
async fn throttling_is_repeated_and_a_refusal_is_not() {
    let busy = r#"{"__type":"com.amazonaws.ecs#ThrottlingException","message":"Rate exceeded"}"#;
    let (line, json) = over(&[(400, busy), (500, ""), (200, r#"{"taskArns":[]}"#)]);
    assert_eq!(list(&json).await, Ok(Tasks { arns: vec![] }));
    assert_eq!(line.seen.lock().unwrap().len(), 3);

    let denied = r#"{"__type":"AccessDeniedException:http://x","Message":"User: u is not authorized to perform: ecs:ListTasks"}"#;
    let (line, json) = over(&[(400, denied)]);
    let Err(Error::Aws(e)) = list(&json).await else { panic!("it was denied") };
    assert_eq!((e.kind, e.code.as_str()), (AwsErrorKind::Denied, "AccessDeniedException"));
    assert!(e.message.contains("ecs:ListTasks"), "{e:?}");
    assert_eq!(line.seen.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_and_what_is_cut_off_are_told_apart() {
    let gone = r#"{"__type":"ClusterNotFoundException","message":"Cluster not found."}"#;
    let (_, json) = over(&[(400, gone)]);
    assert_eq!(list(&json).await.unwrap_err().aws(), Some(AwsErrorKind::Gone));
    let (_, json) = over(&[(200, r#"{"taskArns":["#); 3]);
    assert_eq!(list(&json).await.unwrap_err().aws(), Some(AwsErrorKind::Later));
}
