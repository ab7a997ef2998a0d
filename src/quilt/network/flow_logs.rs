//! Flow logs: whether the network's traffic is recorded, and where the records go.

use std::collections::BTreeMap;

use crate::cloudformation::arn::Arn;

/// Days that a log group may keep, as CloudWatch Logs takes them.
const DAYS: [i64; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];
/// The days where nothing is said.
pub const RETENTION: i64 = 90;

/// Where records go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Nothing is recorded.
    #[default]
    None,
    /// A log group of the network's own.
    Group,
    /// A bucket that is there.
    Bucket,
}

impl Target {
    const ALL: [Target; 3] = [Target::None, Target::Group, Target::Bucket];

    /// The word for it in configurations, in the template and in EC2.
    pub fn word(self) -> &'static str {
        match self {
            Target::None => "none",
            Target::Group => "cloud-watch-logs",
            Target::Bucket => "s3",
        }
    }

    /// What the word stands for.
    pub fn of(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|target| target.word() == word);
        found.ok_or_else(|| format!("It is `{word}`. Write `none`, `cloud-watch-logs` or `s3`."))
    }
}

/// What is recorded of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowLogs {
    /// Where records go.
    pub to: Target,
    /// The bucket, where they go to one.
    pub bucket_arn: Option<String>,
    /// Days that the log group keeps them.
    pub retention_days: i64,
}

impl Default for FlowLogs {
    fn default() -> Self {
        Self { to: Target::None, bucket_arn: None, retention_days: RETENTION }
    }
}

impl FlowLogs {
    /// The template's parameters.
    pub(super) fn parameters(&self) -> [(&'static str, String); 3] {
        [
            ("FlowLogs", self.to.word().to_string()),
            ("FlowLogBucketArn", self.bucket_arn.clone().unwrap_or_default()),
            ("FlowLogRetentionDays", self.retention_days.to_string()),
        ]
    }

    /// What a stack was made with; the first version of the template records nothing.
    pub(super) fn of(parameters: &BTreeMap<String, String>) -> Result<Self, String> {
        let text = |name: &str| parameters.get(name).filter(|text| !text.is_empty());
        let days = text("FlowLogRetentionDays").and_then(|days| days.parse().ok());
        Ok(Self {
            to: text("FlowLogs").map_or(Ok(Target::None), |word| Target::of(word))?,
            bucket_arn: text("FlowLogBucketArn").cloned(),
            retention_days: days.unwrap_or(RETENTION),
        })
    }
}

/// Checks `flow_logs_retention_days`.
pub fn check_days(days: i64) -> Result<(), String> {
    if DAYS.contains(&days) {
        return Ok(());
    }
    let near = DAYS.iter().min_by_key(|kept| (**kept - days).abs()).unwrap_or(&RETENTION);
    let all: Vec<_> = DAYS.iter().map(i64::to_string).collect();
    Err(format!(
        "It is {days}, and CloudWatch Logs keeps records for one of these numbers of days: {}. The nearest is {near}.",
        all.join(", ")
    ))
}

/// Checks `flow_logs_bucket_arn`: a bucket, with a folder or without.
pub fn check_bucket(arn: &str) -> Result<(), String> {
    let bucket = Arn::of(arn).filter(|it| it.service == "s3" && !it.resource.is_empty());
    bucket.map(drop).ok_or_else(|| match arn.contains(':') {
        false => format!("`{arn}` is no ARN. Write `arn:aws:s3:::{arn}`."),
        true => format!(
            "`{arn}` is not the ARN of a bucket. Write one such as `arn:aws:s3:::records/network`."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_days_and_buckets() {
        for target in Target::ALL {
            assert_eq!(Target::of(target.word()), Ok(target));
        }
        assert!(Target::of("cloudwatch").is_err_and(|why| why.contains("`cloud-watch-logs`")));
        assert_eq!(check_days(90), Ok(()));
        assert!(check_days(100).is_err_and(|why| why.ends_with("The nearest is 90.")));
        assert!(check_days(0).is_err_and(|why| why.ends_with("The nearest is 1.")));
        for good in ["arn:aws:s3:::records", "arn:aws-cn:s3:::records/quilt/net"] {
            assert_eq!(check_bucket(good), Ok(()));
        }
        for (bad, words) in [
            ("records", "Write `arn:aws:s3:::records`."),
            ("arn:aws:sns:us-east-1:1:records", "not the ARN of a bucket"),
            ("s3://records", "not the ARN of a bucket"),
        ] {
            assert!(check_bucket(bad).is_err_and(|why| why.contains(words)), "{bad}");
        }
    }

    #[test]
    fn settings_come_back() {
        let logs = FlowLogs {
            to: Target::Bucket,
            bucket_arn: Some("arn:aws:s3:::records".into()),
            retention_days: 30,
        };
        for logs in [FlowLogs::default(), logs] {
            let sent = logs.parameters().map(|(name, value)| (name.to_string(), value)).into();
            assert_eq!(FlowLogs::of(&sent), Ok(logs));
        }
        assert_eq!(FlowLogs::of(&BTreeMap::new()), Ok(FlowLogs::default()));
    }
}
