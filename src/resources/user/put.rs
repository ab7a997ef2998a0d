//! A user is made, brought to what they are to be, and ended; each step is looked at again, for a registry that failed may have done it.

use super::{UserState, is_true, name, plan, seen};
use crate::catalog::{Catalog, UserOrder};
use crate::cx::Cx;
use crate::deploy::adoption::Adoption;
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::tf::{AttributePath, Value};
use crate::wait;

const DOING: &str = "the user was being changed";

/// Makes the account, or takes up the one that is there; the latter is told. Roles are looked for first: the mail cannot be taken back.
pub async fn begin(
    cx: &Cx,
    catalog: &Catalog,
    planned: &UserState,
    adoption: &Adoption,
) -> Result<(User, bool)> {
    let all = catalog.users.list().await?;
    if let Some(there) = plan::there(catalog, &all, planned)? {
        there.adopted(adoption)?;
        return look(catalog, there.id).await.map(|user| (user, true));
    }
    let (role, extra_roles) = seen::roles(planned);
    let roles = catalog.roles.list().await?;
    let missing = |name: &&String| !roles.iter().any(|role| role.name == **name);
    if let Some(missing) = extra_roles.iter().chain([&role]).find(missing) {
        return Err(no_role(missing, *missing == role));
    }
    let order = UserOrder {
        name: name(planned).into(),
        email: planned.email.as_deref_option().unwrap_or_default().into(),
        role,
        extra_roles: extra_roles.into_iter().collect(),
    };
    let made = wait::write(cx, "the user was being made", catalog.users.create(&order)).await;
    match made {
        Ok(()) => look(catalog, &order.name).await.map(|user| (user, false)),
        Err(e) if e.is_in_doubt() => match look(catalog, &order.name).await {
            Ok(user) => Ok((user, false)),
            Err(_) => Err(e),
        },
        Err(e) => Err(placed(e)),
    }
}

/// Has the account be what is planned.
pub async fn bring(cx: &Cx, catalog: &Catalog, mut now: User, planned: &UserState) -> Result<User> {
    for _ in 0..2 {
        let done = changes(cx, catalog, &now, planned).await;
        let seen = look(catalog, &now.name).await;
        match (done, seen) {
            (Ok(()), Ok(user)) if is_brought(&user, planned) => return Ok(user),
            (Ok(()), Ok(user)) => now = user,
            (Err(e), Ok(user)) if e.is_in_doubt() && is_brought(&user, planned) => return Ok(user),
            (Err(e), _) | (_, Err(e)) => return Err(placed(e)),
        }
    }
    Err(Error::Failed {
        state: format!(
            "The catalog {} keeps the account of {} otherwise than it was told, and tells no error.",
            catalog.host, now.name
        ),
        next: "Plan again: the plan shows what differs.".into(),
    })
}

async fn changes(cx: &Cx, catalog: &Catalog, now: &User, planned: &UserState) -> Result<()> {
    let (name, users) = (now.name.as_str(), &catalog.users);
    let email = planned.email.as_deref_option().unwrap_or_default();
    let (role, extra) = seen::roles(planned);
    let extra: Vec<_> = extra.into_iter().collect();
    // Whoever is to be locked out is so first, and whoever is let in comes in with the right roles.
    if planned.active == Value::Value(false) && now.active {
        wait::write(cx, DOING, users.set_active(name, false)).await?;
    }
    if !now.email.eq_ignore_ascii_case(email) {
        wait::write(cx, DOING, users.set_email(name, email)).await?;
    }
    if !now.roles_ruled && !seen::has_roles(now, planned) {
        wait::write(cx, DOING, users.set_roles(name, &role, &extra)).await?;
    }
    if now.admin != is_true(&planned.admin) {
        wait::write(cx, DOING, users.set_admin(name, !now.admin)).await?;
    }
    if is_true(&planned.active) && !now.active {
        wait::write(cx, DOING, users.set_active(name, true)).await?;
    }
    Ok(())
}

fn is_brought(user: &User, planned: &UserState) -> bool {
    let email = planned.email.as_deref_option().unwrap_or_default();
    user.email.eq_ignore_ascii_case(email)
        && user.admin == is_true(&planned.admin)
        && user.active == is_true(&planned.active)
        && (user.roles_ruled || seen::has_roles(user, planned))
}

/// The account as it is.
pub async fn look(catalog: &Catalog, name: &str) -> Result<User> {
    let all = catalog.users.list().await?;
    let gone = || {
        Error::config(
            AttributePath::new("name"),
            format!("The catalog has no user {name} any more."),
            "The account was deleted meanwhile. Plan again.",
        )
    };
    all.into_iter().find(|user| user.name == name).ok_or_else(gone)
}

/// Ends an account; `true`: it stays, deactivated.
pub async fn end(cx: &Cx, catalog: &Catalog, state: &UserState) -> Result<bool> {
    let all = catalog.users.list().await?;
    let Some(user) = all.iter().find(|user| user.name == name(state)) else { return Ok(false) };
    let deletes = is_true(&state.delete_on_destroy);
    let done = match deletes {
        true => {
            wait::write(cx, "the user was being deleted", catalog.users.delete(&user.name)).await
        }
        false if user.active => {
            wait::write(cx, DOING, catalog.users.set_active(&user.name, false)).await
        }
        false => Ok(()),
    };
    match done {
        Err(e) if e.is_in_doubt() => {
            let all = catalog.users.list().await?;
            let left = all.iter().find(|one| one.name == user.name);
            let ended = left.is_none_or(|left| !deletes && !left.active);
            if ended { Ok(!deletes) } else { Err(e) }
        }
        Err(e) if e.refusal() == Some("UserDoesNotExist") => Ok(false),
        Err(e) => Err(placed(e)),
        Ok(()) => Ok(!deletes),
    }
}

/// There is nobody to import.
pub fn none(catalog: &Catalog, name: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The catalog {} has no user {name}.", catalog.host),
        "Import somebody by the name or the address that the catalog's page of users shows.",
    )
}

fn no_role(name: &str, first: bool) -> Error {
    Error::config(
        AttributePath::new(if first { "role" } else { "extra_roles" }),
        format!(
            "The catalog has no role {name}. The user was not made, and nobody was written to."
        ),
        "Correct the name, or take it from its resource (`quilt_role.<name>.name`), so that the role is made first.",
    )
}

/// A refusal at its argument.
fn placed(e: Error) -> Error {
    let cures = [
        (
            "InvalidName",
            "name",
            "Write a letter in lower case, then letters in lower case, digits and `_`.",
        ),
        ("InvalidEmail", "email", "Write another address."),
        (
            "EmailAlreadyInUse",
            "email",
            "Write another address, or give that one up in the other account first.",
        ),
        (
            "RolesNotFound",
            "role",
            "Take the name from its resource, so that the role is made first.",
        ),
        (
            "SsoConfigConflict",
            "role",
            "Write the roles into the sign-in mapping (`quilt_sso_mapping`): while there is one, the registry takes them from nowhere else.",
        ),
        ("MailSendError", "email", "See that the stack may send mail (SES), and apply again."),
    ];
    match cures.iter().find(|(code, ..)| e.refusal() == Some(code)) {
        Some((_, at, fix)) => Error::config(AttributePath::new(*at), format!("{e}."), *fix),
        None => e,
    }
}
