//! What a `quilt_stack` is: its attributes, and what is remembered beside them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::inputs::{DatabaseInput, NetworkInput, SearchInput};
use crate::attributes;
use crate::cloudformation::stack::Skip;
use crate::cloudformation::status::Status;
use crate::cloudformation::template::Template;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::kinds::resource;
use crate::outcome::{Error, Result};
use crate::resources::timeouts::Timeouts;
use crate::tf::{AttributePath, Set, Value};

/// A map of strings in a configuration or state.
pub type Strings = BTreeMap<String, Value<String>>;
/// Records of the type alias, by host.
pub type Aliases = BTreeMap<String, Value<Strings>>;

/// The word of `on_rollback_failed` that skips whatever could not be rolled back.
pub const FORCE_ROLLBACK: &str = "force_rollback";

/// Parameters with their values.
pub type Values = BTreeMap<String, String>;

/// A change of a stack that is planned.
pub type Draft = resource::Draft<StackResource>;

/// `quilt_stack`.
pub struct StackResource;

attributes! {
    /// One Quilt deployment: a CloudFormation stack made from the template that Quilt hands out. Every other CloudFormation template works
    /// too, with the argument names of `aws_cloudformation_stack`.
    ///
    /// A creation takes 30 to 90 minutes. It can be stopped at any time: the next `terraform apply` finds the operation and goes on waiting.
    pub struct StackState {
        /// Name of the stack: letters, digits and hyphens. A Quilt stack's has 3 to 20 characters and no capitals, because roles, buckets
        /// and logs are named after it.
        name: String = Required.replaces();
        /// The region, when it is not the provider's.
        region: String = OptionalComputed.replaces();
        /// Path of the template: YAML or JSON, 1 MB at most. A creation needs one of `template_file`, `template_body` and `template_url`. A
        /// stack that exists keeps the template it has where none of them is written, as after an import; one that means the same changes
        /// nothing. The file is not needed to destroy.
        template_file: String = Optional;
        /// The template itself: YAML or JSON, 1 MB at most.
        template_body: String = Optional;
        /// URL of the template in S3, as `https://<bucket>.s3.<region>.amazonaws.com/<key>`.
        template_url: String = Optional;
        /// Host name of the catalog, without a scheme: the template's `QuiltWebHost`.
        web_host: String = OptionalComputed;
        /// ARN of a certificate in the same region that covers the catalog's host, the registry's and the S3 proxy's: the template's
        /// `CertificateArnELB`.
        certificate_arn: String = OptionalComputed;
        /// E-mail address of the first administrator: the template's `AdminEmail`. Another address later makes one more administrator.
        admin_email: String = OptionalComputed;
        /// The network it lives in: a whole `quilt_network`, or an object with ids.
        network: NetworkInput = Optional;
        /// The database, for a template that takes one: a whole `quilt_database`, or an object that leads to another. The provider reads user
        /// and password from the secret when they are to be sent, and hands them to CloudFormation: they reach neither state nor plan. They are
        /// sent at creation and when a member of the object changes. After a rotation of the password raise `parameters_wo_version`.
        database: DatabaseInput = Optional;
        /// The search domain, for a template that takes one: a whole `quilt_search`, or an object that leads to another.
        search: SearchInput = Optional;
        /// Parameters of the template. Those not mentioned keep what the stack has, or the template's default. Values of `NoEcho` parameters
        /// are kept in the state as they are written here; `parameters_wo` keeps them out.
        parameters: Strings = OptionalComputed;
        /// Parameters whose values are never kept in state or plan, for secrets: those that the template declares `NoEcho`. Every other one is
        /// refused, because CloudFormation shows it. They are sent at creation and whenever `parameters_wo_version` changes. Needs Terraform or OpenTofu 1.11.
        parameters_wo: Strings = Optional.write_only().sensitive();
        /// Any number; raise it to send `parameters_wo` and the database's password again.
        parameters_wo_version: i64 = Optional;
        /// What the template may do: `CAPABILITY_IAM`, `CAPABILITY_NAMED_IAM`, `CAPABILITY_AUTO_EXPAND`. Default: `CAPABILITY_NAMED_IAM`.
        capabilities: Set<Value<String>> = OptionalComputed;
        /// ARN of the role CloudFormation works as. It can be changed later but not taken away: unset keeps it.
        iam_role_arn: String = OptionalComputed;
        /// What happens when the creation fails: `ROLLBACK` removes what was made, `DELETE` the stack too, `DO_NOTHING` leaves all as it is.
        /// Default: CloudFormation rolls back. Matters at creation only.
        on_failure: String = Optional;
        /// Whether a failed operation is left as it is, for a look at it. Not together with `on_failure`.
        disable_rollback: bool = Optional;
        /// CloudFormation's own limit for the creation, in minutes. Matters at creation only.
        timeout_in_minutes: i64 = Optional;
        /// SNS topics that are told of the stack's events, at most 5.
        notification_arns: Set<Value<String>> = Optional;
        /// Stack policy, JSON. A policy can be replaced later but not taken away.
        policy_body: String = Optional;
        /// URL of the stack policy in S3.
        policy_url: String = Optional;
        /// Whether the stack is protected from deletion. Default: true, switched on once the creation is complete; after an import it stays
        /// as it is. To delete the stack, apply `false` first.
        enable_termination_protection: bool = OptionalComputed;
        /// Whether an upgrade of Quilt may leave out a version that has to be installed on the way. Default: false, the plan refuses it.
        allow_version_skip: bool = Optional;
        /// Logical ids of resources that an update may replace or delete although they hold data or others depend on them: databases, search
        /// domains, buckets, tables, file systems, keys, secrets, VPCs, subnets, load balancers (the guide "Changes" lists the types). An
        /// update that would do so to any other one is refused. Inside a nested stack: `Nested.Logical`. It changes nothing by itself; take
        /// it out again after the apply.
        allow_replacement: Set<Value<String>> = Optional;
        /// Name or ARN of another stack whose parameters this one begins with: every parameter that both templates declare gets the value it
        /// has there, unless the configuration gives one. Parameters that were renamed are matched, those of sign-in too. AWS gives no secret
        /// out: the plan names those that are missing, and an identity provider without its secret stays off. Used once, at creation:
        /// afterwards the other stack may change or go.
        inherit_parameters_from: String = Optional;
        /// What happens when an update fails and its rollback fails too (`UPDATE_ROLLBACK_FAILED`): `fail`, the plan refuses and names what
        /// could not be rolled back; `continue`, the apply lets CloudFormation go on with the rollback and then makes the update; or
        /// `force_rollback`, the same, and everything that could not be rolled back counts as rolled back, whatever it is, in nested stacks too.
        /// Default: `fail`.
        on_rollback_failed: String = Optional;
        /// Resources that count as rolled back when a rollback is continued, whatever they are then: logical ids, those in a nested stack as
        /// `<name of the nested stack>.<logical id>`. CloudFormation takes only such that could not be rolled back.
        rollback_resources_to_skip: Set<Value<String>> = Optional;
        /// Resources, by logical id, that a deletion leaves behind if it cannot delete them. Used once a deletion has failed, by the same
        /// destroy. They stay in AWS, outside of any stack.
        retain_resources: Set<Value<String>> = Optional;
        /// `FORCE_DELETE_STACK` leaves behind whatever a deletion cannot delete, `STANDARD` nothing. Used once a deletion has failed, by the
        /// same destroy. Default: `STANDARD`.
        deletion_mode: String = Optional;
        /// Whether a destroy empties buckets that CloudFormation cannot delete because something is in them: every object in every version
        /// is deleted for good. Buckets that the template retains are left alone. Default: false.
        empty_buckets: bool = Optional;
        /// Whether a plan shows what an update would do to the stack's resources. For that CloudFormation makes a change set, which is read and
        /// deleted again; nothing of the stack is touched. Default: true. Without the permission the plan says so and goes on.
        preview: bool = Optional;
        /// Tags of the stack, which CloudFormation gives to everything in it that takes tags.
        tags: Strings = Optional;
        /// How long an apply waits. Defaults: create 3 h, update 3 h, delete 2 h.
        timeouts: Timeouts = Optional.block();
        /// ARN of the stack.
        id: String = Computed.stable();
        /// CloudFormation's status of the stack.
        status: String = Computed;
        /// The stack's outputs, by name. An update leaves those known that cannot change: all of them where it touches tags, policy or
        /// protection alone, else those made of literals and of parameters whose values are known. A plan never shows what a secret decides.
        outputs: Strings = Computed;
        /// Where people open the catalog.
        url: String = Computed;
        /// Host name of the registry.
        registry_host: String = Computed;
        /// Host name of the S3 proxy.
        s3_proxy_host: String = Computed;
        /// The DNS records to make, all CNAME: host name to target. With Connect there are four hosts, else three.
        cnames: Strings = Computed;
        /// The same as records of the type alias, for Route 53: host name to `target` and `zone_id`, as `alias` of `aws_route53_record` takes them.
        /// Null where the stack does not give out the load balancer's zone.
        aliases: Aliases = Computed;
        /// Host name of the load balancer.
        load_balancer_dns_name: String = Computed;
        /// Route 53's hosted zone of the load balancer.
        load_balancer_zone_id: String = Computed;
        /// Host name of Connect, by which assistants reach Quilt. Null where it is off, or the template has none.
        connect_host: String = Computed;
        /// Host name of Connect's own load balancer.
        connect_load_balancer_dns_name: String = Computed;
        /// Route 53's hosted zone of that one.
        connect_load_balancer_zone_id: String = Computed;
        /// ARN of the registry's role, which roles that you bring to Quilt must trust.
        registry_role_arn: String = Computed;
        /// ARN of the secret with the first administrator's password. It is made before the stack where the template takes an `AdminPassword`
        /// and the configuration gives none, and holds the password as plain text. When the stack is destroyed it is deleted, and can be had
        /// back for 30 days. Null when the configuration gives the password, and for an imported stack, which keeps the one it has.
        admin_password_secret_arn: String = Computed.stable();
        /// Version of Quilt that the template was built for.
        quilt_version: String = Computed;
        /// The network's generation: `1.0` or `2.0`.
        network_version: String = Computed;
        /// Id of the provisioned product, as `pp-abcdefghijklm`, where the stack was launched through AWS Service Catalog, as its tags tell. Null for
        /// every other stack. Service Catalog hears of no change that is made here: the guide "Service Catalog and old stacks" says who may do what.
        provisioned_product_id: String = Computed.stable();
        /// Digest of the template's meaning: layout, comments and order of keys make no difference. A template that changes between
        /// `terraform plan -out` and `terraform apply` is not applied: Terraform stops at this attribute (`inconsistent final plan`). Plan again.
        template_sha256: String = Computed;
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: Strings = Computed;
    }
}

