//! A key is renewed, and its secret kept in order: the one before is revoked only after the new one is in the secret and was seen to let in.

use std::sync::Arc;
use std::time::Duration;

use super::door::{self, Open, by_key, is_shut};
use super::make::{Wanted, make, revoke};
use super::vault::{self, There};
use super::{ApiKeyState, check, text};
use crate::aws::Aws;
use crate::catalog::{Catalog, Key};
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::api_key::Stored;
use crate::resources::catalog::origin::Origin;
use crate::resources::{catalog, secret, tags};
use crate::tf::Value;

/// Changes it.
pub async fn update(
    cx: &Cx,
    prior: ApiKeyState,
    planned: ApiKeyState,
    limit: Duration,
    origin: &Origin,
) -> Result<ApiKeyState> {
    let arn = text(&prior.api_key_secret_arn).to_string();
    let aws = &*cx.aws_of(&arn, None).await?;
    let there = has_back(cx, aws, &arn).await?;
    vault::tag(cx, aws, &planned, &there.held).await?;
    let host = if planned.web_host.is_value() { &planned.web_host } else { &prior.web_host };
    if *host != prior.web_host {
        let catalog = catalog::open(cx, &planned.catalog).await?;
        origin.holds(&catalog, &prior.web_host).await?;
    }
    let host = text(host).to_string();
    let mut state = ApiKeyState {
        web_host: host.clone().into(),
        tags_all: tags::all(&cx.settings, &planned.tags),
        ..planned
    };
    let mut stale = ids(&prior.stale_key_ids);
    if state.key_id.is_unknown() {
        let _turn = cx.turns.take(&format!("catalog {host}")).await;
        let key = renew(cx, aws, (&state, origin), &there, limit).await?;
        cx.ended.forget(&arn);
        let signed_in = by_key(cx, &host, &key.secret);
        end(cx, &signed_in, &there).await?;
        stale.retain(|id| *id != key.id);
        sweep(&signed_in, &stale).await?;
        (state.key_id, state.expires_at) = (key.id.into(), key.expires_at.into());
    } else if let (false, Some(open)) =
        (stale.is_empty(), door::knock_within(cx, &host, &there, limit).await?)
    {
        sweep(&open.catalog, &stale).await?;
    }
    state.stale_key_ids = vec![].into();
    Ok(state)
}

fn ids(all: &Value<Vec<Value<String>>>) -> Vec<String> {
    all.iter().flatten().filter_map(|id| id.as_ref_option().cloned()).collect()
}

/// The secret, had back where somebody has deleted it.
async fn has_back(cx: &Cx, aws: &Aws, arn: &str) -> Result<There> {
    let gone = || Error::Failed {
        state: format!("The secret {arn} does not exist any more."),
        next: "Plan again: the plan makes it anew, with another key.".into(),
    };
    let there = vault::look(cx, aws, arn).await?.ok_or_else(gone)?;
    if !there.held.going {
        return Ok(there);
    }
    secret::have_back(cx, &*aws.secrets, &there.held, vault::WHAT).await?;
    vault::look(cx, aws, arn).await?.ok_or_else(gone)
}

/// Makes another key: by the one in the secret while it lets in, or else by the sign-in of `catalog`.
///
/// # Errors
/// Neither does; the secret holds what it held.
async fn renew(
    cx: &Cx,
    aws: &Aws,
    (state, origin): (&ApiKeyState, &Origin),
    there: &There,
    limit: Duration,
) -> Result<Key> {
    let wanted = Wanted {
        name: text(&state.name),
        days: check::days(state),
        arn: text(&state.api_key_secret_arn),
    };
    let mut said = None;
    if let Some(open) = door::knock_within(cx, text(&state.web_host), there, limit).await? {
        check::knows(&open.catalog).await?;
        announce(cx, aws, &wanted, there, &open).await?;
        match make(cx, &open.catalog, aws, &wanted).await {
            Err(e) if is_shut(&e) => said = Some(e),
            made => return made,
        }
    }
    match by_sign_in(cx, state, origin, limit).await {
        Ok(catalog) => {
            check::knows(&catalog).await?;
            make(cx, &catalog, aws, &wanted).await
        }
        Err(e) if is_shut(&e) || said.is_some() => {
            Err(door::shut(state, said.as_ref().unwrap_or(&e)))
        }
        Err(e) => Err(e),
    }
}

/// Puts another name into the secret before a key is made by it: whoever looks after a kill knows whose that key is.
///
/// # Errors
/// Somebody has a key of that name.
async fn announce(
    cx: &Cx,
    aws: &Aws,
    wanted: &Wanted<'_>,
    there: &There,
    open: &Open,
) -> Result<()> {
    let Some(stored) = there.stored.as_ref().filter(|stored| stored.name != wanted.name) else {
        return Ok(());
    };
    if stored.coming.as_deref() == Some(wanted.name) {
        return Ok(());
    }
    if open.keys.iter().any(|key| key.active && key.name == wanted.name) {
        return Err(check::taken(wanted.name, &open.catalog.host));
    }
    let coming = Stored { coming: Some(wanted.name.into()), ..stored.clone() };
    vault::put(cx, aws, wanted.arn, &coming).await.map_err(|(e, _)| e)
}

/// The catalog by the sign-in of `catalog`, which is the same one.
async fn by_sign_in(
    cx: &Cx,
    state: &ApiKeyState,
    origin: &Origin,
    limit: Duration,
) -> Result<Arc<Catalog>> {
    let catalog = catalog::open(cx, &state.catalog).await?;
    origin.holds(&catalog, &state.web_host).await?;
    catalog::answers(cx, &catalog, limit).await.map(|()| catalog)
}

/// Revokes the key that the secret held before, by itself: whose it is, it knows. Or else by the new one.
async fn end(cx: &Cx, signed_in: &Catalog, there: &There) -> Result<()> {
    let id = there.stored.as_ref().and_then(|stored| stored.id.as_ref());
    let Some((key, id)) = there.key.as_ref().zip(id) else { return Ok(()) };
    match revoke(&by_key(cx, &signed_in.host, key), id).await {
        Err(e) if is_shut(&e) => revoke(signed_in, id).await,
        done => done,
    }
}

/// Revokes what interrupted applies have left.
async fn sweep(catalog: &Catalog, stale: &[String]) -> Result<()> {
    for id in stale {
        revoke(catalog, id).await?;
    }
    Ok(())
}
