//! Secrets that the provider reads: each is there and may be read. What they hold is dropped at once.

use futures_util::future::join_all;

use super::{Scene, Verdict};
use crate::outcome::Result;

const INPUT: &str = "secret_arns";

/// Tries to read each.
pub async fn look(scene: &Scene<'_>) -> Result<Option<Verdict>> {
    let secrets = &scene.intent.secrets;
    if secrets.is_empty() {
        return Ok(None);
    }
    let reads = secrets.iter().map(|secret| async move {
        scene.aws.secrets.value(secret).await.map(|held| (secret, held.is_some()))
    });
    let read = join_all(reads).await.into_iter().collect::<Result<Vec<_>>>()?;
    let gone: Vec<_> = read.iter().filter(|(_, held)| !held).map(|(id, _)| id.as_str()).collect();
    Ok(Some(judge(&gone, secrets.len(), &scene.aws.region)))
}

fn judge(gone: &[&str], all: usize, region: &str) -> Verdict {
    if gone.is_empty() {
        return Verdict::pass(format!("Secrets that can be read: {all}."));
    }
    let found = format!("Not in {region}, or empty: {}.", gone.join(", "));
    let fix = "Give ARNs of secrets that are there and hold something.";
    Verdict::fail(INPUT, "A secret cannot be read", found, fix)
}
