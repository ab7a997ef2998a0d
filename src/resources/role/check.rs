//! What a role's block may not say, and where a refusal of the registry belongs in it.

use super::RoleState;
use crate::outcome::Error;
use crate::quilt::access::{MOST_POLICIES, RESERVED_ROLES, check_role_name};
use crate::resources::catalog;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Checks a configuration, offline.
pub fn validate(config: &RoleState, d: &mut Diagnostics) {
    let at = AttributePath::new;
    if let Some(name) = config.name.as_deref_option() {
        if let Err(why) = check_role_name(name) {
            d.fail_at(at("name"), "Not the name of a role", why);
        }
        if RESERVED_ROLES.contains(&name) {
            let detail = "The stack makes this role and writes it anew: leave it alone, and choose another name.";
            d.fail_at(at("name"), "This role belongs to the stack itself", detail);
        }
    }
    if !config.arn.is_null() && !config.policies.is_null() {
        let detail = "A role holds policies, or is an IAM role of yours: its IAM role then decides alone. Give `policies` or `arn`.";
        d.fail_at(at("arn"), "Two kinds of role at once", detail);
    }
    if config.policies.as_ref_option().is_some_and(|all| all.0.len() > MOST_POLICIES) {
        let detail = format!(
            "The catalog's own page takes {MOST_POLICIES}, and its registry may refuse more. Put what belongs together into one `quilt_policy`."
        );
        d.warn_at(at("policies"), "More policies than a role holds", detail);
    }
}

/// The catalog makes its IAM role; `None`: that is not known yet.
pub fn is_managed(config: &RoleState) -> Option<bool> {
    match (&config.policies, &config.arn, &config.managed) {
        (Value::Value(_), ..) => Some(true),
        (_, _, Value::Value(managed)) => Some(*managed),
        (_, Value::Null, _) => Some(true),
        (Value::Null, Value::Value(_), _) => Some(false),
        _ => None,
    }
}

/// Ids of the policies that are known.
pub fn policies(state: &RoleState) -> Vec<String> {
    state.policies.iter().flatten().flatten().cloned().collect()
}

/// A refusal at the attribute that it is about.
pub fn refused(e: Error) -> Error {
    let e = catalog::at(
        "name",
        &["RoleNameExists", "RoleNameInvalid", "RoleNameReserved"],
        e,
        "Choose another name, or import the role that is there.",
    );
    let e = catalog::at(
        "name",
        &["RoleNameUsedBySsoConfig"],
        e,
        "Take the role out of the sign-in mapping first (`quilt_sso_mapping`), and apply; then rename or delete it.",
    );
    catalog::at(
        "policies",
        &["RoleHasTooManyPoliciesToAttach"],
        e,
        "Put what belongs together into one `quilt_policy`.",
    )
}
