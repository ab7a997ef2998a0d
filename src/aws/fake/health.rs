//! Targets, metrics and buckets in memory. What nobody has spoken of may not be looked at, but a bucket, which is as it should be.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{Fake, error};
use crate::aws::elb::Target;
use crate::aws::metrics::Metric;
use crate::aws::s3::Notices;
use crate::aws::{Balancers, Buckets, Metrics};
use crate::outcome::{AwsErrorKind, Result};

/// What tells how a stack is.
#[derive(Default)]
pub struct Vitals {
    targets: BTreeMap<String, Option<Vec<Target>>>,
    metrics: BTreeMap<(String, String), f64>,
    buckets: BTreeMap<String, Kept>,
}

/// How a bucket is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// It keeps versions.
    pub versioned: bool,
    /// Rules that copy it.
    pub replicas: usize,
    /// What it tells.
    pub notices: Notices,
}

impl Default for Kept {
    fn default() -> Self {
        let notices = Notices { created: true, removed: true };
        Self { versioned: true, replicas: 1, notices }
    }
}

impl Fake {
    /// The targets of a group, each by its state; `None`: the group is gone.
    pub fn targets(self, group: &str, states: Option<&[&str]>) -> Self {
        let of = |(n, state): (usize, &&str)| Target {
            id: format!("10.0.0.{n}"),
            state: (*state).into(),
            reason: if *state == "healthy" { "" } else { "Request timed out" }.into(),
        };
        let targets = states.map(|states| states.iter().enumerate().map(of).collect());
        self.world().vitals.targets.insert(group.into(), targets);
        self
    }

    /// The newest value of a metric of something.
    pub fn metric(self, of: &str, name: &str, value: f64) -> Self {
        self.world().vitals.metrics.insert((of.into(), name.into()), value);
        self
    }

    /// A bucket is kept so.
    pub fn keeps(self, bucket: &str, kept: Kept) -> Self {
        self.world().vitals.buckets.insert(bucket.into(), kept);
        self
    }

    fn kept(&self, call: &'static str, bucket: &str) -> Result<Kept> {
        let world = self.call(call, bucket.into())?;
        Ok(world.vitals.buckets.get(bucket).copied().unwrap_or_default())
    }
}

#[async_trait]
impl Balancers for Fake {
    async fn targets(&self, group: &str) -> Result<Option<Vec<Target>>> {
        let world = self.call("targets", group.into())?;
        let found = world.vitals.targets.get(group).cloned();
        found.ok_or_else(|| error(AwsErrorKind::Denied))
    }
}

#[async_trait]
impl Metrics for Fake {
    async fn newest(&self, metrics: &[Metric], _minutes: i64) -> Result<Vec<Option<f64>>> {
        let names: Vec<_> = metrics.iter().map(|metric| metric.name).collect();
        let world = self.call("newest", names.join(" "))?;
        let of = |metric: &Metric| {
            let whose = metric.dimensions.first().map(|(_, of)| of.clone()).unwrap_or_default();
            world.vitals.metrics.get(&(whose, metric.name.to_string())).copied()
        };
        Ok(metrics.iter().map(of).collect())
    }
}

#[async_trait]
impl Buckets for Fake {
    async fn versioned(&self, bucket: &str) -> Result<bool> {
        self.kept("versioned", bucket).map(|kept| kept.versioned)
    }

    async fn replicas(&self, bucket: &str) -> Result<usize> {
        self.kept("replicas", bucket).map(|kept| kept.replicas)
    }

    async fn notices(&self, bucket: &str) -> Result<Notices> {
        self.kept("notices", bucket).map(|kept| kept.notices)
    }
}