impl StackState {
    /// It, for a sentence: "Stack prod".
    pub fn subject(&self) -> String {
        format!("Stack {}", self.name.as_deref_option().unwrap_or("(name not known yet)"))
    }

    /// The stack's ARN.
    pub fn arn(&self) -> Result<&str> {
        self.id.as_deref_option().ok_or_else(|| {
            let fix = "Import the stack again.";
            Error::config(AttributePath::new("id"), "The state has no `id`.", fix)
        })
    }

    /// CloudFormation's status of the stack when it was last looked at.
    pub fn status(&self) -> Status {
        Status::from(self.status.as_deref_option().unwrap_or_default())
    }

    /// The way to the stack.
    pub async fn deploy<'a>(&self, cx: &'a Cx) -> Result<Deploy<'a>> {
        let id = self.id.as_deref_option().unwrap_or_default();
        Deploy::of(cx, id, self.region.as_deref_option()).await
    }

    /// The two maps of parameters, with the names of their arguments.
    pub fn maps(&self) -> [(&'static str, &Value<Strings>); 2] {
        [("parameters", &self.parameters), ("parameters_wo", &self.parameters_wo)]
    }

    /// The parameters of a template that it writes down, and the argument each stands in.
    pub fn written(&self, template: &Template) -> BTreeMap<String, &'static str> {
        let given = |(argument, map): (&'static str, &Value<Strings>)| {
            let names = map.iter().flatten().filter(|(_, value)| !value.is_null());
            names.map(|(name, _)| (name.clone(), argument)).collect::<Vec<_>>()
        };
        let written = self.maps().into_iter().flat_map(given);
        written.filter(|(name, _)| template.declares(name)).collect()
    }

    /// The stack policy's body and URL.
    pub fn policy(&self) -> (&Value<String>, &Value<String>) {
        (&self.policy_body, &self.policy_url)
    }

    /// It names no template.
    pub fn without_template(&self) -> bool {
        let sources = [&self.template_file, &self.template_body, &self.template_url];
        sources.iter().all(|source| source.is_null())
    }

    /// A rollback that failed is to be continued.
    pub fn continues(&self) -> bool {
        matches!(self.on_rollback_failed.as_deref_option(), Some("continue" | FORCE_ROLLBACK))
    }

    /// What counts as rolled back then.
    pub fn skip(&self) -> Skip {
        match self.on_rollback_failed.as_deref_option() {
            Some(FORCE_ROLLBACK) => Skip::Forced,
            _ => Skip::Named(set(&self.rollback_resources_to_skip)),
        }
    }
}

