//! What a configuration wants of the template's parameters.

use std::collections::BTreeMap;

use crate::cloudformation::template::Template;
use crate::quilt::kept::{Kept, kept};
use crate::resources::stack::quilt::objects;
use crate::resources::stack::shorthands::SHORTHANDS;
use crate::resources::stack::state::{Draft, StackState, Values};
use crate::tf::{AttributePath, Value};

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
        let open = state.parameters.is_unknown() || objects::open(state);
        let mut wanted = Wanted { open, ..Wanted::default() };
        for (name, value) in state.parameters.iter().flatten() {
            wanted.add(name, value.clone(), AttributePath::new("parameters").key(name.clone()));
        }
        for short in &SHORTHANDS {
            let value = (short.value)(state).clone();
            wanted.add(short.parameter, value, AttributePath::new(short.attribute));
        }
        for (row, value) in objects::rows(state, template) {
            let at = AttributePath::new(row.object).attribute(row.member);
            wanted.add(row.parameter, value, at);
        }
        wanted
    }

    /// What another stack has, where nothing else is wanted. What a plan left open is decided by it.
    pub fn inherit(mut self, values: &Values) -> Self {
        for (name, value) in values {
            self.values.retain(|wanted, open| wanted != name || !open.is_unknown());
            self.add(name, value.clone().into(), AttributePath::new("inherit_parameters_from"));
        }
        self
    }

    /// What stands first counts.
    fn add(&mut self, name: &str, value: Value<String>, at: AttributePath) {
        if !value.is_null() && !self.values.contains_key(name) {
            self.values.insert(name.into(), value);
            self.at.insert(name.into(), at);
        }
    }

    /// As CloudFormation could be sent them now: what is not known is left out.
    pub fn known(&self) -> Values {
        let known = |(name, value): (&String, &Value<String>)| {
            Some((name.clone(), value.as_ref_option()?.clone()))
        };
        self.values.iter().filter_map(known).collect()
    }

    /// The values, as far as they are known.
    pub fn so_far(&self) -> BTreeMap<String, Option<String>> {
        so_far(&self.values)
    }

    /// The same with those of `parameters_wo`, and the attribute each comes from.
    pub fn with_secrets(
        &self,
        config: &StackState,
    ) -> (BTreeMap<String, Option<String>>, BTreeMap<String, AttributePath>) {
        let (mut values, mut at) = (self.so_far(), self.at.clone());
        for (name, value) in config.parameters_wo.iter().flatten() {
            values.insert(name.clone(), value.as_ref_option().cloned());
            at.insert(name.clone(), AttributePath::new("parameters_wo").key(name.clone()));
        }
        (values, at)
    }

    /// Values that a stack keeps although nobody gives them: those that its state has written down, and the others.
    pub fn stays<'a>(
        &self,
        draft: &'a Draft,
        prior: &StackState,
        template: &'a Template,
    ) -> (Vec<Kept<'a>>, Vec<Kept<'a>>) {
        if self.open {
            return (vec![], vec![]);
        }
        let secret = draft.config.parameters_wo.iter().flat_map(|wo| wo.keys());
        let names = self.values.keys().chain(secret).map(String::as_str).collect();
        let before = prior.parameters.as_ref_option();
        let written = |kept: &Kept| {
            before.and_then(|before| before.get(kept.parameter)).is_some_and(Value::is_value)
        };
        kept(template, &names, &draft.private.parameters).into_iter().partition(written)
    }

    /// What a parameter will have: what is wanted, else what the stack has; `None`: that is not known, or decided by the template.
    pub fn or_live(&self, name: &str, live: &Values) -> Option<String> {
        self.values
            .get(name)
            .map_or_else(|| live.get(name).cloned(), |v| v.as_ref_option().cloned())
    }
}

/// Values, as far as they are known.
pub fn so_far(values: &BTreeMap<String, Value<String>>) -> BTreeMap<String, Option<String>> {
    values.iter().map(|(name, value)| (name.clone(), value.as_ref_option().cloned())).collect()
}

/// The value that each parameter will have: the one wanted, else the stack's, else the template's; `None`: not known yet.
pub fn will_be(
    template: &Template,
    wanted: &BTreeMap<String, Option<String>>,
    live: &Values,
) -> BTreeMap<String, Option<String>> {
    let value = |name: &String, default: &Option<String>| match wanted.get(name) {
        Some(value) => value.clone(),
        None => Some(live.get(name).cloned().or_else(|| default.clone()).unwrap_or_default()),
    };
    template
        .parameters
        .iter()
        .map(|(name, declared)| (name.clone(), value(name, &declared.default)))
        .collect()
}
