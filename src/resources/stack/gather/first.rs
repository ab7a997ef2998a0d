//! What the first plan of a change found, for the second one that Terraform makes within its apply, and for the apply itself.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cloudformation::template::hex;
use crate::cx::Cx;
use crate::deploy::Previewed;
use crate::resources::stack::loaded::Loaded;
use crate::resources::stack::state::{Draft, Found, StackPrivate, StackState};
use crate::tf::Value;

/// What is kept for the walk that applies: by whom, and what.
#[derive(Serialize, Deserialize)]
struct Kept {
    process: u32,
    private: StackPrivate,
}

/// What the first plan of this very change remembered; `None`: this is the first, or nothing is handed on. Terraform hands it on since 1.16;
/// before that it lies in the folder of the run, where another process of ours must have put it.
pub fn plan(cx: &Cx, draft: &Draft) -> Option<StackPrivate> {
    let handed: Option<StackPrivate> = serde_json::from_slice(&cx.first).ok();
    let kept = || {
        if !cx.run.has_plan() {
            return None;
        }
        serde_json::from_slice::<Kept>(&cx.run.find(&key(draft))?)
            .ok()
            .filter(|kept| kept.process != std::process::id())
    };
    handed.or_else(|| kept().map(|kept| kept.private)).filter(|private| private.found.is_some())
}

/// Keeps what was found for the second plan of the same change; that one hands it on to the apply.
pub fn keep(
    cx: &Cx,
    first: Option<StackPrivate>,
    loaded: Option<&Loaded>,
    (shown, lasting): (Option<&Previewed>, BTreeSet<String>),
    draft: &mut Draft,
) {
    if let Some(first) = first {
        draft.private.found = first.found;
        return;
    }
    let template = loaded.map(|loaded| loaded.digest.clone()).unwrap_or_default();
    draft.private.found = Some(Found { template, ends: shown.map(ends), lasting });
    // What does not change is not planned again.
    if draft.prior.as_ref() == Some(&draft.planned) {
        return;
    }
    let kept = Kept { process: std::process::id(), private: draft.private.clone() };
    if let Ok(bytes) = serde_json::to_vec(&kept) {
        cx.run.keep(&key(draft), &bytes);
    }
}

fn ends(shown: &Previewed) -> BTreeSet<String> {
    let may_end = shown.changes.iter().filter(|judged| judged.fate.may_end());
    may_end.map(|judged| judged.change.logical_id.clone()).collect()
}

/// What makes it the same change: what was, and what is asked for. Nothing secret is part of it but what the state holds.
fn key(draft: &Draft) -> String {
    let config = StackState { parameters_wo: Value::Null, ..draft.config.clone() };
    format!("stack-{}", hex(&Sha256::digest(format!("{:?}\n{config:?}", draft.prior))))
}
