//! What is refused or found missing, in words: where the stack stands, and what to do next.

use super::name_of;
use crate::cloudformation::changes::Consequence;
use crate::cloudformation::stack::{Part, Stack};
use crate::cloudformation::stack_policy::Barred;
use crate::cloudformation::status::Status;
use crate::diagnose::link;
use crate::outcome::{AwsError, AwsErrorKind, Error};
use crate::quilt::names::unseen;
use crate::tf::AttributePath;

/// A stack of that name which this configuration did not begin.
pub(super) fn not_ours(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "A stack named {} exists already ({}).\nThis configuration did not begin it: {}",
            stack.name, stack.status, stack.id
        ),
        next: way_out(stack),
    }
}

/// What to do about a stack that is in the way.
fn way_out(stack: &Stack) -> String {
    if stack.status == Status::ReviewInProgress {
        let region = super::region_of(&stack.id).unwrap_or_default();
        return format!(
            "It is an empty shell: a change set that was never executed left it, and nothing is in it. Delete it, and plan again:\n\n  \
             aws cloudformation delete-stack --stack-name {} --region {region}",
            stack.name
        );
    }
    format!("Choose another name, or take it over by importing it:\n\n{}", import(&stack.name))
}

/// A stack of ours that completed once, and cannot be updated as it stands.
pub fn not_adopted(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists already ({}).\nAn earlier apply of this configuration made it, and CloudFormation does not update it in this status: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "Take it over by importing it; the plan then says what can be done:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A stack of ours that completed long ago.
pub(super) fn too_old(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists already ({}).\nAn apply of this configuration made it more than three days ago, and the state does not hold it: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "If its block was renamed, write a `moved` block. If the state was lost, take it over by importing it:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A complete stack of an owner that two machines may share.
pub(super) fn of_any_machine(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists already ({}).\nThe state lies on this machine, which has neither an id nor a name of its own, so another machine may have made the stack: {}",
            stack.name, stack.status, stack.id
        ),
        next: format!(
            "Set `owner` in the provider block, or take the stack over by importing it:\n\n{}",
            import(&stack.name)
        ),
    }
}

/// A stack of ours that came where the plan saw none, or saw another one go.
pub(super) fn unplanned(stack: &Stack) -> Error {
    Error::Failed {
        state: format!(
            "The stack {} exists ({}), and the plan did not take it over: {}. Nothing was changed.",
            stack.name, stack.status, stack.id
        ),
        next: "Plan again: another apply may have made it since. Where another block of this configuration holds it, write a `moved` block or \
               give this one another name. `create_before_destroy` cannot make a second stack of one name: take it out of this resource's \
               `lifecycle`."
            .into(),
    }
}

/// A stack that the state of this configuration holds.
pub(super) fn held(stack: &Stack) -> Error {
    Error::Failed {
        state: format!("The stack {} is in the state already, in another object: {}. Nothing was changed.", stack.name, stack.id),
        next: "Two stacks cannot have one name at once. If this resource is replaced: take `create_before_destroy` out of its `lifecycle`. If its block \
               was renamed: write a `moved` block. Otherwise give it another name."
            .into(),
    }
}

/// Another stack than the one that the plan saw.
pub(super) fn another(stack: &Stack, seen: &str) -> Error {
    Error::Failed {
        state: format!(
            "The plan was to take over the stack {seen}. By now another one has its name: {}. Nothing was changed.",
            stack.id
        ),
        next: "Plan again.".into(),
    }
}

/// The stack that the plan was to take over is gone.
pub(super) fn left_is_gone(name: &str) -> Error {
    Error::Failed {
        state: format!(
            "The plan was to take over the stack {name}, and it is gone by now. Nothing was changed."
        ),
        next: "Plan again: it is then made anew.".into(),
    }
}

/// The block that takes a stack over.
fn import(name: &str) -> String {
    format!("import {{\n  to = <the address of this resource>\n  id = \"{name}\"\n}}")
}

