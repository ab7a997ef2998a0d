//! What is secret about a stack: which parameters are, whether they are to be sent again, and the digests by which a change of one is seen.

use sha2::{Digest, Sha256};

use crate::cloudformation::parameters::HIDDEN;
use crate::cloudformation::template::{Template, hex};
use crate::outcome::Veil;
use crate::resources::stack::quilt::login::alike;
use crate::resources::stack::quilt::objects::way;
use crate::resources::stack::state::{StackPrivate, StackState, Values};
use crate::tf::Value;

/// Hides the values of secret parameters: those that the template declares so, and those that the stack shows as `****`.
pub fn hide(veil: &Veil, state: &StackState, template: Option<&Template>, private: &StackPrivate) {
    let parameters = state.maps().into_iter().flat_map(|(_, map)| map.iter().flatten());
    for (_, value) in parameters.filter(|(name, _)| hidden(name, template, private)) {
        value.iter().for_each(|value| veil.learn(value));
    }
}

/// The parameter is secret.
pub fn hidden(name: &str, template: Option<&Template>, private: &StackPrivate) -> bool {
    template.and_then(|t| t.parameters.get(name)).is_some_and(|p| p.no_echo)
        || private.parameters.get(name).is_some_and(|v| v == HIDDEN)
}

/// The first apply after an import: which secrets the stack has cannot be told, so it keeps them.
pub fn taken_over(prior: &StackState, private: &StackPrivate) -> bool {
    private.salt.is_empty() && prior.parameters_wo_version.is_null()
}

/// The secrets in `parameters_wo` are to be sent again.
pub fn resends(prior: &StackState, planned: &StackState, private: &StackPrivate) -> bool {
    planned.parameters_wo_version != prior.parameters_wo_version && !taken_over(prior, private)
}

/// An update must tell the stack user and password: it has none, they lie elsewhere than before, or it is asked for.
pub fn sends(
    prior: &StackState,
    planned: &StackState,
    template: Option<&Template>,
    private: &StackPrivate,
    live: &Values,
) -> bool {
    let Some(way) = way(planned, template) else { return false };
    let lacks = way.secret_parameters().iter().any(|name| !live.contains_key(*name));
    let moved = match (&prior.database, &planned.database) {
        (Value::Value(before), Value::Value(after)) => !alike(before, after),
        _ => !taken_over(prior, private),
    };
    lacks || moved || resends(prior, planned, private)
}

/// The digest of a secret parameter.
pub fn secret_digest(salt: &str, name: &str, value: &str) -> String {
    hex(&Sha256::digest(format!("{salt}\0{name}\0{value}")))
}
