//! How text fits into the columns of a terminal: a line that is too long goes on below, and no word of it is broken.

use std::io::{IsTerminal, stderr, stdout};

use console::Term;

/// Columns of the terminal that standard output is, asked anew each time: a person may change it. `None`: it is no terminal.
pub fn of_output() -> Option<usize> {
    stdout().is_terminal().then(|| usize::from(Term::stdout().size().1))
}

/// The same of standard error.
pub fn of_errors() -> Option<usize> {
    stderr().is_terminal().then(|| usize::from(Term::stderr().size().1))
}

/// The text with lines that fit. What goes on below stands where its text began: in its column, behind its dash, as far in as its line.
/// A word or a command in backticks that is longer than a line stays whole: it is there to be copied.
pub fn laid(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.into() };
    let line = |line: &str| broken(line, width, begin(line, width)).join("\n");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// One line among many, of which each begins further out than it goes on.
pub fn entry(line: &str, width: usize) -> Vec<String> {
    broken(line, width, lead(line) + 2)
}

/// The same, and nothing of it is wider: a word that is too long is broken after all.
pub fn fitted(line: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let parts = entry(line, width).into_iter().flat_map(|line| {
        let letters: Vec<char> = line.chars().collect();
        letters.chunks(width).map(|part| part.iter().collect()).collect::<Vec<String>>()
    });
    parts.collect()
}

fn broken(line: &str, width: usize, below: usize) -> Vec<String> {
    if columns(line) <= width {
        return vec![line.into()];
    }
    let (mut lines, mut now) = (vec![], " ".repeat(shallow(lead(line), width)));
    for (nth, piece) in pieces(line).into_iter().enumerate() {
        let word = piece.trim_start();
        let with = if nth == 0 { word } else { piece };
        if nth > 0 && columns(&now) + columns(with) > width {
            lines.push(std::mem::replace(&mut now, " ".repeat(shallow(below, width))));
            now.push_str(word);
        } else {
            now.push_str(with);
        }
    }
    lines.push(now);
    lines
}

/// Words, each with the blanks before it; what stands in backticks is one.
fn pieces(line: &str) -> Vec<&str> {
    let paired = line.matches('`').count().is_multiple_of(2);
    let (mut pieces, mut from, mut within, mut begun) = (vec![], 0, false, false);
    for (at, letter) in line.char_indices() {
        within ^= paired && letter == '`';
        if within || !letter.is_whitespace() {
            begun = true;
        } else if std::mem::take(&mut begun) {
            pieces.push(&line[from..at]);
            from = at;
        }
    }
    pieces.extend(Some(&line[from..]).filter(|_| begun));
    pieces
}

/// Where the text of a line begins: its last column in the left half, behind a dash, or its first letter.
fn begin(line: &str, width: usize) -> usize {
    let (lead, mut last) = (lead(line), None);
    let letters: Vec<char> = line.chars().collect();
    for at in lead + 2..=(width / 2).min(letters.len().saturating_sub(1)) {
        if letters[at] != ' ' && letters[at - 1] == ' ' && letters[at - 2] == ' ' {
            last = Some(at);
        }
    }
    let dash = if line.trim_start().starts_with("- ") { 2 } else { 0 };
    last.unwrap_or(lead + dash)
}

/// Blanks before the first letter.
fn lead(line: &str) -> usize {
    columns(line) - columns(line.trim_start())
}

/// No column that leaves less than half of a line.
fn shallow(column: usize, width: usize) -> usize {
    if column > width / 2 { width / 4 } else { column }
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "Look at the stopped tasks in the ECS console and at their logs: usual are an image that cannot be pulled and a wrong secret.";

    /// Every line fits, and the words are the same in the same order.
    fn whole(text: &str, width: usize) -> String {
        let laid = laid(text, Some(width));
        assert!(laid.lines().all(|line| columns(line) <= width), "{width}:\n{laid}");
        assert!(laid.split_whitespace().eq(text.split_whitespace()), "{width}:\n{laid}");
        laid
    }

    #[test]
    fn sentences_are_broken_at_words() {
        for width in [20, 40, 80, 200] {
            whole(SENTENCE, width);
            whole(&format!("- {SENTENCE}\n\n    {SENTENCE}\n"), width);
        }
        assert_eq!(whole(SENTENCE, 200), SENTENCE);
        assert!(whole(SENTENCE, 40).starts_with("Look at the stopped tasks in the ECS\nconsole"));
        assert_eq!(laid(SENTENCE, None), SENTENCE);
    }

    #[test]
    fn what_goes_on_stands_below_its_beginning() {
        let row = format!("FAIL      stack_name          {SENTENCE}");
        let wide = whole(&row, 80);
        assert!(wide.lines().skip(1).all(|line| lead(line) == 30), "{wide}");
        let narrow = whole(&row, 40);
        assert!(narrow.starts_with("FAIL      stack_name          Look at\n"), "{narrow}");
        assert!(narrow.lines().skip(1).all(|line| lead(line) == 10), "{narrow}");
        assert!(whole(&format!("- {SENTENCE}"), 40).lines().skip(1).all(|line| lead(line) == 2));
        assert!(entry(SENTENCE, 40)[1..].iter().all(|line| lead(line) == 2));
    }

    #[test]
    fn what_is_copied_stays_whole() {
        let arn = "arn:aws:cloudformation:us-east-1:123456789012:stack/prod/1f2e";
        assert_eq!(laid(&format!("Events: {arn}"), Some(40)), format!("Events:\n{arn}"));
        let told =
            laid("Make it once (`aws iam create-role --name es`), and apply again.", Some(40));
        assert_eq!(told, "Make it once\n(`aws iam create-role --name es`), and\napply again.");
        assert_eq!(laid("don`t break this one", Some(10)), "don`t\nbreak this\none");
    }

    #[test]
    fn a_block_is_never_wider() {
        for width in 1..50 {
            let lines = fitted(
                "  CREATE_IN_PROGRESS Balancer (AWS::ElasticLoadBalancingV2::TargetGroup) 5 min",
                width,
            );
            assert!(lines.iter().all(|line| columns(line) <= width), "{width}: {lines:#?}");
        }
    }
}
