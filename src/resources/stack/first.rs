//! What the first plan of a change found, for the second one that Terraform makes within its apply, and for the apply itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::source::Loaded;
use super::{StackPrivate, StackResource, StackState};
use crate::cloudformation::template::hex;
use crate::cx::Cx;
use crate::deploy::Previewed;
use crate::kinds::resource::Draft;
use crate::outcome::{Error, Result};
use crate::tf::{AttributePath, Value};

/// What a plan found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Digest of the template; empty while that is not known.
    template: String,
    /// The resources that are replaced or deleted, for certain or perhaps, by logical id. `None`: that was not shown.
    #[serde(default)]
    pub ends: Option<BTreeSet<String>>,
}

impl Found {
    /// What is found of a template, and by comparing where that was done.
    pub fn of(loaded: Option<&Loaded>, previewed: Option<&Previewed>) -> Self {
        let ends = previewed.map(|p| {
            p.changes
                .iter()
                .filter(|j| j.fate.may_end())
                .map(|j| j.change.logical_id.clone())
                .collect()
        });
        Self { template: loaded.map(|l| l.digest.clone()).unwrap_or_default(), ends }
    }

    /// Refuses another template than was planned.
    ///
    /// # Errors
    /// It is another one.
    pub fn same(&self, loaded: Option<&Loaded>) -> Result<()> {
        match loaded.filter(|l| !self.template.is_empty() && l.digest != self.template) {
            Some(loaded) => Err(Error::config(
                AttributePath::new(loaded.at),
                "The template changed since the plan was made.",
                "Plan again.",
            )),
            None => Ok(()),
        }
    }
}

/// What is kept for the walk that applies: by whom, and what.
#[derive(Serialize, Deserialize)]
struct Kept {
    process: u32,
    private: StackPrivate,
}

/// What the first plan of this very change remembered; `None`: this is the first, or nothing is handed on. Terraform hands it on since 1.16;
/// before that it lies in the folder of the run, where another process of ours must have put it.
pub fn plan(cx: &Cx, draft: &Draft<StackResource>) -> Option<StackPrivate> {
    let handed: Option<StackPrivate> = serde_json::from_slice(&cx.first).ok();
    let kept = || {
        serde_json::from_slice::<Kept>(&cx.run.find(&key(draft))?)
            .ok()
            .filter(|kept| kept.process != std::process::id())
    };
    handed.or_else(|| kept().map(|kept| kept.private)).filter(|private| private.found.is_some())
}

/// Keeps it for the second plan of the same change.
pub fn keep(cx: &Cx, draft: &Draft<StackResource>) {
    let kept = Kept { process: std::process::id(), private: draft.private.clone() };
    if let Ok(bytes) = serde_json::to_vec(&kept) {
        cx.run.keep(&key(draft), &bytes);
    }
}

/// What makes it the same change: what was, and what is asked for. Nothing secret is part of it but what the state holds.
fn key(draft: &Draft<StackResource>) -> String {
    let config = StackState { parameters_wo: Value::Null, ..draft.config.clone() };
    format!("stack-{}", hex(&Sha256::digest(format!("{:?}\n{config:?}", draft.prior))))
}
