//! Data source `quilt_preflight`: what can be known before anything is made, by the table of checks.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::Result;
use crate::preflight::{CHECKS, Finding, Scene, Status, look};
use crate::quilt::network::NatGateways;
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value, known};

pub mod intent;

/// Strings in a configuration.
type Strings = Vec<Value<String>>;

attributes! {
    /// A database that is to be made. What is left out is as in `quilt_database`.
    pub struct DatabaseWish {
        /// Version of PostgreSQL.
        engine_version: String = Optional;
        /// Class of the instance.
        instance_class: String = Optional;
        /// Storage in GiB.
        allocated_storage: i64 = Optional;
        /// Type of the storage: `gp2` or `gp3`.
        storage_type: String = Optional;
        /// Whether a second zone holds a standby.
        multi_az: bool = Optional;
    }
}

attributes! {
    /// A search domain that is to be made. What is left out is as in `quilt_search`.
    pub struct SearchWish {
        /// Its size by name, as `medium`.
        size: String = Optional;
        /// Type of the data nodes, as `m6g.xlarge.elasticsearch`.
        instance_type: String = Optional;
        /// GiB of each data node.
        volume_size: i64 = Optional;
        /// `gp2` or `gp3`.
        volume_type: String = Optional;
        /// I/O operations a second of each volume.
        volume_iops: i64 = Optional;
        /// MiB a second of each volume.
        volume_throughput: i64 = Optional;
        /// Version of Elasticsearch.
        engine_version: String = Optional;
    }
}

attributes! {
    /// A network: one that is to be made, or the ids of one that is there.
    pub struct NetworkWish {
        /// IPv4 range.
        cidr: String = Optional;
        /// The two zones, by name.
        availability_zones: Strings = Optional;
        /// `one_per_az`, `single` or `none`. Default: `one_per_az`.
        nat_gateways: String = Optional;
        /// The VPC of a network that is there: nothing is asked then of what a new one needs.
        vpc_id: String = Optional;
        /// Its private subnets.
        private_subnet_ids: Strings = Optional;
        /// Its public subnets.
        public_subnet_ids: Strings = Optional;
        /// Its intra subnets.
        intra_subnet_ids: Strings = Optional;
        /// Its user subnets.
        user_subnet_ids: Strings = Optional;
    }
}

attributes! {
    /// One check and what it has found.
    pub struct CheckResult {
        /// Name of the check.
        name: String = Computed;
        /// `pass`, `fail`, or `unknown` where it could not be looked at.
        status: String = Computed;
        /// What was found.
        found: String = Computed;
        /// What to do. Empty where nothing is to be done.
        fix: String = Computed;
        /// Where to read more.
        link: String = Computed;
    }
}

attributes! {
    /// What can be known before anything is made: a table of checks, made side by side, each with what it found and what to do. Nothing is
    /// changed. Every argument is optional: a check that concerns nothing of what is given is left out. A check without its permission is
    /// `unknown` and names the permission. Use it in `check` blocks and preconditions; with `fail_on` a failure is an error.
    ///
    /// The checks:
    ///
    /// - `stack_name`: the name of the stack is one that roles, buckets, database and search domain can be named after
    /// - `stack_status`: a stack of that name is not there yet, or can be updated
    /// - `change_sets`: CloudFormation objects to nothing in the change sets that the stack has: names that are taken, buckets that are not empty, quotas
    /// - `template`: the template can be read, is not too large, and gets every parameter it needs, each with a value that fits
    /// - `web_host`: the host of the catalog may stand in DNS, and those that follow from it
    /// - `template_bucket`: the bucket for large templates is there, and in this region
    /// - `template_bucket_writable`: these credentials may put templates into the bucket, as far as their own policies tell
    /// - `certificate`: the certificate is of this account and region, issued, and for every host of the catalog
    /// - `secrets`: each secret is there and may be read
    /// - `engine_version`: RDS offers the version of PostgreSQL for new databases
    /// - `database_instance`: the class of the database can be ordered, with its storage and a standby
    /// - `database_storage`: a database that is there has no more storage than is written
    /// - `search_nodes`: the type of the search nodes is offered, and takes the size, operations and throughput of the volumes
    /// - `search_volumes`: gp3 volumes of the search nodes are large enough for their operations and throughput
    /// - `availability_zones`: the zones are of this region
    /// - `cidr`: the range of the network is nobody's in the internet
    /// - `subnets`: the subnets of a network that is there are two of each kind, of one VPC, in the same two zones, and large enough
    /// - `vpcs`: the account has room for the VPC
    /// - `addresses`: the account has room for the elastic IP addresses of the NAT gateways
    /// - `trails`: the account has room for the trail that the template makes
    /// - `kms_key`: the key is of this region
    /// - `service_role`: the role that CloudFormation works as is of this account
    pub struct PreflightLookup {
        /// The region, when it is not the provider's.
        region: String = OptionalComputed;
        /// Name of the stack that is to be made or updated.
        stack_name: String = Optional;
        /// Path of its template.
        template_file: String = Optional;
        /// URL of its template in S3.
        template_url: String = Optional;
        /// Parameters of the template. For secret ones any value that fits will do: what stands here is kept in the state.
        parameters: BTreeMap<String, Value<String>> = Optional;
        /// The bucket for large templates. Default: the provider's `template_bucket`.
        template_bucket: String = Optional;
        /// Host name of the catalog.
        web_host: String = Optional;
        /// ARN of the certificate.
        certificate_arn: String = Optional;
        /// ARN of the role that CloudFormation works as.
        iam_role_arn: String = Optional;
        /// ARN of the key that encrypts the database.
        kms_key_id: String = Optional;
        /// Secrets that the provider is to read, by name or ARN. They are read and dropped.
        secret_arns: Set<Value<String>> = Optional;
        /// The database; `{}` for one with every default.
        database: DatabaseWish = Optional;
        /// The search domain; `{}` for one with every default.
        search: SearchWish = Optional;
        /// The network; `{}` for one with every default.
        network: NetworkWish = Optional;
        /// Names of checks whose failure is an error.
        fail_on: Set<Value<String>> = Optional;
        /// What was found, in the order of the table.
        checks: Vec<Value<CheckResult>> = Computed;
        /// Whether nothing failed. What is unknown counts neither way.
        ready: bool = Computed;
    }
}

