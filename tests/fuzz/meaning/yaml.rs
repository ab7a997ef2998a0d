//! Templates in YAML, in any layout: blocks and brackets, every way to quote, short tags and long names, comments, and numbers as YAML 1.1 writes them.

use super::json::quoted;
use super::pen::Pen;
use super::{Value, parts};

/// Writes a template.
pub fn yaml(value: &Value, choices: &[u8]) -> String {
    let mut pen = Pen::new(choices);
    let head =
        pen.pick(&["", "", "# a comment\n", "---\n", "\u{feff}", "%YAML 1.1\n---\n", "\n\n"]);
    let end = pen.pick(&["", "", "# the end\n", "...\n", "\n\n"]);
    let body =
        if pen.sometimes(8) { flow(value, 0, &mut pen) + "\n" } else { block(value, 0, &mut pen) };
    let text = format!("{head}{body}{end}");
    if pen.sometimes(5) { text.replace('\n', "\r\n") } else { text }
}

/// The lines of a mapping or list that is not empty, from this column on.
fn block(value: &Value, column: usize, pen: &mut Pen<'_>) -> String {
    let margin = " ".repeat(column);
    let mut lines = String::new();
    match value {
        Value::List(items) => {
            for item in items {
                lines += &between(lines.is_empty(), &margin, pen);
                lines += &format!("{margin}-{}", item_after_dash(item, column, pen));
            }
        }
        Value::Map(entries) => {
            for (key, value) in pen.shuffled(entries.iter()) {
                lines += &between(lines.is_empty(), &margin, pen);
                let key = flat(key, &margin, &Place::KEY, pen);
                lines += &match pen.sometimes(12) {
                    true => format!("{margin}? {key}\n{margin}:{}", after(value, column, 1, pen)),
                    false => format!("{margin}{key}:{}", after(value, column, 0, pen)),
                };
            }
        }
        Value::Call(function, given) => {
            lines += &format!(
                "{margin}{function}:{}",
                after(&apart(function, given, pen), column, 0, pen)
            )
        }
        plain => lines += &format!("{margin}{}\n", flow(plain, column, pen)),
    }
    lines
}

/// What may stand between two entries.
fn between(first: bool, margin: &str, pen: &mut Pen<'_>) -> String {
    match pen.choose(12) {
        _ if first => String::new(),
        10 => "\n".into(),
        11 => format!("{margin}# a: comment\n"),
        _ => String::new(),
    }
}

/// An item of a list; a mapping may begin behind the dash.
fn item_after_dash(item: &Value, column: usize, pen: &mut Pen<'_>) -> String {
    let opens = matches!(item, Value::Map(entries) if !entries.is_empty())
        || matches!(item, Value::List(items) if !items.is_empty());
    if opens && pen.sometimes(2) {
        let inside = block(item, column + 2, pen);
        return format!(" {}", inside.trim_start_matches(' '));
    }
    after(item, column, 1, pen)
}

/// What follows a key or a dash, to the end of its lines. A block is set in by `least` at least.
fn after(value: &Value, column: usize, least: usize, pen: &mut Pen<'_>) -> String {
    let deeper = column + 1 + pen.choose(4);
    match value {
        Value::Null if pen.sometimes(2) => "\n".into(),
        Value::Text(text) if !text.is_empty() && pen.sometimes(3) && fits_block(text) => {
            literal(text, deeper, pen)
        }
        Value::List(items) if !items.is_empty() && !pen.sometimes(4) => {
            // A list may stand at its key's column, a mapping not.
            let beside = least == 0 && pen.sometimes(2);
            format!("\n{}", block(value, if beside { column } else { deeper }, pen))
        }
        Value::Map(entries) if !entries.is_empty() && !pen.sometimes(4) => {
            format!("\n{}", block(value, deeper, pen))
        }
        Value::Call(function, given) if pen.sometimes(2) && takes_tag(given) => {
            format!(
                " {}{}",
                tag(function),
                given_after_tag(&apart(function, given, pen), column, pen)
            )
        }
        Value::Call(..) if !pen.sometimes(4) => format!("\n{}", block(value, deeper, pen)),
        value => format!("{}{}\n", pen.pick(&[" ", " ", "  ", "\t"]), flow(value, column, pen)),
    }
}

fn given_after_tag(given: &Value, column: usize, pen: &mut Pen<'_>) -> String {
    match given {
        Value::Text(text) => {
            format!(" {}\n", flat(text, &" ".repeat(column + 1), &Place::TAGGED, pen))
        }
        given => after(given, column, 1, pen),
    }
}

/// A short tag makes text of any scalar, and no value has two.
fn takes_tag(given: &Value) -> bool {
    matches!(given, Value::Text(_) | Value::List(_) | Value::Map(_))
}

fn tag(function: &str) -> String {
    format!("!{}", function.strip_prefix("Fn::").unwrap_or(function))
}

fn apart(function: &str, given: &Value, pen: &mut Pen<'_>) -> Value {
    parts(function, given).filter(|_| pen.sometimes(2)).unwrap_or_else(|| given.clone())
}

