//! Whether the stack has another value of a parameter than is wanted.

use super::secrets::secret_digest;
use crate::cloudformation::parameters::{HIDDEN, has};
use crate::cloudformation::template::Template;
use crate::resources::stack::state::{StackPrivate, StackState, Values};

/// The stack has another value, as far as can be told: a secret that was never written here counts as one.
pub fn differs(
    template: Option<&Template>,
    name: &str,
    value: &str,
    live: &Values,
    prior: &StackState,
    private: &StackPrivate,
) -> bool {
    let same = |now: &str| {
        let edited = written(prior, name).is_some_and(|before| before != value && before != now);
        has(template.and_then(|t| t.parameters.get(name)), now, value)
            && (value.is_ascii() || !edited)
    };
    match (live.get(name).map(String::as_str), private.secrets.get(name)) {
        (None, _) => true,
        (Some(HIDDEN), Some(digest)) => *digest != secret_digest(&private.salt, name, value),
        // What was remembered is lost when the provider is killed; what was written is in the state. What was never written was never sent.
        (Some(HIDDEN), None) => written(prior, name).is_none_or(|before| before != value),
        (Some(now), _) => !same(now) && !has_no_effect(name, value, live, prior, private),
    }
}

/// CloudFormation was given this value and has kept another one, because nothing uses the parameter. It goes along with the next update.
pub fn has_no_effect(
    name: &str,
    value: &str,
    live: &Values,
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
