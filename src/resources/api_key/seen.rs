//! A key as the secret and the registry have it: what becomes state.

use super::door::{self, Open};
use super::vault::{self, There};
use super::{ApiKeyState, registry_role, text};
use crate::catalog::OwnKey;
use crate::cloudformation::arn::Arn;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::admin::OWNER;
use crate::quilt::api_key::days_between;
use crate::resources::catalog::origin::Origin;
use crate::resources::{catalog, tags};
use crate::tf::{AttributePath, Value, known};
use crate::wait;

/// The state of one whose secret is there, and nothing else as yet.
pub fn begun(cx: &Cx, planned: &ApiKeyState, host: &str, name: &str, arn: &str) -> ApiKeyState {
    ApiKeyState {
        web_host: known(host),
        secret_name: known(name),
        api_key_secret_arn: known(arn),
        key_id: Value::Null,
        expires_at: Value::Null,
        stale_key_ids: vec![].into(),
        tags_all: tags::all(&cx.settings, &planned.tags),
        ..planned.clone()
    }
}

/// Looks at it; `None`: there is no secret any more.
pub async fn read(cx: &Cx, state: ApiKeyState, origin: &mut Origin) -> Result<Option<ApiKeyState>> {
    let arn = text(&state.api_key_secret_arn).to_string();
    let aws = cx.aws_of(&arn, None).await?;
    let Some(there) = wait::twice(cx, || vault::look(cx, &aws, &arn)).await? else {
        return Ok(None);
    };
    let mut live = there.held.tags.clone();
    live.remove(OWNER);
    let (own, all) = tags::seen(&cx.settings, &live, &state.tags);
    let registry_role_arn = registry_role(&state.catalog);
    let state = ApiKeyState { tags: own, tags_all: all, registry_role_arn, ..state };
    let open = door::knock(cx, text(&state.web_host), &there).await?;
    match &open {
        Some(open) => {
            cx.ended.forget(&arn);
            origin.note(&open.catalog).await;
        }
        None => cx.ended.note(&arn),
    }
    match open.as_ref().and_then(|open| open.own(&there)) {
        Some(key) => Ok(Some(alive(state, key, &there, open.as_ref()))),
        None => Ok(Some(dead(cx, state, &there, open).await)),
    }
}

fn alive(state: ApiKeyState, key: &OwnKey, there: &There, open: Option<&Open>) -> ApiKeyState {
    let names = names(&state, there);
    let all = open.map(|open| &open.keys[..]).unwrap_or_default();
    let another = state.key_id.as_deref_option() != Some(&key.id);
    let days = days_between(&key.created_at, &key.expires_at).filter(|_| another);
    ApiKeyState {
        name: known(&key.name),
        key_id: known(&key.id),
        expires_at: known(&key.expires_at),
        expires_in_days: days.map_or(state.expires_in_days, Value::Value),
        stale_key_ids: others(all, &names, Some(&key.id)),
        ..state
    }
}

/// The key has ended or was revoked, or its secret is on its way out. Others by its name are seen by the sign-in of `catalog`, as far as that works.
async fn dead(cx: &Cx, state: ApiKeyState, there: &There, open: Option<Open>) -> ApiKeyState {
    let all = match open {
        Some(open) => Some(open.keys),
        None => match catalog::open(cx, &state.catalog).await {
            Ok(catalog) => catalog.keys.own().await.ok(),
            Err(_) => None,
        },
    };
    let names = names(&state, there);
    let stale =
        all.map_or(state.stale_key_ids, |all| others(&all, &names, state.key_id.as_deref_option()));
    ApiKeyState { key_id: Value::Null, stale_key_ids: stale, ..state }
}

/// The names that are this resource's: an apply that was killed may have given it another one.
fn names(state: &ApiKeyState, there: &There) -> Vec<String> {
    let own = state.name.as_ref_option().cloned();
    let stored = there.stored.iter();
    let stored = stored.flat_map(|it| std::iter::once(it.name.clone()).chain(it.coming.clone()));
    own.into_iter().chain(stored).collect()
}

fn others(all: &[OwnKey], names: &[String], own: Option<&str>) -> Value<Vec<Value<String>>> {
    let stale = all
        .iter()
        .filter(|key| key.active && names.contains(&key.name) && Some(key.id.as_str()) != own);
    stale.map(|key| known(&key.id)).collect::<Vec<_>>().into()
}

/// The state to begin with for an import by the secret's name or ARN.
pub async fn import(cx: &Cx, id: &str, region: Option<&str>) -> Result<ApiKeyState> {
    let aws = cx.aws_of(id, region).await?;
    let there = vault::look(cx, &aws, id).await?.ok_or_else(|| none(id, &aws.region))?;
    let Some(stored) = there.stored else { return Err(another(id)) };
    let named = Arn::of(&there.held.arn).and_then(|arn| arn.named("secretsmanager", "secret:"));
    // AWS puts a hyphen and six characters behind the name.
    let name = named.and_then(|name| name.get(..name.len().checked_sub(7)?)).unwrap_or(id);
    Ok(ApiKeyState {
        name: stored.name.into(),
        web_host: stored.host.into(),
        secret_name: known(name),
        api_key_secret_arn: there.held.arn.into(),
        ..ApiKeyState::default()
    })
}

fn none(id: &str, region: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("There is no secret {id} in {region}."),
        "Import an API key by the name or the ARN of its secret (`secret_name`, `api_key_secret_arn`).",
    )
}

fn another(id: &str) -> Error {
    Error::config(
        AttributePath::root(),
        format!("The secret {id} does not hold what a quilt_api_key puts into one."),
        "A key of your own in a secret needs no resource: name the secret by `catalog = { web_host = …, api_key_secret_arn = … }`.",
    )
}
