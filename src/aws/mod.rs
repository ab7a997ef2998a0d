//! The calls we make to AWS, in our own words. Only under this folder is an AWS SDK named.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::cloudformation::changes::Proposal;
use crate::cloudformation::drift::{Detection, Drift};
use crate::cloudformation::stack::{Creation, Event, Order, Part, Removal, Skip, Stack};
use crate::cloudformation::status::Status;
use crate::outcome::{AwsError, AwsErrorKind, Error, Result};
use crate::quilt::certificate::Certificate;
use crate::quilt::database::{Instance, Offer};
use crate::quilt::network::existing::{Endpoint, Group, RouteTable, Subnet, Vpc};
use crate::quilt::rotation::CURRENT;
use crate::quilt::search::{Domain, Limits};
use crate::quilt::secret::Secret;
use crate::quilt::snapshot::Snapshot;

use cloudtrail::Refused;
use ecs::{Output, Running, Task};
pub use elb::Balancers;
pub use hook::{Hook, HookNote};
pub use iam::{Leave, Policies, Trusting};
use logs::{Line, Window};
pub use metrics::Metrics;
pub use page::Page;
pub use quotas::{Quota, Quotas};
pub use s3::Buckets;
pub use secrets::Kept;
pub use sts::Caller;

pub mod acm;
pub mod cloudformation;
pub mod cloudtrail;
pub mod connect;
pub mod ec2;
pub mod ecs;
pub mod elb;
pub mod error;
#[cfg(test)]
pub mod fake;
mod hook;
pub mod iam;
pub mod logs;
pub mod metrics;
pub mod page;
pub mod quotas;
pub mod rds;
pub mod retry;
pub mod s3;
pub mod secrets;
pub mod search;
pub mod signed;
pub mod sts;

/// AWS in every region, behind one set of credentials.
#[async_trait]
pub trait Regions: Send + Sync {
    /// AWS in a region, the provider's own when `None`.
    ///
    /// # Errors
    /// `NotYet` while the provider's settings are unknown; a configuration error when the account is not an allowed one.
    async fn aws(&self, region: Option<&str>) -> Result<Arc<Aws>>;
}

/// AWS in one region of one account.
pub struct Aws {
    /// The region, as `eu-central-1`.
    pub region: String,
    /// CloudFormation: stacks, change sets, events.
    pub stacks: Arc<dyn Stacks>,
    /// What CloudFormation finds to be otherwise than in templates.
    pub drifts: Arc<dyn Drifts>,
    /// S3, for templates.
    pub objects: Arc<dyn Objects>,
    /// S3, for buckets with data.
    pub buckets: Arc<dyn Buckets>,
    /// RDS: database instances and snapshots.
    pub databases: Arc<dyn Databases>,
    /// Secrets Manager: passwords.
    pub secrets: Arc<dyn Secrets>,
    /// OpenSearch Service: domains of Elasticsearch.
    pub domains: Arc<dyn Domains>,
    /// ACM: certificates of load balancers.
    pub certificates: Arc<dyn Certificates>,
    /// Networks.
    pub networks: Arc<dyn Networks>,
    /// Tasks of ECS.
    pub tasks: Arc<dyn Tasks>,
    /// CloudWatch Logs.
    pub logs: Arc<dyn Logs>,
    /// Load balancers.
    pub balancers: Arc<dyn Balancers>,
    /// CloudWatch's metrics.
    pub metrics: Arc<dyn Metrics>,
    /// CloudTrail.
    pub trail: Arc<dyn Trail>,
    /// Service Quotas.
    pub quotas: Arc<dyn Quotas>,
    /// IAM's policies.
    pub policies: Arc<dyn Policies>,
    /// STS: whose the credentials are.
    pub identity: Arc<dyn Identity>,
}

