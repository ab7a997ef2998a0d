//! How AWS is reached, as the provider block says. What is `None` or empty is left to the environment and the shared files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How AWS is reached. Holds secrets and is therefore never printed.
#[derive(Clone, Default)]
pub struct Access {
    /// The region of everything that names none.
    pub region: Option<String>,
    /// A region's name is taken as it is.
    pub any_region: bool,
    /// Where STS is asked, if not in `region`.
    pub sts_region: Option<String>,
    /// The profile of the shared files.
    pub profile: Profile,
    /// An access key of the provider block.
    pub keys: Option<Keys>,
    /// Paths of shared config files, in place of `~/.aws/config`.
    pub config_files: Vec<String>,
    /// Paths of shared credentials files, in place of `~/.aws/credentials`.
    pub credentials_files: Vec<String>,
    /// A role assumed with an identity provider's token.
    pub web_identity: Option<WebIdentity>,
    /// Roles assumed one after the other.
    pub roles: Vec<Role>,
    /// Which accounts may be worked in.
    pub accounts: Accounts,
    /// Other addresses, by service as `AWS_ENDPOINT_URL_…` spells it in lower case.
    pub endpoints: BTreeMap<&'static str, String>,
    /// Buckets in the path, not in the host.
    pub s3_use_path_style: Option<bool>,
    /// How a failed call is repeated.
    pub retries: Retries,
    /// What stands between us and AWS.
    pub network: Network,
    /// Addresses whose cryptography is validated by FIPS 140 are called.
    pub fips: Option<bool>,
    /// Addresses that answer over IPv6 too are called.
    pub dual_stack: Option<bool>,
    /// STS is not asked for the account.
    pub skip_account: bool,
    /// The instance's metadata service is not asked.
    pub skip_instance: bool,
    /// The version of Terraform or OpenTofu.
    pub terraform_version: String,
}

/// A choice of profile, and how strong it is.
#[derive(Clone, Default)]
pub enum Profile {
    /// None: `AWS_PROFILE`, or `default`.
    #[default]
    Default,
    /// Of the environment: its credentials come after the environment's keys.
    Environment(String),
    /// Of the block: its credentials come before the environment's keys.
    Block(String),
}

impl Profile {
    /// Its name, when one is given.
    pub fn name(&self) -> Option<&str> {
        match self {
            Profile::Default => None,
            Profile::Environment(name) | Profile::Block(name) => Some(name),
        }
    }
}

/// An access key as the provider block has it.
#[derive(Clone)]
pub struct Keys {
    /// As `AKIA…`, or `ASIA…` of a temporary key.
    pub id: String,
    /// What signs the calls.
    pub secret: String,
    /// The token of temporary keys.
    pub token: Option<String>,
}

/// What a session of an assumed role is narrowed to.
#[derive(Clone, Default)]
pub struct Session {
    /// Its name; a fixed one when `None`.
    pub name: Option<String>,
    /// How long its credentials last.
    pub duration: Option<Duration>,
    /// A policy in JSON: what the session may do is no more than this.
    pub policy: Option<String>,
    /// ARNs of managed policies that narrow it in the same way.
    pub policy_arns: Vec<String>,
}

/// A role to assume.
#[derive(Clone, Default)]
pub struct Role {
    /// As `arn:aws:iam::111122223333:role/deployer`.
    pub arn: String,
    /// What its session is narrowed to.
    pub session: Session,
    /// What the owner of the role has agreed on with us, against confused deputies.
    pub external_id: Option<String>,
    /// Who is behind the session.
    pub source_identity: Option<String>,
    /// Tags by which policies know the session.
    pub tags: BTreeMap<String, String>,
    /// Keys of tags that go on to the next role.
    pub transitive_tag_keys: Vec<String>,
}

/// A role to assume with a token.
#[derive(Clone)]
pub struct WebIdentity {
    /// As `arn:aws:iam::111122223333:role/deployer`.
    pub arn: String,
    /// What its session is narrowed to.
    pub session: Session,
    /// What proves to STS who asks.
    pub token: Token,
}

/// An identity provider's token.
#[derive(Clone)]
pub enum Token {
    /// The token itself, in the configuration.
    Text(String),
    /// Path of a file that holds it, read anew for each session.
    File(String),
}

/// Which accounts may be worked in.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Only these, unless empty.
    pub allowed: BTreeSet<String>,
    /// None of these.
    pub forbidden: BTreeSet<String>,
}

/// How a failed call is repeated.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    /// Attempts in all, the first included.
    pub attempts: Option<u32>,
    /// All calls slow down while AWS throttles.
    pub adaptive: Option<bool>,
}

/// What stands between us and AWS.
#[derive(Clone, Default)]
pub struct Network {
    /// A PEM file of authorities in place of the system's.
    pub ca_bundle: Option<String>,
    /// Proxy for `http://`.
    pub http_proxy: Option<String>,
    /// Proxy for `https://`.
    pub https_proxy: Option<String>,
    /// Hosts without a proxy.
    pub no_proxy: Option<String>,
    /// Put at the end of the user agent.
    pub user_agent: Option<String>,
}
