//! Drift in memory: what the next look finds, and how many questions it lasts.

use async_trait::async_trait;

use super::Fake;
use crate::aws::Drifts;
use crate::cloudformation::drift::{Detection, Drift};
use crate::outcome::Result;

/// What a look for drift finds.
#[derive(Default)]
pub struct Looks {
    found: Vec<Drift>,
    lasts: usize,
    partial: Option<String>,
}

impl Fake {
    /// A look for drift lasts so many questions, and finds this.
    pub fn drifts(self, lasts: usize, found: Vec<Drift>) -> Self {
        let partial = None;
        self.world().drift = Looks { found, lasts, partial };
        self
    }

    /// A look for drift cannot look at everything.
    pub fn overlooks(self, why: &str) -> Self {
        self.world().drift.partial = Some(why.into());
        self
    }
}

#[async_trait]
impl Drifts for Fake {
    async fn detect(&self, stack: &str) -> Result<String> {
        self.call("detect", stack.into()).map(|_| "look".into())
    }

    async fn detection(&self, id: &str) -> Result<Detection> {
        let mut world = self.call("detection", id.into())?;
        if world.drift.lasts > 0 {
            world.drift.lasts -= 1;
            return Ok(Detection::Underway);
        }
        Ok(world.drift.partial.clone().map_or(Detection::Complete, Detection::Partial))
    }

    async fn drifted(&self, stack: &str) -> Result<Vec<Drift>> {
        Ok(self.call("drifted", stack.into())?.drift.found.clone())
    }
}
