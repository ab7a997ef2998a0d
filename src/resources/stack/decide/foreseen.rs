//! What a plan knows of that which AWS decides: the outputs, and what is read from them.

use std::collections::BTreeMap;

use super::touched::Touched;
use crate::cloudformation::outputs::{foreseen, pseudo, rests};
use crate::cloudformation::parameters::{HIDDEN, may_be_empty};
use crate::cloudformation::template::Template;
use crate::quilt::hosts::{Hosts, bare};
use crate::quilt::version;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::order::wanted::Wanted;
use crate::resources::stack::quilt::{hosts, objects};
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{StackPrivate, StackState, Strings};
use crate::tf::Value;

macro_rules! given_by_aws {
    ($($name:ident)*) => {
        /// All of it is as it was.
        fn stay(planned: &mut StackState, prior: &StackState) {
            $(planned.$name = prior.$name.clone();)*
        }

        /// None of it is known.
        fn open(planned: &mut StackState) {
            $(planned.$name = Value::Unknown;)*
        }
    };
}

given_by_aws! {
    outputs load_balancer_dns_name registry_role_arn quilt_version
    network_version url registry_host s3_proxy_host cnames
}

/// An update that is planned.
pub struct Operation<'a> {
    /// The configuration, with its write-only values.
    pub config: &'a StackState,
    /// The state before.
    pub prior: &'a StackState,
    /// What is remembered beside the state: what the stack was sent last.
    pub private: &'a StackPrivate,
    /// The template that is planned; `None` while it is not known.
    pub loaded: Option<&'a Loaded>,
    /// The parameters that are wanted.
    pub wanted: &'a Wanted,
}

impl Operation<'_> {
    /// What AWS decides is unknown exactly where the update may change it.
    pub fn foresee(&self, planned: &mut StackState, touched: &Touched) {
        let (prior, template) = (self.prior, self.loaded.and_then(Loaded::known));
        let same = !touched.outputs() && !touched.tags;
        planned.status = if same { prior.status.clone() } else { Value::Unknown };
        planned.template_sha256 = self.loaded.map_or(Value::Unknown, |l| l.digest.clone().into());
        if touched.outputs() {
            decided(planned, template);
            let outputs =
                template.filter(|_| touched.is_certain()).and_then(|t| foreseen(t, &self.known(t)));
            if let Some(outputs) = outputs {
                let known = |value: Option<_>| value.map_or(Value::Unknown, Value::Value);
                let outputs = outputs.into_iter().map(|(name, value)| (name, known(value)));
                given_out(planned, outputs.collect());
            }
            return;
        }
        stay(planned, prior);
        if touched.tags {
            self.looked_up_anew(planned, template);
        }
    }

    /// Other tags alone change nothing, save what CloudFormation looks up anew in every update.
    fn looked_up_anew(&self, planned: &mut StackState, template: Option<&Template>) {
        let Some(template) = template.filter(|t| !t.transformed()) else {
            return decided(planned, template);
        };
        let mut volatile = template.volatile_outputs();
        volatile.extend(self.replaced(template));
        if let (false, Value::Value(outputs)) = (volatile.is_empty(), &self.prior.outputs) {
            let seen = |name: &String, value: &Value<String>| {
                if volatile.contains(name) { Value::Unknown } else { value.clone() }
            };
            let outputs = outputs.iter().map(|(name, value)| (name.clone(), seen(name, value)));
            given_out(planned, outputs.collect());
        }
    }

    /// Outputs that rest on what the last apply was refused for, because it would be replaced: now it may be.
    fn replaced(&self, template: &Template) -> Vec<String> {
        if self.private.replaces.is_empty() {
            return vec![];
        }
        let open =
            |name: &&String| !rests(template, &[name.as_str()]).is_disjoint(&self.private.replaces);
        let names = self.prior.outputs.iter().flatten().map(|(name, _)| name);
        names.filter(open).cloned().collect()
    }

    /// Names of the template before, with the values that the stack has. What is kept out of the state is not among them.
    pub(super) fn known_before(&self, template: &Template) -> BTreeMap<String, String> {
        let mut known = self.prior.id.as_ref_option().map(|id| pseudo(id)).unwrap_or_default();
        let shown = self.private.parameters.iter().filter(|(name, value)| {
            *value != HIDDEN && template.parameters.get(*name).is_some_and(|p| !p.no_echo)
        });
        known.extend(shown.map(|(name, value)| (name.clone(), value.clone())));
        known
    }

    /// Names of the template whose values are certain after the update. What is kept out of the state is not among them.
    pub(super) fn known(&self, template: &Template) -> BTreeMap<String, String> {
        let mut known = self.prior.id.as_ref_option().map(|id| pseudo(id)).unwrap_or_default();
        let wanted = self.wanted;
        if wanted.open || self.config.parameters_wo.is_unknown() {
            return known;
        }
        let way = objects::way(self.config, Some(template));
        let brought = way.map(|way| way.secret_parameters()).unwrap_or_default();
        let given = &self.config.parameters_wo;
        let secret =
            |name: &str| brought.contains(&name) || given.iter().any(|wo| wo.contains_key(name));
        for (name, declared) in
            template.parameters.iter().filter(|(name, declared)| !declared.no_echo && !secret(name))
        {
            let live = self.private.parameters.get(name).filter(|value| *value != HIDDEN);
            let default = || {
                template
                    .sure_default(name)
                    .or_else(|| may_be_empty(name, declared).then(String::new))
            };
            let value = match wanted.values.get(name) {
                Some(value) => value.as_ref_option().cloned(),
                None if self.private.parameters.contains_key(name) => live.cloned(),
                None => default(),
            };
            known.extend(value.map(|value| (name.clone(), value)));
        }
        known
    }
}

