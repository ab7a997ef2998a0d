//! What is asked of CloudFormation: a creation, what brings a stack that is taken over up to date, and an update if one is needed at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::difference::{differs, has_no_effect};
use super::place::place;
use super::remembered::{had, unchanged};
use super::secrets::{resends, secret_digest, sends};
use super::wanted::Wanted;
use crate::cloudformation::outputs::rests;
use crate::cloudformation::parameters::to_send;
use crate::cloudformation::stack::{Order, Stack};
use crate::cloudformation::template::digest;
use crate::cx::Cx;
use crate::deploy::Deploy;
use crate::outcome::{AwsErrorKind, Result};
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::quilt::login;
use crate::resources::stack::state::{StackPrivate, StackState, Values, known, set};
use crate::resources::{stack_policy, tags};
use crate::tf::Value;

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
    inherited: &Values,
    brought: &Values,
) -> Result<Order> {
    let mut values = Wanted::of(planned, loaded.known()).inherit(inherited).known();
    values.extend(known(&planned.parameters_wo));
    values.extend(brought.clone());
    Ok(Order {
        template: place(deploy, loaded).await?,
        parameters: to_send(loaded.known(), &values, &Values::new()),
        on_failure: planned.on_failure.as_ref_option().cloned(),
        timeout_in_minutes: planned.timeout_in_minutes.as_option(),
        notification_arns: Some(set(&planned.notification_arns)).filter(|s| !s.is_empty()),
        policy_body: planned.policy_body.as_ref_option().cloned(),
        policy_url: planned.policy_url.as_ref_option().cloned(),
        tags: Some(tags::to_send(&deploy.cx.settings, &planned.tags_all, &Values::new())),
        ..order(planned)
    })
}

/// The order that brings a stack which is taken over to what is planned: what the creation says, as an update, and everything else as the stack has it.
/// Secrets that the configuration gives are sent again: which ones it has cannot be told.
pub fn adoption(
    cx: &Cx,
    creation: &Order,
    (planned, loaded): (&StackState, &Loaded),
    brought: &Values,
    live: &Stack,
) -> Order {
    let mut values = Wanted::of(planned, loaded.known()).known();
    values.extend(known(&planned.parameters_wo));
    values.extend(brought.clone());
    let mut parameters = to_send(loaded.known(), &values, &live.parameters);
    // What the creation makes up itself counts where the stack has nothing.
    let new = creation
        .parameters
        .iter()
        .filter(|(name, _)| !values.contains_key(*name) && !live.parameters.contains_key(*name));
    parameters.extend(new.map(|(name, value)| (name.clone(), value.clone())));
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
    /// CloudFormation in the region of the stack.
    pub deploy: &'a Deploy<'a>,
    /// The state before.
    pub prior: &'a StackState,
    /// The state that the plan promised.
    pub planned: &'a StackState,
    /// What is to be, as a template.
    pub loaded: &'a Loaded,
    /// What is remembered beside the state: what the stack was sent last.
    pub private: &'a StackPrivate,
    /// What objects brought in secret, once the order is made.
    pub brought: Mutex<Values>,
    /// The resources that the plan shows to be replaced or deleted; `None`: it shows nothing.
    pub ends: Option<BTreeSet<String>>,
}

impl Change<'_> {
    /// The order for an update of the stack as it is now; `None`: it is as it should be.
    pub async fn order(&self, live: Stack) -> Result<Option<Order>> {
        // After a failure that was left as it is, what counts as previous is anybody's guess: everything is sent again.
        let again = !live.status.usable();
        let new_template = match self.loaded.stays {
            true => again && !self.loaded.unread(),
            false => again || self.live_digest(&live).await? != self.loaded.digest,
        };
        let values = self.needed(&live, again, new_template).await?;
        let same = !new_template && values.is_empty() && !self.touches_beside(&live);
        if same { Ok(None) } else { self.written(&live, new_template, values).await.map(Some) }
    }

    /// The parameters that the update is about, with what objects bring in secret.
    async fn needed(&self, live: &Stack, again: bool, new_template: bool) -> Result<Values> {
        let mut values = self.changed(live, again);
        let brought = self.login(live, again, new_template || !values.is_empty()).await?;
        values.extend(brought.clone());
        *self.brought.lock().unwrap_or_else(PoisonError::into_inner) = brought;
        Ok(values)
    }

    /// Something beside template and parameters is to be another: topics, tags or the service role.
    fn touches_beside(&self, live: &Stack) -> bool {
        let role = self.planned.iam_role_arn.as_ref_option();
        set(&self.planned.notification_arns) != live.notification_arns
            || self.tags(live) != live.tags
            || role.is_some_and(|role| Some(role) != live.role.as_ref())
    }

    fn tags(&self, live: &Stack) -> BTreeMap<String, String> {
        tags::to_send(&self.deploy.cx.settings, &self.planned.tags_all, &live.tags)
    }

    /// The order itself.
    async fn written(&self, live: &Stack, new_template: bool, mut values: Values) -> Result<Order> {
        let (planned, loaded) = (self.planned, self.loaded);
        values.extend(self.along(live));
        let template =
            if new_template { place(self.deploy, loaded).await? } else { Default::default() };
        let declared = loaded.known().filter(|_| new_template);
        let policies =
            stack_policy::around(self.deploy, &live.id, self.prior.policy(), planned.policy());
        let topics = set(&planned.notification_arns);
        Ok(Order {
            template,
            parameters: to_send(declared, &values, &live.parameters),
            notification_arns: Some(topics).filter(|t| *t != live.notification_arns),
            tags: Some(self.tags(live)),
            ends: self.ends.clone(),
            rests: self.rests(),
            policies: policies.await?,
            ..order(planned)
        })
    }

    /// The parameters of which the stack has another value, all of them `again` where it cannot be told; and secrets that are to be sent.
    fn changed(&self, live: &Stack, again: bool) -> Values {
        let (template, prior, private) = (self.loaded.known(), self.prior, self.private);
        let mut values = Wanted::of(self.planned, template).known();
        values.retain(|name, value| {
            again || differs(template, name, value, &live.parameters, prior, private)
        });
        let resend = resends(prior, self.planned, private);
        let mut secrets = known(&self.planned.parameters_wo);
        secrets.retain(|name, _| resend || !live.parameters.contains_key(name));
        values.extend(secrets);
        values
    }

    /// Values that CloudFormation did not take because nothing uses them: they go along with whatever else is sent.
    fn along(&self, live: &Stack) -> Values {
        let mut values = Wanted::of(self.planned, self.loaded.known()).known();
        values.retain(|name, value| {
            has_no_effect(name, value, &live.parameters, self.prior, self.private)
        });
        values
    }

    /// The resources on which outputs rest that the plan holds for known.
    fn rests(&self) -> BTreeSet<String> {
        let outputs = self.planned.outputs.iter().flatten();
        let known: Vec<_> =
            outputs.filter(|(_, value)| value.is_value()).map(|(name, _)| name.as_str()).collect();
        self.loaded.known().map(|template| rests(template, &known)).unwrap_or_default()
    }

    /// The database's user and password, where the stack must be told them; where something else `goes` anyway, if they are others than it was told.
    async fn login(&self, live: &Stack, again: bool, goes: bool) -> Result<Values> {
        let template = self.loaded.known();
        let must =
            again || sends(self.prior, self.planned, template, self.private, &live.parameters);
        if !must && !goes {
            return Ok(Values::new());
        }
        match login::read(self.deploy.cx, &self.deploy.aws, self.planned, template).await {
            Err(e) if !must && e.aws() == Some(AwsErrorKind::Denied) => Ok(Values::new()),
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
