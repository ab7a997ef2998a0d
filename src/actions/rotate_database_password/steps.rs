//! The steps of a rotation: each may be done again, and what they leave when they are interrupted is found by the next invocation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::found::Found;
use super::refusals::{self, Stands};
use crate::aws::{Aws, Kept};
use crate::cloudformation::parameters::order_of;
use crate::cloudformation::stack::{Order, Stack};
use crate::cx::Cx;
use crate::deploy::{Deploy, refusal};
use crate::outcome::{AwsErrorKind, Error, Result};
use crate::quilt::rotation::{CURRENT, labelled};
use crate::quilt::secret::{Login, Secret};
use crate::quilt::wiring::{Place, Way};
use crate::wait::{Pace, Seen, last, meanwhile, until, write};

/// How often it is seen to that a stop comes into effect.
const TICK: Duration = Duration::from_millis(200);
/// How long RDS may look as before after it has accepted a change.
const MOMENT: Duration = Duration::from_secs(10);
/// How often RDS may be busy when it is asked.
const TRIES: u32 = 10;

/// The rotation of the password of one database.
pub struct Rotation<'a> {
    /// The way to the stack, and RDS beside it.
    pub deploy: &'a Deploy<'a>,
    /// AWS in the secret's region.
    pub vault: Arc<Aws>,
    /// The secret's ARN.
    pub secret: String,
    /// The instance's identifier.
    pub instance: String,
    /// The stack.
    pub stack: Stack,
    /// How the stack takes a database.
    pub way: Way,
    /// Where the database is.
    pub place: Place,
    /// The master user.
    pub username: String,
    /// How long each step waits.
    pub limit: Duration,
    /// What has become of its turn.
    pub found: Found,
}

/// A version of the secret, read.
pub struct Version {
    /// Its id.
    pub id: String,
    /// What it holds.
    pub login: Login,
}

/// The version that comes, and the one that goes where it can be told.
pub struct Pair {
    /// The version by which this invocation has its turn.
    pub own: String,
    /// What comes.
    pub coming: Version,
    /// What goes.
    pub former: Option<Version>,
    /// Another invocation has given the database what comes.
    pub turned: bool,
}

