//! What is remembered of a stack beside its state: when it was looked at, its template, its secrets.

use super::secrets::{hidden, secret_digest};
use super::wanted::Wanted;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::template::hex;
use crate::quilt::wiring::Way;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::quilt::objects::way;
use crate::resources::stack::state::{StackPrivate, StackState, Values};

/// When a stack's template and parameters were last changed; empty while they may still change.
pub fn moment(stack: &Stack) -> String {
    match stack.status.settled() {
        true => format!("{} {}", stack.changed_at, stack.status),
        false => String::new(),
    }
}

/// Notes what the stack has.
pub fn remember(private: &mut StackPrivate, stack: &Stack) {
    private.seen = moment(stack);
    private.parameters = stack.parameters.clone();
}

/// The stack is as it was when it was last looked at.
pub fn unchanged(private: &StackPrivate, live: &Stack) -> bool {
    !private.seen.is_empty() && moment(live) == private.seen
}

/// The digest of the template a stack had, of which this one is in the state.
pub fn had<'a>(told: &'a str, private: &'a StackPrivate) -> &'a str {
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

/// What is remembered of the secrets in `parameters` and of those that were `brought`, so that a change of one is seen.
pub fn remembered(
    planned: &StackState,
    loaded: &Loaded,
    mut private: StackPrivate,
    brought: &Values,
) -> StackPrivate {
    if private.salt.is_empty() {
        let mut salt = [0; 16];
        let _ = getrandom::fill(&mut salt);
        private.salt = hex(&salt);
    }
    let values = Wanted::of(planned, loaded.known()).known();
    let secret = values.iter().filter(|(name, _)| hidden(name, loaded.known(), &private));
    let digest = |(name, value): (&String, &String)| {
        (name.clone(), secret_digest(&private.salt, name, value))
    };
    let secrets: Values = secret.chain(brought).map(digest).collect();
    // What was told before and not again stands.
    let told = way(planned, loaded.known()).map(Way::secret_parameters).unwrap_or_default();
    private.secrets.retain(|name, _| told.contains(&name.as_str()));
    private.secrets.extend(secrets);
    private.given_back = loaded.given_back().unwrap_or_default();
    private
}
