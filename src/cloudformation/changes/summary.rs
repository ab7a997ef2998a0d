//! Changes in words: a report that fits on a screen however many there are, grouped by what happens and by type.

use std::collections::BTreeMap;

use super::{Cause, Change, Consequence, Fate, Policy, Replacement, deciding};

/// Types in a report before the rest is only counted.
const MOST_LINES: usize = 40;
/// Names in one line before the rest is only counted.
const MOST_NAMES: usize = 6;

/// What happens, what matters most first: as a count says it, and as a heading.
const FATES: [(Fate, &str, &str); 7] = [
    (Fate::Replaced, "replaced", "Replace"),
    (Fate::Deleted, "removed", "Remove"),
    (
        Fate::PerhapsReplaced,
        "perhaps replaced",
        "Perhaps replace (CloudFormation decides while it works)",
    ),
    (Fate::Released, "let go", "Let go (taken out of the stack, stays in AWS)"),
    (Fate::Modified, "changed", "Change"),
    (Fate::Added, "added", "Add"),
    (Fate::Imported, "imported", "Import"),
];

/// "1 replaced, 2 removed, 40 changed"; empty without changes.
pub fn headline(judged: &[Consequence]) -> String {
    let count = |fate| judged.iter().filter(|j| j.fate == fate).count();
    let counted = FATES.into_iter().map(|(fate, word, _)| (count(fate), word));
    let words = counted.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    words.collect::<Vec<_>>().join(", ")
}

/// Everything on a screen: a heading for each thing that happens, below it a line for each type it happens to.
pub fn report(judged: &[Consequence]) -> String {
    let (mut lines, mut shown, mut left) = (vec![], 0, 0);
    for (fate, _, heading) in FATES {
        let groups = groups(judged.iter().filter(|j| j.fate == fate));
        let room = groups.len().min(MOST_LINES - shown);
        if room > 0 {
            lines.push(format!("{heading}:"));
        }
        lines.extend(groups[..room].iter().map(|line| format!("- {line}")));
        (shown, left) = (shown + room, left + groups.len() - room);
    }
    if left > 0 {
        lines.push(format!("and {left} more types of resources"));
    }
    lines.join("\n")
}

/// A line for each type, and for each end that the old ones come to: "12 AWS::ECS::TaskDefinition: A, B and 10 more (ContainerDefinitions)".
fn groups<'a>(judged: impl Iterator<Item = &'a Consequence>) -> Vec<String> {
    let mut by_kind: BTreeMap<(&str, &str), Vec<&Consequence>> = BTreeMap::new();
    for j in judged {
        by_kind.entry((&j.change.kind, aftermath(j))).or_default().push(j);
    }
    by_kind.into_iter().map(|((kind, after), all)| line(kind, after, &all)).collect()
}

fn line(kind: &str, after: &str, all: &[&Consequence]) -> String {
    let ids: Vec<_> = all.iter().map(|j| j.change.logical_id.as_str()).collect();
    let mut causes: Vec<String> = vec![];
    for cause in all.iter().flat_map(|j| because(j)) {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    let causes: Vec<_> = causes.iter().map(String::as_str).collect();
    let because = if causes.is_empty() { String::new() } else { format!(" ({})", named(&causes)) };
    let count = if ids.len() > 1 { format!("{} ", ids.len()) } else { String::new() };
    format!("{count}{kind}: {}{after}{because}", named(&ids))
}

fn named(names: &[&str]) -> String {
    match names.len().saturating_sub(MOST_NAMES) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST_NAMES].join(", ")),
    }
}

/// What becomes of the old one, where that is not what one would expect.
fn aftermath(j: &Consequence) -> &'static str {
    match (j.fate, j.change.policy) {
        (Fate::Replaced | Fate::PerhapsReplaced, Policy::Retain) => {
            ", the old one stays outside the stack"
        }
        (Fate::Replaced | Fate::PerhapsReplaced | Fate::Deleted, Policy::Snapshot) => {
            ", after a last snapshot"
        }
        _ => "",
    }
}

/// The properties that matter: those that replace it where it is replaced, those that decide where it may be, else all.
fn because(j: &Consequence) -> Vec<String> {
    let causes: Vec<&Cause> = match j.fate {
        Fate::PerhapsReplaced => deciding(&j.change),
        fate => j
            .change
            .causes
            .iter()
            .filter(|c| fate != Fate::Replaced || c.recreates != Replacement::Never)
            .collect(),
    };
    let mut names: Vec<String> = vec![];
    for cause in causes {
        if !names.contains(&cause.name) {
            names.push(cause.name.clone());
        }
    }
    names
}

impl Consequence {
    /// Why it is refused, as a sentence: "DB (AWS::RDS::DBInstance) would be replaced by a new one: …".
    pub fn sentence(&self) -> String {
        let Change { logical_id, kind, .. } = &self.change;
        let (perhaps, because) = (self.fate == Fate::PerhapsReplaced, because(self));
        let what = match self.fate {
            Fate::Replaced => "would be replaced by a new one",
            Fate::PerhapsReplaced => "may be replaced by a new one",
            _ => "would be deleted",
        };
        let values = match perhaps {
            true => deciding(&self.change).into_iter().find_map(values),
            false => self
                .change
                .causes
                .iter()
                .filter(|c| c.recreates != Replacement::Never)
                .find_map(values),
        };
        let because = match values {
            Some(values) if perhaps => {
                format!(": {values}, and CloudFormation decides while it works")
            }
            _ if perhaps && because.is_empty() => {
                ": CloudFormation does not say what decides".into()
            }
            _ if perhaps => format!(
                ": {} changes, and CloudFormation decides while it works",
                because.join(", ")
            ),
            Some(values) if self.fate == Fate::Replaced => format!(": {values}"),
            _ if self.fate == Fate::Replaced && !because.is_empty() => {
                format!(": {} changes", because.join(", "))
            }
            _ => String::new(),
        };
        format!("{logical_id} ({kind}) {what}{}{because}.", aftermath(self))
    }
}

/// A value that replaces: "`DBName` changes from a to b". Long ones and hidden ones are left out.
fn values(cause: &Cause) -> Option<String> {
    let fits = |v: &Option<String>| {
        v.as_ref().is_none_or(|v| v.len() <= 80 && !v.contains("****") && !v.contains('{'))
    };
    if !cause.has_values || !fits(&cause.before) || !fits(&cause.after) {
        return None;
    }
    let said = |v: &Option<String>| {
        v.as_deref().filter(|v| !v.is_empty()).map_or("nothing".to_string(), |v| format!("\"{v}\""))
    };
    Some(format!("`{}` changes from {} to {}", cause.name, said(&cause.before), said(&cause.after)))
}
