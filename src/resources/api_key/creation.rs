//! The creation of a key: the secret first, then the key, then its text; what an interrupted apply has left is gone on with.

use std::time::Duration;

use super::door::{self, Open};
use super::make::{Wanted, make, revoke};
use super::vault::{self, There};
use super::{ApiKeyResource, ApiKeyState, check, seen, text};
use crate::aws::Aws;
use crate::catalog::{Catalog, OwnKey};
use crate::cx::Cx;
use crate::deploy::adoption::Adoption;
use crate::kinds::resource::Kept;
use crate::outcome::{Error, Result};
use crate::quilt::api_key::{Stored, is_due, secret_name};
use crate::resources::{catalog, secret};

/// Makes it.
pub async fn create(
    cx: &Cx,
    planned: ApiKeyState,
    limit: Duration,
    kept: &mut Kept<ApiKeyResource>,
) -> Result<ApiKeyState> {
    let host = catalog::open(cx, &planned.catalog).await?.host.clone();
    let name = match planned.secret_name.as_ref_option() {
        Some(name) => name.clone(),
        None => secret_name(&host, text(&planned.name)),
    };
    let aws = &*cx.aws(None).await?;
    let there = vault::look(cx, aws, &name).await?;
    if let Some(there) = &there {
        judge(cx, aws, &name, there, &kept.adoption()).await?;
    }
    let open = match &there {
        Some(there) => door::knock_within(cx, &host, there, limit).await?,
        None => None,
    };
    let catalog = match &open {
        Some(open) => open.catalog.clone(),
        None => catalog::reach(cx, &planned.catalog, limit).await?,
    };
    kept.private.origin.note(&catalog).await;
    let _turn = catalog::turn(cx, &catalog).await;
    check::knows(&catalog).await?;
    let living = there.as_ref().filter(|there| !there.held.going);
    let alike = by_name(&catalog, text(&planned.name)).await?;
    if living.is_none() && !alike.is_empty() {
        return Err(check::taken(text(&planned.name), &host));
    }
    let begun = Stored { name: text(&planned.name).into(), host, ..Stored::default() };
    let arn = match &there {
        Some(there) => {
            secret::have_back(cx, &*aws.secrets, &there.held, vault::WHAT).await?;
            vault::tag(cx, aws, &planned, &there.held).await?;
            there.held.arn.clone()
        }
        None => vault::make(cx, aws, &name, &planned, &begun).await?,
    };
    if living.is_some() {
        kept.adopted();
    }
    let state = seen::begun(cx, &planned, &begun.host, &name, &arn);
    kept.keep(state.clone());
    kept.complete();
    let fits =
        living.zip(open.as_ref()).and_then(|(there, open)| fitting(cx, &planned, there, open));
    let (id, expires_at) = match fits {
        Some(key) => (key.id.clone(), key.expires_at.clone()),
        None => {
            let wanted = Wanted { name: &begun.name, days: check::days(&planned), arn: &arn };
            let key = make(cx, &catalog, aws, &wanted).await?;
            (key.id, key.expires_at)
        }
    };
    // Whatever else has the name was made after the secret was ours.
    for key in alike.iter().filter(|key| key.id != id) {
        revoke(&catalog, &key.id).await?;
    }
    cx.ended.forget(&arn);
    Ok(ApiKeyState { key_id: id.into(), expires_at: expires_at.into(), ..state })
}

/// The user's keys by this name that let in.
async fn by_name(catalog: &Catalog, name: &str) -> Result<Vec<OwnKey>> {
    let all = catalog.keys.own().await?.into_iter();
    Ok(all.filter(|key| key.active && key.name == name).collect())
}

/// Whether a secret that is there may be taken over.
///
/// # Errors
/// It is somebody else's, or not what the plan has seen.
async fn judge(cx: &Cx, aws: &Aws, name: &str, there: &There, adoption: &Adoption) -> Result<()> {
    if !vault::is_ours(cx, aws, name, there).await? {
        return Err(vault::foreign(name, &aws.region));
    }
    match adoption {
        Adoption::Never if !there.held.going => Err(unplanned(name)),
        Adoption::Of(Some(arn)) if *arn != there.held.arn => Err(unplanned(name)),
        _ => Ok(()),
    }
}

fn unplanned(name: &str) -> Error {
    Error::Failed {
        state: format!(
            "There is a secret {name} of this configuration already, which the plan did not see. Nothing was changed."
        ),
        next: "Plan again: the plan says what becomes of it. If this block has `create_before_destroy`, leave that out: there are no two secrets of one name.".into(),
    }
}

/// The key in the secret, where it is just what is wanted.
fn fitting<'a>(
    cx: &Cx,
    planned: &ApiKeyState,
    there: &There,
    open: &'a Open,
) -> Option<&'a OwnKey> {
    let key = open.own(there).filter(|key| key.name == text(&planned.name))?;
    let due = is_due(&key.expires_at, cx.clock.now(), check::before(planned));
    Some(key).filter(|_| !due)
}
