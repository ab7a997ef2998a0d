//! `quilt_stack`: a Quilt deployment, or any other CloudFormation stack.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::timeouts::{self, Timeouts};
use super::{protection, stack_policy};
use crate::attributes;
use crate::cloudformation::stack::Stack;
use crate::cx::Cx;
use crate::deploy::adoption::Adoption;
use crate::deploy::{Deploy, Step, Updated};
use crate::kinds::resource::{Draft, Identity, Kept, Resource, Source};
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Diagnostics, Object, Set, Value};

mod admin;
mod beside;
mod certificate;
mod check;
mod first;
mod foreseen;
mod inherit;
mod moved;
mod network;
mod order;
mod owners;
mod plan;
mod preview;
mod problems;
mod secret;
mod silent;
mod seen;
mod source;
mod stays;
mod stuck;
mod upgrade;
mod wiring;

pub use seen::look;
pub use wiring::{DatabaseInput, SearchInput};

/// A map of strings in a configuration or state.
pub type Strings = BTreeMap<String, Value<String>>;

attributes! {
    /// The network of a deployment: a whole `quilt_network`, or an object with the ids of an existing one. Which members are needed depends
    /// on the template: the plan says what is missing. Members that the template does not take are not sent.
    pub struct NetworkInput {
        /// The VPC.
        vpc_id: String = Optional;
        /// Two subnets for services, with a route to AWS.
        private_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for an internet-facing load balancer.
        public_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for database and search, without a route out.
        intra_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for an internal load balancer.
        user_subnet_ids: Vec<Value<String>> = Optional;
        /// The security group that lets users in on 443 and 80.
        user_security_group_id: String = Optional;
        /// The `execute-api` endpoint of an internal network.
        api_gateway_endpoint_id: String = Optional;
        /// Whether users reach it from inside only. When not given, `user_subnet_ids` tells.
        internal: bool = Optional;
    }
}

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
        /// Path of the template: YAML or JSON, 1 MB at most. Exactly one of `template_file`, `template_body` and `template_url` is needed; the
        /// file is not needed to destroy.
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
        /// could not be rolled back; or `continue`, the apply lets CloudFormation go on with the rollback and then makes the update. Default: `fail`.
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
        /// The DNS records to make, all CNAME: host name to target.
        cnames: Strings = Computed;
        /// Host name of the load balancer.
        load_balancer_dns_name: String = Computed;
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
        /// What the last update did to the stack's resources, a line each, what matters most first. Null before the first update.
        planned_changes: Vec<Value<String>> = Computed;
        /// Digest of the template's meaning: layout, comments and order of keys make no difference. A template that changes between
        /// `terraform plan -out` and `terraform apply` is not applied: Terraform stops at this attribute (`inconsistent final plan`). Plan again.
        template_sha256: String = Computed;
        /// Whether the creation took over what an interrupted apply of this configuration had left, instead of making it. Null after an import.
        adopted: bool = Computed.stable();
        /// All tags, those of the provider block included.
        tags_all: Strings = Computed;
    }
}

/// What is remembered beside a stack's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StackPrivate {
    /// This provider made it, rather than an import.
    #[serde(default)]
    created: bool,
    /// When its template was last looked at: time of its last change and status.
    #[serde(default)]
    seen: String,
    /// Digest of the template it has, where CloudFormation saw nothing to update in the one of the state.
    #[serde(default)]
    held: String,
    /// Digest of the template it was given as CloudFormation gives it back, where that is another one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    given_back: String,
    /// Parameters it has; secret ones as `****`.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    /// Salted digests of secret values given in `parameters`.
    #[serde(default)]
    secrets: BTreeMap<String, String>,
    /// What a planned creation takes over from another stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inherited: Option<BTreeMap<String, String>>,
    /// The salt of those.
    #[serde(default)]
    salt: String,
    /// The last apply has not ended well, so that the stack may have the policy before or the new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    policy_unsure: bool,
    /// Resources, by logical id, that an update of other tags alone was about to replace or delete when it was refused; kept until one succeeds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    replaces: BTreeSet<String>,
    /// What the plan of a change found; kept until that is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<first::Found>,
}

