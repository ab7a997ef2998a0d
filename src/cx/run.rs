//! What one run of Terraform has said, across the processes of ours that serve it: both walks of an apply, and each provider block.
//!
//! Terraform starts one process of ours for each provider block of each walk. They have their parent in common, so what is to outlive a process
//! lies in a folder of that parent. A saved plan is applied by another parent: there nothing of it is known, and everybody must do without.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::claims::{Said, Words};
use folder::Folder;

mod folder;
mod parent;

pub use parent::{is_dead, own_name};

/// One run of Terraform.
#[derive(Clone, Default)]
pub struct Run(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    /// Where the folder is to be, and when this process began, until the first walk begins: a process that is asked for schemas alone needs none.
    place: Option<(PathBuf, String, SystemTime)>,
    folder: Option<Folder>,
    own: Words,
    before: Vec<Arc<Said>>,
    kept: BTreeMap<String, Vec<u8>>,
    /// Nothing is said or kept.
    silent: bool,
}

impl Memory {
    fn say(&mut self, said: Said) {
        if !self.silent {
            self.write(&said);
            self.own.say(Arc::new(said));
        }
    }

    fn write(&mut self, said: &Said) {
        if let Some(folder) = &mut self.folder {
            folder.say(said);
        }
    }

    fn heard(&self) -> Vec<Arc<Said>> {
        let others = self.folder.as_ref().map(Folder::others).unwrap_or_default();
        self.own.standing().cloned().chain(others).collect()
    }
}

impl Run {
    /// The run of the Terraform that started this process. Where no safe folder can be had, it is this process alone.
    pub fn of_parent() -> Self {
        if parent::is_testing() {
            Self::silent()
        } else {
            Self::within(&std::env::temp_dir(), parent::name())
        }
    }

    /// A run in which walks cannot be told apart: `terraform test` plans, applies and destroys with one process of ours, which is configured
    /// once. What one walk says would be taken for another's, so nothing is said; what an apply meets is judged by AWS alone.
    fn silent() -> Self {
        Self(Arc::new(Mutex::new(Memory { silent: true, ..Memory::default() })))
    }

    /// What was said before belongs to this walk, or to the plan that it carries out.
    pub fn tells_walks_apart(&self) -> bool {
        !self.memory().silent
    }

    fn within(temp: &Path, parent: impl Into<String>) -> Self {
        Self(Arc::new(Mutex::new(Memory {
            place: Some((temp.into(), parent.into(), SystemTime::now())),
            ..Memory::default()
        })))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A walk begins for this process, with a configuration of the provider: its own, or one that another block of the same configuration is
    /// in already. What the walk before has said is at hand from then on.
    pub fn begin(&self) {
        let mut memory = self.memory();
        let place = memory.place.take();
        if let Some((temp, parent, _)) = &place {
            let opened = Folder::open(temp, parent);
            memory.folder = opened
                .inspect_err(|why| tracing::debug!(%why, "nothing is kept between processes"))
                .ok();
        }
        let own = std::mem::take(&mut memory.own);
        let before = match &mut memory.folder {
            Some(folder) => folder.begin(place.map(|(_, _, started)| started)),
            None => own.standing().cloned().collect(),
        };
        // After an apply nothing of it binds the next plan.
        memory.before = if before.iter().any(|said| said.is_done()) { vec![] } else { before };
    }

    /// Notes what is said.
    pub fn note(&self, said: Said) {
        self.memory().say(said);
    }

    /// Notes what is said, and gives what else this walk has said, in whichever process, before it or at the same time.
    pub fn say(&self, said: Said) -> Vec<Arc<Said>> {
        let mut memory = self.memory();
        if memory.silent {
            return vec![];
        }
        // Others hear it before they are heard: of two who say something at the same time, one at least hears the other.
        memory.write(&said);
        let heard = memory.heard();
        memory.own.say(Arc::new(said));
        heard
    }

    /// What this walk has said so far.
    pub fn heard(&self) -> Vec<Arc<Said>> {
        self.memory().heard()
    }

    /// This walk carries out a plan that was made in this run.
    pub fn has_plan(&self) -> bool {
        !self.memory().before.is_empty()
    }

    /// What the plan said that this walk carries out; empty in a plan, and where another Terraform made the plan.
    pub fn planned(&self) -> Vec<Arc<Said>> {
        self.memory().before.clone()
    }

    /// Both.
    pub fn heard_and_planned(&self) -> Vec<Arc<Said>> {
        let memory = self.memory();
        memory.heard().into_iter().chain(memory.before.iter().cloned()).collect()
    }

    /// Keeps something for the rest of the run. It lies in a file of this user: nothing secret may be in it.
    pub fn keep(&self, key: &str, bytes: &[u8]) {
        let mut memory = self.memory();
        if memory.silent {
            return;
        }
        if let Some(folder) = &memory.folder {
            folder.keep(key, bytes);
        }
        memory.kept.insert(key.into(), bytes.into());
    }

    /// What was kept last under a key, by this process or another one of the run.
    pub fn find(&self, key: &str) -> Option<Vec<u8>> {
        let memory = self.memory();
        memory
            .folder
            .as_ref()
            .and_then(|folder| folder.find(key))
            .or_else(|| memory.kept.get(key).cloned())
    }
}

#[cfg(test)]
mod tests;