/// An update that would replace or delete what holds data. `by_name`: the configuration can allow that.
pub(super) fn refused(refused: &[&Consequence], by_name: bool) -> Error {
    let (listed, ids) = (
        refused.iter().map(|j| format!("- {}", j.sentence())),
        refused.iter().map(|j| format!("{:?}", j.change.logical_id)),
    );
    let back = "Change back what asks for it.";
    let next = match by_name {
        true => {
            let ids = ids.collect::<Vec<_>>().join(", ");
            format!(
                "{back} If it is meant, and what it holds is safe elsewhere, allow it by name:\n\n  allow_replacement = [{ids}]"
            )
        }
        false => format!("{back} This resource never replaces or deletes what holds data."),
    };
    let state = "The update would replace or delete what holds data, or what others depend on:";
    Error::Failed {
        state: format!("{state}\n{}\nNothing was changed.", listed.collect::<Vec<_>>().join("\n")),
        next,
    }
}

/// What no stack policy around the update allows.
pub(super) fn barred(barred: &Barred) -> Error {
    let Barred { resource, action, why, new } = barred;
    let both = if *new {
        "neither the stack policy that the stack has nor the new one lets"
    } else {
        "the stack policy does not let"
    };
    let of = if *new { "of the new one, " } else { "" };
    Error::Failed {
        state: format!(
            "The update needs {action} of {resource}, which {both} happen: {of}{why}. Nothing was changed."
        ),
        next: format!(
            "Take back what changes it, or allow {action} of it in `policy_body`: a policy that is loosened in the same apply goes first."
        ),
    }
}

/// The update failed, and the policy from before could not be set again.
pub(super) fn loose(e: Error) -> Error {
    match e {
        Error::Failed { state, next } => {
            let loose = "The stack policy was loosened for it and could not be set back: the stack has the new one.";
            Error::Failed { state: format!("{state}\n{loose}"), next }
        }
        e => e,
    }
}

/// The change set is gone, or its state is another one: somebody else carried it out or outdated it.
pub(super) fn taken(kind: AwsErrorKind) -> Error {
    let message = "somebody else has carried it out, outdated or deleted it".into();
    Error::Aws(AwsError { kind, doing: "keep the change set", code: String::new(), message })
}

/// What the update would do is more than the plan shows, which was `compared` with the stack or not.
pub(super) fn unshown(found: &[&Consequence], compared: bool) -> Option<Error> {
    let (why, then) = match compared {
        true => (
            "Somebody changed the stack meanwhile.",
            "the plan then starts from what the stack has now, and shows this.",
        ),
        false => (
            "The plan was made without a preview.",
            "the plan then leaves open what rests on it, and its apply goes on.",
        ),
    };
    let named: Vec<_> =
        found.iter().map(|j| format!("{} ({})", j.change.logical_id, j.change.kind)).collect();
    (!named.is_empty()).then(|| Error::Failed {
        state: format!("The update would replace or delete what the plan holds for safe: {}. {why} Nothing was changed.", named.join(", ")),
        next: format!("Plan again: {then}"),
    })
}

/// A rollback that was continued and failed again.
pub(super) fn still_stuck(stack: &Stack, parts: &[Part]) -> Error {
    Error::Failed {
        state: format!(
            "The rollback was continued and failed again ({}).\nNot rolled back:\n{}",
            stack.status,
            named(parts)
        ),
        next: format!(
            "Remove the cause, or skip them (`rollback_resources_to_skip` of a `quilt_stack`, `resources_to_skip` of the action \
             `quilt_continue_rollback`; `force_rollback` of either skips all), and go on with the rollback again.\nEvents: {}",
            link::events(&stack.id)
        ),
    }
}

/// Resources, one a line, with what stands in their way.
pub fn named(parts: &[Part]) -> String {
    let one = |p: &Part| {
        format!(
            "{} ({}): {}",
            p.logical_id,
            p.kind,
            p.reason.as_deref().unwrap_or("no reason given")
        )
    };
    parts.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The configuration names a stack that is not there.
pub(super) fn no_such(at: &'static str, name: &str, region: &str) -> Error {
    let fix = format!(
        "{}Give the name of a stack in this region, or the ARN of one in another.",
        unseen(name)
    );
    Error::config(AttributePath::new(at), format!("There is no stack {name} in {region}."), fix)
}

/// The stack is not there any more.
pub(super) fn gone(id: &str) -> Error {
    Error::Failed {
        state: format!("The stack {} is gone: it was deleted outside of Terraform.", name_of(id)),
        next: "Plan again: it is then made anew.".into(),
    }
}
