//! `inherit_parameters_from`: what a new stack takes over from another one, and what of it is told.

use std::collections::BTreeMap;

use super::{admin, objects};
use crate::cloudformation::template::Template;
use crate::quilt::admin::PASSWORD;
use crate::quilt::inherit::Inherited;
use crate::quilt::wiring::Way;
use crate::resources::stack::state::{StackPrivate, StackState};
use crate::tf::{AttributePath, Diagnostics, Report};

/// Where errors about the other stack point.
pub const ARGUMENT: &str = "inherit_parameters_from";

/// Whether it is still open what a creation takes over.
pub fn open(config: &StackState, private: &StackPrivate) -> bool {
    !config.inherit_parameters_from.is_null() && private.inherited.is_none()
}

/// The parameters that the configuration gives itself, in whatever way; `wanted`: those it writes down or an object brings.
pub fn own_parameters(
    config: &StackState,
    template: &Template,
    wanted: BTreeMap<String, Option<String>>,
) -> BTreeMap<String, Option<String>> {
    let mut given = wanted;
    let secrets = config.parameters_wo.iter().flatten();
    given.extend(secrets.map(|(name, value)| (name.clone(), value.as_ref_option().cloned())));
    // An object brings all of its parameters or the plan says what it lacks.
    let brought = |name: &&String| {
        objects::bringer(template, name).is_some_and(|object| objects::configured(config, object))
    };
    let brought: Vec<_> = template.parameters.keys().filter(brought).cloned().collect();
    let way = objects::way(config, Some(template)).map(Way::secret_parameters).unwrap_or_default();
    let made = admin::makes(config, Some(template)).map(|_| PASSWORD);
    for name in brought.into_iter().chain(way.iter().copied().chain(made).map(String::from)) {
        given.entry(name).or_insert(None);
    }
    given
}

/// Names what is not taken over.
pub fn tell(name: &str, found: &Inherited, d: &mut Diagnostics) {
    if !found.secret.is_empty() {
        let names: Vec<_> = found.secret.iter().map(|p| format!("`{p}`")).collect();
        let detail = format!(
            "AWS gives no secret out, so this stack does not get what {name} has for {}. Give in `parameters_wo` those that are needed.",
            names.join(", ")
        );
        d.warn_at(AttributePath::new(ARGUMENT), "Secrets are not inherited", detail);
    }
    let mut ways: Vec<_> = found
        .off
        .iter()
        .map(|p| format!("Sign-in through {} is on in {name} and stays off here.", p.label()))
        .collect();
    if found.password {
        ways.push("Sign-in with a password stays on, so that somebody can sign in.".into());
    }
    if !ways.is_empty() {
        let detail =
            format!("{} A `quilt_sso` with the client's secret turns it on.", ways.join(" "));
        d.warn_at(AttributePath::new(ARGUMENT), "Sign-in is not inherited as it is", detail);
    }
}
