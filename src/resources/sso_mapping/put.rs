//! Setting a sign-in mapping: every role is there first, because a registry refuses the whole of it for one that is not.

use super::{SsoMappingState, admins, check, seen};
use crate::catalog::{Catalog, Mapped};
use crate::outcome::{Error, Result};
use crate::quilt::mapping::Mapping;
use crate::resources::catalog;
use crate::resources::catalog::loss::named;
use crate::tf::AttributePath;

/// The first version that knows `union_roles`: an older one leaves it out without a word.
const UNION: (u64, u64) = (1, 69);

/// Sets it.
pub async fn put(catalog: &Catalog, planned: SsoMappingState) -> Result<SsoMappingState> {
    let wanted = check::meant(&planned).ok_or(Error::NotYet)?;
    knows(catalog, &wanted).await?;
    present(catalog, &wanted).await?;
    if !wanted.makes_admins() {
        let (users, me) = (catalog.users.list().await?, catalog.access.me().await?);
        admins::stay(catalog, &wanted, &users, &me).await?;
    }
    let set = catalog.mapping.set_mapping(Some(&wanted.text())).await;
    match (set, catalog.mapping.mapping().await?) {
        (Ok(()), Some(found)) => Ok(seen::state(planned, &found, &catalog.host)),
        (Err(e), Some(found)) if e.is_in_doubt() && stored(&found, &wanted) => {
            Ok(seen::state(planned, &found, &catalog.host))
        }
        (Err(e), _) => Err(refused(e)),
        (Ok(()), None) => Err(catalog::entry::otherwise("the sign-in mapping")),
    }
}

fn stored(found: &Mapped, wanted: &Mapping) -> bool {
    Mapping::of(&found.text).as_ref() == Ok(wanted)
}

/// The catalog's version knows what is asked for.
///
/// # Errors
/// It is too old.
pub async fn knows(catalog: &Catalog, wanted: &Mapping) -> Result<()> {
    if !wanted.union_roles {
        return Ok(());
    }
    let version = catalog.access.version().await?;
    let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(major), Some(minor)) if (major, minor) < UNION => Err(Error::config(
            AttributePath::new("union_roles"),
            format!(
                "Quilt {version} does not know `union_roles`: it would give people the roles of the first rule alone."
            ),
            "Upgrade Quilt to 1.69 or later, or leave it out.",
        )),
        _ => Ok(()),
    }
}

async fn present(catalog: &Catalog, wanted: &Mapping) -> Result<()> {
    let there: Vec<_> = catalog.roles.list().await?.into_iter().map(|role| role.name).collect();
    let missing: Vec<_> = wanted.roles().into_iter().filter(|role| !there.contains(role)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let at = if missing.contains(&wanted.default_role) { "default_role" } else { "mappings" };
    Err(Error::config(
        AttributePath::new(at),
        format!(
            "The catalog {} does not have the roles that the mapping names: {}.",
            catalog.host,
            named(missing)
        ),
        "Make them first, and write `quilt_role.<name>.name` here, so that Terraform knows the order.",
    ))
}

fn refused(e: Error) -> Error {
    let code = e.refusal().map(str::to_string);
    match code {
        Some(code) => catalog::at(
            "mappings",
            &[code.as_str()],
            e,
            "Correct the mapping, and apply again: nothing of it was stored.",
        ),
        None => e,
    }
}
