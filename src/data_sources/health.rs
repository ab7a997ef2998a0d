//! Data source `quilt_health`: how a deployment is, by a table of checks.

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::attributes;
use crate::cx::Cx;
use crate::data_sources::preflight::{CheckResult, row};
use crate::deploy::Deploy;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::preflight::{Finding, Status};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value, known};

use rows::{
    BucketRow, CanaryRow, CertificateRow, DatabaseRow, DriftRow, SearchRow, ServiceRow, TargetRow,
};
pub use table::CHECKS;

mod bucket;
mod canary;
mod certificate;
mod database;
mod drift;
mod registry;
mod rows;
mod scene;
mod search;
mod seen;
mod service;
mod table;
mod target;
mod told;

attributes! {
    /// How a Quilt deployment is: a table of checks, made side by side, each with what it found and what to do. Nothing is changed. A check that
    /// concerns nothing of this stack is left out. A check without its permission is `unknown` and names the permission. Use it in `check`
    /// blocks, with an alarm on what they say; the guide "Health" shows both.
    ///
    /// The checks:
    ///
    /// - `stack`: the stack is complete, and nothing goes on with it
    /// - `services`: every service of ECS has all its tasks
    /// - `targets`: the load balancers' targets answer
    /// - `search`: the search domain is there and its cluster is green
    /// - `search_storage`: every data node of the search domain has room left
    /// - `database`: the database is available
    /// - `certificate`: the certificates are issued, for every host, and last for 30 days more
    /// - `drift`: nothing is otherwise than the template says, what Quilt itself writes left out. Only with `drift = true`
    /// - `registry`: the registry answers to this machine. Only with `registry = true`
    /// - `canaries`: the last run of every canary ended well. Only with `canaries = true`
    /// - `bucket_versioning`: the data buckets keep versions. Only with `data_buckets`
    /// - `bucket_replication`: the data buckets are copied into other buckets. Only with `data_buckets`
    /// - `bucket_notifications`: the data buckets tell of what is stored and deleted in them. Only with `data_buckets`
    pub struct HealthLookup {
        /// Name of the stack, or its ARN.
        name: String = Required;
        /// The region, when it is not the provider's. An ARN has its own.
        region: String = OptionalComputed;
        /// Identifier of the database instance, where it stands beside the stack. When not given, it is found by the security group that the stack
        /// reaches it through.
        db_instance_identifier: String = Optional;
        /// Whether to have CloudFormation look for drift. It takes minutes, at every plan. Default: false.
        drift: bool = Optional;
        /// Whether to read `https://<registry>/api/health` from the machine that Terraform runs on. Default: false.
        registry: bool = Optional;
        /// Whether to look at the stack's canaries, which run every hour. Default: false.
        canaries: bool = Optional;
        /// Names of data buckets.
        data_buckets: Set<Value<String>> = Optional;
        /// Names of checks whose failure is known and meant: they stand in `checks` as before, and `healthy` does not count them.
        accept: Set<Value<String>> = Optional;
        /// What was found, in the order of the table.
        checks: Vec<Value<CheckResult>> = Computed;
        /// Whether nothing failed. What is unknown counts neither way.
        healthy: bool = Computed;
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// The services. Null where they could not be looked at, as all that follows.
        services: Vec<Value<ServiceRow>> = Computed;
        /// The load balancers' target groups.
        target_groups: Vec<Value<TargetRow>> = Computed;
        /// The search domain.
        search: SearchRow = Computed;
        /// The database.
        database: DatabaseRow = Computed;
        /// The certificates.
        certificates: Vec<Value<CertificateRow>> = Computed;
        /// What is otherwise than the template says.
        drifted: Vec<Value<DriftRow>> = Computed;
        /// The canaries.
        canary_runs: Vec<Value<CanaryRow>> = Computed;
        /// The data buckets.
        buckets: Vec<Value<BucketRow>> = Computed;
    }
}

/// Data source `quilt_health`.
pub struct HealthSource;

#[async_trait]
impl DataSource for HealthSource {
    const NAME: &'static str = "quilt_health";
    type State = HealthLookup;

    fn subject(config: &HealthLookup) -> String {
        format!("The health of {}", config.name.as_deref_option().unwrap_or("a stack"))
    }

    fn validate(&self, config: &HealthLookup, d: &mut Diagnostics) {
        let names = config.accept.iter().flatten().flatten();
        for name in names.filter(|name| CHECKS.iter().all(|check| check.name != **name)) {
            let all: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            let detail = format!("`{name}` is not one. They are: {}.", all.join(", "));
            d.fail_at(AttributePath::new("accept"), "There is no such check", detail);
        }
    }

    async fn read(
        &self,
        cx: &Cx,
        config: HealthLookup,
        _d: &mut Diagnostics,
    ) -> Result<HealthLookup> {
        let name = config.name.clone().unwrap_or_default();
        let (deploy, stack) =
            Deploy::named(cx, "name", &name, config.region.as_deref_option()).await?;
        let now = OffsetDateTime::now_utc();
        let scene = scene::Scene::new(&deploy, &stack, &config, now.unix_timestamp());
        let found = told::look(&scene).await;
        Ok(HealthLookup {
            region: known(deploy.aws.region.as_str()),
            status: known(stack.status.as_str()),
            healthy: healthy(&config, &found).into(),
            checks: found.iter().map(|f| row(f).into()).collect::<Vec<_>>().into(),
            ..told::told(&scene, config.clone())
        })
    }
}

/// Nothing failed, but what is accepted.
fn healthy<L>(config: &HealthLookup, found: &[Finding<L>]) -> bool {
    let accepted = |name: &str| config.accept.iter().flatten().flatten().any(|n| n == name);
    found.iter().all(|f| f.verdict.status != Status::Fail || accepted(f.check.name))
}

#[cfg(test)]
mod tests;
