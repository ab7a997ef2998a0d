//! CloudWatch: the newest values of metrics.

use async_trait::async_trait;
use aws_types::SdkConfig;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::signed::Service;
use super::signed::query::{Node, Query};
use crate::outcome::Result;

const CLOUDWATCH: Service = Service {
    id: "CloudWatch",
    signs_as: "monitoring",
    host: "monitoring",
    fips_in_gov_cloud: true,
    global: false,
};

/// Seconds that one value of a metric stands for.
const PERIOD: &str = "60";

/// CloudWatch's metrics.
#[async_trait]
pub trait Metrics: Send + Sync {
    /// The newest value of each within the last so many minutes; `None` where there is none.
    async fn newest(&self, metrics: &[Metric], minutes: i64) -> Result<Vec<Option<f64>>>;
}

/// A metric of something.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metric {
    /// Whose it is, as `AWS/ES`.
    pub namespace: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Of what: names and values.
    pub dimensions: Vec<(&'static str, String)>,
    /// What of the values of a minute: `Minimum`, `Maximum` or `Average`.
    pub statistic: &'static str,
}

/// CloudWatch in one region.
pub struct CloudWatch {
    query: Query,
}

impl CloudWatch {
    /// A client of its own from shared settings.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { query: Query::new(sdk, &CLOUDWATCH, "2010-08-01") }
    }
}

#[async_trait]
impl Metrics for CloudWatch {
    async fn newest(&self, metrics: &[Metric], minutes: i64) -> Result<Vec<Option<f64>>> {
        let now = OffsetDateTime::now_utc();
        let at = |time: OffsetDateTime| time.format(&Rfc3339).unwrap_or_default();
        let mut asked = vec![
            ("StartTime".to_string(), at(now - Duration::minutes(minutes))),
            ("EndTime".to_string(), at(now)),
            ("ScanBy".to_string(), "TimestampDescending".to_string()),
        ];
        for (n, metric) in metrics.iter().enumerate() {
            asked.extend(written(n + 1, metric));
        }
        let answer = self.query.call("read the metrics", "GetMetricData", &asked).await?;
        Ok((1..=metrics.len()).map(|n| newest(&answer, &id(n))).collect())
    }
}

/// What the query of this number is called.
fn id(n: usize) -> String {
    format!("m{n}")
}

fn written(n: usize, metric: &Metric) -> Vec<(String, String)> {
    let one = format!("MetricDataQueries.member.{n}");
    let stat = format!("{one}.MetricStat");
    let mut asked = vec![
        (format!("{one}.Id"), id(n)),
        (format!("{stat}.Metric.Namespace"), metric.namespace.into()),
        (format!("{stat}.Metric.MetricName"), metric.name.into()),
        (format!("{stat}.Period"), PERIOD.into()),
        (format!("{stat}.Stat"), metric.statistic.into()),
    ];
    for (d, (name, value)) in metric.dimensions.iter().enumerate() {
        let dimension = format!("{stat}.Metric.Dimensions.member.{}", d + 1);
        asked.push((format!("{dimension}.Name"), (*name).into()));
        asked.push((format!("{dimension}.Value"), value.clone()));
    }
    asked
}

/// The value of the latest time. Times are written alike, and so stand in order.
fn newest(answer: &Node, id: &str) -> Option<f64> {
    let results = answer.part("GetMetricDataResult")?.items("MetricDataResults");
    let result = results.iter().find(|result| result.text("Id") == id)?;
    let (times, values) = (result.items("Timestamps"), result.items("Values"));
    let latest = times.iter().zip(values).max_by(|(a, _), (b, _)| a.text.cmp(&b.text))?;
    latest.1.text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, text: &str, parts: Vec<Node>) -> Node {
        Node { name: name.into(), text: text.into(), parts }
    }

    #[test]
    fn the_newest_value_counts_in_whichever_order_they_come() {
        let list = |name: &str, texts: [&str; 2]| {
            node(name, "", texts.map(|text| node("member", text, vec![])).into())
        };
        let times = ["2026-11-29T10:02:00Z", "2026-11-29T10:01:00Z"];
        let result = |times| {
            let parts = vec![
                node("Id", "m1", vec![]),
                list("Timestamps", times),
                list("Values", ["7.5", "9"]),
            ];
            let results = node("MetricDataResults", "", vec![node("member", "", parts)]);
            node("R", "", vec![node("GetMetricDataResult", "", vec![results])])
        };
        assert_eq!(newest(&result(times), "m1"), Some(7.5));
        assert_eq!(newest(&result([times[1], times[0]]), "m1"), Some(9.0));
        assert_eq!(newest(&result(times), "m2"), None);
    }

    #[test]
    fn a_metric_is_asked_for_by_number() {
        let metric = Metric {
            namespace: "AWS/ES",
            name: "FreeStorageSpace",
            dimensions: vec![("DomainName", "find".into())],
            statistic: "Minimum",
        };
        let asked = written(2, &metric);
        let value = |name: &str| asked.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        assert_eq!(value("MetricDataQueries.member.2.Id"), Some("m2"));
        let dimension = "MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Value";
        assert_eq!(value(dimension), Some("find"));
    }
}
