//! Lines of a log as they may be told: few, short, and without what is secret.

use serde::Serialize;

use crate::aws::logs::Line;
use crate::outcome::Veil;

/// Lines that are told at most.
pub(super) const MOST: usize = 15;
/// Letters of a line that are told at most.
const WIDTH: usize = 300;

/// Lines of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Excerpt {
    /// The log group.
    pub group: String,
    /// The stream; none where lines of several were read.
    pub stream: Option<String>,
    /// The lines, oldest first.
    pub lines: Vec<String>,
}

impl Excerpt {
    /// The last of these lines; `None`: they say nothing.
    pub(super) fn of(
        veil: &Veil,
        group: &str,
        stream: Option<&str>,
        lines: &[Line],
    ) -> Option<Self> {
        let told = lines.iter().flat_map(|line| {
            let text = veil.strike(&line.message);
            text.lines().map(short).filter(|line| !line.is_empty()).collect::<Vec<_>>()
        });
        let told: Vec<_> = told.collect();
        let lines = told[told.len().saturating_sub(MOST)..].to_vec();
        let (group, stream) = (group.into(), stream.map(Into::into));
        (!lines.is_empty()).then_some(Self { group, stream, lines })
    }
}

/// A line without colours, and no longer than is read.
fn short(line: &str) -> String {
    let mut told = String::new();
    let mut letters = line.trim_end().chars();
    while let Some(letter) = letters.next() {
        match letter {
            // A colour is an escape, a bracket, numbers and a letter.
            '\u{1b}' => drop(letters.find(char::is_ascii_alphabetic)),
            '\t' => told.push(' '),
            letter if letter.is_control() => {}
            letter => told.push(letter),
        }
    }
    let head: String = told.chars().take(WIDTH).collect();
    if head.len() < told.len() { format!("{head}…") } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_few_short_and_without_secrets() {
        let veil = Veil::default();
        veil.learn("hunter2hunter2");
        let line = |message: String| Line { timestamp: 0, message };
        let mut lines: Vec<_> = (0..20).map(|n| line(format!("line {n}\n"))).collect();
        lines.push(line("\u{1b}[31mpassword=hunter2hunter2\u{1b}[0m\r\n\n".into()));
        lines.push(line("x".repeat(400)));
        let told = Excerpt::of(&veil, "prod", None, &lines).unwrap().lines;
        assert_eq!((told.len(), told[0].as_str()), (15, "line 7"));
        assert_eq!(told[13], "password=***");
        assert_eq!(told[14].chars().count(), 301);
        assert_eq!(Excerpt::of(&veil, "prod", None, &[line("\n".into())]), None);
    }
}
