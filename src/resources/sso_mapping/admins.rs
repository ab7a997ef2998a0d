//! Who stays an administrator under a sign-in mapping: it is never nobody.

use crate::catalog::{Catalog, Me};
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::quilt::mapping::Mapping;
use crate::resources::catalog::loss::named;
use crate::tf::AttributePath;

/// Refuses a mapping after which nobody would be an administrator who can sign in. Rules that make administrators are taken at their word:
/// whom they meet is decided by tokens.
pub async fn stay(catalog: &Catalog, wanted: &Mapping, users: &[User], me: &Me) -> Result<()> {
    if wanted.makes_admins() || !users.iter().any(|user| user.name == me.name) {
        return Ok(());
    }
    // Where it is not told, people sign in by passwords: what is in doubt refuses nothing.
    let passwords = catalog.access.passwords().await.unwrap_or(true);
    let kept = |user: &User| user.name == me.name || !user.sso_only || wanted.rules.is_empty();
    match users.iter().any(|user| user.leads(passwords) && kept(user)) {
        true => Ok(()),
        false => Err(nobody(users, me)),
    }
}

fn nobody(users: &[User], me: &Me) -> Error {
    let now = users.iter().filter(|user| user.name != me.name && user.leads(false));
    let now: Vec<_> = now.map(|user| user.name.clone()).collect();
    let losers = match now.is_empty() {
        true => String::new(),
        false => format!(
            " Whom a rule meets at the next sign-in through the identity provider stops being one: of those who are now, perhaps {}.",
            named(now)
        ),
    };
    Error::config(
        AttributePath::new("mappings"),
        format!(
            "After this change nobody would be certain to be an administrator who can sign in: no rule makes administrators.{losers} {} stays one by applying \
             this, but does not sign in to the catalog.",
            me.name
        ),
        "Give one rule `admin = true`, for the group of your administrators.",
    )
}
