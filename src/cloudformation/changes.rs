//! What an update would do to a stack's resources, and whether it may: what holds data is neither replaced nor deleted unasked.

use std::collections::BTreeSet;

mod kinds;
mod summary;

pub use kinds::{NESTED, holds_data};
pub use summary::{headline, report};

/// A change set as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proposal {
    /// How far it has come.
    pub progress: Progress,
    /// What it would do, once it is ready.
    pub changes: Vec<Change>,
}

/// How far a change set has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Progress {
    /// CloudFormation still compares.
    #[default]
    Comparing,
    /// It can be carried out.
    Ready,
    /// It is being carried out.
    Underway,
    /// It was carried out, or cannot be any more.
    Spent,
    /// It would do nothing to any resource.
    Empty,
    /// CloudFormation gave up, for this reason.
    Failed(String),
    /// CloudFormation gave up because the caller is not allowed something, for this reason.
    Denied(String),
}

/// What an update would do to one resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// CloudFormation makes, changes or removes it.
    pub action: Action,
    /// Its logical id; inside nested stacks `Nested.Logical`.
    pub logical_id: String,
    /// Its id in AWS; empty before it is made.
    pub physical_id: String,
    /// Its type, as `AWS::RDS::DBInstance`.
    pub kind: String,
    /// Whether a modification replaces it, as CloudFormation says.
    pub replacement: Replacement,
    /// What becomes of the old one.
    pub policy: Policy,
    /// Why it is modified.
    pub causes: Vec<Cause>,
    /// The change set of a nested stack.
    pub nested: Option<String>,
}

/// What is done to a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Add,
    /// It is changed, which may mean replaced.
    #[default]
    Modify,
    /// It is taken out of the stack.
    Remove,
    /// An existing one is taken into the stack.
    Import,
    /// CloudFormation cannot tell ahead.
    Unsure,
}

/// Whether something replaces a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// No.
    #[default]
    Never,
    /// That is seen only while it is done.
    Perhaps,
    /// Yes.
    Always,
}

/// What becomes of a resource that is removed or replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// It is deleted.
    #[default]
    Delete,
    /// It is deleted after a last snapshot.
    Snapshot,
    /// It stays, outside the stack.
    Retain,
}

/// Why a resource is modified.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cause {
    /// The property, or the attribute when it is none, as `Tags`.
    pub name: String,
    /// Its value before, where it had one.
    pub before: Option<String>,
    /// Its value afterwards, where it has one.
    pub after: Option<String>,
    /// Values were told at all.
    pub has_values: bool,
    /// Whether a change of it replaces the resource.
    pub recreates: Replacement,
    /// The resource it takes its value from.
    pub resource: Option<String>,
}

/// What becomes of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is replaced by a new one.
    Replaced,
    /// It is deleted.
    Deleted,
    /// It may be replaced: CloudFormation decides while it works.
    PerhapsReplaced,
    /// It leaves the stack and stays in AWS.
    Released,
    /// It is changed in place.
    Modified,
    /// It is made.
    Added,
    /// It is taken into the stack.
    Imported,
}

impl Fate {
    /// It is gone afterwards, or may be.
    pub fn may_end(self) -> bool {
        matches!(self, Fate::Replaced | Fate::Deleted | Fate::PerhapsReplaced)
    }
}

/// Changes that the plan does not allow for: that end, or may end, what it does not show to end, or what known values rest on.
pub fn unshown<'a>(
    judged: &'a [Consequence],
    ends: Option<&BTreeSet<String>>,
    rests: &BTreeSet<String>,
) -> Vec<&'a Consequence> {
    let breaks = |j: &&Consequence| {
        let shown = ends.is_some_and(|ends| ends.contains(&j.change.logical_id));
        !shown && j.fate.may_end() && (ends.is_some() || rests.contains(&j.change.logical_id))
    };
    judged.iter().filter(breaks).collect()
}

/// A change and what becomes of the resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Consequence {
    /// As CloudFormation tells it.
    pub change: Change,
    /// What follows from that, and from what it depends on.
    pub fate: Fate,
}

/// Judges every change of a set, nested ones included.
pub fn judge(changes: Vec<Change>) -> Vec<Consequence> {
    let replaced = replaced(&changes);
    let one = |change: Change| Consequence {
        fate: fate(&change, replaced.contains(&change.logical_id)),
        change,
    };
    let mut judged: Vec<_> = changes.into_iter().map(one).collect();
    judged.sort_by(|a, b| (a.fate, &a.change.logical_id).cmp(&(b.fate, &b.change.logical_id)));
    judged
}

