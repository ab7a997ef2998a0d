//! Taking a snapshot: begun or taken over, waited for, tagged, deleted.

use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::aws::{Aws, Pairs};
use crate::cx::Cx;
use crate::cx::claims::holds;
use crate::deploy::adoption::Adoption;
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::database::{Facts, Instance};
use crate::quilt::snapshot::{MARK, Snapshot, copy_mark, mark};
use crate::tf::AttributePath;
use crate::wait::{Pace, Seen, twice, until, write};

/// How often a database that says it is busy is asked again.
const TRIES: u32 = 10;
/// How long it is left alone in between, even if it seems ready.
const MOMENT: Duration = Duration::from_secs(2);
/// How long RDS may say that there is no snapshot before one that was begun is held for gone.
const UNSEEN: Duration = Duration::from_secs(15);

/// A snapshot that has been begun.
pub struct Begun {
    /// Its ARN, where RDS has said it.
    pub arn: Option<String>,
    /// An interrupted try of ours had begun it.
    pub adopted: bool,
}

/// The way to one region's snapshots, for one call.
pub struct Take<'a> {
    /// What the call may use.
    pub cx: &'a Cx,
    /// AWS in the snapshot's region.
    pub aws: Arc<Aws>,
    /// The ARN of the snapshot that it copies; `None`: it is taken of a database.
    pub source: Option<String>,
}

impl<'a> Take<'a> {
    /// The way to a snapshot by its ARN, in the ARN's own region; by anything else in the region said, the provider's own when `None`.
    ///
    /// # Errors
    /// The ARN is another account's.
    pub async fn of(cx: &'a Cx, arn: &str, region: Option<&str>) -> Result<Self> {
        Ok(Self { cx, aws: cx.aws_of(arn, region).await?, source: None })
    }

    /// The same way, to the copy of that snapshot.
    pub fn copying(self, source: &str) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The snapshot of an identifier; `None`: there is none, which is said twice.
    pub async fn find(&self, id: &str) -> Result<Option<Snapshot>> {
        twice(self.cx, async || self.aws.databases.snapshot(id).await).await
    }

    /// The first of these names that nobody else's snapshot has: `base`, then `base-2` and so on. One that an earlier destroy has left in
    /// AWS keeps its name. Who may not look gets the first.
    pub async fn name(&self, base: String) -> Result<String> {
        let (mut name, mut number) = (base.clone(), 1);
        loop {
            match self.aws.databases.snapshot(&name).await {
                Ok(Some(found)) if !self.ours(&found).await? => {
                    number += 1;
                    name = format!("{base}-{number}");
                }
                Err(e) if e.aws() != Some(AwsErrorKind::Denied) => return Err(e),
                _ => return Ok(name),
            }
        }
    }

    /// Begins to take a snapshot, or finds the one that an interrupted try of ours began. `expected` refuses what the plan did
    /// not say.
    ///
    /// # Errors
    /// A snapshot of that name which this configuration did not take; a database that cannot have one taken.
    pub async fn begin(
        &self,
        id: &str,
        source: &Instance,
        tags: &Pairs,
        limit: Duration,
        (adoption, expected): (Adoption, impl Fn(&Facts) -> Result<()> + Send),
    ) -> Result<Begun> {
        let _turn = self.cx.turns.take(&format!("snapshot {id}")).await;
        match self.aws.databases.snapshot(id).await? {
            Some(found) if !self.ours(&found).await? => return Err(not_ours(&found)),
            Some(found) if self.held(&found) => return Err(held(&found)),
            Some(found) if adoption == Adoption::Never => return Err(unplanned(&found)),
            Some(found) if !found.failed() && !found.young(now(), limit) => {
                return Err(too_old(&found));
            }
            Some(found) if !found.failed() => {
                return expected(&found.facts)
                    .map(|()| Begun { arn: Some(found.arn), adopted: true });
            }
            // Nothing can be restored from it, and its name is needed.
            Some(_) => self.delete(id, limit).await?,
            None => {}
        }
        expected(&source.facts)?;
        let mut tags = tags.clone();
        tags.insert(MARK.into(), self.mark(id).await?);
        match self.ask(id, source, &tags, limit).await {
            // A call that AWS carried out although its answer was lost.
            Err(e) if e.aws() == Some(AwsErrorKind::Exists) => {
                Ok(Begun { arn: self.still_ours(id).await?.map(|found| found.arn), adopted: false })
            }
            begun => begun.map(|begun| Begun { arn: Some(begun.arn), adopted: false }),
        }
    }

    /// Begins to take a snapshot of that name as soon as the database lets one be taken.
    ///
    /// # Errors
    /// There is one of that name; the database cannot have one taken.
    pub async fn ask(
        &self,
        id: &str,
        source: &Instance,
        tags: &Pairs,
        limit: Duration,
    ) -> Result<Snapshot> {
        for _ in 0..TRIES {
            let doing = "the snapshot was about to be taken";
            match write(self.cx, doing, self.aws.databases.take(id, &source.id, tags)).await {
                Err(e) if e.aws() == Some(AwsErrorKind::State) => {
                    self.idle(&source.id, limit).await?
                }
                begun => return begun,
            }
        }
        Err(busy(&source.id))
    }

