//! What is seen of a deployment: plain data, each thing asked for once, whoever needs it.

use std::collections::BTreeMap;

use tokio::sync::OnceCell;

use crate::aws::s3::Notices;
use crate::outcome::Result;
use crate::quilt::certificate::Certificate;
use crate::quilt::database::Instance;

/// What was asked for, once.
pub type Asked<T> = OnceCell<Result<T>>;

/// What was asked for, or why it is not known.
pub async fn once<T>(cell: &Asked<T>, look: impl Future<Output = Result<T>>) -> Result<&T> {
    cell.get_or_init(|| look).await.as_ref().map_err(Clone::clone)
}

/// What was asked for and is known.
pub fn seen<T>(cell: &Asked<T>) -> Option<&T> {
    cell.get()?.as_ref().ok()
}

/// A service as it runs.
pub struct Service {
    /// What the template calls it.
    pub name: String,
    /// How many tasks it is to have.
    pub desired: i64,
    /// How many run.
    pub running: i64,
    /// Why its newest task stopped; none where all run.
    pub stopped: Option<String>,
    /// Why a task stopped may not be asked.
    pub hidden: bool,
    /// ECS has no such service.
    pub gone: bool,
}

/// A target group.
pub struct Group {
    /// What the template calls it.
    pub name: String,
    /// How many targets it has.
    pub targets: i64,
    /// How many answer.
    pub healthy: i64,
    /// Why one does not answer, where one does not.
    pub reason: Option<String>,
}

/// The colour of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// All is in its place.
    Green,
    /// Copies are missing.
    Yellow,
    /// Data is missing.
    Red,
}

/// A search domain as it is.
pub struct Cluster {
    /// Name of the domain.
    pub name: String,
    /// How many nodes hold data.
    pub nodes: i64,
    /// GiB of each of them.
    pub storage: Option<i64>,
    /// What CloudWatch says of late.
    pub colour: Option<Colour>,
    /// GiB that are free on the node with the least.
    pub free: Option<f64>,
    /// What is going on with it.
    pub doing: Option<String>,
    /// AWS has no such domain.
    pub gone: bool,
}

/// A database instance, by its identifier.
pub struct Found {
    /// Its identifier.
    pub id: String,
    /// It; `None`: RDS has none.
    pub instance: Option<Instance>,
}

/// A certificate, by its ARN.
pub struct Held {
    /// Its ARN.
    pub arn: String,
    /// It; `None`: ACM has none.
    pub certificate: Option<Certificate>,
}

/// The last run of a canary.
pub struct Run {
    /// Name of the canary.
    pub name: String,
    /// How much of it went well, in per cent.
    pub success: Option<f64>,
}

/// Something of each bucket, by its name.
pub type Each<T> = BTreeMap<String, T>;

/// What was seen of data buckets.
#[derive(Default)]
pub struct Facets {
    /// Whether they keep versions.
    pub versioned: Asked<Each<bool>>,
    /// How many rules copy them.
    pub replicas: Asked<Each<usize>>,
    /// What they tell.
    pub notices: Asked<Each<Notices>>,
}
