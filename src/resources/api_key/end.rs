//! The end of a key: revoked by itself, and then its secret deleted so that it can be had back.

use std::time::Duration;

use super::make::revoke;
use super::{ApiKeyState, door, text, vault};
use crate::cx::Cx;
use crate::outcome::Result;
use crate::resources::secret;
use crate::tf::Diagnostics;

/// Deletes it.
pub async fn delete(
    cx: &Cx,
    state: &ApiKeyState,
    limit: Duration,
    d: &mut Diagnostics,
) -> Result<()> {
    let arn = text(&state.api_key_secret_arn);
    let aws = cx.aws_of(arn, None).await?;
    let Some(there) = vault::look(cx, &aws, arn).await? else { return Ok(()) };
    let host = text(&state.web_host);
    let _turn = cx.turns.take(&format!("catalog {host}")).await;
    if let Some(open) = door::knock_within(cx, host, &there, limit).await? {
        for id in state.stale_key_ids.iter().flatten().filter_map(|id| id.as_ref_option()) {
            revoke(&open.catalog, id).await?;
        }
        // Itself at last: nothing is done by it any more.
        if let Some(key) = open.own(&there) {
            revoke(&open.catalog, &key.id).await?;
        }
    }
    secret::forget(cx, &*aws.secrets, arn, (vault::WHAT, "the key"), d).await
}
