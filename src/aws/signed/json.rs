//! AWS's JSON protocols: the operation in a header, what is asked and what is answered as JSON.

use std::fmt;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_types::SdkConfig;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Reading, Refusal, Service, Signed, Written};
use crate::outcome::Result;

/// A service that speaks JSON 1.1.
pub struct Json {
    signed: Signed,
    /// What stands before the operation's name in the header, as `Logs_20140328`.
    target: &'static str,
}

impl Json {
    /// A service by shared settings.
    pub fn new(sdk: &SdkConfig, service: &'static Service, target: &'static str) -> Self {
        Self { signed: Signed::new(sdk, service), target }
    }

    /// Makes a call. Members that are null are left out.
    ///
    /// # Errors
    /// As `Signed::call`.
    pub async fn call<T: DeserializeOwned + fmt::Debug + Send + Sync + 'static>(
        &self,
        doing: &'static str,
        operation: &'static str,
        mut asked: Value,
    ) -> Result<T> {
        if let Value::Object(members) = &mut asked {
            members.retain(|_, value| !value.is_null());
        }
        let written = Written {
            content_type: "application/x-amz-json-1.1",
            header: Some(("x-amz-target", format!("{}.{operation}", self.target))),
            body: asked.to_string().into_bytes(),
        };
        self.signed.call(doing, operation, written, reading()).await
    }
}

/// How JSON is read, of whatever protocol.
pub fn reading<T: DeserializeOwned>() -> Reading<T> {
    Reading { answer, refusal }
}

fn answer<T: DeserializeOwned>(body: &[u8]) -> std::result::Result<T, BoxError> {
    Ok(serde_json::from_slice(if body.is_empty() { b"{}" } else { body })?)
}

/// The code stands in the header or in the body, with a namespace before `#` or an address after `:`.
fn refusal(body: &[u8], header: Option<&str>) -> Refusal {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| body[*name].as_str());
    let code = header.or_else(|| text(&["code", "__type"])).unwrap_or_default();
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    let code = code.split_once('#').map_or(code, |(_, code)| code);
    let message = text(&["message", "Message", "errorMessage"]).unwrap_or_default();
    Refusal { code: code.into(), message: message.into() }
}
