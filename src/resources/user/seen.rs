//! A user as the catalog has them, and what a state says of them.

use std::collections::BTreeSet;

use super::UserState;
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::tf::{AttributePath, Set, Value};

/// The user of this name, or of this address where nobody has the name.
///
/// # Errors
/// Two have the address.
pub fn named<'a>(all: &'a [User], name: &str) -> Result<Option<&'a User>> {
    if let Some(found) = all.iter().find(|user| user.name == name) {
        return Ok(Some(found));
    }
    let mut same = all.iter().filter(|user| user.email.eq_ignore_ascii_case(name));
    match (same.next(), same.next()) {
        (Some(one), Some(other)) => Err(Error::config(
            AttributePath::new("name"),
            format!("Two users have the address {name}: {} and {}.", one.name, other.name),
            "Name one of them.",
        )),
        (found, _) => Ok(found),
    }
}

/// The roles of a state, the one in use first.
pub fn roles(state: &UserState) -> (String, BTreeSet<String>) {
    let extra = state.extra_roles.as_ref_option().into_iter().flatten();
    let extra = extra.filter_map(|role| role.as_deref_option().map(str::to_string)).collect();
    (state.role.as_deref_option().unwrap_or_default().into(), extra)
}

/// The roles of a user, whichever is in use.
pub fn held(user: &User) -> BTreeSet<String> {
    user.extra_roles.iter().chain(&user.role).cloned().collect()
}

/// The user has these roles and no others, whichever is in use.
pub fn has_roles(user: &User, state: &UserState) -> bool {
    let (role, mut all) = roles(state);
    all.insert(role);
    held(user) == all
}

/// The state of who is there.
pub fn state(before: UserState, user: &User, host: &str) -> UserState {
    let same = before.email.as_deref_option().is_some_and(|e| e.eq_ignore_ascii_case(&user.email));
    let email = if same { before.email.clone() } else { user.email.clone().into() };
    let stays = before.role.is_value() && (user.roles_ruled || has_roles(user, &before));
    let (role, extra_roles) = match stays {
        true => (before.role.clone(), before.extra_roles.clone()),
        false => (user.role.clone().into(), set(&user.extra_roles)),
    };
    UserState {
        id: user.name.clone().into(),
        name: user.name.clone().into(),
        host: host.to_string().into(),
        email,
        role,
        extra_roles,
        admin: user.admin.into(),
        active: user.active.into(),
        sso_only: user.sso_only.into(),
        roles_ruled_by_mapping: user.roles_ruled.into(),
        ..before
    }
}

fn set(roles: &[String]) -> Value<Set<Value<String>>> {
    match roles {
        [] => Value::Null,
        roles => Set(roles.iter().cloned().map(Value::Value).collect()).into(),
    }
}
