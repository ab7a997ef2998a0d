//! The record: every call the account's APIs answered, in order.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Cloud, http};
use crate::permissions::{self, Asked};

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its place in the order of all calls.
    pub number: u64,
    /// The service as signatures name it: `cloudformation`, `s3`, `ec2`, `sts`, `es` …
    pub service: String,
    /// `CreateStack`, `PutObject` …
    pub action: String,
    /// The region it was signed for.
    pub region: String,
    /// The ClientRequestToken.
    pub token: Option<String>,
    /// What was sent; template parameters as `Parameters.Name`, tags as `Tags.Key`.
    pub parameters: BTreeMap<String, Sent>,
    /// HTTP status of the answer; none while it is being made.
    pub status: Option<u16>,
    /// Error code of a refusal.
    pub error: Option<String>,
    /// What the weather did to it, as files of weather spell it.
    pub weather: Option<String>,
}

/// A value as it was sent. Debug shows no secrets.
#[derive(Clone, PartialEq)]
pub struct Sent {
    /// None for UsePreviousValue.
    pub value: Option<String>,
    /// Whether the template declares it NoEcho, or its name says so.
    pub secret: bool,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.value {
            None => f.write_str("(previous)"),
            Some(_) if self.secret => f.write_str("(secret)"),
            Some(value) => write!(f, "{value:?}"),
        }
    }
}

impl Call {
    /// What was sent under a name.
    pub fn sent(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)?.value.as_deref()
    }
}

/// A test whose account sent what AWS's own models do not allow has failed, and one in which the provider called what its guide does not allow.
impl Drop for Cloud {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let wrong = self.take_wrong();
            assert!(wrong.is_empty(), "AWS takes no such requests:\n{}", wrong.join("\n"));
            let missing = permissions::missing(&self.asked());
            assert!(
                missing.is_empty(),
                "docs/guides/permissions.md is to be completed:\n{}",
                missing.join("\n")
            );
        }
    }
}

impl Cloud {
    /// Takes out of the record the requests that AWS's own models do not allow: the operation, and what is wrong with it.
    pub fn take_wrong(&self) -> Vec<String> {
        let answer = http::control("DELETE", &self.of_account("/_cloud/wrong"), None);
        let faults = |call: &Value| {
            call["faults"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join("; ")
        };
        let told = |call: &Value| {
            format!(
                "{} {}: {}",
                call["service"].as_str().unwrap_or_default(),
                call["action"].as_str().unwrap_or_default(),
                faults(call)
            )
        };
        answer["calls"].as_array().expect("it is a list").iter().map(told).collect()
    }

    /// What the provider has called, each with the names of what it sent; `forget` leaves these.
    pub fn asked(&self) -> Vec<Asked> {
        let answer = http::control("GET", &self.of_account("/_cloud/asked"), None);
        let text = |call: &Value, name: &str| call[name].as_str().unwrap_or_default().to_owned();
        let given = |call: &Value| {
            call["given"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let asked = |call: &Value| Asked {
            service: text(call, "service"),
            action: text(call, "action"),
            given: given(call),
        };
        answer["calls"].as_array().expect("it is a list").iter().map(asked).collect()
    }

    /// Everything called since the start or `forget`.
    pub fn calls(&self) -> Vec<Call> {
        let answer = http::control("GET", &self.of_account("/_cloud/calls"), None);
        answer["calls"].as_array().expect("the record is a list").iter().map(read).collect()
    }

    /// The calls of one action.
    pub fn calls_of(&self, action: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.action == action).collect()
    }

    /// Fails the test if a call sent the asterisks by which AWS hides a secret: they would have become the secret.
    pub fn nothing_masked_was_sent(&self) {
        let masked = |call: &Call| {
            call.parameters
                .values()
                .any(|sent| sent.value.as_deref().is_some_and(|value| value.contains("****")))
        };
        let found: Vec<_> = self.calls().into_iter().filter(masked).collect();
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Empties the record.
    pub fn forget(&self) {
        http::control("DELETE", &self.of_account("/_cloud/calls"), None);
    }
}

fn read(call: &Value) -> Call {
    let text = |name: &str| call[name].as_str().map(str::to_owned);
    let sent = |value: &Value| Sent {
        value: value["value"].as_str().map(str::to_owned),
        secret: value["secret"] == true,
    };
    Call {
        number: call["number"].as_u64().unwrap_or_default(),
        service: text("service").unwrap_or_default(),
        action: text("action").unwrap_or_default(),
        region: text("region").unwrap_or_default(),
        token: text("token"),
        parameters: call["parameters"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), sent(value)))
            .collect(),
        status: call["status"].as_u64().and_then(|status| u16::try_from(status).ok()),
        error: text("error"),
        weather: text("weather"),
    }
}
