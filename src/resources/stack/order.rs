//! What is asked of CloudFormation for a `quilt_stack`: the parameters wanted, a creation, and an update if one is needed at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::source::{self, Loaded};
use super::{NetworkInput, StackPrivate, StackState, Strings, secret, seen, wiring};
use crate::cloudformation::outputs::rests;
use crate::cloudformation::parameters::{self, HIDDEN, to_send};
use crate::cloudformation::stack::{Order, Stack};
use crate::cloudformation::template::{Template, digest, hex};
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Result};
use crate::quilt::wiring::Way;
use crate::resources::{stack_policy, tags};
use crate::tf::{AttributePath, Set, Value};

/// Arguments that stand for one parameter each.
pub const SHORTHANDS: [(&str, &str); 3] = [
    ("web_host", "QuiltWebHost"),
    ("certificate_arn", "CertificateArnELB"),
    ("admin_email", "AdminEmail"),
];

/// Parameters that the configuration asks for, and where it says so.
#[derive(Default)]
pub struct Wanted {
    /// Their values, which may be unknown during a plan.
    pub values: BTreeMap<String, Value<String>>,
    /// The attribute each comes from.
    pub at: BTreeMap<String, AttributePath>,
    /// It is not known yet which parameters are asked for: more may come.
    pub open: bool,
}

impl Wanted {
    /// From `parameters`, the shorthands and the objects; of those only what `template` declares, and no secret.
    pub fn of(state: &StackState, template: Option<&Template>) -> Self {
        let objects = [
            matches!(state.network, Value::Unknown),
            matches!(state.database, Value::Unknown),
            matches!(state.search, Value::Unknown),
        ];
        let open = matches!(state.parameters, Value::Unknown) || objects.contains(&true);
        let mut wanted = Wanted { open, ..Wanted::default() };
        for (name, value) in state.parameters.as_ref_option().into_iter().flatten() {
            wanted.add(name, value.clone(), AttributePath::new("parameters").key(name.clone()));
        }
        for ((attribute, name), value) in
            SHORTHANDS.iter().zip([&state.web_host, &state.certificate_arn, &state.admin_email])
        {
            wanted.add(name, value.clone(), AttributePath::new(*attribute));
        }
        for (name, object, member, value) in
            template.map(|t| wiring::rows(state, t)).unwrap_or_default()
        {
            wanted.add(name, value, AttributePath::new(object).attribute(member));
        }
        if let (Value::Value(network), None) = (&state.network, template) {
            for (name, member, value) in network_parameters(network) {
                wanted.add(name, value, AttributePath::new("network").attribute(member));
            }
        }
        wanted
    }

    /// What another stack has, where nothing else is wanted. What a plan left open is decided by it.
    pub fn inherit(mut self, values: &BTreeMap<String, String>) -> Self {
        for (name, value) in values {
            self.values.retain(|wanted, open| wanted != name || !matches!(open, Value::Unknown));
            self.add(name, value.clone().into(), AttributePath::new("inherit_parameters_from"));
        }
        self
    }

    /// What stands first counts.
    fn add(&mut self, name: &str, value: Value<String>, at: AttributePath) {
        if !matches!(value, Value::Null) && !self.values.contains_key(name) {
            self.values.insert(name.into(), value);
            self.at.insert(name.into(), at);
        }
    }

    /// The values that are known.
    pub fn known(&self) -> BTreeMap<String, String> {
        self.values
            .iter()
            .filter_map(|(k, v)| Some((k.clone(), v.as_ref_option()?.clone())))
            .collect()
    }
}

/// A template before `UserSecurityGroup` called it `SecurityGroup`; where both stand, the old one is somebody else's.
pub fn takes(template: &Template, name: &str) -> bool {
    template.declares(name) && (name != "SecurityGroup" || !template.declares("UserSecurityGroup"))
}

/// Parameter, member of the object, value.
pub fn network_parameters(n: &NetworkInput) -> [(&'static str, &'static str, Value<String>); 9] {
    let group = || n.user_security_group_id.clone();
    let endpoint = || n.api_gateway_endpoint_id.clone();
    [
        ("VPC", "vpc_id", n.vpc_id.clone()),
        ("Subnets", "private_subnet_ids", joined(&n.private_subnet_ids)),
        ("PublicSubnets", "public_subnet_ids", joined(&n.public_subnet_ids)),
        ("IntraSubnets", "intra_subnet_ids", joined(&n.intra_subnet_ids)),
        ("UserSubnets", "user_subnet_ids", joined(&n.user_subnet_ids)),
        ("UserSecurityGroup", "user_security_group_id", group()),
        ("SecurityGroup", "user_security_group_id", group()),
        ("ApiGatewayVPCEndpoint", "api_gateway_endpoint_id", endpoint()),
        ("ApiGatewayVPCEndpointId", "api_gateway_endpoint_id", endpoint()),
    ]
}