    /// What came by that name; somebody else's is refused.
    pub async fn still_ours(&self, id: &str) -> Result<Option<Snapshot>> {
        match self.aws.databases.snapshot(id).await? {
            Some(found) if !self.ours(&found).await? => Err(self.foreign(&found)),
            found => Ok(found),
        }
    }

    /// Waits for a database that is busy; it is left alone for a moment even if it seems ready.
    async fn idle(&self, source: &str, limit: Duration) -> Result<()> {
        let began = Instant::now();
        until(self.cx, Pace::within(limit), async || {
            Ok(match self.aws.databases.instance(source).await? {
                Some(instance) if instance.stuck() => Seen::Failed(unable(&instance)),
                Some(instance) if instance.status == "available" && began.elapsed() >= MOMENT => {
                    Seen::Done(())
                }
                Some(instance) => Seen::Pending(format!(
                    "the database {source} is {}, and the snapshot waits for it",
                    instance.status
                )),
                None => Seen::Failed(busy(source)),
            })
        })
        .await
    }

    /// Waits until the snapshot can be restored from. One that has just been begun may not be seen everywhere yet.
    pub async fn available(&self, id: &str, limit: Duration) -> Result<Snapshot> {
        let missing = Mutex::new(None);
        until(self.cx, Pace::within(limit), async || {
            let found = self.aws.databases.snapshot(id).await?;
            let mut missing = missing.lock().await;
            let since = *missing.get_or_insert_with(Instant::now);
            if found.is_some() {
                *missing = None;
            }
            Ok(match found {
                Some(snapshot) if snapshot.available() => Seen::Done(snapshot),
                Some(snapshot) if snapshot.failed() => Seen::Failed(failed(&snapshot)),
                Some(snapshot) => Seen::Pending(snapshot.doing()),
                None if since.elapsed() < UNSEEN => {
                    Seen::Pending(format!("the snapshot {id} is not seen yet"))
                }
                None => Seen::Failed(gone(id)),
            })
        })
        .await
    }

    /// Sets the tags of a snapshot to these.
    pub async fn tag(&self, snapshot: &Snapshot, tags: Pairs) -> Result<()> {
        let remove: Vec<_> =
            snapshot.tags.keys().filter(|key| !tags.contains_key(*key)).cloned().collect();
        let set: Pairs =
            tags.into_iter().filter(|(key, value)| snapshot.tags.get(key) != Some(value)).collect();
        match set.is_empty() && remove.is_empty() {
            true => Ok(()),
            false => {
                write(
                    self.cx,
                    "the snapshot's tags were about to be set",
                    self.aws.databases.tag(&snapshot.arn, &set, &remove),
                )
                .await
            }
        }
    }

    /// Marks a snapshot as ours that is not: one that came by an import, or whose mark was taken off. The policy in the guide lets only what is
    /// marked be deleted.
    pub async fn claim(&self, snapshot: &Snapshot) -> Result<()> {
        let mark = self.mark(&snapshot.id).await?;
        if snapshot.tags.get(MARK) == Some(&mark) {
            return Ok(());
        }
        let set = Pairs::from([(MARK.to_string(), mark)]);
        write(
            self.cx,
            "the snapshot was about to be marked",
            self.aws.databases.tag(&snapshot.arn, &set, &[]),
        )
        .await
    }

    /// Deletes a snapshot that was just looked at, marked first.
    pub async fn delete_marked(&self, found: &Snapshot, limit: Duration) -> Result<()> {
        if !found.going() {
            self.claim(found).await?;
        }
        self.delete(&found.id, limit).await
    }

    /// Deletes a snapshot and waits until it is gone. One that is still being taken is waited for first.
    pub async fn delete(&self, id: &str, limit: Duration) -> Result<()> {
        let settled = self.look_until(id, limit, |s| s.available() || s.failed()).await?;
        if settled.is_some_and(|s| !s.going()) {
            write(
                self.cx,
                "the snapshot was about to be deleted",
                self.aws.databases.delete_snapshot(id),
            )
            .await?;
        }
        self.look_until(id, limit, |_| false).await.map(drop)
    }

    /// Looks until the snapshot is as wanted, or gone, which is said twice.
    async fn look_until(
        &self,
        id: &str,
        limit: Duration,
        wanted: impl Fn(&Snapshot) -> bool,
    ) -> Result<Option<Snapshot>> {
        until(self.cx, Pace::within(limit), async || {
            Ok(match self.find(id).await? {
                Some(snapshot) if !wanted(&snapshot) => Seen::Pending(snapshot.doing()),
                found => Seen::Done(found),
            })
        })
        .await
    }