/// CloudFormation's stacks. A stack is named by its name or its ARN; a deleted one answers to its ARN only.
#[async_trait]
pub trait Stacks: Send + Sync {
    /// The stack as it is; `None` when CloudFormation says it does not exist.
    async fn find(&self, stack: &str) -> Result<Option<Stack>>;
    /// The same to foresee by, cheaper for many: absence may be a second old.
    async fn glance(&self, stack: &str) -> Result<Option<Stack>> {
        self.find(stack).await
    }
    /// All stacks of the account in this region.
    async fn list(&self) -> Result<Vec<Stack>>;
    /// The ARN of the stack of this name that was deleted last; `None`: CloudFormation tells of none, which it does for 90 days.
    async fn last_deleted(&self, name: &str) -> Result<Option<String>>;
    /// A page of them: the first, or the one that begins at `next`.
    async fn page(&self, next: Option<&str>) -> Result<Page<Stack>>;
    /// Begins a creation and gives the stack's ARN. The same token again gives the same ARN.
    async fn create(&self, order: &Order, token: &str) -> Result<String>;
    /// Begins an update; `false`: there is nothing to update.
    async fn update(&self, stack: &str, order: &Order, token: &str) -> Result<bool>;
    /// Has CloudFormation compare an update with the stack as it is: a change set of this name.
    async fn propose(&self, stack: &str, order: &Order, name: &str) -> Result<()>;
    /// Has CloudFormation make a change set of this name for a creation, and gives the ARN of the stack, which is in review until then.
    async fn draft(&self, order: &Order, name: &str) -> Result<String>;
    /// The template of a change set as it was handed in.
    async fn proposed_template(&self, stack: &str, name: &str) -> Result<String>;
    /// A change set by its name, or a nested stack's by its ARN; `None` when CloudFormation says it does not exist.
    async fn proposal(&self, stack: &str, name: &str) -> Result<Option<Proposal>>;
    /// Begins to carry a change set out.
    async fn execute(
        &self,
        stack: &str,
        name: &str,
        disable_rollback: bool,
        token: &str,
    ) -> Result<()>;
    /// Deletes a change set; one that is gone is no error.
    async fn withdraw(&self, stack: &str, name: &str) -> Result<()>;
    /// The names of the stack's change sets that are not being carried out just now.
    async fn proposals(&self, stack: &str) -> Result<Vec<String>>;
    /// Begins a deletion.
    async fn delete(&self, stack: &str, removal: &Removal, token: &str) -> Result<()>;
    /// Switches termination protection.
    async fn protect(&self, stack: &str, on: bool) -> Result<()>;
    /// Replaces the stack policy: the body or the URL of one.
    async fn set_policy(&self, stack: &str, body: Option<&str>, url: Option<&str>) -> Result<()>;
    /// What the stack policy allows, as JSON; `None` without one.
    async fn policy(&self, stack: &str) -> Result<Option<String>>;
    /// The template as it was handed in.
    async fn template(&self, stack: &str) -> Result<String>;
    /// The events of the latest operation, newest first: back to the stack's own event of the status `began`.
    async fn events(&self, stack: &str, began: &Status) -> Result<Vec<Event>>;
    /// The stack's newest events, as many as one answer holds, newest first.
    async fn recent(&self, stack: &str) -> Result<Vec<Event>>;
    /// What failed in an operation, oldest first: what was found wrong before anything was touched as well, which `events` leave out.
    async fn failures(&self, operation: &str) -> Result<Vec<Event>>;
    /// The same of a change set that could not be made.
    async fn objections(&self, stack: &str, name: &str) -> Result<Vec<Event>>;
    /// What CloudFormation's own validation of a change set has found, what it only warns of included.
    async fn validation(&self, stack: &str, name: &str) -> Result<Vec<Event>>;
    /// What a hook of the account said, by its invocation.
    async fn hook(&self, invocation: &str) -> Result<Hook>;
    /// Asks CloudFormation whether it understands a template of at most 51,200 bytes.
    async fn validate(&self, body: &str) -> Result<()>;
    /// A resource of the stack, by its logical id; `None`: the stack has none.
    async fn part(&self, stack: &str, logical_id: &str) -> Result<Option<Part>>;
    /// All resources of the stack.
    async fn parts(&self, stack: &str) -> Result<Vec<Part>>;
    /// Goes on with a rollback that failed; what is in `skip` counts as rolled back.
    async fn continue_rollback(
        &self,
        stack: &str,
        skip: &Skip,
        role: Option<&str>,
        token: &str,
    ) -> Result<()>;
    /// How the stack began.
    async fn creation(&self, stack: &str) -> Result<Creation>;
}

/// Drift: what is otherwise than the template says. A stack is named by its ARN.
#[async_trait]
pub trait Drifts: Send + Sync {
    /// Begins to look for it, and gives the id of that look.
    async fn detect(&self, stack: &str) -> Result<String>;
    /// How far a look has come.
    async fn detection(&self, id: &str) -> Result<Detection>;
    /// The resources that the last look found to be otherwise, or gone.
    async fn drifted(&self, stack: &str) -> Result<Vec<Drift>>;
}