/// `quilt_stack`.
pub struct StackResource;

impl StackResource {
    async fn deploy<'a>(cx: &'a Cx, state: &StackState) -> Result<Deploy<'a>> {
        let id = state.id.as_ref_option().map_or("", String::as_str);
        Deploy::of(cx, id, state.region.as_ref_option().map(String::as_str)).await
    }
}

/// The stack's ARN in a state.
fn id(state: &StackState) -> Result<String> {
    let missing = || {
        Error::config(AttributePath::new("id"), "The state has no `id`.", "Import the stack again.")
    };
    state.id.as_ref_option().cloned().ok_or_else(missing)
}

#[async_trait]
impl Resource for StackResource {
    const NAME: &'static str = "quilt_stack";
    type State = StackState;
    type Private = StackPrivate;

    fn subject(state: &StackState) -> String {
        format!(
            "Stack {}",
            state.name.as_ref_option().map_or("(name not known yet)", String::as_str)
        )
    }

    fn loses(_state: &StackState) -> Option<String> {
        Some("all that its template makes and does not retain: a database, a search index, buckets. Look at the stack's resources in the AWS console first.".into())
    }

    fn arns(state: &StackState) -> Vec<&Value<String>> {
        vec![&state.id, &state.admin_password_secret_arn]
    }

    fn identity(state: &StackState) -> Option<Identity> {
        Identity::stack("name", state.name.as_ref_option().cloned(), &state.region, &state.id)
    }

    fn adopts(planned: &mut StackState, config: &StackState) {
        foreseen::adopted(planned, config);
    }

    fn validate(&self, config: &StackState, d: &mut Diagnostics) {
        check::validate(config, d);
    }

    async fn plan(&self, cx: &Cx, draft: &mut Draft<Self>, d: &mut Diagnostics) -> Result<()> {
        plan::plan(cx, draft, d).await
    }

    async fn plan_delete(&self, cx: &Cx, state: &StackState, d: &mut Diagnostics) -> Result<()> {
        stuck::protected(cx, state, d).await?;
        stuck::empties(cx, state, d).await;
        Ok(())
    }

