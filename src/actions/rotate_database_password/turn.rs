//! Whose turn it is where several invocations rotate one password at the same time: the last one goes on, and the others let it.

// AWS has no lock for this, but a label is on one version of a secret alone. Each invocation adds a version of its own with a new password and
// the label of the turn, and so takes that from whoever had it. It looks at the label before each write: an invocation that has lost it writes
// nothing any more, and says so. The password itself is in the version with the other label: which version gets it is settled by Secrets
// Manager, that gives a label which is on no version yet to the first one alone. Whoever comes later finds it and goes on with the same password.
//
// One thing is left: a write that was on its way when the turn was lost. So each look is done once more after the write. Where somebody else
// goes on with the same password, it did no harm. Where that has come to another one meanwhile, the rotation is done over by whoever was late.

use super::refusals::{self, Stands};
use super::steps::{Pair, Rotation, Version};
use crate::cx::Cx;
use crate::outcome::{Error, Result};
use crate::quilt::rotation::{
    COMING, CURRENT, RANDOM, TURN, Turn, former, labelled, renewed, turn,
};
use crate::quilt::secret::Login;
use crate::wait::write;

/// How often a rotation is done over because a write of its own came too late.
const OVER: u32 = 3;

impl Rotation<'_> {
    /// Does it, or what is left of it.
    ///
    /// # Errors
    /// It did not come to its end; told with who has which password.
    pub async fn run(&self) -> Result<()> {
        let mut ended = self.once().await;
        for _ in 0..OVER {
            if !self.found.takes_late() {
                break;
            }
            ended = self.once().await;
        }
        ended
    }

    /// Takes the turn: adds a version with another password, which nobody uses yet.
    pub(super) async fn take_turn(&self) -> Result<Version> {
        let Some(now) = self.vault.secrets.value(&self.secret).await? else {
            return Err(refusals::no_secret(&self.secret, &self.vault.region));
        };
        let mut random = [0; RANDOM];
        let drawn = getrandom::fill(&mut random).is_ok();
        let new = renewed(&now, &random).map_err(refusals::unread)?.filter(|_| drawn);
        let Some(new) = new else { return Err(refusals::nothing_drawn()) };
        let login = Login::of(&new, Some(&self.username)).map_err(refusals::unread)?;
        self.deploy.cx.veil.learn(new.reveal());
        self.learn(&login);
        let doing = "a new password was about to be added to the secret";
        let id = write(self.deploy.cx, doing, self.vault.secrets.add(&self.secret, &new, TURN));
        Ok(Version { id: id.await?, login })
    }

    /// The new password, as an interrupted invocation has left it in the secret, or the one of our own version.
    pub(super) async fn begun(&self) -> Result<Pair> {
        let own = self.take_turn().await?;
        let own_id = own.id.clone();
        let versions = self.kept().await?.versions;
        let other = match labelled(&versions, COMING) {
            Some(id) => Some(id.to_owned()),
            None if labelled(&versions, TURN) == Some(&own.id) => self.settle(&own).await?,
            None => return Err(self.lose(Stands::Untouched)),
        };
        let coming = match other {
            None => Some(own),
            other => self.version(other, COMING).await?,
        };
        let Some(coming) = coming else {
            return Err(refusals::no_secret(&self.secret, &self.vault.region));
        };
        let versions = self.kept().await?.versions;
        let held = labelled(&versions, former(&versions)).map(str::to_owned);
        let former = self.version(held, former(&versions)).await?;
        let turned = labelled(&versions, CURRENT) == Some(&coming.id);
        let pair = Pair { own: own_id, coming, former, turned };
        self.ours(&pair, Stands::Untouched).await.map(|()| pair)
    }

    /// Why the update cannot be foreseen: what another invocation has done to the stack meanwhile is no fault of it.
    pub(super) async fn unforeseen(&self, pair: &Pair, e: Error) -> Error {
        match self.is_lost(pair, Stands::Untouched).await {
            true => refusals::another_rotation(&self.secret, Stands::Untouched),
            false if pair.turned => refusals::halfway(&self.instance, e),
            false => e,
        }
    }

    /// Has our own version be the one that comes; the id of another one, where that was there at the same moment.
    async fn settle(&self, own: &Version) -> Result<Option<String>> {
        let Err(e) = self.relabel(self.deploy.cx, COMING, None, Some(&own.id)).await else {
            return Ok(None);
        };
        match labelled(&self.kept().await?.versions, COMING) {
            Some(other) => Ok(Some(other.to_owned()).filter(|other| *other != own.id)),
            None => Err(e),
        }
    }

    /// A write is ours to do; another invocation that goes on is an error.
    pub(super) async fn ours(&self, pair: &Pair, stands: Stands) -> Result<()> {
        match labelled(&self.kept().await?.versions, TURN) {
            Some(id) if id == pair.own => Ok(()),
            _ => Err(self.lose(stands)),
        }
    }

    /// A write of ours came too late.
    pub(super) fn is_late(&self) -> bool {
        self.found.is_late()
    }

    fn lose(&self, stands: Stands) -> Error {
        self.found.note_lost();
        refusals::another_rotation(&self.secret, stands)
    }

    /// Another invocation goes on with it, as far as we have looked.
    pub(super) fn has_lost(&self) -> bool {
        self.found.has_lost()
    }

    /// Another invocation goes on with it.
    pub(super) async fn is_lost(&self, pair: &Pair, stands: Stands) -> bool {
        // What cannot be seen is taken for our own: there is hardly ever another one.
        let look = self.ours(pair, stands).await;
        look.is_err() && self.has_lost()
    }

    /// Does a write that gives out the password of the version `to`, while that is ours to do.
    pub(super) async fn step(
        &self,
        pair: &Pair,
        (to, stands): (&Version, Stands),
        work: impl Future<Output = Result<()>> + Send,
    ) -> Result<()> {
        self.ours(pair, stands).await?;
        let done = work.await;
        self.judge(pair, (to, stands), false).await?;
        done
    }

    /// The same for the label of the current version.
    pub(super) async fn promote(
        &self,
        cx: &Cx,
        pair: &Pair,
        (to, stands): (&Version, Stands),
    ) -> Result<()> {
        self.ours(pair, stands).await?;
        let done = self.make_current(cx, &to.id).await;
        self.judge(pair, (to, stands), true).await?;
        done
    }

    /// Whether a write came too late.
    pub(super) async fn judge(
        &self,
        pair: &Pair,
        (to, stands): (&Version, Stands),
        moved: bool,
    ) -> Result<()> {
        let Ok(kept) = self.kept().await else { return Ok(()) };
        let stands = if let Stands::Untouched = stands { Stands::Turned } else { stands };
        match turn(&kept.versions, &pair.own, &to.id, moved) {
            Turn::Ours => Ok(()),
            Turn::Theirs => Err(self.lose(stands)),
            Turn::Lost => {
                self.found.note_late();
                Err(self.lose(stands))
            }
        }
    }

    /// This version has that label.
    async fn has(&self, label: &str, id: &str) -> Result<bool> {
        Ok(labelled(&self.kept().await?.versions, label) == Some(id))
    }

    /// Gives the turn back, and the label of what has come: it is over.
    pub(super) async fn end(&self, pair: &Pair) -> Result<()> {
        let cx = self.deploy.cx;
        for (label, id) in [(COMING, &pair.coming.id), (TURN, &pair.own)] {
            if !self.has(label, id).await? {
                continue;
            }
            let Err(e) = self.relabel(cx, label, Some(id), None).await else { continue };
            // Somebody else has taken it off at the same moment.
            if self.has(label, id).await? {
                return Err(e);
            }
        }
        Ok(())
    }
}
