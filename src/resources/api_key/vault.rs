//! The secret that holds an API key: whose it is, what it holds, and the putting of another key.

use crate::aws::{Aws, Kept};
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::admin::OWNER;
use crate::quilt::api_key::{Stored, key_in};
use crate::quilt::rotation::CURRENT;
use crate::quilt::secret::Secret;
use crate::quilt::token;
use crate::resources::api_key::ApiKeyState;
use crate::resources::tags;
use crate::tf::AttributePath;
use crate::wait::{last, write};

/// What it is, for a sentence.
pub const WHAT: &str = "the API key's secret";

/// A secret that is there.
pub struct There {
    /// What AWS says of it.
    pub held: Kept,
    /// The key that it holds, whoever has put it there.
    pub key: Option<Secret>,
    /// What we have put there.
    pub stored: Option<Stored>,
}

/// Looks at one by its name or ARN; `None`: there is none.
pub async fn look(cx: &Cx, aws: &Aws, id: &str) -> Result<Option<There>> {
    let Some(held) = aws.secrets.describe(id).await? else { return Ok(None) };
    // While it is on its way out nobody reads it.
    let value = if held.going { None } else { aws.secrets.value(&held.arn).await? };
    let stored = value.as_ref().and_then(Stored::of);
    let key = value.and_then(key_in);
    if let Some(key) = &key {
        cx.veil.learn(key.reveal());
    }
    Ok(Some(There { held, key, stored }))
}

/// By which we know that a secret of this name is ours.
pub async fn owner(cx: &Cx, aws: &Aws, name: &str) -> Result<String> {
    let account = aws.identity.account().await?;
    Ok(token::creation(&cx.settings.owner, &account, &aws.region, name))
}

/// It is this configuration's.
pub async fn is_ours(cx: &Cx, aws: &Aws, name: &str, there: &There) -> Result<bool> {
    Ok(there.held.tags.get(OWNER) == Some(&owner(cx, aws, name).await?))
}

/// Somebody else's secret has the name.
pub fn foreign(name: &str, region: &str) -> Error {
    Error::config(
        AttributePath::new("secret_name"),
        format!(
            "There is a secret {name} in {region}, which this configuration did not make. Nothing of it was changed."
        ),
        format!(
            "Choose another `secret_name`. If a quilt_api_key of another configuration has made it, import it: `import {{ to = quilt_api_key.<name>, id = \"{name}\" }}`."
        ),
    )
}

/// Makes the secret, without a key as yet, and gives its ARN.
pub async fn make(
    cx: &Cx,
    aws: &Aws,
    name: &str,
    planned: &ApiKeyState,
    begun: &Stored,
) -> Result<String> {
    let mut all =
        tags::to_send(&cx.settings, &tags::all(&cx.settings, &planned.tags), &Default::default());
    all.insert(OWNER.into(), owner(cx, aws, name).await?);
    let about = format!("API key {} of the Quilt catalog {}", begun.name, begun.host);
    let text = begun.text();
    write(
        cx,
        "the API key's secret was about to be made",
        aws.secrets.create(name, &about, &text, &all),
    )
    .await
}

/// Gives it the tags that are planned.
pub async fn tag(cx: &Cx, aws: &Aws, planned: &ApiKeyState, held: &Kept) -> Result<()> {
    let mut wanted =
        tags::to_send(&cx.settings, &tags::all(&cx.settings, &planned.tags), &held.tags);
    wanted.extend(held.tags.get_key_value(OWNER).map(|(k, v)| (k.clone(), v.clone())));
    let gone: Vec<_> = held.tags.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect();
    wanted.retain(|key, value| held.tags.get(key) != Some(value));
    if wanted.is_empty() && gone.is_empty() {
        return Ok(());
    }
    write(
        cx,
        "the secret's tags were about to be changed",
        aws.secrets.tag(&held.arn, &wanted, &gone),
    )
    .await
}

/// Puts a key into it. Whether it is there is looked at where the answer leaves that open.
///
/// # Errors
/// It is not there: with `true`, that is certain.
pub async fn put(cx: &Cx, aws: &Aws, arn: &str, stored: &Stored) -> Result<(), (Error, bool)> {
    let text = stored.text();
    let stopped =
        || Error::Interrupted { doing: "the API key was about to be put into its secret".into() };
    let put = last(cx, aws.secrets.add(arn, &text, CURRENT)).await;
    let Err(e) = put.unwrap_or_else(|| Err(stopped())) else { return Ok(()) };
    match last(cx, aws.secrets.value(arn)).await {
        Some(Ok(Some(held))) if held == text => Ok(()),
        Some(Ok(_)) => Err((e, true)),
        _ => Err((e, false)),
    }
}