    async fn create(
        &self,
        cx: &Cx,
        mut planned: StackState,
        kept: &mut Kept<Self>,
    ) -> Result<StackState> {
        let deploy = Self::deploy(cx, &planned).await?;
        let template =
            source::load(Some(&deploy.aws), &planned, None).await?.ok_or_else(source::missing)?;
        source::unchanged(&template, &planned)?;
        secret::hide(&cx.veil, &planned, template.known(), &kept.private);
        let brought = secret::read(cx, &deploy.aws, &planned, template.known()).await?;
        let (adoption, mut secrets) = (kept.adoption(), brought.clone());
        let makes = !matches!(adoption, Adoption::Of(_));
        secrets.extend(admin::ensure(&deploy, &mut planned, template.known(), makes).await?);
        let inherited =
            inherit::values(cx, &deploy.aws, &planned, &kept.private, template.known()).await?;
        let order = order::creation(&deploy, &planned, &template, &inherited, &secrets).await?;
        kept.private = StackPrivate {
            created: true,
            ..order::remembered(&planned, &template, StackPrivate::default(), &brought)
        };
        let limit = timeouts::STACK.with(&planned.timeouts).create;
        let told = |step: Step<'_>| {
            kept.note(step, |id| seen::begun(planned.clone(), id, &deploy.aws.region))
        };
        let adopt = |live: Stack| {
            ready(Ok(Some(order::adoption(cx, &order, (&planned, &template), &brought, &live))))
        };
        let mut stack = deploy.create(&order, limit, (&adoption, adopt), told).await?;
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        seen::remember(&mut kept.private, &stack);
        Ok(seen::after(cx, planned, &stack))
    }

    async fn read(
        &self,
        cx: &Cx,
        state: StackState,
        private: &mut StackPrivate,
    ) -> Result<Option<StackState>> {
        secret::hide(&cx.veil, &state, None, private);
        let deploy = Self::deploy(cx, &state).await?;
        let Some(stack) = deploy.find(&id(&state)?).await? else { return Ok(None) };
        cx.refreshed.note(&stack);
        // Nothing is remembered where the provider was killed.
        let unsure = private.policy_unsure || private.seen.is_empty();
        let mut state = seen::read(cx, &deploy, state, &stack, private).await?;
        if unsure && state.policy_body.is_value() {
            stack_policy::look(&deploy, &stack.id, &mut state.policy_body).await?;
        }
        private.policy_unsure = false;
        Ok(Some(state))
    }

    async fn update(
        &self,
        cx: &Cx,
        prior: StackState,
        planned: StackState,
        kept: &mut Kept<Self>,
    ) -> Result<StackState> {
        if stuck::only_words(&prior, &planned) {
            kept.private.found = None;
            return Ok(planned);
        }
        let ends = kept.private.found.take().and_then(|found| found.ends);
        let (deploy, id) = (Self::deploy(cx, &prior).await?, id(&prior)?);
        let loaded = source::load(Some(&deploy.aws), &planned, Some(&prior))
            .await?
            .ok_or_else(source::missing)?;
        source::unchanged(&loaded, &planned)?;
        secret::hide(&cx.veil, &planned, loaded.known(), &kept.private);
        let limit = timeouts::STACK.with(&planned.timeouts).update;
        stuck::unblock(&deploy, &id, &planned, limit).await?;
        let (before, then) =
            ((&prior.policy_body, &prior.policy_url), (&planned.policy_body, &planned.policy_url));
        kept.private.policy_unsure = before != then;
        let (private, brought) = (&kept.private, Default::default());
        let change = order::Change {
            deploy: &deploy,
            prior: &prior,
            planned: &planned,
            loaded: &loaded,
            private,
            brought,
            ends,
        };
        let mut unshown = BTreeSet::new();
        let done = deploy
            .change_told(&id, limit, |live| change.order(live), |ids| unshown.extend(ids))
            .await;
        let brought = change.brought.into_inner().unwrap_or_default();
        // The next plan of the same leaves open what rests on these.
        kept.private.replaces.extend(unshown);
        let Updated { mut stack, changes, policed } = done?;
        kept.private.replaces.clear();
        seen::as_foreseen(&planned, &stack)?;
        seen::topics(&planned, &stack, &mut kept.diagnostics);
        seen::unused(&planned, loaded.known(), &stack, &mut kept.diagnostics);
        if !policed {
            stack_policy::replace(&deploy, &id, before, then).await?;
        }
        protection::switch(&deploy, &mut stack, &planned.enable_termination_protection).await?;
        kept.private = order::remembered(&planned, &loaded, kept.private.clone(), &brought);
        kept.private.policy_unsure = false;
        kept.private.held = order::held(&prior, &kept.private, &loaded, &stack);
        seen::remember(&mut kept.private, &stack);
        let planned = seen::changed(planned, prior.planned_changes, changes.as_deref());
        Ok(seen::after(cx, planned, &stack))
    }

    async fn delete(&self, cx: &Cx, state: StackState, kept: &mut Kept<Self>) -> Result<()> {
        secret::hide(&cx.veil, &state, None, &kept.private);
        let deploy = Self::deploy(cx, &state).await?;
        deploy
            .delete(
                &id(&state)?,
                &stuck::removal(&state),
                timeouts::STACK.with(&state.timeouts).delete,
            )
            .await?;
        admin::forget(&deploy, &state, &mut kept.diagnostics).await
    }

    async fn import(&self, cx: &Cx, id: &str) -> Result<StackState> {
        seen::import(cx, id).await
    }

    fn move_from(&self, source: &Source, old: &Object) -> Option<StackState> {
        moved::from(source, old)
    }
}

#[cfg(test)]
mod tests;
