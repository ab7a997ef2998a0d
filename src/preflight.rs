//! What can be known before anything is made: one table of checks, for the plan, the data source `quilt_preflight` and the command `doctor`.
//! What a check and a finding are holds for other tables as well: that of the data source `quilt_health` looks at another scene.

use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::aws::Aws;
use crate::outcome::{Result, spoken};
use crate::web::Web;

mod bucket;
pub mod certificate;
mod database;
mod engine;
mod finding;
mod intent;
mod network;
mod origin;
mod plan;
mod room;
mod search;
mod secrets;
mod stack;
mod table;
mod template;

pub use finding::{Finding, Status, Verdict};
pub use intent::{Instance, Intent, Room, trails};
pub use plan::at_plan;
pub use table::CHECKS;

/// One check: a look, few calls, and a judgement. `L` is its look, at this scene unless another table says otherwise.
pub struct Check<L: 'static = Look> {
    /// Its name, which `fail_on` takes and reports show.
    pub name: &'static str,
    /// What it tells, for the page of the data source.
    pub about: &'static str,
    /// The actions of IAM that its look needs.
    pub asks: &'static [&'static str],
    /// Where AWS or Quilt says more.
    pub link: &'static str,
    /// How it looks.
    pub look: L,
}

impl<L> Check<L> {
    /// What came of its look; `None`: it concerns nothing.
    pub fn found(&'static self, looked: Result<Option<Verdict>>) -> Option<Finding<L>> {
        match looked {
            Ok(verdict) => Some(Finding { check: self, verdict: verdict? }),
            Err(e) => Some(Finding { check: self, verdict: Verdict::unknown(&e, self.asks) }),
        }
    }
}

/// How a check of this table looks.
pub type Look = for<'a> fn(&'a Scene<'a>) -> Looking<'a>;

/// A look that is under way; `None`: nothing that is to be made concerns it.
pub type Looking<'a> = BoxFuture<'a, Result<Option<Verdict>>>;

/// What checks look at, and what several of them share.
pub struct Scene<'a> {
    /// AWS where it is to be made.
    pub aws: &'a Aws,
    /// The world outside AWS.
    pub web: &'a dyn Web,
    /// What is to be made.
    pub intent: &'a Intent,
    /// The versions of PostgreSQL that new databases may have.
    versions: OnceCell<Result<Vec<String>>>,
}

impl<'a> Scene<'a> {
    /// Before any look.
    pub fn new(aws: &'a Aws, web: &'a dyn Web, intent: &'a Intent) -> Self {
        Self { aws, web, intent, versions: OnceCell::new() }
    }

    /// The versions of PostgreSQL that new databases may have, asked once.
    async fn versions(&self) -> Result<&[String]> {
        match self.versions.get_or_init(|| self.aws.databases.offered()).await {
            Ok(versions) => Ok(versions),
            Err(e) => Err(e.clone()),
        }
    }
}

/// How long a check may look: who plans does not wait for a service that is not reached from here.
const LIMIT: Duration = Duration::from_secs(30);

/// Makes these checks side by side; those that concern nothing are left out.
pub async fn look(scene: &Scene<'_>, checks: impl Iterator<Item = &'static Check>) -> Vec<Finding> {
    let looks = checks.map(|check| async move {
        match timeout(LIMIT, (check.look)(scene)).await {
            Ok(looked) => check.found(looked),
            Err(_) => Some(Finding { check, verdict: silent() }),
        }
    });
    join_all(looks).await.into_iter().flatten().collect()
}

fn silent() -> Verdict {
    Verdict::not_known(
        format!("There was no answer within {}.", spoken(&LIMIT)),
        "See that this machine reaches the service, and look again.",
    )
}

#[cfg(test)]
mod tests;
