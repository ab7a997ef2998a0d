//! What a hook of the account objected to, with the remedy that its owner wrote.

use super::{About, Finding, First, Look, words};
use crate::aws::HookNote;

/// Notes that are told at most.
const MOST: usize = 5;

/// The notes of the hook that refused the resource.
pub(super) async fn look(look: &Look<'_>, first: &First) -> Option<Finding> {
    let event = first.event.as_ref()?;
    let of_resource = |e: &&crate::cloudformation::stack::Event| e.logical_id == event.logical_id;
    let invocation = first.events.iter().filter(of_resource).find_map(|e| e.hook.as_deref())?;
    let hook = look.aws.stacks.hook(invocation).await.ok()?;
    let reason = hook.reason.as_deref().unwrap_or("it gives no reason");
    Some(Finding {
        about: About::Hook,
        what: format!("The hook {} refused it: {}", hook.name, words::sentence(reason)),
        details: hook.notes.iter().take(MOST).map(of_note).collect(),
        log: None,
        link: None,
    })
}

fn of_note(note: &HookNote) -> String {
    let severity = note.severity.as_ref().map(|s| format!(" ({s})")).unwrap_or_default();
    let mut text = format!("{}{severity}: {}", note.name, words::sentence(&note.message));
    if let Some(remedy) = &note.remedy {
        text.push_str(&format!(" Remedy: {}", words::sentence(remedy)));
    }
    if let Some(link) = &note.link {
        text.push_str(&format!(" See {link}"));
    }
    text
}