/// S3, as far as templates need it.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Makes the template bucket unless it exists, private, encrypted and versioned; `account` must own it.
    async fn ensure_bucket(&self, bucket: &str, account: &str) -> Result<()>;
    /// Where a bucket is. `account` must own it, unless it is empty.
    async fn locate(&self, bucket: &str, account: &str) -> Result<Bucket>;
    /// The template bucket is there, whole; looks only. `account` must own it.
    async fn has_bucket(&self, bucket: &str, account: &str) -> Result<bool>;
    /// Stores `body` under `key`, whatever is there, for CloudFormation to read. `account` must own the bucket.
    async fn store(&self, bucket: &str, key: &str, body: Arc<str>, account: &str)
    -> Result<Stored>;
    /// Deletes up to 1000 objects of a bucket, each version and delete marker counting as one, and says how many; 0: it is empty or gone.
    /// `account` must own it.
    async fn clear(&self, bucket: &str, account: &str) -> Result<usize>;
    /// The text behind an S3 URL.
    async fn fetch(&self, url: &str) -> Result<String>;
}

/// Where a bucket is.
#[derive(Clone, Debug, PartialEq)]
pub enum Bucket {
    /// In the region that was asked.
    Here,
    /// In another one; its name, where it is told.
    Elsewhere(String),
    /// Nowhere.
    Gone,
}

/// A template in S3.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its address, as CloudFormation is sent it.
    pub url: String,
    /// The URL names this very version: nobody can put another in its place.
    pub fixed: bool,
}

/// RDS: database instances and their snapshots.
#[async_trait]
pub trait Databases: Send + Sync {
    /// An instance; `None` when RDS says that it does not exist.
    async fn instance(&self, id: &str) -> Result<Option<Instance>>;
    /// A snapshot; `None` when RDS says that it does not exist.
    async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>>;
    /// A page of the manual snapshots: the first, or the one that begins at `next`.
    async fn snapshot_page(&self, next: Option<&str>) -> Result<Page<Snapshot>>;
    /// The manual snapshots of an instance, which may be gone itself.
    async fn snapshots(&self, instance: &str) -> Result<Vec<Snapshot>>;
    /// Begins to take a snapshot of an instance.
    async fn take(&self, id: &str, instance: &str, tags: &Pairs) -> Result<Snapshot>;
    /// Begins to copy a snapshot, by its ARN, into this region, under another key if one is given.
    async fn copy(
        &self,
        id: &str,
        source: &str,
        key: Option<&str>,
        tags: &Pairs,
    ) -> Result<Snapshot>;
    /// Begins to delete a snapshot; one that is gone is no error.
    async fn delete_snapshot(&self, id: &str) -> Result<()>;
    /// The versions that a version of PostgreSQL can be upgraded to in one step.
    async fn upgrades(&self, version: &str) -> Result<Vec<String>>;
    /// The versions of PostgreSQL that new databases may have.
    async fn offered(&self) -> Result<Vec<String>>;
    /// What can be ordered of a class with a version of PostgreSQL.
    async fn offers(&self, class: &str, version: &str) -> Result<Vec<Offer>>;
    /// Sets and removes tags of what has this ARN.
    async fn tag(&self, arn: &str, set: &Pairs, remove: &[String]) -> Result<()>;
    /// Begins to give the master user of an instance another password, at once.
    async fn set_password(&self, id: &str, password: &Secret) -> Result<()>;
}

/// Secrets Manager. A secret is named by its name or its ARN.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// What a secret holds, as text; `None` when it does not exist.
    async fn value(&self, secret: &str) -> Result<Option<Secret>> {
        self.value_at(secret, CURRENT).await
    }
    /// The same of the version with this label; `None` when there is none.
    async fn value_at(&self, secret: &str, label: &str) -> Result<Option<Secret>>;
    /// Adds a version under this label, beside the current one, and gives its id.
    async fn add(&self, secret: &str, value: &Secret, label: &str) -> Result<String>;
    /// Takes a label from one version and gives it to another; without another it is gone.
    async fn relabel(
        &self,
        secret: &str,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<()>;
    /// A secret without what it holds; `None` when it does not exist.
    async fn describe(&self, secret: &str) -> Result<Option<Kept>>;
    /// Makes a secret and gives its ARN.
    async fn create(
        &self,
        name: &str,
        description: &str,
        value: &Secret,
        tags: &Pairs,
    ) -> Result<String>;
    /// Gives a secret these tags, and takes those away.
    async fn tag(&self, secret: &str, tags: &Pairs, gone: &[String]) -> Result<()>;
    /// Calls off the deletion of a secret.
    async fn restore(&self, secret: &str) -> Result<()>;
    /// Deletes a secret once these days are over.
    async fn delete(&self, secret: &str, days: i64) -> Result<()>;
}