/// A list as CloudFormation takes it; an empty one is none.
fn joined(list: &Value<Vec<Value<String>>>) -> Value<String> {
    match list {
        Value::Value(items) if items.is_empty() => Value::Null,
        Value::Value(items) => {
            let known: Option<Vec<_>> =
                items.iter().map(|i| i.as_ref_option().map(String::as_str)).collect();
            known.map_or(Value::Unknown, |items| Value::Value(items.join(",")))
        }
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
    }
}

/// Strings of a set.
pub fn set(values: &Value<Set<Value<String>>>) -> BTreeSet<String> {
    values
        .as_ref_option()
        .map(|s| s.0.iter().filter_map(|v| v.as_ref_option().cloned()).collect())
        .unwrap_or_default()
}

fn secrets(state: &StackState) -> BTreeMap<String, String> {
    let given: Option<&Strings> = state.parameters_wo.as_ref_option();
    given
        .into_iter()
        .flatten()
        .filter_map(|(k, v)| Some((k.clone(), v.as_ref_option()?.clone())))
        .collect()
}

/// What every order says alike.
fn order(state: &StackState) -> Order {
    Order {
        name: state.name.as_ref_option().cloned().unwrap_or_default(),
        capabilities: set(&state.capabilities),
        role: state.iam_role_arn.as_ref_option().cloned(),
        disable_rollback: state.disable_rollback.as_option(),
        replaceable: Some(set(&state.allow_replacement)),
        ..Order::default()
    }
}

/// The order for a creation, with what is `inherited` from another stack, and what is `brought` in secret.
pub async fn creation(
    deploy: &Deploy<'_>,
    planned: &StackState,
    loaded: &Loaded,
    inherited: &secret::Values,
    brought: &secret::Values,
) -> Result<Order> {
    let mut values = Wanted::of(planned, loaded.known()).inherit(inherited).known();
    values.extend(secrets(planned));
    values.extend(brought.clone());
    Ok(Order {
        template: source::place(deploy, loaded).await?,
        parameters: to_send(loaded.known(), &values, &BTreeMap::new()),
        on_failure: planned.on_failure.as_ref_option().cloned(),
        timeout_in_minutes: planned.timeout_in_minutes.as_option(),
        notification_arns: Some(set(&planned.notification_arns)).filter(|s| !s.is_empty()),
        policy_body: planned.policy_body.as_ref_option().cloned(),
        policy_url: planned.policy_url.as_ref_option().cloned(),
        tags: Some(tags::to_send(&deploy.cx.settings, &planned.tags_all, &BTreeMap::new())),
        ..order(planned)
    })
}

/// The order that brings a stack which is taken over to what is planned: what the creation says, as an update, and everything else as the stack has it.
/// Secrets that the configuration gives are sent again: which ones it has cannot be told.
pub fn adoption(
    cx: &Cx,
    creation: &Order,
    (planned, loaded): (&StackState, &Loaded),
    brought: &secret::Values,
    live: &Stack,
) -> Order {
    let mut values = Wanted::of(planned, loaded.known()).known();
    values.extend(secrets(planned));
    values.extend(brought.clone());
    // What the creation makes up itself counts where the stack has nothing.
    let new = creation
        .parameters
        .iter()
        .filter(|(name, _)| !values.contains_key(*name) && !live.parameters.contains_key(*name));
    let new: BTreeMap<_, _> = new.map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut parameters = to_send(loaded.known(), &values, &live.parameters);
    parameters.extend(new);
    let topics = set(&planned.notification_arns);
    Order {
        template: creation.template.clone(),
        parameters,
        notification_arns: Some(topics).filter(|topics| {
            planned.notification_arns.is_value() && *topics != live.notification_arns
        }),
        tags: Some(tags::to_send(&cx.settings, &planned.tags_all, &live.tags)),
        ..order(planned)
    }
}

