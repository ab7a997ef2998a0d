//! A secret that the provider makes: had back after a deletion, and deleted so that it can be had back.

use crate::aws::{Kept, Secrets};
use crate::cx::Cx;
use crate::outcome::Result;
use crate::quilt::admin::OWNER;
use crate::tf::{Diagnostics, Report};
use crate::wait::write;

/// How long a deleted one can be had back, in days.
const DAYS: i64 = 30;

/// Calls off its deletion, where it is on its way out. `what` is what it holds, for a sentence.
pub async fn have_back(cx: &Cx, secrets: &dyn Secrets, held: &Kept, what: &str) -> Result<()> {
    if !held.going {
        return Ok(());
    }
    write(cx, &format!("{what} was about to be restored"), secrets.restore(&held.arn)).await
}

/// Deletes it with `whole`, which it was made for; it can be had back for a month. One that nobody of ours has made is left.
pub async fn forget(
    cx: &Cx,
    secrets: &dyn Secrets,
    arn: &str,
    (what, whole): (&str, &str),
    d: &mut Diagnostics,
) -> Result<()> {
    match secrets.describe(arn).await? {
        Some(held) if held.going => Ok(()),
        Some(held) if held.tags.contains_key(OWNER) => {
            write(cx, &format!("{what} was about to be deleted"), secrets.delete(arn, DAYS)).await
        }
        Some(_) => {
            let why =
                format!("{arn} has no tag `{OWNER}` any more, so it was not deleted with {whole}.");
            d.warn("A secret was left", why);
            Ok(())
        }
        None => Ok(()),
    }
}