/// Changes that replace or delete what holds data, or may do so, and that nobody has allowed. `settled`: properties whose change is known to
/// whoever asks to replace nothing, though CloudFormation leaves it open.
pub fn refused<'a>(
    judged: &'a [Consequence],
    allowed: &BTreeSet<String>,
    settled: &[&str],
) -> Vec<&'a Consequence> {
    let ends = |j: &&Consequence| {
        matches!(j.fate, Fate::Replaced | Fate::Deleted | Fate::PerhapsReplaced)
            && holds_data(&j.change.kind)
    };
    let meant = |j: &&Consequence| allowed.contains(&j.change.logical_id) || is_settled(j, settled);
    judged.iter().filter(ends).filter(|j| !meant(j)).collect()
}

/// Whether it is replaced is left open by these properties alone.
fn is_settled(judged: &Consequence, settled: &[&str]) -> bool {
    let open = deciding(&judged.change);
    let known =
        |c: &&Cause| c.recreates == Replacement::Perhaps && settled.contains(&c.name.as_str());
    judged.fate == Fate::PerhapsReplaced && !open.is_empty() && open.iter().all(known)
}

/// What decides whether a resource is replaced: what may replace it and does not stay as it is.
fn deciding(change: &Change) -> Vec<&Cause> {
    let recreating = change.causes.iter().filter(|c| c.recreates != Replacement::Never);
    recreating.filter(|c| !unchanged(c) && !forgets_snapshot(change, c)).collect()
}

fn fate(change: &Change, replaced: bool) -> Fate {
    match change.action {
        Action::Add => Fate::Added,
        Action::Import => Fate::Imported,
        Action::Remove if change.policy == Policy::Retain => Fate::Released,
        Action::Remove => Fate::Deleted,
        _ if replaced => Fate::Replaced,
        Action::Unsure => Fate::PerhapsReplaced,
        Action::Modify if change.replacement != Replacement::Never && !harmless(change) => {
            Fate::PerhapsReplaced
        }
        Action::Modify => Fate::Modified,
    }
}

/// The resources that are replaced for certain. CloudFormation calls a replacement conditional when the value comes from another
/// resource; it is certain when that one is replaced itself, so this is followed to its end.
fn replaced(changes: &[Change]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> =
        changes.iter().filter(|c| certain(c)).map(|c| c.logical_id.clone()).collect();
    loop {
        let follows = |c: &&Change| {
            !found.contains(&c.logical_id)
                && c.causes.iter().any(|cause| inherits(c, cause, &found))
        };
        let more: Vec<_> = changes.iter().filter(follows).map(|c| c.logical_id.clone()).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn certain(change: &Change) -> bool {
    let always = change.replacement == Replacement::Always && !every_recreating(change, unchanged);
    change.action == Action::Modify && (always || change.causes.iter().any(|c| restores(change, c)))
}

/// Something may replace it, and `test` holds for all of that.
fn every_recreating(change: &Change, test: impl Fn(&Cause) -> bool) -> bool {
    let mut recreating =
        change.causes.iter().filter(|c| c.recreates != Replacement::Never).peekable();
    recreating.peek().is_some() && recreating.all(test)
}

/// Values that are shorter are certainly told whole: CloudFormation cuts large ones off, and does not say where.
const WHOLE: usize = 256;

/// It comes another way and is the same. What is hidden, not known yet or cut off may be another.
pub fn unchanged(cause: &Cause) -> bool {
    let plain = |v: &String| {
        !v.contains("****") && !v.contains("{{") && !v.ends_with("...") && v.len() < WHOLE
    };
    cause.has_values && cause.before == cause.after && cause.before.as_ref().is_some_and(plain)
}

/// The property takes its value from a resource that is replaced, and replaces this one.
fn inherits(change: &Change, cause: &Cause, replaced: &BTreeSet<String>) -> bool {
    let Some(resource) = &cause.resource else { return false };
    let place = change
        .logical_id
        .rsplit_once('.')
        .map(|(place, _)| format!("{place}."))
        .unwrap_or_default();
    cause.recreates == Replacement::Always
        && !unchanged(cause)
        && replaced.contains(&format!("{place}{resource}"))
}

/// The snapshot a database is made from. CloudFormation takes its removal as no change and anything else as a new database.
fn restores(change: &Change, cause: &Cause) -> bool {
    let snapshot = change.kind == "AWS::RDS::DBInstance"
        && cause.name == "DBSnapshotIdentifier"
        && cause.recreates != Replacement::Never;
    let given = |value: &Option<String>| value.as_ref().is_some_and(|v| !v.is_empty());
    snapshot && (!cause.has_values || (given(&cause.after) && cause.after != cause.before))
}

/// The snapshot a database was made from is no longer named.
fn forgets_snapshot(change: &Change, cause: &Cause) -> bool {
    let snapshot = change.kind == "AWS::RDS::DBInstance" && cause.name == "DBSnapshotIdentifier";
    snapshot && cause.has_values && !restores(change, cause)
}

/// All that may replace it stays the same, or is a snapshot that is no longer named.
fn harmless(change: &Change) -> bool {
    every_recreating(change, |c| unchanged(c) || forgets_snapshot(change, c))
}

#[cfg(test)]
mod tests;
