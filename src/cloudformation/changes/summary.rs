//! Changes in words: a line each for the record, and a report that fits on a screen however many there are.

use std::collections::BTreeMap;

use super::{Cause, Change, Consequence, Fate, Policy, Replacement, deciding};

/// Lines of a report before the rest is only counted.
const MOST_LINES: usize = 20;
/// Names in one line before the rest is only counted.
const MOST_NAMES: usize = 6;

/// "1 replaced, 2 deleted, 40 modified"; empty without changes.
pub fn headline(judged: &[Consequence]) -> String {
    let words = [
        (Fate::Replaced, "replaced"),
        (Fate::Deleted, "deleted"),
        (Fate::PerhapsReplaced, "perhaps replaced"),
        (Fate::Released, "let go"),
        (Fate::Modified, "modified"),
        (Fate::Added, "added"),
        (Fate::Imported, "imported"),
    ];
    let count = |fate| judged.iter().filter(|j| j.fate == fate).count();
    let counted: Vec<_> =
        words.into_iter().map(|(fate, word)| (count(fate), word)).filter(|(n, _)| *n > 0).collect();
    counted.into_iter().map(|(n, word)| format!("{n} {word}")).collect::<Vec<_>>().join(", ")
}

/// A line for each change, what matters most first.
pub fn lines(judged: &[Consequence]) -> Vec<String> {
    judged.iter().map(line).collect()
}

/// Everything on a screen: replacements and deletions line by line, modifications and additions by type.
pub fn report(judged: &[Consequence]) -> String {
    let (named, grouped): (Vec<_>, Vec<_>) = judged.iter().partition(|j| j.fate < Fate::Modified);
    let mut all: Vec<_> = named.into_iter().map(line).chain(groups(&grouped)).collect();
    let more = all.len().saturating_sub(MOST_LINES);
    if more > 0 {
        all.truncate(MOST_LINES);
        all.push(format!(
            "and {more} more lines; after the apply `planned_changes` holds all of them"
        ));
    }
    all.into_iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

fn groups(judged: &[&Consequence]) -> Vec<String> {
    let mut by_kind: BTreeMap<(Fate, &str), Vec<&str>> = BTreeMap::new();
    for j in judged {
        by_kind.entry((j.fate, &j.change.kind)).or_default().push(&j.change.logical_id);
    }
    by_kind
        .into_iter()
        .map(|((fate, kind), ids)| format!("{} {} ({kind})", verb(fate), named(&ids)))
        .collect()
}

fn named(ids: &[&str]) -> String {
    match ids.len().saturating_sub(MOST_NAMES) {
        0 => ids.join(", "),
        more => format!("{} and {more} more", ids[..MOST_NAMES].join(", ")),
    }
}

fn verb(fate: Fate) -> &'static str {
    match fate {
        Fate::Replaced => "replace",
        Fate::Deleted => "delete",
        Fate::PerhapsReplaced => "perhaps replace",
        Fate::Released => "let go of",
        Fate::Modified => "modify",
        Fate::Added => "add",
        Fate::Imported => "import",
    }
}

fn line(j: &Consequence) -> String {
    let Change { logical_id, kind, .. } = &j.change;
    let causes = because(j);
    let because =
        if causes.is_empty() { String::new() } else { format!(": {}", causes.join(", ")) };
    format!("{} {logical_id} ({kind}){}{because}", verb(j.fate), aftermath(j))
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
        (Fate::Released, _) => ", which stays outside the stack",
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
