//! What is to be made, as far as it is known: plain data, every part of it optional.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cloudformation::template::{Scope, Template};
use crate::quilt::network::existing::Parts;
use crate::quilt::search::Cluster;

/// What is to be made. What is not given is not looked at.
#[derive(Clone, Debug, Default)]
pub struct Intent {
    /// Name of the stack.
    pub stack_name: Option<String>,
    /// The text of the template.
    pub template: Option<Arc<str>>,
    /// Parameters of the template; `None` as a value: not known yet.
    pub parameters: BTreeMap<String, Option<String>>,
    /// The bucket for large templates.
    pub template_bucket: Option<String>,
    /// Host name of the catalog.
    pub web_host: Option<String>,
    /// ARN of the certificate.
    pub certificate_arn: Option<String>,
    /// Secrets that will be read, by name or ARN.
    pub secrets: Vec<String>,
    /// Version of PostgreSQL of a new database.
    pub engine_version: Option<String>,
    /// The instance of a database.
    pub instance: Option<Instance>,
    /// Identifier of an instance whose storage is to change.
    pub grown: Option<String>,
    /// What a search domain runs on.
    pub cluster: Option<Cluster>,
    /// Version of Elasticsearch.
    pub search_version: Option<String>,
    /// Zones, by name.
    pub availability_zones: Vec<String>,
    /// IPv4 range of a network.
    pub cidr: Option<String>,
    /// A network that is there.
    pub network: Option<Parts>,
    /// What the account must have room for.
    pub room: Room,
    /// ARN of the key that encrypts something here.
    pub kms_key_id: Option<String>,
    /// ARN of the role that CloudFormation works as.
    pub iam_role_arn: Option<String>,
}

/// The instance of a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// Its class.
    pub class: String,
    /// Version of PostgreSQL.
    pub version: String,
    /// Type of its storage.
    pub storage_type: String,
    /// GiB of its storage.
    pub storage: i64,
    /// A second zone holds a standby.
    pub multi_az: bool,
}

/// How many more of what an account has a number of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Room {
    /// VPCs.
    pub vpcs: usize,
    /// Elastic IP addresses, for NAT gateways.
    pub addresses: usize,
    /// Trails of CloudTrail.
    pub trails: usize,
}

/// How many trails a template makes for certain, with these values of its parameters.
pub fn trails(template: &Template, values: &BTreeMap<String, String>) -> usize {
    let scope = Scope::new(template, values);
    let resources = template.section("Resources").into_iter().flat_map(|all| all.values());
    let trails = resources.filter(|resource| {
        resource.get("Type").and_then(|kind| kind.text()).as_deref()
            == Some("AWS::CloudTrail::Trail")
    });
    let made = trails.filter(|trail| match trail.get("Condition").map(|it| it.text()) {
        None => true,
        Some(name) => name.is_some_and(|name| scope.holds(&name) == Some(true)),
    });
    made.count()
}
