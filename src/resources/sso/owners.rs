//! One owner for each sign-in parameter: what this plan gives to another resource as well is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{SsoState, at, name, provider};
use crate::cx::{Cx, Plan, PlannedStack};
use crate::quilt::sso::{Claim, Clash, DOMAINS, Family, IdentityProvider, PASSWORD};
use crate::tf::{Diagnostics, Report, Value};

/// Refuses what another resource sets as well, as far as this plan has said so, and gives what it makes of the stack. `new`: it is to be made.
pub fn check(
    cx: &Cx,
    planned: &SsoState,
    new: bool,
    d: &mut Diagnostics,
) -> Option<Arc<PlannedStack>> {
    let (Value::Value(_), Some(provider)) = (&planned.stack_name, provider(planned)) else {
        return None;
    };
    let claim = Claim {
        provider,
        client_id: planned.client_id.as_ref_option().cloned(),
        domains: !planned.domains.is_null(),
        password: !planned.password_auth.is_null(),
    };
    let place =
        (planned.region.as_ref_option().cloned().unwrap_or_default(), name(planned).to_string());
    let plan = cx.plans.claim(&place, &claim, new);
    let twin = (cx.run.tells_walks_apart() && plan.heard(&claim, new)).then_some(Clash::Provider);
    let Plan { stack, claims, .. } = plan;
    let family = stack.as_ref().and_then(|stack| Family::of(|name| stack.template.declares(name)));
    if let Some(clash) = twin.or_else(|| claims.iter().find_map(|other| claim.clash(other, family)))
    {
        let (attribute, what) = clashing(clash, provider);
        d.fail_at(
            at(attribute),
            "Two owners of one thing",
            format!("Another `quilt_sso` of stack {} {what}", place.1),
        );
    }
    if let Some(stack) = &stack {
        set_by_stack(&claim, stack, &place.1, d);
    }
    stack
}

fn clashing(clash: Clash, provider: IdentityProvider) -> (&'static str, String) {
    match clash {
        Clash::Provider => (
            "identity_provider",
            format!("sets {} up as well; keep one of them.", provider.label()),
        ),
        Clash::Place(other) => (
            "identity_provider",
            format!(
                "sets {} up, and the stack's template takes one identity provider; keep one of them.",
                other.label()
            ),
        ),
        Clash::Domains => ("domains", "sets `domains` as well; keep them in one of them.".into()),
        Clash::Password => {
            ("password_auth", "sets `password_auth` as well; keep it in one of them.".into())
        }
    }
}

fn set_by_stack(claim: &Claim, stack: &PlannedStack, name: &str, d: &mut Diagnostics) {
    let own = claim.parameters(|name| stack.template.declares(name));
    let twice: Vec<_> = own
        .iter()
        .filter_map(|parameter| Some((parameter.as_str(), *stack.set.get(parameter)?)))
        .collect();
    for (attribute, its) in
        [("domains", Some(DOMAINS)), ("password_auth", Some(PASSWORD)), ("identity_provider", None)]
    {
        let about = |parameter: &str| {
            its.map_or(![DOMAINS, PASSWORD].contains(&parameter), |its| its == parameter)
        };
        let twice: Vec<_> = twice.iter().filter(|(parameter, _)| about(parameter)).collect();
        let arguments: BTreeSet<_> =
            twice.iter().map(|(_, argument)| format!("`{argument}`")).collect();
        if !twice.is_empty() {
            let parameters: Vec<_> =
                twice.iter().map(|(parameter, _)| format!("`{parameter}`")).collect();
            let set = Vec::from_iter(arguments).join(" and ");
            let detail = format!(
                "{} stands in {set} of the `quilt_stack` {name} as well, and each would undo the other. Leave it out there: the stack keeps \
                 the value it has until this `quilt_sso` changes it.",
                parameters.join(", ")
            );
            d.fail_at(at(attribute), "A parameter with two owners", detail);
        }
    }
}
