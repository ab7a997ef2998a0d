//! What is said when a plan claims one thing twice: what it is, why it cannot be, and the way out.

use crate::cx::claims::{Clash, Object};
use crate::outcome::Error;

/// Summary and detail. `block` is the resource type that was heard last.
pub fn words(clash: &Clash, block: &str) -> (String, String) {
    match clash {
        Clash::Twice(title) => (
            format!("Two blocks make the {} {}", title.kind, title.name),
            format!(
                "A {} has one name in {} and one owner in a configuration. Give one of the two blocks another name, or remove it.",
                title.kind,
                title.place()
            ),
        ),
        Clash::Taken(object) => (
            format!("The {} {} has another block already", object.title.kind, object.title.name),
            format!(
                "This plan makes it in one block and keeps it in another ({}). Remove one of the two blocks, or give the new one another name.",
                object.id
            ),
        ),
        Clash::Swapped(object) => (
            format!("The name {} is not free yet", object.title.name),
            format!(
                "Another block of this plan gives it up only when its {} is replaced, and Terraform does not know that one waits for the other. \
                 Take two steps: apply first without the new owner of the name, then with it.",
                object.title.kind
            ),
        ),
        Clash::Moved { gone, to } => moved(gone, to),
        Clash::Shared(object) => shared(object, block),
    }
}

fn moved(gone: &Object, to: &str) -> (String, String) {
    let (kind, name) = (&gone.title.kind, &gone.title.name);
    let detail = format!(
        "One block of this plan deletes it and another one makes it ({}). If it is one block that was renamed, went into a module or got a \
         `count` or `for_each`, say so, and nothing is deleted (the addresses are in the plan's list of changes):\n\n{}\n\nIf the block is still \
         called as before, and the plan lists a \"deposed object\": an earlier apply was interrupted. Run `terraform state rm <its address>` and \
         take the {kind} over again:\n\n{}\n\nIf it is to be made anew under its name, apply first without the new block.",
        gone.id,
        moved_block(&gone.block, to),
        import_block(to, name),
    );
    (format!("The {kind} {name} would be deleted and made at once"), detail)
}

fn shared(object: &Object, block: &str) -> (String, String) {
    let (kind, name) = (&object.title.kind, &object.title.name);
    let place = if object.title.is_in_catalog() { "the catalog" } else { "AWS" };
    let detail = format!(
        "Two blocks of this state hold it ({}): what one of them changes or deletes is the other one's. Keep one and let the other go, without \
         a change in {place}: `terraform state rm <address of a {block}>`, and remove that block.",
        object.id
    );
    (format!("Two blocks hold the {kind} {name}"), detail)
}

fn moved_block(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}.<name before>\n  to   = {to}.<name now>\n}}")
}

/// The block that takes something over.
pub fn import_block(to: &str, id: &str) -> String {
    format!("import {{\n  to = {to}.<name>\n  id = \"{id}\"\n}}")
}

/// A deletion of what this run has made.
pub fn made_now(object: &Object) -> Error {
    let (kind, name) = (&object.title.kind, &object.title.name);
    Error::Failed {
        state: format!(
            "This very apply has made or taken over the {kind} {name}, in another block: {}. Nothing was deleted.",
            object.id
        ),
        next: "Plan again: the plan says what the two blocks are and how to keep one.".into(),
    }
}