    /// Takes our mark off: whoever comes later does not take the snapshot for a rest of an interrupted apply. One that is gone has none.
    pub async fn release(&self, id: &str, is: impl Fn(&Snapshot) -> bool) -> Result<()> {
        let Some(found) =
            self.find(id).await?.filter(|found| found.tags.contains_key(MARK) && is(found))
        else {
            return Ok(());
        };
        let remove = [MARK.to_string()];
        write(
            self.cx,
            "the snapshot's mark was about to be taken off",
            self.aws.databases.tag(&found.arn, &Pairs::new(), &remove),
        )
        .await
    }

    /// A state of this configuration holds it, by what this run has heard.
    fn held(&self, snapshot: &Snapshot) -> bool {
        let said = self.cx.run.heard_and_planned();
        holds(&said, &snapshot.arn)
    }

    /// What has the name is not what this way leads to.
    pub fn foreign(&self, found: &Snapshot) -> Error {
        let Some(source) = &self.source else { return not_ours(found) };
        let what = format!(
            "A snapshot named {} is in {} already, and this configuration did not take it as a copy of {source}. It was not touched.",
            found.id, self.aws.region
        );
        let fix = "Choose another `snapshot_identifier`, or copy to another region.";
        Error::config(AttributePath::new("copy_to_region"), what, fix)
    }

    /// This configuration took it.
    pub async fn ours(&self, snapshot: &Snapshot) -> Result<bool> {
        Ok(snapshot.tags.get(MARK) == Some(&self.mark(&snapshot.id).await?))
    }

    /// The mark of a snapshot of this name that is ours.
    pub async fn mark(&self, id: &str) -> Result<String> {
        let account = self.aws.identity.account().await?;
        let (owner, region) = (&self.cx.settings.owner, &self.aws.region);
        Ok(match &self.source {
            Some(source) => copy_mark(owner, &account, region, source, id),
            None => mark(owner, &account, region, id),
        })
    }
}

/// A snapshot of that name which this configuration did not take.
pub fn not_ours(snapshot: &Snapshot) -> Error {
    let what = format!(
        "A snapshot named {} exists already, and this configuration did not take it.",
        snapshot.id
    );
    let fix = format!(
        "Choose another `snapshot_identifier`, or take it over by importing it:\n\nimport {{\n  to = <the address of this resource>\n  id = \"{}\"\n}}",
        snapshot.id
    );
    Error::config(AttributePath::new("snapshot_identifier"), what, fix)
}

/// Now, in seconds since 1970.
pub fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// A snapshot that this configuration took in an earlier life: it is never used unasked.
pub fn too_old(snapshot: &Snapshot) -> Error {
    let when = snapshot.created_at.as_deref().unwrap_or("an unknown time");
    let what = format!(
        "A snapshot named {} exists already: this configuration took it at {when}, and what was written later is not in it.",
        snapshot.id
    );
    let fix = format!(
        "For a fresh one, choose another `snapshot_identifier`. If its block was renamed, write a `moved` block. To use this one, import it:\n\nimport {{\n  to = <the address of this resource>\n  id \
         = \"{}\"\n}}",
        snapshot.id
    );
    Error::config(AttributePath::new("snapshot_identifier"), what, fix)
}

/// A snapshot that the state holds in another object.
fn held(snapshot: &Snapshot) -> Error {
    Error::Failed {
        state: format!("The snapshot {} is in the state already, in another object. Nothing was changed.", snapshot.id),
        next: "Two snapshots cannot have one name at once: write another `snapshot_identifier`, take `create_before_destroy` out of the `lifecycle`, or, if \
               the block was renamed, write a `moved` block."
            .into(),
    }
}

/// A snapshot of ours that came where the plan saw none.
fn unplanned(snapshot: &Snapshot) -> Error {
    Error::Failed {
        state: format!("The snapshot {} exists, and the plan did not take it over. Nothing was changed.", snapshot.id),
        next: "Plan again: another apply may have taken it since. A snapshot that is to be taken anew needs another `snapshot_identifier`."
            .into(),
    }
}

fn unable(instance: &Instance) -> Error {
    Error::Failed {
        state: format!("The database {} is {}; a snapshot can be taken of one that is available.", instance.id, instance.status),
        next: "Bring the database back (start it, or see the RDS console for what it lacks), then apply again.".into(),
    }
}

fn busy(source: &str) -> Error {
    Error::Failed {
        state: format!("The database {source} does not let a snapshot be taken now."),
        next: "See the RDS console for what it is doing, then apply again.".into(),
    }
}

fn failed(snapshot: &Snapshot) -> Error {
    Error::Failed {
        state: format!("RDS could not take it: the status of the snapshot {} is {}.", snapshot.id, snapshot.status),
        next: "The events of the database in the RDS console say why. Apply again: the remains are deleted and it is taken anew.".into(),
    }
}

fn gone(id: &str) -> Error {
    Error::Failed {
        state: format!("The snapshot {id} is gone: it was deleted outside of Terraform."),
        next: "Plan again: it is then taken anew, as long as its database exists.".into(),
    }
}
