//! CloudWatch Logs: the last lines of a stream, and lines of a group around a moment.

use async_trait::async_trait;
use aws_types::SdkConfig;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Logs;
use super::signed::Service;
use super::signed::json::Json;
use crate::outcome::{AwsErrorKind, Result};

const LOGS: Service = Service {
    id: "CloudWatch Logs",
    signs_as: "logs",
    host: "logs",
    fips_in_gov_cloud: true,
    global: false,
};

/// CloudWatch Logs in one region.
pub struct CloudWatchLogs {
    json: Json,
}

/// A line of a log.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Line {
    /// When it was written, in milliseconds since 1970.
    pub timestamp: i64,
    /// What it says.
    pub message: String,
}

/// From when to when, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// The first moment.
    pub from: i64,
    /// The last.
    pub to: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Events {
    events: Vec<Line>,
    next_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Streams {
    log_streams: Vec<Stream>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Stream {
    log_stream_name: String,
}

/// Pages of a search at most: it tells of empty ones as well.
const PAGES: usize = 5;

impl CloudWatchLogs {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { json: Json::new(sdk, &LOGS, "Logs_20140328") }
    }
}

/// What is not there has no lines.
fn or_none<T: Default>(answer: Result<T>) -> Result<T> {
    match answer {
        Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(T::default()),
        answer => answer,
    }
}

#[async_trait]
impl Logs for CloudWatchLogs {
    async fn tail(&self, group: &str, stream: &str, most: usize) -> Result<Vec<Line>> {
        let asked = json!({
            "logGroupName": group, "logStreamName": stream, "limit": most, "startFromHead": false,
        });
        let answer = self.json.call("read the log", "GetLogEvents", asked).await;
        or_none::<Events>(answer).map(|found| found.events)
    }

    async fn search(&self, group: &str, window: Window, words: &str) -> Result<Vec<Line>> {
        let (mut lines, mut next) = (vec![], Value::Null);
        for _ in 0..PAGES {
            let words = if words.is_empty() { Value::Null } else { words.into() };
            let asked = json!({
                "logGroupName": group, "startTime": window.from, "endTime": window.to, "filterPattern": words, "nextToken": next,
            });
            let answer = self.json.call("search the log", "FilterLogEvents", asked).await;
            let found = or_none::<Events>(answer)?;
            lines.extend(found.events);
            match found.next_token {
                Some(token) => next = token.into(),
                None => break,
            }
        }
        lines.sort_by_key(|line| line.timestamp);
        Ok(lines)
    }

    async fn streams(&self, group: &str, most: usize) -> Result<Vec<String>> {
        let asked = json!({
            "logGroupName": group, "orderBy": "LastEventTime", "descending": true, "limit": most,
        });
        let answer = self.json.call("list the log's streams", "DescribeLogStreams", asked).await;
        let found = or_none::<Streams>(answer)?;
        Ok(found.log_streams.into_iter().map(|stream| stream.log_stream_name).collect())
    }
}
