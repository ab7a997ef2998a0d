//! Service Quotas: how much of something an account may have in a region.

use async_trait::async_trait;
use aws_types::SdkConfig;
use serde::Deserialize;
use serde_json::json;

use super::signed::Service;
use super::signed::json::Json;
use crate::outcome::{AwsErrorKind, Result};

const QUOTAS: Service = Service {
    id: "Service Quotas",
    signs_as: "servicequotas",
    host: "servicequotas",
    fips_in_gov_cloud: true,
    global: false,
};

/// How much of something an account may have.
#[async_trait]
pub trait Quotas: Send + Sync {
    /// The number; `None`: Service Quotas knows none.
    async fn most(&self, quota: &Quota) -> Result<Option<usize>>;
}

/// A quota, by the codes of Service Quotas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// The service, as `vpc`.
    pub service: &'static str,
    /// The quota, as `L-F678F1CE`.
    pub code: &'static str,
}

/// Service Quotas in one region.
pub struct ServiceQuotas {
    json: Json,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Answer {
    quota: Number,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Number {
    value: Option<f64>,
}

impl ServiceQuotas {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { json: Json::new(sdk, &QUOTAS, "ServiceQuotasV20190624") }
    }
}

#[async_trait]
impl Quotas for ServiceQuotas {
    async fn most(&self, quota: &Quota) -> Result<Option<usize>> {
        let asked = json!({ "ServiceCode": quota.service, "QuotaCode": quota.code });
        let answer: Result<Answer> =
            self.json.call("read the quota", "GetServiceQuota", asked).await;
        match answer {
            Ok(answer) => Ok(answer.quota.value.map(whole)),
            Err(e) if e.aws() == Some(AwsErrorKind::Gone) => Ok(None),
            Err(e) => Err(e),
        }
    }
}

/// Quotas are told as floating point numbers.
fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read() {
        let text = r#"{"Quota": {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE", "Value": 7.0, "Adjustable": true}}"#;
        let answer: Answer = serde_json::from_str(text).unwrap();
        assert_eq!(answer.quota.value.map(whole), Some(7));
        let none: Answer = serde_json::from_str("{}").unwrap();
        assert_eq!(none.quota.value, None);
    }
}