/// Data source `quilt_preflight`.
pub struct PreflightSource;

#[async_trait]
impl DataSource for PreflightSource {
    const NAME: &'static str = "quilt_preflight";
    type State = PreflightLookup;

    fn subject(_config: &PreflightLookup) -> String {
        "The preflight".into()
    }

    fn validate(&self, config: &PreflightLookup, d: &mut Diagnostics) {
        let names = config.fail_on.iter().flatten().flatten();
        for name in names.filter(|name| CHECKS.iter().all(|check| check.name != **name)) {
            let all: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
            let detail = format!("`{name}` is not one. They are: {}.", all.join(", "));
            d.fail_at(AttributePath::new("fail_on"), "There is no such check", detail);
        }
        let nat = config.network.as_ref_option().and_then(|n| n.nat_gateways.as_deref_option());
        if let Some(Err(why)) = nat.map(NatGateways::of) {
            let at = AttributePath::new("network").attribute("nat_gateways");
            d.fail_at(at, "Not one of the values", why);
        }
        if config.template_file.is_value() && config.template_url.is_value() {
            let detail = "`template_file` is given as well; keep one of them.";
            d.fail_at(AttributePath::new("template_url"), "More than one template", detail);
        }
    }

    async fn read(
        &self,
        cx: &Cx,
        config: PreflightLookup,
        d: &mut Diagnostics,
    ) -> Result<PreflightLookup> {
        let aws = cx.aws(config.region.as_deref_option()).await?;
        let intent = intent::of(cx, &aws, &config).await?;
        let scene = Scene::new(&aws, cx.web.as_ref(), &intent);
        let found = look(&scene, CHECKS.iter()).await;
        refuse(&config, &found, d);
        Ok(PreflightLookup {
            region: known(aws.region.as_str()),
            ready: found.iter().all(|f| f.verdict.status != Status::Fail).into(),
            checks: found.iter().map(|f| row(f).into()).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

/// Makes errors of the failures that are to be such.
fn refuse(config: &PreflightLookup, found: &[Finding], d: &mut Diagnostics) {
    let named = |name: &str| config.fail_on.iter().flatten().flatten().any(|n| n == name);
    for Finding { check, verdict } in found.iter().filter(|f| named(f.check.name)) {
        if verdict.status == Status::Fail {
            let detail = format!("{} {}", verdict.found, verdict.fix);
            let title = format!("{} ({})", verdict.title, check.name);
            d.fail_at(AttributePath::new("fail_on"), title, detail.trim_end());
        }
    }
}

/// A finding, as state.
pub fn row<L>(Finding { check, verdict }: &Finding<L>) -> CheckResult {
    CheckResult {
        name: known(check.name),
        status: known(verdict.status.word()),
        found: known(verdict.found.as_str()),
        fix: known(verdict.fix.as_str()),
        link: known(check.link),
    }
}

#[cfg(test)]
mod tests;
