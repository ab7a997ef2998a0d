//! The plan of a key: where its secret will be, and whether there has to be another key.

use std::sync::Arc;

use super::{ApiKeyPrivate, ApiKeyResource, ApiKeyState, check, door, registry_role, text, vault};
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::cx::claims::holds;
use crate::deploy::adoption::{INCONSISTENT, Met};
use crate::kinds::resource::{Draft, Resource};
use crate::outcome::{AwsErrorKind, CatalogErrorKind, Result};
use crate::quilt::api_key::{days_left, is_due, secret_name};
use crate::resources::catalog::origin;
use crate::resources::{catalog, tags};
use crate::tf::{Diagnostics, Report, Value};

/// Refines a drafted change.
pub async fn plan(cx: &Cx, draft: &mut Draft<ApiKeyResource>, d: &mut Diagnostics) -> Result<()> {
    let Draft { prior, config, planned, private, .. } = draft;
    let state = prior.as_ref().map(|prior| (&prior.web_host, &private.origin));
    planned.web_host = origin::host(cx, &config.catalog, state).await?;
    planned.tags_all = tags::all(&cx.settings, &config.tags);
    planned.stale_key_ids = vec![].into();
    planned.registry_role_arn = registry_role(&planned.catalog);
    let Some(prior) = prior else {
        if config.secret_name.is_null() {
            planned.secret_name = named(planned);
        }
        return knows(cx, config).await;
    };
    let first: ApiKeyPrivate = serde_json::from_slice(&cx.first).unwrap_or_default();
    let due = is_due(text(&prior.expires_at), cx.clock.now(), check::before(planned));
    private.due = Some(first.due.unwrap_or(due));
    let ended = prior.key_id.is_null();
    let other = prior.name != planned.name || prior.expires_in_days != planned.expires_in_days;
    if !ended && private.due != Some(true) && !other {
        return Ok(());
    }
    anew(planned);
    tell(cx, prior, ended, other, d);
    if ended { lets_in(cx, prior, config).await } else { Ok(()) }
}

/// Another key is made.
fn anew(planned: &mut ApiKeyState) {
    (planned.key_id, planned.expires_at) = (Value::Unknown, Value::Unknown);
}

fn named(planned: &ApiKeyState) -> Value<String> {
    match (planned.web_host.as_ref_option(), planned.name.as_ref_option()) {
        (Some(host), Some(name)) => secret_name(host, name).into(),
        _ => Value::Unknown,
    }
}

/// Says why there will be another key, where the configuration does not.
fn tell(cx: &Cx, prior: &ApiKeyState, ended: bool, other: bool, d: &mut Diagnostics) {
    let subject = ApiKeyResource::subject(prior);
    let until = text(&prior.expires_at);
    if ended && until.is_empty() {
        let detail = "An apply was interrupted before the secret held one. The apply makes it.";
        d.warn(format!("{subject} is not made yet"), detail);
    } else if ended {
        let detail = "The catalog does not know the key in the secret any more: it has ended, somebody has revoked it or the secret was changed. The apply makes \
                      another one. What else signs in by it is not looked at before that: this plan takes it as the state has it.";
        d.warn(format!("{subject} does not let in any more, and is made anew"), detail);
    } else if !other {
        let left = match days_left(until, cx.clock.now()) {
            Some(0) => "less than a day".to_string(),
            Some(1) => "1 day".into(),
            days => format!("{} days", days.unwrap_or_default()),
        };
        let detail = format!(
            "It ends at {until}, in {left}. The one before is revoked once the new one is seen to work; the secret keeps its ARN."
        );
        d.warn(format!("{subject} is renewed"), detail);
    }
}

/// The catalog has API keys, as far as it can be asked by now.
async fn knows(cx: &Cx, config: &ApiKeyState) -> Result<()> {
    let know = |catalog: Arc<Catalog>| async move { check::knows(&catalog).await };
    catalog::asked(cx, &config.catalog, know).await.map(drop)
}

/// Somebody is let in to make another key.
async fn lets_in(cx: &Cx, prior: &ApiKeyState, config: &ApiKeyState) -> Result<()> {
    if !cx.ended.has(text(&prior.api_key_secret_arn)) {
        return Ok(());
    }
    let Some(catalog) = catalog::open_if_known(cx, &config.catalog).await? else { return Ok(()) };
    match catalog.access.me().await {
        Err(e) if e.catalog() == Some(CatalogErrorKind::SignIn) => Err(door::shut(prior, &e)),
        _ => Ok(()),
    }
}

/// What a creation meets: a secret by its name, and a key by its name.
pub async fn meets(cx: &Cx, planned: &ApiKeyState, d: &mut Diagnostics) -> Result<Met> {
    let (Some(name), Some(aws)) =
        (planned.secret_name.as_deref_option(), cx.aws_if_known(None).await?)
    else {
        return Ok(Met::Unasked);
    };
    let there = match aws.secrets.describe(name).await {
        Err(e) if matches!(e.aws(), Some(AwsErrorKind::Denied | AwsErrorKind::Later)) => {
            return Ok(Met::Unasked);
        }
        there => there?.map(|held| vault::There { held, key: None, stored: None }),
    };
    let Some(there) = there else { return taken(cx, planned).await };
    if !vault::is_ours(cx, &aws, name, &there).await? {
        return Err(vault::foreign(name, &aws.region));
    }
    if there.held.going {
        return taken(cx, planned).await;
    }
    if !holds(&cx.run.heard(), &there.held.arn) {
        let subject = ApiKeyResource::subject(planned);
        let detail = format!(
            "An earlier apply of this configuration made its secret {name}. The apply takes it over, with the key that it holds if that lets in.\n\n{INCONSISTENT}"
        );
        d.warn(format!("{subject} exists already"), detail);
    }
    Ok(Met::Ours(there.held.arn))
}

/// Where there is no secret yet, a key of the name is somebody's.
async fn taken(cx: &Cx, planned: &ApiKeyState) -> Result<Met> {
    let Some(catalog) = catalog::open_if_known(cx, &planned.catalog).await? else {
        return Ok(Met::Nothing);
    };
    match catalog.keys.own().await {
        Ok(all) if all.iter().any(|key| key.active && key.name == text(&planned.name)) => {
            Err(check::taken(text(&planned.name), &catalog.host))
        }
        Err(e) if !e.is_in_doubt() => Err(e),
        _ => Ok(Met::Nothing),
    }
}
