//! The plan of a user: whom a mail goes to, whom a change locks out, and what is there already.

use std::sync::Arc;

use super::{UserResource, UserState, check, is_true, name, seen};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::resources::catalog;
use crate::resources::catalog::entry::There;
use crate::resources::catalog::origin;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// What can be asked now; `None`: the catalog is not known, or does not answer yet.
async fn users(cx: &Cx, state: &UserState) -> Result<Option<(Arc<Catalog>, Vec<User>)>> {
    let list = |catalog: Arc<Catalog>| async move { catalog.users.list().await };
    catalog::asked(cx, &state.catalog, list).await
}

/// Refines a draft.
pub async fn plan(cx: &Cx, draft: &mut Draft<UserResource>) -> Result<()> {
    let planned = &mut draft.planned;
    let held = draft.prior.as_ref().map(|prior| (&prior.host, &draft.private));
    planned.host = origin::host(cx, &draft.config.catalog, held).await?;
    let Some(prior) = &draft.prior else { return Ok(()) };
    planned.sso_only = prior.sso_only;
    planned.roles_ruled_by_mapping = prior.roles_ruled_by_mapping;
    if is_true(&prior.roles_ruled_by_mapping) && !seen_alike(prior, planned) {
        return Err(ruled(name(planned)));
    }
    still(cx, prior, planned).await
}

/// The argument by which somebody stops leading a catalog.
fn ended(prior: &UserState, planned: &UserState) -> Option<&'static str> {
    let ends =
        |before: &Value<bool>, now: &Value<bool>| is_true(before) && *now == Value::Value(false);
    match (ends(&prior.active, &planned.active), ends(&prior.admin, &planned.admin)) {
        (true, _) => Some("active"),
        (_, true) => Some("admin"),
        _ => None,
    }
}

/// Refuses a change that is an end for administrators; an apply asks once more, because others may have gone by the same run.
pub async fn still(cx: &Cx, prior: &UserState, planned: &UserState) -> Result<()> {
    match ended(prior, planned) {
        Some(at) => stays(cx, prior, AttributePath::new(at)).await,
        None => Ok(()),
    }
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
pub async fn plan_end(cx: &Cx, state: &UserState) -> Result<()> {
    match is_true(&state.active) {
        true => stays(cx, state, AttributePath::root()).await,
        false => Ok(()),
    }
}

/// Refuses what locks out who asks, or the last administrator.
async fn stays(cx: &Cx, state: &UserState, at: AttributePath) -> Result<()> {
    let Some((catalog, all)) = users(cx, state).await? else { return Ok(()) };
    let name = name(state);
    if catalog.access.me().await?.name == name {
        let what = format!(
            "{name} is who the provider signs in as: this would lock it out of the catalog."
        );
        let fix = "Have the provider sign in as another administrator (`catalog` in the provider block), and plan again.";
        return Err(Error::config(at, what, fix));
    }
    // Where it is not told, people sign in by passwords: what is in doubt refuses nothing.
    let passwords = catalog.access.passwords().await.unwrap_or(true);
    let can = |user: &&User| user.leads(passwords);
    let is_admin = all.iter().filter(can).any(|user| user.name == name);
    if is_admin && all.iter().filter(can).all(|user| user.name == name) {
        let what = format!("{name} is the last administrator who can sign in.");
        return Err(Error::config(at, what, "Make another administrator first."));
    }
    Ok(())
}

/// What the creation of a user meets: an account that an earlier apply of ours may have left is taken up, any other is not touched.
pub async fn meets(cx: &Cx, planned: &UserState, d: &mut Diagnostics) -> Result<Met> {
    let found = users(cx, planned).await?;
    if let Some((catalog, all)) = &found
        && let Some(there) = there(catalog, all, planned)?
    {
        return there.met(d);
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

/// The account of the name that is wanted. One that has the address by another name is refused.
pub fn there<'a>(
    catalog: &Catalog,
    all: &'a [User],
    planned: &UserState,
) -> Result<Option<There<'a>>> {
    let (name, email) = (name(planned), planned.email.as_deref_option());
    let has = |user: &&User| email.is_some_and(|email| user.email.eq_ignore_ascii_case(email));
    let Some(user) = all.iter().find(|user| user.name == name) else {
        return all.iter().find(has).map_or(Ok(None), |other| Err(address_taken(other)));
    };
    // A deactivated account is what a destroy leaves; of one that has these roles and no more, nothing is lost.
    let more = user.admin && planned.admin == Value::Value(false);
    let alike = has(&user) && !more && (!user.active || seen::has_roles(user, planned));
    Ok(Some(There {
        what: format!("user {name} in the catalog {}", catalog.host),
        block: UserResource::NAME,
        at: "name",
        id: &user.name,
        import: format!("{}/{name}", catalog.host),
        alike: Some(alike && !user.service),
    }))
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