/// An update that may be needed.
pub struct Change<'a> {
    /// The way to AWS.
    pub deploy: &'a Deploy<'a>,
    /// What was.
    pub prior: &'a StackState,
    /// What is to be.
    pub planned: &'a StackState,
    /// What is to be, as a template.
    pub loaded: &'a Loaded,
    /// What is remembered.
    pub private: &'a StackPrivate,
    /// What objects brought in secret, once the order is made.
    pub brought: Mutex<secret::Values>,
    /// The resources that the plan shows to be replaced or deleted; `None`: it shows nothing.
    pub ends: Option<BTreeSet<String>>,
}

impl Change<'_> {
    /// The order for an update of the stack as it is now; `None`: it is as it should be.
    pub async fn order(&self, live: Stack) -> Result<Option<Order>> {
        let (planned, loaded) = (self.planned, self.loaded);
        // After a failure that was left as it is, what counts as previous is anybody's guess: everything is sent again.
        let again = !live.status.usable();
        let new_template = again || self.live_digest(&live).await? != loaded.digest;
        let mut values = Wanted::of(planned, loaded.known()).known();
        let mut along = values.clone();
        along.retain(|name, value| {
            has_no_effect(name, value, &live.parameters, self.prior, self.private)
        });
        values.retain(|name, value| {
            again
                || differs(loaded.known(), name, value, &live.parameters, self.prior, self.private)
        });
        let resend = resends(self.prior, planned, self.private);
        values.extend(
            secrets(planned)
                .into_iter()
                .filter(|(name, _)| resend || !live.parameters.contains_key(name)),
        );
        let brought = self.login(&live, again, new_template || !values.is_empty()).await?;
        values.extend(brought.clone());
        *self.brought.lock().unwrap_or_else(PoisonError::into_inner) = brought;
        let topics = set(&planned.notification_arns);
        let tags = tags::to_send(&self.deploy.cx.settings, &planned.tags_all, &live.tags);
        let new_role =
            planned.iam_role_arn.as_ref_option().is_some_and(|r| Some(r) != live.role.as_ref());
        let same = !new_template
            && values.is_empty()
            && topics == live.notification_arns
            && tags == live.tags
            && !new_role;
        if same {
            return Ok(None);
        }
        values.extend(along);
        let template = if new_template {
            source::place(self.deploy, loaded).await?
        } else {
            Default::default()
        };
        let parameters =
            to_send(loaded.known().filter(|_| new_template), &values, &live.parameters);
        let topics = Some(topics).filter(|t| *t != live.notification_arns);
        let (ends, rests) = (self.ends.clone(), self.rests());
        let policies = (&self.prior.policy_body, &self.prior.policy_url);
        let policies = stack_policy::around(
            self.deploy,
            &live.id,
            policies,
            (&planned.policy_body, &planned.policy_url),
        )
        .await?;
        Ok(Some(Order {
            template,
            parameters,
            notification_arns: topics,
            tags: Some(tags),
            ends,
            rests,
            policies,
            ..order(planned)
        }))
    }

    /// The resources on which outputs rest that the plan holds for known.
    fn rests(&self) -> BTreeSet<String> {
        let outputs = self.planned.outputs.as_ref_option().into_iter().flatten();
        let known: Vec<_> =
            outputs.filter(|(_, value)| value.is_value()).map(|(name, _)| name.as_str()).collect();
        self.loaded.known().map(|template| rests(template, &known)).unwrap_or_default()
    }

    /// The database's user and password, where the stack must be told them; where something else `goes` anyway, if they are others than it was told.
    async fn login(&self, live: &Stack, again: bool, goes: bool) -> Result<secret::Values> {
        let template = self.loaded.known();
        let must = again
            || secret::sends(self.prior, self.planned, template, self.private, &live.parameters);
        if !must && !goes {
            return Ok(secret::Values::new());
        }
        match secret::read(self.deploy.cx, &self.deploy.aws, self.planned, template).await {
            Err(e) if !must && e.aws() == Some(AwsErrorKind::Denied) => Ok(secret::Values::new()),
            Ok(login) if !must => {
                Ok(login.into_iter().filter(|(name, value)| !self.knows(name, value)).collect())
            }
            login => login,
        }
    }

    /// The stack was told this secret.
    fn knows(&self, name: &str, value: &str) -> bool {
        self.private
            .secrets
            .get(name)
            .is_some_and(|digest| *digest == secret_digest(&self.private.salt, name, value))
    }

    /// The digest of the template the stack has: the one remembered, unless the stack was changed since.
    async fn live_digest(&self, live: &Stack) -> Result<String> {
        match &self.prior.template_sha256 {
            Value::Value(digest) if unchanged(self.private, live) => {
                Ok(had(digest, self.private).to_string())
            }
            _ => Ok(digest(&self.deploy.aws.stacks.template(&live.id).await?)),
        }
    }
}

