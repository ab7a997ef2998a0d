//! Deleting what something else may be about to let go of: Terraform deletes it while what held it is still being changed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::turn;
use crate::catalog::Catalog;
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::wait::{self, Pace, Seen};

/// How long what holds it may take to let go.
const LIMIT: Duration = Duration::from_secs(60);

/// What came of a deletion. It has come to pass where the registry says by the code `gone` that there is no such thing, and where it cannot be told
/// and nothing is `left`.
///
/// # Errors
/// The registry's word, or that of the look at what is left.
pub async fn ended(
    done: Result<()>,
    gone: &str,
    left: impl Future<Output = Result<bool>>,
) -> Result<()> {
    match done {
        Err(e) if e.refusal() == Some(gone) => Ok(()),
        Err(e) if e.is_in_doubt() && !left.await? => Ok(()),
        done => done,
    }
}

/// Deletes by `attempt`, again for a while as long as the registry says no with one of `codes`.
///
/// # Errors
/// The registry's last word.
pub async fn carry_out<F: Future<Output = Result<()>>>(
    cx: &Cx,
    catalog: &Catalog,
    codes: &[&str],
    attempt: impl Fn() -> F,
) -> Result<()> {
    let last = Mutex::new(None);
    let look = || async {
        let _turn = turn(cx, catalog).await;
        match attempt().await {
            Err(e) if e.refusal().is_some_and(|code| codes.contains(&code)) => {
                let doing = e.to_string();
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(e);
                Ok(Seen::Pending(doing))
            }
            Err(e) => Ok(Seen::Failed(e)),
            Ok(()) => Ok(Seen::Done(())),
        }
    };
    match wait::until(cx, Pace::within(LIMIT), look).await {
        Err(e @ Error::TooLong { .. }) => {
            Err(last.into_inner().unwrap_or_else(PoisonError::into_inner).unwrap_or(e))
        }
        done => done,
    }
}