/// Search domains, as they run.
#[async_trait]
pub trait Domains: Send + Sync {
    /// A domain of Elasticsearch; `None` when AWS says that it does not exist.
    async fn domain(&self, name: &str) -> Result<Option<Domain>>;
    /// What a data node of this type takes with a version of Elasticsearch; `None`: there is none.
    async fn limits(&self, instance_type: &str, version: &str) -> Result<Option<Limits>>;
}

/// Certificates of ACM.
#[async_trait]
pub trait Certificates: Send + Sync {
    /// A certificate by its ARN; `None` when AWS says that it does not exist.
    async fn certificate(&self, arn: &str) -> Result<Option<Certificate>>;
}

/// Networks and what is in them, as EC2 shows them. What is not there is left out of an answer.
#[async_trait]
pub trait Networks: Send + Sync {
    /// VPCs by their ids; all of the region when none is named.
    async fn vpcs(&self, ids: &[String]) -> Result<Vec<Vpc>>;
    /// A switch of a VPC, as `enableDnsSupport`.
    async fn attribute(&self, vpc: &str, name: &'static str) -> Result<bool>;
    /// The resolvers that a set of DHCP options names.
    async fn resolvers(&self, options: &str) -> Result<Vec<String>>;
    /// Subnets by their ids.
    async fn subnets(&self, ids: &[String]) -> Result<Vec<Subnet>>;
    /// All route tables of a VPC.
    async fn tables(&self, vpc: &str) -> Result<Vec<RouteTable>>;
    /// All endpoints of a VPC.
    async fn endpoints(&self, vpc: &str) -> Result<Vec<Endpoint>>;
    /// Security groups by their ids.
    async fn groups(&self, ids: &[String]) -> Result<Vec<Group>>;
    /// How many elastic IP addresses the account has in this region.
    async fn addresses(&self) -> Result<usize>;
}

/// ECS's services and the tasks that they started.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// A service; `None` when ECS has none, or only the remains of one.
    async fn service(&self, cluster: &str, service: &str) -> Result<Option<Running>>;
    /// A service's tasks that stopped of late, newest first. ECS remembers them for an hour or so.
    async fn stopped(&self, cluster: &str, service: &str) -> Result<Vec<Task>>;
    /// Where the containers of a task definition log, by their names; those alone whose log CloudWatch holds.
    async fn outputs(&self, definition: &str) -> Result<BTreeMap<String, Output>>;
}

/// CloudWatch Logs. A group or a stream that is not there has no lines.
#[async_trait]
pub trait Logs: Send + Sync {
    /// The last lines of a stream, oldest first.
    async fn tail(&self, group: &str, stream: &str, most: usize) -> Result<Vec<Line>>;
    /// Lines of all streams of a group, oldest first: those that have one of the words of a filter pattern, or all.
    async fn search(&self, group: &str, window: Window, words: &str) -> Result<Vec<Line>>;
    /// The streams that were written to last.
    async fn streams(&self, group: &str, most: usize) -> Result<Vec<String>>;
}

/// CloudTrail: its trails, and what it tells of refusals, some minutes later.
#[async_trait]
pub trait Trail: Send + Sync {
    /// Calls that AWS refused, oldest first, whoever made them.
    async fn refused(&self, window: Window) -> Result<Vec<Refused>>;
    /// How many trails record this region, those of other regions and of the organisation included.
    async fn trails(&self) -> Result<usize>;
}

/// Who we are to AWS.
#[async_trait]
pub trait Identity: Send + Sync {
    /// Who is calling; asked once.
    ///
    /// # Errors
    /// It is not known, and nobody has said that this is meant.
    async fn caller(&self) -> Result<Caller>;
    /// The account's number; empty where it is not asked for.
    async fn account(&self) -> Result<String> {
        Ok(self.caller().await?.account)
    }
}

/// Tags or parameters: names and values.
pub type Pairs = BTreeMap<String, String>;

/// An answer that lacks what it must hold.
fn no_answer(doing: &'static str) -> Error {
    let message = "the answer was empty".into();
    Error::Aws(AwsError { kind: AwsErrorKind::Later, doing, code: String::new(), message })
}
