//! As much of a value as belongs into a sentence: a line of it.

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

/// What a person wrote that is more than a line.
pub(super) fn long(object: &Object) -> Vec<&str> {
    let mut long: Vec<&str> = vec![];
    for value in object.values() {
        value.walk(&mut |inner| match inner {
            Tree::String(text) => long.extend(is_long(text).then_some(text.as_str())),
            Tree::Map(entries) => {
                long.extend(entries.keys().map(String::as_str).filter(|key| is_long(key)))
            }
            _ => {}
        });
    }
    // One may be a part of another.
    long.sort_by_key(|text| std::cmp::Reverse(text.len()));
    long
}

fn is_long(text: &str) -> bool {
    text.len() > LINE || text.contains(['\n', '\r'])
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
