//! As much of a value as belongs into a sentence: a line of it.

use std::collections::BTreeSet;

use crate::tf::{Object, Tree};

/// The most characters of a value that a diagnostic shows as they are.
const LINE: usize = 200;

/// The first line of some text, as much of it as belongs into a sentence.
pub fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.lines().next().unwrap_or_default();
    let head: String = line.chars().take(MOST).collect();
    if head.len() < text.len() { format!("{head}…") } else { head }
}

/// What the author of a template wrote for people to read: one line of it, which ends at a word where it would be too long.
pub fn worded(text: &str) -> String {
    const MOST: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(MOST) else { return line };
    let word = line[..end].rfind(' ').unwrap_or(end);
    format!("{}…", &line[..word])
}

/// Somebody's words as a sentence.
pub fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ')', '…']) { text.into() } else { format!("{text}.") }
}

/// Values that were sent in one call and are more than a line: of none of them a message shows more.
#[derive(Clone, Debug, Default)]
pub struct Long(BTreeSet<String>);

impl Long {
    /// This was sent.
    pub fn see(&mut self, value: &Tree) {
        each(value, &mut |text| {
            self.0.insert(text.into());
        });
    }

    /// An object that was sent.
    pub fn see_object(&mut self, object: &Object) {
        object.values().for_each(|value| self.see(value));
    }

    /// A text that was sent.
    pub fn see_text(&mut self, text: &str) {
        if is_long(text) {
            self.0.insert(text.into());
        }
    }

    /// They as a message has them once secrets are struck out, the longest first: one may be a part of another.
    pub(super) fn forms(&self, strike: impl Fn(&str) -> String) -> Vec<String> {
        let mut forms: Vec<_> = self.0.iter().map(|text| strike(text)).collect();
        forms.sort_by_key(|text| std::cmp::Reverse(text.len()));
        forms
    }
}

fn is_long(text: &str) -> bool {
    text.len() > LINE || text.contains(['\n', '\r'])
}

fn each(value: &Tree, long: &mut impl FnMut(&str)) {
    value.walk(&mut |inner| match inner {
        Tree::String(text) if is_long(text) => long(text),
        Tree::Map(entries) => entries.keys().filter(|key| is_long(key)).for_each(|key| long(key)),
        _ => {}
    });
}

/// A sentence with no more than a line of each of these, in whichever way it writes them.
pub(super) fn cut(text: String, long: &[String]) -> String {
    // Most are longer than any sentence.
    let fits = |value: &&String| value.trim().len() <= text.len();
    let long: Vec<_> = long.iter().filter(fits).collect();
    long.into_iter().fold(text, |text, value| {
        let quoted = format!("{value:?}");
        let forms = [value, &quoted[1..quoted.len() - 1], value.trim()];
        let forms = forms.into_iter().filter(|form| !form.is_empty());
        forms.fold(text, |text, form| text.replace(form, &shortened(value.trim_start())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_says_is_read_to_its_end() {
        let text = "To create flow logs, one of `CreateVPCFlowLogsToCloudWatch`\n  and `CreateVPCFlowLogsToS3` has to be Yes";
        assert_eq!(worded(text), text.replace("\n ", ""));
        let long = worded(&"words and ".repeat(100));
        assert!(long.len() < 305 && (long.ends_with("words…") || long.ends_with("and…")), "{long}");
        assert!(worded(&"é".repeat(400)).ends_with("é…"));
    }
}
