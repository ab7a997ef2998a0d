//! CloudTrail: its trails, calls that AWS refused, and whose they were.

use async_trait::async_trait;
use aws_types::SdkConfig;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Trail;
use super::logs::Window;
use super::signed::Service;
use super::signed::json::Json;
use crate::outcome::Result;

const CLOUDTRAIL: Service = Service {
    id: "CloudTrail",
    signs_as: "cloudtrail",
    host: "cloudtrail",
    fips_in_gov_cloud: true,
    global: false,
};

/// CloudTrail in one region.
pub struct CloudTrail {
    json: Json,
}

/// A call that AWS refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refused {
    /// When, as CloudTrail writes it: `2026-11-29T09:00:00Z`.
    pub at: String,
    /// What was called, as `ecs:CreateService`.
    pub call: String,
    /// The code, as `AccessDenied`.
    pub code: String,
    /// What AWS said.
    pub message: String,
    /// ARN of who called: of a role's session.
    pub caller: String,
    /// ARN of the role behind the session.
    pub role: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Page {
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Event {
    cloud_trail_event: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Trails {
    trail_list: Vec<Value>,
}

/// Calls to LookupEvents at most: there are two a second in a whole account and region.
const PAGES: usize = 10;

impl CloudTrail {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
        Self { json: Json::new(sdk, &CLOUDTRAIL, target) }
    }
}

#[async_trait]
impl Trail for CloudTrail {
    async fn refused(&self, window: Window) -> Result<Vec<Refused>> {
        let (mut found, mut next) = (vec![], Value::Null);
        for _ in 0..PAGES {
            let asked = json!({
                "StartTime": window.from / 1000, "EndTime": window.to / 1000, "MaxResults": 50, "NextToken": next,
            });
            let page: Page = self.json.call("look up refused calls", "LookupEvents", asked).await?;
            found.extend(page.events.iter().filter_map(|e| refused(&e.cloud_trail_event)));
            match page.next_token {
                Some(token) => next = token.into(),
                None => break,
            }
        }
        found.sort_by(|a, b| a.at.cmp(&b.at));
        Ok(found)
    }

    async fn trails(&self) -> Result<usize> {
        let found: Trails =
            self.json.call("describe the trails", "DescribeTrails", json!({})).await?;
        Ok(found.trail_list.len())
    }
}

/// A record, when it has an error.
fn refused(record: &str) -> Option<Refused> {
    let record: Value = serde_json::from_str(record).ok()?;
    let text = |pointer: &str| {
        record.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string()
    };
    let code = text("/errorCode");
    let service = text("/eventSource");
    let service = service.split('.').next().unwrap_or_default();
    (!code.is_empty()).then(|| Refused {
        at: text("/eventTime"),
        call: format!("{service}:{}", text("/eventName")),
        code,
        message: text("/errorMessage"),
        caller: text("/userIdentity/arn"),
        role: text("/userIdentity/sessionContext/sessionIssuer/arn"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_are_counted() {
        let text = r#"{"trailList": [{"Name": "a"}, {"Name": "b"}]}"#;
        assert_eq!(serde_json::from_str::<Trails>(text).unwrap().trail_list.len(), 2);
    }

    #[test]
    fn only_what_was_refused_is_read() {
        let record = r#"{"eventTime":"2026-11-29T09:00:00Z","eventSource":"ecr.amazonaws.com","eventName":"BatchGetImage","errorCode":"AccessDenied",
            "errorMessage":"no","userIdentity":{"arn":"arn:aws:sts::1:assumed-role/r/s","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/r"}}}}"#;
        let found = refused(record).unwrap();
        assert_eq!(
            (found.call.as_str(), found.role.as_str()),
            ("ecr:BatchGetImage", "arn:aws:iam::1:role/r")
        );
        assert_eq!(refused(r#"{"eventName":"DescribeStacks"}"#), None);
        assert_eq!(refused("not JSON"), None);
    }
}