/// The stack is as it was when it was last looked at.
fn unchanged(private: &StackPrivate, live: &Stack) -> bool {
    !private.seen.is_empty() && seen::moment(live) == private.seen
}

/// The digest of the template a stack had, of which this one is in the state.
fn had<'a>(told: &'a str, private: &'a StackPrivate) -> &'a str {
    if private.held.is_empty() { told } else { &private.held }
}

/// What to remember of the template after an apply: CloudFormation takes no description, mapping or condition that changes no resource, so the stack keeps the
/// template it had. The next update must send the new one again.
pub fn held(prior: &StackState, private: &StackPrivate, loaded: &Loaded, stack: &Stack) -> String {
    let told = prior.template_sha256.as_ref_option().filter(|_| unchanged(private, stack));
    told.map(|told| had(told, private).to_string())
        .filter(|digest| *digest != loaded.digest)
        .unwrap_or_default()
}

/// The first apply after an import: which secrets the stack has cannot be told, so it keeps them.
pub fn taken_over(prior: &StackState, private: &StackPrivate) -> bool {
    private.salt.is_empty() && matches!(prior.parameters_wo_version, Value::Null)
}

/// The secrets in `parameters_wo` are to be sent again.
pub fn resends(prior: &StackState, planned: &StackState, private: &StackPrivate) -> bool {
    planned.parameters_wo_version != prior.parameters_wo_version && !taken_over(prior, private)
}

/// The stack has another value, as far as can be told: a secret that was never written here counts as one.
pub fn differs(
    template: Option<&Template>,
    name: &str,
    value: &str,
    live: &BTreeMap<String, String>,
    prior: &StackState,
    private: &StackPrivate,
) -> bool {
    let has = |now: &str| {
        let edited = written(prior, name).is_some_and(|before| before != value && before != now);
        parameters::has(template.and_then(|t| t.parameters.get(name)), now, value)
            && (value.is_ascii() || !edited)
    };
    match (live.get(name).map(String::as_str), private.secrets.get(name)) {
        (None, _) => true,
        (Some(HIDDEN), Some(digest)) => *digest != secret_digest(&private.salt, name, value),
        // What was remembered is lost when the provider is killed; what was written is in the state. What was never written was never sent.
        (Some(HIDDEN), None) => written(prior, name).is_none_or(|before| before != value),
        (Some(now), _) => !has(now) && !has_no_effect(name, value, live, prior, private),
    }
}

/// CloudFormation was given this value and has kept another one, because nothing uses the parameter. It goes along with the next update.
fn has_no_effect(
    name: &str,
    value: &str,
    live: &BTreeMap<String, String>,
    prior: &StackState,
    private: &StackPrivate,
) -> bool {
    let (now, seen) = (live.get(name), private.parameters.get(name));
    now.is_some_and(|now| now != value && now != HIDDEN)
        && now == seen
        && written(prior, name).is_some_and(|before| before == value)
}

fn written<'a>(state: &'a StackState, parameter: &str) -> Option<&'a String> {
    state.parameters.as_ref_option()?.get(parameter)?.as_ref_option()
}

fn secret_digest(salt: &str, name: &str, value: &str) -> String {
    hex(&Sha256::digest(format!("{salt}\0{name}\0{value}")))
}

/// What is remembered of the secrets in `parameters` and of those that were `brought`, so that a change of one is seen.
pub fn remembered(
    planned: &StackState,
    loaded: &Loaded,
    mut private: StackPrivate,
    brought: &secret::Values,
) -> StackPrivate {
    if private.salt.is_empty() {
        let mut salt = [0; 16];
        let _ = getrandom::fill(&mut salt);
        private.salt = hex(&salt);
    }
    let values = Wanted::of(planned, loaded.known()).known();
    let secrets = values
        .iter()
        .filter(|(name, _)| secret::hidden(name, loaded.known(), &private))
        .chain(brought);
    let secrets: BTreeMap<_, _> =
        secrets.map(|(k, v)| (k.clone(), secret_digest(&private.salt, k, v))).collect();
    // What was told before and not again stands.
    let way = secret::way(planned, loaded.known()).map(Way::secret_parameters).unwrap_or_default();
    private.secrets.retain(|name, _| way.contains(&name.as_str()));
    private.secrets.extend(secrets);
    private.given_back = loaded.given_back().unwrap_or_default();
    private
}
