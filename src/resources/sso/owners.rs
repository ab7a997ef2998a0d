//! One owner for each sign-in parameter: what this plan gives to another resource as well is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{SsoState, at, name, provider};
use crate::cx::{Cx, Plan, PlannedStack};
use crate::quilt::sso::{Claim, Clash, DOMAINS, Family, PASSWORD};
use crate::tf::{Diagnostics, Report, Value};

/// Refuses what another resource sets as well, as far as this plan has said so, and gives what it makes of the stack. Two sign-ins of one
/// identity provider are one object in two blocks, which is refused for every resource alike.
pub fn check(cx: &Cx, planned: &SsoState, d: &mut Diagnostics) -> Option<Arc<PlannedStack>> {
    let (Value::Value(_), Some(provider)) = (&planned.stack_name, provider(planned)) else {
        return None;
    };
    let claim = Claim {
        provider,
        domains: !planned.domains.is_null(),
        password: !planned.password_auth.is_null(),
    };
    let place =
        (planned.region.as_ref_option().cloned().unwrap_or_default(), name(planned).to_string());
    let Plan { stack, claims } = cx.plans.claim(&place, &claim);
    let family = stack.as_ref().and_then(|stack| Family::of(|name| stack.template.declares(name)));
    if let Some(clash) = claims.iter().find_map(|other| claim.clash(other, family)) {
        let (attribute, what) = clashing(clash);
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

fn clashing(clash: Clash) -> (&'static str, String) {
    match clash {
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