/// A value in one line, or between brackets in several.
fn flow(value: &Value, column: usize, pen: &mut Pen<'_>) -> String {
    let margin = " ".repeat(column + 1);
    match value {
        Value::Null => pen.pick(&["~", "null", "Null", "NULL"]).into(),
        Value::Truth(true) => pen.pick(&["true", "yes", "On", "TRUE", "Yes", "on"]).into(),
        Value::Truth(false) => pen.pick(&["false", "no", "Off", "FALSE", "No", "off"]).into(),
        Value::Number(number) => numeral(*number, pen),
        Value::Text(text) => flat(text, &margin, &Place::VALUE, pen),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, column, pen)).collect();
            enclosed('[', items, ']', &margin, pen)
        }
        Value::Map(entries) => {
            let entries = pen.shuffled(entries.iter());
            let entries: Vec<_> =
                entries.into_iter().map(|(key, value)| entry(key, value, column, pen)).collect();
            enclosed('{', entries, '}', &margin, pen)
        }
        Value::Call(function, given) if takes_tag(given) && pen.sometimes(2) => {
            let given = match apart(function, given, pen) {
                Value::Text(text) => flat(&text, &margin, &Place::TAGGED, pen),
                given => flow(&given, column, pen),
            };
            format!("{} {given}", tag(function))
        }
        Value::Call(function, given) => {
            let entry = entry(function, &apart(function, given, pen), column, pen);
            enclosed('{', vec![entry], '}', &margin, pen)
        }
    }
}

fn entry(key: &str, value: &Value, column: usize, pen: &mut Pen<'_>) -> String {
    format!("{}: {}", flat(key, "", &Place::KEY, pen), flow(value, column, pen))
}

fn enclosed(
    open: char,
    items: Vec<String>,
    close: char,
    margin: &str,
    pen: &mut Pen<'_>,
) -> String {
    let space = pen.pick(&["", " ", "\n"]).replace('\n', &format!("\n{margin}"));
    let last = if items.is_empty() { "" } else { pen.pick(&["", "", ","]) };
    format!(
        "{open}{space}{}{last}{space}{close}",
        items.join(&format!(",{}", if space.is_empty() { " " } else { &space }))
    )
}

/// Where a text stands.
struct Place {
    /// Behind a short tag anything is text.
    tagged: bool,
    /// A key stays in its line.
    folds: bool,
}

impl Place {
    const KEY: Self = Self { tagged: false, folds: false };
    const VALUE: Self = Self { tagged: false, folds: true };
    const TAGGED: Self = Self { tagged: true, folds: true };
}

/// A text, plain or between quotes; at one of its spaces it may go on in the next line.
fn flat(text: &str, margin: &str, place: &Place, pen: &mut Pen<'_>) -> String {
    let lone = text.chars().all(|c| !c.is_control());
    let written = match pen.choose(3) {
        0 if plain(text) || (place.tagged && SCALARS.contains(&text)) => return text.into(),
        1 if lone => format!("'{}'", text.replace('\'', "''")),
        _ => quoted(text, pen),
    };
    let bytes = written.as_bytes();
    let fold = (2..bytes.len().saturating_sub(2)).find(|at| {
        bytes[*at] == b' '
            && bytes[at - 1].is_ascii_lowercase()
            && bytes[at + 1].is_ascii_lowercase()
    });
    match fold {
        Some(at) if place.folds && pen.sometimes(3) => {
            format!("{}\n{margin}{}", &written[..at], &written[at + 1..])
        }
        _ => written,
    }
}

/// Scalars that YAML 1.1 types, and that a short tag makes text of.
const SCALARS: [&str; 14] = [
    "~", "null", "yes", "No", "on", "OFF", "true", "False", "0", "31", "010", "0x1F", "1_000",
    "1.5",
];

/// A text that needs no quotes: it begins with a letter, holds nothing that YAML knows, and is none of its words; or a date, which CloudFormation leaves as it is.
fn plain(text: &str) -> bool {
    let words = ["yes", "no", "on", "off", "true", "false", "null"];
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let simple = text.chars().all(|c| c.is_ascii_alphanumeric() || "/.- ".contains(c))
        && !text.ends_with(' ');
    text == "2012-10-17"
        || (begins && simple && !words.contains(&text.to_ascii_lowercase().as_str()))
}

/// Lines can hold it as it is.
fn fits_block(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !text.ends_with("\n\n")
        && !text.contains('\t')
}

/// A text in lines of its own; one line may be folded as well.
fn literal(text: &str, column: usize, pen: &mut Pen<'_>) -> String {
    let (body, chomp) = text.strip_suffix('\n').map_or((text, "-"), |body| (body, ""));
    let folds = body.split('\n').all(|line| line.starts_with(|c: char| c.is_alphanumeric()));
    let sign = if folds { pen.pick(&["|", ">"]) } else { "|" };
    let margin = " ".repeat(column);
    // Folded lines are one; an empty one between them keeps them apart.
    let apart = if sign == ">" { "\n\n" } else { "\n" };
    let lines: Vec<_> = body.split('\n').map(|line| format!("{margin}{line}")).collect();
    let lines = lines.join(apart) + "\n";
    format!(" {sign}{chomp}{}\n{lines}", pen.pick(&["", "", " # a comment"]))
}

/// An integer as YAML 1.1 may write it.
fn numeral(number: i64, pen: &mut Pen<'_>) -> String {
    let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
    match pen.choose(7) {
        1 => format!("{sign}0x{size:X}"),
        2 => format!("{sign}0b{size:b}"),
        3 if size > 0 => format!("{sign}0{size:o}"),
        4 if number >= 0 => format!("+{size}"),
        5 if size >= 1_000 => format!("{sign}{}_{:03}", size / 1_000, size % 1_000),
        6 if size >= 60 => format!("{sign}{}:{:02}", size / 60, size % 60),
        _ => number.to_string(),
    }
}
