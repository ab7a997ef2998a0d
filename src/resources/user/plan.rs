//! The plan of a user: whom a mail goes to, whom a change locks out, and what is there already.

use std::sync::Arc;

use super::{UserResource, UserState, check, is_true, name, seen};
use crate::catalog::Catalog;
use crate::deploy::adoption::Met;
use crate::kinds::resource::Draft;
use crate::outcome::{CatalogErrorKind, Error, Result};
use crate::quilt::access::User;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// What can be asked now; `None`: the catalog is not known, or does not answer yet.
async fn users(catalog: Result<Arc<Catalog>>) -> Result<Option<(Arc<Catalog>, Vec<User>)>> {
    let catalog = match catalog {
        Err(Error::NotYet) => return Ok(None),
        catalog => catalog?,
    };
    match catalog.users.list().await {
        Err(e) if e.catalog() == Some(CatalogErrorKind::Unreached) => Ok(None),
        users => Ok(Some((catalog, users?))),
    }
}

/// Refines a draft.
pub async fn plan(
    catalog: Result<Arc<Catalog>>,
    draft: &mut Draft<UserResource>,
    _d: &mut Diagnostics,
) -> Result<()> {
    let planned = &mut draft.planned;
    if planned.id.is_unknown() {
        planned.id = planned.name.clone();
    }
    let Some(prior) = &draft.prior else { return Ok(()) };
    planned.sso_only = prior.sso_only.clone();
    planned.roles_ruled_by_mapping = prior.roles_ruled_by_mapping.clone();
    if is_true(&prior.roles_ruled_by_mapping) && !seen_alike(prior, planned) {
        return Err(ruled(name(planned)));
    }
    let ends =
        |before: &Value<bool>, now: &Value<bool>| is_true(before) && *now == Value::Value(false);
    if !ends(&prior.admin, &planned.admin) && !ends(&prior.active, &planned.active) {
        return Ok(());
    }
    let at = if ends(&prior.active, &planned.active) { "active" } else { "admin" };
    stays(catalog, name(planned), AttributePath::new(at)).await
}

/// The same roles in both.
fn seen_alike(prior: &UserState, planned: &UserState) -> bool {
    !planned.role.is_value() || seen::roles(prior) == seen::roles(planned)
}

/// A change of roles that the mapping rules.
pub fn ruled(name: &str) -> Error {
    Error::config(
        AttributePath::new("role"),
        format!("The sign-in mapping rules the roles of {name}: the registry takes no others."),
        "Write the roles into the mapping (`quilt_sso_mapping`), and leave those of this resource as they are.",
    )
}

/// Refuses an end that is known to be one for administrators.
pub async fn plan_end(catalog: Result<Arc<Catalog>>, state: &UserState) -> Result<()> {
    match is_true(&state.active) {
        true => stays(catalog, name(state), AttributePath::root()).await,
        false => Ok(()),
    }
}

/// Refuses what locks out who asks, or the last administrator.
async fn stays(catalog: Result<Arc<Catalog>>, name: &str, at: AttributePath) -> Result<()> {
    let Some((catalog, all)) = users(catalog).await? else { return Ok(()) };
    if catalog.access.me().await?.name == name {
        let what = format!(
            "{name} is who the provider signs in as: this would lock it out of the catalog."
        );
        let fix = "Have the provider sign in as another administrator (`catalog` in the provider block), and plan again.";
        return Err(Error::config(at, what, fix));
    }
    let can = |user: &&User| user.admin && user.active && !user.service;
    let is_admin = all.iter().filter(can).any(|user| user.name == name);
    if is_admin && all.iter().filter(can).all(|user| user.name == name) {
        let what = format!("{name} is the last administrator who can sign in.");
        return Err(Error::config(at, what, "Make another administrator first."));
    }
    Ok(())
}

/// What the creation of a user meets: an account that an earlier apply of ours may have left is taken up, any other is not touched.
pub async fn meets(
    catalog: Result<Arc<Catalog>>,
    planned: &UserState,
    d: &mut Diagnostics,
) -> Result<Met> {
    let found = users(catalog).await?;
    let all = found.as_ref().map_or(&[][..], |(_, all)| all);
    let there = taken_up(all, planned)?;
    if let Some(user) = there {
        return Ok(Met::Ours(user.name.clone()));
    }
    if check::by_sign_in(name(planned)) && found.is_some() {
        return Err(Error::config(
            AttributePath::new("name"),
            format!("Nobody in the catalog is called {}.", name(planned)),
            "An address is a name only for who came through an identity provider. Write a name of lower-case letters, digits and `_`.",
        ));
    }
    let email = planned.email.as_deref_option().unwrap_or("their address");
    d.warn_at(
        AttributePath::new("email"),
        format!("The registry writes to {email}"),
        "As soon as the user is made, the registry sends a mail with a link for a password. There is no switch for that.",
    );
    Ok(if found.is_some() { Met::Nothing } else { Met::Unasked })
}

/// Who is there already and may be taken up; an account that differs is refused.
pub fn taken_up<'a>(all: &'a [User], planned: &UserState) -> Result<Option<&'a User>> {
    let (name, email) = (name(planned), planned.email.as_deref_option());
    let has = |user: &&User| email.is_some_and(|email| user.email.eq_ignore_ascii_case(email));
    let Some(user) = all.iter().find(|user| user.name == name) else {
        return match all.iter().find(has) {
            Some(other) => Err(address_taken(other)),
            None => Ok(None),
        };
    };
    // A deactivated account is what a destroy leaves; of one that is as wanted, nothing is lost.
    let more = user.admin && planned.admin == Value::Value(false);
    let alike = has(&user) && !more && (!user.active || seen::has_roles(user, planned));
    if alike && !user.service { Ok(Some(user)) } else { Err(there(name)) }
}

fn there(name: &str) -> Error {
    Error::config(
        AttributePath::new("name"),
        format!("The catalog has a user {name} already, otherwise than this configuration."),
        format!(
            "Import the account, and the plan shows what would change: `terraform import <address> {name}`."
        ),
    )
}

fn address_taken(other: &User) -> Error {
    Error::config(
        AttributePath::new("email"),
        format!("The catalog has a user with the address {} already: {}.", other.email, other.name),
        format!(
            "Write `name = \"{0}\"` and import the account: `terraform import <address> {0}`.",
            other.name
        ),
    )
}
