//! The plan of a sign-in mapping: what it will be in YAML, and who would notice.

use std::sync::Arc;

use super::{SsoMappingResource, SsoMappingState, admins, check, put, seen};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::deploy::adoption::Met;
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{Error, Result};
use crate::quilt::access::User;
use crate::quilt::mapping::Mapping;
use crate::resources::catalog;
use crate::resources::catalog::loss::{counted, named};
use crate::resources::catalog::origin;
use crate::tf::{AttributePath, Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(
    cx: &Cx,
    draft: &mut Draft<SsoMappingResource>,
    d: &mut Diagnostics,
) -> Result<()> {
    let Draft { prior, config, planned, private, .. } = draft;
    let held = prior.as_ref().map(|prior| (&prior.host, &*private));
    planned.host = origin::host(cx, &config.catalog, held).await?;
    let wanted = check::meant(planned);
    let before = prior.as_ref().and_then(|prior| prior.text.as_deref_option());
    let before = before.and_then(|text| Mapping::of(text).ok());
    if let Some(prior) = prior
        && wanted.is_some()
        && wanted == before
    {
        planned.text = prior.text.clone();
        planned.timestamp = prior.timestamp.clone();
        planned.uploader = prior.uploader.clone();
        return Ok(());
    }
    planned.text = wanted.as_ref().map_or(Value::Unknown, |wanted| wanted.text().into());
    (planned.timestamp, planned.uploader) = (Value::Unknown, Value::Unknown);
    let (Some(wanted), Some(catalog)) =
        (wanted, catalog::open_if_known(cx, &config.catalog).await?)
    else {
        return Ok(());
    };
    match noticed(&catalog, (before.as_ref(), &wanted), planned, d).await {
        // The apply looks again, and waits for a catalog that is not there yet.
        Err(e) if e.is_in_doubt() => Ok(()),
        told => told,
    }
}

/// Who would notice: those whose role the mapping gives to nobody any more, and administrators whom no rule makes so.
async fn noticed(
    catalog: &Catalog,
    (before, wanted): (Option<&Mapping>, &Mapping),
    planned: &SsoMappingState,
    d: &mut Diagnostics,
) -> Result<()> {
    put::knows(catalog, wanted).await?;
    let (users, me) = (catalog.users.list().await?, catalog.access.me().await?);
    admins::stay(catalog, wanted, &users, &me).await?;
    let subject = SsoMappingResource::subject(planned);
    let people: Vec<&User> = users.iter().filter(|user| user.active && !user.service).collect();
    let roles = wanted.roles();
    let gone = before.map(Mapping::roles).unwrap_or_default();
    let gone: Vec<_> = gone.difference(&roles).cloned().collect();
    let losers: Vec<_> =
        people.iter().filter(|user| gone.iter().any(|role| user.has(role))).collect();
    if !losers.is_empty() {
        let names = named(losers.iter().map(|user| user.name.clone()).collect());
        let detail = format!(
            "{} have a role that no rule gives any more ({}): {names}. At the next sign-in through the identity provider they get what the rules say then. What \
             others would lose is not known: that is decided by their tokens.",
            counted(losers.len()),
            named(gone)
        );
        d.warn(format!("{subject}: people may lose access"), detail);
    }
    let admins: Vec<_> = people.iter().filter(|user| user.admin && user.name != me.name).collect();
    // Where no rule meets anybody, nothing of it changes.
    if !wanted.makes_admins() && !wanted.rules.is_empty() && !admins.is_empty() {
        let names = named(admins.iter().map(|user| user.name.clone()).collect());
        let detail = format!(
            "No rule makes administrators. Of those who are now ({names}), everyone whom a rule meets stops being one at the next sign-in through the identity \
             provider. {} stays: whoever applies does.",
            me.name
        );
        d.warn(format!("{subject}: administrators may stop being so"), detail);
    }
    Ok(())
}

/// What a creation meets.
pub async fn meets(cx: &Cx, planned: &SsoMappingState) -> Result<Met> {
    let get = |catalog: Arc<Catalog>| async move { catalog.mapping.mapping().await };
    match catalog::asked(cx, &planned.catalog, get).await? {
        None => Ok(Met::Unasked),
        Some((catalog, Some(there)))
            if check::meant(planned).is_some() && !seen::is_alike(planned, &there.text) =>
        {
            Err(taken(&catalog))
        }
        Some(_) => Ok(Met::Nothing),
    }
}

/// A mapping is set that is another one.
pub fn taken(catalog: &Catalog) -> Error {
    Error::config(
        AttributePath::new("mappings"),
        format!(
            "The catalog {} has a sign-in mapping already, and it is not just as this configuration has it.",
            catalog.host
        ),
        format!(
            "Import it, and the plan shows what would change: `import {{ to = quilt_sso_mapping.<name>, id = \"{}\" }}`.",
            catalog.host
        ),
    )
}