/// Outputs as they will be, and what is read from them.
pub(super) fn given_out(planned: &mut StackState, outputs: Strings) {
    let one = |name: &str| outputs.get(name).cloned().unwrap_or_default();
    planned.load_balancer_dns_name = one("LoadBalancerDNSName").map(|host| bare(&host));
    planned.registry_role_arn = one("RegistryRoleARN");
    planned.quilt_version = match one("TemplateBuildMetadata") {
        Value::Value(metadata) => version::of(&metadata).into(),
        other => other,
    };
    match (&mut planned.cnames, &planned.load_balancer_dns_name) {
        (cnames, Value::Null) => *cnames = Value::Null,
        (Value::Value(cnames), target) => cnames.values_mut().for_each(|t| *t = target.clone()),
        _ => {}
    }
    planned.outputs = Value::Value(outputs);
}

fn without_output(slot: &mut Value<String>, template: &Template, output: &str) {
    if !template.outputs.iter().any(|o| o == output) {
        *slot = Value::Null;
    }
}

/// What AWS decides about a stack whose outputs may change: unknown, but for what the template decides already.
pub fn decided(planned: &mut StackState, template: Option<&Template>) {
    open(planned);
    let Some(template) = template else { return };
    without_output(&mut planned.load_balancer_dns_name, template, "LoadBalancerDNSName");
    without_output(&mut planned.registry_role_arn, template, "RegistryRoleARN");
    without_output(&mut planned.quilt_version, template, "TemplateBuildMetadata");
    derive(planned, template);
}

/// What the plan of a creation says of what an adoption leaves as the stack has it: it is not known.
pub fn adopted(planned: &mut StackState, config: &StackState) {
    for short in SHORTHANDS.iter().filter(|short| (short.value)(config).is_null()) {
        *(short.slot)(planned) = Value::Unknown;
    }
    decided(planned, None);
}

/// Hosts and records follow from the catalog's host; their names are known before the load balancer is.
fn derive(planned: &mut StackState, template: &Template) {
    let declared = template.declares("QuiltWebHost");
    if !declared && template.outputs.iter().any(|o| o == "QuiltWebHost") {
        return;
    }
    planned.network_version =
        declared.then(|| version::network(|p| template.declares(p)).to_string()).into();
    if !planned.web_host.is_unknown() {
        let web = planned.web_host.as_deref_option().and_then(Hosts::of);
        hosts::derive(planned, web.as_ref());
    }
}