impl Rotation<'_> {
    /// Does it once, or what is left of it.
    pub(super) async fn once(&self) -> Result<()> {
        let (cx, pair) = (self.deploy.cx, self.begun().await?);
        if let Err(e) = self.foresee(&pair.coming).await {
            return Err(self.unforeseen(&pair, e).await);
        }
        self.rests(cx, Duration::ZERO, "is waited for before it gets its new password").await?;
        self.ours(&pair, Stands::Untouched).await?;
        if cx.stop.is_cancelled() {
            let doing = "the database was about to get its new password".into();
            return Err(Error::Interrupted { doing });
        }
        let held = Cx { stop: CancellationToken::new(), ..cx.clone() };
        let there = Deploy::over(&held, self.deploy.aws.clone());
        meanwhile(TICK, self.turn(&there, &pair), || async {
            match (cx.stop.is_cancelled(), there.sent()) {
                (true, true) => held.stop.cancel(),
                (true, false) => cx.progress.doing(
                    "it stops once the stack is told the new password, so that it can sign in",
                ),
                _ => {}
            }
        })
        .await?;
        self.end(&pair).await
    }

    pub(super) async fn kept(&self) -> Result<Kept> {
        let kept = self.vault.secrets.describe(&self.secret).await?;
        kept.ok_or_else(|| refusals::no_secret(&self.secret, &self.vault.region))
    }

    /// What the version with a label holds.
    pub(super) async fn version(&self, id: Option<String>, label: &str) -> Result<Option<Version>> {
        let Some(id) = id else { return Ok(None) };
        let Some(held) = self.vault.secrets.value_at(&self.secret, label).await? else {
            return Ok(None);
        };
        let login = Login::of(&held, Some(&self.username)).map_err(refusals::unread)?;
        self.learn(&login);
        Ok(Some(Version { id, login }))
    }

    pub(super) fn learn(&self, login: &Login) {
        let veil = &self.deploy.cx.veil;
        veil.learn(login.password.reveal());
        let told = self.way.secrets(login, &self.place).into_iter();
        told.filter(|(_, value)| value.reveal() != login.username)
            .for_each(|(_, value)| veil.learn(value.reveal()));
    }

    /// What the stack is sent.
    fn order(&self, live: &Stack, login: &Login) -> Order {
        let secrets = self.way.secrets(login, &self.place).into_iter();
        let declared = secrets.filter(|(name, _)| live.parameters.contains_key(*name));
        let values: BTreeMap<_, _> =
            declared.map(|(name, value)| (name.into(), value.reveal().into())).collect();
        order_of(live, &values)
    }

    /// Compares the stack's update; once more where an update has come in between, as that of another invocation.
    async fn foresee(&self, coming: &Version) -> Result<()> {
        for left in (0..TRIES).rev() {
            let stack = self.deploy.ready(&self.stack.id, self.limit).await?;
            let previewed = self.deploy.preview(&stack, &self.order(&stack, &coming.login)).await;
            let previewed = match previewed {
                Err(e) if left > 0 && e.aws() == Some(AwsErrorKind::Gone) => continue,
                previewed => previewed?,
            };
            return refusal(&previewed.changes, &previewed.replaceable).map_or(Ok(()), Err);
        }
        Ok(())
    }

    /// Database, secret and stack, in this order; back again where the stack does not follow.
    async fn turn(&self, there: &Deploy<'_>, pair: &Pair) -> Result<()> {
        let to = (&pair.coming, Stands::Turned);
        let set = self.set(there.cx, &pair.coming.login.password);
        self.step(pair, (&pair.coming, Stands::Untouched), set).await?;
        let told = async {
            self.promote(there.cx, pair, to).await?;
            self.rests(there.cx, MOMENT, "takes its new password").await?;
            self.ours(pair, Stands::Turned).await?;
            self.tell(there, &pair.coming.login).await
        };
        let Err(e) = told.await else { return self.told(pair).await };
        match &pair.former {
            _ if self.is_lost(pair, Stands::Turned).await => {
                Err(refusals::goes_on(&self.secret, e))
            }
            Some(was) if there.undone(&self.stack.id, &e).await => {
                Err(self.back(pair, was, e).await)
            }
            _ => Err(refusals::halfway(&self.instance, e)),
        }
    }

    /// The former password, where the stack has kept it.
    async fn back(&self, pair: &Pair, was: &Version, e: Error) -> Error {
        // However often somebody asks for an end: now that would lock the stack out.
        let cx = &Cx { stop: CancellationToken::new(), ..self.deploy.cx.clone() };
        let to = (was, Stands::Turning);
        let done = async {
            self.step(pair, to, self.set(cx, &was.login.password)).await?;
            self.promote(cx, pair, to).await?;
            self.rests(cx, MOMENT, "takes its former password again").await?;
            self.end(pair).await
        };
        match done.await {
            Ok(()) => refusals::restored(&self.instance, e),
            Err(_) if self.has_lost() => refusals::goes_on(&self.secret, e),
            Err(not) => refusals::torn(&self.instance, &e, &not),
        }
    }

    /// Asks RDS to set a password; while it is busy, once more.
    async fn set(&self, cx: &Cx, password: &Secret) -> Result<()> {
        let rds = &self.deploy.aws.databases;
        for _ in 0..TRIES {
            let doing = "the database's password was about to be changed";
            match write(cx, doing, rds.set_password(&self.instance, password)).await {
                Err(e) if e.aws() == Some(AwsErrorKind::State) => {
                    self.rests(cx, MOMENT, "is waited for before it gets a password").await?;
                }
                set => return set,
            }
        }
        Err(refusals::busy(&self.instance))
    }

    /// Waits until the database takes changes and has the password that it was given: for `moment` it may look as before.
    async fn rests(&self, cx: &Cx, moment: Duration, why: &str) -> Result<()> {
        let began = Instant::now();
        until(cx, Pace::within(self.limit), async || {
            let Some(now) = self.deploy.aws.databases.instance(&self.instance).await? else {
                let region = &self.deploy.aws.region;
                return Ok(Seen::Failed(refusals::no_instance(&self.instance, region)));
            };
            Ok(match () {
                () if now.stuck() => Seen::Failed(refusals::unable(&now)),
                () if now.rests() && began.elapsed() >= moment => Seen::Done(()),
                () => Seen::Pending(format!("the database {} {why} ({})", now.id, now.status)),
            })
        })
        .await
    }

    /// This version is the one that whoever asks for the secret gets.
    pub(super) async fn make_current(&self, cx: &Cx, id: &str) -> Result<()> {
        let versions = self.kept().await?.versions;
        match labelled(&versions, CURRENT) {
            Some(current) if current == id => Ok(()),
            current => self.relabel(cx, CURRENT, current, Some(id)).await,
        }
    }

    pub(super) async fn relabel(
        &self,
        cx: &Cx,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<()> {
        let labels = self.vault.secrets.relabel(&self.secret, label, from, to);
        let doing = "the versions of the secret were about to be labelled".into();
        last(cx, labels).await.unwrap_or(Err(Error::Interrupted { doing }))
    }

    /// Updates the stack, and waits for it.
    async fn tell(&self, there: &Deploy<'_>, login: &Login) -> Result<()> {
        let order = |live: Stack| async move { Ok(Some(self.order(&live, login))) };
        let work = there.change(&self.stack.id, self.limit, order);
        there.counted(&self.stack.id, work).await.map(drop)
    }

    /// The stack has the password, and so it is done, even if another invocation goes on to the same one.
    async fn told(&self, pair: &Pair) -> Result<()> {
        match self.judge(pair, (&pair.coming, Stands::Turned), false).await {
            Err(e) if self.is_late() => Err(e),
            _ => Ok(()),
        }
    }
}
