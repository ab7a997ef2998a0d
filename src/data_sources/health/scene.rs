//! What the checks look at, and what they have seen of it: each thing is asked for once, whoever needs it.

use futures_util::future::join_all;
use tokio::sync::OnceCell;

use super::bucket::Facets;
use super::canary::Run;
use super::certificate::Held;
use super::database::Found;
use super::rows::{DriftRow, SearchRow};
use super::search::Cluster;
use super::service::Service;
use super::table::{CHECKS, Check};
use super::target::Group;
use super::{HealthLookup, bucket, database};
use crate::cloudformation::stack::{Part, Stack};
use crate::deploy::{Deploy, Drifted};
use crate::outcome::Result;
use crate::preflight;
use crate::tf::{Value, known};

/// What was asked for, once.
pub type Asked<T> = OnceCell<Result<T>>;

/// A finding of this table.
pub type Finding = preflight::Finding<super::table::Look>;

/// A stack, and what was seen of it.
pub struct Scene<'a> {
    /// The way to it.
    pub deploy: &'a Deploy<'a>,
    /// It, as CloudFormation describes it.
    pub stack: &'a Stack,
    /// What is asked.
    pub config: &'a HealthLookup,
    /// Seconds since 1970.
    pub now: i64,
    parts: Asked<Vec<Part>>,
    pub(super) services: Asked<Vec<Service>>,
    pub(super) groups: Asked<Vec<Group>>,
    pub(super) cluster: Asked<Option<Cluster>>,
    pub(super) database: Asked<Option<Found>>,
    pub(super) certificates: Asked<Vec<Held>>,
    pub(super) drift: Asked<Drifted>,
    pub(super) canaries: Asked<Vec<Run>>,
    pub(super) facets: Facets,
}

/// What was asked for, or why it is not known.
pub async fn once<T>(cell: &Asked<T>, look: impl Future<Output = Result<T>>) -> Result<&T> {
    cell.get_or_init(|| look).await.as_ref().map_err(Clone::clone)
}

/// What was asked for and is known.
pub fn seen<T>(cell: &Asked<T>) -> Option<&T> {
    cell.get()?.as_ref().ok()
}

impl<'a> Scene<'a> {
    /// Before any look.
    pub fn new(
        deploy: &'a Deploy<'a>,
        stack: &'a Stack,
        config: &'a HealthLookup,
        now: i64,
    ) -> Self {
        Self {
            deploy,
            stack,
            config,
            now,
            parts: OnceCell::new(),
            services: OnceCell::new(),
            groups: OnceCell::new(),
            cluster: OnceCell::new(),
            database: OnceCell::new(),
            certificates: OnceCell::new(),
            drift: OnceCell::new(),
            canaries: OnceCell::new(),
            facets: Facets::default(),
        }
    }

    /// Makes every check, side by side.
    pub async fn look(&self) -> Vec<Finding> {
        let one = |check: &'static Check| async move { check.found((check.look)(self).await) };
        join_all(CHECKS.iter().map(one)).await.into_iter().flatten().collect()
    }

    /// The resources of these types that are there, those of nested stacks included.
    pub async fn parts(&self, kinds: &[&str]) -> Result<Vec<&Part>> {
        let all = once(&self.parts, self.deploy.parts(&self.stack.id)).await?;
        let there = |part: &&Part| !part.physical_id.is_empty() && part.status.exists();
        let of = |part: &&Part| kinds.contains(&part.kind.as_str());
        Ok(all.iter().filter(of).filter(there).collect())
    }

    /// A parameter of the stack that has a value.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        let value = self.stack.parameters.get(name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// All that was seen, as state.
    pub fn told(&self, config: HealthLookup) -> HealthLookup {
        HealthLookup {
            services: rows(seen(&self.services).map(|all| all.iter().map(Service::row))),
            target_groups: rows(seen(&self.groups).map(|all| all.iter().map(Group::row))),
            search: seen(&self.cluster).and_then(|c| c.as_ref().map(Cluster::row)).into(),
            database: seen(&self.database).and_then(|d| d.as_ref().map(database::row)).into(),
            certificates: rows(
                seen(&self.certificates).map(|all| all.iter().map(|held| held.row(self.now))),
            ),
            drifted: rows(seen(&self.drift).map(|drifted| drifted.found.iter().map(drift))),
            canary_runs: rows(seen(&self.canaries).map(|all| all.iter().map(Run::row))),
            buckets: rows(bucket::rows(self).map(Vec::into_iter)),
            ..config
        }
    }
}

/// A list; null where it is not known.
fn rows<R, I: Iterator<Item = R>>(all: Option<I>) -> Value<Vec<Value<R>>> {
    all.map(|rows| rows.map(Value::Value).collect::<Vec<_>>()).into()
}

fn drift(drift: &crate::cloudformation::drift::Drift) -> DriftRow {
    DriftRow {
        logical_id: known(drift.logical_id.as_str()),
        resource_type: known(drift.kind.as_str()),
        physical_id: known(drift.physical_id.as_str()),
        deleted: drift.deleted.into(),
        properties: drift.properties.iter().map(known).collect::<Vec<_>>().into(),
    }
}

impl Cluster {
    fn row(&self) -> SearchRow {
        SearchRow {
            domain_name: known(self.name.as_str()),
            colour: self.colour.map(|colour| colour.word().to_string()).into(),
            nodes: self.nodes.into(),
            storage_gib: self.storage.into(),
            free_storage_gib: self.free.map(|free| free.floor() as i64).into(),
        }
    }
}