/// The entries whose values are known.
pub fn known(map: &Value<Strings>) -> Values {
    let pairs = map.iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_ref_option()?.clone()))).collect()
}

/// The strings of a set that are known.
pub fn set(values: &Value<Set<Value<String>>>) -> BTreeSet<String> {
    values.iter().flatten().flatten().cloned().collect()
}

/// What is remembered beside a stack's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StackPrivate {
    /// This provider made it, rather than an import.
    #[serde(default)]
    pub created: bool,
    /// When its template was last looked at: time of its last change and status.
    #[serde(default)]
    pub seen: String,
    /// Digest of the template it has, where CloudFormation saw nothing to update in the one of the state.
    #[serde(default)]
    pub held: String,
    /// Digest of the template it was given as CloudFormation gives it back, where that is another one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given_back: String,
    /// Parameters it has; secret ones as `****`.
    #[serde(default)]
    pub parameters: Values,
    /// Salted digests of secret values given in `parameters`.
    #[serde(default)]
    pub secrets: Values,
    /// What a planned creation takes over from another stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<Values>,
    /// The salt of those.
    #[serde(default)]
    pub salt: String,
    /// The last apply has not ended well, so that the stack may have the policy before or the new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub policy_unsure: bool,
    /// Resources, by logical id, that an update of other tags alone was about to replace or delete when it was refused; kept until one succeeds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub replaces: BTreeSet<String>,
    /// What the plan of a change found; kept until that is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

/// What the plan of a change found, for the second one that Terraform makes within its apply, and for the apply itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Digest of the template; empty while that is not known.
    pub template: String,
    /// The resources that are replaced or deleted, for certain or perhaps, by logical id. `None`: that was not shown.
    #[serde(default)]
    pub ends: Option<BTreeSet<String>>,
    /// The outputs that stay as they are, because what they rest on is no more than changed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lasting: BTreeSet<String>,
}
